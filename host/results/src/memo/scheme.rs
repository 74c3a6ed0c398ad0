//! The ways of remembering that are tuned and tested, and the thresholds over which curves are drawn.

use engram_crossbar::{Memoization, Thresholds};
use engram_spec::crossbar::memo::Denominator;
use serde::{Deserialize, Serialize};

/// A way of remembering. Errors add up over consecutive hits in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// The paper's denominator, one threshold for all gates.
    Paper,
    /// Differences of signs as they are, a threshold for each gate.
    PerGate,
    /// The true relative change decides, one threshold: no predictor can do so.
    Oracle,
}

impl Scheme {
    /// All schemes.
    pub const ALL: [Scheme; 3] = [Scheme::Paper, Scheme::PerGate, Scheme::Oracle];

    /// In a word or two.
    pub const fn name(self) -> &'static str {
        match self {
            Scheme::Paper => "paper",
            Scheme::PerGate => "per gate",
            Scheme::Oracle => "oracle",
        }
    }

    /// The value that differences are divided by.
    pub const fn denominator(self) -> Denominator {
        match self {
            Scheme::PerGate => Denominator::Rows,
            Scheme::Paper | Scheme::Oracle => Denominator::Current,
        }
    }

    /// The thresholds that are looked for.
    pub const fn thresholds(self) -> Thresholds {
        match self {
            Scheme::PerGate => Thresholds::PerGate,
            Scheme::Paper | Scheme::Oracle => Thresholds::Alike,
        }
    }

    /// Without thresholds; `zero_is_minus` where inputs are symbols, of which only one row is positive.
    pub fn start(self, zero_is_minus: bool) -> Memoization {
        let mut how = remembering(self.denominator(), zero_is_minus, 0);
        how.oracle = self == Scheme::Oracle;
        how
    }
}

/// The thresholds of the curves, one for all gates: of the paper's denominator in units of 2^-8, and of signs.
pub const CURVES: [(Denominator, [u16; 8]); 2] = [
    (Denominator::Current, [16, 32, 64, 128, 256, 512, 1024, 2048]),
    (Denominator::Rows, [1, 2, 4, 8, 16, 32, 64, 128]),
];

/// Memoization with one threshold.
pub fn remembering(denominator: Denominator, zero_is_minus: bool, theta: u16) -> Memoization {
    let mut how = Memoization::default();
    (how.settings.denominator, how.settings.throttling, how.settings.zero_is_minus) =
        (denominator, true, zero_is_minus);
    how.settings.theta = [theta; 4];
    how
}
