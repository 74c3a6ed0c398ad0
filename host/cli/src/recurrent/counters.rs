//! What memoization came to on a body, as commands tell it.

use std::fmt;

use engram_spec::crossbar::memo::Counters;
use serde::{Deserialize, Serialize};

use crate::hardware::Organisation;

/// The counters of all steps, in one of the organisations.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// How predictor and lanes work together.
    pub organisation: Organisation,
    /// Columns that were wanted, remembered and computed; of these computed because there was nothing to compare with.
    pub columns: u64,
    pub hits: u64,
    pub misses: u64,
    pub forced: u64,
    /// The share of the columns that were remembered.
    pub reuse: f64,
    /// Cycles in which the predictor works.
    pub predictor_cycles: u64,
    /// Cycles in which the lanes wait for it.
    pub stalls: u64,
    /// Words of weights that were not read.
    pub weight_words_not_read: u64,
    /// Cycles of the lanes over the columns, without memoization and with it, and how many times fewer they are.
    pub cycles_without: u64,
    pub cycles: u64,
    pub gain: f64,
    /// Sequences of which the body counted otherwise than the integer model.
    pub differences: usize,
}

impl Counted {
    /// The integer model's counters for a device of this organisation, which counted otherwise in some sequences.
    pub fn of(counters: &Counters, organisation: Organisation, differences: usize) -> Counted {
        let [columns, hits] = [counters.columns, counters.hits].map(|gates| gates.iter().sum::<u64>());
        let (cycles, gain, stalls) = match organisation {
            Organisation::Pipelined => (counters.pipelined_cycles, counters.pipelined_gain(), counters.stall_cycles),
            // The lanes wait whenever they do not work: a cycle a word that is computed, a cycle a column that is remembered.
            Organisation::Serial => {
                let working = counters.cycles_without - counters.words_not_read + hits;
                (counters.serial_cycles, counters.serial_gain(), counters.serial_cycles - working)
            }
        };
        let round = |value: f64| (value * 1e4).round() / 1e4;
        Counted {
            organisation,
            columns,
            hits,
            misses: columns - hits,
            forced: counters.forced,
            reuse: round(counters.reuse()),
            predictor_cycles: counters.predictor_cycles,
            stalls,
            weight_words_not_read: counters.words_not_read,
            cycles_without: counters.cycles_without,
            cycles,
            gain: round(gain),
            differences,
        }
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counted { columns, hits, misses, forced, predictor_cycles, stalls, cycles, cycles_without, .. } = self;
        let (reuse, words) = (100.0 * self.reuse, self.weight_words_not_read);
        writeln!(
            f,
            "  columns        {columns}: {hits} hits ({reuse:.1} %), {misses} misses, {forced} of them forced"
        )?;
        writeln!(f, "  weights        {words} words not read")?;
        let (gain, how) = (self.gain, self.organisation);
        writeln!(f, "  lanes          {cycles} cycles {how}, {cycles_without} without: {gain:.2} times fewer")?;
        write!(f, "  predictor      {predictor_cycles} cycles; the lanes wait {stalls}")?;
        match self.differences {
            0 => Ok(()),
            count => write!(f, "\n  counters       of {count} sequences differ from the integer model's"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_have_their_own_cycles() {
        let counters = Counters {
            columns: [10; 4],
            hits: [4; 4],
            forced: 4,
            words_not_read: 16 * 9,
            cycles_without: 360,
            predictor_cycles: 80,
            serial_cycles: 400,
            pipelined_cycles: 240,
            stall_cycles: 24,
        };
        let serial = Counted::of(&counters, Organisation::Serial, 0);
        assert_eq!((serial.hits, serial.misses, serial.reuse), (16, 24, 0.4));
        assert_eq!((serial.cycles, serial.stalls, serial.gain), (400, 168, 0.9));
        let pipelined = Counted::of(&counters, Organisation::Pipelined, 0);
        assert_eq!((pipelined.cycles, pipelined.stalls, pipelined.gain), (240, 24, 1.5));
    }
}
