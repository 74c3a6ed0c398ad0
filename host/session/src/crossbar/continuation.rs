//! Typed text and a model of a stream: the text is continued or, where the stream is of stories, added to the story, and
//! questions are answered.

use std::fmt;

use engram_babi::encoding::{compose, shown};
use engram_babi::{is_question, tokens};
use engram_crossbar::evaluate::real_logits;
use engram_crossbar::{Labels, Model};
use engram_sequences::text::{Alphabet, fold};
use engram_sequences::words;
use engram_spec::Device;
use engram_spec::crossbar::Requests;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::paired::Paired;
use super::remembered::{Remembered, cost};
use super::shares::{Share, draw, shares};
use super::test_data::alphabet as alphabet_of;
use crate::dialog::{ANOTHER_STORY, Dialog, Misunderstood, Outcome, Reply, SKIP_HINT, Unknown, numbered};
use crate::style::{STRONG, styled};

/// The settings with which a text is continued.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sampling {
    /// Symbols.
    pub length: usize,
    /// By what the logits are divided before a symbol is drawn; 0 takes the most likely one.
    pub temperature: f64,
    /// From which symbols are drawn.
    pub seed: u64,
}

/// The help of a model of text.
const TEXT_HELP: &str = "  the beginning of a text, which is continued   To be, or
  /symbols  the characters it knows             /help     this text
  /quit     leave (or Ctrl-D)";

/// The help of a model of stories.
const STORY_HELP: &str = "  a sentence ends with a period or nothing   Mary went to the kitchen.
  a question ends with a question mark       Where is Mary?
  /symbols  the words the model knows        /clear  begin another story
  /help     this text                        /quit   leave (or Ctrl-D)";

/// The reply to a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Continued {
    /// The line.
    pub question: String,
    /// The continuation, or the answer.
    pub answer: String,
    /// The logit of an answer to a question, exact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logit: Option<i32>,
    /// The cycles of all steps and answers; 0 where the backend has no clock.
    pub cycles: u64,
    /// Whether every answer of the backend and its logit, and the counters where columns are remembered, are the integer model's.
    pub agrees: bool,
    /// The columns that were remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<Remembered>,
    /// The most likely answers to a question.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub likely: Vec<Share>,
}

impl fmt::Display for Continued {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.logit.is_none() {
            write!(f, "{}{}", styled(STRONG, &self.question), self.answer)?;
            return self.memo.iter().try_for_each(|memo| write!(f, "\n{}", cost(self.cycles, Some(memo))));
        }
        write!(f, "{}{}", styled(STRONG, shown(&self.answer)), cost(self.cycles, self.memo.as_ref()))?;
        write!(f, "\n{}", draw(&self.likely))
    }
}

impl Reply for Continued {
    /// A continuation shows its beginning itself.
    fn question(&self) -> Option<&str> {
        self.logit.is_some().then_some(&self.question)
    }

    fn agrees(&self) -> bool {
        self.agrees
    }
}

/// A backend that holds a model of a stream.
pub struct Continuation<'a> {
    model: &'a Model,
    device: Paired,
    sampling: Sampling,
    unknown: Unknown,
    random: ChaCha8Rng,
    alphabet: &'a [String],
    /// The alphabet of a text; `None` where the symbols are words.
    characters: Option<Alphabet>,
    separator: &'a str,
    boundary: Option<u16>,
    /// The symbol behind which a story's answers stand.
    cue: Option<u16>,
    /// Whether a story was begun.
    begun: bool,
    cycles: u64,
    notes: Vec<String>,
}

