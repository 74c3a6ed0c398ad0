//! The hand-written network against logits, losses and gradients that JAX computed (`golden/golden.py`).

use std::collections::HashMap;

use engram_memnet::network::{Encoding, Network, Query, Workspace};
use engram_memnet::quantise::Formats;
use engram_memnet::tensors::{Shape, Tensors};
use engram_memnet::{Design, Mode};
use engram_spec::Format;
use engram_spec::memnet::Addressing;
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
    logits: Vec<Vec<f32>>,
    losses: Vec<f32>,
    gradients: HashMap<String, Vec<f32>>,
}

impl Golden {
    fn design(&self, addressing: Addressing, encoding: Encoding) -> Design {
        // The range is that of m's format.
        let format = Format::with_fraction(7 - self.range.log2() as u32).unwrap();
        let (a, b, c, w, h) = (format, format, format, format, format);
        let formats = Formats { a, b, c, w, h, memory_a: format, memory_c: format, controller: format };
        let (mode, graded, bits, kappa) = (Mode::Float, false, 8, self.kappa);
        Design { mode, addressing, graded, bits, shape: self.shape, encoding, kappa, scores: None, formats }
    }
}

#[test]
fn logits_losses_and_gradients_are_those_of_jax() {
    let golden: Golden = serde_json::from_str(include_str!("../../golden/golden.json")).unwrap();
    let mut tensors = Tensors::zeroed(&golden.shape);
    for (tensor, name) in tensors.each_mut().into_iter().zip(Tensors::<f32>::NAMES) {
        if name != "position" {
            tensor.copy_from_slice(&golden.tensors[name]);
        }
    }
    assert_eq!(golden.cases.len(), 8);
    for case in &golden.cases {
        let addressing = case.addressing.parse().unwrap();
        let network = Network::smooth(&golden.design(addressing, case.encoding));
        tensors.position = case.encoding.weights(&golden.shape);
        let (mut work, mut gradient) = (Workspace::new(&golden.shape), Tensors::zeroed(&golden.shape));
        for ((example, &expected), logits) in golden.examples.iter().zip(&case.losses).zip(&case.logits) {
            let Example { sentences, ages, question, answer } = example;
            let query = Query { sentences, ages, question };
            network.forward(&tensors, &query, &mut work);
            assert_eq!(work.logits.len(), logits.len());
            let near = work.logits.iter().zip(logits).all(|(found, expected)| (found - expected).abs() < 1e-5);
            assert!(near, "{addressing}: logits {:?}, expected {logits:?}", work.logits);
            let loss = network.loss(*answer, &mut work);
            assert!((loss - expected).abs() < 1e-5, "{addressing}: loss {loss}, expected {expected}");
            let scale = 1.0 / golden.examples.len() as f32;
            network.backward(&tensors, &query, scale, &mut work, &mut gradient);
        }
        for (tensor, name) in gradient.each().into_iter().zip(Tensors::<f32>::NAMES) {
            if name == "position" {
                continue;
            }
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
