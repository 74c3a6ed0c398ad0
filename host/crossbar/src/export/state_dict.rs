//! A state dict of PyTorch: nn.LSTM or nn.GRU, and nn.Linear.

use std::collections::HashMap;
use std::io;

use engram_learn::file::{Dtype, bytes_of_numbers};
use engram_spec::crossbar::Cell;
use safetensors::tensor::{TensorView, serialize};

use crate::layers::{Layers, gates};

/// The bytes of a `.safetensors` file.
pub(super) fn bytes(layers: &Layers, metadata: HashMap<String, String>) -> io::Result<Vec<u8>> {
    let &Layers { cell, inputs, hidden, outputs, .. } = layers;
    let (rows, prefix) = (gates(cell) * hidden, if cell == Cell::Lstm { "lstm" } else { "gru" });
    let tensors = [
        (format!("{prefix}.weight_ih_l0"), vec![rows, inputs], &layers.of_inputs),
        (format!("{prefix}.weight_hh_l0"), vec![rows, hidden], &layers.of_hidden),
        (format!("{prefix}.bias_ih_l0"), vec![rows], &layers.biases[0]),
        (format!("{prefix}.bias_hh_l0"), vec![rows], &layers.biases[1]),
        ("linear.weight".to_string(), vec![outputs, hidden], &layers.readout),
        ("linear.bias".to_string(), vec![outputs], &layers.readout_bias),
    ];
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|(_, _, numbers)| bytes_of_numbers(numbers)).collect();
    let views = tensors.iter().zip(&bytes);
    let views = views.map(|((name, shape, _), bytes)| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)));
    let views = views.collect::<Result<Vec<_>, _>>();
    views.and_then(|views| serialize(views, Some(metadata))).map_err(io::Error::other)
}
