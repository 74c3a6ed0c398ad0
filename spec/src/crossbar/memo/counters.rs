//! Counters of memoization: how many columns were computed, and the cycles that took.

use crate::crossbar::memo::{Predictor, Verdict};

/// The counts of a device since `clear`, each number modulo 2^32. Of each gate H columns are wanted a step; at every
/// hit the words of a column are not read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Columns that were remembered, by gate.
    pub hits: [u32; 4],
    /// Columns that were computed because there was nothing to compare with.
    pub forced: u32,
    /// Cycles in which signs are compared.
    pub predictor_cycles: u32,
    /// Cycles in which the lanes wait for the predictor.
    pub stall_cycles: u32,
    /// Cycles of the lanes' walks over the columns, the stalls included.
    pub cycles: u32,
}

impl Tally {
    /// How many numbers there are.
    pub const NUMBERS: usize = 8;

    /// The numbers in their order.
    pub const fn numbers(&self) -> [u32; Tally::NUMBERS] {
        let Tally { hits: [input, forget, candidate, output], forced, predictor_cycles, stall_cycles, cycles } = *self;
        [input, forget, candidate, output, forced, predictor_cycles, stall_cycles, cycles]
    }

    /// From the numbers in their order.
    pub const fn from_numbers(numbers: [u32; Tally::NUMBERS]) -> Tally {
        let [input, forget, candidate, output, forced, predictor_cycles, stall_cycles, cycles] = numbers;
        Tally { hits: [input, forget, candidate, output], forced, predictor_cycles, stall_cycles, cycles }
    }
}

/// Sums over the steps of a sequence, or of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Columns that were wanted, by gate.
    pub columns: [u64; 4],
    /// Of these, the ones that were remembered.
    pub hits: [u64; 4],
    /// Columns that were computed because there was nothing to compare with. The misses are `columns - hits`, these included.
    pub forced: u64,
    /// Words of weights (of P each) that were not read.
    pub words_not_read: u64,
    /// Cycles of the lanes without memoization.
    pub cycles_without: u64,
    /// Cycles in which the predictor works.
    pub predictor_cycles: u64,
    /// Cycles where the predictor and the lanes take turns.
    pub serial_cycles: u64,
    /// Cycles where the predictor runs ahead of the lanes.
    pub pipelined_cycles: u64,
    /// Of these, the ones in which the lanes wait for the predictor.
    pub stall_cycles: u64,
}

impl Counters {
    /// Counts a column of a gate (0 to 3), the weights of which are so many words.
    pub fn count(&mut self, gate: usize, verdict: Verdict, words: u32) {
        self.columns[gate & 3] += 1;
        match verdict {
            Verdict::Hit(_) => {
                self.hits[gate & 3] += 1;
                self.words_not_read += u64::from(words);
            }
            Verdict::Miss => {}
            Verdict::Forced => self.forced += 1,
        }
    }

    /// The counts of a device with this predictor.
    pub fn on(&self, predictor: &Predictor) -> Tally {
        let cycles = if predictor.queue == 1 { self.serial_cycles } else { self.pipelined_cycles };
        // In the other cycles each remembered column takes one, each computed one as many as it has words.
        let worked = self.cycles_without - self.words_not_read + self.hits.iter().sum::<u64>();
        Tally {
            hits: self.hits.map(|hits| hits as u32),
            forced: self.forced as u32,
            predictor_cycles: self.predictor_cycles as u32,
            stall_cycles: (cycles - worked) as u32,
            cycles: cycles as u32,
        }
    }

    /// The share of the computations that were avoided, of the words of weights those not read; 0 where there were none. Where all
    /// columns have as many words, as an LSTM's have, it is the share of the columns that were remembered; of a GRU's some have
    /// more than others.
    pub fn reuse(&self) -> f64 {
        self.words_not_read as f64 / self.cycles_without.max(1) as f64
    }

    /// How many times fewer cycles the lanes take, where predictor and lanes take turns.
    pub fn serial_gain(&self) -> f64 {
        self.cycles_without as f64 / self.serial_cycles.max(1) as f64
    }

    /// The same where the predictor runs ahead.
    pub fn pipelined_gain(&self) -> f64 {
        self.cycles_without as f64 / self.pipelined_cycles.max(1) as f64
    }

    /// The increase of the counters since they were `earlier`.
    pub fn since(self, earlier: Counters) -> Counters {
        let beyond = |these: [u64; 4], those: [u64; 4]| std::array::from_fn(|gate| these[gate] - those[gate]);
        Counters {
            columns: beyond(self.columns, earlier.columns),
            hits: beyond(self.hits, earlier.hits),
            forced: self.forced - earlier.forced,
            words_not_read: self.words_not_read - earlier.words_not_read,
            cycles_without: self.cycles_without - earlier.cycles_without,
            predictor_cycles: self.predictor_cycles - earlier.predictor_cycles,
            serial_cycles: self.serial_cycles - earlier.serial_cycles,
            pipelined_cycles: self.pipelined_cycles - earlier.pipelined_cycles,
            stall_cycles: self.stall_cycles - earlier.stall_cycles,
        }
    }

    /// Both together.
    pub fn and(self, other: Counters) -> Counters {
        let both = |these: [u64; 4], those: [u64; 4]| std::array::from_fn(|gate| these[gate] + those[gate]);
        Counters {
            columns: both(self.columns, other.columns),
            hits: both(self.hits, other.hits),
            forced: self.forced + other.forced,
            words_not_read: self.words_not_read + other.words_not_read,
            cycles_without: self.cycles_without + other.cycles_without,
            predictor_cycles: self.predictor_cycles + other.predictor_cycles,
            serial_cycles: self.serial_cycles + other.serial_cycles,
            pipelined_cycles: self.pipelined_cycles + other.pipelined_cycles,
            stall_cycles: self.stall_cycles + other.stall_cycles,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_by_what_became_of_them() {
        // A GRU's columns, of which nx has few words, nh many.
        let words = [9, 9, 1, 8];
        let mut counters = Counters { cycles_without: words.iter().sum::<u32>().into(), ..Counters::default() };
        let verdicts = [Verdict::Forced, Verdict::Miss, Verdict::Hit(3), Verdict::Hit(9)];
        verdicts.into_iter().enumerate().for_each(|(gate, verdict)| counters.count(gate, verdict, words[gate]));
        assert_eq!((counters.columns, counters.hits, counters.forced), ([1; 4], [0, 0, 1, 1], 1));
        assert_eq!((counters.words_not_read, counters.reuse()), (9, 1.0 / 3.0));
        let twice = counters.and(counters);
        assert_eq!((twice.columns, twice.forced, twice.reuse()), ([2; 4], 2, 1.0 / 3.0));
        assert_eq!((twice.since(counters), Counters::default().reuse()), (counters, 0.0));
    }

    #[test]
    fn a_device_counts_what_its_own_predictor_takes() {
        let counters = Counters {
            hits: [1, 2, 3, 4],
            forced: 5,
            words_not_read: 30,
            cycles_without: 100,
            predictor_cycles: 40,
            serial_cycles: 300,
            pipelined_cycles: 90,
            stall_cycles: 10,
            ..Counters::default()
        };
        let pipelined = counters.on(&Predictor::default());
        assert_eq!(pipelined.numbers(), [1, 2, 3, 4, 5, 40, 10, 90]);
        assert_eq!(Tally::from_numbers(pipelined.numbers()), pipelined);
        assert_eq!(counters.on(&Predictor::default().serial()).numbers()[6..], [220, 300]);
    }
}
