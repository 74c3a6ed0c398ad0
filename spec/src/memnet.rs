//! The memory network (MemN2N, Q-MANN): the similarity of two codes ([`similarity`]), the exponential and reciprocal tables
//! ([`table`]), the tensors that hops share ([`tying`]), what a device is built for and holds ([`geometry`], [`datapath`], [`program`]), what it is asked and answers
//! ([`device`]).

pub mod datapath;
pub mod device;
pub mod geometry;
pub mod program;
pub mod similarity;
pub mod table;
pub mod tying;

pub use datapath::{Datapath, Weights};
pub use device::{Call, Identity, Memnet, Reply, Requests, Status, Story};
pub use geometry::Geometry;
pub use program::{Program, Settings};
pub use similarity::Addressing;
pub use tying::Tying;
