//! The arithmetic of quantised training is the integer model's, bit for bit, on every geometry that a model fits.

use engram_babi::Vocabulary;
use engram_memnet::model::{Model, Stored};
use engram_memnet::network::{Encoding, Query, Workspace};
use engram_memnet::quantise::Formats;
use engram_memnet::tensors::{Shape, Tensors};
use engram_memnet::{Design, IntegerModel, Mode, StoredScores};
use engram_spec::Device;
use engram_spec::memnet::geometry::{ECP5_85F, TINY, UP5K};
use engram_spec::memnet::{Addressing, Geometry, Requests, Weights};
use engram_spec::{Format, Quantity};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Arithmetic, addressing, and whether formats are graded.
type Kind = (Mode, Addressing, bool);

/// The kinds of device that can be built, with what a program asks of each.
const KINDS: [Kind; 8] = [
    (Mode::Fixed, Addressing::Dot, false),
    (Mode::Qmann, Addressing::Hamming, false),
    (Mode::Qmann, Addressing::Xnor, false),
    (Mode::Qmann, Addressing::Hamming, true),
    (Mode::Qmann, Addressing::Xnor, true),
    (Mode::BinaryConventional, Addressing::Dot, false),
    (Mode::Binary, Addressing::Hamming, true),
    (Mode::Binary, Addressing::Xnor, false),
];

/// A model with random codes of a random magnitude, so that saturation is sometimes common and sometimes rare.
fn random_model(seed: u64, (mode, addressing, graded): Kind) -> Model {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    // The padding of graded formats cancels in pairs.
    let elements = random.random_range(1..=if graded { 4 } else { 8 }) * if graded { 2 } else { 1 };
    let shape = Shape { words: 11, elements, slots: 6, hops: 3, positions: 5 };
    let largest = random.random_range(1..=127i8);
    let mut tensors = Tensors::<i8>::zeroed(&shape);
    let codes = tensors.each_mut().into_iter().flatten();
    codes.for_each(|code| *code = random.random_range(-largest..=largest));
    if mode.weights() == Weights::Signs {
        let Tensors { a, b, c, h, .. } = &mut tensors;
        let codes = [a, b, c, h].into_iter().flatten();
        codes.for_each(|code| *code = if random.random::<bool>() { 1 } else { -1 });
    }
    let mut format = |least| Format::with_fraction(random.random_range(least..=7)).unwrap();
    let memory_a = format(4);
    let formats = Formats {
        a: format(3),
        b: format(3),
        c: format(3),
        w: format(0),
        h: format(4),
        memory_a,
        memory_c: format(3),
        controller: memory_a,
    };
    let encoding = if seed.is_multiple_of(2) { Encoding::Position } else { Encoding::BagOfWords };
    let kappa = -random.random_range(0..=4);
    let range = StoredScores { shift: random.random_range(0..=4), centre: random.random_range(0..=255) };
    let scores = (addressing == Addressing::Dot).then_some(range);
    let design = Design { mode, addressing, graded, bits: 8, shape, encoding, kappa, scores, formats };
    let vocabulary = Vocabulary::from_words((0..11).map(|word| format!("w{word}")).collect()).unwrap();
    let mut model = Model::new(design, vocabulary, &Tensors::zeroed(&shape), None);
    model.weights = Stored::Codes(tensors);
    model
}

fn sentence(random: &mut ChaCha8Rng) -> Vec<u8> {
    let length = random.random_range(1..=5);
    (0..length).map(|_| random.random_range(0..11)).collect()
}

/// The answer and the logits of a device of a geometry.
fn ask(model: &Model, geometry: Geometry, sentences: &[Vec<u8>], question: &[u8]) -> (u8, Vec<i32>) {
    let mut device = IntegerModel::new(geometry, model.design.datapath());
    device.load(&model.program(geometry).unwrap()).unwrap();
    device.record(true);
    sentences.iter().for_each(|words| device.sentence(words).unwrap());
    let answer = device.question(question).unwrap();
    (answer.word, device.trace().unwrap().get(Quantity::Logit, 0).unwrap().to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn training_and_device_compute_the_same_bits(seed in any::<u64>(), stored in 1usize..=6) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let sentences: Vec<Vec<u8>> = (0..stored).map(|_| sentence(&mut random)).collect();
        let question = sentence(&mut random);
        for kind in KINDS {
            let model = random_model(seed, kind);
            let (network, tensors) = model.network();
            let ages: Vec<usize> = (0..stored).rev().collect();
            let mut work = Workspace::new(&network.shape);
            network.forward(&tensors, &Query { sentences: &sentences, ages: &ages, question: &question }, &mut work);
            let unit = model.design.formats.w.step() * model.design.formats.controller.step();
            let trained: Vec<i32> = work.logits.iter().map(|logit| (logit / unit) as i32).collect();
            for geometry in [TINY, UP5K, ECP5_85F] {
                let (word, logits) = ask(&model, geometry, &sentences, &question);
                prop_assert_eq!(&logits, &trained, "{:?} on {}", kind, geometry.name);
                prop_assert_eq!(word, work.answer());
            }
        }
    }
}

/// Ages and positions beyond those that were learnt take the last that was; a device of fewer slots forgets sooner.
#[test]
fn longer_stories_and_sentences_than_learnt_are_answered() {
    let model = random_model(4, KINDS[1]);
    let program = model.program(TINY).unwrap();
    let elements = TINY.elements;
    let row = |tensor: &[i8], row: usize| tensor[row * elements..][..elements].to_vec();
    assert_eq!(row(&program.age_a, 7), row(&program.age_a, 5));
    assert_eq!(row(&program.age_c, 6), row(&program.age_c, 5));
    assert_ne!(row(&program.age_c, 4), row(&program.age_c, 5));
    assert_eq!(row(&program.position, 7), row(&program.position, 4));
    let mut large = random_model(4, KINDS[1]);
    large.design.shape.slots = 20;
    if let Stored::Codes(tensors) = &mut large.weights {
        tensors.age_a = (0..20 * large.design.shape.elements).map(|code| code as i8 % 100).collect();
        tensors.age_c = tensors.age_a.clone();
    }
    let program = large.program(TINY).unwrap();
    assert_eq!((program.age_a.len(), program.validate()), (8 * elements, Ok(())));
}
