//! The top module of a board with the crossbar device, [`crate::memnet::board::TOP`]: the core behind a serial port.

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use crate::crossbar::core::CrossbarCore;
use crate::link::uart::{UartReceiver, UartTransmitter};
use crate::parts::register::Register;
use crate::prelude::*;

/// The crossbar board's top module.
#[derive(Clone, Debug, Default, Composite)]
pub struct CrossbarBoard {
    /// The board's oscillator.
    pub clock: Signal<In, Clock>,
    /// The button, high while it is pressed: the device forgets its program and sequence, and takes no request.
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
    core: CrossbarCore,
    _evaluation: Evaluation,
}

impl CrossbarBoard {
    /// The top module of a geometry, with memoization or without; a bit of the serial port lasts `divider` cycles.
    pub fn new(geometry: &Geometry, memo: Option<Predictor>, divider: u32) -> CrossbarBoard {
        CrossbarBoard::around(CrossbarCore::new(geometry, memo), divider)
    }

    /// The top module around a core.
    pub fn around(core: CrossbarCore, divider: u32) -> CrossbarBoard {
        CrossbarBoard {
            receiver: UartReceiver::new(divider),
            transmitter: UartTransmitter::new(divider),
            core,
            ..Default::default()
        }
    }
}

impl Logic for CrossbarBoard {
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
