//! The update of a cell: its gates come one after another; with the last its state becomes f c + i g.
//!
//! Latency: as above. Gates may be taken every cycle, and a cell's right behind another's.

use engram_spec::crossbar::cell;

use crate::crossbar::column_sum::entry;
use crate::prelude::*;

/// The update of a cell.
#[derive(Clone, Debug, Default, Leaf)]
pub struct CellUpdate {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether there is a gate's value.
    pub take: Signal<In, Bit>,
    /// The gate of the value, in the order i, f, g, o.
    pub gate: Signal<In, Bits<2>>,
    /// The value, signed, in units of 2^-10.
    pub value: Signal<In, Bits<12>>,
    /// c, signed, one cycle after o was taken.
    pub state: Signal<In, Bits<16>>,
    /// o, from one cycle after it was taken until the next is.
    pub shown: Signal<Out, Bits<11>>,
    /// The new c, signed, four cycles after o was taken.
    pub updated: Signal<Out, Bits<16>>,
    /// Whether the new c is there.
    pub done: Signal<Out, Bit>,
    /// The new c's entry in the table of tanh, five cycles after o was taken.
    pub index: Signal<Out, Bits<9>>,
    _input: i64,
    _forget: i64,
    _candidate: i64,
    _kept: i64,
    _taken: i64,
    _sum: i64,
    _under_way: [bool; 3],
    _evaluation: Evaluation,
}

/// The new state of a sum, as [`cell::update`] makes it; here the sum is known a cycle before.
fn rounded(sum: i64) -> i16 {
    engram_spec::format::round_shift(sum, 10).clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

impl Leaf for CellUpdate {
    fn step(&mut self) {
        self.index.next = entry(cell::index(signed(self.updated.val()) as i16)).into();
        self.updated.next = bits_of(rounded(self._sum).into());
        self._sum = self._kept + 2 * self._taken;
        self._kept = self._forget * signed(self.state.val());
        self._taken = self._input * self._candidate;
        let [first, second, third] = self._under_way;
        self.done.next = third;
        self._under_way = [false, first, second];
        if self.take.val() {
            let value = signed(self.value.val());
            match self.gate.val().to_u64() {
                0 => self._input = value,
                1 => self._forget = value,
                2 => self._candidate = value,
                _ => {
                    self.shown.next = bits_of(value);
                    self._under_way[0] = true;
                }
            }
        }
    }
    fn verilog(&self) -> String {
        "reg signed [11:0] input_gate = 0;
reg signed [11:0] forget = 0;
reg signed [11:0] candidate = 0;
reg signed [27:0] kept = 0;
reg signed [23:0] taken = 0;
reg signed [28:0] sum = 0;
reg [2:0] under_way = 0;
wire signed [18:0] floor = sum[28:10];
wire up = sum[9] & (sum[10] | (|sum[8:0]));
wire signed [18:0] rounded = floor + $signed({18'b0, up});
wire signed [9:0] coarse = updated[15:6];
wire coarse_up = updated[5] & (updated[6] | (|updated[4:0]));
wire signed [10:0] place = {coarse[9], coarse} + {10'b0, coarse_up};
initial shown = 0;
initial {updated, done} = 0;
initial index = 0;
always @(posedge clock) begin
   kept <= forget * $signed(state);
   taken <= input_gate * candidate;
   sum <= kept + $signed({taken, 1'b0});
   updated <= rounded > 32767 ? 16'h7fff : rounded < -32768 ? 16'h8000 : rounded[15:0];
   index <= place > 255 ? 9'd511 : place < -256 ? 9'd0 : {~place[8], place[7:0]};
   {done, under_way} <= {under_way, take & (gate == 3)};
   if (take) case (gate)
      0: input_gate <= value;
      1: forget <= value;
      2: candidate <= value;
      default: shown <= value[10:0];
   endcase
end"
        .into()
    }
}
