//! Recurrent models in the commands: trained, evaluated on several bodies, and what is wrong told.

use std::fs;

use serde_json::Value;

use crate::setting::{engram, fails, keys, model, object, recordings_model, stories_model, text_model};

fn report(arguments: &str, model: &std::path::Path) -> Value {
    object(&engram(arguments).arg(model).assert().success().get_output().stdout)
}

#[test]
fn training_reports_and_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let train = |name: &str, options: &str| {
        let train = format!("train --set japanese-vowels --generated --hidden 12 --epochs 3 --json {options} --out");
        let out = folder.path().join(name);
        let report = object(&engram(&train).arg(&out).assert().success().get_output().stdout);
        (report, fs::read(out).unwrap())
    };
    let options = "--precision 3 --adc-bits 5 --rows 16 --noise-weights 0.05 --noise-read 0.5 --seed 4";
    let (report, file) = train("one.safetensors", options);
    let expected = [
        "cpu_seconds",
        "epochs",
        "float_epochs",
        "hidden",
        "noise",
        "out",
        "precisions",
        "restarts",
        "rows",
        "seconds",
        "seed",
        "source",
        "test",
        "train",
        "validation_cross_entropy",
        "validation_error_percent",
        "workload",
    ];
    assert_eq!(keys(&report), expected);
    assert_eq!(report["precisions"], serde_json::json!({"weights": 3, "dac": 3, "adc": 5}));
    assert_eq!(report["source"], "synthetic japanese-vowels, seed 1");
    assert_eq!((&report["test"]["targets"], &report["hidden"]), (&108.into(), &12.into()));
    assert_eq!((&report["rows"], &report["noise"]["read"]), (&16.into(), &0.5.into()));
    // The header's keys stand in any order; the tensors behind it are what is learnt.
    let tensors = |file: Vec<u8>| file[8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize..].to_vec();
    assert!(tensors(file) == tensors(train("two.safetensors", options).1), "one seed, one model");
}

#[test]
fn a_float_model_is_started_from() {
    let folder = tempfile::tempdir().unwrap();
    let train = |options: &str| {
        let mut train = engram(&format!("train --set basic-motions --generated --hidden 8 --epochs 2 {options}"));
        train.current_dir(folder.path()).assert()
    };
    train("--precision float --out float.safetensors").success();
    let assert = train("--start float.safetensors --out codes.safetensors --json").success();
    assert!(object(&assert.get_output().stdout)["float_epochs"].is_null(), "it was there already");
    train("--start float.safetensors --hidden 9 --out codes.safetensors").failure();
    let evaluated = report("eval --json", &folder.path().join("float.safetensors"));
    assert_eq!((&evaluated["body"], &evaluated["disagreements"]), (&"float".into(), &Value::Null));
    let message = fails(engram("eval --on integer").arg(folder.path().join("float.safetensors")), 3);
    assert!(message.contains("found real numbers in the model"), "{message}");
}

/// The same sequences, noise included, on the integer model, the simulated hardware and a board.
#[test]
fn bodies_agree() {
    let models = [
        (recordings_model(), "recordings", "tiny"),
        (text_model(), "symbols", "up5k"),
        (stories_model(), "symbols", "ecp5-25f"),
    ];
    for (model, kind, preset) in models {
        let evaluate = |body: &str, noise: &str| {
            report(&format!("eval --json --sequences 6 --preset {preset} --on {body} {noise}"), model)
        };
        for noise in ["", "--noise-read 0.5 --noise-seed 3"] {
            let (integer, simulation) = (evaluate("integer", noise), evaluate("simulation", noise));
            for key in
                ["kind", "questions", "wrong", "cross_entropy", "disagreements", "preset", "answer_error_percent"]
            {
                assert_eq!(integer[key], simulation[key], "{key}");
            }
            assert_eq!((&integer["kind"], &integer["questions"]), (&kind.into(), &6.into()));
            assert_eq!((&integer["disagreements"], &integer["cycles_max"]), (&0.into(), &0.into()));
            assert!(simulation["cycles_mean"].as_f64().unwrap() > 10.0, "{simulation}");
        }
    }
}

#[test]
fn noise_of_weights_needs_their_memory() {
    let noisy = report("eval --json --noise-weights 0.3 --noise-seed 5", recordings_model());
    let quiet = report("eval --json", recordings_model());
    assert_eq!((&noisy["preset"], &quiet["preset"]), (&"ecp5-85f".into(), &"ecp5-25f".into()));
    assert!(noisy["cross_entropy"].as_f64() > quiet["cross_entropy"].as_f64(), "{noisy} {quiet}");
    let message = fails(engram("eval --noise-weights 0.1 --preset up5k").arg(recordings_model()), 3);
    assert!(message.contains("expected one of 8 bits, such as ecp5-85f"), "{message}");
}

