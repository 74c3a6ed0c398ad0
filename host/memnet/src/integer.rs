//! The integer model: the device in software. It gives the answer that every other backend must give, bit for bit.
//!
//! The integer model computes `docs/numerics.md` on blocks of codes, with the kernels of `kernels.rs`;
//! `tests/definition.rs` computes the page with the definitions of `engram-spec` and finds the same bits. The integer
//! model shares nothing with the training code, and a question allocates nothing.

use engram_learn::{Instructions, for_instructions};
use engram_spec::format::CODE_MAX;
use engram_spec::frame::{Refusal, VERSION};
use engram_spec::machine::{Answer, Device, DeviceError};
use engram_spec::memnet::geometry::Region;
use engram_spec::memnet::table::{exponential, exponential_index, reciprocal};
use engram_spec::memnet::tying::MEMORIES_MAX;
use engram_spec::memnet::{
    Addressing, Call, Datapath, Geometry, Identity, Memnet, Program, Reply, Status, Story, Tying,
};
use engram_spec::{Quantity, Trace};

use crate::kernels::{
    Codes, LANES, Matrix, Sums, add_shifted, add_two_words, aged, blocks, dot, hamming, in_pairs, min, pair,
    requantise, score, weighted_mean, xnor,
};

/// A device of a geometry, computed with integers; it has no clock, so its answers cost 0 cycles.
#[derive(Debug)]
pub struct IntegerModel {
    geometry: Geometry,
    datapath: Datapath,
    loaded: Option<Box<Loaded>>,
    memory: Memory,
    work: Work,
    recorder: Recorder,
    instructions: Instructions,
}

/// A program, and its tensors as the kernels take them: rows in blocks.
#[derive(Debug)]
struct Loaded {
    program: Program,
    embeddings: [Vec<Codes>; MEMORIES_MAX],
    position: Vec<Codes>,
    ages: [Vec<Codes>; MEMORIES_MAX],
    controller: Controller,
    /// The rows of the words that may be the answer.
    answers: Matrix,
}

/// The controller: the matrix that u is multiplied by from hop to hop.
#[derive(Debug)]
enum Controller {
    /// H.
    Matrix(Matrix),
    /// The diagonal of H, of adjacent tying.
    Diagonal(Vec<Codes>),
}

/// The story: rings of slots, one for each memory of the network.
#[derive(Debug)]
struct Memory {
    rows: [Vec<Codes>; MEMORIES_MAX],
    /// Blocks of a row.
    width: usize,
    /// Slots of a ring: the network's, once one is loaded.
    slots: usize,
    /// The slot of the next sentence.
    next: usize,
    /// Sentences since `clear`.
    stored: usize,
}

/// The values of a question, allocated once.
#[derive(Debug)]
struct Work {
    /// The memory of the hop that is addressed with its age words, newest first, graded as in the hop.
    aged_m: Vec<Codes>,
    /// The memory that is read with its age words: a row an element, a column a sentence, newest first.
    aged_c: Matrix,
    u: Vec<Codes>,
    u_pairs: Vec<i32>,
    /// Similarity sums and scores of the sentences.
    similarities: Vec<Sums>,
    scores: Vec<[i16; LANES]>,
    exponentials: Vec<i16>,
    exponential_pairs: Vec<i32>,
    sums: Vec<Sums>,
    o: Vec<Codes>,
    logits: Vec<Sums>,
    exponential: Vec<u32>,
    reciprocal: Vec<u32>,
}

/// The trace, and whether anything goes into it.
#[derive(Debug, Default)]
struct Recorder {
    on: bool,
    trace: Trace,
}

impl Recorder {
    #[inline(always)]
    fn note<T: Copy + Into<i32>>(&mut self, quantity: Quantity, index: usize, values: &[T]) {
        if self.on {
            self.push(quantity, index, values);
        }
    }

    #[cold]
    fn push<T: Copy + Into<i32>>(&mut self, quantity: Quantity, index: usize, values: &[T]) {
        self.trace.push(quantity, index, values.iter().map(|&value| value.into()).collect());
    }
}

impl IntegerModel {
    /// A device without a program.
    pub fn new(geometry: Geometry, datapath: impl Into<Datapath>) -> IntegerModel {
        IntegerModel {
            geometry,
            datapath: datapath.into(),
            loaded: None,
            memory: Memory::new(&geometry),
            work: Work::new(&geometry),
            recorder: Recorder::default(),
            instructions: Instructions::widest(),
        }
    }
}

