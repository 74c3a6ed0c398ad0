//! The hand-written LSTM and GRU against logits, losses and gradients that JAX computed (`golden/golden.py`).

use std::collections::HashMap;

use engram_crossbar::{Batch, Design, Network, Precisions, Shape, State, Tensors, Tiling, Workspace};
use engram_spec::crossbar::Cell;
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    shape: Shape,
    tensors: HashMap<String, Vec<f32>>,
    sequences: Vec<Vec<f32>>,
    classes: Vec<u16>,
    streams: Vec<Vec<u16>>,
    of_sequences: Case,
    of_streams: Case,
}

#[derive(Deserialize)]
struct Case {
    loss: f64,
    logits: Vec<Vec<f32>>,
    gradients: HashMap<String, Vec<f32>>,
}

fn near(found: &[f32], expected: &[f32], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (place, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-5, "{what} at {place} is {found}, expected {expected}");
    }
}

/// The batch's answers are compared in the order of the case's, which `order` says.
fn compare(cell: Cell, golden: &Golden, batch: &Batch, case: &Case, order: &[usize]) {
    let mut tensors = Tensors::zeroed(&golden.shape);
    for (tensor, name) in tensors.each_mut().into_iter().zip(Tensors::NAMES) {
        tensor.copy_from_slice(&golden.tensors[name]);
    }
    let design = Design { cell, ..Design::new(golden.shape, Precisions::FLOAT, Tiling::default()) };
    let mut network = Network::new(&design);
    network.load(&tensors);
    let (mut work, mut gradient) = (Workspace::default(), Tensors::zeroed(&golden.shape));
    network.forward(batch, &mut State::zeroed(&golden.shape, batch.active[0]), &mut work);
    let expected: Vec<f32> = order.iter().flat_map(|&place| case.logits[place].clone()).collect();
    near(&work.logits, &expected, "logits");
    let loss = work.loss(batch, &golden.shape);
    assert!((loss.mean() - case.loss).abs() < 1e-5, "loss {}, expected {}", loss.mean(), case.loss);
    network.backward(batch, &mut work, &mut gradient);
    for (tensor, name) in gradient.each().into_iter().zip(Tensors::NAMES) {
        near(tensor, &case.gradients[name], &format!("gradient of {name}"));
    }
}

fn as_by_jax(cell: Cell, golden: &str) {
    let golden: Golden = serde_json::from_str(golden).unwrap();
    let sequences: Vec<(&[f32], u16)> =
        golden.sequences.iter().map(Vec::as_slice).zip(golden.classes.iter().copied()).collect();
    let batch = Batch::of_sequences(golden.shape.inputs, &sequences);
    // The answers come as sequences end: that of one step, the two of four, that of seven.
    compare(cell, &golden, &batch, &golden.of_sequences, &[2, 0, 3, 1]);
    let streams: Vec<&[u16]> = golden.streams.iter().map(Vec::as_slice).collect();
    let steps = streams[0].len() - 1;
    let order: Vec<usize> = (0..steps).flat_map(|step| [step, steps + step]).collect();
    compare(cell, &golden, &Batch::of_streams(&streams), &golden.of_streams, &order);
}

#[test]
fn logits_losses_and_gradients_are_those_of_jax() {
    as_by_jax(Cell::Lstm, include_str!("../../golden/lstm.json"));
    as_by_jax(Cell::Gru, include_str!("../../golden/gru.json"));
}
