//! The sum of a tile's words: what the crossbar's column would carry.
//!
//! Latency: 1 cycle.

use crate::crossbar::TILE_BITS;
use crate::parts::adder_tree::SUM_BITS;
use crate::prelude::*;

/// The sum of a tile's words.
#[derive(Clone, Debug, Default, Leaf)]
pub struct TileSum {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A word's sum over the lanes, signed.
    pub term: Signal<In, Bits<SUM_BITS>>,
    /// Whether the term is added.
    pub add: Signal<In, Bit>,
    /// Whether the term is the tile's first, and starts the sum.
    pub first: Signal<In, Bit>,
    /// The tile's sum so far, signed.
    pub sum: Signal<Out, Bits<TILE_BITS>>,
    _evaluation: Evaluation,
}

impl Leaf for TileSum {
    fn step(&mut self) {
        if self.add.val() {
            let before = if self.first.val() { 0 } else { signed(self.sum.val()) };
            self.sum.next = bits_of(before + signed(self.term.val()));
        }
    }
    fn verilog(&self) -> String {
        "wire [23:0] before = first ? 24'd0 : sum;
initial sum = 0;
always @(posedge clock) if (add) sum <= before + {{2{term[21]}}, term};"
            .into()
    }
}
