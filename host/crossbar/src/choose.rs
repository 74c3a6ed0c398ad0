//! The choice of a recipe for recordings that nobody has made one for: windowing, covered share, bits and epochs, by
//! cross-validation on the training recordings. The test recordings have no part in it.

use std::sync::atomic::{AtomicUsize, Ordering};

use engram_sequences::{Data, Recording, SequenceSet, Windowing};
use engram_spec::crossbar::geometry;
use rayon::prelude::*;

use crate::design::Precisions;
use crate::model::Record;
use crate::precision::Precision;
use crate::recipe::Recipes;
use crate::train::{TrainError, train};

/// The numbers of a recipe that are to be chosen; the others stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// The bits: those of the recipe, or 8 where they are better by more than a standard error.
    pub bits: bool,
    /// The epochs: those of the recipe, or fewer where there is much to learn from.
    pub epochs: bool,
}

/// A way to take the recordings, and how well networks did that learnt so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The steps that become one.
    pub windowing: Windowing,
    /// The share of the values of each channel that its range holds.
    pub covered: f64,
    /// The precisions.
    pub precisions: Precisions,
    /// The share of the recordings answered wrongly by networks that had not learnt them.
    pub error: f64,
    /// The mean cross-entropy of the same answers, in nats.
    pub loss: f64,
}

impl Candidate {
    fn way(&self) -> Way {
        Way { windowing: self.windowing, covered: self.covered, precisions: self.precisions }
    }

    /// The error, and between equal errors the loss, so that less is better.
    fn rank(&self) -> (f64, f64) {
        (self.error, self.loss)
    }
}

/// A way to take recordings, to be tried.
#[derive(Clone, Copy, Debug)]
struct Way {
    windowing: Windowing,
    covered: f64,
    precisions: Precisions,
}

/// A choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The recipes to train with.
    pub recipes: Recipes,
    /// All that were tried, in the order of trying.
    pub candidates: Vec<Candidate>,
    /// The place of the one that was chosen.
    pub chosen: usize,
    /// The recordings that each was tried on.
    pub recordings: usize,
}

impl Choice {
    /// The candidate that was chosen.
    pub fn candidate(&self) -> &Candidate {
        &self.candidates[self.chosen]
    }
}

/// The parts of the recordings, each of which is answered by a network that learnt the others.
pub const FOLDS: usize = 5;

/// Steps that a recording is to have in windows.
const STEPS: [usize; 3] = [8, 16, 32];

/// The share of the values that a range holds where outliers may be clipped.
const CLIPPING: f64 = 0.95;

/// The most recordings that a choice is made with: their error is known to 3 points.
const RECORDINGS_MAX: usize = 300;

/// Steps that a training passes over at most, all epochs together: about 2 s of a processor's time.
const STEPS_MAX: usize = 2_000_000;

/// The least epochs, of the float network and of that of codes.
const EPOCHS_MIN: usize = 10;

