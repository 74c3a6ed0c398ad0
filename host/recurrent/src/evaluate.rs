//! Evaluation of a model in the arithmetic of its training, which for a device's precisions is the integer model's.

use engram_sequences::{Recording, SequenceError};

use crate::material::Part;
use crate::model::{Meaning, Model};
use crate::network::{Loss, Workspace};

/// Why a model could not be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// Recordings for a model of streams, or the other way round.
    #[error(
        "the model takes {found}, expected one that takes {expected}; choose data of the kind that it was trained with"
    )]
    Kind {
        /// What it takes.
        found: &'static str,
        /// What the data are.
        expected: &'static str,
    },
    /// A recording that the model cannot take.
    #[error(transparent)]
    Data(#[from] SequenceError),
    /// A class or a symbol that the model has not.
    #[error("found number {found} in the data, expected less than {most}, which is what the model has")]
    Number {
        /// The class or symbol.
        found: usize,
        /// How many the model has.
        most: usize,
    },
}

/// How well a model tells the classes of recordings.
pub fn recordings(model: &Model, recordings: &[Recording]) -> Result<Loss, EvaluateError> {
    let Meaning::Classes { names, normaliser } = &model.meaning else {
        return Err(EvaluateError::Kind { found: "symbols", expected: "recordings" });
    };
    for recording in recordings {
        let (found, expected) = (recording.channels(), normaliser.channels());
        if found != expected {
            return Err(SequenceError::Channels { found, expected }.into());
        }
        if recording.class >= names.len() {
            return Err(EvaluateError::Number { found: recording.class, most: names.len() });
        }
    }
    Ok(Part::of_recordings(recordings, normaliser).measure(&model.network(), &mut Workspace::default()))
}

/// How well a model tells the next symbols of a stream, which is read from several places on at once.
pub fn stream(model: &Model, symbols: &[u16]) -> Result<Loss, EvaluateError> {
    let Meaning::Symbols { alphabet, .. } = &model.meaning else {
        return Err(EvaluateError::Kind { found: "recordings", expected: "symbols" });
    };
    let most = alphabet.len();
    if let Some(found) = symbols.iter().map(|&symbol| usize::from(symbol)).find(|&symbol| symbol >= most) {
        return Err(EvaluateError::Number { found, most });
    }
    Ok(Part::Stream(symbols.to_vec()).measure(&model.network(), &mut Workspace::default()))
}
