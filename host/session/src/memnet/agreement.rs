//! Test questions put to a backend, each answer held against the integer model's; the first that differs, by layer.

use engram_babi::Story;
use engram_memnet::{Evaluation, Model, evaluate};
use engram_spec::memnet::Memnet;

use super::paired::{Disagreement, Paired, replay};
use crate::backend::{Backend, Opening};
use crate::difference::Difference;

/// The answers of a backend, compared with the integer model's.
#[derive(Debug)]
pub struct Agreement {
    /// The size of the device.
    pub preset: &'static str,
    /// The backend's answers.
    pub evaluation: Evaluation,
    /// Answers that differ in word or logit.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Difference>,
}

impl Agreement {
    /// Opens a backend, loads a model into it and puts the questions of some stories to it, at most `limit`. `progress` is
    /// called with the questions asked so far: 0 when the backend is open.
    pub fn find(
        model: &Model,
        stories: &[Story],
        limit: Option<usize>,
        backend: &Backend,
        opening: &Opening<Memnet>,
        progress: &mut dyn FnMut(usize),
    ) -> anyhow::Result<Agreement> {
        let mut device = Paired::open(model, backend, opening)?;
        progress(0);
        let evaluation = evaluate(&mut device, &model.vocabulary, stories, limit, progress)?;
        let (first, disagreements) = (device.first, device.disagreements);
        let preset = device.identity.geometry.name;
        // A serial port is held by one device at a time.
        drop(device);
        let first = first.map(|first| explain(model, stories, backend, opening, first)).transpose()?;
        Ok(Agreement { preset, evaluation, disagreements, first })
    }
}

/// Finds the layer of a disagreement: asks the question again, of a backend that can look inside.
fn explain(
    model: &Model,
    stories: &[Story],
    backend: &Backend,
    opening: &Opening<Memnet>,
    Disagreement { question, found, expected }: Disagreement,
) -> anyhow::Result<Difference> {
    let mut device = Paired::open(model, backend, &Opening { trace: true, ..opening.clone() })?;
    let again = replay(model, &mut device, stories, question)?;
    let parting = again.trace.map(|trace| match trace.parting(&again.expected) {
        Some(parting) => format!("{parting} (integer model)"),
        None => "none when the question is asked again".to_string(),
    });
    let say =
        |(word, logit): (u8, i32)| format!("'{}' with logit {logit}", model.vocabulary.word(word).unwrap_or("no word"));
    Ok(Difference { question, found: say(found), expected: say(expected), parting })
}
