//! A model: a trained network with all that is needed to use it, kept in one `.safetensors` file.
//!
//! The tensors A, B, C, W (V x E), H (E x E), position (J x E), T_A and T_C (M x E) are I8 codes in a quantised model and
//! F32 numbers in a float model. The file's metadata holds, as JSON: `engram` (the version of this layout), `model` (mode,
//! addressing, shape, encoding, kappa, formats), `vocabulary` (the words in the order of their numbers), `checksum` (CRC-32
//! of the other metadata and the tensors; may be left out) and `training` (how it was trained; may be left out). A file
//! of tensors alone is read by [`crate::import`].

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use engram_babi::Vocabulary;
use engram_spec::format::CODE_MAX;
use engram_spec::memnet::program::HOPS_MAX;
use engram_spec::memnet::{Geometry, Program};
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::design::{Design, DesignError, Mode};
use crate::network::Network;
use crate::recipe::Recipe;
use crate::tensors::{Shape, Tensors};

/// The version of the file's layout.
pub const VERSION: u32 = 1;

/// The metadata of a model's file, but the checksum.
const KEYS: [&str; 4] = ["engram", "model", "vocabulary", "training"];

/// How a model was trained.
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
    /// Where the data was from.
    pub source: String,
    /// Questions trained on.
    pub training_questions: usize,
    /// The share of them answered wrongly.
    pub training_error: f32,
    /// The share of the validation questions answered wrongly.
    pub validation_error: f32,
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
    /// What it computes.
    pub design: Design,
    /// Its words.
    pub vocabulary: Vocabulary,
    /// Its numbers.
    pub weights: Stored,
    /// How it was trained, where that is known.
    pub training: Option<Record>,
}

/// Why a model could not be kept, read, or put on a device.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is no whole safetensors file.
    #[error("{}: found a damaged or foreign file ({reason}), expected a .safetensors file; fetch or train it again", path.display())]
    Torn {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A safetensors file, but not of engram.
    #[error("{}: found a safetensors file without engram's metadata '{key}', expected a model written by `engram train`; `engram quantize` reads weights from elsewhere", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The metadata that it lacks.
        key: &'static str,
    },
    /// A layout that this program does not know.
    #[error("{}: found version '{found}' of the model's layout, expected {VERSION}; use the engram that wrote it, or train again", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// The file contradicts itself.
    #[error("{}: found {found}, expected {expected}; train the model again", path.display())]
    Inconsistent {
        /// The file.
        path: PathBuf,
        /// What it says.
        found: String,
        /// What it should say.
        expected: String,
    },
    /// Weights from elsewhere that are no network of ours.
    #[error("{}: found {found}, expected {expected}; 'Weights from elsewhere' in docs/numerics.md says what to write", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What it has.
        found: String,
        /// What it should have.
        expected: String,
    },
    /// The model is larger than the device.
    #[error(
        "the model has {found} {what}, geometry {geometry} holds {most}; train a smaller model or choose a larger geometry"
    )]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How many the model has.
        found: usize,
        /// How many the device has.
        most: usize,
        /// The device's geometry.
        geometry: &'static str,
    },
    /// Padding that would not cancel.
    #[error(
        "found a graded model of {found} elements, expected an even number for geometry {geometry}, as its padding cancels \
         in pairs; train one with an element more"
    )]
    OddPadding {
        /// Elements of the model.
        found: usize,
        /// The device's geometry.
        geometry: &'static str,
    },
    /// No device computes what the model does.
    #[error(transparent)]
    Design(#[from] DesignError),
}

impl Model {
    /// A model of real tensors, which a quantised mode stores as codes.
    pub fn new(design: Design, vocabulary: Vocabulary, tensors: &Tensors<f32>, training: Option<Record>) -> Model {
        let weights = match design.mode {
            Mode::Float => Stored::Real(tensors.clone()),
            _ => Stored::Codes(design.formats.encode(tensors)),
        };
        Model { design, vocabulary, weights, training }
    }

    /// The model's function in the arithmetic of its mode, and its tensors as real numbers.
    pub fn network(&self) -> (Network, Tensors<f32>) {
        let tensors = match &self.weights {
            Stored::Real(tensors) => tensors.clone(),
            Stored::Codes(tensors) => self.design.formats.decode(tensors),
        };
        (Network::new(&self.design), tensors)
    }

