//! The figures of a finished run, and what decides them.

use std::fmt;

use engram_crossbar::train::VERSION;
use engram_spec::crossbar::Cell;
use engram_spec::crossbar::memo::{Counters, Predictor};
use serde::{Deserialize, Serialize};

use super::scheme::{CURVES, Scheme};
use super::variant::{SYMBOLS, Variant};
use super::work::{LOSS, TEST_STEPS, TUNING_STEPS};
use crate::campaign::{self, is_stale};
use crate::crossbar::dataset::Dataset;
use crate::crossbar::finished::{Asked, Score};
use crate::files::hash;
use crate::ledger::Line;
use crate::recurrent::run_name;

/// The number that keys hold for the version of training: it was one ahead when there was a number of its own.
const TRAINING: u32 = VERSION + 1;

/// The version of what is measured of a network, raised when that changes.
const fn measuring(cell: Cell) -> u32 {
    match cell {
        Cell::Lstm => 5,
        Cell::Gru => 6,
    }
}

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

/// A finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The hash of what it was made of: see [`key`].
    pub key: String,
    /// The data set.
    pub dataset: String,
    /// The variant, by its name.
    pub variant: String,
    /// The seed.
    pub seed: u64,
    /// The question that is asked of the network.
    pub asked: Asked,
    /// Inputs of the network: channels, or symbols.
    pub inputs: usize,
    /// Recordings, or symbols, that the model was trained on.
    pub training_targets: usize,
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
    /// Processor time of training and measuring, in seconds.
    pub cpu_seconds: f64,
    /// Multiplications, about, by which the time was estimated.
    pub work: f64,
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "test error {:.1} %", self.test.error_percent)?;
        for Tested { scheme, test, .. } in &self.schemes {
            let lost = test.score.error_percent - self.test.error_percent;
            write!(f, ", {} {:.1} % reused {lost:+.1} points", scheme.name(), 100.0 * test.counters.reuse())?;
        }
        write!(f, ", {:.1} s", self.cpu_seconds)
    }
}

impl Line for Finished {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        run_name("memo", &self.dataset, &self.variant, self.seed)
    }

    fn replaces(&self, old: &Finished) -> bool {
        is_stale(self, old)
    }
}

impl campaign::Finished for Finished {
    fn key(&self) -> &str {
        &self.key
    }

    fn cpu_seconds(&self) -> f64 {
        self.cpu_seconds
    }
}

/// The hash of what decides a network, but its seed: the data, the recipes as they are written, the variant.
pub fn model_key(dataset: &Dataset, name: &str) -> anyhow::Result<String> {
    let [float, quantised] = &dataset.settings;
    let fingerprint = dataset.loaded()?.fingerprint;
    Ok(hash(&format!("{TRAINING}\n{}\n{fingerprint}\n{float}\n{quantised}\n{name}\n{SYMBOLS}", dataset.name)))
}

/// The hash of what decides the outcome of a run, but its seed: the network, and what is measured of it.
pub fn key(dataset: &Dataset, variant: Variant) -> anyhow::Result<String> {
    let measured = (TUNING_STEPS, TEST_STEPS, LOSS, CURVES, Predictor::default());
    let model = model_key(dataset, &variant.to_string())?;
    Ok(hash(&format!("{model}\n{}\n{measured:?}", measuring(variant.cell))))
}
