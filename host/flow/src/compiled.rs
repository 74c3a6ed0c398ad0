//! Verilog as a function that is called from here: compiled to a shared library by Verilator or CXXRTL and a C++ compiler.
//!
//! The design is wrapped into a module with ports of plain names (`compiled/shell.rs`), so that no name needs to survive a compiler's
//! mangling, and behind a small C interface (`compiled/shim.cpp`), the same for both compilers.

mod cxxrtl;
mod library;
mod shell;
mod verilator;

use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::cache::cached;
pub use crate::compiler::Compiler;
use crate::error::Error;
use crate::fingerprint::fingerprint;
use crate::search::Search;
use crate::tool::Tool;
use library::{Instance, Library};

pub use library::{End, Exchange, Until};

const LIMIT: Duration = Duration::from_secs(1800);
const SHIM: &str = include_str!("compiled/shim.cpp");
const STOPPED: &str = include_str!("compiled/stopped.h");
/// How a design is compiled decides the outcome too: a library that was compiled in another way is not taken for the same.
const RECIPE: &[&str] =
    &[include_str!("compiled.rs"), include_str!("compiled/verilator.rs"), include_str!("compiled/cxxrtl.rs")];
const LIBRARY: &str = "model.so";
const HEADER: &str = "header.h";
const PARSED: &str = "header.h.gch";

/// A port of the top module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Port {
    /// The port's name in the Verilog, `$` and all.
    pub name: String,
    /// The port's width in bits, 1 to 64.
    pub width: u32,
}

impl Port {
    /// A port of this name and width.
    pub fn new(name: impl Into<String>, width: u32) -> Port {
        Port { name: name.into(), width }
    }
}

/// A module to compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// The Verilog of the top module and all below it.
    pub verilog: String,
    /// The top module.
    pub top: String,
    /// The input that [`CompiledModel::tick`] drives; `None` where the module has no clock.
    pub clock: Option<String>,
    /// The other inputs, in the order of their numbers in [`CompiledModel::set`].
    pub inputs: Vec<Port>,
    /// The outputs, in the order of their numbers in [`CompiledModel::get`].
    pub outputs: Vec<Port>,
}

/// How it is to be compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The C++ compiler's `-O`, 0 to 3. Compiling takes the longer, simulating the shorter.
    pub optimise: u8,
    /// Whether [`CompiledModel::record`] is possible, which makes the simulation slower.
    pub vcd: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { optimise: 1, vcd: false }
    }
}

/// A compiled design and its state. Every one is independent of every other.
pub struct CompiledModel {
    instance: Instance,
    design: Arc<Design>,
    compiler: Compiler,
    options: Options,
}

impl CompiledModel {
    /// Compiles a design, or takes it from the folder `cache` where the same one was compiled before; registers have their
    /// initial values. Processes may share the folder.
    pub fn build(compiler: Compiler, design: &Design, options: Options, cache: &Path) -> Result<CompiledModel, Error> {
        CompiledModel::build_with(&Search::from_env(), compiler, design, options, cache)
    }

    /// Compiles as [`CompiledModel::build`] does, with tools from elsewhere.
    pub fn build_with(
        search: &Search,
        compiler: Compiler,
        design: &Design,
        options: Options,
        cache: &Path,
    ) -> Result<CompiledModel, Error> {
        let path = compile(search, compiler, design, options, cache)?;
        let instance = Instance::new(Arc::new(Library::open(&path)?));
        Ok(CompiledModel { instance, design: Arc::new(design.clone()), compiler, options })
    }

    /// Another one of the same design, with registers at their initial values.
    pub fn fresh(&self) -> CompiledModel {
        let CompiledModel { compiler, options, .. } = *self;
        CompiledModel { instance: self.instance.fresh(), design: self.design.clone(), compiler, options }
    }

    /// The design that was compiled.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The number of the input of this name, for [`CompiledModel::set`].
    pub fn input(&self, name: &str) -> Result<usize, Error> {
        find(&self.design, &self.design.inputs, "input", name)
    }

