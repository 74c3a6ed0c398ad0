//! The frame handler: what every device does with a frame, whatever the device computes. The handler takes the frame's number,
//! recognises repeats and gaps, has each item's payload checked and carried out, and leaves the reply with the frame sender.
//!
//! ```text
//! Idle -> Length -> Number -> item .. -> [Next -> Command | Done] -> Refusal -> Settle -> High -> Low -> Close -> Measure -> Send -> [Drain] -> Idle
//! item: Command -> Size -> Decide -> Act -> [Check .. Verify -> Verdict] -> Execute -> [Advance Commit].. -> [Work] -> Reply .. -> [Next]
//! ```
//!
//! The command decoder beside it knows which commands there are, what may be wrong with one and what it does
//! ([`crate::memnet::command_decoder`], [`crate::crossbar::command_decoder`]). The decoder looks at the byte at hand ([`Request`])
//! and answers in the same cycle ([`Decision`]); the handler acts on it a cycle later.
//!
//! The payload is read twice, so that a refused item changes nothing. The loads' hash, Seal, and in replies the number, the
//! refusal, version, `sealed`, hash, the counters and the cycles are made here. Refusals and their order are those of
//! [`engram_spec::frame`]. The replies lie in the sender's slots, by the low bits of their numbers, so a repeat sends one again. The
//! reply to a frame that is damaged or out of order lies in the slot of the next request, and is sent before that is taken up. An
//! identify, which may have any number, waits until no reply is on its way.
//! [`Command::Adopt`] is the handler's alone, of a device whose bitstream has a program inside.
//!
//! Latency: 7 cycles to decide, 3 and 1 a byte to check, 2 a byte to commit, then the device's; 1 a byte of the reply, and 8, or 10 where
//! the last item has a length.

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::frame::{Command, REPLY_BEFORE, Refusal, VERSION, WINDOW};

use crate::link::crc::{Crc16, Crc32};
use crate::link::{BYTE_BITS, REPLY_BITS, RING_BITS};
use crate::parts::register::Register;
use crate::prelude::*;

/// The handler's operation in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Turn {
    /// Waits for a frame.
    Idle,
    /// Takes the size of the frame.
    Length,
    /// Takes the sequence number.
    Number,
    /// Reads the command of the next item.
    Next,
    /// Takes the command.
    Command,
    /// Takes the length of the payload.
    Size,
    /// Has the decoder decide on the command.
    Decide,
    /// Repeats, refuses, or goes on.
    Act,
    /// Reads a byte to be checked, while the decoder checks the one before.
    Check,
    /// Waits while the decoder checks the last byte.
    Verify,
    /// Refuses, or goes on.
    Verdict,
    /// Begins what the item does.
    Execute,
    /// Reads a byte to be carried out.
    Advance,
    /// Waits while the decoder carries out that byte.
    Commit,
    /// Waits for what is computed.
    Work,
    /// Makes a byte of the reply, or ends the item.
    Reply,
    /// Makes the number of items that were carried out.
    Done,
    /// Makes the refusal.
    Refusal,
    /// Waits for the reply's CRC.
    Settle,
    /// Makes the high byte of the CRC.
    High,
    /// Makes the low byte of the CRC.
    Low,
    /// Waits for the last byte to be stored.
    Close,
    /// Stores the reply's length.
    Measure,
    /// Hands the reply to the sender.
    Send,
    /// Waits until the reply is sent.
    Drain,
}

/// An item of a request, and its byte at hand.
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
    /// The byte of the item's reply that is made, from 0.
    pub cursor: Bits<REPLY_BITS>,
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
    /// Bytes of the item's reply.
    pub reply_bytes: Bits<REPLY_BITS>,
    /// Whether the byte at the cursor is the lower (1) or the upper one (2) of the cycles since the frame was there; else 0.
    pub cycles: Bits<2>,
}

