//! The serial port: 8 data bits, no parity, one stop bit, at the clock divided by a constant.
//!
//! The receiver takes of each bit the majority of three samples, one a cycle, around its middle, after two registers against
//! metastability: a disturbance of one cycle is not seen. A byte whose stop bit is low is dropped and counts as a framing error, and what
//! follows on the low line is taken for the next start bit. Latency: 9.5 bit times and 3 cycles from the start bit to `valid` in the
//! receiver, 10 bit times a byte in the transmitter.

use crate::parts::register::Register;
use crate::prelude::*;

/// Bits of the clock divider: a bit lasts 255 cycles at most, at 60 MHz 250,000 baud and more.
pub const DIVIDER_BITS: usize = 8;

/// The receiving half.
#[derive(Clone, Debug, Default, Composite)]
pub struct UartReceiver {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The wire from the host; high when idle.
    pub line: Signal<In, Bit>,
    /// A byte that has come.
    pub data: Signal<Out, Bits<8>>,
    /// Whether there is a byte; high for one cycle.
    pub valid: Signal<Out, Bit>,
    /// Whether a byte was dropped, because its stop bit was low; high for one cycle.
    pub framing_error: Signal<Out, Bit>,

    sample: Signal<Local, Bit>,
    level: Signal<Local, Bit>,
    bit_cycles: Constant<Bits<DIVIDER_BITS>>,
    half_cycles: Constant<Bits<DIVIDER_BITS>>,
    // The wire, inverted so that registers start idle.
    meta: Register<Bit>,
    stable: Register<Bit>,
    before: Register<Bit>,
    earlier: Register<Bit>,
    busy: Register<Bit>,
    timer: Register<Bits<DIVIDER_BITS>>,
    count: Register<Bits<4>>,
    shifter: Register<Bits<8>>,
    _evaluation: Evaluation,
}

impl UartReceiver {
    /// A receiver whose bits last so many cycles, at least 4.
    pub fn new(divider: u32) -> UartReceiver {
        assert!((4..1 << DIVIDER_BITS).contains(&divider));
        UartReceiver {
            bit_cycles: Constant::new(u64::from(divider - 1).into()),
            half_cycles: Constant::new(u64::from(divider / 2 - 1).into()),
            ..Default::default()
        }
    }
}

impl Logic for UartReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, meta, stable, before, earlier, busy, timer, count, shifter);
        self.meta.d.next = !self.line.val();
        self.stable.d.next = self.meta.q.val();
        self.before.d.next = self.stable.q.val();
        self.earlier.d.next = self.before.q.val();
        self.level.next = !((self.stable.q.val() & self.before.q.val())
            | (self.earlier.q.val() & (self.stable.q.val() | self.before.q.val())));
        self.valid.next = false;
        self.framing_error.next = false;
        self.data.next = self.shifter.q.val();
        self.sample.next = self.timer.q.val() == bits::<DIVIDER_BITS>(0);

        if self.busy.q.val() {
            self.timer.d.next = self.timer.q.val() - 1;
            if self.sample.val() {
                self.timer.d.next = self.bit_cycles.val();
                self.count.d.next = self.count.q.val() + 1;
                self.shifter.d.next = self.shifter.q.val() >> 1;
                if self.level.val() {
                    self.shifter.d.next = (self.shifter.q.val() >> 1) | bits::<8>(0x80);
                }
                if self.count.q.val() == bits::<4>(0) {
                    // The middle of the start bit: it must still be low.
                    self.busy.d.next = !self.level.val();
                }
                if self.count.q.val() == bits::<4>(9) {
                    self.valid.next = self.level.val();
                    self.framing_error.next = !self.level.val();
                    self.busy.d.next = false;
                    self.shifter.d.next = self.shifter.q.val();
                }
            }
        } else {
            self.timer.d.next = self.half_cycles.val();
            self.count.d.next = 0.into();
            self.busy.d.next = !self.level.val();
        }
    }
}

/// The transmitting half.
#[derive(Clone, Debug, Default, Composite)]
pub struct UartTransmitter {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A byte to be sent.
    pub data: Signal<In, Bits<8>>,
    /// Whether there is a byte.
    pub valid: Signal<In, Bit>,
    /// Whether the byte is taken.
    pub ready: Signal<Out, Bit>,
    /// The wire to the host; high when idle.
    pub line: Signal<Out, Bit>,

    bit_cycles: Constant<Bits<DIVIDER_BITS>>,
    timer: Register<Bits<DIVIDER_BITS>>,
    count: Register<Bits<4>>,
    // Inverted, so that the line starts idle.
    shifter: Register<Bits<9>>,
    inverted: Signal<Local, Bits<8>>,
    _evaluation: Evaluation,
}

impl UartTransmitter {
    /// A transmitter whose bits last so many cycles, at least 4.
    pub fn new(divider: u32) -> UartTransmitter {
        assert!((4..1 << DIVIDER_BITS).contains(&divider));
        UartTransmitter { bit_cycles: Constant::new(u64::from(divider - 1).into()), ..Default::default() }
    }
}

impl Logic for UartTransmitter {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, timer, count, shifter);
        self.ready.next = self.count.q.val() == bits::<4>(0);
        self.line.next = !self.shifter.q.val().get_bit(0);
        self.inverted.next = !self.data.val();
        if self.count.q.val() == bits::<4>(0) {
            self.timer.d.next = self.bit_cycles.val();
            if self.valid.val() {
                self.shifter.d.next = (bit_cast::<9, 8>(self.inverted.val()) << 1) | bits::<9>(1);
                self.count.d.next = bits::<4>(10);
            }
        } else {
            self.timer.d.next = self.timer.q.val() - 1;
            if self.timer.q.val() == bits::<DIVIDER_BITS>(0) {
                self.timer.d.next = self.bit_cycles.val();
                self.count.d.next = self.count.q.val() - 1;
                self.shifter.d.next = self.shifter.q.val() >> 1;
            }
        }
    }
}
