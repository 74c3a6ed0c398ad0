//! The command decoder of the memory network: which commands there are, what may be wrong with them, what they do, what they
//! reply.
//!
//! The decoder stands beside [`crate::link::frame_handler`], which describes what passes between the two. A request is answered in
//! the same cycle.

use engram_spec::format::MAGNITUDE_BITS;
use engram_spec::frame::{Command, Refusal};
use engram_spec::memnet::geometry::Region;
use engram_spec::memnet::program::{ALIGN_MAX, HOPS_MAX, SHIFT_MAX};
use engram_spec::memnet::{Addressing, Datapath, Geometry, Settings, Weights};

use crate::link::frame_handler::{Decision, Request};
use crate::link::{BYTE_BITS, REPLY_BITS};
use crate::memnet::engine::{Load, PAIR_BITS};
use crate::memnet::memory::{FOLD_BITS, ROW_BITS};
use crate::memnet::sequencer::SequencerSettings;
use crate::parts::adder_tree::SUM_BITS;
use crate::parts::register::Register;
use crate::prelude::*;

/// The command decoder of the memory network.
#[derive(Clone, Debug, Default, Composite)]
pub struct CommandDecoder {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The request, and its byte at hand.
    pub request: Signal<In, Request>,
    /// Sentences in the memory, from the engine.
    pub sentences: Signal<In, Bits<7>>,
    /// Sentences that fell out of the memory, from the engine.
    pub forgotten: Signal<In, Bits<16>>,
    /// The answer, from the engine.
    pub answer: Signal<In, Bits<8>>,
    /// The answer's logit, signed, from the engine.
    pub logit: Signal<In, Bits<SUM_BITS>>,
    /// The number of the word that the engine asks for (its `position`).
    pub asked: Signal<In, Bits<4>>,

    /// The decision on the request.
    pub decision: Signal<Out, Decision>,
    /// Hops, answers, shifts, grading, tying and slots for the engine, from Begin.
    pub settings: Signal<Out, SequencerSettings>,
    /// The shift to a score, from Begin.
    pub score: Signal<Out, Bits<4>>,
    /// The centre of the scores, from Begin.
    pub centre: Signal<Out, Bits<8>>,
    /// The shift of o to the left, from Begin.
    pub align: Signal<Out, Bits<4>>,
    /// Elements that only pad the network, from Begin.
    pub padding: Signal<Out, Bits<8>>,
    /// Two codes of a row, while Row is carried out.
    pub load: Signal<Out, Load>,
    /// Whether a question is to be answered, not a sentence taken in.
    pub question: Signal<Out, Bit>,
    /// The number of words of the sentence or question, less one.
    pub last_position: Signal<Out, Bits<4>>,

    command: Signal<Local, Bits<8>>,
    payload: Signal<Local, Bits<BYTE_BITS>>,
    octet: Signal<Local, Bits<8>>,
    ordinal: Signal<Local, Bits<BYTE_BITS>>,
    begins: Signal<Local, Bit>,
    rows: Signal<Local, Bit>,
    seals: Signal<Local, Bit>,
    asks: Signal<Local, Bit>,
    expected: Signal<Local, Bits<BYTE_BITS>>,
    final_word: Signal<Local, Bits<BYTE_BITS>>,
    least: Signal<Local, Bits<8>>,
    most: Signal<Local, Bits<8>>,
    ring: Signal<Local, Bits<8>>,
    ring_twice: Signal<Local, Bits<8>>,
    claimed_ring: Signal<Local, Bits<8>>,
    last_embedding: Signal<Local, Bits<8>>,
    last_region: Signal<Local, Bits<8>>,
    row_count: Signal<Local, Bits<8>>,
    foreign: Signal<Local, Bit>,
    wrong: Signal<Local, Bit>,
    narrow: Signal<Local, Bit>,
    codes: Signal<Local, Bit>,
    base: Signal<Local, Bits<ROW_BITS>>,
    item: Signal<Local, Load>,

