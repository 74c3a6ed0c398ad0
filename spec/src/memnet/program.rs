//! The integers that are loaded into a device: a network's codes and shifts, padded to a geometry.

use crate::format;
use crate::machine::Load;
use crate::memnet::datapath::{Datapath, Weights};
use crate::memnet::geometry::{Geometry, Region};
use crate::memnet::similarity::Addressing;
use crate::memnet::table;
use crate::memnet::tying::{MEMORIES_MAX, Tying};

/// The largest shift a device can do.
pub const SHIFT_MAX: u8 = 15;
/// The largest shift of o to the left: the multiplier's operand 2^align is a positive 16-bit number.
pub const ALIGN_MAX: u8 = 14;
/// The fraction bits of the position weights, Q1.6.
pub const POSITION_FRACTION: u32 = 6;
/// The position weight of a bag of words: 1.0 in Q1.6.
pub const POSITION_ONE: i8 = 1 << POSITION_FRACTION;
/// The most hops.
pub const HOPS_MAX: u8 = 15;

/// The numbers of a network that are not tensors. Every shift is to the right, nearest-even, but `align`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Settings {
    /// Hops K, 1..=15, with adjacent tying 1..=4.
    pub hops: u8,
    /// Words of the vocabulary, 1..=V.
    pub words: u8,
    /// Words that may be the answer, 1..=`words`: those with the lowest numbers.
    pub answers: u8,
    /// From sum position A (or E_0) to its memory: 6 + f(A) - f(m).
    pub memory_a: u8,
    /// From sum position C (or E_1 to E_K) to its memory: 6 + f(C) - f(c).
    pub memory_c: u8,
    /// From sum position B (or E_0) to u_0: 6 + f(B) - f(u).
    pub question: u8,
    /// From the similarity sum to a score code: -kappa for bounded addressing, f(u) + f(m) - 7 for `dot`.
    pub score: u8,
    /// The score in the middle of the range that a score code has, in units of 2^-3 ([`table::score`]).
    pub centre: u8,
    /// Elements that only pad the network and of which every similarity is 127: 127 times their number is taken from each sum.
    pub padding: u8,
    /// Of o to the left before it is added to H u: f(H) + f(u) - f(c).
    pub align: u8,
    /// From H u + o 2^align to u: f(H).
    pub controller: u8,
    /// 1 where the formats are graded over the hops ([`Settings::grade`]), else 0. Bounded addressing only.
    pub graded: u8,
    /// 1 with adjacent tying, else 0 ([`Settings::tying`]). Only where weights are codes and formats are not graded.
    pub adjacent: u8,
    /// Slots M of the network: the last so many sentences of a story are remembered. At most [`Geometry::ring`].
    pub slots: u8,
}

impl Settings {
    /// Bytes of a settings frame's payload.
    pub const BYTES: usize = 14;

    /// The payload of a settings frame: the fields in their order, a byte each.
    pub const fn to_bytes(self) -> [u8; Self::BYTES] {
        let s = self;
        [
            s.hops,
            s.words,
            s.answers,
            s.memory_a,
            s.memory_c,
            s.question,
            s.score,
            s.centre,
            s.padding,
            s.align,
            s.controller,
            s.graded,
            s.adjacent,
            s.slots,
        ]
    }

