//! The figures of a finished run.

use std::fmt;

use crate::datasets::{Measured, Score};
use serde::{Deserialize, Serialize};

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
