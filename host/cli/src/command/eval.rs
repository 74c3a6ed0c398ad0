//! `engram eval`: test questions or sequences put to a backend, each answer compared with the integer model's.

pub mod crossbar;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use engram_babi::{Parts, Story};
use engram_memnet::evaluate::evaluate_network;
use engram_memnet::{Model, NetworkKind};
use serde::Serialize;

use crate::arguments::backend::BackendArguments;
use crate::arguments::crossbar::NoiseArguments;
use crate::arguments::crossbar::set_parser;
use crate::arguments::memo::RememberArguments;
use crate::arguments::refuse;
use crate::arguments::source::SourceArguments;
use crate::console::{BAD, Console, GOOD, STRONG, percent, seconds_since, styled};
use engram_session::Difference;
use engram_session::Failure;
use engram_session::backend::{Backend, preset_for};
use engram_session::crossbar::source::Set;
use engram_session::guessing::Guessing;
use engram_session::memnet::agreement::Agreement;
use engram_session::model::Model as AnyModel;

/// The arguments of `engram eval`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram eval qa1.safetensors --generated
  engram eval qa1.safetensors --on simulation --questions 20
  engram eval qa1.safetensors --on verilator --preset up5k
  engram eval qa1.safetensors --data ../shared/babi/en --on /dev/ttyUSB0 --json
  engram eval vowels.safetensors --on verilator --sequences 40
  engram eval vowels.safetensors --noise-weights 0.05 --noise-read 0.5
  engram eval vowels.safetensors --noise-read 0.5 --noise-draws 10
  engram eval text.safetensors --data sonnets.txt
  engram eval vowels-memo.safetensors --counters --organisation serial

An answer agrees if its word (or class) and its logit are the integer model's. If one answer differs, the exit code is 1, and \
engram shows the first layer that differs, if the backend shows its values. A crossbar model is tested with the test part of \
its own data, or with --set, or with the file that --data names. A model with thresholds (`engram memoize`) skips columns; \
--counters compares the backend's counts with the integer model's, sequence by sequence. One draw of noise is no result: \
--noise-draws gives the mean of several, and their spread; everything else is of the first draw.")]
pub struct Eval {
    /// A model's file.
    pub model: PathBuf,
    #[command(flatten)]
    pub source: SourceArguments,
    /// The task [default: the model's].
    #[arg(long, value_name = "N")]
    pub task: Option<u8>,
    /// The data set for a crossbar model [default: the model's].
    #[arg(long, value_name = "NAME", value_parser = set_parser())]
    pub set: Option<Set>,
    /// The backend: integer, simulation, verilator, cxxrtl, netlist, or the path of a serial port. A model that no device
    /// can hold (float, fixed-truncating, fewer than 8 bits) runs as it was trained.
    #[arg(long, value_name = "BACKEND")]
    pub on: Option<Backend>,
    #[command(flatten)]
    pub backend: BackendArguments,
    /// The largest number of questions to ask; for a crossbar model, of recordings or of symbols.
    #[arg(long, visible_alias = "sequences", value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub questions: Option<u32>,
    #[command(flatten)]
    pub noise: NoiseArguments,
    /// Draw the noise so many times, from the seeds that follow each other, and give mean and standard deviation.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000), help_heading = "Crossbar networks")]
    pub noise_draws: u32,
    /// Print the counts of memoization: columns, hits, misses, cycles.
    #[arg(long, help_heading = "Fuzzy memoization")]
    pub counters: bool,
    #[command(flatten)]
    pub memo: RememberArguments,
}

/// The evaluation of a memory network.
#[derive(Debug, Serialize)]
pub struct MemnetEvaluation {
    task: u8,
    #[serde(flatten)]
    kind: NetworkKind,
    source: String,
    #[serde(flatten)]
    pub compared: ComparedAnswers,
    /// A note where the answers are no better than guessed.
    #[serde(skip)]
    note: Option<String>,
}

