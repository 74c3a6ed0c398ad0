//! `engram export`: a crossbar network for PyTorch and ONNX Runtime.

use std::fmt;
use std::path::PathBuf;

use clap::ArgGroup;
use engram_crossbar::{Form, Labels, Model as Crossbar, Shape, export, is_onnx};
use engram_files::{Kind, is_same_place};
use engram_sequences::Normaliser;
use engram_session::Failure;
use engram_session::model::Model;
use serde::Serialize;

use crate::arguments::output::Overwrite;
use crate::console::{Console, STRONG, styled};

/// The arguments of `engram export`.
#[derive(Debug, clap::Args)]
#[group(skip)]
#[command(group = ArgGroup::new("outputs").args(["onnx", "state_dict"]).required(true).multiple(true))]
#[command(after_help = "\
Examples:
  engram export vowels.safetensors --onnx vowels.onnx
  engram export vowels.safetensors --state-dict vowels-torch.safetensors
  engram export gru.safetensors --onnx gru.onnx --state-dict gru-torch.safetensors --json

The file has the network in real numbers: the weights that the codes stand for, the biases, and as metadata the labels of inputs and \
outputs. ONNX has the operator LSTM or GRU (linear_before_reset = 1) over x (steps, sequences, inputs), then MatMul and Add to the \
logits of every step; of a recording the last step's count. The state dict has the names of an nn.LSTM `lstm` or an nn.GRU `gru`, \
and an nn.Linear `linear`.

Not in the file are the converters, read noise, tables and memoization: PyTorch and ONNX Runtime round neither inputs nor states nor sums, \
so their logits differ a little from a device's. Bring the inputs to the network's form: of a recording each channel is \
(value - mean) / deviation / range, cut off at -1 and 1, with the numbers that --json prints and the metadata `labels` has; of a text \
a symbol is a 1 at its place and zeros elsewhere.

`engram quantize` reads the file again, with the same normalisation; at the same precision its weights are the same codes. \
examples/exported.py loads both forms.")]
pub struct Export {
    /// The file of a crossbar model, in codes or in real numbers.
    pub model: PathBuf,
    /// The ONNX file.
    #[arg(long, value_name = "FILE.onnx", value_parser = onnx)]
    pub onnx: Option<PathBuf>,
    /// The state dict of PyTorch.
    #[arg(long, value_name = "FILE.safetensors", value_parser = state_dict)]
    pub state_dict: Option<PathBuf>,
    #[command(flatten)]
    pub overwrite: Overwrite,
}

/// The name of an ONNX file, by which it is known.
fn onnx(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let expected = "expected a name that ends in .onnx, by which ONNX files are known";
    if is_onnx(&path) { Ok(path) } else { Err(expected.to_string()) }
}

/// The name of a state dict, which is not that of an ONNX file.
fn state_dict(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let expected =
        "expected a name that does not end in .onnx, by which ONNX files are known, such as model.safetensors";
    if is_onnx(&path) { Err(expected.to_string()) } else { Ok(path) }
}

/// The result of the command.
#[derive(Debug, Serialize)]
struct Exported {
    /// `lstm` or `gru`.
    cell: &'static str,
    #[serde(flatten)]
    shape: Shape,
    /// The bits of the weights that were taken out of codes; none of a model of real numbers.
    weight_bits: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    onnx: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_dict: Option<PathBuf>,
    /// The numbers by which channels of recordings become inputs; none of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    normalisation: Option<Normaliser>,
    /// The steps of a recording that are an input's; none of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    window: Option<usize>,
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exported { cell, shape: Shape { inputs, hidden, outputs }, weight_bits, .. } = self;
        let weights = weight_bits.map_or("real numbers".to_string(), |bits| format!("codes of {bits} bits"));
        let cell = styled(STRONG, cell.to_uppercase());
        write!(f, "{cell} of {inputs} inputs, {hidden} cells, {outputs} outputs, weights of {weights}")?;
        match self.window {
            None => write!(f, "\n  an input is a 1 at the symbol's place, zeros elsewhere")?,
            Some(window) => {
                let steps = if window > 1 { format!(" of windows of {window} steps") } else { String::new() };
                write!(
                    f,
                    "\n  an input{steps} is (value - mean) / deviation / range, cut off at -1 and 1: --json prints them"
                )?;
            }
        }
        self.onnx.iter().chain(&self.state_dict).try_for_each(|path| write!(f, "\n{}", path.display()))
    }
}

impl Export {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let files = [(&self.onnx, Form::Onnx, Kind::Onnx), (&self.state_dict, Form::StateDict, Kind::StateDict)];
        let files = files.into_iter().filter_map(|(path, form, kind)| Some((path.as_ref()?, form, kind)));
        let files: Vec<(&PathBuf, Form, Kind)> = files.collect();
        if let (Some(onnx), Some(dict)) = (&self.onnx, &self.state_dict)
            && is_same_place(onnx, dict)
        {
            let text = "--onnx and --state-dict have the same file: name one for each".to_string();
            return Err(Failure::Usage(text).into());
        }
        for (path, _, kind) in &files {
            self.overwrite.check(path, *kind, &[&self.model])?;
        }
        let model: Crossbar = Model::load_crossbar(&self.model)?;
        for (path, form, _) in files {
            export(&model, form, path)?;
        }
        let (normalisation, window) = match &model.labels {
            Labels::Classes { normaliser, windowing, .. } => (Some(normaliser.clone()), Some(windowing.window)),
            Labels::Symbols { .. } => (None, None),
        };
        Ok(console.report(&Exported {
            cell: model.design.cell.name(),
            shape: model.design.shape,
            weight_bits: model.design.precisions.weights.bits(),
            onnx: self.onnx.clone(),
            state_dict: self.state_dict.clone(),
            normalisation,
            window,
        })?)
    }
}
