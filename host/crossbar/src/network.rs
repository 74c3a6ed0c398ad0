//! The recurrent network, forward and backward through time, written by hand in f32.
//!
//! The same code computes all precisions. Weights and inputs are codes where they are quantised, so that the sums of a
//! tile are exact whole numbers; where everything is, the forward pass is the integer model's, bit for bit (but for
//! ties of sums times mantissas above 2^24, which 4 bits do not reach). Gradients pass straight through every quantiser
//! but where a converter clipped.

use std::ops::Range;

use engram_learn::for_processor;
use engram_spec::crossbar::cell::{HIDDEN_FRACTION, READOUT_LEVELS, dac_code, readout_code};
use engram_spec::crossbar::dac as crossbar_dac;
use engram_spec::crossbar::program::BIAS_MAX;

use crate::activation::exponential;
use crate::batch::{Batch, Inputs};
use crate::cell::{self, Gradients, Lookup, Row};
use crate::column::{self, Gate};
use crate::design::{Design, Precisions, Tile};
use crate::matrix::{Extent, View, add_product};
use crate::noise::{Source, add_noise};
use crate::precision::Precision;
use crate::tensors::{GATES, Shape, Tensors};

/// The values that a network keeps between the steps: h as codes of the converter, and c. One row a sequence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    h: Vec<f32>,
    c: Vec<f32>,
}

impl State {
    /// The state in which sequences begin.
    pub fn zeroed(shape: &Shape, sequences: usize) -> State {
        State { h: vec![0.0; shape.hidden * sequences], c: vec![0.0; shape.hidden * sequences] }
    }
}

/// Noise that training draws: its source, and its deviation.
pub(crate) type Noise<'a> = Option<(&'a mut Source, f32)>;

/// The outcome of the targets of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Loss {
    /// The sum of the cross-entropies, in nats.
    pub sum: f64,
    /// Targets whose output was not the largest (the first of equals).
    pub wrong: usize,
    /// Targets.
    pub targets: usize,
}

impl Loss {
    /// The mean cross-entropy.
    pub fn mean(&self) -> f64 {
        self.sum / self.targets.max(1) as f64
    }

    /// The share of wrong targets.
    pub fn error(&self) -> f64 {
        self.wrong as f64 / self.targets.max(1) as f64
    }

    /// The sum of two.
    pub fn and(self, other: Loss) -> Loss {
        Loss { sum: self.sum + other.sum, wrong: self.wrong + other.wrong, targets: self.targets + other.targets }
    }
}

/// A network with weights, as they are computed with.
#[derive(Clone, Debug)]
pub struct Network {
    design: Design,
    tiles: Vec<Tile>,
    /// The gates whose columns read any row of a tile, for each tile.
    reads: Vec<[bool; GATES]>,
    gates: [Gate; GATES],
    /// Codes, (I + H) x 4 H.
    weights: Vec<f32>,
    /// The weights of h as real numbers, transposed: 4 H x H.
    back: Vec<f32>,
    bias: Vec<f32>,
    /// Codes, H x V.
    readout: Vec<f32>,
    /// Real numbers, transposed: V x H.
    readout_back: Vec<f32>,
    readout_bias: Vec<f32>,
    /// The number that a product 1 of codes of the readout stands for; the readout's biases are in this unit.
    readout_unit: f32,
    /// The tables of a device.
    tables: Option<Box<Lookup>>,
}

/// The values of a batch, kept from the forward pass for the backward pass.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    /// Codes of x, rows x I.
    x: Vec<f32>,
    /// Codes of the h of the step before, and its c, rows x H.
    before: State,
    /// Sums of each tile, tiles x rows x 4 H; after conversion what they let through of the gradient.
    sums: Vec<f32>,
    /// rows x 4 H.
    gates: Vec<f32>,
    /// rows x H.
    c: Vec<f32>,
    t: Vec<f32>,
    h: Vec<f32>,
    /// h where an answer is wanted, as the readout takes it; targets x H.
    read: Vec<f32>,
    /// targets x V; after [`Workspace::loss`] the gradient of the loss by them.
    pub logits: Vec<f32>,
    scratch: Vec<i32>,
    d_read: Vec<f32>,
    d_h: Vec<f32>,
    d_c: Vec<f32>,
}

fn zeroed(buffer: &mut Vec<f32>, length: usize) {
    buffer.clear();
    buffer.resize(length, 0.0);
}

