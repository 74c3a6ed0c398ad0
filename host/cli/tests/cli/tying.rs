//! A memory network with adjacent tying: trained, quantised, tested, looked into, asked.

use tempfile::TempDir;

use crate::setting::{engram, fails, object};

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
    std::fs::write(&recipe, "[start]\nepochs = 90000\nmode = \"float\"\n").unwrap();
    let train = "train --generated --task 1 --tying adjacent --out a.safetensors --recipe";
    let error = fails(engram(train).arg(&recipe), 3);
    assert!(
        error.contains("tying = \"adjacent\", and its table start tying = \"layer-wise\": choose the same"),
        "{error}"
    );
    let error = fails(&mut engram("train --generated --task 1 --mode binary --tying adjacent --out a.safetensors"), 3);
    assert!(error.contains("found mode binary with adjacent tying"), "{error}");
}
