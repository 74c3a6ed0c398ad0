//! Measures how near generated text is to the official one, and decides whether it is near enough.
//!
//! The yardstick is the official text itself: its training and test file are two samples of the same thing. Generated text
//! is accepted where the vocabulary is equal and no distribution is further from the training file than twice as far as the
//! test file is. Distances between samples grow with chance as samples shrink, so all are measured between blocks of equal
//! size (1000 questions, a test file's), and the mean is taken over all pairs of blocks. So compare with the text of 10,000
//! training questions where it is there: from that of 1000 there is one pair, and where its two blocks happen to be alike, as
//! in tasks 5, 7, 9 and 14, nothing is accepted, not even the official larger text.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::LazyLock;

use serde::Serialize;

use crate::data::{DataSet, Line, Story};
use crate::error::BabiError;
use crate::generate::wording::{GIVERS, OBJECTS, PEOPLE, PLACES, TOWN, TOWNSPEOPLE};
use crate::generate::{deduction, induction, motivation};

/// Questions of a block.
pub const BLOCK: usize = 1000;

/// How much further than the test file generated text may be from the training file.
pub const TOLERANCE: f64 = 2.0;

/// How often each value occurs.
type Counts = BTreeMap<String, usize>;

/// A distribution that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// The answers.
    Answers,
    /// Sentences and questions with people, places, things and the like made alike.
    Templates,
    /// The lines of a story.
    StoryLengths,
    /// How many lines before its question a supporting fact stands.
    Support,
}

impl Measure {
    /// All of them.
    pub const ALL: [Measure; 4] = [Measure::Answers, Measure::Templates, Measure::StoryLengths, Measure::Support];

    /// The name in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Measure::Answers => "answers",
            Measure::Templates => "templates",
            Measure::StoryLengths => "story lengths",
            Measure::Support => "support",
        }
    }

    /// How often each value occurs in some stories.
    fn counts(self, stories: &[Story]) -> Counts {
        let mut counts = Counts::new();
        let mut count = |value: String| *counts.entry(value).or_default() += 1;
        for story in stories {
            if self == Measure::StoryLengths {
                count(story.lines.len().to_string());
            }
            for (index, line) in story.lines.iter().enumerate() {
                match (self, line) {
                    (Measure::Templates, line) => count(template(line.words())),
                    (Measure::Answers, Line::Question { answer, .. }) => count(answer.clone()),
                    (Measure::Support, Line::Question { supporting, .. }) => {
                        supporting.iter().for_each(|fact| count((index - fact).to_string()));
                    }
                    _ => {}
                }
            }
        }
        counts
    }

    /// The total-variation distance of two texts: half the sum of the differences of the frequencies, from 0 to 1.
    pub fn distance(self, one: &[Story], other: &[Story]) -> f64 {
        total_variation(&self.counts(one), &self.counts(other))
    }
}

fn total_variation(one: &Counts, other: &Counts) -> f64 {
    let total = |counts: &Counts| counts.values().sum::<usize>().max(1) as f64;
    let frequency = |counts: &Counts, value| counts.get(value).map_or(0.0, |&count| count as f64);
    let (all_one, all_other) = (total(one), total(other));
    let values: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let difference = |value| (frequency(one, value) / all_one - frequency(other, value) / all_other).abs();
    values.into_iter().map(difference).sum::<f64>() / 2.0
}

/// The distances of one measure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distance {
    /// The property of the text that is compared.
    pub measure: Measure,
    /// Between official training and test text, the mean over pairs of blocks.
    pub official: f64,
    /// Between generated and official training text, the mean over pairs of blocks.
    pub generated: f64,
    /// Between the whole generated and the whole official training text: smaller where there is more text, if the
    /// generator fits.
    pub whole: f64,
    /// Whether `generated` is at most [`TOLERANCE`] times `official`.
    pub accepted: bool,
}

/// How near generated text is to the official one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acceptance {
    /// The task's number.
    pub task: u8,
    /// Different words of the generated text, those of answers included: what a vocabulary has to hold.
    pub words: usize,
    /// Words that only the official text has.
    pub missing: Vec<String>,
    /// Words that only the generated text has.
    pub added: Vec<String>,
    /// The distances, one a measure.
    pub distances: Vec<Distance>,
}

impl Acceptance {
    /// Whether the vocabulary is equal and every distance is small enough.
    pub fn accepted(&self) -> bool {
        self.missing.is_empty() && self.added.is_empty() && self.distances.iter().all(|distance| distance.accepted)
    }
}

impl fmt::Display for Acceptance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "task {}       train-test  generated    limit    whole", self.task)?;
        for Distance { measure, official, generated, whole, accepted } in &self.distances {
            let (name, limit) = (measure.name(), TOLERANCE * official);
            let verdict = if *accepted { "" } else { "  too far" };
            writeln!(f, "{name:<14} {official:>9.4} {generated:>10.4} {limit:>8.4} {whole:>8.4}{verdict}")?;
        }
        let vocabulary = match (&self.missing[..], &self.added[..]) {
            ([], []) => "equal".to_string(),
            (missing, added) => format!("missing {missing:?}, added {added:?}"),
        };
        write!(f, "vocabulary     {vocabulary}")
    }
}

/// Compares generated with official text of the same task. Generate some thousand questions for training, so that the
/// means are steady.
pub fn compare(generated: &DataSet, official: &DataSet) -> Result<Acceptance, BabiError> {
    if generated.task != official.task {
        return Err(BabiError::DifferentTasks { generated: generated.task, official: official.task });
    }
    let (ours, theirs) = (items(generated), items(official));
    let only = |one: &BTreeSet<&str>, other| one.difference(other).map(|word| word.to_string()).collect();
    Ok(Acceptance {
        task: official.task,
        words: generated.words().len(),
        missing: only(&theirs, &ours),
        added: only(&ours, &theirs),
        distances: Measure::ALL.map(|measure| distance(measure, generated, official)).into(),
    })
}

