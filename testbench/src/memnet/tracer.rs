//! Makes a trace of the taps of a simulated core, as they show cycle by cycle.

use engram_spec::memnet::table::SCORE_MAX;
use engram_spec::memnet::{Call, Geometry, Memnet};
use engram_spec::{Quantity, Trace};

use crate::network;
use crate::simulated::Watch;

/// The taps of the core in one cycle, before the clock's edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Glimpse {
    /// The lanes' codes are being stored, as this target.
    pub store: Option<u8>,
    /// The memory of these codes, where they are a sentence's.
    pub memory: u8,
    /// The fold of the codes and of o.
    pub fold: usize,
    /// o stands in the lanes.
    pub read: bool,
    /// A score's index in the exponential table.
    pub score: Option<u32>,
    /// An exponential.
    pub exponential: Option<u32>,
    /// A logit.
    pub logit: Option<i32>,
}

/// The taps of a lane: its code, or its element of o.
pub trait Lanes {
    /// The code of a lane.
    fn code(&self, lane: usize) -> i8;
    /// The element of o of a lane.
    fn read(&self, lane: usize) -> i8;
}

/// A core that can be looked into.
pub trait Taps: Lanes {
    /// The taps of a settled core.
    fn glimpse(&self) -> Glimpse;
}

impl<C: Taps> Watch<C> for MemnetTracer {
    fn see(&mut self, core: &C) {
        self.note(core.glimpse(), core);
    }
}

/// Numbers of the targets of a store, in the order of `engram_hdl::memnet::sequencer::Target`.
const MEMORY: u8 = 0;
const QUESTION: u8 = 1;

/// Puts together what the lanes show fold by fold and the engine slot by slot.
#[derive(Debug)]
pub struct MemnetTracer {
    lanes: usize,
    folds: usize,
    stored: Vec<i32>,
    read: Vec<i32>,
    scores: Vec<i32>,
    exponentials: Vec<i32>,
    logits: Vec<i32>,
    sentence: usize,
    hop: usize,
    trace: Trace,
}

impl MemnetTracer {
    /// A tracer of a core of this geometry.
    pub fn new(geometry: &Geometry) -> MemnetTracer {
        MemnetTracer {
            lanes: geometry.lanes,
            folds: geometry.folds(),
            stored: Vec::new(),
            read: Vec::new(),
            scores: Vec::new(),
            exponentials: Vec::new(),
            logits: Vec::new(),
            sentence: 0,
            hop: 0,
            trace: Trace::default(),
        }
    }

    /// Takes in a cycle.
    fn note(&mut self, glimpse: Glimpse, lanes: &impl Lanes) {
        self.scores.extend(glimpse.score.map(|index| index as i32 - (SCORE_MAX as i32 + 1)));
        self.exponentials.extend(glimpse.exponential.map(|value| value as i32));
        self.logits.extend(glimpse.logit);
        let last_fold = glimpse.fold + 1 == self.folds;
        if glimpse.read {
            self.read.extend((0..self.lanes).map(|lane| i32::from(lanes.read(lane))));
            if last_fold {
                let vectors = [
                    (Quantity::Score, std::mem::take(&mut self.scores)),
                    (Quantity::Exponential, std::mem::take(&mut self.exponentials)),
                    (Quantity::Read, std::mem::take(&mut self.read)),
                ];
                for (quantity, values) in vectors {
                    self.trace.push(quantity, self.hop, values);
                }
            }
        }
        if let Some(target) = glimpse.store {
            self.stored.extend((0..self.lanes).map(|lane| i32::from(lanes.code(lane))));
            if last_fold {
                let (quantity, index) = self.meaning(target, glimpse.memory);
                self.trace.push(quantity, index, std::mem::take(&mut self.stored));
            }
        }
    }

    /// The quantity and the number that the codes of a target belong to; counts the codes.
    fn meaning(&mut self, target: u8, memory: u8) -> (Quantity, usize) {
        match target {
            MEMORY => {
                self.sentence += usize::from(memory == 0);
                (Quantity::Memory(memory), self.sentence - 1)
            }
            QUESTION => {
                self.hop = 0;
                if !self.logits.is_empty() {
                    self.trace.push(Quantity::Logit, 0, std::mem::take(&mut self.logits));
                }
                (Quantity::Controller, 0)
            }
            _ => {
                self.hop += 1;
                (Quantity::Controller, self.hop)
            }
        }
    }
}

impl network::Tracer<Memnet> for MemnetTracer {
    /// Sentences are counted from 0 again.
    fn cleared(&mut self) {
        self.sentence = 0;
    }

    fn called(&mut self, _: &Call<'_>) {}

    /// The trace so far, complete vectors only.
    fn take(&mut self) -> Trace {
        if !self.logits.is_empty() {
            self.trace.push(Quantity::Logit, 0, std::mem::take(&mut self.logits));
        }
        std::mem::take(&mut self.trace)
    }
}