    /// The settings of a frame's payload.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Settings {
        Settings {
            hops: bytes[0],
            words: bytes[1],
            answers: bytes[2],
            memory_a: bytes[3],
            memory_c: bytes[4],
            question: bytes[5],
            score: bytes[6],
            centre: bytes[7],
            padding: bytes[8],
            align: bytes[9],
            controller: bytes[10],
            graded: bytes[11],
            adjacent: bytes[12],
            slots: bytes[13],
        }
    }

    /// The tensors that hops share.
    pub const fn tying(&self) -> Tying {
        if self.adjacent == 0 { Tying::LayerWise } else { Tying::Adjacent }
    }

    /// The number of memories.
    pub const fn memories(&self) -> usize {
        self.tying().memories(self.hops as usize)
    }

    /// The shift from a sentence's sum to the code of a memory.
    pub const fn memory_shift(&self, memory: usize) -> u32 {
        if memory == 0 { self.memory_a as u32 } else { self.memory_c as u32 }
    }

    /// d_k: how many fraction bits more than its format says the state u_k has, and with it the addressing of hop k. Where
    /// the formats are graded, the first hop's has one integer bit more, the last hop's one fraction bit more, and u_K,
    /// of which the answer is made, is as it is without (Q-MANN's control of the memory controller's quantisation).
    pub const fn grade(&self, hop: u8) -> i32 {
        match (self.graded, self.hops) {
            (0, _) | (_, 0 | 1) => 0,
            _ if hop == 0 => -1,
            (_, hops) if hop + 1 == hops => 1,
            _ => 0,
        }
    }

    /// The shift from the question's sum to u_0.
    pub const fn question_shift(&self) -> u32 {
        self.question.saturating_add_signed(-self.grade(0) as i8) as u32
    }

    /// The shift of o to the left in hop k.
    pub const fn align_shift(&self, hop: u8) -> u32 {
        self.align.saturating_add_signed(self.grade(hop) as i8) as u32
    }

    /// The shift from hop k's sum to u_(k+1).
    pub const fn controller_shift(&self, hop: u8) -> u32 {
        self.controller.saturating_add_signed((self.grade(hop) - self.grade(hop + 1)) as i8) as u32
    }

    /// The rows of a region that a device with these settings takes: none of an embedding or of age words that the network
    /// does not have.
    pub const fn rows(&self, geometry: &Geometry, region: Region) -> usize {
        let (memories, tying) = (self.memories(), self.tying());
        match (region, tying) {
            (Region::Embedding(number), Tying::LayerWise) if number as usize > tying.answer(self.hops as usize) => 0,
            (Region::Embedding(number), Tying::Adjacent) if number as usize >= memories => 0,
            (Region::Age(memory), _) if memory as usize >= memories => 0,
            (Region::Age(_), _) => geometry.ring(memories),
            (Region::H, Tying::Adjacent) => 1,
            _ => geometry.rows(region),
        }
    }

    /// Checks that a device of this geometry and datapath takes the settings; the error names the first that it refuses.
    pub fn check(&self, geometry: &Geometry, datapath: Datapath) -> Result<(), ProgramError> {
        let limits = self.limits(geometry, datapath).into_iter().zip(self.to_bytes());
        let mut refused = limits.filter(|&((_, least, most), found)| found < least || found > most);
        match refused.next() {
            Some(((setting, least, most), found)) => Err(ProgramError::Setting { setting, found, least, most }),
            None => Ok(()),
        }
    }

    /// The names of the settings in their order, each with the least and the most that a device takes. Graded formats move some shifts by one, or
    /// where there are two hops by two, so that less is left for these.
    fn limits(&self, geometry: &Geometry, datapath: Datapath) -> [(&'static str, u8, u8); Self::BYTES] {
        let room = self.graded.min(1);
        [
            ("hops", 1, self.tying().most_hops()),
            ("words", 1, geometry.words as u8),
            ("answers", 1, self.words),
            ("memory_a", 0, SHIFT_MAX),
            ("memory_c", 0, SHIFT_MAX),
            ("question", 0, SHIFT_MAX - room),
            ("score", 0, SHIFT_MAX),
            ("centre", 0, u8::MAX),
            ("padding", 0, geometry.elements as u8 - 1),
            ("align", room, ALIGN_MAX - room),
            ("controller", 2 * room, SHIFT_MAX - room),
            ("graded", 0, if datapath.addressing == Addressing::Dot { 0 } else { 1 }),
            ("adjacent", 0, if datapath.weights == Weights::Codes { 1 - room } else { 0 }),
            ("slots", 1, geometry.ring(self.memories()) as u8),
        ]
    }
}

