//! A board that is simulated from its top module down, by whichever simulator is there.

use engram_flow::Board;
use engram_flow::compiled::Compiler;
use engram_spec::crossbar::Crossbar;
use engram_spec::memnet::Memnet;
use engram_testbench::board::{Lines, compiled, in_crate};

use crate::backend::{Backend, cache};
use crate::hardware::{Hardware, Network};
use crate::inside::Inside;

/// Opens a board in a simulator; in the in-crate simulation where the backend is no compiler.
fn open(
    simulator: &Backend,
    board: &Board,
    hardware: &Hardware,
    inside: &Inside,
) -> Result<Box<dyn Lines>, engram_flow::Error> {
    let Hardware { network, datapath, memo } = *hardware;
    let divider = board.cycles_per_bit();
    let compiler = match simulator {
        Backend::Verilator => Some(Compiler::Verilator),
        Backend::Cxxrtl => Some(Compiler::Cxxrtl),
        _ => None,
    };
    let array = board.sizes.crossbar.filter(|_| network == Network::Crossbar);
    Ok(match (array, compiler) {
        (None, None) => in_crate::<Memnet>(&board.sizes.memnet, datapath, divider, inside.memnet()),
        (None, Some(compiler)) => {
            compiled::<Memnet>(compiler, &board.sizes.memnet, datapath, divider, inside.memnet(), &cache())?
        }
        (Some(array), None) => in_crate::<Crossbar>(&array, memo, divider, inside.crossbar()),
        (Some(array), Some(compiler)) => {
            compiled::<Crossbar>(compiler, &array, memo, divider, inside.crossbar(), &cache())?
        }
    })
}

/// Simulates a board by the simulator that is wanted, or by the fastest whose tools are there; `warn` says which are missing. The
/// in-crate simulation is the slowest, but always there.
pub fn simulate(
    wanted: Option<Backend>,
    board: &Board,
    hardware: &Hardware,
    inside: &Inside,
    warn: &dyn Fn(&str),
) -> Result<(Backend, Box<dyn Lines>), engram_flow::Error> {
    if let Some(simulator) = wanted {
        let lines = open(&simulator, board, hardware, inside)?;
        return Ok((simulator, lines));
    }
    for simulator in [Backend::Verilator, Backend::Cxxrtl] {
        match open(&simulator, board, hardware, inside) {
            Err(error) if error.is_missing_tool() => warn(&error.to_string()),
            opened => return Ok((simulator, opened?)),
        }
    }
    Ok((Backend::Simulation, open(&Backend::Simulation, board, hardware, inside)?))
}
