//! The integer model against `docs/numerics.md` read aloud: every step as the page has it, with the definitions of
//! `engram-spec` and no thought of speed. Answers and all inner values are equal.

use std::collections::VecDeque;

use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::format::{graded_add, requantise, saturating_add};
use engram_spec::memnet::geometry::{PRESETS, Region, TINY};
use engram_spec::memnet::program::HOPS_MAX;
use engram_spec::memnet::table::{exponential, exponential_index, reciprocal, score, weighted_mean};
use engram_spec::memnet::{Datapath, Geometry, Program, Requests, Settings};
use engram_spec::{Quantity, Trace};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The page, step by step.
struct Page<'a> {
    program: &'a Program,
    /// The codes of the sentences in each memory, newest first.
    memory: VecDeque<Vec<Vec<i8>>>,
    stored: usize,
    trace: Trace,
}

impl Page<'_> {
    /// sum_j P[j][e] table[w_j][e], stored.
    fn embed(&self, table: &[i8], words: &[u8], shift: u32) -> Vec<i8> {
        let elements = self.program.geometry.elements;
        let product = |e: usize, (j, &word): (usize, &u8)| {
            i64::from(self.program.position[j * elements + e]) * i64::from(table[usize::from(word) * elements + e])
        };
        let sum = |e: usize| words.iter().enumerate().map(|word| product(e, word)).sum();
        (0..elements).map(|e| requantise(sum(e), shift)).collect()
    }

    fn sentence(&mut self, words: &[u8]) {
        let settings = self.program.settings;
        // m is of A and c of C; or the K + 1 memories are of E_0 to E_K.
        let tables: Vec<usize> = if settings.adjacent == 1 { (0..=settings.hops.into()).collect() } else { vec![0, 2] };
        let shift = |memory: usize| if memory == 0 { settings.memory_a } else { settings.memory_c };
        let embed = |(memory, &table): (usize, &usize)| {
            self.embed(&self.program.embeddings[table], words, u32::from(shift(memory)))
        };
        let codes: Vec<Vec<i8>> = tables.iter().enumerate().map(embed).collect();
        for (memory, codes) in codes.iter().enumerate() {
            self.note(Quantity::Memory(memory as u8), self.stored, codes);
        }
        self.memory.truncate(usize::from(settings.slots) - 1);
        self.memory.push_front(codes);
        self.stored += 1;
    }

    /// The word and the logit.
    fn question(&mut self, words: &[u8]) -> (u8, i32) {
        let (program, settings, elements) = (self.program, self.program.settings, self.program.geometry.elements);
        let (exponential, reciprocal) = (exponential(), reciprocal());
        let adjacent = settings.adjacent == 1;
        let question = if adjacent { 0 } else { 1 };
        let mut u = self.embed(&program.embeddings[question], words, settings.question_shift());
        self.note(Quantity::Controller, 0, &u);
        for hop in 0..settings.hops {
            let grade = settings.grade(hop);
            let addressed = if adjacent { usize::from(hop) } else { 0 };
            let similarity = |slot: usize| {
                let m = &self.memory[slot][addressed];
                let aged = |e: usize| graded_add(m[e], program.ages[addressed][slot * elements + e], grade);
                let element = |e| i64::from(program.datapath.addressing.element(u[e], aged(e)));
                (0..elements).map(element).sum::<i64>() - 127 * i64::from(settings.padding)
            };
            let slots = 0..self.memory.len();
            let code = |slot| score(similarity(slot), settings.score.into(), settings.centre);
            let z: Vec<i16> = slots.clone().map(code).collect();
            let e: Vec<u32> = z.iter().map(|&z| exponential[exponential_index(z)]).collect();
            let product = |slot: usize, element: usize| {
                let age = program.ages[addressed + 1][slot * elements + element];
                i64::from(e[slot]) * i64::from(saturating_add(self.memory[slot][addressed + 1][element], age))
            };
            let products = |element: usize| slots.clone().map(|slot| product(slot, element)).sum();
            let mean = |element: usize| weighted_mean(products(element), e.iter().sum(), &reciprocal);
            let o: Vec<i8> = (0..elements).map(mean).collect();
            let row = |row: usize| -> i64 {
                let products = (0..elements).filter(|&k| k == row || !adjacent);
                let products = products.map(|k| i64::from(program.h[row * elements + k]) * i64::from(u[k]));
                products.sum::<i64>() + (i64::from(o[row]) << settings.align_shift(hop))
            };
            u = (0..elements).map(|e| requantise(row(e), settings.controller_shift(hop))).collect();
            let hop = usize::from(hop);
            self.note(Quantity::Score, hop, &z);
            self.trace.push(Quantity::Exponential, hop, e.iter().map(|&e| e as i32).collect());
            self.note(Quantity::Read, hop, &o);
            self.note(Quantity::Controller, hop + 1, &u);
        }
        let w = &program.embeddings[if adjacent { settings.hops.into() } else { 3 }];
        let rows = w.chunks_exact(elements).take(settings.answers.into());
        let dot = |row: &[i8]| row.iter().zip(&u).map(|(&w, &u)| i32::from(w) * i32::from(u)).sum();
        let logits: Vec<i32> = rows.map(dot).collect();
        self.note(Quantity::Logit, 0, &logits);
        // Of equal logits the last maximum in reverse order is the lowest number.
        let (word, &logit) = logits.iter().enumerate().rev().max_by_key(|&(_, logit)| logit).unwrap();
        (word as u8, logit)
    }

    fn note<T: Copy + Into<i32>>(&mut self, quantity: Quantity, index: usize, values: &[T]) {
        self.trace.push(quantity, index, values.iter().map(|&value| value.into()).collect());
    }
}

