//! A model's file: safetensors.
//!
//! The tensors are `weights` ((I + H) x 4 H: the rows of x, then of h; the columns of i, f, g, o, H each), `bias` (4 H), `readout`
//! (H x V) and `readout_bias` (V). Weights and readout are I8 codes where they are quantised, else F32 numbers; biases are F32
//! numbers. The file's metadata holds, as JSON: `engram-recurrent` (the version of this layout), `design` (shape, precisions,
//! tiling, ranges, converters), `meaning` (labels: classes and normalisation, or the alphabet), `training` (how it was trained),
//! `memoization` (its thresholds) and `checksum` (CRC-32 of the other metadata and the tensors); the last three may be left out.

use std::path::Path;

use engram_learn::FileError;
use engram_learn::file::{Dtype, Extent, Layout, Reader, Writer, bytes_of_codes, bytes_of_numbers};
use engram_spec::crossbar::memo::{Denominator, ERROR_MAX, Settings};
use serde::{Deserialize, Serialize};

use crate::design::Design;
use crate::model::{Codes, Labels, Model};
use crate::precision::Precision;
use crate::tensors::Tensors;

/// The layout of a model's file.
pub const LAYOUT: Layout =
    Layout { version: 1, keys: &["engram-recurrent", "design", "meaning", "training", "memoization"] };

/// The settings of memoization in the file.
#[derive(Serialize, Deserialize)]
struct Kept(#[serde(with = "SettingsJson")] Settings);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Settings", deny_unknown_fields)]
struct SettingsJson {
    #[serde(with = "DenominatorJson")]
    denominator: Denominator,
    throttling: bool,
    // The key that files have had from the first.
    #[serde(rename = "blank")]
    zero_is_minus: bool,
    theta: [u16; 4],
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Denominator", rename_all = "kebab-case")]
enum DenominatorJson {
    Current,
    Remembered,
    Rows,
}

impl Model {
    /// Writes the model to a file, whole or not at all.
    pub fn save(&self, path: &Path) -> Result<(), FileError> {
        let mut file = Writer::new(path, LAYOUT);
        file.describe("design", &self.design)?;
        file.describe("meaning", &self.labels)?;
        if let Some(training) = &self.training {
            file.describe("training", training)?;
        }
        if let Some(settings) = self.memoization {
            file.describe("memoization", &Kept(settings))?;
        }
        let mut tensors = self.tensors().each().map(|tensor| bytes_of_numbers(tensor));
        if let Some(Codes { weights, readout }) = self.codes() {
            (tensors[0], tensors[2]) = (bytes_of_codes(&weights), bytes_of_codes(&readout));
        }
        extents(&self.design).into_iter().zip(tensors).for_each(|(extent, bytes)| file.tensor(extent, bytes));
        file.write()
    }

    /// Reads a model's file.
    pub fn load(path: &Path) -> Result<Model, FileError> {
        let file = Reader::open(path, LAYOUT)?;
        let (design, labels) = (file.json("design")?, file.json("meaning")?);
        check(&file, &design, &labels)?;
        let tensors = tensors(&file, &design)?;
        let (training, memoization) = (file.optional("training")?, memoization(&file)?);
        Ok(Model { design, labels, tensors, training, memoization })
    }
}

/// The tensors of a model's file in their order.
fn extents(design: &Design) -> [Extent; 4] {
    let shape = design.shape;
    let weights = if design.precisions.weights == Precision::Float { Dtype::F32 } else { Dtype::I8 };
    let [w, bias, out, out_bias] = Tensors::NAMES;
    [
        Extent { name: w, dtype: weights, shape: vec![shape.rows(), shape.columns()] },
        Extent { name: bias, dtype: Dtype::F32, shape: vec![shape.columns()] },
        Extent { name: out, dtype: weights, shape: vec![shape.hidden, shape.outputs] },
        Extent { name: out_bias, dtype: Dtype::F32, shape: vec![shape.outputs] },
    ]
}

fn memoization(file: &Reader) -> Result<Option<Settings>, FileError> {
    let settings = file.optional("memoization")?.map(|Kept(settings)| settings);
    match settings.iter().flat_map(|settings| settings.theta).find(|&theta| theta > ERROR_MAX) {
        Some(theta) => Err(file.inconsistent(format!("the threshold {theta}"), format!("0 to {ERROR_MAX}"))),
        None => Ok(settings),
    }
}

/// Checks that the metadata of a file fits together.
fn check(file: &Reader, design: &Design, labels: &Labels) -> Result<(), FileError> {
    design.check().map_err(|error| file.inconsistent(error.to_string(), "a design that can be computed"))?;
    if let Labels::Classes { normaliser, windowing, .. } = labels {
        let channels = normaliser.channels();
        windowing.check().map_err(|error| file.inconsistent(error.to_string(), "a windowing that can be computed"))?;
        if !channels.is_multiple_of(windowing.window) {
            let found = format!("a normalisation of {channels} channels for windows of {} steps", windowing.window);
            return Err(file.inconsistent(found, "a multiple of the steps"));
        }
        let scales = normaliser.deviation.iter().chain(&normaliser.range);
        if normaliser.deviation.len() != channels
            || normaliser.range.len() != channels
            || !scales.clone().all(|x| x.is_finite() && *x > 0.0)
        {
            return Err(file.inconsistent(
                "a normalisation of other channels or of scales that are not above 0",
                "a mean, a deviation and a range a channel",
            ));
        }
    }
    let (found, expected) = ((labels.inputs(), labels.outputs()), (design.shape.inputs, design.shape.outputs));
    if found != expected {
        let counts = |(inputs, outputs)| format!("{inputs} inputs and {outputs} outputs");
        return Err(file.inconsistent(counts(found), counts(expected)));
    }
    Ok(())
}

/// The tensors of a file as real numbers.
fn tensors(file: &Reader, design: &Design) -> Result<Tensors, FileError> {
    let bytes = file.tensors(&extents(design))?;
    let mut tensors =
        Tensors { bias: file.numbers(bytes[1])?, out_bias: file.numbers(bytes[3])?, ..Tensors::default() };
    match design.precisions.weights.levels() {
        None => (tensors.w, tensors.out) = (file.numbers(bytes[0])?, file.numbers(bytes[2])?),
        Some(most) => {
            let codes = Codes { weights: file.codes(bytes[0], most)?, readout: file.codes(bytes[2], most)? };
            codes.decode(design, &mut tensors);
        }
    }
    Ok(tensors)
}
