//! Networks of PyTorch, as state dicts and as ONNX files: what they compute is what PyTorch computes, on every step
//! (`tests/data/torch/make.py` makes the files).

use std::fs;
use std::path::{Path, PathBuf};

use engram_crossbar::import::{Imported, Scales};
use engram_crossbar::{
    Batch, Inputs, IntegerModel, Labels, Model, Normalisation, Precision, Precisions, Programming, State, Workspace,
    evaluate, import, is_recurrent, quantise, refine,
};
use engram_sequences::{Data, Recording, SequenceSet, StreamSet};
use engram_spec::Device;
use engram_spec::crossbar::Cell;
use engram_spec::crossbar::geometry::ECP5_85F;
use rten_onnx::onnx::{AttributeProto, GraphProto, ModelProto, NodeProto};
use serde::Deserialize;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/torch").join(name)
}

/// Inputs of a sequence, and the logits of every step.
#[derive(Deserialize)]
struct Steps<X> {
    x: Vec<X>,
    logits: Vec<Vec<f64>>,
}

fn steps<X: for<'a> Deserialize<'a>>(name: &str) -> Steps<X> {
    let text = fs::read_to_string(file("steps.json")).unwrap();
    let mut all: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    serde_json::from_value(all.remove(name).unwrap()).unwrap()
}

/// Recordings for a network: of each class ten, that of the file and smaller ones.
fn recordings(x: &[Vec<f32>], classes: usize) -> SequenceSet {
    let recording = |class: usize, factor: f32| {
        Recording::new(x[0].len(), x.concat().iter().map(|x| factor * x).collect(), class).unwrap()
    };
    let all: Vec<Recording> =
        (0..10 * classes).map(|nth| recording(nth % classes, 1.0 / (1 + nth / classes) as f32)).collect();
    let names = (0..classes).map(|class| format!("c{class}")).collect();
    SequenceSet::new("x", names, all.clone(), all).unwrap()
}

/// The logits of every step of a network that is given inputs in [-1, 1], or symbols.
fn logits(model: &Model, inputs: Inputs, steps: usize) -> Vec<f32> {
    let batch = Batch {
        active: vec![1; steps],
        inputs,
        targets: (0..steps).map(|row| (row, 0)).collect(),
        cleared: Vec::new(),
    };
    let mut work = Workspace::default();
    model.network().forward(&batch, &mut State::zeroed(&model.design.shape, 1), &mut work);
    work.logits
}

fn compare(found: &[f32], expected: &[Vec<f64>], what: &str) {
    let expected = expected.concat();
    assert_eq!(found.len(), expected.len(), "{what}");
    let largest =
        found.iter().zip(&expected).map(|(found, expected)| (f64::from(*found) - expected).abs()).fold(0.0, f64::max);
    assert!(largest < 1e-5, "{what}: {largest}");
}

#[test]
fn recordings_are_computed_as_pytorch_does() {
    for (name, cell) in [("lstm", Cell::Lstm), ("gru", Cell::Gru)] {
        for (steps_of, files) in [
            (
                name.to_string(),
                vec![format!("{name}.safetensors"), format!("{name}-exported.onnx"), format!("{name}-scripted.onnx")],
            ),
            (format!("{name}-without-bias"), vec![format!("{name}-without-bias.safetensors")]),
        ] {
            let Steps { x, logits: expected } = steps::<Vec<f32>>(&steps_of);
            let data = Data::Recordings(recordings(&x, 4));
            for path in files.iter().map(|name| file(name)) {
                assert!(is_recurrent(&path), "{}", path.display());
                let Imported { model, normalisation } = import(&path, &Normalisation::Nothing, &data).unwrap();
                assert_eq!((model.design.cell, normalisation), (cell, Some("none")));
                let Labels::Classes { normaliser, .. } = &model.labels else { panic!("found symbols") };
                let recording = Recording::new(3, x.concat(), None).unwrap();
                let recording = normaliser.apply(&recording).unwrap();
                assert!(recording.values().iter().all(|x| x.abs() < 1.0), "nothing is clipped");
                let found = logits(&model, Inputs::Channels(recording.values().to_vec()), x.len());
                compare(&found, &expected, &path.display().to_string());
            }
        }
    }
}

