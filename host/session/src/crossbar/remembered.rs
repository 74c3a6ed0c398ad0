//! The columns that were remembered in an answer, shown beside it.

use std::fmt;

use serde::Serialize;

use super::counters::Counted;
use crate::style::{FAINT, styled};

/// The share of an answer's columns that were remembered, and what that saved.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Remembered {
    /// Columns of its steps.
    pub columns: u64,
    /// Columns that were remembered.
    pub hits: u64,
    /// The share of the computations that were avoided: of the words of weights those not read.
    pub reuse: f64,
    /// Clock cycles of its steps and its reading out: those of hardware, by the integer model's counters where the backend has
    /// no clock.
    pub cycles: u64,
    /// The same where every column is computed.
    pub cycles_without: u64,
}

impl Remembered {
    /// From the counters, and from the cycles besides the walks over the columns, with memoization and without.
    pub fn new(counted: &Counted, besides: [u64; 2]) -> Remembered {
        let Counted { columns, hits, reuse, .. } = *counted;
        let [cycles, cycles_without] = [counted.cycles + besides[0], counted.cycles_without + besides[1]];
        Remembered { columns, hits, reuse, cycles, cycles_without }
    }
}

/// Behind an answer: the cycles that it took, where the backend has a clock, or what memoization came to.
pub fn cost(cycles: u64, memo: Option<&Remembered>) -> String {
    let text = memo.map(Remembered::to_string).or((cycles > 0).then(|| format!("{cycles} cycles")));
    text.map_or(String::new(), |text| styled(FAINT, format!("  ({text})")))
}

impl fmt::Display for Remembered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Remembered { columns, hits, cycles, cycles_without, .. } = *self;
        let percent = 100.0 * hits as f64 / columns.max(1) as f64;
        write!(f, "{percent:.1} % of {columns} columns remembered: {cycles} cycles, {cycles_without} without")
    }
}
