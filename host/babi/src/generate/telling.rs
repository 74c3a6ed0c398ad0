//! A story while it is told, and the rhythm that most tasks share: two sentences, then a question about what was said last.

use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::wording::words;
use crate::data::{Line, Story};

/// Where all chance comes from: the same numbers on every machine.
pub type Random = ChaCha8Rng;

/// Questions of a story.
pub const QUESTIONS: usize = 5;
/// Sentences before each question.
pub const SENTENCES: usize = 2;
/// How many clauses back what is asked about was said. ("Mary and John moved" counts as two clauses.)
const WINDOW: usize = 5;

/// A question, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Lower-cased and without its mark.
    pub text: String,
    /// The answer.
    pub answer: String,
    /// The lines that it follows from.
    pub supporting: Vec<usize>,
}

impl Question {
    /// A question with its answer and the lines that it follows from.
    pub fn new(text: impl Into<String>, answer: impl Into<String>, supporting: impl Into<Vec<usize>>) -> Question {
        Question { text: text.into(), answer: answer.into(), supporting: supporting.into() }
    }
}

/// The lines so far.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    lines: Vec<Line>,
}

impl Telling {
    /// Says a sentence, which is lower-cased and without its mark. Returns its line.
    pub fn say(&mut self, text: &str) -> usize {
        self.lines.push(Line::Sentence(words(text)));
        self.lines.len() - 1
    }

    /// Asks a question.
    pub fn ask(&mut self, Question { text, answer, supporting }: Question) {
        self.lines.push(Line::Question { words: words(&text), answer, supporting });
    }

    /// The whole.
    pub fn story(self) -> Story {
        Story { lines: self.lines }
    }
}

/// A story's events, and the questions that can be asked about them.
pub trait Plot {
    /// Says the next [`SENTENCES`] sentences.
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random);

    /// A question about something [`recent`]; `None` where there is nothing to ask.
    fn question(&self, random: &mut Random) -> Option<Question>;
}

/// A story of [`QUESTIONS`] questions. Where there is nothing to ask, it goes on.
pub fn tell(mut plot: impl Plot, random: &mut Random) -> Story {
    let mut telling = Telling::default();
    let mut asked = 0;
    while asked < QUESTIONS {
        plot.go_on(&mut telling, random);
        if let Some(question) = plot.question(random) {
            telling.ask(question);
            asked += 1;
        }
    }
    telling.story()
}

/// The last clauses, about which is asked.
pub fn recent<Clause>(clauses: &[Clause]) -> &[Clause] {
    &clauses[clauses.len().saturating_sub(WINDOW)..]
}

/// Two different numbers below `all`, in random order.
pub fn two_of(all: usize, random: &mut Random) -> [usize; 2] {
    let first = random.random_range(0..all);
    [first, other_than(first, all, random)]
}

/// A number below `all` that is not `one`.
pub fn other_than(one: usize, all: usize, random: &mut Random) -> usize {
    (one + random.random_range(1..all)) % all
}
