//! The function of a network, beside its tensors: arithmetic, addressing, size, formats.

use std::fmt;
use std::str::FromStr;

use engram_spec::memnet::{Addressing, Datapath, Settings, Tying, Weights};
use serde::{Deserialize, Serialize};

use crate::network::Encoding;
use crate::quantise::{Formats, FormatsError, Quantiser, position_format, text};
use crate::tensors::{Shape, Tensors};

/// The arithmetic a network is trained for and computes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Real numbers: the baseline.
    Float,
    /// Conventional fixed point as Q-MANN (AAAI 2018) compares itself with: every product truncated toward zero and
    /// saturated, sums exact and then saturated, the softmax's result truncated too. No hardware computes so.
    FixedTruncating,
    /// The hardware's arithmetic with the product as similarity: codes, wide accumulators, one rounding a stored value, the
    /// tables of the one-pass softmax. What good fixed-point hardware does without bounded addressing.
    Fixed,
    /// The hardware's arithmetic with bounded addressing.
    #[default]
    Qmann,
    /// Binary weights (A, B, C and H are ±1 times a power of two a tensor) with the product as similarity.
    BinaryConventional,
    /// Binary weights with bounded addressing.
    Binary,
    /// Binary weights in the conventional arithmetic of `fixed-truncating`: which part of the gain is the arithmetic's.
    BinaryTruncating,
}

impl Mode {
    /// All modes.
    pub const ALL: [Mode; 7] = [
        Mode::Float,
        Mode::FixedTruncating,
        Mode::Fixed,
        Mode::Qmann,
        Mode::BinaryConventional,
        Mode::Binary,
        Mode::BinaryTruncating,
    ];

    /// The name on the command line and in model files.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::Float => "float",
            Mode::FixedTruncating => "fixed-truncating",
            Mode::Fixed => "fixed",
            Mode::Qmann => "qmann",
            Mode::BinaryConventional => "binary-conventional",
            Mode::Binary => "binary",
            Mode::BinaryTruncating => "binary-truncating",
        }
    }

    /// The addressing of a recipe that names none.
    pub const fn addressing(self) -> Addressing {
        match self {
            Mode::Qmann | Mode::Binary => Addressing::Hamming,
            Mode::Float | Mode::FixedTruncating | Mode::Fixed | Mode::BinaryConventional | Mode::BinaryTruncating => {
                Addressing::Dot
            }
        }
    }

    /// Whether a network of this mode may be addressed so. The product as similarity is what the conventional modes stand
    /// for; real numbers and the hardware's arithmetic take any.
    pub fn allows(self, addressing: Addressing) -> bool {
        match self {
            Mode::Float | Mode::Qmann => true,
            Mode::Binary => addressing != Addressing::Dot,
            Mode::FixedTruncating | Mode::Fixed | Mode::BinaryConventional | Mode::BinaryTruncating => {
                addressing == Addressing::Dot
            }
        }
    }

    /// Whether arithmetic is conventional: products are truncated, and no device computes so.
    pub const fn is_truncating(self) -> bool {
        matches!(self, Mode::FixedTruncating | Mode::BinaryTruncating)
    }

    /// Whether the tensors are codes.
    pub const fn is_quantised(self) -> bool {
        !matches!(self, Mode::Float)
    }

    /// The numbers that A, B, C and H consist of.
    pub const fn weights(self) -> Weights {
        match self {
            Mode::BinaryConventional | Mode::Binary | Mode::BinaryTruncating => Weights::Signs,
            Mode::Float | Mode::FixedTruncating | Mode::Fixed | Mode::Qmann => Weights::Codes,
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
#[error(
    "found mode '{0}', expected float, fixed-truncating, fixed, qmann, binary-conventional, binary or binary-truncating"
)]
pub struct ModeError(String);

impl FromStr for Mode {
    type Err = ModeError;

