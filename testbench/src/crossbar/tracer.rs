//! Makes a trace of the taps of the crossbar device's core, as they show cycle by cycle.

use engram_spec::crossbar::{Call, Crossbar};
use engram_spec::{Quantity, Trace};

use crate::network;
use crate::simulated::Watch;

/// The taps of the core in one cycle, before the clock's edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// The verdict on a column: 1 missed, 2 remembered, 3 forced.
    pub verdict: Option<i32>,
    /// A tile's sum.
    pub sum: Option<i32>,
    /// A converter's code.
    pub code: Option<i32>,
    /// A column's index, + 256.
    pub index: Option<i32>,
    /// A gate; of a GRU's nx and nh the index.
    pub gate: Option<i32>,
    /// A GRU's candidate n.
    pub candidate: Option<i32>,
    /// A cell's new state.
    pub cell: Option<i32>,
    /// The DAC code of what a cell shows.
    pub hidden: Option<i32>,
    /// The readout code of the same output.
    pub readout: Option<i32>,
    /// A logit.
    pub logit: Option<i32>,
}

/// A core that can be looked into.
pub trait Taps {
    /// Whether it remembers columns.
    fn remembers(&self) -> bool;

    /// The taps of a settled core.
    fn glimpse(&self) -> Glimpse;
}

/// The values of a step in the order in which they are traced.
const OF_STEP: [Quantity; 8] = [
    Quantity::Verdict,
    Quantity::TileSum,
    Quantity::Converted,
    Quantity::Index,
    Quantity::Gate,
    Quantity::Cell,
    Quantity::Hidden,
    Quantity::Readout,
];

/// Puts together what the core shows column by column.
#[derive(Debug, Default)]
pub struct CrossbarTracer {
    values: [Vec<i32>; OF_STEP.len()],
    logits: Vec<i32>,
    candidates: Vec<i32>,
    remembers: bool,
    step: usize,
    trace: Trace,
}

impl<C: Taps> Watch<C> for CrossbarTracer {
    fn see(&mut self, core: &C) {
        self.remembers = core.remembers();
        let Glimpse { verdict, sum, code, index, gate, candidate, cell, hidden, readout, logit } = core.glimpse();
        let (verdict, index) = (verdict.map(|verdict| verdict - 1), index.map(|index| index - 256));
        for (values, value) in self.values.iter_mut().zip([verdict, sum, code, index, gate, cell, hidden, readout]) {
            values.extend(value);
        }
        self.logits.extend(logit);
        self.candidates.extend(candidate);
    }
}

impl network::Tracer<Crossbar> for CrossbarTracer {
    /// Steps are counted from 0 again.
    fn cleared(&mut self) {
        self.step = 0;
    }

    fn called(&mut self, call: &Call<'_>) {
        match call {
            Call::Step(_) | Call::Symbol(_) => {
                // n is there later than nx, whose place in a trace it has.
                let gates =
                    &mut self.values[OF_STEP.iter().position(|&quantity| quantity == Quantity::Gate).unwrap_or(0)];
                gates.iter_mut().skip(2).step_by(4).zip(self.candidates.drain(..)).for_each(|(gate, n)| *gate = n);
                let shown =
                    |(quantity, _): &(Quantity, &mut Vec<i32>)| self.remembers || *quantity != Quantity::Verdict;
                for (quantity, values) in OF_STEP.into_iter().zip(&mut self.values).filter(shown) {
                    self.trace.push(quantity, self.step, std::mem::take(values));
                }
                self.step += 1;
            }
            Call::Answer => self.trace.push(Quantity::Logit, 0, std::mem::take(&mut self.logits)),
            Call::Memoize(_) | Call::Tally(_) => {}
        }
    }

    fn take(&mut self) -> Trace {
        std::mem::take(&mut self.trace)
    }
}
