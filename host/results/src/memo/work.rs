//! The measurement of a network: its thresholds found on training data, and what they come to on test data.

use std::path::PathBuf;

use engram_crossbar::memoized::{Memoized, memoized};
use engram_crossbar::program::SOFTWARE;
use engram_crossbar::{IntegerModel, Memoization, Model, Programming, tune};
use engram_sequences::{Data, Questions};
use engram_session::crossbar::inputs::leading_to;
use engram_spec::Device;
use engram_spec::crossbar::memo::Verdict;
use engram_spec::crossbar::{self, Program};

use super::finished::{Outcome, Point, Tested, model_key};
use super::scheme::{CURVES, Scheme, remembering};
use super::variant::{HIDDEN, Variant};
use crate::datasets::{Asked, Dataset, Models, Score};

/// The most steps that thresholds are found with: recordings evenly taken, or the first symbols of a stream.
pub const TUNING_STEPS: usize = 50_000;

/// The most steps that are tested, taken likewise.
pub const TEST_STEPS: usize = 120_000;

/// The loss that thresholds may cost on the data that they are found with: one point.
pub const LOSS: f64 = 0.01;

/// The most steps of a recording in a picture.
const PICTURE_STEPS: usize = 100;

/// The file of the model of a variant, or of the float network of this name.
pub fn model_file(models: &Models, dataset: &Dataset, name: &str, seed: u64) -> anyhow::Result<PathBuf> {
    Ok(models.file(&dataset.name, name, seed, &model_key(dataset, name)?))
}

/// A network that is measured, and what with.
pub struct Measured<'a> {
    model: &'a Model,
    program: Program,
    pub tuning: Questions,
    pub test: Questions,
    /// Whether the inputs are symbols.
    zero_is_minus: bool,
}

impl Measured<'_> {
    /// A network with the questions of its data.
    pub fn new<'a>(model: &'a Model, data: &Data) -> anyhow::Result<Measured<'a>> {
        let program = model.program(SOFTWARE, &Programming::default())?;
        let (tuning, test) = (Questions::training(data, TUNING_STEPS), Questions::test(data, TEST_STEPS));
        Ok(Measured { model, program, tuning, test, zero_is_minus: matches!(data, Data::Symbols(_)) })
    }

    /// The answers to questions, with memoization or without.
    pub fn ask(&self, questions: &Questions, how: Option<Memoization>) -> anyhow::Result<Outcome> {
        Ok(outcome(memoized(self.model, &self.program, questions, how)?))
    }

    /// Finds a scheme's thresholds, and tests them.
    pub fn tested(&self, scheme: Scheme) -> anyhow::Result<(Tested, Memoization)> {
        let start = scheme.start(self.zero_is_minus);
        let tuned = tune(self.model, &self.program, &self.tuning, start, scheme.thresholds(), LOSS)?;
        let tested = Tested {
            scheme,
            theta: tuned.how.settings.theta,
            tuning_without: Score::of(tuned.without.loss),
            tuning: outcome(tuned.with),
            test: self.ask(&self.test, Some(tuned.how))?,
        };
        Ok((tested, tuned.how))
    }

    /// The points of all curves.
    pub fn curves(&self) -> anyhow::Result<Vec<Point>> {
        let mut points = Vec::new();
        for (curve, (denominator, thresholds)) in CURVES.into_iter().enumerate() {
            for theta in thresholds {
                let how = remembering(denominator, self.zero_is_minus, theta);
                points.push(Point { curve, theta, test: self.ask(&self.test, Some(how))? });
            }
        }
        Ok(points)
    }

    /// The columns of the first test recording that are remembered: see [`Figures::picture`].
    pub fn picture(&self, how: Memoization) -> anyhow::Result<Vec<String>> {
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
    Outcome { score: Score::of(memoized.loss), counters: memoized.counters }
}

/// Whether a run has a picture: one network of recordings has.
pub fn is_pictured(asked: Asked, variant: Variant, seed: u64) -> bool {
    let network = Variant { cell: crossbar::Cell::Lstm, hidden: HIDDEN[0], bits: 4 };
    asked == Asked::Classes && variant == network && seed == 1
}

#[cfg(test)]
pub mod tests {
    use super::super::finished::Figures;
    use super::*;
    use crate::datasets::Shape;
    use crate::datasets::tests::waves;
    use crate::datasets::{Finished, Run, Variant as _, finish, plan};
    use crate::ledger::Ledger;

    /// A run of made-up recordings, in the ledger; models lie in `models`.
    pub fn measured() -> (tempfile::TempDir, Dataset, Ledger<Finished<Figures>>) {
        let folder = tempfile::tempdir().unwrap();
        let dataset = waves();
        let ledger = Ledger::read(&folder.path().join("memo.jsonl"), &|text| panic!("{text}")).unwrap();
        let run = Run::new(&dataset, Variant::all()[0], 1).unwrap();
        let finished = finish(&run, &Models::new(folder.path().join("models")), &|_| ()).unwrap();
        ledger.keep(&[finished]).unwrap();
        (folder, dataset, ledger)
    }

    #[test]
    fn a_run_is_measured_once_and_kept() {
        let (folder, dataset, ledger) = measured();
        let run = &ledger.all()[0].measured;
        let test = Questions::test(&dataset.loaded().unwrap().data, 1);
        assert_eq!((run.schemes.len(), run.curves.len()), (3, 16));
        assert_eq!((run.picture.len(), run.picture[0].len()), (test.steps(), 128));
        assert!(run.picture[0].chars().all(|digit| digit == '0'), "the first step computes all");
        for Tested { tuning_without, tuning, .. } in &run.schemes {
            assert!(tuning.score.error_percent <= tuning_without.error_percent + 100.0 * LOSS + 1e-6);
        }
        let left = |dataset: &Dataset| {
            let plan = plan(
                Variant::wanted(&[Shape::of(dataset).unwrap()], &Variant::rows(), Some(1)),
                &ledger,
                &Models::new(folder.path().join("models")),
            )
            .unwrap();
            (plan.finished, plan.runs.len())
        };
        assert_eq!(left(&dataset), (1, 7));
        let mut changed = waves();
        changed.settings[0] = "epochs = 9".into();
        assert_eq!(left(&changed), (0, 8));
    }
}
