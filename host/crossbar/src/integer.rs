//! The crossbar of LSTMs and GRUs in integers: a device in software, bit for bit what the hardware computes, and what
//! defines the answers.
//!
//! A step walks over the columns, cell by cell and gate by gate; each column gives its index, the four of a cell its new
//! state. With memoization columns may be remembered in place of computed.

use std::ops::Range;

use engram_learn::for_processor;
use engram_spec::crossbar::cell::{dac_code, hidden, readout_code, update};
use engram_spec::crossbar::device::STEPS_MAX;
use engram_spec::crossbar::gate::{Tables, index};
use engram_spec::crossbar::gru;
use engram_spec::crossbar::memo::{Counters, Tally, Verdict};
use engram_spec::crossbar::{
    Call, Cell, Crossbar, Gate, Geometry, Identity, Noise, Program, Reply, Sequence, Settings, Status, convert, levels,
};
use engram_spec::frame::{Refusal, VERSION};
use engram_spec::machine::{Answer, Device, DeviceError};
use engram_spec::trace::{Quantity, Trace};

use crate::memo::{Memo, Memoization};

/// A recurrent device in software.
#[derive(Clone, Debug)]
pub struct IntegerModel {
    geometry: Geometry,
    tables: Tables,
    loaded: Option<Loaded>,
    recording: Option<Trace>,
    memoization: Option<Memoization>,
}

/// A program as it is computed with, and the state of a sequence.
#[derive(Clone, Debug)]
struct Loaded {
    settings: Settings,
    hash: u32,
    /// Rows of a column, padding included, and of a tile.
    rows: usize,
    tile: usize,
    /// The place where h begins in the row vector.
    hidden_row: usize,
    /// The rows that a gate's columns read.
    reads: [Range<usize>; 4],
    /// The columns as they lie on the row vector, 4 H x rows.
    columns: Vec<i16>,
    bias: Vec<i32>,
    readout: Vec<i16>,
    readout_bias: Vec<i32>,
    /// Whether any gate has read noise.
    noisy: bool,
    noise: Noise,
    /// v = \[x; h\].
    vector: Vec<i16>,
    cells: Vec<i16>,
    read: Vec<i16>,
    next: Vec<i16>,
    steps: u32,
    memo: Option<Memo>,
}

for_processor! {
    /// The exact inner product of codes.
    fn inner(weights: &[i16], codes: &[i16]) -> i32 {
        let mut sum = 0;
        for (&weight, &code) in weights.iter().zip(codes) {
            sum += i32::from(weight) * i32::from(code);
        }
        sum
    }
}

/// The traced values of a step.
#[derive(Default)]
struct Seen {
    sums: Vec<i32>,
    converted: Vec<i32>,
    indices: Vec<i32>,
    gates: Vec<i32>,
}

/// Computes the new state c of a cell from the indices of its gates. Gives c, the output in units of 2^-20, and the
/// gates' values.
fn lstm(state: i16, indices: [i32; 4], tables: &Tables) -> (i16, i32, [i32; 4]) {
    let gates = Gate::ALL.map(|gate| gate.at(indices[gate as usize], tables));
    let [input, forget, candidate, output] = gates;
    let state = update(state, input, forget, candidate);
    (state, hidden(state, output, tables), gates)
}

/// Computes the new state h of a gated recurrent unit from the indices of z, r, n and nh. Gives the same as [`lstm`].
fn gru(state: i16, indices: [i32; 4], tables: &Tables) -> (i16, i32, [i32; 4]) {
    let [update, reset, nx, nh] = indices;
    let (update, reset) = (tables.sigmoid(update), tables.sigmoid(reset));
    let candidate = tables.tanh(gru::candidate(nx, reset, nh));
    let state = gru::update(state, update, candidate);
    (state, gru::hidden(state), [update, reset, candidate, nh])
}

impl Loaded {
    fn new(program: &Program, memoization: Option<Memoization>) -> Loaded {
        let (settings, geometry) = (program.settings, program.geometry);
        let held = |code: i8| i16::from(geometry.held(code as u8));
        let cells = usize::from(settings.hidden);
        let columns =
            (0..cells).flat_map(|cell| Gate::ALL.into_iter().flat_map(move |gate| program.column(cell, gate)));
        let (rows, hidden_row) = (program.rows_of_column(), program.input_chunks() * geometry.lanes);
        Loaded {
            settings,
            hash: program.hash(),
            rows,
            tile: program.tile_rows(),
            hidden_row,
            reads: Gate::ALL.map(|gate| program.reads(gate)),
            columns: columns.map(held).collect(),
            bias: program.bias.clone(),
            readout: program.readout.iter().map(|&code| held(code)).collect(),
            readout_bias: program.readout_bias.clone(),
            noisy: settings.gates.iter().any(|gate| gate.noise > 0),
            noise: Noise::new(settings.seed),
            vector: vec![0; rows],
            cells: vec![0; cells],
            read: vec![0; cells],
            next: vec![0; cells],
            steps: 0,
            memo: memoization.map(|how| Memo::new(program, how)),
        }
    }

