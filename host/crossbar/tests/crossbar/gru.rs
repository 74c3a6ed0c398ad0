//! Gated recurrent units: what training measures is what the device answers, they learn, and start from no LSTM.

use engram_crossbar::memoized::memoized;
use engram_crossbar::{
    Analog, Memoization, Model, Precision, Precisions, Programming, Recipe, Tiling, TrainError, evaluate, quantise,
    train,
};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Data, Questions};
use engram_spec::crossbar::geometry::ECP5_85F;
use engram_spec::crossbar::{Cell, Program};

fn recipe(bits: [u8; 3], rows: usize) -> Recipe {
    let [weights, dac, adc] = bits.map(Precision::Bits);
    let tiling = Tiling { rows, ..Tiling::default() };
    let precisions = Precisions { weights, dac, adc };
    Recipe { cell: Cell::Gru, hidden: 20, epochs: 4, float_epochs: 2, precisions, tiling, ..Recipe::default() }
}

fn programmed(model: &Model) -> Program {
    model.program(ECP5_85F, &Programming::default()).unwrap()
}

#[test]
fn recordings_and_streams_are_computed_alike_by_training_and_by_the_device() {
    let set = Waves { recordings: 8, ..Waves::default() }.generate().unwrap();
    let text = Text { length: 2000, ..Text::default() }.generate().unwrap();
    for (bits, rows) in
        [([4, 4, 4], 0), ([4, 4, 4], 16), ([2, 3, 4], 32), ([1, 1, 1], 16), ([1, 4, 2], 0), ([8, 8, 3], 16)]
    {
        let model = train(&Data::Recordings(set.clone()), &recipe(bits, rows), 1, None, &|_| ()).unwrap();
        let device = evaluate::programmed_recordings(&model, &programmed(&model), &set.test).unwrap();
        let training = evaluate::recordings(&model, &set.test).unwrap();
        let what = format!("{bits:?} bits, {rows} rows a tile: {device:?} {training:?}");
        assert!(device.wrong == training.wrong && (device.mean() - training.mean()).abs() < 1e-4, "{what}");
        // Few symbols, so that training reads them from one place only, as the device does.
        let symbols = &text.test[..100];
        let model = train(&Data::Symbols(text.clone()), &recipe(bits, rows), 1, None, &|_| ()).unwrap();
        let device = evaluate::programmed_stream(&model, &programmed(&model), symbols).unwrap();
        let training = evaluate::stream(&model, symbols).unwrap();
        assert_eq!((device.wrong, device.targets), (training.wrong, 99), "{what}");
        assert!((device.mean() - training.mean()).abs() < 1e-4, "{bits:?} {rows}: {device:?} {training:?}");
    }
}

#[test]
fn they_learn_are_quantised_kept_and_remembered() {
    let set = Waves { noise: 0.2, ..Waves::default() }.generate().unwrap();
    let data = Data::Recordings(set.clone());
    let float = Recipe { cell: Cell::Gru, hidden: 24, epochs: 40, ..Recipe::default() };
    let start = train(&data, &float, 1, None, &|_| ()).unwrap();
    let error = |model: &Model| evaluate::recordings(model, &set.test).unwrap().error();
    assert!(error(&start) < 0.06, "float: {}", error(&start));
    let precisions = Precisions::alike(Precision::Bits(4));
    let model = train(&data, &Recipe { epochs: 15, precisions, ..float }, 1, Some(&start), &|_| ()).unwrap();
    assert!(error(&model) < 0.1, "4 bits: {}", error(&model));
    let eight = quantise(&data, &start, Precisions::alike(Precision::Bits(8)), Tiling::default()).unwrap();
    assert!(eight.design.cell == Cell::Gru && error(&eight) < 0.1, "8 bits untrained: {}", error(&eight));

    let path = tempfile::tempdir().unwrap();
    let path = path.path().join("gru.safetensors");
    model.save(&path).unwrap();
    assert_eq!(Model::load(&path).unwrap(), model);

    let mut how = Memoization::default();
    how.settings.theta = [64; 4];
    let found = memoized(&model, &programmed(&model), &Questions::Recordings(set.test.clone()), Some(how)).unwrap();
    assert!(found.counters.hits.iter().all(|&hits| hits > 0), "{found:?}");
    // Words of 16: z and r read one of x and two of h, nx that one, nh those two.
    let steps = found.counters.columns[0] / 24;
    assert_eq!(found.counters.cycles_without, steps * 24 * (3 + 3 + 1 + 2));
}

#[test]
fn weights_that_are_not_read_are_zero_however_they_are_programmed() {
    let set = Waves { recordings: 4, ..Waves::default() }.generate().unwrap();
    let model = train(&Data::Recordings(set), &recipe([1, 4, 4], 0), 1, None, &|_| ()).unwrap();
    let noisy = Programming { cells: Analog { noise: 0.2, ..Analog::default() }, ..Programming::default() };
    for programming in [Programming::default(), noisy] {
        let program = model.program(ECP5_85F, &programming).unwrap();
        let (inputs, rows) = (model.design.shape.inputs, model.design.shape.rows());
        for (column, weights) in program.columns.chunks_exact(rows).enumerate() {
            let reads = Cell::Gru.reads(column % 4, inputs, rows);
            let read = weights.iter().enumerate().filter(|(row, _)| reads.contains(row));
            assert!(read.filter(|(_, weight)| **weight != 0).count() * 2 > reads.len());
            assert!(weights.iter().enumerate().all(|(row, &weight)| reads.contains(&row) || weight == 0));
        }
    }
}

#[test]
fn other_cells_are_refused_with_a_reason() {
    let data = Data::Recordings(Waves { recordings: 4, ..Waves::default() }.generate().unwrap());
    let model = train(&data, &recipe([4, 4, 4], 0), 1, None, &|_| ()).unwrap();
    let lstm = Recipe { cell: Cell::Lstm, ..recipe([4, 4, 4], 0) };
    let refused = train(&data, &lstm, 1, Some(&model), &|_| ());
    assert!(matches!(refused, Err(TrainError::Cell { found: "gru", expected: "lstm" })));
    let recipe: Recipe = toml::from_str("cell = \"gru\"").unwrap();
    assert_eq!(recipe.cell, Cell::Gru);
    assert!(toml::from_str::<Recipe>("cell = \"rnn\"").is_err());
    assert!(!toml::to_string(&Recipe::default()).unwrap().contains("cell ="), "LSTMs are read by what knows no GRUs");
}
