//! Test sequences put to a crossbar backend, each answer compared with the integer model's.

use std::fmt;
use std::time::Instant;

use engram_babi::Parts;
use engram_crossbar::{Model, Precisions, Programming, evaluate};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::crossbar::agreement::Agreement;
use engram_session::crossbar::counters::CountedByGate;
use engram_session::crossbar::draws::{Draw, Draws};
use engram_session::crossbar::measured::{Measured, nothing};
use engram_session::crossbar::{Miscount, no_thresholds};
use serde::Serialize;

use super::{ComparedAnswers, Eval, Evaluated};
use crate::arguments::crossbar::NoiseArguments;
use crate::arguments::memo::RememberArguments;
use crate::console::{Console, seconds_since};

/// The evaluation of a crossbar network.
#[derive(Debug, Serialize)]
pub struct CrossbarEvaluation {
    source: String,
    precisions: Precisions,
    hidden: usize,
    noise_weights: f64,
    noise_read: f64,
    stuck_cells: f64,
    drift_seconds: f64,
    wire: f64,
    /// Recordings or symbols.
    kind: &'static str,
    #[serde(flatten)]
    pub compared: ComparedAnswers,
    /// The mean cross-entropy in nats, by the integer model's logits.
    cross_entropy: f64,
    /// Wrong answers behind the cue of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_error_percent: Option<f64>,
    /// The same of the most frequent answer to every question.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_guessing_error_percent: Option<f64>,
    /// A note where the answers are no better than guessed.
    #[serde(skip)]
    pub note: Option<String>,
    /// Mean and spread of several draws of noise; the other numbers are those of the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    noise_draws: Option<Draws>,
    /// The cycles of the readout, at most.
    answer_cycles_max: u32,
    /// The counts of memoization, gate by gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counters: Option<CountedByGate>,
    /// Sequences whose counters or cycles differ from the integer model's.
    #[serde(skip)]
    sequences_differing: usize,
    /// The first number of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_miscount: Option<Miscount>,
}

impl fmt::Display for CrossbarEvaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CrossbarEvaluation { source, precisions, hidden, kind, compared, .. } = self;
        let ComparedAnswers { backend, questions, wrong, error_percent, cycles_mean, cycles_max, seconds, .. } =
            compared;
        let Precisions { weights, dac, adc } = precisions;
        let place = compared.place();
        writeln!(f, "{source}, {hidden} cells, bits of weights {weights}, DAC {dac}, ADC {adc}, on {place}")?;
        if self.noise_weights > 0.0 || self.noise_read > 0.0 {
            writeln!(f, "  noise          weights {}, reads {} steps", self.noise_weights, self.noise_read)?;
        }
        if [self.stuck_cells, self.drift_seconds, self.wire] != [0.0; 3] {
            let CrossbarEvaluation { stuck_cells, drift_seconds, wire, .. } = self;
            let percent = 100.0 * stuck_cells;
            writeln!(
                f,
                "  cells          {percent} % stuck, {drift_seconds} s of drift, wires of {wire} of a cell's resistance"
            )?;
        }
        writeln!(f, "  error          {error_percent:.1} %: {wrong} of {questions} {kind}")?;
        self.answer_error_percent.iter().try_for_each(|error| writeln!(f, "  of the answers {error:.1} %"))?;
        self.noise_draws.iter().try_for_each(|draws| writeln!(f, "  {draws}"))?;
        writeln!(f, "  cross-entropy  {:.3} nats", self.cross_entropy)?;
        let agreement = compared.agreement().filter(|_| *backend != Backend::Integer.to_string());
        agreement.iter().try_for_each(|agreement| writeln!(f, "{agreement}"))?;
        compared.first_disagreement.iter().try_for_each(|first| writeln!(f, "{first}"))?;
        if *cycles_max > 0 {
            let answer = self.answer_cycles_max;
            writeln!(f, "  cycles         {cycles_mean:.1} a step, {cycles_max} at most; {answer} for the readout")?;
        }
        self.counters.iter().try_for_each(|counters| writeln!(f, "{counters}"))?;
        self.first_miscount.iter().try_for_each(|first| writeln!(f, "    {first} (integer model)"))?;
        write!(f, "  time           {seconds:.1} s")
    }
}

impl CrossbarEvaluation {
    /// An answer or a counter that differs from the integer model's is a check that failed.
    pub fn check(&self) -> anyhow::Result<()> {
        self.compared.check()?;
        let later = self.noise_draws.iter().flat_map(|draws| &draws.each);
        if let Some(draw) = later.into_iter().find(|draw| draw.disagreements > 0) {
            let (count, all) = (draw.disagreements, draw.measured.targets);
            let text =
                format!("{count} of {all} answers differ from the integer model's under noise of seed {}", draw.seed);
            return Err(Failure::Check(text).into());
        }
        match self.sequences_differing {
            0 => Ok(()),
            count => {
                let text = format!("the counters or cycles of {count} sequences differ from the integer model's");
                Err(Failure::Check(text).into())
            }
        }
    }
}

