//! The choice of a recipe for a task, of the candidates of a file, by cross-validation on the training text. The test text has no
//! part in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engram_babi::{DataSet, Story, Vocabulary};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::examples::Examples;
use crate::model::Model;
use crate::network::Workspace;
use crate::recipe::{Candidate, Recipe};
use crate::train::{TrainError, measure, train};

/// The parts of a training text, each of which is answered by networks that learnt the others.
pub const FOLDS: usize = 5;

/// The seed by which stories fall into folds: the same stories for every candidate.
const SEED: u64 = 1;

/// The loss of a training that came to nothing: that of an answer that a network takes for impossible.
const LARGEST_LOSS: f64 = 88.0;

/// One of the parts of a training text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The number of the part, from 0.
    pub number: usize,
    /// The number of all parts.
    pub of: usize,
}

impl Fold {
    /// The folds of texts that networks are asked about, at most `asked`; as many as there are stories where these are few.
    pub fn some(data: &[DataSet], asked: usize) -> Vec<Fold> {
        let stories = data.iter().map(|task| task.train.len()).min().unwrap_or(0);
        let of = FOLDS.min(stories);
        (0..of).take(asked).map(|number| Fold { number, of }).collect()
    }

    /// Whether each of these folds has questions to learn from and questions to ask, of every task.
    pub fn all_have_questions(data: &[DataSet], asked: usize) -> bool {
        let questions = |stories: &[Story]| stories.iter().map(Story::questions).sum::<usize>();
        let folds = Fold::some(data, asked);
        let has_both = |fold: &Fold, task: &DataSet| {
            let part = fold.part(task);
            questions(&part.train) > 0 && questions(&part.test) > 0
        };
        !folds.is_empty() && folds.iter().all(|fold| data.iter().all(|task| has_both(fold, task)))
    }

    /// The seed of the trainings of this fold.
    pub fn seed(self) -> u64 {
        self.number as u64 + 1
    }

    /// Trains a model of all tasks that knows no story of this fold.
    pub fn start(self, tasks: &[DataSet], recipe: &Recipe) -> Result<Model, TrainError> {
        let parts: Vec<DataSet> = tasks.iter().map(|task| self.part(task)).collect();
        train(&parts, recipe, self.seed(), None, &|_| ())
    }

    /// A task with the training stories of this fold to test with, and all others to train with.
    pub fn part(self, data: &DataSet) -> DataSet {
        let mut shuffled: Vec<&Story> = data.train.iter().collect();
        shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(SEED));
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for (place, story) in shuffled.into_iter().enumerate() {
            let part = if place % self.of == self.number { &mut test } else { &mut train };
            part.push(story.clone());
        }
        DataSet { task: data.task, source: data.source.clone(), train, test }
    }
}

/// A candidate that was tried, and how well its networks did on stories that they had not learnt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tried {
    /// The candidate's name.
    pub name: String,
    /// The share of the questions answered wrongly, 0 to 1.
    pub error: f64,
    /// The mean cross-entropy of their answers, in nats.
    pub loss: f64,
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The name of the candidate that was chosen: that of the least error, of equal errors that of the least loss.
    pub chosen: String,
    /// All that were tried, in the order of the file.
    pub candidates: Vec<Tried>,
    /// The parts of the training text that networks were asked about.
    pub folds: usize,
    /// The questions that each candidate was tried on.
    pub questions: usize,
}

impl Choice {
    /// The candidate that was chosen; none where these are others.
    pub fn among<'a>(&self, candidates: &'a [Candidate]) -> Option<&'a Candidate> {
        candidates.iter().find(|candidate| candidate.name == self.chosen)
    }
}

/// A maker of the model of all tasks that the trainings of a fold begin with; none where its training comes to nothing.
pub type Starts<'a, E> = dyn Fn(&Recipe, Fold) -> Result<Option<Arc<Model>>, E> + Sync + 'a;