    /// The program of this model for devices of a geometry.
    ///
    /// Elements and words are padded so that answers and logits are the same on every geometry: with zeros, but the
    /// padded elements of T_A with 127 and -127 in turns, whose similarity with the controller's padded zeros is 0 in
    /// every way of addressing, or where formats are graded cancels in pairs. Sentences longer than any of the data set,
    /// and older than the model's slots, take the last position and age that were learnt. A device of fewer slots than the
    /// model forgets sooner.
    pub fn program(&self, geometry: Geometry) -> Result<Program, ModelError> {
        let Stored::Codes(tensors) = &self.weights else { return Err(DesignError::NotQuantised.into()) };
        let shape = self.design.shape;
        let limits = [
            ("elements", shape.elements, geometry.elements),
            ("words", shape.words, geometry.words),
            ("positions in its longest sentence", shape.positions, geometry.positions),
            ("hops", shape.hops, usize::from(HOPS_MAX)),
        ];
        if let Some((what, found, most)) = limits.into_iter().find(|&(_, found, most)| found > most) {
            return Err(ModelError::TooLarge { what, found, most, geometry: geometry.name });
        }
        let settings = self.design.settings()?;
        let Tensors { a, b, c, w, h, age_a, age_c, position } = tensors;
        if settings.graded == 1 && !(geometry.elements - shape.elements).is_multiple_of(2) {
            return Err(ModelError::OddPadding { found: shape.elements, geometry: geometry.name });
        }
        let zero = |tensor: &[i8], rows| padded(tensor, shape.elements, geometry.elements, rows, [0; 2]);
        let repeat = |tensor: &[i8], rows, fill| {
            let mut tensor = tensor.to_vec();
            let last = tensor[tensor.len() - shape.elements..].to_vec();
            (tensor.len() / shape.elements..rows).for_each(|_| tensor.extend(&last));
            padded(&tensor, shape.elements, geometry.elements, rows, fill)
        };
        Ok(Program {
            geometry,
            datapath: self.design.datapath(),
            settings,
            a: zero(a, geometry.words),
            b: zero(b, geometry.words),
            c: zero(c, geometry.words),
            w: zero(w, geometry.words),
            h: zero(h, geometry.elements),
            position: repeat(position, geometry.positions, [0; 2]),
            age_a: repeat(age_a, geometry.slots, [CODE_MAX as i8, -CODE_MAX as i8]),
            age_c: repeat(age_c, geometry.slots, [0; 2]),
        })
    }

    /// Writes the model to a file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), ModelError> {
        let io = |source| ModelError::Io { path: path.to_path_buf(), source };
        let bytes = self.to_bytes().map_err(|error| io(std::io::Error::other(error)))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
        file.write_all(&bytes).and_then(|()| file.as_file().sync_all()).map_err(io)?;
        file.persist(path).map_err(|error| io(error.error))?;
        Ok(())
    }

    /// The bytes of the model's file.
    fn to_bytes(&self) -> Result<Vec<u8>, SafeTensorError> {
        let (dtype, bytes) = self.tensor_bytes();
        let json = |value: Result<String, _>| value.map_err(SafeTensorError::JsonError);
        let mut metadata = HashMap::from([
            ("engram".to_string(), VERSION.to_string()),
            ("model".to_string(), json(serde_json::to_string(&self.design))?),
            ("vocabulary".to_string(), json(serde_json::to_string(self.vocabulary.words()))?),
        ]);
        if let Some(training) = &self.training {
            metadata.insert("training".to_string(), json(serde_json::to_string(training))?);
        }
        let checksum = checksum(&metadata, bytes.iter().map(Vec::as_slice));
        metadata.insert("checksum".to_string(), checksum.to_string());
        let tensors = extents(&self.design.shape).into_iter().zip(&bytes);
        let views = tensors.map(|((name, rows), bytes)| {
            Ok((name, TensorView::new(dtype, vec![rows, self.design.shape.elements], bytes)?))
        });
        safetensors::serialize(views.collect::<Result<Vec<_>, SafeTensorError>>()?, Some(metadata))
    }

    /// The tensors' bytes in the order of [`extents`].
    fn tensor_bytes(&self) -> (Dtype, Vec<Vec<u8>>) {
        match &self.weights {
            Stored::Real(weights) => {
                let bytes = |tensor: &Vec<f32>| tensor.iter().flat_map(|value| value.to_le_bytes()).collect();
                (Dtype::F32, weights.each().into_iter().map(bytes).collect())
            }
            Stored::Codes(weights) => {
                let bytes = |tensor: &Vec<i8>| tensor.iter().map(|&code| code as u8).collect();
                (Dtype::I8, weights.each().into_iter().map(bytes).collect())
            }
        }
    }

    /// Reads a model's file.
    pub fn load(path: &Path) -> Result<Model, ModelError> {
        let bytes = std::fs::read(path).map_err(|source| ModelError::Io { path: path.to_path_buf(), source })?;
        Reader { path, bytes: &bytes }.model()
    }
}

