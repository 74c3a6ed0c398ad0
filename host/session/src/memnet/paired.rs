//! A backend with a model loaded, and the integer model beside it that says what every answer has to be.

use engram_babi::{Line, Story};
use engram_memnet::{IntegerModel, Model};
use engram_spec::Device;
use engram_spec::memnet::{Call, Identity, Memnet, Program, Reply, Requests, Status};
use engram_spec::{Answer, DeviceError, Quantity, Trace};
use serde::Serialize;

use crate::backend::{self, Backend, Opening};
use crate::failure::Failure;

/// A backend and the integer model beside it, both with the same program and the same story.
pub struct Paired {
    backend: Box<dyn Device<Memnet>>,
    beside: IntegerModel,
    /// The identity of the backend.
    pub identity: Identity,
    /// Questions asked.
    pub questions: usize,
    /// Questions that the two answered differently.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Disagreement>,
}

/// A question that a backend did not answer as the integer model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// The question, counted from 1 over all stories.
    pub question: usize,
    /// The word and logit that the backend gave.
    pub found: (u8, i32),
    /// The integer model's.
    pub expected: (u8, i32),
}

impl Paired {
    /// Opens a backend and loads a model into it. A board that holds the model already keeps it.
    pub fn open(model: &Model, backend: &Backend, opening: &Opening<Memnet>) -> anyhow::Result<Paired> {
        let mut device = backend::open(backend, opening)?;
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
        device.ensure(&program, &mut |_, _| {})?;
        let mut beside = IntegerModel::new(identity.geometry, identity.build);
        beside.load(&program)?;
        Ok(Paired { backend: device, beside, identity, questions: 0, disagreements: 0, first: None })
    }

    /// Records the integer model's values only, which are the bits of every backend.
    pub fn record_model(&mut self) {
        self.beside.record(true);
    }

    /// The integer model's values since this was last called, once they are recorded.
    pub fn model_trace(&mut self) -> Trace {
        self.beside.trace().unwrap_or_default()
    }
}

impl Device<Memnet> for Paired {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        self.backend.identify()
    }

    fn load_with(&mut self, program: &Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.backend.load_with(program, progress)?;
        self.beside.load(program)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.backend.clear()?;
        self.beside.clear()
    }

    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        let (reply, expected) = (self.backend.call(call)?, self.beside.call(call)?);
        if let (Reply::Answer(answer), Reply::Answer(expected)) = (reply, expected) {
            self.questions += 1;
            let (found, expected) = ((answer.word, answer.logit), (expected.word, expected.logit));
            if found != expected {
                self.disagreements += 1;
                self.first.get_or_insert(Disagreement { question: self.questions, found, expected });
            }
        }
        Ok(reply)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        self.backend.status()
    }

    fn record(&mut self, on: bool) {
        self.backend.record(on);
        self.beside.record(on);
    }

    fn trace(&mut self) -> Option<Trace> {
        self.backend.trace()
    }
}

/// The values of two backends, or one, at a question.
pub struct Replay {
    /// The backend's answer.
    pub answer: Answer,
    /// The backend's values; `None` where it cannot look inside.
    pub trace: Option<Trace>,
    /// The integer model's values.
    pub expected: Trace,
}

/// Gives the story of question `number` (counted from 1 over all stories) from its beginning, asks it, and gives the
/// values from the story's first sentence to the answer. The story's earlier questions are asked too, but not traced.
pub fn replay(model: &Model, device: &mut Paired, stories: &[Story], number: usize) -> anyhow::Result<Replay> {
    let mut before = 0;
    let story = stories.iter().find(|story| {
        before += story.questions();
        before >= number
    });
    let story = story.filter(|_| number > 0).ok_or_else(|| {
        let questions: usize = stories.iter().map(Story::questions).sum();
        Failure::Usage(format!("there is no question {number}: choose a number from 1 to {questions}"))
    })?;
    let mut rest = number - (before - story.questions());
    device.record(true);
    device.clear()?;
    let mut traced = Traced::default();
    for line in &story.lines {
        let words = model.vocabulary.encode(line.words())?;
        if let Line::Sentence(_) = line {
            device.sentence(&words)?;
            continue;
        }
        let answer = device.question(&words)?;
        traced.take(device);
        rest -= 1;
        if rest == 0 {
            return Ok(Replay { answer, trace: traced.backend, expected: traced.expected });
        }
        traced.forget_question();
    }
    Err(Failure::Input(format!("the story of question {number} ends before it")).into())
}

/// The values of a story so far.
#[derive(Default)]
struct Traced {
    backend: Option<Trace>,
    expected: Trace,
}

impl Traced {
    fn take(&mut self, device: &mut Paired) {
        if let Some(trace) = device.trace() {
            self.backend.get_or_insert_default().entries.extend(trace.entries);
        }
        self.expected.entries.extend(device.model_trace().entries);
    }

    /// Keeps the sentences only, which the memory keeps.
    fn forget_question(&mut self) {
        for trace in self.backend.iter_mut().chain([&mut self.expected]) {
            trace.entries.retain(|entry| matches!(entry.quantity, Quantity::MemoryA | Quantity::MemoryC));
        }
    }
}
