//! The adder tree: one exact sum over all lanes, of similarities or of the answer's products.
//!
//! Latency: 3 cycles for every number of lanes, one term every cycle. The levels are spread evenly over three registers.

use crate::prelude::*;

/// Bits of the sum: 64 terms of 16 bits.
pub const SUM_BITS: usize = 22;

/// The adder tree.
#[derive(Clone, Debug, Default, Leaf)]
pub struct AdderTree {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A term of each lane, signed.
    pub terms: Vec<Signal<In, Bits<16>>>,
    /// The sum of the terms, signed, three cycles later.
    pub sum: Signal<Out, Bits<SUM_BITS>>,
    _pipeline: [i64; 2],
    _evaluation: Evaluation,
}

impl AdderTree {
    /// The tree over so many lanes, a power of two from 2 to 64.
    pub fn new(lanes: usize) -> AdderTree {
        assert!(lanes.is_power_of_two() && (2..=64).contains(&lanes));
        AdderTree { terms: vec![Default::default(); lanes], ..Default::default() }
    }
}

impl Leaf for AdderTree {
    fn step(&mut self) {
        self.sum.next = bits_of(self._pipeline[1]);
        self._pipeline = [self.terms.iter().map(|term| signed(term.val())).sum(), self._pipeline[0]];
    }
    fn verilog(&self) -> String {
        let levels = self.terms.len().ilog2() as usize;
        let mut text = String::new();
        let mut names: Vec<String> = (0..self.terms.len()).map(|lane| format!("$signed(terms${lane})")).collect();
        for stage in 1..=3usize {
            // This stage's share of the levels: sums of `group` neighbours, then a register.
            let group = 1 << (levels * stage / 3 - levels * (stage - 1) / 3);
            let sums: Vec<String> = names.chunks(group).map(|chunk| chunk.join(" + ")).collect();
            let registers: Vec<String> = (0..sums.len()).map(|place| format!("stage{stage}_{place}")).collect();
            for (register, sum) in registers.iter().zip(&sums) {
                text += &format!("reg signed [{}:0] {register} = 0;\n", SUM_BITS - 1);
                text += &format!("always @(posedge clock) {register} <= {sum};\n");
            }
            names = registers;
        }
        text += &format!("always @(*) sum = {};", names[0]);
        text
    }
}
