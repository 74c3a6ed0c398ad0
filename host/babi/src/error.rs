//! Errors of a data set: what was found, what was expected, what to do.

use std::io;
use std::path::PathBuf;

/// Why a data set could not be read, made, written or encoded.
#[derive(Debug, thiserror::Error)]
pub enum BabiError {
    /// The number is none of bAbI's twenty tasks.
    #[error("found task {0}, expected a number from 1 to 20")]
    UnknownTask(u8),
    /// A directory lacks a task's files.
    #[error("task {task} is not in {}: looked for {}; {}", directory.display(), missing.join(" and "), present_tasks(present))]
    NoSuchTask {
        /// Where they were looked for.
        directory: PathBuf,
        /// The task that was asked for.
        task: u8,
        /// The names of the files that are not there.
        missing: Vec<String>,
        /// The tasks of which both files are there.
        present: Vec<u8>,
    },
    /// A line of a file is not in the bAbI format.
    #[error("{}, line {line}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line in the file, counted from 1 (not the number written in it).
        line: usize,
        /// The fault of the line.
        reason: Malformation,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        source: io::Error,
    },
    /// The file that marks text as generated does not say from which seed.
    #[error("{}: found '{found}', expected 'generated, seed' and a number; generate the text again", path.display())]
    NotAMark {
        /// The file.
        path: PathBuf,
        /// The text in the file.
        found: String,
    },
    /// Text of one task was to be compared with text of another.
    #[error("found generated text of task {generated} and official text of task {official}, expected the same task")]
    DifferentTasks {
        /// The task of the generated text.
        generated: u8,
        /// The task of the official text.
        official: u8,
    },
    /// A vocabulary has more words than a byte can number.
    #[error("found {0} different words, at most 255 can be numbered; leave some out")]
    TooManyWords(usize),
    /// A vocabulary names a word twice.
    #[error("found the word '{0}' twice in a vocabulary; every word has one number")]
    RepeatedWord(String),
    /// A text has a word that the vocabulary has not.
    #[error(transparent)]
    UnknownWord(#[from] UnknownWord),
}

/// A fault of a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformation {
    /// The file has no lines.
    #[error("found an empty file, expected stories; fetch it again")]
    EmptyFile,
    /// The bytes are not UTF-8.
    #[error("found bytes that are not UTF-8; convert the file")]
    NotUtf8,
    /// A line without text, with more lines behind it.
    #[error("found an empty line between others; remove it (a story begins with the number 1, not with an empty line)")]
    EmptyLine,
    /// A line that does not begin with a number and a space.
    #[error("found '{0}', expected a line number and a space")]
    NotNumbered(String),
    /// A number that does not follow the one before.
    #[error("found line number {found}, expected {expected}{}", if *.expected > 1 { " (or 1, where a story begins)" } else { "" })]
    Gap {
        /// The number in the line.
        found: usize,
        /// The number that would follow.
        expected: usize,
    },
    /// A number without words.
    #[error("found no words behind the number")]
    NoWords,
    /// A question mark, or a tab, but no answer.
    #[error(
        "found a question without an answer; expected the question, a tab, the answer, a tab, the supporting lines"
    )]
    NoAnswer,
    /// More than question, answer and supporting lines.
    #[error("found {0} fields separated by tabs, expected at most three: question, answer, supporting lines")]
    TooManyFields(usize),
    /// A supporting fact that is no earlier sentence of the story.
    #[error("found supporting fact '{found}', expected the number of a sentence of this story before line {before}")]
    NotSupporting {
        /// The supporting fact as written.
        found: String,
        /// The question's own number.
        before: usize,
    },
}

/// A word that is not in a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vocabulary has no word '{word}'{}", suggestion(nearest))]
pub struct UnknownWord {
    /// The word.
    pub word: String,
    /// The words of the vocabulary that are spelt most like it, the nearest first; none where all are far.
    pub nearest: Vec<String>,
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; the nearest it has: {}", nearest.join(", ")) }
}

fn present_tasks(present: &[u8]) -> String {
    match present {
        [] => {
            "no task is there; give the folder that holds files like qa1_single-supporting-fact_train.txt".to_string()
        }
        tasks => format!("the tasks there are {}", listed(tasks)),
    }
}

fn listed(tasks: &[u8]) -> String {
    tasks.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}
