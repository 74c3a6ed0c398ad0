//! The ends to which the sequencer counts: the sizes of a program, in words of P rows.
//!
//! Latency: 1 cycle; settings are there long before they are used.

use engram_spec::crossbar::{Geometry, levels};

use crate::crossbar::CHUNK_BITS;
use crate::prelude::*;

/// Bits of the number of a word within a tile.
pub const WITHIN_BITS: usize = 5;

/// The ends to which the sequencer counts.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Extents {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// H, the cells.
    pub hidden: Signal<In, Bits<8>>,
    /// I, the inputs.
    pub inputs: Signal<In, Bits<8>>,
    /// V, the classes.
    pub classes: Signal<In, Bits<8>>,
    /// R, the rows of a tile; 0 for one tile.
    pub tile: Signal<In, Bits<8>>,
    /// Bits of the DAC codes.
    pub dac_bits: Signal<In, Bits<4>>,
    /// The largest DAC code.
    pub largest: Signal<Out, Bits<8>>,
    /// H - 1.
    pub last_cell: Signal<Out, Bits<8>>,
    /// I - 1.
    pub last_row: Signal<Out, Bits<8>>,
    /// V - 1.
    pub last_class: Signal<Out, Bits<8>>,
    /// The number of the last word of x.
    pub last_input: Signal<Out, Bits<CHUNK_BITS>>,
    /// The number of the last word of h.
    pub last_hidden: Signal<Out, Bits<CHUNK_BITS>>,
    /// The number of the last word of a tile; 31, which no column has, where there is one tile.
    pub last_within: Signal<Out, Bits<WITHIN_BITS>>,
    _shift: u32,
    _evaluation: Evaluation,
}

impl Extents {
    /// The extents of words of so many lanes.
    pub fn new(size: &Geometry) -> Extents {
        let words = (size.chunks(size.inputs) + size.chunks(size.hidden)) as u32;
        assert!(words < 1 << WITHIN_BITS && size.chunks(size.hidden.max(size.inputs)) <= 1 << CHUNK_BITS);
        Extents { _shift: size.lanes.ilog2(), ..Default::default() }
    }
}

impl Leaf for Extents {
    fn step(&mut self) {
        let less = |value: Bits<8>| (value.to_u64().wrapping_sub(1)) & 0xff;
        let [cell, row, class] = [self.hidden.val(), self.inputs.val(), self.classes.val()].map(less);
        let tile = self.tile.val().to_u64() >> self._shift;
        let bits = (self.dac_bits.val().to_u64() as u8).clamp(1, 8);
        self.largest.next = (levels(bits) as u64).into();
        self.last_cell.next = cell.into();
        self.last_row.next = row.into();
        self.last_class.next = class.into();
        self.last_input.next = (row >> self._shift & 15).into();
        self.last_hidden.next = (cell >> self._shift & 15).into();
        self.last_within.next = (tile.wrapping_sub(1) & 31).into();
    }
    fn verilog(&self) -> String {
        format!(
            "wire [7:0] cell_number = hidden - 8'd1;
wire [7:0] row_number = inputs - 8'd1;
wire [7:0] words = tile >> {shift};
wire [7:0] word = words - 8'd1;
wire [7:0] cell_word = cell_number >> {shift};
wire [7:0] row_word = row_number >> {shift};
wire [3:0] wide = dac_bits < 2 ? 4'd2 : dac_bits > 8 ? 4'd8 : dac_bits;
wire [8:0] most = (9'd1 << (wide - 4'd1)) - 9'd1;
always @(posedge clock) begin
   largest <= most[7:0];
   last_cell <= cell_number;
   last_row <= row_number;
   last_class <= classes - 8'd1;
   last_input <= row_word[3:0];
   last_hidden <= cell_word[3:0];
   last_within <= word[4:0];
end",
            shift = self._shift,
        )
    }
}
