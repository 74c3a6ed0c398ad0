//! A block of the hardware beside its own Verilog: the same inputs to both, every output compared in every cycle.
//!
//! The in-crate simulation runs a leaf's Rust model and a composite's kernel; what is synthesised is the Verilog that both
//! emit. Nothing in rust-hdl makes the two agree, so here they are held against each other. A stimulus sets the inputs
//! of the in-crate block, with their types; the inputs of the compiled Verilog are then read off that block, by name.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use engram_flow::compiled::{CompiledModel, Compiler, Options};
use engram_flow::search::may_be_left_out;
use engram_hdl::emit::{self, Design, Way, emit};
use engram_hdl::prelude::{Block, Cycle};
use engram_hdl::simulation::Bench;
use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::probe::Probe;

use crate::compiled::design;

/// The first output that differs between a block and its Verilog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The top module.
    pub block: String,
    /// The cycle, counted from 0.
    pub cycle: u64,
    /// The output.
    pub port: String,
    /// The output's value in the in-crate simulation.
    pub in_crate: u64,
    /// The output's value in the compiled Verilog.
    pub compiled: u64,
    /// The inputs of that cycle by name.
    pub inputs: Vec<(String, u64)>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { block, cycle, port, in_crate, compiled, inputs } = self;
        write!(
            f,
            "{block}, cycle {cycle}: {port} is {in_crate:#x} in the crate and {compiled:#x} in the Verilog, with"
        )?;
        inputs.iter().try_for_each(|(name, value)| write!(f, " {name}={value:#x}"))
    }
}

impl std::error::Error for Difference {}

/// The values of the ports of a block's outermost scope, by the names that they have in the Verilog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ports {
    /// The inputs but the clock.
    pub inputs: BTreeMap<String, u64>,
    /// The outputs.
    pub outputs: BTreeMap<String, u64>,
}

impl Ports {
    /// The ports of a settled block.
    pub fn of(block: &dyn Block) -> Ports {
        let mut parts = BTreeMap::from([(Vec::new(), Ports::default())]);
        Ports::read(block, &mut parts);
        parts.remove(&Vec::new()).unwrap_or_default()
    }

    /// Reads the ports of parts of a settled block into a map from their paths of names.
    pub fn read(block: &dyn Block, parts: &mut BTreeMap<Vec<String>, Ports>) {
        block.accept("", &mut Reader { scope: Vec::new(), parts });
    }
}

/// The parts of a block whose ports are read, by their paths of names from the outermost block's parts on; the block itself has the
/// empty path.
struct Reader<'a> {
    scope: Vec<String>,
    parts: &'a mut BTreeMap<Vec<String>, Ports>,
}

impl Reader<'_> {
    fn part(&mut self) -> Option<&mut Ports> {
        self.parts.get_mut(self.scope.get(1..)?)
    }
}

impl Probe for Reader<'_> {
    fn visit_start_scope(&mut self, name: &str, _node: &dyn Block) {
        self.scope.push(name.to_string());
    }
    fn visit_atom(&mut self, name: &str, signal: &dyn Atom) {
        let Some(ports) = self.part().filter(|_| name != "clock") else { return };
        let side = match signal.kind() {
            AtomKind::InputParameter => &mut ports.inputs,
            AtomKind::OutputParameter => &mut ports.outputs,
            _ => return,
        };
        match values(signal)[..] {
            [value] => drop(side.insert(name.to_string(), value)),
            ref slices => side.extend(slices.iter().enumerate().map(|(place, &bits)| (slice(name, place), bits))),
        }
    }
    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.scope.pop();
    }
}

/// A signal's bits, 64 to a number from the lowest on: rust-hdl gives them, of structures and enumerations too, as a Verilog
/// literal (`8'h7f`).
fn values(signal: &dyn Atom) -> Vec<u64> {
    let literal = format!("{:x}", signal.verilog());
    let digits = literal.split("'h").nth(1).unwrap_or_default().as_bytes();
    let number =
        |digits: &[u8]| u64::from_str_radix(&String::from_utf8_lossy(digits), 16).expect("a hexadecimal literal");
    let wanted = signal.bits().div_ceil(64).max(1);
    (0..wanted).map(|place| digits.rchunks(16).nth(place).map_or(0, number)).collect()
}

/// The name of a slice of 64 bits of a port wider than that.
fn slice(port: &str, place: usize) -> String {
    format!("{port}_slice_{place}")
}

/// A design whose ports have at most 64 bits, as compiled models have them: a wider port is cut into slices by a module around the
/// design.
fn narrow(design: Design) -> Design {
    if design.ports.iter().all(|port| port.width <= 64) {
        return design;
    }
    let (mut ports, mut wires) = (Vec::new(), Vec::new());
    for port in &design.ports {
        if port.width <= 64 {
            wires.push(format!(".\\{0} (\\{0} )", port.name));
            ports.push(port.clone());
            continue;
        }
        let slices = (0..port.width.div_ceil(64)).map(|place| {
            let width = (port.width - 64 * place).min(64);
            emit::Port { name: slice(&port.name, place), width, ..port.clone() }
        });
        let slices: Vec<_> = slices.collect();
        let names: Vec<&str> = slices.iter().rev().map(|slice| slice.name.as_str()).collect();
        wires.push(format!(".\\{} ({{{}}})", port.name, names.join(", ")));
        ports.extend(slices);
    }
    let declared = ports.iter().map(|port| {
        let way = if port.way == Way::In { "input" } else { "output" };
        format!("{way} wire [{}:0] \\{} ", port.width - 1, port.name)
    });
    let (top, declared) = (format!("{}_narrow", design.top), declared.collect::<Vec<_>>().join(", "));
    let verilog = format!(
        "{}\nmodule {top}({declared});\n  {} inner({});\nendmodule\n",
        design.verilog,
        design.top,
        wires.join(", ")
    );
    Design { top, verilog, ports }
}

