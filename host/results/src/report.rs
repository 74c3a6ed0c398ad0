//! The reports of all campaigns: the runs that are to be done, how they came out, and a document with its pictures.

use std::fmt;
use std::path::{Path, PathBuf};

use comfy_table::{Table, presets};
use engram_session::Failure;
use engram_session::measure::time;
use serde::Serialize;

use super::document::Block;
use super::files::write_whole;
use super::markdown::markdown;
use super::runner::{Failed, Run, seconds};
use crate::campaign::Plan;
use crate::observer::Observer;

/// The runs that are to be done.
#[derive(Debug, Serialize)]
pub struct Planned<'a, R> {
    finished: usize,
    estimated_seconds: f64,
    #[serde(rename = "cells")]
    runs: Vec<PlannedRun<'a, R>>,
}

/// A run with its key.
#[derive(Debug, Serialize)]
struct PlannedRun<'a, R> {
    /// The key, for `engram results run`.
    #[serde(rename = "run")]
    key: String,
    /// The hash of all that decides the outcome but the seed.
    #[serde(rename = "key")]
    hash: String,
    /// The key of the run whose model this one begins with, where that is to be done, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    #[serde(flatten)]
    run: &'a R,
}

impl<R: Run> Planned<'_, R> {
    /// The runs of a plan, each with its hash.
    pub fn new<'a>(plan: &'a Plan<R>, hash: impl Fn(&'a R) -> &'a str) -> Planned<'a, R> {
        let keys: std::collections::HashSet<String> = plan.runs.iter().map(Run::name).collect();
        let after = |run: &R| run.after().filter(|after| keys.contains(after) && *after != run.name());
        let runs = plan.runs.iter().map(|run| PlannedRun {
            key: run.name(),
            hash: hash(run).to_string(),
            after: after(run),
            run,
        });
        Planned { finished: plan.finished, estimated_seconds: seconds(&plan.runs), runs: runs.collect() }
    }
}

impl<R: Run> fmt::Display for Planned<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for PlannedRun { key, run, .. } in &self.runs {
            writeln!(f, "{:>12}  {key}", time(run.estimated_seconds()))?;
        }
        let all = time(self.estimated_seconds);
        write!(f, "{} runs to do, about {all} of processor time; {} are finished", self.runs.len(), self.finished)
    }
}

/// Says how long runs will take.
pub fn note<R: Run>(observer: &dyn Observer, runs: &[R]) {
    if !runs.is_empty() {
        let all = time(seconds(runs));
        observer.note(&format!("{} runs, about {all} of processor time; they may be interrupted", runs.len()));
    }
}

/// A mean error over tasks and seeds.
#[derive(Debug, Serialize)]
pub struct Mean {
    /// The size of training text.
    pub size: String,
    /// The variant.
    #[serde(rename = "row")]
    pub variant: String,
    /// The number of tasks.
    pub tasks: usize,
    /// The mean in percent; `None` where a task is missing.
    pub test_error_percent: Option<f64>,
    /// The standard deviation of the error over the seeds.
    pub spread: Option<f64>,
}

/// The outcome of a campaign.
#[derive(Debug, Default, Serialize)]
pub struct Done {
    /// The number of runs that were done.
    pub trained: usize,
    /// The number of wanted runs that were finished before.
    pub finished_before: usize,
    /// The runs that failed.
    pub failed: Vec<String>,
    /// Mean errors, of campaigns that have some.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub means: Vec<Mean>,
    /// Processor time of all finished runs, in seconds.
    pub cpu_seconds: f64,
    /// The files that were written.
    pub files: Vec<PathBuf>,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Done { trained, finished_before, cpu_seconds, files, means, .. } = self;
        if !means.is_empty() {
            let mut table = Table::new();
            table.load_preset(presets::NOTHING).set_header(["size", "variant", "tasks", "mean test error %", "spread"]);
            for Mean { size, variant, tasks, test_error_percent, spread } in means {
                let number = |value: Option<f64>| value.map_or("–".to_string(), |value| format!("{value:.1}"));
                let numbers = [tasks.to_string(), number(*test_error_percent), number(*spread)];
                table.add_row([size.clone(), variant.clone()].into_iter().chain(numbers));
            }
            writeln!(f, "{}", table.trim_fmt())?;
        }
        let all = time(*cpu_seconds);
        write!(f, "{trained} runs done, {finished_before} finished before; {all} of processor time in all")?;
        files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl Done {
    /// Counts the runs that were done, of which some failed.
    pub fn count(&mut self, observer: &dyn Observer, runs: usize, failed: Vec<Failed>) {
        warn_of(observer, &failed);
        self.trained = runs - failed.len();
        self.failed = failed.into_iter().map(|failed| failed.run).collect();
    }

    /// Runs that failed are a check that failed.
    pub fn check(&self) -> Result<(), Failure> {
        match self.failed.len() {
            0 => Ok(()),
            count => Err(Failure::Check(format!("{count} runs failed; the others are kept and reported"))),
        }
    }
}

/// Warns of runs that failed, with the reasons.
pub fn warn_of(observer: &dyn Observer, failed: &[Failed]) {
    failed.iter().for_each(|Failed { run, error }| observer.warn(&format!("{run}: {error:#}")));
}

/// Writes a document as Markdown beside the folder of its pictures, and its pictures into it. Gives the document's file.
pub fn write(blocks: &[Block], title: &str, folder: &Path, path: &Path) -> anyhow::Result<PathBuf> {
    for block in blocks {
        if let Block::Figure(figure) = block {
            write_whole(&folder.join(&figure.file), &figure.svg)?;
        }
    }
    let within = folder.file_name().map(Path::new).unwrap_or(Path::new("."));
    write_whole(path, &markdown(title, blocks, &within.display().to_string()))?;
    Ok(path.to_path_buf())
}
