//! The accumulators of a lane: exact sums, and the one rounding and saturation with which a code is stored.
//!
//! A shift by a number that is only known at run time would cost a barrel shifter in every lane. The accumulators shift by
//! one bit a cycle instead, in the cycles between the passes: requantising takes as many cycles as its shift.

use engram_spec::format::{requantise, saturate};
use engram_spec::table::{QUOTIENT_SHIFT, READ_GUARD};

use crate::leaf;
use crate::memory::FOLD_BITS;
use crate::prelude::*;

/// The accumulator of dot products and its requantiser.
///
/// | port | width | |
/// |---|---|---|
/// | `product` | 32 | a term; its low 24 bits are taken |
/// | `load`, `add` | 1 | the sum becomes the term, or grows by it |
/// | `shift` | 1 | halves the sum, keeping what was shifted out for the rounding |
/// | `code` | 8 | the sum after the shifts, rounded to nearest-even, saturated at ±127 |
///
/// Latency: 1 cycle; `code` follows the registers combinationally. 24 bits suffice for every geometry
/// ([`engram_spec::program::accumulators_suffice`]).
#[derive(Clone, Debug, Default)]
pub struct DotAccumulator {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A term.
    pub product: Signal<In, Bits<32>>,
    /// Starts a sum.
    pub load: Signal<In, Bit>,
    /// Continues a sum.
    pub add: Signal<In, Bit>,
    /// Halves the sum.
    pub shift: Signal<In, Bit>,
    /// The sum as a code.
    pub code: Signal<Out, Bits<8>>,
    _sum: i64,
    _guard: bool,
    _sticky: bool,
    _settled: bool,
    _changed: bool,
}

leaf!(DotAccumulator { inputs: clock product load add shift; outputs: code; });

/// The low `bits` bits of a value, sign-extended.
fn wrap(value: i64, bits: u32) -> i64 {
    (value << (64 - bits)) >> (64 - bits)
}

impl Leaf for DotAccumulator {
    fn step(&mut self) {
        let term = wrap(self.product.val().to_u64() as i64, 24);
        if self.load.val() {
            (self._sum, self._guard, self._sticky) = (term, false, false);
        } else if self.add.val() {
            (self._sum, self._guard, self._sticky) = (wrap(self._sum + term, 24), false, false);
        } else if self.shift.val() {
            self._sticky |= self._guard;
            self._guard = self._sum & 1 == 1;
            self._sum >>= 1;
        }
    }
    fn settle(&mut self) {
        let up = self._guard && (self._sticky || self._sum & 1 == 1);
        self.code.next = bits_of(i64::from(saturate(self._sum + i64::from(up))));
    }
}

