//! Weights trained elsewhere: a `.safetensors` file of tensors alone, as PyTorch writes it, read as a float model.
//!
//! `docs/numerics.md` has the tensors' names, shapes and meaning, and the lines of Python that write them.

use std::path::Path;

use engram_babi::{DataSet, Vocabulary};
use engram_learn::file;
use engram_spec::Format;
use engram_spec::memnet::Addressing;
use safetensors::tensor::{SafeTensors, TensorView};

use crate::design::{Design, Mode, WORD};
use crate::model::{Model, ModelError, Stored};
use crate::network::Encoding;
use crate::quantise::Formats;
use crate::tensors::{Shape, Tensors};
use engram_spec::memnet::Tying;

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

/// The names of a file's tensors that are those of a recurrent network of PyTorch; none where there are none, or no such file.
pub fn recurrent(path: &Path) -> Vec<String> {
    let bytes = file::read(path).unwrap_or_default();
    let names = SafeTensors::deserialize(&bytes)
        .map_or_else(|_| Vec::new(), |file| file.names().into_iter().map(str::to_string).collect());
    names.into_iter().filter(|name| name.contains("weight_ih_l") || name.contains("weight_hh_l")).collect()
}

/// The identity, E x E.
fn identity(elements: usize) -> Vec<f32> {
    (0..elements * elements).map(|place| if place % (elements + 1) == 0 { 1.0 } else { 0.0 }).collect()
}

/// A file of tensors.
struct Weights<'a> {
    path: &'a Path,
    file: SafeTensors<'a>,
}

/// The controller, which a file may lack: then it is the identity.
const CONTROLLER: &str = "H";
/// The position weights, which a file may lack: then the encoding gives them.
const POSITION: &str = "position";

