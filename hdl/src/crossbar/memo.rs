//! Fuzzy memoization: an optional part of the engine, which finds the columns that need not be computed.
//!
//! ```text
//!   rows stored --> RowSigns --.                       .--> entries --.
//!                              v                       |              v
//!   Scan --> SignPlane --> Disagreement --> D ---------'----------> Judge --> verdicts
//!     ^          '------------------- signs of a column ----------.             |
//!     |                                                           v             v
//!     '-------------------------- room ------------------------- Queue <--------'
//!                                                                 |  ready, remembered --> walk
//!                                                                 '--- signs --> lanes
//!   index of a computed column --> indices --> index of a remembered one
//! ```
//!
//! The predictor (Scan to Judge) runs ahead of the lanes by as many columns as the queue has slots: 16, or 1 where they take
//! turns. What it judges by and what it costs is [`engram_spec::crossbar::memo`]. Of the classes' weights, too, the signs come this
//! way; they are always computed.
//!
//! Signs are compared in the cycle after the scan's; then [`engram_spec::crossbar::memo::LATENCY`] says the rest.

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

pub mod command_decoder;
pub mod disagreement;
pub mod judge;
pub mod queue;
pub mod row_signs;
pub mod scan;
pub mod sign_plane;
pub mod tally;

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use crate::crossbar::CHUNK_BITS;
use crate::crossbar::engine::{RowByte, Store};
use crate::crossbar::walk::Operation;
use crate::parts::memory::Buffer;
use crate::parts::register::Register;
use crate::prelude::*;

use disagreement::{Disagreement, ROWS_BITS};
use judge::{DRIFT_BITS, Judge};
use queue::Queue;
use row_signs::RowSigns;
use scan::Scan;
use sign_plane::SignPlane;
use tally::Tally;

/// Bits of a column's number.
pub const COLUMN_BITS: usize = 9;
/// Bits of an entry: the rows in which signs differed, and the drift.
pub const ENTRY_BITS: usize = ROWS_BITS + DRIFT_BITS;

/// The settings of memoization, as [`engram_spec::crossbar::memo::Settings`] has them.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct MemoSettings {
    pub denominator: Bits<2>,
    pub throttling: Bit,
    pub zero_is_minus: Bit,
    pub theta_input: Bits<DRIFT_BITS>,
    pub theta_forget: Bits<DRIFT_BITS>,
    pub theta_candidate: Bits<DRIFT_BITS>,
    pub theta_output: Bits<DRIFT_BITS>,
}

/// Fuzzy memoization.
#[derive(Clone, Debug, Default, Composite)]
pub struct Memo {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a sequence begins.
    pub clear: Signal<In, Bit>,
    /// The settings of memoization.
    pub settings: Signal<In, MemoSettings>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// H, the cells.
    pub hidden: Signal<In, Bits<8>>,
    /// I, the inputs.
    pub inputs: Signal<In, Bits<8>>,
    /// The number of the last cell.
    pub last_cell: Signal<In, Bits<8>>,
    /// The number of the last class.
    pub last_class: Signal<In, Bits<8>>,
    /// The number of the last word of x.
    pub last_input: Signal<In, Bits<CHUNK_BITS>>,
    /// The number of the last word of h.
    pub last_hidden: Signal<In, Bits<CHUNK_BITS>>,
    /// Whether a walk begins.
    pub start: Signal<In, Bit>,
    /// Whether the walk goes over the classes.
    pub answer: Signal<In, Bit>,
    /// Whether the step is a sequence's first.
    pub fresh: Signal<In, Bit>,
    /// A row, as the lanes store it.
    pub store: Signal<In, Store>,
    /// A byte of a row of weights, as the loader takes it.
    pub row_byte: Signal<In, RowByte>,
    /// The walk's operation in this cycle.
    pub token: Signal<In, Operation>,
    /// Whether the walk is under way.
    pub walking: Signal<In, Bit>,
    /// The operation whose index is there in the next cycle.
    pub fetched: Signal<In, Operation>,
    /// The operation whose index is there.
    pub closed: Signal<In, Operation>,
    /// The index, where it was computed.
    pub index: Signal<In, Bits<9>>,
    /// The number of the tally that is asked for.
    pub which: Signal<In, Bits<3>>,

    /// Whether the walk's next column is judged.
    pub ready: Signal<Out, Bit>,
    /// Whether that column is remembered.
    pub remembered: Signal<Out, Bit>,
    /// The signs of the weights of the word that the walk took two cycles ago, a bit a lane.
    pub signs: Signal<Out, Bits<16>>,
    /// The index, computed or remembered.
    pub recalled: Signal<Out, Bits<9>>,
    /// The number of the tally.
    pub number: Signal<Out, Bits<32>>,
    /// The verdict on a column, column after column: 1 missed, 2 remembered, 3 forced; 0 where there is none in this
    /// cycle.
    pub verdict: Signal<Out, Bits<2>>,

