//! The reader, the writer and the generator against the official text.
//!
//! The data is found by the variable `ENGRAM_BABI`, by default beside the workspace; without it these tests say so and pass.

use std::fs;
use std::path::{Path, PathBuf};

use engram_babi::accept::{self, Acceptance, Distance, Measure};
use engram_babi::{BabiError, DataSet, Line, Source, Story, Vocabulary, is_question, reader, writer};

/// The folders of 1000 and 10000 training questions; none where the data is absent.
fn folders() -> Vec<(PathBuf, usize)> {
    let root = std::env::var_os("ENGRAM_BABI")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/babi"), PathBuf::from);
    if !root.is_dir() {
        eprintln!(
            "skipped: no bAbI data in {}; set ENGRAM_BABI to the folder that holds en and en-10k",
            root.display()
        );
        return Vec::new();
    }
    vec![(root.join("en"), 1000), (root.join("en-10k"), 10000)]
}

fn questions(stories: &[Story]) -> usize {
    stories.iter().map(Story::questions).sum()
}

#[test]
fn every_official_file_is_read() {
    for (folder, train_questions) in folders() {
        let present = reader::present(&folder);
        assert!(present.len() >= 19, "{present:?}");
        for task in present {
            let data = DataSet::read(&folder, task).unwrap();
            assert_eq!((questions(&data.train), questions(&data.test)), (train_questions, 1000), "task {task}");
            assert_eq!(data.source, Source::Official(folder.clone()));
            assert!(Vocabulary::of([&data]).unwrap().0.len() < 50, "task {task}");
            assert_eq!(data.describe().train.questions, train_questions);
        }
    }
}

#[test]
fn a_missing_official_file_is_named() {
    for (folder, _) in folders() {
        if reader::present(&folder).contains(&3) {
            continue;
        }
        let error = DataSet::read(&folder, 3).unwrap_err();
        assert!(error.to_string().contains("qa3_three-supporting-facts_train.txt"), "{error}");
        assert!(matches!(error, BabiError::NoSuchTask { present, .. } if present.len() == 19));
    }
}

#[test]
fn vocabularies_have_the_known_sizes() {
    let sizes = [(1, 19), (2, 33), (4, 14), (6, 35), (20, 35)];
    for (folder, _) in folders() {
        for (task, size) in sizes {
            let data = DataSet::read(&folder, task).unwrap();
            assert_eq!(Vocabulary::of([&data]).unwrap().0.len(), size, "task {task}");
        }
    }
}

/// The written files are the official files, byte by byte.
#[test]
fn official_files_are_written_as_they_were() {
    for (folder, _) in folders() {
        for task in reader::present(&folder) {
            let data = DataSet::read(&folder, task).unwrap();
            let copy = tempfile::tempdir().unwrap();
            data.write(copy.path()).unwrap();
            let again = DataSet::read(copy.path(), task).unwrap();
            assert_eq!((&again.train, &again.test), (&data.train, &data.test), "task {task}");
            for entry in fs::read_dir(copy.path()).unwrap() {
                let name = entry.unwrap().file_name();
                let (ours, theirs) =
                    (fs::read(copy.path().join(&name)).unwrap(), fs::read(folder.join(&name)).unwrap());
                assert!(ours == theirs, "{}", name.display());
            }
        }
    }
}

/// The first word separates questions from sentences in typed text, as it does in the official files.
#[test]
fn official_questions_are_known_as_questions() {
    for (folder, _) in folders() {
        for task in reader::present(&folder) {
            for story in DataSet::read(&folder, task).unwrap().stories() {
                for line in &story.lines {
                    assert_eq!(is_question(&line.words().join(" ")), matches!(line, Line::Question { .. }), "{line:?}");
                }
            }
        }
    }
}

fn acceptance(task: u8, seed: u64, official: &DataSet) -> Acceptance {
    accept::compare(&DataSet::generate(task, 10_000, 1000, seed).unwrap(), official).unwrap()
}

/// The largest official text of a task: where the larger folder lacks it, as the usual copy lacks task 3, the smaller one's.
fn largest(task: u8, folders: &[(PathBuf, usize)]) -> Option<(DataSet, usize)> {
    folders.iter().rev().find_map(|(folder, questions)| Some((DataSet::read(folder, task).ok()?, *questions)))
}

#[test]
fn generated_text_is_accepted() {
    let folders = folders();
    for task in 1..=20 {
        let Some((official, train_questions)) = largest(task, &folders) else { continue };
        let result = acceptance(task, 1, &official);
        assert!(result.accepted(), "{result}");
        assert!(result.words <= 192, "{} words are more than the largest preset holds", result.words);
        if train_questions == 10_000 {
            // With this much text chance is small, and the distances show how well the generator fits. Stories of many
            // lengths are still too few.
            let fits = |distance: &Distance| distance.measure == Measure::StoryLengths || distance.whole < 0.04;
            assert!(result.distances.iter().all(fits), "{result}");
        }
        println!("{result}\n");
    }
}

/// The test of the test: text that differs only a little is refused.
#[test]
fn other_text_is_not_accepted() {
    for (folder, _) in folders() {
        let official = DataSet::read(&folder, 6).unwrap();
        let mut generated = DataSet::generate(6, 10_000, 1000, 1).unwrap();
        let text = writer::text(6, &generated.train);
        for (from, to) in [("Mary", "Anna"), (" picked up ", " got "), ("\tno\t", "\tyes\t")] {
            generated.train = reader::stories(text.replace(from, to).as_bytes()).unwrap();
            assert!(!accept::compare(&generated, &official).unwrap().accepted(), "{from} as {to}");
        }
        let other = DataSet::generate(1, 10_000, 1000, 1).unwrap();
        assert!(matches!(accept::compare(&other, &official), Err(BabiError::DifferentTasks { .. })));
    }
}
