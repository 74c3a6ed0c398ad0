//! Recurrent networks trained elsewhere, read as float models: a state dict of PyTorch in a `.safetensors` file, or an ONNX file.
//!
//! `docs/numerics.md` has the lines of Python that write them. A network is an LSTM or a GRU of one layer and one direction, and a
//! linear layer behind it; what it cannot be is refused by its name. Where a file has engram's own labels ([`export()`](crate::export())), its
//! inputs are normalised and windowed as they say.

mod onnx;
mod state_dict;
mod wire;

pub use onnx::is_onnx;

use std::path::{Path, PathBuf};

use engram_learn::FileError;
use engram_sequences::text::OTHER;
use engram_sequences::{Data, Normaliser, Recording, SequenceError, SequenceSet, Windowing};
use serde::Deserialize;

use crate::design::{Design, Precisions, Tiling};
use crate::evaluate::{self, EvaluateError};
use crate::export::{LABELS, ORIGIN};
use crate::layers::Layers;
use crate::model::{Labels, Model, Record};
use crate::network::Workspace;
use crate::recipe::Recipe;
use crate::train::{TrainError, prepare};

/// Why weights from elsewhere are no network of ours.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file has another network than those that are imported.
    #[error("{}: found {found}, expected {expected}; 'Recurrent weights from elsewhere' in docs/numerics.md says what to write", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// The content of the file.
        found: String,
        /// The content that would be right.
        expected: String,
    },
    /// The network is for other data.
    #[error("{}: found a network of {found} {what}, expected {expected}, as the data have: give the data that it was trained with", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// The name of the size.
        what: &'static str,
        /// The size of the network.
        found: usize,
        /// The size of the data.
        expected: usize,
    },
    /// The labels are not those of the data.
    #[error("{}: found {found}, expected {expected}, as the data have: give the data that it was trained with", path.display())]
    Labels {
        /// The file.
        path: PathBuf,
        /// The labels of the file.
        found: String,
        /// The labels of the data.
        expected: String,
    },
    /// The normalisation is not that of the data.
    #[error("found a normalisation of {found} channels, expected {expected}, as the recordings have")]
    Normalisation {
        /// The channels of the normalisation.
        found: usize,
        /// The channels of the data.
        expected: usize,
    },
    /// The data cannot be prepared.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// The data cannot be brought into the network's form.
    #[error(transparent)]
    Sequence(#[from] SequenceError),
    /// The network cannot be evaluated on them.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
}

impl ImportError {
    /// The error of a file with another network.
    fn weights(path: &Path, found: impl Into<String>, expected: impl Into<String>) -> ImportError {
        ImportError::Weights { path: path.to_path_buf(), found: found.into(), expected: expected.into() }
    }

    /// The error of labels for other data.
    fn labels(path: &Path, found: impl Into<String>, expected: impl Into<String>) -> ImportError {
        ImportError::Labels { path: path.to_path_buf(), found: found.into(), expected: expected.into() }
    }
}

/// The normalisation of recordings that a network was trained with: x = (value - mean) / deviation, a channel each.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Normalisation {
    /// The file's own, where it has one; else of none and data the one with the smaller loss on the training data.
    #[default]
    Found,
    /// None: the values as they are.
    Nothing,
    /// Means and deviations of the training data.
    OfData,
    /// Means and deviations that are given.
    Given(Scales),
}

/// Means and standard deviations, a channel each.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scales {
    /// The means.
    pub mean: Vec<f32>,
    /// The standard deviations.
    pub deviation: Vec<f32>,
}

/// Weights from elsewhere as a float model.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The model.
    pub model: Model,
    /// The normalisation that was taken: `none`, `data`, `given` or `file`, the file's own; `None` of symbols, which have none.
    pub normalisation: Option<&'static str>,
}

/// The content of a file.
struct Found {
    layers: Layers,
    /// The labels of a file that engram wrote, as JSON.
    labels: Option<String>,
}

