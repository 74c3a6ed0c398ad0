//! Weights trained elsewhere: a `.safetensors` file of F32 tensors alone, as PyTorch writes it, read as a float model.
//!
//! `docs/numerics.md` has the tensors' names, shapes and meaning, and the lines of Python that write them.

use std::path::Path;

use engram_babi::{DataSet, Vocabulary};
use engram_learn::file;
use engram_spec::Format;
use engram_spec::memnet::Addressing;
use safetensors::tensor::{Dtype, SafeTensors};

use crate::design::{Design, Mode, WORD};
use crate::model::{Model, ModelError, Stored};
use crate::network::Encoding;
use crate::quantise::Formats;
use crate::tensors::{Shape, Tensors};

/// The settings of a network that a file of tensors does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportOptions {
    /// The addressing of the memory.
    pub addressing: Addressing,
    /// The format of m and u whose range bounded similarities are relative to: R = 2^i.
    pub compared: Format,
    /// kappa: bounded similarities are scaled by 2^kappa.
    pub kappa: i32,
    /// Hops K.
    pub hops: usize,
    /// The way from words to a vector where there is no tensor `position`; without it, that of MemN2N.
    pub encoding: Option<Encoding>,
    /// The words in the order of the rows; without them, those of the data set in ascending order.
    pub words: Option<Vec<String>>,
}

/// Reads weights from elsewhere as a float model for a data set.
pub fn import(path: &Path, options: &ImportOptions, data: &DataSet) -> Result<Model, ModelError> {
    let bytes = file::read(path)?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| file::torn(path, error))?;
    Weights { path, file }.model(options, data)
}

/// A file of tensors.
struct Weights<'a> {
    path: &'a Path,
    file: SafeTensors<'a>,
}

/// The one tensor that a file may lack.
const POSITION: &str = "position";

impl Weights<'_> {
    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> ModelError {
        ModelError::Weights { path: self.path.to_path_buf(), found: found.into(), expected: expected.into() }
    }

    fn model(&self, options: &ImportOptions, data: &DataSet) -> Result<Model, ModelError> {
        self.check_names()?;
        let has_position = self.file.tensor(POSITION).is_ok();
        if let (true, Some(_)) = (has_position, options.encoding) {
            return Err(self.wrong("a tensor position and an encoding as well", "one of the two"));
        }
        let [words, elements] = self.extent("A")?;
        let positions = if has_position { self.extent(POSITION)?[0] } else { data.longest().len() };
        let shape = Shape { words, elements, slots: self.extent("T_A")?[0], hops: options.hops, positions };
        if let Some((name, found, most)) = shape.excess() {
            return Err(self.wrong(format!("{found} {name}"), format!("1 to {most}")));
        }
        let tensor = |name, rows| self.numbers(name, [rows, elements]);
        let encoding = if has_position { Encoding::Learnt } else { options.encoding.unwrap_or_default() };
        let tensors = Tensors {
            a: tensor("A", words)?,
            b: tensor("B", words)?,
            c: tensor("C", words)?,
            w: tensor("W", words)?,
            h: tensor("H", elements)?,
            age_a: tensor("T_A", shape.slots)?,
            age_c: tensor("T_C", shape.slots)?,
            position: if has_position { tensor(POSITION, positions)? } else { encoding.weights(&shape) },
        };
        // Of the formats of a float model only the range of m matters.
        let (format, mode) = (options.compared, Mode::Float);
        let (a, b, c, w, h) = (format, format, format, format, format);
        let formats = Formats { a, b, c, w, h, memory_a: format, memory_c: format, controller: format };
        let (addressing, kappa) = (options.addressing, options.kappa);
        let design =
            Design { mode, addressing, graded: false, bits: WORD, shape, encoding, kappa, scores: None, formats };
        let vocabulary = self.vocabulary(options, data, words)?;
        let model = Model { design, vocabulary, weights: Stored::Real(tensors), training: None };
        match model.blank() {
            Some(name) => Err(self.wrong(format!("zeros only in tensor {name}"), "the weights of a trained network")),
            None => Ok(model),
        }
    }

    /// Checks that all tensors are there and no other: another one would belong to another function.
    fn check_names(&self) -> Result<(), ModelError> {
        let names = Tensors::<f32>::NAMES;
        let mut found = self.file.names();
        let missing = names.into_iter().any(|name| name != POSITION && !found.contains(&name));
        if !missing && found.iter().all(|name| names.contains(name)) {
            return Ok(());
        }
        found.sort();
        let found = if found.is_empty() { "no tensors".to_string() } else { format!("tensors {}", found.join(", ")) };
        Err(self.wrong(found, format!("{}, of which position may be left out", names.join(", "))))
    }

    /// Rows and columns of a tensor.
    fn extent(&self, name: &str) -> Result<[usize; 2], ModelError> {
        let tensor = self.file.tensor(name).map_err(|_| self.wrong("no such tensor", format!("a tensor {name}")))?;
        let shape = tensor.shape();
        <[usize; 2]>::try_from(shape)
            .map_err(|_| self.wrong(format!("tensor {name} of shape {shape:?}"), "rows and columns"))
    }

    fn numbers(&self, name: &str, expected: [usize; 2]) -> Result<Vec<f32>, ModelError> {
        let tensor = self.file.tensor(name).map_err(|_| self.wrong("no such tensor", format!("a tensor {name}")))?;
        if tensor.dtype() != Dtype::F32 || tensor.shape() != expected {
            let found = format!("tensor {name} of {:?} {:?}", tensor.dtype(), tensor.shape());
            return Err(self.wrong(found, format!("F32 {expected:?}")));
        }
        let numbers = file::numbers_of(tensor.data());
        match numbers.iter().find(|number| !number.is_finite()) {
            Some(odd) => Err(self.wrong(format!("{odd} in tensor {name}"), "finite numbers")),
            None => Ok(numbers),
        }
    }

    fn vocabulary(&self, options: &ImportOptions, data: &DataSet, rows: usize) -> Result<Vocabulary, ModelError> {
        let given = options.words.clone();
        let whose = if given.is_some() { "the vocabulary has" } else { "the data set has" };
        let words = given.unwrap_or_else(|| data.words().into_iter().map(String::from).collect());
        if words.len() != rows {
            let found = format!("{rows} rows in A, where {whose} {} words", words.len());
            return Err(self.wrong(found, "a vocabulary (--vocabulary) of one word a row, in the order of the rows"));
        }
        Vocabulary::from_words(words)
            .map_err(|error| self.wrong(format!("words that cannot be a vocabulary ({error})"), "different words"))
    }
}
