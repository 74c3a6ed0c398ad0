//! Adjacent tying: where it is the same function as layer-wise tying, what it learns, and what devices make of it.

use std::path::PathBuf;

use engram_babi::DataSet;
use engram_memnet::evaluate::{evaluate, evaluate_network};
use engram_memnet::examples::Examples;
use engram_memnet::network::{Encoding, Network, Query, Workspace};
use engram_memnet::quantise::Formats;
use engram_memnet::tensors::{Shape, Tensors};
use engram_memnet::{Design, IntegerModel, Mode, Model, Recipe, Recipes, TrainError, Tying, train};
use engram_spec::Device;
use engram_spec::memnet::Addressing;
use engram_spec::memnet::geometry::{ECP5_25F, ECP5_85F, UP5K};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

const SHAPE: Shape =
    Shape { words: 9, elements: 10, slots: 6, hops: 3, positions: 4, tying: Tying::Adjacent, answers: None };

/// The logits of a random question, in the arithmetic of a design.
fn logits(design: &Design, tensors: &Tensors<f32>, seed: u64) -> Vec<f32> {
    let random = &mut ChaCha8Rng::seed_from_u64(seed);
    let mut words = || -> Vec<u8> { (0..4).map(|_| random.random_range(0..9)).collect() };
    let (sentences, question): (Vec<_>, _) = ((0..5).map(|_| words()).collect(), words());
    let (mut work, ages) = (Workspace::new(&design.shape), [5, 3, 2, 1, 0]);
    let query = Query { sentences: &sentences, ages: &ages, question: &question };
    Network::new(design).forward(tensors, &query, &mut work);
    work.logits
}

/// Layer-wise tying is defined by the integer model (`exact.rs`). With the identity as H, B = A and W = C it is adjacent tying
/// where the memories are alike, and where there is one hop: both have the same bits.
#[test]
fn what_both_tyings_can_be_has_the_same_bits() {
    let formats = Formats { h: "Q1.6".parse().unwrap(), memory_c: "Q2.5".parse().unwrap(), ..Formats::default() };
    let formats = Formats { b: formats.a, c: formats.a, w: formats.a, ..formats };
    let kinds = [
        (Mode::Float, Addressing::Dot, false),
        (Mode::Fixed, Addressing::Dot, false),
        (Mode::Qmann, Addressing::Hamming, false),
        (Mode::Qmann, Addressing::Xnor, false),
        (Mode::Qmann, Addressing::Min, true),
        (Mode::FixedTruncating, Addressing::Dot, false),
    ];
    let mut different = std::collections::BTreeSet::new();
    for (seed, hops) in (1..=10).zip([1, 3].into_iter().cycle()) {
        for (mode, addressing, graded) in kinds {
            let (encoding, kappa, scores) = (Encoding::Position, -2, None);
            let shape = Shape { hops, ..SHAPE };
            let adjacent = Design {
                mode,
                addressing,
                graded,
                bits: 8,
                shape,
                encoding,
                kappa,
                scores,
                formats: formats.tied(Tying::Adjacent),
            };
            let layer_wise = Design { shape: Shape { tying: Tying::LayerWise, ..shape }, formats, ..adjacent };
            let mut tensors = Tensors::zeroed(&shape);
            let random = &mut ChaCha8Rng::seed_from_u64(seed);
            tensors.each_mut().into_iter().flatten().for_each(|weight| *weight = random.random_range(-1.5..1.5));
            if hops > 1 {
                (tensors.c, tensors.age_c) = (tensors.a.repeat(hops), tensors.age_a.repeat(hops));
            }
            let mut tied = Tensors::zeroed(&shape);
            adjacent.round(&tensors, &mut tied);
            let (size, ages) = (shape.words * shape.elements, shape.slots * shape.elements);
            let c = tied.c[..size].to_vec();
            let h = (0..100).map(|place| f32::from(u8::from(place % 11 == 0))).collect();
            let (b, w, age_c) = (tied.a.clone(), c.clone(), tied.age_c[..ages].to_vec());
            let untied = Tensors { b, c, w, h, age_c, ..tied.clone() };
            let [left, right] = [logits(&adjacent, &tied, seed), logits(&layer_wise, &untied, seed)];
            assert_eq!(left, right, "{mode} {addressing}, {hops} hops");
            different.insert(left.iter().map(|logit| logit.to_bits()).collect::<Vec<u32>>());
        }
    }
    assert!(different.len() > 50, "{} of 60 differ", different.len());
}

fn text() -> DataSet {
    DataSet::generate(1, 100, 50, 1).unwrap()
}

fn trained(mode: Mode) -> Model {
    let recipe = Recipe { mode, tying: Tying::Adjacent, epochs: 2, restarts: 1, slots: 16, ..Recipe::default() };
    train(&[text()], &recipe, 1, None, &|_| ()).unwrap()
}

