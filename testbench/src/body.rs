//! The bodies of the device, by name.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use engram_flow::compiled::Backend;
use engram_hdl::board::{Board, TOP};
use engram_hdl::emit::{Design, emit};
use engram_link::{Driver, LinkError, Options, Serial};
use engram_nn::IntegerModel;
use engram_spec::{Datapath, Device, Geometry};

use crate::compiled::{Compiled, Form};
use crate::in_crate::InCrate;
use crate::simulated::Simulated;

/// How long a reply is waited for behind a pseudo-terminal, where a simulated board is slower than a real one.
const SIMULATED_TIMEOUT: Duration = Duration::from_secs(10);

/// A body of the device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
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

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Body::Integer => f.write_str("integer"),
            Body::Simulation => f.write_str("simulation"),
            Body::Verilator => f.write_str("verilator"),
            Body::Cxxrtl => f.write_str("cxxrtl"),
            Body::Netlist => f.write_str("netlist"),
            Body::Port(path) => path.display().fmt(f),
        }
    }
}

impl FromStr for Body {
    type Err = String;

    fn from_str(text: &str) -> Result<Body, String> {
        match text {
            "integer" => Ok(Body::Integer),
            "simulation" => Ok(Body::Simulation),
            "verilator" => Ok(Body::Verilator),
            "cxxrtl" => Ok(Body::Cxxrtl),
            "netlist" => Ok(Body::Netlist),
            // A port is a path (or, elsewhere, COM3), so that a misspelt body is not taken for one.
            port if port.contains('/') || port.starts_with("COM") => Ok(Body::Port(port.into())),
            other => Err(format!(
                "found body '{other}', expected integer, simulation, verilator, cxxrtl, netlist or the path of a serial \
                 port"
            )),
        }
    }
}

/// What is wanted of a body.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The size of a simulated device.
    pub geometry: Geometry,
    /// What a simulated device is built for.
    pub datapath: Datapath,
    /// Whether traces may be asked for. A compiled body then has taps, and is slower.
    pub trace: bool,
    /// Where to write the waveforms of a simulated device.
    pub vcd: Option<PathBuf>,
    /// The rate of a serial port.
    pub baud: u32,
    /// The folder in which compiled models are kept.
    pub cache: PathBuf,
}

/// Why a body could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    /// A tool is missing, or failed to compile the Verilog.
    #[error(transparent)]
    Tool(#[from] engram_flow::Error),
    /// The device does not answer, or is none.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// The waveform file cannot be written.
    #[error("cannot write waveforms to {path}")]
    Waves {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl BodyError {
    /// Whether a tool has to be installed first.
    pub fn is_missing_tool(&self) -> bool {
        matches!(self, BodyError::Tool(error) if error.is_missing_tool())
    }
}

/// Opens a body. A simulated one has just been switched on: a program must be loaded first.
pub fn open(body: &Body, opening: &Opening) -> Result<Box<dyn Device>, BodyError> {
    let Opening { geometry, datapath, trace, .. } = *opening;
    match body {
        Body::Integer => Ok(Box::new(IntegerModel::new(geometry, datapath))),
        Body::Simulation => {
            let mut core = InCrate::new(&geometry, datapath, trace);
            if let Some(path) = &opening.vcd {
                core.record(path).map_err(|source| BodyError::Waves { path: path.clone(), source })?;
            }
            Ok(Box::new(Simulated::new(core, geometry)?))
        }
        Body::Verilator => compiled(Form::Verilog(Backend::Verilator), opening),
        Body::Cxxrtl => compiled(Form::Verilog(Backend::Cxxrtl), opening),
        Body::Netlist => compiled(Form::Netlist, opening),
        Body::Port(path) => {
            let port = Serial::open(&path.to_string_lossy(), opening.baud)?;
            let timeout = if port.is_pseudo_terminal() { SIMULATED_TIMEOUT } else { Options::default().timeout };
            Ok(Box::new(Driver::connect(port, Options { timeout, ..Options::default() })?))
        }
    }
}

fn compiled(form: Form, opening: &Opening) -> Result<Box<dyn Device>, BodyError> {
    let Opening { geometry, datapath, trace, .. } = *opening;
    let mut core = Compiled::new(form, &geometry, datapath, trace, opening.vcd.is_some(), &opening.cache)?;
    if let Some(path) = &opening.vcd {
        core.record(path)?;
    }
    Ok(Box::new(Simulated::new(core, geometry)?))
}

/// The Verilog of the board's top module, whose serial port has bits of so many clock cycles.
pub fn verilog(geometry: &Geometry, datapath: Datapath, cycles_per_bit: u32) -> Design {
    emit(Board::new(geometry, datapath, cycles_per_bit), TOP)
}
