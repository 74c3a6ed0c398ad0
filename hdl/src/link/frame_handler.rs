//! The frame handler: what every device does with an intact frame, whatever the device computes. The handler takes the frame's
//! number and command, recognises repeats, has the payload checked and carried out, and leaves the reply with the frame sender.
//!
//! ```text
//! Idle -> Number -> Command -> Decide -> [Fetch Check]* -> [Advance Commit]* -> [Work] -> [Reply Digest]* -> Send -> Idle
//! ```
//!
//! The command decoder beside it knows which commands there are, what may be wrong with one and what it does
//! ([`crate::memnet::command_decoder`], [`crate::crossbar::command_decoder`]). The decoder looks at the byte at hand ([`Request`])
//! and answers in the same cycle ([`Decision`]).
//!
//! The payload is read twice, so that a refused request changes nothing. The loads' hash, Seal, and in replies the number, the
//! refusal, version, `sealed`, hash, the counters and the cycles are made here. Refusals and their order are those of
//! [`engram_spec::frame`]; the reply's content lies in the sender's buffer until the next, so a repeat sends it again. A bad
//! frame's reply is made beside it.
//!
//! Latency: 4 cycles to decide, 2 a byte to check, 2 to commit, then the device's; 2 a byte of the reply.

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::frame::{Command, Refusal, VERSION};

use crate::link::crc::{Crc16, Crc32};
use crate::parts::memory::BYTE_BITS;
use crate::parts::register::Register;
use crate::prelude::*;

/// The handler's operation in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Turn {
    /// Waits for a frame.
    Idle,
    /// Reads the sequence number.
    Number,
    /// Reads the command.
    Command,
    /// Repeats, refuses, or goes on.
    Decide,
    /// Reads a byte to be checked.
    Fetch,
    /// Waits while the decoder checks that byte.
    Check,
    /// Reads a byte to be carried out.
    Advance,
    /// Waits while the decoder carries out that byte.
    Commit,
    /// Waits for what is computed.
    Work,
    /// Writes a byte of the reply.
    Reply,
    /// Feeds that byte to the reply's CRC.
    Digest,
    /// Waits for the sender.
    Send,
}

/// A request, and its byte at hand.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Request {
    /// The command.
    pub command: Bits<8>,
    /// Bytes of its payload.
    pub payload: Bits<BYTE_BITS>,
    /// The byte at hand.
    pub octet: Bits<8>,
    /// The number of that byte in the payload.
    pub ordinal: Bits<BYTE_BITS>,
    /// Whether that byte is checked.
    pub checking: Bit,
    /// Whether that byte is carried out.
    pub committing: Bit,
    /// Whether a program is loaded.
    pub sealed: Bit,
    /// Whether a load has begun.
    pub loading: Bit,
    /// The byte of the reply that is made.
    pub cursor: Bits<BYTE_BITS>,
}

/// The command decoder's decision on a request and on its byte at hand.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Decision {
    /// The refusal of the command as a whole, 0 for none ([`Refusal`]).
    pub command_refusal: Bits<8>,
    /// Bytes of the payload that may be wrong, from the first.
    pub checked: Bits<BYTE_BITS>,
    /// The refusal of the byte at hand, 0 for none.
    pub byte_refusal: Bits<8>,
    /// Whether the payload is to be carried out.
    pub commits: Bit,
    /// Whether there is something to be computed.
    pub works: Bit,
    /// The byte of the payload that is read meanwhile, seen as `octet` one cycle later.
    pub position: Bits<BYTE_BITS>,
    /// The byte of the reply at the cursor.
    pub reply: Bits<8>,
    /// Bytes of the reply without its CRC.
    pub reply_tail: Bits<BYTE_BITS>,
    /// Whether the last four of them are the cycles since the frame was there.
    pub timed: Bit,
}

/// The frame handler.
#[derive(Clone, Debug, Default, Composite)]
pub struct FrameHandler {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a frame waits in the receiver.
    pub waiting: Signal<In, Bit>,
    /// Whether the frame is sound.
    pub intact: Signal<In, Bit>,
    /// Bytes of the frame's content, CRC included.
    pub length: Signal<In, Bits<BYTE_BITS>>,
    /// The byte of the content that was asked for with `address` a cycle before.
    pub content: Signal<In, Bits<8>>,
    /// Whether the sender is busy.
    pub sending: Signal<In, Bit>,
    /// Whether the engine computes.
    pub busy: Signal<In, Bit>,
    /// The command decoder's decision on the request.
    pub decision: Signal<In, Decision>,

