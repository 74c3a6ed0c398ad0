//! A state dict of PyTorch: nn.LSTM or nn.GRU, nn.Linear and maybe nn.Embedding, with any prefixes.

use std::collections::BTreeMap;
use std::path::Path;

use engram_learn::file;
use engram_spec::crossbar::Cell;
use safetensors::tensor::SafeTensors;

use super::{Found, ImportError, labels_in};
use crate::layers::{Layers, gates, of_symbols};

/// Whether a file has weights of a recurrent layer.
pub(super) fn is_recurrent(path: &Path) -> bool {
    let bytes = file::read(path).unwrap_or_default();
    let Ok(file) = SafeTensors::deserialize(&bytes) else { return false };
    file.names().iter().any(|name| name.contains("weight_ih_l") || name.contains("weight_hh_l"))
}

/// Reads a state dict.
pub(super) fn read(path: &Path) -> Result<Found, ImportError> {
    let bytes = file::read(path)?;
    let file = SafeTensors::deserialize(&bytes).map_err(|error| file::torn(path, error))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|error| file::torn(path, error))?;
    let labels = labels_in(|key| header.metadata().as_ref()?.get(key));
    Ok(Found { layers: StateDict { path, file }.layers()?, labels })
}

struct StateDict<'a> {
    path: &'a Path,
    file: SafeTensors<'a>,
}

/// A tensor of the file.
struct Tensor {
    shape: Vec<usize>,
    numbers: Vec<f32>,
}

