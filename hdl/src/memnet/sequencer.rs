//! The sequencer: the passes of which a sentence and a question consist, an operation a cycle.
//!
//! ```text
//! sentence:  [Position Word]* Settle Shift* Store        for each memory, each fold
//! question:  [Position Word]* Settle Shift* Store        each fold
//!   hop:     Address* (fold 0) or Recall*, then Attend Normalise* Divide Controller* Settle Shift* Store, each fold
//!   answer:  Answer* Finish
//! ```
//!
//! An operation issued in cycle t addresses the memories in t+1, its weights meet the multiplier in t+2, its product is
//! there in t+4, its sum over the lanes in t+7. The operation travels beside its data through `stages`, of which stage i
//! is seen in t+1+i. The second half of addressing, the weighted read, follows when a slot's exponential is known, nine
//! cycles after its address: it has a short pipeline of its own, `reads`. So both halves run at once, in one pass over the
//! slots. Where a lane holds several elements, the folds beyond the first are read again with the exponentials remembered.
//!
//! With adjacent tying a lane multiplies its own element of u, while the division is under way: there are no controller cycles. The
//! slot memories change places from hop to hop, and several memories of the network lie side by side in each.
//!
//! Latency, with F folds, E elements, n sentences, A answers, K hops and J words in the question, in cycles from `start` to
//! `done`: F (2 J + 5 + s(question)) + K (n F + 15 + (F - 1)(n + 5) + F (E + 26 + s(controller))) + A F + 11, where
//! s(x) is a shift, at least 1, and with adjacent tying E is 0. A sentence takes F (2 J + 5 + s) for each memory. Where formats are
//! graded, each hop has its own shift ([`engram_spec::memnet::Settings::controller_shift`]).

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::memnet::Geometry;
use engram_spec::memnet::geometry::Region;

use crate::memnet::lane::LaneControl;
use crate::memnet::memory::{FOLD_BITS, PLACE_BITS, ROW_BITS, SLOT_BITS};
use crate::memnet::pair::MemoryControl;
use crate::memnet::softmax::NORMALISE_CYCLES;
use crate::parts::gather::LANE_BITS;
use crate::parts::register::Register;
use crate::prelude::*;

/// The sequencer's operation in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Phase {
    /// Waits for a sentence or a question; age words and weights may be loaded.
    Idle,
    /// Reads a position weight.
    Position,
    /// Reads the word's row: position weight x embedding.
    Word,
    /// Waits for the last product.
    Settle,
    /// Halves the sum once a cycle.
    Shift,
    /// Stores the code in a slot or as u.
    Store,
    /// Addresses a fold of a slot.
    Address,
    /// Reads a slot of a fold beyond the first.
    Recall,
    /// Waits for the weighted read of the last slot.
    Attend,
    /// Aligns the sum of the exponentials and halves the weighted read, a bit a cycle.
    Normalise,
    /// Broadcasts an element of u to its row of H.
    Controller,
    /// Divides the weighted read by the sum of the exponentials, and begins the controller's sum with it; with adjacent tying, with
    /// u, too.
    Divide,
    /// Reads a fold of an answer's row.
    Answer,
    /// Waits for the last logit.
    Finish,
}

/// The meaning of a sum.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Target {
    /// The code of a sentence in a memory.
    Memory,
    /// u_0.
    Question,
    /// The next u.
    State,
}

/// An operation on its way through the pipeline.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Operation {
    /// The weight is a position weight.
    pub position: Bit,
    /// The multiplier's x.
    pub x_select: Bits<2>,
    /// The multiplier's y.
    pub y_select: Bits<2>,
    /// The number that is broadcast.
    pub broadcast: Bits<2>,
    /// The product starts a sum.
    pub first: Bit,
    /// The product is added to the sum.
    pub add: Bit,
    /// The product is o before it is rounded.
    pub quotient: Bit,
    /// The similarity goes into the adder tree.
    pub address: Bit,
    /// The product goes into the adder tree.
    pub answer: Bit,
    /// The fold.
    pub fold: Bits<FOLD_BITS>,
    /// The sum over the lanes starts a sum over the folds.
    pub opening: Bit,
    /// The sum over the lanes completes the sum over the folds.
    pub closing: Bit,
    /// The lane whose u is broadcast.
    pub lane: Bits<LANE_BITS>,
}

/// A weighted read on its way.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Reading {
    /// Whether there is one.
    pub valid: Bit,
    /// Whether the slot is the newest.
    pub first: Bit,
    /// Whether the slot's exponential is recalled.
    pub recall: Bit,
}

