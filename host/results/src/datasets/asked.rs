//! The question that is asked of a network with a data set, and the score of its answers.

use engram_crossbar::Loss;
use engram_sequences::Data;
use engram_session::measure::percent;
use serde::{Deserialize, Serialize};

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

impl Score {
    /// A loss as a line keeps it: nats to six decimals.
    pub fn of(loss: Loss) -> Score {
        Score { targets: loss.targets, error_percent: percent(loss.error()), nats: nats(loss.mean()) }
    }
}

/// Nats as a line keeps them: to six decimals.
pub fn nats(mean: f64) -> f64 {
    (mean * 1e6).round() / 1e6
}
