//! Fuzzy memoization in the commands: thresholds found and kept, their savings reported and compared with the integer model.

use std::path::Path;

use serde_json::Value;

use crate::setting::{
    Served, engram, fails, gru_model, memoized, model, recordings_model, report, stories_model, text_model,
};

#[test]
fn thresholds_are_found_kept_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("memo.safetensors");
    let memoize = format!("memoize --json --loss 50 --steps 200 --out {}", out.display());
    let found = report(&memoize, recordings_model());
    assert_eq!(found["denominator"], "current");
    assert!(found["theta"][0].as_u64() > Some(0) && found["train"]["reuse"].as_f64() > Some(0.0), "{found}");
    let counted = |options: &str| report(&format!("eval --json --counters {options}"), &out);
    let pipelined = counted("");
    let counters = &pipelined["counters"];
    let number = |key: &str| counters[key].as_u64().unwrap();
    assert_eq!(number("columns"), number("hits") + number("misses"));
    let by_gate = counters["hits_by_gate"].as_object().unwrap();
    assert_eq!(by_gate.keys().collect::<Vec<_>>(), ["f", "g", "i", "o"]);
    assert_eq!(by_gate.values().filter_map(Value::as_u64).sum::<u64>(), number("hits"));
    assert_eq!((&found["test"]["reuse"], &found["test"]["gain_pipelined"]), (&counters["reuse"], &counters["gain"]));
    assert_eq!(
        (&pipelined["error_percent"], &pipelined["disagreements"]),
        (&found["test"]["error_percent"], &0.into())
    );
    let serial = counted("--organisation serial --predictor-width 32");
    assert_eq!(serial["counters"]["hits"], counters["hits"], "a predictor's size decides no answer");
    assert!(serial["counters"]["cycles"].as_u64().unwrap() > number("cycles"), "{serial}");
    for organisation in ["pipelined", "serial"] {
        let options = format!("--preset tiny --sequences 6 --predictor-width 16 --organisation {organisation}");
        let [integer, simulation] = ["integer", "simulation"].map(|on| counted(&format!("{options} --on {on}")));
        assert_eq!((&simulation["disagreements"], &simulation["counters"]), (&0.into(), &integer["counters"]));
        assert_eq!(simulation["counters"]["differences"], 0);
    }
    assert!(fails(engram("eval --preset tiny --on simulation --predictor-width 128").arg(&out), 2).contains("4 lanes"));
    let off = report("eval --json --memo off", &out);
    assert_eq!(off["error_percent"], found["test"]["error_percent_without"]);
    assert_eq!((off["error_percent"].clone(), off["counters"].clone()), {
        let plain = report("eval --json", recordings_model());
        (plain["error_percent"].clone(), Value::Null)
    });
}

#[test]
fn memoization_that_cannot_be_is_explained() {
    let message = |arguments: &str, model: &Path, code| fails(engram(arguments).arg(model), code);
    assert!(message("eval --counters", recordings_model(), 2).contains("engram memoize"));
    assert!(message("eval --memo on --on simulation", recordings_model(), 2).contains("engram memoize"));
    let memo = memoized(recordings_model());
    for width in [33, 100, 512] {
        assert!(message(&format!("eval --predictor-width {width}"), &memo, 2).contains("16 lanes"));
    }
    assert!(message("eval --generated --counters", model(), 2).contains("memoization"));
    assert!(message("ask --memo on --recording 1", recordings_model(), 2).contains("engram memoize"));
    assert!(
        message("ask --memo off --question where", model(), 2)
            .contains("memoization works with a crossbar network only")
    );
    assert!(fails(&mut engram("serve --memo"), 2).contains("--network crossbar"));
    assert!(message("memoize --out memo.safetensors", model(), 3).contains("a crossbar model is needed"));
    assert!(message("memoize --denominator all --out memo.safetensors", recordings_model(), 2).contains("remembered"));
}