impl Logic for DotAccumulator {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
        self.settle();
    }
    fn connect(&mut self) {
        self.code.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "reg signed [23:0] sum = 0;
reg guard = 0;
reg sticky = 0;
wire signed [23:0] rounded = sum + $signed({23'b0, guard & (sticky | sum[0])});
always @(*) code = rounded > 127 ? 8'd127 : rounded < -127 ? -8'd127 : rounded[7:0];
always @(posedge clock) begin
   if (load | add) begin
      sum <= (load ? 24'sd0 : sum) + $signed(product[23:0]);
      guard <= 0;
      sticky <= 0;
   end else if (shift) begin
      sum <= sum >>> 1;
      guard <= sum[0];
      sticky <= sticky | guard;
   end
end"
            .into(),
        )
    }
}

/// The accumulators of the weighted read, one a fold: sum e_i c_i, normalised by the exponent of sum e_i.
///
/// | port | width | |
/// |---|---|---|
/// | `product` | 32 | e_i c_ie |
/// | `fold` | 2 | which sum |
/// | `load`, `add` | 1 | the sum becomes the term, or grows by it |
/// | `shift` | 1 | halves all sums, towards minus infinity |
/// | `normalised` | 16 | the low bits of the sum of `fold`, four guard bits below the products |
///
/// Latency: 1 cycle; `normalised` follows the registers combinationally.
#[derive(Clone, Debug, Default)]
pub struct ReadAccumulator {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A term.
    pub product: Signal<In, Bits<32>>,
    /// Which sum.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Starts a sum.
    pub load: Signal<In, Bit>,
    /// Continues a sum.
    pub add: Signal<In, Bit>,
    /// Halves all sums.
    pub shift: Signal<In, Bit>,
    /// The low bits of a sum.
    pub normalised: Signal<Out, Bits<16>>,
    _sums: Vec<i64>,
    _settled: bool,
    _changed: bool,
}

leaf!(ReadAccumulator { inputs: clock product fold load add shift; outputs: normalised; });

impl ReadAccumulator {
    /// Accumulators for so many folds.
    pub fn new(folds: usize) -> ReadAccumulator {
        ReadAccumulator { _sums: vec![0; folds], ..Default::default() }
    }
    fn place(&self) -> usize {
        index(self.fold.val()) % self._sums.len()
    }
}

impl Leaf for ReadAccumulator {
    fn step(&mut self) {
        let place = self.place();
        if self.load.val() || self.add.val() {
            let base = if self.load.val() { 0 } else { self._sums[place] };
            self._sums[place] = wrap(base + (signed(self.product.val()) << READ_GUARD), 34);
        } else if self.shift.val() {
            self._sums.iter_mut().for_each(|sum| *sum >>= 1);
        }
    }
    fn settle(&mut self) {
        self.normalised.next = bits_of(self._sums[self.place()]);
    }
}

impl Logic for ReadAccumulator {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
        self.settle();
    }
    fn connect(&mut self) {
        self.normalised.connect();
    }
    fn hdl(&self) -> Verilog {
        let folds = self._sums.len();
        let place = if folds == 1 { "1'b0".to_string() } else { format!("fold[{}:0]", folds.ilog2() - 1) };
        let each = |line: &dyn Fn(usize) -> String| (0..folds).map(line).collect::<Vec<_>>().join("\n");
        Verilog::Custom(format!(
            "reg signed [33:0] sums [0:{last}];
wire signed [33:0] sum = sums[{place}];
wire signed [33:0] term = $signed({{product[29:0], 4'b0}});
{initial}
always @(*) normalised = sum[15:0];
always @(posedge clock) begin
   if (load | add) sums[{place}] <= (load ? 34'sd0 : sum) + term;
   else if (shift) begin
{shifts}
   end
end",
            last = folds - 1,
            initial = each(&|fold| format!("initial sums[{fold}] = 0;")),
            shifts = each(&|fold| format!("      sums[{fold}] <= sums[{fold}] >>> 1;")),
        ))
    }
}

/// The register of o: the product of the normalised sum and the reciprocal, requantised by a constant shift.
///
/// | port | width | |
/// |---|---|---|
/// | `product` | 32 | (normalised sum) x (reciprocal), 22 fraction bits below a code |
/// | `load` | 1 | takes it |
/// | `read` | 8 | o_e, a code |
///
/// Latency: 1 cycle.
#[derive(Clone, Debug, Default)]
pub struct ReadCode {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The quotient before rounding.
    pub product: Signal<In, Bits<32>>,
    /// Whether to take it.
    pub load: Signal<In, Bit>,
    /// o.
    pub read: Signal<Out, Bits<8>>,
    _settled: bool,
    _changed: bool,
}

leaf!(ReadCode { inputs: clock product load; outputs: read; });

impl Leaf for ReadCode {
    fn step(&mut self) {
        if self.load.val() {
            self.read.next = bits_of(i64::from(requantise(signed(self.product.val()), QUOTIENT_SHIFT)));
        }
    }
}

impl Logic for ReadCode {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.read.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "wire signed [{high}:0] floor = product[31:{s}];
wire up = product[{half}] & (product[{s}] | (|product[{below}:0]));
wire signed [{high}:0] rounded = floor + $signed({{{high}'b0, up}});
initial read = 0;
always @(posedge clock) if (load) read <= rounded > 127 ? 8'd127 : rounded < -127 ? -8'd127 : rounded[7:0];",
            s = QUOTIENT_SHIFT,
            half = QUOTIENT_SHIFT - 1,
            below = QUOTIENT_SHIFT - 2,
            high = 31 - QUOTIENT_SHIFT,
        ))
    }
}
