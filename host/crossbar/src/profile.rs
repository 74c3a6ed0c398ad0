//! Ranges against codes: how much of its code's range a value of the crossbar uses, where in it the values lie, how often one is cut off,
//! and how often nothing is left of it.

use engram_sequences::{Questions, Recording};
use engram_spec::crossbar::{Call, Cell, Crossbar, Gate, Geometry, Identity, Program, Reply, Status, dac, levels};
use engram_spec::machine::{Device, DeviceError};
use engram_spec::trace::{Quantity, Trace};
use serde::Serialize;

use crate::evaluate::{EvaluateError, questions_on};
use crate::integer::IntegerModel;
use crate::model::{Labels, Model};
use crate::program::{Programming, ProgrammingError, SOFTWARE};
use crate::tensors::GATES;

/// Bins of a histogram, one for each code of 4 bits.
pub const BINS: usize = 15;

/// The column of a GRU of which a trace has the index in place of a gate.
const NH: usize = 3;

/// The range of some values against that of the codes that store them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Range {
    /// The name of the values.
    pub name: String,
    /// The unit of the numbers below.
    pub unit: &'static str,
    /// The largest magnitude that is stored.
    pub largest: f64,
    /// The least value, before it is stored.
    pub min: f64,
    /// The greatest.
    pub max: f64,
    /// The mean of the values.
    pub mean: f64,
    /// The values in equal parts of what is stored, from the least to the largest; those beyond count at the ends.
    pub histogram: [usize; BINS],
    /// The part of the range that is used, 0 to 1, and above where values are cut off.
    pub used: f64,
    /// The number of values.
    pub values: usize,
    /// Values beyond the largest, which storing cuts off; of codes those at the end of their range.
    pub saturated: usize,
    /// Values other than 0 that are stored as 0; of codes those that are 0.
    pub zeroed: usize,
}

impl Range {
    fn new(name: impl Into<String>, unit: &'static str, largest: f64) -> Range {
        let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
        let (name, histogram) = (name.into(), [0; BINS]);
        Range { name, unit, largest, min, max, mean: 0.0, histogram, used: 0.0, values: 0, saturated: 0, zeroed: 0 }
    }

    /// Counts a value.
    fn see(&mut self, value: f64, saturated: bool, zeroed: bool) {
        (self.min, self.max) = (self.min.min(value), self.max.max(value));
        self.used = self.min.abs().max(self.max.abs()) / self.largest;
        self.values += 1;
        self.mean += (value - self.mean) / self.values as f64;
        let bin = (value / self.largest + 1.0) * 0.5 * BINS as f64;
        self.histogram[bin.clamp(0.0, BINS as f64 - 1.0) as usize] += 1;
        self.saturated += usize::from(saturated);
        self.zeroed += usize::from(zeroed);
    }

    /// Counts a code, of which no finer value is known: whether it is at the end of its range, or 0.
    fn see_code(&mut self, code: i32) {
        let value = f64::from(code);
        self.see(value, value.abs() >= self.largest, code == 0);
    }

    /// Counts an index of the tables, in units of 2^-5.
    fn see_index(&mut self, index: i32) {
        self.see(f64::from(index) / 32.0, !(-255..=254).contains(&index), false);
    }
}

/// The ranges of a model on some questions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Profile {
    /// The weights of each gate, and of the readout.
    pub tensors: Vec<Range>,
    /// The values, in the order in which a step computes them.
    pub values: Vec<Range>,
    /// Steps that were looked at.
    pub steps: usize,
}

