//! The same sequences on every backend of the recurrent device: the same answers, logits, refusals, intermediate values and
//! noise.

use engram_crossbar::{IntegerModel, Memoization};
use engram_hdl::parts::memory::undefined::scrambled_reads;
use engram_spec::Device;
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F, TINY, TINY_WIDE, UP5K};
use engram_spec::crossbar::memo::{self, Denominator, ERROR_MAX, Predictor};
use engram_spec::crossbar::program::{BIAS_MAX, BITS_MAX, SHIFT_MAX, SYMBOL_CYCLES};
use engram_spec::crossbar::{Cell, Crossbar, GateSettings, Geometry, Program, Requests, Settings, levels};
use engram_spec::frame::Refusal;
use engram_spec::{Answer, DeviceError};
use engram_testbench::{Backend, Opening};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::backends::{cache, open_if_present};

fn opening(geometry: Geometry, build: Option<Predictor>) -> Opening<Crossbar> {
    Opening { geometry, build, trace: true, vcd: None, baud: 1_000_000, cache: cache() }
}

/// A program of random weights. Most have converters such that neither everything saturates nor everything vanishes; some
/// have settings from the whole range that a device takes, its ends above all.
pub fn random_program(rng: &mut impl Rng, geometry: Geometry) -> Program {
    let any = rng.random_ratio(1, 3);
    let mut within = |least: u8, most: u8| match rng.random_range(0..4) {
        0 => least,
        1 => most,
        _ => rng.random_range(least..=most),
    };
    let (hidden, inputs) = (within(1, geometry.hidden as u8), within(1, geometry.inputs as u8));
    let (classes, dac_bits, adc_bits) = (within(1, geometry.classes as u8), within(1, BITS_MAX), within(1, BITS_MAX));
    let words = geometry.chunks(inputs.into()) + geometry.chunks(hidden.into());
    let tile = (rng.random_range(0..=words) * geometry.lanes) as u8;
    let weight = levels([2, 4, geometry.weight_bits][rng.random_range(0..3)]) as i8;
    // The sum of a tile is about this large; the converter's range should be.
    let rows = if tile == 0 { words * geometry.lanes } else { tile.into() };
    let spread = (rows as f64).sqrt() * f64::from(weight) * f64::from(levels(dac_bits)) / 3.0;
    let gate = |rng: &mut ChaCha8Rng| {
        let mantissa = rng.random_range(128..=255u8);
        let shift = (spread * f64::from(mantissa) / f64::from(levels(adc_bits))).log2().round().clamp(0.0, 24.0);
        let step = 147.8 / 256.0;
        GateSettings {
            mantissa,
            shift: shift as u8,
            noise: (0.5 * shift.exp2() / step).min(65535.0) as u16 * u16::from(rng.random::<bool>()),
            scale: (8192.0 / f64::from(levels(adc_bits))) as u16,
        }
    };
    let rng = &mut ChaCha8Rng::seed_from_u64(rng.random());
    let mut gates = [(); 4].map(|()| gate(rng));
    if any {
        gates = [(); 4].map(|()| GateSettings {
            mantissa: [1, 255, rng.random_range(1..=255)][rng.random_range(0..3)],
            shift: [0, SHIFT_MAX, rng.random_range(0..=SHIFT_MAX)][rng.random_range(0..3)],
            noise: [0, u16::MAX, rng.random()][rng.random_range(0..3)],
            scale: [0, u16::MAX, rng.random()][rng.random_range(0..3)],
        });
    }
    let settings = Settings {
        cell: [Cell::Lstm, Cell::Gru][rng.random_range(0..2)],
        hidden: hidden.into(),
        inputs,
        classes,
        tile,
        dac_bits,
        adc_bits,
        gates,
        seed: rng.random_range(1..=u32::MAX),
    };
    let mut program = Program::zeroed(geometry, settings);
    program.columns.fill_with(|| rng.random_range(-weight..=weight));
    program.readout.fill_with(|| rng.random_range(-weight..=weight));
    let bias = if any { BIAS_MAX } else { 10_000 };
    program.bias.fill_with(|| rng.random_range(-bias..=bias));
    program.readout_bias.fill_with(|| rng.random_range(-bias..=bias));
    program.validate().expect("a program that can be loaded");
    program
}

