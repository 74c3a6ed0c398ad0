//! Test sequences put to a recurrent backend, each answer held against the integer model's.

use std::fmt;
use std::time::Instant;

use engram_crossbar::evaluate::{lost, recordings_on, stream_on};
use engram_crossbar::{Loss, Meaning, Model, Precisions, Programming, evaluate};
use serde::Serialize;

use super::Eval;
use crate::agreement::Difference;
use crate::backend::Backend;
use crate::command::train::crossbar::Measured;
use crate::console::{BAD, Console, GOOD, seconds_since, styled};
use crate::crossbar::arguments::NoiseArguments;
use crate::crossbar::counters::{Counted, Told};
use crate::crossbar::gates::Columns;
use crate::crossbar::miscount::Miscount;
use crate::crossbar::paired::{Cycles, Paired};
use crate::crossbar::parting::explain;
use crate::crossbar::remembering::{RememberArguments, no_thresholds};
use crate::crossbar::test_data::{Questions, Wanted, find, name};
use crate::failure::Failure;
use crate::hardware::Organisation;

/// How an evaluation came out.
#[derive(Debug, Serialize)]
pub struct Report {
    source: String,
    precisions: Precisions,
    hidden: usize,
    /// The backend's name; `float` where a model that no device can hold ran in its own arithmetic.
    #[serde(rename = "body")]
    pub backend: String,
    preset: Option<&'static str>,
    noise_weights: f64,
    noise_read: f64,
    /// Recordings or symbols.
    kind: &'static str,
    pub questions: usize,
    wrong: usize,
    pub error_percent: f64,
    /// The mean cross-entropy in nats, by the integer model's logits.
    cross_entropy: f64,
    /// Wrong answers behind the cue of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_error_percent: Option<f64>,
    /// Answers that differ from the integer model's; `null` where no device can hold the model.
    pub disagreements: Option<usize>,
    /// Of a step.
    pub cycles_mean: f64,
    cycles_max: u32,
    /// Of the readout, at most.
    answer_cycles_max: u32,
    seconds: f64,
    /// The counts of memoization, gate by gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counters: Option<Told>,
    /// Sequences whose counters or cycles differ from the integer model's.
    #[serde(skip)]
    tallies: usize,
    /// The first number of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_miscount: Option<Miscount>,
    /// The first answer that differs, by layer where the backend can be looked into.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_disagreement: Option<Difference>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { source, precisions, hidden, backend, kind, questions, wrong, .. } = self;
        let Precisions { weights, dac, adc } = precisions;
        let preset = self.preset.map(|preset| format!(" ({preset})")).unwrap_or_default();
        writeln!(f, "{source}, {hidden} cells, bits of weights {weights}, DAC {dac}, ADC {adc}, on {backend}{preset}")?;
        if self.noise_weights > 0.0 || self.noise_read > 0.0 {
            writeln!(f, "  noise          weights {}, reads {} steps", self.noise_weights, self.noise_read)?;
        }
        writeln!(f, "  error          {:.1} %: {wrong} of {questions} {kind}", self.error_percent)?;
        self.answer_error_percent.iter().try_for_each(|error| writeln!(f, "  of the answers {error:.1} %"))?;
        writeln!(f, "  cross-entropy  {:.3} nats", self.cross_entropy)?;
        match self.disagreements.filter(|_| self.backend != Backend::Integer.to_string()) {
            Some(0) => writeln!(f, "  integer model  {}", styled(GOOD, "the same answer and logit every time"))?,
            Some(count) => writeln!(f, "  integer model  {}", styled(BAD, format!("{count} answers differ")))?,
            None => {}
        }
        self.first_disagreement.iter().try_for_each(|first| writeln!(f, "{first}"))?;
        if self.cycles_max > 0 {
            let (mean, most, answer) = (self.cycles_mean, self.cycles_max, self.answer_cycles_max);
            writeln!(f, "  cycles         {mean:.1} a step, {most} at most; {answer} for the readout")?;
        }
        self.counters.iter().try_for_each(|counters| writeln!(f, "{counters}"))?;
        self.first_miscount.iter().try_for_each(|first| writeln!(f, "    {first} (integer model)"))?;
        write!(f, "  time           {:.1} s", self.seconds)
    }
}

impl Report {
    /// An answer that differs from the integer model's is a check that failed.
    pub fn check(&self) -> anyhow::Result<()> {
        let told = match (self.disagreements.unwrap_or(0), self.tallies) {
            (0, 0) => return Ok(()),
            (0, count) => format!("the counters or cycles of {count} sequences differ from the integer model's"),
            (count, _) => format!("{count} of {} answers differ from the integer model's", self.questions),
        };
        Err(Failure::Check(told).into())
    }
}

/// The answers, and how they were come by.
struct Evaluated {
    backend: String,
    preset: Option<&'static str>,
    all: Loss,
    answers: Option<Loss>,
    cycles: Cycles,
    disagreements: Option<usize>,
    counters: Option<Told>,
    tallies: usize,
    miscount: Option<Miscount>,
    first: Option<Difference>,
    seconds: f64,
}