    fn from_str(text: &str) -> Result<Mode, ModeError> {
        let named = Mode::ALL.into_iter().find(|mode| mode.name() == text);
        named.ok_or_else(|| ModeError(text.to_string()))
    }
}

/// Bits of a stored code, the sign among them.
pub const WORD: u32 = 8;

/// The function of a network, beside its tensors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The arithmetic.
    pub mode: Mode,
    /// The addressing of the memory.
    #[serde(with = "text")]
    pub addressing: Addressing,
    /// Whether the formats of u and m are graded over the hops: one integer bit more in the first, one fewer in the last
    /// (the paper's memory-controller quantisation control, MQ). With bounded addressing only.
    #[serde(default)]
    pub graded: bool,
    /// The word length of weights and activations, 2 to 8 bits. Shorter words keep a format's range and lose its last
    /// bits; the hardware has words of 8.
    #[serde(default = "word")]
    pub bits: u32,
    /// The network's size.
    pub shape: Shape,
    /// The way from the words of a sentence to a vector.
    pub encoding: Encoding,
    /// kappa: bounded similarities are scaled by 2^kappa.
    pub kappa: i32,
    /// The scores that are stored where addressing is by products; none elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<StoredScores>,
    /// The formats of the codes; in a float model only the range of m matters, to bounded similarities.
    pub formats: Formats,
}

/// The part of the scores of products that a device stores, ±4 around a centre. Products have no bound, so it is found on training
/// questions ([`Model::quantised`](crate::Model::quantised)); without, a product is stored as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredScores {
    /// The power of two by which scores are divided: the softmax becomes softer by it.
    pub shift: u8,
    /// The score in the middle, after the division, in units of 2^-3, as [`Settings::centre`] has it.
    pub centre: u8,
}

/// The kind of a network, as reports name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct NetworkKind {
    /// The arithmetic.
    pub mode: Mode,
    /// The name of the addressing.
    pub addressing: &'static str,
    /// The name of the tying, where it is not layer-wise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tying: Option<&'static str>,
}

impl fmt::Display for NetworkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NetworkKind { mode, addressing, tying } = self;
        write!(f, "{mode} {addressing}")?;
        tying.iter().try_for_each(|tying| write!(f, ", {tying} tying"))
    }
}

fn word() -> u32 {
    WORD
}

impl Design {
    /// The kind of the network.
    pub fn kind(&self) -> NetworkKind {
        let tying = Some(self.shape.tying).filter(|tying| !tying.is_layer_wise()).map(Tying::name);
        NetworkKind { mode: self.mode, addressing: self.addressing.name(), tying }
    }

    /// d_k: the fraction bits that u_k and the memory have in hop k beyond those of their formats. That of u_K, from which the
    /// answer is computed, is 0.
    pub fn grade(&self, hop: usize) -> i32 {
        let (graded, hops) = (u8::from(self.graded), self.shape.hops as u8);
        Settings { graded, hops, ..Settings::default() }.grade(hop as u8)
    }

    /// The score in the middle of the range that is stored, in units of 2^-3, as [`Settings::centre`] has it. Bounded
    /// similarities reach E 2^kappa at most, and those of the slots that matter lie in the upper half: the range of ±4 is put
    /// around three eighths of the bound, and not beyond it; with `min` around 3 at most. That of products is what [`StoredScores`] says.
    pub fn centre(&self) -> u8 {
        match self.addressing {
            Addressing::Dot => self.scores.unwrap_or_default().centre,
            addressing => {
                let bound = self.shape.elements as f32 * (self.kappa as f32).exp2();
                let centre = (bound * 3.0 / 8.0).min(bound - 4.0);
                // The smaller magnitude seldom comes near the bound, and is about 0 for slots that have nothing to do with u.
                let most = if addressing == Addressing::Min { 3.0 } else { f32::INFINITY };
                (8.0 * centre.min(most)) as u8
            }
        }
    }

