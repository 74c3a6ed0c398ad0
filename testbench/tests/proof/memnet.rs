//! The same stories on every backend of the device: the same answers, logits, refusals and intermediate values.

use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::DeviceError;
use engram_spec::memnet::geometry::{ECP5_25F, ECP5_85F, Region, TINY, UP5K};
use engram_spec::memnet::program::{ALIGN_MAX, HOPS_MAX, POSITION_ONE, SHIFT_MAX};
use engram_spec::memnet::{Addressing, Datapath, Geometry, Memnet, Program, Requests, Settings, Weights};
use engram_testbench::{Backend, Opening, open};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::backends::{cache, open_if_present};

/// Bounded addressing, with signs for weights.
const SIGNS: Datapath = Datapath { addressing: Addressing::Hamming, weights: Weights::Signs };

fn opening(geometry: Geometry, build: Datapath) -> Opening<Memnet> {
    Opening { geometry, build, trace: true, vcd: None, baud: 1_000_000, cache: cache() }
}

/// A program of random codes. Most have shifts such that neither everything saturates nor everything vanishes, and few
/// words; some have settings from the whole range that a device takes, its ends above all.
fn random_program(rng: &mut impl Rng, geometry: Geometry, datapath: Datapath) -> Program {
    let Datapath { addressing, weights } = datapath;
    let graded = u8::from(addressing != Addressing::Dot && rng.random());
    let settings = if rng.random_range(0..3) == 0 {
        let mut any = |least: u8, most: u8| match rng.random_range(0..4) {
            0 => least,
            1 => most,
            _ => rng.random_range(least..=most),
        };
        Settings {
            hops: any(1, HOPS_MAX),
            words: any(1, geometry.words as u8),
            memory_a: any(0, SHIFT_MAX),
            memory_c: any(0, SHIFT_MAX),
            question: any(0, SHIFT_MAX - graded),
            score: any(0, SHIFT_MAX),
            centre: any(0, u8::MAX),
            align: any(graded, ALIGN_MAX - graded),
            controller: any(2 * graded, SHIFT_MAX - graded),
            graded,
        }
    } else {
        Settings {
            hops: rng.random_range(1..=3),
            words: rng.random_range(2..=geometry.words.min(24)) as u8,
            memory_a: rng.random_range(5..=9),
            memory_c: rng.random_range(5..=9),
            question: rng.random_range(5..=9),
            score: if addressing == Addressing::Dot { rng.random_range(4..=9) } else { rng.random_range(1..=4) },
            centre: if rng.random() { 0 } else { rng.random_range(0..=80) },
            align: rng.random_range(graded..=9),
            controller: rng.random_range(4..=10),
            graded,
        }
    };
    let mut program = Program::zeroed(geometry, datapath, settings);
    let spread = *[127i8, 40, 8].get(rng.random_range(0..3)).unwrap();
    let Program { a, b, c, w, h, position, age_a, age_c, .. } = &mut program;
    for (region, tensor) in Region::ALL.into_iter().zip([a, b, c, w, h, position, age_a, age_c]) {
        let most = spread.min(weights.largest(region));
        if region != Region::Position {
            tensor.fill_with(|| rng.random_range(-most..=most));
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
    Datapath::all().for_each(|datapath| play_on(Backend::Simulation, TINY, datapath, 1, 20, 40));
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

/// The presets' own Verilog, with memories that are filled beyond their slots.
fn plays_beyond_its_slots(geometry: Geometry, datapath: Datapath) {
    let opening = opening(geometry, datapath);
    let compiled = [Backend::Verilator, Backend::Cxxrtl].iter().find_map(|backend| open_if_present(backend, &opening));
    let Some(mut device) = compiled else { return };
    let rng = &mut ChaCha8Rng::seed_from_u64(6);
    let mut model = IntegerModel::new(geometry, datapath);
    for _ in 0..2 {
        let program = random_program(rng, geometry, datapath);
        device.load(&program).expect("loads");
        model.load(&program).expect("loads");
        for _ in 0..geometry.slots + 6 {
            let words = random_words(rng, &program);
            device.sentence(&words).expect("a sentence");
            model.sentence(&words).expect("a sentence");
            let words = random_words(rng, &program);
            let (ours, theirs) = (model.question(&words), device.question(&words));
            let (ours, theirs) = (ours.expect("an answer"), theirs.expect("an answer"));
            assert_eq!((ours.word, ours.logit), (theirs.word, theirs.logit), "{:?}", program.settings);
        }
        assert_eq!(device.status().unwrap().progress.forgotten, 6);
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
                let predicted = program.answer_cycles(words.len(), sentences.min(geometry.slots));
                assert_eq!(cycles, predicted, "{} {:?} {} words", geometry.name, program.settings, words.len());
            }
        }
    }
}
