//! What takes the multiplier's place where the weights are signs: the other operand as it is, negated, or not at all.
//!
//! | port | width | |
//! |---|---|---|
//! | `x_select`, `y_select` | 2, 2 | those of the [`crate::memnet::multiplier`]; a sign is asked for as [`by_sign`] says |
//! | `broadcast` | 8 | u_k, a code |
//! | `weight` | 8 | -1, 0 or 1, or a position weight; of a sign only the highest and the lowest bit are looked at |
//! | `position_load` | 1 | takes `weight` as the position weight of the next word |
//! | `product` | 32 | the product, two cycles after the selection; 0 where no sign was asked for |
//!
//! Latency: 2 cycles, the multiplier's.

use crate::leaf;
use crate::memnet::multiplier::{X_POSITION, by_sign};
use crate::prelude::*;

/// The product with a sign.
#[derive(Clone, Debug, Default)]
pub struct SignProduct {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Which x.
    pub x_select: Signal<In, Bits<2>>,
    /// Which y.
    pub y_select: Signal<In, Bits<2>>,
    /// The code for all lanes.
    pub broadcast: Signal<In, Bits<8>>,
    /// The weight just read.
    pub weight: Signal<In, Bits<8>>,
    /// Whether the weight just read is a position weight, to be kept.
    pub position_load: Signal<In, Bit>,
    /// The product.
    pub product: Signal<Out, Bits<32>>,
    _position: i8,
    _signed: i8,
    _settled: bool,
    _changed: bool,
}

leaf!(SignProduct { inputs: clock x_select y_select broadcast weight position_load; outputs: product; });

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
}

impl Logic for SignProduct {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.product.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
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
            .into(),
        )
    }
}
