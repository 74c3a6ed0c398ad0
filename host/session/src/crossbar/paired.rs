//! The crossbar's part of a backend with a model loaded: how it is opened, and the counters of memoization.

use engram_crossbar::program::SOFTWARE;
use engram_crossbar::{IntegerModel, Memoization, Model, Programming};
use engram_spec::crossbar::memo::{Predictor, Settings};
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use engram_spec::crossbar::{Call, Cell, Crossbar, Geometry, Identity, Program, Reply, Requests, geometry};
use engram_spec::{Answer, DeviceError};

use super::counters::Counted;
use super::gates::names;
use super::miscount::Miscount;
use super::remembered::Remembered;
use crate::backend::{Backend, BackendOptions, Opening, cache, open};
use crate::failure::Failure;
use crate::hardware::{Organisation, buildable};
use crate::paired::Compared;
use crate::progress::Work;

/// A backend and the integer model beside it, both with the same program and the same sequence.
pub type Paired = crate::paired::Paired<Crossbar>;

/// The counters of memoization, compared sequence by sequence.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    /// Sequences that were counted.
    pub sequences: usize,
    /// The sequences in which a number of the backend is not the integer model's: one of its counters, or its clock cycles.
    pub differing: usize,
    /// The first number of them.
    pub first: Option<Miscount>,
    /// The predictor and its thresholds, where columns are remembered.
    memo: Option<Remembering>,
}

/// A sequence on a backend that remembers columns.
#[derive(Clone, Copy, Debug)]
struct Remembering {
    cell: Cell,
    predictor: Predictor,
    settings: Settings,
    /// The cycles of a step besides the walk over its columns, and of an answer: with memoization and without.
    step: [u32; 2],
    answer: [u32; 2],
    /// The sums of these cycles since [`Paired::take_remembered`] was called.
    besides: [u64; 2],
    /// The cycles that the backend counted of the sequence, and those that are due without the walks; modulo 2^32.
    counted: u32,
    due: u32,
    /// Whether there were steps since the counters were compared.
    stepped: bool,
}

impl Remembering {
    fn new(predictor: Predictor, settings: Settings, program: &Program) -> Remembering {
        // Both begin a step, and end it, alike.
        let step = [predictor.step_cycles(program, 0); 2];
        let answer = [predictor.answer_cycles(program), program.answer_cycles()];
        let cell = program.settings.cell;
        Remembering { cell, predictor, settings, step, answer, besides: [0; 2], counted: 0, due: 0, stepped: false }
    }

    fn count(&mut self, counted: u32, besides: [u32; 2]) {
        (self.counted, self.due) = (self.counted.wrapping_add(counted), self.due.wrapping_add(besides[0]));
        self.besides.iter_mut().zip(besides).for_each(|(sum, cycles)| *sum += u64::from(cycles));
    }
}

impl Compared for Crossbar {
    type Integer = IntegerModel;
    type Tallies = Tallies;
    const COUNTS: bool = true;

    fn answer(reply: &Reply) -> Option<Answer> {
        if let Reply::Answer(answer) = reply { Some(*answer) } else { None }
    }

    fn loaded(device: &mut Paired, program: &Program) -> Result<(), DeviceError> {
        if let Some(memo) = &mut device.tallies.memo {
            *memo = Remembering::new(memo.predictor, memo.settings, program);
            return device.backend.memoize(&memo.settings);
        }
        // A board may remember columns for whoever asked it before.
        match device.backend.identify()?.build {
            Some(_) => device.backend.memoize(&Settings::default()),
            None => Ok(()),
        }
    }

    fn count(device: &mut Paired, call: &Call<'_>, reply: &Reply) {
        let memo = device.tallies.memo.as_mut();
        match (reply, memo) {
            (Reply::Cycles(cycles), memo) => {
                device.cycles.add(*cycles);
                let more = if matches!(call, Call::Symbol(_)) { SYMBOL_CYCLES } else { 0 };
                if let Some(memo) = memo {
                    memo.count(*cycles, memo.step.map(|cycles| cycles + more));
                    memo.stepped = true;
                }
            }
            (Reply::Answer(answer), Some(memo)) => memo.count(answer.cycles, memo.answer),
            _ => {}
        }
    }

    fn clearing(device: &mut Paired) -> Result<(), DeviceError> {
        device.compare_counters()?;
        if let Some(memo) = &mut device.tallies.memo {
            (memo.counted, memo.due) = (0, 0);
        }
        Ok(())
    }
}

impl Paired {
    /// Opens a backend and programs it with a model, which shows on `work`. A board that holds the same program already keeps it.
    pub fn open(
        model: &Model,
        backend: &Backend,
        options: &BackendOptions,
        programming: &Programming,
        work: &Work,
    ) -> anyhow::Result<Paired> {
        Paired::remembering(model, backend, options, programming, None, work)
    }

