//! A model: a trained network with all that is needed to use it, kept in one `.safetensors` file.
//!
//! The tensors A, B, C, W (V x E), H (E x E), position (J x E), T_A and T_C (M x E) are I8 codes in a quantised model and
//! F32 numbers in a float model. With adjacent tying C has K V rows and T_C K M, those of one hop after the other, and B, W and H
//! have none. The file's metadata holds, as JSON: `engram` (the version of this layout), `model` (mode,
//! addressing, shape, encoding, kappa, formats), `vocabulary` (the words in the order of their numbers), `checksum` (CRC-32
//! of the other metadata and the tensors; may be left out), `training` (how it was trained; may be left out) and `task` (what it was
//! quantised for, if that is another task than it was trained on). A file of tensors alone is read by [`crate::import`].

use std::path::{Path, PathBuf};

use engram_babi::Vocabulary;
use engram_learn::FileError;
use engram_learn::file::{Dtype, Extent, Layout, Reader, Writer, bytes_of_codes, bytes_of_numbers};
use engram_spec::format::CODE_MAX;
use engram_spec::memnet::geometry::Region;
use engram_spec::memnet::{Geometry, Program, Settings, Tying};
use serde::{Deserialize, Serialize};

use crate::choose::Choice;
use crate::design::{Design, DesignError, Mode};
use crate::network::Network;
use crate::recipe::Recipe;
use crate::tensors::{Shape, Tensors};

/// The layout of a model's file.
pub const LAYOUT: Layout = Layout { version: 1, keys: &["engram", "model", "vocabulary", "training", "task"] };

/// The record of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The recipe.
    pub recipe: Recipe,
    /// The seed.
    pub seed: u64,
    /// The one that was chosen, from 0.
    pub restart: usize,
    /// Epochs that it was trained for.
    pub epoch: usize,
    /// The bAbI task; none where there were several.
    pub task: Option<u8>,
    /// The source of the data.
    pub source: String,
    /// Questions trained on.
    pub training_questions: usize,
    /// The share of them answered wrongly.
    pub training_error: f32,
    /// The share of the validation questions answered wrongly; none where none was kept to validate with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_error: Option<f32>,
    /// The choice of the recipe among candidates; none where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
}

/// A model's numbers, by its mode.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// Real numbers, of a float model.
    Real(Tensors<f32>),
    /// Codes, of a quantised model.
    Codes(Tensors<i8>),
}

/// A trained network.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The function, beside the tensors.
    pub design: Design,
    /// The words, in the order of their numbers.
    pub vocabulary: Vocabulary,
    /// The tensors.
    pub weights: Stored,
    /// The record of the training; `None` where it is not known.
    pub training: Option<Record>,
    /// The task that the model is for where the record does not say it ([`Model::task`]).
    pub task: Option<u8>,
}

/// An error of writing or reading a model, or of putting it on a device.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file could not be written or read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Weights from elsewhere that are no network of ours.
    #[error("{}: found {found}, expected {expected}; 'Weights from elsewhere' in docs/numerics.md says what to write", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// The content of the file.
        found: String,
        /// The content that would be right.
        expected: String,
    },
    /// The model is larger than the device.
    #[error("the model has {found} {what}, geometry {geometry} holds {most}; {}", instead(.what, *.most, .holders))]
    TooLarge {
        /// The thing of which there is too much.
        what: &'static str,
        /// The number that the model has.
        found: usize,
        /// The number that the device has.
        most: usize,
        /// The device's geometry.
        geometry: &'static str,
        /// The geometries that hold the model.
        holders: Vec<&'static str>,
    },
    /// Slots that the model has no ages for.
    #[error(
        "found {found} slots, expected 1 to {most}: the model has {most}, and no age was learnt for older sentences"
    )]
    Slots {
        /// The slots that were asked for.
        found: usize,
        /// The slots of the model.
        most: usize,
    },
    /// No device computes what the model does.
    #[error(transparent)]
    Design(#[from] DesignError),
}

/// The remedy for a model that a device does not hold.
fn instead(what: &str, most: usize, holders: &[&str]) -> String {
    let smaller = match what {
        "slots" => format!("let it remember {most} sentences with `engram quantize --slots {most}`"),
        _ => "train a smaller model".to_string(),
    };
    match holders {
        [] => format!("no geometry holds it, so {smaller}"),
        _ => format!("use a device of geometry {}, or {smaller}", holders.join(" or ")),
    }
}

