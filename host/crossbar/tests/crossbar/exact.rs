//! Training computes the answers of the device: the network of a device's precisions gives the integer model's logits.

use engram_crossbar::{
    Analog, Batch, Converter, Design, IntegerModel, Labels, Model, Precision, Precisions, Programming, Recipe, Shape,
    State, Tensors, Tiling, Workspace, evaluate, train,
};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Data, StreamSet, Windowing};
use engram_spec::Device;
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F};
use engram_spec::crossbar::{Requests, dac};

/// The logits of a model's network in units of the device's.
fn network_logits(model: &Model, batch: &Batch) -> Vec<f32> {
    let mut work = Workspace::default();
    let shape = model.design.shape;
    model.network().forward(batch, &mut State::zeroed(&shape, batch.active[0]), &mut work);
    let unit = model.design.readout_step() / 127.0;
    work.logits.iter().map(|logit| logit / unit).collect()
}

fn compare(network: &[f32], device: &[i32], what: &str) {
    assert_eq!(network.len(), device.len());
    for (found, &expected) in network.iter().zip(device) {
        assert!((found - expected as f32).abs() < 0.3, "{what}: the network's logit {found}, the device's {expected}");
    }
}

fn recipe(weights: u8, dac: u8, adc: u8, rows: usize) -> Recipe {
    let [weights, dac, adc] = [weights, dac, adc].map(Precision::Bits);
    let precisions = Precisions { weights, dac, adc };
    Recipe {
        hidden: 20,
        epochs: 4,
        float_epochs: 2,
        precisions,
        tiling: Tiling { rows, ..Tiling::default() },
        ..Recipe::default()
    }
}

#[test]
fn recordings_are_computed_alike() {
    let set = Waves { recordings: 8, ..Waves::default() }.generate().unwrap();
    for (weights, dac_bits, adc, rows) in
        [(4, 4, 4, 0), (4, 4, 4, 16), (2, 3, 4, 32), (1, 1, 1, 16), (1, 4, 2, 0), (4, 8, 3, 16), (4, 8, 8, 0)]
    {
        let model =
            train(&Data::Recordings(set.clone()), &recipe(weights, dac_bits, adc, rows), 1, None, &|_| ()).unwrap();
        let Labels::Classes { normaliser, .. } = &model.labels else { panic!("found symbols") };
        let mut device = IntegerModel::new(ECP5_25F);
        device.load(&model.program(ECP5_25F, &Programming::default()).unwrap()).unwrap();
        for recording in &set.test {
            let recording = normaliser.apply(recording).unwrap();
            device.clear().unwrap();
            for step in recording.steps() {
                let codes: Vec<i8> = step.iter().map(|&x| dac(x, dac_bits)).collect();
                device.step(&codes).unwrap();
            }
            let batch = Batch::of_sequences(recording.channels(), &[(recording.values(), 0)]);
            let what = format!("{weights}, {dac_bits}, {adc} bits, {rows} rows a tile");
            compare(&network_logits(&model, &batch), &device.logits().unwrap(), &what);
        }
        let program = model.program(ECP5_25F, &Programming::default()).unwrap();
        let programmed = evaluate::programmed_recordings(&model, &program, &set.test).unwrap();
        let measured = evaluate::recordings(&model, &set.test).unwrap();
        assert_eq!((programmed.wrong, programmed.targets), (measured.wrong, set.test.len()));
        assert!((programmed.mean() - measured.mean()).abs() < 1e-4, "{programmed:?} {measured:?}");
    }
}

