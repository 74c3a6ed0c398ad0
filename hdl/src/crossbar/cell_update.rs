//! The update of a cell: its gates come one after another; with the last its state becomes f c + i g, or of a GRU n + z (h - n).
//!
//! ```text
//! cycle   LSTM                GRU
//!     1   c, i g              h, r nh          after the last gate, o or nh, was taken
//!     2   f c                 nx + r nh
//!     3   f c + i g           rounded: the index of n
//!     4   rounded: c'         tanh, outside
//!     5   the index of c'     h - n
//!     6                       z (h - n)
//!     7                       n + z (h - n)
//!     8                       rounded: h'
//! ```
//!
//! Both kinds share the two multipliers, the rounding of the state and that of an index.
//!
//! Latency: as above. Gates may be taken every cycle, and a cell's right behind another's.

use engram_spec::crossbar::gate::{self, GATE_FRACTION};
use engram_spec::crossbar::gru::STATE_FRACTION;

use crate::crossbar::column_sum::entry;
use crate::prelude::*;

/// The update of a cell.
#[derive(Clone, Debug, Default, Leaf)]
pub struct CellUpdate {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// Whether there is a gate's value.
    pub take: Signal<In, Bit>,
    /// The gate of the value, in the order i, f, g, o, or z, r, nx, nh.
    pub gate: Signal<In, Bits<2>>,
    /// The value, signed: in units of 2^-10, of nx and nh the index, in units of 2^-5.
    pub value: Signal<In, Bits<12>>,
    /// The state, signed, one cycle after the last gate was taken.
    pub state: Signal<In, Bits<16>>,
    /// n, signed, in units of 2^-10: tanh at `index`, a cycle after it.
    pub tanh: Signal<In, Bits<12>>,
    /// o, from one cycle after it was taken until the next is.
    pub shown: Signal<Out, Bits<11>>,
    /// The new state, signed, five cycles after the last gate was taken, of a GRU nine.
    pub updated: Signal<Out, Bits<16>>,
    /// Whether the new state is there.
    pub done: Signal<Out, Bit>,
    /// The entry in the table of tanh: of the new c, six cycles after o was taken; of a GRU's candidate, four after nh.
    pub index: Signal<Out, Bits<9>>,
    /// n of a GRU, signed, six cycles after nh was taken.
    pub candidate: Signal<Out, Bits<12>>,
    /// Whether n is there.
    pub found: Signal<Out, Bit>,
    /// i, f, g, or z, r, nx.
    _gates: [i64; 3],
    _kept: i64,
    _taken: [i64; 2],
    _sum: i64,
    _place: i64,
    /// z on its way to the product; h; h - n; n a cycle later.
    _updates: [i64; 2],
    _held: i64,
    _difference: i64,
    _added: i64,
    _over: bool,
    _under_way: [bool; 8],
    _evaluation: Evaluation,
}

