//! `engram estimate`: its figures beside those of the hardware, models that do not fit, and what it refuses.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::tempdir;

use crate::setting::{engram, float_model, gru_model, memoized, model, recordings_model, text_model};

/// The result of a call and its exit code.
fn estimate(model: &Path, options: &str) -> (Value, i32) {
    let output = engram("estimate").arg(model).args(options.split_whitespace()).arg("--json").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "one object: {text}");
    (serde_json::from_str(&text).unwrap(), output.status.code().unwrap())
}

#[test]
fn an_estimate_has_all_its_figures() {
    let (found, code) = estimate(model(), "--board ulx3s-25f");
    assert_eq!(code, 0, "{found}");
    for key in ["model", "board", "part", "preset", "network", "addressing", "weights", "clock_mhz", "cells_from"] {
        assert!(!found[key].is_null(), "{key}: {found}");
    }
    assert_eq!((&found["fits"], found.get("remedy")), (&true.into(), None));
    let sizes: Vec<&str> = found["limits"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(sizes, ["elements", "words", "positions in its longest sentence", "hops", "slots"]);
    let work = found["work"].as_array().unwrap();
    let names: Vec<&str> = work.iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(names, ["question", "largest_question"]);
    for each in work {
        let number = |key: &str| each[key].as_f64().unwrap_or_else(|| panic!("{key}: {each}"));
        assert!((number("microseconds") - number("cycles") / 60.0).abs() < 1e-9);
        assert!((number("per_second") * number("microseconds") / 1e6 - 1.0).abs() < 1e-9);
        assert!((number("gop_per_second") - number("operations") / number("microseconds") / 1e3).abs() < 1e-9);
        let [least, most] = [0, 1].map(|end| each["microjoules"][end].as_f64().unwrap());
        assert!(0.0 < least && least < most, "{each}");
    }
    let cells: Vec<&str> = found["cells"].as_array().unwrap().iter().map(|it| it["cell"].as_str().unwrap()).collect();
    assert_eq!(cells, ["logic", "multipliers", "block_memories"]);
    assert!(found["power"]["assumptions"].as_array().is_some_and(|them| them.len() == 3));
}

/// The cycles that the simulated hardware counts for recordings and for a text are those of the estimate.
#[test]
fn the_cycles_of_steps_are_those_that_the_hardware_counts() {
    for model in [recordings_model(), text_model(), gru_model()] {
        for (board, preset) in [("ulx3s-25f", "ecp5-25f"), ("icebreaker", "up5k")] {
            let (found, code) = estimate(model, &format!("--board {board}"));
            assert_eq!(code, 0, "{found}");
            let eval = format!("eval --sequences 1 --on simulation --preset {preset} --json");
            let output = engram(&eval).arg(model).output().unwrap();
            let counted: Value = serde_json::from_slice(&output.stdout).unwrap();
            assert_eq!(counted["cycles_mean"].as_f64(), found["work"][0]["cycles"].as_f64(), "{preset}: {counted}");
        }
    }
}

#[test]
fn questions_and_memoization_have_their_own_figures() {
    let (found, _) = estimate(model(), "--board ulx3s-25f --sentences 2 --words 3");
    let question = &found["work"][0];
    assert_eq!((&question["sentences"], &question["words"]), (&2.into(), &3.into()));
    assert!(question["cycles"].as_u64() < found["work"][1]["cycles"].as_u64());
    let memo = memoized(recordings_model());
    let [with, without] = ["", " --memo off"].map(|memo_off| format!("--board ulx3s-25f{memo_off}")).map(|options| {
        let (found, code) = estimate(&memo, &options);
        assert_eq!(code, 0, "{found}");
        found
    });
    let step = &with["work"][0];
    assert!(step["least_cycles"].as_u64() < step["cycles"].as_u64(), "{step}");
    assert!(without["work"][0].get("least_cycles").is_none());
    let logic = |found: &Value| found["cells"][0]["used"].as_u64().unwrap();
    assert!(logic(&with) > logic(&without));
    // The UP5K has too few cells for it.
    let (found, code) = estimate(&memo, "--board icebreaker");
    assert_eq!((code, &found["fits"]), (3, &false.into()));
    let remedy = found["remedy"].as_str().unwrap();
    assert!(remedy.contains("cells of logic") && remedy.contains("--memo off"), "{remedy}");
}

/// A model that a device does not hold ends as `engram build --model` does, with the numbers and what to do.
#[test]
fn what_does_not_fit_is_reported_with_a_remedy() {
    let qa1 = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/qa1.safetensors"));
    let (found, code) = estimate(qa1, "--board icebreaker");
    assert_eq!((code, &found["fits"]), (3, &false.into()), "{found}");
    let slots = &found["limits"][4];
    assert_eq!((&slots["what"], &slots["found"], &slots["allowed"]), (&"slots".into(), &64.into(), &32.into()));
    let remedy = found["remedy"].as_str().unwrap();
    assert!(remedy.contains("engram quantize --slots 32"), "{remedy}");
    assert_eq!(found["work"], Value::Array(vec![]));
    assert!(found["cells"][0]["used"].as_u64().unwrap() > 4000);
    let text = engram("estimate --board icebreaker").arg(qa1).assert().code(3).get_output().stdout.clone();
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("does not fit") && text.contains("64 !"), "{text}");
}