#[test]
fn a_file_is_training_data_and_no_test() {
    let folder = tempfile::tempdir().unwrap();
    let (text, out) = (folder.path().join("own.txt"), folder.path().join("memo.safetensors"));
    std::fs::write(&text, "abcabbcac".repeat(90)).unwrap();
    let data = format!("--json --data {}", text.display());
    let found = report(&format!("memoize {data} --loss 50 --out {}", out.display()), text_model());
    assert_eq!(found["test"], Value::Null);
    // All of the file, as `eval` takes it.
    let evaluated = report(&format!("eval {data}"), &out);
    assert_eq!(
        (&found["train"]["targets"], &found["train"]["error_percent"]),
        (&evaluated["questions"], &evaluated["error_percent"])
    );
    let limited = format!("memoize {data} --loss 50 --steps 100 --out {}", out.display());
    assert_eq!(report(&limited, text_model())["train"]["targets"], 99);
}

#[test]
fn every_switch_can_be_set() {
    let folder = tempfile::tempdir().unwrap();
    let found = |options: &str, model: &Path| {
        let out = folder.path().join("memo.safetensors");
        let found = report(&format!("memoize --json --loss 50 --steps 200 --out {} {options}", out.display()), model);
        (found["throttling"].clone(), found["blank"].clone())
    };
    assert_eq!(found("", recordings_model()), (true.into(), false.into()));
    assert_eq!(found("--no-throttling --blank on", recordings_model()), (false.into(), true.into()));
    assert_eq!(found("", text_model()), (true.into(), true.into()));
    assert_eq!(found("--blank off", text_model()), (true.into(), false.into()));
    let refused = |options: &str| {
        let command = format!("memoize {options} --out {}", folder.path().join("none.safetensors").display());
        fails(engram(&command).arg(recordings_model()), 2)
    };
    assert!(refused("--steps 0").contains("--steps") && refused("--loss 101").contains("0 to 100"));
    assert!(refused("--predictor-width 100").contains("16 lanes"));
}

#[test]
fn columns_have_the_names_of_their_cell() {
    let memo = memoized(gru_model());
    let counters = &report("eval --json --counters", &memo)["counters"];
    let names: Vec<&String> = counters["hits_by_gate"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["nh", "nx", "r", "z"]);
    assert_eq!(report("trace --json --sequence 2", &memo)["gates"], serde_json::json!(["z", "r", "nx", "nh"]));
    let text = engram("trace --sequence 2").arg(&memo).assert().success();
    let text = String::from_utf8(text.get_output().stdout.clone()).unwrap();
    assert!(text.contains(" % of nh\n") && text.contains("memo[0] z  !!!!!!!!\nmemo[0] r  !!!!!!!!\n"), "{text}");
}

#[test]
fn answers_tell_how_much_was_remembered() {
    let memo = memoized(recordings_model());
    let shown = |options: &str| {
        report(&format!("ask --json --recording 2 --preset tiny --predictor-width 16 {options}"), &memo)["answers"][0]
            .clone()
    };
    let (integer, simulated) = (shown(""), shown("--on simulation"));
    assert_eq!((&simulated["agrees"], &simulated["memo"]), (&true.into(), &integer["memo"]));
    let saved = &simulated["memo"];
    assert!(saved["reuse"].as_f64() > Some(0.0) && saved["hits"].as_u64() < saved["columns"].as_u64(), "{saved}");
    // The cycles are those that the hardware reports; without memoization those of hardware that computes every column.
    assert_eq!(simulated["cycles"], saved["cycles"]);
    let off = shown("--on simulation --memo off");
    assert_eq!((&off["cycles"], &off["memo"]), (&saved["cycles_without"], &Value::Null));
    let serial = shown("--organisation serial");
    assert_eq!(serial["memo"]["hits"], saved["hits"]);
    assert!(serial["memo"]["cycles"].as_u64() > saved["cycles"].as_u64(), "{serial}");
    let assert = engram("ask --recording 2").arg(&memo).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("columns remembered: ") && text.contains(" without"), "{text}");
}

