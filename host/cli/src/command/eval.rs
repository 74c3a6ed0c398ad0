//! `engram eval`: test questions or sequences put to a backend, each answer held against the integer model's.

pub mod crossbar;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use engram_babi::Story;
use engram_memnet::evaluate::evaluate_network;
use engram_memnet::{Evaluation, Mode, Model};
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
use engram_session::backend::Backend;
use engram_session::crossbar::source::Set;
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
  engram eval text.safetensors --data sonnets.txt
  engram eval vowels-memo.safetensors --counters --organisation serial

An answer agrees if its word (or class) and its logit are the integer model's. If one answer differs, the exit code is 1, and \
engram shows the first layer that differs, if the backend shows its values. A crossbar model is tested with the test part of \
its own data, or with --set, or with the file that --data names. A model with thresholds (`engram memoize`) skips columns; \
--counters compares the backend's counts with the integer model's, sequence by sequence.")]
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
    /// Print the counts of memoization: columns, hits, misses, cycles.
    #[arg(long, help_heading = "Fuzzy memoization")]
    pub counters: bool,
    #[command(flatten)]
    pub memo: RememberArguments,
}

/// The result of an evaluation.
#[derive(Debug, Serialize)]
pub struct Report {
    task: u8,
    mode: Mode,
    addressing: &'static str,
    /// The backend's name; the mode's name if no device can hold the model.
    #[serde(rename = "body")]
    pub backend: String,
    preset: Option<&'static str>,
    source: String,
    pub questions: usize,
    wrong: usize,
    pub error_percent: f64,
    /// The number of answers that differ from the integer model's; `null` if no device can hold the model.
    pub disagreements: Option<usize>,
    pub cycles_mean: f64,
    pub cycles_max: u32,
    seconds: f64,
    /// The first answer that differs, with the layer if the backend shows its values.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_disagreement: Option<Difference>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { task, mode, addressing, backend, source, questions, wrong, .. } = self;
        let preset = self.preset.map(|preset| format!(" ({preset})")).unwrap_or_default();
        writeln!(f, "task {task}, {mode} {addressing}, {source}, on {backend}{preset}")?;
        let error = styled(STRONG, format!("{:.1} %", self.error_percent));
        writeln!(f, "  error          {error}: {wrong} of {questions} questions")?;
        match self.disagreements {
            Some(0) => writeln!(f, "  integer model  {}", styled(GOOD, "the same word and logit every time"))?,
            Some(count) => writeln!(f, "  integer model  {}", styled(BAD, format!("{count} answers differ")))?,
            None => {}
        }
        self.first_disagreement.iter().try_for_each(|first| writeln!(f, "{first}"))?;
        if self.cycles_max > 0 {
            writeln!(f, "  cycles         {:.1} a question, {} at most", self.cycles_mean, self.cycles_max)?;
        }
        write!(f, "  time           {:.1} s", self.seconds)
    }
}

impl Report {
    /// An answer that differs from the integer model's is a check that failed.
    pub fn check(&self) -> anyhow::Result<()> {
        let count = self.disagreements.unwrap_or(0);
        if count == 0 {
            return Ok(());
        }
        Err(Failure::Check(format!("{count} of {} answers differ from the integer model's", self.questions)).into())
    }
}

impl Eval {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match AnyModel::load(&self.model)? {
            AnyModel::Memnet(model) => {
                let report = self.evaluate(&model, console)?;
                console.report(&report)?;
                report.check()
            }
            AnyModel::Crossbar(model) => {
                let report = self.evaluate_recurrent(&model, console)?;
                console.report(&report)?;
                report.check()
            }
        }
    }

    /// Asks the questions of a memory network.
    pub fn evaluate(&self, model: &Model, console: &Console) -> anyhow::Result<Report> {
        let noise = self.noise != NoiseArguments::none();
        let memo = self.counters || self.memo != RememberArguments::none();
        let recurrent = [("--set", self.set.is_some()), ("noise", noise), ("memoization", memo)];
        refuse(&recurrent, "a crossbar network", "a memory network")?;
        let task = task_of(model, self.task, &self.model)?;
        let data = self.source.read(task, console)?;
        let backend = self.on.clone().or(model.design.settings().is_ok().then_some(Backend::Integer));
        let Evaluated { backend, preset, evaluation, disagreements, first, seconds } = match &backend {
            Some(backend) => self.on_backend(console, model, &data.test, backend)?,
            None => self.as_trained(console, model, &data.test)?,
        };
        Ok(Report {
            task,
            mode: model.design.mode,
            addressing: model.design.addressing.name(),
            backend,
            preset,
            source: data.source.to_string(),
            questions: evaluation.questions(),
            wrong: evaluation.wrong(),
            error_percent: percent(evaluation.error()),
            disagreements,
            cycles_mean: (evaluation.mean_cycles() * 1e3).round() / 1e3,
            cycles_max: evaluation.most_cycles(),
            seconds,
            first_disagreement: first,
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
    ) -> anyhow::Result<Evaluated> {
        let all: usize = stories.iter().map(Story::questions).sum();
        let opening = console.spinner(format!("opening {backend}"));
        let bar = console.bar(self.limit().map_or(all, |limit| limit.min(all)) as u64, "asking");
        let mut start = Instant::now();
        let mut asked = |count: usize| {
            if count == 0 {
                opening.finish_and_clear();
                start = Instant::now();
            }
            bar.set_position(count as u64);
        };
        let found = Agreement::find(model, stories, self.limit(), backend, &self.backend.opening(model), &mut asked)?;
        let seconds = seconds_since(start);
        bar.finish_and_clear();
        let Agreement { preset, evaluation, disagreements, first } = found;
        let (backend, preset, disagreements) = (backend.to_string(), Some(preset), Some(disagreements));
        Ok(Evaluated { backend, preset, evaluation, disagreements, first, seconds })
    }

    fn as_trained(&self, console: &Console, model: &Model, stories: &[Story]) -> anyhow::Result<Evaluated> {
        let spinner = console.spinner("asking");
        let start = Instant::now();
        let evaluation = evaluate_network(model, stories, self.limit(), &mut |_| {})?;
        spinner.finish_and_clear();
        let seconds = seconds_since(start);
        let backend = model.design.mode.to_string();
        Ok(Evaluated { backend, preset: None, evaluation, disagreements: None, first: None, seconds })
    }
}

/// The answers, and how they were come by.
struct Evaluated {
    backend: String,
    preset: Option<&'static str>,
    evaluation: Evaluation,
    disagreements: Option<usize>,
    first: Option<Difference>,
    seconds: f64,
}

/// The task to evaluate a model on: the one given, else the one it was trained on.
pub fn task_of(model: &Model, given: Option<u8>, path: &Path) -> Result<u8, Failure> {
    let trained = || model.training.as_ref().and_then(|record| record.task);
    given
        .or_else(trained)
        .ok_or_else(|| Failure::Usage(format!("{} was not trained on one task; give --task", path.display())))
}
