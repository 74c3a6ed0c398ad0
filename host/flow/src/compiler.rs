//! The compilers that make a model in C++ of Verilog.

use std::fmt;

/// A compiler of Verilog to C++.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compiler {
    /// Verilator: the faster simulation.
    Verilator,
    /// Yosys' CXXRTL: needs no tool beyond those that make the bitstream.
    Cxxrtl,
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compiler::Verilator => "Verilator",
            Compiler::Cxxrtl => "CXXRTL",
        })
    }
}
