//! Float models and weights from elsewhere put in codes, and what was lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use tempfile::TempDir;

use crate::examples::recordings;
use crate::setting::{engram, fails, float_model, gru, keys, lstm, model, object};

/// A float model of generated task 1, and its tensors alone, as PyTorch would write them.
static FLOAT: LazyLock<(TempDir, PathBuf, PathBuf)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let (float, bare) = (folder.path().join("float.safetensors"), folder.path().join("bare.safetensors"));
    fs::copy(float_model(), &float).unwrap();
    write_bare(&float, &bare);
    (folder, float, bare)
});

/// The rows of a tensor, one of so many of a memory each.
fn memories(bytes: &[u8], number: usize) -> impl Iterator<Item = &[u8]> {
    bytes.chunks_exact(bytes.len() / number)
}

/// Writes the tensors of a float model alone, the rows of words in ascending order; of adjacent tying a tensor each memory.
fn write_bare(float: &Path, bare: &Path) {
    let bytes = fs::read(float).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
    let text = &header.metadata().as_ref().unwrap()["vocabulary"];
    let words: Vec<String> = serde_json::from_str(text).unwrap();
    let mut order: Vec<usize> = (0..words.len()).collect();
    order.sort_by_key(|&row| &words[row]);
    let adjacent = file.tensor("B").unwrap().data().is_empty();
    let hops = if adjacent { file.tensor("C").unwrap().shape()[0] / words.len() } else { 1 };
    let mut tensors = Vec::new();
    for (name, tensor) in file.tensors() {
        if tensor.data().is_empty() {
            continue;
        }
        let number = if adjacent && name.ends_with('C') { hops } else { 1 };
        for (place, memory) in memories(tensor.data(), number).enumerate() {
            let row = memory.len() / (tensor.shape()[0] / number);
            let data: Vec<u8> = match &name[..] {
                "A" | "B" | "C" | "W" => order.iter().flat_map(|&word| &memory[word * row..][..row]).copied().collect(),
                _ => memory.to_vec(),
            };
            let own = match (&name[..], adjacent) {
                ("A", true) => "E_0".to_string(),
                ("C", true) => format!("E_{}", place + 1),
                ("T_A", true) => "T_0".to_string(),
                ("T_C", true) => format!("T_{}", place + 1),
                _ => name.clone(),
            };
            tensors.push((own, vec![data.len() / row, row / 4], data));
        }
    }
    let view = |(name, shape, data): &'static (String, Vec<usize>, Vec<u8>)| {
        (name, TensorView::new(Dtype::F32, shape.clone(), data).unwrap())
    };
    let tensors: &'static Vec<(String, Vec<usize>, Vec<u8>)> = Box::leak(Box::new(tensors));
    fs::write(bare, safetensors::serialize(tensors.iter().map(view), None).unwrap()).unwrap();
}

fn quantize(weights: &Path, out: &Path, arguments: &str) -> assert_cmd::Command {
    let mut command = engram("quantize --task 1 --generated");
    command.arg(weights).arg("--out").arg(out).args(arguments.split_whitespace());
    command
}

#[test]
fn weights_from_elsewhere_run_on_a_device() {
    let (folder, float, bare) = &*FLOAT;
    let (ours, theirs) = (folder.path().join("ours.safetensors"), folder.path().join("theirs.safetensors"));
    let report = object(&quantize(bare, &theirs, "--json").assert().success().get_output().stdout);
    let expected = [
        "addressing",
        "error_percent",
        "float_error_percent",
        "graded",
        "guessing_error_percent",
        "mode",
        "out",
        "scores",
        "source",
        "task",
        "tensors",
        "test_questions",
    ];
    assert_eq!(keys(&report), expected);
    assert_eq!((&report["mode"], &report["tensors"][0]["name"]), (&"fixed".into(), &"A".into()));
    let lost = report["error_percent"].as_f64().unwrap() - report["float_error_percent"].as_f64().unwrap();
    // Scores of products beyond ±4 saturate on a device: those that decide are stored.
    assert!(lost < 5.0, "{report}");

    let words = quantize(float, &ours, "").assert().success();
    let words = String::from_utf8(words.get_output().stdout.clone()).unwrap();
    assert!(words.contains("saturated %") && words.contains("T_C") && words.contains("in codes"), "{words}");
    // Both know the task that they were quantised for.
    let eval = "eval --generated --on simulation --questions 5 --json";
    let of_ours = object(&engram(eval).arg(&ours).assert().success().get_output().stdout);
    let of_theirs = object(&engram(eval).arg(&theirs).assert().success().get_output().stdout);
    for report in [&of_ours, &of_theirs] {
        assert_eq!((&report["disagreements"], &report["questions"]), (&0.into(), &5.into()));
    }
    assert_eq!(of_ours["wrong"], of_theirs["wrong"]);
}

