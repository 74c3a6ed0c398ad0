//! The arithmetic of quantised training is the integer model's, bit for bit, on every geometry that a model fits.

use engram_babi::Vocabulary;
use engram_memnet::Tying;
use engram_memnet::model::{Model, Stored};
use engram_memnet::network::{Encoding, Query, Workspace};
use engram_memnet::quantise::Formats;
use engram_memnet::tensors::{Shape, Tensors};
use engram_memnet::{Design, IntegerModel, Mode, StoredScores};
use engram_spec::Device;
use engram_spec::memnet::geometry::{ECP5_85F, PRESETS, TINY, UP5K};
use engram_spec::memnet::{Addressing, Geometry, Requests, Story, Weights};
use engram_spec::{Format, Quantity};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Arithmetic, addressing, and whether formats are graded.
type Kind = (Mode, Addressing, bool);

/// The kinds of device that can be built, with what a program asks of each.
const KINDS: [Kind; 10] = [
    (Mode::Fixed, Addressing::Dot, false),
    (Mode::Qmann, Addressing::Hamming, false),
    (Mode::Qmann, Addressing::Xnor, false),
    (Mode::Qmann, Addressing::Hamming, true),
    (Mode::Qmann, Addressing::Xnor, true),
    (Mode::Qmann, Addressing::Min, false),
    (Mode::Qmann, Addressing::Min, true),
    (Mode::BinaryConventional, Addressing::Dot, false),
    (Mode::Binary, Addressing::Hamming, true),
    (Mode::Binary, Addressing::Xnor, false),
];

/// A model with random codes of a random magnitude, so that saturation is sometimes common and sometimes rare.
fn random_model(seed: u64, kind: Kind) -> Model {
    let most = usize::from(kind.0.weights() == Weights::Codes && !kind.2);
    let tying = Tying::ALL[ChaCha8Rng::seed_from_u64(!seed).random_range(0..=most)];
    tied_model(seed, kind, tying)
}

fn tied_model(seed: u64, (mode, addressing, graded): Kind, tying: Tying) -> Model {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let hops = random.random_range(1..=4);
    let shape = Shape {
        words: 11,
        elements: random.random_range(1..=8),
        slots: random.random_range(1..=TINY.ring(tying.memories(hops))),
        hops,
        positions: 5,
        tying,
        answers: [None, Some(4)][random.random_range(0..2)],
    };
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
    let formats = formats.tied(tying);
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

/// A device of a geometry, as it answers a question about a story.
#[derive(Debug, PartialEq)]
struct Asked {
    word: u8,
    logits: Vec<i32>,
    /// The scores and the exponentials of each hop.
    scores: Vec<Vec<i32>>,
    progress: Story,
}

fn ask(model: &Model, geometry: Geometry, sentences: &[Vec<u8>], question: &[u8]) -> Asked {
    let mut device = IntegerModel::new(geometry, model.design.datapath());
    device.load(&model.program(geometry).unwrap()).unwrap();
    device.record(true);
    sentences.iter().for_each(|words| device.sentence(words).unwrap());
    let (answer, trace) = (device.question(question).unwrap(), device.trace().unwrap());
    let scores = trace.entries.iter().filter(|e| matches!(e.quantity, Quantity::Score | Quantity::Exponential));
    Asked {
        word: answer.word,
        logits: trace.get(Quantity::Logit, 0).unwrap().to_vec(),
        scores: scores.map(|entry| entry.values.clone()).collect(),
        progress: device.status().unwrap().progress,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn training_and_device_compute_the_same_bits(seed in any::<u64>(), told in 1usize..=20) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let sentences: Vec<Vec<u8>> = (0..told).map(|_| sentence(&mut random)).collect();
        let question = sentence(&mut random);
        for kind in KINDS {
            let model = random_model(seed, kind);
            let (network, tensors) = model.network();
            let stored = told.min(network.shape.slots);
            let ages: Vec<usize> = (0..stored).rev().collect();
            let mut work = Workspace::new(&network.shape);
            let remembered = &sentences[told - stored..];
            network.forward(&tensors, &Query { sentences: remembered, ages: &ages, question: &question }, &mut work);
            let unit = model.design.formats.w.step() * model.design.formats.controller.step();
            let trained: Vec<i32> = work.logits.iter().map(|logit| (logit / unit) as i32).collect();
            let asked = PRESETS.map(|geometry| ask(&model, geometry, &sentences, &question));
            prop_assert_eq!((asked[0].word, &asked[0].logits), (work.answer(), &trained), "{:?}", kind);
            prop_assert_eq!(asked[0].scores.len(), 2 * network.shape.hops);
            let progress = Story { sentences: stored as u8, forgotten: (told - stored) as u16 };
            prop_assert_eq!((asked[0].progress, asked[0].scores[0].len()), (progress, stored));
            for (asked_here, preset) in asked.iter().zip(PRESETS) {
                prop_assert_eq!(asked_here, &asked[0], "{:?} on {}", kind, preset.name);
            }
        }
    }
}

/// Positions beyond those that were learnt take the last that was.
#[test]
fn longer_sentences_than_learnt_are_answered() {
    let program = random_model(4, KINDS[1]).program(TINY).unwrap();
    let row = |row: usize| &program.position[row * TINY.elements..][..TINY.elements];
    assert_eq!((row(5), row(7)), (row(4), row(4)));
    assert_ne!(row(3), row(4));
}

/// The number of slots is the model's: a device that has as many runs it, and one that has fewer refuses it.
#[test]
fn a_device_of_fewer_slots_than_the_model_refuses_it() {
    let mut most = tied_model(4, KINDS[1], Tying::LayerWise);
    most.design.shape.slots = 65;
    if let Stored::Codes(tensors) = &mut most.weights {
        tensors.age_a = (0..65 * most.design.shape.elements).map(|code| (code % 90) as i8).collect();
        tensors.age_c = tensors.age_a.clone();
    }
    let of = |slots: usize| most.clone().with_slots(slots).unwrap();
    assert!([0, 66].into_iter().all(|slots| most.clone().with_slots(slots).is_err()));
    for (slots, geometry) in [(8, TINY), (32, UP5K), (64, ECP5_85F)] {
        let program = of(slots).program(geometry).unwrap();
        assert_eq!((program.validate(), usize::from(program.settings.slots)), (Ok(()), slots));
        assert_eq!(
            program.ages[1][slots * geometry.elements - geometry.elements],
            ((slots - 1) * most.design.shape.elements % 90) as i8
        );
    }
    let refused = |slots: usize, geometry: Geometry| of(slots).program(geometry).unwrap_err().to_string();
    assert_eq!(
        refused(33, UP5K),
        "the model has 33 slots, geometry up5k holds 32; use a device of geometry ecp5-25f or ecp5-85f, or let it remember 32 \
         sentences with `engram quantize --slots 32`"
    );
    assert!(refused(9, TINY).contains("geometry up5k or ecp5-25f or ecp5-85f"));
    assert_eq!(
        refused(65, ECP5_85F),
        "the model has 65 slots, geometry ecp5-85f holds 64; no geometry holds it, so let it remember 64 sentences with \
         `engram quantize --slots 64`"
    );
}
