//! The parts of rust-hdl that engram uses, and the scheduling by which its blocks are simulated.
//!
//! rust-hdl settles a circuit by evaluating every block again and again until nothing changes, twice a cycle. With dozens of
//! lanes that is slow, so our blocks derive its `Block` trait in a way that evaluates a block only when one of its inputs has
//! changed, and settles a hierarchy from the inside out. The kernels, the values and the emitted Verilog are rust-hdl's; only the
//! order of evaluation is ours. A block driven the plain way, through its clock signal, gives the same waveform (tested in
//! `testbench/tests/proof/blocks/plain.rs`).
//!
//! - [`derive@Leaf`]: a block with a Rust model and a Verilog text of its own. [`Leaf::step`] is what a clock edge does,
//!   [`Leaf::settle`] what the outputs show otherwise, [`Leaf::verilog`] the same in Verilog.
//! - [`derive@Composite`]: a block with an `#[hdl_gen]` kernel that wires parts.
//!
//! The derives take the ports from the struct's fields, and their documentation from the fields' doc comments ([`Documented`]).

pub use engram_hdl_derive::{Composite, Leaf};
pub use rust_hdl::core::check_error::check_all;
pub use rust_hdl::core::module_defines::ModuleDefines;
pub use rust_hdl::prelude::*;

/// A block that can be stepped by a clock edge directly.
pub trait Cycle: Block + Documented {
    /// A rising edge of the clock with settled inputs. Returns whether anything changed.
    fn edge(&mut self) -> bool;
}

impl<B: Cycle> Cycle for Vec<B> {
    fn edge(&mut self) -> bool {
        self.iter_mut().fold(false, |changed, part| part.edge() | changed)
    }
}

/// A leaf's model in Rust and in Verilog: `step` at a rising edge, `settle` whenever an input or the state has changed.
pub trait Leaf {
    /// The state after a rising edge, from the inputs before it.
    fn step(&mut self) {}
    /// The outputs that depend on inputs or state combinationally.
    fn settle(&mut self) {}
    /// The Verilog between the module's ports and `endmodule`; outputs are `reg`s.
    fn verilog(&self) -> String;
}

/// A block whose ports are documented.
pub trait Documented {
    /// The ports in the order of the struct's fields, each with its doc comment.
    const PORTS: &'static [(&'static str, &'static str)];
}

impl<B: Cycle> Documented for Vec<B> {
    const PORTS: &'static [(&'static str, &'static str)] = B::PORTS;
}

/// The state of a block's evaluation, which every block keeps in a field `_evaluation`.
#[derive(Clone, Debug, Default)]
pub struct Evaluation {
    /// Whether the outputs follow from the inputs as they are.
    pub settled: bool,
    /// Whether an output changed in the last evaluation.
    pub changed: bool,
}

/// A constant of a design, given when the block is made. rust-hdl's own has no default, without which every block with a
/// constant would have to list all its signals.
#[derive(Clone, Debug)]
pub struct Constant<T: Synth>(rust_hdl::prelude::Constant<T>);

impl<T: Synth> Constant<T> {
    /// The constant of this value.
    pub fn new(value: T) -> Constant<T> {
        Constant(rust_hdl::prelude::Constant::new(value))
    }

    /// The constant's value.
    pub fn val(&self) -> T {
        self.0.val()
    }

    /// Connects the constant, as [`Block::connect_all`] does.
    pub fn connect_all(&mut self) {
        self.0.connect_all();
    }

    /// Shows the constant to a probe, as [`Block::accept`] does.
    pub fn accept(&self, name: &str, probe: &mut dyn Probe) {
        self.0.accept(name, probe);
    }
}

impl<T: Synth> Default for Constant<T> {
    fn default() -> Constant<T> {
        Constant::new(T::default())
    }
}

/// An `N`-bit two's complement value as an integer.
pub fn signed<const N: usize>(bits: Bits<N>) -> i64 {
    ((bits.to_u64() << (64 - N)) as i64) >> (64 - N)
}

/// The low `N` bits of an integer, `N` at most 64.
pub fn bits_of<const N: usize>(value: i64) -> Bits<N> {
    Bits::<N>::from(value as u64 & (u64::MAX >> (64 - N)))
}

/// The value of an `N`-bit signal as an index.
pub fn index<const N: usize>(bits: Bits<N>) -> usize {
    bits.to_u64() as usize
}
