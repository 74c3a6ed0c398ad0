//! Energy of steps with and without fuzzy memoization, by the way of counting of the memory networks (`engram_memnet::energy`): the
//! operations times the energy of each at 45 nm, and the reads of the memories that feed them. It compares ways of computing;
//! no device is measured by it.
//!
//! Counted is the digital part that memoization changes, the columns; converters and cells are alike with and without. Rows are
//! those that the lanes take, padding included.
//!
//! | | without | with memoization |
//! |---|---|---|
//! | computed column, a row | multiplication, 32-bit addition, the weight read, the row's code read | the same, the sign of the weight out of the queue |
//! | any column, a row | - | the sign of the weight read and put into the queue, that of the row read, XNOR, a full adder of the popcount |
//! | any column | - | entry (agreement, drift) read and written, index read or written, difference, drift, comparison, and where N is not the rows, reciprocal read and product |
//!
//! A multiplication goes with the product of its widths, an addition with its width. A write costs as much as a read. The queue
//! and the row vector are small memories, some 256 bytes, whose bits cost less than those of the weights' banks ([`SMALL`]). No memory
//! is read wider than it has to be, on either side: on an FPGA, whose memories have one width, more is.

use engram_spec::crossbar::Cell;
use engram_spec::crossbar::memo::{Counters, Denominator};

use crate::design::Design;
use crate::efficiency::{ADD_ENERGY, MULTIPLY_ENERGY, SRAM_ENERGY};

/// Picojoules of an addition of 8 bits at 45 nm (Horowitz, ISSCC 2014).
pub const ADD_NARROW: f64 = 0.03;

/// The energy of a bit of a memory of 256 bytes as a share of that of 8 kB: the energies of Horowitz' table, 10, 20 and
/// 100 pJ for 8 kB, 32 kB and 1 MB, go with the root of the size.
pub const SMALL: f64 = 0.176_776_695;

/// Bits of an entry that the predictor reads and writes: agreement and drift.
const ENTRY: f64 = 10.0 + 12.0;
/// Bits of the index that is remembered.
const INDEX: f64 = 9.0;
/// Bits of the agreement, of a reciprocal and of a drift.
const AGREEMENT: f64 = 10.0;
const RECIPROCAL: f64 = 16.0;
const DRIFT: f64 = 12.0;

/// The layer that steps are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The kind of the cells.
    pub cell: Cell,
    /// Rows of x, padded to words of P.
    pub inputs: usize,
    /// Rows of h, padded likewise.
    pub hidden: usize,
    /// Bits of a weight.
    pub weight_bits: u8,
    /// Bits of a row's code.
    pub dac_bits: u8,
}

/// Picojoules.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Energy {
    /// Energy of the arithmetic.
    pub arithmetic: f64,
    /// Energy of the memories.
    pub memory: f64,
}

/// The energy of the same steps in two ways.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Steps {
    /// Energy without memoization: every column is computed.
    pub without: Energy,
    /// Energy with memoization of the computed columns alone.
    pub computing: Energy,
    /// Energy with memoization of the predictor and its memories.
    pub predicting: Energy,
}

impl Energy {
    /// The sum of both parts.
    pub fn total(&self) -> f64 {
        self.arithmetic + self.memory
    }

    /// The energy of a number of times as much.
    fn times(self, count: f64) -> Energy {
        Energy { arithmetic: count * self.arithmetic, memory: count * self.memory }
    }

    fn and(self, other: Energy) -> Energy {
        Energy { arithmetic: self.arithmetic + other.arithmetic, memory: self.memory + other.memory }
    }
}

impl Steps {
    /// The energy of a step with memoization.
    pub fn with(&self) -> Energy {
        self.computing.and(self.predicting)
    }

    /// The share of the energy that memoization saves; below 0 where it costs more.
    pub fn saved(&self) -> f64 {
        1.0 - self.with().total() / self.without.total().max(f64::MIN_POSITIVE)
    }
}

/// The energy of bits out of a memory, or into it.
fn bits(count: f64) -> f64 {
    count * SRAM_ENERGY.value / 64.0
}

/// The energy of bits out of a small memory, or into it.
fn small(count: f64) -> f64 {
    SMALL * bits(count)
}

/// The energy of a multiplication of numbers of these widths.
fn multiply(left: f64, right: f64) -> f64 {
    MULTIPLY_ENERGY.value * left * right / 64.0
}

/// The energy of an addition of a width.
fn add(width: f64) -> f64 {
    ADD_NARROW * width / 8.0
}

impl Layer {
    /// The layer of a model of 1 to 8 bits; real numbers count as 32 bits.
    pub fn of(design: &Design) -> Layer {
        let (shape, lanes) = (design.shape, design.tiling.lanes.max(1));
        Layer {
            cell: design.cell,
            inputs: shape.inputs.next_multiple_of(lanes),
            hidden: shape.hidden.next_multiple_of(lanes),
            weight_bits: design.precisions.weights.bits().unwrap_or(32),
            dac_bits: design.precisions.dac.bits().unwrap_or(32),
        }
    }