/// The loaded program, where these words may be sent to it. The checks stand in the order of the refusals' numbers.
#[inline]
fn loaded_for<'a>(loaded: &'a Option<Box<Loaded>>, words: &[u8]) -> Result<&'a Loaded, Refusal> {
    if words.is_empty() {
        return Err(Refusal::BadLength);
    }
    let loaded = loaded.as_deref().ok_or(Refusal::NotLoaded)?;
    if words.len() > loaded.program.geometry.positions {
        return Err(Refusal::TooLong);
    }
    if words.iter().any(|&word| word >= loaded.program.settings.words) {
        return Err(Refusal::UnknownWord);
    }
    Ok(loaded)
}

impl Loaded {
    fn new(program: &Program) -> Loaded {
        let (elements, settings) = (program.geometry.elements, program.settings);
        let rows = |codes: &Vec<i8>| blocks(codes, elements);
        let weighed = &program.embeddings[settings.tying().answer(settings.hops.into())];
        Loaded {
            embeddings: program.embeddings.each_ref().map(rows),
            position: rows(&program.position),
            ages: program.ages.each_ref().map(rows),
            controller: match settings.tying() {
                Tying::LayerWise => Controller::Matrix(Matrix::of_rows(&program.h, elements)),
                Tying::Adjacent => Controller::Diagonal(rows(&program.row(Region::H, 0))),
            },
            answers: Matrix::of_rows(&weighed[..usize::from(settings.answers) * elements], elements),
            program: program.clone(),
        }
    }

    /// sum_j P\[j\] table\[w_j\], stored as codes.
    #[inline(always)]
    fn embed(&self, table: &[Codes], words: &[u8], shift: u32, row: &mut [Codes]) {
        let width = row.len();
        for (block, row) in row.iter_mut().enumerate() {
            let place = |place: usize| &self.position[place * width + block];
            let codes = |word: u8| &table[usize::from(word) * width + block];
            let mut sums = [0; LANES];
            let (pairs, last) = words.as_chunks::<2>();
            for (pair, &[first, second]) in pairs.iter().enumerate() {
                add_two_words(&mut sums, [place(2 * pair), place(2 * pair + 1)], [codes(first), codes(second)]);
            }
            if let &[word] = last {
                add_two_words(&mut sums, [place(words.len() - 1), &[0; LANES]], [codes(word); 2]);
            }
            *row = requantise(&sums, shift);
        }
    }
}

impl Memory {
    fn new(geometry: &Geometry) -> Memory {
        let width = geometry.elements.div_ceil(LANES);
        let rows = std::array::from_fn(|_| vec![[0; LANES]; geometry.slots * width]);
        Memory { rows, width, slots: geometry.slots, next: 0, stored: 0 }
    }

    fn sentences(&self) -> usize {
        self.stored.min(self.slots)
    }

    /// The slot of the sentence of an age.
    #[inline(always)]
    fn slot(&self, age: usize) -> usize {
        let back = age + 1;
        if back <= self.next { self.next - back } else { self.next + self.slots - back }
    }
}

impl Work {
    fn new(geometry: &Geometry) -> Work {
        let width = geometry.elements.div_ceil(LANES);
        let row = vec![[0; LANES]; width];
        Work {
            aged_m: vec![[0; LANES]; geometry.slots * width],
            aged_c: Matrix::zeroed(width, geometry.slots),
            u: row.clone(),
            u_pairs: vec![0; width * LANES / 2],
            similarities: vec![[0; LANES]; geometry.slots.div_ceil(LANES)],
            scores: vec![[0; LANES]; geometry.slots.div_ceil(LANES)],
            exponentials: vec![0; geometry.slots.next_multiple_of(2)],
            exponential_pairs: vec![0; geometry.slots.div_ceil(2)],
            sums: vec![[0; LANES]; width],
            o: row,
            logits: vec![[0; LANES]; geometry.words.div_ceil(LANES)],
            exponential: exponential(),
            reciprocal: reciprocal(),
        }
    }

