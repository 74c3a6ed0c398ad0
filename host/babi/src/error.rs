//! Errors of a data set: what was found, what was expected, what to do.

use std::io;
use std::path::PathBuf;

use crate::encoding::{EncodingError, Fault, shown};

/// Why a data set could not be read, made, written or encoded.
#[derive(Debug, thiserror::Error)]
pub enum BabiError {
    /// The number is none of bAbI's twenty tasks.
    #[error("bAbI has no task {0}: choose a number from 1 to 20")]
    UnknownTask(u8),
    /// A directory lacks a task's files.
    #[error("the folder {} lacks {}, the text of task {task}; {}", directory.display(), missing.join(" and "), present_tasks(present))]
    NoSuchTask {
        /// The directory.
        directory: PathBuf,
        /// The task.
        task: u8,
        /// The names of the files that are not there.
        missing: Vec<String>,
        /// The tasks of which both files are there.
        present: Vec<u8>,
    },
    /// A line of a file is not in the bAbI format.
    #[error("{}, {fault}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The fault, and its place in the file. (The line is not the number written in it.)
        fault: Fault<Malformation>,
    },
    /// Text that is not the official one, where results are published as its.
    #[error(
        "{origin} is not the official text of task {task} (its SHA-256 is another): give the folder of the official files, or \
         --generated"
    )]
    NotOfficial {
        /// The origin of the text.
        origin: String,
        /// The task.
        task: u8,
    },
    /// Stories without a question, where questions are needed.
    #[error(
        "{origin}: the {part} text of task {task} has no question, but must have at least one: add questions and answers"
    )]
    NoQuestions {
        /// The origin of the text.
        origin: String,
        /// The task.
        task: u8,
        /// The part: training or test.
        part: &'static str,
    },
    /// A file could not be read or written.
    #[error("engram cannot use the file {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        source: io::Error,
    },
    /// The file that labels text as generated does not name the seed.
    #[error("{} says '{found}', but 'generated, seed' and a number are expected: generate the text again", path.display())]
    NotAMark {
        /// The file.
        path: PathBuf,
        /// The text in the file.
        found: String,
    },
    /// Text of one task was to be compared with text of another.
    #[error(
        "the generated text is of task {generated}, the official text of task {official}: compare texts of the same task"
    )]
    DifferentTasks {
        /// The task of the generated text.
        generated: u8,
        /// The task of the official text.
        official: u8,
    },
    /// A vocabulary has more words than a byte can number.
    #[error("the text has {0} different words, but a vocabulary holds at most 255: use less text or fewer tasks")]
    TooManyWords(usize),
    /// A vocabulary names a word twice.
    #[error("the vocabulary lists the word '{0}' twice: list each word once")]
    RepeatedWord(String),
    /// A text has a word that the vocabulary has not.
    #[error(transparent)]
    UnknownWord(#[from] UnknownWord),
}

/// A fault of a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformation {
    /// The file has no lines.
    #[error("the file is empty, but stories are expected: get the file again")]
    EmptyFile,
    /// The bytes are no text.
    #[error(transparent)]
    Encoding(EncodingError),
    /// A control character, or another that nobody sees.
    #[error("the line has the character U+{:04X}, which nobody sees and which makes another word: remove it", u32::from(*.0))]
    Invisible(char),
    /// A line without text, with more lines behind it.
    #[error("the line is empty: remove it (a new story begins with the number 1, not with an empty line)")]
    EmptyLine,
    /// A line that does not begin with a number and a space.
    #[error(
        "the line begins with '{0}', but must begin with a number and a space: number the lines of each story from 1"
    )]
    NotNumbered(String),
    /// A number that does not follow the one before.
    #[error("the line has number {found}, but must have {expected}{}: number the lines of each story from 1", if *.expected > 1 { " (or 1, where a story begins)" } else { "" })]
    Gap {
        /// The number in the line.
        found: usize,
        /// The number that would follow.
        expected: usize,
    },
    /// A number without words.
    #[error("the line has a number but no words: write a sentence behind it, or remove the line")]
    NoWords,
    /// A question mark, or a tab, but no answer.
    #[error(
        "the line has a question mark or a tab, so it is a question, but it has no answer: write the question, a tab, the \
         answer, a tab, the numbers of the supporting lines"
    )]
    NoAnswer,
    /// An answer behind spaces.
    #[error(
        "words follow the question mark, but no tab: put a tab, not spaces, between question, answer and the numbers of the \
         supporting lines"
    )]
    NoTab,
    /// More than question, answer and supporting lines.
    #[error(
        "the line has {0} fields separated by tabs, but can have at most three: question, answer, supporting lines; remove \
         the others"
    )]
    TooManyFields(usize),
    /// A supporting fact that is no earlier sentence of the story.
    #[error(
        "the supporting fact is '{found}', but must be the number of a sentence of this story before line {before}: correct \
         it, or leave the numbers out"
    )]
    NotSupporting {
        /// The supporting fact as written.
        found: String,
        /// The question's own number.
        before: usize,
    },
}

/// A word that is not in a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the vocabulary has no word '{}'{}", shown(word), suggestion(nearest))]
pub struct UnknownWord {
    /// The word.
    pub word: String,
    /// The words of the vocabulary that are spelt most like it, the nearest first; none where all are far.
    pub nearest: Vec<String>,
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; its closest words: {}", nearest.join(", ")) }
}

fn present_tasks(present: &[u8]) -> String {
    match present {
        [] => {
            "the folder has no task at all: give the folder that holds files like qa1_single-supporting-fact_train.txt"
                .to_string()
        }
        tasks => format!("the folder has the tasks {}: choose one, or add the file", listed(tasks)),
    }
}

fn listed(tasks: &[u8]) -> String {
    tasks.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}
