//! Tables of constants.

use crate::leaf;
use crate::prelude::*;

/// A table of 2^`A` constants of 15 bits in block RAM.
///
/// | port | width | |
/// |---|---|---|
/// | `address` | A | |
/// | `data` | 15 | the entry, one cycle later |
#[derive(Clone, Debug, Default)]
pub struct Table<const A: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The entry's number.
    pub address: Signal<In, Bits<A>>,
    /// The entry.
    pub data: Signal<Out, Bits<15>>,
    _entries: Vec<u32>,
    _settled: bool,
    _changed: bool,
}

leaf!([const A: usize] Table<A> { inputs: clock address; outputs: data; });

impl<const A: usize> Table<A> {
    /// The table of these entries, each below 2^15.
    pub fn new(entries: Vec<u32>) -> Table<A> {
        assert!(entries.len() == 1 << A && entries.iter().all(|&entry| entry < 1 << 15));
        Table { _entries: entries, ..Default::default() }
    }
}

impl<const A: usize> Leaf for Table<A> {
    fn step(&mut self) {
        self.data.next = u64::from(self._entries[index(self.address.val())]).into();
    }
}

impl<const A: usize> Logic for Table<A> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.data.connect();
    }
    fn hdl(&self) -> Verilog {
        let entry = |(place, value): (usize, &u32)| format!("   cells[{place}] = {value};\n");
        let entries: String = self._entries.iter().enumerate().map(entry).collect();
        Verilog::Custom(format!(
            "(* rom_style = \"block\" *) reg [14:0] cells [0:{last}];
initial begin
{entries}end
always @(posedge clock) data <= cells[address];",
            last = self._entries.len() - 1,
        ))
    }
}
