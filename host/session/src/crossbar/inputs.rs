//! The inputs that a device gets of a sequence: steps of codes, or symbols.

use engram_crossbar::evaluate::codes;
use engram_crossbar::{Labels, Model};
use engram_sequences::{Questions, SequenceError};
use engram_spec::Device;
use engram_spec::crossbar::{Crossbar, Requests};
use engram_spec::machine::DeviceError;

use super::measured::nothing;
use crate::failure::Failure;

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A code a channel.
    Codes(Vec<i8>),
    /// A symbol.
    Symbol(u8),
}

impl Input {
    /// Gives it to a device.
    pub fn give(&self, device: &mut (impl Device<Crossbar> + ?Sized)) -> Result<u32, DeviceError> {
        match self {
            Input::Codes(codes) => device.step(codes),
            Input::Symbol(symbol) => device.symbol(*symbol),
        }
    }
}

/// The steps from the last `clear` to the answer that is counted from 1 over all questions, and the right answer where it is
/// known.
pub fn leading_to(model: &Model, questions: &Questions, number: usize) -> anyhow::Result<(Vec<Input>, Option<usize>)> {
    let count = questions.count();
    let place = number.checked_sub(1).filter(|&place| place < count);
    if count == 0 {
        return Err(nothing(questions).into());
    }
    let none = || Failure::Usage(format!("there is no sequence {number}: choose a number from 1 to {count}"));
    let place = place.ok_or_else(none)?;
    match (questions, &model.labels) {
        (Questions::Symbols(symbols), Labels::Symbols { boundary, .. }) => {
            let begin = symbols[..=place].iter().rposition(|&symbol| Some(symbol) == *boundary).unwrap_or(0);
            let inputs = symbols[begin..=place].iter().map(|&symbol| Input::Symbol(symbol as u8)).collect();
            Ok((inputs, Some(symbols[place + 1].into())))
        }
        (Questions::Recordings(recordings), Labels::Classes { .. }) => {
            let recording = &recordings[place];
            Ok((codes(model, recording)?.into_iter().map(Input::Codes).collect(), recording.class))
        }
        _ => Err(SequenceError::NothingToFit.into()),
    }
}

/// The name of an answer: a class or a symbol, exactly.
pub fn name(model: &Model, answer: usize) -> String {
    let names = match &model.labels {
        Labels::Classes { names, .. } => names,
        Labels::Symbols { alphabet, .. } => alphabet,
    };
    names.get(answer).map_or_else(|| "nothing that the model knows".to_string(), String::clone)
}
