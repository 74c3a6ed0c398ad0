//! The executor: takes an intact frame, checks it, carries it out, and leaves the reply with the frame sender.
//!
//! ```text
//! Idle -> Number -> Order -> Decide -> [Fetch Check]* -> [Advance Commit]* -> [Work] -> [Reply Digest]* -> Send -> Idle
//! ```
//!
//! The payload is read twice: `Check` looks at every byte that could be wrong, so that a refused request changes nothing;
//! `Commit` stores settings and weights and feeds the hash. Refusals and their order are those of
//! [`engram_spec::frame`]; the reply's content lies in the sender's buffer until the next, so a repeat sends it again. A bad
//! frame's reply is made beside it.
//!
//! Latency: 4 cycles to decide, 2 a payload byte to check, 2 to commit, then the column's; 2 a byte of the reply.

use engram_spec::format::MAGNITUDE_BITS;
use engram_spec::frame::{Command, Refusal, VERSION};
use engram_spec::geometry::Region;
use engram_spec::program::{ALIGN_MAX, HOPS_MAX, SHIFT_MAX};
use engram_spec::{Addressing, Datapath, Geometry};

use crate::adder_tree::SUM_BITS;
use crate::column::{Load, PAIR_BITS};
use crate::composite;
use crate::crc::{Crc16, Crc32};
use crate::memory::{BYTE_BITS, FOLD_BITS, ROW_BITS};
use crate::prelude::*;
use crate::register::Register;
use crate::sequencer::SequencerSettings;

/// What the executor does in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Step {
    /// Waits for a frame.
    Idle,
    /// Takes the sequence number.
    Number,
    /// Takes the command.
    Order,
    /// Repeats, refuses, or goes on.
    Decide,
    /// Reads a byte to be checked.
    Fetch,
    /// Checks it.
    Check,
    /// Reads a byte to be carried out.
    Advance,
    /// Carries it out.
    Commit,
    /// Waits for the column.
    Work,
    /// Writes a byte of the reply.
    Reply,
    /// Feeds it to the reply's CRC.
    Digest,
    /// Waits for the sender.
    Send,
}

/// The executor.
#[derive(Clone, Debug, Default)]
pub struct Executor {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A frame waits in the receiver.
    pub waiting: Signal<In, Bit>,
    /// It is sound.
    pub intact: Signal<In, Bit>,
    /// Bytes of its content.
    pub length: Signal<In, Bits<BYTE_BITS>>,
    /// The byte asked for with `address` a cycle before.
    pub content: Signal<In, Bits<8>>,
    /// The sender is busy.
    pub sending: Signal<In, Bit>,
    /// The column is busy.
    pub busy: Signal<In, Bit>,
    /// The word the column needs.
    pub position: Signal<In, Bits<4>>,
    /// Sentences in the memory.
    pub sentences: Signal<In, Bits<7>>,
    /// Sentences that fell out.
    pub forgotten: Signal<In, Bits<16>>,
    /// The answer.
    pub answer: Signal<In, Bits<8>>,
    /// Its logit.
    pub logit: Signal<In, Bits<SUM_BITS>>,

    /// Which byte of the content.
    pub address: Signal<Out, Bits<BYTE_BITS>>,
    /// The frame is done with.
    pub finished: Signal<Out, Bit>,
    /// Stores a byte of the reply.
    pub write: Signal<Out, Bit>,
    /// Where.
    pub write_address: Signal<Out, Bits<BYTE_BITS>>,
    /// The byte.
    pub write_data: Signal<Out, Bits<8>>,
    /// Sends the reply.
    pub send: Signal<Out, Bit>,
    /// Where the reply begins.
    pub reply_first: Signal<Out, Bits<BYTE_BITS>>,
    /// The address behind its end.
    pub reply_last: Signal<Out, Bits<BYTE_BITS>>,
    /// Starts a sentence or question.
    pub start: Signal<Out, Bit>,
    /// Which of them.
    pub question: Signal<Out, Bit>,
    /// Its words less one.
    pub last_position: Signal<Out, Bits<4>>,
    /// Forgets the story.
    pub clear: Signal<Out, Bit>,
    /// Codes to be loaded.
    pub load: Signal<Out, Load>,
    /// The column's settings.
    pub settings: Signal<Out, SequencerSettings>,
    /// The shift to a score.
    pub score: Signal<Out, Bits<4>>,
    /// The centre of the scores.
    pub centre: Signal<Out, Bits<8>>,
    /// The shift of o to the left.
    pub align: Signal<Out, Bits<4>>,
    /// A program is loaded.
    pub loaded: Signal<Out, Bit>,

