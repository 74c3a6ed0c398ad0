//! Evaluation: of a model in the arithmetic of its training, which for a device's precisions is the integer model's; and of a
//! device that holds its program, noise included.

use engram_sequences::{Normaliser, Questions, Recording, SequenceError, Windowing};
use engram_spec::Device;
use engram_spec::crossbar::{Call, Crossbar, Program, Reply, dac};
use engram_spec::machine::{DeviceError, Order};

use crate::integer::IntegerModel;
use crate::material::{Part, Stream};
use crate::model::{Labels, Model};
use crate::network::{Loss, Workspace, readout_unit};

/// An error that ends an evaluation.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// Recordings for a model of streams, or the other way round.
    #[error(
        "the model takes {found}, expected one that takes {expected}; choose data of the kind that it was trained with"
    )]
    Kind {
        /// The kind of data that the model takes.
        found: &'static str,
        /// The kind of the data given.
        expected: &'static str,
    },
    /// A recording that the model cannot take.
    #[error(transparent)]
    Data(#[from] SequenceError),
    /// A class or a symbol that the model has not.
    #[error(
        "the data hold input or class number {found}, but the model has only {most}, numbered from 0: give the data it was trained with, or train it with these"
    )]
    Number {
        /// The class or symbol.
        found: usize,
        /// The number that the model has.
        most: usize,
    },
    /// A recording without a class, of which nobody knows whether its answer is right.
    #[error(
        "a recording has no class, but a test needs one: add it, or classify the recording with `engram ask --file`"
    )]
    NoClass,
    /// Real numbers, which no device takes.
    #[error("found a model with real inputs, expected digital-to-analog converters of 1 to 8 bits")]
    Float,
    /// The device gave no answer.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// The answer of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Prediction {
    /// The class or symbol that was given.
    pub answer: u8,
    /// The one that is right.
    pub right: u8,
    /// The cycles of its steps and of the answer; 0 where the backend has no clock.
    pub cycles: u32,
}

/// Classifies recordings with a model's network. Gives the loss.
pub fn recordings(model: &Model, recordings: &[Recording]) -> Result<Loss, EvaluateError> {
    labelled(recordings)?;
    let (windowing, normaliser) = preparation(model, recordings)?;
    let part = Part::of_recordings(recordings, windowing, normaliser)?;
    Ok(part.measure(&model.network(), &mut Workspace::default()))
}

/// Predicts the next symbols of a stream, read from several places on at once, with a model's network. Gives the loss.
pub fn stream(model: &Model, symbols: &[u16]) -> Result<Loss, EvaluateError> {
    measure(model, symbols, None)
}

/// Predicts the answers of a stream, the symbols behind the model's cue, with a model's network. Gives the loss; `None`
/// where the model has no cue.
pub fn answers(model: &Model, symbols: &[u16]) -> Result<Option<Loss>, EvaluateError> {
    let Labels::Symbols { cue: Some(cue), .. } = model.labels else { return Ok(None) };
    measure(model, symbols, Some(cue)).map(Some)
}

fn measure(model: &Model, symbols: &[u16], asked: Option<u16>) -> Result<Loss, EvaluateError> {
    let boundary = boundary(model, symbols)?;
    let stream = Stream { symbols: symbols.to_vec(), boundary, asked };
    Ok(Part::Stream(stream).measure(&model.network(), &mut Workspace::default()))
}

/// The steps of a recording as a device takes them: in windows, normalised, and converted to a code a channel.
pub fn codes(model: &Model, recording: &Recording) -> Result<Vec<Vec<i8>>, EvaluateError> {
    let (windowing, normaliser) = preparation(model, std::slice::from_ref(recording))?;
    let bits = model.design.precisions.dac.bits().ok_or(EvaluateError::Float)?;
    let step = |step: &[f32]| step.iter().map(|&x| dac(x, bits)).collect();
    Ok(normaliser.apply(&windowing.apply(recording)?)?.steps().map(step).collect())
}

