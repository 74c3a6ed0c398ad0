//! The output of a cell: h = o tanh(c), of a GRU its state, as the next step's DAC code and as the readout's.
//!
//! Latency: 3 cycles: the product, or the state in its units, the multiples by 2^k - 1 (a shift and a difference), the rounding.

use engram_spec::crossbar::cell::{self, HIDDEN_FRACTION};
use engram_spec::crossbar::{gru, levels};
use engram_spec::format::round_shift;

use crate::prelude::*;

/// The output of a cell.
#[derive(Clone, Debug, Default, Leaf)]
pub struct CellOutput {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// The new state of a GRU, signed, in units of 2^-14.
    pub state: Signal<In, Bits<16>>,
    /// tanh(c), signed, in units of 2^-10.
    pub tanh: Signal<In, Bits<12>>,
    /// o, in units of 2^-10.
    pub shown: Signal<In, Bits<11>>,
    /// Bits of the DAC code, 1 to 8.
    pub bits: Signal<In, Bits<4>>,
    /// The DAC code of h.
    pub code: Signal<Out, Bits<8>>,
    /// The readout code of h.
    pub readout: Signal<Out, Bits<8>>,
    _hidden: i32,
    /// h, and the bits of its code.
    _coded: (i32, u8),
    _evaluation: Evaluation,
}

impl Leaf for CellOutput {
    fn step(&mut self) {
        let (hidden, bits) = self._coded;
        // Between two programs there are outputs beyond an h's range here, of which nothing is taken: their codes wrap.
        let is_code = hidden.unsigned_abs() <= 1 << HIDDEN_FRACTION;
        let wrapped = round_shift(i64::from(hidden) * i64::from(levels(bits)), HIDDEN_FRACTION) as i8;
        let code = if is_code || bits < 2 { cell::dac_code(hidden, bits.max(1)) } else { wrapped };
        self.code.next = bits_of(code.into());
        self.readout.next = bits_of(cell::readout_code(hidden).into());
        self._coded = (self._hidden, (self.bits.val().to_u64() as u8).clamp(1, 8));
        let product = (signed(self.tanh.val()) * self.shown.val().to_u64() as i64) as i32;
        self._hidden = if self.gru.val() { gru::hidden(signed(self.state.val()) as i16) } else { product };
    }
    fn verilog(&self) -> String {
        "reg signed [22:0] hidden = 0;
reg signed [29:0] coarse = 0;
reg signed [29:0] fine = 0;
reg negative = 0;
reg one_bit = 1;
wire signed [11:0] factor = $signed({1'b0, shown});
wire signed [22:0] product = $signed(tanh) * factor;
wire signed [22:0] whole = $signed({state[15], state, 6'b0});
wire signed [29:0] wide = {{7{hidden[22]}}, hidden};
wire [3:0] steps = bits == 0 ? 4'd0 : bits > 8 ? 4'd7 : bits - 4'd1;
wire [7:0] coarse_floor = coarse[27:20];
wire [7:0] fine_floor = fine[27:20];
wire coarse_up = coarse[19] & (coarse[20] | (|coarse[18:0]));
wire fine_up = fine[19] & (fine[20] | (|fine[18:0]));
initial {code, readout} = 0;
always @(posedge clock) begin
   hidden <= gru ? whole : product;
   coarse <= (wide <<< steps) - wide;
   fine <= (wide <<< 7) - wide;
   negative <= hidden[22];
   one_bit <= steps == 0;
   code <= one_bit ? (negative ? 8'hff : 8'h01) : coarse_floor + {7'b0, coarse_up};
   readout <= fine_floor + {7'b0, fine_up};
end"
        .into()
    }
}