    /// The number of the byte of the content that is needed.
    pub address: Signal<Out, Bits<BYTE_BITS>>,
    /// Whether the frame is done with.
    pub finished: Signal<Out, Bit>,
    /// Whether a byte of the reply is stored in the sender.
    pub write: Signal<Out, Bit>,
    /// The address of that byte.
    pub write_address: Signal<Out, Bits<BYTE_BITS>>,
    /// The byte.
    pub write_data: Signal<Out, Bits<8>>,
    /// Whether the reply is sent.
    pub send: Signal<Out, Bit>,
    /// The address at which the reply begins.
    pub reply_first: Signal<Out, Bits<BYTE_BITS>>,
    /// The address behind the reply's end.
    pub reply_last: Signal<Out, Bits<BYTE_BITS>>,
    /// The request, and its byte at hand.
    pub request: Signal<Out, Request>,
    /// Whether the computation begins.
    pub start: Signal<Out, Bit>,
    /// Whether the device clears its story or sequence: at Clear, Begin and Seal.
    pub clear: Signal<Out, Bit>,

    ending: Signal<Local, Bit>,
    final_byte: Signal<Local, Bits<BYTE_BITS>>,
    final_check: Signal<Local, Bits<BYTE_BITS>>,
    hash_byte: Signal<Local, Bits<8>>,
    hash_place: Signal<Local, Bits<2>>,
    fault: Signal<Local, Bits<8>>,
    tail: Signal<Local, Bits<BYTE_BITS>>,
    from_tail: Signal<Local, Bits<BYTE_BITS>>,

    version: Constant<Bits<8>>,
    bad_frame: Constant<Bits<8>>,
    wrong_hash: Constant<Bits<8>>,
    command_identify: Constant<Bits<8>>,
    command_begin: Constant<Bits<8>>,
    command_seal: Constant<Bits<8>>,
    command_clear: Constant<Bits<8>>,
    command_status: Constant<Bits<8>>,

    turn: Register<Turn>,
    number: Register<Bits<8>>,
    command: Register<Bits<8>>,
    refusal: Register<Bits<8>>,
    place: Register<Bits<BYTE_BITS>>,
    at_hand: Register<Bits<BYTE_BITS>>,
    last_number: Register<Bits<8>>,
    hash: Register<Bits<32>>,
    loaded: Register<Bit>,
    open: Register<Bit>,
    bad_frames: Register<Bits<16>>,
    repeats: Register<Bits<16>>,
    count: Register<Bits<32>>,
    reply_base: Register<Bit>,
    in_tail: Register<Bit>,
    reply_end: Register<Bits<BYTE_BITS>>,
    reply_crc: Register<Bits<16>>,
    crc: Crc16,
    digest: Crc32,
    _evaluation: Evaluation,
}

impl FrameHandler {
    /// A handler to which no frame has come yet.
    pub fn new() -> FrameHandler {
        fn constant(value: u8) -> Constant<Bits<8>> {
            Constant::new(u64::from(value).into())
        }
        FrameHandler {
            version: constant(VERSION),
            bad_frame: constant(Refusal::BadFrame as u8),
            wrong_hash: constant(Refusal::WrongHash as u8),
            command_identify: constant(Command::Identify as u8),
            command_begin: constant(Command::Begin as u8),
            command_seal: constant(Command::Seal as u8),
            command_clear: constant(Command::Clear as u8),
            command_status: constant(Command::Status as u8),
            ..Default::default()
        }
    }
}

