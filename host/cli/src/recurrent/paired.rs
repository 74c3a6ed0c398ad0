//! A recurrent body with a model loaded, and the integer model beside it that says what every answer has to be.

use engram_recurrent::{IntegerModel, Memoization, Model, Programming};
use engram_spec::crossbar::memo::{Predictor, Settings};
use engram_spec::crossbar::{Geometry, Identity, Program, Recurrent, Status};
use engram_spec::{Answer, DeviceError, Trace};
use engram_testbench::crossbar::open;

use super::arguments::geometry_for;
use crate::body::{Body, BodyArguments, cache};
use crate::failure::Failure;

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
    /// Whether columns are remembered.
    remembers: bool,
    /// Sequences whose counters differ.
    pub tallies: usize,
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
        Paired::remembering(model, body, arguments, programming, None)
    }

    /// The same with memoization, by a predictor that a body in software is made with, and a board has.
    pub fn remembering(
        model: &Model,
        body: &Body,
        arguments: &BodyArguments,
        programming: &Programming,
        memo: Option<Memoization>,
    ) -> anyhow::Result<Paired> {
        let wanted = geometry_for(model, arguments.preset, programming)?;
        if *body != Body::Integer && Geometry::named(wanted.name).is_none() {
            let (cell, hidden) = (model.design.cell.name(), model.design.shape.hidden);
            let text = format!("no hardware computes {hidden} cells of kind {cell}; give --on integer");
            return Err(Failure::Usage(text).into());
        }
        let built = !matches!(body, Body::Integer | Body::Port(_));
        if let Some(Predictor { width, .. }) =
            memo.map(|how| how.predictor).filter(|predictor| built && predictor.words(&wanted).is_none())
        {
            let lanes = wanted.lanes;
            let text = format!("--predictor-width is {width}, expected 2, 4, 8 or 16 times the {lanes} lanes");
            return Err(Failure::Usage(text).into());
        }
        // Whatever the body, a model that does not fit is told of before anything is opened.
        model.program(wanted, programming)?;
        let mut device = open(body, wanted, memo.map(|how| how.predictor), arguments.baud, &cache())?;
        let Identity { geometry, memo: predictor, loaded, .. } = device.identify()?;
        let program = model.program(geometry, programming)?;
        if loaded == Some(program.hash()) {
            device.clear()?
        } else {
            device.load(&program)?
        }
        let mut beside = IntegerModel::new(geometry);
        match (memo, predictor) {
            (Some(how), Some(predictor)) => {
                device.memoize(&how.settings)?;
                beside = beside.memoizing(Memoization { predictor, ..how });
            }
            // A board may remember columns for whoever asked it before.
            (None, Some(_)) => device.memoize(&Settings::default())?,
            (Some(_), None) => {
                let text = "the device computes every column; build it with --memo, or give --memo off";
                return Err(Failure::Input(text.to_string()).into());
            }
            (None, None) => {}
        }
        beside.load(&program)?;
        let (cycles, remembers) = (Cycles::default(), memo.is_some());
        let (answers, disagreements, tallies) = (0, 0, 0);
        Ok(Paired { body: device, beside, geometry, cycles, answers, disagreements, first: None, remembers, tallies })
    }

    /// Holds the counters of the sequence so far, where columns are remembered, against the integer model's.
    pub fn compare_counters(&mut self) -> Result<(), DeviceError> {
        if self.remembers && self.body.tally()? != self.beside.tally()? {
            self.tallies += 1;
        }
        Ok(())
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
        self.compare_counters()?;
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
