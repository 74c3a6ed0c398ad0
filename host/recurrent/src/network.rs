//! The recurrent network, forward and backward through time, written by hand in f32.
//!
//! One code computes all precisions. Weights and inputs are codes where they are quantised, so that the sums of a tile are
//! exact whole numbers; gradients pass straight through every quantiser but where a converter clipped.

use std::ops::Range;

use crate::batch::{Batch, Inputs};
use crate::cell::{self, Gradients, Row};
use crate::crossbar::{self, Gate};
use crate::design::{Design, Precisions, Tile};
use crate::matrix::{Extent, View, add_product};
use crate::noise::Source;
use crate::precision::Precision;
use crate::processor::widest;
use crate::tensors::{GATES, Shape, Tensors};

/// The largest code of h as the readout takes it, in 8 bits.
pub const READOUT_LEVELS: f32 = 127.0;

/// What a network keeps between the steps: h as codes of the converter, and c. One row a sequence.
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

/// How well the targets of a batch were met.
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

    /// Both together.
    pub fn and(self, other: Loss) -> Loss {
        Loss { sum: self.sum + other.sum, wrong: self.wrong + other.wrong, targets: self.targets + other.targets }
    }
}

/// A network with weights, as they are computed with.
#[derive(Clone, Debug)]
pub struct Network {
    design: Design,
    tiles: Vec<Tile>,
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
    /// What a product of codes of the readout is worth.
    readout_unit: f32,
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
            let sum = widest(|| {
                logits.iter_mut().for_each(|logit| *logit = crate::activation::exponential(*logit - largest));
                logits.iter().sum::<f32>()
            });
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

impl Network {
    /// The network of a design with weights of 0.
    pub fn new(design: &Design) -> Network {
        let shape = design.shape;
        let whole = Tile { inputs: 0..shape.inputs, hidden: 0..shape.hidden };
        if design.precisions.adc == Precision::Float {
            return Network { tiles: vec![whole], ..Network::unconverted(design) };
        }
        let tiles = design.tiling.tiles(&shape);
        Network { design: *design, gates: Gate::all(design), tiles, ..Network::unconverted(design) }
    }

    /// The same without converters of the columns, but on the same tiles: to see what the converters would be given.
    pub(crate) fn unconverted(design: &Design) -> Network {
        let shape = design.shape;
        let precisions = Precisions { adc: Precision::Float, ..design.precisions };
        let design = &Design { precisions, ..*design };
        Network {
            design: *design,
            tiles: design.tiling.tiles(&shape),
            gates: Gate::all(design),
            weights: vec![0.0; shape.rows() * shape.columns()],
            back: vec![0.0; shape.hidden * shape.columns()],
            bias: vec![0.0; shape.columns()],
            readout: vec![0.0; shape.hidden * shape.outputs],
            readout_back: vec![0.0; shape.hidden * shape.outputs],
            readout_bias: vec![0.0; shape.outputs],
            readout_unit: 1.0,
        }
    }

    /// What it computes.
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
        widest(|| {
            let rows = self.weights.chunks_exact_mut(hidden).zip(tensors.w.chunks_exact(hidden));
            for (place, (codes, weights)) in rows.enumerate() {
                let steps = steps[place % GATES];
                codes.iter_mut().zip(weights).for_each(|(code, w)| *code = precision.code(w * steps));
            }
        });
        if let Some((source, deviation)) = noise {
            let ranges = self.design.ranges;
            widest(|| {
                for (place, codes) in self.weights.chunks_exact_mut(hidden).enumerate() {
                    let gate = place % GATES;
                    source.add(codes, deviation * ranges[gate] * steps[gate]);
                }
            });
        }
        let recurrent = &self.weights[shape.inputs * shape.columns()..];
        transpose(recurrent, shape.columns(), |column| self.gates[column / hidden].step, &mut self.back);
        self.bias.copy_from_slice(&tensors.bias);
        let step = self.design.readout_range / precision.scale();
        let step = if precision == Precision::Float { 1.0 } else { step };
        self.readout.iter_mut().zip(&tensors.out).for_each(|(code, w)| *code = precision.code(w / step));
        transpose(&self.readout, shape.outputs, |_| step, &mut self.readout_back);
        self.readout_bias.copy_from_slice(&tensors.out_bias);
        let levels = if self.design.precisions.is_device() { READOUT_LEVELS } else { 1.0 };
        self.readout_unit = step / levels;
    }

    /// Computes the logits of a batch, from a state that is replaced by the one after the last step. The state of a batch
    /// whose sequences are of unequal length is that of the longest.
    pub fn forward(&self, batch: &Batch, state: &mut State, work: &mut Workspace) {
        self.forward_noisy(batch, state, work, None, None);
    }