/// An error of a profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// A model that cannot be programmed.
    #[error(transparent)]
    Programming(#[from] ProgrammingError),
    /// Questions that the model cannot take.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

/// The profile of a model in codes on some questions: every column is computed, also where the model has thresholds. `names` are
/// those of a cell's columns.
pub fn profile(
    model: &Model,
    programming: &Programming,
    questions: &Questions,
    names: [&str; GATES],
) -> Result<Profile, ProfileError> {
    let geometry = Geometry { lanes: model.design.tiling.lanes, ..SOFTWARE };
    let program = model.program(geometry, programming)?;
    let mut watched = Watched { device: IntegerModel::new(geometry), seen: Seen::new(&program, names) };
    watched.device.load(&program).map_err(EvaluateError::from)?;
    watched.device.record(true);
    questions_on(&mut watched, model, questions, |_, _| ())?;
    let inputs = inputs(model, questions);
    let Seen { sums, indices, gates, cell, hidden, readout, steps, .. } = watched.seen;
    let values = inputs.into_iter().chain(sums).chain(indices).chain(gates).chain([cell, hidden, readout]);
    // Weights that deviate are finer codes.
    let levels = if !programming.cells.is_exact() { None } else { model.design.precisions.weights.levels() };
    let values = values.filter(|range| range.values > 0);
    Ok(Profile { tensors: tensors(model, &program, levels.unwrap_or(127), names), values: values.collect(), steps })
}

/// The weights as they are programmed, gate by gate, and those of the readout.
fn tensors(model: &Model, program: &Program, levels: i32, names: [&str; GATES]) -> Vec<Range> {
    let range = |name: String| Range::new(name, "codes", levels.into());
    let mut gates = names.map(|name| range(format!("weights {name}")));
    let (inputs, rows) = (model.design.shape.inputs, model.design.shape.rows());
    for (column, weights) in program.columns.chunks_exact(rows.max(1)).enumerate() {
        let reads = model.design.cell.reads(column % GATES, inputs, rows);
        weights[reads].iter().for_each(|&code| gates[column % GATES].see_code(code.into()));
    }
    let mut readout = range("weights readout".to_string());
    program.readout.iter().for_each(|&code| readout.see_code(code.into()));
    gates.into_iter().chain([readout]).collect()
}

/// The inputs of recordings before they become codes. Symbols are one-hot and have no range.
fn inputs(model: &Model, questions: &Questions) -> Option<Range> {
    let (Labels::Classes { windowing, normaliser, .. }, Questions::Recordings(recordings)) = (&model.labels, questions)
    else {
        return None;
    };
    let bits = model.design.precisions.dac.bits()?;
    let half = 0.5 / f64::from(levels(bits));
    let mut range = Range::new("x", "of the DAC's range", 1.0);
    let windows: Vec<Recording> = recordings.iter().filter_map(|recording| windowing.apply(recording).ok()).collect();
    let steps = windows.iter().flat_map(Recording::steps);
    for (channel, &value) in steps.flat_map(|step| step.iter().enumerate()) {
        let x = (value - normaliser.mean[channel]) / normaliser.deviation[channel] / normaliser.range[channel];
        if x.is_finite() {
            range.see(x.into(), f64::from(x.abs()) > 1.0 + half, x != 0.0 && dac(x.clamp(-1.0, 1.0), bits) == 0);
        }
    }
    Some(range)
}

/// The values of all steps so far.
struct Seen {
    kind: Cell,
    /// Conversions of each gate's column, one a tile that it reads.
    tiles: [usize; GATES],
    /// Codes of the converters a unit of a tile's sum.
    gains: [f64; GATES],
    /// The largest code of the DACs and of the converters.
    most: [i32; 2],
    sums: [Range; GATES],
    indices: [Range; GATES],
    /// The gates; of a GRU z, r, n and the index of nh.
    gates: [Range; GATES],
    /// c, or of a GRU h.
    cell: Range,
    hidden: Range,
    readout: Range,
    steps: usize,
}

impl Seen {
    fn new(program: &Program, names: [&str; GATES]) -> Seen {
        let settings = &program.settings;
        let tile = program.tile_rows().max(1);
        let most = [levels(settings.dac_bits), levels(settings.adc_bits)];
        let each = |what: &str, unit, largest| names.map(|name| Range::new(format!("{what} {name}"), unit, largest));
        let (gates, cell) = match settings.cell {
            Cell::Lstm => (each("gate", "", 1.0), Range::new("c", "", 16.0)),
            Cell::Gru => {
                let [z, r, _, nh] = names;
                let [z, r, n] = [z, r, "n"].map(|name| Range::new(format!("gate {name}"), "", 1.0));
                ([z, r, n, Range::new(format!("index {nh}"), "", 8.0)], Range::new("h state", "", 1.0))
            }
        };
        Seen {
            kind: settings.cell,
            tiles: Gate::ALL.map(|gate| {
                let reads = program.reads(gate);
                (reads.start - reads.start % tile..reads.end).step_by(tile).count()
            }),
            gains: settings.gates.map(|gate| f64::from(gate.mantissa) / f64::from(1u32 << gate.shift)),
            most,
            sums: each("ADC", "codes", most[1].into()),
            indices: each("z", "", 8.0),
            gates,
            cell,
            hidden: Range::new("h", "of the DAC's range", 1.0),
            readout: Range::new("h of the readout", "codes", 127.0),
            steps: 0,
        }
    }

    /// Counts the values of the steps in a trace.
    fn see(&mut self, trace: &Trace) {
        let mut sums: &[i32] = &[];
        for entry in &trace.entries {
            let values = &entry.values;
            match entry.quantity {
                Quantity::TileSum => sums = values,
                Quantity::Converted => self.see_sums(sums, values),
                Quantity::Index => {
                    for (column, &index) in values.iter().enumerate() {
                        self.indices[column % GATES].see_index(index);
                    }
                }
                Quantity::Gate => {
                    for (column, &gate) in values.iter().enumerate() {
                        let range = &mut self.gates[column % GATES];
                        match (self.kind, column % GATES) {
                            (Cell::Gru, NH) => range.see_index(gate),
                            _ => range.see(f64::from(gate) / 1024.0, gate.abs() >= 1024, gate == 0),
                        }
                    }
                }
                Quantity::Cell => {
                    let ends = [i32::from(i16::MIN), i16::MAX.into()];
                    for &cell in values {
                        match self.kind {
                            Cell::Lstm => self.cell.see(f64::from(cell) / 2048.0, ends.contains(&cell), false),
                            // No h is limited.
                            Cell::Gru => self.cell.see(f64::from(cell) / 16384.0, false, false),
                        }
                    }
                }
                Quantity::Hidden => self.see_hidden(values, trace, entry.index),
                Quantity::Readout => {
                    self.steps += 1;
                    values.iter().for_each(|&code| self.readout.see_code(code));
                }
                _ => {}
            }
        }
    }

    /// Counts the sums of the tiles, in the order of their conversions, as codes of the converters before these round.
    fn see_sums(&mut self, sums: &[i32], codes: &[i32]) {
        let mut pairs = sums.iter().zip(codes);
        let most = f64::from(self.most[1]) + 0.5;
        while pairs.len() > 0 {
            for gate in 0..GATES {
                for (&sum, &code) in pairs.by_ref().take(self.tiles[gate]) {
                    let steps = f64::from(sum) * self.gains[gate];
                    self.sums[gate].see(steps, steps.abs() > most, sum != 0 && code == 0);
                }
            }
        }
    }

    /// Counts h as the next step gets it, beside the finer code that the readout gets.
    fn see_hidden(&mut self, codes: &[i32], trace: &Trace, step: usize) {
        let most = f64::from(self.most[0]);
        let fine = trace.get(Quantity::Readout, step).unwrap_or_default();
        for (&code, &fine) in codes.iter().zip(fine) {
            self.hidden.see(f64::from(fine) / 127.0, f64::from(code.abs()) >= most, code == 0 && fine != 0);
        }
    }
}

/// An integer model whose values are counted.
struct Watched {
    device: IntegerModel,
    seen: Seen,
}

impl Device<Crossbar> for Watched {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        self.device.identify()
    }

    fn load_with(&mut self, program: &Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.device.load_with(program, progress)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.device.clear()
    }

    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        let reply = self.device.call(call)?;
        if let Some(trace) = self.device.trace() {
            self.seen.see(&trace);
        }
        Ok(reply)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        self.device.status()
    }
}
