//! Float models and weights from elsewhere put in codes, and what was lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use safetensors::SafeTensors;
use tempfile::TempDir;

use crate::setting::{engram, fails, keys, model, object};

/// A float model of generated task 1, and its tensors alone, as PyTorch would write them.
static FLOAT: LazyLock<(TempDir, PathBuf, PathBuf)> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let (float, bare) = (folder.path().join("float.safetensors"), folder.path().join("bare.safetensors"));
    let train = "train --task 1 --generated --mode float --restarts 1 --epochs 30 --out";
    engram(train).arg(&float).assert().success();
    let bytes = fs::read(&float).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let tensors = file.tensors().into_iter().filter(|(name, _)| name != "position");
    fs::write(&bare, safetensors::serialize(tensors, None).unwrap()).unwrap();
    (folder, float, bare)
});

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
    let eval = "eval --generated --task 1 --on simulation --questions 5 --json";
    let of_ours = object(&engram(eval).arg(&ours).assert().success().get_output().stdout);
    let of_theirs = object(&engram(eval).arg(&theirs).assert().success().get_output().stdout);
    for report in [&of_ours, &of_theirs] {
        assert_eq!((&report["disagreements"], &report["questions"]), (&0.into(), &5.into()));
    }
    assert_eq!(of_ours["wrong"], of_theirs["wrong"]);
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