/// The broadcast number is u_k.
pub const BROADCAST_STATE: u64 = 0;
/// The broadcast number is e_i.
pub const BROADCAST_EXPONENTIAL: u64 = 1;
/// The broadcast number is the reciprocal.
pub const BROADCAST_RECIPROCAL: u64 = 2;
/// The broadcast number is 2^align.
pub const BROADCAST_ALIGN: u64 = 3;

/// Hops, answers, shifts, grading, tying and slots, as [`engram_spec::memnet::Settings`] has them, and the room of a memory.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct SequencerSettings {
    /// K.
    pub hops: Bits<4>,
    /// Words that may be the answer.
    pub answers: Bits<8>,
    /// To the first memory.
    pub memory_a: Bits<4>,
    /// To the others.
    pub memory_c: Bits<4>,
    /// To u_0.
    pub question: Bits<4>,
    /// To the next u.
    pub controller: Bits<4>,
    /// The formats are graded over the hops.
    pub graded: Bit,
    /// The tying is adjacent.
    pub adjacent: Bit,
    /// The network's slots.
    pub slots: Bits<7>,
    /// The slots between two memories that lie side by side in a slot memory: [`Geometry::ring`].
    pub ring: Bits<7>,
}

/// The sequencer.
#[derive(Clone, Debug, Default, Composite)]
pub struct Sequencer {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Hops, answers, shifts, grading, tying and slots; steady from one clearing to the next.
    pub settings: Signal<In, SequencerSettings>,
    /// Whether a sentence begins, or with `question` a question. Only while not busy.
    pub start: Signal<In, Bit>,
    /// Whether a question begins, not a sentence.
    pub question: Signal<In, Bit>,
    /// The number of words less one.
    pub last_position: Signal<In, Bits<4>>,
    /// The word that was asked for with `position` a cycle before.
    pub word: Signal<In, Bits<8>>,
    /// Whether the story is cleared. Only while not busy.
    pub clear: Signal<In, Bit>,
    /// Whether a row is loaded. Only while not busy.
    pub load: Signal<In, Bit>,
    /// The row, or of age words the place.
    pub load_row: Signal<In, Bits<ROW_BITS>>,
    /// The fold of the row.
    pub load_fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether the sum of the exponentials is aligned.
    pub aligned: Signal<In, Bit>,

    /// Whether a sentence or question is under way.
    pub busy: Signal<Out, Bit>,
    /// High for one cycle, when a question's answer stands in the maximum.
    pub done: Signal<Out, Bit>,
    /// The number of the word that is needed.
    pub position: Signal<Out, Bits<4>>,
    /// Sentences in the memory, the network's slots at most.
    pub sentences: Signal<Out, Bits<7>>,
    /// Sentences that fell out of the memory since `clear`.
    pub forgotten: Signal<Out, Bits<16>>,
    /// The places at which the memories of all pairs read and write.
    pub memory: Signal<Out, MemoryControl>,
    /// The operation of all lanes.
    pub control: Signal<Out, LaneControl>,
    /// The age of the slot that is read.
    pub read_age: Signal<Out, Bits<SLOT_BITS>>,
    /// Whether the recalled exponential goes to the lanes.
    pub recall: Signal<Out, Bit>,
    /// The lane whose element of u is broadcast.
    pub gather_lane: Signal<Out, Bits<LANE_BITS>>,
    /// The number that is broadcast in the next cycle, as the `broadcast` block selects it.
    pub broadcast_select: Signal<Out, Bits<2>>,
    /// Whether the sum over the lanes starts a sum over the folds.
    pub opening: Signal<Out, Bit>,
    /// Whether the sum over the lanes is of similarities, a cycle before it is there.
    pub addressed: Signal<Out, Bit>,
    /// Whether a slot's score is an index in this cycle.
    pub score_valid: Signal<Out, Bit>,
    /// Whether a slot's exponential is there in this cycle.
    pub exponential_valid: Signal<Out, Bit>,
    /// Whether the sum over the folds is a logit in this cycle.
    pub logit_valid: Signal<Out, Bit>,
    /// Whether a question begins.
    pub question_begin: Signal<Out, Bit>,
    /// Whether the addressing of a hop begins.
    pub hop_begin: Signal<Out, Bit>,
    /// Whether the sum of the exponentials is aligned by a bit.
    pub align: Signal<Out, Bit>,
    /// Whether the lanes' codes are stored in this cycle, as `target` and `target_fold` say; for traces.
    pub store: Signal<Out, Bit>,
    /// The meaning of these codes; for traces.
    pub target: Signal<Out, Target>,
    /// The memory of these codes, where they are a sentence's; for traces.
    pub target_memory: Signal<Out, Bits<3>>,
    /// The fold of the codes, and of o; for traces.
    pub target_fold: Signal<Out, Bits<FOLD_BITS>>,
    /// Whether o stands in the lanes in this cycle; for traces.
    pub read_valid: Signal<Out, Bit>,

