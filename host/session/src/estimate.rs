//! The cost of a model on a board, before anything is built: whether it fits ([`limits`]), the cycles of its work ([`work`]), and the
//! power that the part may take ([`power`]).
//!
//! Cycles are exact: they are the formulas of [`engram_spec`], which the hardware keeps. Cells are those of
//! [`engram_testbench::footprint`]. Power is a range between assumptions, each of which is named.

pub mod limits;
pub mod power;
pub mod work;

pub use limits::Limit;
pub use power::Power;
pub use work::Work;
