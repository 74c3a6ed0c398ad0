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

use crate::data::{DataSet, Line, Parts, Source, Story};
use crate::encoding::{Fault, column, decode, invisible, shown};
use crate::error::{BabiError, Malformation};
use crate::names;
use crate::official::is_official;
use crate::spellings::Spellings;
use crate::text::{ends_sentence, tokens};

/// Stories as they stand in a file, and how they spell their words.
pub(crate) struct Text {
    stories: Vec<Story>,
    spellings: Spellings,
    /// Whether the file is the official one of its name.
    is_official: bool,
}

/// The stories of a task in a directory, those of the training file only where they are wanted. `note` is called with what a
/// reader should know of the text.
pub(crate) fn data_set(
    directory: &Path,
    task: u8,
    parts: Parts,
    note: &mut dyn FnMut(String),
) -> Result<DataSet, BabiError> {
    let [train, test] = files(task)?;
    let wanted: Vec<&String> = if parts == Parts::Test { vec![&test] } else { vec![&train, &test] };
    let missing = wanted.iter().filter(|name| !directory.join(name).is_file());
    let missing: Vec<String> = missing.map(ToString::to_string).collect();
    if !missing.is_empty() {
        return Err(BabiError::NoSuchTask { directory: directory.into(), task, missing, present: present(directory) });
    }
    let mut texts = wanted.iter().map(|name| text(&directory.join(name))).collect::<Result<Vec<Text>, _>>()?;
    let source = source(directory, task, texts.iter().all(|text| text.is_official))?;
    let spellings = texts.iter_mut().map(|text| std::mem::take(&mut text.spellings));
    let spellings = spellings.reduce(Spellings::and).unwrap_or_default();
    spellings.note().into_iter().for_each(|text| note(format!("{}: {text}", directory.display())));
    let test = texts.pop().map_or_else(Vec::new, |text| text.stories);
    let train = texts.pop().map_or_else(Vec::new, |text| text.stories);
    Ok(DataSet { task, source, train, test })
}

/// The tasks of which a directory holds both files, in ascending order.
pub fn present(directory: &Path) -> Vec<u8> {
    let is_there = |task: &u8| files(*task).is_ok_and(|names| names.iter().all(|name| directory.join(name).is_file()));
    names::tasks().filter(is_there).collect()
}

/// The stories of one file.
pub fn file(path: &Path) -> Result<Vec<Story>, BabiError> {
    Ok(text(path)?.stories)
}

fn text(path: &Path) -> Result<Text, BabiError> {
    let bytes = fs::read(path).map_err(|source| BabiError::Io { path: path.into(), source })?;
    let wrong = |fault| BabiError::Malformed { path: path.into(), fault };
    let decoded = decode(&bytes).map_err(|fault| wrong(fault.map(Malformation::Encoding)))?;
    let (stories, spellings) = read(&decoded).map_err(wrong)?;
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    Ok(Text { stories, spellings, is_official: is_official(name, &decoded) })
}

/// The stories in the bytes of a file; otherwise the place that is wrong, and why.
pub fn stories(bytes: &[u8]) -> Result<Vec<Story>, Fault<Malformation>> {
    let text = decode(bytes).map_err(|fault| fault.map(Malformation::Encoding))?;
    Ok(read(&text)?.0)
}

fn read(text: &str) -> Result<(Vec<Story>, Spellings), Fault<Malformation>> {
    // Empty lines at the end are no harm. A tab is kept: it makes the last line a question.
    let text = text.trim_end_matches(['\n', ' ']);
    if text.is_empty() {
        return Err(Fault { line: 1, column: 1, reason: Malformation::EmptyFile });
    }
    let (mut stories, mut spellings) = (Vec::new(), Spellings::default());
    for (index, line) in text.lines().enumerate() {
        add_line(&mut stories, &mut spellings, line).map_err(|Wrong { column, reason }| Fault {
            line: index + 1,
            column,
            reason,
        })?;
    }
    Ok((stories, spellings))
}

/// A fault of a line, and the column where it is.
struct Wrong {
    column: usize,
    reason: Malformation,
}

/// The fault of a part of a line.
fn wrong(line: &str, part: &str, reason: Malformation) -> Wrong {
    Wrong { column: column(line, part), reason }
}

