//! A memory with a single port.

use crate::leaf;
use crate::parts::memory::within;
use crate::prelude::*;

/// Up to 2^`A` words of `D` bits with a single port, which keeps its output while it is written.
///
/// | port | width | |
/// |---|---|---|
/// | `address` | A | |
/// | `write`, `write_data` | 1, D | stores a word |
/// | `data` | D | the word, one cycle later |
#[derive(Clone, Debug, Default)]
pub struct WordMemory<const A: usize, const D: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Which word.
    pub address: Signal<In, Bits<A>>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// What to write.
    pub write_data: Signal<In, Bits<D>>,
    /// What was read.
    pub data: Signal<Out, Bits<D>>,
    _cells: Vec<u32>,
    _settled: bool,
    _changed: bool,
}

leaf!([const A: usize, const D: usize] WordMemory<A, D> { inputs: clock address write write_data; outputs: data; });

impl<const A: usize, const D: usize> WordMemory<A, D> {
    /// A memory of at least `depth` words, all zero: of the next power of two, so that a counter may come to rest behind the
    /// last word.
    pub fn new(depth: usize) -> WordMemory<A, D> {
        assert!(depth <= 1 << A && D <= 32);
        WordMemory { _cells: vec![0; depth.next_power_of_two()], ..Default::default() }
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
}

impl<const A: usize, const D: usize> Logic for WordMemory<A, D> {
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
            "reg [{top}:0] cells [0:{last}];
always @(posedge clock) begin
   if (write) cells[address{part}] <= write_data;
   else data <= cells[address{part}];
end",
            top = D - 1,
            last = self._cells.len() - 1,
            part = match self._cells.len().ilog2() as usize {
                bits if bits == A => String::new(),
                bits => format!("[{}:0]", bits - 1),
            },
        ))
    }
}
