//! One cell: a network trained, its thresholds found on training data, and what they come to on test data.

use std::sync::Arc;

use anyhow::Context;
use engram_crossbar::memoized::{Memoized, memoized};
use engram_crossbar::program::in_software;
use engram_crossbar::{IntegerModel, Memoization, Model, Programming, Recipes, tune};
use engram_sequences::Data;
use engram_session::measure::UsageWho;
use engram_spec::Device;
use engram_spec::crossbar::memo::Verdict;
use engram_spec::crossbar::{self, Program};

use super::ledger::{Finished, Ledger, Outcome, Point, Tested, key};
use super::plan::Cell;
use super::row::{HIDDEN, Row};
use super::scheme::{CURVES, Scheme, remembering};
use crate::results::crossbar::set::Set;
use crate::results::crossbar::work::score;
use crate::results::models::{Models, Told, fit};
use engram_sequences::Questions;
use engram_session::crossbar::inputs::leading_to;
use engram_session::measure::processor_seconds;

/// The most steps that thresholds are found with: recordings evenly taken, or the first symbols of a stream.
pub const TUNING_STEPS: usize = 50_000;

/// The most steps that are tested, taken likewise.
pub const TEST_STEPS: usize = 120_000;

/// What thresholds may cost on the data that they are found with: one point.
pub const LOSS: f64 = 0.01;

/// The most steps of a recording in a picture.
const PICTURE_STEPS: usize = 100;

/// The network of a cell, trained where the ledger has none.
fn network(cell: &Cell, ledger: &Ledger, models: &Models, told: Told) -> anyhow::Result<Arc<Model>> {
    let Cell { set, row, seed, .. } = *cell;
    let Recipes { float, quantised } = row.recipes(set);
    models.get(&ledger.model(set, &row.to_string(), seed), false, || {
        let start =
            models.get(&ledger.model(set, &row.float(), seed), true, || fit(&set.data, &float, seed, None, told));
        fit(&set.data, &quantised, seed, Some(&*start.context("the float network that it begins with")?), told)
    })
}

/// A network that is measured, and what with.
struct Measured<'a> {
    model: &'a Model,
    program: Program,
    tuning: Questions,
    test: Questions,
    /// Whether the inputs are symbols.
    blank: bool,
}

impl Measured<'_> {
    fn new<'a>(model: &'a Model, data: &Data) -> anyhow::Result<Measured<'a>> {
        let program = model.program(in_software(model.design.cell), &Programming::default())?;
        let (tuning, test) = (Questions::training(data, TUNING_STEPS), Questions::test(data, TEST_STEPS));
        Ok(Measured { model, program, tuning, test, blank: matches!(data, Data::Symbols(_)) })
    }

    fn ask(&self, questions: &Questions, how: Option<Memoization>) -> anyhow::Result<Outcome> {
        Ok(outcome(memoized(self.model, &self.program, questions, how)?))
    }

    /// Finds a scheme's thresholds, and tests them.
    fn tested(&self, scheme: Scheme) -> anyhow::Result<(Tested, Memoization)> {
        let start = scheme.start(self.blank);
        let tuned = tune(self.model, &self.program, &self.tuning, start, scheme.thresholds(), LOSS)?;
        let tested = Tested {
            scheme,
            theta: tuned.how.settings.theta,
            tuning_without: score(tuned.without.loss),
            tuning: outcome(tuned.with),
            test: self.ask(&self.test, Some(tuned.how))?,
        };
        Ok((tested, tuned.how))
    }

    /// The points of all curves.
    fn curves(&self) -> anyhow::Result<Vec<Point>> {
        let mut points = Vec::new();
        for (curve, (denominator, thresholds)) in CURVES.into_iter().enumerate() {
            for theta in thresholds {
                let how = remembering(denominator, self.blank, theta);
                points.push(Point { curve, theta, test: self.ask(&self.test, Some(how))? });
            }
        }
        Ok(points)
    }

    /// Which columns of the first test recording are remembered: see [`Finished::picture`].
    fn picture(&self, how: Memoization) -> anyhow::Result<Vec<String>> {
        let (inputs, _) = leading_to(self.model, &self.test, 1)?;
        let mut device = IntegerModel::new(self.program.geometry).memoizing(how);
        device.load(&self.program)?;
        let mut lines = Vec::new();
        for input in inputs.iter().take(PICTURE_STEPS) {
            input.give(&mut device)?;
            let columns = device.verdicts().unwrap_or_default().chunks(4);
            let hit = |verdict: &Verdict| u32::from(matches!(verdict, Verdict::Hit(_)));
            let digit = |gates: &[Verdict]| gates.iter().rev().fold(0, |bits, verdict| 2 * bits + hit(verdict));
            lines.push(columns.filter_map(|gates| char::from_digit(digit(gates), 16)).collect());
        }
        Ok(lines)
    }
}