    octet: Signal<Local, Bits<8>>,
    payload: Signal<Local, Bits<BYTE_BITS>>,
    final_byte: Signal<Local, Bits<BYTE_BITS>>,
    expected: Signal<Local, Bits<BYTE_BITS>>,
    asks: Signal<Local, Bit>,
    least: Signal<Local, Bits<8>>,
    most: Signal<Local, Bits<8>>,
    rows: Signal<Local, Bits<8>>,
    hash_byte: Signal<Local, Bits<8>>,
    wrong: Signal<Local, Bit>,
    codes: Signal<Local, Bit>,
    base: Signal<Local, Bits<ROW_BITS>>,
    item: Signal<Local, Load>,
    verdict: Signal<Local, Bits<8>>,
    reply_tail: Signal<Local, Bits<BYTE_BITS>>,
    narrow: Signal<Local, Bit>,

    version: Constant<Bits<8>>,
    geometry: Constant<Bits<8>>,
    addressing: Constant<Bits<8>>,
    weights: Constant<Bits<8>>,
    most_graded: Constant<Bits<8>>,
    lanes: Constant<Bits<8>>,
    elements: Constant<Bits<8>>,
    slots: Constant<Bits<8>>,
    words: Constant<Bits<8>>,
    positions: Constant<Bits<8>>,
    row_bytes: Constant<Bits<BYTE_BITS>>,
    final_pair: Constant<Bits<PAIR_BITS>>,
    most_hops: Constant<Bits<8>>,
    most_shift: Constant<Bits<8>>,
    most_align: Constant<Bits<8>>,
    base_b: Constant<Bits<ROW_BITS>>,
    base_c: Constant<Bits<ROW_BITS>>,
    base_w: Constant<Bits<ROW_BITS>>,
    base_h: Constant<Bits<ROW_BITS>>,
    base_position: Constant<Bits<ROW_BITS>>,
    bad_frame: Constant<Bits<8>>,
    unknown_command: Constant<Bits<8>>,
    bad_length: Constant<Bits<8>>,
    not_loaded: Constant<Bits<8>>,
    too_long: Constant<Bits<8>>,
    unknown_word: Constant<Bits<8>>,
    wrong_geometry: Constant<Bits<8>>,
    wrong_hash: Constant<Bits<8>>,
    no_story: Constant<Bits<8>>,
    identify: Constant<Bits<8>>,
    order_begin: Constant<Bits<8>>,
    order_row: Constant<Bits<8>>,
    order_seal: Constant<Bits<8>>,
    order_clear: Constant<Bits<8>>,
    order_sentence: Constant<Bits<8>>,
    order_question: Constant<Bits<8>>,
    order_status: Constant<Bits<8>>,

    step: Register<Step>,
    number: Register<Bits<8>>,
    order: Register<Bits<8>>,
    refusal: Register<Bits<8>>,
    cursor: Register<Bits<BYTE_BITS>>,
    ordinal: Register<Bits<BYTE_BITS>>,
    last_number: Register<Bits<8>>,
    region: Register<Bits<3>>,
    row: Register<Bits<8>>,
    even: Register<Bits<8>>,
    pair: Register<Bits<PAIR_BITS>>,
    fold: Register<Bits<FOLD_BITS>>,
    hash: Register<Bits<32>>,
    tight: Register<Bit>,
    sealed: Register<Bit>,
    loading: Register<Bit>,
    bad_frames: Register<Bits<16>>,
    repeats: Register<Bits<16>>,
    cycles: Register<Bits<32>>,
    stored: Register<SequencerSettings>,
    stored_score: Register<Bits<4>>,
    stored_centre: Register<Bits<8>>,
    stored_align: Register<Bits<4>>,
    reply_base: Register<Bit>,
    in_tail: Register<Bit>,
    reply_end: Register<Bits<BYTE_BITS>>,
    reply_crc: Register<Bits<16>>,
    crc: Crc16,
    digest: Crc32,
    _settled: bool,
    _changed: bool,
}