    fn clear(&mut self) {
        [&mut self.vector, &mut self.cells, &mut self.read].into_iter().for_each(|codes| codes.fill(0));
        self.noise = Noise::new(self.settings.seed);
        self.steps = 0;
        if let Some(memo) = &mut self.memo {
            memo.clear();
        }
    }

    /// The index of a column's gate, computed or remembered.
    fn index(&mut self, cell: usize, gate: usize, seen: Option<&mut Seen>) -> i32 {
        let column = 4 * cell + gate;
        if let Some(index) = self.memo.as_mut().and_then(|memo| memo.recall(column)) {
            return index;
        }
        let z = self.column(cell, gate, seen);
        match &mut self.memo {
            None => index(z),
            Some(memo) => memo.remember(column, z),
        }
    }

    /// z of a column: the converted sums of its tiles, scaled, and the bias.
    fn column(&mut self, cell: usize, gate: usize, mut seen: Option<&mut Seen>) -> i32 {
        let column = 4 * cell + gate;
        let settings = &self.settings.gates[gate];
        let weights = &self.columns[column * self.rows..][..self.rows];
        let Range { start, end } = self.reads[gate];
        let mut codes = 0;
        for tile in (start - start % self.tile..end).step_by(self.tile) {
            let rows = tile.max(start)..(tile + self.tile).min(end);
            let sum = inner(&weights[rows.clone()], &self.vector[rows]);
            let noise = if self.noisy { self.noise.draw(settings.noise) } else { 0 };
            let code = i32::from(convert(sum, settings, noise, self.settings.adc_bits));
            codes += code;
            if let Some(seen) = &mut seen {
                seen.sums.push(sum);
                seen.converted.push(code);
            }
        }
        codes * i32::from(settings.scale) + self.bias[column]
    }

    /// A step with the inputs that lie in the row vector.
    fn step(&mut self, tables: &Tables, mut seen: Option<&mut Seen>) {
        if let Some(memo) = &mut self.memo {
            memo.begin(&self.vector);
        }
        for cell in 0..self.cells.len() {
            let indices = [0, 1, 2, 3].map(|gate| self.index(cell, gate, seen.as_deref_mut()));
            let (state, shown, gates) = match self.settings.cell {
                Cell::Lstm => lstm(self.cells[cell], indices, tables),
                Cell::Gru => gru(self.cells[cell], indices, tables),
            };
            self.cells[cell] = state;
            if let Some(seen) = &mut seen {
                seen.indices.extend(indices);
                seen.gates.extend(gates);
            }
            self.next[cell] = i16::from(dac_code(shown, self.settings.dac_bits));
            self.read[cell] = i16::from(readout_code(shown));
        }
        if let Some(memo) = &mut self.memo {
            memo.finish();
        }
        // All cells have seen the h of the step before.
        self.vector[self.hidden_row..][..self.next.len()].copy_from_slice(&self.next);
        self.steps = (self.steps + 1).min(STEPS_MAX);
    }

    fn logits(&self) -> Vec<i32> {
        let rows = self.readout.chunks_exact(self.read.len()).zip(&self.readout_bias);
        rows.map(|(weights, bias)| bias + inner(weights, &self.read)).collect()
    }
}

impl IntegerModel {
    /// A device of a geometry, with nothing loaded.
    pub fn new(geometry: Geometry) -> IntegerModel {
        IntegerModel { geometry, tables: Tables::default(), loaded: None, recording: None, memoization: None }
    }

    /// Adds memoization of the programs that are loaded from now on.
    pub fn memoizing(self, how: Memoization) -> IntegerModel {
        IntegerModel { memoization: Some(how), ..self }
    }

    /// Gives the counters of memoization since the program was loaded or since the last call; zeros without
    /// memoization.
    pub fn take_counters(&mut self) -> Counters {
        let memo = self.loaded.as_mut().and_then(|loaded| loaded.memo.as_mut());
        memo.map(Memo::take).unwrap_or_default()
    }

    /// The columns that are remembered; refused like the commands that ask for them.
    fn memo(&mut self) -> Result<&mut Memo, DeviceError> {
        if self.memoization.is_none() {
            return Err(Refusal::UnknownCommand.into());
        }
        self.loaded()?.memo.as_mut().ok_or(DeviceError::Refused(Refusal::NotLoaded))
    }

    /// The verdict on each column in the last step, cell by cell and gate by gate; `None` without memoization.
    pub fn verdicts(&self) -> Option<&[Verdict]> {
        self.loaded.as_ref()?.memo.as_ref().map(Memo::verdicts)
    }

    fn loaded(&mut self) -> Result<&mut Loaded, DeviceError> {
        self.loaded.as_mut().ok_or(DeviceError::Refused(Refusal::NotLoaded))
    }