#[test]
fn symbols_are_computed_as_pytorch_does() {
    for (name, kind) in [("lstm", "LSTM"), ("gru", "GRU")] {
        let Steps { x, logits: expected } = steps::<u16>(&format!("{name}-of-symbols"));
        let alphabet = ["a", "b", "c", "d", "e", "f"].map(String::from).to_vec();
        let text = engram_sequences::synthetic::Text::default().generate().unwrap();
        let set = StreamSet { alphabet, train: x.repeat(9), validation: x.repeat(3), test: x.repeat(3), ..text };
        for ending in ["safetensors", "exported.onnx", "scripted.onnx"] {
            let separator = if ending == "safetensors" { "." } else { "-" };
            let path = file(&format!("{name}-of-symbols{separator}{ending}"));
            let model = import(&path, &Normalisation::Found, &Data::Symbols(set.clone())).unwrap().model;
            let found = logits(&model, Inputs::Symbols(x.clone()), x.len());
            compare(&found, &expected, &format!("{kind}, {ending}"));
        }
    }
}

/// Means and deviations of the data, or those that are given, are divided out before the network; which of none and the data's is right is
/// seen on the data.
#[test]
fn the_normalisation_is_given_or_found() {
    let Steps { x, logits: expected } = steps::<Vec<f32>>("lstm");
    let (mean, deviation) = (vec![10.0f32, -20.0, 0.5], vec![4.0f32, 0.25, 100.0]);
    let raw: Vec<Vec<f32>> = x
        .iter()
        .map(|step| (0..3).map(|channel| step[channel] * deviation[channel] + mean[channel]).collect())
        .collect();
    let data = Data::Recordings(recordings(&raw, 4));
    let scales = Scales { mean, deviation };
    let model = import(&file("lstm.safetensors"), &Normalisation::Given(scales), &data).unwrap().model;
    let Labels::Classes { normaliser, .. } = &model.labels else { panic!("found symbols") };
    let recording = normaliser.apply(&Recording::new(3, raw.concat(), None).unwrap()).unwrap();
    let found = logits(&model, Inputs::Channels(recording.values().to_vec()), x.len());
    let expected = expected.concat();
    // The deviation of 0.25 takes four bits of the raw values, which are rounded to F32.
    assert!(found.iter().zip(&expected).all(|(found, expected)| (f64::from(*found) - expected).abs() < 1e-3));
    let few = Scales { mean: vec![0.0], deviation: vec![1.0] };
    let error = import(&file("lstm.safetensors"), &Normalisation::Given(few), &data).unwrap_err().to_string();
    assert_eq!(error, "found a normalisation of 1 channels, expected 3, as the recordings have");
    // Recordings whose class the network itself says, from values as they are.
    let plain = recordings(&x, 4);
    let network =
        import(&file("lstm.safetensors"), &Normalisation::Nothing, &Data::Recordings(plain.clone())).unwrap().model;
    let mut device = IntegerModel::new(ECP5_85F);
    let eight = quantise(
        &Data::Recordings(plain.clone()),
        &network,
        Precisions::alike(Precision::Bits(8)),
        network.design.tiling,
    )
    .unwrap();
    device.load(&eight.program(ECP5_85F, &Programming::default()).unwrap()).unwrap();
    let said = evaluate::recordings_on(&mut device, &eight, &plain.train, |_, _| ()).unwrap();
    let answered =
        |recording: &Recording, class: u8| Recording::new(3, recording.values().to_vec(), usize::from(class)).unwrap();
    let train: Vec<Recording> =
        plain.train.iter().zip(&said).map(|(recording, said)| answered(recording, said.answer)).collect();
    let own = SequenceSet::new("own", plain.classes.clone(), train.clone(), train).unwrap();
    let found = import(&file("lstm.safetensors"), &Normalisation::Found, &Data::Recordings(own)).unwrap();
    assert_eq!(found.normalisation, Some("none"));
}

