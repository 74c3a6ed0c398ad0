//! The normaliser: exponent and mantissa of sum e, for the reciprocal table.
//!
//! | port | width | |
//! |---|---|---|
//! | `sum` | 22 | sum e, at least 8 |
//! | `shifts` | 5 | exponent - 3: by how much the weighted reads are shifted |
//! | `index` | 10 | the ten bits behind the leading one, one cycle later |
//!
//! Latency: 1 cycle. The four guard bits of the weighted reads less the seven of the quotient are the 3.

use engram_spec::table::{QUOTIENT_GUARD, READ_GUARD, normalise};

use crate::adder_tree::SUM_BITS;
use crate::leaf;
use crate::prelude::*;

/// The normaliser.
#[derive(Clone, Debug, Default)]
pub struct Normaliser {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The sum of the exponentials.
    pub sum: Signal<In, Bits<SUM_BITS>>,
    /// Shifts of the weighted reads.
    pub shifts: Signal<Out, Bits<5>>,
    /// The index in the reciprocal table.
    pub index: Signal<Out, Bits<10>>,
    _settled: bool,
    _changed: bool,
}

leaf!(Normaliser { inputs: clock sum; outputs: shifts index; });

/// The least sum: below it (before the first slot) the outputs are those of this.
const LEAST: u64 = 1 << (QUOTIENT_GUARD - READ_GUARD);

impl Leaf for Normaliser {
    fn step(&mut self) {
        let sum = self.sum.val().to_u64().max(LEAST);
        let (exponent, index) = normalise(sum as u32);
        self.shifts.next = u64::from(exponent - (QUOTIENT_GUARD - READ_GUARD)).into();
        self.index.next = (index as u64).into();
    }
}

impl Logic for Normaliser {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.shifts.connect();
        self.index.connect();
    }
    fn hdl(&self) -> Verilog {
        let least = QUOTIENT_GUARD - READ_GUARD;
        let case = |exponent: u32| format!("      if (clamped[{exponent}]) exponent = {exponent};\n");
        let cases: String = (least..SUM_BITS as u32).map(case).collect();
        Verilog::Custom(format!(
            "wire [21:0] clamped = sum < {LEAST} ? {LEAST} : sum;
reg [4:0] exponent;
always @(*) begin
   exponent = {least};
{cases}end
wire [21:0] aligned = clamped << (5'd21 - exponent);
initial {{shifts, index}} = 0;
always @(posedge clock) begin
   shifts <= exponent - {least};
   index <= aligned[20:11];
end"
        ))
    }
}
