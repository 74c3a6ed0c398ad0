//! The first answer in which a backend and the integer model differ, in words.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::paired::{Disagreement, Traces};

/// A disagreement in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The question, counted from 1 over all stories.
    pub question: usize,
    /// The backend's answer.
    pub found: String,
    /// The integer model's.
    pub expected: String,
    /// The first value in which the two part, where the backend can look inside.
    pub parting: Option<String>,
}

impl Difference {
    /// Describes a disagreement by the names of answers, and by the values of the two when the question is asked again;
    /// `parting` finds where the backend's values part from the integer model's.
    pub(crate) fn new<P: fmt::Display>(
        disagreement: Disagreement,
        name: impl Fn(u8) -> String,
        again: &Traces,
        parting: impl Fn(&engram_spec::Trace, &engram_spec::Trace) -> Option<P>,
    ) -> Difference {
        let Disagreement { number, found, expected } = disagreement;
        let [found, expected] =
            [found, expected].map(|(answer, logit)| format!("'{}' with logit {logit}", name(answer)));
        let parting = again.backend.as_ref().map(|backend| match parting(backend, &again.expected) {
            Some(parting) => format!("{parting} (integer model)"),
            None => "none when the question is asked again".to_string(),
        });
        Difference { question: number, found, expected, parting }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { question, found, expected, parting } = self;
        write!(f, "    question {question}: found {found}, expected {expected}")?;
        parting.iter().try_for_each(|parting| write!(f, "\n    first difference: {parting}"))
    }
}