#[test]
fn generated_text_is_learnt_in_every_arithmetic() {
    let data = DataSet::generate(1, 1000, 500, 5).unwrap();
    for mode in [Mode::Float, Mode::Fixed, Mode::Qmann] {
        let recipe =
            Recipe { mode, tying: Tying::Adjacent, restarts: 2, epochs: 60, halve_every: 15, ..Recipe::default() };
        let model = train(std::slice::from_ref(&data), &recipe, 1, None, &|_| ()).unwrap();
        let evaluation = evaluate_network(&model, &data.test, None, &mut |_| ()).unwrap();
        assert!(evaluation.error() <= 0.05, "{mode}: {} wrong", evaluation.wrong());
    }
}

/// The official task 16, where it is at hand: layer-wise tying stays above 50 % of errors.
#[test]
fn the_official_task_16_is_learnt() {
    let root = std::env::var_os("ENGRAM_BABI").map(PathBuf::from);
    let root = root.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/babi"));
    let data = match DataSet::read(root.join("en"), 16) {
        Ok(data) => data,
        Err(error) => return eprintln!("skipped, no official bAbI text ({error}); set ENGRAM_BABI"),
    };
    let recipes = [
        include_str!("../../../../recipes/memnet/adjacent/float.toml"),
        include_str!("../../../../recipes/memnet/adjacent/fixed.toml"),
    ];
    for text in recipes {
        let recipe = Recipe { restarts: 1, ..text.parse::<Recipes>().unwrap().recipe };
        let model = train(std::slice::from_ref(&data), &recipe, 1, None, &|_| ()).unwrap();
        let evaluation = evaluate_network(&model, &data.test, None, &mut |_| ()).unwrap();
        assert!(evaluation.error() <= 0.02, "{}: {} wrong", recipe.mode, evaluation.wrong());
    }
}

#[test]
fn files_keep_the_tying() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    for mode in [Mode::Float, Mode::FixedTruncating, Mode::Fixed, Mode::Qmann] {
        let model = trained(mode);
        model.save(&path).unwrap();
        let read = Model::load(&path).unwrap();
        assert_eq!(read, model);
        assert_eq!(read.design.shape.tying, Tying::Adjacent);
    }
}

/// A model that remembers less answers as before where a story is short.
#[test]
fn fewer_slots_keep_every_memorys_newest_ages() {
    let (model, data) = (trained(Mode::Qmann), text());
    let cut = model.clone().with_slots(12).unwrap();
    let ask = |model: &Model| evaluate_network(model, &data.test, None, &mut |_| ()).unwrap();
    assert_eq!(ask(&cut), ask(&model));
}

#[test]
fn float_models_are_quantised() {
    let (float, data) = (trained(Mode::Float), text());
    let training = Examples::encode(&data.train, &float.vocabulary).unwrap();
    let codes = float.quantised(Mode::Fixed, false, &training).unwrap();
    let Formats { memory_a, memory_c, .. } = codes.design.formats;
    assert_eq!(memory_a, memory_c);
    let ask = |model: &Model| evaluate_network(model, &data.test, None, &mut |_| ()).unwrap().error();
    assert!((ask(&codes) - ask(&float)).abs() < 0.1);
}

/// A device answers as training computes.
#[test]
fn devices_answer_as_the_network() {
    let data = text();
    for mode in [Mode::Fixed, Mode::Qmann] {
        let model = trained(mode);
        let answers = model.design.shape.answers.unwrap();
        assert!((2..10).contains(&answers), "{answers}");
        for geometry in [UP5K, ECP5_25F, ECP5_85F] {
            let slots = model.design.shape.slots.min(geometry.ring(4));
            let model = model.clone().with_slots(slots).unwrap();
            let program = model.program(geometry).unwrap();
            let mut device = IntegerModel::new(geometry, program.datapath);
            device.load(&program).unwrap();
            let answered = evaluate(&mut device, &model.vocabulary, &data.test, None, &mut |_| ()).unwrap();
            assert!(answered.predictions.iter().all(|prediction| usize::from(prediction.word) < answers));
            let expected = evaluate_network(&model, &data.test, None, &mut |_| ()).unwrap();
            assert_eq!(answered, expected, "{mode} on {}", geometry.name);
        }
    }
}

#[test]
fn what_does_not_fit_adjacent_tying_is_refused() {
    let recipe = Recipe { tying: Tying::Adjacent, epochs: 2, restarts: 1, slots: 16, ..Recipe::default() };
    let refused = |recipe: &Recipe, start: Option<&Model>| {
        train(&[text()], recipe, 1, start, &|_| ()).map(|_| ()).unwrap_err().to_string()
    };
    let binary = refused(&Recipe { mode: Mode::Binary, ..recipe }, None);
    assert!(binary.contains("found mode binary with adjacent tying"), "{binary}");
    let start = trained(Mode::Qmann);
    train(&[text()], &recipe, 1, Some(&start), &|_| ()).unwrap();
    let hops = refused(&Recipe { hops: 2, ..recipe }, Some(&start));
    assert_eq!(hops, "the model to start from has 3 hops, the recipe 2: choose the same");
    let layer_wise = Recipe { tying: Tying::LayerWise, ..recipe };
    let error = train(&[text()], &layer_wise, 1, Some(&start), &|_| ()).unwrap_err();
    assert!(matches!(error, TrainError::StartTying { .. }), "{error}");
}