/// In 8 bits, and refined, a network answers as it does in real numbers.
#[test]
fn eight_bits_are_enough() {
    let Steps { x, .. } = steps::<Vec<f32>>("gru");
    let data = Data::Recordings(recordings(&x, 4));
    let float = import(&file("gru-scripted.onnx"), &Normalisation::Nothing, &data).unwrap().model;
    let codes = quantise(&data, &float, Precisions::alike(Precision::Bits(8)), float.design.tiling).unwrap();
    let codes = refine(&data, &float, &codes).unwrap();
    let Data::Recordings(set) = &data else { unreachable!() };
    let [before, after] = [&float, &codes].map(|model| evaluate::recordings(model, &set.test).unwrap());
    assert!((before.mean() - after.mean()).abs() < 0.01, "{} {}", before.mean(), after.mean());
}

#[test]
fn what_is_no_network_of_ours_is_refused_by_name() {
    let Steps { x, .. } = steps::<Vec<f32>>("lstm");
    let data = Data::Recordings(recordings(&x, 4));
    let refusal = |name: &str, data: &Data| import(&file(name), &Normalisation::Nothing, data).unwrap_err().to_string();
    for (name, found) in [
        ("bidirectional", "a bidirectional network (tensor bias_hh_l0_reverse), expected one direction"),
        ("projected", "a network with proj_size (tensor weight_hr_l0), expected none"),
        ("two-layers", "2 layers, expected one layer"),
        ("plain", "an nn.RNN (5 rows for 5 cells), expected an nn.LSTM or an nn.GRU"),
    ] {
        let error = refusal(&format!("refused-{name}.safetensors"), &data);
        assert!(error.contains(&format!("found {found}")), "{error}");
    }
    let other = Data::Recordings(recordings(&x, 3));
    let error = refusal("lstm.safetensors", &other);
    assert!(error.contains("found a network of 4 outputs, expected 3, as the data have"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    let bytes = fs::read(file("lstm-scripted.onnx")).unwrap();
    for torn in [&bytes[..bytes.len() / 2], &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]] {
        let path = folder.path().join("torn.onnx");
        fs::write(&path, torn).unwrap();
        let error = import(&path, &Normalisation::Nothing, &data).unwrap_err().to_string();
        assert!(error.contains("found no ONNX model"), "{error}");
    }
    // A table of vectors, and an nn.Linear before the recurrent layer, which is taken for one.
    let error = refusal("lstm-of-symbols.safetensors", &data);
    assert!(error.contains("found a matrix before the recurrent layer, such as an embedding"), "{error}");
}

/// Changes of the function in an ONNX file are refused.
#[test]
fn another_graph_is_refused_by_name() {
    let Steps { x, .. } = steps::<Vec<f32>>("lstm");
    let (folder, data) = (tempfile::tempdir().unwrap(), Data::Recordings(recordings(&x, 4)));
    let refusal = |name: &str, change: &dyn Fn(&mut GraphProto)| {
        let mut model = ModelProto::parse_buf(&fs::read(file(name)).unwrap()).unwrap();
        change(model.graph.as_mut().unwrap());
        let path = folder.path().join("changed.onnx");
        fs::write(&path, model.write_buf().unwrap()).unwrap();
        import(&path, &Normalisation::Nothing, &data).unwrap_err().to_string()
    };
    fn find<'a>(graph: &'a mut GraphProto, operator: &str) -> &'a mut NodeProto {
        graph.node.iter_mut().rev().find(|node| node.op_type.as_deref() == Some(operator)).unwrap()
    }
    let attribute = |name: &str, i: Option<i64>, text: Option<&str>| AttributeProto {
        name: Some(name.to_string()),
        i,
        s: text.map(str::to_string),
        f: (i.is_none() && text.is_none()).then_some(1.0),
        ..AttributeProto::default()
    };
    let set = |graph: &mut GraphProto, operator: &str, to: AttributeProto| {
        let node = find(graph, operator);
        node.attribute.retain(|attribute| attribute.name != to.name);
        node.attribute.push(to);
    };
    // An operator between a value's maker and the one that takes it.
    let between = |graph: &mut GraphProto, operator: &str, before: &str, place: usize| {
        let node = find(graph, before);
        let value = std::mem::replace(&mut node.input[place], "changed".to_string());
        graph.node.push(NodeProto {
            op_type: Some(operator.to_string()),
            input: vec![value],
            output: vec!["changed".to_string()],
            ..NodeProto::default()
        });
    };
    let input = |graph: &mut GraphProto, place: usize, value: &str| {
        let node = find(graph, "LSTM");
        node.input.resize(8, String::new());
        node.input[place] = value.to_string();
    };
    type Change<'a> = &'a dyn Fn(&mut GraphProto);
    let lstm: [(Change, &str); 12] = [
        (&|graph| set(graph, "LSTM", attribute("direction", None, Some("reverse"))), "an LSTM of direction reverse"),
        (&|graph| set(graph, "LSTM", attribute("clip", None, None)), "an LSTM with clip"),
        (&|graph| set(graph, "LSTM", attribute("input_forget", Some(1), None)), "an LSTM with input_forget"),
        (&|graph| input(graph, 4, "lengths"), "an LSTM with sequence_lens"),
        (&|graph| input(graph, 5, "state"), "initial_h that is not 0 (value state)"),
        (&|graph| input(graph, 7, "P"), "an LSTM with peepholes (P)"),
        (&|graph| find(graph, "LSTM").domain = Some("own".to_string()), "an operator of own"),
        (&|graph| set(graph, "Gemm", attribute("transA", Some(1), None)), "a Gemm with alpha, beta or transA"),
        (&|graph| between(graph, "Softmax", "Gemm", 0), "Softmax before the linear layer"),
        (&|graph| between(graph, "Slice", "LSTM", 0), "Slice before the recurrent layer"),
        (&|graph| between(graph, "Relu", "Gemm", 1), "weights of Gemm that are computed (value changed)"),
        (&|graph| find(graph, "LSTM").output.swap(0, 2), "a linear layer behind the state c"),
    ];
    for (change, found) in lstm {
        let error = refusal("lstm-scripted.onnx", change);
        assert!(error.contains(&format!("found {found}")), "{found}: {error}");
    }
    let gru: [(Change, &str); 3] = [
        (
            &|graph| set(graph, "GRU", attribute("linear_before_reset", Some(0), None)),
            "a GRU with linear_before_reset = 0",
        ),
        (&|graph| find(graph, "Gather").input[1] = "first".to_string(), "Gather before the linear layer"),
        (&|graph| find(graph, "Gemm").op_type = Some("Gelu".to_string()), "Gelu before the output"),
    ];
    for (change, found) in gru {
        let error = refusal("gru-scripted.onnx", change);
        assert!(error.contains(&format!("found {found}")), "{found}: {error}");
    }
}

