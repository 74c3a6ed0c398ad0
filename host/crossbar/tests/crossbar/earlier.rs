//! Files of models that earlier versions wrote: they load, answer as they did, and are written again with the same content.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use engram_crossbar::{Batch, IntegerModel, Labels, Model, Programming, State, Workspace};
use engram_spec::Device;
use engram_spec::crossbar::Requests;
use engram_spec::crossbar::geometry::ECP5_85F;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use safetensors::SafeTensors;

/// The files of `tests/data`, each with the CRC-32 of its answers when it was written.
const DATA: [(&str, u32); 6] = [
    ("float", 2664382658),
    ("answers", 50746825),
    ("four-bits", 4130216314),
    ("noisy", 1754860861),
    ("gru", 3393407206),
    ("memo", 2508066522),
];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(format!("{name}.safetensors"))
}

/// The class or symbol of the largest logit after each of 200 random inputs.
fn network_answers(model: &Model) -> Vec<u8> {
    let random = &mut ChaCha8Rng::seed_from_u64(1);
    let shape = model.design.shape;
    let batch = match &model.labels {
        Labels::Classes { .. } => {
            let values: Vec<f32> =
                (0..200 * shape.inputs).map(|_| (random.next_u32() % 256) as f32 / 127.5 - 1.0).collect();
            let mut batch = Batch::of_sequences(shape.inputs, &[(&values, 0)]);
            batch.targets = (0..200).map(|row| (row, 0)).collect();
            batch
        }
        Labels::Symbols { alphabet, .. } => {
            let symbols: Vec<u16> = (0..201).map(|_| (random.next_u32() as usize % alphabet.len()) as u16).collect();
            Batch::of_streams(&[&symbols])
        }
    };
    let mut work = Workspace::default();
    model.network().forward(&batch, &mut State::zeroed(&shape, 1), &mut work);
    let largest = |logits: &[f32]| (0..logits.len()).rev().max_by(|&a, &b| logits[a].total_cmp(&logits[b])).unwrap();
    work.logits.chunks_exact(shape.outputs).map(|logits| largest(logits) as u8).collect()
}

/// The answers of the integer model and their logits after each of 200 random inputs; none where a device cannot hold the model.
fn device_answers(model: &Model) -> Vec<u8> {
    let Ok(program) = model.program(ECP5_85F, &Programming::default()) else { return Vec::new() };
    let random = &mut ChaCha8Rng::seed_from_u64(2);
    let mut device = IntegerModel::new(ECP5_85F);
    device.load(&program).unwrap();
    device.clear().unwrap();
    let (inputs, bits) = (model.design.shape.inputs, model.design.precisions.dac.bits().unwrap());
    let levels = (1u32 << (bits - 1)) - 1;
    let mut answers = Vec::new();
    for _ in 0..200 {
        match &model.labels {
            Labels::Classes { .. } => {
                let code = |_| (random.next_u32() % (2 * levels + 1)) as i8 - levels as i8;
                device.step(&(0..inputs).map(code).collect::<Vec<i8>>()).unwrap();
            }
            Labels::Symbols { .. } => {
                device.symbol((random.next_u32() as usize % inputs) as u8).unwrap();
            }
        }
        let answer = device.answer().unwrap();
        answers.push(answer.word);
        answers.extend(answer.logit.to_le_bytes());
    }
    answers
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
    let crc = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);
    let found = DATA.map(|(name, _)| {
        let model = Model::load(&file(name)).unwrap();
        let (network, device) = (network_answers(&model), device_answers(&model));
        assert_eq!(model.design.precisions.is_device(), !device.is_empty(), "{name}");
        model.save(&again).unwrap();
        assert_eq!(content(&again), content(&file(name)), "{name}");
        (name, crc.checksum(&[network, device].concat()))
    });
    assert_eq!(found, DATA);
}
