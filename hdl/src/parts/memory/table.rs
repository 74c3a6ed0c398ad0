//! Tables of constants.

use crate::prelude::*;

/// A table of 2^`A` constants of 15 bits in block RAM.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Table<const A: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The number of the entry.
    pub address: Signal<In, Bits<A>>,
    /// The entry.
    pub data: Signal<Out, Bits<15>>,
    _entries: Vec<u32>,
    _evaluation: Evaluation,
}

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
    fn verilog(&self) -> String {
        let entry = |(place, value): (usize, &u32)| format!("   cells[{place}] = {value};\n");
        let entries: String = self._entries.iter().enumerate().map(entry).collect();
        format!(
            "(* rom_style = \"block\" *) reg [14:0] cells [0:{last}];
initial begin
{entries}end
always @(posedge clock) data <= cells[address];",
            last = self._entries.len() - 1,
        )
    }
}
