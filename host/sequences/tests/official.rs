//! The official bAbI text as a stream of words, where it is there.

use std::path::{Path, PathBuf};

use engram_babi::{DataSet, reader};
use engram_sequences::words;

/// The folder `en` of the official text; a test that needs it is skipped if it is missing.
fn official() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/babi");
    let folder = std::env::var_os("ENGRAM_BABI").map_or(beside, PathBuf::from);
    let folder = if folder.join("en").is_dir() { folder.join("en") } else { folder };
    if reader::present(&folder).contains(&1) {
        return Some(folder);
    }
    eprintln!("left out: no bAbI text in {}; name its folder in ENGRAM_BABI", folder.display());
    None
}

#[test]
fn the_first_task_fits_into_64_symbols() {
    let Some(folder) = official() else { return };
    let set = words::stream(&[DataSet::read(&folder, 1).unwrap()]).unwrap();
    assert_eq!((set.name.as_str(), set.symbols()), ("bAbI 1 as words", 22));
    let count = |part: &[u16], symbol| part.iter().filter(|&&other| Some(other) == symbol).count();
    // 200 stories of five questions and ten sentences; every tenth to train with is for validation.
    let stories = [&set.train, &set.validation, &set.test].map(|part| count(part, set.boundary));
    assert_eq!(stories, [180, 20, 200]);
    assert_eq!([&set.train, &set.validation, &set.test].map(|part| count(part, set.cue)), [900, 100, 1000]);
    let begin = "| mary moved to the bathroom . john went to the hallway . where is mary ? bathroom daniel";
    assert_eq!(set.decode(&set.train[..19]).unwrap(), begin);
}

#[test]
fn all_tasks_are_one_stream() {
    let Some(folder) = official() else { return };
    let tasks: Vec<DataSet> =
        reader::present(&folder).into_iter().map(|task| DataSet::read(&folder, task).unwrap()).collect();
    let set = words::stream(&tasks).unwrap();
    let questions: usize = tasks.iter().flat_map(|task| &task.test).map(|story| story.questions()).sum();
    let cues = set.test.iter().filter(|&&symbol| Some(symbol) == set.cue).count();
    assert_eq!(cues, questions);
    assert!(set.symbols() > 64, "{}", set.symbols());
}