/// Chooses one of several candidates, at least one, for some tasks in one network, by `asked` of the folds. `start` gives the model
/// of all tasks that the trainings of a fold begin with, which must know no story of the fold: it is asked for each kind of start once a fold. `progress`
/// is called with the trainings done and all that there are to do, from several threads.
pub fn choose<E: From<TrainError> + Send>(
    data: &[DataSet],
    candidates: &[Candidate],
    asked: usize,
    start: &Starts<E>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Choice, E> {
    let folds = Fold::some(data, asked);
    // Networks that validate need two stories to learn from and to validate with, besides those of a fold.
    let validates = |recipe: &Recipe| recipe.validation > 0.0;
    let least = if candidates.iter().any(|candidate| validates(&candidate.recipe)) { 3 } else { 2 };
    let found = data.iter().map(|task| task.train.len()).min().unwrap_or(0);
    if found < least {
        return Err(TrainError::TooFewToChoose { found, least }.into());
    }
    let (done, all) = (AtomicUsize::new(0), folds.len() * candidates.len());
    let of_fold = |&fold: &Fold| -> Result<Vec<Outcome>, E> {
        let parts: Vec<DataSet> = data.iter().map(|task| fold.part(task)).collect();
        let mut starts: Vec<(Recipe, Option<Arc<Model>>)> = Vec::new();
        let mut outcomes = Vec::new();
        for candidate in candidates {
            let begun = match &candidate.start {
                None => Some(None),
                Some(recipe) => match starts.iter().find(|(known, _)| known == recipe) {
                    Some((_, model)) => model.clone().map(Some),
                    None => {
                        let model = start(recipe, fold)?;
                        starts.push((*recipe, model.clone()));
                        model.map(Some)
                    }
                },
            };
            outcomes.push(match begun {
                Some(begun) => outcome(&parts, &candidate.recipe, fold, begun.as_deref())?,
                None => Outcome::nothing(parts.iter().flat_map(|part| &part.test).map(Story::questions).sum()),
            });
            progress(done.fetch_add(1, Ordering::Relaxed) + 1, all);
        }
        Ok(outcomes)
    };
    let outcomes = folds.par_iter().map(of_fold).collect::<Result<Vec<_>, E>>()?;
    let tried = candidates.iter().enumerate().map(|(place, candidate)| {
        let sum = outcomes.iter().map(|fold| fold[place]).fold(Outcome::default(), Outcome::plus);
        let questions = sum.questions.max(1) as f64;
        Tried { name: candidate.name.clone(), error: sum.wrong / questions, loss: sum.loss / questions }
    });
    let candidates: Vec<Tried> = tried.collect();
    let better = |one: &Tried, other: &Tried| (one.error, one.loss) < (other.error, other.loss);
    let best = candidates.iter().reduce(|best, other| if better(other, best) { other } else { best });
    let chosen = best.map(|best| best.name.clone()).unwrap_or_default();
    let questions = outcomes.iter().filter_map(|fold| Some(fold.first()?.questions)).sum();
    Ok(Choice { chosen, candidates, folds: folds.len(), questions })
}

/// The sums over some questions.
#[derive(Clone, Copy, Debug, Default)]
struct Outcome {
    wrong: f64,
    loss: f64,
    questions: usize,
}

impl Outcome {
    /// The outcome of a training that came to nothing.
    fn nothing(questions: usize) -> Outcome {
        Outcome { wrong: questions as f64, loss: LARGEST_LOSS * questions as f64, questions }
    }

    fn plus(self, other: Outcome) -> Outcome {
        Outcome {
            wrong: self.wrong + other.wrong,
            loss: self.loss + other.loss,
            questions: self.questions + other.questions,
        }
    }
}

/// Trains on a fold's training stories and asks the questions of the others.
fn outcome(parts: &[DataSet], recipe: &Recipe, fold: Fold, start: Option<&Model>) -> Result<Outcome, TrainError> {
    let (vocabulary, _) = Vocabulary::of(parts)?;
    let held = Examples::encode(parts.iter().flat_map(|part| &part.test), &vocabulary)?;
    let questions = held.questions.len();
    match train(parts, recipe, fold.seed(), start, &|_| ()) {
        Ok(model) => {
            let (network, tensors) = model.network();
            let (error, loss) = measure(&network, &tensors, &held, &mut Workspace::new(&network.shape));
            let count = questions as f64;
            Ok(Outcome { wrong: (f64::from(error) * count).round(), loss: f64::from(loss) * count, questions })
        }
        // No reason to end what others may do better.
        Err(TrainError::Diverged(_)) => Ok(Outcome::nothing(questions)),
        Err(error) => Err(error),
    }
}