/// A file of E_0 to E_K and T_0 to T_K is a network of K hops; more hops than devices compute are told of.
#[test]
fn adjacent_weights_from_elsewhere_run_on_a_device() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(format!("{name}.safetensors"));
    for hops in [2, 5] {
        let recipe = folder.path().join("recipe.toml");
        fs::write(&recipe, format!("hops = {hops}\nslots = 16\ntying = \"adjacent\"\nepochs = 30\nrestarts = 1\n"))
            .unwrap();
        let mut train = engram("train --task 1 --generated --mode float --force --recipe");
        train.arg(&recipe).arg("--out").arg(file("float")).assert().success();
        write_bare(&file("float"), &file("bare"));
        let ours =
            object(&quantize(&file("float"), &file("ours"), "--json --force").assert().success().get_output().stdout);
        let ran = quantize(&file("bare"), &file("theirs"), "--json --force").assert().success();
        let theirs = object(&ran.get_output().stdout);
        for key in ["error_percent", "float_error_percent", "tensors", "scores"] {
            assert_eq!(ours[key], theirs[key], "{key}");
        }
        let notes = String::from_utf8_lossy(&ran.get_output().stderr).into_owned();
        let told = notes.contains("no device holds this model: the model has 5 hops, geometry ecp5-85f holds 4");
        assert_eq!(told, hops == 5, "{notes}");
        let mut eval = engram("eval --generated --on simulation --preset up5k --questions 3 --json");
        let eval = eval.arg(file("theirs"));
        if hops == 5 {
            assert!(fails(eval, 3).contains("the model has 5 hops, geometry up5k holds 4"));
        } else {
            let report = object(&eval.assert().success().get_output().stdout);
            assert_eq!((&report["disagreements"], &report["questions"]), (&0.into(), &3.into()));
        }
        let message = fails(&mut quantize(&file("bare"), &file("refused"), "--hops 3"), 3);
        assert!(
            message.contains(&format!("found {hops} hops (E_0 to E_{hops}), expected the 3 of --hops")),
            "{message}"
        );
    }
}

/// The committed models remember 64 sentences, and the smallest device has 32 slots. It refuses them, and holds what `--slots`
/// makes of them.
#[test]
fn a_model_remembers_fewer_sentences_for_a_smaller_device() {
    let folder = TempDir::new().unwrap();
    let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/qa1.safetensors");
    let small = folder.path().join("small.safetensors");
    let ask = "eval --generated --preset up5k --questions 100 --json";
    for command in
        ["eval --generated --preset up5k", "ask --preset up5k", "eval --generated --on simulation --preset up5k"]
    {
        let message = fails(engram(command).arg(&model), 3);
        let expected = "the model has 64 slots, geometry up5k holds 32; use a device of geometry ecp5-25f or ecp5-85f, or let it \
                        remember 32 sentences with `engram quantize --slots 32`";
        assert!(message.contains(expected), "{command}: {message}");
    }
    let quantize = |slots: &str| {
        let mut command = engram("quantize --generated --json");
        command.arg(&model).args(["--slots", slots]).arg("--out").arg(&small);
        command
    };
    for (slots, code, expected) in [("0", 3, "found 0 slots, expected 1 to 64"), ("65", 3, "expected 1 to 64")] {
        assert!(fails(&mut quantize(slots), code).contains(expected));
    }
    assert!(!small.exists());
    let report = object(&quantize("32").assert().success().get_output().stdout);
    assert_eq!((&report["task"], &report["mode"]), (&1.into(), &"qmann".into()));
    // The stories of task 1 have at most 10 sentences.
    assert_eq!(report["error_percent"], report["float_error_percent"]);
    assert!(report["tensors"].as_array().unwrap().iter().all(|span| span["saturated"] == 0 && span["rounded"] == 0));
    let on_small = object(&engram(ask).arg(&small).assert().success().get_output().stdout);
    let on_large = object(&engram(&ask.replace("up5k", "ecp5-25f")).arg(&model).assert().success().get_output().stdout);
    assert_eq!(on_small["preset"], "up5k");
    assert_eq!((&on_small["wrong"], &on_small["questions"]), (&on_large["wrong"], &on_large["questions"]));
}

