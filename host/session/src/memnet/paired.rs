//! The memory network's part of a backend with a model loaded: how it is opened, and a question asked again.

use engram_babi::{Line, Story};
use engram_memnet::{IntegerModel, Model};
use engram_spec::memnet::{Memnet, Reply, Requests};
use engram_spec::{Answer, Device, Quantity};

use crate::backend::{Backend, Opening, open};
use crate::failure::Failure;
use crate::paired::{Compared, Traces};
use crate::progress::Work;

/// A backend and the integer model beside it, both with the same program and the same story.
pub type Paired = crate::paired::Paired<Memnet>;

impl Compared for Memnet {
    type Integer = IntegerModel;
    type Tallies = ();
    const COUNTS: bool = false;

    fn answer(reply: &Reply) -> Option<Answer> {
        match reply {
            Reply::Answer(answer) => Some(*answer),
            Reply::Sentences(_) => None,
        }
    }
}

impl Paired {
    /// Opens a backend and loads a model into it, which shows on `work`. A board that holds the model already keeps it.
    pub fn open(model: &Model, backend: &Backend, opening: &Opening<Memnet>, work: &Work) -> anyhow::Result<Paired> {
        let mut device = open(backend, opening)?;
        let identity = device.identify()?;
        let (found, expected) = (identity.build, model.design.datapath());
        if found != expected {
            let text = format!(
                "the device is built for {found}, the model for {expected}; build a bitstream with --addressing {} \
                 --weights {}, or train for {found}",
                expected.addressing, expected.weights
            );
            return Err(Failure::Input(text).into());
        }
        let program = model.program(identity.geometry)?;
        let beside = IntegerModel::new(identity.geometry, identity.build);
        Ok(Paired::new(device, beside, identity.geometry, &program, (), work)?)
    }
}

/// The error of a question's number, counted from 1, where there are so many questions.
pub fn no_question(number: usize, questions: usize) -> Failure {
    Failure::Usage(format!("there is no question {number}: choose a number from 1 to {questions}"))
}

/// Gives the story of question `number` (counted from 1 over all stories) from its beginning, asks it, and gives the answer
/// with the values from the story's first sentence to it. The story's earlier questions are asked too, but not traced.
pub fn replay(
    model: &Model,
    device: &mut Paired,
    stories: &[Story],
    number: usize,
) -> anyhow::Result<(Answer, Traces)> {
    let mut before = 0;
    let story = stories.iter().find(|story| {
        before += story.questions();
        before >= number
    });
    let story = story.filter(|_| number > 0).ok_or_else(|| {
        let questions: usize = stories.iter().map(Story::questions).sum();
        no_question(number, questions)
    })?;
    let mut rest = number - (before - story.questions());
    device.record(true);
    device.clear()?;
    let mut traces = Traces::default();
    for line in &story.lines {
        let words = model.vocabulary.encode(line.words())?;
        if let Line::Sentence(_) = line {
            device.sentence(&words)?;
            continue;
        }
        let answer = device.question(&words)?;
        traces.take(device);
        rest -= 1;
        if rest == 0 {
            return Ok((answer, traces));
        }
        // The memory keeps the sentences only.
        for trace in traces.backend.iter_mut().chain([&mut traces.expected]) {
            trace.entries.retain(|entry| matches!(entry.quantity, Quantity::Memory(_)));
        }
    }
    Err(Failure::Input(format!("the story of question {number} ends before it")).into())
}
