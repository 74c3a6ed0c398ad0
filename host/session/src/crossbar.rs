//! Sessions of the crossbar network, and of GRUs in its place.

pub mod agreement;
pub mod continuation;
pub mod counters;
pub mod draws;
pub mod gates;
pub mod inputs;
pub mod measured;
mod miscount;
mod paired;
pub mod parting;
pub mod planned;
pub mod recording;
mod remembered;
mod remembering;
pub mod savings;
pub mod shares;
pub mod source;
pub mod test_data;
pub mod verdicts;

pub use miscount::Miscount;
pub use paired::{Paired, Tallies, geometry_for};
pub use remembered::{Remembered, cost};
pub use remembering::{Remember, no_thresholds};
