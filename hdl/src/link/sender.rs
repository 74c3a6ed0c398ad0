//! The frame sender: keeps the contents of the last replies, and sends one as a COBS frame as often as it is asked to.
//!
//! There are eight slots of 64 bytes, one for each reply that may have to be sent again and one for the next: the place behind
//! the content, then the content.
//!
//! Latency: two cycles to read the length; two for each byte of the content to find the end of a block, two more to send it. For each
//! block the sender looks for its end (a zero, or the end of the content), sends the code, then the block.

use crate::link::{REPLY_BITS, RING_BITS};
use crate::parts::memory::Buffer;
use crate::parts::register::Register;
use crate::prelude::*;

/// The sender's operation in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Sending {
    /// No operation.
    Idle,
    /// Reads the length.
    Length,
    /// Takes the length.
    Measure,
    /// Reads a byte to look at.
    Look,
    /// Decides whether the block ends there.
    Seek,
    /// Sends the code byte.
    Code,
    /// Reads a byte of the block.
    Read,
    /// Sends that byte.
    Copy,
    /// Sends the zero that ends the frame.
    End,
}

/// The frame sender.
#[derive(Clone, Debug, Default, Composite)]
pub struct FrameSender {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to store a byte.
    pub write: Signal<In, Bit>,
    /// The address of the byte: slot and place.
    pub write_address: Signal<In, Bits<RING_BITS>>,
    /// The byte.
    pub write_data: Signal<In, Bits<8>>,
    /// Whether a reply is to be sent. Only while not busy.
    pub start: Signal<In, Bit>,
    /// The slot of the reply.
    pub slot: Signal<In, Bits<3>>,
    /// Whether a frame is under way.
    pub busy: Signal<Out, Bit>,
    /// A byte of the stream.
    pub data: Signal<Out, Bits<8>>,
    /// Whether there is a byte.
    pub valid: Signal<Out, Bit>,
    /// Whether the byte is taken.
    pub ready: Signal<In, Bit>,

    place: Signal<Local, Bits<REPLY_BITS>>,
    span: Signal<Local, Bits<REPLY_BITS>>,
    onward: Signal<Local, Bit>,
    replies: Buffer<RING_BITS, 8>,
    phase: Register<Sending>,
    from: Register<Bits<3>>,
    begin_block: Register<Bits<REPLY_BITS>>,
    end_block: Register<Bits<REPLY_BITS>>,
    end_content: Register<Bits<REPLY_BITS>>,
    cursor: Register<Bits<REPLY_BITS>>,
    _evaluation: Evaluation,
}

impl FrameSender {
    /// A sender whose slots are empty.
    pub fn new() -> FrameSender {
        FrameSender { replies: Buffer::new(), ..Default::default() }
    }
}

impl Logic for FrameSender {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, phase, from, begin_block, end_block, end_content, cursor);
        self.replies.clock.next = self.clock.val();
        self.replies.write.next = self.write.val();
        self.replies.write_address.next = self.write_address.val();
        self.replies.write_data.next = self.write_data.val();
        self.place.next = self.end_block.q.val();

        self.busy.next = true;
        self.valid.next = false;
        self.span.next = self.end_block.q.val() - self.begin_block.q.val();
        self.data.next = bit_cast::<8, REPLY_BITS>(self.span.val()) + 1;
        self.onward.next = false;

        match self.phase.q.val() {
            Sending::Idle => {
                self.busy.next = false;
                self.from.d.next = self.slot.val();
                if self.start.val() {
                    self.phase.d.next = Sending::Length;
                }
            }
            Sending::Length => {
                self.place.next = bits::<REPLY_BITS>(0);
                self.phase.d.next = Sending::Measure;
            }
            Sending::Measure => {
                self.begin_block.d.next = bits::<REPLY_BITS>(1);
                self.end_block.d.next = bits::<REPLY_BITS>(1);
                self.end_content.d.next = bit_cast::<REPLY_BITS, 8>(self.replies.data.val());
                self.phase.d.next = Sending::Look;
            }
            Sending::Look => {
                self.phase.d.next = Sending::Seek;
            }
            Sending::Seek => {
                self.phase.d.next = Sending::Look;
                self.end_block.d.next = self.end_block.q.val() + 1;
                if (self.end_block.q.val() == self.end_content.q.val()) | (self.replies.data.val() == bits::<8>(0)) {
                    self.end_block.d.next = self.end_block.q.val();
                    self.phase.d.next = Sending::Code;
                }
            }
            Sending::Code => {
                self.valid.next = true;
                self.cursor.d.next = self.begin_block.q.val();
                if self.ready.val() {
                    self.phase.d.next = Sending::Read;
                    self.onward.next = self.begin_block.q.val() == self.end_block.q.val();
                }
            }
            Sending::Read => {
                self.place.next = self.cursor.q.val();
                self.cursor.d.next = self.cursor.q.val() + 1;
                self.phase.d.next = Sending::Copy;
            }
            Sending::Copy => {
                self.valid.next = true;
                self.data.next = self.replies.data.val();
                self.place.next = self.cursor.q.val() - 1;
                if self.ready.val() {
                    self.phase.d.next = Sending::Read;
                    self.onward.next = self.cursor.q.val() == self.end_block.q.val();
                }
            }
            _ => {
                self.valid.next = true;
                self.data.next = bits::<8>(0);
                if self.ready.val() {
                    self.phase.d.next = Sending::Idle;
                }
            }
        }
        if self.onward.val() {
            // The block is sent: behind its zero the next one begins, behind the content the frame ends.
            self.phase.d.next = Sending::Look;
            self.begin_block.d.next = self.end_block.q.val() + 1;
            self.end_block.d.next = self.end_block.q.val() + 1;
            if self.end_block.q.val() == self.end_content.q.val() {
                self.phase.d.next = Sending::End;
            }
        }
        self.replies.address.next =
            (bit_cast::<RING_BITS, 3>(self.from.q.val()) << 6) | bit_cast::<RING_BITS, REPLY_BITS>(self.place.val());
    }
}
