//! A memory with one write and one read port.

use crate::parts::memory::{contents, undefined};
use crate::prelude::*;

/// 2^`A` values of `D` bits with one write and one read port: the content of a frame, a lane's rows, the cells' states.
///
/// A read in the cycle in which the same place is written is not defined on the device (here the value before);
/// nothing looks at it.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Buffer<const A: usize, const D: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to store a value.
    pub write: Signal<In, Bit>,
    /// The address of the value to be stored.
    pub write_address: Signal<In, Bits<A>>,
    /// The value to be stored.
    pub write_data: Signal<In, Bits<D>>,
    /// The address that is read.
    pub address: Signal<In, Bits<A>>,
    /// The value that was read.
    pub data: Signal<Out, Bits<D>>,
    _cells: Vec<u32>,
    /// Whether the values are part of a program that the bitstream has inside.
    _inside: bool,
    _evaluation: Evaluation,
}

impl<const A: usize, const D: usize> Buffer<A, D> {
    /// A buffer of zeros.
    pub fn new() -> Buffer<A, D> {
        Buffer { _cells: vec![0; 1 << A], ..Default::default() }
    }

    /// A buffer that has these values at switch-on, and zeros behind them.
    pub fn holding(values: impl IntoIterator<Item = u32>) -> Buffer<A, D> {
        let mut buffer = Buffer { _inside: true, ..Buffer::new() };
        buffer._cells.iter_mut().zip(values).for_each(|(cell, value)| *cell = value);
        buffer
    }
}

impl<const A: usize, const D: usize> Leaf for Buffer<A, D> {
    fn step(&mut self) {
        let (address, place, write) = (index(self.address.val()), index(self.write_address.val()), self.write.val());
        self.data.next = undefined::read(self._cells[address].into(), D, write && address == place).into();
        if write {
            self._cells[place] = self.write_data.val().to_u64() as u32;
        }
    }
    fn verilog(&self) -> String {
        format!(
            "(* no_rw_check *) reg [{top}:0] cells [0:{last}];
always @(posedge clock) begin
   data <= cells[address];
   if (write) cells[write_address] <= write_data;
end{contents}",
            top = D - 1,
            last = (1usize << A) - 1,
            contents = contents(self._inside, "cells", D, self._cells.iter().map(|&cell| cell.into())),
        )
    }
}
