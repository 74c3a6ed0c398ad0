//! Every block of the hardware by itself: its Verilog does what its in-crate model does, cycle by cycle, and both do what
//! the shared definitions say.

mod arithmetic;
mod command_decoder;
mod crossbar;
pub mod exchange;
mod frame_handler;
mod inside;
mod lanes;
mod link;
mod memo;
mod mutation;
mod plain;
pub mod requests;
pub mod stimulus;
mod storage;
