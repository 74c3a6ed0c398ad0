//! The place where two models, of any modes, part on one question: their values as real numbers.

use std::path::{Path, PathBuf};

use engram_babi::{DataSet, Story};
use engram_memnet::Model;
use engram_memnet::examples::Examples;
use engram_memnet::tensors::Shape;
use engram_memnet::values::{Distance, Observer, compare};
use serde::Serialize;

use crate::failure::Failure;
use crate::memnet::no_question;

/// Two backends that are compared.
pub struct Pair<'a> {
    /// The model.
    pub model: &'a Model,
    /// The file of the other.
    pub against: &'a Path,
    /// The question, counted from 1.
    pub question: usize,
    /// The largest difference that is none; half a step of the coarser format where nothing is said.
    pub tolerance: Option<f32>,
}

/// The distances of two models' values.
#[derive(Debug, Serialize)]
pub struct Parting {
    /// The task.
    pub task: u8,
    /// The source of the question's text.
    pub source: String,
    /// The question, counted from 1.
    pub question: usize,
    /// The model's mode.
    pub model: String,
    /// The file of the other.
    pub against: PathBuf,
    /// The first value that differs by more than the tolerance, in words; `null` where there is none.
    pub difference: Option<String>,
    /// Every vector, in the order in which they come about.
    pub distances: Vec<Distance>,
}

impl Pair<'_> {
    /// Compares the two on a test question.
    pub fn compare(&self, task: u8, data: &DataSet) -> anyhow::Result<Parting> {
        let other = Model::load(self.against)?;
        self.check(&other)?;
        let examples = Examples::encode(&data.test, &self.model.vocabulary)?;
        let all: usize = data.test.iter().map(Story::questions).sum();
        let question = self.question.checked_sub(1).and_then(|place| examples.questions.get(place));
        let question = question.ok_or_else(|| no_question(self.question, all))?;
        let values = |model: &Model| Observer::new(model).values(&examples, question);
        let distances = compare(&values(self.model), &values(&other), self.tolerance);
        let first = distances.iter().find_map(|distance| Some((distance, distance.first?)));
        let difference = first.map(|(distance, (element, one, other))| {
            format!("{} element {element}: {one} against {other}, tolerance {}", distance.name, distance.tolerance)
        });
        let model = self.model.design.mode.to_string();
        let (source, question, against) = (data.source.to_string(), self.question, self.against.to_path_buf());
        Ok(Parting { task, source, question, model, against, difference, distances })
    }

    /// Only networks of one size have the same values.
    fn check(&self, other: &Model) -> Result<(), Failure> {
        let size = |model: &Model| {
            let shape = model.design.shape;
            let Shape { elements, slots, hops, tying, .. } = shape;
            format!("{elements} elements, {slots} slots, {hops} hops and {tying} tying")
        };
        let (one, another) = (size(self.model), size(other));
        let text = if one != another {
            format!("{} has {another}, but the model has {one}: compare models of one size", self.against.display())
        } else if self.model.vocabulary != other.vocabulary {
            format!("{} has other words than the model: compare models of one task", self.against.display())
        } else {
            return Ok(());
        };
        Err(Failure::Input(text))
    }
}