    counts: Signal<Local, Bit>,
    of_x: Signal<Local, Bit>,
    of_h: Signal<Local, Bit>,
    count: Signal<Local, Bits<ROWS_BITS>>,
    onward: Signal<Local, Bits<COLUMN_BITS>>,
    entry: Signal<Local, Bits<ENTRY_BITS>>,
    scan: Scan,
    rows: RowSigns,
    plane: SignPlane,
    disagreement: Disagreement,
    entries: Buffer<COLUMN_BITS, ENTRY_BITS>,
    judge: Judge,
    queue: Queue,
    indices: Buffer<COLUMN_BITS, 9>,
    tally: Tally,
    judging: Register<Bits<COLUMN_BITS>>,
    kept: Register<Bits<COLUMN_BITS>>,
    place: Register<Bits<COLUMN_BITS>>,
    placed: Register<Bits<COLUMN_BITS>>,
    _evaluation: Evaluation,
}

impl Memo {
    /// The memoization of a geometry, by this predictor.
    ///
    /// # Panics
    /// If the hardware cannot be built with it ([`Predictor::words`]).
    pub fn new(size: &Geometry, predictor: &Predictor) -> Memo {
        let words = predictor.words(size).expect("a predictor that the hardware can be built with");
        assert!(4 * size.hidden <= 1 << COLUMN_BITS);
        let most = size.chunks(size.inputs) + size.chunks(size.hidden);
        Memo {
            scan: Scan::new(words),
            rows: RowSigns::new(size, words),
            plane: SignPlane::new(size, words),
            disagreement: Disagreement::new(size.lanes, words),
            entries: Buffer::new(),
            judge: Judge::new(size.inputs + size.hidden),
            queue: Queue::new(size.lanes, words, most, predictor.queue as usize),
            indices: Buffer::new(),
            ..Default::default()
        }
    }

    /// Takes the signs of the weights of another memoization of this kind.
    pub fn copy_plane(&mut self, from: &Memo) {
        self.plane.copy_words(&from.plane);
    }
}

