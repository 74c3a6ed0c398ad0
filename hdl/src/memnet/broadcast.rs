//! The broadcast register: the one number that all lanes get.
//!
//! | port | width | |
//! |---|---|---|
//! | `select` | 2 | [`crate::memnet::sequencer::BROADCAST_STATE`] and its neighbours |
//! | `state` | 8 | u_k, signed |
//! | `exponential_valid`, `exponential` | 1, 15 | e_i; kept until the next |
//! | `recall`, `recalled` | 1, 15 | e_i of an earlier pass, in place of the one kept |
//! | `reciprocal` | 15 | of sum e |
//! | `align` | 4 | the number is 2^align |
//! | `number` | 16 | signed |
//!
//! Latency: 1 cycle; e_i three cycles after it was valid (two after it was recalled), so that it meets the slot that is
//! read meanwhile.

use crate::leaf;
use crate::memnet::sequencer::{BROADCAST_ALIGN, BROADCAST_EXPONENTIAL, BROADCAST_RECIPROCAL};
use crate::prelude::*;

/// The broadcast register.
#[derive(Clone, Debug, Default)]
pub struct Broadcast {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Which number.
    pub select: Signal<In, Bits<2>>,
    /// u_k.
    pub state: Signal<In, Bits<8>>,
    /// Whether there is a new e_i.
    pub exponential_valid: Signal<In, Bit>,
    /// e_i.
    pub exponential: Signal<In, Bits<15>>,
    /// Whether the recalled e_i is taken.
    pub recall: Signal<In, Bit>,
    /// The recalled e_i.
    pub recalled: Signal<In, Bits<15>>,
    /// The reciprocal of sum e.
    pub reciprocal: Signal<In, Bits<15>>,
    /// The power of two.
    pub align: Signal<In, Bits<4>>,
    /// The number for all lanes.
    pub number: Signal<Out, Bits<16>>,
    _kept: u64,
    _delayed: u64,
    _settled: bool,
    _changed: bool,
}

leaf!(Broadcast {
    inputs: clock select state exponential_valid exponential recall recalled reciprocal align;
    outputs: number;
});

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
}

impl Logic for Broadcast {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.number.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
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
            .into(),
        )
    }
}
