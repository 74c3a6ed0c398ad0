//! The score unit: a slot's exact similarity sum becomes a score code, the index of the exponential table.
//!
//! Latency: 1 cycle.

use engram_spec::memnet::table::{exponential_index, score};

use crate::parts::adder_tree::SUM_BITS;
use crate::prelude::*;

/// The score unit.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Score {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The similarity sum, signed.
    pub sum: Signal<In, Bits<SUM_BITS>>,
    /// The shift to the right, rounded to nearest-even.
    pub shift: Signal<In, Bits<4>>,
    /// The centre of the scores, which is subtracted, in units of 16.
    pub centre: Signal<In, Bits<8>>,
    /// The score + 512, saturated to 0..1023: the index of its exponential.
    pub index: Signal<Out, Bits<10>>,
    _evaluation: Evaluation,
}

impl Leaf for Score {
    fn step(&mut self) {
        let code = score(signed(self.sum.val()), self.shift.val().to_u64() as u32, self.centre.val().to_u64() as u8);
        self.index.next = (exponential_index(code) as u64).into();
    }
    fn verilog(&self) -> String {
        "wire signed [22:0] wide = $signed({sum[21], sum});
wire signed [22:0] floor = wide >>> shift;
wire [22:0] half = (23'd1 << shift) >> 1;
wire [22:0] below = half == 0 ? 0 : half - 1;
wire up = (|(wide & half)) & (floor[0] | (|(wide & below)));
wire signed [22:0] rounded = floor - $signed({11'b0, centre, 4'b0}) + $signed({22'b0, up});
initial index = 0;
always @(posedge clock) index <= rounded > 511 ? 10'd1023 : rounded < -512 ? 10'd0 : rounded[9:0] + 10'd512;"
            .into()
    }
}