impl Logic for Memo {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, judging, kept, place, placed);
        self.counts.next = !self.answer.val();

        self.scan.clock.next = self.clock.val();
        self.scan.start.next = self.start.val();
        self.scan.answer.next = self.answer.val();
        self.scan.gru.next = self.gru.val();
        self.scan.last_cell.next = self.last_cell.val();
        self.scan.last_class.next = self.last_class.val();
        self.scan.last_input.next = self.last_input.val();
        self.scan.last_hidden.next = self.last_hidden.val();
        self.scan.room.next = self.queue.room.val();

        self.rows.clock.next = self.clock.val();
        self.rows.clear.next = self.clear.val();
        self.rows.write.next = self.store.val().write;
        self.rows.lane.next = self.store.val().lane;
        self.rows.address.next = self.store.val().address;
        self.rows.code.next = self.store.val().code;
        self.rows.zero_is_minus.next = self.settings.val().zero_is_minus;
        self.rows.input_words.next = self.scan.input_words.val();
        self.rows.take.next = self.scan.take.val();
        self.rows.word.next = self.scan.word.val();
        self.rows.turn.next = bit_cast::<4, 14>(self.scan.address.val());
        self.rows.words.next = self.scan.words.val();

        self.plane.clock.next = self.clock.val();
        self.plane.load.next = self.row_byte.val().load;
        self.plane.octet.next = self.row_byte.val().octet;
        self.plane.region.next = self.row_byte.val().region;
        self.plane.row.next = self.row_byte.val().row;
        self.plane.place.next = self.row_byte.val().place;
        self.plane.address.next = self.scan.address.val();

        self.disagreement.clock.next = self.clock.val();
        self.disagreement.present.next = self.rows.present.val();
        self.disagreement.compare.next = self.scan.compare.val();
        self.disagreement.first.next = self.scan.first.val();
        self.disagreement.last.next = self.scan.last.val();
        for i in 0..self.plane.signs.len() {
            self.disagreement.weights[i].next = self.plane.signs[i].val();
            self.disagreement.rows[i].next = self.rows.signs[i].val();
            self.queue.plane[i].next = self.plane.signs[i].val();
        }

        // The entry of the next column is read while this one is judged.
        self.onward.next = self.judging.q.val();
        if self.disagreement.done.val() {
            self.onward.next = self.judging.q.val() + 1;
        }
        self.judging.d.next = self.onward.val();
        if self.judge.judged.val() {
            self.kept.d.next = self.kept.q.val() + 1;
        }
        if self.start.val() {
            self.judging.d.next = 0.into();
            self.kept.d.next = 0.into();
        }
        self.entries.clock.next = self.clock.val();
        self.entries.address.next = self.onward.val();
        self.entries.write.next = self.judge.judged.val() & self.counts.val();
        self.entries.write_address.next = self.kept.q.val();
        self.entries.write_data.next = (bit_cast::<ENTRY_BITS, DRIFT_BITS>(self.judge.kept_drift.val()) << 9)
            | bit_cast::<ENTRY_BITS, ROWS_BITS>(self.judge.kept.val());
        self.entry.next = self.entries.data.val();

        self.judge.clock.next = self.clock.val();
        self.judge.done.next = self.disagreement.done.val();
        self.judge.sum.next = self.disagreement.sum.val();
        self.judge.then.next = self.entry.val().get_bits::<ROWS_BITS>(0);
        self.judge.drift.next = self.entry.val().get_bits::<DRIFT_BITS>(9);
        self.judge.gate.next = bit_cast::<2, COLUMN_BITS>(self.judging.q.val());
        self.judge.alone.next = self.fresh.val() | self.answer.val();
        // Of a GRU's columns nx reads the rows of x, nh those of h.
        self.of_x.next = self.gru.val() & ((self.judging.q.val() & 3) == bits::<COLUMN_BITS>(2));
        self.of_h.next = self.gru.val() & ((self.judging.q.val() & 3) == bits::<COLUMN_BITS>(3));
        self.count.next = bits::<ROWS_BITS>(0);
        if !self.of_x.val() {
            self.count.next = bit_cast::<ROWS_BITS, 8>(self.hidden.val());
        }
        self.judge.rows.next = self.count.val();
        if !self.of_h.val() {
            self.judge.rows.next = self.count.val() + bit_cast::<ROWS_BITS, 8>(self.inputs.val());
        }
        self.judge.denominator.next = self.settings.val().denominator;
        self.judge.throttling.next = self.settings.val().throttling;
        self.judge.theta[0].next = self.settings.val().theta_input;
        self.judge.theta[1].next = self.settings.val().theta_forget;
        self.judge.theta[2].next = self.settings.val().theta_candidate;
        self.judge.theta[3].next = self.settings.val().theta_output;

        self.queue.clock.next = self.clock.val();
        self.queue.compare.next = self.scan.compare.val();
        self.queue.last.next = self.scan.last.val();
        self.queue.turn.next = bit_cast::<4, 14>(self.scan.address.val());
        self.queue.judged.next = self.judge.judged.val();
        self.queue.hit.next = self.judge.hit.val();
        self.queue.valid.next = self.token.val().valid;
        self.queue.closing.next = self.token.val().closing;

        // A column's index is read while the operation before has its own written. The operations themselves say whether they are an
        // answer's: its last ones are still on their way when the next step begins.
        self.indices.clock.next = self.clock.val();
        self.indices.address.next = self.place.q.val();
        if self.fetched.val().valid & self.fetched.val().closing & !self.fetched.val().answer {
            self.place.d.next = self.place.q.val() + 1;
        }
        if self.start.val() {
            self.place.d.next = 0.into();
        }
        self.placed.d.next = self.place.q.val();
        self.indices.write.next =
            self.closed.val().valid & self.closed.val().closing & self.closed.val().last & !self.closed.val().answer;
        self.indices.write_address.next = self.placed.q.val();
        self.indices.write_data.next = self.index.val();
        self.recalled.next = self.index.val();
        if self.closed.val().closing & !self.closed.val().last {
            self.recalled.next = self.indices.data.val();
        }

        self.tally.clock.next = self.clock.val();
        self.tally.clear.next = self.clear.val();
        self.tally.judged.next = self.judge.judged.val() & self.counts.val();
        self.tally.hit.next = self.judge.hit.val();
        self.tally.forced.next = self.judge.forced.val();
        self.tally.gate.next = self.judge.of_gate.val();
        self.tally.compare.next = self.scan.compare.val() & self.counts.val();
        self.tally.walking.next = self.walking.val() & self.counts.val();
        self.tally.waiting.next = self.walking.val() & !self.queue.ready.val() & self.counts.val();
        self.tally.which.next = self.which.val();

        self.verdict.next = 0.into();
        if self.judge.judged.val() & self.counts.val() {
            self.verdict.next = 1.into();
            if self.judge.hit.val() {
                self.verdict.next = 2.into();
            }
            if self.judge.forced.val() {
                self.verdict.next = 3.into();
            }
        }

        self.ready.next = self.queue.ready.val();
        self.remembered.next = self.queue.remembered.val();
        self.signs.next = self.queue.signs.val();
        self.number.next = self.tally.number.val();
    }
}
