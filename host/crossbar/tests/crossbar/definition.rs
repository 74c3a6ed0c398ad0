//! The integer model against the definition of the crossbar network, written down plainly: loops over numbers as
//! the contract of `engram_spec::crossbar` has them, nothing shared with the model but the program and its settings.

use std::collections::BTreeSet;
use std::ops::Range;

use engram_crossbar::program::SOFTWARE;
use engram_crossbar::{IntegerModel, Memoization};
use engram_spec::Device;
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F, TINY, TINY_WIDE};
use engram_spec::crossbar::memo::{self, Denominator};
use engram_spec::crossbar::program::HIDDEN_MAX;
use engram_spec::crossbar::{Cell, GateSettings, Geometry, Program, Requests, Settings, levels};
use engram_spec::{DeviceError, Quantity};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Nearest, ties to even.
fn round_shift(value: i64, shift: u32) -> i64 {
    let (unit, floor) = (1i64 << shift, value >> shift);
    let rest = value - floor * unit;
    if 2 * rest > unit || (2 * rest == unit && floor % 2 != 0) { floor + 1 } else { floor }
}

struct Plain {
    program: Program,
    h: Vec<i64>,
    c: Vec<i64>,
    read: Vec<i64>,
    state: u32,
    memo: Option<memo::Settings>,
    /// The index, agreement and drift of each column that was computed.
    remembered: Vec<Option<(i64, i64, i64)>>,
    hits: u64,
    forced: u64,
}

impl Plain {
    fn new(program: &Program, memo: Option<memo::Settings>) -> Plain {
        let zeros = vec![0; usize::from(program.settings.hidden)];
        let (state, remembered) = (program.settings.seed, vec![None; program.settings.columns()]);
        let (program, h, c) = (program.clone(), zeros.clone(), zeros.clone());
        Plain { program, h, c, read: zeros, state, memo, remembered, hits: 0, forced: 0 }
    }

    /// The agreement of a column, and its index where it is remembered.
    fn recall(&mut self, column: usize, weights: &[i8], values: &[i64], reads: Range<usize>) -> (i64, Option<i64>) {
        let Some(memo) = self.memo else { return (0, None) };
        let inputs = usize::from(self.program.settings.inputs);
        let minus = |row: usize| values[row] < 0 || (memo.zero_is_minus && row < inputs && values[row] == 0);
        let signs = reads.map(|row| if (weights[row] < 0) == minus(row) { 1 } else { -1 });
        let agreement: i64 = signs.sum();
        let Some((index, before, drift)) = self.remembered[column] else {
            self.forced += 1;
            return (agreement, None);
        };
        let difference = (agreement - before).abs();
        let n = match memo.denominator {
            Denominator::Current => agreement.abs(),
            Denominator::Remembered => before.abs(),
            Denominator::Rows => 1,
        };
        if n == 0 {
            self.forced += 1;
            return (agreement, None);
        }
        let relative = (difference * (65536 / n).min(65535)) >> 8;
        let error = if memo.denominator == Denominator::Rows { difference } else { relative }.min(4095);
        let drift = if memo.throttling { (drift + error).min(4095) } else { error };
        if drift >= i64::from(memo.theta[column % 4]) {
            return (agreement, None);
        }
        self.hits += 1;
        self.remembered[column] = Some((index, before, drift));
        (agreement, Some(index))
    }