    /// The power of two by which products are divided before they are stored as scores; 0 for bounded similarities.
    pub fn score_shift(&self) -> u8 {
        self.scores.unwrap_or_default().shift
    }

    /// R = 2^i, the range of m's format, which bounded similarities are relative to.
    pub fn range(&self) -> f32 {
        (self.formats.memory_a.integer() as f32).exp2()
    }

    /// The datapath that a device needs.
    pub fn datapath(&self) -> Datapath {
        Datapath { addressing: self.addressing, weights: self.mode.weights() }
    }

    /// The shifts of the hardware's arithmetic.
    pub(crate) fn shifts(&self) -> Result<Settings, FormatsError> {
        let Design { addressing, kappa, shape, formats, .. } = *self;
        formats.settings(addressing, kappa, self.score_shift(), shape.tying)
    }

    /// The settings of a program of no padding, where a device can compute this.
    pub fn settings(&self) -> Result<Settings, DesignError> {
        let Design { mode, graded, bits, shape, .. } = *self;
        match mode {
            Mode::Float => return Err(DesignError::NotQuantised),
            Mode::FixedTruncating | Mode::BinaryTruncating => return Err(DesignError::Truncating { mode }),
            Mode::Fixed | Mode::Qmann | Mode::BinaryConventional | Mode::Binary => {}
        }
        self.check()?;
        if bits != WORD {
            return Err(DesignError::ShortWords { found: bits });
        }
        // A network of more than a byte counts has more than any device.
        let count = |count: usize| u8::try_from(count).unwrap_or(u8::MAX);
        Ok(Settings {
            hops: count(shape.hops),
            words: count(shape.words),
            answers: count(shape.answers()),
            centre: self.centre(),
            graded: u8::from(graded),
            adjacent: u8::from(shape.tying == Tying::Adjacent),
            slots: count(shape.slots),
            ..self.shifts()?
        })
    }

    /// Whether devices compute so: in codes of 8 bits that are rounded once.
    pub fn is_device(&self) -> bool {
        self.mode.is_quantised() && !self.mode.is_truncating() && self.bits == WORD
    }

    /// Checks what does not depend on a device.
    pub fn check(&self) -> Result<(), DesignError> {
        let Design { mode, addressing, graded, bits, shape, scores, formats, .. } = *self;
        if shape.tying == Tying::Adjacent && mode.weights() == Weights::Signs {
            return Err(DesignError::BinaryAnswer { mode });
        }
        if shape.tying == Tying::Adjacent && graded {
            return Err(DesignError::GradedMemories);
        }
        if formats.tied(shape.tying) != formats {
            return Err(DesignError::Untied);
        }
        if scores.is_some() && addressing != Addressing::Dot {
            return Err(DesignError::Scores { addressing });
        }
        if !mode.allows(addressing) {
            return Err(DesignError::Addressing { mode, addressing });
        }
        if !(2..=WORD).contains(&bits) {
            return Err(DesignError::WordLength { found: bits });
        }
        if graded && (addressing == Addressing::Dot || !mode.is_quantised()) {
            return Err(DesignError::Graded { mode, addressing });
        }
        Ok(())
    }

    /// Whether a tensor, by its place in [`Tensors::each`], is binary: A, B, C and H can be.
    pub fn is_binary(&self, place: usize) -> bool {
        self.mode.weights() == Weights::Signs && [0, 1, 2, 4].contains(&place)
    }

    /// The quantiser of each tensor, in the order of [`Tensors::each`]. Position weights have the whole word: they are no
    /// part of what a word length stands for.
    pub fn quantisers(&self) -> [Quantiser; 8] {
        let mut quantisers = self.formats.each().map(|format| Quantiser::graded(format, self.bits, 0));
        quantisers[7] = Quantiser::of(position_format());
        quantisers
    }