    /// A memory with its age words, as a hop of a grade is addressed.
    #[inline(always)]
    fn age_m(&mut self, loaded: &Loaded, memory: &Memory, number: usize, grade: i32) {
        let (width, rows, ages) = (self.u.len(), &memory.rows[number], &loaded.ages[number]);
        for (age, row) in self.aged_m.chunks_exact_mut(width).take(memory.sentences()).enumerate() {
            let (slot, age) = (memory.slot(age) * width, age * width);
            for (block, codes) in row.iter_mut().enumerate() {
                *codes = aged(&rows[slot + block], &ages[age + block], grade);
            }
        }
    }

    /// A memory with its age words, to be read.
    #[inline(always)]
    fn age_c(&mut self, loaded: &Loaded, memory: &Memory, number: usize) {
        let (width, sentences) = (self.u.len(), memory.sentences());
        let (rows, ages) = (&memory.rows[number], &loaded.ages[number]);
        let row =
            |age: usize, block: usize| aged(&rows[memory.slot(age) * width + block], &ages[age * width + block], 0);
        for age in (0..sentences).step_by(2) {
            for block in 0..width {
                let older = if age + 1 < sentences { row(age + 1, block) } else { [0; LANES] };
                self.aged_c.set(block, age / 2, &row(age, block), &older);
            }
        }
    }

    /// Computes the scores of the sentences and their exponentials. Gives the sum of these.
    #[inline(always)]
    fn address(&mut self, program: &Program, sentences: usize) -> u32 {
        let (addressing, width) = (program.datapath.addressing, self.u.len());
        match addressing {
            Addressing::Hamming => self.compare(hamming, sentences),
            Addressing::Xnor => self.compare(xnor, sentences),
            Addressing::Min => self.compare(min, sentences),
            Addressing::Dot => self.compare(dot, sentences),
        }
        // What the padding adds to every sum: the similarity of zeros, to a whole block and to the device's elements.
        let blocks_padding = (width * LANES - program.geometry.elements) as i32 * addressing.element(0, 0);
        let padding = blocks_padding + CODE_MAX * i32::from(program.settings.padding);
        let blocks = self.similarities.iter_mut().zip(&mut self.scores).take(sentences.div_ceil(LANES));
        for (sums, scores) in blocks {
            for sum in sums.iter_mut() {
                *sum -= padding;
            }
            *scores = score(sums, program.settings.score.into(), program.settings.centre);
        }
        let mut sum = 0;
        for (e, &z) in self.exponentials.iter_mut().zip(&self.scores.as_flattened()[..sentences]) {
            let exponential = self.exponential[exponential_index(z)];
            *e = exponential as i16;
            sum += exponential;
        }
        // Sentences are read two at a time.
        if let Some(e) = self.exponentials.get_mut(sentences) {
            *e = 0;
        }
        for (pairs, e) in
            self.exponential_pairs.iter_mut().zip(self.exponentials[..sentences.next_multiple_of(2)].chunks_exact(2))
        {
            *pairs = pair(e[0], e[1]);
        }
        sum
    }

    /// The similarity of u with each sentence.
    #[inline(always)]
    fn compare(&mut self, similarity: impl Fn(&Codes, &Codes) -> i32, sentences: usize) {
        let rows = self.aged_m.chunks_exact(self.u.len());
        for (sum, m) in self.similarities.as_flattened_mut()[..sentences].iter_mut().zip(rows) {
            *sum = 0;
            for (u, m) in self.u.iter().zip(m) {
                *sum += similarity(u, m);
            }
        }
    }

    /// o, the mean of c weighted by the exponentials, whose sum is given.
    #[inline(always)]
    fn read(&mut self, sentences: usize, sum: u32) {
        self.aged_c.multiply(&self.exponential_pairs[..sentences.div_ceil(2)], &mut self.sums);
        for (o, products) in self.o.iter_mut().zip(&self.sums) {
            *o = weighted_mean(products, sum, &self.reciprocal);
        }
    }

    /// u of the next hop: H u + o 2^align, stored as codes.
    #[inline(always)]
    fn control(&mut self, loaded: &Loaded, hop: u8) {
        let settings = &loaded.program.settings;
        match &loaded.controller {
            Controller::Matrix(h) => {
                in_pairs(&self.u, &mut self.u_pairs);
                h.multiply(&self.u_pairs, &mut self.sums);
            }
            Controller::Diagonal(h) => {
                for ((sums, u), h) in self.sums.iter_mut().zip(&self.u).zip(h) {
                    *sums = std::array::from_fn(|e| i32::from(u[e]) * i32::from(h[e]));
                }
            }
        }
        for ((u, o), sums) in self.u.iter_mut().zip(&self.o).zip(&mut self.sums) {
            add_shifted(sums, o, settings.align_shift(hop));
            *u = requantise(sums, settings.controller_shift(hop));
        }
    }
}