    fn noise(&mut self, factor: u16) -> i64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        let bytes: i64 = self.state.to_le_bytes().iter().map(|&byte| i64::from(byte)).sum();
        ((bytes - 510) * i64::from(factor)) >> 8
    }

    fn table(&self, z: i64, function: fn(f64) -> f64) -> i64 {
        (1024.0 * function(z.clamp(-256, 255) as f64 / 32.0)).round() as i64
    }

    fn step(&mut self, x: &[i64]) {
        let Settings { hidden, inputs, tile, dac_bits, adc_bits, gates, .. } = self.program.settings;
        let (hidden, inputs, lanes) = (usize::from(hidden), usize::from(inputs), self.program.geometry.lanes);
        // The row of each input and of each h: h begins at the next word.
        let rows: Vec<usize> = (0..inputs).chain((0..hidden).map(|j| inputs.div_ceil(lanes) * lanes + j)).collect();
        let values: Vec<i64> = x.iter().chain(&self.h).copied().collect();
        let all = (inputs.div_ceil(lanes) + hidden.div_ceil(lanes)) * lanes;
        let (first, gru) = (inputs.next_multiple_of(lanes), self.program.settings.cell == Cell::Gru);
        let size = if tile == 0 { all } else { usize::from(tile) };
        let limit = |value: i64, bits: u8| match bits {
            1 => {
                if value < 0 {
                    -1
                } else {
                    1
                }
            }
            _ => value.clamp(-i64::from(levels(bits)), i64::from(levels(bits))),
        };
        let mut next = Vec::new();
        for j in 0..hidden {
            let mut indices = [0i64; 4];
            for gate in 0..4 {
                let weights = &self.program.columns[(4 * j + gate) * rows.len()..][..rows.len()].to_vec();
                let GateSettings { mantissa, shift, noise, scale } = gates[gate];
                let reads = match (self.program.settings.cell, gate) {
                    (Cell::Gru, 2) => 0..inputs,
                    (Cell::Gru, 3) => inputs..rows.len(),
                    _ => 0..rows.len(),
                };
                let (agreement, index) = self.recall(4 * j + gate, weights, &values, reads.clone());
                if let Some(index) = index {
                    indices[gate] = index;
                    continue;
                }
                let mut codes = 0;
                for tile in 0..all.div_ceil(size) {
                    let words = match (gru, gate) {
                        (true, 2) => 0..first,
                        (true, 3) => first..all,
                        _ => 0..all,
                    };
                    if words.clone().all(|row| row / size != tile) {
                        continue;
                    }
                    let within = reads.clone().filter(|&row| rows[row] / size == tile);
                    let sum: i64 = within.map(|row| i64::from(weights[row]) * values[row]).sum();
                    let scaled = sum * i64::from(mantissa) + self.noise(noise);
                    let rounded = if adc_bits == 1 { scaled } else { round_shift(scaled, u32::from(shift)) };
                    codes += limit(rounded, adc_bits);
                }
                let z = codes * i64::from(scale) + i64::from(self.program.bias[4 * j + gate]);
                let index = round_shift(z, 7).clamp(-256, 255);
                self.remembered[4 * j + gate] = Some((index, agreement, 0));
                indices[gate] = index;
            }
            let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
            if gru {
                let [z, r] = [0, 1].map(|gate| self.table(indices[gate], sigmoid));
                let n = 16 * self.table(round_shift(1024 * indices[2] + r * indices[3], 10), f64::tanh);
                self.c[j] = round_shift(1024 * n + z * (self.c[j] - n), 10);
                let code =
                    if dac_bits == 1 { self.c[j] } else { round_shift(self.c[j] * i64::from(levels(dac_bits)), 14) };
                next.push(limit(code, dac_bits));
                self.read[j] = round_shift(self.c[j] * 127, 14);
                continue;
            }
            let [i, f, o] = [0, 1, 3].map(|gate| self.table(indices[gate], sigmoid));
            let g = self.table(indices[2], f64::tanh);
            self.c[j] = round_shift(f * self.c[j] + 2 * i * g, 10).clamp(-32768, 32767);
            let shown = o * self.table(round_shift(self.c[j], 6), f64::tanh);
            let code = if dac_bits == 1 { shown } else { round_shift(shown * i64::from(levels(dac_bits)), 20) };
            next.push(limit(code, dac_bits));
            self.read[j] = round_shift(shown * 127, 20);
        }
        self.h = next;
    }

    fn logits(&self) -> Vec<i64> {
        let rows = self.program.readout.chunks(self.read.len()).zip(&self.program.readout_bias);
        let inner = |row: &[i8]| row.iter().zip(&self.read).map(|(&w, &h)| i64::from(w) * h).sum::<i64>();
        rows.map(|(row, &bias)| i64::from(bias) + inner(row)).collect()
    }
}