    /// The rows that a gate's columns (0 to 3) read.
    fn rows(&self, gate: usize) -> f64 {
        self.cell.reads(gate, self.inputs, self.inputs + self.hidden).len() as f64
    }

    /// A column of some rows, with so many bits of each weight out of the banks and out of the queue.
    fn computed(&self, rows: f64, banks: f64, queue: f64) -> Energy {
        let product = multiply(self.weight_bits.into(), self.dac_bits.into()) + ADD_ENERGY.value;
        let memory = bits(rows * banks) + small(rows * (queue + f64::from(self.dac_bits)));
        Energy { arithmetic: rows * product, memory }
    }

    /// A column's prediction, but the index.
    fn predicted(rows: f64, denominator: Denominator) -> Energy {
        let signs = Energy { arithmetic: rows * 2.0 * add(1.0), memory: bits(rows + 2.0 * ENTRY) + small(2.0 * rows) };
        let compared = Energy { arithmetic: add(AGREEMENT) + 2.0 * add(DRIFT), memory: 0.0 };
        let relative = match denominator {
            Denominator::Rows => Energy::default(),
            _ => Energy { arithmetic: multiply(AGREEMENT, RECIPROCAL), memory: bits(RECIPROCAL) },
        };
        signs.and(compared).and(relative)
    }

    /// The steps in which memoization came to these counters.
    pub fn steps(&self, counters: &Counters, denominator: Denominator) -> Steps {
        let mut steps = Steps::default();
        let width = f64::from(self.weight_bits);
        for gate in 0..4 {
            let (columns, rows) = (counters.columns[gate] as f64, self.rows(gate));
            let misses = columns - counters.hits[gate] as f64;
            let index = Energy { arithmetic: 0.0, memory: bits(INDEX) };
            steps.without = steps.without.and(self.computed(rows, width, 0.0).times(columns));
            steps.computing = steps.computing.and(self.computed(rows, width - 1.0, 1.0).times(misses));
            steps.predicting = steps.predicting.and(Layer::predicted(rows, denominator).and(index).times(columns));
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYER: Layer = Layer { cell: Cell::Lstm, inputs: 16, hidden: 128, weight_bits: 4, dac_bits: 4 };

    fn counters(hits: u64) -> Counters {
        Counters { columns: [100; 4], hits: [hits; 4], ..Counters::default() }
    }

    /// A row of 4 bits is a product of 0.05 pJ, an addition of 0.1, a weight of 0.625 and a code of 0.11; without its sign the weight
    /// is 0.46875, with 0.028 for the queue.
    #[test]
    fn columns_are_counted_by_hand() {
        let steps = LAYER.steps(&counters(0), Denominator::Rows);
        let near = |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        near(steps.without.arithmetic, 400.0 * 144.0 * 0.15);
        let small = (256.0_f64 / 8192.0).sqrt() * 10.0 / 64.0;
        near(steps.without.memory, 400.0 * 144.0 * (0.625 + 4.0 * small));
        near(steps.computing.memory, 400.0 * 144.0 * (0.46875 + 5.0 * small));
        near(steps.predicting.memory, 400.0 * ((144.0 + 44.0 + 9.0) * 10.0 / 64.0 + 288.0 * small));
        near(steps.predicting.arithmetic, 400.0 * (144.0 * 0.0075 + (10.0 + 24.0) * 0.03 / 8.0));
        assert!(steps.saved() < 0.0, "a prediction that never comes true costs");
        let paper = LAYER.steps(&counters(0), Denominator::Current).predicting;
        near(paper.memory - steps.predicting.memory, 400.0 * 16.0 * 10.0 / 64.0);
        near(paper.arithmetic - steps.predicting.arithmetic, 400.0 * 0.5);
    }

    #[test]
    fn what_is_reused_is_saved_less_the_prediction() {
        let saved = |layer: Layer, hits| layer.steps(&counters(hits), Denominator::Rows).saved();
        let of = |hits| saved(LAYER, hits);
        assert!(of(100) > of(50) && of(50) > 0.2 && of(50) < 0.4 && of(100) < 1.0, "{} {}", of(50), of(100));
        // Signs are a smaller part of wider weights.
        let wide = Layer { weight_bits: 8, dac_bits: 8, ..LAYER };
        assert!(saved(wide, 50) > of(50));
    }

    #[test]
    fn columns_of_a_gru_read_what_they_need() {
        let gru = Layer { cell: Cell::Gru, ..LAYER };
        let [lstm, gru] = [LAYER, gru].map(|layer| layer.steps(&counters(0), Denominator::Rows).without.total());
        assert!((gru / lstm - 3.0 / 4.0).abs() < 1e-9, "{gru} {lstm}");
    }
}