for_instructions! {
    /// Puts a sentence into the memory.
    fn remember(loaded: &Loaded, memory: &mut Memory, words: &[u8]) = remember_inlined
}

#[inline(always)]
fn remember_inlined(loaded: &Loaded, memory: &mut Memory, words: &[u8]) {
    let (settings, width) = (&loaded.program.settings, memory.width);
    let row = memory.next * width..(memory.next + 1) * width;
    for (number, rows) in memory.rows.iter_mut().enumerate().take(settings.memories()) {
        let table = &loaded.embeddings[settings.tying().embedding(number)];
        loaded.embed(table, words, settings.memory_shift(number), &mut rows[row.clone()]);
    }
    memory.next = if memory.next + 1 < memory.slots { memory.next + 1 } else { 0 };
    memory.stored += 1;
}

for_instructions! {
    /// Answers a question.
    fn answer(loaded: &Loaded, memory: &Memory, work: &mut Work, recorder: &mut Recorder, words: &[u8]) -> Answer
        = answer_inlined
}

#[inline(always)]
fn answer_inlined(loaded: &Loaded, memory: &Memory, work: &mut Work, recorder: &mut Recorder, words: &[u8]) -> Answer {
    let (program, settings) = (&loaded.program, &loaded.program.settings);
    let (elements, sentences) = (program.geometry.elements, memory.sentences());
    let tying = settings.tying();
    loaded.embed(&loaded.embeddings[tying.question()], words, settings.question_shift(), &mut work.u);
    recorder.note(Quantity::Controller, 0, &work.u.as_flattened()[..elements]);
    // The memories that are addressed and read, and the grade; nothing is aged twice.
    let hops = |hop: u8| (tying.addressed(hop.into()), settings.grade(hop), tying.read(hop.into()));
    for hop in 0..settings.hops {
        let (addressed, grade, read) = hops(hop);
        let before = hop.checked_sub(1).map(hops);
        if before.is_none_or(|before| (before.0, before.1) != (addressed, grade)) {
            work.age_m(loaded, memory, addressed, grade);
        }
        if before.is_none_or(|before| before.2 != read) {
            work.age_c(loaded, memory, read);
        }
        let sum = work.address(program, sentences);
        work.read(sentences, sum);
        work.control(loaded, hop);
        let hop = usize::from(hop);
        recorder.note(Quantity::Score, hop, &work.scores.as_flattened()[..sentences]);
        recorder.note(Quantity::Exponential, hop, &work.exponentials[..sentences]);
        recorder.note(Quantity::Read, hop, &work.o.as_flattened()[..elements]);
        recorder.note(Quantity::Controller, hop + 1, &work.u.as_flattened()[..elements]);
    }
    in_pairs(&work.u, &mut work.u_pairs);
    loaded.answers.multiply(&work.u_pairs, &mut work.logits);
    let logits = &work.logits.as_flattened()[..settings.answers.into()];
    let (word, logit) = largest(logits);
    recorder.note(Quantity::Logit, 0, logits);
    Answer { word, logit, cycles: 0 }
}

/// The word with the largest logit, the lowest number among equals.
#[inline(always)]
fn largest(logits: &[i32]) -> (u8, i32) {
    let most = logits.iter().copied().fold(i32::MIN, i32::max);
    let word = logits.iter().position(|&logit| logit == most).unwrap_or_default();
    (word as u8, most)
}