/// Chooses the windowing and the covered share of recordings, and what else is open. `progress` is called with the trainings done
/// and all that there are to do, from several threads.
pub fn choose(
    set: &SequenceSet,
    recipes: &Recipes,
    open: Open,
    seed: u64,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Choice, TrainError> {
    let judge = Judge { folds: folds(&set.train), set, recipes, open, seed };
    let windowings = windowings(set);
    let (done, all) = (AtomicUsize::new(0), judge.folds.len() * (windowings.len() + 1 + usize::from(open.bits)));
    let trained = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
    let (covered, precisions) = (recipes.quantised.covered, recipes.quantised.precisions);
    let ways: Vec<Way> = windowings.into_iter().map(|windowing| Way { windowing, covered, precisions }).collect();
    let mut candidates = judge.tried(&ways, &trained)?;
    let clipping = Way { covered: CLIPPING, ..candidates[best(&candidates)].way() };
    candidates.extend(judge.tried(&[clipping], &trained)?);
    let mut chosen = best(&candidates);
    if open.bits {
        let finer = Way { precisions: Precisions::alike(Precision::Bits(8)), ..candidates[chosen].way() };
        candidates.extend(judge.tried(&[finer], &trained)?);
        let (error, last) = (candidates[chosen].error, candidates.len() - 1);
        let standard_error = (error * (1.0 - error) / judge.recordings() as f64).sqrt();
        if candidates[last].error < error - standard_error {
            chosen = last;
        }
    }
    let recipes = judge.recipes(&set.train, candidates[chosen].way());
    Ok(Choice { recipes, candidates, chosen, recordings: judge.recordings() })
}

/// The place of the best candidate, the first of equals.
fn best(candidates: &[Candidate]) -> usize {
    let places = 0..candidates.len();
    places
        .reduce(|best, other| if candidates[other].rank() < candidates[best].rank() { other } else { best })
        .unwrap_or(0)
}

/// The ways to take recordings in windows, those of most steps first: about 32, 16 and 8 steps, with windows that follow
/// each other or overlap by half. Short recordings may stay as they are. Where a window would have more inputs than devices hold,
/// steps are pooled.
pub fn windowings(set: &SequenceSet) -> Vec<Windowing> {
    let longest = set.train.iter().map(Recording::len).max().unwrap_or(1);
    let window_max = (inputs_max() / set.channels).max(1);
    let mut all = Vec::new();
    for steps in STEPS.into_iter().rev() {
        for overlap in [1, 2] {
            let stride = longest.div_ceil(steps);
            let pool = (stride * overlap).div_ceil(window_max);
            let window = (stride * overlap).div_ceil(pool);
            let windowing = Windowing { pool, window, stride: window.div_ceil(overlap) };
            if !all.contains(&windowing) {
                all.push(windowing);
            }
        }
    }
    all
}

/// The most inputs of a network that a device holds.
fn inputs_max() -> usize {
    geometry::PRESETS.iter().map(|preset| preset.inputs).max().unwrap_or(1)
}

/// Evenly taken recordings in parts that have, each, as many of a class as the others, or one fewer.
fn folds(recordings: &[Recording]) -> Vec<Vec<Recording>> {
    let mut by_class: Vec<&Recording> = recordings.iter().collect();
    by_class.sort_by_key(|recording| recording.class);
    let every = by_class.len().div_ceil(RECORDINGS_MAX).max(1);
    let mut folds = vec![Vec::new(); FOLDS];
    for (place, &recording) in by_class.iter().step_by(every).enumerate() {
        folds[place % FOLDS].push(recording.clone());
    }
    folds.retain(|fold| !fold.is_empty());
    folds
}

/// The parts of the recordings that candidates are tried on.
struct Judge<'a> {
    folds: Vec<Vec<Recording>>,
    set: &'a SequenceSet,
    recipes: &'a Recipes,
    open: Open,
    seed: u64,
}

