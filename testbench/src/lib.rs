//! Proof that the hardware and the integer model are the same function.
//!
//! A [`Backend`] is one of the ways a network runs: the integer model, the in-crate simulation, the emitted Verilog compiled by
//! Verilator or CXXRTL, its netlist, or a board on a serial port. [`open`] gives each as a device of a [`Network`], and the tests
//! of this crate send the same requests to every one. The simulated backends are driven by the same frames as the board
//! ([`simulated`]), and are looked into through the same taps. [`board`] puts a simulated board, serial lines and all, on a
//! pseudo-terminal. [`block`] holds a single block against its own Verilog, and [`catalogue`] names them all;
//! [`resources`] is what synthesis makes of them, [`footprint`] what a device will take of a part.

pub mod backend;
pub mod block;
pub mod board;
pub mod boards;
pub mod catalogue;
pub mod compiled;
pub mod crossbar;
pub mod footprint;
pub mod in_crate;
pub mod inside;
pub mod memnet;
pub mod network;
pub mod resources;
pub mod simulated;

pub use backend::{Backend, BackendError, Opening, open, stream};
pub use engram_flow::search::may_be_left_out;
pub use network::{Network, board_verilog, core_verilog};