/// Puts recordings to a device that holds the model's program. Gives all answers; `answered` is called after each.
pub fn recordings_on<D: Device<Crossbar> + ?Sized>(
    device: &mut D,
    model: &Model,
    recordings: &[Recording],
    mut answered: impl FnMut(&D, Prediction),
) -> Result<Vec<Prediction>, EvaluateError> {
    labelled(recordings)?;
    preparation(model, recordings)?;
    let mut predictions = Vec::with_capacity(recordings.len());
    for recording in recordings {
        let steps = codes(model, recording)?;
        let calls = steps.iter().map(|step| Order::Call(Call::Step(step.into())));
        let orders: Vec<_> = [Order::Clear].into_iter().chain(calls).chain([Order::Call(Call::Answer)]).collect();
        let (answer, cycles) = answer(device, &orders)?;
        let right = recording.class.ok_or(EvaluateError::NoClass)? as u8;
        let prediction = Prediction { answer, right, cycles };
        answered(device, prediction);
        predictions.push(prediction);
    }
    Ok(predictions)
}

/// Puts each symbol of a stream but the last to a device that holds the model's program. The state is cleared at the
/// beginning and before each boundary of the model. Gives all answers; `answered` is called after each.
pub fn stream_on<D: Device<Crossbar> + ?Sized>(
    device: &mut D,
    model: &Model,
    symbols: &[u16],
    mut answered: impl FnMut(&D, Prediction),
) -> Result<Vec<Prediction>, EvaluateError> {
    let boundary = boundary(model, symbols)?;
    device.clear()?;
    let mut predictions = Vec::with_capacity(symbols.len());
    for pair in symbols.windows(2) {
        if Some(pair[0]) == boundary {
            device.clear()?;
        }
        let orders = [Order::Call(Call::Symbol(pair[0] as u8)), Order::Call(Call::Answer)];
        let (answer, cycles) = answer(device, &orders)?;
        let prediction = Prediction { answer, right: pair[1] as u8, cycles };
        answered(device, prediction);
        predictions.push(prediction);
    }
    Ok(predictions)
}