    /// Puts real tensors on the grids of their formats: rounded and saturated, or, where they are binary, of one magnitude.
    #[inline(always)]
    pub fn round(&self, tensors: &Tensors<f32>, grid: &mut Tensors<f32>) {
        let each = grid.each_mut().into_iter().zip(tensors.each()).zip(self.quantisers()).zip(self.formats.each());
        for (place, (((grid, numbers), quantiser), format)) in each.enumerate() {
            grid.copy_from_slice(numbers);
            if self.is_binary(place) {
                // The scale is the step of the format: the code is 1 or -1.
                let step = format.step();
                grid.iter_mut().for_each(|weight| *weight = if *weight < 0.0 { -step } else { step });
            } else {
                quantiser.apply_all(grid);
            }
        }
    }
}

/// An error of a design that no device, or no network, can compute.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum DesignError {
    /// A float model has no codes.
    #[error(
        "found a float model, expected a quantised one: a device computes with codes; train with mode qmann, or convert \
         the model with `engram quantize`"
    )]
    NotQuantised,
    /// A model whose formats are chosen.
    #[error(
        "found a model of mode {mode}, expected a float model: train one with --mode float, or use this one as it is"
    )]
    Quantised {
        /// The mode.
        mode: Mode,
    },
    /// Conventional arithmetic is a baseline of the software.
    #[error("found mode {mode}, which no hardware computes in, expected fixed, qmann or binary")]
    Truncating {
        /// The mode.
        mode: Mode,
    },
    /// A word length that is none.
    #[error(
        "found codes of {found} bits, but they can have 2 to 8: choose bits = 8 for a device, or fewer for a test of precision"
    )]
    WordLength {
        /// Bits found.
        found: u32,
    },
    /// The hardware's words have 8 bits.
    #[error(
        "the model has codes of {found} bits, but devices compute with 8: leave --on out, and `engram eval` computes with \
         {found} bits, or train the model with bits = 8"
    )]
    ShortWords {
        /// Bits found.
        found: u32,
    },
    /// The answer's weights are those of the last memory, and are never binary.
    #[error(
        "found mode {mode} with adjacent tying, expected float, fixed, fixed-truncating or qmann: the answer's weights would be \
         binary too; choose another mode, or train with --tying layer-wise"
    )]
    BinaryAnswer {
        /// The mode.
        mode: Mode,
    },
    /// The memory that one hop reads the next one compares, so all hops have one format.
    #[error(
        "found graded formats with adjacent tying, expected formats that are the same in all hops: choose one of the two"
    )]
    GradedMemories,
    /// Tensors and memories that are one have one format.
    #[error(
        "found adjacent tying with different formats for the memories, for A and B or for C and W, or with a format of H that is not \
         Q0.7, expected the same and Q0.7"
    )]
    Untied,
    /// A mode that is not addressed so.
    #[error("found mode {mode} with {addressing} addressing, expected {}", if *mode == Mode::Binary { "hamming, xnor or min (with dot it is binary-conventional)" } else { "dot (with hamming, xnor or min it is qmann or binary)" })]
    Addressing {
        /// The mode.
        mode: Mode,
        /// The addressing.
        addressing: Addressing,
    },
    /// Grading without codes to compare.
    #[error(
        "found graded formats with mode {mode} and {addressing} addressing, expected codes and hamming, xnor or min"
    )]
    Graded {
        /// The mode.
        mode: Mode,
        /// The addressing.
        addressing: Addressing,
    },
    /// A range of scores beside one that the addressing has.
    #[error("found a range of scores with {addressing} addressing, expected none: bounded similarities have their own")]
    Scores {
        /// The addressing.
        addressing: Addressing,
    },
    /// The formats cannot be computed with.
    #[error(transparent)]
    Formats(#[from] FormatsError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_modes() {
        assert!(Mode::ALL.into_iter().all(|mode| mode.name().parse() == Ok(mode)));
        assert!("analogue".parse::<Mode>().is_err());
        assert!(Mode::ALL.into_iter().all(|mode| mode.allows(mode.addressing())));
    }
}
