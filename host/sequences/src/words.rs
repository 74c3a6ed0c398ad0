//! bAbI's stories as one stream of words: sentences, questions, and the answers that a network is to foretell.

use std::collections::{BTreeSet, HashMap};

use engram_babi::{DataSet, Source, Story};

use crate::error::SequenceError;
use crate::outside::Outside;
use crate::stream::StreamSet;

/// The symbol that begins a story.
pub const STORY: &str = "|";
/// The symbol that ends a sentence.
pub const STOP: &str = ".";
/// The symbol that ends a question; the answer stands behind it.
pub const ASK: &str = "?";

/// Every tenth training story is for validation.
const HELD_OUT: usize = 10;

/// The stories of some tasks, by turns, as words: `| mary went to the hallway . where is mary ? hallway john ...`. An answer
/// of several words (`milk,apple`) is one symbol. The network's state may be cleared where a story begins.
pub fn stream(tasks: &[DataSet]) -> Result<StreamSet, SequenceError> {
    let known: BTreeSet<&str> = tasks.iter().flat_map(DataSet::words).collect();
    let alphabet: Vec<&str> = [STORY, STOP, ASK].into_iter().chain(known).collect();
    if tasks.is_empty() || alphabet.len() > usize::from(u16::MAX) {
        let (found, expected) = (alphabet.len().to_string(), "those of at least one task, at most 65535");
        return Err(SequenceError::Setting { what: "number of different words", found, expected });
    }
    let symbol: HashMap<&str, u16> = alphabet.iter().copied().zip(0..).collect();
    let told = |story| words(story).into_iter().map(|word| symbol[word]);
    let (mut train, mut validation) = (Vec::new(), Vec::new());
    for (index, story) in by_turns(tasks, |task| &task.train) {
        let part = if index % HELD_OUT == HELD_OUT - 1 { &mut validation } else { &mut train };
        part.extend(told(story));
    }
    Ok(StreamSet {
        name: name(tasks),
        source: source(tasks),
        separator: " ",
        boundary: symbol.get(STORY).copied(),
        cue: symbol.get(ASK).copied(),
        outside: Outside::default(),
        train,
        validation,
        test: by_turns(tasks, |task| &task.test).flat_map(|(_, story)| told(story)).collect(),
        alphabet: alphabet.iter().map(ToString::to_string).collect(),
    })
}

/// The source of one task's stories.
fn source(tasks: &[DataSet]) -> Option<crate::source::Source> {
    let [DataSet { task, source, .. }] = tasks else { return None };
    Some(crate::source::Source::Babi { task: *task, generated: matches!(source, Source::Generated { .. }) })
}

fn name(tasks: &[DataSet]) -> String {
    let numbers: Vec<String> = tasks.iter().map(|task| task.task.to_string()).collect();
    let any = |of: fn(&Source) -> bool| tasks.iter().any(|task| of(&task.source));
    let whose = if any(|source| matches!(source, Source::Generated { .. })) {
        "generated bAbI"
    } else if any(|source| matches!(source, Source::Files(_))) {
        "own text as bAbI"
    } else {
        "bAbI"
    };
    format!("{whose} {} as words", numbers.join(", "))
}

/// The first story of every task, then the second, and so on, each with its index in its task.
fn by_turns(tasks: &[DataSet], part: fn(&DataSet) -> &[Story]) -> impl Iterator<Item = (usize, &Story)> {
    let longest = tasks.iter().map(|task| part(task).len()).max().unwrap_or(0);
    (0..longest).flat_map(move |index| tasks.iter().filter_map(move |task| Some((index, part(task).get(index)?))))
}

/// A story's words, with what it begins with and what ends sentences and questions.
fn words(story: &Story) -> Vec<&str> {
    let mut words = vec![STORY];
    for line in &story.lines {
        words.extend(line.words().iter().map(String::as_str));
        match line.answer() {
            None => words.push(STOP),
            Some(answer) => words.extend([ASK, answer]),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use engram_babi::Line;

    use super::*;

    #[test]
    fn stories_become_words() {
        let tasks = [1, 6].map(|task| DataSet::generate(task, 100, 20, 1).unwrap());
        let set = stream(&tasks).unwrap();
        assert_eq!(set.name, "generated bAbI 1, 6 as words");
        let text = set.decode(&set.test).unwrap();
        let mut stories = text.split(STORY);
        assert_eq!(stories.next(), Some(""));
        // The first story is task 1's, the second task 6's.
        for (task, told) in tasks.iter().zip(stories) {
            let lines: Vec<String> =
                told.split_inclusive([STOP, ASK].map(|end| end.chars().next().unwrap())).map(str::to_string).collect();
            let first = task.test[0].lines[0].words().join(" ");
            assert_eq!(lines[0], format!(" {first} {STOP}"));
        }
    }

    #[test]
    fn an_answer_stands_behind_every_cue() {
        let task = DataSet::generate(1, 100, 20, 1).unwrap();
        let set = stream(std::slice::from_ref(&task)).unwrap();
        let asked: Vec<&str> = task.test.iter().flat_map(|story| &story.lines).filter_map(Line::answer).collect();
        let cue = set.cue.unwrap();
        let told =
            set.test.windows(2).filter(|pair| pair[0] == cue).map(|pair| set.alphabet[usize::from(pair[1])].as_str());
        assert_eq!(told.collect::<Vec<_>>(), asked);
        assert_eq!(set.test.iter().filter(|&&symbol| Some(symbol) == set.boundary).count(), task.test.len());
        let stories = |part: &[u16]| part.iter().filter(|&&symbol| Some(symbol) == set.boundary).count();
        assert_eq!((stories(&set.train), stories(&set.validation)), (18, 2));
        assert_eq!(task.train.len(), 20);
    }

    #[test]
    fn no_task_is_refused() {
        assert!(stream(&[]).is_err());
    }
}
