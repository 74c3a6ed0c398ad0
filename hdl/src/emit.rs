//! Verilog out of a block, with a top module of a chosen name, and the list of its ports.

use rust_hdl::core::atom::{Atom, AtomKind};
use rust_hdl::core::probe::Probe;

use crate::prelude::*;

/// The direction of a port.
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
    /// The port's name in the Verilog; elements of an array are `name$0`, `name$1`.
    pub name: String,
    /// The port's width in bits.
    pub width: usize,
    /// The port's direction.
    pub way: Way,
    /// The doc comment of the block's field.
    pub about: &'static str,
    /// The type of a structure or an enumeration; none for bits.
    pub bundle: Option<Bundle>,
}

/// A structure or an enumeration that is a port's type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bundle {
    /// The type's name.
    pub name: String,
    /// A structure's fields from bit 0 on, each with its width; an enumeration's values with their numbers.
    pub layout: String,
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
pub fn emit<B: Cycle>(mut block: B, top: &str) -> Design {
    block.connect_all();
    if let Err(error) = check_all(&block) {
        panic!("the design is badly wired: {error:?}");
    }
    let mut modules = ModuleDefines::default();
    block.accept(top, &mut modules);
    let mut ports = Ports { depth: 0, docs: B::PORTS, found: Vec::new() };
    block.accept(top, &mut ports);
    let verilog = modules.defines();
    // Of a bit of a field, which Verilog has no form for, Yosys takes another bit without a word.
    let selected = verilog.lines().find(|line| line.contains(")]["));
    assert!(selected.is_none(), "the design takes a bit of a field of a structure: {}", selected.unwrap_or_default());
    Design { top: top.to_string(), verilog, ports: ports.found }
}

/// Collects the ports of the outermost scope.
struct Ports {
    depth: usize,
    docs: &'static [(&'static str, &'static str)],
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
            let field = name.split('$').next();
            let about =
                self.docs.iter().find(|(documented, _)| Some(*documented) == field).map_or("", |(_, text)| text);
            let (name, width, bundle) = (name.to_string(), signal.bits(), bundle(signal.descriptor()));
            self.found.push(Port { name, width, way, about, bundle });
        }
    }
    fn visit_end_scope(&mut self, _name: &str, _node: &dyn Block) {
        self.depth -= 1;
    }
}

/// The bundle that a type is.
fn bundle(of: TypeDescriptor) -> Option<Bundle> {
    let parts: Vec<String> = match of.kind {
        TypeKind::Bits(_) | TypeKind::Signed(_) => return None,
        TypeKind::Enum(values) => values
            .iter()
            .enumerate()
            .map(|(number, value)| format!("{number} {}", value.rsplit("::").next().unwrap_or(value)))
            .collect(),
        TypeKind::Composite(fields) => {
            fields.iter().map(|field| format!("`{}` {}", field.fieldname, width(&field.kind))).collect()
        }
    };
    Some(Bundle { name: of.name, layout: parts.join(", ") })
}

/// Bits of a type.
fn width(of: &TypeDescriptor) -> usize {
    match &of.kind {
        TypeKind::Bits(bits) | TypeKind::Signed(bits) => *bits,
        TypeKind::Enum(values) => clog2(values.len()),
        TypeKind::Composite(fields) => fields.iter().map(|field| width(&field.kind)).sum(),
    }
}
