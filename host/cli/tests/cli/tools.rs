//! Missing tools: exit code 4, and the command that installs them.

use std::fs;
use std::path::Path;

use crate::setting::{engram, fails, model, object};

/// The binary where no tool is to be found.
fn bare(arguments: &str) -> assert_cmd::Command {
    let mut command = engram(arguments);
    command.env("PATH", "").env("ENGRAM_VENV", "/nowhere").env_remove("ENGRAM_VERILATOR");
    command
}

#[test]
fn missing_tools_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let build = |board: &str| fails(bare(&format!("build --board {board} --out")).arg(folder.path().join("out")), 4);
    for board in ["ulx3s-25f", "icebreaker"] {
        let message = build(board);
        assert!(message.contains("engram cannot find yosys") && message.contains("make tools"), "{message}");
    }
    let eval = |backend: &str| fails(bare(&format!("eval --generated --on {backend}")).arg(model()), 4);
    for backend in ["verilator", "cxxrtl"] {
        let message = eval(backend);
        assert!(message.contains("engram cannot find g++: install it with `apt-get install g++`"), "{message}");
    }
    let bitstream = folder.path().join("bitstream.bit");
    fs::write(&bitstream, "bits").unwrap();
    let message = fails(bare("program --board ulx3s-25f").arg(&bitstream), 4);
    assert!(message.contains("apt-get install openfpgaloader"), "{message}");
}

#[test]
fn with_json_the_exit_code_is_in_the_object() {
    let folder = tempfile::tempdir().unwrap();
    let assert = bare("build --board icebreaker --json --out").arg(folder.path()).assert().code(4);
    assert_eq!(object(&assert.get_output().stdout)["exit_code"], 4);
}

#[test]
fn what_needs_no_tool_goes_on_without() {
    let folder = tempfile::tempdir().unwrap();
    bare("eval --generated --questions 5 --on simulation").arg(model()).assert().success();
    let assert = bare("emit --board icebreaker --json --out").arg(folder.path()).assert().success();
    let report = object(&assert.get_output().stdout);
    assert_eq!(report["top"], "engram_top");
    let verilog = fs::read_to_string(folder.path().join("design.v")).unwrap();
    assert!(verilog.contains("module engram_top("), "the top module is there");
    assert!(folder.path().join("icebreaker.pcf").is_file());
}

/// All of `engram run` that needs no tool is done, the rest is named; the exit code says that something was missing.
#[test]
fn a_run_without_tools_does_what_it_can() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = bare("run --json --out");
    run.arg(folder.path()).env("ENGRAM_DATA", folder.path().join("none")).env("ENGRAM_BABI", "");
    let assert = run.current_dir(folder.path()).assert().code(4);
    let report = object(&assert.get_output().stdout);
    let steps = report["steps"].as_array().unwrap();
    let codes = |kind: &str| -> Vec<u64> {
        let steps = steps.iter().filter(|step| step["step"].as_str().unwrap().starts_with(kind));
        steps.map(|step| step["exit_code"].as_u64().unwrap()).collect()
    };
    assert_eq!((codes("emit"), codes("train"), codes("memoize")), (vec![0, 0], vec![0, 0], vec![0]), "{report}");
    let proofs = |on: &str| {
        let proofs = steps.iter().filter(|step| step["step"].as_str().unwrap().ends_with(on));
        proofs.map(|step| step["exit_code"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((proofs("on simulation"), proofs("on cxxrtl")), (vec![0; 3], vec![4; 4]), "{report}");
    assert_eq!((codes("build"), codes("ask")), (vec![4, 4, 4], vec![0, 4]), "{report}");
    assert!(report["answers"].as_array().unwrap().iter().all(|answer| answer["agrees"] == true));
    let stderr = String::from_utf8_lossy(&assert.get_output().stderr);
    assert!(stderr.contains("text is generated") && stderr.contains("the LSTM's recordings are made up"), "{stderr}");
    for file in ["qa1.safetensors", "vowels-memo.safetensors", "verilog/ulx3s-25f-lstm/design.v"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
}

/// The other kind of device is emitted by the same command, and says which it is.
#[test]
fn the_crossbar_lstm_is_emitted() {
    let folder = tempfile::tempdir().unwrap();
    let emit = "emit --board icebreaker --network crossbar --json --out";
    let report = object(&engram(emit).arg(folder.path()).assert().success().get_output().stdout);
    assert_eq!((report["network"].as_str(), report["addressing"].as_str()), (Some("crossbar"), None), "{report}");
    let verilog = fs::read_to_string(folder.path().join("design.v")).unwrap();
    assert!(verilog.contains("module engram_top") && !verilog.contains("exponential_table"));

    let emit = "emit --preset tiny --network crossbar --memo --organisation serial --json --out";
    let report = object(&engram(emit).arg(folder.path()).assert().success().get_output().stdout);
    assert_eq!((&report["predictor_width"], &report["network"]), (&8.into(), &"crossbar".into()));
    // What the networks were called before.
    for (before, now) in [("lstm", "crossbar"), ("memory", "memnet")] {
        let emit = format!("emit --preset tiny --network {before} --json --out");
        let report = object(&engram(&emit).arg(folder.path()).assert().success().get_output().stdout);
        assert_eq!(report["network"], now);
    }
}

/// A board of one's own: its board.toml is read at run time, and each network has the size that it says.
#[test]
fn a_board_of_ones_own_is_emitted() {
    let folder = tempfile::tempdir().unwrap();
    let (mine, known) =
        (folder.path().join("mine"), Path::new(env!("CARGO_MANIFEST_DIR")).join("../../constraints/icebreaker"));
    fs::create_dir(&mine).unwrap();
    let mut toml = fs::read_to_string(known.join("board.toml")).unwrap();
    for (from, to) in [
        ("name = \"icebreaker", "name = \"mine"),
        ("memnet = \"up5k", "memnet = \"tiny"),
        ("crossbar = \"up5k", "crossbar = \"tiny-wide"),
    ] {
        assert!(toml.contains(from));
        toml = toml.replacen(from, to, 1);
    }
    fs::write(mine.join("board.toml"), toml).unwrap();
    fs::copy(known.join("icebreaker.pcf"), mine.join("icebreaker.pcf")).unwrap();
    for (network, preset, board) in
        [("memnet", "tiny", mine.clone()), ("crossbar", "tiny-wide", mine.join("board.toml"))]
    {
        let mut emit = engram(&format!("emit --network {network} --json"));
        emit.arg("--out").arg(folder.path().join(network)).arg("--board").arg(board);
        let report = object(&emit.assert().success().get_output().stdout);
        assert_eq!((&report["board"], &report["preset"]), (&"mine".into(), &preset.into()), "{report}");
        assert!(folder.path().join(network).join("icebreaker.pcf").is_file());
    }
    let message = fails(&mut engram("emit --out a --board nowhere/board.toml"), 2);
    assert!(message.contains("cannot find nowhere/board.toml"), "{message}");
}
