//! The memories, a file each: of a pair of lanes, two codes a word; of the column, exponentials and tables; of the link, bytes.
//!
//! All reads are synchronous: data follow the address by one cycle, and are not defined before the first. The weight memory
//! has a single port (a block RAM on ECP5, the 256-kbit memory on UP5K) and keeps its output while it is written; a slot
//! memory has a second port for the age words (one true dual-port block RAM on ECP5, two block RAMs on UP5K).
//!
//! No memory is addressed beyond its depth, in any cycle: every Rust model checks its addresses at each clock edge
//! ([`within`]), CXXRTL asserts those that reach the array, and a memory that has fewer words than its port addresses checks
//! them in its Verilog where a simulator runs it ([`depth_check`]). What a block RAM gives for a word that is written in the same cycle is not defined;
//! [`undefined`] shows that nothing depends on it.

mod buffer;
mod exponentials;
mod slots;
mod states;
mod table;
pub mod undefined;
mod weights;
mod words;

pub use buffer::{BYTE_BITS, Buffer, ByteBuffer};
pub use exponentials::ExponentialMemory;
pub use slots::SlotMemory;
pub use states::StateMemory;
pub use table::Table;
pub use weights::WeightMemory;
pub use words::WordMemory;

/// Bits of a row number of the weight memory.
pub const ROW_BITS: usize = 10;
/// Bits of a fold number.
pub const FOLD_BITS: usize = 2;
/// Bits of a slot number or an age.
pub const SLOT_BITS: usize = 6;

/// An address of a memory of this depth.
///
/// # Panics
/// If the address lies beyond the depth: an error in the design.
pub fn within(memory: &str, address: usize, depth: usize) -> usize {
    assert!(address < depth, "{memory} of {depth} words is addressed at {address}: an error in the design");
    address
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

/// Where a row's fold lies: the folds of a row follow one another.
fn address(row: usize, fold: usize, folds: usize) -> usize {
    row * folds + fold
}

/// The Verilog of [`address`].
fn address_text(row: &str, folds: usize) -> String {
    if folds == 1 { row.to_string() } else { format!("{row} * {folds} + fold") }
}