/// An estimate is no verdict on a part that is almost full.
#[test]
fn every_board_holds_the_networks_that_it_is_built_for() {
    let folder = tempdir().unwrap();
    let small = folder.path().join("small.safetensors");
    engram("quantize --generated --slots 8 --out").arg(&small).arg(model()).assert().success();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../constraints")).unwrap() {
        let board = entry.unwrap().path();
        if board.is_file() {
            continue;
        }
        for model in [&small, recordings_model()] {
            let (found, code) = estimate(model, &format!("--board {}", board.file_name().unwrap().to_string_lossy()));
            assert_eq!((code, &found["fits"], found.get("remedy")), (0, &true.into(), None), "{found}");
        }
    }
}

#[test]
fn a_board_of_ones_own_is_estimated() {
    let folder = tempdir().unwrap();
    let known = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../constraints/icebreaker"));
    let toml = fs::read_to_string(known.join("board.toml")).unwrap();
    let mine =
        toml.replace("name = \"icebreaker\"", "name = \"mine\"").replace("\"up5k\"\npackage", "\"u4k\"\npackage");
    fs::write(folder.path().join("mine.toml"), mine).unwrap();
    fs::copy(known.join("icebreaker.pcf"), folder.path().join("icebreaker.pcf")).unwrap();
    let board = format!("--board {}", folder.path().join("mine.toml").display());
    let (found, code) = estimate(recordings_model(), &board);
    assert_eq!((code, &found["board"], &found["cells_from"]), (0, &"mine".into(), &"model".into()), "{found}");
    // Nothing is known of this part.
    assert!(found["cells"][0]["percent"].is_null() && found["power"].is_null(), "{found}");
}

#[test]
fn what_cannot_be_estimated_is_refused() {
    let refused = |model: &Path, options: &str, code: i32, texts: &[&str]| {
        let (found, ended) = estimate(model, options);
        let error = found["error"].as_str().unwrap_or_else(|| panic!("{found}"));
        assert_eq!((ended, found["exit_code"].as_i64()), (code, Some(code.into())), "{error}");
        texts.iter().for_each(|text| assert!(error.contains(text), "{error}"));
    };
    let board = "--board ulx3s-25f";
    refused(float_model(), board, 3, &["engram quantize"]);
    refused(Path::new("missing.safetensors"), board, 3, &["missing.safetensors"]);
    refused(model(), "--board arty", 2, &["arty"]);
    refused(model(), "--board ulx3s-25f --memo on", 2, &["works with a crossbar network only"]);
    refused(recordings_model(), "--board ulx3s-25f --memo on", 2, &["engram memoize"]);
    refused(recordings_model(), "--board ulx3s-25f --words 3", 2, &["works with a memory network only"]);
    refused(model(), "--board ulx3s-25f --words 99", 2, &["expected 1 to"]);
    let folder = tempdir().unwrap();
    let real = folder.path().join("real.safetensors");
    let train = "train --set basic-motions --generated --hidden 8 --epochs 1 --restarts 1 --precision float --out";
    engram(train).arg(&real).assert().success();
    refused(&real, board, 3, &["found real numbers in the model", "engram quantize"]);
    let torn = folder.path().join("torn.safetensors");
    let bytes = fs::read(model()).unwrap();
    fs::write(&torn, &bytes[..bytes.len() / 2]).unwrap();
    refused(&torn, board, 3, &["torn.safetensors"]);
}
