//! The choice of a recipe by cross-validation on the training text.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use engram_babi::{DataSet, Story};
use engram_memnet::choose::FOLDS;
use engram_memnet::recipe::Optimiser;
use engram_memnet::{Candidate, Choice, Fold, Mode, Model, Recipe, TrainError, choose};

/// A recipe that learns something in little time.
fn short() -> Recipe {
    Recipe { mode: Mode::Float, restarts: 1, epochs: 20, halve_every: 10, ..Recipe::default() }
}

fn candidate(name: &str, recipe: Recipe, start: Option<Recipe>) -> Candidate {
    Candidate { name: name.into(), recipe, start }
}

fn no_start(_: &Recipe, _: Fold) -> Result<Option<Arc<Model>>, TrainError> {
    panic!("no candidate has a start")
}

#[test]
fn folds_part_the_training_stories() {
    let data = DataSet::generate(6, 100, 50, 1).unwrap();
    let folds = Fold::some(std::slice::from_ref(&data), FOLDS);
    assert_eq!(folds.len(), 5);
    let mut held: Vec<Story> = Vec::new();
    for fold in &folds {
        let part = fold.part(&data);
        let learnt: HashSet<&Story> = part.train.iter().collect();
        assert_eq!(part.train.len() + part.test.len(), data.train.len());
        assert!(part.test.iter().all(|story| !learnt.contains(story)));
        held.extend(part.test);
    }
    let all = |stories: &[Story]| stories.iter().cloned().collect::<HashSet<Story>>();
    assert_eq!((held.len(), all(&held)), (data.train.len(), all(&data.train)), "each story is held out once");
    let few = DataSet { train: data.train[..3].to_vec(), ..data.clone() };
    assert_eq!(Fold::some(&[data, few], FOLDS).len(), 3);
}

#[test]
fn the_candidate_of_the_least_error_is_chosen_whatever_the_test_text() {
    let data = DataSet::generate(1, 300, 100, 5).unwrap();
    let still = Recipe { rate: 1e-9, ..short() };
    let candidates = [candidate("still", still, None), candidate("learns", short(), None)];
    let progress = Mutex::new(Vec::new());
    let of = |data: &DataSet| -> Choice {
        let followed = |done, all| progress.lock().unwrap().push((done, all));
        choose(std::slice::from_ref(data), &candidates, FOLDS, &no_start, &followed).unwrap()
    };
    let choice = of(&data);
    assert_eq!((choice.chosen.as_str(), choice.folds), ("learns", 5));
    assert_eq!(choice.questions, data.train.iter().map(Story::questions).sum::<usize>());
    let [still, learns] = &choice.candidates[..] else { panic!("{choice:?}") };
    assert!(still.error > 0.5 && learns.error < 0.4 && learns.loss < still.loss, "{choice:?}");
    let mut progress = progress.lock().unwrap().clone();
    progress.sort();
    assert_eq!(progress, (1..=10).map(|done| (done, 10)).collect::<Vec<_>>());
    assert_eq!(of(&DataSet { test: data.train.clone(), ..data.clone() }), choice);
}

/// A start is made once a fold, and asked for by the fold, so that it can leave its stories out.
#[test]
fn starts_are_made_for_each_fold() {
    let data = DataSet::generate(1, 300, 100, 5).unwrap();
    let (still, joint) = (Recipe { rate: 1e-9, epochs: 1, ..short() }, Recipe { epochs: 15, ..short() });
    let candidates = [
        candidate("alone", still, None),
        candidate("started", still, Some(joint)),
        candidate("started again", Recipe { epochs: 2, ..still }, Some(joint)),
    ];
    let asked = Mutex::new(Vec::new());
    let start = |recipe: &Recipe, fold: Fold| {
        asked.lock().unwrap().push(fold.number);
        let start = fold.start(std::slice::from_ref(&data), recipe)?;
        // The stories of the fold are no part of what the start has learnt or validated with.
        let part = fold.part(&data);
        let known = (part.train.len() as f64 * (1.0 - recipe.validation)).round() as usize;
        let questions: usize = part.train.iter().map(Story::questions).sum::<usize>() * known / part.train.len();
        assert_eq!(start.training.as_ref().unwrap().training_questions, questions);
        Ok::<_, TrainError>(Some(Arc::new(start)))
    };
    let choice = choose(std::slice::from_ref(&data), &candidates, FOLDS, &start, &|_, _| ()).unwrap();
    let mut asked = asked.into_inner().unwrap();
    asked.sort();
    assert_eq!(asked, [0, 1, 2, 3, 4]);
    assert!(choice.candidates[0].error > choice.candidates[1].error + 0.2, "{choice:?}");
}

#[test]
fn too_few_stories_are_refused_and_divergence_is_an_error_of_all_questions() {
    let data = DataSet::generate(1, 100, 50, 1).unwrap();
    let few = DataSet { train: data.train[..1].to_vec(), ..data.clone() };
    let candidates = [
        candidate("diverges", Recipe { rate: 1000.0, clip: 1e9, optimiser: Optimiser::Sgd, ..short() }, None),
        candidate("learns", Recipe { epochs: 3, ..short() }, None),
    ];
    let error = choose(&[few], &candidates, FOLDS, &no_start, &|_, _| ()).unwrap_err();
    assert!(matches!(error, TrainError::TooFewToChoose { found: 1, least: 3 }), "{error}");
    let choice = choose(std::slice::from_ref(&data), &candidates, FOLDS, &no_start, &|_, _| ()).unwrap();
    assert_eq!((choice.chosen.as_str(), choice.candidates[0].error), ("learns", 1.0));
    // A start that comes to nothing ends its own candidate alone.
    let start = short();
    let candidates = [candidate("lost", short(), Some(start)), candidates[1].clone()];
    let choice = choose(&[data], &candidates, FOLDS, &|_, _| Ok::<_, TrainError>(None), &|_, _| ()).unwrap();
    assert_eq!((choice.chosen.as_str(), choice.candidates[0].error), ("learns", 1.0));
}
