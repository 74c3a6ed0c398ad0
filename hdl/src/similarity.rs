//! The similarity unit of a lane: compares an element of the controller's state with one of a slot.
//!
//! | port | width | |
//! |---|---|---|
//! | `state` | 8 | u_e, a code |
//! | `slot` | 8 | m_ie with its age word, a code |
//! | `similarity` | 16 | s(u, m), signed, one cycle later |
//!
//! Latency: 1 cycle. `hamming` is a subtraction, an absolute value and a saturation; `xnor` two absolute values and seven
//! XNORs; `dot` needs a multiplier of its own. Defined in [`engram_spec::similarity`] (Q-MANN, AAAI 2018).

use engram_spec::Addressing;

use crate::leaf;
use crate::prelude::*;

/// The similarity unit of one addressing.
#[derive(Clone, Debug, Default)]
pub struct Similarity {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// u, a code.
    pub state: Signal<In, Bits<8>>,
    /// m with its age word, a code.
    pub slot: Signal<In, Bits<8>>,
    /// s(u, m).
    pub similarity: Signal<Out, Bits<16>>,
    _addressing: Addressing,
    _settled: bool,
    _changed: bool,
}

leaf!(Similarity { inputs: clock state slot; outputs: similarity; });

impl Similarity {
    /// The unit of this addressing.
    pub fn new(addressing: Addressing) -> Similarity {
        Similarity { _addressing: addressing, ..Default::default() }
    }
}

impl Leaf for Similarity {
    fn step(&mut self) {
        let (state, slot) = (signed(self.state.val()) as i8, signed(self.slot.val()) as i8);
        self.similarity.next = bits_of(i64::from(self._addressing.element(state, slot)));
    }
}

impl Logic for Similarity {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.similarity.connect();
    }
    fn hdl(&self) -> Verilog {
        let magnitude = match self._addressing {
            Addressing::Hamming => {
                "wire signed [8:0] difference = $signed({state[7], state}) - $signed({slot[7], slot});
wire [8:0] distance = difference[8] ? -difference : difference;
wire [6:0] magnitude = distance > 127 ? 0 : 127 - distance;"
            }
            Addressing::Xnor => {
                "wire [7:0] state_magnitude = state[7] ? -state : state;
wire [7:0] slot_magnitude = slot[7] ? -slot : slot;
wire [6:0] magnitude = ~(state_magnitude[6:0] ^ slot_magnitude[6:0]);"
            }
            Addressing::Dot => {
                return Verilog::Custom(
                    "initial similarity = 0;
always @(posedge clock) similarity <= $signed(state) * $signed(slot);"
                        .into(),
                );
            }
        };
        Verilog::Custom(format!(
            "{magnitude}
wire [15:0] extended = {{9'b0, magnitude}};
initial similarity = 0;
always @(posedge clock) similarity <= state[7] ^ slot[7] ? -extended : extended;"
        ))
    }
}
