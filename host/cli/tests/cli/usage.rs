//! Bad usage: exit code 2, and a message that says what can be given.

use crate::setting::{engram, fails, model, object};

const COMMANDS: [&str; 15] = [
    "data",
    "train",
    "quantize",
    "eval",
    "ask",
    "emit",
    "build",
    "program",
    "trace",
    "results",
    "report",
    "selftest",
    "serve",
    "run",
    "completions",
];

#[test]
fn every_command_has_help_with_an_example() {
    for command in COMMANDS {
        let output = engram(command).arg("--help").assert().success().get_output().stdout.clone();
        let help = String::from_utf8(output).unwrap();
        assert!(help.contains("Example") && help.contains(&format!("engram {command}")), "{help}");
    }
}

#[test]
fn what_makes_no_sense_is_explained() {
    let wrong = [
        ("", "Usage"),
        ("fly", "unrecognized subcommand 'fly'"),
        ("train --generated --out a", "--task"),
        ("train --task 1 --out a --mode quantum", "float"),
        ("train --task 1 --out a --generated --data b", "cannot be used with"),
        ("train --task 1 --out a --restarts 0", "--restarts"),
        ("quantize a --task 1 --out a --range 3", "a power of two from 1 to 128"),
        ("quantize a --task 1 --generated --out a --mode float", "choose a quantised mode"),
        ("build --out a --board arty", "ulx3s-25f"),
        ("emit --out a", "--preset"),
        ("emit --out a --preset ecp5-26f", "ecp5-25f"),
        ("emit --out a --preset tiny --weights ternary", "codes, signs"),
        ("emit --out a --preset tiny --memo", "--network crossbar"),
        ("emit --out a --preset tiny --network crossbar --predictor-width 8", "--memo"),
        ("emit --out a --preset tiny --network crossbar --memo --predictor-width 24", "16 times the 4 lanes"),
        ("emit --out a --preset tiny --baud 9000000", "a whole number from 4"),
        ("emit --out a --preset up5k --clock-mhz 25 --baud 9600", "a whole number from 4 to 255"),
        ("emit --out a --preset tiny --baud 0", "a whole number from 4 to 255"),
        ("data --task 1 --generate --out a --train-questions 0", "--train-questions"),
        ("data --task 1", "--describe"),
        ("data --task 1 --generate", "--out"),
        ("data --describe", "--task"),
        ("data --set watch", "--describe"),
        ("data --describe --set cello", "japanese-vowels"),
        ("data --describe --set watch --task 1", "cannot be used with"),
        ("data fetch --task 1", "unexpected argument"),
        ("eval a --on simulator", "choose integer, simulation, verilator, cxxrtl"),
        ("eval a --questions 0", "--questions"),
        ("eval a --noise-draws 0", "--noise-draws"),
        ("program --board ulx3s-25f --busdev-num 12 a", "such as 1:12"),
        ("program --board ulx3s-25f --busdev-num 1:2 --serial D1 a", "cannot be used with"),
        ("completions tcsh", "bash"),
    ];
    for (arguments, expected) in wrong {
        let message = fails(&mut engram(arguments), 2);
        assert!(message.contains(expected), "{arguments}: {message}");
    }
}

#[test]
fn what_a_model_makes_senseless_is_explained() {
    let fails = |arguments: &str| fails(engram(arguments).arg(model()), 2);
    assert!(fails("trace --generated --question 1001").contains("choose a number from 1 to 1000"));
    assert!(fails("trace --generated --question 0").contains("choose a number from 1 to 1000"));
    assert!(fails("trace --generated --vcd a.vcd").contains("no waveforms"));
    assert!(fails("build --board ulx3s-25f --out a --addressing dot --model").contains("min"));
    let message = fails("build --board ulx3s-25f --out a --weights signs --model");
    assert!(message.contains("min-signs, which was asked for, does not fit the model, which is for min"));
}

#[test]
fn with_json_a_usage_error_is_the_object_of_other_errors() {
    let wrong = [
        ("--json fly", "unrecognized subcommand 'fly'"),
        ("train --json --task 1", "--out"),
        ("eval a --questions 0 --json", "--questions"),
        ("eval a --seed -1 --json", "unexpected argument"),
        ("train --json --generated --task 1 --seed -1 --out a", "expected a whole number from 0"),
    ];
    for (arguments, expected) in wrong {
        let assert = engram(arguments).assert().code(2);
        let found = object(&assert.get_output().stdout);
        assert_eq!(found["exit_code"], 2);
        let error = found["error"].as_str().unwrap();
        assert!(error.contains(expected) && !error.starts_with("error"), "{arguments}: {error}");
        assert!(!assert.get_output().stderr.is_empty(), "{arguments}");
    }
    // What was asked for is no error.
    let help = engram("--json train --help").assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(help).unwrap().contains("Examples"));
    assert!(engram("fly").assert().code(2).get_output().stdout.is_empty());
}

