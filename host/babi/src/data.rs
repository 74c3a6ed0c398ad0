//! Stories, and the data sets made of them: read from a directory, or generated; written to one.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::BabiError;
use crate::{reader, writer};

/// A line of a story.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// A sentence, as words.
    Sentence(Vec<String>),
    /// A question about the sentences before it.
    Question {
        /// The question, as words.
        words: Vec<String>,
        /// The answer, lower-cased; where it has several items they stay joined by commas, as in `milk,apple`.
        answer: String,
        /// The sentences that the answer follows from, as indices into [`Story::lines`], in the order of the file. (The
        /// number written in a file is one more.) Empty where the file names none.
        supporting: Vec<usize>,
    },
}

impl Line {
    /// The words of the sentence or question.
    pub fn words(&self) -> &[String] {
        match self {
            Line::Sentence(words) | Line::Question { words, .. } => words,
        }
    }

    /// The answer, where this is a question.
    pub fn answer(&self) -> Option<&str> {
        match self {
            Line::Sentence(_) => None,
            Line::Question { answer, .. } => Some(answer),
        }
    }

    /// Whether this is a question.
    pub fn is_question(&self) -> bool {
        matches!(self, Line::Question { .. })
    }
}

/// Sentences with questions among them. A question asks about all sentences before it, from the story's first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Story {
    /// The lines in order.
    pub lines: Vec<Line>,
}

impl Story {
    /// How many of the lines are questions.
    pub fn questions(&self) -> usize {
        self.lines.iter().filter(|line| line.is_question()).count()
    }
}

/// Where a data set is from. Results are reported with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The official files, read from this directory.
    Official(PathBuf),
    /// Other files, which have the official names only, read from this directory.
    Files(PathBuf),
    /// Made by [`generate`](mod@crate::generate).
    Generated {
        /// The seed, which with the task and the numbers of questions decides every word.
        seed: u64,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Official(directory) => write!(f, "official {}", directory.display()),
            Source::Files(directory) => write!(f, "text of {}", directory.display()),
            Source::Generated { seed } => write!(f, "generated, seed {seed}"),
        }
    }
}

/// The parts of a task that are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parts {
    /// Training and test stories.
    #[default]
    Both,
    /// Test stories alone: there need not be a training file.
    Test,
}

/// The training and test stories of one task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataSet {
    /// The task's number, 1 to 20.
    pub task: u8,
    /// The origin of the text.
    pub source: Source,
    /// The stories to train with.
    pub train: Vec<Story>,
    /// The stories to test with.
    pub test: Vec<Story>,
}

impl DataSet {
    /// Reads a task from a directory of files with the official names. Generated text that was written there by
    /// [`write`](DataSet::write) is known again as generated.
    pub fn read(directory: impl AsRef<Path>, task: u8) -> Result<DataSet, BabiError> {
        DataSet::read_parts(directory, task, Parts::Both, &mut |_| ())
    }

    /// The same of some parts; the others are empty. `note` is called with what one should know of the text: words that it
    /// spells in two ways.
    pub fn read_parts(
        directory: impl AsRef<Path>,
        task: u8,
        parts: Parts,
        note: &mut dyn FnMut(String),
    ) -> Result<DataSet, BabiError> {
        reader::data_set(directory.as_ref(), task, parts, note)
    }

    /// The same, where it is official or says that it is generated.
    pub fn known(self) -> Result<DataSet, BabiError> {
        match self.source {
            Source::Files(_) => Err(BabiError::NotOfficial { origin: self.source.to_string(), task: self.task }),
            Source::Official(_) | Source::Generated { .. } => Ok(self),
        }
    }

    /// The same, where there are questions in each of some parts.
    pub fn asking(self, parts: Parts) -> Result<DataSet, BabiError> {
        let silent = |stories: &[Story]| stories.iter().all(|story| story.questions() == 0);
        let part = match parts {
            Parts::Both if silent(&self.train) => "training",
            _ if silent(&self.test) => "test",
            _ => return Ok(self),
        };
        Err(BabiError::NoQuestions { origin: self.source.to_string(), task: self.task, part })
    }

    /// Writes the task in the official format and with the official file names into a directory, which is made where it
    /// is missing. A file is replaced whole or not at all. Generated text is marked by a third file, so that it is never
    /// taken for the official one.
    pub fn write(&self, directory: impl AsRef<Path>) -> Result<(), BabiError> {
        writer::data_set(self, directory.as_ref())
    }

    /// The first file of a task in a directory that [`DataSet::write`] would replace, though no generated text lies there: official
    /// text, or someone's own. A text of the same content is not in the way.
    pub fn in_the_way(&self, directory: impl AsRef<Path>) -> Result<Option<PathBuf>, BabiError> {
        writer::in_the_way(self, directory.as_ref())
    }

    /// All stories, training first.
    pub fn stories(&self) -> impl Iterator<Item = &Story> {
        self.train.iter().chain(&self.test)
    }

    /// The longest sentence or question, as words; none in a data set without stories.
    pub fn longest(&self) -> &[String] {
        let lines = self.stories().flat_map(|story| &story.lines).map(Line::words);
        lines.max_by_key(|words| words.len()).unwrap_or_default()
    }

    /// The different answers of the training stories, in ascending order.
    pub fn answers(&self) -> BTreeSet<&str> {
        self.train.iter().flat_map(|story| &story.lines).filter_map(Line::answer).collect()
    }

    /// The different words of all sentences, questions and answers, in ascending order.
    pub fn words(&self) -> BTreeSet<&str> {
        let lines = self.stories().flat_map(|story| &story.lines);
        lines.flat_map(|line| line.words().iter().map(String::as_str).chain(line.answer())).collect()
    }
}
