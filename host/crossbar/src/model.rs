//! A model: a trained network with all that is needed to use it.

use engram_sequences::{Normaliser, Source, Windowing};
use engram_spec::crossbar::memo::Settings;
use serde::{Deserialize, Serialize};

use crate::cell::clear_unread;
use crate::design::Design;
use crate::network::Network;
use crate::recipe::Recipe;
use crate::tensors::{GATES, Tensors};

/// The names of a network's inputs and outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Labels {
    /// Channels of recordings, and their classes.
    Classes {
        /// The classes' names.
        names: Vec<String>,
        /// The steps of a recording that become one step of the network.
        #[serde(default, skip_serializing_if = "Windowing::is_none")]
        windowing: Windowing,
        /// The normalisation that brings the channels of those steps to [-1, 1].
        normaliser: Normaliser,
    },
    /// Symbols of a stream, and those that may follow.
    Symbols {
        /// The text of each symbol.
        alphabet: Vec<String>,
        /// The text between two symbols that are written.
        separator: String,
        /// The symbol before which the state is cleared, as at the beginning of a story.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        boundary: Option<u16>,
        /// The symbol behind which an answer stands, as behind a question mark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cue: Option<u16>,
    },
}

impl Labels {
    /// Inputs of the network.
    pub fn inputs(&self) -> usize {
        match self {
            Labels::Classes { normaliser, .. } => normaliser.channels(),
            Labels::Symbols { alphabet, .. } => alphabet.len(),
        }
    }

    /// The channels of the recordings that the network classifies; `None` of symbols.
    pub fn channels(&self) -> Option<usize> {
        match self {
            Labels::Classes { normaliser, windowing, .. } => Some(normaliser.channels() / windowing.window.max(1)),
            Labels::Symbols { .. } => None,
        }
    }

    /// Outputs of the network.
    pub fn outputs(&self) -> usize {
        match self {
            Labels::Classes { names, .. } => names.len(),
            Labels::Symbols { alphabet, .. } => alphabet.len(),
        }
    }
}

/// The record of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The recipe.
    pub recipe: Recipe,
    /// The seed.
    pub seed: u64,
    /// The restart that was chosen, from 0.
    pub restart: usize,
    /// Epochs that it was trained for.
    pub epoch: usize,
    /// The name of the data.
    pub source: String,
    /// The place where the data come from; `None` in files written before there was this field, and of data that nothing
    /// finds again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Source>,
    /// Targets trained on.
    pub training_targets: usize,
    /// The share of the validation targets answered wrongly.
    pub validation_error: f32,
    /// The mean cross-entropy of the validation targets, in nats.
    pub validation_loss: f32,
}

impl Record {
    /// The place where the data come from. Files written before it was kept as such have it in their prose.
    pub fn data(&self) -> Option<Source> {
        self.data.clone().or_else(|| self.source.parse().ok())
    }
}

/// A trained network.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The function, beside the weights.
    pub design: Design,
    /// The names of the inputs and outputs.
    pub labels: Labels,
    pub(crate) tensors: Tensors,
    /// The record of the training; `None` where it is not known.
    pub training: Option<Record>,
    /// The settings of memoization; `None` where no thresholds were found for it ([`crate::tune()`]).
    pub memoization: Option<Settings>,
}

impl Model {
    /// A model of real tensors, which are rounded to what the design's codes stand for.
    pub fn new(design: Design, labels: Labels, tensors: &Tensors, training: Option<Record>) -> Model {
        let mut rounded = tensors.clone();
        if let Some(codes) = Codes::of(&design, tensors) {
            codes.decode(&design, &mut rounded);
        }
        Model { design, labels, tensors: rounded, training, memoization: None }
    }

    /// Whether the readout has only zeros, so that no answer depends on the inputs.
    pub fn is_blank(&self) -> bool {
        self.tensors.out.iter().all(|&weight| weight == 0.0)
    }

    /// The tensors as real numbers.
    pub fn tensors(&self) -> &Tensors {
        &self.tensors
    }

    /// The weights as codes; `None` where they are real numbers.
    pub fn codes(&self) -> Option<Codes> {
        Codes::of(&self.design, &self.tensors)
    }

    /// The network, to compute with.
    pub fn network(&self) -> Network {
        let mut network = Network::new(&self.design);
        network.load(&self.tensors);
        network
    }
}

/// The weights of a model as codes, in the layout of its tensors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Codes {
    /// W, (I + H) x 4 H.
    pub weights: Vec<i8>,
    /// The readout, H x V.
    pub readout: Vec<i8>,
}

impl Codes {
    /// The codes of a design of quantised weights.
    fn of(design: &Design, tensors: &Tensors) -> Option<Codes> {
        let precision = design.precisions.weights;
        precision.levels()?;
        let code = |w: f32, step: f32| precision.code(w * (1.0 / step)) as i8;
        let gate = |place: usize| place / design.shape.hidden % GATES;
        let weights = tensors.w.iter().enumerate().map(|(place, &w)| code(w, design.weight_step(gate(place))));
        let mut weights: Vec<i8> = weights.collect();
        clear_unread(design.cell, &design.shape, &mut weights);
        Some(Codes { weights, readout: tensors.out.iter().map(|&w| code(w, design.readout_step())).collect() })
    }

    /// Puts the real numbers that the codes stand for into tensors.
    pub(crate) fn decode(&self, design: &Design, tensors: &mut Tensors) {
        let gate = |place: usize| place / design.shape.hidden % GATES;
        let weights = self.weights.iter().enumerate();
        tensors.w = weights.map(|(place, &code)| f32::from(code) * design.weight_step(gate(place))).collect();
        tensors.out = self.readout.iter().map(|&code| f32::from(code) * design.readout_step()).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_before_have_the_source_in_their_prose() {
        let record = |source: &str, data: &str| {
            let counts = r#""recipe":{},"seed":1,"restart":0,"epoch":2,"training_targets":3"#;
            let text = format!(r#"{{{counts},"source":"{source}"{data},"validation_error":0,"validation_loss":0}}"#);
            serde_json::from_str::<Record>(&text).unwrap()
        };
        assert_eq!(record("bAbI 6 as words", "").data(), Some(Source::Babi { task: 6, generated: false }));
        assert_eq!(record("nothing known", "").data(), None);
        let kept = record("a and b.ts and c.ts", r#","data":{"recordings":{"train":"a and b.ts","test":"c.ts"}}"#);
        let source = Source::Recordings { train: "a and b.ts".into(), test: "c.ts".into() };
        assert_eq!(kept.data(), Some(source));
        assert!(!serde_json::to_string(&record("x", "")).unwrap().contains("data"));
    }
}
