//! Models that are exported and read again: the same function in real numbers, and the same codes.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use engram_crossbar::import::Imported;
use engram_crossbar::{
    Batch, Design, Form, Inputs, Labels, Model, Normalisation, Precision, Precisions, Recipe, State, Workspace, export,
    import, is_recurrent, quantise, refine, train,
};
use engram_sequences::synthetic::{Text, Waves};
use engram_sequences::{Data, Recording, SequenceSet, StreamSet, Windowing};
use engram_spec::crossbar::Cell;
use rten_onnx::onnx::{ModelProto, StringStringEntryProto};
use safetensors::tensor::{SafeTensors, serialize};

/// A network of a kind in codes, after little training.
fn trained(data: &Data, cell: Cell, bits: u8, windowing: Windowing) -> Model {
    let float = Recipe { cell, hidden: 7, epochs: 2, restarts: 1, windowing, ..Recipe::default() };
    let codes = Recipe { precisions: Precisions::alike(Precision::Bits(bits)), ..float };
    let start = train(data, &float, 3, None, &|_| ()).unwrap();
    train(data, &codes, 3, Some(&start), &|_| ()).unwrap()
}

fn waves() -> Data {
    Data::Recordings(Waves::default().generate().unwrap())
}

fn symbols() -> Data {
    Data::Symbols(Text { length: 4_000, ..Text::default() }.generate().unwrap())
}

/// The logits of a network in real numbers, of every step.
fn logits(model: &Model, inputs: Inputs, steps: usize) -> Vec<f32> {
    let targets = (0..steps).map(|row| (row, 0)).collect();
    let batch = Batch { active: vec![1; steps], inputs, targets, cleared: Vec::new() };
    let mut work = Workspace::default();
    model.network().forward(&batch, &mut State::zeroed(&model.design.shape, 1), &mut work);
    work.logits
}

/// The model without its converters, with the weights that its codes stand for.
fn dequantised(model: &Model) -> Model {
    let design = Design { precisions: Precisions::FLOAT, ..model.design };
    Model::new(design, model.labels.clone(), model.tensors(), None)
}

/// The model of a file that a model was exported to.
fn exported(model: &Model, form: Form, data: &Data, folder: &Path) -> Imported {
    let path = folder.join(if form == Form::Onnx { "exported.onnx" } else { "exported.safetensors" });
    export(model, form, &path).unwrap();
    assert!(is_recurrent(&path));
    import(&path, &Normalisation::Found, data).unwrap()
}

#[test]
fn exported_networks_come_back_with_their_function_and_their_codes() {
    let folder = tempfile::tempdir().unwrap();
    let windows = Windowing { pool: 1, window: 2, stride: 2 };
    for (data, windowing) in [(waves(), Windowing::NONE), (waves(), windows), (symbols(), Windowing::NONE)] {
        for (cell, bits) in [(Cell::Lstm, 4), (Cell::Gru, 4), (Cell::Lstm, 8), (Cell::Lstm, 1)] {
            let model = trained(&data, cell, bits, windowing);
            let plain = dequantised(&model);
            for form in [Form::Onnx, Form::StateDict] {
                let what = format!("{} of {bits} bits, {form:?}, {}", cell.name(), data.name());
                let Imported { model: back, normalisation } = exported(&model, form, &data, folder.path());
                let of_recordings = matches!(model.labels, Labels::Classes { .. });
                assert_eq!(normalisation, of_recordings.then_some("file"), "{what}");
                assert_eq!(back.labels, model.labels, "{what}");
                let inputs = model.design.shape.inputs;
                let values = (0..12 * inputs).map(|place| (place as f32 * 0.37).sin()).collect();
                let inputs = match of_recordings {
                    true => Inputs::Channels(values),
                    false => Inputs::Symbols((0..12).map(|step| (step * 5 % inputs) as u16).collect()),
                };
                let [found, expected] = [&back, &plain].map(|model| logits(model, inputs.clone(), 12));
                let pairs = found.iter().zip(&expected);
                let largest = pairs.map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max);
                assert!(largest < 1e-5 && expected.iter().any(|logit| logit.abs() > 1e-3), "{what}: {largest}");
                let Design { precisions, tiling, .. } = model.design;
                let quantised = quantise(&data, &back, precisions, tiling).unwrap();
                let refined = refine(&data, &back, &quantised).unwrap();
                assert_eq!(refined.codes().unwrap(), model.codes().unwrap(), "{what}");
                assert_eq!(refined.tensors().bias, model.tensors().bias, "{what}");
            }
        }
    }
}

/// The two forms have the same numbers.
#[test]
fn real_numbers_are_exported_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let data = waves();
    for cell in [Cell::Lstm, Cell::Gru] {
        let recipe = Recipe { cell, hidden: 5, epochs: 1, restarts: 1, ..Recipe::default() };
        let model = train(&data, &recipe, 1, None, &|_| ()).unwrap();
        for form in [Form::Onnx, Form::StateDict] {
            assert_eq!(exported(&model, form, &data, folder.path()).model.tensors(), model.tensors());
        }
    }
}