    /// The number of the output of this name, for [`CompiledModel::get`].
    pub fn output(&self, name: &str) -> Result<usize, Error> {
        find(&self.design, &self.design.outputs, "output", name)
    }

    /// Puts a value on an input; bits beyond its width are dropped. Takes effect with the next `eval` or `tick`. There is no
    /// effect where there is no input of this number.
    pub fn set(&mut self, input: usize, value: u64) {
        if let Some(port) = self.design.inputs.get(input) {
            self.instance.set(input as u32, value & (u64::MAX >> (64 - port.width)));
        }
    }

    /// The value of an output after the last `eval` or `tick`; 0 where there is no output of this number.
    pub fn get(&self, output: usize) -> u64 {
        if output < self.design.outputs.len() { self.instance.get(output as u32) } else { 0 }
    }

    /// Lets the inputs take effect on what depends on them without a clock.
    ///
    /// # Errors
    /// The design stopped itself, now or before ([`Error::Stopped`]); so do [`CompiledModel::tick`] and the others.
    pub fn eval(&mut self) -> Result<(), Error> {
        if self.instance.eval() { Ok(()) } else { Err(self.stopped()) }
    }

    /// Runs a clock cycle: the clock falls, the inputs take effect, the clock rises. Outputs show the state after it.
    pub fn tick(&mut self) -> Result<(), Error> {
        self.ticks(1)
    }

    /// As many clock cycles.
    pub fn ticks(&mut self, cycles: u64) -> Result<(), Error> {
        if self.instance.ticks(cycles) { Ok(()) } else { Err(self.stopped()) }
    }

    fn stopped(&self) -> Error {
        Error::Stopped { top: self.design.top.clone(), compiler: self.compiler, reason: self.instance.failure() }
    }

    /// Writes every signal's value at both edges of every cycle from now on to a VCD file, 2 ns a cycle.
    pub fn record(&mut self, vcd: &Path) -> Result<(), Error> {
        if !self.options.vcd {
            let reason = "its waveforms cannot be recorded without `Options::vcd`".to_string();
            return Err(Error::Design { top: self.design.top.clone(), reason });
        }
        // Either compiler would silently take a path that it cannot write: so the file is made here.
        File::create(vcd).map_err(Error::io("cannot write", vcd))?;
        let path = CString::new(vcd.to_string_lossy().into_owned()).map_err(io::Error::from);
        self.instance.record(&path.map_err(Error::io("cannot write", vcd))?);
        Ok(())
    }

    /// Sends bytes and receives bytes, over as many cycles as it takes, in one call of the library.
    ///
    /// The module has the inputs `rx_data[8]`, `rx_valid`, `tx_ready` and the outputs `rx_ready`, `tx_data[8]`, `tx_valid`: a byte
    /// passes at each rising edge before which `valid` and `ready` are both 1. Afterwards `rx_valid` and `tx_ready` are 0.
    pub fn exchange(&mut self, bytes: &[u8], until: Until) -> Result<Exchange, Error> {
        let streams = library::Streams {
            rx_data: self.input("rx_data")? as u32,
            rx_valid: self.input("rx_valid")? as u32,
            rx_ready: self.output("rx_ready")? as u32,
            tx_data: self.output("tx_data")? as u32,
            tx_valid: self.output("tx_valid")? as u32,
            tx_ready: self.input("tx_ready")? as u32,
        };
        self.instance.exchange(&streams, bytes, until).ok_or_else(|| self.stopped())
    }
}

fn find(design: &Design, ports: &[Port], kind: &str, name: &str) -> Result<usize, Error> {
    ports.iter().position(|port| port.name == name).ok_or_else(|| {
        let names: Vec<_> = ports.iter().map(|port| port.name.as_str()).collect();
        let reason = format!("it has no {kind} {name:?}, only {}", names.join(", "));
        Error::Design { top: design.top.clone(), reason }
    })
}