impl<'a> Continuation<'a> {
    /// A backend that was programmed with this model; `None` where that is none of streams.
    pub fn new(model: &'a Model, device: Paired, sampling: Sampling, unknown: Unknown) -> Option<Continuation<'a>> {
        let Labels::Symbols { alphabet, separator, boundary, cue } = &model.labels else { return None };
        let random = ChaCha8Rng::seed_from_u64(sampling.seed);
        let (boundary, cue) = (*boundary, *cue);
        Some(Continuation {
            model,
            device,
            sampling,
            unknown,
            random,
            alphabet,
            characters: alphabet_of(model),
            separator,
            boundary,
            cue,
            begun: false,
            cycles: 0,
            notes: Vec::new(),
        })
    }

    /// The size of the device.
    pub fn preset(&self) -> &'static str {
        self.device.geometry.name
    }

    fn command(&mut self, line: &str) -> anyhow::Result<Outcome<Continued>> {
        match line {
            "/help" => Ok(Outcome::Text(self.help().to_string())),
            "/symbols" => {
                let symbols: Vec<String> = self.alphabet.iter().map(|symbol| shown(symbol)).collect();
                Ok(Outcome::Text(format!("  {}", symbols.join(" "))))
            }
            "/clear" => {
                self.begun = false;
                Ok(Outcome::Nothing)
            }
            "/quit" => Ok(Outcome::Goodbye),
            other => Err(Misunderstood(format!("no command '{}'; /help lists them", shown(other))).into()),
        }
    }

    /// The symbol of a character or word; `None` where the model does not know it.
    fn symbol(&self, name: &str) -> Option<u8> {
        let place = self.alphabet.iter().position(|symbol| symbol == name);
        place.and_then(|place| u8::try_from(place).ok())
    }

    /// The symbols of a line: words, or characters, folded where the alphabet does that.
    fn symbols(&mut self, line: &str) -> Result<Vec<u8>, Misunderstood> {
        let names: Vec<String> = match &self.characters {
            None => tokens(line),
            Some(alphabet) => line.chars().map(|c| self.folded(alphabet, c).unwrap_or(c).to_string()).collect(),
        };
        let unknown: Vec<&String> = names.iter().filter(|name| self.symbol(name).is_none()).collect();
        let symbols: Vec<u8> = names.iter().filter_map(|name| self.symbol(name)).collect();
        let mut named: Vec<String> = unknown.iter().map(|name| format!("'{}'", shown(name))).collect();
        named.dedup();
        let does_not_know = format!("the model does not know {}", named.join(", "));
        if !unknown.is_empty() && (self.unknown == Unknown::Refuse || symbols.is_empty()) {
            return Err(Misunderstood(format!("{does_not_know}; /symbols lists what it knows; {SKIP_HINT}")));
        }
        if !unknown.is_empty() {
            self.notes.push(format!("{does_not_know}: left out"));
        }
        if let Some(alphabet) = &self.characters {
            let folded = line.chars().filter_map(|c| Some((c, self.folded(alphabet, c)?)));
            let mut folded: Vec<String> = folded
                .map(|(c, stand_in)| format!("'{stand_in}' for '{}'", shown(c.encode_utf8(&mut [0; 4]))))
                .collect();
            folded.dedup();
            if !folded.is_empty() {
                self.notes.push(format!("the model does not know all characters: it takes {}", folded.join(", ")));
            }
        }
        Ok(symbols)
    }

    /// The character that an alphabet takes in place of another; `None` for its own.
    fn folded(&self, alphabet: &Alphabet, c: char) -> Option<char> {
        fold(c).filter(|&stand_in| alphabet.folds() && stand_in != c)
    }

    fn give(&mut self, symbols: &[u8]) -> anyhow::Result<()> {
        for &symbol in symbols {
            self.cycles += u64::from(self.device.symbol(symbol)?);
        }
        Ok(())
    }

