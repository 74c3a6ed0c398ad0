//! The board's top module, `engram_top`: the core behind a serial port.

use engram_spec::memnet::{Datapath, Geometry};

use crate::link::uart::{UartReceiver, UartTransmitter};
use crate::memnet::core::Core;
use crate::parts::register::Register;
use crate::prelude::*;

/// The name of the top module.
pub const TOP: &str = "engram_top";

/// The board's top module.
#[derive(Clone, Debug, Default, Composite)]
pub struct Board {
    /// The board's oscillator.
    pub clock: Signal<In, Clock>,
    /// The button, high while it is pressed: the device forgets its program and story, and takes no request.
    pub reset: Signal<In, Bit>,
    /// The serial line from the host.
    pub uart_rx: Signal<In, Bit>,
    /// The serial line to the host.
    pub uart_tx: Signal<Out, Bit>,
    /// The lamp, lit while a program is loaded.
    pub led: Signal<Out, Bit>,
    /// The other lamp, lit while the last request was damaged or refused.
    pub led_error: Signal<Out, Bit>,
    // The button, through two registers against metastability.
    pressed: Register<Bit>,
    pressed_still: Register<Bit>,
    receiver: UartReceiver,
    transmitter: UartTransmitter,
    core: Core,
    _evaluation: Evaluation,
}

impl Board {
    /// The top module of a geometry and datapath; a bit of the serial port lasts `divider` cycles.
    pub fn new(geometry: &Geometry, datapath: Datapath, divider: u32) -> Board {
        Board::around(Core::new(geometry, datapath, false), divider)
    }

    /// The top module around a core without taps.
    pub fn around(core: Core, divider: u32) -> Board {
        Board {
            receiver: UartReceiver::new(divider),
            transmitter: UartTransmitter::new(divider),
            core,
            ..Default::default()
        }
    }
}

impl Logic for Board {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, pressed, pressed_still);
        self.pressed.d.next = self.reset.val();
        self.pressed_still.d.next = self.pressed.q.val();
        self.receiver.clock.next = self.clock.val();
        self.receiver.line.next = self.uart_rx.val();
        self.core.clock.next = self.clock.val();
        self.core.rx_data.next = self.receiver.data.val();
        self.core.rx_valid.next = self.receiver.valid.val();
        self.core.framing_error.next = self.receiver.framing_error.val();
        self.core.reset.next = self.pressed_still.q.val();
        self.core.tx_ready.next = self.transmitter.ready.val();
        self.transmitter.clock.next = self.clock.val();
        self.transmitter.data.next = self.core.tx_data.val();
        self.transmitter.valid.next = self.core.tx_valid.val();
        self.uart_tx.next = self.transmitter.line.val();
        self.led.next = self.core.loaded.val();
        self.led_error.next = self.core.refused.val();
    }
}
