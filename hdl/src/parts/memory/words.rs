//! A memory with a single port.

use crate::parts::memory::{contents, within};
use crate::prelude::*;

/// Up to 2^`A` words of `D` bits with a single port, which keeps its output while it is written.
#[derive(Clone, Debug, Default, Leaf)]
pub struct WordMemory<const A: usize, const D: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The number of the word.
    pub address: Signal<In, Bits<A>>,
    /// Whether to store a word; `data` keeps its value meanwhile.
    pub write: Signal<In, Bit>,
    /// The word to be stored.
    pub write_data: Signal<In, Bits<D>>,
    /// The word that was read.
    pub data: Signal<Out, Bits<D>>,
    _cells: Vec<u32>,
    /// Whether the words are those of a program that the bitstream has inside.
    _inside: bool,
    _evaluation: Evaluation,
}

impl<const A: usize, const D: usize> WordMemory<A, D> {
    /// A memory of at least `depth` words, all zero: of the next power of two, so that a counter may come to rest behind the
    /// last word.
    pub fn new(depth: usize) -> WordMemory<A, D> {
        assert!(depth <= 1 << A && D <= 32);
        WordMemory { _cells: vec![0; depth.next_power_of_two()], ..Default::default() }
    }

    /// Takes the words of a memory of the same depth.
    pub fn copy_words(&mut self, from: &WordMemory<A, D>) {
        self._cells.clone_from(&from._cells);
        self._inside = true;
    }
}

impl<const A: usize, const D: usize> Leaf for WordMemory<A, D> {
    fn step(&mut self) {
        let place = within("word memory", index(self.address.val()), self._cells.len());
        if self.write.val() {
            self._cells[place] = self.write_data.val().to_u64() as u32;
        } else {
            self.data.next = u64::from(self._cells[place]).into();
        }
    }
    fn verilog(&self) -> String {
        format!(
            "reg [{top}:0] cells [0:{last}];
always @(posedge clock) begin
   if (write) cells[address{part}] <= write_data;
   else data <= cells[address{part}];
end{contents}",
            top = D - 1,
            last = self._cells.len() - 1,
            contents = contents(self._inside, "cells", D, self._cells.iter().map(|&cell| cell.into())),
            part = match self._cells.len().ilog2() as usize {
                bits if bits == A => String::new(),
                bits => format!("[{}:0]", bits - 1),
            },
        )
    }
}
