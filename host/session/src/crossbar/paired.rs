//! A recurrent backend with a model loaded, and the integer model beside it that says what every answer has to be.

use engram_crossbar::program::in_software;
use engram_crossbar::{IntegerModel, Memoization, Model, Programming};
use engram_spec::Device;
use engram_spec::crossbar::memo::{Predictor, Settings};
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use engram_spec::crossbar::{Call, Cell, Crossbar, Geometry, Identity, Program, Reply, Requests, Status, geometry};
use engram_spec::{Answer, DeviceError, Trace};

use super::counters::Counted;
use super::gates::names;
use super::miscount::Miscount;
use super::remembered::Remembered;
use crate::backend::{Backend, BackendOptions, Opening, cache, open};
use crate::failure::Failure;
use crate::hardware::{Organisation, buildable};

/// A backend and the integer model beside it, both with the same program and the same sequence.
pub struct Paired {
    backend: Box<dyn Device<Crossbar>>,
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
    /// The predictor and its thresholds, where columns are remembered.
    memo: Option<Remembering>,
    /// The comparison of the counters.
    pub tallies: Tallies,
    /// The first difference of the counters.
    pub miscount: Option<Miscount>,
}

/// The counters of memoization, sequence by sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Sequences that were counted.
    pub sequences: usize,
    /// The sequences in which a number of the backend is not the integer model's: one of its counters, or its clock cycles.
    pub differing: usize,
}

/// A sequence on a backend that remembers columns.
#[derive(Clone, Copy, Debug)]
struct Remembering {
    predictor: Predictor,
    settings: Settings,
    /// The cycles of a step besides the walk over its columns, and of an answer: with memoization and without.
    step: [u32; 2],
    answer: [u32; 2],
    /// The sums of these cycles since [`Paired::take_remembered`] was called.
    besides: [u64; 2],
    /// The cycles that the backend counted of the sequence, and those that are due without the walks; modulo 2^32.
    told: u32,
    due: u32,
    /// Whether there were steps since the counters were compared.
    stepped: bool,
}

impl Remembering {
    fn new(predictor: Predictor, settings: Settings, program: &Program) -> Remembering {
        // Both begin a step, and end it, alike.
        let step = [predictor.step_cycles(program, 0); 2];
        let answer = [predictor.answer_cycles(program), program.answer_cycles()];
        Remembering { predictor, settings, step, answer, besides: [0; 2], told: 0, due: 0, stepped: false }
    }

    fn count(&mut self, told: u32, besides: [u32; 2]) {
        (self.told, self.due) = (self.told.wrapping_add(told), self.due.wrapping_add(besides[0]));
        self.besides.iter_mut().zip(besides).for_each(|(sum, cycles)| *sum += u64::from(cycles));
    }
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
}

/// An answer that a backend did not give as the integer model does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The answer, counted from 1.
    pub number: usize,
    /// The backend's class or symbol, and logit.
    pub found: (u8, i32),
    /// The integer model's.
    pub expected: (u8, i32),
}

impl Paired {
    /// Opens a backend and programs it with a model. A board that holds the same program already keeps it.
    pub fn open(
        model: &Model,
        backend: &Backend,
        options: &BackendOptions,
        programming: &Programming,
    ) -> anyhow::Result<Paired> {
        Paired::remembering(model, backend, options, programming, None)
    }

