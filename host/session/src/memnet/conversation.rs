//! A story given to a backend sentence by sentence, and the questions asked about it: what a typed line means, and what comes
//! of it.

use std::fmt;

use engram_babi::{is_question, tokens};
use engram_memnet::Model;
use engram_memnet::evaluate::attention;
use engram_spec::Device;
use engram_spec::memnet::{Geometry, Requests};
use serde::Serialize;

use super::paired::Paired;
use crate::bars::draw;
use crate::dialog::{Dialog, Outcome, Reply, misunderstood, without_number};
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
    /// The memory's weights p, hop by hop, in the order of `story`.
    pub attention: Vec<Vec<f32>>,
}

impl fmt::Display for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cycles = match self.cycles {
            0 => String::new(),
            cycles => styled(FAINT, format!("  ({cycles} cycles)")),
        };
        writeln!(f, "{}{cycles}", styled(STRONG, &self.answer))?;
        write!(f, "{}", draw(&self.story, &self.attention))
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
    /// The sentences in the memory, oldest first.
    story: Vec<String>,
}

impl<'a> Conversation<'a> {
    /// A conversation with a backend that was loaded with this model and holds no story.
    pub fn new(model: &'a Model, mut device: Paired) -> Conversation<'a> {
        device.beside.record(true);
        Conversation { model, device, story: Vec::new() }
    }

    /// The size of the device.
    pub fn geometry(&self) -> Geometry {
        self.device.geometry
    }

    fn command(&mut self, line: &str) -> anyhow::Result<Outcome<Answered>> {
        match line {
            "/help" => Ok(Outcome::Text(HELP.to_string())),
            "/story" if self.story.is_empty() => Ok(Outcome::Text("  the memory is empty".to_string())),
            "/story" => Ok(Outcome::Text(draw(&self.story, &[]))),
            "/words" => Ok(Outcome::Text(format!("  {}", self.model.vocabulary.words().join(" ")))),
            "/clear" => {
                self.device.clear()?;
                self.story.clear();
                Ok(Outcome::Nothing)
            }
            "/quit" => Ok(Outcome::Goodbye),
            other => Err(misunderstood(format!("no command '{other}'; /help lists them"))),
        }
    }

    fn sentence(&mut self, words: &[String]) -> anyhow::Result<Outcome<Answered>> {
        let numbers = self.numbers(words)?;
        self.device.sentence(&numbers)?;
        if self.story.len() == self.geometry().slots {
            self.story.remove(0);
        }
        self.story.push(words.join(" "));
        Ok(Outcome::Nothing)
    }

    fn question(&mut self, line: &str, words: &[String]) -> anyhow::Result<Outcome<Answered>> {
        let numbers = self.numbers(words)?;
        if self.story.is_empty() {
            return Err(misunderstood("there is no story to ask about; give a sentence first"));
        }
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
            attention,
        }))
    }

    /// The numbers of words that can be sent.
    fn numbers(&self, words: &[String]) -> anyhow::Result<Vec<u8>> {
        let most = self.geometry().positions;
        if words.len() > most {
            let text = format!("the sentence has {} words, but at most {most} fit: shorten it", words.len());
            return Err(misunderstood(text));
        }
        self.model.vocabulary.encode(words).map_err(|unknown| match unknown.nearest.is_empty() {
            true => misunderstood(format!("{unknown}; /words lists those it has")),
            false => misunderstood(unknown),
        })
    }
}

impl Dialog for Conversation<'_> {
    type Reply = Answered;

    fn help(&self) -> &'static str {
        HELP
    }

    /// Takes a line: a sentence, a question, or a command that begins with a slash. The numbers and answers of bAbI files
    /// are passed over.
    fn take(&mut self, line: &str) -> anyhow::Result<Outcome<Answered>> {
        let line = without_number(line.split('\t').next().unwrap_or_default().trim());
        if line.starts_with('/') {
            return self.command(line);
        }
        let words = tokens(line);
        match (words.is_empty(), is_question(line)) {
            (true, false) => Ok(Outcome::Nothing),
            (true, true) => Err(misunderstood("a question mark without a question; ask as in: Where is Mary?")),
            (false, false) => self.sentence(&words),
            (false, true) => self.question(line, &words),
        }
    }
}
