//! What can be wrong with sequences: what was found, what was expected, what to do.

/// Why sequences could not be read, made or used.
#[derive(Debug, thiserror::Error)]
pub enum SequenceError {
    /// Values that are not whole steps.
    #[error("found {values} values of {channels} channels, expected at least one step, and whole steps")]
    NotWholeSteps {
        /// How many values.
        values: usize,
        /// How many a step has.
        channels: usize,
    },
    /// A recording has other channels than what it is put to.
    #[error("found a recording of {found} channels, expected {expected}")]
    Channels {
        /// The channels of the recording.
        found: usize,
        /// The channels of what it is put to.
        expected: usize,
    },
    /// A recording's class has no name.
    #[error("found class {class} of a recording, expected less than {classes}, the number of classes")]
    Class {
        /// The class.
        class: usize,
        /// How many there are.
        classes: usize,
    },
    /// Nothing to fit a normaliser to.
    #[error("found no recordings to measure means and ranges of; give at least one")]
    NothingToFit,
    /// A number outside of its range.
    #[error("found {what} {found}, expected {expected}")]
    Setting {
        /// Of what.
        what: &'static str,
        /// The number.
        found: String,
        /// What it can be.
        expected: &'static str,
    },
    /// A text has a symbol that an alphabet has not.
    #[error("the alphabet has no symbol '{0}'")]
    UnknownSymbol(String),
}
