//! The integers that are loaded into a device: a network's codes and shifts, padded to a geometry.

use crate::format;
use crate::machine::Load;
use crate::memnet::datapath::Datapath;
use crate::memnet::geometry::{Geometry, Region};
use crate::memnet::similarity::Addressing;
use crate::memnet::table;

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
    /// Hops K, 1..=15.
    pub hops: u8,
    /// Words of the vocabulary, 1..=V; the answer is one of them.
    pub words: u8,
    /// From sum position A to m: 6 + f(A) - f(m).
    pub memory_a: u8,
    /// From sum position C to c: 6 + f(C) - f(c).
    pub memory_c: u8,
    /// From sum position B to u_0: 6 + f(B) - f(u).
    pub question: u8,
    /// From the similarity sum to a score code: -kappa for bounded addressing, f(u) + f(m) - 7 for `dot`.
    pub score: u8,
    /// The score in the middle of the range that a score code has, in units of 2^-3 ([`table::score`]).
    pub centre: u8,
    /// Of o to the left before it is added to H u: f(H) + f(u) - f(c).
    pub align: u8,
    /// From H u + o 2^align to u: f(H).
    pub controller: u8,
    /// 1 where the formats are graded over the hops ([`Settings::grade`]), else 0. Bounded addressing only.
    pub graded: u8,
    /// Slots M of the network, 1..=those of the geometry: the last so many sentences of a story are remembered.
    pub slots: u8,
}

impl Settings {
    /// Bytes of a settings frame's payload.
    pub const BYTES: usize = 11;

    /// The payload of a settings frame: the fields in their order, a byte each.
    pub const fn to_bytes(self) -> [u8; Self::BYTES] {
        let Settings { hops, words, memory_a, memory_c, question, score, centre, align, controller, graded, slots } =
            self;
        [hops, words, memory_a, memory_c, question, score, centre, align, controller, graded, slots]
    }

    /// The settings of a frame's payload.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Settings {
        let [hops, words, memory_a, memory_c, question, score, centre, align, controller, graded, slots] = bytes;
        Settings { hops, words, memory_a, memory_c, question, score, centre, align, controller, graded, slots }
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

    /// Checks that a device of this geometry and datapath takes the settings; the error names the first that it refuses.
    pub fn check(&self, geometry: &Geometry, datapath: Datapath) -> Result<(), ProgramError> {
        let limits = self.limits(geometry, datapath);
        match limits.into_iter().find(|&(_, found, least, most)| found < least || found > most) {
            Some((setting, found, least, most)) => Err(ProgramError::Setting { setting, found, least, most }),
            None => Ok(()),
        }
    }

