//! The crossbar LSTM as its definition is written, a line a formula: what every body of the recurrent device is held
//! against.

use engram_spec::crossbar::gate::{self, Gate, Tables};
use engram_spec::crossbar::{Geometry, Identity, Noise, Program, Recurrent, Status, cell, convert, levels};
use engram_spec::frame::{Refusal, VERSION};
use engram_spec::{Answer, DeviceError, Quantity, Trace};

/// The definition as a device.
pub struct Definition {
    geometry: Geometry,
    tables: Tables,
    program: Option<Program>,
    noise: Noise,
    c: Vec<i16>,
    h: Vec<i8>,
    readout: Vec<i8>,
    steps: u32,
    trace: Option<Trace>,
}

impl Definition {
    pub fn new(geometry: Geometry) -> Definition {
        Definition {
            geometry,
            tables: Tables::default(),
            program: None,
            noise: Noise::new(0),
            c: Vec::new(),
            h: Vec::new(),
            readout: Vec::new(),
            steps: 0,
            trace: None,
        }
    }

    fn loaded(&self) -> Result<Program, DeviceError> {
        self.program.clone().ok_or(Refusal::NotLoaded.into())
    }

    fn take(&mut self, program: &Program, x: &[i8]) -> u32 {
        let settings = program.settings;
        let mut rows = x.to_vec();
        rows.resize(program.input_chunks() * self.geometry.lanes, 0);
        rows.extend(&self.h);
        rows.resize(program.rows_of_column(), 0);
        let (mut sums, mut codes, mut indices, mut gates) = (vec![], vec![], vec![], vec![]);
        let (mut cells, mut hidden, mut readout) = (vec![], vec![], vec![]);
        for j in 0..usize::from(settings.hidden) {
            let mut values = [0; 4];
            for of in Gate::ALL {
                let kind = settings.gates[of as usize];
                let column = program.column(j, of);
                let mut total = 0;
                for (weights, tile) in column.chunks(program.tile_rows()).zip(rows.chunks(program.tile_rows())) {
                    let sum = weights.iter().zip(tile).map(|(&w, &v)| i32::from(w) * i32::from(v)).sum();
                    let code = convert(sum, &kind, self.noise.draw(kind.noise), settings.adc_bits);
                    total += i32::from(code);
                    sums.push(sum);
                    codes.push(code.into());
                }
                let index = gate::index(total * i32::from(kind.scale) + program.bias[4 * j + of as usize]);
                values[of as usize] = of.at(index, &self.tables);
                indices.push(index);
            }
            gates.extend(values);
            let [i, f, g, o] = values;
            self.c[j] = cell::update(self.c[j], i, f, g);
            let (h, r) = cell::output(self.c[j], o, settings.dac_bits, &self.tables);
            cells.push(self.c[j].into());
            hidden.push(h);
            readout.push(r);
        }
        (self.h, self.readout) = (hidden, readout);
        if let Some(trace) = &mut self.trace {
            let wide = |codes: &[i8]| codes.iter().map(|&code| code.into()).collect::<Vec<i32>>();
            let step = self.steps as usize;
            trace.push(Quantity::TileSum, step, sums);
            trace.push(Quantity::Converted, step, codes);
            trace.push(Quantity::Index, step, indices);
            trace.push(Quantity::Gate, step, gates);
            trace.push(Quantity::Cell, step, cells);
            trace.push(Quantity::Hidden, step, wide(&self.h));
            trace.push(Quantity::Readout, step, wide(&self.readout));
        }
        self.steps += 1;
        0
    }
}

impl Recurrent for Definition {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        let loaded = self.program.as_ref().map(Program::hash);
        Ok(Identity { version: VERSION, geometry: self.geometry, loaded })
    }

    fn load(&mut self, program: &Program) -> Result<(), DeviceError> {
        if program.geometry != self.geometry || program.validate().is_err() {
            return Err(Refusal::WrongGeometry.into());
        }
        self.program = Some(program.clone());
        self.clear()
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        if let Some(program) = &self.program {
            let hidden = program.settings.hidden.into();
            self.noise = Noise::new(program.settings.seed);
            (self.c, self.h, self.readout) = (vec![0; hidden], vec![0; hidden], vec![0; hidden]);
        }
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, codes: &[i8]) -> Result<u32, DeviceError> {
        let program = self.loaded()?;
        if codes.len() != usize::from(program.settings.inputs) {
            return Err(Refusal::BadLength.into());
        }
        Ok(self.take(&program, codes))
    }

    fn symbol(&mut self, symbol: u8) -> Result<u32, DeviceError> {
        let program = self.loaded()?;
        if symbol >= program.settings.inputs {
            return Err(Refusal::UnknownWord.into());
        }
        let mut codes = vec![0; program.settings.inputs.into()];
        codes[usize::from(symbol)] = levels(program.settings.dac_bits) as i8;
        Ok(self.take(&program, &codes))
    }

    fn answer(&mut self) -> Result<Answer, DeviceError> {
        let program = self.loaded()?;
        if self.steps == 0 {
            return Err(Refusal::NoStory.into());
        }
        let classes = program.readout.chunks(program.settings.hidden.into()).zip(&program.readout_bias);
        let logits: Vec<i32> = classes
            .map(|(weights, bias)| {
                bias + weights.iter().zip(&self.readout).map(|(&w, &r)| i32::from(w) * i32::from(r)).sum::<i32>()
            })
            .collect();
        let logit = *logits.iter().max().expect("a class");
        let word = logits.iter().position(|&other| other == logit).expect("it is there") as u8;
        if let Some(trace) = &mut self.trace {
            trace.push(Quantity::Logit, 0, logits);
        }
        Ok(Answer { word, logit, cycles: 0 })
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        Ok(Status { loaded: self.program.is_some(), steps: self.steps, bad_frames: 0, repeats: 0 })
    }

    fn record(&mut self, on: bool) {
        self.trace = on.then(Trace::default);
    }

    fn trace(&mut self) -> Option<Trace> {
        self.trace.as_mut().map(std::mem::take)
    }
}
