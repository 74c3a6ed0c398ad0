//! The frame receiver: bytes in, the contents of frames out, in a ring.
//!
//! Each content, CRC included, lies behind a byte with the number of both's bytes; a frame that is not sound has no content, and the number 1. Whoever
//! reads the oldest frame says where it begins (`first`); what lies before is free. Bytes for which there is no room are not taken.
//!
//! Latency: a frame waits one cycle after its zero. COBS is undone as the bytes come: a code byte stands for a zero, except
//! at the start of the frame. (After the code 255 it does not, but 254 bytes exceed every content, so it cannot matter.)

use engram_spec::frame::{CONTENT_MAX, CONTENT_MIN, CRC_REMAINDER};

use crate::link::RING_BITS;
use crate::link::crc::Crc16;
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

    room: Signal<Local, Bit>,
    append: Signal<Local, Bit>,
    appended: Signal<Local, Bits<8>>,
    behind: Signal<Local, Bits<RING_BITS>>,
    short: Signal<Local, Bit>,
    whole: Signal<Local, Bit>,
    most: Constant<Bits<8>>,
    residue: Constant<Bits<16>>,
    ring: Buffer<RING_BITS, 8>,
    crc: Crc16,
    sum: Register<Bits<16>>,
    // The place of the size of the frame that comes, and the size so far, from the first byte on.
    mark: Register<Bits<RING_BITS>>,
    size: Register<Bits<8>>,
    owed: Register<Bits<8>>,
    started: Register<Bit>,
    overflow: Register<Bit>,
    _evaluation: Evaluation,
}

impl FrameReceiver {
    /// A receiver at the beginning of a frame.
    pub fn new() -> FrameReceiver {
        FrameReceiver::holding(&[])
    }

    /// A receiver in whose ring a frame of this content, CRC included, waits at switch-on; none where it is empty.
    pub fn holding(content: &[u8]) -> FrameReceiver {
        assert!(content.is_empty() || (CONTENT_MIN..=CONTENT_MAX).contains(&content.len()));
        let size = if content.is_empty() { 0 } else { content.len() as u32 + 1 };
        let bytes = std::iter::once(size).chain(content.iter().map(|&byte| byte.into()));
        let ring = if content.is_empty() { Buffer::new() } else { Buffer::holding(bytes) };
        FrameReceiver {
            most: Constant::new((CONTENT_MAX as u64 + 1).into()),
            // The sum is kept inverted.
            residue: Constant::new(u64::from(!CRC_REMAINDER).into()),
            ring,
            mark: Register::starting(u64::from(size).into()),
            ..Default::default()
        }
    }
}

const _: () = assert!(CONTENT_MIN == 4);

impl Logic for FrameReceiver {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, sum, mark, size, owed, started, overflow);
        self.behind.next = self.mark.q.val() + bit_cast::<RING_BITS, 8>(self.size.q.val());
        self.room.next = (self.behind.val() != self.first.val()) | !self.started.q.val();
        self.ready.next = self.room.val();
        self.append.next = false;
        self.appended.next = self.data.val();
        // Less than the shortest content with its size: 0 to 4.
        self.short.next = (self.size.q.val() == bits::<8>(4)) | ((self.size.q.val() & bits::<8>(0xFC)) == bits::<8>(0));
        self.whole.next = (self.owed.q.val() == bits::<8>(0))
            & (self.sum.q.val() == self.residue.val())
            & !self.short.val()
            & !self.overflow.q.val();

        self.crc.sum.next = self.sum.q.val();
        self.ring.clock.next = self.clock.val();
        self.ring.write.next = false;
        self.ring.write_address.next = self.behind.val();
        self.ring.address.next = self.address.val();

        if self.valid.val() & self.room.val() {
            if self.data.val() == bits::<8>(0) {
                if self.started.q.val() {
                    // The frame is complete: its size is stored where it begins.
                    self.ring.write.next = true;
                    self.ring.write_address.next = self.mark.q.val();
                    self.appended.next = bits::<8>(1);
                    self.mark.d.next = self.mark.q.val() + 1;
                    if self.whole.val() {
                        self.appended.next = self.size.q.val();
                        self.mark.d.next = self.behind.val();
                    }
                }
                self.started.d.next = false;
            } else {
                self.owed.d.next = self.owed.q.val() - 1;
                self.append.next = self.started.q.val();
                if (self.owed.q.val() == bits::<8>(0)) | !self.started.q.val() {
                    // A code byte: it stands for a zero between blocks.
                    self.appended.next = bits::<8>(0);
                    self.owed.d.next = self.data.val() - 1;
                }
                if !self.started.q.val() {
                    self.started.d.next = true;
                    self.overflow.d.next = false;
                    self.size.d.next = bits::<8>(1);
                    self.sum.d.next = 0.into();
                }
            }
        }
        if self.append.val() {
            self.sum.d.next = self.crc.next_sum.val();
            if self.size.q.val() == self.most.val() {
                self.overflow.d.next = true;
            } else {
                self.ring.write.next = true;
                self.size.d.next = self.size.q.val() + 1;
            }
        }
        self.crc.data.next = self.appended.val();
        self.ring.write_data.next = self.appended.val();
        self.waiting.next = self.mark.q.val() != self.first.val();
        self.content.next = self.ring.data.val();
    }
}
