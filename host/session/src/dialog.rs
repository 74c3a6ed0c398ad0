//! Dialogs: lines that are typed, and what comes of them.

use std::fmt;

use serde::Serialize;

/// An answer that can be shown.
pub trait Reply: fmt::Display + Serialize {
    /// The question, where the answer does not show it itself.
    fn question(&self) -> Option<&str>;
    /// Whether the backend gave what the integer model gives.
    fn agrees(&self) -> bool;
}

/// A model in a conversation, which takes lines and answers.
pub trait Dialog {
    /// An answer.
    type Reply: Reply;
    /// A text that says which lines can be typed.
    fn help(&self) -> &'static str;
    /// The outcome of a line. Where it cannot be understood ([`Misunderstood`]) nothing was sent.
    fn take(&mut self, line: &str) -> anyhow::Result<Outcome<Self::Reply>>;
}

/// The outcome of a line.
#[derive(Debug)]
pub enum Outcome<R> {
    /// A sentence went into the memory, or there was nothing to do.
    Nothing,
    /// A text to show.
    Text(String),
    /// An answer.
    Answer(R),
    /// The wish to leave.
    Goodbye,
}

/// A line of which nothing was sent, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misunderstood(pub String);

/// The error of a line that cannot be understood.
pub(crate) fn misunderstood(reason: impl fmt::Display) -> anyhow::Error {
    Misunderstood(reason.to_string()).into()
}

/// A line without the number that lines of bAbI files begin with.
pub fn without_number(line: &str) -> &str {
    match line.split_once(' ') {
        Some((number, rest)) if number.parse::<usize>().is_ok() => rest,
        _ => line,
    }
}
