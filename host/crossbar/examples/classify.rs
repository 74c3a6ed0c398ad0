//! Train an LSTM for a crossbar of 4 bits and classify recordings: `cargo run --release -p engram-crossbar --example classify`

use engram_crossbar::{IntegerModel, Precision, Precisions, Programming, Recipe, evaluate, train};
use engram_sequences::{Data, synthetic::Waves};
use engram_spec::Device;
use engram_spec::crossbar::geometry::ECP5_25F;

/// Runs the example.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Made-up recordings of 3 channels and 4 classes, with a part to test with.
    let waves = Waves::default().generate()?;
    let data = Data::Recordings(waves.clone());

    // A network of 24 hidden elements in real arithmetic.
    let recipe = Recipe { hidden: 24, epochs: 40, ..Recipe::default() };
    let float = train(&data, &recipe, 1, None, &|_| ())?;

    // From there on with weights and converters of 4 bits, as the crossbar has them.
    let recipe = Recipe { epochs: 15, precisions: Precisions::alike(Precision::Bits(4)), ..recipe };
    let model = train(&data, &recipe, 1, Some(&float), &|_| ())?;

    // The device in software. Programming noise is left out here; `Programming` has its settings.
    let mut device = IntegerModel::new(ECP5_25F);
    device.load(&model.program(ECP5_25F, &Programming::default())?)?;
    let answers = evaluate::recordings_on(&mut device, &model, &waves.test, |_, _| ())?;
    let wrong = answers.iter().filter(|answer| answer.answer != answer.right).count();
    for answer in answers.iter().take(4) {
        let [found, right] = [answer.answer, answer.right].map(|class| &waves.classes[usize::from(class)]);
        println!("found {found}, right is {right}");
    }
    println!("{wrong} of {} recordings classified wrongly", answers.len());
    assert!(wrong * 10 < answers.len());

    // What training measures is what the device answers.
    assert_eq!(evaluate::recordings(&model, &waves.test)?.wrong, wrong);
    Ok(())
}
