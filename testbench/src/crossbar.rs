//! The backends of the recurrent device, by name, as [`crate::backend`] has the memory network's.

mod board;
mod compiled;
mod in_crate;
mod simulated;
mod tracer;

pub use board::{compiled_board, in_crate_board};
pub use compiled::verilog;
pub use simulated::SimulatedArray;
pub use tracer::ArrayTracer;

use std::path::Path;
use std::time::Duration;

use engram_crossbar::{IntegerModel, Memoization};
use engram_flow::compiled::Compiler;
use engram_hdl::crossbar::board::CrossbarBoard;
use engram_hdl::emit::{Design, emit};
use engram_hdl::memnet::board::TOP;
use engram_link::{CrossbarDriver, Options, Serial};
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{Device, Geometry};

use crate::backend::{Backend, BackendError};
use crate::compiled::Form;

/// How long a reply is waited for behind a pseudo-terminal, where a simulated board is slower than a real one.
const SIMULATED_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens a backend, with memoization or without; a board on a port has what it has. A simulated one has just been switched on: a program must be loaded first. Compiled models are kept in the
/// folder `cache`.
pub fn open(
    backend: &Backend,
    geometry: Geometry,
    memo: Option<Predictor>,
    baud: u32,
    cache: &Path,
) -> Result<Box<dyn Device>, BackendError> {
    Ok(match backend {
        Backend::Integer => {
            let model = IntegerModel::new(geometry);
            let how = |predictor| Memoization { predictor, ..Memoization::default() };
            Box::new(memo.map(how).map_or(model.clone(), |how| model.memoizing(how)))
        }
        Backend::Simulation => Box::new(SimulatedArray::new(in_crate::InCrate::new(&geometry, memo))?),
        Backend::Verilator => compiled(Form::Verilog(Compiler::Verilator), geometry, memo, cache)?,
        Backend::Cxxrtl => compiled(Form::Verilog(Compiler::Cxxrtl), geometry, memo, cache)?,
        Backend::Netlist => compiled(Form::Netlist, geometry, memo, cache)?,
        Backend::Port(path) => {
            let port = Serial::open(&path.to_string_lossy(), baud)?;
            let timeout = if port.is_pseudo_terminal() { SIMULATED_TIMEOUT } else { Options::default().timeout };
            Box::new(CrossbarDriver::connect(port, Options { timeout, ..Options::default() })?)
        }
    })
}

fn compiled(
    form: Form,
    geometry: Geometry,
    memo: Option<Predictor>,
    cache: &Path,
) -> Result<Box<dyn Device>, BackendError> {
    Ok(Box::new(SimulatedArray::new(compiled::open(form, &geometry, memo, cache)?)?))
}

/// The Verilog of the board's top module, with memoization or without, whose serial port has bits of so many clock cycles.
pub fn board_verilog(geometry: &Geometry, memo: Option<Predictor>, cycles_per_bit: u32) -> Design {
    emit(CrossbarBoard::new(geometry, memo, cycles_per_bit), TOP)
}