/// Before training a recipe with more slots than any device is told of; the model is one of the software.
#[test]
fn slots_that_no_device_has_are_told_before_training() {
    let folder = TempDir::new().unwrap();
    let (recipe, out) = (folder.path().join("recipe.toml"), folder.path().join("large.safetensors"));
    fs::write(&recipe, "slots = 65\nepochs = 1\nrestarts = 1\n").unwrap();
    let mut train = engram("train --generated --task 1");
    train.arg("--recipe").arg(&recipe).arg("--out").arg(&out);
    let output = train.assert().success().get_output().clone();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("it would have 65 slots, and devices hold 64"), "{told}");
    let report = object(&engram("eval --generated --json").arg(&out).assert().success().get_output().stdout);
    assert_eq!((&report["body"], &report["preset"]), (&"qmann".into(), &serde_json::Value::Null));
    let message = fails(engram("eval --generated --on integer").arg(&out), 3);
    assert!(message.contains("the model has 65 slots, geometry ecp5-25f holds 64; no geometry holds it"), "{message}");
}

#[test]
fn weights_that_cannot_be_used_are_explained() {
    let (folder, float, bare) = &*FLOAT;
    let out = folder.path().join("refused.safetensors");
    let words = folder.path().join("words.txt");
    fs::write(&words, "mary\njohn\n").unwrap();
    let with_words = format!("--vocabulary {}", words.display());
    let wrong: [(&Path, &str, i32, &str); 7] = [
        (model(), "", 3, "expected a float model"),
        (float, "--addressing hamming", 3, "trained with dot addressing"),
        (float, "--hops 2", 2, "remove these options"),
        (float, "--mode binary", 3, "with dot addressing"),
        (float, "--graded", 3, "found graded formats"),
        (bare, &with_words, 3, "the vocabulary has 2 words"),
        (&words, "", 3, "damaged or foreign file"),
    ];
    for (weights, arguments, code, expected) in wrong {
        let message = fails(&mut quantize(weights, &out, arguments), code);
        assert!(message.contains(expected), "{arguments}: {message}");
    }
    assert!(!out.exists());
}

/// An imported network: an LSTM as a state dict or a GRU as ONNX, by the data's sizes. What is no such network is named.
#[test]
fn a_recurrent_network_from_elsewhere_is_imported() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    ["TRAIN.ts", "TEST.ts"].iter().for_each(|name| fs::write(at(name), recordings()).unwrap());
    fs::write(at("lstm.safetensors"), lstm([2, 6, 2])).unwrap();
    fs::write(at("gru.onnx"), gru([2, 6, 2])).unwrap();
    fs::write(at("scales.json"), r#"{"mean": [3, 3], "deviation": [2, 2]}"#).unwrap();
    let quantize = |options: &str| {
        let mut command = engram(&format!("quantize --json --sequences TRAIN.ts --test TEST.ts {options}"));
        command.current_dir(folder.path());
        command
    };
    let report = |options: &str| object(&quantize(options).assert().success().get_output().stdout);
    for file in ["lstm.safetensors", "gru.onnx"] {
        for (options, normalisation) in [
            ("--normalisation none", "none"),
            ("--normalisation data", "data"),
            ("--normalisation scales.json", "given"),
            ("--precision 6", ""),
        ] {
            let report = report(&format!("{file} {options} --out own.safetensors --force"));
            assert!(normalisation.is_empty() || report["normalisation"] == normalisation, "{report}");
            let bits = if options.contains("precision") { 6 } else { 8 };
            assert_eq!(
                (&report["precisions"]["weights"], &report["source"]),
                (&bits.into(), &"TRAIN.ts and TEST.ts".into())
            );
            let eval = engram("eval own.safetensors --json").current_dir(folder.path()).assert().success();
            let eval = object(&eval.get_output().stdout);
            assert_eq!(eval["error_percent"], report["test"]["error_percent"], "{eval}");
        }
    }
    // Real numbers, with which a training in codes begins.
    report("lstm.safetensors --precision float --out float.safetensors");
    let train = "train --sequences TRAIN.ts --test TEST.ts --start float.safetensors --hidden 6 --epochs 1 --restarts 1 --out on.safetensors";
    engram(train).current_dir(folder.path()).assert().success();
    let message = fails(engram("quantize lstm.safetensors --out a").current_dir(folder.path()), 2);
    assert!(message.contains("give the data that they were trained with"), "{message}");
    let refused = |options: &str, code, expected: &str| {
        let message = fails(&mut quantize(&format!("{options} --out a")), code);
        assert!(message.contains(expected) && !at("a").exists(), "{options}: {message}");
    };
    fs::write(at("wide.safetensors"), lstm([3, 6, 2])).unwrap();
    refused("wide.safetensors", 3, "found a network of 3 inputs, expected 2, as the data have");
    refused("gru.onnx --hops 2", 2, "a memory network");
    refused("gru.onnx --normalisation none.json", 3, "none.json");
    fs::write(at("torn.onnx"), &gru([2, 6, 2])[..99]).unwrap();
    refused("torn.onnx", 3, "found no ONNX model");
}

