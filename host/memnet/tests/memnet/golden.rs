//! The hand-written network against logits, losses and gradients that JAX computed (`golden/golden.py`).

use std::collections::{BTreeSet, HashMap};

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
    /// The tensors by name, of each tying.
    tensors: HashMap<String, HashMap<String, Vec<f32>>>,
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
    tying: String,
    answers: usize,
    logits: Vec<Vec<f32>>,
    losses: Vec<f32>,
    gradients: HashMap<String, Vec<f32>>,
}

impl Golden {
    fn design(&self, case: &Case) -> Design {
        // The range is that of m's format.
        let format = Format::with_fraction(7 - self.range.log2() as u32).unwrap();
        let (a, b, c, w, h) = (format, format, format, format, format);
        let formats = Formats { a, b, c, w, h, memory_a: format, memory_c: format, controller: format };
        let (mode, graded, bits, kappa) = (Mode::Float, false, 8, self.kappa);
        let (addressing, encoding): (Addressing, _) = (case.addressing.parse().unwrap(), case.encoding);
        let shape = Shape { tying: case.tying.parse().unwrap(), answers: Some(case.answers), ..self.shape };
        Design { mode, addressing, graded, bits, shape, encoding, kappa, scores: None, formats }
    }
}

#[test]
fn logits_losses_and_gradients_are_those_of_jax() {
    let golden: Golden = serde_json::from_str(include_str!("../../golden/golden.json")).unwrap();
    let kinds: BTreeSet<_> = golden.cases.iter().map(|case| (&case.addressing, &case.tying, case.answers)).collect();
    assert_eq!((golden.cases.len(), kinds.len()), (16, 16));
    for case in &golden.cases {
        let design = golden.design(case);
        let (shape, network) = (design.shape, Network::smooth(&design));
        let mut tensors = Tensors::zeroed(&shape);
        for (tensor, name) in tensors.each_mut().into_iter().zip(Tensors::<f32>::NAMES) {
            if name != "position" {
                tensor.copy_from_slice(&golden.tensors[&case.tying][name]);
            }
        }
        tensors.position = case.encoding.weights(&shape);
        let (mut work, mut gradient) = (Workspace::new(&shape), Tensors::zeroed(&shape));
        let what = format!("{}, {}, {:?}", case.addressing, case.tying, case.encoding);
        for ((example, &expected), logits) in golden.examples.iter().zip(&case.losses).zip(&case.logits) {
            let Example { sentences, ages, question, answer } = example;
            let query = Query { sentences, ages, question };
            network.forward(&tensors, &query, &mut work);
            assert_eq!(work.logits.len(), logits.len());
            let near = work.logits.iter().zip(logits).all(|(found, expected)| (found - expected).abs() < 1e-5);
            assert!(near, "{what}: logits {:?}, expected {logits:?}", work.logits);
            let loss = network.loss(*answer, &mut work);
            assert!((loss - expected).abs() < 1e-5, "{what}: loss {loss}, expected {expected}");
            let scale = 1.0 / golden.examples.len() as f32;
            network.backward(&tensors, &query, scale, &mut work, &mut gradient);
        }
        for (tensor, name) in gradient.each().into_iter().zip(Tensors::<f32>::NAMES) {
            if name == "position" {
                continue;
            }
            assert_eq!(tensor.len(), case.gradients[name].len(), "{what}: {name}");
            for (place, (found, expected)) in tensor.iter().zip(&case.gradients[name]).enumerate() {
                assert!(
                    (found - expected).abs() < 1e-5,
                    "{what}: gradient of {name} at {place} is {found}, expected {expected}"
                );
            }
        }
    }
}
