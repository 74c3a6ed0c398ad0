//! A class's logit: its exact sum, and its bias.
//!
//! | port | width | |
//! |---|---|---|
//! | `sum` | 24 | over the readout's weights, signed |
//! | `bias` | 24 | signed |
//! | `logit` | 25 | signed, one cycle later |
//!
//! Latency: 1 cycle.

use crate::crossbar::{LOGIT_BITS, TILE_BITS};
use crate::leaf;
use crate::prelude::*;

/// A class's logit.
#[derive(Clone, Debug, Default)]
pub struct Logit {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The class's sum.
    pub sum: Signal<In, Bits<TILE_BITS>>,
    /// Its bias.
    pub bias: Signal<In, Bits<24>>,
    /// Its logit.
    pub logit: Signal<Out, Bits<LOGIT_BITS>>,
    _settled: bool,
    _changed: bool,
}

leaf!(Logit { inputs: clock sum bias; outputs: logit; });

impl Leaf for Logit {
    fn step(&mut self) {
        self.logit.next = bits_of(signed(self.sum.val()) + signed(self.bias.val()));
    }
}

impl Logic for Logit {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.logit.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "initial logit = 0;
always @(posedge clock) logit <= {sum[23], sum} + {bias[23], bias};"
                .into(),
        )
    }
}
