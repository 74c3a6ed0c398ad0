//! Formats, tables, frames and programs that engram's hardware and software agree on.
//!
//! Every definition that decides a bit of an answer stands here once, and both sides take it from here. All machines share
//! rounding and saturation ([`mod@format`]), the frames of the link ([`frame`]), answers and refusals ([`machine`]), and the
//! names of inner values ([`trace`]). What belongs to one network stands in its module: [`memnet`], [`crossbar`].
//! `docs/numerics.md` says the same in words.

pub mod crossbar;
pub mod format;
pub mod frame;
pub mod machine;
pub mod memnet;
pub mod trace;

pub use format::Format;
pub use machine::{Answer, Device, DeviceError, Machine};
pub use trace::{Quantity, Trace};
