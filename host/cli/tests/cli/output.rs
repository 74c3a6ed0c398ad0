//! The printed output: JSON with the keys that other tools call for, no colour and no progress away from a terminal, no
//! complaint where nobody reads.

use std::fs;
use std::process::{Command, Stdio};

use crate::setting::{engram, fails, keys, model, object};

const TRAIN_KEYS: [&str; 14] = [
    "task",
    "mode",
    "addressing",
    "source",
    "epochs",
    "restarts",
    "seed",
    "train_error_percent",
    "validation_error_percent",
    "test_error_percent",
    "guessing_error_percent",
    "seconds",
    "cpu_seconds",
    "out",
];

/// The table `start` of a recipe is trained first, on all tasks, and the training begins with it.
#[test]
fn a_recipe_with_a_start_is_trained_from_all_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    let own = "mode = \"float\"\nelements = 8\nepochs = 1\nrestarts = 1\nrate = 1e-9\n";
    let start = "[start]\nmode = \"float\"\nelements = 8\nepochs = 1\nrestarts = 1\n";
    let [alone, from] = [own.to_string(), own.to_string() + start].map(|text| {
        fs::write(&recipe, text).unwrap();
        let train = "train --generated --task 20 --addressing dot --json --out a.safetensors --recipe";
        let assert = engram(train).current_dir(folder.path()).arg(&recipe).assert().success();
        object(&assert.get_output().stdout)["test_error_percent"].as_f64().unwrap()
    });
    assert!(alone > 60.0 && from < alone - 20.0, "{alone} {from}");
}

/// Of a recipe's candidates the one that does best on parts of the training text is trained; the report and the model say which.
#[test]
fn a_recipe_with_candidates_is_chosen_by_cross_validation() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    let own = "mode = \"float\"\nelements = 8\nrestarts = 1\nepochs = 4\n";
    let candidates = "[[candidate]]\nname = \"still\"\nrate = 1e-9\n[[candidate]]\nname = \"learns\"\nepochs = 5\n";
    fs::write(&recipe, format!("{own}{candidates}")).unwrap();
    let train = || {
        let mut command = engram("train --generated --task 1 --out a.safetensors --force --recipe");
        command.current_dir(folder.path()).arg(&recipe);
        command
    };
    let report = object(&train().arg("--json").assert().success().get_output().stdout);
    assert_eq!((report["epochs"].as_u64(), report["choice"]["folds"].as_u64()), (Some(5), Some(5)));
    let [still, learns] = &report["choice"]["candidates"].as_array().unwrap()[..] else { panic!("{report}") };
    assert_eq!((still["chosen"].as_bool(), learns["chosen"].as_bool()), (Some(false), Some(true)));
    assert!(still["error_percent"].as_f64() > learns["error_percent"].as_f64());
    let printed = train().assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(printed).unwrap().contains("learns <- chosen"));
    fs::copy(folder.path().join("a.safetensors"), folder.path().join("b.safetensors")).unwrap();
    let refused = fails(train().args(["--start", "b.safetensors"]), 2);
    assert!(refused.contains("leave --start out"), "{refused}");
    let refused = fails(train().args(["--epochs", "3"]), 2);
    assert!(refused.contains("found --epochs, in which the candidates of the recipe differ"), "{refused}");
    fs::write(&recipe, "validation = 0.2\n[start]\nvalidation = 0\nkeep_best = false\n").unwrap();
    let refused = fails(&mut train(), 3);
    assert!(refused.contains("the start would learn stories that validate"), "{refused}");
}

#[test]
fn a_recipe_of_all_tasks_is_for_all_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("all.toml");
    fs::write(&recipe, "joint = true\nepochs = 2\nrestarts = 1\n").unwrap();
    let refused = fails(engram("train --generated --task 1 --out a.safetensors --recipe").arg(&recipe), 2);
    assert!(
        refused.contains("found task 1 with a recipe of one network for all tasks, expected --task all"),
        "{refused}"
    );
}

#[test]
fn training_reports_and_repeats() {
    let folder = tempfile::tempdir().unwrap();
    let train = |name: &str| {
        let out = folder.path().join(name);
        let train = "train --generated --task 6 --addressing xnor --restarts 2 --epochs 3 --seed 5 --json --out";
        let assert = engram(train).arg(&out).assert().success();
        let notes = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        // After so few epochs, the answers may be those of a guess, and nothing else is said.
        assert!(notes.lines().all(|note| note.contains("no better than guessing")), "{notes}");
        (object(&assert.get_output().stdout), fs::read(out).unwrap())
    };
    let (report, model) = train("one.safetensors");
    assert!(TRAIN_KEYS.iter().all(|key| keys(&report).contains(key)), "{report}");
    assert_eq!((report["task"].as_u64(), report["epochs"].as_u64()), (Some(6), Some(3)));
    assert_eq!((report["mode"].as_str(), report["addressing"].as_str()), (Some("qmann"), Some("xnor")));
    assert_eq!(report["source"], "generated, seed 1");
    // The header's keys stand in any order; the tensors behind it are what is learnt.
    let tensors = |model: Vec<u8>| model[8 + u64::from_le_bytes(model[..8].try_into().unwrap()) as usize..].to_vec();
    assert!(tensors(model) == tensors(train("two.safetensors").1), "one seed, one model");
}