impl Model {
    /// A model of real tensors, which a quantised mode stores as codes.
    pub fn new(design: Design, vocabulary: Vocabulary, tensors: &Tensors<f32>, training: Option<Record>) -> Model {
        let weights = match design.mode {
            Mode::Float => Stored::Real(tensors.clone()),
            _ => Stored::Codes(design.formats.encode(tensors)),
        };
        Model { design, vocabulary, weights, training, task: None }
    }

    /// The bAbI task that the model is for: that which it was quantised for, or trained on; `None` where there are several.
    pub fn task(&self) -> Option<u8> {
        self.task.or(self.training.as_ref().and_then(|record| record.task))
    }

    /// The model for a task.
    pub fn for_task(self, task: u8) -> Model {
        let task = (self.task() != Some(task)).then_some(task).or(self.task);
        Model { task, ..self }
    }

    /// The name of a tensor that has only zeros, where no answer could depend on the story so: the logits are products with
    /// rows of W, and the words of sentences reach them through C alone.
    pub fn blank(&self) -> Option<&'static str> {
        let shape = &self.design.shape;
        let blank: [bool; 2] = match &self.weights {
            Stored::Real(tensors) => {
                [tensors.answer(shape), &tensors.c].map(|tensor| tensor.iter().all(|&weight| weight == 0.0))
            }
            Stored::Codes(tensors) => {
                [tensors.answer(shape), &tensors.c].map(|tensor| tensor.iter().all(|&weight| weight == 0))
            }
        };
        ["W", "C"].into_iter().zip(blank).find(|(_, blank)| *blank).map(|(name, _)| name)
    }

    /// The model's function in the arithmetic of its mode, and its tensors as real numbers.
    pub fn network(&self) -> (Network, Tensors<f32>) {
        let tensors = match &self.weights {
            Stored::Real(tensors) => tensors.clone(),
            Stored::Codes(tensors) => self.design.formats.decode(tensors),
        };
        (Network::new(&self.design), tensors)
    }

    /// The model with so many slots, as many as it has or fewer: it remembers as many of the last sentences, and answers as
    /// before where a story has no more.
    pub fn with_slots(mut self, slots: usize) -> Result<Model, ModelError> {
        let Shape { slots: most, elements, .. } = self.design.shape;
        if !(1..=most).contains(&slots) {
            return Err(ModelError::Slots { found: slots, most });
        }
        self.design.shape.slots = slots;
        match &mut self.weights {
            Stored::Real(Tensors { age_a, age_c, .. }) => [age_a, age_c].map(|ages| cut(ages, most, slots, elements)),
            Stored::Codes(Tensors { age_a, age_c, .. }) => [age_a, age_c].map(|ages| cut(ages, most, slots, elements)),
        };
        Ok(self)
    }

    /// The program of this model for devices of a geometry.
    ///
    /// Elements and words are padded with zeros. Where two zeros are alike, the program says how many elements are padded, and
    /// the device takes their similarity from every sum; so answers and logits are the same on every geometry. Sentences longer
    /// than any of the data set take the last position that was learnt. Every device remembers as many sentences as the model has
    /// slots; one of fewer slots holds no such model.
    pub fn program(&self, geometry: Geometry) -> Result<Program, ModelError> {
        let Stored::Codes(tensors) = &self.weights else { return Err(DesignError::NotQuantised.into()) };
        fits(&self.design, &geometry)?;
        let (shape, datapath) = (self.design.shape, self.design.datapath());
        let padding = if datapath.addressing.is_one_of_zeros() { geometry.elements - shape.elements } else { 0 };
        let settings = Settings { padding: padding as u8, ..self.design.settings()? };
        let padded = |tensor: &[i8], region| padded(tensor, shape.elements, geometry.elements, geometry.rows(region));
        let mut program = Program::zeroed(geometry, datapath, settings);
        for memory in 0..shape.memories() {
            let (words, ages) = tensors.memory(&shape, memory);
            let embedding = shape.tying.embedding(memory);
            program.embeddings[embedding] = padded(words, Region::Embedding(embedding as u8));
            program.ages[memory] = padded(ages, Region::Age(memory as u8));
        }
        program.h = match shape.tying {
            Tying::LayerWise => {
                program.embeddings[shape.tying.question()] = padded(&tensors.b, Region::B);
                program.embeddings[shape.tying.answer(shape.hops)] = padded(&tensors.w, Region::W);
                padded(&tensors.h, Region::H)
            }
            Tying::Adjacent => diagonal(geometry.elements, 1 << settings.controller),
        };
        let position = &tensors.position;
        let last = &position[position.len() - shape.elements..];
        let position = [&position[..], &last.repeat(geometry.positions - shape.positions)].concat();
        program.position = padded(&position, Region::Position);
        Ok(program)
    }

    /// Writes the model to a file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        let mut file = Writer::new(path, LAYOUT);
        file.describe("model", &self.design)?;
        file.describe("vocabulary", self.vocabulary.words())?;
        if let Some(training) = &self.training {
            file.describe("training", training)?;
        }
        if let Some(task) = &self.task {
            file.describe("task", task)?;
        }
        let tensors: [Vec<u8>; 8] = match &self.weights {
            Stored::Real(weights) => weights.each().map(|tensor| bytes_of_numbers(tensor)),
            Stored::Codes(weights) => weights.each().map(|tensor| bytes_of_codes(tensor)),
        };
        extents(&self.design).into_iter().zip(tensors).for_each(|(extent, bytes)| file.tensor(extent, bytes));
        Ok(file.write()?)
    }

    /// Reads a model's file.
    pub fn load(path: &Path) -> Result<Model, ModelError> {
        let file = Reader::open(path, LAYOUT)?;
        let design: Design = file.json("model")?;
        let vocabulary = Vocabulary::from_words(file.json::<Vec<String>>("vocabulary")?).map_err(|error| {
            file.inconsistent(format!("words that cannot be a vocabulary ({error})"), "different words")
        })?;
        check(&file, &design, &vocabulary)?;
        let tensors = file.tensors(&extents(&design))?;
        let weights = match design.mode {
            Mode::Float => Stored::Real(Tensors::read(&tensors, |bytes| file.numbers(bytes))?),
            _ => Stored::Codes(Tensors::read(&tensors, |bytes| file.codes(bytes, CODE_MAX))?),
        };
        let (training, task) = (file.optional("training")?, file.optional("task")?);
        Ok(Model { design, vocabulary, weights, training, task })
    }
}

