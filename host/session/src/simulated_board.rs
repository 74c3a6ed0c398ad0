//! A board that is simulated from its top module down, by whichever simulator is there.

use std::fmt;

use engram_flow::Board;
use engram_flow::compiled::Compiler;
use engram_spec::crossbar::Crossbar;
use engram_spec::memnet::Memnet;
use engram_testbench::board::{Lines, compiled, in_crate};
use serde::Serialize;

use crate::backend::cache;
use crate::hardware::{Hardware, Network};

/// The simulator of a board, the fastest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Simulator {
    /// The emitted Verilog, compiled by Verilator.
    Verilator,
    /// The emitted Verilog, compiled by Yosys' CXXRTL.
    Cxxrtl,
    /// The in-crate simulation: slow, but always there.
    Simulation,
}

impl fmt::Display for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Simulator {
    /// All simulators.
    pub const ALL: [Simulator; 3] = [Simulator::Verilator, Simulator::Cxxrtl, Simulator::Simulation];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Simulator::Verilator => "verilator",
            Simulator::Cxxrtl => "cxxrtl",
            Simulator::Simulation => "simulation",
        }
    }

    fn open(self, board: &Board, hardware: &Hardware) -> Result<Box<dyn Lines>, engram_flow::Error> {
        let Hardware { network, datapath, memo } = *hardware;
        let divider = board.cycles_per_bit();
        let compiler = match self {
            Simulator::Verilator => Some(Compiler::Verilator),
            Simulator::Cxxrtl => Some(Compiler::Cxxrtl),
            Simulator::Simulation => None,
        };
        let array = board.sizes.crossbar.filter(|_| network == Network::Crossbar);
        Ok(match (array, compiler) {
            (None, None) => in_crate::<Memnet>(&board.sizes.memnet, datapath, divider),
            (None, Some(compiler)) => compiled::<Memnet>(compiler, &board.sizes.memnet, datapath, divider, &cache())?,
            (Some(array), None) => in_crate::<Crossbar>(&array, memo, divider),
            (Some(array), Some(compiler)) => compiled::<Crossbar>(compiler, &array, memo, divider, &cache())?,
        })
    }
}

/// Simulates a board by the simulator that is wanted, or by the fastest whose tools are there; `warn` says which are missing.
pub fn simulate(
    wanted: Option<Simulator>,
    board: &Board,
    hardware: &Hardware,
    warn: &dyn Fn(&str),
) -> Result<(Simulator, Box<dyn Lines>), engram_flow::Error> {
    let first = wanted.unwrap_or(Simulator::Verilator);
    match first.open(board, hardware) {
        Err(error) if wanted.is_none() && error.is_missing_tool() => warn(&error.to_string()),
        opened => return Ok((first, opened?)),
    }
    match Simulator::Cxxrtl.open(board, hardware) {
        Err(error) if error.is_missing_tool() => {
            warn(&error.to_string());
            Ok((Simulator::Simulation, Simulator::Simulation.open(board, hardware)?))
        }
        opened => Ok((Simulator::Cxxrtl, opened?)),
    }
}
