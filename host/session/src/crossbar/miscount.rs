//! The first place where a backend counts otherwise than the integer model, where columns are remembered.

use std::fmt;

use engram_spec::crossbar::memo::Tally;
use serde::Serialize;

/// A number of a sequence that a backend did not count as the integer model does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Miscount {
    /// The sequence, counted from 1.
    pub sequence: usize,
    /// The counter's name.
    pub counter: String,
    /// The backend's number.
    pub found: u32,
    /// The integer model's number.
    pub expected: u32,
}

impl Miscount {
    /// The first number of a sequence that differs, of a backend with the names of its gates and the clock cycles of both; `None`
    /// where all are equal.
    pub fn find(sequence: usize, gates: [&str; 4], tallies: [&Tally; 2], clocks: [u32; 2]) -> Option<Miscount> {
        let hits = gates.map(|gate| format!("hits of {gate}"));
        let others = ["forced columns", "predictor cycles", "stall cycles", "lane cycles", "clock cycles"];
        let counters = hits.into_iter().chain(others.map(str::to_string));
        let [found, expected] = [0, 1].map(|backend| tallies[backend].numbers().into_iter().chain([clocks[backend]]));
        let mut counted = counters.zip(found.zip(expected));
        let (counter, (found, expected)) = counted.find(|(_, (found, expected))| found != expected)?;
        Some(Miscount { sequence, counter, found, expected })
    }
}

impl fmt::Display for Miscount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Miscount { sequence, counter, found, expected } = self;
        write!(f, "sequence {sequence}, {counter}: found {found}, expected {expected}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_that_differs_is_named() {
        let tally = |numbers| Tally::from_numbers(numbers);
        let (found, expected) = (tally([1, 2, 3, 4, 5, 6, 7, 8]), tally([1, 2, 9, 4, 5, 6, 7, 0]));
        let gates = ["z", "r", "nx", "nh"];
        let first = Miscount::find(3, gates, [&found, &expected], [0, 0]).unwrap();
        assert_eq!(first.to_string(), "sequence 3, hits of nx: found 3, expected 9");
        assert_eq!(Miscount::find(3, gates, [&found; 2], [0, 0]), None);
        let clock = Miscount::find(3, gates, [&found; 2], [90, 91]).unwrap();
        assert_eq!((clock.counter.as_str(), clock.found, clock.expected), ("clock cycles", 90, 91));
    }
}