impl Eval {
    /// Puts the test sequences to a crossbar model.
    pub fn evaluate_recurrent(&self, model: &Model, console: &Console) -> anyhow::Result<Report> {
        let wanted = Wanted { set: self.set, stories: &self.source, task: self.task };
        let data = find(model, wanted, console)?;
        let source = name(&data).to_string();
        let questions = Questions::of(data).limited(self.limit());
        let programming = self.noise.programming();
        let is_device = model.design.precisions.is_device();
        let Evaluated {
            backend,
            preset,
            all,
            answers,
            cycles,
            disagreements,
            counters,
            tallies,
            miscount,
            first,
            seconds,
        } = match self.on.clone().or(is_device.then_some(Backend::Integer)) {
            Some(backend) => self.on_recurrent_backend(console, model, &questions, &backend, &programming)?,
            None => {
                self.refuse_device_options()?;
                as_trained(model, &questions)?
            }
        };
        let Measured { targets, error_percent, cross_entropy, answer_error_percent } = Measured::of(all, answers);
        Ok(Report {
            source,
            precisions: model.design.precisions,
            hidden: model.design.shape.hidden,
            backend,
            preset,
            noise_weights: programming.weight_noise,
            noise_read: programming.read_noise,
            kind: questions.name(),
            questions: targets,
            wrong: all.wrong,
            error_percent,
            cross_entropy,
            answer_error_percent,
            disagreements,
            cycles_mean: (cycles.mean() * 1e3).round() / 1e3,
            cycles_max: cycles.most,
            answer_cycles_max: cycles.answer,
            seconds,
            counters,
            tallies,
            first_miscount: miscount,
            first_disagreement: first,
        })
    }

    /// A model with real numbers in it runs as it was trained, without a device that could be noisy or of a size.
    fn refuse_device_options(&self) -> Result<(), Failure> {
        let noisy = self.noise.programming() != NoiseArguments::none().programming();
        let memo = self.counters || self.memo != RememberArguments::none();
        match (noisy || memo, self.backend.preset) {
            (false, None) => Ok(()),
            _ => Err(Failure::Usage(
                "noise, memoization and --preset need a model in codes, but this model has real numbers: remove them, or \
                 convert the model with `engram quantize`"
                    .to_string(),
            )),
        }
    }

    fn on_recurrent_backend(
        &self,
        console: &Console,
        model: &Model,
        questions: &Questions,
        backend: &Backend,
        programming: &Programming,
    ) -> anyhow::Result<Evaluated> {
        if self.counters && (model.memoization.is_none() || self.memo.memo == Some(false)) {
            let off = "--counters counts nothing with --memo off: remove one of them".to_string();
            return Err(model.memoization.map_or_else(no_thresholds, |_| Failure::Usage(off)).into());
        }
        let opening = console.spinner(format!("opening {backend}"));
        let mut device = self.memo.open(model, backend, &self.backend, programming)?;
        opening.finish_and_clear();
        let bar = console.bar(questions.count() as u64, "asking");
        let start = Instant::now();
        let cue = match (&model.meaning, questions) {
            (Meaning::Symbols { cue: Some(cue), .. }, Questions::Symbols(symbols)) => Some((*cue, symbols.as_slice())),
            _ => None,
        };
        let (mut all, mut answers) = (Loss::default(), cue.map(|_| Loss::default()));
        let mut hear = |device: &Paired, heard| {
            let loss = lost(&device.beside, model, heard);
            if let (Some(answers), Some((cue, symbols))) = (&mut answers, cue)
                && symbols[all.targets] == cue
            {
                *answers = answers.and(loss);
            }
            all = all.and(loss);
            bar.inc(1);
        };
        match questions {
            Questions::Recordings(recordings) => recordings_on(&mut device, model, recordings, &mut hear)?,
            Questions::Symbols(symbols) => stream_on(&mut device, model, symbols, &mut hear)?,
        };
        let seconds = seconds_since(start);
        bar.finish_and_clear();
        device.compare_counters()?;
        let counted = device.beside.take_counters();
        let organisation = device.predictor().map(|predictor| Organisation::found(&predictor));
        let (tallies, miscount) = (device.tallies.differing, device.miscount.take());
        let columns = Columns::of(&model.program(device.geometry, programming)?);
        let counters = organisation
            .filter(|_| self.counters)
            .map(|organisation| Told::new(Counted::of(&counted, organisation, tallies), &counted, columns.names));
        let (cycles, disagreements, preset) = (device.cycles, device.disagreements, device.geometry.name);
        let first = device.first.map(|first| explain(model, &mut device, &columns, questions, first)).transpose()?;
        let (backend, preset, disagreements) = (backend.to_string(), Some(preset), Some(disagreements));
        Ok(Evaluated {
            backend,
            preset,
            all,
            answers,
            cycles,
            disagreements,
            counters,
            tallies,
            miscount,
            first,
            seconds,
        })
    }
}

/// Runs a model that no device can hold as it was trained.
fn as_trained(model: &Model, questions: &Questions) -> anyhow::Result<Evaluated> {
    let start = Instant::now();
    let (all, answers) = match questions {
        Questions::Recordings(recordings) => (evaluate::recordings(model, recordings)?, None),
        Questions::Symbols(symbols) => (evaluate::stream(model, symbols)?, evaluate::answers(model, symbols)?),
    };
    let (backend, cycles, seconds) = ("float".to_string(), Cycles::default(), seconds_since(start));
    Ok(Evaluated {
        backend,
        preset: None,
        all,
        answers,
        cycles,
        disagreements: None,
        counters: None,
        tallies: 0,
        miscount: None,
        first: None,
        seconds,
    })
}
