//! The sequencer of the crossbar: what a step and an answer consist of.
//!
//! ```text
//! step:    Take* Enter Walk* Drain*       the inputs' codes, the columns, the last cell's way out
//! symbol:  the same; a row's code is the DAC's largest where the row is the symbol's, 0 elsewhere
//! answer:  Walk* Drain*                   the classes
//! ```
//!
//! Latency, the cycles of `busy`: of a step I + 4 H C + 30, C the words of a column (of a GRU I + 3 H C + 32); of an answer V C' + 12, C' the words
//! of h. Eight more with the frame's head and the reply: [`engram_spec::crossbar::Program::step_cycles`].
//!
//! The walk itself is [`crate::crossbar::walk`]; the sequencer knows nothing of columns.

use engram_spec::crossbar::{Cell, Geometry};

use crate::crossbar::{CHUNK_BITS, VECTOR_BITS};
use crate::parts::gather::LANE_BITS;
use crate::parts::register::Register;
use crate::prelude::*;

/// The sequencer's operation in a cycle.
#[derive(LogicState, Copy, Clone, Debug, PartialEq)]
pub enum Stage {
    /// No operation.
    Idle,
    /// Asks for an input.
    Take,
    /// Starts the walk, while the last input is stored.
    Enter,
    /// The first word.
    Walk,
    /// Waits for the walk's end, and for what is on its way then.
    Drain,
}

/// The sequencer of the crossbar.
#[derive(Clone, Debug, Default, Composite)]
pub struct CrossbarSequencer {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a step or an answer begins.
    pub start: Signal<In, Bit>,
    /// Whether an answer begins, not a step.
    pub answer: Signal<In, Bit>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// Whether the step's input is a symbol.
    pub symbol: Signal<In, Bit>,
    /// Whether a sequence begins.
    pub clear: Signal<In, Bit>,
    /// The byte of the payload that was asked for with `position` a cycle before.
    pub octet: Signal<In, Bits<8>>,
    /// The largest DAC code.
    pub largest: Signal<In, Bits<8>>,
    /// The number of the last row of x.
    pub last_row: Signal<In, Bits<8>>,
    /// Whether the walk is under way.
    pub walking: Signal<In, Bit>,
    /// Whether a cell's codes of h are there.
    pub shown: Signal<In, Bit>,
    /// The DAC code of h of that cell.
    pub code: Signal<In, Bits<8>>,

    /// Whether a step or an answer is under way.
    pub busy: Signal<Out, Bit>,
    /// The number of the byte of the payload that is needed.
    pub position: Signal<Out, Bits<8>>,
    /// Whether the walk begins.
    pub walk: Signal<Out, Bit>,
    /// Whether no step has been done since `clear`.
    pub fresh: Signal<Out, Bit>,
    /// The bank of h that is read.
    pub bank: Signal<Out, Bit>,
    /// Steps since `clear`.
    pub steps: Signal<Out, Bits<24>>,
    /// Whether a row is to be stored.
    pub write: Signal<Out, Bit>,
    /// The lane in which the row is stored.
    pub write_lane: Signal<Out, Bits<LANE_BITS>>,
    /// The address of the row in its lane.
    pub write_address: Signal<Out, Bits<VECTOR_BITS>>,
    /// The DAC code of the row.
    pub write_code: Signal<Out, Bits<8>>,

    final_lane: Constant<Bits<LANE_BITS>>,
    final_step: Constant<Bits<5>>,
    final_step_of_gru: Constant<Bits<5>>,
    drained: Signal<Local, Bits<5>>,
    final_answer: Constant<Bits<5>>,
    space: Signal<Local, Bits<VECTOR_BITS>>,
    stage: Register<Stage>,
    answering: Register<Bit>,
    one_hot: Register<Bit>,
    row: Register<Bits<8>>,
    asked: Register<Bits<8>>,
    asking: Register<Bit>,
    count: Register<Bits<5>>,
    lane: Register<Bits<LANE_BITS>>,
    chunk: Register<Bits<CHUNK_BITS>>,
    odd: Register<Bit>,
    done: Register<Bits<24>>,
    _evaluation: Evaluation,
}

/// Cycles of a drain after a step, less one: the way of the last word to its cell's code.
const STEP_DRAIN: u64 = 28;
/// Cycles of a drain after an answer, less one.
const ANSWER_DRAIN: u64 = 10;

