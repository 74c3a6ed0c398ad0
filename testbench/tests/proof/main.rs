//! The hardware held against the definitions and the integer models: each block, each whole device, the Verilog as committed.
//! One binary, so that the tests of all rooms share the processor's cores.

mod backends;
mod blocks;
mod clocked;
mod crossbar;
mod golden;
mod inside;
mod memnet;
mod protocol;
