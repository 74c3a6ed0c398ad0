//! The backends of a network's device, by name.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use engram_flow::compiled::Compiler;
use engram_link::{Driver, LinkError, Options, Serial, Transport};
use engram_spec::{Device, Machine};

use crate::compiled::{Compiled, Form};
use crate::in_crate::InCrate;
use crate::network::Network;
use crate::simulated::{Simulated, Stream};

/// How long a reply is waited for behind a pseudo-terminal, where a simulated board is slower than a real one.
const SIMULATED_TIMEOUT: Duration = Duration::from_secs(10);

/// A backend of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The integer model, which defines the answer.
    Integer,
    /// The in-crate simulation of the hardware.
    Simulation,
    /// The emitted Verilog, compiled by Verilator.
    Verilator,
    /// The emitted Verilog, compiled by Yosys' CXXRTL.
    Cxxrtl,
    /// The netlist of iCE40 cells that Yosys makes of the Verilog, compiled by Verilator.
    Netlist,
    /// A board, or a simulated one, on the serial port of this path.
    Port(PathBuf),
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Backend::Integer => f.write_str("integer"),
            Backend::Simulation => f.write_str("simulation"),
            Backend::Verilator => f.write_str("verilator"),
            Backend::Cxxrtl => f.write_str("cxxrtl"),
            Backend::Netlist => f.write_str("netlist"),
            Backend::Port(path) => path.display().fmt(f),
        }
    }
}

impl FromStr for Backend {
    type Err = String;

    fn from_str(text: &str) -> Result<Backend, String> {
        match text {
            "integer" => Ok(Backend::Integer),
            "simulation" => Ok(Backend::Simulation),
            "verilator" => Ok(Backend::Verilator),
            "cxxrtl" => Ok(Backend::Cxxrtl),
            "netlist" => Ok(Backend::Netlist),
            // A port is a path (or, elsewhere, COM3), so that a misspelt backend is not taken for one.
            port if port.contains('/') || port.starts_with("COM") => Ok(Backend::Port(port.into())),
            other => Err(format!(
                "there is no backend '{other}': choose integer, simulation, verilator, cxxrtl, netlist or the path of a serial \
                 port"
            )),
        }
    }
}

/// The settings that a backend is opened with.
#[derive(Clone, Debug)]
pub struct Opening<M: Machine> {
    /// The size of a simulated device.
    pub geometry: M::Geometry,
    /// The build of a simulated device.
    pub build: M::Build,
    /// Whether traces may be asked for. A compiled backend then has taps, and is slower.
    pub trace: bool,
    /// The file for the waveforms of a simulated device, from the first request that is recorded on ([`Device::record`]).
    pub vcd: Option<PathBuf>,
    /// The rate of a serial port, in bits a second.
    pub baud: u32,
    /// The folder in which compiled models are kept.
    pub cache: PathBuf,
}

/// Why a backend could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// A tool is missing, or failed to compile the Verilog.
    #[error(transparent)]
    Tool(#[from] engram_flow::Error),
    /// The device does not answer, or is none.
    #[error(transparent)]
    Link(#[from] LinkError),
}

impl BackendError {
    /// Whether a tool has to be installed first.
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, BackendError::Tool(error) if error.is_missing_tool())
    }
}

/// Opens a backend. A simulated one has just been switched on: a program must be loaded first. A board on a port has its own
/// size and build.
pub fn open<M: Network>(backend: &Backend, opening: &Opening<M>) -> Result<Box<dyn Device<M>>, BackendError> {
    let Opening { ref geometry, build, trace, .. } = *opening;
    match backend {
        Backend::Integer => Ok(M::integer(geometry, build)),
        Backend::Simulation => {
            let mut core = InCrate::new(M::core(geometry, build, trace));
            opening.vcd.iter().for_each(|path| core.waves(path.clone()));
            Ok(Box::new(Simulated::<M, _>::new(core)?))
        }
        Backend::Verilator => compiled(Form::Verilog(Compiler::Verilator), opening),
        Backend::Cxxrtl => compiled(Form::Verilog(Compiler::Cxxrtl), opening),
        Backend::Netlist => compiled(Form::Netlist, opening),
        Backend::Port(path) => {
            let port = Serial::open(&path.to_string_lossy(), opening.baud)?;
            let timeout = if port.is_pseudo_terminal() { SIMULATED_TIMEOUT } else { Options::default().timeout };
            Ok(Box::new(Driver::<M, _>::connect(port, Options { timeout, ..Options::default() })?))
        }
    }
}

/// The stream of bytes to a backend and back, for who sends frames that no driver would; `None` for the integer model, which takes
/// no frames.
pub fn stream<M: Network>(backend: &Backend, opening: &Opening<M>) -> Result<Option<Box<dyn Transport>>, BackendError> {
    let Opening { ref geometry, build, .. } = *opening;
    let compiled = |form| -> Result<Option<Box<dyn Transport>>, BackendError> {
        let core = Compiled::new::<M>(form, geometry, build, [false; 2], &opening.cache)?;
        Ok(Some(Box::new(Stream::<_, M::Tracer>::new(core))))
    };
    match backend {
        Backend::Integer => Ok(None),
        Backend::Simulation => {
            let core = InCrate::new(M::core(geometry, build, false));
            Ok(Some(Box::new(Stream::<_, M::Tracer>::new(core))))
        }
        Backend::Verilator => compiled(Form::Verilog(Compiler::Verilator)),
        Backend::Cxxrtl => compiled(Form::Verilog(Compiler::Cxxrtl)),
        Backend::Netlist => compiled(Form::Netlist),
        Backend::Port(path) => Ok(Some(Box::new(Serial::open(&path.to_string_lossy(), opening.baud)?))),
    }
}

fn compiled<M: Network>(form: Form, opening: &Opening<M>) -> Result<Box<dyn Device<M>>, BackendError> {
    let Opening { ref geometry, build, trace, .. } = *opening;
    let mut core = Compiled::new::<M>(form, geometry, build, [trace, opening.vcd.is_some()], &opening.cache)?;
    opening.vcd.iter().for_each(|path| core.waves(path.clone()));
    Ok(Box::new(Simulated::<M, _>::new(core)?))
}
