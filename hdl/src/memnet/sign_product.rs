//! The product that takes the multiplier's place where the weights are signs: the other operand as it is, negated, or not at all.
//!
//! Latency: 2 cycles, the multiplier's.

use crate::memnet::multiplier::{X_POSITION, by_sign};
use crate::prelude::*;

/// The product with a sign.
#[derive(Clone, Debug, Default, Leaf)]
pub struct SignProduct {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The multiplier's `x_select`.
    pub x_select: Signal<In, Bits<2>>,
    /// The multiplier's `y_select`.
    pub y_select: Signal<In, Bits<2>>,
    /// u_k, a code: the low bits of the number for all lanes.
    pub broadcast: Signal<In, Bits<8>>,
    /// A sign, or a position weight. Of a sign the highest bit says whether it is negative, the lowest whether it is
    /// not 0.
    pub weight: Signal<In, Bits<8>>,
    /// Whether `weight` is kept as the position weight of the next word.
    pub position_load: Signal<In, Bit>,
    /// The product, signed, two cycles after the selection; 0 where the multiplier works.
    pub product: Signal<Out, Bits<32>>,
    _position: i8,
    _signed: i8,
    _evaluation: Evaluation,
}

impl Leaf for SignProduct {
    fn step(&mut self) {
        let (x_select, y_select) = (self.x_select.val().to_u64(), self.y_select.val().to_u64());
        let x = if x_select == X_POSITION { self._position } else { signed(self.broadcast.val()) as i8 };
        let weight = signed(self.weight.val()) as i8;
        self.product.next = bits_of(self._signed.into());
        self._signed = match by_sign(x_select, y_select) && weight & 1 == 1 {
            true if weight < 0 => x.wrapping_neg(),
            true => x,
            false => 0,
        };
        if self.position_load.val() {
            self._position = weight;
        }
    }
    fn verilog(&self) -> String {
        "reg [7:0] position = 0;
reg [7:0] signed_x = 0;
wire by_sign = (y_select == 0) & (x_select != 2);
wire [7:0] x = x_select == 1 ? position : broadcast;
initial product = 0;
always @(posedge clock) begin
   product <= {{24{signed_x[7]}}, signed_x};
   signed_x <= by_sign & weight[0] ? (x ^ {8{weight[7]}}) + {7'b0, weight[7]} : 8'd0;
   if (position_load) position <= weight;
end"
        .into()
    }
}
