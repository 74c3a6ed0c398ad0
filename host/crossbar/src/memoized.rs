//! Evaluation with fuzzy memoization: how well a program does by the integer model, and what that saves.

use engram_sequences::{Questions, Recording};
use engram_spec::Device;
use engram_spec::crossbar::Program;
use engram_spec::crossbar::memo::Counters;
use rayon::prelude::*;

use crate::evaluate::{EvaluateError, lost, recordings_on, stream_on};
use crate::integer::IntegerModel;
use crate::memo::Memoization;
use crate::model::{Meaning, Model};
use crate::network::Loss;

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memoized {
    /// How well the questions were answered.
    pub loss: Loss,
    /// What memoization saved.
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
            let cue = if let Meaning::Symbols { cue, .. } = model.meaning { cue } else { None };
            stream_on(&mut device, model, symbols, |device, heard| {
                if given.next().copied() == cue || cue.is_none() {
                    loss = loss.and(lost(device, model, heard));
                }
            })?;
            return Ok(Memoized { loss, counters: device.take_counters() });
        }
        Questions::Recordings(recordings) => recordings,
    };
    let one = |device: &mut IntegerModel, recording: &Recording| {
        let (mut loss, recording) = (Loss::default(), std::slice::from_ref(recording));
        recordings_on(device, model, recording, |device, heard| loss = lost(device, model, heard))?;
        Ok(Memoized { loss, counters: device.take_counters() })
    };
    let each: Vec<Memoized> = recordings.par_iter().map_with(device, one).collect::<Result<_, EvaluateError>>()?;
    // In the order of the recordings, so that the sums are the same on any number of threads.
    Ok(each.into_iter().fold(Memoized::default(), |sum, one| Memoized {
        loss: sum.loss.and(one.loss),
        counters: sum.counters.and(one.counters),
    }))
}