/// A quantised memory network as it is loaded into a device of one geometry.
///
/// Tensors are row-major codes, padded with zeros to the rows of [`Geometry::rows`]. Those that the tying has no use for are of
/// no account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The geometry it is padded to.
    pub geometry: Geometry,
    /// The datapath it is made for.
    pub datapath: Datapath,
    /// Hops, words, shifts, grading and tying.
    pub settings: Settings,
    /// Embeddings, V x E each: A, B, C and W, or with adjacent tying E_0 to E_K.
    pub embeddings: [Vec<i8>; MEMORIES_MAX],
    /// The controller, E x E with h\[e\]\[k\] at e E + k; with adjacent tying its diagonal counts alone.
    pub h: Vec<i8>,
    /// Position weights, positions x E, Q1.6.
    pub position: Vec<i8>,
    /// Age words, slots x E for each memory, in the memory's format; row 0 is the newest. T_A and T_C, or T_0 to T_K.
    pub ages: [Vec<i8>; MEMORIES_MAX],
}

/// A program that no device can run.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ProgramError {
    /// A tensor's length is not that of the geometry.
    #[error("tensor {tensor} has {found} codes, expected {expected} for geometry {geometry}")]
    Length {
        /// The tensor's name.
        tensor: &'static str,
        /// Codes found.
        found: usize,
        /// Codes of the geometry.
        expected: usize,
        /// The geometry's name.
        geometry: &'static str,
    },
    /// A code that the tensor cannot have: -128, which symmetric saturation excludes, or more than a sign where the weights
    /// are signs.
    #[error("tensor {tensor} holds the code {found} at {index}, expected codes from -{most} to {most}")]
    Code {
        /// The tensor's name.
        tensor: &'static str,
        /// The value's place in the tensor.
        index: usize,
        /// The code.
        found: i8,
        /// The largest magnitude that the tensor's codes may have.
        most: i8,
    },
    /// A setting out of its range.
    #[error("setting {setting} is {found}, expected {least} to {most}")]
    Setting {
        /// The setting's name.
        setting: &'static str,
        /// The value that was found.
        found: u8,
        /// The least allowed.
        least: u8,
        /// The most allowed.
        most: u8,
    },
}

impl Program {
    /// A program of zeros, with bag-of-words position weights.
    pub fn zeroed(geometry: Geometry, datapath: impl Into<Datapath>, settings: Settings) -> Program {
        let rows = |region| vec![0; geometry.rows(region) * geometry.elements];
        Program {
            geometry,
            datapath: datapath.into(),
            settings,
            embeddings: std::array::from_fn(|_| rows(Region::A)),
            h: rows(Region::H),
            position: vec![POSITION_ONE; geometry.positions * geometry.elements],
            ages: std::array::from_fn(|_| rows(Region::AGE_A)),
        }
    }

    /// Checks lengths, codes and settings; a program that passes can be loaded into a device of its geometry and datapath.
    pub fn validate(&self) -> Result<(), ProgramError> {
        for region in Region::ALL {
            let (tensor, codes) = self.tensor(region);
            let expected = self.geometry.rows(region) * self.geometry.elements;
            if codes.len() != expected {
                let geometry = self.geometry.name;
                return Err(ProgramError::Length { tensor, found: codes.len(), expected, geometry });
            }
            let most = self.datapath.weights.largest(region);
            if let Some(index) = codes.iter().position(|&code| code < -most || code > most) {
                return Err(ProgramError::Code { tensor, index, found: codes[index], most });
            }
        }
        self.settings.check(&self.geometry, self.datapath)
    }

    /// The tensor of a region with its name, as stored here (so H is not transposed).
    pub fn tensor(&self, region: Region) -> (&'static str, &[i8]) {
        let name = |layer_wise: &[&'static str], adjacent: [&'static str; MEMORIES_MAX], number: u8| {
            let number = usize::from(number);
            match self.settings.tying() {
                Tying::LayerWise => layer_wise.get(number).copied().unwrap_or(adjacent[number]),
                Tying::Adjacent => adjacent[number],
            }
        };
        match region {
            Region::Embedding(number) => {
                let name = name(&["A", "B", "C", "W"], ["E_0", "E_1", "E_2", "E_3", "E_4"], number);
                (name, &self.embeddings[usize::from(number)])
            }
            Region::H => ("H", &self.h),
            Region::Position => ("position", &self.position),
            Region::Age(memory) => {
                let name = name(&["T_A", "T_C"], ["T_0", "T_1", "T_2", "T_3", "T_4"], memory);
                (name, &self.ages[usize::from(memory)])
            }
        }
    }