    geometry: Constant<Bits<8>>,
    addressing: Constant<Bits<8>>,
    weights: Constant<Bits<8>>,
    most_graded: Constant<Bits<8>>,
    most_adjacent: Constant<Bits<8>>,
    most_padding: Constant<Bits<8>>,
    lanes: Constant<Bits<8>>,
    elements: Constant<Bits<8>>,
    slots: Constant<Bits<8>>,
    words: Constant<Bits<8>>,
    positions: Constant<Bits<8>>,
    settings_bytes: Constant<Bits<BYTE_BITS>>,
    row_bytes: Constant<Bits<BYTE_BITS>>,
    final_pair: Constant<Bits<PAIR_BITS>>,
    most_hops: Constant<Bits<8>>,
    most_shift: Constant<Bits<8>>,
    most_align: Constant<Bits<8>>,
    base_1: Constant<Bits<ROW_BITS>>,
    base_2: Constant<Bits<ROW_BITS>>,
    base_3: Constant<Bits<ROW_BITS>>,
    base_4: Constant<Bits<ROW_BITS>>,
    base_position: Constant<Bits<ROW_BITS>>,
    diagonal: Constant<Bits<ROW_BITS>>,
    ring_of_one: Constant<Bits<8>>,
    ring_of_two: Constant<Bits<8>>,
    ring_of_three: Constant<Bits<8>>,
    unknown_command: Constant<Bits<8>>,
    bad_length: Constant<Bits<8>>,
    not_loaded: Constant<Bits<8>>,
    too_long: Constant<Bits<8>>,
    unknown_word: Constant<Bits<8>>,
    wrong_geometry: Constant<Bits<8>>,
    no_story: Constant<Bits<8>>,
    command_identify: Constant<Bits<8>>,
    command_begin: Constant<Bits<8>>,
    command_row: Constant<Bits<8>>,
    command_seal: Constant<Bits<8>>,
    command_sentence: Constant<Bits<8>>,
    command_question: Constant<Bits<8>>,
    command_status: Constant<Bits<8>>,

    kept: Register<SequencerSettings>,
    kept_words: Register<Bits<8>>,
    kept_padding: Register<Bits<8>>,
    kept_score: Register<Bits<4>>,
    kept_centre: Register<Bits<8>>,
    kept_align: Register<Bits<4>>,
    tight: Register<Bit>,
    claimed_adjacent: Register<Bit>,
    claimed_graded: Register<Bit>,
    // The first two bytes of what is checked: hops and words of settings, region and number of a row.
    region: Register<Bits<4>>,
    row: Register<Bits<8>>,
    pair: Register<Bits<PAIR_BITS>>,
    fold: Register<Bits<FOLD_BITS>>,
    _evaluation: Evaluation,
}

impl CommandDecoder {
    /// The decoder of a geometry and datapath.
    pub fn new(size: &Geometry, datapath: Datapath) -> CommandDecoder {
        fn constant<const N: usize>(value: usize) -> Constant<Bits<N>> {
            Constant::new((value as u64).into())
        }
        CommandDecoder {
            geometry: constant(size.id.into()),
            addressing: constant(datapath.addressing.id().into()),
            weights: constant(datapath.weights.id().into()),
            most_graded: constant((datapath.addressing != Addressing::Dot).into()),
            most_adjacent: constant((datapath.weights == Weights::Codes).into()),
            most_padding: constant(size.elements - 1),
            lanes: constant(size.lanes),
            elements: constant(size.elements),
            slots: constant(size.slots),
            words: constant(size.words),
            positions: constant(size.positions),
            settings_bytes: constant(Settings::BYTES),
            row_bytes: constant(2 + size.elements),
            final_pair: constant(size.pairs() - 1),
            most_hops: constant(HOPS_MAX.into()),
            most_shift: constant(SHIFT_MAX.into()),
            most_align: constant(ALIGN_MAX.into()),
            base_1: constant(size.base(Region::Embedding(1))),
            base_2: constant(size.base(Region::Embedding(2))),
            base_3: constant(size.base(Region::Embedding(3))),
            base_4: constant(size.base(Region::Embedding(4))),
            base_position: constant(size.base(Region::Position)),
            diagonal: constant(size.diagonal()),
            ring_of_one: constant(size.ring(2)),
            ring_of_two: constant(size.ring(4)),
            ring_of_three: constant(size.ring(5)),
            unknown_command: constant(Refusal::UnknownCommand as usize),
            bad_length: constant(Refusal::BadLength as usize),
            not_loaded: constant(Refusal::NotLoaded as usize),
            too_long: constant(Refusal::TooLong as usize),
            unknown_word: constant(Refusal::UnknownWord as usize),
            wrong_geometry: constant(Refusal::WrongGeometry as usize),
            no_story: constant(Refusal::NoStory as usize),
            command_identify: constant(Command::Identify as usize),
            command_begin: constant(Command::Begin as usize),
            command_row: constant(Command::Row as usize),
            command_seal: constant(Command::Seal as usize),
            command_sentence: constant(Command::Sentence as usize),
            command_question: constant(Command::Question as usize),
            command_status: constant(Command::Status as usize),
            ..Default::default()
        }
    }
}

