//! Sessions of the memory network.

pub mod agreement;
pub mod conversation;
mod paired;
pub mod parting;
pub mod planned;
mod test;

pub use paired::{Paired, no_question, replay};
pub use test::test;