/// A program of so many cells whose gates use the whole range of their tables.
fn random_program(geometry: Geometry, cell: Cell, hidden: usize, random: &mut ChaCha8Rng) -> Program {
    let (dac_bits, adc_bits) = (random.random_range(1..=8), random.random_range(1..=8));
    let most = levels(geometry.weight_bits.min(random.random_range(1..=8)));
    let inputs = random.random_range(1..=geometry.inputs.min(20)) as u8;
    let classes = random.random_range(1..=geometry.classes.min(20)) as u8;
    let tile = (random.random_range(0..=3) * geometry.lanes) as u8;
    let typical = f64::from(most * levels(dac_bits)) * (hidden as f64 + f64::from(inputs)).sqrt() / 2.0;
    let gates = [0; 4].map(|_| {
        let shift: u8 = random.random_range(4..=24);
        let gain = f64::from(levels(adc_bits)) / typical;
        let mantissa = (gain * f64::from(1u32 << shift)).clamp(1.0, 255.0) as u8;
        let noise = if random.random::<bool>() { random.random() } else { 0 };
        GateSettings { mantissa, shift, noise, scale: (8192 / levels(adc_bits)) as u16 + random.random_range(1..999) }
    });
    let seed = random.random_range(1..=u32::MAX);
    let settings = Settings { cell, hidden: hidden as u16, inputs, classes, tile, dac_bits, adc_bits, gates, seed };
    let mut program = Program::zeroed(geometry, settings);
    let codes = program.columns.iter_mut().chain(&mut program.readout);
    codes.for_each(|code| *code = random.random_range(-most..=most) as i8);
    let biases = program.bias.iter_mut().chain(&mut program.readout_bias);
    biases.for_each(|bias| *bias = random.random_range(-20_000..20_000));
    program.validate().unwrap();
    program
}

fn random_memoization(random: &mut ChaCha8Rng) -> memo::Settings {
    let denominators = [Denominator::Current, Denominator::Remembered, Denominator::Rows];
    let denominator = denominators[random.random_range(0..3)];
    let most = if denominator == Denominator::Rows { 16 } else { 512 };
    let theta = [0; 4].map(|_| if random.random_range(0..8) == 0 { 4095 } else { random.random_range(0..most) });
    memo::Settings { denominator, throttling: random.random(), zero_is_minus: random.random(), theta }
}

fn wide(codes: &[i32]) -> Vec<i64> {
    codes.iter().map(|&code| i64::from(code)).collect()
}

/// The counts of the columns and the answers of some sequences.
#[derive(Default)]
struct Played {
    hits: u64,
    columns: u64,
    answers: BTreeSet<usize>,
}

/// Plays two sequences on the integer model and holds every number against the definition's.
fn play(program: &Program, memo: Option<memo::Settings>, random: &mut ChaCha8Rng) -> Played {
    let geometry = program.geometry;
    let what = format!("{} {:?} {memo:?}", geometry.name, program.settings);
    let mut device = match memo {
        None => IntegerModel::new(geometry),
        Some(settings) => IntegerModel::new(geometry).memoizing(Memoization { settings, ..Memoization::default() }),
    };
    device.load(program).unwrap();
    device.record(true);
    let mut played = Played::default();
    for symbols in [false, true] {
        device.clear().unwrap();
        let mut plain = Plain::new(program, memo);
        for step in 0..12 {
            let (inputs, most) = (program.settings.inputs, levels(program.settings.dac_bits));
            let x: Vec<i64> = if symbols {
                let symbol = random.random_range(0..inputs);
                device.symbol(symbol).unwrap();
                (0..inputs).map(|input| if input == symbol { i64::from(most) } else { 0 }).collect()
            } else {
                let x: Vec<i8> = (0..inputs).map(|_| random.random_range(-most..=most) as i8).collect();
                device.step(&x).unwrap();
                x.into_iter().map(i64::from).collect()
            };
            plain.step(&x);
            let answer = device.answer().unwrap();
            let (trace, logits) = (device.trace().unwrap(), plain.logits());
            assert_eq!(wide(trace.get(Quantity::Cell, step).unwrap()), plain.c, "{what}, step {step}");
            assert_eq!(wide(trace.get(Quantity::Hidden, step).unwrap()), plain.h, "{what}, step {step}");
            assert_eq!(wide(trace.get(Quantity::Readout, step).unwrap()), plain.read);
            assert_eq!(wide(trace.get(Quantity::Logit, 0).unwrap()), logits);
            let best = logits.iter().position(|logit| logit == logits.iter().max().unwrap()).unwrap();
            assert_eq!((usize::from(answer.word), i64::from(answer.logit)), (best, logits[best]));
            played.answers.insert(best);
            let columns = program.settings.columns();
            if memo.is_none() && program.settings.cell == Cell::Lstm {
                assert_eq!(trace.get(Quantity::TileSum, step).unwrap().len(), columns * program.tiles());
            }
            assert_eq!(trace.get(Quantity::Gate, step).unwrap().len(), columns);
        }
        let counters = device.take_counters();
        assert_eq!((counters.hits.iter().sum::<u64>(), counters.forced), (plain.hits, plain.forced), "{what}");
        played.hits += plain.hits;
        played.columns += counters.columns.iter().sum::<u64>();
    }
    played
}

