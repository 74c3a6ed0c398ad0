//! The hand-written network against losses and gradients that JAX computed (`golden/golden.py`).

use std::collections::HashMap;

use engram_nn::network::{Encoding, Network, Query, Workspace};
use engram_nn::tensors::{Shape, Tensors};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    shape: Shape,
    range: f32,
    kappa: i32,
    tensors: HashMap<String, Vec<f32>>,
    examples: Vec<Example>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Example {
    sentences: Vec<Vec<u8>>,
    ages: Vec<usize>,
    question: Vec<u8>,
    answer: u8,
}

#[derive(Deserialize)]
struct Case {
    addressing: String,
    encoding: Encoding,
    losses: Vec<f32>,
    gradients: HashMap<String, Vec<f32>>,
}

#[test]
fn losses_and_gradients_are_those_of_jax() {
    let golden: Golden = serde_json::from_str(include_str!("../golden/golden.json")).unwrap();
    let mut tensors = Tensors::zeroed(&golden.shape);
    for (tensor, name) in tensors.each_mut().into_iter().zip(Tensors::<f32>::NAMES) {
        tensor.copy_from_slice(&golden.tensors[name]);
    }
    assert_eq!(golden.cases.len(), 6);
    for case in &golden.cases {
        let (addressing, position) = (case.addressing.parse().unwrap(), case.encoding.weights(&golden.shape));
        let network = Network::smooth(golden.shape, addressing, position, golden.range, golden.kappa);
        let (mut work, mut gradient) = (Workspace::new(&golden.shape), Tensors::zeroed(&golden.shape));
        for (example, &expected) in golden.examples.iter().zip(&case.losses) {
            let Example { sentences, ages, question, answer } = example;
            let query = Query { sentences, ages, question };
            network.forward(&tensors, &query, &mut work);
            let loss = network.loss(*answer, &mut work);
            assert!((loss - expected).abs() < 1e-5, "{addressing}: loss {loss}, expected {expected}");
            let scale = 1.0 / golden.examples.len() as f32;
            network.backward(&tensors, &query, scale, &mut work, &mut gradient);
        }
        for (tensor, name) in gradient.each().into_iter().zip(Tensors::<f32>::NAMES) {
            for (place, (found, expected)) in tensor.iter().zip(&case.gradients[name]).enumerate() {
                assert!(
                    (found - expected).abs() < 1e-5,
                    "{addressing}, {:?}: gradient of {name} at {place} is {found}, expected {expected}",
                    case.encoding
                );
            }
        }
    }
}