    /// Continues a text from its beginning.
    fn proceed(&mut self, line: &str) -> anyhow::Result<Outcome<Continued>> {
        let symbols = self.symbols(line)?;
        if symbols.is_empty() {
            return Ok(Outcome::Nothing);
        }
        let before = self.device.differing();
        self.cycles = 0;
        self.device.clear()?;
        self.give(&symbols)?;
        let mut answer = Vec::new();
        for place in 0..self.sampling.length {
            let given = self.device.answer()?;
            self.cycles += u64::from(given.cycles);
            let next = self.draw(given.word);
            answer.push(self.alphabet.get(usize::from(next)).map_or("?", String::as_str));
            if place + 1 < self.sampling.length {
                self.give(&[next])?;
            }
        }
        self.device.compare_counters()?;
        let between = if self.separator.is_empty() { "" } else { self.separator };
        Ok(Outcome::Answer(Continued {
            question: line.to_string(),
            answer: between.to_string() + &answer.join(self.separator),
            logit: None,
            cycles: self.cycles,
            agrees: self.device.differing() == before,
            memo: self.device.take_remembered(),
            likely: Vec::new(),
        }))
    }

    /// The next symbol, by the logits of the integer model, which are the bits of every backend.
    fn draw(&mut self, most_likely: u8) -> u8 {
        let Sampling { temperature, .. } = self.sampling;
        if temperature <= 0.0 {
            return most_likely;
        }
        let logits: Vec<f64> =
            real_logits(&self.device.beside, self.model).iter().map(|logit| logit / temperature).collect();
        let most = logits.iter().copied().fold(f64::MIN, f64::max);
        let weights: Vec<f64> = logits.iter().map(|logit| (logit - most).exp()).collect();
        let mut left = self.random.random::<f64>() * weights.iter().sum::<f64>();
        let drawn = weights.iter().position(|weight| {
            left -= weight;
            left < 0.0
        });
        drawn.map_or(most_likely, |drawn| drawn as u8)
    }

    /// Adds a line to the story, and answers where it is a question.
    fn story_line(&mut self, line: &str, cue: u16) -> anyhow::Result<Outcome<Continued>> {
        let (number, line) = numbered(line);
        if number == Some(1) && self.begun {
            self.begun = false;
            self.notes.push(ANOTHER_STORY.to_string());
        }
        let mut symbols = self.symbols(line)?;
        let asks = is_question(line);
        if symbols.is_empty() {
            return Ok(Outcome::Nothing);
        }
        let stop = || Misunderstood(format!("the model has no symbol '{}' for the end of a sentence", words::STOP));
        symbols.push(if asks { cue as u8 } else { self.symbol(words::STOP).ok_or_else(stop)? });
        self.cycles = 0;
        // What the lines before took is no part of this one's.
        self.device.take_remembered();
        if !self.begun {
            self.device.clear()?;
            self.give(&self.boundary.map(|boundary| boundary as u8).into_iter().collect::<Vec<u8>>())?;
            self.begun = true;
        }
        self.give(&symbols)?;
        if !asks {
            return Ok(Outcome::Nothing);
        }
        let before = self.device.differing();
        let answer = self.device.answer()?;
        self.device.compare_counters()?;
        let likely = shares(&self.device.beside, self.model);
        let (cycles, memo) = (self.cycles + u64::from(answer.cycles), self.device.take_remembered());
        // As in the stories that it was trained with, the answer stands behind the question.
        self.give(&[answer.word])?;
        Ok(Outcome::Answer(Continued {
            question: line.to_string(),
            answer: self.alphabet.get(usize::from(answer.word)).cloned().unwrap_or_default(),
            logit: Some(answer.logit),
            cycles,
            agrees: self.device.differing() == before,
            memo,
            likely,
        }))
    }
}

impl Dialog for Continuation<'_> {
    type Reply = Continued;

    fn help(&self) -> &'static str {
        if self.cue.is_some() { STORY_HELP } else { TEXT_HELP }
    }

    fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    fn take(&mut self, line: &str) -> anyhow::Result<Outcome<Continued>> {
        let line = &*compose(line);
        if line.starts_with('/') {
            return self.command(line.trim());
        }
        match self.cue {
            None => self.proceed(line),
            Some(cue) => self.story_line(line.split('\t').next().unwrap_or_default().trim(), cue),
        }
    }
}
