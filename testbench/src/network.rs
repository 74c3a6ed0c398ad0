//! The parts of a network that its tests need: its integer model, its core and board as hardware, and a tracer.

use engram_flow::compiled::CompiledModel;
use engram_hdl::emit::{Design, emit};
use engram_hdl::prelude::Cycle;
use engram_spec::{Device, Machine, Trace};

use crate::compiled::Compiled;
use crate::in_crate::{ByteStream, InCrate};
use crate::inside::core_with;
use crate::simulated::Watch;

/// The name of a core's Verilog module.
pub const CORE: &str = "engram_core";

/// A network whose hardware is held against its integer model.
pub trait Network: Machine {
    /// The core: bytes in, bytes out.
    type Core: Cycle + ByteStream;
    /// The top module of a board: the core behind a serial port.
    type Board: Cycle + SerialLines;
    /// The numbers of the ports through which a compiled core is looked into.
    type Taps;
    /// The maker of traces.
    type Tracer: Tracer<Self> + Watch<InCrate<Self::Core>> + Watch<Compiled<Self::Taps>>;

    /// The integer model of a device of this size and build.
    fn integer(geometry: &Self::Geometry, build: Self::Build) -> Box<dyn Device<Self>>;

    /// The core, with taps for traces or without.
    fn core(geometry: &Self::Geometry, build: Self::Build, taps: bool) -> Self::Core;

    /// The core of a bitstream with a program inside: `frame` adopts it at switch-on, and the memories are those of the core `loaded`.
    fn starting(geometry: &Self::Geometry, build: Self::Build, frame: &[u8], loaded: &Self::Core) -> Self::Core;

    /// The board around a core without taps, whose serial port has bits of so many clock cycles.
    fn around(core: Self::Core, cycles_per_bit: u32) -> Self::Board;

    /// The taps of a compiled core, where it has any.
    fn taps(model: &CompiledModel, geometry: &Self::Geometry, taps: bool) -> Result<Self::Taps, engram_flow::Error>;

    /// A tracer for a core of this size.
    fn tracer(geometry: &Self::Geometry) -> Self::Tracer;
}

/// A board's serial lines, as a simulation drives them.
pub trait SerialLines {
    /// Sets the level of `uart_rx`.
    fn drive(&mut self, uart_rx: bool);

    /// The level of `uart_tx`.
    fn level(&self) -> bool;
}

/// A maker of traces, which also follows the calls.
pub trait Tracer<M: Machine> {
    /// Notes that the device was cleared, or loaded.
    fn cleared(&mut self);

    /// Notes that a call was carried out.
    fn called(&mut self, call: &M::Call<'_>);

    /// The trace so far.
    fn take(&mut self) -> Trace;
}

/// The Verilog of a network's core.
pub fn core_verilog<M: Network>(geometry: &M::Geometry, build: M::Build, taps: bool) -> Design {
    emit(M::core(geometry, build, taps), CORE)
}

/// A board of a size and a build, whose serial port has bits of so many clock cycles; with a program of that size and build inside, or
/// without.
pub fn board<M: Network>(
    geometry: &M::Geometry,
    build: M::Build,
    cycles_per_bit: u32,
    inside: Option<&M::Program>,
) -> M::Board {
    let core = match inside {
        Some(program) => core_with::<M>(build, program),
        None => M::core(geometry, build, false),
    };
    M::around(core, cycles_per_bit)
}

/// The Verilog of the top module of such a board.
pub fn board_verilog<M: Network>(
    geometry: &M::Geometry,
    build: M::Build,
    cycles_per_bit: u32,
    inside: Option<&M::Program>,
) -> Design {
    emit(board::<M>(geometry, build, cycles_per_bit, inside), engram_hdl::memnet::board::TOP)
}

/// Implements [`ByteStream`] for a core and [`SerialLines`] for a board, by their ports.
macro_rules! pins {
    ($core:ty, $board:ty) => {
        impl $crate::in_crate::ByteStream for $core {
            fn offer(&mut self, byte: Option<u8>, takes: bool) {
                self.rx_valid.next = byte.is_some();
                self.rx_data.next = u64::from(byte.unwrap_or_default()).into();
                self.tx_ready.next = takes;
            }

            fn is_ready(&self) -> bool {
                self.rx_ready.val()
            }

            fn sent(&self) -> Option<u8> {
                self.tx_valid.val().then(|| self.tx_data.val().to_u64() as u8)
            }
        }

        impl $crate::network::SerialLines for $board {
            fn drive(&mut self, uart_rx: bool) {
                self.uart_rx.next = uart_rx;
            }

            fn level(&self) -> bool {
                self.uart_tx.val()
            }
        }
    };
}
pub(crate) use pins;
