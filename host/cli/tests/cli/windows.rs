//! Recordings of one's own in windows: chosen by the training file alone, kept in the model's file, and the same in every command.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::setting::{engram, object};

/// Waves of two channels and some steps, fast and slow ones.
fn write(path: &Path, recordings: usize, phase: f64) {
    let recording = |place: usize| {
        let (class, steps) = (place % 2, 30 + place % 7);
        let value = |channel: usize, step: usize| {
            let speed = 0.3 + 0.5 * class as f64;
            (phase + place as f64 + channel as f64 + speed * step as f64).sin()
        };
        let channel =
            |channel: usize| (0..steps).map(|step| value(channel, step).to_string()).collect::<Vec<_>>().join(",");
        format!("{}:{}:{}\n", channel(0), channel(1), ["slow", "fast"][class])
    };
    let lines: String = (0..recordings).map(recording).collect();
    fs::write(path, format!("@problemName waves\n@classLabel true slow fast\n@data\n{lines}")).unwrap();
}

/// A folder with a training file, a test file, and a recipe of windows.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("TRAIN.ts"), 20, 0.0);
    write(&folder.path().join("TEST.ts"), 9, 0.5);
    let windows = "[float]\nhidden = 8\nepochs = 40\n[float.windowing]\npool = 2\nwindow = 4\nstride = 3\n";
    let quantised = windows.replace("float", "quantised") + "[quantised.precisions]\nweights = 4\ndac = 4\nadc = 4\n";
    fs::write(folder.path().join("windows.toml"), windows.to_string() + &quantised).unwrap();
    folder
}

fn run(folder: &TempDir, command: &str) -> Value {
    object(&engram(command).current_dir(folder.path()).assert().success().get_output().stdout)
}

#[test]
fn a_model_of_windows_answers_the_same_everywhere() {
    let folder = folder();
    let files = "--sequences TRAIN.ts --test TEST.ts";
    let trained = run(&folder, &format!("train {files} --recipe windows.toml --out w.safetensors --json"));
    assert_eq!(trained["windowing"], json!({"pool": 2, "window": 4, "stride": 3}));
    assert!(trained["chosen"].is_null(), "the recipe is given");
    let error = &trained["test"]["error_percent"];
    // 30 to 36 steps are 15 to 18 means, in 5 or 6 windows.
    for backend in ["integer", "simulation"] {
        let evaluated = run(&folder, &format!("eval w.safetensors --json --on {backend} --data TEST.ts"));
        assert_eq!(
            (&evaluated["error_percent"], &evaluated["disagreements"]),
            (error, &json!(0)),
            "{backend}: {evaluated}"
        );
    }
    let asked: Vec<Value> = (1..=9)
        .map(|recording| {
            let ask =
                |options: &str| run(&folder, &format!("ask w.safetensors --json --recording {recording} {options}"));
            let [own, of_file] =
                ["--on simulation", "--file TEST.ts"].map(|options| ask(options)["answers"][0].clone());
            assert_eq!((&own["answer"], &own["logit"]), (&of_file["answer"], &of_file["logit"]));
            assert_eq!(own["agrees"], true);
            own
        })
        .collect();
    let wrong = asked.iter().filter(|one| one["answer"] != one["right"]).count();
    assert_eq!((wrong as f64 / 0.09).round(), error.as_f64().unwrap().round(), "{asked:?}");
    // The model to start from says how recordings are taken, and so does one with other bits.
    let started =
        run(&folder, &format!("train {files} --start w.safetensors --hidden 8 --epochs 1 --out s.safetensors --json"));
    assert_eq!(started["windowing"], trained["windowing"]);
    run(&folder, &format!("train {files} --recipe windows.toml --precision float --out f.safetensors --json"));
    let quantised = "quantize f.safetensors --precision 8 --out q.safetensors";
    engram(quantised).current_dir(folder.path()).assert().success();
    engram("memoize w.safetensors --loss 50 --steps 50 --out m.safetensors")
        .current_dir(folder.path())
        .assert()
        .success();
    for other in ["s", "q", "m"] {
        let evaluated = run(&folder, &format!("eval {other}.safetensors --json --on simulation --sequences 3"));
        assert_eq!((&evaluated["questions"], &evaluated["disagreements"]), (&json!(3), &json!(0)));
    }
    engram("trace w.safetensors --sequence 2").current_dir(folder.path()).assert().success();
}

#[test]
fn the_test_file_chooses_nothing() {
    let folder = folder();
    let train = "train --sequences TRAIN.ts --test TEST.ts --hidden 4 --epochs 2 --json --out";
    let file = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let trained = run(&folder, &format!("{train} one.safetensors"));
    write(&folder.path().join("TEST.ts"), 30, 2.0);
    let again = run(&folder, &format!("{train} two.safetensors"));
    assert!(trained["test"] != again["test"], "the test is another");
    for key in ["chosen", "windowing", "precisions", "validation_error_percent", "train"] {
        assert_eq!(trained[key], again[key], "{key}");
    }
    let tensors = |file: Vec<u8>| file[8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize..].to_vec();
    assert!(tensors(file("one.safetensors")) == tensors(file("two.safetensors")), "one training file, one model");
    let candidates = trained["chosen"]["candidates"].as_array().unwrap();
    let chosen: Vec<&Value> = candidates.iter().filter(|candidate| candidate["chosen"] == true).collect();
    assert_eq!((trained["chosen"]["recordings"].as_u64(), chosen.len()), (Some(20), 1));
    assert_eq!(chosen[0]["error_percent"], trained["validation_error_percent"]);
    assert_eq!(chosen[0]["precisions"], trained["precisions"]);
    let bits: Vec<&Value> = candidates.iter().map(|candidate| &candidate["precisions"]["weights"]).collect();
    assert!(bits.contains(&&json!(4)) && bits.last() == Some(&&json!(8)), "{bits:?}");
    // Bits that are given are not chosen.
    let three = run(&folder, &format!("{train} three.safetensors --precision 3"));
    let candidates = three["chosen"]["candidates"].as_array().unwrap();
    assert!(candidates.iter().all(|candidate| candidate["precisions"]["weights"] == 3), "{candidates:?}");
}

#[test]
fn the_choice_is_told() {
    let folder = folder();
    let train = "train --sequences TRAIN.ts --test TEST.ts --hidden 4 --epochs 1 --out a.safetensors";
    let assert = engram(train).current_dir(folder.path()).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("chosen by the error on 20 training recordings that were not learnt"), "{text}");
    assert_eq!(text.matches("<- chosen").count(), 1, "{text}");
    assert!(text.contains("windows of 4 steps, one every 2"), "{text}");
}
