//! The plots of crossbar networks.

pub mod lines;
pub mod maps;