/// The tensors of a model's file in their order: names and rows.
fn extents(shape: &Shape) -> [(&'static str, usize); 8] {
    let Shape { words, elements, slots, positions, .. } = *shape;
    let [a, b, c, w, h, age_a, age_c, position] = Tensors::<i8>::NAMES;
    [
        (a, words),
        (b, words),
        (c, words),
        (w, words),
        (h, elements),
        (age_a, slots),
        (age_c, slots),
        (position, positions),
    ]
}

/// CRC-32 (ISO-HDLC) of the metadata that matters, in the order of [`KEYS`], and the tensors in that of [`extents`].
fn checksum<'a>(metadata: &HashMap<String, String>, tensors: impl Iterator<Item = &'a [u8]>) -> u32 {
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    KEYS.iter().filter_map(|&key| metadata.get(key)).for_each(|value| digest.update(value.as_bytes()));
    tensors.for_each(|bytes| digest.update(bytes));
    digest.finalize()
}

/// The first `rows` rows of `from` elements, each padded with `fill` in turns to `to` elements, and rows of zeros up to
/// `rows`.
fn padded(tensor: &[i8], from: usize, to: usize, rows: usize, fill: [i8; 2]) -> Vec<i8> {
    let mut wide = vec![0; rows * to];
    for (wide, row) in wide.chunks_exact_mut(to).zip(tensor.chunks_exact(from)) {
        wide[..from].copy_from_slice(row);
        wide[from..].iter_mut().zip(fill.into_iter().cycle()).for_each(|(wide, fill)| *wide = fill);
    }
    wide
}