#[test]
fn a_profile_shows_what_formats_lose() {
    let (_, float, _) = &*FLOAT;
    for (file, mode) in [(float.as_path(), "float"), (model(), "qmann")] {
        let report = engram("trace --generated --profile --questions 20 --json").arg(file).assert().success();
        let report = object(&report.get_output().stdout);
        assert_eq!((&report["mode"], &report["questions"]), (&mode.into(), &20.into()));
        let named = |list: &str, name: &str| {
            report[list].as_array().unwrap().iter().find(|span| span["name"] == name).unwrap().clone()
        };
        let (u, logit) = (named("values", "u[1]"), named("values", "logit"));
        assert_eq!((&u["values"], &logit["format"]), (&(20 * 32).into(), &serde_json::Value::Null));
        assert!(
            u["min"].as_f64() < u["max"].as_f64()
                && u["largest"].as_f64() > Some(0.0)
                && u["used"].as_f64() > Some(0.0),
            "{u}"
        );
        assert_eq!(named("tensors", "T_A")["format"], named("values", "m")["format"]);
    }
    let table = engram("trace --generated --profile --questions 2").arg(model()).assert().success();
    let table = String::from_utf8(table.get_output().stdout.clone()).unwrap();
    assert!(table.contains("used %") && table.contains("m+T_A[0]"), "{table}");
}

#[test]
fn models_of_two_modes_are_compared() {
    let (folder, float, _) = &*FLOAT;
    let codes = folder.path().join("compared.safetensors");
    quantize(float, &codes, "").assert().success();
    let compare = |tolerance: &str| {
        let mut command = engram(&format!("trace --generated --question 4 --json {tolerance} --against"));
        command.arg(float).arg(&codes);
        command
    };
    let apart = compare("--tolerance 0").assert().code(1);
    let apart = object(&apart.get_output().stdout);
    assert!(apart["difference"].as_str().unwrap().starts_with("m[0] element"), "{apart}");
    let near = object(&compare("--tolerance 1000").assert().success().get_output().stdout);
    assert!(near["difference"].is_null());
    assert_eq!(near["distances"].as_array().unwrap().last().unwrap()["name"], "logit[0]");
    let same = engram("trace --generated --against").arg(&codes).arg(&codes).assert().success();
    assert!(String::from_utf8_lossy(&same.get_output().stdout).contains("they part nowhere"));
    let message = fails(engram("trace --generated --question 0 --against").arg(&codes).arg(&codes), 2);
    assert!(message.contains("from 1 to 1000"), "{message}");
}

/// A file that is missing is named before options are.
#[test]
fn missing_files_are_named_first() {
    for options in ["missing.safetensors --set basic-motions --generated", "missing.onnx", "missing.safetensors"] {
        let message = fails(&mut engram(&format!("quantize {options} --out never.safetensors")), 3);
        assert!(message.contains("missing.") && message.contains("No such file or directory"), "{message}");
    }
}