impl Device<Memnet> for IntegerModel {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        let loaded = self.loaded.as_ref().map(|loaded| loaded.program.hash());
        Ok(Identity { version: VERSION, geometry: self.geometry, build: self.datapath, loaded })
    }

    fn load_with(&mut self, program: &Program, _: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        let fits = program.geometry == self.geometry && program.datapath == self.datapath;
        if !fits || program.validate().is_err() {
            return Err(Refusal::WrongGeometry.into());
        }
        self.memory.slots = program.settings.slots.into();
        self.loaded = Some(Box::new(Loaded::new(program)));
        self.clear()
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        (self.memory.next, self.memory.stored) = (0, 0);
        Ok(())
    }

    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        match call {
            Call::Sentence(words) => {
                let loaded = loaded_for(&self.loaded, words)?;
                let memory = &mut self.memory;
                remember(self.instructions, loaded, memory, words);
                let (elements, width) = (self.geometry.elements, self.work.u.len());
                let row = memory.slot(0) * width..;
                for (number, rows) in memory.rows.iter().enumerate().take(loaded.program.settings.memories()) {
                    let codes = &rows[row.clone()].as_flattened()[..elements];
                    self.recorder.note(Quantity::Memory(number as u8), memory.stored - 1, codes);
                }
                Ok(Reply::Sentences(memory.sentences() as u8))
            }
            Call::Question(words) => {
                let loaded = loaded_for(&self.loaded, words)?;
                if self.memory.stored == 0 {
                    return Err(Refusal::NoStory.into());
                }
                let (memory, work, recorder) = (&self.memory, &mut self.work, &mut self.recorder);
                Ok(Reply::Answer(answer(self.instructions, loaded, memory, work, recorder, words)))
            }
        }
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        let sentences = self.memory.sentences();
        let forgotten = (self.memory.stored - sentences).min(usize::from(u16::MAX)) as u16;
        let progress = Story { sentences: sentences as u8, forgotten };
        Ok(Status { loaded: self.loaded.is_some(), progress, bad_frames: 0, repeats: 0, framing_errors: 0 })
    }

    fn record(&mut self, on: bool) {
        self.recorder.on = on;
    }

    fn trace(&mut self) -> Option<Trace> {
        Some(std::mem::take(&mut self.recorder.trace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::memnet::geometry::{ECP5_85F, TINY, UP5K};
    use engram_spec::memnet::{Requests, Settings, Weights};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// Two words and one hop, small enough to compute by hand: word 0 is (64, 0, ...), word 1 is (0, 64, 0, ...).
    fn two_words() -> Program {
        let settings = Settings {
            hops: 1,
            words: 2,
            answers: 2,
            memory_a: 6,
            memory_c: 6,
            question: 6,
            score: 3,
            centre: 0,
            padding: 0,
            align: 6,
            controller: 6,
            graded: 0,
            adjacent: 0,
            slots: TINY.slots as u8,
        };
        let mut program = Program::zeroed(TINY, Addressing::Dot, settings);
        for tensor in &mut program.embeddings[..4] {
            tensor[0] = 64;
            tensor[TINY.elements + 1] = 64;
        }
        program
    }

    fn loaded(program: &Program) -> IntegerModel {
        let mut device = IntegerModel::new(program.geometry, program.datapath);
        device.load(program).unwrap();
        device
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, DeviceError>) -> Refusal {
        match result.unwrap_err() {
            DeviceError::Refused(refusal) => refusal,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_question_computed_by_hand() {
        let mut device = loaded(&two_words());
        device.record(true);
        device.sentence(&[0]).unwrap();
        device.sentence(&[1, 1]).unwrap();
        let answer = device.question(&[1]).unwrap();
        let trace = device.trace().unwrap();
        // Two words 1 sum to 128, which saturates.
        assert_eq!(trace.get(Quantity::Memory(0), 1).unwrap()[..3], [0, 127, 0]);
        // 64 x 127 / 8 = 1016 saturates at 511; the other sentence has nothing in common with the question.
        assert_eq!(trace.get(Quantity::Score, 0).unwrap(), [511, 0]);
        assert_eq!(trace.get(Quantity::Exponential, 0).unwrap(), [32767, 605]);
        // 32767 x 127 / 33372 = 124.7; 605 x 64 / 33372 = 1.16.
        assert_eq!(trace.get(Quantity::Read, 0).unwrap()[..3], [1, 125, 0]);
        // H is 0, so u_1 = o 2^6 / 2^6.
        assert_eq!(trace.get(Quantity::Controller, 1).unwrap()[..3], [1, 125, 0]);
        assert_eq!(trace.get(Quantity::Logit, 0).unwrap(), [64, 8000]);
        assert_eq!(answer, Answer { word: 1, logit: 8000, cycles: 0 });
        let names: Vec<_> = trace.entries.iter().map(|entry| entry.quantity.name()).collect();
        assert_eq!(names, ["m", "c", "m", "c", "u", "s", "e", "o", "u", "logit"]);
        assert!(device.trace().unwrap().entries.is_empty());
    }

    #[test]
    fn every_set_of_instructions_gives_the_same_bits() {
        let random = &mut ChaCha8Rng::seed_from_u64(5);
        let kinds = Addressing::ALL.into_iter().flat_map(|addressing| [(addressing, 0), (addressing, 1)]);
        for (geometry, (addressing, adjacent)) in
            [UP5K, ECP5_85F].into_iter().flat_map(|geometry| kinds.clone().map(move |kind| (geometry, kind)))
        {
            let graded = u8::from(addressing != Addressing::Dot && adjacent == 0);
            let slots = geometry.ring(4) as u8 - 3;
            let settings = Settings {
                hops: 3,
                words: 40,
                answers: 37,
                align: 5,
                controller: 5,
                graded,
                adjacent,
                slots,
                ..two_words().settings
            };
            let mut program = Program::zeroed(geometry, addressing, settings);
            for region in Region::ALL {
                program.tensor_mut(region).fill_with(|| random.random_range(-127..=127));
            }
            let story: Vec<[u8; 7]> =
                (0..=geometry.slots).map(|_| [0; 7].map(|_| random.random_range(0..40))).collect();
            let traces = Instructions::available().map(|instructions| {
                let mut device = IntegerModel { instructions, ..loaded(&program) };
                device.record(true);
                story.iter().for_each(|words| device.sentence(words).unwrap());
                device.question(&story[0]).unwrap();
                device.trace().unwrap()
            });
            let traces: Vec<Trace> = traces.collect();
            assert!(traces.windows(2).all(|pair| pair[0].parting(&pair[1]).is_none()));
        }
    }

    #[test]
    fn of_equal_logits_the_lowest_word_wins() {
        assert_eq!(largest(&[3, 7, 7, -1]), (1, 7));
        assert_eq!(largest(&[-5, -9]), (0, -5));
    }

    /// Two hops of one sentence, the question's word: o is c whatever the score, and u grows by it.
    #[test]
    fn graded_formats_computed_by_hand() {
        let mut program = two_words();
        program.datapath = Addressing::Hamming.into();
        program.settings = Settings { hops: 2, align: 5, controller: 5, graded: 1, ..program.settings };
        program.embeddings[0][0] = 100;
        program.ages[0][0] = 51;
        program.h[0] = 32;
        let mut device = loaded(&program);
        device.record(true);
        device.sentence(&[0]).unwrap();
        device.question(&[0]).unwrap();
        let trace = device.trace().unwrap();
        let first = |quantity, index| trace.get(quantity, index).unwrap()[0];
        // 64 with an integer bit more is 32; (100 + 51) / 2 = 75.5 goes to the even 76. The seven other elements, 0 on both
        // sides, are alike: 127 each. (127 - (76 - 32) + 7 x 127) / 8 = 121.5.
        assert_eq!(first(Quantity::Controller, 0), 32);
        assert_eq!(first(Quantity::Score, 0), 122);
        // (32 x 32 + 64 x 2^4) / 2^3 = 256 with a fraction bit more, which saturates.
        assert_eq!((first(Quantity::Read, 0), first(Quantity::Controller, 1)), (64, 127));
        // m and its age word are twice 151, and saturate as u does: all eight elements are alike.
        assert_eq!(first(Quantity::Score, 1), 127);
        // (32 x 127 + 64 x 2^6) / 2^6 = 127.5, which saturates.
        assert_eq!(first(Quantity::Controller, 2), 127);
    }

    #[test]
    fn refusals_come_in_the_order_of_their_numbers_and_change_nothing() {
        let program = two_words();
        let mut device = IntegerModel::new(TINY, Addressing::Dot);
        let long = [0; 9];
        assert_eq!(refusal(device.sentence(&[])), Refusal::BadLength);
        assert_eq!(refusal(device.sentence(&long)), Refusal::NotLoaded);
        assert_eq!(refusal(device.question(&[9])), Refusal::NotLoaded);
        let elsewhere = Program::zeroed(ECP5_85F, Addressing::Dot, program.settings);
        assert_eq!(refusal(device.load(&elsewhere)), Refusal::WrongGeometry);
        let otherwise = Program { datapath: Addressing::Xnor.into(), ..program.clone() };
        assert_eq!(refusal(device.load(&otherwise)), Refusal::WrongGeometry);
        let signs = Datapath { weights: Weights::Signs, ..program.datapath };
        let signed = Program::zeroed(TINY, signs, program.settings);
        assert_eq!(refusal(device.load(&signed)), Refusal::WrongGeometry);
        let broken = Program { h: vec![0; 3], ..program.clone() };
        assert_eq!(refusal(device.load(&broken)), Refusal::WrongGeometry);
        assert_eq!(device.identify().unwrap().loaded, None);

        device.load(&program).unwrap();
        assert_eq!(device.identify().unwrap().loaded, Some(program.hash()));
        assert_eq!(refusal(device.question(&[0])), Refusal::NoStory);
        assert_eq!(refusal(device.question(&[2])), Refusal::UnknownWord);
        device.sentence(&[0, 1]).unwrap();
        let before = (device.question(&[0]).unwrap(), device.status().unwrap());
        assert_eq!(refusal(device.sentence(&[0, 2])), Refusal::UnknownWord);
        assert_eq!(refusal(device.sentence(&[2; 9])), Refusal::TooLong);
        assert_eq!(refusal(device.question(&[])), Refusal::BadLength);
        assert_eq!(refusal(device.load(&otherwise)), Refusal::WrongGeometry);
        assert_eq!((device.question(&[0]).unwrap(), device.status().unwrap()), before);
    }

    #[test]
    fn the_oldest_sentence_falls_out_of_a_full_memory() {
        let mut device = loaded(&two_words());
        device.record(true);
        device.sentence(&[1]).unwrap();
        for _ in 0..TINY.slots {
            device.sentence(&[0]).unwrap();
        }
        device.question(&[1]).unwrap();
        let trace = device.trace().unwrap();
        assert_eq!(trace.get(Quantity::Score, 0).unwrap(), [0; 8], "the sentence with word 1 is gone");
        assert!(trace.get(Quantity::Memory(0), TINY.slots).is_some(), "sentences are counted since clear");
        let status = device.status().unwrap();
        assert_eq!((status.loaded, status.progress.sentences, status.progress.forgotten), (true, 8, 1));
        device.clear().unwrap();
        let status = device.status().unwrap();
        assert_eq!((status.loaded, status.progress.sentences, status.progress.forgotten), (true, 0, 0));
    }

    /// The network's slots are fewer than the geometry's; the next program has more again.
    #[test]
    fn the_networks_slots_are_remembered() {
        let mut few = two_words();
        few.settings.slots = 3;
        let mut device = IntegerModel::new(TINY, Addressing::Dot);
        for (program, expected) in [(&few, &[0, 0, 511][..]), (&two_words(), &[0, 0, 511, 511]), (&few, &[0, 0, 511])] {
            device.load(program).unwrap();
            device.record(true);
            for word in [1, 1, 0, 0] {
                device.sentence(&[word]).unwrap();
            }
            device.question(&[1]).unwrap();
            let trace = device.trace().unwrap();
            assert_eq!(trace.get(Quantity::Score, 0).unwrap(), expected);
            let progress = device.status().unwrap().progress;
            let (sentences, forgotten) = (expected.len() as u8, 4 - expected.len() as u16);
            assert_eq!(progress, Story { sentences, forgotten });
        }
    }

    #[test]
    fn age_words_move_with_the_sentences() {
        let mut program = two_words();
        program.ages[0][..2].copy_from_slice(&[0, 32]);
        let mut device = loaded(&program);
        device.record(true);
        device.sentence(&[1]).unwrap();
        device.question(&[1]).unwrap();
        device.sentence(&[0]).unwrap();
        device.question(&[1]).unwrap();
        let trace = device.trace().unwrap();
        let scores: Vec<_> = trace.entries.iter().filter(|entry| entry.quantity == Quantity::Score).collect();
        // (64 + 32) 64 / 8 while it is the newest, 64 x 64 / 8 = 512, saturated, once it is not.
        assert_eq!((&scores[0].values[..], &scores[1].values[..]), (&[511][..], &[256, 511][..]));
    }
}
