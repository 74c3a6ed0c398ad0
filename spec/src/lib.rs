//! What engram's hardware and software agree on.
//!
//! Every definition that decides a bit of an answer stands here once, and both sides take it from here: rounding and
//! saturation ([`mod@format`]), the similarity of two codes ([`similarity`]), the exponential and reciprocal tables
//! ([`table`]), what a device is built for and holds ([`geometry`], [`datapath`], [`program`]), what it is asked and says
//! ([`device`], [`frame`]) and what its inner values are called ([`trace`]). What belongs to the recurrent device alone is in
//! [`crossbar`]. `docs/numerics.md` says the same in words.

pub mod crossbar;
pub mod datapath;
pub mod device;
pub mod format;
pub mod frame;
pub mod geometry;
pub mod program;
pub mod similarity;
pub mod table;
pub mod trace;

pub use datapath::{Datapath, Weights};
pub use device::{Answer, Device, DeviceError, Identity, Status};
pub use format::Format;
pub use geometry::Geometry;
pub use program::{Program, Settings};
pub use similarity::Addressing;
pub use trace::{Quantity, Trace};
