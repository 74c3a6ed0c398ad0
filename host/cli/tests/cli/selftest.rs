//! `engram selftest` on a served board of either network, on other backends, and on ports that are none.

use std::fs;
use std::path::{Path, PathBuf};

use engram_spec::memnet::Addressing;

use crate::board::Board;
use crate::setting::{Served, engram, fails, gru_model, model, object, recordings_model};

/// The description of a board that is quickly simulated, in a folder that stays.
fn small_board() -> PathBuf {
    let constraints = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../constraints");
    let toml = fs::read_to_string(constraints.join("ulx3s-25f/board.toml")).unwrap();
    let toml = toml.replace("\"ecp5-25f\"", "\"tiny\"").replace("baud = 3_000_000", "baud = 15_000_000");
    let folder = tempfile::tempdir().unwrap().keep();
    fs::write(folder.join("small.toml"), toml.replace("name = \"ulx3s-25f\"", "name = \"small\"")).unwrap();
    fs::copy(constraints.join("ulx3s.lpf"), folder.join("ulx3s.lpf")).unwrap();
    folder.join("small.toml")
}

/// A board whose top module is simulated with its serial line passes, clock cycles and tally included.
#[test]
fn served_boards_of_both_networks_pass() {
    let toml = small_board();
    for (network, memo) in [("memnet", ""), ("crossbar", "--memo")] {
        let board = Served::of(&format!("--network {network} --board {} {memo}", toml.display()));
        let selftest = format!("selftest --json --on {} --network {network}", board.path);
        let assert = engram(&selftest).assert().success();
        let report = object(&assert.get_output().stdout);
        assert_eq!((&report["ok"], &report["body"]), (&true.into(), &board.path.as_str().into()), "{report}");
        let checks = report["checks"].as_array().unwrap();
        let names: Vec<&str> = checks.iter().map(|check| check["name"].as_str().unwrap()).collect();
        assert_eq!(names.contains(&"memoization"), memo == "--memo", "{names:?}");
        assert!(checks.iter().all(|check| check["ok"] == true && check["try"].is_null()), "{report}");
        let cycles = checks.iter().find(|check| check["name"] == "cycles").unwrap();
        assert!(cycles["found"].as_str().unwrap().contains("replies took what they should"), "{report}");
        assert_eq!(
            (&report["device"]["preset"], &report["device"]["version"]),
            (&"tiny".into(), &engram_spec::frame::VERSION.into())
        );
        // The lines are a sign of life where the object is not there yet.
        assert!(String::from_utf8_lossy(&assert.get_output().stderr).contains("ok    answers"));
    }
    fs::remove_dir_all(toml.parent().unwrap()).unwrap();
}

#[test]
fn every_backend_is_tested() {
    for options in
        ["integer", "simulation --preset tiny --network crossbar --memo", "simulation --preset tiny --addressing dot"]
    {
        let assert = engram(&format!("selftest --on {options}")).assert().success();
        let text = String::from_utf8_lossy(&assert.get_output().stdout).to_string();
        assert!(text.contains("ok    identity") && text.contains("checks passed on"), "{text}");
    }
}

/// A model of one's own in place of the built-in network; one of the other network, or of cells that no hardware has, is refused.
#[test]
fn a_model_of_ones_own_is_tested_with() {
    for model in [model(), recordings_model(), gru_model()] {
        let assert = engram("selftest --json --on integer --model").arg(model).assert().success();
        assert_eq!(object(&assert.get_output().stdout)["ok"], true);
    }
    let board = Board::new(Addressing::Hamming, 0);
    let selftest = format!("selftest --json --on {} --model", board.path);
    let assert = engram(&selftest).arg(recordings_model()).assert().code(3);
    let report = object(&assert.get_output().stdout);
    let last = report["checks"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["name"], &last["ok"]), (&"model".into(), &false.into()), "{report}");
    assert!(
        last["found"].as_str().unwrap().contains("the model is a crossbar network, and the device a memory network")
    );
}

#[test]
fn a_board_that_lies_fails_its_selftest() {
    let board = Board::new(Addressing::Hamming, 1);
    let assert = engram(&format!("selftest --on {}", board.path)).assert().code(1);
    let output = assert.get_output();
    let text = String::from_utf8_lossy(&output.stdout).to_string();
    assert!(
        text.contains("FAIL  answers") && text.contains("expected: the integer model's replies, bit for bit"),
        "{text}"
    );
    assert!(text.contains("try: The device computes otherwise in the question's words"), "{text}");
    assert!(text.contains("failed: answers, cycles"), "{text}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("2 of 12 checks failed"));
}

#[test]
fn a_port_that_is_none_cannot_be_tested() {
    let assert = engram("selftest --json --on /dev/ttyNOWHERE0").assert().code(3);
    let report = object(&assert.get_output().stdout);
    assert_eq!((&report["ok"], &report["checks"][0]["name"]), (&false.into(), &"port".into()));
    assert!(report["checks"][0]["try"].as_str().unwrap().contains("Plug the board in"), "{report}");
    assert!(fails(&mut engram("selftest --on /dev/null"), 3).contains("there is no device to test on /dev/null"));
    assert!(fails(&mut engram("selftest"), 2).contains("--on"));
    assert!(fails(&mut engram("selftest --on integer --timeout 0"), 2).contains("expected milliseconds, from 1"));
}
