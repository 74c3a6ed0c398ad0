//! The sum of a column: its tiles' codes are added, scaled, and become an index of the gate's table.
//!
//! Latency: 4 cycles, a code every cycle.

use engram_spec::crossbar::gate;

use crate::prelude::*;

/// The sum of a column.
#[derive(Clone, Debug, Default, Leaf)]
pub struct ColumnSum {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A tile's code, signed.
    pub code: Signal<In, Bits<8>>,
    /// Whether the code is added.
    pub add: Signal<In, Bit>,
    /// Whether the code is the column's first, and starts the sum.
    pub first: Signal<In, Bit>,
    /// q of the gate, one cycle after the code.
    pub scale: Signal<In, Bits<16>>,
    /// The column's bias, signed, two cycles after the code.
    pub bias: Signal<In, Bits<24>>,
    /// The entry of z = q A + bias in the gate's table, -256 being 0; four cycles after the last code.
    pub index: Signal<Out, Bits<9>>,
    _sum: i64,
    _product: i64,
    _z: i64,
    _evaluation: Evaluation,
}

/// Bits of the sum of the tiles' codes.
const SUM_BITS: u32 = 13;

/// The place in a table of an index that counts from -256.
pub(crate) const fn entry(index: i32) -> u64 {
    (index + 256) as u64
}

impl Leaf for ColumnSum {
    fn step(&mut self) {
        self.index.next = entry(gate::index(self._z as i32)).into();
        self._z = self._product + signed(self.bias.val());
        self._product = self._sum * self.scale.val().to_u64() as i64;
        if self.add.val() {
            let sum = if self.first.val() { 0 } else { self._sum } + signed(self.code.val());
            self._sum = (sum << (64 - SUM_BITS)) >> (64 - SUM_BITS);
        }
    }
    fn verilog(&self) -> String {
        "reg signed [12:0] sum = 0;
reg signed [31:0] product = 0;
reg signed [31:0] z = 0;
wire signed [12:0] before = first ? 13'd0 : sum;
// The highest bit's share of the unsigned scale apart, so that both operands are of 16 bits and signed.
wire signed [31:0] low = sum * $signed(scale);
wire [31:0] high = scale[15] ? {{3{sum[12]}}, sum, 16'b0} : 32'd0;
wire signed [24:0] floor = z[31:7];
wire up = z[6] & (z[7] | (|z[5:0]));
wire signed [24:0] rounded = floor + $signed({24'b0, up});
initial index = 0;
always @(posedge clock) begin
   if (add) sum <= before + {{5{code[7]}}, code};
   product <= low + high;
   z <= product + $signed(bias);
   index <= rounded > 255 ? 9'd511 : rounded < -256 ? 9'd0 : {~rounded[8], rounded[7:0]};
end"
        .into()
    }
}
