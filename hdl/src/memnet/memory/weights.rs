//! The weight memory of a pair of lanes, which has a single port.

use crate::memnet::memory::{FOLD_BITS, ROW_BITS, address, address_text};
use crate::parts::memory::{contents, within};
use crate::prelude::*;

/// The weights of a pair of lanes: rows of the regions in the weight memory, a 16-bit word a fold.
#[derive(Clone, Debug, Default, Leaf)]
pub struct WeightMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The row.
    pub row: Signal<In, Bits<ROW_BITS>>,
    /// The fold of the row.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// The even lane's code to be written.
    pub write_even: Signal<In, Bits<8>>,
    /// The odd lane's code to be written.
    pub write_odd: Signal<In, Bits<8>>,
    /// The even lane's code.
    pub even: Signal<Out, Bits<8>>,
    /// The odd lane's code.
    pub odd: Signal<Out, Bits<8>>,
    _folds: usize,
    _cells: Vec<[u8; 2]>,
    /// Whether the words are those of a program that the bitstream has inside.
    _inside: bool,
    _evaluation: Evaluation,
}

impl WeightMemory {
    /// A memory of `depth` words, all zero.
    pub fn new(depth: usize, folds: usize) -> WeightMemory {
        WeightMemory { _folds: folds, _cells: vec![[0; 2]; depth], ..Default::default() }
    }

    /// Takes the words of a memory of the same depth.
    pub fn copy_words(&mut self, from: &WeightMemory) {
        self._cells.clone_from(&from._cells);
        self._inside = true;
    }
}

impl Leaf for WeightMemory {
    fn step(&mut self) {
        let place = address(index(self.row.val()), index(self.fold.val()), self._folds);
        let place = within("weight memory", place, self._cells.len());
        if self.write.val() {
            self._cells[place] = [self.write_even.val().to_u64() as u8, self.write_odd.val().to_u64() as u8];
        } else {
            [self.even.next, self.odd.next] = self._cells[place].map(|code| u64::from(code).into());
        }
    }
    fn verilog(&self) -> String {
        let depth = self._cells.len();
        let address = address_text("row", self._folds);
        let bits = depth.ilog2();
        format!(
            "reg [15:0] cells [0:{last}];
wire [{top}:0] address = {address};
always @(posedge clock) begin
   if (write) cells[address] <= {{write_odd, write_even}};
   else {{odd, even}} <= cells[address];
end{contents}",
            last = depth - 1,
            top = bits - 1,
            contents = contents(
                self._inside,
                "cells",
                16,
                self._cells.iter().map(|&[even, odd]| u64::from(odd) << 8 | u64::from(even))
            ),
        )
    }
}
