//! The broadcast register: the one number that all lanes get.
//!
//! Latency: 1 cycle; e_i three cycles after it was valid (two after it was recalled), so that it meets the slot that is
//! read meanwhile.

use crate::memnet::sequencer::{BROADCAST_ALIGN, BROADCAST_EXPONENTIAL, BROADCAST_RECIPROCAL};
use crate::prelude::*;

/// The broadcast register.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Broadcast {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The number that is broadcast: 0 `state`, 1 the exponential, 2 `reciprocal`, 3 the power 2^`align`.
    pub select: Signal<In, Bits<2>>,
    /// u_k, signed.
    pub state: Signal<In, Bits<8>>,
    /// Whether `exponential` is a new one.
    pub exponential_valid: Signal<In, Bit>,
    /// e_i, kept until the next.
    pub exponential: Signal<In, Bits<15>>,
    /// Whether `recalled` takes the place of the kept exponential.
    pub recall: Signal<In, Bit>,
    /// e_i of an earlier pass.
    pub recalled: Signal<In, Bits<15>>,
    /// 1 / sum e.
    pub reciprocal: Signal<In, Bits<15>>,
    /// The exponent of the power of two.
    pub align: Signal<In, Bits<4>>,
    /// The number for all lanes, signed.
    pub number: Signal<Out, Bits<16>>,
    _kept: u64,
    _delayed: u64,
    _evaluation: Evaluation,
}

impl Leaf for Broadcast {
    fn step(&mut self) {
        self.number.next = match self.select.val().to_u64() {
            BROADCAST_EXPONENTIAL => self._delayed.into(),
            BROADCAST_RECIPROCAL => self.reciprocal.val().to_u64().into(),
            BROADCAST_ALIGN => bits_of(1 << self.align.val().to_u64()),
            _ => bits_of(signed(self.state.val())),
        };
        self._delayed = if self.recall.val() { self.recalled.val().to_u64() } else { self._kept };
        if self.exponential_valid.val() {
            self._kept = self.exponential.val().to_u64();
        }
    }
    fn verilog(&self) -> String {
        "reg [14:0] kept = 0;
reg [14:0] delayed = 0;
initial number = 0;
always @(posedge clock) begin
   case (select)
      1: number <= {1'b0, delayed};
      2: number <= {1'b0, reciprocal};
      3: number <= 16'd1 << align;
      default: number <= {{8{state[7]}}, state};
   endcase
   delayed <= recall ? recalled : kept;
   if (exponential_valid) kept <= exponential;
end"
        .into()
    }
}