impl StateDict<'_> {
    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> ImportError {
        ImportError::weights(self.path, found, expected)
    }

    /// All tensors by name. Counters, such as that of batches, are no tensors of numbers and are refused as such.
    fn tensors(&self) -> Result<BTreeMap<String, Tensor>, ImportError> {
        let tensor = |name: &str| {
            let found = self.file.tensor(name).map_err(|error| file::torn(self.path, error))?;
            if found.shape().contains(&0) {
                return Err(self.wrong(format!("tensor {name} {:?}", found.shape()), "at least one number"));
            }
            let numbers = file::widened(found.dtype(), found.data()).ok_or_else(|| {
                self.wrong(format!("tensor {name} of {:?}", found.dtype()), format!("numbers of {}", file::WIDENED))
            })?;
            if let Some(odd) = numbers.iter().find(|number| !number.is_finite()) {
                return Err(self.wrong(format!("{odd} in tensor {name}"), "finite numbers"));
            }
            Ok((name.to_string(), Tensor { shape: found.shape().to_vec(), numbers }))
        };
        self.file.names().into_iter().map(tensor).collect()
    }

    fn layers(&self) -> Result<Layers, ImportError> {
        let mut tensors = self.tensors()?;
        let prefix = self.prefix(&tensors)?;
        let mut take = |name: &str| tensors.remove(&format!("{prefix}{name}_l0"));
        let (of_inputs, of_hidden) = (take("weight_ih"), take("weight_hh"));
        let biases = [take("bias_ih"), take("bias_hh")];
        let (Some(of_inputs), Some(of_hidden)) = (of_inputs, of_hidden) else {
            return Err(self.wrong("one of weight_ih_l0 and weight_hh_l0 alone", "both"));
        };
        let (&[rows, dimension], &[same, hidden]) = (&of_inputs.shape[..], &of_hidden.shape[..]) else {
            let found = format!("weight_ih_l0 {:?} and weight_hh_l0 {:?}", of_inputs.shape, of_hidden.shape);
            return Err(self.wrong(found, "two matrices"));
        };
        let cell = match rows.checked_div(hidden) {
            Some(4) if rows == 4 * hidden => Cell::Lstm,
            Some(3) if rows == 3 * hidden => Cell::Gru,
            Some(1) if rows == hidden => {
                return Err(
                    self.wrong(format!("an nn.RNN ({rows} rows for {hidden} cells)"), "an nn.LSTM or an nn.GRU")
                );
            }
            _ => {
                let found = format!("weight_ih_l0 of {rows} rows for {hidden} cells");
                return Err(self.wrong(found, "4 rows a cell, of an nn.LSTM, or 3, of an nn.GRU"));
            }
        };
        if same != rows {
            let found = format!("weight_ih_l0 of {rows} rows, weight_hh_l0 of {same}");
            return Err(self.wrong(found, "as many rows in both"));
        }
        if biases[0].is_some() != biases[1].is_some() {
            return Err(self.wrong("one of bias_ih_l0 and bias_hh_l0 alone", "both, or none"));
        }
        let biases = biases.map(|bias| bias.map_or_else(|| vec![0.0; rows], |bias| bias.numbers));
        if let Some(bias) = biases.iter().find(|bias| bias.len() != rows) {
            return Err(
                self.wrong(format!("a bias of {} numbers", bias.len()), format!("{rows}, as weight_ih_l0 has rows"))
            );
        }
        let (readout, readout_bias, outputs) = self.linear(&mut tensors, hidden)?;
        let (mut inputs, mut of_inputs) = (dimension, of_inputs.numbers);
        let mut has_table = false;
        let table = tensors.iter().find(|(_, tensor)| matches!(tensor.shape[..], [_, columns] if columns == dimension));
        if let Some((name, Tensor { shape, numbers })) = table {
            (inputs, of_inputs, has_table) = (shape[0], of_symbols(&of_inputs, numbers, dimension), true);
            let name = name.clone();
            tensors.remove(&name);
        }
        if let Some((name, tensor)) = tensors.first_key_value() {
            let found = format!("tensor {name} {:?}, of another layer", tensor.shape);
            return Err(self.wrong(found, "nn.LSTM or nn.GRU, one nn.Linear, and before symbols an nn.Embedding alone"));
        }
        assert_eq!(of_inputs.len(), gates(cell) * hidden * inputs);
        let of_hidden = of_hidden.numbers;
        Ok(Layers { cell, inputs, hidden, outputs, of_inputs, of_hidden, biases, readout, readout_bias, has_table })
    }

    /// The prefix of the recurrent layer's tensors. There is one such layer, of one direction.
    fn prefix(&self, tensors: &BTreeMap<String, Tensor>) -> Result<String, ImportError> {
        let recurrent = tensors.keys().filter_map(|name| Some((name, name.find("weight_ih_l")?)));
        let recurrent: Vec<(&String, usize)> = recurrent.collect();
        let refused = |word: &str| tensors.keys().find(|name| name.contains(word));
        if let Some(name) = refused("_reverse") {
            return Err(self.wrong(format!("a bidirectional network (tensor {name})"), "one direction"));
        }
        if let Some(name) = refused("weight_hr_l") {
            return Err(self.wrong(format!("a network with proj_size (tensor {name})"), "none: h as it is"));
        }
        let Some(&(first, at)) = recurrent.first() else {
            return Err(self.wrong("no tensor weight_ih_l0", "an nn.LSTM or an nn.GRU"));
        };
        let prefix = &first[..at];
        if let Some((other, _)) = recurrent.iter().find(|(name, at)| &name[..*at] != prefix) {
            return Err(self.wrong(format!("two recurrent networks ({first} and {other})"), "one"));
        }
        match recurrent.len() {
            1 if first[at..] == *"weight_ih_l0" => Ok(prefix.to_string()),
            1 => Err(self.wrong(format!("tensor {first}, but no {prefix}weight_ih_l0"), "the first layer")),
            layers => Err(self.wrong(format!("{layers} layers"), "one layer, which is what a device computes")),
        }
    }

    /// Takes the linear layer behind `hidden` cells: the only matrix of so many columns, or of several the one with a bias.
    fn linear(
        &self,
        tensors: &mut BTreeMap<String, Tensor>,
        hidden: usize,
    ) -> Result<(Vec<f32>, Vec<f32>, usize), ImportError> {
        let fits = tensors.iter().filter(|(_, tensor)| matches!(tensor.shape[..], [_, columns] if columns == hidden));
        let fits: Vec<String> = fits.map(|(name, _)| name.clone()).collect();
        let bias_of = |name: &str| name.strip_suffix("weight").map(|prefix| format!("{prefix}bias"));
        let has_bias = |name: &&String| bias_of(name).is_some_and(|bias| tensors.contains_key(&bias));
        let biased: Vec<&String> = fits.iter().filter(has_bias).collect();
        let name = match (&fits[..], &biased[..]) {
            ([only], _) => only.clone(),
            (_, [only]) => (*only).clone(),
            ([], _) => {
                return Err(self.wrong(
                    format!("no matrix of {hidden} columns behind the recurrent layer"),
                    "an nn.Linear from its cells to the classes or symbols",
                ));
            }
            _ => return Err(self.wrong(format!("several linear layers ({})", fits.join(", ")), "one")),
        };
        let bias = bias_of(&name).and_then(|bias| tensors.remove(&bias));
        let weight = tensors.remove(&name).expect("a name of the file");
        let outputs = weight.shape[0];
        let bias = bias.map_or_else(|| vec![0.0; outputs], |bias| bias.numbers);
        if bias.len() != outputs {
            return Err(self.wrong(format!("a bias of {} numbers for {name}", bias.len()), format!("{outputs}")));
        }
        Ok((weight.numbers, bias, outputs))
    }
}