composite!(Executor {
    inputs: clock waiting intact length content sending busy position sentences forgotten answer logit;
    outputs: address finished write write_address write_data send reply_first reply_last start question last_position
        clear load settings score centre align loaded;
    locals: octet payload final_byte expected asks least most rows hash_byte wrong codes base item verdict
        reply_tail narrow;
    constants: version geometry addressing weights most_graded lanes elements slots words positions row_bytes final_pair most_hops
        most_shift most_align base_b base_c base_w base_h base_position bad_frame unknown_command bad_length
        not_loaded too_long unknown_word wrong_geometry wrong_hash no_story identify order_begin order_row order_seal
        order_clear order_sentence order_question order_status;
    parts: step number order refusal cursor ordinal last_number region row even pair fold hash tight sealed loading
        bad_frames repeats cycles stored stored_score stored_centre stored_align reply_base in_tail reply_end reply_crc crc digest;
});

impl Executor {
    /// The executor of a geometry and datapath.
    pub fn new(size: &Geometry, datapath: Datapath) -> Executor {
        fn constant<const N: usize>(value: usize) -> Constant<Bits<N>> {
            Constant::new((value as u64).into())
        }
        Executor {
            version: constant(VERSION.into()),
            geometry: constant(size.id.into()),
            addressing: constant(datapath.addressing.id().into()),
            weights: constant(datapath.weights.id().into()),
            most_graded: constant((datapath.addressing != Addressing::Dot).into()),
            lanes: constant(size.lanes),
            elements: constant(size.elements),
            slots: constant(size.slots),
            words: constant(size.words),
            positions: constant(size.positions),
            row_bytes: constant(2 + size.elements),
            final_pair: constant(size.pairs() - 1),
            most_hops: constant(HOPS_MAX.into()),
            most_shift: constant(SHIFT_MAX.into()),
            most_align: constant(ALIGN_MAX.into()),
            base_b: constant(size.base(Region::B)),
            base_c: constant(size.base(Region::C)),
            base_w: constant(size.base(Region::W)),
            base_h: constant(size.base(Region::H)),
            base_position: constant(size.base(Region::Position)),
            bad_frame: constant(Refusal::BadFrame as usize),
            unknown_command: constant(Refusal::UnknownCommand as usize),
            bad_length: constant(Refusal::BadLength as usize),
            not_loaded: constant(Refusal::NotLoaded as usize),
            too_long: constant(Refusal::TooLong as usize),
            unknown_word: constant(Refusal::UnknownWord as usize),
            wrong_geometry: constant(Refusal::WrongGeometry as usize),
            wrong_hash: constant(Refusal::WrongHash as usize),
            no_story: constant(Refusal::NoStory as usize),
            identify: constant(Command::Identify as usize),
            order_begin: constant(Command::Begin as usize),
            order_row: constant(Command::Row as usize),
            order_seal: constant(Command::Seal as usize),
            order_clear: constant(Command::Clear as usize),
            order_sentence: constant(Command::Sentence as usize),
            order_question: constant(Command::Question as usize),
            order_status: constant(Command::Status as usize),
            ..Default::default()
        }
    }
}

// Settings and shifts are taken from the low four bits of their bytes, and what leaves room for grading is written out.
const _: () = assert!(SHIFT_MAX == 15 && ALIGN_MAX == 14 && HOPS_MAX < 16 && MAGNITUDE_BITS == 7);