impl CrossbarSequencer {
    /// The sequencer of a geometry.
    pub fn new(size: &Geometry) -> CrossbarSequencer {
        CrossbarSequencer {
            final_lane: Constant::new((size.lanes as u64 - 1).into()),
            final_step: Constant::new(STEP_DRAIN.into()),
            final_step_of_gru: Constant::new((STEP_DRAIN + u64::from(Cell::Gru.step_cycles())).into()),
            final_answer: Constant::new(ANSWER_DRAIN.into()),
            ..Default::default()
        }
    }
}

impl Logic for CrossbarSequencer {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, stage, answering, one_hot, row, asked, asking, count, lane, chunk, odd, done);
        self.busy.next = true;
        self.walk.next = false;
        self.position.next = self.row.q.val();
        self.asked.d.next = self.row.q.val();
        self.asking.d.next = false;

        self.drained.next = self.final_step.val();
        if self.gru.val() {
            self.drained.next = self.final_step_of_gru.val();
        }

        // What is stored: an input when its byte is there, or what a cell shows. Rows follow one another over the lanes.
        self.write.next = self.asking.q.val() | self.shown.val();
        self.write_lane.next = self.lane.q.val();
        self.space.next = bit_cast::<VECTOR_BITS, CHUNK_BITS>(self.chunk.q.val());
        self.write_address.next = self.space.val();
        self.write_code.next = self.octet.val();
        if self.one_hot.q.val() {
            self.write_code.next = bits::<8>(0);
            if self.octet.val() == self.asked.q.val() {
                self.write_code.next = self.largest.val();
            }
        }
        if self.shown.val() {
            self.write_code.next = self.code.val();
            // The other bank than the one that is read.
            self.write_address.next = self.space.val() | bits::<VECTOR_BITS>(48);
            if self.odd.q.val() {
                self.write_address.next = self.space.val() | bits::<VECTOR_BITS>(32);
            }
        }
        if self.write.val() {
            self.lane.d.next = self.lane.q.val() + 1;
            if self.lane.q.val() == self.final_lane.val() {
                self.lane.d.next = 0.into();
                self.chunk.d.next = self.chunk.q.val() + 1;
            }
        }

        match self.stage.q.val() {
            Stage::Idle => {
                self.busy.next = false;
                self.row.d.next = 0.into();
                self.count.d.next = 0.into();
                self.lane.d.next = 0.into();
                self.chunk.d.next = 0.into();
                self.answering.d.next = self.answer.val();
                self.one_hot.d.next = self.symbol.val();
                if self.start.val() {
                    self.stage.d.next = Stage::Take;
                    if self.answer.val() {
                        self.stage.d.next = Stage::Enter;
                    }
                }
            }
            Stage::Take => {
                self.asking.d.next = true;
                self.row.d.next = self.row.q.val() + 1;
                if self.row.q.val() == self.last_row.val() {
                    self.stage.d.next = Stage::Enter;
                }
            }
            Stage::Enter => {
                self.walk.next = true;
                self.stage.d.next = Stage::Walk;
            }
            Stage::Walk => {
                // The inputs are stored; the cells begin.
                self.lane.d.next = 0.into();
                self.chunk.d.next = 0.into();
                self.stage.d.next = Stage::Drain;
            }
            _ => {
                if !self.walking.val() {
                    self.count.d.next = self.count.q.val() + 1;
                }
                if self.answering.q.val() & (self.count.q.val() == self.final_answer.val()) {
                    self.stage.d.next = Stage::Idle;
                }
                if self.count.q.val() == self.drained.val() {
                    self.stage.d.next = Stage::Idle;
                    self.odd.d.next = !self.odd.q.val();
                    self.done.d.next = self.done.q.val() + 1;
                    if self.done.q.val() == bits::<24>(16777215) {
                        self.done.d.next = self.done.q.val();
                    }
                }
            }
        }
        // A symbol's number stands in the payload's first byte.
        if self.one_hot.q.val() {
            self.position.next = bits::<8>(0);
        }
        if self.clear.val() {
            self.done.d.next = 0.into();
        }
        self.fresh.next = self.done.q.val() == bits::<24>(0);
        self.bank.next = self.odd.q.val();
        self.steps.next = self.done.q.val();
    }
}
