//! Models as recurrent networks of elsewhere: a state dict of PyTorch in a `.safetensors` file, or an ONNX file.
//!
//! The file has the network in real numbers: what the codes of its weights stand for, its biases, and its labels as text. It has not the
//! converters: PyTorch and ONNX Runtime round neither inputs nor states nor sums, so their logits differ from a device's. The inputs
//! are those of the network: of recordings (value - mean) / deviation / range of each channel, cut off at -1 and 1 (the labels have these
//! numbers), of texts a 1 at the symbol and zeros elsewhere. [`import`](crate::import()) reads the file with the same labels.

mod onnx;
mod state_dict;

use std::collections::HashMap;
use std::io;
use std::path::Path;

use engram_learn::{FileError, file};

use crate::layers::Layers;
use crate::model::{Labels, Model};

/// The metadata of an exported file that says whose it is, and its value.
pub const ORIGIN: [&str; 2] = ["source", "written by `engram export`"];

/// The metadata with the labels of the inputs and outputs, as JSON.
pub(crate) const LABELS: &str = "labels";

/// The form of an exported file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// ONNX: an operator LSTM or GRU over a value `x` (steps x sequences x I), and MatMul and Add to `logits` of every step.
    Onnx,
    /// A state dict, as `torch.nn` names its tensors: `lstm` or `gru`, and `linear`.
    StateDict,
}

/// Writes a model to a file of a form, whole or not at all. Errors: a folder that is missing or full.
pub fn export(model: &Model, form: Form, path: &Path) -> Result<(), FileError> {
    let failed = |source| FileError::Io { path: path.to_path_buf(), source };
    let metadata = metadata(&model.labels).map_err(failed)?;
    let layers = Layers::of(model);
    let bytes = match form {
        Form::Onnx => onnx::bytes(&layers, metadata),
        Form::StateDict => state_dict::bytes(&layers, metadata),
    };
    file::write(path, &bytes.map_err(failed)?)
}

/// The metadata of a file.
fn metadata(labels: &Labels) -> io::Result<HashMap<String, String>> {
    let [origin, value] = ORIGIN.map(str::to_string);
    Ok(HashMap::from([(origin, value), (LABELS.to_string(), serde_json::to_string(labels)?)]))
}
