//! The plots of recurrent networks.

pub mod lines;
pub mod maps;
