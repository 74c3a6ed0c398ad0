//! The converters of a crossbar: draws of their noise, and the ranges that they are given.

use serde_json::Value;

use crate::setting::{engram, fails, gru_model, model, recordings_model, report};

/// Several draws of noise: each from a seed of its own, the same as alone, with their mean and spread.
#[test]
fn noise_is_drawn_several_times() {
    let evaluated = |options: &str| report(&format!("eval --json {options}"), recordings_model());
    let several = evaluated("--noise-read 1.5 --noise-seed 4 --noise-draws 3");
    let each = several["noise_draws"]["each"].as_array().unwrap();
    assert_eq!(each.iter().map(|draw| draw["seed"].as_u64().unwrap()).collect::<Vec<_>>(), [4, 5, 6]);
    let mut errors = Vec::new();
    for draw in each {
        let alone = evaluated(&format!("--noise-read 1.5 --noise-seed {}", draw["seed"]));
        for key in ["error_percent", "cross_entropy", "disagreements"] {
            assert_eq!(draw[key], alone[key], "{key}");
        }
        assert_eq!((&draw["targets"], &alone["noise_draws"]), (&alone["questions"], &Value::Null));
        errors.push(draw["error_percent"].as_f64().unwrap());
    }
    let mean = errors.iter().sum::<f64>() / 3.0;
    let deviation = (errors.iter().map(|error| (error - mean).powi(2)).sum::<f64>() / 2.0).sqrt();
    let spread = &several["noise_draws"]["error_percent"];
    assert!((spread["mean"].as_f64().unwrap() - mean).abs() < 1e-3, "{several}");
    assert!((spread["deviation"].as_f64().unwrap() - deviation).abs() < 1e-3, "{several}");
    assert_eq!((&several["error_percent"], &several["noise_read"]), (&each[0]["error_percent"], &1.5.into()));
    // On hardware the draws are compared with the integer model's, one by one.
    let hardware = evaluated("--noise-read 0.5 --noise-draws 2 --sequences 3 --on simulation --preset tiny");
    assert!(hardware["noise_draws"]["each"].as_array().unwrap().iter().all(|draw| draw["disagreements"] == 0));
    let text = engram("eval --noise-read 0.5 --noise-draws 2").arg(recordings_model()).assert().success();
    let text = String::from_utf8_lossy(&text.get_output().stdout).to_string();
    assert!(text.contains("2 draws of noise (seeds 1 to 2): error") && text.contains("standard deviation"), "{text}");
    let one = engram("eval --noise-read 0.5").arg(recordings_model()).assert().success();
    assert!(String::from_utf8_lossy(&one.get_output().stderr).contains("--noise-draws 10 gives mean and spread"));
    let wrong = |options: &str, model| fails(engram(&format!("eval {options}")).arg(model), 2);
    assert!(
        wrong("--noise-draws 5", recordings_model())
            .contains("give --noise-weights, --noise-read, --stuck-cells or --drift")
    );
    assert!(
        wrong("--noise-draws 2 --noise-read 1 --noise-seed 4294967295", recordings_model())
            .contains("leaves no 2 seeds")
    );
    assert!(wrong("--generated --noise-draws 2", model()).contains("noise works with a crossbar network only"));
}

/// The ranges of a crossbar model's values against its codes; of a float model against those that it would be given.
#[test]
fn the_ranges_of_a_crossbar_are_profiled() {
    let profiled = report("trace --profile --questions 4 --json", recordings_model());
    assert_eq!(
        (&profiled["questions"], &profiled["steps"], &profiled["kind"]),
        (&4.into(), &400.into(), &"recordings".into())
    );
    assert_eq!(profiled["precisions"], profiled["precisions_of"]);
    let values = profiled["values"].as_array().unwrap();
    for range in values {
        let sum: u64 = range["histogram"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!((sum, range["mean"].is_number()), (range["values"].as_u64().unwrap(), true), "{range}");
    }
    let names: Vec<&str> = values.iter().map(|range| range["name"].as_str().unwrap()).collect();
    assert_eq!(names[..5], ["x", "ADC i", "ADC f", "ADC g", "ADC o"]);
    assert!(["z g", "gate f", "c", "h", "h of the readout"].iter().all(|name| names.contains(name)), "{names:?}");
    for range in values {
        assert!(
            range["saturated"].as_u64() <= range["values"].as_u64() && range["used"].as_f64() > Some(0.0),
            "{range}"
        );
    }
    let text = engram("trace --profile").arg(gru_model()).assert().success();
    let text = String::from_utf8_lossy(&text.get_output().stdout).to_string();
    assert!(text.contains("saturated %") && text.contains("to zero %") && text.contains("ADC nh"), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let float = folder.path().join("float.safetensors");
    let train = "train --set basic-motions --generated --hidden 8 --epochs 2 --precision float --out";
    engram(train).arg(&float).assert().success();
    let profiled = report("trace --profile --questions 2 --json", &float);
    assert_eq!((&profiled["precisions"]["adc"], &profiled["precisions_of"]["adc"]), (&"float".into(), &4.into()));
    let memo = fails(engram("trace --profile --memo off").arg(recordings_model()), 2);
    assert!(memo.contains("--profile looks at every column"), "{memo}");
}

/// Faults of the cells change the answers of one program, the same on every backend.
#[test]
fn faults_of_cells_are_the_same_on_every_backend() {
    let evaluated = |options: &str| report(&format!("eval --json --sequences 8 {options}"), recordings_model());
    let exact = evaluated("--preset ecp5-85f");
    for faults in ["--stuck-cells 0.1", "--drift 1e7", "--wire 0.01"] {
        let integer = evaluated(faults);
        assert_eq!(integer["preset"], "ecp5-85f");
        assert_ne!(integer["cross_entropy"], exact["cross_entropy"], "{faults}");
        let hardware = evaluated(&format!("{faults} --on simulation"));
        assert_eq!((&hardware["disagreements"], &hardware["wrong"]), (&0.into(), &integer["wrong"]), "{faults}");
    }
    let all = evaluated("--stuck-cells 0.1 --drift 1e7 --wire 0.01 --noise-draws 2");
    assert_eq!((&all["stuck_cells"], &all["drift_seconds"], &all["wire"]), (&0.1.into(), &1e7.into(), &0.01.into()));
    let refuse = |options: &str, code: i32| fails(engram(&format!("eval {options}")).arg(recordings_model()), code);
    assert!(refuse("--stuck-cells 1.5", 2).contains("expected a share"));
    assert!(refuse("--wire 0.01 --noise-draws 3", 2).contains("--noise-draws draws no noise"));
    assert!(refuse("--drift 3600 --preset up5k", 3).contains("expected one of 8 bits"));
}
