//! Signs of life off a terminal: a line now and then of long work, and none of quick work.

use assert_cmd::Command;

use crate::setting::{Served, engram, fails, recordings_model};

/// The lines that a command says on standard error, where a line comes every few milliseconds.
fn lines(command: &mut Command) -> Vec<String> {
    let assert = command.env("ENGRAM_PROGRESS", "0.003").assert().success();
    let said = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    said.lines().map(String::from).collect()
}

fn some(lines: &[String], beginning: &str, part: &str) -> bool {
    lines.iter().any(|line| line.starts_with(beginning) && line.contains(part))
}

#[test]
fn training_says_which_epoch_it_is_at_and_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("qa1.safetensors");
    let lines = lines(engram("train --generated --task 1 --restarts 1 --epochs 60 --out").arg(&out));
    assert!(some(&lines, "training: epoch ", " of 60, about "), "{lines:?}");
    assert!(some(&lines, "training: epoch ", " left; loss "), "{lines:?}");
}

#[test]
fn both_trainings_of_a_crossbar_network_are_followed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("watch.safetensors");
    let train = "train --set japanese-vowels --generated --hidden 32 --epochs 20 --out";
    let lines = lines(engram(train).arg(&out));
    assert!(some(&lines, "training in float: epoch ", " of 20"), "{lines:?}");
    assert!(some(&lines, "training in codes: epoch ", " of 20"), "{lines:?}");
}

#[test]
fn a_model_that_is_loaded_into_a_board_is_followed() {
    let board = Served::new("");
    let model = recordings_model();
    let ask = format!("ask --recording 1 --on {}", board.path);
    let lines = lines(engram(&ask).arg(model));
    assert!(some(&lines, "loading the model: row ", " so far"), "{lines:?}");
}

#[test]
fn long_evaluations_and_campaigns_are_followed() {
    let model = recordings_model();
    let evaluated = lines(engram("eval --generated --on simulation").arg(model));
    assert!(some(&evaluated, "asking: recording ", " of "), "{evaluated:?}");
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(here("recipes/memnet/1k")).unwrap();
    std::fs::write(here("recipes/memnet/1k/qmann.toml"), "epochs = 10\nrestarts = 1\n").unwrap();
    let campaign = |more: &str| {
        let mut command = engram("results --generated --sizes 1k --tasks 1 --recipes");
        command.arg(here("recipes")).arg("--runs").arg(here("runs")).arg("--out").arg(here("out"));
        command.args(more.split_whitespace());
        command
    };
    let trained = lines(&mut campaign("--seeds 1"));
    assert!(some(&trained, "results: run 0 of 1, about ", "memnet/1k-generated/qmann/qa1/seed1"), "{trained:?}");
    let proved = lines(&mut campaign("--prove simulation --rows qmann --preset ecp5-25f --questions 50"));
    assert!(some(&proved, "results: run 0 of 1", ""), "{proved:?}");
}

#[test]
fn quick_work_says_nothing_of_itself() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("qa1.safetensors");
    let train = |seconds: &str| {
        let mut command = engram("train --generated --task 1 --restarts 1 --epochs 2 --out");
        let assert = command.arg(&out).env("ENGRAM_PROGRESS", seconds).assert().success();
        String::from_utf8(assert.get_output().stderr.clone()).unwrap()
    };
    for seconds in ["", "30", "0"] {
        assert!(!train(seconds).contains("epoch"), "{seconds}");
    }
}

#[test]
fn seconds_that_are_none_are_refused() {
    for wrong in ["soon", "-1", "inf", "NaN", "1e9"] {
        let message = fails(engram("data --describe --task 1 --generated").env("ENGRAM_PROGRESS", wrong), 2);
        assert!(message.contains("ENGRAM_PROGRESS is") && message.contains("seconds, 0.001 to 86400"), "{message}");
    }
}
