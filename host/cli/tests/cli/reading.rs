//! Files that are read as data: texts, stories and recordings, in the forms that people save them in.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::setting::{engram, fails, model, object, recordings_model, text_model};

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, bytes)| fs::write(folder.path().join(name), bytes).unwrap());
    folder
}

/// A command that succeeds in a folder; gives its JSON and what it said on standard error.
fn run(folder: &Path, arguments: &str) -> (Value, String) {
    let assert = engram(arguments).arg("--json").current_dir(folder).assert().success();
    let output = assert.get_output();
    (object(&output.stdout), String::from_utf8(output.stderr.clone()).unwrap())
}

fn utf16(text: &str) -> Vec<u8> {
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

#[test]
fn a_text_in_any_alphabet_is_learnt() {
    let text = "в чащах юга жил бы цитрус? да, но фальшивый экземпляр!\r\n".repeat(30);
    let chinese: String = (0..20_000u32).filter_map(|n| char::from_u32(0x4e00 + n * n % 3001)).collect();
    let rare = text.replace("\r\n", "\n") + "ё€";
    let folder = folder(&[
        ("russian.txt", text.as_bytes()),
        ("utf16.txt", &utf16(&text)),
        ("rare.txt", rare.as_bytes()),
        ("chinese.txt", chinese.as_bytes()),
        ("latin.txt", b"caf\xe9 au lait\n"),
        ("short.txt", b"too short"),
    ]);
    let train = "train --hidden 4 --epochs 1 --precision float --out model.safetensors --text";
    let (trained, notes) = run(folder.path(), &format!("{train} russian.txt"));
    assert!(!notes.contains("are none of"), "{notes}");
    assert!(trained["test"]["guessing_error_percent"].as_f64() > Some(50.0), "{trained}");
    let evaluate = |file: &str| run(folder.path(), &format!("eval model.safetensors --data {file}"));
    let (own, _) = evaluate("russian.txt");
    assert_eq!(own["error_percent"], evaluate("utf16.txt").0["error_percent"]);
    let (_, notes) = evaluate("rare.txt");
    assert!(notes.contains("2 % of the text's") || notes.contains("characters are none of the"), "{notes}");
    assert!(notes.contains("'ё' 1, '€' 1"), "{notes}");
    let refused = |file: &str| fails(engram(&format!("{train} {file}")).current_dir(folder.path()), 3);
    let chinese = refused("chinese.txt");
    assert!(chinese.contains("chinese.txt: ") && chinese.contains("more than 10 %"), "{chinese}");
    let latin = refused("latin.txt");
    assert!(latin.contains("latin.txt, line 1, column 4: the byte 0xE9") && latin.contains("iconv"), "{latin}");
    assert!(refused("short.txt").contains("has 9 characters, but must have at least 40"));
}

#[test]
fn unknown_characters_are_named_and_may_be_left_out() {
    let message = fails(engram("ask").arg(text_model()).write_stdin("abxyz\n"), 3);
    assert!(message.contains("does not know 'x', 'y', 'z'; /symbols lists"), "{message}");
    let skip = "ask --unknown skip --length 5 --temperature 0 --json --question";
    let ask = |text: &str| engram(skip).arg(text).arg(text_model()).assert().success();
    let (with, without) = (ask("aexb"), ask("aeb"));
    let [with, without] = [&with, &without].map(|assert| object(&assert.get_output().stdout));
    assert_eq!(with["answers"][0]["answer"], without["answers"][0]["answer"]);
    assert_eq!((with["notes"].as_array().map(Vec::len), without["notes"].as_array().map(Vec::len)), (Some(1), Some(0)));
}

#[test]
fn unknown_words_may_be_left_out() {
    let lines = "Mary has moved to the kitchen.\nDogs bark.\nWhere is Mary now?\n";
    let mut ask = engram("ask --skip-unknown --json");
    let assert = ask.arg(model()).write_stdin(lines).assert().code(3);
    let report = object(&assert.get_output().stdout);
    assert_eq!(report["answers"][0]["story"], serde_json::json!(["mary moved to the kitchen"]));
    let notes = report["notes"].to_string();
    assert!(notes.contains("'has': left out of 'mary moved") && notes.contains("'now': left out"), "{notes}");
    assert!(report["refused"][0]["reason"].as_str().unwrap().contains("knows none of these words"), "{report}");
    let refused = fails(engram("ask").arg(model()).write_stdin("Mary has a dog.\n"), 3);
    assert!(refused.contains("no word 'has'") && refused.contains("--unknown skip"), "{refused}");
    assert!(!refused.contains("closest"), "no word is near: {refused}");
}

#[test]
fn typed_text_is_the_same_however_it_is_saved() {
    let folder = folder(&[("story.txt", &utf16("Mary moved to the bathroom.\r\nWhere is Mary?\r\n"))]);
    let mut ask = engram("ask --json --question");
    let assert = ask.args(["Where is Mary?", "--story"]).arg(folder.path().join("story.txt")).arg(model());
    let report = object(&assert.assert().success().get_output().stdout);
    assert_eq!(
        (&report["answers"][0]["answer"], &report["answers"][1]["answer"]),
        (&"bathroom".into(), &"bathroom".into())
    );
    let marked = "\u{feff}Mary moved to the bathroom.\nWhere is Mary?\n";
    engram("ask").arg(model()).write_stdin(marked).assert().success();
    let mut latin = engram("ask --json");
    let assert = latin.arg(model()).write_stdin(b"Mary moved to the caf\xe9.\n".to_vec()).assert().code(3);
    assert!(object(&assert.get_output().stdout)["refused"][0]["reason"].as_str().unwrap().contains("0xE9"));
}

#[test]
fn forgotten_sentences_are_named_and_numbers_are_those_typed() {
    let story: String = (1..=40).map(|n| format!("{n} Mary moved to the bathroom.\n")).collect();
    let lines = story + "41 Where is Mary?\tbathroom\t40\nJohn went to the garden.\nWhere is John?\n";
    let mut ask = engram("ask --json --preset up5k");
    let assert = ask.arg(model()).write_stdin(lines.clone()).assert().success();
    let report = object(&assert.get_output().stdout);
    let slots = report["answers"][0]["story"].as_array().unwrap().len();
    let forgotten = 40 - slots;
    assert_eq!(report["answers"][0]["forgotten"], forgotten);
    assert_eq!(report["answers"][0]["numbers"][0], forgotten + 1);
    assert_eq!(report["answers"][1]["numbers"][slots - 1], 41, "it follows sentence 40");
    let note = report["notes"][0].as_str().unwrap();
    assert!(note.contains(&format!("forgot {forgotten} of this story, sentences 1 to {forgotten}")), "{note}");
    let assert = engram("ask --preset up5k").arg(model()).write_stdin(lines).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("  40  mary moved to the bathroom"), "{text}");
    // A line of number 1 begins another story, as in the files.
    let two = "1 Mary moved to the bathroom.\n1 John went to the garden.\n2 Where is John?\tgarden\t1\n";
    let assert = engram("ask --json").arg(model()).write_stdin(two).assert().success();
    let report = object(&assert.get_output().stdout);
    assert_eq!(report["answers"][0]["story"], serde_json::json!(["john went to the garden"]));
    assert!(report["notes"][0].as_str().unwrap().contains("begins another story"));
}