impl Workspace {
    /// The loss of the logits. Puts its gradient, of the mean over the targets, in their place.
    pub fn loss(&mut self, batch: &Batch, shape: &Shape) -> Loss {
        let mut loss = Loss { targets: batch.targets.len(), ..Loss::default() };
        let scale = 1.0 / batch.targets.len().max(1) as f32;
        for (logits, &(_, target)) in self.logits.chunks_exact_mut(shape.outputs).zip(&batch.targets) {
            let target = usize::from(target);
            let (largest, answer) = largest(logits);
            loss.wrong += usize::from(answer != target);
            let right = logits[target] - largest;
            exponentials(logits, largest);
            let sum = logits.iter().sum::<f32>();
            loss.sum += f64::from(sum.ln() - right);
            logits.iter_mut().for_each(|logit| *logit *= scale / sum);
            logits[target] -= scale;
        }
        loss
    }

    fn begin(&mut self, batch: &Batch, shape: &Shape, tiles: usize) {
        let rows = batch.rows();
        zeroed(&mut self.sums, tiles * rows * shape.columns());
        self.gates.resize(rows * shape.columns(), 0.0);
        let buffers = [&mut self.before.h, &mut self.before.c, &mut self.c, &mut self.t, &mut self.h];
        buffers.into_iter().for_each(|buffer| buffer.resize(rows * shape.hidden, 0.0));
    }
}

/// The largest number and its place, the first of equals.
fn largest(numbers: &[f32]) -> (f32, usize) {
    let first = (numbers[0], 0);
    numbers.iter().enumerate().fold(first, |best, (place, &x)| if x > best.0 { (x, place) } else { best })
}

/// h as a device has it, in units of 2^-20. Exact.
fn in_units(h: f32) -> i32 {
    (h * (1u32 << HIDDEN_FRACTION) as f32) as i32
}

/// The number that a product 1 of codes of the readout stands for.
pub(crate) fn readout_unit(design: &Design) -> f32 {
    design.readout_step() / if design.precisions.is_device() { READOUT_LEVELS as f32 } else { 1.0 }
}

/// A bias of the readout as a device holds it.
pub(crate) fn readout_bias_code(bias: f32, unit: f32) -> f32 {
    (bias / unit).round_ties_even().clamp(-BIAS_MAX as f32, BIAS_MAX as f32)
}

/// The transpose of a matrix of rows of `columns` numbers, each column times a factor.
fn transpose(matrix: &[f32], columns: usize, factor: impl Fn(usize) -> f32, to: &mut [f32]) {
    let rows = matrix.len() / columns;
    for (column, row) in to.chunks_exact_mut(rows).enumerate() {
        let factor = factor(column);
        row.iter_mut().zip(matrix[column..].iter().step_by(columns)).for_each(|(to, x)| *to = factor * x);
    }
}

/// The steps of a batch: of each the rows of x, h and the rest that are its own.
fn steps(batch: &Batch) -> Vec<Range<usize>> {
    let mut end = 0;
    let step = |&active: &usize| {
        end += active;
        end - active..end
    };
    batch.active.iter().map(step).collect()
}

/// The rows of a step before which the state is cleared.
fn cleared<'a>(batch: &'a Batch, step: &Range<usize>) -> impl Iterator<Item = usize> + use<'a> {
    let first = batch.cleared.partition_point(|&row| row < step.start);
    let end = step.end;
    batch.cleared[first..].iter().copied().take_while(move |&row| row < end)
}

for_processor! {
    /// e^(x - largest) of numbers.
    fn exponentials(numbers: &mut [f32], largest: f32) {
        for x in numbers {
            *x = exponential(*x - largest);
        }
    }
}

for_processor! {
    /// Numbers as codes; `steps` are those of a unit.
    fn encode(codes: &mut [f32], numbers: &[f32], steps: f32, precision: Precision) {
        for (code, x) in codes.iter_mut().zip(numbers) {
            *code = precision.code(x * steps);
        }
    }
}

