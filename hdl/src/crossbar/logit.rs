//! A class's logit: its exact sum, and its bias.
//!
//! Latency: 1 cycle.

use crate::crossbar::{LOGIT_BITS, TILE_BITS};
use crate::prelude::*;

/// A class's logit.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Logit {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The class's sum over the readout's weights, signed.
    pub sum: Signal<In, Bits<TILE_BITS>>,
    /// The class's bias, signed.
    pub bias: Signal<In, Bits<24>>,
    /// The class's logit, signed.
    pub logit: Signal<Out, Bits<LOGIT_BITS>>,
    _evaluation: Evaluation,
}

impl Leaf for Logit {
    fn step(&mut self) {
        self.logit.next = bits_of(signed(self.sum.val()) + signed(self.bias.val()));
    }
    fn verilog(&self) -> String {
        "initial logit = 0;
always @(posedge clock) logit <= {sum[23], sum} + {bias[23], bias};"
            .into()
    }
}
