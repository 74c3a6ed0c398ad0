//! Reads the official bAbI format.
//!
//! ```text
//! 1 Mary moved to the bathroom.
//! 2 John went to the hallway.
//! 3 Where is Mary? <tab>bathroom<tab>1
//! ```
//! Every line begins with its number in the story; the number 1 begins a new story. A question is followed by a tab, the
//! answer, a tab, and the numbers of the supporting sentences.

use std::fs;
use std::path::Path;

use crate::data::{DataSet, Line, Source, Story};
use crate::error::{BabiError, Malformation};
use crate::names;
use crate::text::tokens;

/// The training and test stories of a task in a directory.
pub(crate) fn data_set(directory: &Path, task: u8) -> Result<DataSet, BabiError> {
    let files = files(task)?;
    let missing: Vec<String> = files.iter().filter(|name| !directory.join(name).is_file()).cloned().collect();
    if !missing.is_empty() {
        return Err(BabiError::NoSuchTask { directory: directory.into(), task, missing, present: present(directory) });
    }
    let [train, test] = files.map(|name| file(&directory.join(name)));
    Ok(DataSet { task, source: source(directory, task)?, train: train?, test: test? })
}

/// The tasks of which a directory holds both files, in ascending order.
pub fn present(directory: &Path) -> Vec<u8> {
    let is_there = |task: &u8| files(*task).is_ok_and(|names| names.iter().all(|name| directory.join(name).is_file()));
    names::tasks().filter(is_there).collect()
}

/// The stories of one file.
pub fn file(path: &Path) -> Result<Vec<Story>, BabiError> {
    let bytes = fs::read(path).map_err(|source| BabiError::Io { path: path.into(), source })?;
    stories(&bytes).map_err(|(line, reason)| BabiError::Malformed { path: path.into(), line, reason })
}

/// The stories in the bytes of a file; otherwise the line that is wrong, counted from 1, and why.
pub fn stories(bytes: &[u8]) -> Result<Vec<Story>, (usize, Malformation)> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        (1 + before.iter().filter(|&&byte| byte == b'\n').count(), Malformation::NotUtf8)
    })?;
    // Empty lines at the end are no harm. A tab is kept: it makes the last line a question.
    let text = text.trim_end_matches(['\n', '\r', ' ']);
    if text.is_empty() {
        return Err((1, Malformation::EmptyFile));
    }
    let mut stories: Vec<Story> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        add_line(&mut stories, line).map_err(|reason| (index + 1, reason))?;
    }
    Ok(stories)
}

fn add_line(stories: &mut Vec<Story>, text: &str) -> Result<(), Malformation> {
    let (number, rest) = numbered(text)?;
    if number == 1 {
        stories.push(Story::default());
    }
    let expected = stories.last().map_or(1, |story| story.lines.len() + 1);
    match stories.last_mut() {
        Some(story) if number == expected => {
            let line = line(story, rest)?;
            story.lines.push(line);
            Ok(())
        }
        _ => Err(Malformation::Gap { found: number, expected }),
    }
}

/// The number a line begins with, and the rest.
fn numbered(text: &str) -> Result<(usize, &str), Malformation> {
    if text.trim().is_empty() {
        return Err(Malformation::EmptyLine);
    }
    let (number, rest) = text.split_once(' ').unwrap_or((text, ""));
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    match number.parse() {
        Ok(number) if digits => Ok((number, rest)),
        _ => Err(Malformation::NotNumbered(number.chars().take(20).collect())),
    }
}

/// The line behind its number, as the next one of a story.
fn line(story: &Story, text: &str) -> Result<Line, Malformation> {
    let fields: Vec<&str> = text.split('\t').collect();
    let words = tokens(fields[0]);
    if words.is_empty() {
        return Err(Malformation::NoWords);
    }
    match fields[1..] {
        [] if fields[0].trim_end().ends_with('?') => Err(Malformation::NoAnswer),
        [] => Ok(Line::Sentence(words)),
        [answer, ref supporting @ ..] if supporting.len() <= 1 => {
            let answer = answer.trim().to_lowercase();
            if answer.is_empty() {
                return Err(Malformation::NoAnswer);
            }
            let facts = supporting.iter().flat_map(|field| field.split_whitespace());
            let supporting = facts.map(|fact| supporting_fact(story, fact)).collect::<Result<_, _>>()?;
            Ok(Line::Question { words, answer, supporting })
        }
        _ => Err(Malformation::TooManyFields(fields.len())),
    }
}