/// A geometry with nothing of a round size.
const ODD: Geometry =
    Geometry { name: "odd", id: 99, lanes: 1, elements: 37, slots: 5, slot_rows: 32, words: 33, positions: 3, ..TINY };

/// A program of random codes of random magnitudes, so that saturation is sometimes common and sometimes rare.
fn program(geometry: Geometry, random: &mut ChaCha8Rng) -> Program {
    let datapaths: Vec<Datapath> = Datapath::all().collect();
    loop {
        let mut small = |most: u8| random.random_range(0..=most);
        let adjacent = small(1);
        let hops = small(HOPS_MAX - 1).min(small(HOPS_MAX - 1)) + 1;
        let hops = if adjacent == 1 { hops.min(4) } else { hops };
        let settings = Settings {
            hops,
            words: small(geometry.words as u8 - 1) + 1,
            answers: small(geometry.words as u8 - 1) + 1,
            memory_a: small(15),
            memory_c: small(15),
            question: small(15),
            score: small(15).min(small(15)),
            centre: small(100),
            padding: small(geometry.elements as u8 - 1).min(small(8)),
            align: small(14),
            controller: small(15),
            graded: small(1),
            adjacent,
            slots: small(geometry.slots as u8 - 1) + 1,
        };
        let mut program = Program::zeroed(geometry, datapaths[random.random_range(0..datapaths.len())], settings);
        let weights = program.datapath.weights;
        for region in Region::ALL {
            let most = random.random_range(1..=127).min(weights.largest(region));
            program.tensor_mut(region).fill_with(|| random.random_range(-most..=most));
        }
        if program.validate().is_ok() {
            return program;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_integer_model_gives_the_bits_of_the_page(seed: u64, preset in 0..=PRESETS.len()) {
        let random = &mut ChaCha8Rng::seed_from_u64(seed);
        let geometry = PRESETS.get(preset).copied().unwrap_or(ODD);
        let program = program(geometry, random);
        let words = |random: &mut ChaCha8Rng| -> Vec<u8> {
            let length = random.random_range(1..=geometry.positions);
            (0..length).map(|_| random.random_range(0..program.settings.words)).collect()
        };
        let mut page = Page { program: &program, memory: VecDeque::new(), stored: 0, trace: Trace::default() };
        let mut device = IntegerModel::new(geometry, program.datapath);
        device.load(&program).unwrap();
        device.record(true);
        for _ in 0..3 {
            for _ in 0..random.random_range(1..=geometry.slots / 2 + 1) {
                let words = words(random);
                device.sentence(&words).unwrap();
                page.sentence(&words);
            }
            let words = words(random);
            let answer = device.question(&words).unwrap();
            prop_assert_eq!((answer.word, answer.logit), page.question(&words));
            let trace = device.trace().unwrap();
            let parting = std::mem::take(&mut page.trace).parting(&trace);
            prop_assert!(parting.is_none(), "{} {:?}: {}", program.datapath, program.settings, parting.unwrap());
        }
    }
}
