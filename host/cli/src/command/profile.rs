//! The values of a task's test questions against their formats: where bits are wasted, and where they are lost.

mod crossbar;

use std::fmt;

use engram_babi::DataSet;
use engram_memnet::examples::Examples;
use engram_memnet::profile::{self, Span};
use engram_memnet::values::Observer;
use engram_memnet::{Mode, Model, NetworkKind};
use serde::Serialize;

pub use self::crossbar::CrossbarProfile;
use super::quantize::{table, usual_mode};
use crate::console::{FAINT, styled};

/// Ranges of everything that is stored.
#[derive(Debug, Serialize)]
pub struct Profile {
    task: u8,
    source: String,
    #[serde(flatten)]
    kind: NetworkKind,
    /// The mode of the formats: of a float model those that `engram quantize` finds.
    formats_of: Mode,
    questions: usize,
    tensors: Vec<Span>,
    values: Vec<Span>,
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Profile { task, kind, source, questions, formats_of, .. } = self;
        writeln!(f, "task {task}, {kind}, {source}, {questions} questions")?;
        if kind.mode != *formats_of {
            writeln!(f, "{}", styled(FAINT, format!("against the formats that quantize --mode {formats_of} finds")))?;
        }
        write!(f, "{}\n\n{}", table(&self.tensors), table(&self.values))
    }
}

/// The profile of a model on the first `limit` test questions of a task.
pub fn profile(model: &Model, task: u8, data: &DataSet, limit: Option<usize>) -> anyhow::Result<Profile> {
    let (formats, mut observer) = if model.design.mode.is_quantised() {
        (model.design, Observer::new(model))
    } else {
        let training = Examples::encode(&data.train, &model.vocabulary)?;
        let formats = model.quantised(usual_mode(model), false, &training)?.design;
        (formats, Observer::against(model, formats))
    };
    let test = Examples::encode(&data.test, &model.vocabulary)?;
    Ok(Profile {
        task,
        source: data.source.to_string(),
        kind: model.design.kind(),
        formats_of: formats.mode,
        questions: limit.map_or(test.questions.len(), |limit| limit.min(test.questions.len())),
        tensors: profile::tensors_of(model, &formats),
        values: profile::values(&mut observer, &test, limit),
    })
}
