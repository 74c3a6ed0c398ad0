//! The bodies of the recurrent device, by name, as [`crate::body`] has the memory network's.

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

use engram_flow::compiled::Backend;
use engram_hdl::board::TOP;
use engram_hdl::crossbar::board::CrossbarBoard;
use engram_hdl::emit::{Design, emit};
use engram_link::{Options, RecurrentDriver, Serial};
use engram_recurrent::IntegerModel;
use engram_spec::crossbar::{Geometry, Recurrent};

use crate::body::{Body, BodyError};
use crate::compiled::Form;

/// How long a reply is waited for behind a pseudo-terminal, where a simulated board is slower than a real one.
const SIMULATED_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens a body. A simulated one has just been switched on: a program must be loaded first. Compiled models are kept in the
/// folder `cache`.
pub fn open(body: &Body, geometry: Geometry, baud: u32, cache: &Path) -> Result<Box<dyn Recurrent>, BodyError> {
    Ok(match body {
        Body::Integer => Box::new(IntegerModel::new(geometry)),
        Body::Simulation => Box::new(SimulatedArray::new(in_crate::InCrate::new(&geometry))?),
        Body::Verilator => compiled(Form::Verilog(Backend::Verilator), geometry, cache)?,
        Body::Cxxrtl => compiled(Form::Verilog(Backend::Cxxrtl), geometry, cache)?,
        Body::Netlist => compiled(Form::Netlist, geometry, cache)?,
        Body::Port(path) => {
            let port = Serial::open(&path.to_string_lossy(), baud)?;
            let timeout = if port.is_pseudo_terminal() { SIMULATED_TIMEOUT } else { Options::default().timeout };
            Box::new(RecurrentDriver::connect(port, Options { timeout, ..Options::default() })?)
        }
    })
}

fn compiled(form: Form, geometry: Geometry, cache: &Path) -> Result<Box<dyn Recurrent>, BodyError> {
    Ok(Box::new(SimulatedArray::new(compiled::open(form, &geometry, cache)?)?))
}

/// The Verilog of the board's top module, whose serial port has bits of so many clock cycles.
pub fn board_verilog(geometry: &Geometry, cycles_per_bit: u32) -> Design {
    emit(CrossbarBoard::new(geometry, cycles_per_bit), TOP)
}