/// The frame handler.
#[derive(Clone, Debug, Default, Composite)]
pub struct FrameHandler {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a frame waits in the receiver.
    pub waiting: Signal<In, Bit>,
    /// The byte of the receiver's ring that was asked for with `address` a cycle before.
    pub content: Signal<In, Bits<8>>,
    /// Whether the sender is busy.
    pub sending: Signal<In, Bit>,
    /// Whether the engine computes.
    pub busy: Signal<In, Bit>,
    /// The command decoder's decision on the item.
    pub decision: Signal<In, Decision>,

    /// Where in the ring the frame at hand begins, or the next one will.
    pub first: Signal<Out, Bits<RING_BITS>>,
    /// The place in the ring that is read.
    pub address: Signal<Out, Bits<RING_BITS>>,
    /// Whether a byte of the reply is stored in the sender.
    pub write: Signal<Out, Bit>,
    /// The address of that byte: slot and place.
    pub write_address: Signal<Out, Bits<RING_BITS>>,
    /// The byte.
    pub write_data: Signal<Out, Bits<8>>,
    /// Whether a reply is sent.
    pub send: Signal<Out, Bit>,
    /// The slot of the reply.
    pub slot: Signal<Out, Bits<3>>,
    /// The item, and its byte at hand.
    pub request: Signal<Out, Request>,
    /// Whether the computation begins.
    pub start: Signal<Out, Bit>,
    /// Whether the device clears its story or sequence: at Clear, Begin, Seal and a reset.
    pub clear: Signal<Out, Bit>,
    /// Whether a byte from the host was dropped, because it had no stop bit.
    pub framing_error: Signal<In, Bit>,
    /// Whether the program is forgotten, between two frames, and no frame is taken.
    pub reset: Signal<In, Bit>,
    /// Whether the last frame was damaged or refused.
    pub refused: Signal<Out, Bit>,

    identifies: Signal<Local, Bit>,
    begins: Signal<Local, Bit>,
    seals: Signal<Local, Bit>,
    // Whether the command is Adopt, of a device that knows it.
    adopts: Vec<Signal<Local, Bit>>,
    follows: Signal<Local, Bit>,
    repeats_one: Signal<Local, Bit>,
    beyond: Signal<Local, Bit>,
    objection: Signal<Local, Bits<4>>,
    onward: Signal<Local, Bits<BYTE_BITS>>,
    at_end: Signal<Local, Bit>,
    read_place: Signal<Local, Bits<BYTE_BITS>>,
    hash_byte: Signal<Local, Bits<8>>,
    hash_place: Signal<Local, Bits<2>>,
    fault_now: Signal<Local, Bits<4>>,
    reply_byte: Signal<Local, Bits<8>>,
    stored_place: Signal<Local, Bits<REPLY_BITS>>,
    number_slot: Signal<Local, Bits<3>>,
    next_slot: Signal<Local, Bits<3>>,

    version: Constant<Bits<8>>,
    window: Constant<Bits<4>>,
    bad_frame: Constant<Bits<4>>,
    unknown_command: Constant<Bits<4>>,
    bad_length: Constant<Bits<4>>,
    wrong_hash: Constant<Bits<4>>,
    out_of_order: Constant<Bits<4>>,
    reply_full: Constant<Bits<4>>,
    command_identify: Constant<Bits<8>>,
    command_begin: Constant<Bits<8>>,
    command_seal: Constant<Bits<8>>,
    command_clear: Constant<Bits<8>>,
    command_status: Constant<Bits<8>>,