impl Logic for Executor {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            step,
            number,
            order,
            refusal,
            cursor,
            ordinal,
            last_number,
            region,
            row,
            even,
            pair,
            fold,
            hash
        );
        dff_setup!(
            self,
            clock,
            sealed,
            loading,
            bad_frames,
            repeats,
            cycles,
            stored,
            stored_score,
            stored_centre,
            stored_align
        );
        dff_setup!(self, clock, tight, reply_base, in_tail, reply_end, reply_crc);

        self.octet.next = self.content.val();
        self.payload.next = self.length.val() - 4;
        // The cursor behind the payload's last byte.
        self.final_byte.next = self.length.val() - 2;
        self.asks.next =
            (self.order.q.val() == self.order_sentence.val()) | (self.order.q.val() == self.order_question.val());

        self.address.next = self.cursor.q.val();
        self.finished.next = false;
        self.write.next = false;
        self.send.next = false;
        self.reply_last.next = self.reply_end.q.val();
        self.start.next = false;
        self.question.next = self.order.q.val() == self.order_question.val();
        self.last_position.next = bit_cast::<4, BYTE_BITS>(self.payload.val()) - 1;
        self.clear.next = false;
        self.cycles.d.next = self.cycles.q.val() + 1;

        // The least and the most that the byte at hand may be.
        self.rows.next = self.words.val();
        if self.region.q.val() == bits::<3>(4) {
            self.rows.next = self.elements.val();
        }
        if self.region.q.val() == bits::<3>(5) {
            self.rows.next = self.positions.val();
        }
        if self.region.q.val() > bits::<3>(5) {
            self.rows.next = self.slots.val();
        }
        self.hash_byte.next = bit_cast::<8, 32>(self.hash.q.val());
        match self.ordinal.q.val().index() {
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
        self.least.next = bits::<8>(0);
        self.most.next = self.stored.q.val().words - 1;
        // Whether a shift leaves no room for graded formats, which move it.
        self.narrow.next = false;
        if self.order.q.val() == self.order_begin.val() {
            self.most.next = self.most_shift.val();
            match self.ordinal.q.val().index() {
                0 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.most_hops.val();
                }
                1 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.words.val();
                }
                4 => {
                    self.narrow.next = self.octet.val() == bits::<8>(15);
                }
                6 => {
                    self.most.next = bits::<8>(255);
                }
                7 => {
                    self.most.next = self.most_align.val();
                    self.narrow.next = (self.octet.val() == bits::<8>(0)) | (self.octet.val() == bits::<8>(14));
                }
                8 => {
                    self.narrow.next = (self.octet.val() < bits::<8>(2)) | (self.octet.val() == bits::<8>(15));
                }
                9 => {
                    self.most.next = self.most_graded.val();
                    if self.tight.q.val() {
                        self.most.next = bits::<8>(0);
                    }
                }
                _ => {}
            }
        }
        if self.order.q.val() == self.order_row.val() {
            self.most.next = bits::<8>(7);
            if self.ordinal.q.val() == bits::<BYTE_BITS>(1) {
                self.most.next = self.rows.val() - 1;
            }
        }
        if self.order.q.val() == self.order_seal.val() {
            self.least.next = self.hash_byte.val();
            self.most.next = self.hash_byte.val();
        }
        self.wrong.next = (self.octet.val() < self.least.val()) | (self.octet.val() > self.most.val());

        // A pair of codes is loaded when its odd half is at hand.
        self.base.next = bits::<ROW_BITS>(0);
        match self.region.q.val().index() {
            1 => {
                self.base.next = self.base_b.val();
            }
            2 => {
                self.base.next = self.base_c.val();
            }
            3 => {
                self.base.next = self.base_w.val();
            }
            4 => {
                self.base.next = self.base_h.val();
            }
            5 => {
                self.base.next = self.base_position.val();
            }
            _ => {}
        }
        self.codes.next = (self.step.q.val() == Step::Commit)
            & (self.order.q.val() == self.order_row.val())
            & (self.ordinal.q.val() > bits::<BYTE_BITS>(1))
            & self.ordinal.q.val().get_bit(0);
        self.item.next.weights = self.codes.val() & (self.region.q.val() < bits::<3>(6));
        self.item.next.age_a = self.codes.val() & (self.region.q.val() == bits::<3>(6));
        self.item.next.age_c = self.codes.val() & (self.region.q.val() == bits::<3>(7));
        self.item.next.pair = self.pair.q.val();
        self.item.next.row = self.base.val() + bit_cast::<ROW_BITS, 8>(self.row.q.val());
        self.item.next.fold = self.fold.q.val();
        self.item.next.even = self.even.q.val();
        self.item.next.odd = self.octet.val();

        self.digest.sum.next = self.hash.q.val();
        self.digest.data.next = self.octet.val();

        // What is wrong with the request as a whole.
        self.expected.next = bits::<BYTE_BITS>(0);
        if self.order.q.val() == self.order_begin.val() {
            self.expected.next = bits::<BYTE_BITS>(10);
        }
        if self.order.q.val() == self.order_row.val() {
            self.expected.next = self.row_bytes.val();
        }
        if self.order.q.val() == self.order_seal.val() {
            self.expected.next = bits::<BYTE_BITS>(4);
        }
        self.verdict.next = bits::<8>(0);
        if self.asks.val() & (self.payload.val() > bit_cast::<BYTE_BITS, 8>(self.positions.val())) {
            self.verdict.next = self.too_long.val();
        }
        if self.asks.val() & !self.sealed.q.val() {
            self.verdict.next = self.not_loaded.val();
        }
        if ((self.order.q.val() == self.order_row.val()) | (self.order.q.val() == self.order_seal.val()))
            & !self.loading.q.val()
        {
            self.verdict.next = self.not_loaded.val();
        }
        if !self.asks.val() & (self.payload.val() != self.expected.val()) {
            self.verdict.next = self.bad_length.val();
        }
        if self.asks.val() & (self.payload.val() == bits::<BYTE_BITS>(0)) {
            self.verdict.next = self.bad_length.val();
        }
        if (self.order.q.val() < self.identify.val()) | (self.order.q.val() > self.order_status.val()) {
            self.verdict.next = self.unknown_command.val();
        }

        // The byte of the reply that is to be written: its number is the cursor. Its CRC begins at the tail.
        self.crc.sum.next = self.reply_crc.q.val();
        self.write_data.next = bits::<8>(0);
        self.reply_tail.next = bits::<BYTE_BITS>(2);
        if self.refusal.q.val() == bits::<8>(0) {
            if self.order.q.val() == self.identify.val() {
                self.reply_tail.next = bits::<BYTE_BITS>(16);
                match self.cursor.q.val().index() {
                    2 => {
                        self.write_data.next = self.version.val();
                    }
                    3 => {
                        self.write_data.next = self.geometry.val();
                    }
                    4 => {
                        self.write_data.next = self.addressing.val();
                    }
                    5 => {
                        self.write_data.next = self.weights.val();
                    }
                    6 => {
                        self.write_data.next = bit_cast::<8, 1>(self.sealed.q.val().into());
                    }
                    11 => {
                        self.write_data.next = self.lanes.val();
                    }
                    12 => {
                        self.write_data.next = self.elements.val();
                    }
                    13 => {
                        self.write_data.next = self.slots.val();
                    }
                    14 => {
                        self.write_data.next = self.words.val();
                    }
                    15 => {
                        self.write_data.next = self.positions.val();
                    }
                    _ => {}
                }
                if self.sealed.q.val() {
                    match self.cursor.q.val().index() {
                        7 => {
                            self.write_data.next = bit_cast::<8, 32>(self.hash.q.val());
                        }
                        8 => {
                            self.write_data.next = bit_cast::<8, 32>(self.hash.q.val() >> 8);
                        }
                        9 => {
                            self.write_data.next = bit_cast::<8, 32>(self.hash.q.val() >> 16);
                        }
                        10 => {
                            self.write_data.next = bit_cast::<8, 32>(self.hash.q.val() >> 24);
                        }
                        _ => {}
                    }
                }
            }
            if self.order.q.val() == self.order_sentence.val() {
                self.reply_tail.next = bits::<BYTE_BITS>(3);
                self.write_data.next = bit_cast::<8, 7>(self.sentences.val());
            }
            if self.order.q.val() == self.order_question.val() {
                self.reply_tail.next = bits::<BYTE_BITS>(11);
                match self.cursor.q.val().index() {
                    2 => {
                        self.write_data.next = self.answer.val();
                    }
                    3 => {
                        self.write_data.next = bit_cast::<8, SUM_BITS>(self.logit.val());
                    }
                    4 => {
                        self.write_data.next = bit_cast::<8, SUM_BITS>(self.logit.val() >> 8);
                    }
                    5 => {
                        self.write_data.next = bit_cast::<8, SUM_BITS>(self.logit.val() >> 16);
                        if self.logit.val().get_bit(21) {
                            self.write_data.next = bit_cast::<8, SUM_BITS>(self.logit.val() >> 16) | bits::<8>(0xC0);
                        }
                    }
                    6 => {
                        if self.logit.val().get_bit(21) {
                            self.write_data.next = bits::<8>(0xFF);
                        }
                    }
                    7 => {
                        self.write_data.next = bit_cast::<8, 32>(self.cycles.q.val());
                    }
                    8 => {
                        self.write_data.next = bit_cast::<8, 32>(self.cycles.q.val() >> 8);
                    }
                    9 => {
                        self.write_data.next = bit_cast::<8, 32>(self.cycles.q.val() >> 16);
                    }
                    10 => {
                        self.write_data.next = bit_cast::<8, 32>(self.cycles.q.val() >> 24);
                    }
                    _ => {}
                }
            }
            if self.order.q.val() == self.order_status.val() {
                self.reply_tail.next = bits::<BYTE_BITS>(10);
                match self.cursor.q.val().index() {
                    2 => {
                        self.write_data.next = bit_cast::<8, 1>(self.sealed.q.val().into());
                    }
                    3 => {
                        self.write_data.next = bit_cast::<8, 7>(self.sentences.val());
                    }
                    4 => {
                        self.write_data.next = bit_cast::<8, 16>(self.forgotten.val());
                    }
                    5 => {
                        self.write_data.next = bit_cast::<8, 16>(self.forgotten.val() >> 8);
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
        }
        if self.cursor.q.val() == bits::<BYTE_BITS>(0) {
            self.write_data.next = self.number.q.val();
        }
        if self.cursor.q.val() == bits::<BYTE_BITS>(1) {
            self.write_data.next = self.refusal.q.val();
        }

        match self.step.q.val() {
            Step::Idle => {
                self.cursor.d.next = 0.into();
                self.reply_base.d.next = false;
                self.in_tail.d.next = false;
                self.reply_crc.d.next = 0.into();
                self.pair.d.next = 0.into();
                self.fold.d.next = 0.into();
                self.tight.d.next = false;
                self.refusal.d.next = 0.into();
                if self.waiting.val() {
                    self.cycles.d.next = bits::<32>(1);
                    self.cursor.d.next = bits::<BYTE_BITS>(1);
                    self.step.d.next = Step::Number;
                    if !self.intact.val() {
                        self.bad_frames.d.next = self.bad_frames.q.val() + 1;
                        self.refusal.d.next = self.bad_frame.val();
                        self.number.d.next = 0.into();
                        self.reply_base.d.next = true;
                        self.cursor.d.next = 0.into();
                        self.step.d.next = Step::Reply;
                    }
                }
            }
            Step::Number => {
                self.number.d.next = self.octet.val();
                self.cursor.d.next = bits::<BYTE_BITS>(2);
                self.step.d.next = Step::Order;
            }
            Step::Order => {
                self.order.d.next = self.octet.val();
                self.step.d.next = Step::Decide;
            }
            Step::Decide => {
                if (self.number.q.val() == self.last_number.q.val())
                    & (self.number.q.val() != bits::<8>(0))
                    & (self.order.q.val() != self.identify.val())
                {
                    self.repeats.d.next = self.repeats.q.val() + 1;
                    self.step.d.next = Step::Send;
                    self.send.next = true;
                } else {
                    self.last_number.d.next = self.number.q.val();
                    if self.order.q.val() == self.identify.val() {
                        self.last_number.d.next = 0.into();
                    }
                    self.refusal.d.next = self.verdict.val();
                    self.step.d.next = Step::Fetch;
                    if (self.verdict.val() != bits::<8>(0)) | (self.payload.val() == bits::<BYTE_BITS>(0)) {
                        self.clear.next =
                            (self.order.q.val() == self.order_clear.val()) & (self.verdict.val() == bits::<8>(0));
                        self.cursor.d.next = 0.into();
                        self.step.d.next = Step::Reply;
                    }
                }
            }
            Step::Fetch => {
                self.ordinal.d.next = self.cursor.q.val() - 2;
                self.cursor.d.next = self.cursor.q.val() + 1;
                self.step.d.next = Step::Check;
            }
            Step::Check => {
                self.step.d.next = Step::Fetch;
                self.tight.d.next = self.tight.q.val() | self.narrow.val();
                if self.order.q.val() == self.order_row.val() {
                    if self.ordinal.q.val() == bits::<BYTE_BITS>(0) {
                        self.region.d.next = bit_cast::<3, 8>(self.octet.val());
                    } else {
                        self.row.d.next = self.octet.val();
                    }
                }
                self.refusal.d.next = bits::<8>(0);
                // The last byte to check: of a row its number, else that of the payload.
                if (self.cursor.q.val() == self.final_byte.val())
                    | ((self.order.q.val() == self.order_row.val()) & (self.ordinal.q.val() == bits::<BYTE_BITS>(1)))
                {
                    self.cursor.d.next = bits::<BYTE_BITS>(2);
                    self.step.d.next = Step::Advance;
                    if self.asks.val() {
                        self.cursor.d.next = 0.into();
                        self.step.d.next = Step::Work;
                        self.start.next = true;
                        if (self.sentences.val() == bits::<7>(0)) & (self.order.q.val() == self.order_question.val()) {
                            self.start.next = false;
                            self.refusal.d.next = self.no_story.val();
                            self.step.d.next = Step::Reply;
                        }
                    }
                    if self.order.q.val() == self.order_seal.val() {
                        self.cursor.d.next = 0.into();
                        self.step.d.next = Step::Reply;
                        if !self.wrong.val() {
                            self.sealed.d.next = true;
                            self.loading.d.next = false;
                        }
                    }
                    if self.order.q.val() == self.order_begin.val() {
                        if !self.wrong.val() {
                            self.sealed.d.next = false;
                            self.loading.d.next = true;
                            self.clear.next = true;
                            self.hash.d.next = 0.into();
                        }
                    }
                }
                if self.wrong.val() {
                    self.refusal.d.next = self.wrong_geometry.val();
                    if self.asks.val() {
                        self.refusal.d.next = self.unknown_word.val();
                    }
                    if self.order.q.val() == self.order_seal.val() {
                        self.refusal.d.next = self.wrong_hash.val();
                    }
                    self.start.next = false;
                    self.cursor.d.next = 0.into();
                    self.step.d.next = Step::Reply;
                }
            }
            Step::Advance => {
                self.ordinal.d.next = self.cursor.q.val() - 2;
                self.cursor.d.next = self.cursor.q.val() + 1;
                self.step.d.next = Step::Commit;
            }
            Step::Commit => {
                self.hash.d.next = self.digest.next_sum.val();
                self.even.d.next = self.octet.val();
                if self.codes.val() {
                    self.pair.d.next = self.pair.q.val() + 1;
                    if self.pair.q.val() == self.final_pair.val() {
                        self.pair.d.next = 0.into();
                        self.fold.d.next = self.fold.q.val() + 1;
                    }
                }
                if self.order.q.val() == self.order_begin.val() {
                    match self.ordinal.q.val().index() {
                        0 => {
                            self.stored.d.next.hops = bit_cast::<4, 8>(self.octet.val());
                        }
                        1 => {
                            self.stored.d.next.words = self.octet.val();
                        }
                        2 => {
                            self.stored.d.next.memory_a = bit_cast::<4, 8>(self.octet.val());
                        }
                        3 => {
                            self.stored.d.next.memory_c = bit_cast::<4, 8>(self.octet.val());
                        }
                        4 => {
                            self.stored.d.next.question = bit_cast::<4, 8>(self.octet.val());
                        }
                        5 => {
                            self.stored_score.d.next = bit_cast::<4, 8>(self.octet.val());
                        }
                        6 => {
                            self.stored_centre.d.next = self.octet.val();
                        }
                        7 => {
                            self.stored_align.d.next = bit_cast::<4, 8>(self.octet.val());
                        }
                        8 => {
                            self.stored.d.next.controller = bit_cast::<4, 8>(self.octet.val());
                        }
                        _ => {
                            self.stored.d.next.graded = self.octet.val().get_bit(0);
                        }
                    }
                }
                self.step.d.next = Step::Advance;
                if self.cursor.q.val() == self.final_byte.val() {
                    self.cursor.d.next = 0.into();
                    self.step.d.next = Step::Reply;
                }
            }
            Step::Work => {
                // The column reads its words from the frame.
                self.address.next = bit_cast::<BYTE_BITS, 4>(self.position.val()) + 2;
                if !self.busy.val() {
                    self.cycles.d.next = self.cycles.q.val();
                    self.step.d.next = Step::Reply;
                }
            }
            Step::Reply => {
                self.cycles.d.next = self.cycles.q.val();
                if self.cursor.q.val() == self.reply_tail.val() {
                    self.write_data.next = bit_cast::<8, 16>(self.reply_crc.q.val() >> 8);
                }
                if self.in_tail.q.val() {
                    self.write_data.next = bit_cast::<8, 16>(self.reply_crc.q.val());
                }
                self.write.next = true;
                self.step.d.next = Step::Digest;
            }
            Step::Digest => {
                self.cycles.d.next = self.cycles.q.val();
                self.cursor.d.next = self.cursor.q.val() + 1;
                self.in_tail.d.next = self.cursor.q.val() == self.reply_tail.val();
                self.step.d.next = Step::Reply;
                if self.cursor.q.val() < self.reply_tail.val() {
                    self.reply_crc.d.next = self.crc.next_sum.val();
                }
                if self.in_tail.q.val() {
                    self.send.next = true;
                    self.step.d.next = Step::Send;
                    if !self.reply_base.q.val() {
                        self.reply_last.next = self.cursor.q.val() + 1;
                        self.reply_end.d.next = self.cursor.q.val() + 1;
                    }
                }
            }
            _ => {
                if !self.sending.val() {
                    self.finished.next = true;
                    self.step.d.next = Step::Idle;
                }
            }
        }
        self.crc.data.next = self.write_data.val();

        self.write_address.next = self.cursor.q.val();
        self.reply_first.next = bits::<BYTE_BITS>(0);
        if self.reply_base.q.val() {
            // Behind the reply that may have to be repeated.
            self.write_address.next = self.cursor.q.val() | bits::<BYTE_BITS>(64);
            self.reply_first.next = bits::<BYTE_BITS>(64);
            self.reply_last.next = bits::<BYTE_BITS>(68);
        }
        self.load.next = self.item.val();
        self.settings.next = self.stored.q.val();
        self.score.next = self.stored_score.q.val();
        self.centre.next = self.stored_centre.q.val();
        self.align.next = self.stored_align.q.val();
        self.loaded.next = self.sealed.q.val();
    }
}
