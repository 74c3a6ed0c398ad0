//! Load a model and ask it about a story: `cargo run --release -p engram-memnet --example answer`

use std::path::Path;

use engram_babi::tokens;
use engram_memnet::evaluate::attention;
use engram_memnet::{IntegerModel, Model};
use engram_spec::Device;
use engram_spec::memnet::Requests;
use engram_spec::memnet::geometry::ECP5_25F;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    let model = Model::load(&folder.join("qa1.safetensors"))?;

    // The device in software. A model becomes a program for one geometry of the hardware: integers alone.
    let mut device = IntegerModel::new(ECP5_25F, model.design.datapath());
    device.load(&model.program(ECP5_25F)?)?;
    device.record(true);

    // Sentences go into the memory as numbers of the model's words. A word that the model does not know is an error.
    let story = ["Mary moved to the bathroom.", "John went to the hallway.", "Mary travelled to the office."];
    for sentence in story {
        device.sentence(&model.vocabulary.encode(&tokens(sentence))?)?;
    }
    let answer = device.question(&model.vocabulary.encode(&tokens("Where is Mary?"))?)?;
    let word = model.vocabulary.word(answer.word).unwrap_or("no word");
    println!("Where is Mary? {word}");
    assert_eq!(word, "office");

    // The trace holds every intermediate value. The weights p say which sentences the answer came from, hop by hop.
    let trace = device.trace().unwrap_or_default();
    for (hop, weights) in attention(&trace).iter().enumerate() {
        for (weight, sentence) in weights.iter().zip(story.iter().rev()) {
            println!("hop {}: {weight:.2} {sentence}", hop + 1);
        }
    }
    Ok(())
}
