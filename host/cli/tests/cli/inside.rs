//! A model inside a bitstream: the board has it at switch-on.

use tempfile::TempDir;

use crate::setting::{Served, engram, fails, model, object, recordings_model};

/// A board with a model inside answers as the integer model does, and another model may take its place.
#[test]
fn a_board_has_its_model_at_switch_on() {
    let served = Served::of(&format!("--board ulx3s-25f --model {}", model().display()));
    assert_eq!(
        (served.report["network"].as_str(), served.report["addressing"].as_str()),
        (Some("memnet"), Some("min"))
    );
    let eval = engram("eval --generated --questions 3 --json --on").arg(&served.path).arg(model()).assert().success();
    assert_eq!(object(&eval.get_output().stdout)["disagreements"], 0);

    let served = Served::of(&format!("--board ulx3s-25f --model {}", recordings_model().display()));
    assert_eq!(served.report["network"], "crossbar", "the model decides it");
    let mut eval = engram("eval --generated --questions 1 --json --on");
    let report = object(&eval.arg(&served.path).arg(recordings_model()).assert().success().get_output().stdout);
    assert_eq!(report["disagreements"], 0, "{report}");
}

#[test]
fn what_cannot_be_inside_is_explained() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    let build = |options: &str| {
        let mut command = engram("build");
        command.args(options.split(' ')).arg("--out").arg(&out);
        command
    };
    let memnet = model().display().to_string();
    let error = fails(build("--board icebreaker").args(["--model", &memnet]), 3);
    assert!(error.contains("the icebreaker cannot have a model inside"), "{error}");
    assert!(error.contains("build it without --model"), "{error}");
    let error = fails(build("--board ulx3s-25f --network crossbar").args(["--model", &memnet]), 2);
    assert!(error.contains("is a memory network: remove --network crossbar"), "{error}");
    let crossbar = recordings_model().display().to_string();
    let error = fails(build("--board ulx3s-25f --addressing min").args(["--model", &crossbar]), 2);
    assert!(error.contains("--addressing and --weights belong to memory networks"), "{error}");
    assert!(!out.exists());
}
