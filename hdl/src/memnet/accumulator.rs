//! The accumulator of a lane, and the one rounding and saturation with which a code is stored.
//!
//! A shift by a number that is only known at run time would cost a barrel shifter in every lane. The accumulator shifts by
//! one bit a cycle instead, in the cycles between the passes: requantising takes as many cycles as its shift.

use engram_spec::format::{requantise, saturate};
use engram_spec::memnet::table::{QUOTIENT_SHIFT, READ_GUARD};

use crate::prelude::*;

/// The accumulator of a lane and its requantiser: one for all sums, of embeddings, weighted reads and the controller.
///
/// Latency: 1 cycle; `normalised` and `code` follow the registers combinationally. 34 bits suffice for every geometry
/// ([`engram_spec::memnet::program::accumulators_suffice`]). The four guard bits are those of a weighted read, whose sum is
/// normalised by a shift to the right even where the exponentials are small; a code is rounded above them.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Accumulator {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The next term, signed.
    pub product: Signal<In, Bits<32>>,
    /// Whether the sum becomes 0.
    pub clear: Signal<In, Bit>,
    /// Whether the sum grows by the term.
    pub add: Signal<In, Bit>,
    /// Whether the sum is halved towards minus infinity. The rounding remembers whether a one was lost.
    pub shift: Signal<In, Bit>,
    /// The low bits of the sum, four guard bits below the products.
    pub normalised: Signal<Out, Bits<16>>,
    /// The sum after the shifts, rounded to nearest-even above the guard bits, saturated at ±127.
    pub code: Signal<Out, Bits<8>>,
    _sum: i64,
    _lost: bool,
    _evaluation: Evaluation,
}

/// Bits of the sum.
const BITS: u32 = 34;

/// The low [`BITS`] bits of a value, sign-extended.
fn wrap(value: i64) -> i64 {
    (value << (64 - BITS)) >> (64 - BITS)
}

impl Leaf for Accumulator {
    fn step(&mut self) {
        if self.clear.val() {
            (self._sum, self._lost) = (0, false);
        } else if self.add.val() {
            self._sum = wrap(self._sum + (signed(self.product.val()) << READ_GUARD));
        } else if self.shift.val() {
            self._lost |= self._sum & 1 == 1;
            self._sum >>= 1;
        }
    }
    fn settle(&mut self) {
        let floor = self._sum >> READ_GUARD;
        let half = 1 << (READ_GUARD - 1);
        let rest = self._sum & ((1 << READ_GUARD) - 1);
        let up = rest > half || rest == half && (self._lost || floor & 1 == 1);
        self.code.next = bits_of(i64::from(saturate(floor + i64::from(up))));
        self.normalised.next = bits_of(self._sum);
    }
    fn verilog(&self) -> String {
        format!(
            "reg signed [33:0] sum = 0;
reg lost = 0;
wire signed [33:0] term = $signed({{product[29:0], 4'b0}});
always @(posedge clock) begin
   if (clear) begin
      sum <= 0;
      lost <= 0;
   end else if (add | shift) begin
      sum <= add ? sum + term : sum >>> 1;
      lost <= lost | (~add & sum[0]);
   end
end
always @(*) normalised = sum[15:0];
wire negative = sum[33];
wire up = sum[3] & (lost | (|sum[2:0]) | sum[4]);
wire [7:0] rounded = sum[11:4] + {{7'b0, up}};
{limit}
always @(*) code = limit ? {{negative, {{6{{~negative}}}}, 1'b1}} : rounded;",
            limit = limit_text("sum[33:11]", 23),
        )
    }
}

/// The Verilog of the saturation of `rounded` to ±127: beyond the range where the bits above it are not all its sign, and
/// at -128, which is also what 127 becomes when it is rounded up.
fn limit_text(above: &str, width: usize) -> String {
    format!("wire limit = ({above} != {{{width}{{negative}}}}) | (rounded == 8'h80);")
}

/// The register of o: the product of the normalised sum and the reciprocal, requantised by a constant shift.
///
/// Latency: 1 cycle.
#[derive(Clone, Debug, Default, Leaf)]
pub struct ReadCode {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// (normalised sum) x (reciprocal), signed, 22 fraction bits below a code.
    pub product: Signal<In, Bits<32>>,
    /// Whether the product is taken.
    pub load: Signal<In, Bit>,
    /// o_e, a code.
    pub read: Signal<Out, Bits<8>>,
    _evaluation: Evaluation,
}

impl Leaf for ReadCode {
    fn step(&mut self) {
        if self.load.val() {
            self.read.next = bits_of(i64::from(requantise(signed(self.product.val()), QUOTIENT_SHIFT)));
        }
    }
    fn verilog(&self) -> String {
        format!(
            "wire negative = product[31];
wire up = product[{half}] & (product[{s}] | (|product[{below}:0]));
wire [7:0] rounded = product[{top}:{s}] + {{7'b0, up}};
{limit}
initial read = 0;
always @(posedge clock) if (load) read <= limit ? {{negative, {{6{{~negative}}}}, 1'b1}} : rounded;",
            s = QUOTIENT_SHIFT,
            half = QUOTIENT_SHIFT - 1,
            below = QUOTIENT_SHIFT - 2,
            top = QUOTIENT_SHIFT + 7,
            limit = limit_text(&format!("product[31:{}]", QUOTIENT_SHIFT + 7), 32 - (QUOTIENT_SHIFT as usize + 7)),
        )
    }
}
