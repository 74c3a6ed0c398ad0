//! Words of a foreign file on a terminal: nothing in them is obeyed. JSON has them exactly.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::setting::{engram, model, object, recordings_model, text_model};

/// Characters that a terminal obeys: it is cleared, gets a title, goes to the line's beginning, is coloured.
const OBEYED: &str = "\u{1b}[2J\u{1b}]0;title\u{7}\r\u{1b}[31m";

/// Makes a model whose metadata of a name have other words: each of `words` with what a terminal obeys behind it.
fn foreign(folder: &TempDir, model: &Path, words: &[&str]) -> PathBuf {
    let bytes = std::fs::read(model).unwrap();
    let (length, rest) = bytes.split_first_chunk::<8>().unwrap();
    let (header, tensors) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: Value = serde_json::from_slice(header).unwrap();
    let metadata = header["__metadata__"].as_object_mut().unwrap();
    // The checksum may be left out.
    metadata.remove("checksum");
    for value in metadata.values_mut() {
        let mut text = value.as_str().unwrap().to_string();
        for word in words {
            let evil = serde_json::to_string(&format!("{word}{OBEYED}")).unwrap();
            text = text.replace(&serde_json::to_string(word).unwrap(), &evil);
        }
        *value = text.into();
    }
    let header = serde_json::to_vec(&header).unwrap();
    let path = folder.path().join(model.file_name().unwrap());
    let length = (header.len() as u64).to_le_bytes();
    std::fs::write(&path, [&length[..], &header, tensors].concat()).unwrap();
    path
}

/// The text that a command prints, on both outputs, whatever comes of it.
fn printed(arguments: &str, model: &Path) -> (Vec<u8>, String) {
    // Styles are printed, as on a terminal.
    let output = engram(arguments).arg(model).env("CLICOLOR_FORCE", "1").output().unwrap();
    let all = [output.stdout.clone(), output.stderr].concat();
    (output.stdout, String::from_utf8(all).unwrap())
}

/// Checks that words are shown, and nothing of them that is obeyed.
fn is_harmless(text: &str, shown: &str) {
    for obeyed in ["\u{1b}[2J", "\u{1b}]0", "\u{7}", "\r"] {
        assert!(!text.contains(obeyed), "{text:?}");
    }
    assert!(text.contains(shown), "{text}");
}

#[test]
fn words_of_a_foreign_memory_network_are_not_obeyed() {
    let folder = TempDir::new().unwrap();
    let places = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"];
    let model = foreign(&folder, model(), &places);
    let (_, text) = printed("ask --question /words", &model);
    is_harmless(&text, "kitchen\\u{1b}[2J");
    let (_, text) = printed("ask --unknown skip --question Mary --question Where.is.Mary?", &model);
    is_harmless(&text, "");
    let (_, text) = printed("eval --generated", &model);
    is_harmless(&text, "the vocabulary has no word 'kitchen'");
}

#[test]
fn classes_of_a_foreign_model_are_not_obeyed() {
    let folder = TempDir::new().unwrap();
    let model = foreign(&folder, recordings_model(), &["wave 0", "wave 1", "wave 2", "wave 3"]);
    let file = folder.path().join("own.ts");
    let recording =
        |channel: usize| (0..20).map(|step| format!("{}", (step * channel) % 7)).collect::<Vec<_>>().join(",");
    let channels: Vec<String> = (1..=6).map(recording).collect();
    std::fs::write(&file, format!("@problemname own\n@classlabel false\n@data\n{}\n", channels.join(":"))).unwrap();
    let ask = format!("ask --file {}", file.display());
    let (_, text) = printed(&ask, &model);
    is_harmless(&text, "\\u{1b}[2J");
    let (json, _) = printed(&format!("{ask} --json"), &model);
    let answers = object(&json);
    let answer = answers["answers"][0]["answer"].as_str().unwrap();
    assert!(answer.starts_with("wave ") && answer.ends_with(OBEYED), "{answer:?}");
}

#[test]
fn symbols_of_a_foreign_model_and_classes_of_a_file_are_not_obeyed() {
    let folder = TempDir::new().unwrap();
    let model = foreign(&folder, text_model(), &["e", "t", "a"]);
    let (_, text) = printed("ask --question /symbols --question To", &model);
    is_harmless(&text, "");
    let (_, text) = printed("trace --generated --question 3", &model);
    is_harmless(&text, "");
    // A file whose classes are none of the model's.
    let file = folder.path().join("own.ts");
    let lines =
        format!("@problemname {OBEYED}\n@classlabel true a{} b\n@data\n1,2:1,2:1,2:1,2:1,2:1,2:b\n", "\u{1b}[31m");
    std::fs::write(&file, lines).unwrap();
    let (_, text) = printed(&format!("eval --data {}", file.display()), recordings_model());
    is_harmless(&text, "");
}
