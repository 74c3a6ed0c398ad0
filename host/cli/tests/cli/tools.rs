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

/// The beginning of an ECP5's bitstream with this idcode.
fn bitstream_for(idcode: u32) -> Vec<u8> {
    let head = [0xff, 0x00, 0xff, 0xff, 0xff, 0xbd, 0xb3, 0xff, 0xff, 0xff, 0xff, 0x3b, 0, 0, 0, 0xe2, 0, 0, 0];
    [&head[..], &idcode.to_be_bytes()].concat()
}

/// Two boards on one host: a list with what to type, and the chosen one is passed on.
#[test]
fn one_of_two_boards_is_programmed() {
    let folder = tempfile::tempdir().unwrap();
    let (bitstream, path) = (folder.path().join("bitstream.bit"), folder.path().join("path"));
    fs::create_dir(&path).unwrap();
    fs::write(&bitstream, bitstream_for(0x4111_1043)).unwrap();
    let loader = path.join("openFPGALoader");
    let list = "001 012    0x0403:0x6015 ft231X FER-RADIONA-EMARD D00084 ULX3S FPGA 25K v3.0.8";
    let other = list.replace("012", "013").replace("D00084", "D00091");
    let text = format!(
        "#!/bin/sh\ncase $1 in -V) echo openFPGALoader v0.12.0;; --scan-usb) echo '{list}'; echo '{other}';; *) echo \"$@\";; esac\n"
    );
    // Another process writes it: see the tests of the tools.
    let mut install = std::process::Command::new("install");
    let mut child =
        install.args(["-m", "755", "/dev/stdin"]).arg(&loader).stdin(std::process::Stdio::piped()).spawn().unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    let program = |options: &str| {
        let mut command = engram(&format!("program --board ulx3s-25f {options}"));
        command.arg(&bitstream).env("PATH", format!("{}:/usr/bin:/bin", path.display()));
        command
    };
    let message = fails(&mut program(""), 2);
    assert!(
        message.contains("2 adapters are plugged in") && message.contains("--busdev-num 1:13   ft231X"),
        "{message}"
    );
    program("--busdev-num 1:13").assert().success();
    let log = fs::read_to_string(folder.path().join("program.log")).unwrap();
    assert!(log.starts_with("--board ulx3s --busdev-num 1:13 "), "{log}");
    program("--serial D00091").assert().success();
    let log = fs::read_to_string(folder.path().join("program.log")).unwrap();
    assert!(log.starts_with("--board ulx3s --ftdi-serial D00091 "), "{log}");
}

/// A rule for each adapter of the boards, and one for the latency; nothing is programmed, and no tool is needed.
#[test]
fn rules_for_the_adapters_are_printed() {
    let rules = |options: &str| {
        let output = bare(&format!("program --udev-rules {options}")).assert().success().get_output().stdout.clone();
        String::from_utf8(output).unwrap()
    };
    let all = rules("");
    for id in ["6015", "6010"] {
        let rule = format!("SUBSYSTEM==\"usb\", ATTR{{idVendor}}==\"0403\", ATTR{{idProduct}}==\"{id}\"");
        assert_eq!(all.matches(&rule).count(), 1, "{all}");
    }
    assert!(all.contains("# ulx3s-12f, ulx3s-25f, ulx3s-45f, ulx3s-85f\n") && all.contains("latency_timer"), "{all}");
    let one = rules("--board icebreaker");
    assert!(one.contains("6010") && !one.contains("6015"), "{one}");
    assert!(fails(&mut bare("program --udev-rules --flash"), 2).contains("--flash"));
    assert!(fails(&mut bare("program --board icebreaker"), 2).contains("<BITSTREAM>"));
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
    fs::write(&bitstream, bitstream_for(0x4111_1043)).unwrap();
    let message = fails(bare("program --board ulx3s-25f").arg(&bitstream), 4);
    assert!(message.contains("apt-get install openfpgaloader"), "{message}");
    // A wrong bitstream is known before the tool is needed.
    let message = fails(bare("program --board ulx3s-85f").arg(&bitstream), 3);
    assert!(message.contains("is for an LFE5U-25F"), "{message}");
    let boards = "or give --board colorlight-i5 or --board icesugar-pro or --board orangecrab-25f or --board ulx3s-25f";
    assert!(message.contains(boards), "{message}");
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
    let mut run = bare("run --epochs 4 --json --out");
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
        let assert = emit.assert().success();
        let report = object(&assert.get_output().stdout);
        assert_eq!((&report["board"], &report["preset"]), (&"mine".into(), &preset.into()), "{report}");
        // Presets for tests pass, and it is said that they are.
        let said = String::from_utf8_lossy(&assert.get_output().stderr);
        assert!(
            said.contains("the board mine has the preset tiny-wide for crossbar, which is made for tests"),
            "{said}"
        );
        assert!(folder.path().join(network).join("icebreaker.pcf").is_file());
    }
    let message = fails(&mut engram("emit --out a --board nowhere/board.toml"), 2);
    assert!(message.contains("cannot find nowhere/board.toml"), "{message}");
    let message = fails(&mut engram("emit --out a --board nowhere.toml"), 2);
    assert!(message.contains("cannot find nowhere.toml"), "{message}");
    // A file of any name, with a mistake in it.
    let wrong = mine.join("wrong.toml");
    fs::write(&wrong, fs::read_to_string(mine.join("board.toml")).unwrap().replace("baud = 3_000_000", "baud = 7"))
        .unwrap();
    for command in ["emit --out a", "build --out a", "program a.bit", "serve"] {
        let message = fails(engram(command).arg("--board").arg(&wrong), 2);
        assert!(message.contains("wrong.toml, line 11, column 8: a bit of 7 baud lasts"), "{message}");
    }
}

/// Synthesis takes minutes, so the compiler behind it is looked for first.
#[test]
fn a_netlist_is_not_synthesised_for_a_simulator_that_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("path");
    fs::create_dir(&path).unwrap();
    let synthesised = folder.path().join("synthesised");
    let yosys = format!("#!/bin/sh\ncase $1 in -V) echo 'Yosys 0.70';; *) : > {};; esac\n", synthesised.display());
    for (name, text) in [("yosys", yosys.as_str()), ("g++", "#!/bin/sh\necho 'g++ 13.2.0'\n")] {
        let mut install = std::process::Command::new("install");
        let mut child = install
            .args(["-m", "755", "/dev/stdin"])
            .arg(path.join(name))
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
    let mut command = bare("eval --generated --on netlist --preset up5k --questions 1");
    let tools = format!("{}:/usr/bin:/bin", path.display());
    command.arg(model()).env("PATH", tools).env("ENGRAM_WITHOUT", "verilator").env("ENGRAM_CACHE", folder.path());
    let message = fails(&mut command, 4);
    assert!(message.contains("cannot find verilator") && message.contains("make tools"), "{message}");
    assert!(!synthesised.exists());
}
