//! Test sequences put to a recurrent backend, each answer held against the integer model's.

use std::fmt;
use std::time::Instant;

use engram_crossbar::{Model, Precisions, Programming, evaluate};
use engram_sequences::Questions;
use engram_session::backend::Backend;
use engram_session::crossbar::agreement::Agreement;
use engram_session::crossbar::counters::CountedByGate;
use engram_session::crossbar::measured::Measured;
use engram_session::crossbar::test_data::{Wanted, find};
use engram_session::crossbar::{Cycles, Miscount, no_thresholds};
use engram_session::{Difference, Failure};
use serde::Serialize;

use super::Eval;
use crate::arguments::crossbar::NoiseArguments;
use crate::arguments::memo::RememberArguments;
use crate::console::{BAD, Console, GOOD, seconds_since, styled};

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
    pub counters: Option<CountedByGate>,
    /// Sequences whose counters or cycles differ from the integer model's.
    #[serde(skip)]
    sequences_differing: usize,
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
        let told = match (self.disagreements.unwrap_or(0), self.sequences_differing) {
            (0, 0) => return Ok(()),
            (0, count) => format!("the counters or cycles of {count} sequences differ from the integer model's"),
            (count, _) => format!("{count} of {} answers differ from the integer model's", self.questions),
        };
        Err(Failure::Check(told).into())
    }
}

/// The answers, and how long they took.
struct Evaluated {
    /// The name of the backend, or of the arithmetic.
    backend: String,
    /// `None` where a model that no device can hold ran as it was trained.
    preset: Option<&'static str>,
    found: Agreement,
    seconds: f64,
}

impl Eval {
    /// Puts the test sequences to a crossbar model.
    pub fn evaluate_recurrent(&self, model: &Model, console: &Console) -> anyhow::Result<Report> {
        let stories = self.source.stories();
        let wanted = Wanted { set: self.set, stories: &stories, task: self.task };
        let data = find(model, wanted, &|text| console.warn(text))?;
        let source = data.name().to_string();
        let questions = Questions::of(data).limited(self.limit());
        let programming = self.noise.programming();
        let is_device = model.design.precisions.is_device();
        let Evaluated { backend, preset, found, seconds } =
            match self.on.clone().or(is_device.then_some(Backend::Integer)) {
                Some(backend) => self.on_recurrent_backend(console, model, &questions, &backend, &programming)?,
                None => {
                    self.refuse_device_options()?;
                    as_trained(model, &questions)?
                }
            };
        let Measured { targets, error_percent, cross_entropy, answer_error_percent } =
            Measured::of(found.all, found.answers);
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
            wrong: found.all.wrong,
            error_percent,
            cross_entropy,
            answer_error_percent,
            disagreements: preset.map(|_| found.disagreements),
            cycles_mean: (found.cycles.mean() * 1e3).round() / 1e3,
            cycles_max: found.cycles.most,
            answer_cycles_max: found.cycles.answer,
            seconds,
            counters: found.counters.filter(|_| self.counters),
            sequences_differing: found.sequences_differing,
            first_miscount: found.miscount,
            first_disagreement: found.first,
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
        let mut device = self.memo.remember().open(model, backend, &self.backend.options(), programming)?;
        opening.finish_and_clear();
        let bar = console.bar(questions.count() as u64, "asking");
        let start = Instant::now();
        let found = Agreement::find(model, &mut device, questions, programming, || bar.inc(1))?;
        let seconds = seconds_since(start);
        bar.finish_and_clear();
        Ok(Evaluated { backend: backend.to_string(), preset: Some(found.preset), found, seconds })
    }
}

/// Runs a model that no device can hold as it was trained.
fn as_trained(model: &Model, questions: &Questions) -> anyhow::Result<Evaluated> {
    let start = Instant::now();
    let (all, answers) = match questions {
        Questions::Recordings(recordings) => (evaluate::recordings(model, recordings)?, None),
        Questions::Symbols(symbols) => (evaluate::stream(model, symbols)?, evaluate::answers(model, symbols)?),
    };
    let found = Agreement {
        preset: "",
        all,
        answers,
        cycles: Cycles::default(),
        disagreements: 0,
        first: None,
        counters: None,
        sequences_differing: 0,
        miscount: None,
    };
    Ok(Evaluated { backend: "float".to_string(), preset: None, found, seconds: seconds_since(start) })
}
