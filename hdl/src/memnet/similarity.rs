//! The similarity unit of a lane: compares an element of the controller's state with one of a slot.
//!
//! Latency: 1 cycle. `hamming` is a subtraction, an absolute value and a saturation; `xnor` two absolute values and seven
//! XNORs; `min` a comparison and a choice; `dot` needs a multiplier of its own. Defined in [`engram_spec::memnet::similarity`] (Q-MANN, AAAI 2018).

use engram_spec::memnet::Addressing;

use crate::prelude::*;

/// The similarity unit of one addressing.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Similarity {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// u_e, a code.
    pub state: Signal<In, Bits<8>>,
    /// m_ie with its age word, a code.
    pub slot: Signal<In, Bits<8>>,
    /// s(u, m), signed, in units of 2^-7.
    pub similarity: Signal<Out, Bits<16>>,
    _addressing: Addressing,
    _evaluation: Evaluation,
}

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
    fn verilog(&self) -> String {
        match self._addressing {
            // 127 - |d|, or with differing signs |d| - 127 but at most 0, with one adder after the difference d.
            Addressing::Hamming => {
                "wire differ = state[7] ^ slot[7];
wire [8:0] difference = {state[7], state} - {slot[7], slot};
wire behind = difference[8];
wire [7:0] gap = difference[7:0] ^ {8{behind}};
wire [8:0] start = differ ? {2'b11, gap[6:0]} : {2'b00, ~gap[6:0]};
wire [8:0] correction = differ ? {7'b0, behind, ~behind} : {9{behind}};
wire [8:0] sum = start + correction;
initial similarity = 0;
always @(posedge clock)
   if (differ & (gap[7] | (&gap[6:0]))) similarity <= 0;
   else similarity <= {{7{sum[8]}}, sum};"
            }
            Addressing::Xnor => {
                "wire [7:0] state_magnitude = state[7] ? -state : state;
wire [7:0] slot_magnitude = slot[7] ? -slot : slot;
wire [15:0] magnitude = {9'b0, ~(state_magnitude[6:0] ^ slot_magnitude[6:0])};
initial similarity = 0;
always @(posedge clock) similarity <= state[7] ^ slot[7] ? -magnitude : magnitude;"
            }
            // With b' = sgn(a) sgn(b) b, of a's sign, the sign of a - b' tells which magnitude is smaller; the carry into the
            // lowest bit completes -b'. The smaller one takes the other's sign.
            Addressing::Min => {
                "wire same = state[7] ~^ slot[7];
wire [9:0] difference = {state[7], state, 1'b1} + {{slot[7], slot} ^ {9{same}}, same};
wire from_state = difference[9] ^ state[7];
wire negative = from_state ? slot[7] : state[7];
wire [7:0] smaller = (from_state ? state : slot) ^ {8{negative}};
wire [7:0] sum = smaller + {7'b0, negative};
initial similarity = 0;
always @(posedge clock) similarity <= {{8{sum[7]}}, sum};"
            }
            Addressing::Dot => {
                "initial similarity = 0;
always @(posedge clock) similarity <= $signed(state) * $signed(slot);"
            }
        }
        .into()
    }
}