fn outcome(memoized: Memoized) -> Outcome {
    Outcome { score: score(memoized.loss), counters: memoized.counters }
}

/// Whether a cell has a picture: one network of recordings has.
fn is_pictured(set: &Set, row: Row, seed: u64) -> bool {
    let network = Row { cell: crossbar::Cell::Lstm, hidden: HIDDEN[0], bits: 4 };
    matches!(set.data, Data::Recordings(_)) && row == network && seed == 1
}

/// Does a cell and keeps it. It has to have a thread of its own, whose processor time is the cell's.
pub fn finish(cell: &Cell, ledger: &Ledger, models: &Models, told: Told) -> anyhow::Result<Finished> {
    let begin = processor_seconds(UsageWho::RUSAGE_THREAD);
    let Cell { set, row, seed, .. } = *cell;
    let model = network(cell, ledger, models, told)?;
    let record = model.training.as_ref().context("a trained model without a record")?;
    let measured = Measured::new(&model, &set.data)?;
    let (mut schemes, mut picture) = (Vec::new(), Vec::new());
    for scheme in Scheme::ALL {
        let (tested, how) = measured.tested(scheme)?;
        if scheme == Scheme::Paper && is_pictured(set, row, seed) {
            picture = measured.picture(how)?;
        }
        schemes.push(tested);
    }
    let finished = Finished {
        key: key(set, row),
        set: set.name.clone(),
        row: row.to_string(),
        seed,
        training_targets: record.training_targets,
        tuning_steps: measured.tuning.steps(),
        test_steps: measured.test.steps(),
        test: measured.ask(&measured.test, None)?.score,
        schemes,
        curves: measured.curves()?,
        picture,
        cpu_seconds: processor_seconds(UsageWho::RUSAGE_THREAD) - begin,
        work: cell.work,
    };
    ledger.keep(set, row, &finished)?;
    Ok(finished)
}

#[cfg(test)]
pub mod tests {
    use super::super::super::crossbar::work::tests::waves;
    use super::super::plan::Plan;
    use super::*;

    /// A cell of made-up recordings, in the ledger.
    pub fn measured() -> (tempfile::TempDir, Set, Ledger) {
        let folder = tempfile::tempdir().unwrap();
        let (set, ledger) = (waves(), Ledger::new(&folder.path().join("cells")));
        let row = Row::all()[0];
        let cell = Cell { set: &set, name: &set.name, row, seed: 1, work: 1.0, estimated_seconds: 1.0 };
        finish(&cell, &ledger, &Models::default(), &|_| ()).unwrap();
        (folder, set, ledger)
    }

    #[test]
    fn a_cell_is_measured_once_and_kept() {
        let (_folder, set, ledger) = measured();
        let row = Row::all()[0];
        let cell = ledger.find(&set, row, 1).unwrap();
        assert_eq!((cell.schemes.len(), cell.curves.len()), (3, 16));
        assert_eq!((cell.picture.len(), cell.picture[0].len()), (Questions::test(&set.data, 1).steps(), 128));
        assert!(cell.picture[0].chars().all(|digit| digit == '0'), "the first step computes all");
        for Tested { tuning_without, tuning, .. } in &cell.schemes {
            assert!(tuning.score.error_percent <= tuning_without.error_percent + 100.0 * LOSS + 1e-6);
        }
        let sets = [set];
        let plan = Plan::new(&sets, &Row::all(), Some(1), &ledger);
        assert_eq!((plan.finished.len(), plan.cells.len()), (1, 7));
        let [mut changed] = sets;
        changed.settings[0] = "epochs = 9".into();
        assert_eq!(ledger.find(&changed, row, 1), None);
    }
}