/// Rows and columns of the tensors that a file has, by name.
type Extents = Vec<(&'static str, [usize; 2])>;

impl Weights<'_> {
    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> ModelError {
        ModelError::Weights { path: self.path.to_path_buf(), found: found.into(), expected: expected.into() }
    }

    fn model(&self, options: &ImportOptions, data: &DataSet) -> Result<Model, ModelError> {
        self.check_names()?;
        let extents = self.extents()?;
        self.check_columns(&extents)?;
        let extent = |name| extents.iter().find(|(own, _)| *own == name).map(|&(_, extent)| extent);
        let rows = |name| extent(name).map_or(0, |[rows, _]| rows);
        let has_position = extent(POSITION).is_some();
        if let (true, Some(_)) = (has_position, options.encoding) {
            return Err(self.wrong("a tensor position and an encoding as well", "one of the two"));
        }
        let [words, elements] = extent("A").unwrap_or_default();
        let positions = if has_position { rows(POSITION) } else { data.longest().len() };
        let shape = Shape {
            words,
            elements,
            slots: rows("T_A"),
            hops: options.hops,
            positions,
            tying: Tying::LayerWise,
            answers: None,
        };
        if let Some((name, found, most)) = shape.excess() {
            return Err(self.wrong(format!("{found} {name}"), format!("1 to {most}")));
        }
        let (vocabulary, order, answers) = self.vocabulary(options, data, words)?;
        let shape = Shape { answers, ..shape };
        let tensor = |name, rows| self.numbers(name, [rows, elements]);
        let embedding = |name| -> Result<Vec<f32>, ModelError> {
            let rows = tensor(name, words)?;
            Ok(order.iter().flat_map(|&row| &rows[row * elements..][..elements]).copied().collect())
        };
        let encoding = if has_position { Encoding::Learnt } else { options.encoding.unwrap_or_default() };
        let tensors = Tensors {
            a: embedding("A")?,
            b: embedding("B")?,
            c: embedding("C")?,
            w: embedding("W")?,
            h: if extent(CONTROLLER).is_some() { tensor(CONTROLLER, elements)? } else { identity(elements) },
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
        Ok(Model { design, vocabulary, weights: Stored::Real(tensors), training: None, task: Some(data.task) })
    }

    /// Checks that all tensors are there and no other: another one would belong to another function.
    fn check_names(&self) -> Result<(), ModelError> {
        let names = Tensors::<f32>::NAMES;
        let mut found = self.file.names();
        let needed = names.into_iter().filter(|name| ![CONTROLLER, POSITION].contains(name));
        let missing = needed.into_iter().any(|name| !found.contains(&name));
        if !missing && found.iter().all(|name| names.contains(name)) {
            return Ok(());
        }
        found.sort();
        let found = if found.is_empty() { "no tensors".to_string() } else { format!("tensors {}", found.join(", ")) };
        Err(self.wrong(found, format!("{}, of which H and position may be left out", names.join(", "))))
    }

    /// Rows and columns of every tensor.
    fn extents(&self) -> Result<Extents, ModelError> {
        let named = Tensors::<f32>::NAMES.into_iter().filter_map(|name| Some((name, self.file.tensor(name).ok()?)));
        let extent = |(name, tensor): (&'static str, TensorView)| {
            let shape = tensor.shape();
            let extent = <[usize; 2]>::try_from(shape);
            let wrong = |_| self.wrong(format!("tensor {name} of shape {shape:?}"), "rows and columns");
            Ok((name, extent.map_err(wrong)?))
        };
        named.map(extent).collect()
    }

    /// Checks that all tensors have as many columns, those of the elements. Where they have as many rows, they are transposed.
    fn check_columns(&self, extents: &Extents) -> Result<(), ModelError> {
        // The side that most tensors have in common is the number of elements, even if one of them is another way round.
        let most_common = |side: usize| {
            let count = |size: usize| extents.iter().filter(|(_, extent)| extent[side] == size).count();
            let sizes = extents.iter().map(|(_, extent)| (count(extent[side]), extent[side]));
            sizes.max().unwrap_or_default()
        };
        let (all, [(in_rows, _), (in_columns, elements)]) = (extents.len(), [most_common(0), most_common(1)]);
        let list = || extents.iter().map(|(name, extent)| format!("{name} {extent:?}")).collect::<Vec<_>>().join(", ");
        if in_columns < all && in_rows == all {
            let found = format!("every tensor transposed ({})", list());
            let expected =
                "words, ages and positions as rows, and elements as columns; write each with .T.contiguous()";
            return Err(self.wrong(found, expected));
        }
        match extents.iter().find(|(_, [_, columns])| *columns != elements) {
            None => Ok(()),
            Some(&(name, extent)) => {
                let turned = if extent[0] == elements { ", transposed" } else { "" };
                let expected = format!("{elements} columns, the elements that the other tensors have");
                Err(self.wrong(format!("tensor {name} of {extent:?}{turned}"), expected))
            }
        }
    }

    fn numbers(&self, name: &str, expected: [usize; 2]) -> Result<Vec<f32>, ModelError> {
        let tensor = self.file.tensor(name).map_err(|_| self.wrong("no such tensor", format!("a tensor {name}")))?;
        let found = || format!("tensor {name} of {:?} {:?}", tensor.dtype(), tensor.shape());
        let numbers = file::widened(tensor.dtype(), tensor.data());
        let numbers = numbers.filter(|_| tensor.shape() == expected);
        let numbers = numbers.ok_or_else(|| self.wrong(found(), format!("{} {expected:?}", file::WIDENED)))?;
        if let Some(odd) = numbers.iter().find(|number| !number.is_finite()) {
            return Err(self.wrong(format!("{odd} in tensor {name}"), "finite numbers"));
        }
        // Ages may be of no account; a network without one of the other tensors has learnt nothing.
        if !name.starts_with("T_") && numbers.iter().all(|&number| number == 0.0) {
            let instead = if name == CONTROLLER { ", or no H, which stands for the identity" } else { "" };
            return Err(self.wrong(format!("only zeros in tensor {name}"), format!("trained weights{instead}")));
        }
        Ok(numbers)
    }

    /// The vocabulary, the row of each of its words, and the number of words that may be the answer: those that the training
    /// stories answer with, which come first. Without training stories every word may be.
    fn vocabulary(
        &self,
        options: &ImportOptions,
        data: &DataSet,
        rows: usize,
    ) -> Result<(Vocabulary, Vec<usize>, Option<usize>), ModelError> {
        let given = options.words.clone();
        let whose = if given.is_some() { "the vocabulary has" } else { "the data set has" };
        let words = given.unwrap_or_else(|| data.words().into_iter().map(String::from).collect());
        if words.len() != rows {
            let found = format!("{rows} rows in A, where {whose} {} words", words.len());
            return Err(self.wrong(found, "a vocabulary (--vocabulary) of one word a row, in the order of the rows"));
        }
        let answers = data.answers();
        let (mut order, others): (Vec<usize>, Vec<usize>) =
            (0..rows).partition(|&row| answers.contains(words[row].as_str()));
        let few = Some(order.len()).filter(|&few| few > 0);
        order.extend(others);
        let vocabulary = Vocabulary::from_words(order.iter().map(|&row| words[row].clone()).collect())
            .map_err(|error| self.wrong(format!("words that cannot be a vocabulary ({error})"), "different words"))?;
        Ok((vocabulary, order, few))
    }
}
