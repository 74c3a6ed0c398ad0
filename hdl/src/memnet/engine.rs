//! The engine of the memory network: everything between a word number and an answer.
//!
//! ```text
//!   word --> Sequencer --controls--> Pair Pair Pair ... (two lanes and their memories each)
//!                ^                    | terms    | states
//!                | aligned        AdderTree    Gather
//!                |                    | sum      | u_k
//!              Softmax <-- total (over the folds)  |
//!                |                    | logits   |
//!                |  e_i, 1/sum e    Maximum      |
//!                '-----------> Broadcast <-------'  --> all pairs
//! ```
//!
//! The broadcast number and the adder tree alone cross lanes, so every bus inside is narrow. With taps, the codes that
//! the lanes store and their o are ports too: they are how a trace looks into the Verilog.
//!
//! Latency: see [`crate::memnet::sequencer`].

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::memnet::{Datapath, Geometry};

use crate::memnet::broadcast::Broadcast;
use crate::memnet::memory::{ExponentialMemory, FOLD_BITS, ROW_BITS};
use crate::memnet::pair::Pair;
use crate::memnet::sequencer::{Sequencer, SequencerSettings, Target};
use crate::memnet::softmax::Softmax;
use crate::parts::adder_tree::{AdderTree, SUM_BITS};
use crate::parts::gather::Gather;
use crate::parts::maximum::Maximum;
use crate::parts::register::Register;
use crate::prelude::*;

/// Bits of a pair's number.
pub const PAIR_BITS: usize = 5;

/// A code to be loaded, and where: the even lane's is kept, and loaded with the odd lane's.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Load {
    /// Whether the code is the even lane's.
    pub keep: Bit,
    /// Whether both codes go into the weight memory.
    pub weights: Bit,
    /// Whether both codes are an age word of the first slot memory.
    pub age_a: Bit,
    /// Whether both codes are an age word of the second slot memory.
    pub age_c: Bit,
    /// The pair of lanes.
    pub pair: Bits<PAIR_BITS>,
    /// The row of the weight memory, or the place of the age word.
    pub row: Bits<ROW_BITS>,
    /// The fold.
    pub fold: Bits<FOLD_BITS>,
    /// The code.
    pub code: Bits<8>,
}

/// The engine of the memory network.
#[derive(Clone, Debug, Default, Composite)]
pub struct MemnetEngine {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Hops, answers, shifts, grading, tying and slots.
    pub settings: Signal<In, SequencerSettings>,
    /// The shift to a score.
    pub score: Signal<In, Bits<4>>,
    /// The centre of the scores.
    pub centre: Signal<In, Bits<8>>,
    /// Elements that only pad the network, of each of which a similarity of 127 is taken from every sum.
    pub padding: Signal<In, Bits<8>>,
    /// The shift of o to the left, of the base format.
    pub align: Signal<In, Bits<4>>,
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
    /// A code to be loaded, and where. Only while not busy.
    pub load: Signal<In, Load>,

    /// Whether a sentence or question is under way.
    pub busy: Signal<Out, Bit>,
    /// High for one cycle, when the answer is there.
    pub done: Signal<Out, Bit>,
    /// The number of the word that is needed.
    pub position: Signal<Out, Bits<4>>,
    /// Sentences in the memory, the network's slots at most.
    pub sentences: Signal<Out, Bits<7>>,
    /// Sentences that fell out of the memory since `clear`.
    pub forgotten: Signal<Out, Bits<16>>,
    /// The answer.
    pub answer: Signal<Out, Bits<8>>,
    /// The answer's logit, signed, exact.
    pub logit: Signal<Out, Bits<SUM_BITS>>,

    /// Whether the codes of the lanes are stored in this cycle.
    pub tap_store: Signal<Out, Bit>,
    /// The meaning of these codes.
    pub tap_target: Signal<Out, Target>,
    /// The fold of the codes, and of o.
    pub tap_fold: Signal<Out, Bits<FOLD_BITS>>,
    /// The memory of these codes, where they are a sentence's.
    pub tap_memory: Signal<Out, Bits<3>>,
    /// Whether o stands in the lanes in this cycle.
    pub tap_read: Signal<Out, Bit>,
    /// Whether there is a score in this cycle.
    pub tap_score_valid: Signal<Out, Bit>,
    /// The score + 512.
    pub tap_score: Signal<Out, Bits<10>>,
    /// Whether there is an exponential in this cycle.
    pub tap_exponential_valid: Signal<Out, Bit>,
    /// The exponential.
    pub tap_exponential: Signal<Out, Bits<15>>,
    /// Whether there is a logit in this cycle.
    pub tap_logit_valid: Signal<Out, Bit>,
    /// The logit, signed.
    pub tap_logit: Signal<Out, Bits<SUM_BITS>>,
    /// The codes of the even lanes; none without taps.
    pub tap_code_even: Vec<Signal<Out, Bits<8>>>,
    /// The codes of the odd lanes; none without taps.
    pub tap_code_odd: Vec<Signal<Out, Bits<8>>>,
    /// o of the even lanes; none without taps.
    pub tap_read_even: Vec<Signal<Out, Bits<8>>>,
    /// o of the odd lanes; none without taps.
    pub tap_read_odd: Vec<Signal<Out, Bits<8>>>,

