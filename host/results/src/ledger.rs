//! The ledger: finished work as lines of JSON, in a file that is committed.
//!
//! A line is written whole or not at all: the file is read, changed and replaced under a lock, so that two processes at once lose
//! nothing. Lines are sorted by their names, so that a difference shows what is new. A line that cannot be read counts for nothing,
//! with a warning, and stays in the file as it is; fields that this version does not know are passed over.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use engram_session::Failure;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::files::write_whole;

/// A record that is kept as a line.
pub trait Line: Clone + Serialize + DeserializeOwned + Send {
    /// The version of the trainer that the line is of.
    const TRAINER: u32;

    /// The name, by which lines are sorted; no two lines of a ledger have the same.
    fn name(&self) -> String;

    /// Whether an older line is worth nothing beside this one.
    fn replaces(&self, old: &Self) -> bool;
}

/// A line as it is written.
#[derive(Serialize)]
struct Written<'a, T> {
    run: String,
    trainer: u32,
    #[serde(flatten)]
    line: &'a T,
}

/// A line of a file: its own text and its meaning.
struct Read<T> {
    text: String,
    line: T,
}

/// A file of lines: those that can be read, and the text of the others.
struct Content<T> {
    lines: Vec<Read<T>>,
    unread: Vec<String>,
}

/// The text of a line.
pub fn text<T: Line>(line: &T) -> Result<String, Failure> {
    let written = Written { run: line.name(), trainer: T::TRAINER, line };
    serde_json::to_string(&written).map_err(|error| Failure::Output(error.into()))
}

/// A file of lines, and its lines in memory.
pub struct Ledger<T> {
    path: PathBuf,
    lines: Mutex<Vec<T>>,
}

impl<T: Line> Ledger<T> {
    /// Reads a file; a ledger without lines where it is not there.
    pub fn read(path: &Path, warn: &dyn Fn(&str)) -> Result<Ledger<T>, Failure> {
        let lines = read_file(path, warn)?.lines.into_iter().map(|read| read.line).collect();
        Ok(Ledger { path: path.to_path_buf(), lines: Mutex::new(lines) })
    }

    /// All lines, in the order of their names.
    pub fn all(&self) -> Vec<T> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The first line that is wanted.
    pub fn find(&self, wanted: impl Fn(&T) -> bool) -> Option<T> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).iter().find(|line| wanted(line)).cloned()
    }

    /// Checks that lines can be kept, before any work is done for them.
    pub fn check_writable(&self) -> Result<(), Failure> {
        lock(&self.path).map(drop)
    }

    /// Keeps lines, in the place of those that they replace: in the file, and in memory with what others have written since.
    pub fn keep(&self, new: &[T]) -> Result<(), Failure> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        *lines = merge(&self.path, new)?;
        Ok(())
    }
}

/// The lock of a file, held until it is dropped. The file itself is replaced, so that a lock on it would be one on the file of before.
fn lock(path: &Path) -> Result<File, Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let open = || {
        std::fs::create_dir_all(folder)?;
        let lock = File::create(folder.join(".lock"))?;
        lock.lock().map(|()| lock)
    };
    open().map_err(|error| {
        let (path, folder) = (path.display(), folder.display());
        Failure::Input(format!(
            "cannot write {path}: {error}; make {folder} writable, or give another folder with --runs"
        ))
    })
}

/// Keeps lines in a file, in the place of those that they replace. Gives all lines.
fn merge<T: Line>(path: &Path, new: &[T]) -> Result<Vec<T>, Failure> {
    let _lock = lock(path)?;
    let Content { mut lines, unread } = read_file::<T>(path, &|_| ())?;
    for line in new {
        lines.retain(|old| line.name() != old.line.name() && !line.replaces(&old.line));
        lines.push(Read { text: text(line)?, line: line.clone() });
    }
    lines.sort_by_cached_key(|read| read.line.name());
    let texts: Vec<&str> = lines.iter().map(|read| &read.text).chain(&unread).map(String::as_str).collect();
    write_whole(path, &(texts.join("\n") + "\n"))?;
    Ok(lines.into_iter().map(|read| read.line).collect())
}

