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

/// The fate of words and characters that a model does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unknown {
    /// The line is refused, and nothing of it sent.
    #[default]
    Refuse,
    /// Left out of the line, with a note.
    Skip,
}

impl Unknown {
    /// Both.
    pub const ALL: [Unknown; 2] = [Unknown::Refuse, Unknown::Skip];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Unknown::Refuse => "refuse",
            Unknown::Skip => "skip",
        }
    }
}

/// The end of the reason why a line with unknown words or characters is refused.
pub(crate) const SKIP_HINT: &str = "--unknown skip leaves out what it does not know";

/// A model in a conversation, which takes lines and answers.
pub trait Dialog {
    /// An answer.
    type Reply: Reply;
    /// A text that says which lines can be typed.
    fn help(&self) -> &'static str;
    /// The outcome of a line. Where it cannot be understood ([`Misunderstood`]) nothing was sent.
    fn take(&mut self, line: &str) -> anyhow::Result<Outcome<Self::Reply>>;
    /// The notes since they were last taken: words that were left out, sentences that were forgotten.
    fn take_notes(&mut self) -> Vec<String>;
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

/// The number that lines of bAbI files begin with, where a line has one, and the rest.
pub fn numbered(line: &str) -> (Option<usize>, &str) {
    let number = line.split_once(' ').and_then(|(number, rest)| Some((number.parse().ok()?, rest)));
    number.map_or((None, line), |(number, rest)| (Some(number), rest))
}

/// The note where a line of number 1 begins another story, as in bAbI files.
pub(crate) const ANOTHER_STORY: &str = "line 1 begins another story: the one before is forgotten";
