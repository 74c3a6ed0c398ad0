//! Evaluation: the questions of a data set put to a device, and how the memory was attended to.

use engram_babi::{Line, Story, UnknownWord, Vocabulary};
use engram_spec::Device;
use engram_spec::machine::Order;
use engram_spec::memnet::{Call, Memnet, Reply};
use engram_spec::trace::Quantity;
use engram_spec::{DeviceError, Trace};
use serde::Serialize;

use crate::examples::{Examples, number};
use crate::model::Model;
use crate::network::{Query, Workspace};

/// The answer to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Prediction {
    /// The word that was given.
    pub word: u8,
    /// The word that is right.
    pub right: u8,
    /// The cycles it took; 0 where the backend has no clock.
    pub cycles: u32,
}

impl Prediction {
    /// Whether the answer is right.
    pub fn is_right(&self) -> bool {
        self.word == self.right
    }
}

/// The answers to the questions of some stories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evaluation {
    /// The answers, in the order of the questions.
    pub predictions: Vec<Prediction>,
}

impl Evaluation {
    /// Questions asked.
    pub fn questions(&self) -> usize {
        self.predictions.len()
    }

    /// Questions answered wrongly.
    pub fn wrong(&self) -> usize {
        self.predictions.iter().filter(|prediction| !prediction.is_right()).count()
    }

    /// The share of the questions answered wrongly, 0 to 1.
    pub fn error(&self) -> f64 {
        self.wrong() as f64 / self.questions().max(1) as f64
    }

    /// The mean of the cycles that an answer took.
    pub fn mean_cycles(&self) -> f64 {
        let sum: u64 = self.predictions.iter().map(|prediction| u64::from(prediction.cycles)).sum();
        sum as f64 / self.questions().max(1) as f64
    }

    /// The most cycles that an answer took.
    pub fn most_cycles(&self) -> u32 {
        self.predictions.iter().map(|prediction| prediction.cycles).max().unwrap_or(0)
    }
}

/// An error that ends an evaluation.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The data has a word that the model has not.
    #[error("{0}: the model was trained on other data; evaluate it on its own task")]
    UnknownWord(#[from] UnknownWord),
    /// The data has a sentence or a question that the device cannot hold.
    #[error(
        "found {words} words in '{sentence}', a sentence or question has {most} at most on this device; shorten it, or leave \
         its story out of the data"
    )]
    TooLong {
        /// The sentence or question.
        sentence: String,
        /// The number of its words.
        words: usize,
        /// The most that the device has positions for.
        most: usize,
    },
    /// The device gave no answer.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// Puts the questions of some stories to a loaded device, at most `limit` of them.
///
/// A story is sent once, its questions where they stand in it. `progress` takes the number of questions so far, after each.
pub fn evaluate(
    device: &mut dyn Device<Memnet>,
    vocabulary: &Vocabulary,
    stories: &[Story],
    limit: Option<usize>,
    progress: &mut dyn FnMut(usize),
) -> Result<Evaluation, EvaluateError> {
    let most = device.identify()?.geometry.positions;
    let encode = |words: &[String]| match words.len() {
        count if count > most => Err(EvaluateError::TooLong { sentence: words.join(" "), words: count, most }),
        _ => Ok(vocabulary.encode(words)?),
    };
    let mut evaluation = Evaluation::default();
    let mut asked = Asked::default();
    let mut left = limit.unwrap_or(usize::MAX);
    for story in stories {
        if left == 0 {
            break;
        }
        asked.lines.push(None);
        for line in &story.lines {
            match line {
                Line::Sentence(words) => asked.lines.push(Some((encode(words)?, false))),
                Line::Question { .. } if left == 0 => break,
                Line::Question { words, answer, .. } => {
                    left -= 1;
                    asked.right.push(number(answer, vocabulary)?);
                    asked.lines.push(Some((encode(words)?, true)));
                }
            }
        }
        if asked.right.len() >= AT_ONCE {
            asked.ask(device, &mut evaluation, progress)?;
        }
    }
    asked.ask(device, &mut evaluation, progress)?;
    Ok(evaluation)
}

/// Questions that are put to a device at once: a device behind a line is not waited for after each.
const AT_ONCE: usize = 50;

/// Stories whose questions are put to a device at once.
#[derive(Default)]
struct Asked {
    /// The words of sentences and questions, and whether they are a question's; `None` where a story begins.
    lines: Vec<Option<(Vec<u8>, bool)>>,
    /// The right answers to the questions.
    right: Vec<u8>,
}

impl Asked {
    /// Asks, and begins anew.
    fn ask(
        &mut self,
        device: &mut dyn Device<Memnet>,
        evaluation: &mut Evaluation,
        progress: &mut dyn FnMut(usize),
    ) -> Result<(), EvaluateError> {
        let Asked { lines, right } = std::mem::take(self);
        let orders = lines.iter().map(|line| match line {
            None => Order::Clear,
            Some((words, true)) => Order::Call(Call::Question(words)),
            Some((words, false)) => Order::Tell(Call::Sentence(words)),
        });
        let replies = device.run(&orders.collect::<Vec<_>>())?;
        let answers = replies.into_iter().filter_map(|reply| match reply? {
            Reply::Answer(answer) => Some(answer),
            Reply::Sentences(_) => None,
        });
        for (answer, right) in answers.zip(right) {
            evaluation.predictions.push(Prediction { word: answer.word, right, cycles: answer.cycles });
            progress(evaluation.questions());
        }
        Ok(())
    }
}

/// Puts the questions of some stories to a model in the arithmetic of its training, at most `limit` of them: the way to
/// evaluate a float model, which no device can hold.
pub fn evaluate_network(
    model: &Model,
    stories: &[Story],
    limit: Option<usize>,
    progress: &mut dyn FnMut(usize),
) -> Result<Evaluation, EvaluateError> {
    let examples = Examples::encode(stories, &model.vocabulary)?;
    let (network, tensors) = model.network();
    let mut work = Workspace::new(&network.shape);
    let mut evaluation = Evaluation::default();
    for question in examples.questions.iter().take(limit.unwrap_or(usize::MAX)) {
        let sentences = examples.story(question, network.shape.slots);
        let ages: Vec<usize> = (0..sentences.len()).rev().collect();
        network.forward(&tensors, &Query { sentences, ages: &ages, question: &question.words }, &mut work);
        evaluation.predictions.push(Prediction { word: work.answer(), right: question.answer, cycles: 0 });
        progress(evaluation.questions());
    }
    Ok(evaluation)
}

/// The memory's weights p of each hop of the latest question in a trace, newest sentence first: e / sum e.
pub fn attention(trace: &Trace) -> Vec<Vec<f32>> {
    let hops = (0..).map_while(|hop| trace.get(Quantity::Exponential, hop));
    let weights = |exponentials: &[i32]| {
        let sum: f32 = exponentials.iter().map(|&e| e as f32).sum();
        exponentials.iter().map(|&e| e as f32 / sum).collect()
    };
    hops.map(weights).collect()
}
