//! The runs of the campaign: variant x task x seed, with the time that each will take.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use engram_memnet::tasks::TASKS;
use engram_memnet::{Fold, Recipe};
use serde::Serialize;

use super::finished::{Finished, key, run_name, start_key};
use super::models::{Models, Whole};
use super::texts::{Origin, Text, Texts};
use super::variant::{Size, Variant};
use crate::campaign::Plan;
use crate::estimate::Calibration;
use crate::ledger::Ledger;
use crate::runner;

/// Processor seconds of a unit of work, before any run has said better: measured on one core with AVX-512.
const SECONDS: f64 = 2.2e-10;

/// A training with one seed.
#[derive(Clone, Debug, Serialize)]
pub struct Run<'a> {
    /// The variant.
    #[serde(skip)]
    pub variant: &'a Variant,
    /// The size of the training text.
    pub size: Size,
    /// The variant's name.
    #[serde(rename = "row")]
    pub name: &'a str,
    /// The task.
    pub task: u8,
    /// The seed.
    pub seed: u64,
    /// Whether the text is generated.
    #[serde(skip)]
    pub generated: bool,
    /// The hash of what decides the outcome.
    #[serde(skip)]
    pub key: String,
    /// Multiplications at most, about.
    #[serde(skip)]
    pub work: f64,
    /// Processor time in seconds, estimated from what is finished.
    pub estimated_seconds: f64,
}

impl runner::Run for Run<'_> {
    fn name(&self) -> String {
        run_name(self.size, self.generated, self.name, self.task, self.seed)
    }

    fn estimated_seconds(&self) -> f64 {
        self.estimated_seconds
    }
}

impl Run<'_> {
    /// A run on a text, whose time is not estimated yet.
    pub fn new<'a>(variant: &'a Variant, text: &Text, seed: u64) -> Run<'a> {
        let task = text.data.task;
        Run {
            variant,
            size: variant.size,
            name: &variant.name,
            task,
            seed,
            generated: text.origin == Origin::Generated,
            key: key(variant, task, text.fingerprint()),
            work: work(&variant.recipes.recipe, text),
            estimated_seconds: 0.0,
        }
    }
}

/// Crosses variants, tasks and the seeds 1 to `seeds`, or as many as the size has by default; the longest first.
pub fn plan<'a>(
    variants: &[&'a Variant],
    tasks: &[u8],
    seeds: Option<u64>,
    texts: &Texts,
    ledger: &Ledger<Finished>,
    models: &Models,
) -> anyhow::Result<Plan<Run<'a>>> {
    let lines: HashMap<(String, u64), Finished> =
        ledger.all().into_iter().map(|line| ((line.key.clone(), line.seed), line)).collect();
    let (mut runs, mut finished) = (Vec::new(), Vec::new());
    for size in Size::ALL {
        let variants: Vec<&Variant> = variants.iter().copied().filter(|variant| variant.size == size).collect();
        for &task in tasks.iter().filter(|_| !variants.is_empty()) {
            let text = texts.read(size, task)?;
            for variant in &variants {
                let run = Run::new(variant, &text, 1);
                for seed in 1..=seeds.unwrap_or(size.seeds()) {
                    match lines.get(&(run.key.clone(), seed)) {
                        Some(line) => finished.push(line),
                        None => runs.push(Run { seed, ..run.clone() }),
                    }
                }
            }
        }
    }
    estimate(&mut runs, &finished, texts, models)?;
    runs.sort_by(|a, b| b.estimated_seconds.total_cmp(&a.estimated_seconds));
    Ok(Plan { runs, finished: finished.len() })
}

/// Estimates the time by the finished runs. Where the model of all tasks that runs start from, or the choice of their recipe, is
/// missing, the first of them has the time of making it, too.
fn estimate(runs: &mut [Run], finished: &[&Finished], texts: &Texts, models: &Models) -> anyhow::Result<()> {
    let mut calibration = Calibration::default();
    for line in finished {
        let taken = line.cpu_seconds - line.start_seconds;
        calibration.add_alike(line.key.clone(), taken);
        calibration.add([(line.size, line.variant.as_str())], taken, SECONDS * line.work);
    }
    let (mut made, mut works) = (HashSet::new(), HashMap::new());
    for run in runs {
        if let Some(choice) = models.chosen(run) {
            run.work = work(run.variant.recipes.chosen(Some(&choice)).0, &texts.read(run.size, run.task)?);
        }
        let group = [(run.size, run.name)];
        run.estimated_seconds = calibration.seconds(&run.key, group, SECONDS * run.work);
        let mut missing = |file: PathBuf| !file.is_file() && made.insert(file);
        let mut more = 0.0;
        let mut starts: Vec<(&Recipe, Whole)> = Vec::new();
        if run.variant.recipes.joint {
            // The run itself asks a network that the first of them trains.
            run.estimated_seconds = 0.0;
            if missing(models.joint_file(run, texts)?) {
                more += work_of_all(&run.variant.recipes.recipe, run.size, texts)?;
            }
        }
        if run.variant.recipes.candidates.is_empty() {
            starts.extend(run.variant.recipes.start.as_ref().map(|recipe| (recipe, Whole::All(run.seed))));
        } else if missing(models.choice_file(run)) {
            let recipes = run.variant.recipes.candidates.iter().map(|candidate| &candidate.recipe);
            let text = texts.read(run.size, run.task)?;
            let folds = Fold::some(std::slice::from_ref(&text.data), run.variant.recipes.folds);
            // Each training learns all parts but one.
            let of = folds.first().map_or(1, |fold| fold.of) as f64;
            more += recipes.map(|recipe| work(recipe, &text)).sum::<f64>() * folds.len() as f64 * (1.0 - 1.0 / of);
            let of_folds = |recipe| folds.iter().map(move |&fold| (recipe, Whole::But(fold)));
            starts.extend(run.variant.candidates_starts().into_iter().flat_map(of_folds));
        }
        for (recipe, whole) in starts {
            if missing(models.start_file(run.size, recipe, whole, texts)?) {
                let known = (run.size, start_key(recipe, run.size, texts.fingerprint(run.size)?));
                let of_all = match works.entry(known) {
                    Entry::Occupied(known) => *known.get(),
                    Entry::Vacant(place) => *place.insert(work_of_all(recipe, run.size, texts)?),
                };
                more += match whole {
                    Whole::All(_) => of_all,
                    Whole::But(fold) => of_all * (1.0 - 1.0 / fold.of as f64),
                };
            }
        }
        run.estimated_seconds += SECONDS * more * calibration.factor(group);
    }
    Ok(())
}