impl Found {
    /// The labels of a file of engram's own, which are those of the data.
    fn labels(&self, path: &Path, data: &Data) -> Result<Option<Labels>, ImportError> {
        let Some(text) = &self.labels else { return Ok(None) };
        let labels = serde_json::from_str(text).map_err(|error| damaged(path, format!("damaged labels ({error})")))?;
        let (what, found, expected) = match (&labels, data) {
            (Labels::Classes { names, .. }, Data::Recordings(set)) => ("class", names, &set.classes),
            (Labels::Symbols { alphabet, .. }, Data::Symbols(set)) => ("symbol", alphabet, &set.alphabet),
            (Labels::Classes { .. }, Data::Symbols(_)) => {
                return Err(ImportError::labels(path, "labels of recordings", "those of a text"));
            }
            (Labels::Symbols { .. }, Data::Recordings(_)) => {
                return Err(ImportError::labels(path, "labels of a text", "those of recordings"));
            }
        };
        if found.len() != expected.len() {
            let [found, expected] = [found, expected].map(|names| names.len().to_string());
            return Err(ImportError::labels(path, format!("a {what} count of {found}"), expected));
        }
        match found.iter().zip(expected).enumerate().find(|(_, (found, expected))| found != expected) {
            Some((place, (found, expected))) => {
                Err(ImportError::labels(path, format!("{what} {place} {found:?}"), format!("{expected:?}")))
            }
            None => Ok(Some(labels)),
        }
    }

    /// Checks the normalisation and the windowing of a file's labels against its weights and the recordings, before anything is made of
    /// them.
    fn check(
        &self,
        path: &Path,
        normaliser: &Normaliser,
        windowing: &Windowing,
        set: &SequenceSet,
    ) -> Result<(), ImportError> {
        let inputs = self.layers.inputs;
        let usable = |numbers: &[f32]| {
            numbers.len() == inputs && numbers.iter().all(|number| number.is_finite() && *number > 0.0)
        };
        let Normaliser { mean, deviation, range } = normaliser;
        let centred = mean.len() == inputs && mean.iter().all(|number| number.is_finite());
        if !centred || !usable(deviation) || !usable(range) {
            return Err(damaged(path, format!("a normalisation that does not fit {inputs} inputs")));
        }
        windowing.check().map_err(|error| damaged(path, error.to_string()))?;
        let Windowing { pool, window, .. } = *windowing;
        if set.channels.checked_mul(window) != Some(inputs) {
            let expected = format!("{} inputs a step", set.channels);
            return Err(ImportError::labels(path, format!("{inputs} inputs for {windowing}"), expected));
        }
        let longest = set.recordings().map(Recording::len).max().unwrap_or_default();
        if window.max(pool) > longest {
            return Err(ImportError::labels(path, windowing.to_string(), format!("{longest} steps at most")));
        }
        Ok(())
    }
}

/// The error of labels that engram did not write.
fn damaged(path: &Path, found: String) -> ImportError {
    ImportError::weights(path, found, "labels as `engram export` writes them")
}

/// The labels in the metadata of a file that engram wrote, as JSON. A key of the same name in files from elsewhere means something else.
fn labels_in<'a>(metadata: impl Fn(&str) -> Option<&'a String>) -> Option<String> {
    let [source, written] = ORIGIN;
    metadata(source).filter(|source| *source == written).and_then(|_| metadata(LABELS)).cloned()
}

/// Whether a file has recurrent weights of PyTorch, or is an ONNX file.
pub fn is_recurrent(path: &Path) -> bool {
    onnx::is_onnx(path) || state_dict::is_recurrent(path)
}