/// A text's alphabet has a symbol for all other characters, which a network from elsewhere has not.
#[test]
fn a_text_has_a_symbol_more() {
    let Steps { x, logits: expected } = steps::<u16>("gru-of-symbols");
    let alphabet = ["a", "b", "c", "d", "e", "f", "\u{fffd}"].map(String::from).to_vec();
    let text = engram_sequences::synthetic::Text::default().generate().unwrap();
    let set = StreamSet { alphabet, train: x.repeat(9), validation: x.repeat(3), test: x.repeat(3), ..text };
    let model =
        import(&file("gru-of-symbols.safetensors"), &Normalisation::Found, &Data::Symbols(set.clone())).unwrap().model;
    let found = logits(&model, Inputs::Symbols(x.clone()), x.len());
    let known: Vec<f32> = found.chunks(7).flat_map(|logits| logits[..6].to_vec()).collect();
    compare(&known, &expected, "a symbol more");
    assert!(found.chunks(7).all(|logits| logits[..6].iter().all(|logit| *logit > logits[6])));
    let error = import(&file("gru-of-symbols.safetensors"), &Normalisation::OfData, &Data::Symbols(set))
        .unwrap_err()
        .to_string();
    assert!(error.contains("found a normalisation for symbols"), "{error}");
}

/// Weights of 16 bits are those of 32 that they stand for.
#[test]
fn numbers_may_have_any_width() {
    let Steps { x, .. } = steps::<Vec<f32>>("lstm");
    let data = Data::Recordings(recordings(&x, 4));
    let half = import(&file("lstm-bf16.safetensors"), &Normalisation::Nothing, &data).unwrap().model;
    let largest = half.tensors().out.iter().fold(0.0f32, |most, weight| most.max(weight.abs()));
    assert!(largest > 0.1 && half.tensors().out.iter().all(|weight| weight.to_bits() & 0xffff == 0));
}
