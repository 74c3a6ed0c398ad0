//! The frame receiver: bytes in, the content of an intact frame out, in a buffer.
//!
//! Latency: a frame waits one cycle after its zero. COBS is undone as the bytes come: a code byte stands for a zero, except
//! at the start of the frame. (After the code 255 it does not, but 254 bytes exceed every content, so it cannot matter.)

use engram_spec::frame::{CONTENT_MAX, CONTENT_MIN, CRC_REMAINDER};

use crate::link::crc::Crc16;
use crate::parts::memory::{BYTE_BITS, ByteBuffer};
use crate::parts::register::Register;
use crate::prelude::*;

/// The frame receiver.
#[derive(Clone, Debug, Default, Composite)]
pub struct FrameReceiver {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A byte of the stream.
    pub data: Signal<In, Bits<8>>,
    /// Whether there is a byte.
    pub valid: Signal<In, Bit>,
    /// Whether the byte is taken; never while a frame waits.
    pub ready: Signal<Out, Bit>,
    /// Whether a frame is complete, and waits.
    pub waiting: Signal<Out, Bit>,
    /// Whether the frame is sound: blocks whole, 4 to 96 bytes, CRC right.
    pub intact: Signal<Out, Bit>,
    /// Bytes of the frame's content, CRC included.
    pub length: Signal<Out, Bits<BYTE_BITS>>,
    /// Whether the frame is done with, and the next may come.
    pub finished: Signal<In, Bit>,
    /// The number of the byte of the content that is read.
    pub address: Signal<In, Bits<BYTE_BITS>>,
    /// The byte at `address`, one cycle later.
    pub content: Signal<Out, Bits<8>>,

    append: Signal<Local, Bit>,
    appended: Signal<Local, Bits<8>>,
    zero: Signal<Local, Bit>,
    most: Constant<Bits<BYTE_BITS>>,
    least: Constant<Bits<BYTE_BITS>>,
    residue: Constant<Bits<16>>,
    buffer: ByteBuffer,
    crc: Crc16,
    sum: Register<Bits<16>>,
    count: Register<Bits<BYTE_BITS>>,
    owed: Register<Bits<8>>,
    started: Register<Bit>,
    overflow: Register<Bit>,
    complete: Register<Bit>,
    _evaluation: Evaluation,
}

impl FrameReceiver {
    /// A receiver at the beginning of a frame.
    pub fn new() -> FrameReceiver {
        FrameReceiver {
            most: Constant::new((CONTENT_MAX as u64).into()),
            least: Constant::new((CONTENT_MIN as u64).into()),
            // The sum is kept inverted.
            residue: Constant::new(u64::from(!CRC_REMAINDER).into()),
            buffer: ByteBuffer::new(),
            ..Default::default()
        }
    }
}

impl Logic for FrameReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, sum, count, owed, started, overflow, complete);
        self.ready.next = !self.complete.q.val();
        self.append.next = false;
        self.appended.next = self.data.val();
        self.zero.next = self.data.val() == bits::<8>(0);

        if self.valid.val() & !self.complete.q.val() {
            if self.zero.val() {
                self.complete.d.next = self.started.q.val();
            } else {
                if self.owed.q.val() == bits::<8>(0) {
                    // A code byte: it stands for a zero between blocks.
                    self.started.d.next = true;
                    self.append.next = self.started.q.val();
                    self.appended.next = bits::<8>(0);
                    self.owed.d.next = self.data.val() - 1;
                } else {
                    self.append.next = true;
                    self.owed.d.next = self.owed.q.val() - 1;
                }
            }
        }

        self.crc.sum.next = self.sum.q.val();
        self.crc.data.next = self.appended.val();
        self.buffer.clock.next = self.clock.val();
        self.buffer.write.next = false;
        self.buffer.write_address.next = self.count.q.val();
        self.buffer.write_data.next = self.appended.val();
        self.buffer.address.next = self.address.val();
        if self.append.val() {
            self.sum.d.next = self.crc.next_sum.val();
            if self.count.q.val() == self.most.val() {
                self.overflow.d.next = true;
            } else {
                self.buffer.write.next = true;
                self.count.d.next = self.count.q.val() + 1;
            }
        }
        if self.finished.val() {
            self.complete.d.next = false;
            self.started.d.next = false;
            self.overflow.d.next = false;
            self.count.d.next = 0.into();
            self.owed.d.next = 0.into();
            self.sum.d.next = 0.into();
        }

        self.waiting.next = self.complete.q.val();
        self.intact.next = (self.owed.q.val() == bits::<8>(0))
            & (self.sum.q.val() == self.residue.val())
            & (self.count.q.val() >= self.least.val())
            & !self.overflow.q.val();
        self.length.next = self.count.q.val();
        self.content.next = self.buffer.data.val();
    }
}
