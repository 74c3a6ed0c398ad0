//! The tool chain from Verilog to a bitstream, one module a tool, and to a compiled simulation.
//!
//! [`build::build`] takes emitted Verilog to the bitstream of a [`board`] and reads the tools' reports;
//! [`open_fpga_loader::program`] puts it on the board; [`compiled`] makes Verilog a function that is called from here,
//! and [`netlist()`] what synthesis makes of it.
//! Every tool is looked for at run time ([`search`]): what is not installed is an error that says how to install it.

pub mod adapter;
pub mod bitstream;
pub mod board;
pub mod build;
mod cache;
pub mod compiled;
mod compiler;
mod contents;
mod disk;
mod error;
mod fingerprint;
mod netlist;
pub mod nextpnr;
pub mod open_fpga_loader;
pub mod pack;
pub mod search;
pub mod tool;
pub mod wrapper;
pub mod yosys;

pub use adapter::udev_rules;
pub use board::Board;
pub use build::{BuildReport, build};
pub use compiled::{CompiledModel, Compiler, Design, Port};
pub use error::{Error, Outcome};
pub use netlist::netlist;
pub use search::Search;
