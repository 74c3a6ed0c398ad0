//! A story given to a backend sentence by sentence, and the questions asked about it: what a typed line means, and what comes
//! of it.

use std::fmt;

use engram_babi::encoding::{compose, shown};
use engram_babi::{is_question, tokens};
use engram_memnet::Model;
use engram_memnet::evaluate::attention;
use engram_spec::Device;
use engram_spec::memnet::{Geometry, Requests};
use serde::Serialize;

use super::paired::Paired;
use crate::bars::draw;
use crate::dialog::{ANOTHER_STORY, Dialog, Outcome, Reply, SKIP_HINT, Unknown, misunderstood, numbered};
use crate::style::{FAINT, STRONG, styled};

/// The help: everything that can be typed.
const HELP: &str = "  a sentence ends with a period or nothing   Mary went to the kitchen.
  a question ends with a question mark       Where is Mary?
  /story  what the memory holds              /clear  forget the story
  /words  the words the model knows          /help   this text
  /quit   leave (or Ctrl-D)";

/// A question that was answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answered {
    /// As it was asked.
    pub question: String,
    /// The answer, a word.
    pub answer: String,
    /// The logit of the word, exact.
    pub logit: i32,
    /// 0 where the backend has no clock.
    pub cycles: u32,
    /// Whether word and logit are the integer model's.
    pub agrees: bool,
    /// The sentences in the memory, oldest first.
    pub story: Vec<String>,
    /// The number of each: as it was typed, else one more than that of the sentence before.
    pub numbers: Vec<usize>,
    /// How many sentences of the story the memory no longer holds.
    pub forgotten: usize,
    /// The memory's weights p, hop by hop, in the order of `story`.
    pub attention: Vec<Vec<f32>>,
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cycles = match self.cycles {
            0 => String::new(),
            cycles => styled(FAINT, format!("  ({cycles} cycles)")),
        };
        writeln!(f, "{}{cycles}", styled(STRONG, shown(&self.answer)))?;
        write!(f, "{}", draw(&self.numbers, &self.story, &self.attention))
    }
}

impl Reply for Answered {
    fn question(&self) -> Option<&str> {
        Some(&self.question)
    }

    fn agrees(&self) -> bool {
        self.agrees
    }
}

/// A loaded backend and the story it was given.
pub struct Conversation<'a> {
    model: &'a Model,
    device: Paired,
    unknown: Unknown,
    /// The sentences in the memory, oldest first, and their numbers.
    story: Vec<String>,
    numbers: Vec<usize>,
    forgotten: Forgotten,
    notes: Vec<String>,
}

/// The sentences that had to make room for others.
#[derive(Clone, Debug, Default)]
struct Forgotten {
    /// The numbers of the first and the last.
    numbers: Option<(usize, usize)>,
    count: usize,
    /// How many of them were noted.
    noted: usize,
}