    base: Signal<Local, Bits<ROW_BITS>>,
    row_base: Signal<Local, Bits<ROW_BITS>>,
    row_index: Signal<Local, Bits<8>>,
    shift: Signal<Local, Bits<4>>,
    operation: Signal<Local, Operation>,
    reading: Signal<Local, Reading>,
    access: Signal<Local, MemoryControl>,
    lanes: Signal<Local, LaneControl>,
    new_slot: Signal<Local, Bits<SLOT_BITS>>,
    doubled: Signal<Local, Bits<4>>,
    embedding: Signal<Local, Bits<4>>,
    last_memory: Signal<Local, Bits<4>>,
    ring: Signal<Local, Bits<PLACE_BITS>>,
    mask: Signal<Local, Bits<PLACE_BITS>>,
    ring_twice: Signal<Local, Bits<PLACE_BITS>>,
    swap: Signal<Local, Bit>,
    bank_addressed: Signal<Local, Bits<PLACE_BITS>>,
    bank_read: Signal<Local, Bits<PLACE_BITS>>,
    slot_place: Signal<Local, Bits<PLACE_BITS>>,
    age_place: Signal<Local, Bits<PLACE_BITS>>,
    reader_place: Signal<Local, Bits<PLACE_BITS>>,
    reader_age_place: Signal<Local, Bits<PLACE_BITS>>,
    read_fold: Signal<Local, Bits<FOLD_BITS>>,
    loading: Signal<Local, Bit>,
    storing: Signal<Local, Bit>,
    final_age: Signal<Local, Bits<7>>,
    final_word: Signal<Local, Bits<8>>,
    last_slot: Signal<Local, Bit>,
    last_fold: Signal<Local, Bit>,
    leaving: Signal<Local, Bit>,
    last_read: Signal<Local, Bit>,
    state_fold: Signal<Local, Bits<FOLD_BITS>>,
    write_state: Signal<Local, Bit>,
    attended: Signal<Local, Bits<5>>,
    graded: Signal<Local, Bit>,
    next_hop: Signal<Local, Bits<4>>,
    hop_after: Signal<Local, Bits<4>>,
    step: Signal<Local, Bits<4>>,

    base_0: Constant<Bits<ROW_BITS>>,
    base_1: Constant<Bits<ROW_BITS>>,
    base_2: Constant<Bits<ROW_BITS>>,
    base_3: Constant<Bits<ROW_BITS>>,
    base_4: Constant<Bits<ROW_BITS>>,
    base_h: Constant<Bits<ROW_BITS>>,
    base_position: Constant<Bits<ROW_BITS>>,
    diagonal: Constant<Bits<ROW_BITS>>,
    final_fold: Constant<Bits<FOLD_BITS>>,
    final_lane: Constant<Bits<LANE_BITS>>,
    final_element: Constant<Bits<8>>,
    final_halving: Constant<Bits<5>>,

    phase: Register<Phase>,
    aim: Register<Target>,
    fold: Register<Bits<FOLD_BITS>>,
    // The hop; while a sentence is stored, its memory.
    hop: Register<Bits<4>>,
    age: Register<Bits<7>>,
    slot: Register<Bits<SLOT_BITS>>,
    // The place of a word, the element of u that is broadcast, or the word that may be the answer.
    counter: Register<Bits<8>>,
    lane: Register<Bits<LANE_BITS>>,
    gather_fold: Register<Bits<FOLD_BITS>>,
    count: Register<Bits<5>>,
    remaining: Register<Bits<4>>,
    halvings: Register<Bits<5>>,
    bank: Register<Bit>,
    newest: Register<Bits<SLOT_BITS>>,
    stored: Register<Bits<7>>,
    lost: Register<Bits<16>>,
    stages: Vec<Register<Operation>>,
    reader_age: Register<Bits<SLOT_BITS>>,
    reader_slot: Register<Bits<SLOT_BITS>>,
    reads: Vec<Register<Reading>>,
    accesses: Register<MemoryControl>,
    coarse: Register<Bit>,
    fine: Register<Bit>,
    verging: Register<Bit>,
    swapped: Register<Bit>,
    _evaluation: Evaluation,
}