for_processor! {
    /// Computes the state of a step from its sums: conversion, gates, cell.
    fn advance(network: &Network, step: &Range<usize>, work: &mut Workspace, noise: Option<&mut (&mut Source, f32)>) {
        let (Shape { hidden, .. }, columns) = (network.design.shape, network.design.shape.columns());
        let (precision, mut noise) = (network.design.precisions.adc, noise);
        let length = work.gates.len();
        for row in step.clone() {
            let gates = &mut work.gates[row * columns..][..columns];
            gates.fill(0.0);
            for (tile, reads) in network.reads.iter().enumerate() {
                let sums = &mut work.sums[tile * length + row * columns..][..columns];
                column::convert(&network.gates, precision, reads, sums, gates, noise.as_deref_mut());
            }
            column::sum_to_z(&network.gates, &network.bias, gates);
            let place = row * hidden..(row + 1) * hidden;
            let row = Row {
                gates,
                before: &work.before.c[place.clone()],
                c: &mut work.c[place.clone()],
                t: &mut work.t[place.clone()],
                h: &mut work.h[place],
            };
            cell::forward(network.design.cell, row, network.tables.as_deref(), &mut work.scratch);
        }
    }
}

for_processor! {
    /// Computes the gradients by z and by the tiles' sums of a step from those by h and c.
    fn retreat(network: &Network, step: &Range<usize>, work: &mut Workspace) {
        let (Shape { hidden, .. }, columns) = (network.design.shape, network.design.shape.columns());
        let length = work.gates.len();
        for (sequence, row) in step.clone().enumerate() {
            let (place, sequence) = (row * hidden..(row + 1) * hidden, sequence * hidden..(sequence + 1) * hidden);
            let gates = &mut work.gates[row * columns..][..columns];
            let gradients = Gradients {
                gates,
                before: &work.before.c[place.clone()],
                t: &work.t[place],
                d_h: &work.d_h[sequence.clone()],
                d_c: &mut work.d_c[sequence],
            };
            cell::backward(network.design.cell, gradients);
            if network.design.precisions.adc != Precision::Float {
                for tile in 0..network.tiles.len() {
                    let sums = &mut work.sums[tile * length + row * columns..][..columns];
                    for (passes, d) in sums.iter_mut().zip(&*gates) {
                        *passes *= d;
                    }
                }
            }
        }
    }
}

impl Network {
    /// The network of a design with weights of 0.
    pub fn new(design: &Design) -> Network {
        let shape = design.shape;
        let whole = Tile { inputs: 0..shape.inputs, hidden: 0..shape.hidden };
        if design.precisions.adc == Precision::Float {
            return Network { tiles: vec![whole], reads: vec![[true; GATES]], ..Network::unconverted(design) };
        }
        let tables = design.precisions.is_device().then(|| Box::new(Lookup::new()));
        Network { design: *design, gates: Gate::all(design), tables, ..Network::unconverted(design) }
    }

    /// The network without converters of the columns, but on the same tiles: to observe the converters' inputs.
    pub(crate) fn unconverted(design: &Design) -> Network {
        let shape = design.shape;
        let precisions = Precisions { adc: Precision::Float, ..design.precisions };
        let design = &Design { precisions, ..*design };
        Network {
            design: *design,
            tiles: design.tiling.tiles(&shape),
            reads: design.tiling.reads(design.cell, &shape),
            gates: Gate::all(design),
            weights: vec![0.0; shape.rows() * shape.columns()],
            back: vec![0.0; shape.hidden * shape.columns()],
            bias: vec![0.0; shape.columns()],
            readout: vec![0.0; shape.hidden * shape.outputs],
            readout_back: vec![0.0; shape.hidden * shape.outputs],
            readout_bias: vec![0.0; shape.outputs],
            readout_unit: 1.0,
            tables: None,
        }
    }

    /// The function, beside the weights.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Takes weights in, rounded to the design's codes.
    pub fn load(&mut self, tensors: &Tensors) {
        self.load_noisy(tensors, None);
    }

