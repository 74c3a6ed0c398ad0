//! How a network is trained: every number that decides the outcome, recorded in the model.

use std::fmt;
use std::str::FromStr;

use engram_spec::Format;
use serde::{Deserialize, Serialize};

use crate::network::Encoding;
use crate::quantise::Formats;

/// The arithmetic a network is trained for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Real numbers: the baseline.
    Float,
    /// The hardware's: 8-bit codes, wide accumulators, the tables of the one-pass softmax.
    #[default]
    Qmann,
}

impl Mode {
    /// All modes.
    pub const ALL: [Mode; 2] = [Mode::Float, Mode::Qmann];

    /// The name on the command line and in model files.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Float => "float",
            Mode::Qmann => "qmann",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no mode.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("found mode '{0}', expected float or qmann")]
pub struct ModeError(String);

impl FromStr for Mode {
    type Err = ModeError;

    fn from_str(text: &str) -> Result<Mode, ModeError> {
        let named = Mode::ALL.into_iter().find(|mode| mode.name() == text);
        named.ok_or_else(|| ModeError(text.to_string()))
    }
}

/// The rule by which gradients change weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Optimiser {
    /// Stochastic gradient descent.
    Sgd,
    /// Adam (Kingma and Ba, ICLR 2015), with moments 0.9 and 0.999.
    #[default]
    Adam,
}

/// A recipe. What a file leaves out is taken from the default.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Elements E of every vector.
    pub elements: usize,
    /// Slots M of the memory.
    pub slots: usize,
    /// Hops K.
    pub hops: usize,
    /// How the words of a sentence become a vector.
    pub encoding: Encoding,
    /// Whether questions are embedded as sentences are addressed: B = A.
    pub tie_b: bool,
    /// Whether answers are weighted as sentences are read: W = C.
    pub tie_w: bool,
    /// The rule of the updates.
    pub optimiser: Optimiser,
    /// The learning rate, on the mean gradient of a batch.
    pub rate: f64,
    /// The factor of H's learning rate.
    pub controller_rate: f64,
    /// Epochs after which the learning rate is halved, again and again.
    pub halve_every: usize,
    /// Passes over the training questions.
    pub epochs: usize,
    /// Questions between two updates.
    pub batch: usize,
    /// The most that the L2 norms of a tensor's rows may sum to in an update's gradient.
    pub clip: f64,
    /// Epochs at the start without the softmax (MemN2N's linear start).
    pub linear_epochs: usize,
    /// Epochs at the start, those of the linear start included, in real arithmetic.
    pub smooth_epochs: usize,
    /// The probability of a gap in the ages before each sentence (MemN2N's random noise).
    pub time_noise: f64,
    /// The standard deviation of the initial weights.
    pub deviation: f64,
    /// kappa: bounded similarities are scaled by 2^kappa. E 2^kappa = 4 fills the range of a score.
    pub kappa: i32,
    /// The formats of the quantised tensors; that of m also gives the range R of bounded similarities in real arithmetic.
    pub formats: Formats,
    /// The share of the training stories that is kept for validation.
    pub validation: f64,
    /// Epochs without a better validation after which training stops.
    pub patience: usize,
}

impl Default for Recipe {
    fn default() -> Recipe {
        let format = |fraction| Format::with_fraction(fraction).unwrap_or(Format::holding(1.0));
        Recipe {
            elements: 32,
            slots: 32,
            hops: 3,
            encoding: Encoding::Position,
            tie_b: true,
            tie_w: false,
            optimiser: Optimiser::Adam,
            rate: 0.01,
            controller_rate: 1.0,
            halve_every: 40,
            epochs: 200,
            batch: 32,
            clip: 40.0,
            linear_epochs: 0,
            smooth_epochs: 0,
            time_noise: 0.1,
            deviation: 0.1,
            kappa: -2,
            formats: Formats {
                a: format(5),
                b: format(5),
                c: format(4),
                w: format(5),
                h: format(5),
                memory_a: format(5),
                memory_c: format(4),
                controller: format(5),
            },
            validation: 0.1,
            patience: 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_recipe_leaves_out_is_the_default() {
        let recipe: Recipe = serde_json::from_str(r#"{"epochs": 5, "encoding": "bag-of-words"}"#).unwrap();
        assert_eq!(recipe, Recipe { epochs: 5, encoding: Encoding::BagOfWords, ..Recipe::default() });
        let written = serde_json::to_string(&recipe).unwrap();
        assert!(written.contains(r#""rate":0.01"#) && written.contains(r#""memory_a":"Q2.5""#), "{written}");
        assert_eq!(serde_json::from_str::<Recipe>(&written).unwrap(), recipe);
        assert!(serde_json::from_str::<Recipe>(r#"{"epoch": 5}"#).is_err());
        assert!(serde_json::from_str::<Recipe>(&written.replace("Q2.5", "Q2.6")).is_err());
    }

    #[test]
    fn names_lead_back_to_their_modes() {
        assert!(Mode::ALL.into_iter().all(|mode| mode.name().parse() == Ok(mode)));
        assert!("analogue".parse::<Mode>().is_err());
    }
}