    turn: Register<Turn>,
    // Where the frame begins, or the payload of the item at hand; the bytes from there to the end of the frame, and the place that is read.
    base: Register<Bits<RING_BITS>>,
    rest: Register<Bits<BYTE_BITS>>,
    place: Register<Bits<BYTE_BITS>>,
    // The item; so many bytes of its payload are to be checked.
    opening: Register<Bit>,
    command: Register<Bits<8>>,
    brief: Register<Bit>,
    // Whether the item has no length.
    bare: Register<Bit>,
    payload: Register<Bits<BYTE_BITS>>,
    to_check: Register<Bits<BYTE_BITS>>,
    at_hand: Register<Bits<BYTE_BITS>>,
    present: Register<Bit>,
    // The decision, a cycle later.
    checks: Register<Bit>,
    commits: Register<Bit>,
    works: Register<Bit>,
    // The refusal of the frame, of the command, or of the first byte that is wrong; 0 for none.
    refusal: Register<Bits<4>>,
    // The reply.
    items: Register<Bits<8>>,
    cursor: Register<Bits<REPLY_BITS>>,
    put: Register<Bit>,
    // The byte of the reply that is made; until the first item is decided on, the request's number.
    out: Register<Bits<8>>,
    reply_place: Register<Bits<REPLY_BITS>>,
    reply_crc: Register<Bits<16>>,
    reply_slot: Register<Bits<3>>,
    aside: Register<Bit>,
    // The numbers: how far the request's lies before the next one, and how many before it are kept.
    next_number: Register<Bits<8>>,
    distance: Register<Bits<8>>,
    kept: Register<Bits<4>>,
    // The device.
    hash: Register<Bits<32>>,
    loaded: Register<Bit>,
    open: Register<Bit>,
    bad_frames: Register<Bits<16>>,
    repeats: Register<Bits<16>>,
    framing_errors: Register<Bits<8>>,
    refusing: Register<Bit>,
    count: Register<Bits<16>>,
    crc: Crc16,
    digest: Crc32,
    _evaluation: Evaluation,
}

impl FrameHandler {
    /// A handler to which no frame has come yet; with `adopts` of a device whose memories have a program at switch-on, which knows
    /// [`Command::Adopt`].
    pub fn new(adopts: bool) -> FrameHandler {
        fn constant<const N: usize>(value: usize) -> Constant<Bits<N>> {
            Constant::new((value as u64).into())
        }
        FrameHandler {
            adopts: vec![Default::default(); usize::from(adopts)],
            version: constant(VERSION.into()),
            window: constant(WINDOW),
            bad_frame: constant(Refusal::BadFrame as usize),
            unknown_command: constant(Refusal::UnknownCommand as usize),
            bad_length: constant(Refusal::BadLength as usize),
            wrong_hash: constant(Refusal::WrongHash as usize),
            out_of_order: constant(Refusal::OutOfOrder as usize),
            reply_full: constant(Refusal::ReplyFull as usize),
            command_identify: constant(Command::Identify as usize),
            command_begin: constant(Command::Begin as usize),
            command_seal: constant(Command::Seal as usize),
            command_clear: constant(Command::Clear as usize),
            command_status: constant(Command::Status as usize),
            ..Default::default()
        }
    }
}

const _: () = assert!(REPLY_BEFORE + 1 == 45 && Command::Adopt as u8 == 14);

