//! The named values of one sequence on a crossbar backend, and where two backends part: by step, value, gate and tile.

use engram_babi::Parts;
use engram_crossbar::Model;
use engram_spec::Trace as Values;
use engram_spec::crossbar::Geometry;
use engram_spec::trace::Quantity;
use serde::Serialize;

use super::{Against, Asked, Entry, Trace, Traced, shown};
use crate::arguments::memo::RememberArguments;
use crate::arguments::refuse;
use crate::command::profile::CrossbarProfile;
use crate::console::{Console, FAINT, styled};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::crossbar::Miscount;
use engram_session::crossbar::gates::{self, Columns};
use engram_session::crossbar::inputs::{Input, leading_to, name};
use engram_session::crossbar::parting::{parting, traced};
use engram_session::crossbar::verdicts;
use engram_session::paired::Traces;
use engram_session::progress::Work;

/// The sequence that was given, and the fate of its columns.
#[derive(Debug, Serialize)]
pub(super) struct Sequence {
    /// Counted from 1: a recording, or a symbol of the stream.
    pub sequence: usize,
    pub steps: usize,
    /// The names of a cell's columns.
    gates: [&'static str; 4],
    /// The fate of the columns, step by step and gate by gate; empty where memoization is off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memo: Vec<verdicts::Step>,
}

impl Sequence {
    /// The columns that were remembered, where memoization is on.
    pub(super) fn summary(&self) -> Option<String> {
        (!self.memo.is_empty()).then(|| verdicts::summary(&self.memo, self.gates))
    }

    /// The values in lines, below the meaning of the characters that verdicts are drawn with.
    pub(super) fn lines(&self, trace: &[Entry]) -> Vec<String> {
        let legend = (!self.memo.is_empty()).then(|| styled(FAINT, verdicts::LEGEND));
        legend.into_iter().chain(trace.iter().flat_map(|entry| lines(entry, self.gates))).collect()
    }
}

/// A value of a trace in lines: verdicts have one for each gate.
fn lines(entry: &Entry, gates: [&str; 4]) -> Vec<String> {
    if !entry.name.starts_with(Quantity::Verdict.name()) {
        return vec![entry.to_string()];
    }
    verdicts::draw(&entry.values, gates).iter().map(|marks| format!("{} {marks}", entry.name)).collect()
}

/// A backend's answer and values of a sequence.
struct Given {
    geometry: Geometry,
    columns: Columns,
    answer: engram_spec::Answer,
    values: Values,
    /// The integer model's values of the same sequence.
    expected: Values,
    /// The count of memoization that differs from the integer model's.
    miscount: Option<Miscount>,
}

impl Given {
    /// The first difference from another backend's values.
    fn parting(&self, against: &Values) -> Option<String> {
        let miscount = self.miscount.as_ref().map(|Miscount { counter, found, expected, .. }| {
            format!("{counter}: {found} against {expected} (integer model), behind values that are all equal")
        });
        parting(&self.values, against, &self.columns).or(miscount)
    }
}

impl Trace {
    /// Traces a sequence on a crossbar model. Without --against a backend that is not the integer model is compared with it.
    pub(super) fn run_crossbar(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        refuse(&[("--vcd", self.vcd.is_some())], "a memory network", "a crossbar network")?;
        if self.profile {
            return self.profile_crossbar(model, console);
        }
        let other = match &self.against {
            Some(Against::Model(_)) => {
                let text = "--against names a model, but a crossbar model is compared with a backend: name one";
                return Err(Failure::Usage(text.to_string()).into());
            }
            Some(Against::Backend(backend)) => Some(backend.clone()),
            None => (self.on != Backend::Integer).then_some(Backend::Integer),
        };
        self.check_shown()?;
        let data = self.source.sequences(model, self.set, self.task, Parts::Test, console)?;
        let source = data.name().to_string();
        let (inputs, right) = leading_to(model, &Questions::of(data), self.question)?;
        let spinner = console.spinner("asking");
        let given = self.give(model, &inputs, &self.on, &spinner)?;
        let against = match &other {
            None => None,
            Some(Backend::Integer) => Some(given.expected.clone()),
            Some(backend) => Some(self.give(model, &inputs, backend, &spinner)?.values),
        };
        spinner.finish();
        self.noise.note_coarsened(model, given.geometry, console)?;
        let sequence = Sequence {
            sequence: self.question,
            steps: inputs.len(),
            gates: gates::names(model.design.cell),
            memo: verdicts::steps(&given.values),
        };
        let traced = Traced {
            source,
            asked: Asked::Sequence(sequence),
            expected: right.map_or_else(|| "not known".to_string(), |right| name(model, right)),
            answer: name(model, given.answer.word.into()),
            logit: given.answer.logit,
            backend: self.on.to_string(),
            against: other.as_ref().map(Backend::to_string),
            preset: given.geometry.name,
            difference: against.and_then(|against| given.parting(&against)),
            trace: given.values.entries.into_iter().map(Entry::from).collect(),
        };
        traced.report(console)
    }

    /// Compares the ranges of a crossbar model's values with its codes.
    fn profile_crossbar(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        if self.memo != RememberArguments::default() {
            let text = "--profile looks at every column, and memoization skips some: remove the options of memoization";
            return Err(Failure::Usage(text.to_string()).into());
        }
        let data = self.source.sequences(model, self.set, self.task, Parts::Test, console)?;
        let limit = self.questions.map(|questions| questions as usize);
        let spinner = console.spinner("looking at ranges");
        let profile = CrossbarProfile::of(model, data, limit, &self.noise.programming())?;
        spinner.finish();
        Ok(console.report(&profile)?)
    }

    fn give(&self, model: &Model, inputs: &[Input], backend: &Backend, work: &Work) -> anyhow::Result<Given> {
        let programming = self.noise.programming();
        let mut device = self.memo.remember().open(model, backend, &self.backend.options(), &programming, work)?;
        let (answer, Traces { backend: values, expected }) = traced(&mut device, inputs)?;
        device.compare_counters()?;
        let values = shown(backend, values)?;
        let columns = Columns::of(&model.program(device.geometry, &programming)?);
        let (miscount, geometry) = (device.tallies.first.take(), device.geometry);
        Ok(Given { geometry, columns, answer, values, expected, miscount })
    }
}
