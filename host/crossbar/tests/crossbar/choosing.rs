//! The choice of a recipe for recordings: by the training recordings, and by nothing else.

use engram_crossbar::{Choice, Open, Precision, Precisions, Recipe, Recipes, choose};
use engram_sequences::{Recording, SequenceSet};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Recipes of so few epochs that no network learns to keep a class for long.
fn recipes() -> Recipes {
    let float =
        Recipe { hidden: 8, epochs: 12, batch: 4, rate: 0.01, keep_best: false, hold_out: 0, ..Recipe::default() };
    let quantised = Recipe { epochs: 2, precisions: Precisions::alike(Precision::Bits(4)), ..float };
    Recipes { float, quantised }
}

/// Recordings of 128 steps of noise, of which the first says the class.
fn seen_at_the_beginning(recordings: usize) -> SequenceSet {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let mut recording = |class: usize| {
        let noise = (1..128).map(|_| random.random_range(-1.0f32..1.0));
        let values = std::iter::once([-2.0, 2.0][class]).chain(noise).collect();
        Recording::new(1, values, class).unwrap()
    };
    let train = (0..recordings).map(|place| recording(place % 2)).collect();
    let test = vec![recording(0), recording(1)];
    SequenceSet::new("beginning", vec!["low".to_string(), "high".to_string()], train, test).unwrap()
}

fn chosen(set: &SequenceSet) -> Choice {
    choose(set, &recipes(), Open { bits: false, epochs: false }, 1, &|_, _| ()).unwrap()
}

#[test]
fn a_class_that_is_long_past_is_seen_in_wide_windows() {
    let set = seen_at_the_beginning(40);
    let choice = chosen(&set);
    let window = |place: usize| choice.candidates[place].windowing.window;
    assert_eq!((choice.recordings, window(0)), (40, 4));
    assert!(window(choice.chosen) >= 8 && choice.candidate().error < choice.candidates[0].error, "{choice:?}");
    for recipe in [choice.recipes.float, choice.recipes.quantised] {
        assert_eq!((recipe.windowing, recipe.covered), (choice.candidate().windowing, choice.candidate().covered));
    }
    assert_eq!(choice.recipes.quantised.precisions, Precisions::alike(Precision::Bits(4)));
}

#[test]
fn the_test_recordings_have_no_part_in_it() {
    let set = seen_at_the_beginning(20);
    let other = SequenceSet { test: set.train.clone(), ..set.clone() };
    assert_eq!(chosen(&set), chosen(&other));
}

#[test]
fn a_single_recording_of_a_class_is_enough() {
    let mut set = seen_at_the_beginning(2);
    assert_eq!(chosen(&set).recordings, 2);
    set.train.extend(vec![set.train[0].clone(); 6]);
    assert_eq!(chosen(&set).recordings, 8);
}

#[test]
fn bits_are_chosen_where_nobody_says_them() {
    let choice = choose(&seen_at_the_beginning(10), &recipes(), Open { bits: true, epochs: true }, 1, &|done, all| {
        assert!((1..=all).contains(&done));
    });
    let choice = choice.unwrap();
    let last = choice.candidates.last().unwrap();
    assert_eq!(last.precisions, Precisions::alike(Precision::Bits(8)));
    assert_eq!(choice.recipes.quantised.precisions, choice.candidate().precisions);
    assert_eq!((choice.recipes.float.epochs, choice.recipes.quantised.epochs), (12, 2), "there is little to learn");
}