impl Logic for FrameHandler {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, turn, number, command, refusal, place, at_hand, last_number, hash, loaded, open);
        dff_setup!(self, clock, bad_frames, repeats, count, reply_base, in_tail, reply_end, reply_crc);

        self.request.next.command = self.command.q.val();
        self.request.next.octet = self.content.val();
        self.request.next.ordinal = self.at_hand.q.val();
        self.request.next.payload = self.length.val() - 4;
        self.request.next.cursor = self.place.q.val();
        self.request.next.sealed = self.loaded.q.val();
        self.request.next.loading = self.open.q.val();
        // The place behind the payload's last byte.
        self.final_byte.next = self.length.val() - 2;
        self.final_check.next = self.decision.val().checked - 1;
        self.request.next.checking = self.turn.q.val() == Turn::Check;
        self.ending.next = self.at_hand.q.val() == self.final_check.val();
        self.request.next.committing = self.turn.q.val() == Turn::Commit;

        self.address.next = self.place.q.val();
        self.finished.next = false;
        self.write.next = false;
        self.send.next = false;
        self.reply_last.next = self.reply_end.q.val();
        self.start.next = false;
        self.clear.next = false;
        self.count.d.next = self.count.q.val() + 1;

        // A byte of the hash: that which a seal has at hand, or that which an identity replies.
        // In an identity it begins at place 7, one before a multiple of its four bytes.
        self.hash_place.next = bit_cast::<2, BYTE_BITS>(self.place.q.val()) + 1;
        if self.turn.q.val() == Turn::Check {
            self.hash_place.next = bit_cast::<2, BYTE_BITS>(self.at_hand.q.val());
        }
        self.hash_byte.next = bit_cast::<8, 32>(self.hash.q.val());
        match self.hash_place.val().index() {
            1 => {
                self.hash_byte.next = bit_cast::<8, 32>(self.hash.q.val() >> 8);
            }
            2 => {
                self.hash_byte.next = bit_cast::<8, 32>(self.hash.q.val() >> 16);
            }
            3 => {
                self.hash_byte.next = bit_cast::<8, 32>(self.hash.q.val() >> 24);
            }
            _ => {}
        }
        self.fault.next = self.decision.val().byte_refusal;
        if self.command.q.val() == self.command_seal.val() {
            self.fault.next = bits::<8>(0);
            if self.content.val() != self.hash_byte.val() {
                self.fault.next = self.wrong_hash.val();
            }
        }
        self.digest.sum.next = self.hash.q.val();
        self.digest.data.next = self.content.val();

        // The byte of the reply that is to be written. Its CRC begins at the tail.
        self.crc.sum.next = self.reply_crc.q.val();
        self.tail.next = self.decision.val().reply_tail;
        self.from_tail.next = self.decision.val().reply_tail - self.place.q.val();
        self.write_data.next = self.decision.val().reply;
        if self.decision.val().timed {
            match self.from_tail.val().index() {
                1 => {
                    self.write_data.next = bit_cast::<8, 32>(self.count.q.val() >> 24);
                }
                2 => {
                    self.write_data.next = bit_cast::<8, 32>(self.count.q.val() >> 16);
                }
                3 => {
                    self.write_data.next = bit_cast::<8, 32>(self.count.q.val() >> 8);
                }
                4 => {
                    self.write_data.next = bit_cast::<8, 32>(self.count.q.val());
                }
                _ => {}
            }
        }
        if self.command.q.val() == self.command_identify.val() {
            match self.place.q.val().index() {
                2 => {
                    self.write_data.next = self.version.val();
                }
                6 => {
                    self.write_data.next = bit_cast::<8, 1>(self.loaded.q.val().into());
                }
                _ => {}
            }
            if (self.place.q.val() > bits::<BYTE_BITS>(6)) & (self.place.q.val() < bits::<BYTE_BITS>(11)) {
                self.write_data.next = bits::<8>(0);
                if self.loaded.q.val() {
                    self.write_data.next = self.hash_byte.val();
                }
            }
        }
        if self.command.q.val() == self.command_status.val() {
            match self.place.q.val().index() {
                2 => {
                    self.write_data.next = bit_cast::<8, 1>(self.loaded.q.val().into());
                }
                6 => {
                    self.write_data.next = bit_cast::<8, 16>(self.bad_frames.q.val());
                }
                7 => {
                    self.write_data.next = bit_cast::<8, 16>(self.bad_frames.q.val() >> 8);
                }
                8 => {
                    self.write_data.next = bit_cast::<8, 16>(self.repeats.q.val());
                }
                9 => {
                    self.write_data.next = bit_cast::<8, 16>(self.repeats.q.val() >> 8);
                }
                _ => {}
            }
        }
        if self.refusal.q.val() != bits::<8>(0) {
            self.tail.next = bits::<BYTE_BITS>(2);
        }
        if self.place.q.val() == bits::<BYTE_BITS>(0) {
            self.write_data.next = self.number.q.val();
        }
        if self.place.q.val() == bits::<BYTE_BITS>(1) {
            self.write_data.next = self.refusal.q.val();
        }

        match self.turn.q.val() {
            Turn::Idle => {
                self.place.d.next = 0.into();
                self.reply_base.d.next = false;
                self.in_tail.d.next = false;
                self.reply_crc.d.next = 0.into();
                self.refusal.d.next = 0.into();
                if self.waiting.val() {
                    self.count.d.next = bits::<32>(1);
                    self.place.d.next = bits::<BYTE_BITS>(1);
                    self.turn.d.next = Turn::Number;
                    if !self.intact.val() {
                        self.bad_frames.d.next = self.bad_frames.q.val() + 1;
                        self.refusal.d.next = self.bad_frame.val();
                        self.number.d.next = 0.into();
                        self.reply_base.d.next = true;
                        self.place.d.next = 0.into();
                        self.turn.d.next = Turn::Reply;
                    }
                }
            }
            Turn::Number => {
                self.number.d.next = self.content.val();
                self.place.d.next = bits::<BYTE_BITS>(2);
                self.turn.d.next = Turn::Command;
            }
            Turn::Command => {
                self.command.d.next = self.content.val();
                self.turn.d.next = Turn::Decide;
            }
            Turn::Decide => {
                if (self.number.q.val() == self.last_number.q.val())
                    & (self.number.q.val() != bits::<8>(0))
                    & (self.command.q.val() != self.command_identify.val())
                {
                    self.repeats.d.next = self.repeats.q.val() + 1;
                    self.turn.d.next = Turn::Send;
                    self.send.next = true;
                } else {
                    self.last_number.d.next = self.number.q.val();
                    if self.command.q.val() == self.command_identify.val() {
                        self.last_number.d.next = 0.into();
                    }
                    self.refusal.d.next = self.decision.val().command_refusal;
                    self.turn.d.next = Turn::Fetch;
                    if (self.decision.val().command_refusal != bits::<8>(0))
                        | (self.decision.val().checked == bits::<BYTE_BITS>(0))
                    {
                        self.place.d.next = 0.into();
                        self.turn.d.next = Turn::Reply;
                        if self.decision.val().command_refusal == bits::<8>(0) {
                            self.clear.next = self.command.q.val() == self.command_clear.val();
                            if self.decision.val().works {
                                self.start.next = true;
                                self.turn.d.next = Turn::Work;
                            }
                        }
                    }
                }
            }
            Turn::Fetch => {
                self.at_hand.d.next = self.place.q.val() - 2;
                self.place.d.next = self.place.q.val() + 1;
                self.turn.d.next = Turn::Check;
            }
            Turn::Check => {
                self.turn.d.next = Turn::Fetch;
                self.refusal.d.next = self.fault.val();
                if self.fault.val() != bits::<8>(0) {
                    self.place.d.next = 0.into();
                    self.turn.d.next = Turn::Reply;
                } else {
                    if self.ending.val() {
                        self.place.d.next = 0.into();
                        self.turn.d.next = Turn::Reply;
                        if self.decision.val().works {
                            self.start.next = true;
                            self.turn.d.next = Turn::Work;
                        }
                        if self.decision.val().commits {
                            self.place.d.next = bits::<BYTE_BITS>(2);
                            self.turn.d.next = Turn::Advance;
                        }
                        if self.command.q.val() == self.command_seal.val() {
                            self.loaded.d.next = true;
                            self.open.d.next = false;
                            self.clear.next = true;
                        }
                        if self.command.q.val() == self.command_begin.val() {
                            self.loaded.d.next = false;
                            self.open.d.next = true;
                            self.clear.next = true;
                            self.hash.d.next = 0.into();
                        }
                    }
                }
            }
            Turn::Advance => {
                self.at_hand.d.next = self.place.q.val() - 2;
                self.place.d.next = self.place.q.val() + 1;
                self.turn.d.next = Turn::Commit;
            }
            Turn::Commit => {
                // What is carried out without a load is no part of the program.
                if self.open.q.val() {
                    self.hash.d.next = self.digest.next_sum.val();
                }
                self.turn.d.next = Turn::Advance;
                if self.place.q.val() == self.final_byte.val() {
                    self.place.d.next = 0.into();
                    self.turn.d.next = Turn::Reply;
                }
            }
            Turn::Work => {
                // What is computed reads its bytes from the frame.
                self.address.next = self.decision.val().position + 2;
                if !self.busy.val() {
                    self.count.d.next = self.count.q.val();
                    self.turn.d.next = Turn::Reply;
                }
            }
            Turn::Reply => {
                self.count.d.next = self.count.q.val();
                if self.place.q.val() == self.tail.val() {
                    self.write_data.next = bit_cast::<8, 16>(self.reply_crc.q.val() >> 8);
                }
                if self.in_tail.q.val() {
                    self.write_data.next = bit_cast::<8, 16>(self.reply_crc.q.val());
                }
                self.write.next = true;
                self.turn.d.next = Turn::Digest;
            }
            Turn::Digest => {
                self.count.d.next = self.count.q.val();
                self.place.d.next = self.place.q.val() + 1;
                self.in_tail.d.next = self.place.q.val() == self.tail.val();
                self.turn.d.next = Turn::Reply;
                if self.place.q.val() < self.tail.val() {
                    self.reply_crc.d.next = self.crc.next_sum.val();
                }
                if self.in_tail.q.val() {
                    self.send.next = true;
                    self.turn.d.next = Turn::Send;
                    if !self.reply_base.q.val() {
                        self.reply_last.next = self.place.q.val() + 1;
                        self.reply_end.d.next = self.place.q.val() + 1;
                    }
                }
            }
            _ => {
                if !self.sending.val() {
                    self.finished.next = true;
                    self.turn.d.next = Turn::Idle;
                }
            }
        }
        self.crc.data.next = self.write_data.val();

        self.write_address.next = self.place.q.val();
        self.reply_first.next = bits::<BYTE_BITS>(0);
        if self.reply_base.q.val() {
            // Behind the reply that may have to be repeated.
            self.write_address.next = self.place.q.val() | bits::<BYTE_BITS>(64);
            self.reply_first.next = bits::<BYTE_BITS>(64);
            self.reply_last.next = bits::<BYTE_BITS>(68);
        }
    }
}
