//! The frame sender: keeps the content of replies, and sends one as a COBS frame as often as it is asked to.
//!
//! Latency: two cycles for each byte of the content to find the end of a block, two more to send it. For each block the
//! sender looks for its end (a zero, or the end of the content), sends the code, then the block.

use crate::parts::memory::{BYTE_BITS, ByteBuffer};
use crate::parts::register::Register;
use crate::prelude::*;

/// The sender's operation in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Sending {
    /// No operation.
    Idle,
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
    /// Whether to store a byte of a content.
    pub write: Signal<In, Bit>,
    /// The address of the byte.
    pub write_address: Signal<In, Bits<BYTE_BITS>>,
    /// The byte.
    pub write_data: Signal<In, Bits<8>>,
    /// Whether a content is to be sent. Only while not busy.
    pub start: Signal<In, Bit>,
    /// The address at which the content begins.
    pub first: Signal<In, Bits<BYTE_BITS>>,
    /// The address behind the content's end.
    pub last: Signal<In, Bits<BYTE_BITS>>,
    /// Whether a frame is under way.
    pub busy: Signal<Out, Bit>,
    /// A byte of the stream.
    pub data: Signal<Out, Bits<8>>,
    /// Whether there is a byte.
    pub valid: Signal<Out, Bit>,
    /// Whether the byte is taken.
    pub ready: Signal<In, Bit>,

    span: Signal<Local, Bits<BYTE_BITS>>,
    onward: Signal<Local, Bit>,
    buffer: ByteBuffer,
    phase: Register<Sending>,
    begin_block: Register<Bits<BYTE_BITS>>,
    end_block: Register<Bits<BYTE_BITS>>,
    end_content: Register<Bits<BYTE_BITS>>,
    cursor: Register<Bits<BYTE_BITS>>,
    _evaluation: Evaluation,
}

impl FrameSender {
    /// A sender whose buffer is empty.
    pub fn new() -> FrameSender {
        FrameSender { buffer: ByteBuffer::new(), ..Default::default() }
    }
}

impl Logic for FrameSender {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, phase, begin_block, end_block, end_content, cursor);
        self.buffer.clock.next = self.clock.val();
        self.buffer.write.next = self.write.val();
        self.buffer.write_address.next = self.write_address.val();
        self.buffer.write_data.next = self.write_data.val();
        self.buffer.address.next = self.end_block.q.val();

        self.busy.next = true;
        self.valid.next = false;
        self.span.next = self.end_block.q.val() - self.begin_block.q.val();
        self.data.next = bit_cast::<8, BYTE_BITS>(self.span.val()) + 1;
        self.onward.next = false;

        match self.phase.q.val() {
            Sending::Idle => {
                self.busy.next = false;
                self.begin_block.d.next = self.first.val();
                self.end_block.d.next = self.first.val();
                self.end_content.d.next = self.last.val();
                if self.start.val() {
                    self.phase.d.next = Sending::Look;
                }
            }
            Sending::Look => {
                self.phase.d.next = Sending::Seek;
            }
            Sending::Seek => {
                self.phase.d.next = Sending::Look;
                self.end_block.d.next = self.end_block.q.val() + 1;
                if (self.end_block.q.val() == self.end_content.q.val()) | (self.buffer.data.val() == bits::<8>(0)) {
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
                self.buffer.address.next = self.cursor.q.val();
                self.cursor.d.next = self.cursor.q.val() + 1;
                self.phase.d.next = Sending::Copy;
            }
            Sending::Copy => {
                self.valid.next = true;
                self.data.next = self.buffer.data.val();
                self.buffer.address.next = self.cursor.q.val() - 1;
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
    }
}