/// The outcome of a call on a device, without its cycles.
#[derive(Debug, PartialEq)]
enum Outcome {
    Done,
    Answer(u8, i32),
    Refused(Refusal),
}

fn outcome<T>(result: Result<T, DeviceError>, done: impl Fn(T) -> Outcome) -> Outcome {
    match result {
        Ok(value) => done(value),
        Err(DeviceError::Refused(refusal)) => Outcome::Refused(refusal),
        Err(error) => panic!("{error}"),
    }
}

/// Ways to remember: theta from nothing to everything, of all gates alike or of each.
fn random_memo(rng: &mut impl Rng) -> memo::Settings {
    let denominator = [Denominator::Current, Denominator::Remembered, Denominator::Rows][rng.random_range(0..3)];
    let scale = if denominator == Denominator::Rows { 12 } else { 400 };
    let mut theta = || match rng.random_range(0..6) {
        0 => 0,
        1 => ERROR_MAX,
        2 => 1,
        _ => rng.random_range(0..scale),
    };
    let (theta, alike) = ([theta(), theta(), theta(), theta()], theta());
    let theta = if rng.random() { theta } else { [alike; 4] };
    memo::Settings { denominator, throttling: rng.random(), zero_is_minus: rng.random(), theta }
}

/// Plays the same random sequences on a backend and on the integer model, with memoization or without.
fn play(
    device: &mut dyn Device<Crossbar>,
    geometry: Geometry,
    memo: Option<Predictor>,
    seed: u64,
    programs: usize,
    calls: usize,
) {
    let rng = &mut ChaCha8Rng::seed_from_u64(seed);
    let model = &mut IntegerModel::new(geometry);
    if let Some(predictor) = memo {
        *model = model.clone().memoizing(Memoization { predictor, ..Memoization::default() });
    }
    device.record(true);
    model.record(true);
    let mut hits = 0;
    for number in 0..programs {
        let program = random_program(rng, geometry);
        device.load(&program).expect("loads");
        model.load(&program).expect("loads");
        let (inputs, most) = (program.settings.inputs, levels(program.settings.dac_bits) as i8);
        // Inputs that hardly change: of those with memoization many columns are remembered.
        let mut last: Vec<i8> = vec![0; inputs.into()];
        for call in 0..calls {
            // Now and then a symbol too many, or codes too many or too few.
            let symbol = rng.random_range(0..=inputs);
            let length = usize::from(inputs) + [0, 0, 0, 0, 0, 1][rng.random_range(0..6)];
            let mut codes: Vec<i8> = (0..length).map(|_| rng.random_range(-most..=most)).collect();
            if length == last.len() && rng.random() {
                codes.clone_from(&last);
                codes[rng.random_range(0..length)] = rng.random_range(-most..=most);
            }
            if length == last.len() {
                last.clone_from(&codes);
            }
            let kind = rng.random_range(0..13);
            let how = random_memo(rng);
            let before = memo.map(|_| model.tally().expect("a program is loaded"));
            let mut cycles = [0; 2];
            let backends: [&mut dyn Device<Crossbar>; 2] = [device, model];
            let outcomes = backends.into_iter().zip(&mut cycles).map(|(backend, cycles)| match kind {
                0 => outcome(backend.clear(), |()| Outcome::Done),
                1 if memo.is_some() => outcome(backend.memoize(&how), |()| Outcome::Done),
                1..=5 => outcome(backend.step(&codes).inspect(|&took| *cycles = took), |_| Outcome::Done),
                6..=9 => outcome(backend.symbol(symbol).inspect(|&took| *cycles = took), |_| Outcome::Done),
                _ => outcome(
                    backend.answer().inspect(|answer| *cycles = answer.cycles),
                    |Answer { word, logit, .. }| Outcome::Answer(word, logit),
                ),
            });
            let outcomes: Vec<Outcome> = outcomes.collect();
            if let (Some(ours), Some(theirs)) = (model.trace(), device.trace())
                && let Some(parting) = ours.parting(&theirs)
            {
                panic!("program {number}, call {call}, {:?}: {parting}, {outcomes:?}", program.settings);
            }
            assert_eq!(outcomes[0], outcomes[1], "program {number}, call {call}, {:?}", program.settings);
            let (Some(predictor), Some(before)) = (memo, before) else { continue };
            let tally = model.tally().unwrap();
            assert_eq!(device.tally().unwrap(), tally, "program {number}, call {call}, {:?}", program.settings);
            let walk = tally.cycles.wrapping_sub(before.cycles);
            let expected = match (&outcomes[0], kind) {
                (Outcome::Done, 2..=5) => predictor.step_cycles(&program, walk),
                (Outcome::Done, 6..=9) => predictor.step_cycles(&program, walk) + SYMBOL_CYCLES,
                (Outcome::Answer(..), _) => predictor.answer_cycles(&program),
                _ => cycles[0],
            };
            assert_eq!(cycles[0], expected, "cycles of program {number}, call {call}, {:?}", program.settings);
            hits += tally.hits.iter().sum::<u32>();
        }
        assert_eq!(device.status().unwrap().progress.steps, model.status().unwrap().progress.steps);
        assert_eq!(device.identify().unwrap(), model.identify().unwrap());
    }
    assert!(memo.is_none() || hits > 0, "nothing was remembered");
}

