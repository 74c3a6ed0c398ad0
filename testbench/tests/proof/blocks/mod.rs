//! Every block of the hardware by itself: its Verilog does what its in-crate model does, cycle by cycle, and both do what
//! the shared definitions say.

mod arithmetic;
mod crossbar;
mod desk;
mod lanes;
mod link;
mod memo;
mod mutation;
mod orders;
mod plain;
mod requests;
mod stimulus;
mod storage;