    /// Takes weights in; those of the crossbar deviate by the noise's deviation times their gate's range.
    pub(crate) fn load_noisy(&mut self, tensors: &Tensors, noise: Noise) {
        let (shape, precision) = (self.design.shape, self.design.precisions.weights);
        let hidden = shape.hidden;
        let steps = self.gates.map(|gate| 1.0 / gate.step);
        let rows = self.weights.chunks_exact_mut(hidden).zip(tensors.w.chunks_exact(hidden));
        rows.enumerate().for_each(|(place, (codes, weights))| encode(codes, weights, steps[place % GATES], precision));
        if let Some((source, deviation)) = noise {
            for (place, codes) in self.weights.chunks_exact_mut(hidden).enumerate() {
                let gate = place % GATES;
                add_noise(source, codes, deviation * self.design.ranges[gate] * steps[gate]);
            }
        }
        cell::clear_unread(self.design.cell, &shape, &mut self.weights);
        let recurrent = &self.weights[shape.inputs * shape.columns()..];
        transpose(recurrent, shape.columns(), |column| self.gates[column / hidden].step, &mut self.back);
        let is_device = self.tables.is_some();
        let bias = |bias: &f32| if is_device { column::bias_code(*bias) } else { *bias };
        self.bias.iter_mut().zip(&tensors.bias).for_each(|(to, from)| *to = bias(from));
        let step = self.design.readout_step();
        self.readout.iter_mut().zip(&tensors.out).for_each(|(code, w)| *code = precision.code(w * (1.0 / step)));
        transpose(&self.readout, shape.outputs, |_| step, &mut self.readout_back);
        let unit = readout_unit(&self.design);
        let bias = |bias: &f32| if is_device { readout_bias_code(*bias, unit) } else { bias / unit };
        self.readout_bias.iter_mut().zip(&tensors.out_bias).for_each(|(to, from)| *to = bias(from));
        self.readout_unit = unit;
    }

    /// Computes the logits of a batch, from a state that is replaced by the one after the last step. The state of a batch
    /// whose sequences are of unequal length is that of the longest.
    pub fn forward(&self, batch: &Batch, state: &mut State, work: &mut Workspace) {
        self.forward_noisy(batch, state, work, None, None);
    }

    /// Computes the logits of a batch. `noise` is added before each conversion, in steps of the converter, and
    /// `observed` takes the sums.
    pub(crate) fn forward_noisy(
        &self,
        batch: &Batch,
        state: &mut State,
        work: &mut Workspace,
        mut noise: Noise,
        mut observed: Option<&mut column::Observed>,
    ) {
        let Shape { hidden, .. } = self.design.shape;
        work.begin(batch, &self.design.shape, self.tiles.len());
        self.project(batch, work);
        let steps = steps(batch);
        let begun = batch.active.first().map_or(0, |active| active * hidden);
        work.before.h[..begun].copy_from_slice(&state.h[..begun]);
        work.before.c[..begun].copy_from_slice(&state.c[..begun]);
        for (number, step) in steps.iter().enumerate() {
            for row in cleared(batch, step) {
                let place = row * hidden..(row + 1) * hidden;
                work.before.h[place.clone()].fill(0.0);
                work.before.c[place].fill(0.0);
            }
            self.recur(step, work);
            if let Some(observed) = &mut observed {
                let columns = self.design.shape.columns();
                for (sums, reads) in work.sums.chunks_exact(work.gates.len()).zip(&self.reads) {
                    sums[step.start * columns..step.end * columns]
                        .chunks_exact(columns)
                        .for_each(|row| observed.see(row, reads, hidden));
                }
            }
            advance(self, step, work, noise.as_mut());
            // The sequences that go on are the first ones.
            let (from, to) = (step.start * hidden, step.end * hidden);
            let going = steps.get(number + 1).map_or(0..0, |next| next.start * hidden..next.end * hidden);
            let (h, c) =
                if going.is_empty() { (&mut state.h, &mut state.c) } else { (&mut work.before.h, &mut work.before.c) };
            let place = if going.is_empty() { 0..to - from } else { going };
            let going = from..from + place.len();
            c[place.clone()].copy_from_slice(&work.c[going.clone()]);
            self.convert_state(&work.h[going], &mut h[place]);
        }
        self.read(batch, work);
    }

    /// The tiles' products with x, of all steps at once.
    fn project(&self, batch: &Batch, work: &mut Workspace) {
        let (Shape { inputs, .. }, columns) = (self.design.shape, self.design.shape.columns());
        let (rows, dac) = (batch.rows(), self.design.precisions.dac);
        match &batch.inputs {
            Inputs::Channels(values) => {
                work.x.resize(values.len(), 0.0);
                match (&self.tables, dac.bits()) {
                    (Some(_), Some(bits)) => {
                        work.x.iter_mut().zip(values).for_each(|(code, &x)| *code = f32::from(crossbar_dac(x, bits)));
                    }
                    _ => encode(&mut work.x, values, dac.scale(), dac),
                }
                for (tile, sums) in self.tiles.iter().zip(work.sums.chunks_exact_mut(rows * columns)) {
                    let x = View::rows(&work.x[tile.inputs.start.min(work.x.len())..], inputs);
                    let extent = Extent { rows, depth: tile.inputs.len(), columns };
                    add_product(extent, x, (&self.weights[tile.inputs.start * columns..], columns), (sums, columns));
                }
            }
            Inputs::Symbols(symbols) => {
                for (tile, sums) in self.tiles.iter().zip(work.sums.chunks_exact_mut(rows * columns)) {
                    for (sums, &symbol) in sums.chunks_exact_mut(columns).zip(symbols) {
                        let symbol = usize::from(symbol);
                        if tile.inputs.contains(&symbol) {
                            let weights = &self.weights[symbol * columns..][..columns];
                            sums.iter_mut().zip(weights).for_each(|(sum, w)| *sum = dac.scale() * w);
                        }
                    }
                }
            }
        }
    }

