//! Selects one lane's element of u, which the controller broadcasts to all.
//!
//! Latency: 0 cycles.

use crate::prelude::*;

/// Bits of a lane's number.
pub const LANE_BITS: usize = 6;

/// The multiplexer over the lanes.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Gather {
    /// An element of u of each lane.
    pub states: Vec<Signal<In, Bits<8>>>,
    /// The lane that is selected.
    pub lane: Signal<In, Bits<LANE_BITS>>,
    /// The element of that lane.
    pub state: Signal<Out, Bits<8>>,
    _evaluation: Evaluation,
}

impl Gather {
    /// A multiplexer over so many lanes, a power of two.
    pub fn new(lanes: usize) -> Gather {
        assert!(lanes.is_power_of_two());
        Gather { states: vec![Default::default(); lanes], ..Default::default() }
    }
}

impl Leaf for Gather {
    fn settle(&mut self) {
        self.state.next = self.states[index(self.lane.val()) % self.states.len()].val();
    }
    fn verilog(&self) -> String {
        let lanes = self.states.len();
        let bits = lanes.ilog2();
        let case = |lane: usize| format!("      {lane}: state = states${lane};\n");
        let cases: String = (1..lanes).map(case).collect();
        format!(
            "always @(*) begin
   case (lane[{top}:0])
{cases}      default: state = states$0;
   endcase
end",
            top = bits - 1
        )
    }
}
