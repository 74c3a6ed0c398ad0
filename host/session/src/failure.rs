//! Why a request could not be carried out, sorted by what the user can do about it.

use std::io;

/// A failure that is no other crate's error.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A request that makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A file, a text or a device that cannot be used.
    #[error("{0}")]
    Input(String),
    /// A check that failed.
    #[error("{0}")]
    Check(String),
    /// Tools that are not installed; what can be done without them was done.
    #[error("{0}")]
    MissingTool(String),
    /// A result that could not be written.
    #[error("cannot write the result: {0}")]
    Output(#[source] io::Error),
}