    /// The tiles' products with h, of one step.
    fn recur(&self, step: &Range<usize>, work: &mut Workspace) {
        let (Shape { inputs, hidden, .. }, columns) = (self.design.shape, self.design.shape.columns());
        let rows = work.gates.len() / columns;
        for (tile, sums) in self.tiles.iter().zip(work.sums.chunks_exact_mut(rows * columns)) {
            let h = View::rows(&work.before.h[step.start * hidden + tile.hidden.start..], hidden);
            let extent = Extent { rows: step.len(), depth: tile.hidden.len(), columns };
            let weights = &self.weights[((inputs + tile.hidden.start) * columns).min(self.weights.len())..];
            add_product(extent, h, (weights, columns), (&mut sums[step.start * columns..], columns));
        }
    }

    /// h as codes of the digital-to-analog converter.
    fn convert_state(&self, h: &[f32], codes: &mut [f32]) {
        let dac = self.design.precisions.dac;
        match (&self.tables, dac.bits()) {
            // With more bits the product with L has more than the 24 bits of f32.
            (Some(_), Some(bits @ 6..)) => {
                codes.iter_mut().zip(h).for_each(|(code, &h)| *code = f32::from(dac_code(in_units(h), bits)));
            }
            _ => encode(codes, h, dac.scale(), dac),
        }
    }

    /// The logits where answers are wanted.
    fn read(&self, batch: &Batch, work: &mut Workspace) {
        let Shape { hidden, outputs, .. } = self.design.shape;
        work.read.clear();
        for &(row, _) in &batch.targets {
            let h = &work.h[row * hidden..][..hidden];
            match self.tables {
                None => work.read.extend_from_slice(h),
                Some(_) => work.read.extend(h.iter().map(|&h| f32::from(readout_code(in_units(h))))),
            }
        }
        zeroed(&mut work.logits, batch.targets.len() * outputs);
        let extent = Extent { rows: batch.targets.len(), depth: hidden, columns: outputs };
        add_product(extent, View::rows(&work.read, hidden), (&self.readout, outputs), (&mut work.logits, outputs));
        for logits in work.logits.chunks_exact_mut(outputs) {
            let biased = logits.iter_mut().zip(&self.readout_bias);
            biased.for_each(|(logit, bias)| *logit = (*logit + bias) * self.readout_unit);
        }
    }

    /// The gradient of the mean loss of a batch, after [`Workspace::loss`].
    pub fn backward(&self, batch: &Batch, work: &mut Workspace, gradient: &mut Tensors) {
        let (Shape { hidden, .. }, columns) = (self.design.shape, self.design.shape.columns());
        gradient.each_mut().into_iter().for_each(|tensor| tensor.fill(0.0));
        self.read_backward(batch, work, gradient);
        let sequences = batch.active.first().copied().unwrap_or(0);
        zeroed(&mut work.d_h, sequences * hidden);
        zeroed(&mut work.d_c, sequences * hidden);
        let mut targets = batch.targets.len();
        for step in steps(batch).iter().rev() {
            while targets > 0 && batch.targets[targets - 1].0 >= step.start {
                targets -= 1;
                let place = (batch.targets[targets].0 - step.start) * hidden;
                let d_h = &mut work.d_h[place..][..hidden];
                d_h.iter_mut().zip(&work.d_read[targets * hidden..]).for_each(|(sum, d)| *sum += d);
            }
            retreat(self, step, work);
            if step.start > 0 {
                self.recur_backward(step, work);
            }
            // What was before has no part in what comes of a cleared state.
            for row in cleared(batch, step) {
                let place = (row - step.start) * hidden..(row - step.start + 1) * hidden;
                work.d_h[place.clone()].fill(0.0);
                work.d_c[place].fill(0.0);
            }
        }
        for gates in work.gates.chunks_exact(columns) {
            gradient.bias.iter_mut().zip(gates).for_each(|(sum, d)| *sum += d);
        }
        self.weights_backward(batch, work, gradient);
    }