/// A block under simulation, beside its compiled Verilog where there is a compiler for it.
pub struct Twin<B> {
    bench: Bench<B>,
    top: String,
    model: Option<CompiledModel>,
}

/// The compiler to compile blocks with: Verilator, or where it is not installed CXXRTL.
const COMPILERS: [Compiler; 2] = [Compiler::Verilator, Compiler::Cxxrtl];

/// Compiles an emitted design with the first compiler that is present; compiled models are kept in the folder `cache`.
/// `None`, with a note on stderr, where there is none and [`may_be_left_out`] says so.
pub fn compile(emitted: Design, cache: &Path) -> Result<Option<CompiledModel>, engram_flow::Error> {
    let design = design(narrow(emitted));
    let mut missing = None;
    for compiler in COMPILERS {
        // Compiling outweighs simulating by far.
        let options = Options { optimise: 0, vcd: false };
        match CompiledModel::build(compiler, &design, options, cache) {
            Ok(model) => return Ok(Some(model)),
            Err(error) if error.is_missing_tool() => {
                eprintln!("{} not compiled by {compiler:?}: {error}", design.top);
                missing = Some(error);
            }
            Err(error) => return Err(error),
        }
    }
    match missing {
        Some(error) if !may_be_left_out(&error) => Err(error),
        _ => Ok(None),
    }
}

/// Gives a compiled model the inputs of a block, and compares the outputs.
///
/// # Errors
/// The first output that differs.
///
/// # Panics
/// If the compiled Verilog stops itself.
pub fn compare(model: &mut CompiledModel, ports: Ports, block: &str, cycle: u64) -> Result<(), Box<Difference>> {
    let names = model.design().inputs.iter().map(|port| ports.inputs[&port.name]);
    for (input, value) in names.collect::<Vec<_>>().into_iter().enumerate() {
        model.set(input, value);
    }
    model.eval().unwrap_or_else(|error| panic!("{block}, cycle {cycle}: {error}"));
    for (output, port) in model.design().outputs.iter().enumerate() {
        let (in_crate, compiled) = (ports.outputs[&port.name], model.get(output));
        if in_crate != compiled {
            let (block, port, inputs) = (block.to_string(), port.name.clone(), ports.inputs.into_iter().collect());
            return Err(Box::new(Difference { block, cycle, port, in_crate, compiled, inputs }));
        }
    }
    Ok(())
}

impl<B: Cycle> Twin<B> {
    /// A block, made twice by the same constructor, and its Verilog with `top` as the top module.
    ///
    /// # Errors
    /// The compiler refused the Verilog.
    pub fn new(make: impl Fn() -> B, top: &str, cache: &Path) -> Result<Twin<B>, engram_flow::Error> {
        Ok(Twin::against(make(), top, compile(emit(make(), top), cache)?))
    }

    /// A block beside any compiled model with the same ports.
    pub fn against(block: B, top: &str, model: Option<CompiledModel>) -> Twin<B> {
        Twin { bench: Bench::new(block), top: top.to_string(), model }
    }

    /// The block, to read its outputs from.
    pub fn block(&self) -> &B {
        &self.bench.block
    }

    /// Cycles so far.
    pub fn cycles(&self) -> u64 {
        self.bench.cycles()
    }

    /// Sets inputs, lets them take effect, and compares the outputs of this cycle.
    ///
    /// # Errors
    /// The first output that differs.
    ///
    /// # Panics
    /// If the compiled Verilog stops itself.
    pub fn settle(&mut self, stimulus: impl FnOnce(&mut B)) -> Result<&B, Box<Difference>> {
        stimulus(&mut self.bench.block);
        self.bench.settle();
        if let Some(model) = &mut self.model {
            compare(model, Ports::of(&self.bench.block), &self.top, self.bench.cycles())?;
        }
        Ok(&self.bench.block)
    }

    /// The clock's edge, on both. The outputs of [`Twin::block`] are then those of the next cycle with the inputs of this.
    ///
    /// # Panics
    /// If the compiled Verilog stops itself.
    pub fn edge(&mut self) {
        self.bench.tick().expect("nothing is written, so nothing fails");
        if let Some(model) = &mut self.model {
            model.tick().unwrap_or_else(|error| panic!("cycle {}: {error}", self.bench.cycles()));
        }
    }

    /// A cycle: [`Twin::settle`], then [`Twin::edge`].
    ///
    /// # Errors
    /// The first output that differs before the edge.
    pub fn cycle(&mut self, stimulus: impl FnOnce(&mut B)) -> Result<&B, Box<Difference>> {
        self.settle(stimulus)?;
        self.edge();
        Ok(&self.bench.block)
    }
}