impl Eval {
    /// Puts the test sequences to a crossbar model.
    pub fn evaluate_crossbar(&self, model: &Model, console: &Console) -> anyhow::Result<CrossbarEvaluation> {
        let data = self.source.sequences(model, self.set, self.task, Parts::Test, console)?;
        let source = data.name().to_string();
        let questions = Questions::of(data).limited(self.limit());
        if questions.count() == 0 {
            return Err(nothing(&questions).into());
        }
        let is_device = model.design.precisions.is_device();
        let backend = self.on.clone().or(is_device.then_some(Backend::Integer));
        let (Evaluated { backend, preset, found, seconds }, draws) = match &backend {
            Some(backend) => self.with_draws(console, model, &questions, backend)?,
            None => {
                self.refuse_device_options()?;
                let work = console.spinner("asking");
                let found = as_trained(model, &questions)?;
                work.finish();
                (found, None)
            }
        };
        let programming = self.noise.programming();
        let measured = Measured::of(model, &questions, found.all, found.answers)?;
        Ok(CrossbarEvaluation {
            source,
            precisions: model.design.precisions,
            hidden: model.design.shape.hidden,
            noise_weights: programming.cells.noise,
            noise_read: programming.read_noise,
            stuck_cells: programming.cells.stuck,
            drift_seconds: programming.cells.drift,
            wire: programming.cells.wire,
            kind: questions.name(),
            compared: ComparedAnswers {
                backend,
                preset,
                questions: measured.targets,
                wrong: found.all.wrong,
                error_percent: measured.error_percent,
                guessing_error_percent: measured.guessing_error_percent,
                disagreements: preset.map(|_| found.disagreements),
                cycles_mean: (found.cycles.mean() * 1e3).round() / 1e3,
                cycles_max: found.cycles.most,
                seconds,
                first_disagreement: found.first,
            },
            cross_entropy: measured.cross_entropy,
            answer_error_percent: measured.answer_error_percent,
            answer_guessing_error_percent: measured.answer_guessing_error_percent,
            note: measured.note,
            noise_draws: draws,
            answer_cycles_max: found.cycles.answer,
            counters: found.counters.filter(|_| self.counters),
            sequences_differing: found.sequences_differing,
            first_miscount: found.miscount,
        })
    }

    /// A model with real numbers in it runs as it was trained, without a device that could be noisy or of a size.
    fn refuse_device_options(&self) -> Result<(), Failure> {
        let noisy = self.noise != NoiseArguments::none() || self.noise_draws > 1;
        let memo = self.counters || self.memo != RememberArguments::default();
        match (noisy || memo, self.backend.preset) {
            (false, None) => Ok(()),
            _ => Err(Failure::Usage(
                "noise, memoization and --preset need a model in codes, but this model has real numbers: remove them, or \
                 convert the model with `engram quantize`"
                    .to_string(),
            )),
        }
    }

    /// Puts the questions to a backend once, or once for each draw of noise; gives the first evaluation, and what all come to.
    fn with_draws(
        &self,
        console: &Console,
        model: &Model,
        questions: &Questions,
        backend: &Backend,
    ) -> anyhow::Result<(Evaluated<Agreement>, Option<Draws>)> {
        let several = self.noise_draws > 1;
        if several && !self.noise.is_any() {
            let text = "--noise-draws draws no noise: give --noise-weights, --noise-read, --stuck-cells or --drift";
            return Err(Failure::Usage(text.to_string()).into());
        }
        let mut first: Option<Evaluated<Agreement>> = None;
        let (mut each, mut seconds) = (Vec::new(), 0.0);
        for noise in self.noise.draws(self.noise_draws)? {
            let evaluated = self.on_crossbar_backend(console, model, questions, backend, &noise.programming())?;
            let found = &evaluated.found;
            let measured = Measured::of(model, questions, found.all, found.answers)?;
            let disagreements = found.disagreements;
            each.push(Draw { seed: noise.noise_seed, measured, disagreements });
            seconds += evaluated.seconds;
            first.get_or_insert(evaluated);
        }
        if !several && self.noise.is_any() {
            console.note("one draw of noise says little of the next: --noise-draws 10 gives mean and spread");
        }
        let first = first.ok_or_else(|| Failure::Usage("--noise-draws must be 1 at least".to_string()))?;
        let seconds = (seconds * 1e3).round() / 1e3;
        Ok((Evaluated { seconds, ..first }, several.then(|| Draws::of(each))))
    }

    fn on_crossbar_backend(
        &self,
        console: &Console,
        model: &Model,
        questions: &Questions,
        backend: &Backend,
        programming: &Programming,
    ) -> anyhow::Result<Evaluated<Agreement>> {
        if self.counters && (model.memoization.is_none() || self.memo.memo == Some(false)) {
            let off = "--counters counts nothing with --memo off: remove one of them".to_string();
            return Err(model.memoization.map_or_else(no_thresholds, |_| Failure::Usage(off)).into());
        }
        let opening = console.spinner(format!("opening {backend}"));
        let mut device = self.memo.remember().open(model, backend, &self.backend.options(), programming, &opening)?;
        opening.finish();
        self.noise.note_coarsened(model, device.geometry, console)?;
        let bar = console.bar(questions.count(), "asking", questions.unit());
        let start = Instant::now();
        let found = Agreement::find(model, &mut device, questions, programming, || bar.inc())?;
        let seconds = seconds_since(start);
        bar.finish();
        Ok(Evaluated { backend: backend.to_string(), preset: Some(found.preset), found, seconds })
    }
}

/// Runs a model that no device can hold as it was trained.
fn as_trained(model: &Model, questions: &Questions) -> anyhow::Result<Evaluated<Agreement>> {
    let start = Instant::now();
    let (all, answers) = match questions {
        Questions::Recordings(recordings) => (evaluate::recordings(model, recordings)?, None),
        Questions::Symbols(symbols) => (evaluate::stream(model, symbols)?, evaluate::answers(model, symbols)?),
    };
    let found = Agreement { all, answers, ..Agreement::default() };
    Ok(Evaluated { backend: "float".to_string(), preset: None, found, seconds: seconds_since(start) })
}
