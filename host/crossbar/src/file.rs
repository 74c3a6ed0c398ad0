//! A model's file: safetensors.
//!
//! The tensors are `weights` ((I + H) x 4 H: the rows of x, then of h; the columns of i, f, g, o, H each), `bias` (4 H), `readout`
//! (H x V) and `readout_bias` (V). Weights and readout are I8 codes where they are quantised, else F32 numbers; biases are F32
//! numbers. The file's metadata holds, as JSON: `engram-recurrent` (the version of this layout), `design` (shape, precisions,
//! tiling, ranges, converters), `meaning` (classes and normalisation, or the alphabet), `training` (how it was trained),
//! `memoization` (its thresholds) and `checksum` (CRC-32 of the other metadata and the tensors); the last three may be left out.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use engram_spec::crossbar::memo::{Denominator, ERROR_MAX, Settings};
use safetensors::tensor::{Dtype, SafeTensorError, SafeTensors, TensorView};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::design::Design;
use crate::model::{Codes, Meaning, Model};
use crate::precision::Precision;
use crate::tensors::Tensors;

/// The version of the file's layout.
pub const VERSION: u32 = 1;

/// The metadata of a model's file, but the checksum.
const KEYS: [&str; 5] = ["engram-recurrent", "design", "meaning", "training", "memoization"];

/// The settings of memoization in the file.
#[derive(Serialize, Deserialize)]
struct Kept(#[serde(with = "SettingsJson")] Settings);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Settings", deny_unknown_fields)]
struct SettingsJson {
    #[serde(with = "DenominatorJson")]
    denominator: Denominator,
    throttling: bool,
    blank: bool,
    theta: [u16; 4],
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Denominator", rename_all = "kebab-case")]
enum DenominatorJson {
    Current,
    Remembered,
    Rows,
}

/// Why a model could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
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
    /// A safetensors file, but not of a recurrent network of engram.
    #[error("{}: found a safetensors file without the metadata '{key}', expected a recurrent model written by engram", path.display())]
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
}

impl Model {
    /// Writes the model to a file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), FileError> {
        let io = |source| FileError::Io { path: path.to_path_buf(), source };
        let bytes = self.to_bytes().map_err(|error| io(std::io::Error::other(error)))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
        file.write_all(&bytes).and_then(|()| file.as_file().sync_all()).map_err(io)?;
        file.persist(path).map_err(|error| io(error.error))?;
        Ok(())
    }

    /// The bytes of the model's file.
    fn to_bytes(&self) -> Result<Vec<u8>, SafeTensorError> {
        let reals = |numbers: &[f32]| numbers.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
        let [weights, bias, readout, readout_bias] = self.tensors().each().map(|tensor| reals(tensor));
        let codes = |codes: Vec<i8>| codes.into_iter().map(|code| code as u8).collect();
        let (weights, readout) = match self.codes() {
            None => (weights, readout),
            Some(Codes { weights, readout }) => (codes(weights), codes(readout)),
        };
        let bytes = [weights, bias, readout, readout_bias];
        let json = |value: Result<String, _>| value.map_err(SafeTensorError::JsonError);
        let mut metadata = HashMap::from([
            (KEYS[0].to_string(), VERSION.to_string()),
            ("design".to_string(), json(serde_json::to_string(&self.design))?),
            ("meaning".to_string(), json(serde_json::to_string(&self.meaning))?),
        ]);
        if let Some(training) = &self.training {
            metadata.insert("training".to_string(), json(serde_json::to_string(training))?);
        }
        if let Some(settings) = self.memoization {
            metadata.insert("memoization".to_string(), json(serde_json::to_string(&Kept(settings)))?);
        }
        let checksum = checksum(&metadata, bytes.iter().map(Vec::as_slice));
        metadata.insert("checksum".to_string(), checksum.to_string());
        let tensors = extents(&self.design).into_iter().zip(&bytes);
        let views = tensors.map(|((name, dtype, shape), bytes)| Ok((name, TensorView::new(dtype, shape, bytes)?)));
        safetensors::serialize(views.collect::<Result<Vec<_>, SafeTensorError>>()?, Some(metadata))
    }

    /// Reads a model's file.
    pub fn load(path: &Path) -> Result<Model, FileError> {
        let bytes = std::fs::read(path).map_err(|source| FileError::Io { path: path.to_path_buf(), source })?;
        Reader { path, bytes: &bytes }.model()
    }
}

