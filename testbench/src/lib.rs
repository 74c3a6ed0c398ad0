//! Proof that the hardware and the integer model are the same function.
//!
//! A [`Body`] is one of the device's bodies: the integer model, the in-crate simulation, the emitted Verilog compiled by
//! Verilator or CXXRTL, or a board on a serial port. [`open`] gives each as a `Device`, and the tests of this crate run the
//! same stories on every one. The simulated bodies are driven by the same frames as the board ([`simulated`]), and are
//! looked into through the same taps ([`tracer`]). [`board`] puts a simulated board, serial lines and all, on a
//! pseudo-terminal. [`block`] holds a single block against its own Verilog, and [`catalogue`] names them all.

pub mod block;
pub mod board;
pub mod body;
pub mod catalogue;
pub mod compiled;
pub mod crossbar;
pub mod in_crate;
pub mod simulated;
pub mod tracer;

pub use body::{Body, BodyError, Opening, open, verilog};
pub use engram_flow::search::may_be_left_out;