    /// The logits after the steps so far, exact; of the readout's codes, at most 127 x 127 H and the bias.
    pub fn logits(&self) -> Option<Vec<i32>> {
        self.loaded.as_ref().map(Loaded::logits)
    }

    /// A step with the inputs that `put` puts into the rows of x, which are 0.
    fn advance(&mut self, put: impl FnOnce(&mut [i16], &Settings)) -> Result<Reply, DeviceError> {
        let loaded = self.loaded.as_mut().ok_or(Refusal::NotLoaded)?;
        let inputs = &mut loaded.vector[..loaded.hidden_row];
        inputs.fill(0);
        put(inputs, &loaded.settings);
        let Some(trace) = &mut self.recording else {
            loaded.step(&self.tables, None);
            return Ok(Reply::Cycles(0));
        };
        let (mut seen, index) = (Seen::default(), loaded.steps as usize);
        loaded.step(&self.tables, Some(&mut seen));
        if let Some(memo) = &loaded.memo {
            trace.push(Quantity::Verdict, index, memo.verdicts().iter().map(|verdict| verdict.code()).collect());
        }
        let codes = |codes: &[i16]| codes.iter().map(|&code| i32::from(code)).collect::<Vec<_>>();
        let entries = [
            (Quantity::TileSum, seen.sums),
            (Quantity::Converted, seen.converted),
            (Quantity::Index, seen.indices),
            (Quantity::Gate, seen.gates),
            (Quantity::Cell, codes(&loaded.cells)),
            (Quantity::Hidden, codes(&loaded.next)),
            (Quantity::Readout, codes(&loaded.read)),
        ];
        entries.into_iter().for_each(|(quantity, values)| trace.push(quantity, index, values));
        Ok(Reply::Cycles(0))
    }

    fn step_codes(&mut self, codes: &[i8]) -> Result<Reply, DeviceError> {
        if codes.len() != usize::from(self.loaded()?.settings.inputs) {
            return Err(Refusal::BadLength.into());
        }
        self.advance(|inputs, _| inputs.iter_mut().zip(codes).for_each(|(input, &code)| *input = code.into()))
    }

    fn step_symbol(&mut self, symbol: u8) -> Result<Reply, DeviceError> {
        if symbol >= self.loaded()?.settings.inputs {
            return Err(Refusal::UnknownWord.into());
        }
        self.advance(|inputs, settings| inputs[usize::from(symbol)] = levels(settings.dac_bits) as i16)
    }

    fn read_out(&mut self) -> Result<Answer, DeviceError> {
        let loaded = self.loaded()?;
        if loaded.steps == 0 {
            return Err(Refusal::NoStory.into());
        }
        let logits = loaded.logits();
        let mut best = 0;
        for (class, &logit) in logits.iter().enumerate() {
            if logit > logits[best] {
                best = class;
            }
        }
        let answer = Answer { word: best as u8, logit: logits[best], cycles: 0 };
        if let Some(trace) = &mut self.recording {
            trace.push(Quantity::Logit, 0, logits);
        }
        Ok(answer)
    }
}

impl Device<Crossbar> for IntegerModel {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        let loaded = self.loaded.as_ref().map(|loaded| loaded.hash);
        let build = self.memoization.map(|how| how.predictor);
        Ok(Identity { version: VERSION, geometry: self.geometry, build, loaded })
    }

    fn load_with(&mut self, program: &Program, _: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        if program.geometry != self.geometry || program.validate().is_err() {
            return Err(Refusal::WrongGeometry.into());
        }
        self.loaded = Some(Loaded::new(program, self.memoization));
        Ok(())
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.loaded()?.clear();
        Ok(())
    }

    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        match call {
            Call::Step(codes) => self.step_codes(&codes),
            Call::Symbol(symbol) => self.step_symbol(symbol),
            Call::Answer => self.read_out().map(Reply::Answer),
            Call::Memoize(settings) if settings.is_possible() => {
                self.memo()?.set(settings);
                Ok(Reply::Memoizing)
            }
            Call::Tally(place) if usize::from(place) < Tally::NUMBERS => {
                Ok(Reply::Number(self.memo()?.tally().numbers()[usize::from(place)]))
            }
            Call::Memoize(_) | Call::Tally(_) => self.memo().and(Err(Refusal::WrongGeometry.into())),
        }
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        let progress = self.loaded.as_ref().map(|loaded| Sequence { steps: loaded.steps });
        Ok(Status {
            loaded: progress.is_some(),
            progress: progress.unwrap_or_default(),
            bad_frames: 0,
            repeats: 0,
            framing_errors: 0,
        })
    }

    fn record(&mut self, on: bool) {
        self.recording = on.then(Trace::default);
    }

    fn trace(&mut self) -> Option<Trace> {
        Some(self.recording.as_mut().map(std::mem::take).unwrap_or_default())
    }
}