/// Whether devices of a geometry hold models of a design, whatever their weights.
pub fn fits(design: &Design, geometry: &Geometry) -> Result<(), ModelError> {
    let shape = design.shape;
    if let Some((what, found, most)) = shape.beyond(geometry) {
        let holders = shape.holders();
        return Err(ModelError::TooLarge { what, found, most, geometry: geometry.name, holders });
    }
    Ok(())
}

/// Keeps the first `slots` rows of each memory's age words, which have `most`.
fn cut<T: Copy>(ages: &mut Vec<T>, most: usize, slots: usize, elements: usize) {
    *ages = ages.chunks_exact(most * elements).flat_map(|ages| &ages[..slots * elements]).copied().collect();
}

/// The tensors of a model's file in their order.
fn extents(design: &Design) -> [Extent; 8] {
    let (rows, elements) = (design.shape.rows(), design.shape.elements);
    let dtype = if design.mode == Mode::Float { Dtype::F32 } else { Dtype::I8 };
    let names = Tensors::<i8>::NAMES;
    std::array::from_fn(|place| Extent { name: names[place], dtype, shape: vec![rows[place], elements] })
}

/// Checks that the metadata of a file fits together.
fn check(file: &Reader, design: &Design, vocabulary: &Vocabulary) -> Result<(), FileError> {
    let shape = design.shape;
    if let Some((name, found, most)) = shape.excess() {
        return Err(file.inconsistent(format!("{found} {name}"), format!("1 to {most}")));
    }
    if vocabulary.len() != shape.words {
        let found = format!("a vocabulary of {} words", vocabulary.len());
        return Err(file.inconsistent(found, format!("the {} words of its shape", shape.words)));
    }
    let checked = match design.settings() {
        // These are models all the same: the software evaluates them.
        Err(DesignError::NotQuantised | DesignError::Truncating { .. } | DesignError::ShortWords { .. }) => {
            design.check()
        }
        settings => settings.map(|_| ()),
    };
    checked.map_err(|error| file.inconsistent(format!("a design that cannot be computed ({error})"), "one that can"))
}

/// The first `rows` rows of `from` elements, each padded with zeros to `to` elements, and rows of zeros up to `rows`.
fn padded(tensor: &[i8], from: usize, to: usize, rows: usize) -> Vec<i8> {
    let mut wide = vec![0; rows * to];
    for (wide, row) in wide.chunks_exact_mut(to).zip(tensor.chunks_exact(from)) {
        wide[..from].copy_from_slice(row);
    }
    wide
}

/// The matrix of a code on its diagonal.
fn diagonal(elements: usize, code: i8) -> Vec<i8> {
    (0..elements * elements).map(|place| code * i8::from(place % (elements + 1) == 0)).collect()
}