/// The names of the files of task 1.
const STORIES: [&str; 2] = ["qa1_single-supporting-fact_train.txt", "qa1_single-supporting-fact_test.txt"];

#[test]
fn stories_are_explained_where_they_are_wrong() {
    let [train, test] = STORIES;
    let read = |text: &[u8]| {
        let folder = folder(&[(train, b"1 Mary ran.\n2 Who ran?\tmary\t1\n"), (test, text)]);
        fails(engram("eval --task 1 --data .").arg(model()).current_dir(folder.path()), 3)
    };
    let story = |question: &str| read(format!("1 Mary moved to the kitchen.\n{question}\n").as_bytes());
    let spaces = story("2 Where is Mary?  kitchen  1");
    assert!(spaces.contains("_test.txt, line 2, column 19: ") && spaces.contains("put a tab, not spaces"), "{spaces}");
    assert!(story("2 Where is Mary?\t\t1").contains("column 18: the line has a question mark or a tab"), "no answer");
    assert!(story("3 Where is Mary?\tkitchen\t1").contains("has number 3, but must have 2"));
    assert!(story("2 Where is\u{7} Mary?\tkitchen\t1").contains("column 11: the line has the character U+0007"));
    assert!(read(b"1 Mary moved to the caf\xe9.\n").contains("line 1, column 24: the byte 0xE9"));
    assert!(read(b"").contains("the file is empty"));
    let silent = read(b"1 Mary moved to the kitchen.\n");
    assert!(silent.contains("the test text of task 1 has no question"), "{silent}");
}