// Settings and shifts are taken from the low four bits of their bytes, the slots from seven, and what leaves room for grading is
// written out.
const _: () = assert!(SHIFT_MAX == 15 && ALIGN_MAX == 14 && HOPS_MAX < 16 && MAGNITUDE_BITS == 7);

impl Logic for CommandDecoder {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self,
            clock,
            kept,
            kept_words,
            kept_score,
            kept_centre,
            kept_padding,
            kept_align,
            tight,
            region,
            row
        );
        dff_setup!(self, clock, claimed_graded, claimed_adjacent, pair, fold);
        self.command.next = self.request.val().command;
        self.payload.next = self.request.val().payload;
        self.octet.next = self.request.val().octet;
        self.ordinal.next = self.request.val().ordinal;
        self.begins.next = self.command.val() == self.command_begin.val();
        self.rows.next = self.command.val() == self.command_row.val();
        self.seals.next = self.command.val() == self.command_seal.val();
        self.asks.next =
            (self.command.val() == self.command_sentence.val()) | (self.command.val() == self.command_question.val());
        self.question.next = self.command.val() == self.command_question.val();
        self.final_word.next = self.payload.val() - 1;
        self.last_position.next = bit_cast::<4, BYTE_BITS>(self.final_word.val());
        self.decision.next.works = self.asks.val();
        self.decision.next.commits = self.begins.val() | self.rows.val();
        self.decision.next.position = bit_cast::<BYTE_BITS, 4>(self.asked.val());

        // What is wrong with the command as a whole.
        self.expected.next = bits::<BYTE_BITS>(0);
        if self.begins.val() {
            self.expected.next = self.settings_bytes.val();
        }
        if self.rows.val() {
            self.expected.next = self.row_bytes.val();
        }
        if self.seals.val() {
            self.expected.next = bits::<BYTE_BITS>(4);
        }
        // Of a row only its head may be wrong.
        self.decision.next.checked = self.payload.val();
        if self.rows.val() {
            self.decision.next.checked = bits::<BYTE_BITS>(2);
        }
        self.decision.next.command_refusal = bits::<8>(0);
        if self.asks.val() & (self.payload.val() > bit_cast::<BYTE_BITS, 8>(self.positions.val())) {
            self.decision.next.command_refusal = self.too_long.val();
        }
        if self.asks.val() & !self.request.val().sealed {
            self.decision.next.command_refusal = self.not_loaded.val();
        }
        if (self.rows.val() | self.seals.val()) & !self.request.val().loading {
            self.decision.next.command_refusal = self.not_loaded.val();
        }
        if !self.asks.val() & (self.payload.val() != self.expected.val()) {
            self.decision.next.command_refusal = self.bad_length.val();
        }
        if self.asks.val() & (self.payload.val() == bits::<BYTE_BITS>(0)) {
            self.decision.next.command_refusal = self.bad_length.val();
        }
        if (self.command.val() < self.command_identify.val()) | (self.command.val() > self.command_status.val()) {
            self.decision.next.command_refusal = self.unknown_command.val();
        }

        // The slots of a memory, of the settings that are kept and of those at hand: one, two or three memories share the room.
        self.ring.next = bit_cast::<8, 7>(self.kept.q.val().ring);
        self.ring_twice.next = self.ring.val() << 1;
        self.claimed_ring.next = self.ring_of_one.val();
        if self.claimed_adjacent.q.val() & (self.region.q.val() > bits::<4>(1)) {
            self.claimed_ring.next = self.ring_of_two.val();
            if self.region.q.val() > bits::<4>(3) {
                self.claimed_ring.next = self.ring_of_three.val();
            }
        }
        // Embeddings are regions 0 to 4, H is 5, the position weights are 6, and age words from 7 on.
        self.last_embedding.next = bits::<8>(3);
        self.last_region.next = bits::<8>(8);
        if self.kept.q.val().adjacent {
            self.last_embedding.next = bit_cast::<8, 4>(self.kept.q.val().hops);
            self.last_region.next = bit_cast::<8, 4>(self.kept.q.val().hops) + 7;
        }

        // The least and the most that the byte at hand may be.
        self.row_count.next = self.words.val();
        if self.region.q.val() == bits::<4>(5) {
            self.row_count.next = self.elements.val();
            if self.kept.q.val().adjacent {
                self.row_count.next = bits::<8>(1);
            }
        }
        if self.region.q.val() == bits::<4>(6) {
            self.row_count.next = self.positions.val();
        }
        if self.region.q.val() > bits::<4>(6) {
            self.row_count.next = self.ring.val();
        }
        self.least.next = bits::<8>(0);
        self.most.next = self.kept_words.q.val() - 1;
        self.foreign.next = false;
        // Whether a shift leaves no room for graded formats, which move it.
        self.narrow.next = false;
        if self.begins.val() {
            self.most.next = self.most_shift.val();
            match self.ordinal.val().index() {
                0 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.most_hops.val();
                }
                1 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.words.val();
                }
                2 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.row.q.val();
                }
                5 => {
                    self.narrow.next = self.octet.val() == bits::<8>(15);
                }
                7 => {
                    self.most.next = bits::<8>(255);
                }
                8 => {
                    self.most.next = self.most_padding.val();
                }
                9 => {
                    self.most.next = self.most_align.val();
                    self.narrow.next = (self.octet.val() == bits::<8>(0)) | (self.octet.val() == bits::<8>(14));
                }
                10 => {
                    self.narrow.next = (self.octet.val() < bits::<8>(2)) | (self.octet.val() == bits::<8>(15));
                }
                11 => {
                    self.most.next = self.most_graded.val();
                    if self.tight.q.val() {
                        self.most.next = bits::<8>(0);
                    }
                }
                12 => {
                    self.most.next = self.most_adjacent.val();
                    if self.claimed_graded.q.val() | (self.region.q.val() > bits::<4>(4)) {
                        self.most.next = bits::<8>(0);
                    }
                }
                13 => {
                    self.least.next = bits::<8>(1);
                    self.most.next = self.claimed_ring.val();
                }
                _ => {}
            }
        }
        if self.rows.val() {
            self.most.next = self.last_region.val();
            self.foreign.next = (self.octet.val() > self.last_embedding.val()) & (self.octet.val() < bits::<8>(5));
            if self.ordinal.val() == bits::<BYTE_BITS>(1) {
                self.most.next = self.row_count.val() - 1;
                self.foreign.next = false;
            }
        }
        self.wrong.next =
            (self.octet.val() < self.least.val()) | (self.octet.val() > self.most.val()) | self.foreign.val();
        self.decision.next.byte_refusal = bits::<8>(0);
        if self.question.val() & (self.ordinal.val() == self.final_word.val()) & (self.sentences.val() == bits::<7>(0))
        {
            self.decision.next.byte_refusal = self.no_story.val();
        }
        if self.wrong.val() {
            self.decision.next.byte_refusal = self.wrong_geometry.val();
            if self.asks.val() {
                self.decision.next.byte_refusal = self.unknown_word.val();
            }
        }
        if self.request.val().checking {
            self.tight.d.next = self.narrow.val();
            if self.ordinal.val() != bits::<BYTE_BITS>(0) {
                self.tight.d.next = self.tight.q.val() | self.narrow.val();
            }
            if self.begins.val() {
                match self.ordinal.val().index() {
                    11 => {
                        self.claimed_graded.d.next = self.octet.val().get_bit(0);
                    }
                    12 => {
                        self.claimed_adjacent.d.next = self.octet.val().get_bit(0);
                    }
                    _ => {}
                }
            }
            match self.ordinal.val().index() {
                0 => {
                    self.region.d.next = bit_cast::<4, 8>(self.octet.val());
                }
                1 => {
                    self.row.d.next = self.octet.val();
                }
                _ => {}
            }
        }

        // A pair of codes is loaded when its odd half is at hand; the engine keeps the byte before.
        self.base.next = bits::<ROW_BITS>(0);
        match self.region.q.val().index() {
            1 => {
                self.base.next = self.base_1.val();
            }
            2 => {
                self.base.next = self.base_2.val();
            }
            3 => {
                self.base.next = self.base_3.val();
            }
            4 => {
                self.base.next = self.base_4.val();
            }
            5 => {
                // H has the room of the fifth embedding, its diagonal lies behind all others.
                self.base.next = self.base_4.val();
                if self.kept.q.val().adjacent {
                    self.base.next = self.diagonal.val();
                }
            }
            6 => {
                self.base.next = self.base_position.val();
            }
            // Age words: the third and the fourth memory are the second ones of their slot memories, the fifth is a third one.
            9 => {
                self.base.next = bit_cast::<ROW_BITS, 8>(self.ring.val());
            }
            10 => {
                self.base.next = bit_cast::<ROW_BITS, 8>(self.ring.val());
            }
            11 => {
                self.base.next = bit_cast::<ROW_BITS, 8>(self.ring_twice.val());
            }
            _ => {}
        }
        self.codes.next = self.request.val().committing
            & self.rows.val()
            & (self.ordinal.val() > bits::<BYTE_BITS>(1))
            & self.ordinal.val().get_bit(0);
        self.item.next.weights = self.codes.val() & (self.region.q.val() < bits::<4>(7));
        self.item.next.age_a = self.codes.val() & (self.region.q.val() > bits::<4>(6)) & self.region.q.val().get_bit(0);
        self.item.next.age_c =
            self.codes.val() & (self.region.q.val() > bits::<4>(6)) & !self.region.q.val().get_bit(0);
        self.item.next.pair = self.pair.q.val();
        // Only a row that was looked at addresses a memory.
        self.item.next.row = bits::<ROW_BITS>(0);
        if self.codes.val() {
            self.item.next.row = self.base.val() + bit_cast::<ROW_BITS, 8>(self.row.q.val());
        }
        self.item.next.keep = self.request.val().committing & !self.ordinal.val().get_bit(0);
        self.item.next.fold = self.fold.q.val();
        self.item.next.code = self.octet.val();

        if self.request.val().committing {
            if self.ordinal.val() == bits::<BYTE_BITS>(0) {
                self.pair.d.next = 0.into();
                self.fold.d.next = 0.into();
            }
            if self.codes.val() {
                self.pair.d.next = self.pair.q.val() + 1;
                if self.pair.q.val() == self.final_pair.val() {
                    self.pair.d.next = 0.into();
                    self.fold.d.next = self.fold.q.val() + 1;
                }
            }
            if self.begins.val() {
                match self.ordinal.val().index() {
                    0 => {
                        self.kept.d.next.hops = bit_cast::<4, 8>(self.octet.val());
                    }
                    1 => {
                        self.kept_words.d.next = self.octet.val();
                    }
                    2 => {
                        self.kept.d.next.answers = self.octet.val();
                    }
                    3 => {
                        self.kept.d.next.memory_a = bit_cast::<4, 8>(self.octet.val());
                    }
                    4 => {
                        self.kept.d.next.memory_c = bit_cast::<4, 8>(self.octet.val());
                    }
                    5 => {
                        self.kept.d.next.question = bit_cast::<4, 8>(self.octet.val());
                    }
                    6 => {
                        self.kept_score.d.next = bit_cast::<4, 8>(self.octet.val());
                    }
                    7 => {
                        self.kept_centre.d.next = self.octet.val();
                    }
                    8 => {
                        self.kept_padding.d.next = self.octet.val();
                    }
                    9 => {
                        self.kept_align.d.next = bit_cast::<4, 8>(self.octet.val());
                    }
                    10 => {
                        self.kept.d.next.controller = bit_cast::<4, 8>(self.octet.val());
                    }
                    11 => {
                        self.kept.d.next.graded = self.octet.val().get_bit(0);
                    }
                    12 => {
                        self.kept.d.next.adjacent = self.octet.val().get_bit(0);
                        self.kept.d.next.ring = bit_cast::<7, 8>(self.claimed_ring.val());
                    }
                    _ => {
                        self.kept.d.next.slots = bit_cast::<7, 8>(self.octet.val());
                    }
                }
            }
        }

        // What is replied.
        self.decision.next.reply = bits::<8>(0);
        self.decision.next.reply_bytes = bits::<REPLY_BITS>(0);
        self.decision.next.cycles = bits::<2>(0);
        if self.command.val() == self.command_identify.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(14);
            match self.request.val().cursor.index() {
                1 => {
                    self.decision.next.reply = self.geometry.val();
                }
                2 => {
                    self.decision.next.reply = self.addressing.val();
                }
                3 => {
                    self.decision.next.reply = self.weights.val();
                }
                9 => {
                    self.decision.next.reply = self.lanes.val();
                }
                10 => {
                    self.decision.next.reply = self.elements.val();
                }
                11 => {
                    self.decision.next.reply = self.slots.val();
                }
                12 => {
                    self.decision.next.reply = self.words.val();
                }
                13 => {
                    self.decision.next.reply = self.positions.val();
                }
                _ => {}
            }
        }
        if self.command.val() == self.command_sentence.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(1);
            self.decision.next.reply = bit_cast::<8, 7>(self.sentences.val());
        }
        if self.question.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(9);
            match self.request.val().cursor.index() {
                0 => {
                    self.decision.next.reply = self.answer.val();
                }
                1 => {
                    self.decision.next.reply = bit_cast::<8, SUM_BITS>(self.logit.val());
                }
                2 => {
                    self.decision.next.reply = bit_cast::<8, SUM_BITS>(self.logit.val() >> 8);
                }
                3 => {
                    self.decision.next.reply = bit_cast::<8, SUM_BITS>(self.logit.val() >> 16);
                    if self.logit.val().get_bit(21) {
                        self.decision.next.reply = bit_cast::<8, SUM_BITS>(self.logit.val() >> 16) | bits::<8>(0xC0);
                    }
                }
                4 => {
                    if self.logit.val().get_bit(21) {
                        self.decision.next.reply = bits::<8>(0xFF);
                    }
                }
                5 => {
                    self.decision.next.cycles = bits::<2>(1);
                }
                6 => {
                    self.decision.next.cycles = bits::<2>(2);
                }
                _ => {}
            }
        }
        if self.command.val() == self.command_status.val() {
            self.decision.next.reply_bytes = bits::<REPLY_BITS>(9);
            match self.request.val().cursor.index() {
                1 => {
                    self.decision.next.reply = bit_cast::<8, 7>(self.sentences.val());
                }
                2 => {
                    self.decision.next.reply = bit_cast::<8, 16>(self.forgotten.val());
                }
                3 => {
                    self.decision.next.reply = bit_cast::<8, 16>(self.forgotten.val() >> 8);
                }
                _ => {}
            }
        }
        self.load.next = self.item.val();
        self.settings.next = self.kept.q.val();
        self.score.next = self.kept_score.q.val();
        self.centre.next = self.kept_centre.q.val();
        self.align.next = self.kept_align.q.val();
        self.padding.next = self.kept_padding.q.val();
    }
}
