//! Selects one lane's element of u, which the controller broadcasts to all.
//!
//! | port | width | |
//! |---|---|---|
//! | `states` | 8 a lane | |
//! | `lane` | 6 | which |
//! | `state` | 8 | combinationally |
//!
//! Latency: 0 cycles.

use crate::leaf;
use crate::prelude::*;

/// Bits of a lane's number.
pub const LANE_BITS: usize = 6;

/// The multiplexer over the lanes.
#[derive(Clone, Debug, Default)]
pub struct Gather {
    /// An element a lane.
    pub states: Vec<Signal<In, Bits<8>>>,
    /// The lane.
    pub lane: Signal<In, Bits<LANE_BITS>>,
    /// Its element.
    pub state: Signal<Out, Bits<8>>,
    _settled: bool,
    _changed: bool,
}

leaf!(Gather { inputs: states lane; outputs: state; });

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
}

impl Logic for Gather {
    fn update(&mut self) {
        self.settle();
    }
    fn connect(&mut self) {
        self.state.connect();
    }
    fn hdl(&self) -> Verilog {
        let lanes = self.states.len();
        let bits = lanes.ilog2();
        let case = |lane: usize| format!("      {lane}: state = states${lane};\n");
        let cases: String = (1..lanes).map(case).collect();
        Verilog::Custom(format!(
            "always @(*) begin
   case (lane[{top}:0])
{cases}      default: state = states$0;
   endcase
end",
            top = bits - 1
        ))
    }
}