impl Logic for FrameHandler {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, turn, base, rest, place, opening, command, brief, bare);
        dff_setup!(self, clock, payload, to_check, at_hand, present, checks, commits, works);
        dff_setup!(self, clock, refusal, items, cursor, put, out, reply_place, reply_crc);
        dff_setup!(self, clock, reply_slot, aside, next_number, distance, kept, hash, loaded, open, bad_frames);
        dff_setup!(self, clock, repeats, framing_errors, refusing, count);

        self.request.next.command = self.command.q.val();
        self.request.next.octet = self.content.val();
        self.request.next.ordinal = self.at_hand.q.val();
        self.request.next.payload = self.payload.q.val();
        self.request.next.cursor = self.cursor.q.val();
        self.request.next.sealed = self.loaded.q.val();
        self.request.next.loading = self.open.q.val();
        self.request.next.checking = self.present.q.val();
        self.request.next.committing = self.turn.q.val() == Turn::Commit;
        self.identifies.next = self.command.q.val() == self.command_identify.val();
        self.begins.next = self.command.q.val() == self.command_begin.val();
        self.seals.next = self.command.q.val() == self.command_seal.val();

        for i in 0..self.adopts.len() {
            self.adopts[i].next = self.command.q.val() == bits::<8>(14);
        }

        self.read_place.next = self.place.q.val();
        if self.turn.q.val() == Turn::Work {
            // What is computed reads its bytes from the frame.
            self.read_place.next = self.decision.val().position;
        }
        self.address.next = self.base.q.val() + bit_cast::<RING_BITS, BYTE_BITS>(self.read_place.val());
        self.onward.next = self.place.q.val() + 1;
        // Whether the place is that of the CRC's second byte.
        self.at_end.next = self.onward.val() == self.rest.q.val();
        self.first.next = self.base.q.val();
        self.send.next = false;
        self.slot.next = self.reply_slot.q.val();
        self.start.next = false;
        self.clear.next = false;
        self.refused.next = self.refusing.q.val();
        if self.framing_error.val() {
            self.framing_errors.d.next = self.framing_errors.q.val() + 1;
        }
        self.put.d.next = false;
        self.present.d.next = false;
        self.count.d.next = self.count.q.val() + 1;

        // A byte of the hash: that which a seal has at hand, or that which an identity replies, where it begins at byte 5.
        self.hash_place.next = bit_cast::<2, REPLY_BITS>(self.cursor.q.val()) + 3;
        if self.present.q.val() {
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
        // The fault of the byte at hand; the first one counts.
        self.fault_now.next = bit_cast::<4, 8>(self.decision.val().byte_refusal);
        if self.seals.val() {
            self.fault_now.next = bits::<4>(0);
            if self.content.val() != self.hash_byte.val() {
                self.fault_now.next = self.wrong_hash.val();
            }
        }
        if self.present.q.val() & (self.refusal.q.val() == bits::<4>(0)) {
            self.refusal.d.next = self.fault_now.val();
        }
        self.digest.sum.next = self.hash.q.val();
        // A byte stands there in both cycles that it takes: its low bits come first.
        self.digest.data.next = bit_cast::<4, 8>(self.content.val());
        if self.turn.q.val() == Turn::Commit {
            self.digest.data.next = bit_cast::<4, 8>(self.content.val() >> 4);
        }
        // What is carried out without a load is no part of the program.
        if self.open.q.val() & ((self.turn.q.val() == Turn::Advance) | (self.turn.q.val() == Turn::Commit)) {
            self.hash.d.next = self.digest.next_sum.val();
        }
        for i in 0..self.adopts.len() {
            if self.adopts[i].val() & (self.turn.q.val() == Turn::Commit) {
                self.hash.d.next = (self.hash.q.val() >> 8) | (bit_cast::<32, 8>(self.content.val()) << 24);
            }
        }

        // The byte of the item's reply at the cursor.
        self.reply_byte.next = self.decision.val().reply;
        match self.decision.val().cycles.index() {
            1 => {
                self.reply_byte.next = bit_cast::<8, 16>(self.count.q.val());
            }
            2 => {
                self.reply_byte.next = bit_cast::<8, 16>(self.count.q.val() >> 8);
            }
            _ => {}
        }
        if self.identifies.val() {
            match self.cursor.q.val().index() {
                0 => {
                    self.reply_byte.next = self.version.val();
                }
                4 => {
                    self.reply_byte.next = bit_cast::<8, 1>(self.loaded.q.val().into());
                }
                _ => {}
            }
            if (self.cursor.q.val() == bits::<REPLY_BITS>(5))
                | (self.cursor.q.val() == bits::<REPLY_BITS>(6))
                | (self.cursor.q.val() == bits::<REPLY_BITS>(7))
                | (self.cursor.q.val() == bits::<REPLY_BITS>(8))
            {
                self.reply_byte.next = bits::<8>(0);
                if self.loaded.q.val() {
                    self.reply_byte.next = self.hash_byte.val();
                }
            }
        }
        if self.command.q.val() == self.command_status.val() {
            match self.cursor.q.val().index() {
                0 => {
                    self.reply_byte.next = bit_cast::<8, 1>(self.loaded.q.val().into());
                }
                4 => {
                    self.reply_byte.next = bit_cast::<8, 16>(self.bad_frames.q.val());
                }
                5 => {
                    self.reply_byte.next = bit_cast::<8, 16>(self.bad_frames.q.val() >> 8);
                }
                6 => {
                    self.reply_byte.next = bit_cast::<8, 16>(self.repeats.q.val());
                }
                7 => {
                    self.reply_byte.next = bit_cast::<8, 16>(self.repeats.q.val() >> 8);
                }
                8 => {
                    self.reply_byte.next = self.framing_errors.q.val();
                }
                _ => {}
            }
        }

        // Whether the number is the next one, or one of those before whose replies are kept; what the command is refused with.
        self.number_slot.next = bit_cast::<3, 8>(self.out.q.val());
        self.next_slot.next = bit_cast::<3, 8>(self.next_number.q.val());
        self.follows.next = (self.distance.q.val() == bits::<8>(0)) | self.identifies.val();
        self.repeats_one.next = (self.distance.q.val() <= bit_cast::<8, 4>(self.kept.q.val())) & !self.follows.val();
        // At Act, the place is that behind the payload.
        self.beyond.next = ((self.place.q.val() >= self.rest.q.val()) | self.at_end.val()) & !self.bare.q.val();
        self.objection.next = self.refusal.q.val();
        if self.beyond.val() & (self.refusal.q.val() != self.unknown_command.val()) {
            self.objection.next = self.bad_length.val();
        }
        // More than `REPLY_BEFORE` bytes behind the length: 46 and more, without a carry.
        if self.reply_place.q.val().get_bit(5)
            & (self.reply_place.q.val().get_bit(4)
                | (self.reply_place.q.val().get_bit(3)
                    & self.reply_place.q.val().get_bit(2)
                    & self.reply_place.q.val().get_bit(1)))
        {
            self.objection.next = self.reply_full.val();
        }

        match self.turn.q.val() {
            Turn::Idle => {
                self.place.d.next = 0.into();
                self.count.d.next = bits::<16>(1);
                self.opening.d.next = true;
                self.aside.d.next = false;
                self.refusal.d.next = 0.into();
                self.items.d.next = 0.into();
                self.reply_crc.d.next = 0.into();
                self.reply_place.d.next = bits::<REPLY_BITS>(1);
                if self.reset.val() {
                    self.loaded.d.next = false;
                    self.open.d.next = false;
                    self.clear.next = true;
                } else {
                    if self.waiting.val() {
                        self.place.d.next = self.onward.val();
                        self.turn.d.next = Turn::Length;
                    }
                }
            }
            Turn::Length => {
                self.rest.d.next = self.content.val();
                self.place.d.next = self.onward.val();
                self.turn.d.next = Turn::Number;
                if self.content.val() == bits::<8>(1) {
                    self.bad_frames.d.next = self.bad_frames.q.val() + 1;
                    self.refusal.d.next = self.bad_frame.val();
                    self.aside.d.next = true;
                    self.reply_slot.d.next = self.next_slot.val();
                    self.put.d.next = true;
                    self.out.d.next = bits::<8>(0);
                    self.turn.d.next = Turn::Done;
                }
            }
            Turn::Number => {
                // Every reply begins with the number.
                self.out.d.next = self.content.val();
                self.place.d.next = self.onward.val();
                self.turn.d.next = Turn::Command;
            }
            Turn::Next => {
                // As many as when a frame's first command is taken: an item takes as long wherever it stands.
                self.count.d.next = bits::<16>(3);
                self.place.d.next = self.onward.val();
                self.turn.d.next = Turn::Command;
            }
            Turn::Command => {
                self.command.d.next = self.content.val() & bits::<8>(0x7F);
                self.brief.d.next = self.content.val().get_bit(7);
                self.place.d.next = self.onward.val();
                self.turn.d.next = Turn::Size;
                if self.at_end.val() {
                    // What was taken for a command is the CRC.
                    self.turn.d.next = Turn::Refusal;
                }
            }
            Turn::Size => {
                // The length's byte was at the place before. The last item may have none: then the CRC was there.
                self.bare.d.next = self.at_end.val();
                self.payload.d.next = self.content.val();
                if self.at_end.val() {
                    self.payload.d.next = 0.into();
                }
                // From here on places are those in the payload.
                self.base.d.next = self.address.val();
                self.rest.d.next = self.rest.q.val() - self.place.q.val();
                self.distance.d.next = self.next_number.q.val() - self.out.q.val();
                self.turn.d.next = Turn::Decide;
            }
            Turn::Decide => {
                self.refusal.d.next = bit_cast::<4, 8>(self.decision.val().command_refusal);
                self.checks.d.next = self.decision.val().checked != bits::<BYTE_BITS>(0);
                self.commits.d.next = self.decision.val().commits;
                self.works.d.next = self.decision.val().works;
                self.to_check.d.next = self.decision.val().checked;
                self.place.d.next = self.payload.q.val();
                self.turn.d.next = Turn::Act;
                if self.opening.q.val() & self.identifies.val() & self.sending.val() {
                    // Its number may have the slot of the reply on its way.
                    self.turn.d.next = Turn::Decide;
                }
                for i in 0..self.adopts.len() {
                    if self.adopts[i].val() {
                        self.refusal.d.next = 0.into();
                        if self.payload.q.val() != bits::<BYTE_BITS>(4) {
                            self.refusal.d.next = self.bad_length.val();
                        }
                        self.checks.d.next = false;
                        self.commits.d.next = true;
                        self.works.d.next = false;
                    }
                }
            }
            Turn::Act => {
                self.opening.d.next = false;
                self.place.d.next = 0.into();
                self.cursor.d.next = 0.into();
                self.refusal.d.next = self.objection.val();
                self.turn.d.next = Turn::Execute;
                if self.checks.q.val() {
                    self.turn.d.next = Turn::Check;
                }
                if self.objection.val() != bits::<4>(0) {
                    self.turn.d.next = Turn::Done;
                }
                if self.opening.q.val() {
                    self.reply_slot.d.next = self.number_slot.val();
                    self.put.d.next = true;
                    if self.follows.val() {
                        self.next_number.d.next = self.out.q.val() + 1;
                        self.kept.d.next = self.kept.q.val() + 1;
                        if self.kept.q.val() == self.window.val() {
                            self.kept.d.next = self.window.val();
                        }
                        if self.identifies.val() {
                            self.kept.d.next = bits::<4>(1);
                        }
                    } else {
                        if self.repeats_one.val() {
                            self.repeats.d.next = self.repeats.q.val() + 1;
                            self.put.d.next = false;
                            self.place.d.next = self.rest.q.val();
                            self.turn.d.next = Turn::Close;
                        } else {
                            self.refusal.d.next = self.out_of_order.val();
                            self.aside.d.next = true;
                            self.reply_slot.d.next = self.next_slot.val();
                            self.turn.d.next = Turn::Done;
                        }
                    }
                }
            }
            Turn::Check => {
                self.at_hand.d.next = self.place.q.val();
                self.present.d.next = true;
                self.place.d.next = self.onward.val();
                if self.onward.val() == self.to_check.q.val() {
                    self.turn.d.next = Turn::Verify;
                }
            }
            Turn::Verify => {
                self.turn.d.next = Turn::Verdict;
            }
            Turn::Verdict => {
                self.place.d.next = 0.into();
                self.turn.d.next = Turn::Execute;
                if self.refusal.q.val() != bits::<4>(0) {
                    self.turn.d.next = Turn::Done;
                }
            }
            Turn::Execute => {
                self.turn.d.next = Turn::Reply;
                if self.commits.q.val() {
                    self.turn.d.next = Turn::Advance;
                }
                if self.works.q.val() {
                    self.start.next = true;
                    self.turn.d.next = Turn::Work;
                }
                if self.command.q.val() == self.command_clear.val() {
                    self.clear.next = true;
                }
                for i in 0..self.adopts.len() {
                    if self.adopts[i].val() {
                        self.loaded.d.next = true;
                        self.open.d.next = false;
                        self.clear.next = true;
                    }
                }
                if self.seals.val() {
                    self.loaded.d.next = true;
                    self.open.d.next = false;
                    self.clear.next = true;
                }
                if self.begins.val() {
                    self.loaded.d.next = false;
                    self.open.d.next = true;
                    self.clear.next = true;
                    self.hash.d.next = 0.into();
                }
            }
            Turn::Advance => {
                self.at_hand.d.next = self.place.q.val();
                self.place.d.next = self.onward.val();
                self.turn.d.next = Turn::Commit;
            }
            Turn::Commit => {
                self.turn.d.next = Turn::Advance;
                if self.place.q.val() == self.payload.q.val() {
                    self.turn.d.next = Turn::Reply;
                }
            }
            Turn::Work => {
                if !self.busy.val() {
                    self.count.d.next = self.count.q.val();
                    self.turn.d.next = Turn::Reply;
                }
            }
            Turn::Reply => {
                self.count.d.next = self.count.q.val();
                self.cursor.d.next = self.cursor.q.val() + 1;
                self.out.d.next = self.reply_byte.val();
                self.put.d.next = true;
                if self.brief.q.val() | (self.cursor.q.val() == self.decision.val().reply_bytes) {
                    self.put.d.next = false;
                    self.items.d.next = self.items.q.val() + 1;
                    self.place.d.next = self.payload.q.val();
                    self.turn.d.next = Turn::Next;
                    if self.bare.q.val() {
                        self.turn.d.next = Turn::Refusal;
                    }
                }
            }
            Turn::Done => {
                self.put.d.next = true;
                self.out.d.next = self.items.q.val();
                self.turn.d.next = Turn::Refusal;
            }
            Turn::Refusal => {
                self.put.d.next = true;
                self.out.d.next = bit_cast::<8, 4>(self.refusal.q.val());
                self.refusing.d.next = self.refusal.q.val() != bits::<4>(0);
                self.turn.d.next = Turn::Settle;
            }
            Turn::Settle => {
                self.turn.d.next = Turn::High;
            }
            Turn::High => {
                self.put.d.next = true;
                self.out.d.next = bit_cast::<8, 16>(self.reply_crc.q.val() >> 8);
                self.turn.d.next = Turn::Low;
            }
            Turn::Low => {
                self.put.d.next = true;
                self.out.d.next = bit_cast::<8, 16>(self.reply_crc.q.val());
                self.place.d.next = self.rest.q.val();
                self.turn.d.next = Turn::Close;
            }
            Turn::Close => {
                self.turn.d.next = Turn::Measure;
            }
            Turn::Measure => {
                self.turn.d.next = Turn::Send;
            }
            Turn::Send => {
                if !self.sending.val() {
                    self.send.next = true;
                    self.base.d.next = self.address.val();
                    self.place.d.next = 0.into();
                    self.turn.d.next = Turn::Idle;
                    if self.aside.q.val() {
                        self.turn.d.next = Turn::Drain;
                    }
                }
            }
            _ => {
                if !self.sending.val() {
                    self.turn.d.next = Turn::Idle;
                }
            }
        }

        // A byte that was made is stored a cycle later, and counted in the CRC.
        self.crc.sum.next = self.reply_crc.q.val();
        self.crc.data.next = self.out.q.val();
        if self.put.q.val() {
            // The CRC itself is not counted.
            if self.turn.q.val() != Turn::Low {
                self.reply_crc.d.next = self.crc.next_sum.val();
            }
            self.reply_place.d.next = self.reply_place.q.val() + 1;
        }
        self.write.next = self.put.q.val();
        self.write_data.next = self.out.q.val();
        self.stored_place.next = self.reply_place.q.val();
        if self.turn.q.val() == Turn::Measure {
            // A repeat's length is there.
            self.write.next = self.reply_place.q.val() != bits::<REPLY_BITS>(1);
            self.write_data.next = bit_cast::<8, REPLY_BITS>(self.reply_place.q.val());
            self.stored_place.next = bits::<REPLY_BITS>(0);
        }
        self.write_address.next = (bit_cast::<RING_BITS, 3>(self.reply_slot.q.val()) << 6)
            | bit_cast::<RING_BITS, REPLY_BITS>(self.stored_place.val());
    }
}
