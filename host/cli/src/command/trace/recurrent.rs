//! The named values of one sequence on a recurrent body, and where two bodies part: by step, value, gate and tile.

use std::fmt;

use engram_recurrent::Model;
use engram_spec::Trace as Values;
use engram_spec::crossbar::Recurrent;
use engram_spec::trace::Quantity;
use serde::Serialize;

use super::{Against, Entry, Trace};
use crate::body::Body;
use crate::console::{BAD, Console, FAINT, GOOD, STRONG, styled};
use crate::failure::Failure;
use crate::model::refuse;
use crate::recurrent::gates::{self, Columns};
use crate::recurrent::inputs::{Input, leading_to, name};
use crate::recurrent::miscount::Miscount;
use crate::recurrent::parting::{parting, traced};
use crate::recurrent::test_data::{self, Questions, Wanted, find};
use crate::recurrent::verdicts;

/// What one body made of the sequence, or where two parted.
#[derive(Debug, Serialize)]
struct Report {
    source: String,
    /// Counted from 1: a recording, or a symbol of the stream.
    sequence: usize,
    steps: usize,
    expected: String,
    answer: String,
    logit: i32,
    body: String,
    against: Option<String>,
    preset: &'static str,
    /// Where the two bodies part first; `null` where they do not, or where there is one.
    difference: Option<String>,
    /// What the columns of a cell are called.
    gates: [&'static str; 4],
    /// What became of the columns, step by step, by gate; nothing where none is remembered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memo: Vec<verdicts::Step>,
    trace: Vec<Entry>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { sequence, steps, answer, logit, expected, body, preset, .. } = self;
        let head = format!("sequence {sequence} ({steps} steps) on {body} ({preset})");
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

/// What a body made of a sequence.
struct Asked {
    preset: &'static str,
    columns: Columns,
    answer: engram_spec::Answer,
    values: Values,
    /// What the integer model made of it.
    beside: Values,
    /// Where it counted otherwise than the integer model, of columns that are remembered.
    miscount: Option<Miscount>,
}

impl Asked {
    /// Where it parts first from the values of another body.
    fn parting(&self, against: &Values) -> Option<String> {
        let miscount = self.miscount.as_ref().map(|Miscount { counter, found, expected, .. }| {
            format!("{counter}: {found} against {expected} (integer model), behind values that are all equal")
        });
        parting(&self.values, against, &self.columns).or(miscount)
    }
}

impl Trace {
    /// Traces a sequence on a recurrent model. Without --against a body that is not the integer model is held against it.
    pub(super) fn run_recurrent(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let memory = [("--profile", self.profile), ("--vcd", self.vcd.is_some())];
        refuse(&memory, "a memory network", "a recurrent one")?;
        let other = match &self.against {
            Some(Against::Model(_)) => {
                let text = "found a model in --against, expected a body for a recurrent model";
                return Err(Failure::Usage(text.to_string()).into());
            }
            Some(Against::Body(body)) => Some(body.clone()),
            None => (self.on != Body::Integer).then_some(Body::Integer),
        };
        let wanted = Wanted { set: self.set, stories: &self.source, task: self.task };
        let data = find(model, wanted, console)?;
        let source = test_data::name(&data).to_string();
        let (inputs, right) = leading_to(model, &Questions::of(data), self.question)?;
        let spinner = console.spinner("asking");
        let asked = self.ask_recurrent(model, &inputs, &self.on)?;
        let against = match &other {
            None => None,
            Some(Body::Integer) => Some(asked.beside.clone()),
            Some(body) => Some(self.ask_recurrent(model, &inputs, body)?.values),
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
            body: self.on.to_string(),
            against: other.as_ref().map(Body::to_string),
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

    fn ask_recurrent(&self, model: &Model, inputs: &[Input], body: &Body) -> anyhow::Result<Asked> {
        let programming = self.noise.programming();
        let mut device = self.memo.open(model, body, &self.body, &programming)?;
        let (values, beside) = traced(&mut device, inputs)?;
        device.compare_counters()?;
        let cannot = || Failure::Input(format!("{body} cannot be looked into; give a simulated body"));
        let values = values.ok_or_else(cannot)?;
        let columns = Columns::of(&model.program(device.geometry, &programming)?);
        let (miscount, preset) = (device.miscount.take(), device.geometry.name);
        Ok(Asked { preset, columns, answer: device.answer()?, values, beside, miscount })
    }
}
