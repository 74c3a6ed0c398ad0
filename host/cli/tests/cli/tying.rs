//! A memory network with adjacent tying: trained, quantised, tested, looked into, asked.

use tempfile::TempDir;

use crate::setting::{engram, fails, float_model, object};

#[test]
fn adjacent_tying_goes_all_the_way() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(format!("{name}.safetensors"));
    let train = |options: &str, name: &str| {
        let train = "train --generated --task 1 --restarts 1 --epochs 30 --tying adjacent --json --out";
        let ran = engram(train).arg(file(name)).args(options.split_whitespace()).assert().success();
        (object(&ran.get_output().stdout), String::from_utf8_lossy(&ran.get_output().stderr).into_owned())
    };
    let (report, notes) = train("--mode fixed", "fixed");
    assert_eq!(report["tying"], "adjacent");
    assert!(!notes.contains("no device"), "{notes}");
    train("--mode float", "float");
    let quantize = "quantize --generated --task 1 --json --out";
    engram(quantize).arg(file("codes")).arg(file("float")).assert().success();
    engram("trace --generated --against").arg(file("codes")).arg(file("codes")).assert().success();
    for name in ["fixed", "float", "codes"] {
        let of = |command: &str| {
            let mut command = engram(command);
            command.arg(file(name));
            command
        };
        let eval = object(&of("eval --generated --questions 20 --json").assert().success().get_output().stdout);
        let error_percent = eval["error_percent"].clone();
        assert!(error_percent.as_f64().unwrap() <= 50.0, "{eval}");
        of("trace --generated --profile --questions 5 --json").assert().success();
        if name != "float" {
            let eval = of("eval --generated --questions 20 --json --on integer").assert().success();
            assert_eq!(object(&eval.get_output().stdout)["error_percent"], error_percent, "{name}");
            of("trace --generated --json").assert().success();
        }
    }
}

#[test]
fn a_start_of_another_tying_is_refused() {
    let folder = TempDir::new().unwrap();
    let recipe = folder.path().join("recipe.toml");
    std::fs::write(&recipe, "tying = \"adjacent\"\n[start]\nepochs = 90000\nmode = \"float\"\n").unwrap();
    let train = "train --generated --task 1 --out a.safetensors --recipe";
    let error = fails(engram(train).arg(&recipe), 3);
    assert!(
        error.contains("tying = \"adjacent\", and its table start tying = \"layer-wise\": choose the same"),
        "{error}"
    );
    let error = fails(&mut engram("train --generated --task 1 --mode binary --tying adjacent --out a.safetensors"), 3);
    assert!(error.contains("found mode binary with adjacent tying"), "{error}");
}

/// Without options the tying is chosen on the training text, and the report says by what.
#[test]
fn a_tying_is_chosen() {
    let folder = TempDir::new().unwrap();
    let train = |options: &str| {
        let mut command = engram("train --generated --json --restarts 1 --out");
        command.arg(folder.path().join("a.safetensors")).arg("--force").args(options.split_whitespace());
        let ran = command.assert().success();
        (object(&ran.get_output().stdout), String::from_utf8_lossy(&ran.get_output().stderr).into_owned())
    };
    // With layer-wise tying half of the answers would be wrong.
    let (report, notes) = train("--task 16");
    let candidates = report["choice"]["candidates"].as_array().unwrap();
    assert_eq!((candidates.len(), &report["choice"]["questions"]), (2, &400.into()), "{report}");
    assert!(candidates[1]["error_percent"].as_f64() < candidates[0]["error_percent"].as_f64(), "{report}");
    assert_eq!(report["tying"], "adjacent");
    assert!(report["test_error_percent"].as_f64().unwrap() < 20.0, "{report}");
    assert!(notes.contains("an iCEBreaker or iCESugar holds 16 slots of adjacent tying"), "{notes}");

    let (report, _) = train("--task 1 --epochs 3 --tying adjacent");
    assert!(report["choice"].is_null() && report["tying"] == "adjacent", "{report}");
    let (report, _) = train("--task 1 --epochs 3 --mode binary");
    assert!(report["choice"].is_null(), "{report}");
}

/// A text of which a part would tell nothing is learnt with the usual tying, and a note says so.
#[test]
fn a_few_stories_choose_nothing() {
    let folder = TempDir::new().unwrap();
    let told = "1 Mary went to the kitchen.\n2 John went to the hall.\n3 Where is Mary?\tkitchen\t1\n";
    let untold = "1 Mary went to the hall.\n".repeat(12);
    for name in ["train", "test"] {
        let path = folder.path().join(format!("qa1_single-supporting-fact_{name}.txt"));
        std::fs::write(path, format!("{told}{untold}")).unwrap();
    }
    let mut train = engram("train --task 1 --epochs 5 --data . --out a.safetensors");
    let ran = train.current_dir(folder.path()).assert().success();
    let notes = String::from_utf8_lossy(&ran.get_output().stderr).into_owned();
    assert!(notes.contains("too small to choose a tying by a part of it: trained with layer-wise tying"), "{notes}");
}

/// A training that goes on has the size and the tying of the model that it starts from.
#[test]
fn a_start_brings_its_size() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(
        file("recipe.toml"),
        "elements = 16\nslots = 64\nepochs = 3\nrestarts = 1\ntying = \"adjacent\"\nmode = \"float\"\n",
    )
    .unwrap();
    let train = |options: &str, out: &str| {
        let mut command = engram("train --generated --task 1 --out");
        command.arg(file(out)).args(options.split_whitespace()).current_dir(folder.path());
        command
    };
    train("--recipe recipe.toml", "start.safetensors").assert().success();
    let ran = train("--start start.safetensors --mode fixed --epochs 3 --json", "on.safetensors").assert().success();
    assert_eq!(object(&ran.get_output().stdout)["tying"], "adjacent");
    let error = fails(&mut train("--start start.safetensors --mode binary", "none.safetensors"), 3);
    assert!(
        error.contains("adjacent tying, which no network of binary has: start from a model of layer-wise"),
        "{error}"
    );
    let ran = engram("train --generated --task 1 --mode fixed --epochs 3 --json --out")
        .arg(file("other.safetensors"))
        .arg("--start")
        .arg(float_model())
        .assert()
        .success();
    assert!(object(&ran.get_output().stdout)["tying"].is_null());
}
