//! The integer model: the device in software. It defines the answer that every other body must give, bit for bit.
//!
//! It is `docs/numerics.md` read aloud: every rounding, saturation and table comes from `engram-spec`, and nothing here is
//! shared with the training code.

use std::collections::VecDeque;

use engram_spec::device::{Answer, Device, DeviceError, Identity, Status};
use engram_spec::format::{graded_add, requantise, saturating_add};
use engram_spec::frame::{Refusal, VERSION};
use engram_spec::table::{exponential, exponential_index, reciprocal, score, weighted_mean};
use engram_spec::{Addressing, Datapath, Geometry, Program, Quantity, Trace};

/// A sentence in the memory: E codes to be addressed by and E to be read.
#[derive(Clone, Debug)]
struct Slot {
    m: Vec<i8>,
    c: Vec<i8>,
}

/// A device of a geometry, computed with integers; it has no clock, so its answers cost 0 cycles.
#[derive(Debug)]
pub struct IntegerModel {
    geometry: Geometry,
    datapath: Datapath,
    loaded: Option<Program>,
    /// The story, newest sentence first: its index is its age.
    memory: VecDeque<Slot>,
    /// Sentences since `clear`.
    stored: usize,
    exponentials: Vec<u32>,
    reciprocals: Vec<u32>,
    recording: bool,
    trace: Trace,
}

impl IntegerModel {
    /// A device without a program.
    pub fn new(geometry: Geometry, datapath: impl Into<Datapath>) -> IntegerModel {
        IntegerModel {
            geometry,
            datapath: datapath.into(),
            loaded: None,
            memory: VecDeque::with_capacity(geometry.slots),
            stored: 0,
            exponentials: exponential(),
            reciprocals: reciprocal(),
            recording: false,
            trace: Trace::default(),
        }
    }

    /// The loaded program, where these words may be sent to it; the checks stand in the order of the refusals' numbers.
    fn program_for(&self, words: &[u8]) -> Result<&Program, Refusal> {
        if words.is_empty() {
            return Err(Refusal::BadLength);
        }
        let program = self.loaded.as_ref().ok_or(Refusal::NotLoaded)?;
        if words.len() > self.geometry.positions {
            return Err(Refusal::TooLong);
        }
        if words.iter().any(|&word| word >= program.settings.words) {
            return Err(Refusal::UnknownWord);
        }
        Ok(program)
    }

    fn note(&mut self, quantity: Quantity, index: usize, values: impl Iterator<Item = i32>) {
        if self.recording {
            self.trace.push(quantity, index, values.collect());
        }
    }

    /// A hop: addresses the memory with u and reads it. Gives the scores and exponentials, newest first, and o.
    fn address_and_read(&self, program: &Program, hop: u8, u: &[i8]) -> (Vec<i16>, Vec<u32>, Vec<i8>) {
        let (elements, addressing, settings) = (self.geometry.elements, self.datapath.addressing, program.settings);
        let grade = settings.grade(hop);
        let mut scores = Vec::with_capacity(self.memory.len());
        let mut exponentials = Vec::with_capacity(self.memory.len());
        let mut products = vec![0i32; elements];
        let ages = program.age_a.chunks_exact(elements).zip(program.age_c.chunks_exact(elements));
        for (slot, (age_a, age_c)) in self.memory.iter().zip(ages) {
            let z = score(similarity(addressing, u, &slot.m, age_a, grade).into(), settings.score.into());
            let e = self.exponentials[exponential_index(z)];
            for ((product, &c), &age) in products.iter_mut().zip(&slot.c).zip(age_c) {
                *product += e as i32 * i32::from(saturating_add(c, age));
            }
            scores.push(z);
            exponentials.push(e);
        }
        let sum = exponentials.iter().sum();
        let o = products.iter().map(|&product| weighted_mean(product.into(), sum, &self.reciprocals)).collect();
        (scores, exponentials, o)
    }
}

/// The exact similarity sum of u and a slot of the memory with its age word, both graded alike.
fn similarity(addressing: Addressing, u: &[i8], m: &[i8], age: &[i8], grade: i32) -> i32 {
    let pairs = u.iter().zip(m).zip(age).map(|((&u, &m), &age)| (u, graded_add(m, age, grade)));
    match addressing {
        Addressing::Hamming => pairs.map(|(u, m)| Addressing::Hamming.element(u, m)).sum(),
        Addressing::Xnor => pairs.map(|(u, m)| Addressing::Xnor.element(u, m)).sum(),
        Addressing::Dot => pairs.map(|(u, m)| Addressing::Dot.element(u, m)).sum(),
    }
}

/// sum_j P\[j\] table\[w_j\], stored as E codes.
fn embed(table: &[i8], position: &[i8], words: &[u8], elements: usize, shift: u32) -> Vec<i8> {
    let mut sum = vec![0i32; elements];
    for (&word, weights) in words.iter().zip(position.chunks_exact(elements)) {
        let row = &table[usize::from(word) * elements..][..elements];
        for ((sum, &weight), &code) in sum.iter_mut().zip(weights).zip(row) {
            *sum += i32::from(weight) * i32::from(code);
        }
    }
    sum.into_iter().map(|sum| requantise(sum.into(), shift)).collect()
}