fn add_line(stories: &mut Vec<Story>, spellings: &mut Spellings, text: &str) -> Result<(), Wrong> {
    if let Some((column, c)) = invisible(text) {
        return Err(Wrong { column, reason: Malformation::Invisible(c) });
    }
    let (number, rest) = numbered(text)?;
    if number == 1 {
        stories.push(Story::default());
    }
    let expected = stories.last().map_or(1, |story| story.lines.len() + 1);
    match stories.last_mut() {
        Some(story) if number == expected => {
            let line = line(story, text, rest)?;
            spellings.add(rest);
            story.lines.push(line);
            Ok(())
        }
        _ => Err(wrong(text, text, Malformation::Gap { found: number, expected })),
    }
}

/// The number a line begins with, and the rest.
fn numbered(text: &str) -> Result<(usize, &str), Wrong> {
    if text.trim().is_empty() {
        return Err(wrong(text, text, Malformation::EmptyLine));
    }
    let (number, rest) =
        text.split_once(|c: char| c.is_whitespace() && c != '\t').unwrap_or((text, &text[text.len()..]));
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    match number.parse() {
        Ok(number) if digits => Ok((number, rest)),
        _ => {
            let found = if number.is_empty() { text.chars().take(1).collect() } else { number.to_string() };
            Err(wrong(text, text, Malformation::NotNumbered(shown(&found))))
        }
    }
}

/// The text behind the number of a line, as the next line of a story.
fn line(story: &Story, whole: &str, text: &str) -> Result<Line, Wrong> {
    let fields: Vec<&str> = text.split('\t').collect();
    let words = tokens(fields[0]);
    let end = &fields[0][fields[0].trim_end().len()..];
    if words.is_empty() {
        return Err(wrong(whole, text, Malformation::NoWords));
    }
    match fields[1..] {
        [] if fields[0].trim_end().ends_with('?') => Err(wrong(whole, end, Malformation::NoAnswer)),
        [] => match behind_a_question(text) {
            Some(answer) => Err(wrong(whole, answer, Malformation::NoTab)),
            None => Ok(Line::Sentence(words)),
        },
        [written, ref supporting @ ..] if supporting.len() <= 1 => {
            let answer = tokens_of_answer(written);
            if answer.is_empty() {
                return Err(wrong(whole, written, Malformation::NoAnswer));
            }
            let facts = supporting.iter().flat_map(|field| field.split_whitespace());
            let fact = |fact| supporting_fact(story, fact).map_err(|reason| wrong(whole, fact, reason));
            Ok(Line::Question { words, answer, supporting: facts.map(fact).collect::<Result<_, _>>()? })
        }
        _ => Err(wrong(whole, fields[3], Malformation::TooManyFields(fields.len()))),
    }
}

/// An answer in the form of words: lower-cased.
fn tokens_of_answer(written: &str) -> String {
    written.trim().to_lowercase()
}

/// The text behind a question mark in a line without tabs: an answer behind spaces.
fn behind_a_question(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once('?')?;
    let rest = rest.trim_start();
    // A word may have a question mark in it.
    let is_apart = text[..text.len() - rest.len()].ends_with(char::is_whitespace);
    (is_apart && !rest.trim_end_matches(ends_sentence).is_empty()).then_some(rest)
}

