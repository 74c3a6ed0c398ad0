//! The cycles of a step with memoization: of a predictor that takes turns with the lanes, and of one that runs ahead of them.

use std::collections::VecDeque;

use crate::crossbar::memo::Counters;
use crate::crossbar::program::ANSWER_CYCLES;
use crate::crossbar::{Gate, Geometry, Program};

/// Cycles from the last signs of a column to the lanes' begin with it.
pub const LATENCY: u32 = 11;
/// Cycles after which the predictor begins, of those that the lanes count: until then the rows' signs are not all there.
pub const LEAD: u32 = 2;
/// Columns that wait for the lanes at most where the predictor runs ahead.
pub const QUEUE: u32 = 16;

/// The predictor's size, which decides cycles but no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Predictor {
    /// P_b, rows whose signs are compared in one cycle; in hardware a power of two of words of P.
    pub width: u32,
    /// c, cycles from the last signs of a column to the lanes' begin with it.
    pub latency: u32,
    /// Columns from the predictor's begin with them to the lanes' end, at most, at least 1: with 1 predictor and lanes take turns.
    pub queue: u32,
}

impl Default for Predictor {
    /// 128 rows, which runs ahead by 16 columns.
    fn default() -> Predictor {
        Predictor { width: 128, latency: LATENCY, queue: QUEUE }
    }
}

impl Predictor {
    /// The usual one of a device: 8 words wide, or 2 where lanes are few (the UP5K's weights leave memories for no more).
    pub const fn of(geometry: &Geometry) -> Predictor {
        let words = if geometry.lanes < 16 { 2 } else { 8 };
        Predictor { width: (words * geometry.lanes) as u32, latency: LATENCY, queue: QUEUE }
    }

    /// The words of P that it compares in a cycle, where a device of the geometry can be built with it: a power of two, 2 to 16.
    pub const fn words(&self, geometry: &Geometry) -> Option<usize> {
        let words = self.width as usize / geometry.lanes;
        let whole = words * geometry.lanes == self.width as usize && geometry.lanes <= 16;
        if whole && words.is_power_of_two() && words >= 2 && words <= 16 { Some(words) } else { None }
    }

    /// The same one that takes turns with the lanes.
    pub const fn serial(self) -> Predictor {
        Predictor { queue: 1, ..self }
    }

    /// The predictor's number in an identify reply: the binary logarithm of the width, + 128 if predictor and lanes
    /// take turns.
    pub const fn id(&self) -> u8 {
        self.width.ilog2() as u8 | if self.queue == 1 { 128 } else { 0 }
    }

    /// The predictor with this number, which is not 0; `None` where there is none such.
    pub const fn from_id(id: u8) -> Option<Predictor> {
        match id & 127 {
            width @ 3..=9 => {
                Some(Predictor { width: 1 << width, latency: LATENCY, queue: if id > 127 { 1 } else { QUEUE } })
            }
            _ => None,
        }
    }

    /// T_p, the cycles of a column of so many rows, padding included; at least 1.
    pub fn cycles(&self, rows: usize) -> u32 {
        (rows.div_ceil(self.width.max(1) as usize) as u32).max(1)
    }

    /// The clock cycles of a step in which the lanes' walk took so many ([`super::Tally::cycles`]), as
    /// [`Program::step_cycles`] has them without memoization.
    pub const fn step_cycles(&self, program: &Program, walk: u32) -> u32 {
        walk + program.step_overhead()
    }

    /// The fewest and the most clock cycles of a step: those where every column is remembered, and where none is, as in the first
    /// step of a sequence. A step with a symbol takes [`SYMBOL_CYCLES`](crate::crossbar::program::SYMBOL_CYCLES) more.
    pub fn step_bounds(&self, program: &Program) -> [u32; 2] {
        let rows = Gate::ALL.map(|gate| program.reads(gate).len());
        [true, false].map(|hit| {
            let mut line = Line::new();
            for rows in (0..program.settings.hidden).flat_map(|_| rows) {
                let cycles = if hit { 1 } else { rows / program.geometry.lanes };
                line.column(self, self.queue, self.cycles(rows), cycles as u32);
            }
            self.step_cycles(program, line.lanes as u32)
        })
    }

    /// The clock cycles of an answer: the lanes take the signs of the classes' weights from the predictor, too.
    pub fn answer_cycles(&self, program: &Program) -> u32 {
        let words = program.hidden_chunks();
        let (mut line, judged) = (Line::new(), self.cycles(words * program.geometry.lanes));
        (0..program.settings.classes).for_each(|_| line.column(self, self.queue, judged, words as u32));
        line.lanes as u32 + ANSWER_CYCLES
    }
}

/// Predictor and lanes, column after column, in cycles since the lanes could begin.
#[derive(Clone, Debug)]
struct Line {
    /// When the predictor and the lanes are free again.
    predictor: u64,
    lanes: u64,
    /// When the lanes end with the columns that are in the queue.
    ends: VecDeque<u64>,
}

impl Line {
    fn new() -> Line {
        Line { predictor: LEAD.into(), lanes: 0, ends: VecDeque::new() }
    }