/// H u + o 2^align of a hop, stored as E codes.
fn control(program: &Program, hop: u8, u: &[i8], o: &[i8]) -> Vec<i8> {
    let (align, shift) = (program.settings.align_shift(hop), program.settings.controller_shift(hop));
    let sums = program.h.chunks_exact(u.len()).zip(o).map(|(row, &o)| dot(row, u) + (i32::from(o) << align));
    sums.map(|sum| requantise(sum.into(), shift)).collect()
}

fn dot(a: &[i8], b: &[i8]) -> i32 {
    a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum()
}

/// The word with the largest logit, the lowest number among equals.
fn largest(logits: &[i32]) -> (u8, i32) {
    let mut best = (0, i32::MIN);
    for (word, &logit) in logits.iter().enumerate() {
        if logit > best.1 {
            best = (word as u8, logit);
        }
    }
    best
}

impl Device for IntegerModel {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        let loaded = self.loaded.as_ref().map(Program::hash);
        Ok(Identity { version: VERSION, geometry: self.geometry, datapath: self.datapath, loaded })
    }

    fn load(&mut self, program: &Program) -> Result<(), DeviceError> {
        let fits = program.geometry == self.geometry && program.datapath == self.datapath;
        if !fits || program.validate().is_err() {
            return Err(Refusal::WrongGeometry.into());
        }
        self.loaded = Some(program.clone());
        self.clear()
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.memory.clear();
        self.stored = 0;
        Ok(())
    }

    fn sentence(&mut self, words: &[u8]) -> Result<(), DeviceError> {
        let program = self.program_for(words)?;
        let (elements, settings) = (self.geometry.elements, program.settings);
        let m = embed(&program.a, &program.position, words, elements, settings.memory_a.into());
        let c = embed(&program.c, &program.position, words, elements, settings.memory_c.into());
        self.note(Quantity::MemoryA, self.stored, m.iter().map(|&code| code.into()));
        self.note(Quantity::MemoryC, self.stored, c.iter().map(|&code| code.into()));
        self.memory.truncate(self.geometry.slots - 1);
        self.memory.push_front(Slot { m, c });
        self.stored += 1;
        Ok(())
    }

    fn question(&mut self, words: &[u8]) -> Result<Answer, DeviceError> {
        self.program_for(words)?;
        if self.memory.is_empty() {
            return Err(Refusal::NoStory.into());
        }
        // Taken out for the length of the question, so that values can be noted while the program is read.
        let program = self.loaded.take().ok_or(Refusal::NotLoaded)?;
        let (elements, settings) = (self.geometry.elements, program.settings);
        let mut u = embed(&program.b, &program.position, words, elements, settings.question_shift());
        self.note(Quantity::Controller, 0, u.iter().map(|&code| code.into()));
        for hop in 0..settings.hops {
            let (scores, exponentials, o) = self.address_and_read(&program, hop, &u);
            u = control(&program, hop, &u, &o);
            let hop = usize::from(hop);
            self.note(Quantity::Score, hop, scores.into_iter().map(i32::from));
            self.note(Quantity::Exponential, hop, exponentials.into_iter().map(|e| e as i32));
            self.note(Quantity::Read, hop, o.into_iter().map(i32::from));
            self.note(Quantity::Controller, hop + 1, u.iter().map(|&code| code.into()));
        }
        let rows = program.w.chunks_exact(elements).take(settings.words.into());
        let logits: Vec<i32> = rows.map(|row| dot(row, &u)).collect();
        let (word, logit) = largest(&logits);
        self.note(Quantity::Logit, 0, logits.into_iter());
        self.loaded = Some(program);
        Ok(Answer { word, logit, cycles: 0 })
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        let sentences = self.memory.len();
        let forgotten = (self.stored - sentences).min(usize::from(u16::MAX)) as u16;
        Ok(Status { loaded: self.loaded.is_some(), sentences: sentences as u8, forgotten, ..Status::default() })
    }

    fn record(&mut self, on: bool) {
        self.recording = on;
    }

    fn trace(&mut self) -> Option<Trace> {
        Some(std::mem::take(&mut self.trace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engram_spec::geometry::{ECP5_85F, TINY};
    use engram_spec::{Settings, Weights};

    /// Two words and one hop, small enough to compute by hand: word 0 is (64, 0, ...), word 1 is (0, 64, 0, ...).
    fn two_words() -> Program {
        let settings = Settings {
            hops: 1,
            words: 2,
            memory_a: 6,
            memory_c: 6,
            question: 6,
            score: 3,
            align: 6,
            controller: 6,
            graded: 0,
        };
        let mut program = Program::zeroed(TINY, Addressing::Dot, settings);
        for tensor in [&mut program.a, &mut program.b, &mut program.c, &mut program.w] {
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
        assert_eq!(trace.get(Quantity::MemoryA, 1).unwrap()[..3], [0, 127, 0]);
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
        program.a[0] = 100;
        program.age_a[0] = 51;
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
        let broken = Program { w: vec![0; 3], ..program.clone() };
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
        assert!(trace.get(Quantity::MemoryA, TINY.slots).is_some(), "sentences are counted since clear");
        let status = device.status().unwrap();
        assert_eq!((status.loaded, status.sentences, status.forgotten), (true, 8, 1));
        device.clear().unwrap();
        let status = device.status().unwrap();
        assert_eq!((status.loaded, status.sentences, status.forgotten), (true, 0, 0));
    }

    #[test]
    fn age_words_move_with_the_sentences() {
        let mut program = two_words();
        program.age_a[..2].copy_from_slice(&[0, 32]);
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
