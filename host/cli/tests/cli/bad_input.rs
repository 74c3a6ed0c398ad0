//! Bad input: exit code 3, and a message that says what was found, what was expected and what to do.

use std::fs;

use crate::setting::{engram, fails, model, object};

#[test]
fn data_that_cannot_be_used_is_explained() {
    let wrong = [
        ("train --task 1 --out a --data nowhere", "give the folder"),
        ("train --task 21 --out a --generated", "from 1 to 20"),
        ("train --task 1 --out nowhere/a --generated", "a folder that exists"),
        ("train --task 1 --out a --generated --recipe nowhere.toml", "nowhere.toml"),
        ("data --task 1 --compare", "official text"),
        ("data --compare", "official text"),
        ("eval nowhere.safetensors", "nowhere.safetensors"),
    ];
    for (arguments, expected) in wrong {
        let message = fails(&mut engram(arguments), 3);
        assert!(message.contains(expected), "{arguments}: {message}");
    }
}

#[test]
fn a_recipe_that_is_none_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = folder.path().join("recipe.toml");
    let train = |text: &str| {
        fs::write(&recipe, text).unwrap();
        fails(engram("train --task 1 --generated --out a --recipe").arg(&recipe), 3)
    };
    assert!(train("elephants = 32").contains("unknown field `elephants`"));
    assert!(train("elements = ").contains("recipe.toml"));
    assert!(train("hops = 16").contains("expected 1 to 15"));
}

#[test]
fn torn_models_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let torn = folder.path().join("torn.safetensors");
    let whole = fs::read(model()).unwrap();
    let mut flipped = whole.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    for bytes in [&whole[..whole.len() / 2], &whole[..7], &[], &[0xff; 64], &flipped[..]] {
        fs::write(&torn, bytes).unwrap();
        for command in ["eval", "ask", "trace"] {
            let message = fails(engram(command).arg(&torn), 3);
            assert!(message.contains("damaged or foreign file"), "{message}");
        }
    }
}

#[test]
fn models_that_no_device_can_hold_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let float = folder.path().join("float.safetensors");
    let train = "train --task 1 --generated --mode float --restarts 1 --epochs 1 --out";
    engram(train).arg(&float).assert().success();
    let message = fails(engram("eval --generated --on integer").arg(&float), 3);
    assert!(message.contains("float"), "{message}");
    let output = engram("eval --generated --json --questions 10").arg(&float).assert().success();
    let report = object(&output.get_output().stdout);
    assert_eq!((report["body"].as_str(), report["disagreements"].as_u64()), (Some("float"), None));

    let message = fails(engram("eval --generated --preset tiny").arg(model()), 3);
    assert!(message.contains("32 elements, geometry tiny holds 8"), "{message}");
}

#[test]
fn the_words_of_another_task_are_explained() {
    let message = fails(engram("eval --generated --task 6").arg(model()), 3);
    assert!(message.contains("evaluate it on its own task"), "{message}");
}

#[test]
fn sentences_too_long_for_a_device_are_explained() {
    let folder = tempfile::tempdir().unwrap();
    let story = format!("1 {}.\n2 Where is Mary?\tbathroom\t1\n", ["Mary"; 18].join(" "));
    for part in ["train", "test"] {
        fs::write(folder.path().join(format!("qa1_single-supporting-fact_{part}.txt")), &story).unwrap();
    }
    let message = fails(engram("eval --data").arg(folder.path()).arg(model()), 3);
    assert!(message.contains("found 18 words in 'mary mary") && message.contains("16 at most"), "{message}");
}

#[test]
fn what_is_no_board_is_explained() {
    for command in ["eval --generated", "ask"] {
        let message = fails(engram(command).arg(model()).args(["--on", "/dev/null"]), 3);
        assert!(message.contains("cannot use '/dev/null' as a serial port"), "{message}");
    }
}

#[test]
fn an_endless_story_is_explained() {
    let message = fails(engram("ask --story /dev/zero").arg(model()), 3);
    assert!(message.contains("more than 16 MiB"), "{message}");
}

#[test]
fn with_json_an_error_is_an_object_too() {
    let assert = engram("eval nowhere.safetensors --json").assert().code(3);
    let error = object(&assert.get_output().stdout);
    assert_eq!(error["exit_code"], 3);
    assert!(error["error"].as_str().unwrap().contains("nowhere.safetensors"));
}