    /// The tensor of a region, to be changed.
    pub fn tensor_mut(&mut self, region: Region) -> &mut Vec<i8> {
        match region {
            Region::Embedding(number) => &mut self.embeddings[usize::from(number)],
            Region::H => &mut self.h,
            Region::Position => &mut self.position,
            Region::Age(memory) => &mut self.ages[usize::from(memory)],
        }
    }

    /// A row of a region as the device holds it: E codes; a row of H is a column of `h`, or with adjacent tying its diagonal.
    pub fn row(&self, region: Region, row: usize) -> Vec<i8> {
        let elements = self.geometry.elements;
        match (region, self.settings.tying()) {
            (Region::H, Tying::LayerWise) => (0..elements).map(|e| self.h[e * elements + row]).collect(),
            (Region::H, Tying::Adjacent) => (0..elements).map(|e| self.h[e * elements + e]).collect(),
            _ => self.tensor(region).1[row * elements..][..elements].to_vec(),
        }
    }

    /// Every row that must be loaded, in order. Words beyond the vocabulary and ages beyond the network's slots have no row
    /// here, nor have words that are no answer where only answers are weighed: the device never reads theirs.
    pub fn used_rows(&self) -> impl Iterator<Item = (Region, usize)> + '_ {
        let settings = self.settings;
        Region::ALL.into_iter().flat_map(move |region| {
            let rows = settings.rows(&self.geometry, region);
            let used = match region {
                Region::W if settings.tying() == Tying::LayerWise => usize::from(settings.answers),
                Region::Embedding(_) => rows.min(settings.words.into()),
                Region::Age(_) => rows.min(settings.slots.into()),
                Region::H | Region::Position => rows,
            };
            (0..used).map(move |row| (region, row))
        })
    }

    /// The clock cycles from the last byte of a question to its answer, for a question of so many words about so many
    /// sentences in the memory. Every question of this shape takes as many; the hardware reports the same number.
    pub fn answer_cycles(&self, words: usize, sentences: usize) -> u32 {
        let Settings { hops, answers, .. } = self.settings;
        let folds = self.geometry.folds();
        // With adjacent tying no element of u is broadcast.
        let broadcast = if self.settings.tying() == Tying::LayerWise { self.geometry.elements } else { 0 };
        let shift = |shift: u32| shift.max(1) as usize;
        // The frame's head, and each word looked at before anything is done.
        let check = 10 + words;
        let embed = folds * (2 * words + 5 + shift(self.settings.question_shift()));
        let address = sentences * folds + 15 + (folds - 1) * (sentences + 5);
        let control = |hop| folds * (broadcast + 26 + shift(self.settings.controller_shift(hop)));
        let answer = usize::from(answers) * folds + 10;
        let passes: usize = (0..hops).map(|hop| address + control(hop)).sum();
        (check + embed + passes + answer) as u32
    }

    /// The clock cycles in which a sentence of so many words is taken in: it is embedded for each memory.
    pub fn sentence_cycles(&self, words: usize) -> u32 {
        let Settings { hops, memory_a, memory_c, .. } = self.settings;
        let memories = if self.settings.tying() == Tying::Adjacent { usize::from(hops) + 1 } else { 2 };
        let shift = |memory: usize| usize::from([memory_a, memory_c][memory % 2]).max(1);
        let embed = |memory| self.geometry.folds() * (2 * words + 5 + shift(memory));
        (0..memories).map(embed).sum::<usize>() as u32
    }

    /// The hash of the loaded program, [`Load::hash`].
    pub fn hash(&self) -> u32 {
        Load::hash(self)
    }
}

