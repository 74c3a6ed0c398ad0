//! What every machine on the link has in common: how it answers, and how it refuses.

use std::error::Error;

use crate::frame::Refusal;

/// An answer, with what it cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The word with the largest logit, the lowest number among equals.
    pub word: u8,
    /// Its logit, exact: sum W u, in units of 2^-(f(W) + f(u)).
    pub logit: i32,
    /// Cycles from the last word of the question to the answer; 0 where the backend has no clock.
    pub cycles: u32,
}

/// Why a device gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The device understood and refused; nothing in it has changed.
    #[error("the device refused: {0}")]
    Refused(#[from] Refusal),
    /// The device could not be reached, or what it said makes no sense.
    #[error(transparent)]
    Unreachable(Box<dyn Error + Send + Sync>),
}
