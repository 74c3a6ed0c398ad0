//! `engram ask`: sentences and questions from a pipe, a file and the arguments.

use std::fs;

use crate::setting::{engram, fails, model, object};

const STORY: &str = "Mary moved to the bathroom.\nJohn went to the hallway\n";

#[test]
fn piped_lines_are_answered() {
    let assert = engram("ask").arg(model()).write_stdin(format!("{STORY}Where is Mary?\n")).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["Where is Mary?", "bathroom"]);
    assert!(lines[2].contains("hop 1") && lines[2].contains("hop 3"), "{text}");
    assert!(lines[3].starts_with("  1  mary moved to the bathroom  ") && lines[3].ends_with('%'), "{text}");
    assert_eq!(lines.len(), 5);
}

#[test]
fn a_file_and_questions_are_answered_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let story = folder.path().join("story.txt");
    // A line of a bAbI file, with its number and answer, among plain ones.
    fs::write(&story, format!("{STORY}3 Where is John? \thallway\t2\nJohn went to the garden.")).unwrap();
    let mut ask = engram("ask --json --on simulation --question");
    let assert = ask.args(["where is john", "--story"]).arg(&story).arg(model()).assert().success();
    let report = object(&assert.get_output().stdout);
    let answers = report["answers"].as_array().unwrap();
    assert_eq!(answers.len(), 2);
    assert_eq!((&answers[0]["answer"], &answers[1]["answer"]), (&"hallway".into(), &"garden".into()));
    assert_eq!(answers[1]["story"].as_array().unwrap().len(), 3);
    for hop in answers[1]["attention"].as_array().unwrap() {
        let shares: Vec<f64> = hop.as_array().unwrap().iter().map(|share| share.as_f64().unwrap()).collect();
        assert_eq!(shares.len(), 3);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-5, "{shares:?}");
    }
    assert!(answers[1]["cycles"].as_u64().unwrap() > 0);
    assert_eq!(report["body"], "simulation");
}

#[test]
fn unknown_words_are_explained_and_nothing_is_sent() {
    let lines = format!("{STORY}Mary went to the kichen.\nBill went to the kitchen.\nWhere is Mary?\n");
    let assert = engram("ask --json").arg(model()).write_stdin(lines).assert().code(3);
    let output = assert.get_output();
    let report = object(&output.stdout);
    let story = &report["answers"][0]["story"];
    assert_eq!(story.as_array().unwrap().len(), 2, "{story}");
    assert_eq!(report["refused"].as_array().unwrap().len(), 2);
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("no word 'kichen'; its closest words: kitchen"), "{message}");
    assert!(message.contains("no word 'bill'; /words lists those it has"), "{message}");
}

#[test]
fn what_cannot_be_asked_is_explained() {
    let ask = |lines: &str| fails(engram("ask").arg(model()).write_stdin(lines.to_string()), 3);
    assert!(ask("Where is Mary?\n").contains("give a sentence first"));
    assert!(ask("?\n").contains("without a question"));
    assert!(ask(&format!("{}\n", "mary ".repeat(17))).contains("the sentence has 17 words, but at most 16 fit"));
    assert!(ask("/dance\n").contains("/help"));
    assert!(fails(engram("ask --question Who?").arg(model()), 3).contains("no word 'who'"));
    assert!(fails(engram("ask --story nowhere.txt").arg(model()), 3).contains("nowhere.txt"));
}

#[test]
fn commands_are_carried_out() {
    let lines = format!("{STORY}/story\n/clear\n/story\n/words\n\n  \n/quit\nWhere is Mary?\n");
    let assert = engram("ask").arg(model()).write_stdin(lines).assert().success();
    let text = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(text.contains("  2  john went to the hallway"), "{text}");
    assert!(text.contains("the memory is empty") && text.contains("bathroom bedroom"), "{text}");
    assert!(!text.contains('%'), "nothing is answered after /quit: {text}");
}

#[test]
fn the_oldest_sentence_leaves_a_full_memory() {
    let lines: String = (0..40).map(|_| "Mary moved to the bathroom.\n").collect();
    let input = format!("John went to the hallway.\n{lines}Where is Mary?\n");
    let assert = engram("ask --json --preset up5k").arg(model()).write_stdin(input).assert().success();
    let report = object(&assert.get_output().stdout);
    let answer = &report["answers"][0];
    assert_eq!(answer["story"].as_array().unwrap().len(), 32);
    assert_eq!(answer["story"][0], "mary moved to the bathroom");
    assert_eq!(answer["attention"][0].as_array().unwrap().len(), 32);
}
