//! The same stories on every backend of the device: the same answers, logits, refusals and intermediate values.

use std::path::Path;

use engram_babi::DataSet;
use engram_memnet::{IntegerModel, Model};
use engram_spec::memnet::geometry::{ECP5_25F, ECP5_85F, Region, TINY, UP5K};
use engram_spec::memnet::program::{ALIGN_MAX, HOPS_MAX, POSITION_ONE, SHIFT_MAX};
use engram_spec::memnet::{Addressing, Datapath, Geometry, Memnet, Program, Requests, Settings, Story, Weights};
use engram_spec::{Device, DeviceError, Quantity};
use engram_testbench::{Backend, Opening, open};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::backends::{cache, open_if_present};

/// Bounded addressing, with signs for weights.
pub const SIGNS: Datapath = Datapath { addressing: Addressing::Hamming, weights: Weights::Signs };

fn opening(geometry: Geometry, build: Datapath) -> Opening<Memnet> {
    Opening { geometry, build, trace: true, vcd: None, baud: 1_000_000, cache: cache() }
}

/// A program of random codes. Most have shifts such that neither everything saturates nor everything vanishes, and few
/// words; some have settings from the whole range that a device takes, its ends above all.
pub fn random_program(rng: &mut impl Rng, geometry: Geometry, datapath: Datapath) -> Program {
    let Datapath { addressing, weights } = datapath;
    let graded = u8::from(addressing != Addressing::Dot && rng.random());
    let adjacent = u8::from(weights == Weights::Codes && graded == 0 && rng.random());
    let most_hops = if adjacent == 1 { 4 } else { HOPS_MAX };
    let slots = |hops: u8| geometry.ring(if adjacent == 1 { usize::from(hops) + 1 } else { 2 });
    let settings = if rng.random_range(0..3) == 0 {
        let mut any = |least: u8, most: u8| match rng.random_range(0..4) {
            0 => least,
            1 => most,
            _ => rng.random_range(least..=most),
        };
        let (hops, words) = (any(1, most_hops), any(1, geometry.words as u8));
        Settings {
            hops,
            words,
            answers: any(1, words),
            memory_a: any(0, SHIFT_MAX),
            memory_c: any(0, SHIFT_MAX),
            question: any(0, SHIFT_MAX - graded),
            score: any(0, SHIFT_MAX),
            centre: any(0, u8::MAX),
            padding: any(0, geometry.elements as u8 - 1),
            align: any(graded, ALIGN_MAX - graded),
            controller: any(2 * graded, SHIFT_MAX - graded),
            graded,
            adjacent,
            slots: any(1, slots(hops) as u8),
        }
    } else {
        let hops = rng.random_range(1..=4);
        let words = rng.random_range(2..=geometry.words.min(24)) as u8;
        Settings {
            hops,
            words,
            answers: if rng.random() { words } else { rng.random_range(1..=words) },
            memory_a: rng.random_range(5..=9),
            memory_c: rng.random_range(5..=9),
            question: rng.random_range(5..=9),
            score: if addressing == Addressing::Dot { rng.random_range(4..=9) } else { rng.random_range(1..=4) },
            centre: if rng.random() { 0 } else { rng.random_range(0..=80) },
            padding: if rng.random() { 0 } else { rng.random_range(0..geometry.elements) as u8 },
            align: rng.random_range(graded..=9),
            controller: rng.random_range(4..=10),
            graded,
            adjacent,
            slots: rng.random_range(1..=slots(hops)) as u8,
        }
    };
    let mut program = Program::zeroed(geometry, datapath, settings);
    let spread = *[127i8, 40, 8].get(rng.random_range(0..3)).unwrap();
    for region in Region::ALL {
        let most = spread.min(weights.largest(region));
        if region != Region::Position {
            program.tensor_mut(region).fill_with(|| rng.random_range(-most..=most));
        }
    }
    if rng.random() {
        program.position.fill_with(|| rng.random_range(-POSITION_ONE..=127));
    }
    program.validate().expect("a program that can be loaded");
    program
}

fn random_words(rng: &mut impl Rng, program: &Program) -> Vec<u8> {
    let length = rng.random_range(1..=program.geometry.positions);
    (0..length).map(|_| rng.random_range(0..program.settings.words)).collect()
}

/// The outcome of a call on a device, without its cycles.
#[derive(Debug, PartialEq)]
enum Outcome {
    Done,
    Answer(u8, i32),
    Refused(engram_spec::frame::Refusal),
}

fn outcome<T>(result: Result<T, DeviceError>, done: impl Fn(T) -> Outcome) -> Outcome {
    match result {
        Ok(value) => done(value),
        Err(DeviceError::Refused(refusal)) => Outcome::Refused(refusal),
        Err(error) => panic!("{error}"),
    }
}