    /// The settings that a device takes, each with its least and its most. Graded formats move some shifts by one, or
    /// where there are two hops by two, so that less is left for these.
    fn limits(&self, geometry: &Geometry, datapath: Datapath) -> [(&'static str, u8, u8, u8); 11] {
        let Settings { hops, words, memory_a, memory_c, question, score, centre, align, controller, graded, slots } =
            *self;
        let room = graded.min(1);
        [
            ("hops", hops, 1, HOPS_MAX),
            ("words", words, 1, geometry.words as u8),
            ("memory_a", memory_a, 0, SHIFT_MAX),
            ("memory_c", memory_c, 0, SHIFT_MAX),
            ("question", question, 0, SHIFT_MAX - room),
            ("score", score, 0, SHIFT_MAX),
            ("centre", centre, 0, u8::MAX),
            ("align", align, room, ALIGN_MAX - room),
            ("controller", controller, 2 * room, SHIFT_MAX - room),
            ("graded", graded, 0, if datapath.addressing == Addressing::Dot { 0 } else { 1 }),
            ("slots", slots, 1, geometry.slots as u8),
        ]
    }
}

/// A quantised memory network as it is loaded into a device of one geometry.
///
/// Tensors are row-major codes, padded with zeros: `a`, `b`, `c`, `w` are V x E, `h` is E x E with h\[e\]\[k\] at
/// e E + k, `position` is positions x E, `age_a` and `age_c` have a row for each slot of the geometry, of which those of the
/// network's are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The geometry it is padded to.
    pub geometry: Geometry,
    /// The datapath it is made for.
    pub datapath: Datapath,
    /// Hops, words, shifts and grading.
    pub settings: Settings,
    /// Words of sentences, for addressing.
    pub a: Vec<i8>,
    /// Words of questions.
    pub b: Vec<i8>,
    /// Words of sentences, for reading.
    pub c: Vec<i8>,
    /// The answer's weights.
    pub w: Vec<i8>,
    /// The controller.
    pub h: Vec<i8>,
    /// Position weights, Q1.6.
    pub position: Vec<i8>,
    /// Age words of addressing, in the format of m; row 0 is the newest.
    pub age_a: Vec<i8>,
    /// Age words of reading, in the format of c.
    pub age_c: Vec<i8>,
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
            a: rows(Region::A),
            b: rows(Region::B),
            c: rows(Region::C),
            w: rows(Region::W),
            h: rows(Region::H),
            position: vec![POSITION_ONE; geometry.positions * geometry.elements],
            age_a: rows(Region::AgeA),
            age_c: rows(Region::AgeC),
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
        match region {
            Region::A => ("A", &self.a),
            Region::B => ("B", &self.b),
            Region::C => ("C", &self.c),
            Region::W => ("W", &self.w),
            Region::H => ("H", &self.h),
            Region::Position => ("position", &self.position),
            Region::AgeA => ("T_A", &self.age_a),
            Region::AgeC => ("T_C", &self.age_c),
        }
    }

    /// A row of a region as the device holds it: E codes; a row of H is a column of `h`.
    pub fn row(&self, region: Region, row: usize) -> Vec<i8> {
        let elements = self.geometry.elements;
        match region {
            Region::H => (0..elements).map(|e| self.h[e * elements + row]).collect(),
            _ => self.tensor(region).1[row * elements..][..elements].to_vec(),
        }
    }

    /// Every row that must be loaded, in order. Words beyond the vocabulary and ages beyond the network's slots have no row
    /// here: the device never reads theirs.
    pub fn used_rows(&self) -> impl Iterator<Item = (Region, usize)> + '_ {
        Region::ALL.into_iter().flat_map(|region| {
            let used = match region {
                Region::A | Region::B | Region::C | Region::W => usize::from(self.settings.words),
                Region::AgeA | Region::AgeC => usize::from(self.settings.slots),
                Region::H | Region::Position => self.geometry.rows(region),
            };
            (0..used).map(move |row| (region, row))
        })
    }

    /// The clock cycles from the last byte of a question to its answer, for a question of so many words about so many
    /// sentences in the memory. Every question of this shape takes as many; the hardware reports the same number.
    pub fn answer_cycles(&self, words: usize, sentences: usize) -> u32 {
        let Settings { hops, words: vocabulary, .. } = self.settings;
        let (folds, elements) = (self.geometry.folds(), self.geometry.elements);
        let shift = |shift: u32| shift.max(1) as usize;
        // The frame's head, and each word looked at before anything is done.
        let check = 4 + 2 * words;
        let embed = folds * (2 * words + 5 + shift(self.settings.question_shift()));
        let address = sentences * folds + 15 + (folds - 1) * (sentences + 5);
        let control = |hop| folds * (elements + 26 + shift(self.settings.controller_shift(hop)));
        let answer = usize::from(vocabulary) * folds + 10;
        let passes: usize = (0..hops).map(|hop| address + control(hop)).sum();
        (check + embed + passes + answer) as u32
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
    use crate::memnet::datapath::Weights;
    use crate::memnet::geometry::{PRESETS, TINY};

    fn settings() -> Settings {
        Settings {
            hops: 3,
            words: 5,
            memory_a: 6,
            memory_c: 6,
            question: 6,
            score: 3,
            centre: 12,
            align: 5,
            controller: 5,
            graded: 0,
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
        bad.w.pop();
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
        for tensor in [&mut program.a, &mut program.b, &mut program.c, &mut program.h] {
            tensor[..3].copy_from_slice(&[-1, 0, 1]);
        }
        program.w[0] = -127;
        assert_eq!(program.validate(), Ok(()));
        program.c[9] = 2;
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
        assert_eq!(program.used_rows().count(), 4 * 5 + 8 + 8 + 6 + 6);
        let before = program.hash();
        program.age_c[7] = 1;
        assert_ne!(program.hash(), before);
        program.age_c[7] = 0;
        program.age_c[6 * TINY.elements] = 1;
        assert_eq!(program.hash(), before, "an age that is never read");
        program.settings.slots = 7;
        assert_ne!(program.hash(), before);
    }
}
