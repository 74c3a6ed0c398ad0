//! A backend with a program loaded, and the integer model beside it that defines every answer.

use engram_spec::machine::{Identity, Order, Status};
use engram_spec::{Answer, Device, DeviceError, Trace};
use engram_testbench::Network;

use crate::progress::Work;

/// A network whose backends are compared with its integer model.
pub trait Compared: Network {
    /// The integer model.
    type Integer: Device<Self>;
    /// The counts that the network has besides those of its answers.
    type Tallies;
    /// Whether the network's own counts are compared before both forget them.
    const COUNTS: bool;

    /// The answer in a reply; `None` where the reply is to another request.
    fn answer(reply: &Self::Reply) -> Option<Answer>;

    /// Prepares both for sequences after they were loaded.
    fn loaded(_device: &mut Paired<Self>, _program: &Self::Program) -> Result<(), DeviceError> {
        Ok(())
    }

    /// Counts a call that the backend carried out.
    fn count(_device: &mut Paired<Self>, _call: &Self::Call<'_>, _reply: &Self::Reply) {}

    /// Compares the network's own counts before both forget them.
    fn clearing(_device: &mut Paired<Self>) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// A backend and the integer model beside it, both with the same program and the same inputs.
pub struct Paired<M: Compared> {
    pub(crate) backend: Box<dyn Device<M>>,
    /// The integer model.
    pub beside: M::Integer,
    /// The size of the backend.
    pub geometry: M::Geometry,
    /// The cycles of steps and answers.
    pub cycles: Cycles,
    /// Answers given.
    pub answers: usize,
    /// Answers in which the two differ.
    pub disagreements: usize,
    /// The first of them.
    pub first: Option<Disagreement>,
    /// The network's own counts.
    pub tallies: M::Tallies,
}

/// The cycles of steps and answers; 0 where the backend has no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cycles {
    steps: u64,
    sum: u64,
    /// The cycles of the longest step.
    pub most: u32,
    /// The cycles of the longest answer.
    pub answer: u32,
}

impl Cycles {
    /// The mean cycles of a step.
    pub fn mean(&self) -> f64 {
        self.sum as f64 / self.steps.max(1) as f64
    }

    /// Adds a step.
    pub(crate) fn add(&mut self, cycles: u32) {
        self.steps += 1;
        self.sum += u64::from(cycles);
        self.most = self.most.max(cycles);
    }
}

/// An answer that a backend did not give as the integer model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The answer, counted from 1.
    pub number: usize,
    /// The word, class or symbol of the backend, and its logit.
    pub found: (u8, i32),
    /// The integer model's.
    pub expected: (u8, i32),
}

impl<M: Compared> Paired<M> {
    /// Loads a backend and the integer model with a program. A board that holds the program already keeps it; how
    /// much of it is loaded shows on `opening`.
    pub(crate) fn new(
        mut backend: Box<dyn Device<M>>,
        mut beside: M::Integer,
        geometry: M::Geometry,
        program: &M::Program,
        tallies: M::Tallies,
        opening: &Work,
    ) -> Result<Paired<M>, DeviceError> {
        let doing = opening.message();
        backend.ensure(program, &mut |rows, of| opening.load(rows, of))?;
        opening.set_message(doing);
        beside.load(program)?;
        let (cycles, answers, disagreements, first) = (Cycles::default(), 0, 0, None);
        let mut device = Paired { backend, beside, geometry, cycles, answers, disagreements, first, tallies };
        M::loaded(&mut device, program)?;
        Ok(device)
    }
}

impl<M: Compared> Paired<M> {
    /// Compares the replies to a call, and counts.
    fn compare(&mut self, call: &M::Call<'_>, reply: &M::Reply, expected: &M::Reply) {
        M::count(self, call, reply);
        if let (Some(answer), Some(expected)) = (M::answer(reply), M::answer(expected)) {
            self.answers += 1;
            self.cycles.answer = self.cycles.answer.max(answer.cycles);
            let (found, expected) = ((answer.word, answer.logit), (expected.word, expected.logit));
            if found != expected {
                self.disagreements += 1;
                self.first.get_or_insert(Disagreement { number: self.answers, found, expected });
            }
        }
    }
}

impl<M: Compared> Device<M> for Paired<M> {
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        self.backend.identify()
    }

    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.backend.load_with(program, progress)?;
        self.beside.load(program)?;
        M::loaded(self, program)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        M::clearing(self)?;
        self.backend.clear()?;
        self.beside.clear()
    }

    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        let (reply, expected) = (self.backend.call(call.clone())?, self.beside.call(call.clone())?);
        self.compare(&call, &reply, &expected);
        Ok(reply)
    }

    fn run(&mut self, orders: &[Order<'_, M>]) -> Result<Vec<Option<M::Reply>>, DeviceError> {
        let mut replies = Vec::with_capacity(orders.len());
        // Where counts are compared before they are forgotten, orders are given as far as the next clear.
        let mut parts = orders.split_inclusive(|order| M::COUNTS && matches!(order, Order::Clear));
        let clears = |part: &[Order<'_, M>]| M::COUNTS && matches!(part.last(), Some(Order::Clear));
        parts.try_for_each(|part| {
            let at_once = &part[..part.len() - usize::from(clears(part))];
            let (found, expected) = (self.backend.run(at_once)?, self.beside.run(at_once)?);
            for ((order, found), expected) in at_once.iter().zip(&found).zip(&expected) {
                if let (Order::Call(call), Some(found), Some(expected)) = (order, found, expected) {
                    self.compare(call, found, expected);
                }
            }
            replies.extend(found);
            if clears(part) {
                self.clear()?;
                replies.push(None);
            }
            Ok::<(), DeviceError>(())
        })?;
        Ok(replies)
    }

    fn status(&mut self) -> Result<Status<M>, DeviceError> {
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

/// The values of a backend and of the integer model beside it, from the same inputs.
#[derive(Debug, Default)]
pub struct Traces {
    /// The backend's values; `None` where it cannot look inside.
    pub backend: Option<Trace>,
    /// The integer model's values.
    pub expected: Trace,
}

impl Traces {
    /// Appends the values since they were last taken, once they are recorded.
    pub(crate) fn take<M: Compared>(&mut self, device: &mut Paired<M>) {
        if let Some(trace) = device.trace() {
            self.backend.get_or_insert_default().entries.extend(trace.entries);
        }
        self.expected.entries.extend(device.beside.trace().unwrap_or_default().entries);
    }
}