/// The index of the sentence that a supporting fact names.
fn supporting_fact(story: &Story, fact: &str) -> Result<usize, Malformation> {
    let index = fact.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    match index {
        Some(index) if matches!(story.lines.get(index), Some(Line::Sentence(_))) => Ok(index),
        _ => Err(Malformation::NotSupporting { found: shown(fact), before: story.lines.len() + 1 }),
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

/// Where the files of a task in a directory are from: generated where the mark is beside them, official where their
/// contents are.
fn source(directory: &Path, task: u8, is_official: bool) -> Result<Source, BabiError> {
    let path = directory.join(mark(task)?);
    if !path.exists() {
        let directory = directory.to_path_buf();
        return Ok(if is_official { Source::Official(directory) } else { Source::Files(directory) });
    }
    let text = fs::read_to_string(&path).map_err(|source| BabiError::Io { path: path.clone(), source })?;
    let seed = text.trim().strip_prefix("generated, seed ").and_then(|seed| seed.parse().ok());
    match seed {
        Some(seed) => Ok(Source::Generated { seed }),
        None => Err(BabiError::NotAMark { path, found: shown(text.trim()) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::EncodingError;
    use proptest::prelude::*;

    fn reason(text: &str) -> (usize, usize, Malformation) {
        let Fault { line, column, reason } = stories(text.as_bytes()).expect_err(text);
        (line, column, reason)
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
    fn a_story_is_the_same_however_it_was_saved() {
        let text = "1 Zo\u{eb} moved to the caf\u{e9}.\n2 Where is Zo\u{eb}?\tcaf\u{e9}\t1\n";
        let expected = stories(text.as_bytes()).unwrap();
        let decomposed = text.replace('\u{eb}', "e\u{308}").replace('\u{e9}', "e\u{301}");
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for bytes in [format!("\u{feff}{text}").into_bytes(), decomposed.into_bytes(), utf16] {
            assert_eq!(stories(&bytes).unwrap(), expected);
        }
        assert_eq!(stories(text.replace('\n', "\r\n").as_bytes()).unwrap(), expected);
        assert_eq!(expected[0].lines[1].answer(), Some("caf\u{e9}"));
    }

    #[test]
    fn every_malformation_names_place_and_reason() {
        use Malformation::*;
        let not_supporting = |found: &str, before| NotSupporting { found: found.into(), before };
        let cases = [
            ("", 1, 1, EmptyFile),
            (" \n\n", 1, 1, EmptyFile),
            ("\u{feff}", 1, 1, EmptyFile),
            ("1 A.\n\n2 B.", 2, 1, EmptyLine),
            ("1 A.\n  \n2 B.", 2, 1, EmptyLine),
            ("Mary ran.", 1, 1, NotNumbered("Mary".into())),
            ("1\tMary ran.", 1, 1, NotNumbered("1\\tMary".into())),
            ("1 A.\n+2 B.", 2, 1, NotNumbered("+2".into())),
            ("1 A.\n 2 B.", 2, 1, NotNumbered(" ".into())),
            ("1 A.\n99999999999999999999999 B.", 2, 1, NotNumbered("99999999999999999999999".into())),
            ("2 A.", 1, 1, Gap { found: 2, expected: 1 }),
            ("1 A.\n2 B.\n4 C.", 3, 1, Gap { found: 4, expected: 3 }),
            ("1 A.\n2 B.\n2 C.", 3, 1, Gap { found: 2, expected: 3 }),
            ("0 A.", 1, 1, Gap { found: 0, expected: 1 }),
            ("1 A.\n2", 2, 2, NoWords),
            ("1 A.\n2 .\n3 B.", 2, 3, NoWords),
            ("1 A.\n2 ?\tmilk\t1", 2, 3, NoWords),
            ("1 A.\n2 Where? ", 2, 9, NoAnswer),
            ("1 A.\n2 Where? \t\t1", 2, 11, NoAnswer),
            ("1 A.\n2 Where\t", 2, 9, NoAnswer),
            ("1 A.\n2 Where?  milk  1", 2, 11, NoTab),
            ("1 A.\n2 Where? \tmilk\t1\t1", 2, 18, TooManyFields(4)),
            ("1 A.\n2 Where? \tmilk\tone", 2, 16, not_supporting("one", 2)),
            ("1 A.\n2 Where? \tmilk\t0", 2, 16, not_supporting("0", 2)),
            ("1 A.\n2 Where? \tmilk\t2", 2, 16, not_supporting("2", 2)),
            ("1 A.\n2 Where? \tmilk\t1 3\n3 B.", 2, 18, not_supporting("3", 2)),
            ("1 A.\n2 Where? \tmilk\t1\n3 Where? \tmilk\t2", 3, 16, not_supporting("2", 3)),
            ("1 A.\n1 B.\n2 Where? \tmilk\t2", 3, 16, not_supporting("2", 2)),
            ("1 A.\n2 Mary\u{7} ran.", 2, 7, Invisible('\u{7}')),
            ("1 A.\n2 \u{feff}Mary ran.", 2, 3, Invisible('\u{feff}')),
        ];
        for (text, line, column, expected) in cases {
            assert_eq!(reason(text), (line, column, expected), "{text:?}");
        }
        let latin = Fault { line: 2, column: 3, reason: Encoding(EncodingError::NotUtf8(0xff)) };
        assert_eq!(stories(b"1 A.\n2 \xff.").unwrap_err(), latin);
        // A question mark within a word, or behind the last, is none that an answer follows.
        assert!(stories(b"1 What?ever ran.\n2 Really?!").is_ok());
    }

    #[test]
    fn an_error_names_file_line_and_reason() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("qa1_single-supporting-fact_train.txt");
        fs::write(&path, "1 Mary ran.\n3 John ran.\n").unwrap();
        let message = file(&path).unwrap_err().to_string();
        assert!(message.starts_with(&path.display().to_string()), "{message}");
        assert!(
            message.contains("line 2, column 1: the line has number 3, but must have 2 (or 1, where a story begins)"),
            "{message}"
        );
        assert!(matches!(file(&directory.path().join("none")), Err(BabiError::Io { .. })));
    }

    #[test]
    fn a_missing_task_says_what_was_looked_for_and_what_is_there() {
        let directory = tempfile::tempdir().unwrap();
        let read = |task| DataSet::read(directory.path(), task);
        let message = read(1).unwrap_err().to_string();
        assert!(message.contains("qa1_single-supporting-fact_train.txt and qa1_single-supporting-fact_test.txt"));
        assert!(message.contains("the folder has no task at all"), "{message}");
        for task in [2, 11] {
            files(task).unwrap().iter().for_each(|name| fs::write(directory.path().join(name), "1 A.").unwrap());
        }
        fs::write(directory.path().join(&files(3).unwrap()[1]), "1 A.").unwrap();
        let message = read(3).unwrap_err().to_string();
        assert!(
            message.contains(
                "lacks qa3_three-supporting-facts_train.txt, the text of task 3; the folder has the tasks 2, 11"
            ),
            "{message}"
        );
        assert!(matches!(read(21), Err(BabiError::UnknownTask(21))));
    }

    #[test]
    fn a_mark_that_makes_no_sense_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        files(1).unwrap().iter().for_each(|name| fs::write(directory.path().join(name), "1 A.").unwrap());
        fs::write(directory.path().join(mark(1).unwrap()), "generated, seed x").unwrap();
        assert!(matches!(DataSet::read(directory.path(), 1), Err(BabiError::NotAMark { .. })));
    }

    #[test]
    fn test_stories_need_no_training_file() {
        let directory = tempfile::tempdir().unwrap();
        let [train, test] = files(3).unwrap();
        fs::write(directory.path().join(test), "1 Mary ran.\n2 Who ran?\tmary\t1\n").unwrap();
        let read = |parts| DataSet::read_parts(directory.path(), 3, parts, &mut |_| ());
        let data = read(Parts::Test).unwrap();
        assert_eq!((data.train.len(), data.test[0].questions()), (0, 1));
        let missing = read(Parts::Both).unwrap_err().to_string();
        assert!(missing.contains(&train) && missing.contains("lacks"), "{missing}");
    }

    #[test]
    fn other_text_is_not_called_official_and_its_spellings_are_noted() {
        let directory = tempfile::tempdir().unwrap();
        let [train, test] = files(1).unwrap();
        fs::write(directory.path().join(train), "1 The US ran.\n").unwrap();
        fs::write(directory.path().join(test), "1 Who saw us?\tus\n").unwrap();
        let mut notes = Vec::new();
        let data = DataSet::read_parts(directory.path(), 1, Parts::Both, &mut |note| notes.push(note)).unwrap();
        assert_eq!(data.source, Source::Files(directory.path().into()));
        assert_eq!(data.source.to_string(), format!("text of {}", directory.path().display()));
        let refused = data.clone().known().unwrap_err().to_string();
        assert!(refused.contains("is not the official text of task 1"), "{refused}");
        let silent = data.asking(Parts::Both).unwrap_err().to_string();
        assert!(silent.contains("the training text of task 1 has no question"), "{silent}");
        assert!(notes.len() == 1 && notes[0].ends_with("'US' and 'us'"), "{notes:?}");
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