fn play_with(
    backend: Backend,
    geometry: Geometry,
    memo: impl Into<Option<Predictor>>,
    seed: u64,
    programs: usize,
    calls: usize,
) {
    let memo = memo.into();
    if let Some(mut device) = open_if_present(&backend, &opening(geometry, memo)) {
        play(device.as_mut(), geometry, memo, seed, programs, calls);
    }
}

fn play_on(backend: Backend, geometry: Geometry, seed: u64, programs: usize, calls: usize) {
    play_with(backend, geometry, None, seed, programs, calls);
}

#[test]
fn the_in_crate_simulation_remembers_alike() {
    for geometry in [TINY, TINY_WIDE] {
        let predictor = Predictor::of(&geometry);
        play_with(Backend::Simulation, geometry, predictor, 11, 8, 30);
        play_with(Backend::Simulation, geometry, predictor.serial(), 12, 8, 30);
    }
}

/// Programs of every size, with predictors of every width that the geometry allows.
#[test]
fn the_verilog_in_verilator_remembers_alike() {
    for geometry in [TINY, TINY_WIDE] {
        for width in [8, 16, 32] {
            let predictor = Predictor { width, ..Predictor::of(&geometry) };
            play_with(Backend::Verilator, geometry, predictor, 13, 12, 40);
        }
        play_with(Backend::Verilator, geometry, Predictor::of(&geometry).serial(), 14, 12, 40);
    }
}

#[test]
fn the_verilog_in_cxxrtl_remembers_alike() {
    play_with(Backend::Cxxrtl, TINY, Predictor::of(&TINY), 15, 20, 40);
}

#[test]
fn the_in_crate_simulation_plays_alike() {
    [TINY, TINY_WIDE].into_iter().for_each(|geometry| play_on(Backend::Simulation, geometry, 1, 12, 30));
}

#[test]
fn the_verilog_in_verilator_plays_alike() {
    [TINY, TINY_WIDE].into_iter().for_each(|geometry| play_on(Backend::Verilator, geometry, 2, 60, 40));
}

#[test]
fn the_verilog_in_cxxrtl_plays_alike() {
    play_on(Backend::Cxxrtl, TINY, 3, 30, 40);
}

/// The gates that synthesis makes of the Verilog.
#[test]
fn the_netlist_plays_alike() {
    play_on(Backend::Netlist, TINY, 9, 8, 20);
}

#[test]
#[ignore = "takes minutes: make netlist"]
fn the_netlist_of_the_preset_plays_alike() {
    play_on(Backend::Netlist, UP5K, 10, 2, 8);
}

/// A preset's own Verilog, with programs that fill it, and the same with memoization.
fn the_verilog_plays_and_remembers_alike(geometry: Geometry, seed: u64) {
    for (memo, programs) in [(None, 6), (Some(Predictor::of(&geometry)), 4)] {
        let backends = [Backend::Verilator, Backend::Cxxrtl];
        let Some(mut device) =
            backends.into_iter().find_map(|backend| open_if_present(&backend, &opening(geometry, memo)))
        else {
            continue;
        };
        play(device.as_mut(), geometry, memo, seed, programs, 30);
    }
}

