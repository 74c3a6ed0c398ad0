//! Ranges moved by the loss on training data.

use engram_crossbar::{Model, Precision, Precisions, Recipe, Tiling, evaluate, quantise, refine, train};
use engram_sequences::Data;
use engram_sequences::synthetic::{Text, Waves};

#[test]
fn the_loss_on_training_data_falls_and_the_weights_stay() {
    let set = Waves { recordings: 12, noise: 0.2, ..Waves::default() }.generate().unwrap();
    let data = Data::Recordings(set.clone());
    let float = train(&data, &Recipe { hidden: 20, epochs: 30, ..Recipe::default() }, 1, None, &|_| ()).unwrap();
    let loss = |model: &Model| {
        let [training, validation] =
            [&set.train, &set.validation].map(|part| evaluate::recordings(model, part).unwrap());
        training.and(validation).mean()
    };
    for bits in [2, 3, 4] {
        let precisions = Precisions::alike(Precision::Bits(bits));
        let plain = quantise(&data, &float, precisions, Tiling::default()).unwrap();
        let refined = refine(&data, &float, &plain).unwrap();
        assert!(loss(&refined) < loss(&plain), "{bits} bits: {} {}", loss(&refined), loss(&plain));
        assert_eq!(
            (refined.design.precisions, refined.tensors().bias.clone()),
            (precisions, float.tensors().bias.clone())
        );
        assert_eq!(refine(&data, &float, &plain).unwrap(), refined, "the same every time");
    }
    // What is real has no range to move.
    let real = quantise(&data, &float, Precisions::FLOAT, Tiling::default()).unwrap();
    assert_eq!(refine(&data, &float, &real).unwrap(), real);
}

#[test]
fn a_text_is_measured_in_part() {
    let text = Text { length: 3000, ..Text::default() }.generate().unwrap();
    let data = Data::Symbols(text.clone());
    let float = train(&data, &Recipe { hidden: 12, epochs: 4, ..Recipe::default() }, 1, None, &|_| ()).unwrap();
    let precisions = Precisions::alike(Precision::Bits(3));
    let plain = quantise(&data, &float, precisions, Tiling::default()).unwrap();
    let loss = |model: &Model| evaluate::stream(model, &text.train).unwrap().mean();
    assert!(loss(&refine(&data, &float, &plain).unwrap()) <= loss(&plain));
}
