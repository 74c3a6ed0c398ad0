//! The emitted Verilog of the core, compiled by Verilator or CXXRTL.

use std::collections::VecDeque;
use std::io;
use std::path::Path;

use engram_flow::compiled::{Backend, CompiledModel, Design, Options, Port, Until};
use engram_hdl::core::Core as Hardware;
use engram_hdl::emit::{self, Way, emit};
use engram_spec::{Datapath, Geometry};

use crate::simulated::{Core, Passed};
use crate::tracer::{Glimpse, Lanes};

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

/// Numbers of the core's ports.
#[derive(Default)]
struct Ports {
    rx_data: usize,
    rx_valid: usize,
    rx_ready: usize,
    tx_data: usize,
    tx_valid: usize,
    tx_ready: usize,
    store: usize,
    target: usize,
    fold: usize,
    read: usize,
    score_valid: usize,
    score: usize,
    exponential_valid: usize,
    exponential: usize,
    logit_valid: usize,
    logit: usize,
    code: Vec<usize>,
    read_code: Vec<usize>,
}

impl Ports {
    fn of(model: &CompiledModel, lanes: usize) -> Result<Ports, engram_flow::Error> {
        let each_lane = |name: &str| -> Result<Vec<usize>, engram_flow::Error> {
            let side = |lane: usize| if lane.is_multiple_of(2) { "even" } else { "odd" };
            (0..lanes).map(|lane| model.output(&format!("{name}_{}${}", side(lane), lane / 2))).collect()
        };
        Ok(Ports {
            rx_data: model.input("rx_data")?,
            rx_valid: model.input("rx_valid")?,
            rx_ready: model.output("rx_ready")?,
            tx_data: model.output("tx_data")?,
            tx_valid: model.output("tx_valid")?,
            tx_ready: model.input("tx_ready")?,
            store: model.output("tap_store")?,
            target: model.output("tap_target")?,
            fold: model.output("tap_fold")?,
            read: model.output("tap_read")?,
            score_valid: model.output("tap_score_valid")?,
            score: model.output("tap_score")?,
            exponential_valid: model.output("tap_exponential_valid")?,
            exponential: model.output("tap_exponential")?,
            logit_valid: model.output("tap_logit_valid")?,
            logit: model.output("tap_logit")?,
            code: each_lane("tap_code")?,
            read_code: each_lane("tap_read")?,
        })
    }
}

/// The Verilog of the core, with taps for traces or without.
pub fn verilog(geometry: &Geometry, datapath: Datapath, taps: bool) -> emit::Design {
    emit(Hardware::new(geometry, datapath, taps), "engram_core")
}

/// The core as compiled Verilog.
pub struct Compiled {
    model: CompiledModel,
    backend: Backend,
    ports: Ports,
    cycles: u64,
}

impl Compiled {
    /// A core of this geometry and datapath, just switched on; with taps for traces or without, and able to write
    /// waveforms or not. Compiled models are kept in the folder `cache`.
    pub fn new(
        backend: Backend,
        geometry: &Geometry,
        datapath: Datapath,
        taps: bool,
        vcd: bool,
        cache: &Path,
    ) -> Result<Compiled, engram_flow::Error> {
        let design = design(verilog(geometry, datapath, taps));
        let model = CompiledModel::build(backend, &design, Options { vcd, ..Options::default() }, cache)?;
        let ports = Ports::of(&model, if taps { geometry.lanes } else { 0 })?;
        Ok(Compiled { model, backend, ports, cycles: 0 })
    }

    /// Writes the waveform of every signal from now on to a VCD file.
    pub fn record(&mut self, path: &Path) -> Result<(), engram_flow::Error> {
        self.model.record(path)
    }

    fn flag(&self, output: usize) -> bool {
        self.model.get(output) != 0
    }
}

/// The low `bits` bits of a port as a signed number.
fn signed(value: u64, bits: u32) -> i64 {
    ((value << (64 - bits)) as i64) >> (64 - bits)
}

impl Lanes for Compiled {
    fn code(&self, lane: usize) -> i8 {
        self.ports.code.get(lane).map_or(0, |&port| self.model.get(port) as u8 as i8)
    }

    fn read(&self, lane: usize) -> i8 {
        self.ports.read_code.get(lane).map_or(0, |&port| self.model.get(port) as u8 as i8)
    }
}

impl Core for Compiled {
    fn name(&self) -> String {
        match self.backend {
            Backend::Verilator => "the Verilog in Verilator".to_string(),
            Backend::Cxxrtl => "the Verilog in CXXRTL".to_string(),
        }
    }

    fn settle(&mut self, byte: Option<u8>) -> (Passed, Glimpse) {
        let ports = &self.ports;
        self.model.set(ports.rx_valid, byte.is_some().into());
        self.model.set(ports.rx_data, byte.unwrap_or_default().into());
        self.model.set(ports.tx_ready, 1);
        self.model.eval();
        let when = |valid: usize, value: usize| self.flag(valid).then(|| self.model.get(value));
        let passed = Passed {
            taken: byte.is_some() && self.flag(ports.rx_ready),
            byte: when(ports.tx_valid, ports.tx_data).map(|byte| byte as u8),
        };
        let glimpse = Glimpse {
            store: when(ports.store, ports.target).map(|target| target as u8),
            fold: self.model.get(ports.fold) as usize,
            read: self.flag(ports.read),
            score: when(ports.score_valid, ports.score).map(|score| score as u32),
            exponential: when(ports.exponential_valid, ports.exponential).map(|value| value as u32),
            logit: when(ports.logit_valid, ports.logit).map(|logit| signed(logit, 22) as i32),
        };
        (passed, glimpse)
    }

    fn edge(&mut self) -> io::Result<()> {
        self.model.tick();
        self.cycles += 1;
        Ok(())
    }

    fn exchange(&mut self, bytes: &mut VecDeque<u8>, idle: u64) -> io::Result<Vec<u8>> {
        let until = Until { max_cycles: u64::MAX, idle_cycles: idle, last_byte: Some(0) };
        let exchanged = self.model.exchange(bytes.make_contiguous(), until).map_err(io::Error::other)?;
        bytes.clear();
        self.cycles += exchanged.cycles;
        Ok(exchanged.received)
    }

    fn cycles(&self) -> u64 {
        self.cycles
    }
}