    fn column(&mut self, predictor: &Predictor, queue: u32, judged: u32, cycles: u32) {
        if self.ends.len() >= queue.max(1) as usize {
            // There is room in the cycle after the lanes' last with the eldest.
            self.predictor = self.predictor.max(self.ends.pop_front().unwrap_or(0) + 1);
        }
        self.predictor += u64::from(judged);
        let verdict = self.predictor - 1 + u64::from(predictor.latency);
        self.lanes = self.lanes.max(verdict) + u64::from(cycles);
        self.ends.push_back(self.lanes - 1);
    }
}

/// A step as it goes on, column by column.
///
/// The predictor judges a column after the other, in the order of the lanes, as long as there is room in the queue; the lanes take
/// them out of it, a word a cycle where a column is computed, in one cycle where it is remembered.
#[derive(Clone, Debug)]
pub struct Pace {
    without: u64,
    predicting: u64,
    working: u64,
    serial: Line,
    pipelined: Line,
}

impl Default for Pace {
    /// At the begin of a step.
    fn default() -> Pace {
        Pace { without: 0, predicting: 0, working: 0, serial: Line::new(), pipelined: Line::new() }
    }
}

impl Pace {
    /// A column that the predictor takes `judged` cycles for ([`Predictor::cycles`]), and the lanes `words`.
    pub fn column(&mut self, predictor: &Predictor, judged: u32, words: u32, hit: bool) {
        let cycles = if hit { 1 } else { words };
        self.without += u64::from(words);
        self.predicting += u64::from(judged);
        self.working += u64::from(cycles);
        self.serial.column(predictor, 1, judged, cycles);
        self.pipelined.column(predictor, predictor.queue, judged, cycles);
    }

    /// The end of a step: its cycles are counted, and the next one begins.
    pub fn finish(&mut self, counters: &mut Counters) {
        counters.cycles_without += self.without;
        counters.predictor_cycles += self.predicting;
        counters.serial_cycles += self.serial.lanes;
        counters.pipelined_cycles += self.pipelined.lanes;
        counters.stall_cycles += self.pipelined.lanes - self.working;
        *self = Pace::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossbar::geometry::PRESETS;

    fn step(predictor: Predictor, judged: u32, words: u32, hits: &[bool]) -> Counters {
        let (mut pace, mut counters) = (Pace::default(), Counters::default());
        hits.iter().for_each(|&hit| pace.column(&predictor, judged, words, hit));
        pace.finish(&mut counters);
        counters
    }

    const PREDICTOR: Predictor = Predictor { width: 128, latency: 5, queue: 4 };

    #[test]
    fn the_lanes_are_the_limit_where_nothing_is_remembered() {
        let all = step(PREDICTOR, 2, 9, &[false; 100]);
        assert_eq!((all.cycles_without, all.predictor_cycles), (900, 200));
        // The lead, the first column's second cycle, the latency.
        assert_eq!((all.pipelined_cycles, all.stall_cycles), (900 + 8, 8));
        assert_eq!(all.serial_cycles, 2 + 100 * (2 + 5 + 9 - 1));
    }

    #[test]
    fn the_predictor_is_the_limit_where_all_is_remembered() {
        let none = step(PREDICTOR, 2, 9, &[true; 100]);
        assert_eq!((none.pipelined_cycles, none.stall_cycles), (2 + 200 - 1 + 5 + 1, 107));
        assert_eq!(none.serial_cycles, 2 + 100 * (2 + 5));
        // A queue that is shorter than the latency holds the predictor up.
        let short = step(Predictor { latency: 11, ..PREDICTOR }, 2, 9, &[true; 100]);
        assert!(short.pipelined_cycles > 300, "{short:?}");
    }

    #[test]
    fn a_queue_evens_out_what_comes_in_bursts() {
        let bursts: Vec<bool> = (0..100).map(|column| column % 20 < 10).collect();
        let cycles = |queue| step(Predictor { queue, ..PREDICTOR }, 2, 4, &bursts).pipelined_cycles;
        assert!(cycles(1) > cycles(3) && cycles(3) > cycles(10), "{} {} {}", cycles(1), cycles(3), cycles(10));
        assert_eq!(cycles(1), step(PREDICTOR, 2, 4, &bursts).serial_cycles);
        let busy = step(PREDICTOR, 2, 4, &bursts);
        assert_eq!(busy.pipelined_cycles, 50 * 4 + 50 + busy.stall_cycles);
    }

    #[test]
    fn a_predictor_takes_whole_words_and_has_a_number() {
        assert_eq!([0, 1, 128, 129].map(|rows| PREDICTOR.cycles(rows)), [1, 1, 1, 2]);
        for predictor in PRESETS.iter().map(Predictor::of).flat_map(|pipelined| [pipelined, pipelined.serial()]) {
            assert_eq!(Predictor::from_id(predictor.id()), Some(predictor));
        }
        assert!(PRESETS.iter().all(|preset| Predictor::of(preset).words(preset).is_some()));
        for width in [16, 24, 33, 512] {
            assert_eq!(Predictor { width, ..PREDICTOR }.words(&PRESETS[1]), None);
        }
        assert_eq!([0, 2, 128, 255].map(Predictor::from_id), [None; 4]);
    }
}