/// The words of a data set, where an answer of several items counts as its items: which of the many combinations a text
/// happens to have is chance.
fn items(data: &DataSet) -> BTreeSet<&str> {
    data.words().into_iter().flat_map(|word| word.split(',')).collect()
}

fn distance(measure: Measure, generated: &DataSet, official: &DataSet) -> Distance {
    let blocks = |stories| blocks(stories).into_iter().map(|block| measure.counts(block)).collect::<Vec<_>>();
    let (ours, train, test) = (blocks(&generated.train), blocks(&official.train), blocks(&official.test));
    let between_official = mean_distance(&train, &test);
    let between = mean_distance(&ours, &train);
    Distance {
        measure,
        official: between_official,
        generated: between,
        whole: measure.distance(&generated.train, &official.train),
        accepted: between <= TOLERANCE * between_official,
    }
}

/// The mean distance of all pairs of blocks, of which there are some.
fn mean_distance(one: &[Counts], other: &[Counts]) -> f64 {
    let pairs = one.iter().flat_map(|left| other.iter().map(move |right| total_variation(left, right)));
    pairs.sum::<f64>() / (one.len() * other.len()) as f64
}

/// The stories in blocks of [`BLOCK`] questions; a rest that is shorter only where there is nothing else.
fn blocks(stories: &[Story]) -> Vec<&[Story]> {
    let mut blocks = Vec::new();
    let (mut start, mut questions) = (0, 0);
    for (index, story) in stories.iter().enumerate() {
        questions += story.questions();
        if questions >= BLOCK {
            blocks.push(&stories[start..=index]);
            (start, questions) = (index + 1, 0);
        }
    }
    if blocks.is_empty() {
        blocks.push(stories);
    }
    blocks
}

/// Words that a template makes alike, by their kind.
const KINDS: [(&str, &[&[&str]]); 9] = [
    ("PERSON", &[&PEOPLE, &GIVERS, &TOWNSPEOPLE, &motivation::PEOPLE]),
    ("PLACE", &[&PLACES, &TOWN]),
    ("THING", &[&OBJECTS, &["pajamas"]]),
    ("ANIMAL", &[&deduction::NAMES, &induction::NAMES]),
    ("KIND", &[&["mouse", "wolf", "cat"], &induction::KINDS]),
    ("KINDS", &[&["mice", "wolves", "cats", "sheep"]]),
    ("COLOUR", &[&induction::COLOURS, &["red", "blue", "pink"]]),
    ("SHAPE", &[&["triangle", "rectangle", "sphere", "square"]]),
    ("CONTAINER", &[&["box", "chest", "container", "suitcase"]]),
];

/// The kind of each word that has one.
static KIND_OF: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let words = |(kind, lists): &'static (&str, &[&[&str]])| {
        lists.iter().flat_map(|list| list.iter()).map(move |&word| (word, *kind))
    };
    KINDS.iter().flat_map(words).collect()
});

/// A sentence with its people, places and things made alike, and its animals, colours, shapes and containers.
fn template(words: &[String]) -> String {
    let alike = |word: &String| KIND_OF.get(word.as_str()).copied().unwrap_or(word).to_string();
    words.iter().map(alike).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader;

    #[test]
    fn total_variation_is_half_the_difference() {
        let counts = |pairs: &[(&str, usize)]| pairs.iter().map(|&(value, count)| (value.to_string(), count)).collect();
        let (one, other) = (counts(&[("a", 3), ("b", 1)]), counts(&[("a", 1), ("c", 1)]));
        assert_eq!(total_variation(&one, &other), 0.5);
        assert_eq!(total_variation(&one, &one), 0.0);
        assert_eq!(total_variation(&counts(&[("a", 2)]), &counts(&[("b", 5)])), 1.0);
    }

    #[test]
    fn measures_count_what_they_say() {
        let stories =
            reader::stories(b"1 Mary took the milk there.\n2 John took the apple there.\n3 Who?\tmary\t1").unwrap();
        let counts = |measure: Measure| measure.counts(&stories).into_iter().collect::<Vec<_>>();
        assert_eq!(counts(Measure::Answers), [("mary".to_string(), 1)]);
        assert_eq!(
            counts(Measure::Templates),
            [("PERSON took the THING there".to_string(), 2), ("who".to_string(), 1)]
        );
        assert_eq!(counts(Measure::StoryLengths), [("3".to_string(), 1)]);
        assert_eq!(counts(Measure::Support), [("2".to_string(), 1)]);
    }

    #[test]
    fn blocks_are_of_equal_size() {
        let sizes = |questions| {
            let data = DataSet::generate(1, questions, 1, 1).unwrap();
            let questions = |block: &[Story]| block.iter().map(Story::questions).sum::<usize>();
            blocks(&data.train).into_iter().map(questions).collect::<Vec<_>>()
        };
        assert_eq!((sizes(0), sizes(30), sizes(2400)), (vec![0], vec![30], vec![1000, 1000]));
    }

    #[test]
    fn text_without_stories_is_compared_without_panic() {
        let empty = DataSet::generate(1, 0, 0, 1).unwrap();
        assert!(compare(&empty, &empty).unwrap().accepted());
        let result = compare(&empty, &DataSet::generate(1, 100, 100, 1).unwrap()).unwrap();
        assert!(!result.accepted() && result.to_string().contains("missing"), "{result}");
    }
}
