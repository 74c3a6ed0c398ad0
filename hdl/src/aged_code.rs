//! Adds an age word to a slot's code when the slot is read, because ages move with every sentence.
//!
//! | port | width | |
//! |---|---|---|
//! | `slot` | 8 | m or c, a code |
//! | `age` | 8 | T_A or T_C of the slot's age, a code of the same format |
//! | `sum` | 8 | their sum, saturated at ±127, one cycle later |
//!
//! Latency: 1 cycle.

use engram_spec::format::saturating_add;

use crate::leaf;
use crate::prelude::*;

/// The saturating adder of a slot's code and its age word.
#[derive(Clone, Debug, Default)]
pub struct AgedCode {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The slot's code.
    pub slot: Signal<In, Bits<8>>,
    /// The age word.
    pub age: Signal<In, Bits<8>>,
    /// The saturated sum.
    pub sum: Signal<Out, Bits<8>>,
    _settled: bool,
    _changed: bool,
}

leaf!(AgedCode { inputs: clock slot age; outputs: sum; });

impl Leaf for AgedCode {
    fn step(&mut self) {
        let sum = saturating_add(signed(self.slot.val()) as i8, signed(self.age.val()) as i8);
        self.sum.next = bits_of(i64::from(sum));
    }
}

impl Logic for AgedCode {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.sum.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "wire signed [8:0] exact = $signed({slot[7], slot}) + $signed({age[7], age});
initial sum = 0;
always @(posedge clock) sum <= exact > 127 ? 8'd127 : exact < -127 ? -8'd127 : exact[7:0];"
                .into(),
        )
    }
}