    /// The same; `noise` is added before each conversion, in steps of the converter, and `observed` is shown the sums.
    pub(crate) fn forward_noisy(
        &self,
        batch: &Batch,
        state: &mut State,
        work: &mut Workspace,
        mut noise: Noise,
        mut observed: Option<&mut crossbar::Observed>,
    ) {
        let Shape { hidden, .. } = self.design.shape;
        work.begin(batch, &self.design.shape, self.tiles.len());
        self.project(batch, work);
        let steps = steps(batch);
        let begun = batch.active.first().map_or(0, |active| active * hidden);
        work.before.h[..begun].copy_from_slice(&state.h[..begun]);
        work.before.c[..begun].copy_from_slice(&state.c[..begun]);
        for (number, step) in steps.iter().enumerate() {
            self.recur(step, work);
            if let Some(observed) = &mut observed {
                self.each_sums(step, work, |sums, _| observed.see(sums, hidden));
            }
            widest(|| self.advance(step, work, noise.as_mut()));
            // The sequences that go on are the first ones.
            let (from, to) = (step.start * hidden, step.end * hidden);
            let going = steps.get(number + 1).map_or(0..0, |next| next.start * hidden..next.end * hidden);
            let (h, c) = if going.is_empty() {
                (&mut state.h, &mut state.c)
            } else {
                (&mut work.before.h, &mut work.before.c)
            };
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
                work.x.clear();
                work.x.extend(values.iter().map(|x| dac.code(x * dac.scale())));
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

    /// Shows the sums of each tile and row of a step, 4 H each, and the row's gates.
    #[inline(always)]
    fn each_sums(&self, step: &Range<usize>, work: &mut Workspace, mut show: impl FnMut(&mut [f32], &mut [f32])) {
        let columns = self.design.shape.columns();
        let rows = work.gates.len() / columns;
        for row in step.clone() {
            let gates = &mut work.gates[row * columns..][..columns];
            for tile in 0..self.tiles.len() {
                show(&mut work.sums[(tile * rows + row) * columns..][..columns], gates);
            }
        }
    }

    /// From the sums of a step to its state: conversion, gates, cell.
    #[inline(always)]
    fn advance(&self, step: &Range<usize>, work: &mut Workspace, mut noise: Option<&mut (&mut Source, f32)>) {
        let (Shape { hidden, .. }, columns) = (self.design.shape, self.design.shape.columns());
        work.gates[step.start * columns..step.end * columns].fill(0.0);
        self.each_sums(step, work, |sums, gates| {
            if self.design.precisions.adc == Precision::Float {
                gates.iter_mut().zip(&*sums).for_each(|(z, sum)| *z += sum);
            } else {
                crossbar::convert(&self.gates, self.design.precisions.adc, sums, gates, noise.as_deref_mut());
            }
        });
        for row in step.clone() {
            let gates = &mut work.gates[row * columns..][..columns];
            crossbar::sum_to_z(&self.gates, &self.bias, gates);
            let place = row * hidden..(row + 1) * hidden;
            cell::forward(Row {
                gates,
                before: &work.before.c[place.clone()],
                c: &mut work.c[place.clone()],
                t: &mut work.t[place.clone()],
                h: &mut work.h[place],
            });
        }
    }

    /// h as codes of the digital-to-analog converter.
    fn convert_state(&self, h: &[f32], codes: &mut [f32]) {
        let dac = self.design.precisions.dac;
        codes.iter_mut().zip(h).for_each(|(code, h)| *code = dac.code(h * dac.scale()));
    }

    /// The logits where answers are wanted.
    fn read(&self, batch: &Batch, work: &mut Workspace) {
        let Shape { hidden, outputs, .. } = self.design.shape;
        let readout = if self.design.precisions.is_device() { Precision::Bits(8) } else { Precision::Float };
        work.read.clear();
        for &(row, _) in &batch.targets {
            let h = &work.h[row * hidden..][..hidden];
            work.read.extend(h.iter().map(|h| readout.code(h * readout.scale())));
        }
        zeroed(&mut work.logits, batch.targets.len() * outputs);
        let extent = Extent { rows: batch.targets.len(), depth: hidden, columns: outputs };
        add_product(extent, View::rows(&work.read, hidden), (&self.readout, outputs), (&mut work.logits, outputs));
        for logits in work.logits.chunks_exact_mut(outputs) {
            let biased = logits.iter_mut().zip(&self.readout_bias);
            biased.for_each(|(logit, bias)| *logit = logit.mul_add(self.readout_unit, *bias));
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
            widest(|| self.retreat(step, work));
            if step.start > 0 {
                self.recur_backward(step, work);
            }
        }
        for gates in work.gates.chunks_exact(columns) {
            gradient.bias.iter_mut().zip(gates).for_each(|(sum, d)| *sum += d);
        }
        self.weights_backward(batch, work, gradient);
    }

    /// From the logits' gradient to those of the readout and of h.
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
        if self.design.precisions.is_device() {
            gradient.out.iter_mut().for_each(|d| *d /= READOUT_LEVELS);
        }
        for logits in work.logits.chunks_exact(outputs) {
            gradient.out_bias.iter_mut().zip(logits).for_each(|(sum, d)| *sum += d);
        }
    }

    /// From the gradients by h and c to those by z, and by the tiles' sums.
    #[inline(always)]
    fn retreat(&self, step: &Range<usize>, work: &mut Workspace) {
        let (Shape { hidden, .. }, columns) = (self.design.shape, self.design.shape.columns());
        for (sequence, row) in step.clone().enumerate() {
            let (place, sequence) = (row * hidden..(row + 1) * hidden, sequence * hidden..(sequence + 1) * hidden);
            cell::backward(Gradients {
                gates: &mut work.gates[row * columns..][..columns],
                before: &work.before.c[place.clone()],
                t: &work.t[place],
                d_h: &work.d_h[sequence.clone()],
                d_c: &mut work.d_c[sequence],
            });
        }
        if self.design.precisions.adc != Precision::Float {
            self.each_sums(step, work, |sums, gates| {
                sums.iter_mut().zip(&*gates).for_each(|(passes, d)| *passes *= d);
            });
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
            add_product(extent, sums, (&self.back[start.min(hidden - 1)..], hidden), (&mut d_h[start.min(hidden - 1)..], hidden));
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
        // The products were with codes.
        if dac != Precision::Float {
            gradient.w.iter_mut().for_each(|d| *d /= dac.scale());
        }
    }
}