#[test]
fn evaluation_reports_bodies_that_agree() {
    let evaluate = |backend: &str| {
        let arguments = format!("eval --generated --json --questions 20 --on {backend}");
        object(&engram(&arguments).arg(model()).assert().success().get_output().stdout)
    };
    let expected = [
        "addressing",
        "body",
        "cycles_max",
        "cycles_mean",
        "disagreements",
        "error_percent",
        "guessing_error_percent",
        "mode",
        "preset",
        "questions",
        "seconds",
        "source",
        "task",
        "wrong",
    ];
    let (integer, simulation) = (evaluate("integer"), evaluate("simulation"));
    assert_eq!(keys(&integer), expected);
    assert_eq!(keys(&simulation), expected);
    for (report, backend) in [(&integer, "integer"), (&simulation, "simulation")] {
        assert_eq!((report["body"].as_str(), report["preset"].as_str()), (Some(backend), Some("ecp5-25f")));
        assert_eq!((report["questions"].as_u64(), report["disagreements"].as_u64()), (Some(20), Some(0)));
        assert_eq!(report["wrong"], integer["wrong"]);
    }
    assert_eq!(integer["cycles_max"], 0, "the integer model has no clock");
    assert!(simulation["cycles_mean"].as_f64().unwrap() > 50.0);
}

#[test]
fn text_without_a_source_is_generated_and_says_so() {
    let assert = engram("eval --json").arg(model()).assert().success();
    let output = assert.get_output();
    assert_eq!(object(&output.stdout)["source"], "generated, seed 1");
    assert!(String::from_utf8_lossy(&output.stderr).contains("no bAbI scores"));
}

#[test]
fn official_text_is_read_from_where_the_environment_says() {
    let babi = std::env::var("ENGRAM_BABI").unwrap_or(format!("{}/../../../shared/babi", env!("CARGO_MANIFEST_DIR")));
    let Ok(babi) = fs::canonicalize(babi) else {
        eprintln!("skipped: no bAbI text");
        return;
    };
    let assert = engram("eval --json").arg(model()).env("ENGRAM_BABI", &babi).assert().success().stderr("");
    let report = object(&assert.get_output().stdout);
    assert_eq!(report["source"], format!("official {}", babi.join("en").display()));
}

#[test]
fn data_is_written_described_and_known_again() {
    let folder = tempfile::tempdir().unwrap();
    let generate = "data --task 6 --generate --train-questions 30 --test-questions 10 --seed 9 --json --out";
    let written = engram(generate).arg(folder.path()).assert().success();
    let described = engram("data --task 6 --describe --json --data").arg(folder.path()).assert().success();
    let (written, described) = (object(&written.get_output().stdout), object(&described.get_output().stdout));
    assert_eq!(described["source"], "generated, seed 9");
    assert_eq!((&written["train"], &written["test"]), (&described["train"], &described["test"]));
    assert_eq!(described["train"]["questions"], 30);
}

/// Of one task, what is there. Text that is neither marked as generated nor official is compared with, and said to be neither.
#[test]
fn tasks_are_compared_with_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    engram("data --task 4 --generate --seed 7 --train-questions 5000 --out").arg(folder.path()).assert().success();
    let compare = || {
        let mut command = engram("data --compare --json --data");
        command.arg(folder.path());
        command
    };
    compare().assert().code(3);
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_string_lossy().ends_with("_train.txt") && !path.to_string_lossy().ends_with("_test.txt") {
            fs::remove_file(path).unwrap();
        }
    }
    let assert = compare().assert().success();
    let report = object(&assert.get_output().stdout);
    assert!(String::from_utf8_lossy(&assert.get_output().stderr).contains("is not the official text"));
    assert_eq!(keys(&report), ["absent", "accepted", "tasks"]);
    assert_eq!(report["absent"].as_array().map(Vec::len), Some(19));
    assert_eq!((&report["accepted"], &report["tasks"][0]["task"]), (&true.into(), &4.into()));
    let test = folder.path().join("qa4_two-arg-relations_test.txt");
    fs::write(&test, fs::read_to_string(&test).unwrap().replace("north", "up")).unwrap();
    compare().assert().code(1);
}

#[test]
fn traces_of_two_bodies_are_compared() {
    let trace = "trace --generated --question 7 --on simulation --against integer --json";
    let report = object(&engram(trace).arg(model()).assert().success().get_output().stdout);
    assert!(report["difference"].is_null());
    let names: Vec<_> =
        report["trace"].as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["m[0]", "c[0]"]);
    assert_eq!(names.last(), Some(&"logit[0]"));
}

#[test]
fn no_escape_sequences_go_into_pipes_and_files() {
    for arguments in ["eval --generated", "trace --generated --question 2", "ask --question where?"] {
        let output = engram(arguments).arg(model()).output().unwrap();
        assert!(![output.stdout, output.stderr].concat().contains(&0x1b), "{arguments}");
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut trace = Command::new(assert_cmd::cargo::cargo_bin!("engram"));
    trace
        .args(["trace", "--generated", "--on", "simulation"])
        .arg(model())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    for json in [false, true] {
        if json {
            trace.arg("--json");
        }
        let mut running = trace.spawn().unwrap();
        // Closed long before the story is simulated.
        drop(running.stdout.take());
        let output = running.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }
}

#[test]
fn completions_are_a_script() {
    let output = engram("completions bash").assert().success().get_output().stdout.clone();
    assert!(String::from_utf8(output).unwrap().contains("complete -F _engram"));
}
