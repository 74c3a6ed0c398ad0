//! The cycles of a step with memoization: of a predictor that takes turns with the lanes, and of one that runs ahead of them.

use std::collections::VecDeque;

use crate::crossbar::memo::Counters;

/// The predictor's size, which decides cycles but no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Predictor {
    /// P_b, rows whose signs are compared in one cycle.
    pub width: u32,
    /// c, cycles from the last signs to the verdict: on top of every column where predictor and lanes take turns, of
    /// every step where it runs ahead.
    pub latency: u32,
    /// Columns to be computed that may wait for the lanes, at least 1.
    pub queue: u32,
}

impl Default for Predictor {
    /// 128 rows, 2 cycles, 16 columns.
    fn default() -> Predictor {
        Predictor { width: 128, latency: 2, queue: 16 }
    }
}

impl Predictor {
    /// T_p, the cycles of a column of so many rows, padding included; at least 1.
    pub fn cycles(&self, rows: usize) -> u32 {
        (rows.div_ceil(self.width.max(1) as usize) as u32).max(1)
    }
}

/// A step as it goes on, column by column, in cycles since its begin.
///
/// The predictor judges a column after the other; one that must be computed goes into the queue, and where the queue is full
/// the predictor waits. The lanes take the columns out of the queue in order.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    serial: u64,
    without: u64,
    predicting: u64,
    stalled: u64,
    /// When the predictor and the lanes are free again.
    predictor: u64,
    lanes: u64,
    /// When the lanes began with the columns that were in the queue last.
    begun: VecDeque<u64>,
}

impl Pace {
    /// A column that the predictor takes `judged` cycles for ([`Predictor::cycles`]), and the lanes `words`.
    pub fn column(&mut self, predictor: &Predictor, judged: u32, words: u32, hit: bool) {
        let (judged, words) = (u64::from(judged), u64::from(words));
        self.without += words;
        self.predicting += judged;
        self.serial += judged + u64::from(predictor.latency) + if hit { 0 } else { words };
        self.predictor += judged;
        if hit {
            return;
        }
        if self.begun.len() >= predictor.queue.max(1) as usize {
            // There is room when the lanes have begun with the eldest.
            self.predictor = self.predictor.max(self.begun.pop_front().unwrap_or(0));
        }
        let begin = self.lanes.max(self.predictor);
        self.stalled += begin - self.lanes;
        self.begun.push_back(begin);
        self.lanes = begin + words;
    }

    /// The end of a step: its cycles are counted, and the next one begins.
    pub fn finish(&mut self, predictor: &Predictor, counters: &mut Counters) {
        let end = self.lanes.max(self.predictor);
        counters.cycles_without += self.without;
        counters.predictor_cycles += self.predicting;
        counters.serial_cycles += self.serial;
        counters.pipelined_cycles += end + u64::from(predictor.latency);
        counters.stall_cycles += self.stalled + end - self.lanes + u64::from(predictor.latency);
        self.begun.clear();
        let begun = std::mem::take(&mut self.begun);
        *self = Pace { begun, ..Pace::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(predictor: Predictor, judged: u32, words: u32, hits: &[bool]) -> Counters {
        let (mut pace, mut counters) = (Pace::default(), Counters::default());
        hits.iter().for_each(|&hit| pace.column(&predictor, judged, words, hit));
        pace.finish(&predictor, &mut counters);
        counters
    }

    const PREDICTOR: Predictor = Predictor { width: 128, latency: 2, queue: 4 };

    #[test]
    fn the_lanes_are_the_limit_where_nothing_is_remembered() {
        let all = step(PREDICTOR, 2, 9, &[false; 100]);
        assert_eq!((all.cycles_without, all.serial_cycles, all.predictor_cycles), (900, 1300, 200));
        // The first verdict, and the latency.
        assert_eq!((all.pipelined_cycles, all.stall_cycles), (904, 4));
    }

    #[test]
    fn the_predictor_is_the_limit_where_all_is_remembered() {
        let none = step(PREDICTOR, 2, 9, &[true; 100]);
        assert_eq!((none.serial_cycles, none.pipelined_cycles, none.stall_cycles), (400, 202, 202));
    }

    #[test]
    fn a_queue_evens_out_what_comes_in_bursts() {
        let bursts: Vec<bool> = (0..100).map(|column| column % 20 < 10).collect();
        let cycles = |queue| step(Predictor { queue, ..PREDICTOR }, 2, 4, &bursts).pipelined_cycles;
        // Without bounds: 20 cycles to the first miss, then the lanes have 50 columns to compute.
        assert!(cycles(1) > cycles(3) && cycles(3) > cycles(10), "{} {} {}", cycles(1), cycles(3), cycles(10));
        assert!(cycles(100) >= 200 + 2 && cycles(1) <= 20 + 200 + 5 * 20 + 2);
        let busy = step(PREDICTOR, 2, 4, &bursts);
        assert_eq!(busy.pipelined_cycles, 50 * 4 + busy.stall_cycles);
    }

    #[test]
    fn a_predictor_takes_whole_words() {
        assert_eq!([0, 1, 128, 129].map(|rows| PREDICTOR.cycles(rows)), [1, 1, 1, 2]);
    }
}