/// Reads weights from elsewhere as a float model for data. The range of each channel is the power of two that holds all of the
/// training data, so that dividing by it and multiplying the weights by it is exact.
pub fn import(path: &Path, normalisation: &Normalisation, data: &Data) -> Result<Imported, ImportError> {
    let found = if onnx::is_onnx(path) { onnx::read(path)? } else { state_dict::read(path)? };
    let own = match (found.labels(path, data)?, data) {
        (Some(Labels::Classes { normaliser, windowing, .. }), Data::Recordings(set))
            if *normalisation == Normalisation::Found =>
        {
            found.check(path, &normaliser, &windowing, set)?;
            Some((normaliser, windowing))
        }
        _ => None,
    };
    let layers = found.layers;
    let windowing = own.as_ref().map_or(Windowing::NONE, |(_, windowing)| *windowing);
    let recipe = Recipe { cell: layers.cell, hidden: layers.hidden, hold_out: 0, windowing, ..Recipe::default() };
    let (labels, ..) = prepare(data, &recipe, None)?;
    let layers = match &labels {
        Labels::Classes { .. } if layers.has_table => {
            return Err(ImportError::weights(
                path,
                "a matrix before the recurrent layer, such as an embedding",
                "none, for recordings",
            ));
        }
        Labels::Symbols { .. } if *normalisation != Normalisation::Found => {
            return Err(ImportError::weights(path, "a normalisation for symbols", "none: only recordings have one"));
        }
        // The characters that a text's alphabet does not have are a symbol of their own, which networks from elsewhere have not.
        Labels::Symbols { alphabet, .. }
            if alphabet.last().is_some_and(|last| last.chars().eq([OTHER])) && layers.inputs + 1 == alphabet.len() =>
        {
            layers.with_another_symbol()
        }
        _ => layers,
    };
    let sizes = [("inputs", layers.inputs, labels.inputs()), ("outputs", layers.outputs, labels.outputs())];
    if let Some((what, found, expected)) = sizes.into_iter().find(|(_, found, expected)| found != expected) {
        return Err(ImportError::Data { path: path.to_path_buf(), what, found, expected });
    }
    let network = |labels: Labels, scale: &[f32]| -> Result<Model, ImportError> {
        let shape = layers.shape();
        let design = Design { cell: layers.cell, ..Design::new(shape, Precisions::FLOAT, Tiling::default()) };
        design.check().map_err(TrainError::from)?;
        Ok(Model::new(design, labels, &layers.tensors(scale), None))
    };
    let (mut model, normalisation) = match (&labels, data) {
        (Labels::Classes { names, windowing, .. }, Data::Recordings(_)) if own.is_some() => {
            let (normaliser, _) = own.expect("a normalisation of the file");
            let scale = vec![1.0; layers.inputs];
            let labels = Labels::Classes { names: names.clone(), windowing: *windowing, normaliser };
            (network(labels, &scale)?, Some("file"))
        }
        (Labels::Classes { names, windowing, normaliser }, Data::Recordings(set)) => {
            let candidates: Vec<(&'static str, Normaliser)> = match normalisation {
                Normalisation::Found => vec![("none", nothing(normaliser)), ("data", normaliser.clone())],
                Normalisation::Nothing => vec![("none", nothing(normaliser))],
                Normalisation::OfData => vec![("data", normaliser.clone())],
                Normalisation::Given(Scales { mean, deviation }) => {
                    for found in [mean.len(), deviation.len()] {
                        if found != normaliser.channels() {
                            return Err(ImportError::Normalisation { found, expected: normaliser.channels() });
                        }
                    }
                    let (mean, deviation) = (mean.clone(), deviation.clone());
                    vec![("given", Normaliser { mean, deviation, ..normaliser.clone() })]
                }
            };
            let windows: Result<Vec<_>, _> = set.train.iter().map(|recording| windowing.apply(recording)).collect();
            let windows = windows?;
            let mut best: Option<(f64, Model, &'static str)> = None;
            for (name, normaliser) in candidates {
                let normaliser = normaliser.holding(&windows);
                let scale = normaliser.range.clone();
                let labels = Labels::Classes { names: names.clone(), windowing: *windowing, normaliser };
                let model = network(labels, &scale)?;
                let loss = evaluate::recordings(&model, &set.train)?.mean();
                if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                    best = Some((loss, model, name));
                }
            }
            let (_, model, name) = best.expect("a candidate");
            (model, Some(name))
        }
        _ => (network(labels.clone(), &vec![1.0; layers.inputs])?, None),
    };
    model.training = Some(record(&model, &recipe, data, path)?);
    Ok(Imported { model, normalisation })
}

/// A normalisation that leaves values as they are.
fn nothing(of: &Normaliser) -> Normaliser {
    let channels = of.channels();
    Normaliser { mean: vec![0.0; channels], deviation: vec![1.0; channels], range: vec![1.0; channels] }
}

/// The record of a network from elsewhere: where its data come from, and how it does on them.
fn record(model: &Model, recipe: &Recipe, data: &Data, path: &Path) -> Result<Record, ImportError> {
    let (_, training, validation) = prepare(data, recipe, Some(model))?;
    let found = validation.measure(&model.network(), &mut Workspace::default());
    Ok(Record {
        recipe: *recipe,
        seed: 0,
        restart: 0,
        epoch: 0,
        source: format!("{} (weights of {})", data.name(), path.display()),
        data: data.source().cloned(),
        training_targets: training.targets(),
        validation_error: found.error() as f32,
        validation_loss: found.mean() as f32,
    })
}