/// Plays the same random stories on a backend and on the integer model.
fn play(
    device: &mut dyn Device<Memnet>,
    geometry: Geometry,
    datapath: Datapath,
    seed: u64,
    programs: usize,
    steps: usize,
) {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let model = &mut IntegerModel::new(geometry, datapath);
    device.record(true);
    model.record(true);
    for _ in 0..programs {
        let program = random_program(rng, geometry, datapath);
        device.load(&program).expect("loads");
        model.load(&program).expect("loads");
        for step in 0..steps {
            let words = random_words(rng, &program);
            let backends: [&mut dyn Device<Memnet>; 2] = [device, model];
            let kind = rng.random_range(0..10);
            let outcomes = backends.map(|backend| match kind {
                0 if step % 3 == 0 => outcome(backend.clear(), |()| Outcome::Done),
                0..=5 => outcome(backend.sentence(&words), |()| Outcome::Done),
                _ => outcome(backend.question(&words), |answer| Outcome::Answer(answer.word, answer.logit)),
            });
            if let (Some(ours), Some(theirs)) = (model.trace(), device.trace())
                && let Some(parting) = ours.parting(&theirs)
            {
                panic!("step {step}, {:?}: {parting}\nintegers {ours:?}\nhardware {theirs:?}", program.settings);
            }
            assert_eq!(outcomes[0], outcomes[1], "step {step}");
        }
        assert_eq!(device.status().unwrap().progress.sentences, model.status().unwrap().progress.sentences);
        assert_eq!(device.status().unwrap().progress.forgotten, model.status().unwrap().progress.forgotten);
    }
}

fn play_on(backend: Backend, geometry: Geometry, datapath: Datapath, seed: u64, programs: usize, steps: usize) {
    if let Some(mut device) = open_if_present(&backend, &opening(geometry, datapath)) {
        play(device.as_mut(), geometry, datapath, seed, programs, steps);
    }
}

#[test]
fn the_in_crate_simulation_plays_alike() {
    Datapath::all().for_each(|datapath| play_on(Backend::Simulation, TINY, datapath, 1, 10, 40));
}

#[test]
fn the_in_crate_simulation_of_the_presets_plays_alike() {
    for geometry in [UP5K, ECP5_25F, ECP5_85F] {
        let datapaths = Addressing::ALL.map(Datapath::from).into_iter().chain([SIGNS]);
        datapaths.for_each(|datapath| play_on(Backend::Simulation, geometry, datapath, 2, 1, 20));
    }
}

#[test]
fn the_verilog_in_verilator_plays_alike() {
    Datapath::all().for_each(|datapath| play_on(Backend::Verilator, TINY, datapath, 3, 20, 40));
}

#[test]
fn the_verilog_in_cxxrtl_plays_alike() {
    [Datapath::default(), SIGNS].into_iter().for_each(|datapath| play_on(Backend::Cxxrtl, TINY, datapath, 4, 20, 40));
}

/// The gates that synthesis makes of the Verilog.
#[test]
fn the_netlist_plays_alike() {
    play_on(Backend::Netlist, TINY, Datapath::default(), 7, 4, 20);
}

#[test]
#[ignore = "takes minutes: make netlist"]
fn the_netlist_of_the_preset_plays_alike() {
    play_on(Backend::Netlist, UP5K, Datapath::default(), 8, 2, 20);
}

/// The Verilog of a preset, compiled by either tool.
fn compiled(geometry: Geometry, datapath: Datapath) -> Option<Box<dyn Device<Memnet>>> {
    let opening = opening(geometry, datapath);
    [Backend::Verilator, Backend::Cxxrtl].iter().find_map(|backend| open_if_present(backend, &opening))
}

/// The presets' own Verilog, with stories beyond the slots: of a network that has all the device's, and of one that has fewer.
fn plays_beyond_its_slots(geometry: Geometry, datapath: Datapath) {
    let Some(mut device) = compiled(geometry, datapath) else { return };
    let rng = &mut ChaCha8Rng::seed_from_u64(6);
    let mut model = IntegerModel::new(geometry, datapath);
    for slots in [geometry.slots, rng.random_range(1..geometry.slots)] {
        let mut program = random_program(rng, geometry, datapath);
        program.settings.slots = slots as u8;
        device.load(&program).expect("loads");
        model.load(&program).expect("loads");
        for _ in 0..slots + 6 {
            let words = random_words(rng, &program);
            device.sentence(&words).expect("a sentence");
            model.sentence(&words).expect("a sentence");
            let words = random_words(rng, &program);
            let (ours, theirs) = (model.question(&words), device.question(&words));
            let (ours, theirs) = (ours.expect("an answer"), theirs.expect("an answer"));
            assert_eq!((ours.word, ours.logit), (theirs.word, theirs.logit), "{:?}", program.settings);
        }
        assert_eq!(device.status().unwrap().progress, Story { sentences: slots as u8, forgotten: 6 });
    }
}

