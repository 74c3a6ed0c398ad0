//! Verilog out of a block, with a top module of a chosen name, and the list of its ports.

use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::probe::Probe;

use crate::prelude::*;

/// Whether a port goes in or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Into the block.
    In,
    /// Out of the block.
    Out,
}

/// A port of an emitted module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name in the Verilog; elements of an array are `name$0`, `name$1`.
    pub name: String,
    /// Its width in bits.
    pub width: usize,
    /// Its direction.
    pub way: Way,
}

/// An emitted design.
#[derive(Clone, Debug)]
pub struct Design {
    /// The top module's name.
    pub top: String,
    /// The Verilog text of all modules.
    pub verilog: String,
    /// The top module's ports.
    pub ports: Vec<Port>,
}

/// Emits a block that has not been connected yet.
///
/// # Panics
/// If the block is badly wired: an error in the design, not of its use.
pub fn emit<B: Block>(mut block: B, top: &str) -> Design {
    block.connect_all();
    if let Err(error) = check_all(&block) {
        panic!("the design is badly wired: {error:?}");
    }
    let mut modules = ModuleDefines::default();
    block.accept(top, &mut modules);
    let mut ports = Ports::default();
    block.accept(top, &mut ports);
    Design { top: top.to_string(), verilog: modules.defines(), ports: ports.found }
}

/// Collects the ports of the outermost scope.
#[derive(Default)]
struct Ports {
    depth: usize,
    found: Vec<Port>,
}

impl Probe for Ports {
    fn visit_start_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.depth += 1;
    }
    fn visit_atom(&mut self, name: &str, signal: &dyn Atom) {
        let way = match signal.kind() {
            AtomKind::InputParameter => Way::In,
            AtomKind::OutputParameter => Way::Out,
            _ => return,
        };
        if self.depth == 1 {
            self.found.push(Port { name: name.to_string(), width: signal.bits(), way });
        }
    }
    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.depth -= 1;
    }
}
