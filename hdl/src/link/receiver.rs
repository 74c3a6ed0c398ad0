//! The frame receiver: bytes in, the contents of frames out, in a ring.
//!
//! Each content lies behind its length, CRC included; a frame that is not sound has the length 0 and no content. Whoever reads the
//! oldest frame says where it begins (`first`); what lies before is free. Bytes for which there is no room are not taken.
//!
//! Latency: a frame waits one cycle after its zero. COBS is undone as the bytes come: a code byte stands for a zero, except
//! at the start of the frame. (After the code 255 it does not, but 254 bytes exceed every content, so it cannot matter.)

use engram_spec::frame::{CONTENT_MAX, CONTENT_MIN, CRC_REMAINDER};

use crate::link::crc::Crc16;
use crate::link::{BYTE_BITS, RING_BITS};
use crate::parts::memory::Buffer;
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
    /// Whether the byte is taken: there is room for it.
    pub ready: Signal<Out, Bit>,
    /// Where the oldest frame begins.
    pub first: Signal<In, Bits<RING_BITS>>,
    /// Whether a frame begins there; else the next one will.
    pub waiting: Signal<Out, Bit>,
    /// The place in the ring that is read.
    pub address: Signal<In, Bits<RING_BITS>>,
    /// The byte at `address`, one cycle later.
    pub content: Signal<Out, Bits<8>>,

    takes: Signal<Local, Bit>,
    append: Signal<Local, Bit>,
    appended: Signal<Local, Bits<8>>,
    behind: Signal<Local, Bits<RING_BITS>>,
    whole: Signal<Local, Bit>,
    most: Constant<Bits<BYTE_BITS>>,
    least: Constant<Bits<BYTE_BITS>>,
    residue: Constant<Bits<16>>,
    ring: Buffer<RING_BITS, 8>,
    crc: Crc16,
    sum: Register<Bits<16>>,
    // The place of the length of the frame that comes, and how far behind it the next byte's is.
    mark: Register<Bits<RING_BITS>>,
    count: Register<Bits<BYTE_BITS>>,
    owed: Register<Bits<8>>,
    started: Register<Bit>,
    overflow: Register<Bit>,
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
            ring: Buffer::new(),
            ..Default::default()
        }
    }
}

impl Logic for FrameReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, sum, mark, count, owed, started, overflow);
        self.behind.next = self.mark.q.val() + bit_cast::<RING_BITS, BYTE_BITS>(self.count.q.val()) + 1;
        self.ready.next = self.behind.val() != self.first.val();
        self.takes.next = self.valid.val() & (self.behind.val() != self.first.val());
        self.append.next = false;
        self.appended.next = self.data.val();
        self.whole.next = (self.owed.q.val() == bits::<8>(0))
            & (self.sum.q.val() == self.residue.val())
            & (self.count.q.val() >= self.least.val())
            & !self.overflow.q.val();

        self.crc.sum.next = self.sum.q.val();
        self.ring.clock.next = self.clock.val();
        self.ring.write.next = false;
        self.ring.write_address.next = self.behind.val();
        self.ring.address.next = self.address.val();

        if self.takes.val() {
            if self.data.val() == bits::<8>(0) {
                if self.started.q.val() {
                    // The frame is complete: its length is stored where it begins.
                    self.ring.write.next = true;
                    self.ring.write_address.next = self.mark.q.val();
                    self.appended.next = bits::<8>(0);
                    self.mark.d.next = self.mark.q.val() + 1;
                    if self.whole.val() {
                        self.appended.next = self.count.q.val();
                        self.mark.d.next = self.behind.val();
                    }
                }
                self.started.d.next = false;
                self.overflow.d.next = false;
                self.count.d.next = 0.into();
                self.owed.d.next = 0.into();
                self.sum.d.next = 0.into();
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
        if self.append.val() {
            self.sum.d.next = self.crc.next_sum.val();
            if self.count.q.val() == self.most.val() {
                self.overflow.d.next = true;
            } else {
                self.ring.write.next = true;
                self.count.d.next = self.count.q.val() + 1;
            }
        }
        self.crc.data.next = self.appended.val();
        self.ring.write_data.next = self.appended.val();
        self.waiting.next = self.mark.q.val() != self.first.val();
        self.content.next = self.ring.data.val();
    }
}
