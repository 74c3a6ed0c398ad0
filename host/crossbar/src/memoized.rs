//! Evaluation with fuzzy memoization: how well a program does by the integer model, and what that saves.

use engram_sequences::{Questions, Recording};
use engram_spec::Device;
use engram_spec::crossbar::Program;
use engram_spec::crossbar::memo::Counters;
use rayon::prelude::*;

use crate::evaluate::{EvaluateError, lost, recordings_on, stream_on};
use crate::integer::IntegerModel;
use crate::memo::Memoization;
use crate::model::{Labels, Model};
use crate::network::Loss;

/// The outcome of the questions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memoized {
    /// The loss of the answers.
    pub loss: Loss,
    /// The counters of memoization.
    pub counters: Counters,
}

/// Asks a program of the model with memoization, or without, where the counters are zeros. Recordings are asked side by side.
pub fn memoized(
    model: &Model,
    program: &Program,
    questions: &Questions,
    how: Option<Memoization>,
) -> Result<Memoized, EvaluateError> {
    let mut device = IntegerModel::new(program.geometry);
    if let Some(how) = how {
        device = device.memoizing(how);
    }
    device.load(program)?;
    let recordings = match questions {
        Questions::Symbols(symbols) => {
            let (mut loss, mut given) = (Loss::default(), symbols.iter());
            let cue = if let Labels::Symbols { cue, .. } = model.labels { cue } else { None };
            stream_on(&mut device, model, symbols, |device, prediction| {
                if given.next().copied() == cue || cue.is_none() {
                    loss = loss.and(lost(device, model, prediction));
                }
            })?;
            return Ok(Memoized { loss, counters: device.take_counters() });
        }
        Questions::Recordings(recordings) => recordings,
    };
    let one = |device: &mut IntegerModel, recording: &Recording| {
        let (mut loss, recording) = (Loss::default(), std::slice::from_ref(recording));
        recordings_on(device, model, recording, |device, prediction| loss = lost(device, model, prediction))?;
        Ok(Memoized { loss, counters: device.take_counters() })
    };
    let each: Vec<Memoized> = recordings.par_iter().map_with(device, one).collect::<Result<_, EvaluateError>>()?;
    // In the order of the recordings, so that the sums are the same on any number of threads.
    Ok(each.into_iter().fold(Memoized::default(), |sum, one| Memoized {
        loss: sum.loss.and(one.loss),
        counters: sum.counters.and(one.counters),
    }))
}