#[test]
fn the_answers_of_stories_are_counted_apart() {
    let evaluated = report("eval --json", stories_model());
    assert_eq!(evaluated["source"], "generated bAbI 1 as words");
    let answers = evaluated["answer_error_percent"].as_f64().unwrap();
    assert!(answers < 90.0, "of six places: {answers}");
}

#[test]
fn files_are_trained_and_tested_with() {
    let folder = tempfile::tempdir().unwrap();
    let recording = |class: usize, start: usize| {
        let value = |step: usize| ((start + step * (class + 1)) as f64).sin().to_string();
        format!("{}:{}:{class}\n", (0..9).map(value).collect::<Vec<_>>().join(","), ["0.5"; 9].join(","))
    };
    let header = "@problemName mine\n@classLabel true 0 1\n@data\n";
    let file = |name: &str, recordings: usize| {
        let lines: String = (0..recordings).map(|n| recording(n % 2, n)).collect();
        fs::write(folder.path().join(name), header.to_string() + &lines).unwrap();
    };
    file("TRAIN.ts", 24);
    file("TEST.ts", 10);
    fs::write(folder.path().join("text.txt"), "to be, or not to be: that is the question. ".repeat(60)).unwrap();
    let run = |arguments: &str| engram(arguments).current_dir(folder.path()).assert().success();
    run("train --sequences TRAIN.ts --test TEST.ts --hidden 6 --epochs 2 --out mine.safetensors");
    run("train --text text.txt --hidden 6 --epochs 1 --out text.safetensors");
    let evaluate = |arguments: &str| object(&run(&format!("eval --json {arguments}")).get_output().stdout);
    let own = evaluate("mine.safetensors");
    assert_eq!((&own["source"], &own["questions"]), (&"TRAIN.ts and TEST.ts".into(), &10.into()));
    assert_eq!(evaluate("mine.safetensors --data TRAIN.ts")["questions"], 24);
    assert_eq!(evaluate("text.safetensors")["questions"], 128);
    assert_eq!(evaluate("text.safetensors --data text.txt --sequences 50")["questions"], 50);
    let fails = |arguments: &str| fails(engram(arguments).current_dir(folder.path()), 3);
    assert!(fails("eval mine.safetensors --data text.txt").contains("found symbols for a model of recordings"));
    assert!(fails("eval text.safetensors --data TEST.ts").contains("found recordings for a model of symbols"));
    assert!(fails("eval mine.safetensors --data nowhere.ts").contains("nowhere.ts"));
}

#[test]
fn what_does_not_fit_is_told() {
    let wrong = [
        ("train --set watch --out a", 3, "fetch it once: engram data fetch"),
        ("train --set watch --task 1 --out a", 2, "tasks are those of --set babi"),
        ("train --set babi --task all --out a", 2, "expected one task"),
        ("train --set watch --mode qmann --out a", 2, "cannot be used with"),
        ("train --task 1 --precision 4 --out a", 2, "give --set, --sequences or --text"),
        ("train --task 1 --hidden 4 --out a", 2, "--set"),
        ("train --set watch --precision 9 --out a", 2, "expected 1 to 8 bits, or float"),
        ("train --set watch --generated --rows 5 --out a", 3, "a multiple of the lanes"),
        ("train --sequences nowhere.ts --out a", 2, "--test"),
        ("train --sequences nowhere.ts --test nowhere.ts --out a", 3, "nowhere.ts"),
    ];
    for (arguments, code, expected) in wrong {
        let message = fails(&mut engram(arguments), code);
        assert!(message.contains(expected), "{arguments}: {message}");
    }
    let memory = |arguments: &str, code| fails(engram(arguments).arg(model()), code);
    assert!(memory("eval --generated --noise-read 1", 2).contains("of a recurrent network, and the model is a memory"));
    let start = "train --set watch --generated --epochs 1 --out a --start";
    assert!(memory(start, 3).contains("found a memory network in --start"));
    let recurrent = |arguments: &str, code| fails(engram(arguments).arg(recordings_model()), code);
    assert!(recurrent("eval --task 3", 2).contains("leave it out"));
    assert!(recurrent("eval --set shakespeare --generated", 3).contains("found symbols for a model of recordings"));
    assert!(recurrent("train --task 1 --generated --out a --start", 3).contains("expected one of memory"));
}
