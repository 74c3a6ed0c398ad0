//! Memories that both networks use, a file each: a buffer, words behind a single port, a table; and what all memories keep to.
//!
//! A memory has zeros at switch-on, or what a bitstream puts there ([`contents`]): a program.
//!
//! Reads are synchronous: data follow the address by one cycle, and are not defined before the first.
//!
//! No memory is addressed beyond its depth, in any cycle: every Rust model checks its addresses at each clock edge
//! ([`within`]), CXXRTL asserts those that reach the array, and a memory that has fewer words than its port addresses checks
//! them in its Verilog where a simulator runs it ([`depth_check`]). What a block RAM gives for a word that is written in the same
//! cycle is not defined; [`undefined`] shows that nothing depends on it.

mod buffer;
mod table;
pub mod undefined;
mod words;

pub use buffer::Buffer;
pub use table::Table;
pub use words::WordMemory;

/// An address of a memory of this depth.
///
/// # Panics
/// If the address lies beyond the depth: an error in the design.
pub fn within(memory: &str, address: usize, depth: usize) -> usize {
    assert!(address < depth, "{memory} of {depth} words is addressed at {address}: an error in the design");
    address
}

/// The Verilog of what the memory `cells` has at switch-on, so many bits a word; nothing unless the bitstream puts it there, since nobody
/// reads a word before it is written.
pub fn contents(inside: bool, cells: &str, bits: usize, words: impl Iterator<Item = u64>) -> String {
    if !inside {
        return String::new();
    }
    let word = |(place, word): (usize, u64)| format!("   {cells}[{place}] = {bits}'h{word:x};\n");
    format!("\ninitial begin\n{}end", words.enumerate().map(word).collect::<String>())
}

/// The Verilog that stops a simulation when `address`, so many bits wide, lies beyond the depth in a cycle in which it is
/// `used`; nothing where every address of these bits is one of the memory. Yosys defines `SYNTHESIS`, so that it is not in the
/// hardware, and not in CXXRTL's model, which has an assertion of its own.
pub fn depth_check(memory: &str, used: &str, address: &str, bits: usize, depth: usize) -> String {
    if depth == 1 << bits {
        return String::new();
    }
    format!(
        "`ifndef SYNTHESIS
always @(posedge clock) if ({used} & ({address} >= {depth})) begin
   $display(\"{memory} of {depth} words is addressed at %0d\", {address});
   $stop;
end
`endif\n"
    )
}
