//! The figures of a finished run, and what decides them.

use std::fmt;

use engram_crossbar::train::VERSION;
use engram_spec::crossbar::memo::Counters;
use serde::{Deserialize, Serialize};

use super::scheme::Scheme;
use super::variant::SYMBOLS;
use crate::datasets::{Dataset, Measured, Score};
use crate::files::hash;

/// The number that keys hold for the version of training: it was one ahead when there was a number of its own.
const TRAINING: u32 = VERSION + 1;

/// The integer model's counters, as they are kept.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Counters")]
struct CountersJson {
    columns: [u64; 4],
    hits: [u64; 4],
    forced: u64,
    words_not_read: u64,
    cycles_without: u64,
    predictor_cycles: u64,
    serial_cycles: u64,
    pipelined_cycles: u64,
    stall_cycles: u64,
}

/// The outcome of memoization on some data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The score of the answers.
    pub score: Score,
    /// The counters.
    #[serde(with = "CountersJson")]
    pub counters: Counters,
}

/// A scheme with the thresholds that were found for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    pub scheme: Scheme,
    /// The thresholds of the gates.
    pub theta: [u16; 4],
    /// On the training data that they were found with, without memoization.
    pub tuning_without: Score,
    /// On the training data that they were found with.
    pub tuning: Outcome,
    /// On the test data.
    pub test: Outcome,
}

/// A point of a curve: one threshold on the test data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The place of its denominator in [`CURVES`].
    pub curve: usize,
    pub theta: u16,
    pub test: Outcome,
}

/// The figures of a finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Steps that thresholds are found with.
    pub tuning_steps: usize,
    /// Steps that are tested.
    pub test_steps: usize,
    /// The test without memoization.
    pub test: Score,
    /// The schemes.
    pub schemes: Vec<Tested>,
    /// The curves.
    pub curves: Vec<Point>,
    /// The remembered columns of one test recording, scheme `paper`: a line a step, of a digit a cell, whose bits are
    /// its four columns (1, 2, 4, 8), set where remembered. Kept of one network of recordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub picture: Vec<String>,
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "test error {:.1} %", self.test.error_percent)?;
        self.schemes.iter().try_for_each(|Tested { scheme, test, .. }| {
            let lost = test.score.error_percent - self.test.error_percent;
            write!(f, ", {} {:.1} % reused {lost:+.1} points", scheme.name(), 100.0 * test.counters.reuse())
        })
    }
}

impl Measured for Figures {
    const CAMPAIGN: &'static str = "memo";

    fn test(&self) -> Score {
        self.test
    }
}

/// The hash of what decides a network, but its seed: the data, the recipes as they are written, the variant.
pub fn model_key(dataset: &Dataset, name: &str) -> anyhow::Result<String> {
    let [float, quantised] = &dataset.settings;
    let fingerprint = dataset.loaded()?.fingerprint;
    Ok(hash(&format!("{TRAINING}\n{}\n{fingerprint}\n{float}\n{quantised}\n{name}\n{SYMBOLS}", dataset.name)))
}
