//! Test questions put to a body, each answer held against the integer model's; the first that differs, by layer.

use std::fmt;

use engram_babi::Story;
use engram_nn::{Evaluation, Model, evaluate};
use serde::{Deserialize, Serialize};

use crate::body::{Body, Opening};
use crate::session::{Disagreement, Paired, replay};

/// How the answers of a body compare with the integer model's.
#[derive(Debug)]
pub struct Agreement {
    /// The size of the device.
    pub preset: &'static str,
    /// The body's answers.
    pub evaluation: Evaluation,
    /// Answers that differ in word or logit.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Difference>,
}

/// A disagreement in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The question, counted from 1 over all stories.
    pub question: usize,
    /// The body's answer.
    pub found: String,
    /// The integer model's.
    pub expected: String,
    /// The first value in which the two part, where the body can look inside.
    pub parting: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { question, found, expected, parting } = self;
        write!(f, "    question {question}: found {found}, expected {expected}")?;
        parting.iter().try_for_each(|parting| write!(f, "\n    first difference: {parting}"))
    }
}

impl Agreement {
    /// Opens a body, loads a model into it and puts the questions of some stories to it, at most `limit`. `progress` is
    /// told the questions asked so far: 0 when the body is open.
    pub fn find(
        model: &Model,
        stories: &[Story],
        limit: Option<usize>,
        body: &Body,
        opening: &Opening,
        progress: &mut dyn FnMut(usize),
    ) -> anyhow::Result<Agreement> {
        let mut device = Paired::open(model, body, opening)?;
        progress(0);
        let evaluation = evaluate(&mut device, &model.vocabulary, stories, limit, progress)?;
        let (first, disagreements) = (device.first, device.disagreements);
        let preset = device.identity.geometry.name;
        // A serial port is held by one device at a time.
        drop(device);
        let first = first.map(|first| explain(model, stories, body, opening, first)).transpose()?;
        Ok(Agreement { preset, evaluation, disagreements, first })
    }
}

/// Finds the layer of a disagreement: asks the question again, of a body that can look inside.
fn explain(
    model: &Model,
    stories: &[Story],
    body: &Body,
    opening: &Opening,
    Disagreement { question, found, expected }: Disagreement,
) -> anyhow::Result<Difference> {
    let mut device = Paired::open(model, body, &Opening { trace: true, ..opening.clone() })?;
    let again = replay(model, &mut device, stories, question)?;
    let parting = again.trace.map(|trace| match trace.parting(&again.expected) {
        Some(parting) => format!("{parting} (integer model)"),
        None => "none when the question is asked again".to_string(),
    });
    let say =
        |(word, logit): (u8, i32)| format!("'{}' with logit {logit}", model.vocabulary.word(word).unwrap_or("no word"));
    Ok(Difference { question, found: say(found), expected: say(expected), parting })
}