/// The index of the sentence that a supporting fact names.
fn supporting_fact(story: &Story, fact: &str) -> Result<usize, Malformation> {
    let index = fact.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match index {
        Some(index) if matches!(story.lines.get(index), Some(Line::Sentence(_))) => Ok(index),
        _ => Err(Malformation::NotSupporting { found: fact.chars().take(20).collect(), before: story.lines.len() + 1 }),
    }
}

/// The names of a task's training and test file.
pub(crate) fn files(task: u8) -> Result<[String; 2], BabiError> {
    match (names::file(task, "train"), names::file(task, "test")) {
        (Some(train), Some(test)) => Ok([train, test]),
        _ => Err(BabiError::UnknownTask(task)),
    }
}

/// The name of the file beside a task's files that says they are generated, and from which seed.
pub(crate) fn mark(task: u8) -> Result<String, BabiError> {
    names::file(task, "generated").ok_or(BabiError::UnknownTask(task))
}

/// Where the files of a task in a directory are from: generated where the mark is beside them.
fn source(directory: &Path, task: u8) -> Result<Source, BabiError> {
    let path = directory.join(mark(task)?);
    if !path.exists() {
        return Ok(Source::Official(directory.into()));
    }
    let text = fs::read_to_string(&path).map_err(|source| BabiError::Io { path: path.clone(), source })?;
    let seed = text.trim().strip_prefix("generated, seed ").and_then(|seed| seed.parse().ok());
    match seed {
        Some(seed) => Ok(Source::Generated { seed }),
        None => Err(BabiError::NotAMark { path, found: text.trim().chars().take(40).collect() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(text: &str) -> (usize, Malformation) {
        stories(text.as_bytes()).expect_err(text)
    }

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(String::from).collect()
    }

    #[test]
    fn two_stories_are_told_apart() {
        let text = "1 Mary got the milk.\n2 John ran.\n3 Where is the milk? \tBath,Hall\t2 1\n1 Fred sat.\n\n";
        let read = stories(text.as_bytes()).unwrap();
        let question =
            Line::Question { words: words("where is the milk"), answer: "bath,hall".into(), supporting: vec![1, 0] };
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].lines[1..], [Line::Sentence(words("john ran")), question]);
        assert_eq!(read[1].lines, [Line::Sentence(words("fred sat"))]);
    }

    #[test]
    fn line_ends_of_any_kind_and_missing_supporting_facts_are_read() {
        let read = stories(b"1 Mary ran.\r\n2 Who ran?\tmary\r\n3 Who ran?\tmary\t").unwrap();
        assert_eq!(read[0].questions(), 2);
    }

    #[test]
    fn every_malformation_names_line_and_reason() {
        use Malformation::*;
        let not_supporting = |found: &str, before| NotSupporting { found: found.into(), before };
        let cases = [
            ("", 1, EmptyFile),
            (" \n\n", 1, EmptyFile),
            ("1 A.\n\n2 B.", 2, EmptyLine),
            ("1 A.\n  \n2 B.", 2, EmptyLine),
            ("Mary ran.", 1, NotNumbered("Mary".into())),
            ("1 A.\n+2 B.", 2, NotNumbered("+2".into())),
            ("1 A.\n 2 B.", 2, NotNumbered("".into())),
            ("1 A.\n99999999999999999999999 B.", 2, NotNumbered("99999999999999999999".into())),
            ("2 A.", 1, Gap { found: 2, expected: 1 }),
            ("1 A.\n2 B.\n4 C.", 3, Gap { found: 4, expected: 3 }),
            ("1 A.\n2 B.\n2 C.", 3, Gap { found: 2, expected: 3 }),
            ("0 A.", 1, Gap { found: 0, expected: 1 }),
            ("1 A.\n2", 2, NoWords),
            ("1 A.\n2 .\n3 B.", 2, NoWords),
            ("1 A.\n2 ?\tmilk\t1", 2, NoWords),
            ("1 A.\n2 Where? ", 2, NoAnswer),
            ("1 A.\n2 Where? \t\t1", 2, NoAnswer),
            ("1 A.\n2 Where\t", 2, NoAnswer),
            ("1 A.\n2 Where? \tmilk\t1\t1", 2, TooManyFields(4)),
            ("1 A.\n2 Where? \tmilk\tone", 2, not_supporting("one", 2)),
            ("1 A.\n2 Where? \tmilk\t0", 2, not_supporting("0", 2)),
            ("1 A.\n2 Where? \tmilk\t2", 2, not_supporting("2", 2)),
            ("1 A.\n2 Where? \tmilk\t1 3\n3 B.", 2, not_supporting("3", 2)),
            ("1 A.\n2 Where? \tmilk\t1\n3 Where? \tmilk\t2", 3, not_supporting("2", 3)),
            ("1 A.\n1 B.\n2 Where? \tmilk\t2", 3, not_supporting("2", 2)),
        ];
        for (text, line, expected) in cases {
            assert_eq!(reason(text), (line, expected), "{text:?}");
        }
        assert_eq!(stories(b"1 A.\n2 \xff.").unwrap_err(), (2, NotUtf8));
    }

    #[test]
    fn an_error_names_file_line_and_reason() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("qa1_single-supporting-fact_train.txt");
        fs::write(&path, "1 Mary ran.\n3 John ran.\n").unwrap();
        let message = file(&path).unwrap_err().to_string();
        assert!(message.starts_with(&path.display().to_string()), "{message}");
        assert!(
            message.ends_with("line 2: the line has number 3, but must have 2 (or 1, where a story begins)"),
            "{message}"
        );
        assert!(matches!(file(&directory.path().join("none")), Err(BabiError::Io { .. })));
    }

    #[test]
    fn a_missing_task_says_what_was_looked_for_and_what_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let message = data_set(directory.path(), 1).unwrap_err().to_string();
        assert!(message.contains("qa1_single-supporting-fact_train.txt and qa1_single-supporting-fact_test.txt"));
        assert!(message.contains("the folder has no task at all"), "{message}");
        for task in [2, 11] {
            files(task).unwrap().iter().for_each(|name| fs::write(directory.path().join(name), "1 A.").unwrap());
        }
        fs::write(directory.path().join(&files(3).unwrap()[1]), "1 A.").unwrap();
        let message = data_set(directory.path(), 3).unwrap_err().to_string();
        assert!(
            message.contains(
                "lacks qa3_three-supporting-facts_train.txt, the text of task 3; the folder has the tasks 2, 11"
            ),
            "{message}"
        );
        assert!(matches!(data_set(directory.path(), 21), Err(BabiError::UnknownTask(21))));
    }

    #[test]
    fn a_mark_that_makes_no_sense_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        files(1).unwrap().iter().for_each(|name| fs::write(directory.path().join(name), "1 A.").unwrap());
        fs::write(directory.path().join(mark(1).unwrap()), "generated, seed x").unwrap();
        assert!(matches!(data_set(directory.path(), 1), Err(BabiError::NotAMark { .. })));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = stories(&bytes);
        }

        /// Text that is nearly right reaches every check, and what is accepted keeps the promises of the types.
        #[test]
        fn arbitrary_lines_never_panic(lines in prop::collection::vec("[0-3]{0,2} ?(\\PC{0,4}|[A-c]{1,3})[.? ]?(\t[a-b ]{0,2}(\t[0-4 ]{0,3})?)?", 0..6)) {
            let Ok(stories) = stories(lines.join("\n").as_bytes()) else { return Ok(()) };
            for story in &stories {
                for (index, line) in story.lines.iter().enumerate() {
                    prop_assert!(!line.words().is_empty());
                    if let Line::Question { answer, supporting, .. } = line {
                        prop_assert!(!answer.is_empty());
                        prop_assert!(supporting.iter().all(|&fact| fact < index && !story.lines[fact].is_question()));
                    }
                }
            }
        }
    }
}
