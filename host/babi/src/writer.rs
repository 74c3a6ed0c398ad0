//! Writes the official bAbI format.

use std::fs;
use std::path::{Path, PathBuf};

use crate::data::{DataSet, Line, Source, Story};
use crate::error::BabiError;
use crate::names;
use crate::reader::{files, mark};

/// Writes both files of a task, and the mark where the text is generated.
pub(crate) fn data_set(data: &DataSet, directory: &Path) -> Result<(), BabiError> {
    let [train, test] = files(data.task)?;
    let mark = directory.join(mark(data.task)?);
    fs::create_dir_all(directory).map_err(|source| BabiError::Io { path: directory.into(), source })?;
    // Generated text is marked before it is there, official text loses the mark after: a write that is cut short may call
    // official text generated, never the other way round.
    if let Source::Generated { .. } = data.source {
        replace(&mark, &format!("{}\n", data.source))?;
    }
    replace(&directory.join(train), &text(data.task, &data.train))?;
    replace(&directory.join(test), &text(data.task, &data.test))?;
    if let Source::Official(_) | Source::Files(_) = data.source
        && mark.exists()
    {
        fs::remove_file(&mark).map_err(|source| BabiError::Io { path: mark, source })?;
    }
    Ok(())
}

/// The first file that would be replaced and is not generated.
pub(crate) fn in_the_way(data: &DataSet, directory: &Path) -> Result<Option<PathBuf>, BabiError> {
    let [train, test] = files(data.task)?.map(|name| directory.join(name));
    if directory.join(mark(data.task)?).exists() {
        return Ok(None);
    }
    let differs = |path: &Path, stories: &[Story]| match fs::read(path) {
        Ok(bytes) => bytes != text(data.task, stories).as_bytes(),
        Err(_) => path.exists(),
    };
    let other = [(train, &data.train), (test, &data.test)].into_iter().find(|(path, stories)| differs(path, stories));
    Ok(other.map(|(path, _)| path))
}

/// The text of a task's stories, as the official files have it.
pub fn text(task: u8, stories: &[Story]) -> String {
    let lines = stories.iter().flat_map(|story| story.lines.iter().enumerate());
    lines.map(|(index, line)| format!("{} {}\n", index + 1, line_text(task, line))).collect()
}

fn line_text(task: u8, line: &Line) -> String {
    let sentence = capitalised(line.words());
    match line {
        Line::Sentence(_) => format!("{sentence}."),
        Line::Question { answer, supporting, .. } => {
            let answer = if names::is_proper(answer) { with_capital(answer) } else { answer.clone() };
            let facts: Vec<String> = supporting.iter().map(|index| (index + 1).to_string()).collect();
            format!("{sentence}?{}\t{answer}\t{}", space_after_question(task), facts.join(" "))
        }
    }
}

/// Most of the official files have a space between the question mark and the tab.
fn space_after_question(task: u8) -> &'static str {
    if matches!(task, 4 | 15..=20) { "" } else { " " }
}

fn capitalised(words: &[String]) -> String {
    let written = |(index, word): (usize, &String)| {
        if index == 0 || names::is_proper(word) { with_capital(word) } else { word.clone() }
    };
    words.iter().enumerate().map(written).collect::<Vec<_>>().join(" ")
}

fn with_capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// Puts a text in the place of a file; no reader sees half of it.
fn replace(path: &Path, text: &str) -> Result<(), BabiError> {
    engram_files::write(path, text).map_err(|source| BabiError::Io { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader;
    use proptest::prelude::*;

    fn generated() -> DataSet {
        DataSet::generate(6, 12, 7, 3).unwrap()
    }

    #[test]
    fn generated_text_is_known_again_as_generated() {
        let directory = tempfile::tempdir().unwrap();
        let folder = directory.path().join("new").join("folder");
        generated().write(&folder).unwrap();
        assert_eq!(DataSet::read(&folder, 6).unwrap(), generated());
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3, "no temporary file stays");
    }

    #[test]
    fn official_text_takes_the_mark_away() {
        let directory = tempfile::tempdir().unwrap();
        generated().write(directory.path()).unwrap();
        let official = DataSet { source: Source::Files(directory.path().into()), ..generated() };
        official.write(directory.path()).unwrap();
        assert_eq!(DataSet::read(directory.path(), 6).unwrap(), official);
    }

    #[test]
    fn what_cannot_be_written_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(generated().write(&file), Err(BabiError::Io { .. })));
        let unknown = DataSet { task: 0, ..generated() };
        assert!(matches!(unknown.write(directory.path()), Err(BabiError::UnknownTask(0))));
    }

    fn sentence() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[a-zé]{1,6}", 1..5)
    }

    /// Stories of one to five sentences, each with a question behind it that names some of the sentences.
    fn story() -> impl Strategy<Value = Story> {
        let pair = (sentence(), sentence(), "[a-z,]{1,6}", prop::collection::vec(0usize..5, 0..3));
        prop::collection::vec(pair, 1..5).prop_map(|pairs| {
            let lines = pairs.into_iter().enumerate().flat_map(|(index, (words, question, answer, facts))| {
                let supporting = facts.into_iter().map(|fact| 2 * (fact % (index + 1))).collect();
                [Line::Sentence(words), Line::Question { words: question, answer, supporting }]
            });
            Story { lines: lines.collect() }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(stories in prop::collection::vec(story(), 1..4), task in 1u8..=20) {
            prop_assert_eq!(reader::stories(text(task, &stories).as_bytes()), Ok(stories));
        }
    }
}
