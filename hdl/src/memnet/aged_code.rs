//! Adds an age word to a slot's code when the slot is read, because ages move with every sentence; and gives the sum the
//! format of the hop that addresses it.
//!
//! Latency: 1 cycle. Half of an odd sum lies between two codes, of which the even one is above it where the sum's lowest two
//! bits are 11. That much depends on the operands' lowest bits alone, so it is the adder's carry: there is one adder. The register
//! lies between the adder and the saturation, because the block memories before it are slow.

use engram_spec::format::graded_add;

use crate::prelude::*;

/// The sum is a code of the operands' format.
pub const KEEP: u64 = 0;
/// The sum is a code of a format with one fraction bit less.
pub const HALVE: u64 = 1;
/// The sum is a code of a format with one fraction bit more.
pub const DOUBLE: u64 = 2;

/// The saturating adder of a slot's code and its age word.
#[derive(Clone, Debug, Default, Leaf)]
pub struct AgedCode {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// m or c of a slot, a code.
    pub slot: Signal<In, Bits<8>>,
    /// T_A or T_C of the slot's age, a code of the same format.
    pub age: Signal<In, Bits<8>>,
    /// The format of the sum: 0 that of the operands, 1 one integer bit more (halved), 2 one fraction bit more
    /// (doubled).
    pub scale: Signal<In, Bits<2>>,
    /// The sum as a code: scaled, rounded to nearest-even or saturated at ±127.
    pub sum: Signal<Out, Bits<8>>,
    _evaluation: Evaluation,
}

impl Leaf for AgedCode {
    fn step(&mut self) {
        let grade = match self.scale.val().to_u64() {
            KEEP => 0,
            DOUBLE => 1,
            _ => -1,
        };
        let sum = graded_add(signed(self.slot.val()) as i8, signed(self.age.val()) as i8, grade);
        self.sum.next = bits_of(i64::from(sum));
    }
    fn verilog(&self) -> String {
        "wire [1:0] low = slot[1:0] + age[1:0];
wire up = scale[0] & (&low);
wire [9:0] wide = {slot[7], slot, up} + {age[7], age, up};
wire [8:0] exact = wide[9:1];
reg negative = 0;
reg [8:0] scaled = 0;
always @(posedge clock) begin
   negative <= exact[8];
   scaled <= scale[0] ? {exact[8], exact[8:1]} : scale[1] ? {exact[7:0], 1'b0} : exact;
end
wire limit = (scaled[8:7] != {2{negative}}) | (scaled[7:0] == 8'h80);
always @(*) sum = limit ? {negative, {6{~negative}}, 1'b1} : scaled[7:0];"
            .into()
    }
}