/// The tensors of a model's file in their order: name, type, shape.
fn extents(design: &Design) -> [(&'static str, Dtype, Vec<usize>); 4] {
    let shape = design.shape;
    let weights = if design.precisions.weights == Precision::Float { Dtype::F32 } else { Dtype::I8 };
    let [w, bias, out, out_bias] = Tensors::NAMES;
    [
        (w, weights, vec![shape.rows(), shape.columns()]),
        (bias, Dtype::F32, vec![shape.columns()]),
        (out, weights, vec![shape.hidden, shape.outputs]),
        (out_bias, Dtype::F32, vec![shape.outputs]),
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

/// A model's file as it is read.
struct Reader<'a> {
    path: &'a Path,
    bytes: &'a [u8],
}

impl Reader<'_> {
    fn torn(&self, reason: impl ToString) -> FileError {
        FileError::Torn { path: self.path.to_path_buf(), reason: reason.to_string() }
    }

    fn inconsistent(&self, found: impl Into<String>, expected: impl Into<String>) -> FileError {
        FileError::Inconsistent { path: self.path.to_path_buf(), found: found.into(), expected: expected.into() }
    }

    fn model(&self) -> Result<Model, FileError> {
        let (_, header) = SafeTensors::read_metadata(self.bytes).map_err(|error| self.torn(error))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let version = self.value(&metadata, KEYS[0])?;
        if version != VERSION.to_string() {
            return Err(FileError::Version { path: self.path.to_path_buf(), found: version.to_string() });
        }
        let design: Design = self.json(&metadata, "design")?;
        let meaning: Meaning = self.json(&metadata, "meaning")?;
        self.check(&design, &meaning)?;
        let file = SafeTensors::deserialize(self.bytes).map_err(|error| self.torn(error))?;
        let tensors = self.tensors(&file, &design)?;
        if let Some(expected) = metadata.get("checksum") {
            let found = checksum(&metadata, tensors.iter().copied()).to_string();
            if found != *expected {
                return Err(self.torn(format!("its content has the checksum {found}, not {expected}")));
            }
        }
        let tensors = self.numbers(&design, tensors)?;
        let training = metadata.contains_key("training").then(|| self.json(&metadata, "training")).transpose()?;
        let memoization = self.memoization(&metadata)?;
        Ok(Model { design, meaning, tensors, training, memoization })
    }

    fn memoization(&self, metadata: &HashMap<String, String>) -> Result<Option<Settings>, FileError> {
        if !metadata.contains_key("memoization") {
            return Ok(None);
        }
        let Kept(settings) = self.json(metadata, "memoization")?;
        match settings.theta.into_iter().find(|&theta| theta > ERROR_MAX) {
            Some(theta) => Err(self.inconsistent(format!("the threshold {theta}"), format!("0 to {ERROR_MAX}"))),
            None => Ok(Some(settings)),
        }
    }

    fn value<'a>(&self, metadata: &'a HashMap<String, String>, key: &'static str) -> Result<&'a str, FileError> {
        let value = metadata.get(key).map(String::as_str);
        value.ok_or_else(|| FileError::Foreign { path: self.path.to_path_buf(), key })
    }

    fn json<T: DeserializeOwned>(&self, metadata: &HashMap<String, String>, key: &'static str) -> Result<T, FileError> {
        let value = self.value(metadata, key)?;
        let wrong =
            |error| self.inconsistent(format!("metadata '{key}' that cannot be read ({error})"), "engram's JSON");
        serde_json::from_str(value).map_err(wrong)
    }

    /// Checks what the metadata says against itself.
    fn check(&self, design: &Design, meaning: &Meaning) -> Result<(), FileError> {
        design.check().map_err(|error| self.inconsistent(error.to_string(), "a design that can be computed"))?;
        if let Meaning::Classes { normaliser, .. } = meaning {
            let channels = normaliser.channels();
            let scales = normaliser.deviation.iter().chain(&normaliser.range);
            if normaliser.deviation.len() != channels
                || normaliser.range.len() != channels
                || !scales.clone().all(|x| x.is_finite() && *x > 0.0)
            {
                return Err(self.inconsistent("a normalisation that is none", "means, deviations and ranges alike"));
            }
        }
        let (found, expected) = ((meaning.inputs(), meaning.outputs()), (design.shape.inputs, design.shape.outputs));
        if found != expected {
            let counts = |(inputs, outputs)| format!("{inputs} inputs and {outputs} outputs");
            return Err(self.inconsistent(counts(found), counts(expected)));
        }
        Ok(())
    }

    /// The tensors' bytes, in the order of [`extents`], of the right type and shape.
    fn tensors<'a>(&self, file: &SafeTensors<'a>, design: &Design) -> Result<Vec<&'a [u8]>, FileError> {
        let one = |(name, dtype, expected): (&str, Dtype, Vec<usize>)| {
            let tensor = file.tensor(name);
            let tensor = tensor.map_err(|_| self.inconsistent("no tensor", format!("a tensor {name}")))?;
            if tensor.dtype() != dtype || tensor.shape() != expected {
                let found = format!("tensor {name} of {:?} {:?}", tensor.dtype(), tensor.shape());
                return Err(self.inconsistent(found, format!("{dtype:?} {expected:?}")));
            }
            Ok(tensor.data())
        };
        extents(design).into_iter().map(one).collect()
    }

    fn numbers(&self, design: &Design, bytes: Vec<&[u8]>) -> Result<Tensors, FileError> {
        let number = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let reals = |place: usize| bytes[place].chunks_exact(4).map(number).collect::<Vec<f32>>();
        let mut tensors = Tensors { bias: reals(1), out_bias: reals(3), ..Tensors::default() };
        match design.precisions.weights.levels() {
            None => (tensors.w, tensors.out) = (reals(0), reals(2)),
            Some(most) => {
                let codes = |place: usize| bytes[place].iter().map(|&byte| byte as i8).collect::<Vec<i8>>();
                let codes = Codes { weights: codes(0), readout: codes(2) };
                let all = codes.weights.iter().chain(&codes.readout);
                if let Some(code) = all.into_iter().find(|&&code| i32::from(code).abs() > most) {
                    return Err(self.inconsistent(format!("the code {code}"), format!("codes from -{most} to {most}")));
                }
                codes.decode(design, &mut tensors);
            }
        }
        if tensors.is_finite() {
            Ok(tensors)
        } else {
            Err(self.inconsistent("a weight that is infinite or no number", "numbers"))
        }
    }
}
