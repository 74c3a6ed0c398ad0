//! Typed text and a model of a stream: the text is continued or, where the stream is of stories, added to the story, and
//! questions are answered.

use std::fmt;

use engram_babi::{is_question, tokens};
use engram_crossbar::evaluate::real_logits;
use engram_crossbar::{Labels, Model};
use engram_sequences::text::{ALPHABET, fold};
use engram_sequences::words;
use engram_spec::Device;
use engram_spec::crossbar::Requests;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::paired::Paired;
use super::remembered::{Remembered, cost};
use super::shares::{Share, draw, shares};
use crate::dialog::{Dialog, Misunderstood, Outcome, Reply, without_number};
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
        write!(f, "{}{}", styled(STRONG, &self.answer), cost(self.cycles, self.memo.as_ref()))?;
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
    random: ChaCha8Rng,
    alphabet: &'a [String],
    separator: &'a str,
    boundary: Option<u16>,
    /// The symbol behind which a story's answers stand.
    cue: Option<u16>,
    /// Whether a story was begun.
    begun: bool,
    cycles: u64,
}

impl<'a> Continuation<'a> {
    /// A backend that was programmed with this model; `None` where that is none of streams.
    pub fn new(model: &'a Model, device: Paired, sampling: Sampling) -> Option<Continuation<'a>> {
        let Labels::Symbols { alphabet, separator, boundary, cue } = &model.labels else { return None };
        let random = ChaCha8Rng::seed_from_u64(sampling.seed);
        let (boundary, cue) = (*boundary, *cue);
        Some(Continuation {
            model,
            device,
            sampling,
            random,
            alphabet,
            separator,
            boundary,
            cue,
            begun: false,
            cycles: 0,
        })
    }

    /// The size of the device.
    pub fn preset(&self) -> &'static str {
        self.device.geometry.name
    }

    fn command(&mut self, line: &str) -> anyhow::Result<Outcome<Continued>> {
        match line {
            "/help" => Ok(Outcome::Text(self.help().to_string())),
            "/symbols" => Ok(Outcome::Text(format!("  {}", self.alphabet.join(" ").replace('\n', "\\n")))),
            "/clear" => {
                self.begun = false;
                Ok(Outcome::Nothing)
            }
            "/quit" => Ok(Outcome::Goodbye),
            other => Err(Misunderstood(format!("no command '{other}'; /help lists them")).into()),
        }
    }

    /// The symbol of a character or word.
    fn symbol(&self, name: &str) -> Result<u8, Misunderstood> {
        let place = self.alphabet.iter().position(|symbol| symbol == name);
        let unknown = || Misunderstood(format!("the model does not know '{name}'; /symbols lists what it knows"));
        place.and_then(|place| u8::try_from(place).ok()).ok_or_else(unknown)
    }

    /// The symbols of a line: words, or characters, folded where the alphabet is that of texts.
    fn symbols(&self, line: &str) -> Result<Vec<u8>, Misunderstood> {
        if self.cue.is_some() || self.separator == " " {
            return tokens(line).iter().map(|word| self.symbol(word)).collect();
        }
        let of_texts = self.alphabet.concat() == ALPHABET;
        let characters = line.chars().filter_map(|c| if of_texts { fold(c) } else { Some(c) });
        characters.map(|c| self.symbol(c.encode_utf8(&mut [0; 4]))).collect()
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
        let mut symbols = self.symbols(line)?;
        let asks = is_question(line);
        if symbols.is_empty() {
            return Ok(Outcome::Nothing);
        }
        symbols.push(if asks { cue as u8 } else { self.symbol(words::STOP)? });
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

    fn take(&mut self, line: &str) -> anyhow::Result<Outcome<Continued>> {
        if line.starts_with('/') {
            return self.command(line.trim());
        }
        match self.cue {
            None => self.proceed(line),
            Some(cue) => self.story_line(without_number(line.split('\t').next().unwrap_or_default().trim()), cue),
        }
    }
}