    align_step: Signal<Local, Bits<4>>,
    padded: Signal<Local, Bits<SUM_BITS>>,
    padded_up: Signal<Local, Bits<SUM_BITS>>,
    opening_sum: Register<Bits<SUM_BITS>>,
    sequencer: Sequencer,
    pairs: Vec<Pair>,
    tree: AdderTree,
    total: Register<Bits<SUM_BITS>>,
    softmax: Softmax,
    maximum: Maximum<SUM_BITS>,
    gather: Gather,
    broadcast: Broadcast,
    exponentials: ExponentialMemory,
    loads: Register<Load>,
    even: Register<Bits<8>>,
    _evaluation: Evaluation,
}

impl MemnetEngine {
    /// The engine of a geometry and datapath, with taps for traces or without.
    pub fn new(geometry: &Geometry, datapath: Datapath, taps: bool) -> MemnetEngine {
        let tapped = if taps { geometry.pairs() } else { 0 };
        MemnetEngine {
            sequencer: Sequencer::new(geometry),
            pairs: (0..geometry.pairs()).map(|pair| Pair::new(geometry, datapath, pair)).collect(),
            tree: AdderTree::new(geometry.lanes),
            softmax: Softmax::new(),
            gather: Gather::new(geometry.lanes),
            tap_code_even: vec![Default::default(); tapped],
            tap_code_odd: vec![Default::default(); tapped],
            tap_read_even: vec![Default::default(); tapped],
            tap_read_odd: vec![Default::default(); tapped],
            exponentials: ExponentialMemory::new(),
            ..Default::default()
        }
    }

    /// Takes the weights and age words of another engine of this kind.
    pub fn copy_memories(&mut self, from: &MemnetEngine) {
        self.pairs.iter_mut().zip(&from.pairs).for_each(|(pair, from)| pair.copy_memories(from));
    }
}