/// Gives orders to a device, of which the last asks for an answer; gives the answer, and the cycles of all.
fn answer<D: Device<Crossbar> + ?Sized>(
    device: &mut D,
    orders: &[Order<'_, Crossbar>],
) -> Result<(u8, u32), DeviceError> {
    let (mut word, mut cycles) = (0, 0);
    for reply in device.run(orders)?.into_iter().flatten() {
        match reply {
            Reply::Cycles(of_step) => cycles += of_step,
            Reply::Answer(answer) => (word, cycles) = (answer.word, cycles + answer.cycles),
            Reply::Memoizing | Reply::Number(_) => {}
        }
    }
    Ok((word, cycles))
}

/// Puts questions of either kind to a device that holds the model's program. Gives all answers; `answered` is called after each.
pub fn questions_on<D: Device<Crossbar> + ?Sized>(
    device: &mut D,
    model: &Model,
    questions: &Questions,
    answered: impl FnMut(&D, Prediction),
) -> Result<Vec<Prediction>, EvaluateError> {
    match questions {
        Questions::Recordings(recordings) => recordings_on(device, model, recordings, answered),
        Questions::Symbols(symbols) => stream_on(device, model, symbols, answered),
    }
}

/// Classifies recordings with the integer model of a program, noise and all. Gives the loss.
pub fn programmed_recordings(
    model: &Model,
    program: &Program,
    recordings: &[Recording],
) -> Result<Loss, EvaluateError> {
    let (mut device, mut loss) = (loaded(program)?, Loss::default());
    recordings_on(&mut device, model, recordings, |device, prediction| {
        loss = loss.and(lost(device, model, prediction))
    })?;
    Ok(loss)
}

/// Predicts the next symbols of a stream with the integer model of a program, noise and all. Gives the loss.
pub fn programmed_stream(model: &Model, program: &Program, symbols: &[u16]) -> Result<Loss, EvaluateError> {
    let (mut device, mut loss) = (loaded(program)?, Loss::default());
    stream_on(&mut device, model, symbols, |device, prediction| loss = loss.and(lost(device, model, prediction)))?;
    Ok(loss)
}

/// Predicts the answers of a stream, the symbols behind the model's cue, with the integer model of a program, noise and
/// all. Gives the loss; `None` where the model has no cue.
pub fn programmed_answers(model: &Model, program: &Program, symbols: &[u16]) -> Result<Option<Loss>, EvaluateError> {
    let Labels::Symbols { cue: Some(cue), .. } = model.labels else { return Ok(None) };
    let (mut device, mut loss, mut given) = (loaded(program)?, Loss::default(), symbols.iter());
    stream_on(&mut device, model, symbols, |device, prediction| {
        if given.next() == Some(&cue) {
            loss = loss.and(lost(device, model, prediction));
        }
    })?;
    Ok(Some(loss))
}

fn loaded(program: &Program) -> Result<IntegerModel, EvaluateError> {
    let mut device = IntegerModel::new(program.geometry);
    device.load(program)?;
    Ok(device)
}

/// The loss of an answer of the integer model, of the logits behind it.
pub fn lost(device: &IntegerModel, model: &Model, prediction: Prediction) -> Loss {
    let logits = real_logits(device, model);
    let largest = logits.iter().copied().fold(f64::MIN, f64::max);
    let sum: f64 = logits.iter().map(|logit| (logit - largest).exp()).sum();
    let right = logits.get(usize::from(prediction.right)).copied().unwrap_or(f64::NEG_INFINITY);
    Loss { sum: sum.ln() + largest - right, wrong: usize::from(prediction.answer != prediction.right), targets: 1 }
}

/// The logits of the integer model after the steps so far, as the real numbers that training calls so.
pub fn real_logits(device: &IntegerModel, model: &Model) -> Vec<f64> {
    let unit = f64::from(readout_unit(&model.design));
    device.logits().unwrap_or_default().iter().map(|&logit| f64::from(logit) * unit).collect()
}

/// Checks that recordings have a class each.
fn labelled(recordings: &[Recording]) -> Result<(), EvaluateError> {
    let has_class = |recording: &Recording| recording.class.is_some();
    if recordings.iter().all(has_class) { Ok(()) } else { Err(EvaluateError::NoClass) }
}

/// The windowing and the normalisation of a model of recordings, which must be such as it can take.
fn preparation<'a>(model: &'a Model, recordings: &[Recording]) -> Result<(Windowing, &'a Normaliser), EvaluateError> {
    let Labels::Classes { names, windowing, normaliser } = &model.labels else {
        return Err(EvaluateError::Kind { found: "symbols", expected: "recordings" });
    };
    for recording in recordings {
        let found = recording.channels();
        if let Some(expected) = model.labels.channels().filter(|&expected| expected != found) {
            return Err(SequenceError::Channels { found, expected }.into());
        }
        if let Some(found) = recording.class.filter(|&class| class >= names.len()) {
            return Err(EvaluateError::Number { found, most: names.len() });
        }
    }
    Ok((*windowing, normaliser))
}

/// Checks that a stream has no symbols that a model has not. Gives the symbol before which the state is cleared.
fn boundary(model: &Model, symbols: &[u16]) -> Result<Option<u16>, EvaluateError> {
    let Labels::Symbols { alphabet, boundary, .. } = &model.labels else {
        return Err(EvaluateError::Kind { found: "recordings", expected: "symbols" });
    };
    let most = alphabet.len();
    match symbols.iter().map(|&symbol| usize::from(symbol)).find(|&symbol| symbol >= most) {
        Some(found) => Err(EvaluateError::Number { found, most }),
        None => Ok(*boundary),
    }
}
