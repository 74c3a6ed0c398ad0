//! Training learns, quantised or not, and repeats.

use engram_crossbar::recipe::NoiseRecipe;
use engram_crossbar::{Precision, Precisions, Recipe, Tiling, TrainError, evaluate, quantise, train};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Data, SequenceSet, StreamSet};

fn waves() -> SequenceSet {
    Waves { noise: 0.2, ..Waves::default() }.generate().unwrap()
}

fn text() -> StreamSet {
    Text { symbols: 8, ..Text::default() }.generate().unwrap()
}

const FOUR_BITS: Precisions = Precisions::alike(Precision::Bits(4));

#[test]
fn waves_are_classified_and_four_bits_are_enough() {
    let set = waves();
    let data = Data::Recordings(set.clone());
    let float = Recipe { hidden: 24, epochs: 40, ..Recipe::default() };
    let model = train(&data, &float, 1, None, &|_| ()).unwrap();
    let loss = evaluate::recordings(&model, &set.test).unwrap();
    assert!(loss.error() < 0.05, "float: {loss:?}");
    let quantised = Recipe { epochs: 15, precisions: FOUR_BITS, ..float };
    let trained = train(&data, &quantised, 1, Some(&model), &|_| ()).unwrap();
    let loss = evaluate::recordings(&trained, &set.test).unwrap();
    assert!(loss.error() < 0.06, "4 bits, from the float model: {loss:?}");
    let ranges_alone = quantise(&data, &model, FOUR_BITS, Tiling::default()).unwrap();
    let after = evaluate::recordings(&ranges_alone, &set.test).unwrap();
    assert!(after.error() < 0.3 && after.mean() > loss.mean(), "4 bits without further training: {after:?}");
    let noisy = Recipe { noise: NoiseRecipe { weights: 0.05, read: 0.5 }, float_epochs: 20, epochs: 40, ..quantised };
    let trained = train(&data, &noisy, 1, None, &|_| ()).unwrap();
    let loss = evaluate::recordings(&trained, &set.test).unwrap();
    assert!(loss.error() < 0.1, "4 bits with noise, from random weights: {loss:?}");
}

#[test]
fn text_is_predicted_nearly_as_well_as_can_be() {
    let set = text();
    let data = Data::Symbols(set.clone());
    let float = Recipe { hidden: 32, epochs: 20, batch: 8, unroll: 32, rate: 0.01, ..Recipe::default() };
    let model = train(&data, &float, 1, None, &|_| ()).unwrap();
    let bits = |loss: f64| loss / std::f64::consts::LN_2;
    let float_bits = bits(evaluate::stream(&model, &set.test).unwrap().mean());
    assert!(float_bits < Text::ENTROPY + 0.15, "{float_bits} bits a symbol");
    let quantised = Recipe { epochs: 4, precisions: FOUR_BITS, rate: 0.003, ..float };
    let trained = train(&data, &quantised, 1, Some(&model), &|_| ()).unwrap();
    let found = bits(evaluate::stream(&trained, &set.test).unwrap().mean());
    assert!(found < float_bits + 0.1, "{found} bits a symbol, in real numbers {float_bits}");
    let signs = Precisions { weights: Precision::Bits(1), ..FOUR_BITS };
    let trained = train(&data, &Recipe { precisions: signs, ..quantised }, 1, Some(&model), &|_| ()).unwrap();
    let found = bits(evaluate::stream(&trained, &set.test).unwrap().mean());
    assert!(found < 2.5, "weights of one bit leave {found} of 3 bits a symbol");
}

#[test]
fn a_limited_recipe_learns_from_the_first_symbols() {
    let set = text();
    let recipe = Recipe { hidden: 8, epochs: 1, limit: 1000, ..Recipe::default() };
    let model = train(&Data::Symbols(set.clone()), &recipe, 1, None, &|_| ()).unwrap();
    assert_eq!(model.training.as_ref().unwrap().training_targets, 999);
    let (train_with, validate_with) = (set.train[..1000].to_vec(), set.validation[..125].to_vec());
    let short = Data::Symbols(StreamSet { train: train_with, validation: validate_with, ..set });
    let all = train(&short, &Recipe { limit: 0, ..recipe }, 1, None, &|_| ()).unwrap();
    assert_eq!(all.tensors(), model.tensors());
    assert_eq!(recipe.limited(500, 2000), (500, 125));
}

/// The next symbol of a cue is learnt without the rest.
#[test]
fn answers_alone_can_be_learnt() {
    let cue = 2;
    let set = StreamSet { cue: Some(cue), ..text() };
    let recipe = Recipe { hidden: 16, epochs: 6, rate: 0.01, answers_only: true, ..Recipe::default() };
    let model = train(&Data::Symbols(set.clone()), &recipe, 1, None, &|_| ()).unwrap();
    let cues = |symbols: &[u16]| symbols[..symbols.len() - 1].iter().filter(|&&symbol| symbol == cue).count();
    assert_eq!(model.training.as_ref().unwrap().training_targets, cues(&set.train));
    let answers = evaluate::answers(&model, &set.test).unwrap().unwrap();
    let all = evaluate::stream(&model, &set.test).unwrap();
    // The stream is read from several places on, and of each the last symbol is given no answer to.
    assert!((cues(&set.test) - 32..=cues(&set.test)).contains(&answers.targets));
    assert!(answers.mean() < 1.6 && all.mean() > answers.mean() + 0.3, "{} and {}", answers.mean(), all.mean());
}

#[test]
fn a_seed_gives_the_same_model_on_any_number_of_threads() {
    let data = Data::Recordings(waves());
    let noise = NoiseRecipe { weights: 0.05, read: 0.5 };
    let recipe = Recipe {
        hidden: 12,
        epochs: 4,
        float_epochs: 2,
        restarts: 3,
        precisions: FOUR_BITS,
        noise,
        ..Recipe::default()
    };
    let on = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| train(&data, &recipe, seed, None, &|_| ()).unwrap())
    };
    assert_eq!(on(1, 5), on(3, 5));
    assert_ne!(on(1, 5).tensors(), on(1, 6).tensors());
}

#[test]
fn recipes_that_cannot_be_computed_are_refused() {
    let data = Data::Recordings(waves());
    let refused = |recipe: Recipe| train(&data, &recipe, 1, None, &|_| ()).unwrap_err().to_string();
    let message = refused(Recipe { rate: 0.0, ..Recipe::default() });
    assert!(message.contains("rate = 0"), "{message}");
    let message = refused(Recipe { float_epochs: 60, ..Recipe::default() });
    assert!(message.contains("fewer than the 60 epochs"), "{message}");
    let message = refused(Recipe { tiling: Tiling { rows: 24, lanes: 16, cells: 1 }, ..Recipe::default() });
    assert!(message.contains("24 rows a tile"), "{message}");
    let message = refused(Recipe { hidden: 0, ..Recipe::default() });
    assert!(message.contains("0 hidden elements"), "{message}");
    let empty = Data::Symbols(StreamSet { train: vec![], ..text() });
    let error = train(&empty, &Recipe::default(), 1, None, &|_| ()).unwrap_err();
    assert!(matches!(error, TrainError::NoTargets { training: 0, .. }), "{error}");
    let small = train(&data, &Recipe { hidden: 8, epochs: 1, ..Recipe::default() }, 1, None, &|_| ()).unwrap();
    let error = train(&data, &Recipe::default(), 1, Some(&small), &|_| ()).unwrap_err();
    assert!(matches!(error, TrainError::Start { what: "hidden elements", found: 8, expected: 64 }), "{error}");
}
