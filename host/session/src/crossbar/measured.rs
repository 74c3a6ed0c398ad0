//! The errors of a model on parts of its data.

use std::fmt;

use engram_crossbar::{Loss, Model, evaluate};
use engram_sequences::Data;
use serde::Serialize;

use crate::measure::percent;
use crate::style::{STRONG, styled};

/// The errors of a model on a part of its data.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Measured {
    /// Answers that were asked for.
    pub targets: usize,
    /// The share of wrong answers.
    pub error_percent: f64,
    /// The mean cross-entropy of the answers, in nats.
    pub cross_entropy: f64,
    /// Wrong answers behind the cue of a stream: of stories, to their questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer_error_percent: Option<f64>,
}

impl Measured {
    /// The errors on all targets and, in a stream with a cue, on those behind it.
    pub fn of(all: Loss, answers: Option<Loss>) -> Measured {
        Measured {
            targets: all.targets,
            error_percent: percent(all.error()),
            cross_entropy: (all.mean() * 1e4).round() / 1e4,
            answer_error_percent: answers.map(|answers| percent(answers.error())),
        }
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Measured { targets, error_percent, cross_entropy, answer_error_percent } = self;
        let error = styled(STRONG, format!("{error_percent:>6.1} %"));
        write!(f, "{error} of {targets}, cross-entropy {cross_entropy:.3} nats")?;
        answer_error_percent.iter().try_for_each(|error| write!(f, "; of the answers {error:.1} %"))
    }
}

/// The errors of a model on its training and test data.
pub fn measured(model: &Model, data: &Data) -> anyhow::Result<(Measured, Measured)> {
    Ok(match data {
        Data::Recordings(set) => {
            let part = |part| Ok::<_, anyhow::Error>(Measured::of(evaluate::recordings(model, part)?, None));
            (part(&set.train)?, part(&set.test)?)
        }
        Data::Symbols(set) => {
            let part = |part| {
                let (all, answers) = (evaluate::stream(model, part)?, evaluate::answers(model, part)?);
                Ok::<_, anyhow::Error>(Measured::of(all, answers))
            };
            (part(&set.train[..set.train.len().min(set.test.len())])?, part(&set.test)?)
        }
    })
}