impl Logic for MemnetEngine {
    #[hdl_gen]
    fn update(&mut self) {
        self.sequencer.clock.next = self.clock.val();
        self.sequencer.settings.next = self.settings.val();
        self.sequencer.start.next = self.start.val();
        self.sequencer.question.next = self.question.val();
        self.sequencer.last_position.next = self.last_position.val();
        self.sequencer.word.next = self.word.val();
        self.sequencer.clear.next = self.clear.val();
        self.sequencer.load.next = self.load.val().weights | self.load.val().age_a | self.load.val().age_c;
        self.sequencer.load_row.next = self.load.val().row;
        self.sequencer.load_fold.next = self.load.val().fold;
        self.sequencer.aligned.next = self.softmax.aligned.val();
        // The sequencer's addresses come from a register; what is loaded keeps pace with them.
        self.loads.clock.next = self.clock.val();
        self.loads.d.next = self.load.val();
        self.even.clock.next = self.clock.val();
        self.even.d.next = self.even.q.val();
        if self.load.val().keep {
            self.even.d.next = self.load.val().code;
        }

        for i in 0..self.pairs.len() {
            self.pairs[i].clock.next = self.clock.val();
            self.pairs[i].control.next = self.sequencer.control.val();
            self.pairs[i].memory.next = self.sequencer.memory.val();
            self.pairs[i].broadcast.next = self.broadcast.number.val();
            self.pairs[i].load_weights.next = self.loads.q.val().weights & (self.loads.q.val().pair == i.to_bits());
            self.pairs[i].load_age_a.next = self.loads.q.val().age_a & (self.loads.q.val().pair == i.to_bits());
            self.pairs[i].load_age_c.next = self.loads.q.val().age_c & (self.loads.q.val().pair == i.to_bits());
            self.pairs[i].load_even.next = self.even.q.val();
            self.pairs[i].load_odd.next = self.loads.q.val().code;
            self.tree.terms[i * 2].next = self.pairs[i].term_even.val();
            self.tree.terms[i * 2 + 1].next = self.pairs[i].term_odd.val();
            self.gather.states[i * 2].next = self.pairs[i].state_even.val();
            self.gather.states[i * 2 + 1].next = self.pairs[i].state_odd.val();
        }
        self.gather.lane.next = self.sequencer.gather_lane.val();

        self.broadcast.clock.next = self.clock.val();
        self.broadcast.select.next = self.sequencer.broadcast_select.val();
        self.broadcast.state.next = self.gather.state.val();
        self.broadcast.exponential_valid.next = self.sequencer.exponential_valid.val();
        self.broadcast.exponential.next = self.softmax.exponential.val();
        self.broadcast.recall.next = self.sequencer.recall.val();
        self.broadcast.recalled.next = self.exponentials.recalled.val();
        self.broadcast.reciprocal.next = self.softmax.reciprocal.val();
        // Of o to the format of the hop's u, one bit less or more where formats are graded.
        self.align_step.next = bits::<4>(0);
        if self.sequencer.control.val().scale == bits::<2>(1) {
            self.align_step.next = bits::<4>(15);
        }
        if self.sequencer.control.val().scale == bits::<2>(2) {
            self.align_step.next = bits::<4>(1);
        }
        self.broadcast.align.next = self.align.val() + self.align_step.val();

        self.exponentials.clock.next = self.clock.val();
        self.exponentials.age.next = self.sequencer.read_age.val();
        self.exponentials.write.next = self.sequencer.exponential_valid.val();
        self.exponentials.exponential.next = self.softmax.exponential.val();

        self.tree.clock.next = self.clock.val();
        self.total.clock.next = self.clock.val();
        // The sum over the folds starts with what the padding is to be less by: padding - 128 padding, where slots are addressed.
        self.padded.next = bit_cast::<SUM_BITS, 8>(self.padding.val());
        self.padded_up.next = self.padded.val() << 7;
        self.opening_sum.clock.next = self.clock.val();
        self.opening_sum.d.next = self.padded.val() - self.padded_up.val();
        if !self.sequencer.addressed.val() {
            self.opening_sum.d.next = 0.into();
        }
        self.total.d.next = self.total.q.val() + self.tree.sum.val();
        if self.sequencer.opening.val() {
            self.total.d.next = self.opening_sum.q.val() + self.tree.sum.val();
        }

        self.softmax.clock.next = self.clock.val();
        self.softmax.total.next = self.total.q.val();
        self.softmax.shift.next = self.score.val();
        self.softmax.centre.next = self.centre.val();
        self.softmax.exponential_valid.next = self.sequencer.exponential_valid.val();
        self.softmax.hop_begin.next = self.sequencer.hop_begin.val();
        self.softmax.align.next = self.sequencer.align.val();

        self.maximum.clock.next = self.clock.val();
        self.maximum.clear.next = self.sequencer.question_begin.val();
        self.maximum.valid.next = self.sequencer.logit_valid.val();
        self.maximum.logit.next = self.total.q.val();

        self.busy.next = self.sequencer.busy.val();
        self.done.next = self.sequencer.done.val();
        self.position.next = self.sequencer.position.val();
        self.sentences.next = self.sequencer.sentences.val();
        self.forgotten.next = self.sequencer.forgotten.val();
        self.answer.next = self.maximum.word.val();
        self.logit.next = self.maximum.best.val();

        self.tap_store.next = self.sequencer.store.val();
        self.tap_target.next = self.sequencer.target.val();
        self.tap_memory.next = self.sequencer.target_memory.val();
        self.tap_fold.next = self.sequencer.target_fold.val();
        self.tap_read.next = self.sequencer.read_valid.val();
        self.tap_score_valid.next = self.sequencer.score_valid.val();
        self.tap_score.next = self.softmax.index.val();
        self.tap_exponential_valid.next = self.sequencer.exponential_valid.val();
        self.tap_exponential.next = self.softmax.exponential.val();
        self.tap_logit_valid.next = self.sequencer.logit_valid.val();
        self.tap_logit.next = self.total.q.val();
        for i in 0..self.tap_code_even.len() {
            self.tap_code_even[i].next = self.pairs[i].code_even.val();
            self.tap_code_odd[i].next = self.pairs[i].code_odd.val();
            self.tap_read_even[i].next = self.pairs[i].read_even.val();
            self.tap_read_odd[i].next = self.pairs[i].read_odd.val();
        }
    }
}
