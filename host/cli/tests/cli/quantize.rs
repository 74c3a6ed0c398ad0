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
        "source",
        "task",
        "tensors",
        "test_questions",
    ];
    assert_eq!(keys(&report), expected);
    assert_eq!((&report["mode"], &report["tensors"][0]["name"]), (&"fixed".into(), &"A".into()));
    let lost = report["error_percent"].as_f64().unwrap() - report["float_error_percent"].as_f64().unwrap();
    // Scores of a product beyond ±4 saturate on a device. A guess has an error of 83 %.
    assert!(lost < 40.0, "{report}");

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
fn weights_that_cannot_be_used_are_told() {
    let (folder, float, bare) = &*FLOAT;
    let out = folder.path().join("refused.safetensors");
    let words = folder.path().join("words.txt");
    fs::write(&words, "mary\njohn\n").unwrap();
    let with_words = format!("--vocabulary {}", words.display());
    let wrong: [(&Path, &str, i32, &str); 7] = [
        (model(), "", 3, "expected a float model"),
        (float, "--addressing hamming", 3, "a model of dot addressing"),
        (float, "--hops 2", 2, "leave these options out"),
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