    /// The same with memoization, by a predictor that a backend in software is made with, and a board has.
    pub fn remembering(
        model: &Model,
        backend: &Backend,
        options: &BackendOptions,
        programming: &Programming,
        memo: Option<Memoization>,
        work: &Work,
    ) -> anyhow::Result<Paired> {
        let wanted = geometry_for(model, options.preset, programming)?;
        if *backend != Backend::Integer && Geometry::named(wanted.name).is_none() {
            let text = format!("no hardware computes {} cells; give --on integer", model.design.shape.hidden);
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
        let (mut beside, mut tallies) = (IntegerModel::new(geometry), Tallies::default());
        if let Some(how) = memo {
            let computes_all = "the device computes every column; build it with --memo, or give --memo off";
            let predictor = predictor.ok_or_else(|| Failure::Input(computes_all.to_string()))?;
            beside = beside.memoizing(Memoization { predictor, ..how });
            tallies.memo = Some(Remembering::new(predictor, how.settings, &program));
        }
        Ok(Paired::new(device, beside, geometry, &program, tallies, work)?)
    }

    /// Answers and sequences' counters in which the two differ.
    pub fn differing(&self) -> usize {
        self.disagreements + self.tallies.differing
    }

    /// The predictor of the backend; `None` where no columns are remembered.
    pub fn predictor(&self) -> Option<Predictor> {
        self.tallies.memo.as_ref().map(|memo| memo.predictor)
    }

    /// The columns that were remembered since the last call; `None` where no columns are remembered.
    pub fn take_remembered(&mut self) -> Option<Remembered> {
        let memo = self.tallies.memo.as_mut()?;
        let counted = Counted::of(&self.beside.take_counters(), Organisation::found(&memo.predictor), 0);
        Some(Remembered::new(&counted, std::mem::take(&mut memo.besides)))
    }

    /// Compares the counters and cycles of the sequence so far with the integer model's, where columns are remembered; every
    /// `clear` does it first.
    pub fn compare_counters(&mut self) -> Result<(), DeviceError> {
        let Some(memo) = self.tallies.memo.as_mut().filter(|memo| memo.stepped) else { return Ok(()) };
        memo.stepped = false;
        let names = names(memo.cell);
        let (found, expected) = (self.backend.tally()?, self.beside.tally()?);
        // A backend without a clock counts no cycles.
        let due = if memo.counted == 0 { 0 } else { memo.due.wrapping_add(expected.cycles) };
        self.tallies.sequences += 1;
        let number = self.tallies.sequences;
        if let Some(miscount) = Miscount::find(number, names, [&found, &expected], [memo.counted, due]) {
            self.tallies.differing += 1;
            self.tallies.first.get_or_insert(miscount);
        }
        Ok(())
    }
}

/// The size of device for a model: the preset given, else the usual one whose memory has bits enough for its weights as
/// programmed; for more cells than hardware has, one that is software alone. Whether all of them fit is seen when
/// it is programmed.
pub fn geometry_for(
    model: &Model,
    preset: Option<engram_spec::memnet::Geometry>,
    programming: &Programming,
) -> Result<Geometry, Failure> {
    let Some(preset) = preset else {
        let bits = model.design.precisions.weights.bits().unwrap_or(0);
        let small = geometry::ECP5_25F;
        if model.design.shape.hidden > small.hidden {
            return Ok(SOFTWARE);
        }
        let fits = bits <= small.weight_bits && programming.cells.is_exact();
        return Ok(if fits { small } else { geometry::ECP5_85F });
    };
    let none = || Failure::Usage(format!("there is no crossbar of size '{}'", preset.name));
    Geometry::named(preset.name).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use engram_crossbar::{Precision, Precisions, Recipe, train};
    use engram_sequences::Data;
    use engram_sequences::synthetic::Waves;
    use engram_spec::Device;

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
        let mut device =
            Paired::remembering(&model, backend, &options, &Programming::default(), Some(how), &Work::hidden())
                .unwrap();
        for _ in 0..3 {
            device.step(&[1, -2, 3]).unwrap();
        }
        device.answer().unwrap();
        device
    }

    fn compared(device: &Paired) -> (usize, usize) {
        (device.tallies.sequences, device.tallies.differing)
    }

    #[test]
    fn counters_and_cycles_are_compared_sequence_by_sequence() {
        let mut device = stepped(&Backend::Simulation);
        device.clear().unwrap();
        device.clear().unwrap();
        assert_eq!(compared(&device), (1, 0));
        assert!(device.beside.take_counters().reuse() > 0.0);
        // A cycle more than is due.
        device.step(&[0; 3]).unwrap();
        device.tallies.memo.as_mut().unwrap().counted += 1;
        device.clear().unwrap();
        assert_eq!(compared(&device), (2, 1));
        let first = device.tallies.first.take().unwrap();
        assert_eq!((first.sequence, first.counter.as_str(), first.found), (2, "clock cycles", first.expected + 1));
        // A backend without a clock counts no cycles, and counts as another predictor would not.
        let mut device = stepped(&Backend::Integer);
        device.compare_counters().unwrap();
        assert_eq!(compared(&device), (1, 0));
        device.beside.symbol(0).unwrap();
        device.step(&[0; 3]).unwrap();
        device.clear().unwrap();
        assert_eq!(compared(&device), (2, 1));
        let text = device.tallies.first.unwrap().to_string();
        assert!(text.starts_with("sequence 2, ") && text.contains(": found "), "{text}");
    }
}
