//! Weights trained elsewhere: a `.safetensors` file of tensors alone, as PyTorch writes it, read as a float model.
//!
//! `docs/numerics.md` has the tensors' names, shapes and meaning, and the lines of Python that write them.

use std::path::Path;

use engram_babi::{DataSet, Vocabulary};
use engram_learn::file;
use engram_spec::Format;
use engram_spec::memnet::program::HOPS_MAX;
use engram_spec::memnet::{Addressing, Tying};
use safetensors::tensor::SafeTensors;

use crate::design::{Design, Mode, WORD};
use crate::model::{Model, ModelError, Stored};
use crate::network::Encoding;
use crate::quantise::Formats;
use crate::recipe::Recipe;
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
    /// Hops K; without them, those that a file of adjacent tying has, or else the usual.
    pub hops: Option<usize>,
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

/// The identity, E x E.
fn identity(elements: usize) -> Vec<f32> {
    (0..elements * elements).map(|place| if place % (elements + 1) == 0 { 1.0 } else { 0.0 }).collect()
}

/// The order of names: that of letters, but that of numbers behind E_ and T_.
fn order(name: &str) -> (&str, usize) {
    number(name).map_or((name, 0), |number| (&name[..2], number))
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
type Extents = Vec<(String, [usize; 2])>;

/// The names of the tensors of a network, by what they are in [`Tensors`].
struct Names {
    tying: Tying,
    hops: usize,
}

impl Names {
    /// The embeddings A, B, C, W; of adjacent tying E_0 is A, the others are C.
    fn embeddings(&self) -> [Vec<String>; 4] {
        match self.tying {
            Tying::LayerWise => ["A", "B", "C", "W"].map(|name| vec![name.to_string()]),
            Tying::Adjacent => [vec![embedding(0)], Vec::new(), (1..=self.hops).map(embedding).collect(), Vec::new()],
        }
    }

    /// The age words T_A, T_C; of adjacent tying T_0 is T_A, the others are T_C.
    fn ages(&self) -> [Vec<String>; 2] {
        match self.tying {
            Tying::LayerWise => ["T_A", "T_C"].map(|name| vec![name.to_string()]),
            Tying::Adjacent => [vec![age_words(0)], (1..=self.hops).map(age_words).collect()],
        }
    }
}

/// The name of embedding E_k of adjacent tying.
fn embedding(number: usize) -> String {
    format!("E_{number}")
}

/// The name of age words T_k of adjacent tying.
fn age_words(number: usize) -> String {
    format!("T_{number}")
}

/// The number of an embedding or of age words of adjacent tying.
fn number(name: &str) -> Option<usize> {
    let number = name.strip_prefix("E_").or(name.strip_prefix("T_"))?.parse().ok()?;
    [embedding(number), age_words(number)].iter().any(|own| own == name).then_some(number)
}

impl Weights<'_> {
    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> ModelError {
        ModelError::Weights { path: self.path.to_path_buf(), found: found.into(), expected: expected.into() }
    }

    fn model(&self, options: &ImportOptions, data: &DataSet) -> Result<Model, ModelError> {
        let names = self.names(options.hops)?;
        let extents = self.extents()?;
        self.check_columns(&extents)?;
        let extent = |name: &str| extents.iter().find(|(own, _)| own == name).map(|&(_, extent)| extent);
        let has_position = extent(POSITION).is_some();
        if let (true, Some(_)) = (has_position, options.encoding) {
            return Err(self.wrong("a tensor position and an encoding as well", "one of the two"));
        }
        let ([a, b, c, w], [age_a, age_c]) = (names.embeddings(), names.ages());
        let rows = |name: &str| extent(name).map_or(0, |[rows, _]| rows);
        let [words, elements] = extent(&a[0]).unwrap_or_default();
        let (slots, tying, hops) = (rows(&age_a[0]), names.tying, names.hops);
        let positions = if has_position { rows(POSITION) } else { data.longest().len() };
        let shape = Shape { words, elements, slots, hops, positions, tying, answers: None };
        if let Some((name, found, most)) = shape.excess() {
            return Err(self.wrong(format!("{found} {name}"), format!("1 to {most}")));
        }
        let (vocabulary, order, answers) = self.vocabulary(options, data, (&a[0], words))?;
        let shape = Shape { answers, ..shape };
        let tensor = |name: &str, rows| self.numbers(name, [rows, elements]);
        let embedding = |name: &String| -> Result<Vec<f32>, ModelError> {
            let rows = tensor(name, words)?;
            Ok(order.iter().flat_map(|&row| &rows[row * elements..][..elements]).copied().collect())
        };
        let embeddings = |names: &[String]| -> Result<Vec<f32>, ModelError> {
            Ok(names.iter().map(embedding).collect::<Result<Vec<_>, _>>()?.concat())
        };
        let ages = |names: &[String]| -> Result<Vec<f32>, ModelError> {
            Ok(names.iter().map(|name| tensor(name, slots)).collect::<Result<Vec<_>, _>>()?.concat())
        };
        let encoding = if has_position { Encoding::Learnt } else { options.encoding.unwrap_or_default() };
        let tensors = Tensors {
            a: embeddings(&a)?,
            b: embeddings(&b)?,
            c: embeddings(&c)?,
            w: embeddings(&w)?,
            h: match tying {
                Tying::Adjacent => Vec::new(),
                Tying::LayerWise if extent(CONTROLLER).is_some() => tensor(CONTROLLER, elements)?,
                Tying::LayerWise => identity(elements),
            },
            age_a: ages(&age_a)?,
            age_c: ages(&age_c)?,
            position: if has_position { tensor(POSITION, positions)? } else { encoding.weights(&shape) },
        };
        // Of the formats of a float model only the range of m matters.
        let (format, mode) = (options.compared, Mode::Float);
        let (a, b, c, w, h) = (format, format, format, format, format);
        let formats = Formats { a, b, c, w, h, memory_a: format, memory_c: format, controller: format }.tied(tying);
        let (addressing, kappa) = (options.addressing, options.kappa);
        let design =
            Design { mode, addressing, graded: false, bits: WORD, shape, encoding, kappa, scores: None, formats };
        Ok(Model { design, vocabulary, weights: Stored::Real(tensors), training: None, task: Some(data.task) })
    }

    /// The names of the network's tensors. All are there and no other: another one would belong to another function.
    fn names(&self, asked: Option<usize>) -> Result<Names, ModelError> {
        let mut found = self.file.names();
        found.sort_by_key(|name| order(name));
        let list = if found.is_empty() { "no tensors".to_string() } else { format!("tensors {}", found.join(", ")) };
        let own = Tensors::<f32>::NAMES;
        let layer_wise = format!("{}, of which H and position may be left out", own.join(", "));
        let Some(hops) = found.iter().filter_map(|name| number(name)).max() else {
            let mut needed = own.into_iter().filter(|name| ![CONTROLLER, POSITION].contains(name));
            if needed.all(|name| found.contains(&name)) && found.iter().all(|name| own.contains(name)) {
                return Ok(Names { tying: Tying::LayerWise, hops: asked.unwrap_or(Recipe::default().hops) });
            }
            return Err(self.wrong(list, format!("{layer_wise}; or E_0, E_1, .. and T_0, T_1, .. of adjacent tying")));
        };
        if found.iter().any(|name| own.contains(name) && *name != POSITION) {
            let expected =
                format!("those of one tying: E_0, E_1, .. and T_0, T_1, .. of adjacent tying, or {layer_wise}");
            return Err(self.wrong(list, expected));
        }
        let of = |hops| {
            format!("E_0 to E_{hops} and T_0 to T_{hops}, of adjacent tying with {hops} hops, and maybe position")
        };
        let most = usize::from(HOPS_MAX);
        if !(1..=most).contains(&hops) {
            let found = format!("adjacent tying with {hops} hops, the largest number in {list}");
            return Err(self.wrong(found, format!("1 to {most} hops: E_0 to E_K and T_0 to T_K of K hops")));
        }
        let needed = (0..=hops).flat_map(|number| [embedding(number), age_words(number)]);
        let missing: Vec<String> = needed.filter(|name| !found.contains(&name.as_str())).collect();
        if !missing.is_empty() {
            return Err(self.wrong(format!("{list}, but not {}", missing.join(", ")), of(hops)));
        }
        if found.iter().any(|name| number(name).is_none() && *name != POSITION) {
            return Err(self.wrong(list, of(hops)));
        }
        match asked.filter(|&asked| asked != hops) {
            Some(asked) => {
                Err(self
                    .wrong(format!("{hops} hops (E_0 to E_{hops})"), format!("the {asked} of --hops; leave it out")))
            }
            None => Ok(Names { tying: Tying::Adjacent, hops }),
        }
    }

    /// Rows and columns of every tensor.
    fn extents(&self) -> Result<Extents, ModelError> {
        let mut names = self.file.names();
        let place = |name: &str| Tensors::<f32>::NAMES.iter().position(|own| *own == name);
        names.sort_by_key(|name| (place(name), order(name)));
        let extent = |name: &str| {
            let tensor = self.file.tensor(name).map_err(|error| file::torn(self.path, error))?;
            let shape = tensor.shape();
            let extent = <[usize; 2]>::try_from(shape);
            let wrong = |_| self.wrong(format!("tensor {name} of shape {shape:?}"), "rows and columns");
            Ok((name.to_string(), extent.map_err(wrong)?))
        };
        names.into_iter().map(extent).collect()
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
            Some((name, extent)) => {
                let turned = if extent[0] == elements { ", transposed" } else { "" };
                let expected = format!("{elements} columns, the elements that the other tensors have");
                Err(self.wrong(format!("tensor {name} of {extent:?}{turned}"), expected))
            }
        }
    }

    /// The numbers of a tensor.
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
        (name, rows): (&str, usize),
    ) -> Result<(Vocabulary, Vec<usize>, Option<usize>), ModelError> {
        let given = options.words.clone();
        let whose = if given.is_some() { "the vocabulary has" } else { "the data set has" };
        let words = given.unwrap_or_else(|| data.words().into_iter().map(String::from).collect());
        if words.len() != rows {
            let found = format!("{rows} rows in {name}, where {whose} {} words", words.len());
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
