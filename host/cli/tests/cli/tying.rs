//! A memory network with adjacent tying: trained, tested and looked into in its own arithmetic, refused where a device computes.

use tempfile::TempDir;

use crate::setting::{engram, fails, object};

#[test]
fn adjacent_tying_is_computed_in_software() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str| folder.path().join(format!("{name}.safetensors"));
    let train = |options: &str, name: &str| {
        let train = "train --generated --task 1 --restarts 1 --epochs 30 --tying adjacent --json --out";
        let ran = engram(train).arg(file(name)).args(options.split_whitespace()).assert().success();
        (object(&ran.get_output().stdout), String::from_utf8_lossy(&ran.get_output().stderr).into_owned())
    };
    let (report, notes) = train("--mode fixed", "fixed");
    assert_eq!(report["tying"], "adjacent");
    assert!(notes.contains("no device computes adjacent tying so far"), "{notes}");
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
        assert!(eval["error_percent"].as_f64().unwrap() <= 50.0, "{eval}");
        of("trace --generated --profile --questions 5 --json").assert().success();
        if name != "float" {
            for command in ["ask --question where", "eval --generated --on integer", "trace --generated"] {
                let error = fails(&mut of(command), 3);
                assert!(error.contains("the hardware computes layer-wise tying so far"), "{command}: {error}");
            }
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
