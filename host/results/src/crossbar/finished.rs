//! The figures of a finished run, and what decides them.

use std::fmt;

use engram_sequences::Data;
use serde::{Deserialize, Serialize};

use crate::recurrent::Measured;

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

/// The figures of a finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
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
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "test error {:.1} %, {:.3} nats", self.test.error_percent, self.test.nats)
    }
}

impl Measured for Figures {
    const CAMPAIGN: &'static str = "crossbar";

    fn test(&self) -> Score {
        self.test
    }
}