/// A model's file as it is read.
struct Reader<'a> {
    path: &'a Path,
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn torn(&self, reason: impl ToString) -> ModelError {
        ModelError::Torn { path: self.path.to_path_buf(), reason: reason.to_string() }
    }

    fn inconsistent(&self, found: impl Into<String>, expected: impl Into<String>) -> ModelError {
        ModelError::Inconsistent { path: self.path.to_path_buf(), found: found.into(), expected: expected.into() }
    }

    fn model(&self) -> Result<Model, ModelError> {
        let (_, header) = SafeTensors::read_metadata(self.bytes).map_err(|error| self.torn(error))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let version = self.value(&metadata, "engram")?;
        if version != VERSION.to_string() {
            return Err(ModelError::Version { path: self.path.to_path_buf(), found: version.to_string() });
        }
        let design: Design = self.json(&metadata, "model")?;
        let words: Vec<String> = self.json(&metadata, "vocabulary")?;
        let vocabulary = Vocabulary::from_words(words)
            .map_err(|error| self.inconsistent(format!("a vocabulary that is none ({error})"), "different words"))?;
        self.check(&design, &vocabulary)?;
        let file = SafeTensors::deserialize(self.bytes).map_err(|error| self.torn(error))?;
        let tensors = self.tensors(&file, &design)?;
        if let Some(expected) = metadata.get("checksum") {
            let found = checksum(&metadata, tensors.iter().copied()).to_string();
            if found != *expected {
                return Err(self.torn(format!("its content has the checksum {found}, not {expected}")));
            }
        }
        let weights = match design.mode {
            Mode::Float => Stored::Real(self.numbers(tensors)?),
            _ => Stored::Codes(self.codes(tensors)?),
        };
        let training = metadata.contains_key("training").then(|| self.json(&metadata, "training")).transpose()?;
        Ok(Model { design, vocabulary, weights, training })
    }

    fn value<'a>(&self, metadata: &'a HashMap<String, String>, key: &'static str) -> Result<&'a str, ModelError> {
        let value = metadata.get(key).map(String::as_str);
        value.ok_or_else(|| ModelError::Foreign { path: self.path.to_path_buf(), key })
    }

    fn json<T: DeserializeOwned>(
        &self,
        metadata: &HashMap<String, String>,
        key: &'static str,
    ) -> Result<T, ModelError> {
        let value = self.value(metadata, key)?;
        let wrong =
            |error| self.inconsistent(format!("metadata '{key}' that cannot be read ({error})"), "engram's JSON");
        serde_json::from_str(value).map_err(wrong)
    }

    /// Checks what the metadata says against itself.
    fn check(&self, design: &Design, vocabulary: &Vocabulary) -> Result<(), ModelError> {
        let shape = design.shape;
        if let Some((name, found, most)) = shape.excess() {
            return Err(self.inconsistent(format!("{found} {name}"), format!("1 to {most}")));
        }
        if vocabulary.len() != shape.words {
            let found = format!("a vocabulary of {} words", vocabulary.len());
            return Err(self.inconsistent(found, format!("the {} words of its shape", shape.words)));
        }
        let checked = match design.settings() {
            // These are models all the same: the software evaluates them.
            Err(
                DesignError::NotQuantised | DesignError::Truncating { .. } | DesignError::WordLength { found: 2..8 },
            ) => design.check(),
            settings => settings.map(|_| ()),
        };
        checked.map_err(|error| self.inconsistent(error.to_string(), "a design that can be computed"))
    }

    /// The tensors' bytes, in the order of [`extents`], of the right type and shape.
    fn tensors<'a>(&self, file: &SafeTensors<'a>, design: &Design) -> Result<Vec<&'a [u8]>, ModelError> {
        let dtype = if design.mode == Mode::Float { Dtype::F32 } else { Dtype::I8 };
        let one = |(name, rows): (&str, usize)| {
            let expected = [rows, design.shape.elements];
            let tensor = file.tensor(name);
            let tensor = tensor.map_err(|_| self.inconsistent("no tensor", format!("a tensor {name}")))?;
            if tensor.dtype() != dtype || tensor.shape() != expected {
                let found = format!("tensor {name} of {:?} {:?}", tensor.dtype(), tensor.shape());
                return Err(self.inconsistent(found, format!("{dtype:?} {expected:?}")));
            }
            Ok(tensor.data())
        };
        extents(&design.shape).into_iter().map(one).collect()
    }

    fn numbers(&self, tensors: Vec<&[u8]>) -> Result<Tensors<f32>, ModelError> {
        let number = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let tensors = in_order(tensors.into_iter().map(|bytes| bytes.chunks_exact(4).map(number).collect()));
        let finite = tensors.each().into_iter().flatten().all(|x: &f32| x.is_finite());
        if finite { Ok(tensors) } else { Err(self.inconsistent("a weight that is infinite or no number", "numbers")) }
    }

    fn codes(&self, tensors: Vec<&[u8]>) -> Result<Tensors<i8>, ModelError> {
        let tensors = in_order(tensors.into_iter().map(|bytes| bytes.iter().map(|&byte| byte as i8).collect()));
        let good = tensors.each().into_iter().flatten().all(|&code: &i8| i32::from(code) >= -CODE_MAX);
        if good { Ok(tensors) } else { Err(self.inconsistent("the code -128", "codes from -127 to 127")) }
    }
}

/// Tensors in the order of [`extents`].
fn in_order<T>(tensors: impl Iterator<Item = Vec<T>>) -> Tensors<T> {
    let mut tensors = tensors;
    let mut next = || tensors.next().unwrap_or_default();
    let [a, b, c, w, h, age_a, age_c, position] = std::array::from_fn(|_| next());
    Tensors { a, b, c, w, h, age_a, age_c, position }
}