/// The new state of a sum, as [`engram_spec::crossbar::cell::update`] makes it; here the sum is known a cycle before.
fn rounded(sum: i64) -> i16 {
    engram_spec::format::round_shift(sum, 10).clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

impl Leaf for CellUpdate {
    fn step(&mut self) {
        let gru = self.gru.val();
        let [first, second, third] = self._gates;
        let last = signed(self.shown.val());
        let place = if gru { self._place } else { signed(self.updated.val()) << 4 };
        self.index.next = entry(gate::limited(place, GATE_FRACTION)).into();
        self.updated.next = bits_of(rounded(self._sum).into());
        // A difference of 2^15, which 16 bits hold as -2^15, is there for n = -1024 alone: z 2^16 more, and n 2^14. (Between two
        // programs there are larger ones, of which nothing is taken.)
        let added = match (gru, self._over) {
            (true, true) => (self._updates[1] - 256) << 16,
            (true, false) => self._added << STATE_FRACTION,
            (false, _) => 2 * self._taken[1],
        };
        self._over = self._difference >= 1 << 15;
        self._sum = self._kept + added;
        self._place = self._taken[0] + (third << GATE_FRACTION);
        let candidate = signed(self.tanh.val());
        self._kept = if gru { self._updates[1] * i64::from(self._difference as i16) } else { second * self._held };
        self._taken = [if gru { second * last } else { first * third }, self._taken[0]];
        self._difference = self._held - (candidate << (STATE_FRACTION - GATE_FRACTION));
        self._added = signed(self.candidate.val());
        self.candidate.next = self.tanh.val();
        self.found.next = gru && self._under_way[4];
        self.done.next = self._under_way[if gru { 7 } else { 3 }];
        if self._under_way[0] {
            self._held = signed(self.state.val());
        }
        if self._under_way[2] {
            self._updates[1] = self._updates[0];
        }
        self._under_way.copy_within(..7, 1);
        self._under_way[0] = false;
        if self.take.val() {
            let value = signed(self.value.val());
            match index(self.gate.val()) {
                3 => {
                    self.shown.next = bits_of(value);
                    self._under_way[0] = true;
                    self._updates[0] = first;
                }
                gate => self._gates[gate] = value,
            }
        }
    }
    fn verilog(&self) -> String {
        "reg signed [11:0] first = 0;
reg signed [11:0] second = 0;
reg signed [11:0] third = 0;
reg signed [27:0] kept = 0;
reg signed [23:0] taken = 0;
reg signed [23:0] taken_before = 0;
reg signed [28:0] sum = 0;
reg signed [23:0] place = 0;
reg signed [11:0] update_before = 0;
reg signed [11:0] update = 0;
reg signed [15:0] held = 0;
reg signed [16:0] difference = 0;
reg signed [11:0] added = 0;
reg over = 0;
reg [7:0] under_way = 0;
wire signed [11:0] kept_share = gru ? update : second;
wire signed [15:0] kept_of = gru ? difference[15:0] : held;
wire signed [11:0] taken_share = gru ? second : first;
wire signed [11:0] taken_of = gru ? {shown[10], shown} : third;
wire signed [11:0] above = update - 12'd256;
wire [28:0] of_candidate = over ? {above[11], above, 16'b0} : {{3{added[11]}}, added, 14'b0};
wire [28:0] more = gru ? of_candidate : {{4{taken_before[23]}}, taken_before, 1'b0};
wire signed [18:0] floor = sum[28:10];
wire up = sum[9] & (sum[10] | (|sum[8:0]));
wire signed [18:0] rounded = floor + $signed({18'b0, up});
wire [23:0] exact = gru ? place : {{4{updated[15]}}, updated, 4'b0};
wire signed [13:0] coarse = exact[23:10];
wire coarse_up = exact[9] & (exact[10] | (|exact[8:0]));
wire signed [13:0] rounded_place = coarse + $signed({13'b0, coarse_up});
initial shown = 0;
initial {updated, done, candidate, found} = 0;
initial index = 0;
always @(posedge clock) begin
   kept <= kept_share * kept_of;
   taken <= taken_share * taken_of;
   taken_before <= taken;
   over <= difference[16:15] == 2'b01;
   sum <= kept + $signed(more);
   place <= taken + $signed({third, 10'b0});
   difference <= held - $signed({tanh, 4'b0});
   added <= candidate;
   candidate <= tanh;
   found <= gru & under_way[4];
   updated <= rounded > 32767 ? 16'h7fff : rounded < -32768 ? 16'h8000 : rounded[15:0];
   index <= rounded_place > 255 ? 9'd511 : rounded_place < -256 ? 9'd0 : {~rounded_place[8], rounded_place[7:0]};
   under_way <= {under_way[6:0], take & (gate == 3)};
   done <= gru ? under_way[7] : under_way[3];
   if (under_way[0]) held <= state;
   if (under_way[2]) update <= update_before;
   if (take) case (gate)
      0: first <= value;
      1: second <= value;
      2: third <= value;
      default: begin
         shown <= value[10:0];
         update_before <= first;
      end
   endcase
end"
        .into()
    }
}