#[test]
fn what_cannot_be_written_or_does_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = waves();
    let recipe = Recipe { hidden: 3, epochs: 1, restarts: 1, ..Recipe::default() };
    let model = train(&data, &recipe, 1, None, &|_| ()).unwrap();
    let error = export(&model, Form::Onnx, &folder.path().join("missing/x.onnx")).unwrap_err().to_string();
    assert!(error.contains("missing/x.onnx"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    // A normalisation of other channels is no panic.
    let Labels::Classes { names, windowing, mut normaliser } = model.labels.clone() else { panic!("recordings") };
    normaliser.deviation[0] = 0.0;
    let mut damaged = model;
    damaged.labels = Labels::Classes { names, windowing, normaliser };
    let path = folder.path().join("damaged.safetensors");
    export(&damaged, Form::StateDict, &path).unwrap();
    let error = import(&path, &Normalisation::Found, &data).unwrap_err().to_string();
    assert!(error.contains("a normalisation that does not fit") && error.contains("engram export"), "{error}");
    // One that is given goes before the file's.
    assert_eq!(import(&path, &Normalisation::OfData, &data).unwrap().normalisation, Some("data"));
}

/// The error of a file that a model was exported to.
fn refusal(model: &Model, data: &Data, folder: &Path) -> String {
    let path = folder.join("refused.safetensors");
    export(model, Form::StateDict, &path).unwrap();
    import(&path, &Normalisation::Found, data).unwrap_err().to_string()
}

/// Windows for which the weights or the recordings are too few are refused before any memory is taken for them.
#[test]
fn windows_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = waves();
    let Data::Recordings(set) = &data else { panic!("symbols") };
    let model = trained(&data, Cell::Lstm, 4, Windowing::NONE);
    let longest = set.recordings().map(Recording::len).max().unwrap();
    for (pool, window, text) in [
        (1, 1_000_000_000_000_000, "inputs for windows of 1000000000000000 steps, expected"),
        (1, usize::MAX, "inputs for windows of"),
        (usize::MAX, 1, "steps at most"),
    ] {
        let Labels::Classes { names, normaliser, .. } = model.labels.clone() else { panic!("symbols") };
        let windowing = Windowing { pool, window, stride: window };
        let mut crafted = model.clone();
        crafted.labels = Labels::Classes { names, windowing, normaliser };
        let error = refusal(&crafted, &data, folder.path());
        assert!(error.contains("refused.safetensors") && error.contains(text), "{error}");
    }
    let model = trained(&data, Cell::Lstm, 4, Windowing { pool: 1, window: longest, stride: longest });
    let short = |part: &[Recording]| part.iter().filter_map(|recording| recording.windows(5, longest).next()).collect();
    let [train, validation, test] = [&set.train, &set.validation, &set.test].map(|part| short(part));
    let short = SequenceSet { train, validation, test, ..set.clone() };
    let error = refusal(&model, &Data::Recordings(short), folder.path());
    assert!(error.contains(&format!("windows of {longest} steps, expected 5 steps at most")), "{error}");
}

/// A key `labels` in a file that engram did not write means something else.
#[test]
fn labels_of_other_programs_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let data = waves();
    let model = trained(&data, Cell::Lstm, 4, Windowing::NONE);
    let [dict, onnx] = ["own.safetensors", "own.onnx"].map(|name| folder.path().join(name));
    export(&model, Form::StateDict, &dict).unwrap();
    let bytes = fs::read(&dict).unwrap();
    let (key, value) = ("labels".to_string(), "rest, wave".to_string());
    let foreign = HashMap::from([(key.clone(), value.clone()), ("source".to_string(), "mine".to_string())]);
    fs::write(&dict, serialize(SafeTensors::deserialize(&bytes).unwrap().tensors(), Some(foreign)).unwrap()).unwrap();
    export(&model, Form::Onnx, &onnx).unwrap();
    let mut graph = ModelProto::parse_buf(&fs::read(&onnx).unwrap()).unwrap();
    graph.metadata_props = vec![StringStringEntryProto { key: Some(key), value: Some(value) }];
    fs::write(&onnx, graph.write_buf().unwrap()).unwrap();
    for path in [dict, onnx] {
        let normalisation = import(&path, &Normalisation::Found, &data).unwrap().normalisation;
        assert!(matches!(normalisation, Some("none" | "data")), "{normalisation:?}");
    }
}

/// Outputs in another order are other answers.
#[test]
fn labels_are_those_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    let (waves, symbols) = (waves(), symbols());
    let (Data::Recordings(set), Data::Symbols(text)) = (&waves, &symbols) else { panic!("other data") };
    let [of_waves, of_text] = [&waves, &symbols].map(|data| trained(data, Cell::Gru, 4, Windowing::NONE));
    let classes = |classes: &[String]| Data::Recordings(SequenceSet { classes: classes.to_vec(), ..set.clone() });
    let mut turned = set.classes.clone();
    turned.swap(0, 1);
    let more = [&set.classes[..], &["another".to_string()]].concat();
    let mut alphabet = text.alphabet.clone();
    alphabet[1] = "unknown".to_string();
    let other = Data::Symbols(StreamSet { alphabet, ..text.clone() });
    let count = set.classes.len();
    for (model, data, expected) in [
        (&of_waves, &classes(&turned), format!("class 0 {:?}, expected {:?}, as", set.classes[0], set.classes[1])),
        (&of_waves, &classes(&more), format!("a class count of {count}, expected {}, as", count + 1)),
        (&of_text, &other, format!("symbol 1 {:?}, expected \"unknown\", as", text.alphabet[1])),
        (&of_text, &waves, "labels of a text, expected those of recordings, as".to_string()),
        (&of_waves, &symbols, "labels of recordings, expected those of a text, as".to_string()),
    ] {
        let error = refusal(model, data, folder.path());
        assert!(error.contains(&format!("refused.safetensors: found {expected}")), "{error}");
    }
}
