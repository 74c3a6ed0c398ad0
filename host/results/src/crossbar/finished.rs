//! The figures of a finished run, and what decides them.

use std::fmt;

use engram_crossbar::train::VERSION;
use engram_sequences::Data;
use serde::{Deserialize, Serialize};

use super::dataset::Dataset;
use super::variant::Variant;
use super::work::NOISE;
use crate::campaign::{self, is_stale};
use crate::files::hash;
use crate::ledger::Line;
use crate::recurrent::run_name;

/// The question that is asked of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The class of a recording.
    Classes,
    /// Every next symbol of a stream.
    Symbols,
    /// The symbols behind a cue.
    Answers,
}

impl Asked {
    /// The question that is asked of a network with such data.
    pub fn of(data: &Data) -> Asked {
        match data {
            Data::Recordings(_) => Asked::Classes,
            Data::Symbols(stream) if stream.cue.is_some() => Asked::Answers,
            Data::Symbols(_) => Asked::Symbols,
        }
    }
}

/// The score of a network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Recordings, or symbols of a stream.
    pub targets: usize,
    /// The share of wrong answers, in percent.
    pub error_percent: f64,
    /// The mean cross-entropy, in nats.
    pub nats: f64,
}

/// A network under noise: as often programmed as there are scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnderNoise {
    /// s_w: the deviation of a weight, as a share of its range.
    pub weights: f64,
    /// s_a: the deviation of a read, in steps of the converter.
    pub read: f64,
    /// The scores, programming by programming.
    pub scores: Vec<Score>,
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
    /// The score on the test data, without noise.
    pub test: Score,
    /// The share of the validation targets answered wrongly, in percent.
    pub validation_error_percent: f64,
    /// The cross-entropy of the validation targets, in nats.
    pub validation_nats: f64,
    /// Epochs that the model was trained for.
    pub epoch: usize,
    /// The scores under noise, where that was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<UnderNoise>,
    /// Processor time of training and testing, in seconds.
    pub cpu_seconds: f64,
    /// Multiplications, about, by which the time was estimated.
    pub work: f64,
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { error_percent, nats, .. } = self.test;
        write!(f, "test error {error_percent:.1} %, {nats:.3} nats, {:.1} s", self.cpu_seconds)
    }
}

impl Line for Finished {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        run_name("crossbar", &self.dataset, &self.variant, self.seed)
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

/// The hash of what decides the outcome of a run, but its seed: the data, the recipes as they are written, the variant.
pub fn key(dataset: &Dataset, variant: Variant) -> anyhow::Result<String> {
    let [float, quantised] = &dataset.settings;
    let fingerprint = dataset.loaded()?.fingerprint;
    let mut made_of = format!("{VERSION}\n{}\n{fingerprint}\n{float}\n{variant}", dataset.name);
    if let Variant::Trained(_) | Variant::UnderNoise(_) = variant {
        made_of += &format!("\n{quantised}");
    }
    if let Variant::UnderNoise(_) = variant {
        made_of += &format!("\n{NOISE:?}");
    }
    Ok(hash(&made_of))
}
