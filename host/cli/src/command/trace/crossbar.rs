//! The named values of one sequence on a recurrent backend, and where two backends part: by step, value, gate and tile.

use std::fmt;

use engram_crossbar::Model;
use engram_spec::Trace as Values;
use engram_spec::crossbar::Requests;
use engram_spec::trace::Quantity;
use serde::Serialize;

use super::{Against, Entry, Trace};
use crate::arguments::refuse;
use crate::console::{BAD, Console, FAINT, GOOD, STRONG, styled};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::crossbar::Miscount;
use engram_session::crossbar::gates::{self, Columns};
use engram_session::crossbar::inputs::{Input, leading_to, name};
use engram_session::crossbar::parting::{parting, traced};
use engram_session::crossbar::test_data::{Wanted, find};
use engram_session::crossbar::verdicts;

/// The values of the sequence on one backend, or the first difference between two.
#[derive(Debug, Serialize)]
struct Report {
    source: String,
    /// Counted from 1: a recording, or a symbol of the stream.
    sequence: usize,
    steps: usize,
    expected: String,
    answer: String,
    logit: i32,
    #[serde(rename = "body")]
    backend: String,
    against: Option<String>,
    preset: &'static str,
    /// Where the two backends part first; `null` where they do not, or where there is one.
    difference: Option<String>,
    /// The names of a cell's columns.
    gates: [&'static str; 4],
    /// The fate of the columns, step by step and gate by gate; empty where memoization is off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memo: Vec<verdicts::Step>,
    trace: Vec<Entry>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { sequence, steps, answer, logit, expected, backend, preset, .. } = self;
        let head = format!("sequence {sequence} ({steps} steps) on {backend} ({preset})");
        writeln!(f, "{}: {} (logit {logit}; right is {expected})", styled(FAINT, head), styled(STRONG, answer))?;
        if !self.memo.is_empty() {
            writeln!(f, "{}", verdicts::summary(&self.memo, self.gates))?;
        }
        match (&self.against, &self.difference) {
            (Some(against), Some(difference)) => {
                write!(f, "{}", styled(BAD, format!("differs from {against} first at {difference}")))
            }
            (Some(against), None) => {
                let values: usize = self.trace.iter().map(|entry| entry.values.len()).sum();
                write!(f, "{}", styled(GOOD, format!("equal to {against} in all {values} values")))
            }
            (None, _) => {
                let legend = (!self.memo.is_empty()).then(|| styled(FAINT, verdicts::LEGEND));
                let lines: Vec<String> =
                    legend.into_iter().chain(self.trace.iter().flat_map(|entry| lines(entry, self.gates))).collect();
                write!(f, "{}", lines.join("\n"))
            }
        }
    }
}

/// A value of a trace in lines: verdicts have one for each gate.
fn lines(entry: &Entry, gates: [&str; 4]) -> Vec<String> {
    if !entry.name.starts_with(Quantity::Verdict.name()) {
        return vec![entry.to_string()];
    }
    verdicts::draw(&entry.values, gates).iter().map(|marks| format!("{} {marks}", entry.name)).collect()
}

/// A backend's values of a sequence.
struct Asked {
    preset: &'static str,
    columns: Columns,
    answer: engram_spec::Answer,
    values: Values,
    /// The integer model's values of the same sequence.
    beside: Values,
    /// The counts of memoization that differ from the integer model's.
    miscount: Option<Miscount>,
}

impl Asked {
    /// The first difference from another backend's values.
    fn parting(&self, against: &Values) -> Option<String> {
        let miscount = self.miscount.as_ref().map(|Miscount { counter, found, expected, .. }| {
            format!("{counter}: {found} against {expected} (integer model), behind values that are all equal")
        });
        parting(&self.values, against, &self.columns).or(miscount)
    }
}

impl Trace {
    /// Traces a sequence on a crossbar model. Without --against a backend that is not the integer model is held against it.
    pub(super) fn run_recurrent(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let memory = [("--profile", self.profile), ("--vcd", self.vcd.is_some())];
        refuse(&memory, "a memory network", "a crossbar network")?;
        let other = match &self.against {
            Some(Against::Model(_)) => {
                let text = "--against names a model, but a crossbar model is compared with a backend: name one";
                return Err(Failure::Usage(text.to_string()).into());
            }
            Some(Against::Backend(backend)) => Some(backend.clone()),
            None => (self.on != Backend::Integer).then_some(Backend::Integer),
        };
        let stories = self.source.stories();
        let wanted = Wanted { set: self.set, stories: &stories, task: self.task };
        let data = find(model, wanted, &|text| console.warn(text))?;
        let source = data.name().to_string();
        let (inputs, right) = leading_to(model, &Questions::of(data), self.question)?;
        let spinner = console.spinner("asking");
        let asked = self.ask_recurrent(model, &inputs, &self.on)?;
        let against = match &other {
            None => None,
            Some(Backend::Integer) => Some(asked.beside.clone()),
            Some(backend) => Some(self.ask_recurrent(model, &inputs, backend)?.values),
        };
        spinner.finish_and_clear();
        let entry = |entry: &engram_spec::trace::Entry| Entry {
            name: format!("{}[{}]", entry.quantity.name(), entry.index),
            values: entry.values.clone(),
        };
        let report = Report {
            source,
            sequence: self.question,
            steps: inputs.len(),
            expected: name(model, right),
            answer: name(model, asked.answer.word.into()),
            logit: asked.answer.logit,
            backend: self.on.to_string(),
            against: other.as_ref().map(Backend::to_string),
            preset: asked.preset,
            difference: against.and_then(|against| asked.parting(&against)),
            gates: gates::names(model.design.cell),
            memo: verdicts::steps(&asked.values),
            trace: asked.values.entries.iter().map(entry).collect(),
        };
        console.report(&report)?;
        match (&report.against, report.difference) {
            (Some(against), Some(difference)) => {
                let text = format!("{} differs from {against} first at {difference}", self.on);
                Err(Failure::Check(text).into())
            }
            _ => Ok(()),
        }
    }

    fn ask_recurrent(&self, model: &Model, inputs: &[Input], backend: &Backend) -> anyhow::Result<Asked> {
        let programming = self.noise.programming();
        let mut device = self.memo.remember().open(model, backend, &self.backend.options(), &programming)?;
        let (values, beside) = traced(&mut device, inputs)?;
        device.compare_counters()?;
        let cannot = || Failure::Input(format!("{backend} does not show its values: choose a simulated backend"));
        let values = values.ok_or_else(cannot)?;
        let columns = Columns::of(&model.program(device.geometry, &programming)?);
        let (miscount, preset) = (device.miscount.take(), device.geometry.name);
        Ok(Asked { preset, columns, answer: device.answer()?, values, beside, miscount })
    }
}
