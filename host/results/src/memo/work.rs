//! One run: a network trained, its thresholds found on training data, and what they come to on test data.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use engram_crossbar::memoized::{Memoized, memoized};
use engram_crossbar::program::in_software;
use engram_crossbar::{IntegerModel, Memoization, Model, Programming, Recipes, tune};
use engram_sequences::{Data, Questions};
use engram_session::crossbar::inputs::leading_to;
use engram_session::measure::{UsageWho, processor_seconds};
use engram_spec::Device;
use engram_spec::crossbar::memo::Verdict;
use engram_spec::crossbar::{self, Program};

use super::finished::{Finished, Outcome, Point, Tested, model_key};
use super::scheme::{CURVES, Scheme, remembering};
use super::variant::{HIDDEN, Variant};
use crate::crossbar::dataset::Dataset;
use crate::crossbar::finished::Asked;
use crate::crossbar::work::score;
use crate::observer::Progress;
use crate::recurrent::Run;
use crate::trained::{Models, fit};

/// The most steps that thresholds are found with: recordings evenly taken, or the first symbols of a stream.
pub const TUNING_STEPS: usize = 50_000;

/// The most steps that are tested, taken likewise.
pub const TEST_STEPS: usize = 120_000;

/// The loss that thresholds may cost on the data that they are found with: one point.
pub const LOSS: f64 = 0.01;

/// The most steps of a recording in a picture.
const PICTURE_STEPS: usize = 100;

/// The file of the model of a variant, or of the float network of this name.
pub fn model_file(folder: &Path, dataset: &Dataset, name: &str, seed: u64) -> anyhow::Result<PathBuf> {
    let file = format!("seed{seed}-{}.safetensors", model_key(dataset, name)?);
    Ok(folder.join(&dataset.name).join(name).join(file))
}

/// The network of a run, trained where there is none.
fn network(
    run: &Run<Variant>,
    folder: &Path,
    models: &Models<Model>,
    progress: Progress,
) -> anyhow::Result<Arc<Model>> {
    let Run { dataset, variant, seed, .. } = *run;
    let data = &dataset.loaded()?.data;
    let Recipes { float, quantised } = variant.recipes(dataset, Asked::of(data));
    let file = |name: &str| model_file(folder, dataset, name, seed);
    let (own, begin) = (file(&variant.to_string())?, file(&variant.float())?);
    models.get(&own, false, || {
        let start = models.get(&begin, true, || fit(data, &float, seed, None, progress));
        fit(data, &quantised, seed, Some(&*start.context("the float network that it begins with")?), progress)
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

    /// The columns of the first test recording that are remembered: see [`Finished::picture`].
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

/// Whether a run has a picture: one network of recordings has.
fn is_pictured(asked: Asked, variant: Variant, seed: u64) -> bool {
    let network = Variant { cell: crossbar::Cell::Lstm, hidden: HIDDEN[0], bits: 4 };
    asked == Asked::Classes && variant == network && seed == 1
}

/// Does a run. The calling thread has to be its own, whose processor time is the run's.
pub fn finish(
    run: &Run<Variant>,
    folder: &Path,
    models: &Models<Model>,
    progress: Progress,
) -> anyhow::Result<Finished> {
    let begin = processor_seconds(UsageWho::RUSAGE_THREAD);
    let Run { dataset, variant, seed, .. } = *run;
    let data = &dataset.loaded()?.data;
    let model = network(run, folder, models, progress)?;
    let record = model.training.as_ref().context("a trained model without a record")?;
    let measured = Measured::new(&model, data)?;
    let (mut schemes, mut picture) = (Vec::new(), Vec::new());
    for scheme in Scheme::ALL {
        let (tested, how) = measured.tested(scheme)?;
        if scheme == Scheme::Paper && is_pictured(Asked::of(data), variant, seed) {
            picture = measured.picture(how)?;
        }
        schemes.push(tested);
    }
    Ok(Finished {
        key: run.key.clone(),
        dataset: dataset.name.clone(),
        variant: variant.to_string(),
        seed,
        asked: Asked::of(data),
        inputs: data.inputs(),
        training_targets: record.training_targets,
        tuning_steps: measured.tuning.steps(),
        test_steps: measured.test.steps(),
        test: measured.ask(&measured.test, None)?.score,
        schemes,
        curves: measured.curves()?,
        picture,
        cpu_seconds: processor_seconds(UsageWho::RUSAGE_THREAD) - begin,
        work: run.work,
    })
}

#[cfg(test)]
pub mod tests {
    use super::super::plan::wanted;
    use super::*;
    use crate::crossbar::plan::Shape;
    use crate::crossbar::work::tests::waves;
    use crate::ledger::Ledger;
    use crate::recurrent::plan;

    /// A run of made-up recordings, in the ledger; models lie in `models`.
    pub fn measured() -> (tempfile::TempDir, Dataset, Ledger<Finished>) {
        let folder = tempfile::tempdir().unwrap();
        let dataset = waves();
        let ledger = Ledger::read(&folder.path().join("memo.jsonl"), &|text| panic!("{text}")).unwrap();
        let run = Run::new(&dataset, Variant::all()[0], 1).unwrap();
        let finished = finish(&run, &folder.path().join("models"), &Models::default(), &|_| ()).unwrap();
        ledger.keep(&[finished]).unwrap();
        (folder, dataset, ledger)
    }

    #[test]
    fn a_run_is_measured_once_and_kept() {
        let (_folder, dataset, ledger) = measured();
        let run = &ledger.all()[0];
        let test = Questions::test(&dataset.loaded().unwrap().data, 1);
        assert_eq!((run.schemes.len(), run.curves.len()), (3, 16));
        assert_eq!((run.picture.len(), run.picture[0].len()), (test.steps(), 128));
        assert!(run.picture[0].chars().all(|digit| digit == '0'), "the first step computes all");
        for Tested { tuning_without, tuning, .. } in &run.schemes {
            assert!(tuning.score.error_percent <= tuning_without.error_percent + 100.0 * LOSS + 1e-6);
        }
        let left = |dataset: &Dataset| {
            let plan = plan(wanted(&[Shape::of(dataset).unwrap()], Some(1)), &ledger).unwrap();
            (plan.finished, plan.runs.len())
        };
        assert_eq!(left(&dataset), (1, 7));
        let mut changed = waves();
        changed.settings[0] = "epochs = 9".into();
        assert_eq!(left(&changed), (0, 8));
    }
}