/// The answers of a backend, compared with the data's and the integer model's.
#[derive(Debug, Serialize)]
pub struct ComparedAnswers {
    /// The backend's name; the name of the arithmetic if no device can hold the model.
    #[serde(rename = "body")]
    pub backend: String,
    preset: Option<&'static str>,
    pub questions: usize,
    wrong: usize,
    error_percent: f64,
    /// The error of the most frequent answer to every question.
    guessing_error_percent: f64,
    /// The number of answers that differ from the integer model's; `null` if no device can hold the model.
    disagreements: Option<usize>,
    /// The mean cycles of a question; of a crossbar network, of a step.
    pub cycles_mean: f64,
    cycles_max: u32,
    seconds: f64,
    /// The first answer that differs, with the layer if the backend shows its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_disagreement: Option<Difference>,
}

impl ComparedAnswers {
    /// The name of the backend with its size.
    fn place(&self) -> String {
        self.preset.map_or(self.backend.clone(), |preset| format!("{} ({preset})", self.backend))
    }

    /// The agreement with the integer model, where a device can hold the model.
    fn agreement(&self) -> Option<String> {
        let text = match self.disagreements? {
            0 => styled(GOOD, "the same answer and logit every time"),
            count => styled(BAD, format!("{count} answers differ")),
        };
        Some(format!("  integer model  {text}"))
    }

    /// An answer that differs from the integer model's is a check that failed.
    pub fn check(&self) -> anyhow::Result<()> {
        match self.disagreements.unwrap_or(0) {
            0 => Ok(()),
            count => {
                let text = format!("{count} of {} answers differ from the integer model's", self.questions);
                Err(Failure::Check(text).into())
            }
        }
    }
}

impl fmt::Display for MemnetEvaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MemnetEvaluation { task, kind, source, compared, .. } = self;
        let ComparedAnswers { questions, wrong, error_percent, cycles_mean, cycles_max, seconds, .. } = compared;
        writeln!(f, "task {task}, {kind}, {source}, on {}", compared.place())?;
        let error = styled(STRONG, format!("{error_percent:.1} %"));
        writeln!(f, "  error          {error}: {wrong} of {questions} questions")?;
        compared.agreement().iter().try_for_each(|agreement| writeln!(f, "{agreement}"))?;
        compared.first_disagreement.iter().try_for_each(|first| writeln!(f, "{first}"))?;
        if *cycles_max > 0 {
            writeln!(f, "  cycles         {cycles_mean:.1} a question, {cycles_max} at most")?;
        }
        write!(f, "  time           {seconds:.1} s")
    }
}

