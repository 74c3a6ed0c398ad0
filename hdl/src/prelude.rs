//! All that engram takes from rust-hdl, and the scheduling by which its blocks are simulated.
//!
//! rust-hdl settles a circuit by evaluating every block again and again until nothing changes, twice a cycle. With dozens of
//! lanes that is slow, so our blocks implement its `Block` trait through two macros that evaluate a block only when one
//! of its inputs has changed, and settle a hierarchy from the inside out. The kernels, the values and the emitted Verilog
//! are rust-hdl's; only the order of evaluation is ours. A block driven the plain way, through its clock signal, gives the
//! same waveform (tested in [`crate::simulation`]).
//!
//! - [`leaf!`](crate::leaf): a block with a Rust model and a Verilog text of its own. `step` is what a clock edge does,
//!   `settle` what its outputs show otherwise.
//! - [`composite!`](crate::composite): a block with an `#[hdl_gen]` kernel that wires parts.

pub use rust_hdl::core::check_error::check_all;
pub use rust_hdl::core::module_defines::ModuleDefines;
pub use rust_hdl::prelude::*;

/// A block that can be stepped by a clock edge directly.
pub trait Cycle: Block {
    /// One rising edge of the clock with settled inputs. Returns whether anything changed.
    fn edge(&mut self) -> bool;
}

impl<B: Cycle> Cycle for Vec<B> {
    fn edge(&mut self) -> bool {
        self.iter_mut().fold(false, |changed, part| part.edge() | changed)
    }
}

/// What a leaf block does: `step` at a rising edge, `settle` whenever an input or its state has changed.
pub trait Leaf {
    /// The state after a rising edge, from the inputs before it.
    fn step(&mut self) {}
    /// The outputs that depend on inputs or state combinationally.
    fn settle(&mut self) {}
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

    /// Its value.
    pub fn val(&self) -> T {
        self.0.val()
    }

    /// Connects it, as [`Block::connect_all`] does.
    pub fn connect_all(&mut self) {
        self.0.connect_all();
    }

    /// Shows it to a probe, as [`Block::accept`] does.
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

/// Implements simulation for a leaf: `leaf!(Name { inputs: a b; outputs: q })`, with `[generics]` before the name.
#[macro_export]
macro_rules! leaf {
    ([$($generics:tt)*] $name:ty { inputs: $($input:ident)*; outputs: $($output:ident)*; }) => {
        impl<$($generics)*> block::Block for $name {
            fn connect_all(&mut self) {
                self.connect();
            }
            fn update_all(&mut self) {
                let mut stirred = false;
                $(self.$input.update_all(); stirred |= self.$input.has_changed();)*
                self._changed = false;
                if stirred || !self._settled {
                    self._settled = true;
                    self.update();
                    $(self.$output.update_all(); self._changed |= self.$output.has_changed();)*
                }
            }
            fn has_changed(&self) -> bool {
                self._changed
            }
            fn accept(&self, name: &str, probe: &mut dyn probe::Probe) {
                probe.visit_start_scope(name, self);
                $(self.$input.accept(stringify!($input), probe);)*
                $(self.$output.accept(stringify!($output), probe);)*
                probe.visit_end_scope(name, self);
            }
        }
        impl<$($generics)*> $crate::prelude::Cycle for $name {
            fn edge(&mut self) -> bool {
                use $crate::prelude::Leaf;
                self.step();
                self.settle();
                let mut changed = false;
                $(self.$output.update_all(); changed |= self.$output.has_changed();)*
                changed
            }
        }
    };
    ($name:ty { $($fields:tt)* }) => {
        $crate::leaf!([] $name { $($fields)* });
    };
}

/// Implements simulation for a block that wires parts with a kernel:
/// `composite!(Name { inputs: a; outputs: q; locals: l; constants: c; parts: p })`.
#[macro_export]
macro_rules! composite {
    ([$($generics:tt)*] $name:ty {
        inputs: $($input:ident)*; outputs: $($output:ident)*; locals: $($local:ident)*; constants: $($constant:ident)*;
        parts: $($part:ident)*;
    }) => {
        impl<$($generics)*> block::Block for $name {
            fn connect_all(&mut self) {
                self.connect();
                $(self.$input.connect_all();)*
                $(self.$output.connect_all();)*
                $(self.$local.connect_all();)*
                $(self.$constant.connect_all();)*
                $(self.$part.connect_all();)*
            }
            fn update_all(&mut self) {
                let mut stirred = !self._settled;
                $(self.$input.update_all(); stirred |= self.$input.has_changed();)*
                self._changed = false;
                if !stirred {
                    return;
                }
                self._settled = true;
                let mut rounds = 0;
                loop {
                    self.update();
                    let mut moving = false;
                    $(self.$part.update_all(); moving |= self.$part.has_changed();)*
                    if !moving {
                        break;
                    }
                    rounds += 1;
                    assert!(rounds < 100, "a combinational loop in {}", stringify!($name));
                }
                $(self.$output.update_all(); self._changed |= self.$output.has_changed();)*
                $(self.$local.update_all();)*
            }
            fn has_changed(&self) -> bool {
                self._changed
            }
            fn accept(&self, name: &str, probe: &mut dyn probe::Probe) {
                probe.visit_start_scope(name, self);
                $(self.$input.accept(stringify!($input), probe);)*
                $(self.$output.accept(stringify!($output), probe);)*
                $(self.$local.accept(stringify!($local), probe);)*
                $(self.$constant.accept(stringify!($constant), probe);)*
                $(self.$part.accept(stringify!($part), probe);)*
                probe.visit_end_scope(name, self);
            }
        }
        impl<$($generics)*> $crate::prelude::Cycle for $name {
            fn edge(&mut self) -> bool {
                let mut changed = false;
                $(changed |= self.$part.edge();)*
                self._settled &= !changed;
                changed
            }
        }
    };
    ($name:ty { $($fields:tt)* }) => {
        $crate::composite!([] $name { $($fields)* });
    };
}