#[test]
fn traces_show_which_columns_are_remembered() {
    let memo = memoized(recordings_model());
    let traced = |options: &str| report(&format!("trace --json --sequence 2 {options}"), &memo);
    let integer = traced("");
    let (steps, entries) = (integer["memo"].as_array().unwrap(), integer["trace"].as_array().unwrap());
    // Eight vectors a step of a hundred, and the logits.
    assert_eq!((steps.len(), entries.len(), &entries[0]["name"]), (100, 801, &"memo[0]".into()));
    assert_eq!(steps[0]["forced"], serde_json::json!([8, 8, 8, 8]), "the first step has nothing to compare with");
    let sum =
        |key: &str| steps.iter().flat_map(|step| step[key].as_array().unwrap()).filter_map(Value::as_u64).sum::<u64>();
    assert_eq!(sum("remembered") + sum("missed") + sum("forced"), 100 * 32);
    let shown = &report("ask --json --recording 2", &memo)["answers"][0]["memo"];
    assert_eq!(shown["hits"], sum("remembered"));
    let hardware = "--on simulation --preset tiny --predictor-width 16";
    for options in ["", "--organisation serial", "--against integer", "--noise-read 0.5"] {
        let traced = traced(&format!("{hardware} {options}"));
        assert_eq!((&traced["difference"], &traced["against"]), (&Value::Null, &"integer".into()), "{options}");
        assert_eq!(traced["memo"] == integer["memo"], !options.contains("noise"), "{options}");
    }
    let off = traced("--memo off");
    assert_eq!((&off["memo"], off["trace"].as_array().unwrap().len()), (&Value::Null, 701));
    let text = engram("trace --sequence 2").arg(&memo).assert().success();
    let text = String::from_utf8(text.get_output().stdout.clone()).unwrap();
    assert!(text.contains("remembered ") && text.contains("memo[0] i !!!!!!!!\nmemo[0] f !!!!!!!!\n"), "{text}");
    assert!(fails(engram("trace --memo on").arg(recordings_model()), 2).contains("engram memoize"));
    assert!(
        fails(engram("trace --generated --memo off").arg(model()), 2)
            .contains("memoization works with a crossbar network only")
    );
}

#[test]
fn texts_and_stories_are_remembered_too() {
    let ask = |options: &str, memo: &Path| {
        let [integer, simulated] =
            ["integer", "simulation"].map(|on| report(&format!("ask --json --on {on} {options}"), memo));
        let (integer, simulated) = (integer["answers"].as_array().unwrap(), simulated["answers"].as_array().unwrap());
        assert!(!integer.is_empty() && integer.len() == simulated.len());
        for (integer, simulated) in integer.iter().zip(simulated) {
            assert_eq!((&simulated["agrees"], &simulated["memo"]), (&true.into(), &integer["memo"]));
            assert_eq!(simulated["cycles"], simulated["memo"]["cycles"]);
        }
    };
    ask("--length 10 --question abc --question bca", &memoized(text_model()));
    let story = tempfile::NamedTempFile::new().unwrap();
    let lines = "Mary went to the kitchen.\nWhere is Mary?\nMary went to the garden.\n";
    std::fs::write(story.path(), lines).unwrap();
    let options = format!("--story {} --question Mary?", story.path().display());
    ask(&options, &memoized(stories_model()));
}

#[test]
fn a_served_board_counts_what_it_remembers() {
    let memo = memoized(recordings_model());
    let board = Served::new("--memo --organisation serial");
    assert_eq!((&board.report["predictor_width"], &board.report["organisation"]), (&128.into(), &"serial".into()));
    let evaluated = report(&format!("eval --json --counters --sequences 2 --on {}", board.path), &memo);
    let integer = report("eval --json --counters --sequences 2 --organisation serial", &memo);
    assert_eq!((&evaluated["disagreements"], &evaluated["counters"]), (&0.into(), &integer["counters"]));
    let shown = report(&format!("ask --json --recording 2 --on {}", board.path), &memo);
    // What is asked of a board has to be what it has.
    for (options, code) in [("--organisation pipelined", 2), ("--predictor-width 32", 2), ("--predictor-width 128", 0)]
    {
        let ask = format!("ask --recording 2 --on {} {options}", board.path);
        let text = fails(engram(&ask).arg(&memo), code);
        assert_eq!(text.contains("128 wide and serial"), code == 2, "{text}");
    }
    assert_eq!(shown["answers"][0]["cycles"], shown["answers"][0]["memo"]["cycles"]);
}

#[test]
fn a_board_that_cannot_remember_is_told_of() {
    let memo = memoized(recordings_model());
    let board = Served::new("");
    let ask = |options: &str| engram(&format!("ask --recording 2 --on {} {options}", board.path));
    assert!(fails(ask("").arg(&memo), 3).contains("the device computes every column; build it with --memo"));
    ask("--memo off").arg(&memo).assert().success();
}
