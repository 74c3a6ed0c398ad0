//! The sum of a tile's words: what the crossbar's column would carry.
//!
//! | port | width | |
//! |---|---|---|
//! | `term` | 22 | a word's sum over the lanes, signed |
//! | `add`, `first` | 1, 1 | adds it; to 0 where it is the tile's first |
//! | `sum` | 24 | signed, one cycle later |
//!
//! Latency: 1 cycle.

use crate::crossbar::TILE_BITS;
use crate::leaf;
use crate::parts::adder_tree::SUM_BITS;
use crate::prelude::*;

/// The sum of a tile's words.
#[derive(Clone, Debug, Default)]
pub struct TileSum {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A word's sum.
    pub term: Signal<In, Bits<SUM_BITS>>,
    /// Whether to add it.
    pub add: Signal<In, Bit>,
    /// Whether it is the tile's first.
    pub first: Signal<In, Bit>,
    /// The tile's sum so far.
    pub sum: Signal<Out, Bits<TILE_BITS>>,
    _settled: bool,
    _changed: bool,
}

leaf!(TileSum { inputs: clock term add first; outputs: sum; });

impl Leaf for TileSum {
    fn step(&mut self) {
        if self.add.val() {
            let before = if self.first.val() { 0 } else { signed(self.sum.val()) };
            self.sum.next = bits_of(before + signed(self.term.val()));
        }
    }
}

impl Logic for TileSum {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.sum.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "wire [23:0] before = first ? 24'd0 : sum;
initial sum = 0;
always @(posedge clock) if (add) sum <= before + {{2{term[21]}}, term};"
                .into(),
        )
    }
}