impl<'a> Conversation<'a> {
    /// A conversation with a backend that was loaded with this model and holds no story.
    pub fn new(model: &'a Model, mut device: Paired, unknown: Unknown) -> Conversation<'a> {
        device.beside.record(true);
        let (story, numbers, forgotten, notes) = (Vec::new(), Vec::new(), Forgotten::default(), Vec::new());
        Conversation { model, device, unknown, story, numbers, forgotten, notes }
    }

    /// The size of the device.
    pub fn geometry(&self) -> Geometry {
        self.device.geometry
    }

    /// The most sentences of a story that the network remembers.
    fn slots(&self) -> usize {
        self.model.design.shape.slots
    }

    fn command(&mut self, line: &str) -> anyhow::Result<Outcome<Answered>> {
        match line {
            "/help" => Ok(Outcome::Text(HELP.to_string())),
            "/story" if self.story.is_empty() => Ok(Outcome::Text("  the memory is empty".to_string())),
            "/story" => Ok(Outcome::Text(draw(&self.numbers, &self.story, &[]))),
            "/words" => Ok(Outcome::Text(format!("  {}", self.model.vocabulary.words().join(" ")))),
            "/clear" => {
                self.clear()?;
                Ok(Outcome::Nothing)
            }
            "/quit" => Ok(Outcome::Goodbye),
            other => Err(misunderstood(format!("no command '{}'; /help lists them", shown(other)))),
        }
    }

    fn clear(&mut self) -> anyhow::Result<()> {
        self.device.clear()?;
        self.story.clear();
        self.numbers.clear();
        self.forgotten = Forgotten::default();
        Ok(())
    }

    fn sentence(&mut self, number: Option<usize>, words: &[String]) -> anyhow::Result<Outcome<Answered>> {
        let words = self.known(words)?;
        self.device.sentence(&self.encoded(&words)?)?;
        let last = self.numbers.last().or(self.forgotten.numbers.as_ref().map(|(_, last)| last));
        let number = number.unwrap_or(last.map_or(1, |last| last + 1));
        if self.story.len() == self.slots() {
            self.story.remove(0);
            let oldest = self.numbers.remove(0);
            let first = self.forgotten.numbers.map_or(oldest, |(first, _)| first);
            self.forgotten.numbers = Some((first, oldest));
            self.forgotten.count += 1;
        }
        self.story.push(words.join(" "));
        self.numbers.push(number);
        Ok(Outcome::Nothing)
    }

    fn question(&mut self, line: &str, words: &[String]) -> anyhow::Result<Outcome<Answered>> {
        let words = self.known(words)?;
        let numbers = self.encoded(&words)?;
        if self.story.is_empty() {
            return Err(misunderstood("there is no story to ask about; give a sentence first"));
        }
        self.note_forgotten();
        let before = self.device.disagreements;
        let answer = self.device.question(&numbers)?;
        let mut attention = attention(&self.device.beside.trace().unwrap_or_default());
        attention.iter_mut().for_each(|hop| hop.reverse());
        Ok(Outcome::Answer(Answered {
            question: line.to_string(),
            answer: self.model.vocabulary.word(answer.word).unwrap_or("?").to_string(),
            logit: answer.logit,
            cycles: answer.cycles,
            agrees: self.device.disagreements == before,
            story: self.story.clone(),
            numbers: self.numbers.clone(),
            forgotten: self.forgotten.count,
            attention,
        }))
    }

    /// Notes which sentences were forgotten, where that was not noted yet.
    fn note_forgotten(&mut self) {
        let (slots, Forgotten { numbers, count, noted }) = (self.slots(), &mut self.forgotten);
        let Some((first, last)) = numbers.filter(|_| *count > *noted) else { return };
        *noted = *count;
        let which = if first == last { format!("sentence {first}") } else { format!("sentences {first} to {last}") };
        let text = format!("the memory holds {slots} sentences: it forgot {count} of this story, {which}");
        self.notes.push(text);
    }

    /// The words of a line that can be sent: all, or those that the model knows.
    fn known(&mut self, words: &[String]) -> anyhow::Result<Vec<String>> {
        let vocabulary = &self.model.vocabulary;
        let is_known = |word: &String| vocabulary.number(word).is_some();
        let (known, unknown): (Vec<String>, Vec<String>) = words.iter().cloned().partition(is_known);
        if unknown.is_empty() || self.unknown == Unknown::Refuse {
            return Ok(words.to_vec());
        }
        if known.is_empty() {
            return Err(misunderstood("the model knows none of these words; /words lists those it has"));
        }
        let named: Vec<String> = unknown.iter().map(|word| format!("'{}'", shown(word))).collect();
        self.notes.push(format!("the model does not know {}: left out of '{}'", named.join(", "), known.join(" ")));
        Ok(known)
    }

    /// The numbers of words that can be sent.
    fn encoded(&self, words: &[String]) -> anyhow::Result<Vec<u8>> {
        let most = self.geometry().positions;
        if words.len() > most {
            let text = format!("the sentence has {} words, but at most {most} fit: shorten it", words.len());
            return Err(misunderstood(text));
        }
        self.model.vocabulary.encode(words).map_err(|unknown| match unknown.nearest.is_empty() {
            true => misunderstood(format!("{unknown}; /words lists those it has; {SKIP_HINT}")),
            false => misunderstood(format!("{unknown}; {SKIP_HINT}")),
        })
    }
}

impl Dialog for Conversation<'_> {
    type Reply = Answered;

    fn help(&self) -> &'static str {
        HELP
    }

    /// Takes a line: a sentence, a question, or a command that begins with a slash. The answers of bAbI files are passed
    /// over; the number 1 begins another story.
    fn take(&mut self, line: &str) -> anyhow::Result<Outcome<Answered>> {
        let line = compose(line);
        let (number, line) = numbered(line.split('\t').next().unwrap_or_default().trim());
        if line.starts_with('/') {
            return self.command(line);
        }
        if number == Some(1) && !self.story.is_empty() {
            self.clear()?;
            self.notes.push(ANOTHER_STORY.to_string());
        }
        let words = tokens(line);
        match (words.is_empty(), is_question(line)) {
            (true, false) => Ok(Outcome::Nothing),
            (true, true) => Err(misunderstood("a question mark without a question; ask as in: Where is Mary?")),
            (false, false) => self.sentence(number, &words),
            (false, true) => self.question(line, &words),
        }
    }

    fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }
}
