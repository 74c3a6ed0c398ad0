//! Crossbar models in the commands: trained, evaluated on several backends, and wrong input explained.

use std::fs;

use serde_json::Value;

use crate::setting::{Served, engram, fails, keys, model, object, recordings_model, report, stories_model, text_model};

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
        "cell",
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
fn backends_agree() {
    let models = [
        (recordings_model(), "recordings", "tiny"),
        (text_model(), "symbols", "up5k"),
        (stories_model(), "symbols", "ecp5-25f"),
    ];
    for (model, kind, preset) in models {
        let evaluate = |backend: &str, noise: &str| {
            report(&format!("eval --json --sequences 6 --preset {preset} --on {backend} {noise}"), model)
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
fn noise_that_changes_converters_says_so() {
    let folder = tempfile::tempdir().unwrap();
    // Sums of 8-bit codes are large: gains are small, and the numbers of noise are large.
    let model = folder.path().join("fine.safetensors");
    engram("train --set basic-motions --generated --precision 8 --hidden 8 --epochs 1 --out")
        .arg(&model)
        .assert()
        .success();
    for (noise, told) in [("0.01", false), ("2", true)] {
        for command in ["eval --sequences 1", "trace --sequence 1"] {
            let run = engram(&format!("{command} --noise-read {noise}")).arg(&model).assert().success();
            let note = String::from_utf8_lossy(&run.get_output().stderr).contains("fewer bits for the converters");
            assert_eq!(note, told, "{command} {noise}: {}", String::from_utf8_lossy(&run.get_output().stderr));
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
    assert!(
        fails("eval mine.safetensors --data text.txt")
            .contains("the data are symbols, but the model learnt recordings")
    );
    assert!(
        fails("eval text.safetensors --data TEST.ts").contains("the data are recordings, but the model learnt symbols")
    );
    assert!(fails("eval mine.safetensors --data nowhere.ts").contains("nowhere.ts"));
}

#[test]
fn what_does_not_fit_is_explained() {
    let wrong = [
        ("train --set watch --out a", 3, "fetch the data once with `engram data fetch`"),
        ("train --set watch --task 1 --out a", 2, "works with --set babi only"),
        ("train --set babi --task all --out a", 2, "--set babi learns one task"),
        ("train --set watch --mode qmann --out a", 2, "cannot be used with"),
        ("train --task 1 --precision 4 --out a", 2, "give --set, --sequences or --text"),
        ("train --task 1 --hidden 4 --out a", 2, "--set"),
        ("train --set watch --precision 9 --out a", 2, "expected 1 to 8 bits, or float"),
        ("train --set watch --generated --rows 5 --out a", 3, "a multiple of the 16 lanes"),
        ("train --sequences nowhere.ts --out a", 2, "--test"),
        ("train --sequences nowhere.ts --test nowhere.ts --out a", 3, "nowhere.ts"),
    ];
    for (arguments, code, expected) in wrong {
        let message = fails(&mut engram(arguments), code);
        assert!(message.contains(expected), "{arguments}: {message}");
    }
    let memory = |arguments: &str, code| fails(engram(arguments).arg(model()), code);
    assert!(
        memory("eval --generated --noise-read 1", 2)
            .contains("noise works with a crossbar network only, but the model is a memory network: remove the option")
    );
    let start = "train --set watch --generated --epochs 1 --out a --start";
    assert!(memory(start, 3).contains("is a memory network, but a crossbar model is needed"));
    let recurrent = |arguments: &str, code| fails(engram(arguments).arg(recordings_model()), code);
    assert!(recurrent("eval --task 3", 2).contains("which has no tasks: remove --task"));
    assert!(
        recurrent("eval --set shakespeare --generated", 3)
            .contains("the data are symbols, but the model learnt recordings")
    );
    assert!(
        recurrent("train --task 1 --generated --out a --start", 3)
            .contains("is a crossbar model, but a memory network is needed")
    );
}

#[test]
fn a_text_is_continued() {
    let continued = |options: &str| {
        let mut ask = engram(&format!("ask --json --length 30 {options} --question abc --question bca"));
        object(&ask.arg(text_model()).assert().success().get_output().stdout)
    };
    let (one, again) = (continued(""), continued(""));
    assert_eq!(one, again, "the same seed, the same text");
    let answers = one["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    for answer in answers {
        let text = answer["answer"].as_str().unwrap();
        assert!(text.len() == 30 && text.chars().all(|c| ('a'..='l').contains(&c)), "{text}");
    }
    assert_ne!(continued("--seed 2")["answers"], one["answers"]);
    let greedy = |seed: u64| continued(&format!("--temperature 0 --seed {seed}"));
    assert_eq!(greedy(1), greedy(2), "the likeliest is not drawn");
    let simulated = continued("--on simulation");
    assert_eq!(simulated["answers"][0]["answer"], one["answers"][0]["answer"]);
    assert!(simulated["answers"][0]["cycles"].as_u64() > Some(0), "{simulated}");
    // A person sees the text grow out of what was typed.
    let assert = engram("ask --length 5").arg(text_model()).write_stdin("abc\n").assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.starts_with("abc") && text.trim_end().len() == 8, "{text}");
    let message = fails(engram("ask").arg(text_model()).write_stdin("xyz\n"), 3);
    assert!(message.contains("the model does not know 'x', 'y', 'z'; /symbols lists"), "{message}");
}

#[test]
fn stories_are_told_and_asked_about() {
    let story =
        "Mary went to the kitchen.\n2 Where is Mary?\tkitchen\t1\n/clear\nJohn moved to the hallway\nWhere is John?\n";
    let assert = engram("ask --json").arg(stories_model()).write_stdin(story).assert().success();
    let report = object(&assert.get_output().stdout);
    let answers = report["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    for answer in answers {
        let likely = answer["likely"].as_array().unwrap();
        assert_eq!((&answer["answer"], &answer["agrees"]), (&likely[0]["answer"], &true.into()), "{answer}");
        assert!(likely[0]["share"].as_f64() >= likely[1]["share"].as_f64() && answer["logit"].is_i64());
    }
    let lines = "Bill went to the kitchen.\n/dance\n";
    let message = fails(engram("ask").arg(stories_model()).write_stdin(lines), 3);
    assert!(message.contains("does not know 'bill'") && message.contains("no command '/dance'"), "{message}");
}

#[test]
fn recordings_are_told_apart() {
    let shown = |arguments: &str| report(&format!("ask --json {arguments}"), recordings_model());
    let one = shown("--recording 2");
    let answer = &one["answers"][0];
    assert_eq!((&answer["recording"], &answer["agrees"]), (&2.into(), &true.into()));
    assert_eq!(
        (&answer["answer"], &answer["runner_up"]),
        (&answer["likely"][0]["answer"], &answer["likely"][1]["answer"])
    );
    assert_eq!(shown("--recording 2 --on simulation --preset tiny")["answers"][0]["logit"], answer["logit"]);
    let wrong = |arguments: &str, code| fails(engram(&format!("ask {arguments}")).arg(recordings_model()), code);
    assert!(wrong("", 2).contains("recordings of 6 channels; give --file FILE.ts, or --recording N"));
    assert!(wrong("--recording 17", 2).contains("choose a number from 1 to 16"));
    assert!(wrong("--question abc", 2).contains("instead of text"));
    assert!(wrong("--file nowhere.ts", 3).contains("nowhere.ts"));
    assert!(fails(engram("ask --recording 1").arg(text_model()), 2).contains("instead of recordings"));
    assert!(fails(engram("ask --recording 1").arg(model()), 2).contains("works with a crossbar network only"));
}

#[test]
fn a_float_model_is_quantised() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &str| engram(arguments).current_dir(folder.path()).assert();
    let train =
        "train --set basic-motions --generated --hidden 8 --epochs 10 --precision float --out float.safetensors";
    run(train).success();
    let quantise = |bits: u8| {
        let quantise =
            format!("quantize float.safetensors --precision {bits} --rows 16 --json --out codes.safetensors");
        object(&run(&quantise).success().get_output().stdout)
    };
    let (eight, two) = (quantise(8), quantise(2));
    let far = |report: &Value| {
        let loss = |part: &str| report[part]["cross_entropy"].as_f64().unwrap();
        (loss("test") - loss("before")).abs()
    };
    assert!(far(&eight) < 0.1 * far(&two) + 0.01, "{eight} {two}");
    assert_eq!((two["tensors"].as_array().unwrap().len(), two["converters"].as_array().unwrap().len()), (5, 4));
    for span in two["tensors"].as_array().unwrap() {
        let largest = f64::max(span["max"].as_f64().unwrap(), -span["min"].as_f64().unwrap());
        assert!((span["used"].as_f64().unwrap() * span["largest"].as_f64().unwrap() - largest).abs() < 1e-4, "{span}");
    }
    let evaluated = object(&run("eval codes.safetensors --json").success().get_output().stdout);
    assert_eq!(evaluated["error_percent"], two["test"]["error_percent"]);
    // Two bits cost much, and what to do is said; eight cost nothing.
    let warned = |bits: u8| {
        let assert = run(&format!("quantize float.safetensors --precision {bits} --out codes.safetensors")).success();
        String::from_utf8_lossy(&assert.get_output().stderr).to_string()
    };
    assert!(two["training"]["error_percent"].as_f64() > two["training_before"]["error_percent"].as_f64(), "{two}");
    let text = warned(2);
    assert!(
        text.contains("data the error rises from") && text.contains("train --start float.safetensors --hidden 8"),
        "{text}"
    );
    assert!(!warned(8).contains("the error rises"));
    let again = fails(engram("quantize codes.safetensors --out a").current_dir(folder.path()), 3);
    assert!(again.contains("has codes already"), "{again}");
    let memory = fails(engram("quantize float.safetensors --mode fixed --out a").current_dir(folder.path()), 2);
    assert!(memory.contains("--mode works with a memory network only"), "{memory}");
}

#[test]
fn sequences_are_traced() {
    let traced = |arguments: &str| report(&format!("trace --json {arguments}"), recordings_model());
    let values = traced("--sequence 2");
    // Seven vectors a step of a hundred, and the logits.
    assert_eq!((values["trace"].as_array().unwrap().len(), &values["against"]), (701, &Value::Null));
    let hardware = traced("--sequence 2 --on simulation --preset tiny --noise-read 0.5");
    assert_eq!((&hardware["against"], &hardware["difference"]), (&"integer".into(), &Value::Null));
    assert_eq!(hardware["trace"].as_array().unwrap().len(), 701);
    let wrong = |arguments: &str| fails(engram(&format!("trace {arguments}")).arg(recordings_model()), 2);
    assert!(wrong("--sequence 0").contains("choose a number from 1 to 16"));
    assert!(wrong("--vcd a.vcd").contains("--vcd works with a memory network only"));
    assert!(wrong("--against other.safetensors").contains("compared with a backend"));
}

/// A simulated board is served, and answers as a board on a serial port.
#[test]
fn a_served_board_is_evaluated() {
    let board = Served::new("");
    let evaluated = report(&format!("eval --json --sequences 3 --on {}", board.path), text_model());
    assert_eq!((&board.report["network"], &board.report["addressing"]), (&"crossbar".into(), &Value::Null));
    assert_eq!((&evaluated["questions"], &evaluated["disagreements"]), (&3.into(), &0.into()));
    assert!(evaluated["cycles_max"].as_u64() > Some(0), "{evaluated}");
}

#[test]
fn gated_recurrent_units_run_in_hardware() {
    let folder = tempfile::tempdir().unwrap();
    let gru = folder.path().join("gru.safetensors");
    let train = "train --set basic-motions --generated --cell gru --hidden 8 --epochs 2 --json --out";
    let trained = object(&engram(train).arg(&gru).assert().success().get_output().stdout);
    assert_eq!(trained["cell"], "gru");
    let evaluated = report("eval --json --sequences 6", &gru);
    assert_eq!((&evaluated["preset"], &evaluated["disagreements"]), (&"ecp5-25f".into(), &0.into()));
    report("ask --json --recording 2", &gru);
    let evaluated = report("eval --json --sequences 2 --on simulation", &gru);
    assert_eq!(evaluated["disagreements"], 0);
    // A cell takes three times the words of x and h, one of 16 rows each; a step its 6 inputs and 40 cycles more.
    assert_eq!(evaluated["cycles_max"], 8 * 3 * 2 + 6 + 40, "{evaluated}");
}
