//! The converter: a code of a tile's sum.
//!
//! Latency: 4 cycles, a sum every cycle: the product, the noise, the shift, the rounding and the limit.

use engram_spec::crossbar::converter::code;
use engram_spec::format::round_shift;

use crate::crossbar::{NOISE_BITS, TILE_BITS};
use crate::prelude::*;

/// The converter.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Converter {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A tile's sum S, signed.
    pub sum: Signal<In, Bits<TILE_BITS>>,
    /// m of its gate.
    pub mantissa: Signal<In, Bits<8>>,
    /// N, signed, one cycle after the sum.
    pub noise: Signal<In, Bits<NOISE_BITS>>,
    /// s of its gate, two cycles after the sum.
    pub shift: Signal<In, Bits<5>>,
    /// Bits of the code, 1 to 8.
    pub bits: Signal<In, Bits<4>>,
    /// round((S m + N) / 2^s), limited to its bits; of one bit the sign of S m + N. Four cycles after the sum.
    pub code: Signal<Out, Bits<8>>,
    _product: i64,
    _scaled: i64,
    /// Rounded, and whether it was negative before.
    _rounded: (i64, bool),
    _evaluation: Evaluation,
}

impl Leaf for Converter {
    fn step(&mut self) {
        let (rounded, negative) = self._rounded;
        let bits = self.bits.val().to_u64() as u8;
        self.code.next = bits_of(match bits {
            1 => code(if negative { -1 } else { 1 }, 1).into(),
            // Wider codes there are none.
            bits => code(rounded, bits.clamp(2, 8)).into(),
        });
        self._rounded = (round_shift(self._scaled, self.shift.val().to_u64() as u32), self._scaled < 0);
        self._scaled = self._product + signed(self.noise.val());
        self._product = signed(self.sum.val()) * self.mantissa.val().to_u64() as i64;
    }
    fn verilog(&self) -> String {
        "reg signed [32:0] product = 0;
reg signed [32:0] scaled = 0;
reg signed [32:0] floor = 0;
reg up = 0;
reg negative = 0;
wire signed [8:0] factor = $signed({1'b0, mantissa});
wire signed [32:0] whole = scaled >>> shift;
wire [32:0] half = (33'd1 << shift) >> 1;
wire [32:0] below = half == 0 ? 0 : half - 1;
wire signed [32:0] rounded = floor + $signed({32'b0, up});
wire [3:0] wide = bits < 2 ? 4'd2 : bits > 8 ? 4'd8 : bits;
wire [8:0] most = (9'd1 << (wide - 4'd1)) - 9'd1;
wire signed [32:0] limit = $signed({24'b0, most});
initial code = 0;
always @(posedge clock) begin
   product <= $signed(sum) * factor;
   scaled <= product + $signed(noise);
   floor <= whole;
   up <= (|(scaled & half)) & (whole[0] | (|(scaled & below)));
   negative <= scaled[32];
   if (bits == 1) code <= negative ? 8'hff : 8'h01;
   else if (rounded > limit) code <= most[7:0];
   else if (rounded < -limit) code <= 8'd0 - most[7:0];
   else code <= rounded[7:0];
end"
        .into()
    }
}
