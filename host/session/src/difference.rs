//! The first answer in which a backend and the integer model differ, in words.

use std::fmt;

use serde::{Deserialize, Serialize};

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

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { question, found, expected, parting } = self;
        write!(f, "    question {question}: found {found}, expected {expected}")?;
        parting.iter().try_for_each(|parting| write!(f, "\n    first difference: {parting}"))
    }
}