impl Judge<'_> {
    fn recordings(&self) -> usize {
        self.folds.iter().map(Vec::len).sum()
    }

    /// The recipes that take these recordings in a way.
    fn recipes(&self, recordings: &[Recording], Way { windowing, covered, precisions }: Way) -> Recipes {
        let Recipes { mut float, mut quantised } = *self.recipes;
        for recipe in [&mut float, &mut quantised] {
            (recipe.windowing, recipe.covered) = (windowing, covered);
        }
        quantised.precisions = precisions;
        if self.open.epochs {
            let steps: usize = recordings.iter().map(|recording| windowing.steps(recording.len())).sum();
            let asked = steps * (float.epochs + quantised.epochs);
            for recipe in [&mut float, &mut quantised] {
                let possible = recipe.epochs * STEPS_MAX / asked.max(1);
                recipe.epochs = recipe.epochs.min(possible.max(EPOCHS_MIN));
            }
        }
        Recipes { float, quantised }
    }

    /// Tries ways on all parts of the recordings.
    fn tried(&self, ways: &[Way], trained: &(dyn Fn() + Sync)) -> Result<Vec<Candidate>, TrainError> {
        let folds = self.folds.len();
        let trials = (0..ways.len() * folds).into_par_iter().map(|trial| {
            let outcome = self.trial(trial % folds, ways[trial / folds]);
            trained();
            outcome
        });
        let outcomes = trials.collect::<Result<Vec<Outcome>, TrainError>>()?;
        let candidate = |(&Way { windowing, covered, precisions }, outcomes): (&Way, &[Outcome])| {
            let mean = |of: fn(&Outcome) -> f64| {
                let sums = outcomes.iter().zip(&self.folds).map(|(outcome, fold)| of(outcome) * fold.len() as f64);
                sums.sum::<f64>() / self.recordings() as f64
            };
            let (error, loss) = (mean(|outcome| outcome.error), mean(|outcome| outcome.loss));
            Candidate { windowing, covered, precisions, error, loss }
        };
        Ok(ways.iter().zip(outcomes.chunks(folds)).map(candidate).collect())
    }

    /// The outcome on one part of the recordings of a network that learnt the others.
    fn trial(&self, fold: usize, way: Way) -> Result<Outcome, TrainError> {
        let others = self.folds.iter().enumerate().filter(|(place, _)| *place != fold);
        let learnt: Vec<Recording> = others.flat_map(|(_, others)| others.clone()).collect();
        let Recipes { float, quantised } = self.recipes(&learnt, way);
        let (name, classes) = (self.set.name.clone(), self.set.classes.clone());
        let validation = self.folds[fold].clone();
        let set = SequenceSet { validation, ..SequenceSet::new(name, classes, learnt, Vec::new())? };
        let data = Data::Recordings(set);
        let start = train(&data, &float, self.seed, None, &|_| ());
        let model = match start {
            Ok(start) if way.precisions != Precisions::FLOAT => {
                train(&data, &quantised, self.seed, Some(&start), &|_| ())
            }
            start => start,
        };
        let record = match model {
            // A way in which nothing is learnt is no reason to give up the others.
            Err(TrainError::Diverged(_)) => None,
            model => model?.training,
        };
        let outcome =
            |record: Record| Outcome { error: record.validation_error.into(), loss: record.validation_loss.into() };
        Ok(record.map_or(Outcome { error: 1.0, loss: f64::INFINITY }, outcome))
    }
}

/// The outcome of a trial on the recordings that were not learnt.
struct Outcome {
    error: f64,
    loss: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(recordings: usize, steps: usize, channels: usize, classes: usize) -> SequenceSet {
        let recording = |place: usize| Recording::new(channels, vec![0.0; steps * channels], place % classes).unwrap();
        let names = (0..classes).map(|class| class.to_string()).collect();
        SequenceSet::new("", names, (0..recordings).map(recording).collect(), Vec::new()).unwrap()
    }

    #[test]
    fn windows_fit_devices_and_make_as_many_steps_as_wanted() {
        for (steps, channels) in [(1, 1), (7, 3), (24, 1), (150, 1), (1460, 1), (29, 12), (100, 6), (5000, 40), (9, 64)]
        {
            let windowings = windowings(&set(2, steps, channels, 2));
            assert!(!windowings.is_empty() && windowings.len() <= 6);
            for windowing in windowings {
                assert!(windowing.check().is_ok() && windowing.inputs(channels) <= inputs_max(), "{windowing}");
                assert!(windowing.steps(steps) <= 34, "{windowing} makes {} of {steps}", windowing.steps(steps));
            }
        }
        let names = |steps, channels| {
            windowings(&set(2, steps, channels, 2)).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(names(24, 1)[0], "steps one by one");
        assert_eq!(names(256, 1)[..2], ["windows of 8 steps", "windows of 16 steps, one every 8"]);
        assert_eq!(names(1460, 1)[5], "windows of 61 means of 6 steps, one every 31");
    }

    #[test]
    fn parts_have_recordings_of_all_classes() {
        let counts = |recordings, classes| {
            let folds = folds(&set(recordings, 1, 1, classes).train);
            folds
                .iter()
                .map(|fold| {
                    (0..classes)
                        .map(|class| fold.iter().filter(|one| one.class == Some(class)).count())
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(counts(50, 2), vec![vec![5, 5]; FOLDS]);
        assert_eq!(counts(2, 2), [[1, 0], [0, 1]]);
        let many = counts(1000, 2);
        assert_eq!(many.concat().iter().sum::<usize>(), 250);
        assert!(many.iter().all(|fold| fold.iter().all(|&count| count == 25)), "{many:?}");
    }
}