#[test]
fn a_number_below_zero_is_called_one() {
    let wrong = [
        (
            "train --generated --task 1 --out a --seed -1",
            "invalid value '-1' for '--seed <N>': expected a whole number from 0",
        ),
        ("train --generated --task 1 --out a --epochs -5", "-5"),
        ("train --set watch --generated --out a --noise-read -0.5", "expected a number from 0"),
        ("train --set watch --generated --out a --hidden -8", "-8"),
        ("eval a --questions -1", "-1"),
        ("ask a --seed -1", "expected a whole number from 0"),
        ("ask a --seed 99999999999999999999", "the number is too large"),
        ("ask a --seed soon", "expected a whole number from 0"),
        ("memoize a --out b --loss -1", "a number from 0 to 100"),
        ("results --seeds -1", "-1"),
        ("emit --preset tiny --out a --clock-mhz -1", "-1"),
    ];
    for (arguments, expected) in wrong {
        let message = fails(&mut engram(arguments), 2);
        assert!(message.contains(expected) && !message.contains("tip:"), "{arguments}: {message}");
    }
}

#[test]
fn limits_are_known_before_any_work() {
    let big = "99999999999999";
    let wrong = [
        (format!("train --generated --task 1 --out a --epochs {big}"), "from 1 to 100000; more would not end in days"),
        (format!("train --generated --task 1 --out a --restarts {big}"), "from 1 to 1000; more would not end"),
        (format!("train --generated --set watch --out a --hidden {big}"), "from 1 to 1024; the arithmetic"),
        (format!("train --generated --set watch --out a --rows {big}"), "from 0 to 8192"),
        (
            format!("data --task 1 --generate --out a --train-questions {big}"),
            "from 1 to 1000000; more would not fit the memory",
        ),
        (format!("data --task 1 --generate --out a --test-questions {big}"), "from 1 to 1000000"),
        (format!("results --seeds {big}"), "from 1 to 1000; more would not end"),
        (format!("results --jobs {big}"), "from 1 to 1024"),
        (format!("eval a --questions {big}"), big),
        (format!("eval a --noise-draws {big}"), "--noise-draws"),
        ("eval a --baud 0".to_string(), "expected bits a second, 300 to 12000000"),
        ("ask a --baud 0".to_string(), "expected bits a second"),
        (format!("selftest --on /dev/ttyUSB0 --baud {big}"), "expected bits a second"),
        ("train --generated --task 1 --out a --epochs 0".to_string(), "from 1 to 100000"),
    ];
    for (arguments, expected) in &wrong {
        let message = fails(&mut engram(arguments), 2);
        assert!(message.contains(expected), "{arguments}: {message}");
    }
}

#[test]
fn a_recipe_is_checked_before_the_float_network_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    let train = |text: &str, options: &str| {
        std::fs::write(&recipe, text).unwrap();
        let mut command = engram("train --generated --set basic-motions --out a.safetensors --recipe");
        fails(command.arg(&recipe).args(options.split_whitespace()), 3)
    };
    // Training the float network would not end.
    let long = "[float]\nepochs = 90000\nhidden = 64\npatience = 90000\n[quantised]\nepochs = 2\nhidden = 64\n";
    let of = |more: &str| format!("{long}{more}\n[quantised.precisions]\nweights = 4\ndac = 4\nadc = 4\n");
    assert!(train(&of(""), "--rows 7").contains("multiple of the 16 lanes: choose 16, or 0"), "rows");
    assert!(train(&of("rate = -1.0"), "").contains("rate = -1, expected above 0"), "rate");
    assert!(train(&of(""), "--noise-read 99").contains("noise.read = 99, expected 0 to 16"), "noise");
    let other = of("").replacen("hidden = 64", "hidden = 32", 1);
    assert!(train(&other, "").contains("differ in hidden or cell"), "hidden");
    let endless = of("").replace("epochs = 2", "epochs = 999999999");
    assert!(train(&endless, "").contains("epochs = 999999999, expected 1 to 100000"), "epochs");
}

#[test]
fn a_recipe_is_checked_before_the_model_of_all_tasks_is_trained() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    let train = |own: &str| {
        // Training the start would not end.
        std::fs::write(&recipe, format!("{own}\n[start]\nepochs = 90000\nmode = \"float\"\n")).unwrap();
        fails(engram("train --generated --task 1 --out a.safetensors --recipe").arg(&recipe), 3)
    };
    assert!(train("rate = -1.0").contains("rate = -1, expected above 0"));
    assert!(train("epochs = 999999999").contains("expected 1 to 100000"));
    assert!(train("elements = 16").contains("elements = 16, and its table start elements = 32: choose the same"));
}

#[test]
fn what_a_trace_cannot_show_is_known_before_a_backend_is_opened() {
    let fails = |arguments: &str, code| fails(engram(arguments).arg(model()), code);
    // There is no such port, and no compiler is looked for.
    assert!(fails("trace --generated --on /dev/none", 3).contains("/dev/none does not show its values"));
    assert!(fails("trace --generated --against /dev/none", 3).contains("/dev/none does not show its values"));
    assert!(fails("trace --generated --on verilator --question 1001", 2).contains("choose a number from 1 to 1000"));
    let neither = fails("trace --generated --against fl.s", 2);
    assert!(neither.contains("'fl.s' is neither the file of a model nor a backend"), "{neither}");
    // Any name does for a model's file.
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("float.s");
    std::fs::copy(model(), &other).unwrap();
    engram("trace --generated --against").arg(&other).arg(model()).assert().success();
}