#[test]
fn a_test_needs_no_training_file_and_other_text_is_not_official() {
    let [train, test] = STORIES;
    let text = "\u{feff}1 Mary moved to the kitchen.\r\n2 Where is Mary?\tkitchen\t1\r\n";
    let folder = folder(&[(test, text.as_bytes())]);
    let eval = format!("eval {} --data .", model().display());
    let (report, _) = run(folder.path(), &eval);
    assert_eq!((&report["source"], &report["questions"]), (&"text of .".into(), &1.into()));
    run(folder.path(), &format!("trace {} --data .", model().display()));
    let message = fails(engram("train --task 1 --data . --out a --epochs 1").current_dir(folder.path()), 3);
    assert!(message.contains(train), "{message}");
}

const HEADER: &str = "@problemName mine\n@equalLength true\n@classLabel true low high\n@data\n";

fn recordings(count: usize) -> String {
    let line = |n: usize| format!("{n},{},?:{},{}\n", n % 2, n % 2, ["low", "high"][n % 2]);
    (0..count).map(line).map(|line| line.replace(":1,", ":1,1,1:").replace(":0,", ":0,nan,0:")).collect()
}

#[test]
fn recordings_without_a_class_are_asked_about_only() {
    let values = ["1,2,NaN"; 6].join(":");
    let unlabelled = format!("@data\n{values}\n{values}\n");
    let folder = folder(&[("own.ts", unlabelled.as_bytes()), ("table.csv", b"1,2,3\n")]);
    let ask = format!("ask {} --file own.ts", recordings_model().display());
    let (report, _) = run(folder.path(), &ask);
    let answers = report["answers"].as_array().unwrap();
    assert_eq!((answers.len(), &answers[0]["right"]), (2, &Value::Null));
    assert_eq!(answers[0]["answer"], answers[1]["answer"]);
    let fails = |arguments: &str| fails(engram(arguments).current_dir(folder.path()), 3);
    let model = recordings_model().display();
    for refused in [
        fails(&format!("eval {model} --data own.ts")),
        fails(&format!("memoize {model} --data own.ts --out a")),
        fails("train --sequences own.ts --test own.ts --out a"),
    ] {
        assert!(refused.contains("2 of the 2 recordings in own.ts have no class"), "{refused}");
        assert!(refused.contains("engram ask MODEL --file"), "{refused}");
    }
    for refused in
        [fails(&format!("ask {model} --file table.csv")), fails("train --sequences table.csv --test own.ts --out a")]
    {
        assert!(
            refused.contains(
                "table.csv is a table of values, but engram reads recordings from .ts, .tsv and .arff files only"
            ),
            "{refused}"
        );
    }
}

#[test]
fn recordings_are_trained_with_as_archives_have_them() {
    let train = format!("% as aeon writes it\n{HEADER}{}", recordings(20));
    let test = format!("{}{}", HEADER.replace("low high", "high low"), recordings(6));
    let short = test.clone() + "1:2:low\n";
    let one = HEADER.to_string() + "1:2:low\n3:4:low\n";
    let regression = "@targetlabel true\n@data\n1,2:0.5\n";
    let folder = folder(&[
        ("TRAIN.ts", train.as_bytes()),
        ("TEST.ts", test.as_bytes()),
        ("SHORT.ts", short.as_bytes()),
        ("ONE.ts", one.as_bytes()),
        ("EMPTY.ts", HEADER.as_bytes()),
        ("REGRESSION.ts", regression.as_bytes()),
    ]);
    let command = "train --hidden 4 --epochs 1 --out mine.safetensors --sequences";
    let (_, notes) = run(folder.path(), &format!("{command} TRAIN.ts --test TEST.ts"));
    assert!(!notes.contains("header says"), "{notes}");
    fs::remove_file(folder.path().join("TRAIN.ts")).unwrap();
    assert_eq!(run(folder.path(), "eval mine.safetensors").0["questions"], 6, "it needs no training file");
    fs::write(folder.path().join("TRAIN.ts"), train).unwrap();
    let (_, notes) = run(folder.path(), "eval mine.safetensors --data SHORT.ts");
    assert!(notes.contains("SHORT.ts, line 2: the header says '@equalLength true', but"), "{notes}");
    let refused = |train: &str, test: &str| {
        fails(engram(&format!("{command} {train} --test {test}")).current_dir(folder.path()), 3)
    };
    assert!(refused("ONE.ts", "TEST.ts").contains("recordings of the class 'low' only"));
    assert!(refused("TRAIN.ts", "EMPTY.ts").contains("EMPTY.ts, line 4, column 1: no recordings follow @data"));
    assert!(refused("REGRESSION.ts", "TEST.ts").contains("regression is not supported"));
}

