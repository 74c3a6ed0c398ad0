//! The emitted Verilog of the core, as it is or after synthesis, compiled by Verilator or CXXRTL.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use engram_flow::compiled::{CompiledModel, Compiler, Design, Options, Port, Until};
use engram_flow::{Search, netlist};
use engram_hdl::emit::{self, Way};

use crate::in_crate::Waves;
use crate::network::{Network, core_verilog};
use crate::simulated::{Core, Passed};

/// An emitted design as it is compiled: the clock apart, the other ports in their order.
pub fn design(emitted: emit::Design) -> Design {
    let ports = |way: Way| {
        let wanted = emitted.ports.iter().filter(|port| port.way == way && port.name != "clock");
        wanted.map(|port| Port::new(port.name.clone(), port.width as u32)).collect()
    };
    let clocked = emitted.ports.iter().any(|port| port.name == "clock");
    Design {
        inputs: ports(Way::In),
        outputs: ports(Way::Out),
        clock: clocked.then(|| "clock".to_string()),
        top: emitted.top,
        verilog: emitted.verilog,
    }
}

/// The environment variable with which Verilator's C++ is not optimised: it compiles in half the time, and simulates at a third of
/// the speed.
pub const FAST_VARIABLE: &str = "ENGRAM_COMPILE_FAST";

/// The form of the hardware that is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The emitted Verilog, by this compiler.
    Verilog(Compiler),
    /// The netlist of iCE40 cells that is synthesised of it, by Verilator.
    Netlist,
}

impl Form {
    fn name(self) -> &'static str {
        match self {
            Form::Verilog(Compiler::Verilator) => "the Verilog in Verilator",
            Form::Verilog(Compiler::Cxxrtl) => "the Verilog in CXXRTL",
            Form::Netlist => "the netlist in Verilator",
        }
    }

    fn compile(self, design: Design, vcd: bool, cache: &Path) -> Result<CompiledModel, engram_flow::Error> {
        let options = Options { vcd, ..Options::default() };
        match self {
            // Tests ask little of many designs. CXXRTL's C++ is 25 times slower without optimisation, Verilator's 3 times.
            Form::Verilog(Compiler::Verilator) if std::env::var_os(FAST_VARIABLE).is_some() => {
                CompiledModel::build(Compiler::Verilator, &design, Options { optimise: 0, ..options }, cache)
            }
            Form::Verilog(compiler) => CompiledModel::build(compiler, &design, options, cache),
            Form::Netlist => {
                // A cell each, it is much C++ for a sample of requests: compiling outweighs simulating.
                let options = Options { optimise: 0, ..options };
                let search = Search::from_env();
                // Synthesis takes minutes: what follows it is looked for first.
                Compiler::Verilator.tools(&search)?;
                let netlist = netlist(&search, &design, cache)?;
                CompiledModel::build(Compiler::Verilator, &netlist, options, cache)
            }
        }
    }
}

/// Numbers of the ports through which bytes pass.
struct Pins {
    rx_data: usize,
    rx_valid: usize,
    rx_ready: usize,
    tx_data: usize,
    tx_valid: usize,
    tx_ready: usize,
}

impl Pins {
    fn of(model: &CompiledModel) -> Result<Pins, engram_flow::Error> {
        Ok(Pins {
            rx_data: model.input("rx_data")?,
            rx_valid: model.input("rx_valid")?,
            rx_ready: model.output("rx_ready")?,
            tx_data: model.output("tx_data")?,
            tx_valid: model.output("tx_valid")?,
            tx_ready: model.input("tx_ready")?,
        })
    }
}

/// A core as compiled Verilog, or as its netlist, with the taps of its kind.
pub struct Compiled<T> {
    model: CompiledModel,
    form: Form,
    pins: Pins,
    taps: T,
    cycles: u64,
    waves: Waves,
}

impl<T> Compiled<T> {
    /// A core of a network, just switched on; with taps for traces or without, and able to write waveforms or not. Compiled
    /// models are kept in the folder `cache`.
    pub fn new<M: Network<Taps = T>>(
        form: Form,
        geometry: &M::Geometry,
        build: M::Build,
        [taps, vcd]: [bool; 2],
        cache: &Path,
    ) -> Result<Compiled<T>, engram_flow::Error> {
        let model = form.compile(design(core_verilog::<M>(geometry, build, taps)), vcd, cache)?;
        let (pins, taps) = (Pins::of(&model)?, M::taps(&model, geometry, taps)?);
        Ok(Compiled { model, form, pins, taps, cycles: 0, waves: Waves::default() })
    }

    /// The file for the waveform of every signal from [`Core::begin_waves`] on.
    pub fn waves(&mut self, path: PathBuf) {
        self.waves.path = Some(path);
    }

    fn begin_if_due(&mut self) -> io::Result<()> {
        self.waves.due().map_or(Ok(()), |path| self.model.record(&path)).map_err(io::Error::other)
    }

    /// The taps.
    pub fn taps(&self) -> &T {
        &self.taps
    }

    /// An output.
    pub fn output(&self, output: usize) -> u64 {
        self.model.get(output)
    }

    /// Whether an output is not 0.
    pub fn flag(&self, output: usize) -> bool {
        self.model.get(output) != 0
    }

    /// An output of `bits` bits as a signed number.
    pub fn signed(&self, output: usize, bits: u32) -> i32 {
        signed(self.model.get(output), bits) as i32
    }

    /// An output where another says that it counts.
    pub fn when(&self, valid: usize, value: usize) -> Option<u64> {
        self.flag(valid).then(|| self.model.get(value))
    }
}

/// The low `bits` bits of a port as a signed number.
fn signed(value: u64, bits: u32) -> i64 {
    ((value << (64 - bits)) as i64) >> (64 - bits)
}

impl<T> Core for Compiled<T> {
    fn name(&self) -> String {
        self.form.name().to_string()
    }

    fn settle(&mut self, byte: Option<u8>) -> io::Result<Passed> {
        let pins = &self.pins;
        self.model.set(pins.rx_valid, byte.is_some().into());
        self.model.set(pins.rx_data, byte.unwrap_or_default().into());
        self.model.set(pins.tx_ready, 1);
        self.model.eval().map_err(io::Error::other)?;
        Ok(Passed {
            taken: byte.is_some() && self.flag(self.pins.rx_ready),
            byte: self.when(self.pins.tx_valid, self.pins.tx_data).map(|byte| byte as u8),
        })
    }

    fn edge(&mut self) -> io::Result<()> {
        self.begin_if_due()?;
        self.model.tick().map_err(io::Error::other)?;
        self.cycles += 1;
        Ok(())
    }

    fn exchange(&mut self, bytes: &mut VecDeque<u8>, idle: u64) -> io::Result<Vec<u8>> {
        self.begin_if_due()?;
        let until = Until { max_cycles: u64::MAX, idle_cycles: idle, last_byte: Some(0) };
        let exchanged = self.model.exchange(bytes.make_contiguous(), until).map_err(io::Error::other)?;
        bytes.clear();
        self.cycles += exchanged.cycles;
        Ok(exchanged.received)
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }

    fn begin_waves(&mut self) {
        self.waves.begun = true;
    }
}