    /// The same with memoization, by a predictor that a backend in software is made with, and a board has.
    pub fn remembering(
        model: &Model,
        backend: &Backend,
        options: &BackendOptions,
        programming: &Programming,
        memo: Option<Memoization>,
    ) -> anyhow::Result<Paired> {
        let wanted = geometry_for(model, options.preset, programming)?;
        if *backend != Backend::Integer && Geometry::named(wanted.name).is_none() {
            let (cell, hidden) = (model.design.cell.name(), model.design.shape.hidden);
            let text = format!("no hardware computes {hidden} cells of kind {cell}; give --on integer");
            return Err(Failure::Usage(text).into());
        }
        // A board has the predictor that it was built with.
        let predictor = memo.map(|how| how.predictor).filter(|_| !matches!(backend, Backend::Port(_)));
        predictor.iter().try_for_each(|predictor| buildable(predictor, &wanted))?;
        // Whatever the backend, a model that does not fit is an error before anything is opened.
        model.program(wanted, programming)?;
        let build = memo.map(|how| how.predictor);
        let opening = Opening { geometry: wanted, build, trace: true, vcd: None, baud: options.baud, cache: cache() };
        let mut device = open::<Crossbar>(backend, &opening)?;
        let Identity { geometry, build: predictor, .. } = device.identify()?;
        let program = model.program(geometry, programming)?;
        device.ensure(&program, &mut |_, _| {})?;
        let (mut beside, mut remembering) = (IntegerModel::new(geometry), None);
        match (memo, predictor) {
            (Some(how), Some(predictor)) => {
                device.memoize(&how.settings)?;
                beside = beside.memoizing(Memoization { predictor, ..how });
                remembering = Some(Remembering::new(predictor, how.settings, &program));
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
        Ok(Paired {
            backend: device,
            beside,
            geometry,
            cycles: Cycles::default(),
            answers: 0,
            disagreements: 0,
            first: None,
            memo: remembering,
            tallies: Tallies::default(),
            miscount: None,
        })
    }

    /// Answers and sequences' counters in which the two differ.
    pub fn differing(&self) -> usize {
        self.disagreements + self.tallies.differing
    }

    /// The predictor of the backend; `None` where no columns are remembered.
    pub fn predictor(&self) -> Option<Predictor> {
        self.memo.map(|memo| memo.predictor)
    }

    /// The columns that were remembered since the last call; `None` where no columns are remembered.
    pub fn take_remembered(&mut self) -> Option<Remembered> {
        let memo = self.memo.as_mut()?;
        let counted = Counted::of(&self.beside.take_counters(), Organisation::found(&memo.predictor), 0);
        Some(Remembered::new(&counted, std::mem::take(&mut memo.besides)))
    }

    /// Holds the counters and cycles of the sequence so far, where columns are remembered, against the integer model's. It is
    /// done before every `clear`.
    pub fn compare_counters(&mut self) -> Result<(), DeviceError> {
        let Some(memo) = self.memo.as_mut().filter(|memo| memo.stepped) else { return Ok(()) };
        memo.stepped = false;
        let (found, expected) = (self.backend.tally()?, self.beside.tally()?);
        // A backend without a clock counts no cycles.
        let due = if memo.told == 0 { 0 } else { memo.due.wrapping_add(expected.cycles) };
        self.tallies.sequences += 1;
        let (number, gates) = (self.tallies.sequences, names(self.geometry.cell));
        if let Some(miscount) = Miscount::find(number, gates, [&found, &expected], [memo.told, due]) {
            self.tallies.differing += 1;
            self.miscount.get_or_insert(miscount);
        }
        Ok(())
    }

    /// Counts the cycles of a step, which has some more than one with codes.
    fn stepped(&mut self, cycles: u32, more: u32) {
        let Cycles { steps, sum, most, .. } = &mut self.cycles;
        (*steps, *sum, *most) = (*steps + 1, *sum + u64::from(cycles), cycles.max(*most));
        if let Some(memo) = &mut self.memo {
            memo.count(cycles, memo.step.map(|cycles| cycles + more));
            memo.stepped = true;
        }
    }

    /// Counts an answer, and holds it against the integer model's.
    fn answered(&mut self, answer: &Answer, expected: &Answer) {
        self.answers += 1;
        self.cycles.answer = self.cycles.answer.max(answer.cycles);
        if let Some(memo) = &mut self.memo {
            memo.count(answer.cycles, memo.answer);
        }
        let (found, expected) = ((answer.word, answer.logit), (expected.word, expected.logit));
        if found != expected {
            self.disagreements += 1;
            self.first.get_or_insert(Disagreement { number: self.answers, found, expected });
        }
    }
}

impl Device<Crossbar> for Paired {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        self.backend.identify()
    }

    fn load_with(&mut self, program: &Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.backend.load_with(program, progress)?;
        if let Some(Remembering { predictor, settings, .. }) = self.memo {
            self.backend.memoize(&settings)?;
            self.memo = Some(Remembering::new(predictor, settings, program));
        }
        self.beside.load(program)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.compare_counters()?;
        if let Some(memo) = &mut self.memo {
            (memo.told, memo.due) = (0, 0);
        }
        self.backend.clear()?;
        self.beside.clear()
    }

    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        let more = if matches!(call, Call::Symbol(_)) { SYMBOL_CYCLES } else { 0 };
        let (reply, expected) = (self.backend.call(call.clone())?, self.beside.call(call)?);
        match (reply, expected) {
            (Reply::Cycles(cycles), _) => self.stepped(cycles, more),
            (Reply::Answer(answer), Reply::Answer(expected)) => self.answered(&answer, &expected),
            _ => {}
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

/// The size of device for a model: the preset given, else the usual one whose memory has bits enough for its weights as
/// programmed; for GRUs, and for more cells than hardware has, one that is software alone. Whether all of them fit is seen when
/// it is programmed.
pub fn geometry_for(
    model: &Model,
    preset: Option<engram_spec::memnet::Geometry>,
    programming: &Programming,
) -> Result<Geometry, Failure> {
    let Some(preset) = preset else {
        let bits = model.design.precisions.weights.bits().unwrap_or(0);
        let small = geometry::ECP5_25F;
        if model.design.cell == Cell::Gru || model.design.shape.hidden > small.hidden {
            return Ok(in_software(model.design.cell));
        }
        let fits = bits <= small.weight_bits && programming.weight_noise == 0.0;
        return Ok(if fits { small } else { geometry::ECP5_85F });
    };
    let none = || Failure::Usage(format!("there is no crossbar LSTM of size '{}'", preset.name));
    Geometry::named(preset.name).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use engram_crossbar::{Precision, Precisions, Recipe, train};
    use engram_sequences::Data;
    use engram_sequences::synthetic::Waves;

    use super::*;

    /// A backend of the smallest size with thresholds that remember much, and its first step given.
    fn stepped(backend: &Backend) -> Paired {
        let waves = Waves { recordings: 2, ..Waves::default() }.generate().unwrap();
        let precisions = Precisions::alike(Precision::Bits(4));
        let recipe = Recipe { hidden: 8, epochs: 1, precisions, ..Recipe::default() };
        let model = train(&Data::Recordings(waves), &recipe, 1, None, &|_| ()).unwrap();
        let mut how =
            Memoization { predictor: Predictor { width: 16, ..Predictor::default() }, ..Memoization::default() };
        how.settings.theta = [200; 4];
        let options = BackendOptions::of(engram_spec::memnet::geometry::TINY);
        let mut device = Paired::remembering(&model, backend, &options, &Programming::default(), Some(how)).unwrap();
        for _ in 0..3 {
            device.step(&[1, -2, 3]).unwrap();
        }
        device.answer().unwrap();
        device
    }

    #[test]
    fn counters_and_cycles_are_compared_sequence_by_sequence() {
        let mut device = stepped(&Backend::Simulation);
        device.clear().unwrap();
        device.clear().unwrap();
        assert_eq!(device.tallies, Tallies { sequences: 1, differing: 0 });
        assert!(device.beside.take_counters().reuse() > 0.0);
        // A cycle more than is due.
        device.step(&[0; 3]).unwrap();
        device.memo.as_mut().unwrap().told += 1;
        device.clear().unwrap();
        assert_eq!(device.tallies, Tallies { sequences: 2, differing: 1 });
        let first = device.miscount.take().unwrap();
        assert_eq!((first.sequence, first.counter.as_str(), first.found), (2, "clock cycles", first.expected + 1));
        // A backend without a clock counts no cycles, and counts as another predictor would not.
        let mut device = stepped(&Backend::Integer);
        device.compare_counters().unwrap();
        assert_eq!(device.tallies, Tallies { sequences: 1, differing: 0 });
        device.beside.symbol(0).unwrap();
        device.step(&[0; 3]).unwrap();
        device.clear().unwrap();
        assert_eq!(device.tallies, Tallies { sequences: 2, differing: 1 });
        let told = device.miscount.unwrap().to_string();
        assert!(told.starts_with("sequence 2, ") && told.contains(": found "), "{told}");
    }
}
