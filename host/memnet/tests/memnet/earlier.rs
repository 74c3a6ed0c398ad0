//! Files of models that earlier versions wrote: they load, answer as they did, and are written again with the same content.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use engram_memnet::network::{Query, Workspace};
use engram_memnet::{IntegerModel, Model};
use engram_spec::Device;
use engram_spec::memnet::Requests;
use engram_spec::memnet::geometry::ECP5_85F;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use safetensors::SafeTensors;

/// The files of `tests/data`, each with the CRC-32 of its answers when it was written.
const DATA: [(&str, u32); 6] = [
    ("float", 3745342408),
    ("qmann-graded", 3125907928),
    ("qmann-started", 816064560),
    ("fixed-quantised", 3532797973),
    ("fixed-truncating", 1937726238),
    ("binary", 3877667418),
];

/// The models of the repository, by task, with the CRC-32 of their answers when they were committed.
const MODELS: [u32; 20] = [
    1159100352, 3970264035, 1713930160, 528862805, 2108521106, 3688094887, 1296766803, 3356002090, 14868885,
    2096342185, 2036359276, 1152655153, 1998368197, 2495528764, 2966934006, 117257504, 2393101571, 2303988901,
    3966562682, 385567841,
];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(format!("{name}.safetensors"))
}

fn words(model: &Model, random: &mut ChaCha8Rng) -> Vec<u8> {
    let length = 1 + random.next_u32() as usize % model.design.shape.positions;
    (0..length).map(|_| (random.next_u32() as usize % model.design.shape.words) as u8).collect()
}

/// The CRC-32 of the words that a model answers to 50 random questions about random stories, and of the logits where a device
/// can hold the model. Network and device answer alike.
fn answers(model: &Model) -> u32 {
    let random = &mut ChaCha8Rng::seed_from_u64(1);
    let (network, tensors) = model.network();
    let mut work = Workspace::new(&network.shape);
    let mut device = model.program(ECP5_85F).ok().map(|program| {
        let mut device = IntegerModel::new(ECP5_85F, model.design.datapath());
        device.load(&program).unwrap();
        device
    });
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let mut digest = crc.digest();
    for _ in 0..50 {
        let stored = 1 + random.next_u32() as usize % network.shape.slots;
        let sentences: Vec<Vec<u8>> = (0..stored).map(|_| words(model, random)).collect();
        let (question, ages) = (words(model, random), (0..stored).rev().collect::<Vec<usize>>());
        network.forward(&tensors, &Query { sentences: &sentences, ages: &ages, question: &question }, &mut work);
        digest.update(&[work.answer()]);
        if let Some(device) = &mut device {
            device.clear().unwrap();
            sentences.iter().for_each(|words| device.sentence(words).unwrap());
            let answer = device.question(&question).unwrap();
            assert_eq!(answer.word, work.answer());
            digest.update(&answer.logit.to_le_bytes());
        }
    }
    digest.finalize()
}

/// Metadata, and each tensor with its type and shape.
type Content = (HashMap<String, String>, Vec<(String, String, Vec<u8>)>);

fn content(path: &Path) -> Content {
    let bytes = fs::read(path).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors().into_iter();
    let tensors = tensors.map(|(name, t)| (name, format!("{:?} {:?}", t.dtype(), t.shape()), t.data().to_vec()));
    let mut tensors: Vec<_> = tensors.collect();
    tensors.sort();
    (header.metadata().clone().unwrap(), tensors)
}

#[test]
fn earlier_files_answer_as_before_and_keep_their_content() {
    let folder = tempfile::tempdir().unwrap();
    let again = folder.path().join("again.safetensors");
    let found = DATA.map(|(name, _)| {
        let model = Model::load(&file(name)).unwrap();
        model.save(&again).unwrap();
        assert_eq!(content(&again), content(&file(name)), "{name}");
        (name, answers(&model))
    });
    assert_eq!(found, DATA);
}

#[test]
fn the_models_of_the_repository_answer_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let load = |task: usize| Model::load(&folder.join(format!("qa{task}.safetensors"))).unwrap();
    assert_eq!(std::array::from_fn(|place| answers(&load(place + 1))), MODELS);
}