/// Multiplications of a training on all tasks.
fn work_of_all(recipe: &Recipe, size: Size, texts: &Texts) -> anyhow::Result<f64> {
    (1..=TASKS).map(|task| Ok(work(recipe, &texts.read(size, task)?))).sum()
}

/// Multiplications of a training that uses all of its epochs: forward, and twice as many backward.
pub fn work(recipe: &Recipe, text: &Text) -> f64 {
    let stories = &text.data.train;
    let questions: usize = stories.iter().map(|story| story.questions()).sum();
    let lines: usize = stories.iter().map(|story| story.lines.len() * story.questions()).sum();
    // A question stands in the middle of its story, on the whole.
    let sentences = (lines as f64 / questions.max(1) as f64 / 2.0).clamp(1.0, recipe.slots as f64);
    let (elements, hops) = (recipe.elements as f64, recipe.hops as f64);
    let vectors = hops * (2.0 * sentences + elements) + 12.0 * sentences + text.data.words().len() as f64;
    3.0 * vectors * elements * (questions * recipe.epochs * recipe.restarts) as f64
}

#[cfg(test)]
mod tests {
    use super::super::finished::tests::{run, variant};
    use super::*;

    #[test]
    fn runs_are_crossed_and_finished_ones_are_none_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::read(&folder.path().join("memnet.jsonl"), &|text| panic!("{text}")).unwrap();
        let models = Models::new(folder.path().into());
        let (texts, one) = (Texts::default(), variant("epochs = 2"));
        let of = |variant: &Variant| {
            let plan = plan(&[variant], &[1, 6], Some(3), &texts, &ledger, &models).unwrap();
            assert!(plan.runs.is_sorted_by(|a, b| a.estimated_seconds >= b.estimated_seconds));
            let first = |run: &Run| (run.key.clone(), run.task, run.work, run.estimated_seconds);
            (plan.finished, plan.runs.iter().map(first).collect::<Vec<_>>())
        };
        let (finished, runs) = of(&one);
        assert_eq!((finished, runs.len()), (0, 6));
        let (key, task, work, _) = runs[0].clone();
        ledger.keep(&[Finished { key, work, ..run(task, 2, 1.0) }]).unwrap();
        let (finished, runs) = of(&one);
        assert_eq!((finished, runs.len()), (1, 5));
        // The finished run took 3 seconds; its task's other seeds are expected to take as long.
        let same = runs.iter().find(|run| run.1 == task).unwrap();
        assert!((same.3 - 3.0).abs() < 1e-9);
        assert_eq!(of(&variant("epochs = 3")).1.len(), 6);
    }

    #[test]
    fn the_first_run_of_a_missing_start_has_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::read(&folder.path().join("memnet.jsonl"), &|text| panic!("{text}")).unwrap();
        let (texts, models) = (Texts::default(), Models::new(folder.path().into()));
        let seconds = |recipe: &str| -> Vec<f64> {
            let variant = variant(recipe);
            let plan = plan(&[&variant], &[1, 6], Some(1), &texts, &ledger, &models).unwrap();
            plan.runs.iter().map(|run| run.estimated_seconds).collect()
        };
        let (alone, begun) = (seconds("epochs = 2"), seconds("epochs = 2\n[start]\nepochs = 2"));
        // The start learns twenty tasks in as many epochs.
        assert!(begun[0] > 10.0 * alone[0] && begun[1] <= alone[0], "{begun:?} {alone:?}");
        let start = variant("epochs = 2\n[start]\nepochs = 2").recipes.start.unwrap();
        let made = models.start_file(Size::K1, &start, Whole::All(1), &texts).unwrap();
        std::fs::create_dir_all(made.parent().unwrap()).unwrap();
        std::fs::write(made, "").unwrap();
        assert_eq!(seconds("epochs = 2\n[start]\nepochs = 2"), alone);
    }
}