#[test]
fn nothing_is_no_question() {
    let [train, test] = STORIES;
    let folder = folder(&[(train, b"1 Mary moved to the kitchen.\n"), (test, b"1 Mary moved to the kitchen.\n")]);
    for command in ["eval --task 1", "trace --task 1", "quantize --task 1 --out a"] {
        let message = fails(engram(command).args(["--data", "."]).arg(model()).current_dir(folder.path()), 3);
        assert!(message.contains("has no question, but must have at least one"), "{command}: {message}");
    }
    let message = fails(engram("train --task 1 --data . --out a").current_dir(folder.path()), 3);
    assert!(message.contains("the training text of task 1 has no question"), "{message}");
    let message = fails(engram("ask").arg(model()).write_stdin("\n \n"), 3);
    assert!(message.contains("there was no line to take"), "{message}");
}

#[test]
fn what_is_no_better_than_guessing_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let train = "train --generated --task 6 --restarts 1 --epochs 1 --mode float --out model.safetensors";
    let (trained, notes) = run(folder.path(), train);
    let guessing = trained["guessing_error_percent"].as_f64().unwrap();
    assert!((40.0..=50.0).contains(&guessing), "yes or no: {trained}");
    assert!(notes.contains("is no better than guessing: '"), "{notes}");
    let (evaluated, notes) = run(folder.path(), "eval --generated model.safetensors");
    assert_eq!(evaluated["guessing_error_percent"], trained["guessing_error_percent"]);
    assert!(notes.contains("is no better than guessing"), "{notes}");
    let (quantised, notes) =
        run(folder.path(), "quantize --generated --task 6 --out codes.safetensors model.safetensors");
    assert_eq!(quantised["guessing_error_percent"], trained["guessing_error_percent"]);
    assert!(notes.contains("is no better than guessing"), "{notes}");
    let good = engram("eval --generated --json").arg(model()).assert().success();
    assert!(!String::from_utf8_lossy(&good.get_output().stderr).contains("guessing"));
}

#[test]
fn what_no_device_holds_is_said_before_training() {
    let [train, test] = STORIES;
    let long = format!("1 {}.\n2 Where is Mary?\tgarden\t1\n", ["Mary"; 22].join(" ")).repeat(3);
    let many = b"tying = \"adjacent\"\nhops = 5\nepochs = 1\nrestarts = 1\n".as_slice();
    let six = b"bits = 6\nepochs = 1\nrestarts = 1\n".as_slice();
    let folder = folder(&[(train, long.as_bytes()), (test, long.as_bytes()), ("many.toml", many), ("six.toml", six)]);
    let refused = |arguments: &str| fails(engram(arguments).current_dir(folder.path()), 3);
    let words = refused("train --task 1 --data . --out a");
    assert!(words.contains("no command could use the model") && words.contains("has 22 words"), "{words}");
    assert!(!folder.path().join("a").exists());
    let (_, notes) = run(folder.path(), "train --task 1 --generated --recipe many.toml --out many.safetensors");
    assert!(notes.contains("it would have 5 hops, and devices hold 4"), "{notes}");
    run(folder.path(), "eval many.safetensors --generated --questions 5");
    let (_, notes) = run(folder.path(), "train --task 1 --data . --mode float --epochs 1 --out float.safetensors");
    assert!(notes.contains("no device could hold this model"), "{notes}");
    run(folder.path(), "eval float.safetensors --data .");
    let (_, notes) = run(folder.path(), "train --set basic-motions --generated --hidden 130 --epochs 1 --out wide");
    assert!(notes.contains("130 hidden elements, and ecp5-85f holds 128; the integer model runs it"), "{notes}");
    let (_, notes) = run(folder.path(), "train --task 1 --generated --recipe six.toml --out six.safetensors");
    assert!(notes.contains("no device computes in 6 bits"), "{notes}");
    let message = refused("eval six.safetensors --generated --on integer");
    assert!(message.contains("codes of 6 bits, but devices compute with 8: leave --on out"), "{message}");
}