/// Whether every exact sum of any program of this geometry fits the widths of the hardware's accumulators.
pub fn accumulators_suffice(geometry: &Geometry) -> bool {
    let code = i64::from(format::CODE_MAX);
    let dot = geometry.elements as i64 * code * code + (code << ALIGN_MAX);
    let embedding = geometry.positions as i64 * code * code;
    let read = (geometry.slots as i64 * code * i64::from(table::EXPONENTIAL_MAX)) << table::READ_GUARD;
    dot < 1 << 23 && embedding < 1 << 23 && read < 1 << 33
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memnet::geometry::{PRESETS, TINY};

    fn settings() -> Settings {
        Settings {
            hops: 3,
            words: 5,
            answers: 4,
            memory_a: 6,
            memory_c: 6,
            question: 6,
            score: 3,
            centre: 12,
            padding: 2,
            align: 5,
            controller: 5,
            graded: 0,
            adjacent: 0,
            slots: 6,
        }
    }

    #[test]
    fn the_accumulators_of_every_preset_suffice() {
        assert!(PRESETS.iter().all(accumulators_suffice));
    }

    #[test]
    fn settings_survive_their_bytes() {
        let settings = Settings { graded: 1, ..settings() };
        assert_eq!(Settings::from_bytes(settings.to_bytes()), settings);
    }

    #[test]
    fn what_no_device_can_run_is_refused() {
        let good = Program::zeroed(TINY, Addressing::Hamming, settings());
        assert_eq!(good.validate(), Ok(()));
        let mut bad = good.clone();
        bad.embeddings[3].pop();
        assert!(matches!(bad.validate(), Err(ProgramError::Length { tensor: "W", .. })));
        let mut bad = good.clone();
        bad.h[3] = -128;
        assert_eq!(bad.validate(), Err(ProgramError::Code { tensor: "H", index: 3, found: -128, most: 127 }));
        let mut bad = good.clone();
        bad.settings.words = 25;
        assert!(matches!(bad.validate(), Err(ProgramError::Setting { setting: "words", .. })));
        let mut bad = good.clone();
        bad.settings.hops = 0;
        assert!(matches!(bad.validate(), Err(ProgramError::Setting { setting: "hops", .. })));
        for (slots, taken) in [(0, false), (1, true), (TINY.slots as u8, true), (TINY.slots as u8 + 1, false)] {
            let settings = Settings { slots, ..good.settings };
            let expected = ProgramError::Setting { setting: "slots", found: slots, least: 1, most: TINY.slots as u8 };
            let program = Program { settings, ..good.clone() };
            assert_eq!(program.validate(), if taken { Ok(()) } else { Err(expected) });
        }
    }

    #[test]
    fn a_program_of_signs_holds_no_other_weights() {
        let signs = Datapath { weights: Weights::Signs, ..Datapath::default() };
        let mut program = Program::zeroed(TINY, signs, settings());
        for region in [Region::A, Region::B, Region::C, Region::H] {
            program.tensor_mut(region)[..3].copy_from_slice(&[-1, 0, 1]);
        }
        program.embeddings[3][0] = -127;
        assert_eq!(program.validate(), Ok(()));
        program.embeddings[2][9] = 2;
        assert_eq!(program.validate(), Err(ProgramError::Code { tensor: "C", index: 9, found: 2, most: 1 }));
    }

    /// Codes of u_k mean as much in the formula of `docs/numerics.md` as in the shifts.
    #[test]
    fn grades_add_up() {
        for hops in 1..=HOPS_MAX {
            let plain = Settings { hops, ..settings() };
            let graded = Settings { graded: 1, ..plain };
            let grades: Vec<i32> = (0..=hops).map(|hop| graded.grade(hop)).collect();
            let expected = match hops {
                1 => vec![0, 0],
                _ => [&[-1], &vec![0; usize::from(hops) - 2][..], &[1, 0]].concat(),
            };
            assert_eq!(grades, expected);
            assert_eq!(graded.question_shift() as i32, plain.question_shift() as i32 - grades[0]);
            for hop in 0..hops {
                let [now, next] = [0, 1].map(|on| grades[usize::from(hop) + on]);
                assert_eq!(graded.align_shift(hop) as i32, i32::from(plain.align) + now);
                assert_eq!(graded.controller_shift(hop) as i32, i32::from(plain.controller) + now - next);
                assert_eq!((plain.align_shift(hop), plain.controller_shift(hop)), (5, 5));
            }
        }
    }

    #[test]
    fn what_may_be_graded_has_room_for_every_shift() {
        let with = |settings: Settings| Program::zeroed(TINY, Addressing::Xnor, settings).validate();
        let graded = Settings { graded: 1, ..settings() };
        assert_eq!(with(graded), Ok(()));
        assert!(Program::zeroed(TINY, Addressing::Dot, graded).validate().is_err());
        assert!(with(Settings { graded: 2, ..graded }).is_err());
        let shifts = (0..=SHIFT_MAX).flat_map(|x| (0..=SHIFT_MAX).map(move |y| (x, y)));
        for (hops, (align, controller)) in (1..=4).flat_map(|hops| shifts.clone().map(move |shifts| (hops, shifts))) {
            let settings = Settings { hops, align, controller, question: controller, ..graded };
            if with(settings).is_ok() {
                // No shift was cut off at 0, and none is more than a device can do.
                let [align, controller] = [align, controller].map(i32::from);
                assert!(settings.question_shift() as i32 == controller - settings.grade(0) && controller < 15);
                for hop in 0..hops {
                    let (grade, next) = (settings.grade(hop), settings.grade(hop + 1));
                    let found = (settings.align_shift(hop), settings.controller_shift(hop));
                    assert_eq!((found.0 as i32, found.1 as i32), (align + grade, controller + grade - next));
                    assert!(found.0 <= u32::from(ALIGN_MAX) && found.1 <= u32::from(SHIFT_MAX));
                }
            }
        }
    }

    #[test]
    fn rows_of_h_are_columns_and_the_hash_sees_every_code() {
        let mut program = Program::zeroed(TINY, Addressing::Hamming, settings());
        program.h = (0..64).collect();
        assert_eq!(program.row(Region::H, 2)[..3], [2, 10, 18]);
        assert_eq!(program.used_rows().count(), 3 * 5 + 4 + 8 + 8 + 6 + 6);
        let before = program.hash();
        program.ages[1][7] = 1;
        assert_ne!(program.hash(), before);
        program.ages[1][7] = 0;
        program.ages[1][6 * TINY.elements] = 1;
        assert_eq!(program.hash(), before, "an age that is never read");
        program.settings.slots = 7;
        assert_ne!(program.hash(), before);
    }

    /// K hops have K + 1 embeddings and memories, of H the diagonal, and where the memories need more room fewer slots.
    #[test]
    fn programs_of_adjacent_tying_have_their_rows() {
        let with = |hops, slots| {
            let settings = Settings { hops, slots, adjacent: 1, ..settings() };
            Program::zeroed(TINY, Addressing::Hamming, settings)
        };
        for (hops, slots) in [(1, 8), (2, 8), (3, 8), (4, 4)] {
            let mut program = with(hops, slots);
            assert_eq!(program.validate(), Ok(()));
            let memories = usize::from(hops) + 1;
            assert_eq!(program.used_rows().count(), memories * (5 + usize::from(slots)) + 1 + 8);
            program.h = (0..64).collect();
            assert_eq!(program.row(Region::H, 0), [0, 9, 18, 27, 36, 45, 54, 63]);
            let most = ProgramError::Setting { setting: "slots", found: slots + 1, least: 1, most: slots };
            assert_eq!(with(hops, slots + 1).validate(), Err(most));
        }
        let hops = ProgramError::Setting { setting: "hops", found: 5, least: 1, most: 4 };
        assert_eq!(with(5, 4).validate(), Err(hops));
        let signs = Datapath { weights: Weights::Signs, ..Datapath::default() };
        let refused = ProgramError::Setting { setting: "adjacent", found: 1, least: 0, most: 0 };
        assert_eq!(Program { datapath: signs, ..with(3, 8) }.validate(), Err(refused));
        let graded = Settings { hops: 3, adjacent: 1, graded: 1, ..settings() };
        let refused = ProgramError::Setting { setting: "adjacent", found: 1, least: 0, most: 0 };
        assert_eq!(Program::zeroed(TINY, Addressing::Hamming, graded).validate(), Err(refused));
    }

    #[test]
    fn answers_are_words() {
        let with =
            |answers| Program::zeroed(TINY, Addressing::Dot, Settings { answers, ..settings() }).validate().is_ok();
        assert_eq!([0, 1, 5, 6].map(with), [false, true, true, false]);
    }
}