#[test]
fn the_verilog_of_up5k_plays_alike() {
    the_verilog_plays_and_remembers_alike(UP5K, 4);
}

#[test]
fn the_verilog_of_ecp5_25f_plays_alike() {
    the_verilog_plays_and_remembers_alike(ECP5_25F, 5);
}

#[test]
fn the_verilog_of_ecp5_85f_plays_alike() {
    the_verilog_plays_and_remembers_alike(ECP5_85F, 6);
}

#[test]
fn the_in_crate_simulation_of_a_preset_plays_alike() {
    play_on(Backend::Simulation, ECP5_25F, 7, 3, 4);
}

/// A network that fills the weight memory to its last word: nothing is read behind it, not even in cycles in which nobody
/// looks. The models of all memories check their addresses, and so does the compiled Verilog.
#[test]
fn a_network_that_fills_the_memory_reads_nothing_behind_it() {
    let rng = &mut ChaCha8Rng::seed_from_u64(18);
    let geometry = ECP5_25F;
    let (hidden, inputs, classes) = (geometry.hidden as u16, geometry.inputs as u8, geometry.classes as u8);
    let sizes = random_program(rng, geometry).settings;
    let mut program = Program::zeroed(geometry, Settings { hidden, inputs, classes, tile: 0, ..sizes });
    program.columns.fill_with(|| rng.random_range(-7..=7));
    program.readout.fill_with(|| rng.random_range(-7..=7));
    let words = (program.columns.len() + program.readout.len()) / geometry.lanes;
    assert_eq!(words, geometry.weight_depth);
    let similar = memo::Settings { theta: [30; 4], ..memo::Settings::default() };
    let play = |device: &mut dyn Device<Crossbar>, memo: Option<Predictor>| {
        device.load(&program).expect("loads");
        if memo.is_some() {
            device.memoize(&similar).expect("settings");
        }
        [0, inputs - 1].map(|symbol| {
            device.symbol(symbol).expect("a step");
            let answer = device.answer().expect("an answer");
            (answer.word, answer.logit)
        })
    };
    for memo in [None, Some(Predictor::of(&geometry))] {
        let model = IntegerModel::new(geometry);
        let mut model = match memo {
            Some(predictor) => model.memoizing(Memoization { predictor, ..Memoization::default() }),
            None => model,
        };
        let expected = play(&mut model, memo);
        let compiled = [Backend::Verilator, Backend::Cxxrtl];
        let compiled = compiled.into_iter().find_map(|backend| open_if_present(&backend, &opening(geometry, memo)));
        for mut device in open_if_present(&Backend::Simulation, &opening(geometry, memo)).into_iter().chain(compiled) {
            assert_eq!(play(device.as_mut(), memo), expected, "{memo:?}");
        }
    }
}

/// A word that is read while it is written is scrambled in the in-crate simulation of a core. Such reads do happen, so the
/// tests above would see an answer that depends on one.
#[test]
fn undefined_reads_happen_and_change_nothing() {
    let before = scrambled_reads();
    play_with(Backend::Simulation, TINY, Predictor::of(&TINY), 19, 4, 20);
    assert!(scrambled_reads() > before, "none happened");
}

/// The cycles are known before anything is synthesised.
#[test]
fn steps_and_answers_take_the_cycles_that_are_said() {
    let rng = &mut ChaCha8Rng::seed_from_u64(8);
    for geometry in [TINY, UP5K] {
        let mut device = open_if_present(&Backend::Simulation, &opening(geometry, None)).expect("needs no tool");
        for _ in 0..4 {
            let mut program = random_program(rng, geometry);
            if geometry == UP5K {
                let settings = Settings { hidden: 9, inputs: 11, classes: 3, ..program.settings };
                program = Program::zeroed(geometry, settings);
            }
            device.load(&program).expect("loads");
            let codes = vec![1; program.settings.inputs.into()];
            assert_eq!(device.step(&codes).expect("a step"), program.step_cycles(), "{:?}", program.settings);
            assert_eq!(device.symbol(0).expect("a step"), program.step_cycles() + SYMBOL_CYCLES);
            assert_eq!(device.answer().expect("an answer").cycles, program.answer_cycles(), "{:?}", program.settings);
        }
    }
}