impl Eval {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match AnyModel::load(&self.model)? {
            AnyModel::Memnet(model) => {
                let report = self.evaluate(&model, console)?;
                console.report(&report)?;
                report.note.iter().for_each(|note| console.warn(note));
                report.compared.check()
            }
            AnyModel::Crossbar(model) => {
                let report = self.evaluate_crossbar(&model, console)?;
                console.report(&report)?;
                report.note.iter().for_each(|note| console.warn(note));
                report.check()
            }
        }
    }

    /// Asks the questions of a memory network.
    pub fn evaluate(&self, model: &Model, console: &Console) -> anyhow::Result<MemnetEvaluation> {
        let noise = self.noise != NoiseArguments::none() || self.noise_draws > 1;
        let memo = self.counters || self.memo != RememberArguments::default();
        let crossbar = [("--set", self.set.is_some()), ("noise", noise), ("memoization", memo)];
        refuse(&crossbar, "a crossbar network", "a memory network")?;
        let task = task_of(model, self.task, &self.model)?;
        let data = self.source.read(task, Parts::Test, console)?;
        // A model that no device holds is asked in the arithmetic of its training.
        let held = || self.backend.preset.is_some() || model.program(preset_for(model)).is_ok();
        let backend = self.on.clone().or_else(|| held().then_some(Backend::Integer));
        let Evaluated { backend, preset, found, seconds } = match &backend {
            Some(backend) => self.on_backend(console, model, &data.test, backend)?,
            None => self.as_trained(console, model, &data.test)?,
        };
        let Agreement { evaluation, disagreements, first, .. } = found;
        let right = evaluation.predictions.iter().map(|prediction| prediction.right.into());
        let guessing = Guessing::of(right).ok_or_else(|| Failure::Input("no question was asked".to_string()))?;
        Ok(MemnetEvaluation {
            note: guessing_note(model, &guessing, evaluation.error()),
            task,
            kind: model.design.kind(),
            source: data.source.to_string(),
            compared: ComparedAnswers {
                backend,
                preset,
                questions: evaluation.questions(),
                wrong: evaluation.wrong(),
                error_percent: percent(evaluation.error()),
                guessing_error_percent: guessing.error_percent(),
                disagreements: preset.map(|_| disagreements),
                cycles_mean: (evaluation.mean_cycles() * 1e3).round() / 1e3,
                cycles_max: evaluation.most_cycles(),
                seconds,
                first_disagreement: first,
            },
        })
    }

    fn limit(&self) -> Option<usize> {
        self.questions.map(|questions| questions as usize)
    }

    fn on_backend(
        &self,
        console: &Console,
        model: &Model,
        stories: &[Story],
        backend: &Backend,
    ) -> anyhow::Result<Evaluated<Agreement>> {
        let all: usize = stories.iter().map(Story::questions).sum();
        let questions = self.limit().map_or(all, |limit| limit.min(all));
        let work = console.spinner(format!("opening {backend}"));
        let (mut start, mut asking) = (Instant::now(), None);
        let mut asked = |count: usize| {
            let asking = asking.get_or_insert_with(|| {
                work.hide();
                start = Instant::now();
                console.bar(questions, "asking", "question")
            });
            asking.set_position(count as u64);
        };
        let opening = self.backend.options().opening(model);
        let found = Agreement::find(model, stories, self.limit(), backend, &opening, &work, &mut asked)?;
        let seconds = seconds_since(start);
        Ok(Evaluated { backend: backend.to_string(), preset: Some(found.preset), found, seconds })
    }

    fn as_trained(&self, console: &Console, model: &Model, stories: &[Story]) -> anyhow::Result<Evaluated<Agreement>> {
        let all: usize = stories.iter().map(Story::questions).sum();
        let work = console.bar(self.limit().map_or(all, |limit| limit.min(all)), "asking", "question");
        let start = Instant::now();
        let evaluation = evaluate_network(model, stories, self.limit(), &mut |count| work.set_position(count as u64))?;
        work.finish();
        let seconds = seconds_since(start);
        let backend = model.design.mode.to_string();
        let found = Agreement { evaluation, ..Agreement::default() };
        Ok(Evaluated { backend, preset: None, found, seconds })
    }
}

/// The answers, and how long they took.
struct Evaluated<A> {
    /// The name of the backend, or of the arithmetic.
    backend: String,
    /// `None` where a model that no device can hold ran as it was trained.
    preset: Option<&'static str>,
    found: A,
    seconds: f64,
}

/// A note where the error of a memory network, 0 to 1, is no better than guessing.
pub fn guessing_note(model: &Model, guessing: &Guessing, error: f64) -> Option<String> {
    let word = u8::try_from(guessing.answer).ok().and_then(|word| model.vocabulary.word(word));
    guessing.note(error, word.unwrap_or("no word"))
}

/// The task to evaluate a model on: the one given, else the one it was trained on.
pub fn task_of(model: &Model, given: Option<u8>, path: &Path) -> Result<u8, Failure> {
    given
        .or(model.task())
        .ok_or_else(|| Failure::Usage(format!("{} was not trained on one task; give --task", path.display())))
}