fn read_file<T: Line>(path: &Path, warn: &dyn Fn(&str)) -> Result<Content<T>, Failure> {
    let mut content = Content { lines: Vec::new(), unread: Vec::new() };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(content),
        Err(error) => return Err(Failure::Input(format!("cannot read {}: {error}", path.display()))),
    };
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match serde_json::from_str(line) {
            Ok(read) => content.lines.push(Read { text: line.to_string(), line: read }),
            Err(error) => {
                let (path, place) = (path.display(), place + 1);
                warn(&format!(
                    "{path}:{place}: engram cannot read the line, and leaves it as it is ({error}): restore it"
                ));
                content.unread.push(line.to_string());
            }
        }
    }
    Ok(content)
}

/// The head of a line of any campaign.
#[derive(Deserialize)]
pub struct Head {
    /// The name of the run.
    pub run: String,
    /// The version of the trainer.
    pub trainer: u32,
}

/// The head of a line.
pub fn head(line: &str) -> Result<Head, serde_json::Error> {
    serde_json::from_str(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Figure {
        name: String,
        value: u32,
        #[serde(default)]
        later: Option<u32>,
    }

    impl Line for Figure {
        const TRAINER: u32 = 3;

        fn name(&self) -> String {
            self.name.clone()
        }

        fn replaces(&self, old: &Figure) -> bool {
            self.value == 100 && old.value == 7
        }
    }

    fn figure(name: &str, value: u32) -> Figure {
        Figure { name: name.into(), value, later: None }
    }

    fn read(path: &Path) -> Ledger<Figure> {
        Ledger::read(path, &|text| panic!("{text}")).unwrap()
    }

    #[test]
    fn lines_are_sorted_and_replaced_and_others_left_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs/figures.jsonl");
        let ledger = read(&path);
        ledger.keep(&[figure("b", 7), figure("c", 2)]).unwrap();
        ledger.keep(&[figure("a", 1)]).unwrap();
        assert_eq!(ledger.all(), [figure("a", 1), figure("b", 7), figure("c", 2)]);
        let written = std::fs::read_to_string(&path).unwrap();
        assert!(written.starts_with("{\"run\":\"a\",\"trainer\":3,\"name\":\"a\",\"value\":1"), "{written}");
        // A field of a later version stays where the line does.
        std::fs::write(&path, written.replace("\"value\":2", "\"value\":2,\"unknown\":[1]")).unwrap();
        ledger.keep(&[figure("d", 100)]).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().contains("\"unknown\":[1]"));
        assert_eq!(read(&path).all(), [figure("a", 1), figure("c", 2), figure("d", 100)]);
        let Head { run, trainer } = head(&text(&figure("e", 1)).unwrap()).unwrap();
        assert_eq!((run.as_str(), trainer), ("e", 3));
    }

    #[test]
    fn torn_lines_count_for_nothing_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figures.jsonl");
        read(&path).keep(&[figure("a", 1), figure("b", 2)]).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
        let warnings = Mutex::new(Vec::new());
        let ledger: Ledger<Figure> =
            Ledger::read(&path, &|text| warnings.lock().unwrap().push(text.to_string())).unwrap();
        assert_eq!(ledger.all(), [figure("a", 1)]);
        let warnings = warnings.into_inner().unwrap();
        assert!(warnings.len() == 1 && warnings[0].contains("figures.jsonl:2"), "{warnings:?}");
        ledger.keep(&[figure("c", 3)]).unwrap();
        let lines = std::fs::read_to_string(&path).unwrap();
        let names: Vec<_> = lines.lines().map(|line| line.split('"').nth(3).unwrap()).collect();
        assert_eq!(names, ["a", "c", "b"], "{lines}");
    }

    #[test]
    fn writers_at_once_lose_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("figures.jsonl");
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let path = &path;
                // Each has a ledger of its own, as processes have.
                scope.spawn(move || {
                    let ledger = read(path);
                    (0..10).for_each(|number| ledger.keep(&[figure(&format!("{writer}-{number}"), number)]).unwrap());
                });
            }
        });
        assert_eq!(read(&path).all().len(), 40);
    }
}
