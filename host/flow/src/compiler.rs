//! The compilers that make a model in C++ of Verilog.

use std::fmt;

use crate::error::Error;
use crate::search::Search;
use crate::tool::{CXX, Tool, VERILATOR, YOSYS};

/// A compiler of Verilog to C++.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compiler {
    /// Verilator: the faster simulation.
    Verilator,
    /// Yosys' CXXRTL: needs no tool beyond those that make the bitstream.
    Cxxrtl,
}

impl Compiler {
    /// The tools that it takes: a C++ compiler, and what makes C++ of Verilog.
    pub fn tools(self, search: &Search) -> Result<[Tool; 2], Error> {
        let generator = match self {
            Compiler::Verilator => VERILATOR,
            Compiler::Cxxrtl => YOSYS,
        };
        Ok([search.find(CXX)?, search.find(generator)?])
    }
}

impl fmt::Display for Compiler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compiler::Verilator => "Verilator",
            Compiler::Cxxrtl => "CXXRTL",
        })
    }
}