#[test]
fn streams_are_computed_alike() {
    let boundary = 3;
    let text = Text { length: 2000, ..Text::default() }.generate().unwrap();
    let set = StreamSet { boundary: Some(boundary), cue: Some(5), ..text };
    for (weights, dac, adc, rows, geometry) in [
        (4, 4, 4, 0, ECP5_25F),
        (4, 4, 4, 16, ECP5_85F),
        (1, 1, 1, 16, ECP5_25F),
        (8, 4, 4, 16, ECP5_85F),
        (8, 8, 8, 0, ECP5_85F),
    ] {
        let model = train(&Data::Symbols(set.clone()), &recipe(weights, dac, adc, rows), 1, None, &|_| ()).unwrap();
        let mut device = IntegerModel::new(geometry);
        device.load(&model.program(geometry, &Programming::default()).unwrap()).unwrap();
        let symbols = &set.test[..100];
        let mut logits = Vec::new();
        for &symbol in &symbols[..99] {
            if symbol == boundary {
                device.clear().unwrap();
            }
            device.symbol(symbol as u8).unwrap();
            logits.extend(device.logits().unwrap());
        }
        compare(
            &network_logits(&model, &Batch::of_streams(&[symbols]).cleared_at(boundary)),
            &logits,
            &format!("{weights} {dac} {adc} {rows}"),
        );
        // The same by the evaluations: all next symbols, and the answers alone.
        let program = model.program(geometry, &Programming::default()).unwrap();
        let (all, answers) = (evaluate::stream(&model, symbols).unwrap(), evaluate::answers(&model, symbols).unwrap());
        let programmed = evaluate::programmed_stream(&model, &program, symbols).unwrap();
        assert_eq!((all.wrong, all.targets), (programmed.wrong, programmed.targets));
        assert!((all.mean() - programmed.mean()).abs() < 1e-4, "{} and {}", all.mean(), programmed.mean());
        let cues = symbols[..99].iter().filter(|&&symbol| symbol == 5).count();
        assert_eq!(answers.unwrap().targets, cues);
    }
}

#[test]
fn noise_is_programmed_and_read_as_asked() {
    let shape = Shape { inputs: 3, hidden: 20, outputs: 4 };
    let design = Design::new(shape, Precisions::alike(Precision::Bits(4)), Tiling::default());
    let mut tensors = Tensors::zeroed(&shape);
    tensors.w.iter_mut().enumerate().for_each(|(n, w)| *w = (n % 15) as f32 / 7.0 - 1.0);
    let set = Waves { recordings: 2, ..Waves::default() }.generate().unwrap();
    let normaliser = engram_sequences::Normaliser::fit(&set.train, 0.999).unwrap();
    let names = ["a", "b", "c", "d"].map(String::from).to_vec();
    let model = Model::new(design, Labels::Classes { names, windowing: Windowing::NONE, normaliser }, &tensors, None);
    let plain = model.program(ECP5_85F, &Programming::default()).unwrap();
    let noisy =
        Programming { cells: Analog { noise: 0.05, seed: 3, ..Analog::default() }, read_noise: 0.5, read_seed: 9 };
    let program = model.program(ECP5_85F, &noisy).unwrap();
    assert_eq!(program, model.program(ECP5_85F, &noisy).unwrap());
    assert_ne!(
        program.columns,
        model.program(ECP5_85F, &Programming { cells: Analog { seed: 4, ..noisy.cells }, ..noisy }).unwrap().columns
    );
    let errors =
        program.columns.iter().zip(&plain.columns).map(|(&noisy, &code)| f64::from(noisy) / 8.0 - f64::from(code));
    let deviation = (errors.map(|x| x * x).sum::<f64>() / plain.columns.len() as f64).sqrt();
    assert!((deviation - 0.05 * 7.0).abs() < 0.03, "{deviation}");
    for (with, without) in program.settings.gates.iter().zip(&plain.settings.gates) {
        assert_eq!((with.shift, with.mantissa), (without.shift + 3, without.mantissa));
        let steps = 147.8 * f64::from(with.noise) / 256.0 / f64::from(1u32 << with.shift);
        assert!((steps - 0.5).abs() < 0.01 && without.noise == 0, "{steps}");
    }
    // Converters of small gain, whose noise has too many bits beside mantissas of 8.
    let converters = [Converter { mantissa: 181, shift: 13 }; 4];
    let model = Model::new(Design { converters, ..design }, model.labels, &tensors, None);
    let loud = model.program(ECP5_85F, &Programming { read_noise: 2.0, ..noisy }).unwrap();
    for gate in &loud.settings.gates {
        let steps = 147.8 * f64::from(gate.noise) / 256.0 / f64::from(1u32 << gate.shift);
        let gain = f64::from(gate.mantissa) / f64::from(1u32 << (gate.shift - 3));
        assert!((steps - 2.0).abs() < 0.01, "{steps}");
        assert!((gain / f64::from(converters[0].gain()) - 1.0).abs() < 1.0 / 64.0, "{gain}");
    }
    // Weights of 4 bits cannot deviate, and a smaller device says what does not fit.
    assert!(model.program(ECP5_25F, &noisy).is_err());
    let small = model.program(engram_spec::crossbar::geometry::TINY, &Programming::default()).unwrap_err().to_string();
    assert!(small.contains("20 hidden elements"), "{small}");
}