impl Sequencer {
    /// The sequencer of a geometry.
    pub fn new(geometry: &Geometry) -> Sequencer {
        let base = |region| Constant::new((geometry.base(region) as u64).into());
        let folds = geometry.folds() as u64;
        Sequencer {
            base_0: base(Region::Embedding(0)),
            base_1: base(Region::Embedding(1)),
            base_2: base(Region::Embedding(2)),
            base_3: base(Region::Embedding(3)),
            base_4: base(Region::Embedding(4)),
            base_h: base(Region::H),
            base_position: base(Region::Position),
            diagonal: Constant::new((geometry.diagonal() as u64).into()),
            final_fold: Constant::new((folds - 1).into()),
            final_lane: Constant::new((geometry.lanes as u64 - 1).into()),
            final_element: Constant::new((geometry.elements as u64 - 1).into()),
            final_halving: Constant::new((NORMALISE_CYCLES - 1).into()),
            stages: vec![Default::default(); 10],
            reads: vec![Default::default(); 5],
            ..Default::default()
        }
    }
}

impl Logic for Sequencer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, phase, aim, fold, hop, age, slot, counter, lane, gather_fold, count);
        dff_setup!(self, clock, remaining, halvings, bank, newest, stored, lost, reader_age, reader_slot, accesses);
        dff_setup!(self, clock, coarse, fine, verging, swapped);
        for i in 0..10 {
            self.stages[i].clock.next = self.clock.val();
        }
        for i in 0..9 {
            self.stages[i + 1].d.next = self.stages[i].q.val();
        }
        for i in 0..5 {
            self.reads[i].clock.next = self.clock.val();
        }
        for i in 0..4 {
            self.reads[i + 1].d.next = self.reads[i].q.val();
        }

        // What this cycle issues: nothing, unless a phase says so.
        self.operation.next.position = false;
        self.operation.next.x_select = bits::<2>(0);
        self.operation.next.y_select = bits::<2>(0);
        self.operation.next.broadcast = bits::<2>(0);
        self.operation.next.first = false;
        self.operation.next.add = false;
        self.operation.next.quotient = false;
        self.operation.next.address = false;
        self.operation.next.answer = false;
        self.operation.next.fold = self.fold.q.val();
        self.last_fold.next = self.fold.q.val() == self.final_fold.val();
        self.operation.next.opening = self.fold.q.val() == bits::<FOLD_BITS>(0);
        self.operation.next.closing = self.last_fold.val();
        self.operation.next.lane = self.lane.q.val();
        self.row_base.next = self.base_position.val();
        self.row_index.next = self.counter.q.val();
        self.access.next.row_fold = self.fold.q.val();
        self.access.next.load = false;
        self.access.next.bank = false;
        self.access.next.state_fold = bits::<FOLD_BITS>(0);
        self.access.next.write_state = false;

        // Controls of the lanes: what the pipeline has reached, and what a phase does at once.
        self.lanes.next.x_select = self.stages[1].q.val().x_select;
        self.lanes.next.y_select = self.stages[1].q.val().y_select;
        if self.reads[2].q.val().valid {
            self.lanes.next.y_select = bits::<2>(1);
        }
        self.lanes.next.position_load = self.stages[1].q.val().position;
        // A sum is cleared in the cycle before its first product.
        self.lanes.next.clear =
            self.stages[2].q.val().first | (self.reads[3].q.val().valid & self.reads[3].q.val().first);
        self.lanes.next.add = self.stages[3].q.val().add | self.reads[4].q.val().valid;
        self.lanes.next.shift = false;
        self.lanes.next.quotient_load = self.stages[3].q.val().quotient;
        self.lanes.next.term_product = self.stages[3].q.val().answer;

        // Graded formats: the first hop's is coarse, the last hop's fine; before the last hop the next one's is.
        self.graded.next = self.settings.val().graded & (self.settings.val().hops != bits::<4>(1));
        self.next_hop.next = self.hop.q.val() + 1;
        self.hop_after.next = self.hop.q.val() + 2;
        self.coarse.d.next = self.graded.val() & (self.hop.q.val() == bits::<4>(0));
        self.fine.d.next = self.graded.val() & (self.next_hop.val() == self.settings.val().hops);
        self.verging.d.next = self.graded.val() & (self.hop_after.val() == self.settings.val().hops);
        self.lanes.next.scale = bits::<2>(0);
        if self.coarse.q.val() {
            self.lanes.next.scale = bits::<2>(1);
        }
        if self.fine.q.val() {
            self.lanes.next.scale = bits::<2>(2);
        }

        // From hop to hop of adjacent tying the slot memories change places.
        self.swap.next = self.settings.val().adjacent & self.hop.q.val().get_bit(0);
        self.swapped.d.next = self.swap.val();
        self.lanes.next.swap = self.swapped.q.val();

        // The embedding: A and C for the memories, B for the question and W for the answer, or E_0 to E_K, E_0 and E_K.
        self.doubled.next = self.hop.q.val() << 1;
        self.embedding.next = self.doubled.val();
        self.last_memory.next = bits::<4>(1);
        self.shift.next = self.settings.val().memory_a;
        self.step.next = bits::<4>(0);
        if self.hop.q.val() != bits::<4>(0) {
            self.shift.next = self.settings.val().memory_c;
        }
        if self.aim.q.val() == Target::Question {
            self.embedding.next = bits::<4>(1);
            self.shift.next = self.settings.val().question;
            if self.coarse.q.val() {
                self.step.next = bits::<4>(1);
            }
        }
        if self.aim.q.val() == Target::State {
            self.embedding.next = bits::<4>(3);
            self.shift.next = self.settings.val().controller;
            // From this hop's format to the next one's: 15 is one bit less, 14 are two.
            if self.coarse.q.val() | self.verging.q.val() {
                self.step.next = bits::<4>(15);
            }
            if self.coarse.q.val() & self.verging.q.val() {
                self.step.next = bits::<4>(14);
            }
            if self.fine.q.val() {
                self.step.next = bits::<4>(1);
            }
        }
        if self.settings.val().adjacent {
            self.last_memory.next = self.settings.val().hops;
            self.embedding.next = self.hop.q.val();
            if self.aim.q.val() == Target::Question {
                self.embedding.next = bits::<4>(0);
            }
            if self.aim.q.val() == Target::State {
                self.embedding.next = self.settings.val().hops;
            }
        }
        self.base.next = self.base_0.val();
        match self.embedding.val().index() {
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
            _ => {}
        }

        // A slot memory holds up to three memories, each a ring of slots of the same size: the first those with numbers 0, 2
        // and 4, the second 1 and 3. Hop k addresses memory k and reads memory k + 1; a sentence goes to memory k.
        self.ring.next = bit_cast::<PLACE_BITS, 7>(self.settings.val().ring);
        self.mask.next = self.ring.val() - 1;
        self.ring_twice.next = self.ring.val() << 1;
        self.bank_addressed.next = bits::<PLACE_BITS>(0);
        self.bank_read.next = bits::<PLACE_BITS>(0);
        if self.settings.val().adjacent {
            if self.hop.q.val().get_bit(1) {
                self.bank_addressed.next = self.ring.val();
            }
            if self.hop.q.val().get_bit(2) {
                self.bank_addressed.next = self.ring_twice.val();
            }
            if self.next_hop.val().get_bit(1) {
                self.bank_read.next = self.ring.val();
            }
            if self.next_hop.val().get_bit(2) {
                self.bank_read.next = self.ring_twice.val();
            }
        }
        self.new_slot.next = self.newest.q.val() + 1;
        self.slot_place.next = bit_cast::<PLACE_BITS, SLOT_BITS>(self.slot.q.val());
        self.age_place.next = bit_cast::<PLACE_BITS, 7>(self.age.q.val());
        self.reader_place.next = bit_cast::<PLACE_BITS, SLOT_BITS>(self.reader_slot.q.val());
        self.reader_age_place.next = bit_cast::<PLACE_BITS, SLOT_BITS>(self.reader_age.q.val());
        self.final_age.next = self.stored.q.val() - 1;
        self.last_slot.next = self.age.q.val() == self.final_age.val();
        self.final_word.next = self.settings.val().answers - 1;
        self.loading.next = false;
        self.storing.next = false;
        self.leaving.next = false;
        self.write_state.next = false;
        self.align.next = false;
        // u is read in the cycle before it is compared, multiplied or broadcast.
        self.state_fold.next = self.fold.q.val();
        if self.stages[1].q.val().address {
            self.state_fold.next = self.stages[1].q.val().fold;
        }
        if self.stages[0].q.val().answer {
            self.state_fold.next = self.stages[0].q.val().fold;
        }
        self.last_read.next = bit_cast::<7, SLOT_BITS>(self.reader_age.q.val()) == self.final_age.val();
        // From the last slot on: its exponential, or only its read, has still to come.
        self.attended.next = bits::<5>(4);
        if self.fold.q.val() == bits::<FOLD_BITS>(0) {
            self.attended.next = bits::<5>(14);
        }

        self.busy.next = true;
        self.done.next = false;
        self.question_begin.next = false;
        self.hop_begin.next = false;
        self.store.next = false;
        self.read_valid.next = self.stages[4].q.val().quotient;
        self.broadcast_select.next = self.stages[0].q.val().broadcast;
        self.reading.next.valid = self.stages[9].q.val().address & self.stages[9].q.val().closing;
        self.reading.next.recall = false;
        self.exponential_valid.next = self.reading.val().valid;
        self.count.d.next = self.count.q.val() + 1;

        match self.phase.q.val() {
            Phase::Idle => {
                self.busy.next = false;
                self.loading.next = true;
                self.access.next.load = self.load.val();
                self.access.next.row_fold = self.load_fold.val();
                self.counter.d.next = 0.into();
                self.fold.d.next = 0.into();
                self.hop.d.next = 0.into();
                // Where a sentence is stored, whichever slot memory has its memory.
                self.slot.d.next = self.new_slot.val();
                self.reader_slot.d.next = self.new_slot.val();
                if self.clear.val() {
                    self.stored.d.next = 0.into();
                    self.lost.d.next = 0.into();
                }
                if self.start.val() {
                    self.phase.d.next = Phase::Position;
                    self.aim.d.next = Target::Memory;
                    if self.question.val() {
                        self.aim.d.next = Target::Question;
                        self.question_begin.next = true;
                    }
                }
            }
            Phase::Position => {
                self.operation.next.position = true;
                self.phase.d.next = Phase::Word;
            }
            Phase::Word => {
                self.operation.next.x_select = bits::<2>(1);
                self.operation.next.first = self.counter.q.val() == bits::<8>(0);
                self.operation.next.add = true;
                self.row_base.next = self.base.val();
                self.row_index.next = self.word.val();
                self.counter.d.next = self.counter.q.val() + 1;
                self.phase.d.next = Phase::Position;
                if bit_cast::<4, 8>(self.counter.q.val()) == self.last_position.val() {
                    self.counter.d.next = 0.into();
                    self.count.d.next = 0.into();
                    self.phase.d.next = Phase::Settle;
                }
            }
            Phase::Settle => {
                self.remaining.d.next = self.shift.val() + self.step.val();
                if self.count.q.val() == bits::<5>(3) {
                    self.phase.d.next = Phase::Shift;
                }
            }
            Phase::Shift => {
                self.lanes.next.shift = self.remaining.q.val() != bits::<4>(0);
                self.remaining.d.next = self.remaining.q.val() - 1;
                if self.remaining.q.val() <= bits::<4>(1) {
                    self.phase.d.next = Phase::Store;
                }
            }
            Phase::Store => {
                self.store.next = true;
                self.fold.d.next = self.fold.q.val() + 1;
                if self.last_fold.val() {
                    self.fold.d.next = 0.into();
                }
                match self.aim.q.val() {
                    Target::Memory => {
                        self.storing.next = true;
                        self.phase.d.next = Phase::Position;
                        if self.last_fold.val() {
                            self.hop.d.next = self.next_hop.val();
                            if self.hop.q.val() == self.last_memory.val() {
                                self.newest.d.next = self.slot.q.val();
                                self.stored.d.next = self.stored.q.val() + 1;
                                // The ring is the geometry's; what lies in it beyond the network's slots is not read again.
                                if self.stored.q.val() == self.settings.val().slots {
                                    self.stored.d.next = self.stored.q.val();
                                    if self.lost.q.val() != bits::<16>(65535) {
                                        self.lost.d.next = self.lost.q.val() + 1;
                                    }
                                }
                                self.phase.d.next = Phase::Idle;
                            }
                        }
                    }
                    Target::Question => {
                        self.write_state.next = true;
                        self.reader_slot.d.next = self.newest.q.val();
                        self.phase.d.next = Phase::Position;
                        if self.last_fold.val() {
                            self.leaving.next = true;
                        }
                    }
                    _ => {
                        self.write_state.next = true;
                        self.reader_slot.d.next = self.newest.q.val();
                        self.phase.d.next = Phase::Recall;
                        if self.last_fold.val() {
                            self.hop.d.next = self.next_hop.val();
                            self.leaving.next = true;
                        }
                    }
                }
                self.reader_age.d.next = 0.into();
                if self.leaving.val() {
                    // The new u is complete: the next hop, or the answer.
                    self.bank.d.next = !self.bank.q.val();
                    self.phase.d.next = Phase::Address;
                    self.slot.d.next = self.newest.q.val();
                    self.age.d.next = 0.into();
                    self.hop_begin.next = true;
                }
            }
            Phase::Address => {
                self.count.d.next = 0.into();
                if self.hop.q.val() == self.settings.val().hops {
                    self.phase.d.next = Phase::Answer;
                } else {
                    self.operation.next.address = true;
                    self.fold.d.next = self.fold.q.val() + 1;
                    if self.last_fold.val() {
                        self.fold.d.next = 0.into();
                        self.age.d.next = self.age.q.val() + 1;
                        self.slot.d.next = self.slot.q.val() - 1;
                        if self.last_slot.val() {
                            self.phase.d.next = Phase::Attend;
                        }
                    }
                }
            }
            Phase::Recall => {
                self.count.d.next = 0.into();
                self.reading.next.valid = true;
                self.reading.next.recall = true;
                if self.last_read.val() {
                    self.phase.d.next = Phase::Attend;
                }
            }
            Phase::Attend => {
                self.aim.d.next = Target::State;
                if self.fold.q.val() == bits::<FOLD_BITS>(0) {
                    self.halvings.d.next = 0.into();
                }
                if self.count.q.val() == self.attended.val() {
                    self.count.d.next = 0.into();
                    self.phase.d.next = Phase::Normalise;
                }
            }
            Phase::Normalise => {
                if self.fold.q.val() == bits::<FOLD_BITS>(0) {
                    self.align.next = true;
                    if self.aligned.val() {
                        self.lanes.next.shift = true;
                        self.halvings.d.next = self.halvings.q.val() + 1;
                    }
                } else {
                    self.lanes.next.shift = self.count.q.val() < self.halvings.q.val();
                }
                if self.count.q.val() == self.final_halving.val() {
                    self.count.d.next = 0.into();
                    self.phase.d.next = Phase::Divide;
                }
            }
            Phase::Divide => {
                if self.count.q.val() == bits::<5>(0) {
                    self.operation.next.y_select = bits::<2>(2);
                    self.operation.next.broadcast = bits::<2>(2);
                    self.operation.next.quotient = true;
                }
                if self.settings.val().adjacent & (self.count.q.val() == bits::<5>(1)) {
                    // The sum begins with the lane's own u, when the weighted read is on its way through the multiplier.
                    self.operation.next.x_select = bits::<2>(2);
                    self.operation.next.first = true;
                    self.operation.next.add = true;
                    self.row_base.next = self.diagonal.val();
                }
                if self.count.q.val() == bits::<5>(3) {
                    // o is there when this meets the multiplier: the controller's sum begins with o 2^align.
                    self.operation.next.y_select = bits::<2>(3);
                    self.operation.next.broadcast = bits::<2>(3);
                    self.operation.next.first = !self.settings.val().adjacent;
                    self.operation.next.add = true;
                    self.phase.d.next = Phase::Controller;
                    if self.settings.val().adjacent {
                        self.count.d.next = 0.into();
                        self.phase.d.next = Phase::Settle;
                    }
                }
            }
            Phase::Controller => {
                self.operation.next.add = true;
                self.state_fold.next = self.gather_fold.q.val();
                self.row_base.next = self.base_h.val();
                self.counter.d.next = self.counter.q.val() + 1;
                self.lane.d.next = self.lane.q.val() + 1;
                if self.lane.q.val() == self.final_lane.val() {
                    self.lane.d.next = 0.into();
                    self.gather_fold.d.next = self.gather_fold.q.val() + 1;
                }
                self.count.d.next = 0.into();
                if self.counter.q.val() == self.final_element.val() {
                    self.counter.d.next = 0.into();
                    self.lane.d.next = 0.into();
                    self.gather_fold.d.next = 0.into();
                    self.phase.d.next = Phase::Settle;
                }
            }
            Phase::Answer => {
                self.operation.next.answer = true;
                self.operation.next.x_select = bits::<2>(2);
                self.row_base.next = self.base.val();
                self.count.d.next = 0.into();
                self.fold.d.next = self.fold.q.val() + 1;
                if self.last_fold.val() {
                    self.fold.d.next = 0.into();
                    self.counter.d.next = self.counter.q.val() + 1;
                    if self.counter.q.val() == self.final_word.val() {
                        self.counter.d.next = 0.into();
                        self.phase.d.next = Phase::Finish;
                    }
                }
            }
            _ => {
                if self.count.q.val() == bits::<5>(8) {
                    self.done.next = true;
                    self.phase.d.next = Phase::Idle;
                }
            }
        }

        // The second half of addressing: when an exponential is there, its slot is read.
        self.reading.next.first = self.reader_age.q.val() == bits::<SLOT_BITS>(0);
        self.read_fold.next = self.fold.q.val();
        if self.reading.val().valid & !self.reading.val().recall {
            self.read_fold.next = bits::<FOLD_BITS>(0);
        }
        if self.reading.val().valid {
            self.reader_age.d.next = self.reader_age.q.val() + 1;
            self.reader_slot.d.next = self.reader_slot.q.val() - 1;
        }
        if self.reads[1].q.val().valid {
            self.broadcast_select.next = bits::<2>(1);
        }

        // The first slot memory is addressed and the second one is read, or the other way round.
        self.access.next.slot_a = (self.slot_place.val() & self.mask.val()) | self.bank_addressed.val();
        self.access.next.age_a = self.age_place.val() | self.bank_addressed.val();
        self.access.next.fold_a = self.fold.q.val();
        self.access.next.slot_c = (self.reader_place.val() & self.mask.val()) | self.bank_read.val();
        self.access.next.age_c = self.reader_age_place.val() | self.bank_read.val();
        self.access.next.fold_c = self.read_fold.val();
        if self.swap.val() {
            self.access.next.slot_c = (self.slot_place.val() & self.mask.val()) | self.bank_addressed.val();
            self.access.next.age_c = self.age_place.val() | self.bank_addressed.val();
            self.access.next.fold_c = self.fold.q.val();
            self.access.next.slot_a = (self.reader_place.val() & self.mask.val()) | self.bank_read.val();
            self.access.next.age_a = self.reader_age_place.val() | self.bank_read.val();
            self.access.next.fold_a = self.read_fold.val();
        }
        self.access.next.row = self.row_base.val() + bit_cast::<ROW_BITS, 8>(self.row_index.val());
        if self.loading.val() {
            self.access.next.row = self.load_row.val();
            self.access.next.slot_a = bit_cast::<PLACE_BITS, ROW_BITS>(self.load_row.val());
            self.access.next.slot_c = bit_cast::<PLACE_BITS, ROW_BITS>(self.load_row.val());
            self.access.next.fold_a = self.load_fold.val();
            self.access.next.fold_c = self.load_fold.val();
        }
        self.access.next.write_a = self.storing.val() & !self.hop.q.val().get_bit(0);
        self.access.next.write_c = self.storing.val() & self.hop.q.val().get_bit(0);

        self.stages[0].d.next = self.operation.val();
        self.reads[0].d.next = self.reading.val();
        self.accesses.d.next = self.access.val();
        self.memory.next = self.accesses.q.val();
        // u is addressed at once.
        self.memory.next.bank = self.bank.q.val();
        self.memory.next.state_fold = self.state_fold.val();
        self.memory.next.write_state = self.write_state.val();
        self.control.next = self.lanes.val();
        self.read_age.next = self.reader_age.q.val();
        self.recall.next = self.reads[0].q.val().recall;
        self.gather_lane.next = self.stages[0].q.val().lane;
        self.opening.next = self.stages[6].q.val().opening;
        self.addressed.next = self.stages[5].q.val().address;
        self.score_valid.next = self.stages[8].q.val().address & self.stages[8].q.val().closing;
        self.logit_valid.next = self.stages[7].q.val().answer & self.stages[7].q.val().closing;
        self.position.next = bit_cast::<4, 8>(self.counter.q.val());
        self.sentences.next = self.stored.q.val();
        self.forgotten.next = self.lost.q.val();
        self.target.next = self.aim.q.val();
        self.target_memory.next = bit_cast::<3, 4>(self.hop.q.val());
        self.target_fold.next = self.fold.q.val();
    }
}
