//! A memory with one write and one read port.

use crate::leaf;
use crate::parts::memory::undefined;
use crate::prelude::*;

/// 2^`A` values of `D` bits with one write and one read port: the content of a frame, a lane's rows, the cells' states.
///
/// | port | width | |
/// |---|---|---|
/// | `write`, `write_address`, `write_data` | 1, A, D | stores a value |
/// | `address` | A | |
/// | `data` | D | the value, one cycle later |
///
/// What is read in the cycle in which the same place is written is not defined on the device (what was there before here);
/// nothing looks at it.
#[derive(Clone, Debug, Default)]
pub struct Buffer<const A: usize, const D: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Bits<A>>,
    /// What to write.
    pub write_data: Signal<In, Bits<D>>,
    /// Where to read.
    pub address: Signal<In, Bits<A>>,
    /// What was read.
    pub data: Signal<Out, Bits<D>>,
    _cells: Vec<u32>,
    _settled: bool,
    _changed: bool,
}

/// Bits of an address of the byte buffer.
pub const BYTE_BITS: usize = 7;

/// A buffer of 128 bytes, for the content of a frame.
pub type ByteBuffer = Buffer<BYTE_BITS, 8>;

leaf!([const A: usize, const D: usize] Buffer<A, D> { inputs: clock write write_address write_data address; outputs: data; });

impl<const A: usize, const D: usize> Buffer<A, D> {
    /// A buffer of zeros.
    pub fn new() -> Buffer<A, D> {
        Buffer { _cells: vec![0; 1 << A], ..Default::default() }
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
}

impl<const A: usize, const D: usize> Logic for Buffer<A, D> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.data.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(format!(
            "(* no_rw_check *) reg [{top}:0] cells [0:{last}];
always @(posedge clock) begin
   data <= cells[address];
   if (write) cells[write_address] <= write_data;
end",
            top = D - 1,
            last = (1usize << A) - 1,
        ))
    }
}