    /// Computes the gradients of the readout and of h from that of the logits.
    fn read_backward(&self, batch: &Batch, work: &mut Workspace, gradient: &mut Tensors) {
        let Shape { hidden, outputs, .. } = self.design.shape;
        let targets = batch.targets.len();
        zeroed(&mut work.d_read, targets * hidden);
        let extent = Extent { rows: targets, depth: outputs, columns: hidden };
        let logits = View::rows(&work.logits, outputs);
        add_product(extent, logits, (&self.readout_back, hidden), (&mut work.d_read, hidden));
        let extent = Extent { rows: hidden, depth: targets, columns: outputs };
        let read = View::rows(&work.read, hidden).transposed();
        add_product(extent, read, (&work.logits, outputs), (&mut gradient.out, outputs));
        if self.tables.is_some() {
            gradient.out.iter_mut().for_each(|d| *d /= READOUT_LEVELS as f32);
        }
        for logits in work.logits.chunks_exact(outputs) {
            gradient.out_bias.iter_mut().zip(logits).for_each(|(sum, d)| *sum += d);
        }
    }

    /// The gradients by the sums of a tile, rows x 4 H.
    fn d_sums<'a>(&self, tile: usize, work: &'a Workspace) -> &'a [f32] {
        if self.design.precisions.adc == Precision::Float {
            return &work.gates;
        }
        let length = work.gates.len();
        &work.sums[tile * length..][..length]
    }

    /// The gradient by the h of the step before.
    fn recur_backward(&self, step: &Range<usize>, work: &mut Workspace) {
        let (Shape { hidden, .. }, columns) = (self.design.shape, self.design.shape.columns());
        let mut d_h = std::mem::take(&mut work.d_h);
        d_h[..step.len() * hidden].fill(0.0);
        for (number, tile) in self.tiles.iter().enumerate() {
            let (start, width) = (tile.hidden.start, tile.hidden.len());
            let sums = View::rows(&self.d_sums(number, work)[step.start * columns..], columns);
            let extent = Extent { rows: step.len(), depth: columns, columns: width };
            add_product(
                extent,
                sums,
                (&self.back[start.min(hidden - 1)..], hidden),
                (&mut d_h[start.min(hidden - 1)..], hidden),
            );
        }
        work.d_h = d_h;
    }

    /// The gradients by the weights, of all steps at once.
    fn weights_backward(&self, batch: &Batch, work: &Workspace, gradient: &mut Tensors) {
        let (Shape { inputs, hidden, .. }, columns) = (self.design.shape, self.design.shape.columns());
        let (rows, dac) = (batch.rows(), self.design.precisions.dac);
        for (number, tile) in self.tiles.iter().enumerate() {
            let sums = self.d_sums(number, work);
            match &batch.inputs {
                Inputs::Channels(_) if !tile.inputs.is_empty() => {
                    let x = View::rows(&work.x[tile.inputs.start..], inputs).transposed();
                    let extent = Extent { rows: tile.inputs.len(), depth: rows, columns };
                    let d_w = &mut gradient.w[tile.inputs.start * columns..];
                    add_product(extent, x, (sums, columns), (d_w, columns));
                }
                Inputs::Channels(_) => {}
                Inputs::Symbols(symbols) => {
                    for (d, &symbol) in sums.chunks_exact(columns).zip(symbols) {
                        let symbol = usize::from(symbol);
                        if tile.inputs.contains(&symbol) {
                            let d_w = &mut gradient.w[symbol * columns..][..columns];
                            d_w.iter_mut().zip(d).for_each(|(sum, d)| *sum += dac.scale() * d);
                        }
                    }
                }
            }
            if !tile.hidden.is_empty() {
                let h = View::rows(&work.before.h[tile.hidden.start..], hidden).transposed();
                let extent = Extent { rows: tile.hidden.len(), depth: rows, columns };
                let d_w = &mut gradient.w[(inputs + tile.hidden.start) * columns..];
                add_product(extent, h, (sums, columns), (d_w, columns));
            }
        }
        cell::clear_unread(self.design.cell, &self.design.shape, &mut gradient.w);
        // The products were with codes.
        if dac != Precision::Float {
            gradient.w.iter_mut().for_each(|d| *d /= dac.scale());
        }
    }
}