#[test]
fn random_programs_give_what_the_definition_says_noise_and_memoization_included() {
    let random = &mut ChaCha8Rng::seed_from_u64(7);
    let mut all = Played::default();
    for round in 0..300 {
        let geometry = [TINY, TINY_WIDE, ECP5_25F, ECP5_85F][round % 4];
        let cell = [Cell::Lstm, Cell::Lstm, Cell::Gru][round % 3];
        let hidden = random.random_range(1..=geometry.hidden.min(20));
        let program = random_program(geometry, cell, hidden, random);
        let memo = (round % 8 >= 4).then(|| random_memoization(random));
        let Played { hits, columns, answers } = play(&program, memo, random);
        (all.hits, all.columns) = (all.hits + hits, all.columns + columns);
        all.answers.extend(answers);
    }
    let Played { hits, columns, answers } = all;
    assert!(answers.len() > 8, "{answers:?}");
    assert!(5 * hits > columns && 5 * hits < 4 * columns, "{hits} of {columns} columns are remembered");
}

/// Memoization that hardware does not hold.
#[test]
fn so_do_programs_of_as_many_cells_as_settings_say() {
    let random = &mut ChaCha8Rng::seed_from_u64(8);
    for hidden in [HIDDEN_MAX - 1, HIDDEN_MAX] {
        for cell in [Cell::Lstm, Cell::Gru] {
            let program = random_program(SOFTWARE, cell, hidden, random);
            play(&program, None, random);
            let memo = memo::Settings { theta: [400; 4], ..random_memoization(random) };
            let Played { hits, columns, .. } = play(&program, Some(memo), random);
            assert!(hits > 0 && hits < columns, "{hits} of {columns} columns are remembered");
        }
    }
}

#[test]
fn what_the_program_cannot_take_is_refused_and_changes_nothing() {
    let mut device = IntegerModel::new(TINY);
    let refused = |result: Result<_, DeviceError>| matches!(result, Err(DeviceError::Refused(_)));
    assert!(refused(device.clear()) && refused(device.answer().map(|_| ())));
    let program = random_program(TINY, Cell::Lstm, 8, &mut ChaCha8Rng::seed_from_u64(3));
    assert!(refused(device.load(&Program { geometry: TINY_WIDE, ..program.clone() })));
    device.load(&program).unwrap();
    assert_eq!(device.identify().unwrap().loaded, Some(program.hash()));
    assert!(refused(device.answer().map(|_| ())), "an answer before the first step");
    let inputs = program.settings.inputs;
    assert!(refused(device.step(&vec![0; usize::from(inputs) + 1]).map(|_| ())));
    assert!(refused(device.symbol(inputs).map(|_| ())));
    assert_eq!(device.status().unwrap().progress.steps, 0);
    device.symbol(inputs - 1).unwrap();
    let first = device.answer().unwrap();
    assert_eq!(device.status().unwrap().progress.steps, 1);
    device.clear().unwrap();
    device.symbol(inputs - 1).unwrap();
    assert_eq!(device.answer().unwrap(), first);
}