/// The shared library of a design, from the cache or compiled into it.
fn compile(
    search: &Search,
    compiler: Compiler,
    design: &Design,
    options: Options,
    cache: &Path,
) -> Result<PathBuf, Error> {
    let shell = shell::wrap(design)?;
    let [cxx, generator] = compiler.tools(search)?;
    let tools = [cxx.description(), generator.description()];
    let settings = format!("{compiler:?} {options:?} {}", std::env::consts::ARCH);
    let key =
        fingerprint(&[&[&design.verilog, &shell, &settings, &tools[0], &tools[1], SHIM, STOPPED], RECIPE].concat());

    cached(cache, &key, std::env::consts::DLL_SUFFIX, LIBRARY, |folder| {
        let job = Job { design, shell: &shell, options, cxx: &cxx, generator: &generator, cache, folder };
        match compiler {
            Compiler::Verilator => verilator::compile(&job),
            Compiler::Cxxrtl => cxxrtl::compile(&job),
        }
    })
}

/// A design on its way through a compiler.
struct Job<'a> {
    design: &'a Design,
    /// The Verilog of [`shell::wrap`].
    shell: &'a str,
    options: Options,
    cxx: &'a Tool,
    /// Verilator or Yosys.
    generator: &'a Tool,
    cache: &'a Path,
    /// Where everything is made; the result is [`LIBRARY`] there.
    folder: &'a Path,
}

impl Job<'_> {
    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(Error::io("cannot write", &path))
    }

    /// The accessors of a C++ model whose ports are read and written with these expressions.
    fn accessors(&self, set: impl Fn(usize) -> String, get: impl Fn(usize) -> String) -> String {
        let cases = |count: usize, case: &dyn Fn(usize) -> String| {
            (0..count).map(|port| format!("      case {port}: {}\n", case(port))).collect::<String>()
        };
        let sets = cases(self.design.inputs.len(), &|port| format!("{}; break;", set(port)));
        let gets = cases(self.design.outputs.len(), &|port| format!("return {};", get(port)));
        format!(
            "  void set(uint32_t port, uint64_t value) {{\n    switch (port) {{\n{sets}    }}\n  }}\n\
             \x20 uint64_t get(uint32_t port) {{\n    switch (port) {{\n{gets}    }}\n    return 0;\n  }}\n"
        )
    }

    /// The header `text`, parsed once for all designs that are compiled with the same options, where they are not optimised:
    /// parsing takes most of a small design's time, and 60 MB. Gives the options that include it first.
    fn parsed(&self, text: &str, more: &[String]) -> Result<[String; 2], Error> {
        let options = self.cxx_options(self.options.optimise).chain(more.iter().cloned()).collect::<Vec<_>>().join(" ");
        let key = fingerprint(&[text, &options, &self.cxx.description(), &self.generator.description()]);
        let header = cached(self.cache, &key, ".h", HEADER, |folder| {
            let path = folder.join(HEADER);
            fs::write(&path, text).map_err(Error::io("cannot write", &path))
        })?;
        let header = header.canonicalize().map_err(Error::io("cannot read", &header))?.display().to_string();
        if self.options.optimise == 0 {
            // Beside the header, where the compiler looks for it.
            cached(self.cache, &key, ".h.gch", PARSED, |folder| {
                let arguments = ["-x", "c++-header", &header].map(String::from);
                let arguments: Vec<String> = arguments.into_iter().chain(more.iter().cloned()).collect();
                Job { folder, ..*self }.cxx(0, PARSED, &arguments)
            })?;
        }
        Ok(["-include".to_string(), header])
    }

    /// Compiles C++.
    fn cxx(&self, optimise: u8, output: &'static str, more: &[String]) -> Result<(), Error> {
        let arguments = self.cxx_options(optimise).chain(["-o".to_string(), output.to_string()]);
        self.cxx.make(output, arguments.chain(more.iter().cloned()), self.folder, "c++.log", LIMIT)
    }

    /// The options that every library needs: no symbol of one may be taken for another's.
    fn cxx_options(&self, optimise: u8) -> impl Iterator<Item = String> {
        let optimise = format!("-O{}", optimise.min(3));
        ["-std=c++17", &optimise, "-fPIC", "-fvisibility=hidden", "-w"].map(String::from).into_iter()
    }
}
