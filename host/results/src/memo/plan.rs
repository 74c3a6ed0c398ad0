//! The number of seeds of a network, and of passes over its data.

use super::variant::{HIDDEN, Variant};
use crate::crossbar::finished::Asked;

/// Default seeds of the networks whose goals are checked; all others have one, for they take
/// most of the time.
pub const SEEDS: u64 = 3;

/// The seeds of a network with a data set, where nothing else is said.
pub fn default_seeds(asked: Asked, variant: Variant) -> u64 {
    let marked = asked == Asked::Classes && variant.hidden == HIDDEN[0];
    if marked { SEEDS } else { 1 }
}

/// Passes over the tuning data, about: thresholds alike, by gate, and the oracle's.
pub const ATTEMPTS: f64 = 100.0;

/// Passes over the test data: without, three schemes, the curves.
pub const TESTS: f64 = 20.0;
