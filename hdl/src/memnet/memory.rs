//! The memories of a memory network: of a pair of lanes, two codes a word; of the engine, exponentials.
//!
//! The weight memory has a single port (a block RAM on ECP5, the 256-kbit memory on UP5K) and keeps its output while it is
//! written; a slot memory has a second port for the age words (one true dual-port block RAM on ECP5, two block RAMs on UP5K).

mod exponentials;
mod slots;
mod states;
mod weights;

pub use exponentials::ExponentialMemory;
pub use slots::SlotMemory;
pub use states::StateMemory;
pub use weights::WeightMemory;

/// Bits of a row number of the weight memory.
pub const ROW_BITS: usize = 10;
/// Bits of a fold number.
pub const FOLD_BITS: usize = 2;
/// Bits of a slot number or an age.
pub const SLOT_BITS: usize = 6;
/// Bits of a slot's place in a slot memory, which holds several memories of a network side by side.
pub const PLACE_BITS: usize = 8;

/// The place of a row's fold: the folds of a row follow one another.
fn address(row: usize, fold: usize, folds: usize) -> usize {
    row * folds + fold
}

/// The Verilog of [`address`].
fn address_text(row: &str, folds: usize) -> String {
    if folds == 1 { row.to_string() } else { format!("{row} * {folds} + fold") }
}
