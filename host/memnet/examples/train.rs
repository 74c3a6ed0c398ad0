//! Train a memory network, quantise it, test it and save it: `cargo run --release -p engram-memnet --example train`

use engram_babi::DataSet;
use engram_memnet::examples::Examples;
use engram_memnet::{IntegerModel, Mode, Model, Recipe, evaluate, train};
use engram_spec::Device;
use engram_spec::memnet::Addressing;
use engram_spec::memnet::geometry::UP5K;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Stories like those of bAbI's task 1: 1000 questions to train on, 200 to test with, from seed 1.
    let data = DataSet::generate(1, 1000, 200, 1)?;

    // A recipe says how to train; the fields that are not given have good defaults. The seed decides the initial weights.
    let (mode, addressing) = (Mode::Float, Some(Addressing::Hamming));
    let recipe = Recipe { mode, addressing, restarts: 2, epochs: 60, halve_every: 15, ..Recipe::default() };
    let float = train(std::slice::from_ref(&data), &recipe, 1, None, &|progress| {
        if progress.epoch == progress.epochs {
            println!("restart {}: {:.1} % wrong in validation", progress.restart, 100.0 * progress.validation_error);
        }
    })?;

    // A device computes with codes of 8 bits. The training questions show which formats hold the network's values.
    let questions = Examples::encode(&data.train, &float.vocabulary)?;
    let model = float.quantised(Mode::Qmann, false, &questions)?;

    // The integer model is the device in software: a board gives the same answers, bit for bit.
    let mut device = IntegerModel::new(UP5K, model.design.datapath());
    device.load(&model.program(UP5K)?)?;
    let evaluation = evaluate(&mut device, &model.vocabulary, &data.test, None, &mut |_| ())?;
    println!("test: {} of {} questions answered wrongly", evaluation.wrong(), evaluation.questions());
    assert!(evaluation.error() < 0.1);

    // The file holds all that is needed to use the model: `engram ask MODEL` reads it.
    let path = std::env::temp_dir().join("engram-example.safetensors");
    model.save(&path)?;
    assert_eq!(Model::load(&path)?, model);
    println!("saved {}", path.display());
    Ok(())
}
