//! The errors of a model on parts of its data.

use std::fmt;

use engram_crossbar::{Labels, Loss, Model, evaluate};
use engram_sequences::{Data, Questions};
use serde::Serialize;

use super::inputs::name;
use crate::failure::Failure;
use crate::guessing::Guessing;
use crate::measure::percent;
use crate::style::{STRONG, styled};

/// The errors of a model on a part of its data.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Answers that were asked for: at least one.
    pub targets: usize,
    /// The share of wrong answers.
    pub error_percent: f64,
    /// The same of the most frequent answer to every question.
    pub guessing_error_percent: f64,
    /// The mean cross-entropy of the answers, in nats.
    pub cross_entropy: f64,
    /// Wrong answers behind the cue of a stream: of stories, to their questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_error_percent: Option<f64>,
    /// The same of the most frequent answer to every question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_guessing_error_percent: Option<f64>,
    /// A note where the answers that matter are no better than guessed.
    #[serde(skip)]
    pub note: Option<String>,
}

impl Measured {
    /// The errors of a model on all questions and, in a stream with a cue, on those behind it.
    ///
    /// # Errors
    /// Nothing was asked.
    pub fn of(model: &Model, questions: &Questions, all: Loss, answers: Option<Loss>) -> Result<Measured, Failure> {
        let guessing = Guessing::of(right(questions)).filter(|_| all.targets > 0);
        let guessing = guessing.ok_or_else(|| nothing(questions))?;
        let answers = answers.filter(|answers| answers.targets > 0);
        let behind = answers.and_then(|answers| Some((Guessing::of(behind_cue(model, questions))?, answers)));
        let (guessed, loss) = behind.unwrap_or((guessing, all));
        Ok(Measured {
            targets: all.targets,
            error_percent: percent(all.error()),
            guessing_error_percent: guessing.error_percent(),
            cross_entropy: (all.mean() * 1e4).round() / 1e4,
            answer_error_percent: answers.map(|answers| percent(answers.error())),
            answer_guessing_error_percent: behind.map(|(guessing, _)| guessing.error_percent()),
            note: guessed.note(loss.error(), &name(model, guessed.answer)),
        })
    }
}

/// The error where there is nothing to ask.
pub fn nothing(questions: &Questions) -> Failure {
    let name = questions.name();
    Failure::Input(format!("the data have no {name} to test with: give data with at least one answer to ask for"))
}

/// The right answers to questions; where a recording has no class there is none.
fn right(questions: &Questions) -> Vec<usize> {
    match questions {
        Questions::Recordings(recordings) => recordings.iter().filter_map(|recording| recording.class).collect(),
        Questions::Symbols(symbols) => symbols.iter().skip(1).map(|&symbol| symbol.into()).collect(),
    }
}

/// The right answers behind the cue of a model of streams.
fn behind_cue(model: &Model, questions: &Questions) -> Vec<usize> {
    match (&model.labels, questions) {
        (Labels::Symbols { cue: Some(cue), .. }, Questions::Symbols(symbols)) => {
            symbols.windows(2).filter(|pair| pair[0] == *cue).map(|pair| pair[1].into()).collect()
        }
        _ => Vec::new(),
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measured { targets, error_percent, cross_entropy, answer_error_percent, .. } = self;
        let error = styled(STRONG, format!("{error_percent:>6.1} %"));
        write!(f, "{error} of {targets}, cross-entropy {cross_entropy:.3} nats")?;
        answer_error_percent.iter().try_for_each(|error| write!(f, "; of the answers {error:.1} %"))
    }
}

/// The errors of a model on its training and test data.
pub fn measured(model: &Model, data: &Data) -> anyhow::Result<(Measured, Measured)> {
    let (train, test) = match data {
        Data::Recordings(set) => (Questions::Recordings(set.train.clone()), Questions::Recordings(set.test.clone())),
        Data::Symbols(set) => {
            let train = &set.train[..set.train.len().min(set.test.len())];
            (Questions::Symbols(train.to_vec()), Questions::Symbols(set.test.clone()))
        }
    };
    Ok((as_trained(model, &train)?, as_trained(model, &test)?))
}

/// The errors of a model on questions, in the arithmetic of its training.
fn as_trained(model: &Model, questions: &Questions) -> anyhow::Result<Measured> {
    let (all, answers) = match questions {
        Questions::Recordings(recordings) => (evaluate::recordings(model, recordings)?, None),
        Questions::Symbols(symbols) => (evaluate::stream(model, symbols)?, evaluate::answers(model, symbols)?),
    };
    Ok(Measured::of(model, questions, all, answers)?)
}