/// A model is the same on every geometry that holds it, and its stories may be longer than its slots: words, logits, scores and
/// counts are the integer model's on all of them, in the in-crate simulation and the compiled Verilog.
#[test]
fn a_model_remembers_as_much_on_every_geometry() {
    let model = Model::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../models/qa3.safetensors"))).unwrap();
    let data = DataSet::generate(3, 20, 20, 1).unwrap();
    let numbers = |words: &[String]| model.vocabulary.encode(words).unwrap();
    let longest = data.test.iter().max_by_key(|story| story.lines.len()).expect("a story");
    // The UP5K holds 16 slots of a network of three hops with adjacent tying.
    for slots in [5, 16] {
        let model = model.clone().with_slots(slots).unwrap();
        let mut first = None;
        for geometry in [UP5K, ECP5_25F, ECP5_85F] {
            let program = model.program(geometry).unwrap();
            let datapath = model.design.datapath();
            let simulated = open(&Backend::Simulation, &opening(geometry, datapath)).expect("opens");
            let integer = Box::new(IntegerModel::new(geometry, datapath));
            // The Verilog of the largest takes long to compile, and the test of block after block holds it against the simulation.
            let compiled = if geometry == ECP5_85F { None } else { compiled(geometry, datapath) };
            let devices: [Option<Box<dyn Device<Memnet>>>; 3] = [Some(integer), Some(simulated), compiled];
            for mut device in devices.into_iter().flatten() {
                device.load(&program).expect("loads");
                device.record(true);
                let mut found = Vec::new();
                let sentences = longest.lines.iter().filter(|line| !line.is_question());
                sentences.for_each(|line| device.sentence(&numbers(line.words())).expect("a sentence"));
                for question in longest.lines.iter().filter(|line| line.is_question()) {
                    let answer = device.question(&numbers(question.words())).expect("an answer");
                    found.push((answer.word, answer.logit));
                }
                let trace = device.trace().expect("a trace");
                let told = longest.lines.iter().filter(|line| !line.is_question()).count();
                let scores: Vec<Vec<i32>> = trace
                    .entries
                    .into_iter()
                    .filter(|entry| entry.quantity == Quantity::Score)
                    .map(|entry| entry.values)
                    .collect();
                assert!(told > slots && scores.iter().all(|scores| scores.len() == slots));
                let progress = device.status().unwrap().progress;
                assert_eq!(progress, Story { sentences: slots as u8, forgotten: (told - slots) as u16 });
                let found = (found, scores);
                assert_eq!(&found, first.get_or_insert_with(|| found.clone()), "{slots} slots on {}", geometry.name);
            }
        }
    }
}

#[test]
fn the_verilog_of_up5k_plays_alike() {
    plays_beyond_its_slots(UP5K, Datapath::default());
}

#[test]
fn the_verilog_of_ecp5_25f_plays_alike() {
    plays_beyond_its_slots(ECP5_25F, Datapath::default());
}

#[test]
fn the_verilog_of_ecp5_25f_of_signs_plays_alike() {
    plays_beyond_its_slots(ECP5_25F, SIGNS);
}

/// The cycles are known before anything is synthesised.
#[test]
fn a_question_takes_the_cycles_that_are_predicted() {
    for geometry in [TINY, ECP5_25F] {
        let rng = &mut ChaCha8Rng::seed_from_u64(5);
        let mut device = open(&Backend::Simulation, &opening(geometry, Datapath::default())).expect("opens");
        for program in 0..6 {
            let mut program_of = |graded| loop {
                let found = random_program(rng, geometry, Datapath::default());
                if (found.settings.graded, found.settings.hops > 1) == (graded, true) {
                    return found;
                }
            };
            let program = program_of(program % 2);
            device.load(&program).expect("loads");
            for sentences in 1..=geometry.slots.min(10) + 2 {
                device.sentence(&random_words(rng, &program)).expect("a sentence");
                let words = random_words(rng, &program);
                let cycles = device.question(&words).expect("an answer").cycles;
                let predicted = program.answer_cycles(words.len(), sentences.min(program.settings.slots.into()));
                assert_eq!(cycles, predicted, "{} {:?} {} words", geometry.name, program.settings, words.len());
            }
        }
    }
}
