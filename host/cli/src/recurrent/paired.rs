//! A recurrent body with a model loaded, and the integer model beside it that says what every answer has to be.

use engram_recurrent::{IntegerModel, Model, Programming};
use engram_spec::crossbar::{Geometry, Identity, Program, Recurrent, Status};
use engram_spec::{Answer, DeviceError, Trace};
use engram_testbench::crossbar::open;

use crate::body::{Body, BodyArguments, cache};

use super::arguments::geometry_for;

/// A body and the integer model beside it, both with the same program and the same sequence.
pub struct Paired {
    body: Box<dyn Recurrent>,
    /// The integer model.
    pub beside: IntegerModel,
    /// The size of the device.
    pub geometry: Geometry,
    /// The cycles that steps took.
    pub cycles: Cycles,
    /// Answers given.
    pub answers: usize,
    /// Answers in which the two differ.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Disagreement>,
}

/// The cycles of steps and answers; 0 where the body has no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cycles {
    steps: u64,
    sum: u64,
    /// Of the longest step.
    pub most: u32,
    /// Of the longest answer.
    pub answer: u32,
}

impl Cycles {
    /// Of a step, on the average.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.steps.max(1) as f64
    }
}

/// An answer that a body did not give as the integer model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The answer, counted from 1.
    pub number: usize,
    /// What the body gave: class or symbol, and logit.
    pub found: (u8, i32),
    /// What the integer model gave.
    pub expected: (u8, i32),
}

impl Paired {
    /// Opens a body and programs it with a model. A board that holds the same program already keeps it.
    pub fn open(
        model: &Model,
        body: &Body,
        arguments: &BodyArguments,
        programming: &Programming,
    ) -> anyhow::Result<Paired> {
        let wanted = geometry_for(model, arguments.preset, programming)?;
        // Whatever the body, a model that does not fit is told of before anything is opened.
        model.program(wanted, programming)?;
        let mut device = open(body, wanted, None, arguments.baud, &cache())?;
        let Identity { geometry, loaded, .. } = device.identify()?;
        let program = model.program(geometry, programming)?;
        if loaded == Some(program.hash()) {
            device.clear()?
        } else {
            device.load(&program)?
        }
        let mut beside = IntegerModel::new(geometry);
        beside.load(&program)?;
        let cycles = Cycles::default();
        Ok(Paired { body: device, beside, geometry, cycles, answers: 0, disagreements: 0, first: None })
    }

    fn stepped(&mut self, cycles: u32) -> u32 {
        let Cycles { steps, sum, most, .. } = &mut self.cycles;
        (*steps, *sum, *most) = (*steps + 1, *sum + u64::from(cycles), cycles.max(*most));
        cycles
    }
}

impl Recurrent for Paired {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        self.body.identify()
    }

    fn load(&mut self, program: &Program) -> Result<(), DeviceError> {
        self.body.load(program)?;
        self.beside.load(program)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.body.clear()?;
        self.beside.clear()
    }

    fn step(&mut self, codes: &[i8]) -> Result<u32, DeviceError> {
        let cycles = self.body.step(codes)?;
        self.beside.step(codes)?;
        Ok(self.stepped(cycles))
    }

    fn symbol(&mut self, symbol: u8) -> Result<u32, DeviceError> {
        let cycles = self.body.symbol(symbol)?;
        self.beside.symbol(symbol)?;
        Ok(self.stepped(cycles))
    }

    fn answer(&mut self) -> Result<Answer, DeviceError> {
        let answer = self.body.answer()?;
        let expected = self.beside.answer()?;
        self.answers += 1;
        self.cycles.answer = self.cycles.answer.max(answer.cycles);
        let (found, expected) = ((answer.word, answer.logit), (expected.word, expected.logit));
        if found != expected {
            self.disagreements += 1;
            self.first.get_or_insert(Disagreement { number: self.answers, found, expected });
        }
        Ok(answer)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        self.body.status()
    }

    fn record(&mut self, on: bool) {
        self.body.record(on);
        self.beside.record(on);
    }

    fn trace(&mut self) -> Option<Trace> {
        self.body.trace()
    }
}
