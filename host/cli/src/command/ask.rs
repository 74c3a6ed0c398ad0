//! `engram ask`: a story from a person or a file, and questions about it; a text to continue, recordings to classify.

pub mod crossbar;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::PathBuf;

use engram_memnet::Model;
use serde::Serialize;

use self::crossbar::CrossbarArguments;
use crate::arguments::backend::BackendArguments;
use crate::arguments::memo::RememberArguments;
use crate::arguments::refuse;
use crate::console::{Console, FAINT, styled};
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::dialog::{Dialog, Misunderstood, Outcome, Reply};
use engram_session::memnet::Paired;
use engram_session::memnet::conversation::Conversation;
use engram_session::model::Model as AnyModel;

/// The most bytes of a --story: far more than any story has, so that an endless file ends in an error.
const STORY_BYTES: u64 = 16 << 20;

/// The arguments of `engram ask`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram ask qa1.safetensors
  engram ask qa1.safetensors --on /dev/ttyUSB0
  engram ask qa1.safetensors --story story.txt --question 'Where is Mary?' --json
  engram ask text.safetensors --question 'To be, or ' --length 300 --on verilator
  engram ask vowels.safetensors --file JapaneseVowels_TEST.ts --recording 3
  engram ask vowels-memo.safetensors --recording 3 --on verilator --organisation serial
  printf 'Mary went to the kitchen.\\nWhere is Mary?\\n' | engram ask qa1.safetensors

The bars show how much of its memory each hop reads. They come from the integer model; every backend has the same bits.

A crossbar model of a text continues the text that you type. A model of stories answers questions about them, as above. A model \
of recordings takes --file or --recording, and its bars show how likely each answer is. A model with thresholds (`engram \
memoize`) skips columns, and shows the share that it skipped and the cycles with and without; --memo off computes every column.")]
pub struct Ask {
    /// A quantised model's file.
    pub model: PathBuf,
    /// The backend: integer, simulation, verilator, cxxrtl, netlist, or the path of a serial port.
    #[arg(long, value_name = "BACKEND", default_value = "integer")]
    pub on: Backend,
    #[command(flatten)]
    pub backend: BackendArguments,
    /// A file with one sentence or question a line, for example a bAbI file.
    #[arg(long, value_name = "FILE")]
    pub story: Option<PathBuf>,
    /// A question, instead of lines from standard input; may be repeated.
    #[arg(long, value_name = "TEXT")]
    pub question: Vec<String>,
    #[command(flatten)]
    pub recurrent: CrossbarArguments,
    #[command(flatten)]
    pub memo: RememberArguments,
}

/// All answers, for `--json`.
#[derive(Debug, Serialize)]
struct Report<R> {
    #[serde(rename = "body")]
    backend: String,
    preset: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    addressing: Option<&'static str>,
    answers: Vec<R>,
    /// The lines that were not sent, and why.
    refused: Vec<Refused>,
}

impl<R> fmt::Display for Report<R> {
    /// Nothing: people have seen each answer when it came.
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// A line of which nothing was sent.
#[derive(Debug, Serialize)]
struct Refused {
    line: String,
    reason: String,
}

impl Ask {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match AnyModel::load(&self.model)? {
            AnyModel::Memnet(model) => self.ask_memory(&model, console),
            AnyModel::Crossbar(model) => self.ask_recurrent(&model, console),
        }
    }

    fn ask_memory(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let memo = ("memoization", self.memo != RememberArguments::none());
        refuse(&[self.recurrent.given().as_slice(), &[memo]].concat(), "a crossbar network", "a memory network")?;
        let opening = console.spinner(format!("opening {}", self.on));
        let device = Paired::open(model, &self.on, &self.backend.opening(model))?;
        opening.finish_and_clear();
        let conversation = Conversation::new(model, device);
        let preset = conversation.geometry().name;
        self.converse(conversation, preset, Some(model.design.addressing.name()), console)
    }

    /// Lets a partner hear the story's lines, and the questions or standard input; reports what came of them.
    fn converse<P: Dialog>(
        &self,
        partner: P,
        preset: &'static str,
        addressing: Option<&'static str>,
        console: &Console,
    ) -> anyhow::Result<()> {
        let story = self.story_lines()?;
        let interactive = self.question.is_empty() && io::stdin().is_terminal() && !console.is_json();
        let mut listener = Listener { console, partner, interactive, answers: Vec::new(), refused: Vec::new() };
        let mut goes_on = true;
        for line in story.iter().chain(&self.question) {
            goes_on = goes_on && listener.hear(line)?;
        }
        if goes_on && self.question.is_empty() {
            listener.listen()?;
        }
        let Listener { answers, refused, .. } = listener;
        let (lines, differing) = (refused.len(), answers.iter().filter(|answer| !answer.agrees()).count());
        if console.is_json() {
            console.report(&Report { backend: self.on.to_string(), preset, addressing, answers, refused })?;
        }
        verdict(differing, if interactive { 0 } else { lines })
    }

    fn story_lines(&self) -> Result<Vec<String>, Failure> {
        let Some(path) = &self.story else { return Ok(Vec::new()) };
        let mut text = Vec::new();
        let read = File::open(path).and_then(|file| file.take(STORY_BYTES + 1).read_to_end(&mut text));
        read.map_err(|error| Failure::Input(format!("engram cannot read {}: {error}", path.display())))?;
        if text.len() as u64 > STORY_BYTES {
            let most = STORY_BYTES >> 20;
            let text = format!("{} has more than {most} MiB: give a text file with a sentence a line", path.display());
            return Err(Failure::Input(text));
        }
        Ok(String::from_utf8_lossy(&text).lines().map(String::from).collect())
    }
}

/// Answers that differ from the integer model's are a check that failed, lines that were not understood bad input.
fn verdict(differing: usize, refused: usize) -> anyhow::Result<()> {
    if differing > 0 {
        let text = format!("{differing} answers differ from the integer model's; `engram eval` finds the layer");
        return Err(Failure::Check(text).into());
    }
    if refused > 0 {
        return Err(Failure::Input(format!(
            "the model could not use {refused} of the lines: the messages above say why"
        ))
        .into());
    }
    Ok(())
}

/// Hears lines and shows what comes of them.
struct Listener<'a, P: Dialog> {
    console: &'a Console,
    partner: P,
    /// Whether a person types and sees what they typed.
    interactive: bool,
    answers: Vec<P::Reply>,
    refused: Vec<Refused>,
}

impl<P: Dialog> Listener<'_, P> {
    /// Hears standard input to its end.
    fn listen(&mut self) -> anyhow::Result<()> {
        if self.interactive {
            self.console.note(styled(FAINT, self.partner.help()));
        }
        let mut input = io::stdin().lock();
        loop {
            if self.interactive {
                self.console.text("> ")?;
            }
            let mut line = Vec::new();
            let count = input.read_until(b'\n', &mut line);
            if count.map_err(|error| Failure::Input(format!("cannot read standard input: {error}")))? == 0 {
                if self.interactive {
                    self.console.line("")?;
                }
                return Ok(());
            }
            if !self.hear(String::from_utf8_lossy(&line).trim_end())? {
                return Ok(());
            }
        }
    }

    /// Hears a line; whether to go on.
    fn hear(&mut self, line: &str) -> anyhow::Result<bool> {
        match self.partner.take(line) {
            Ok(Outcome::Nothing) => {}
            Ok(Outcome::Goodbye) => return Ok(false),
            Ok(Outcome::Text(text)) => self.console.line(text)?,
            Ok(Outcome::Answer(answer)) => {
                if let Some(question) = answer.question().filter(|_| !self.interactive) {
                    self.console.line(styled(FAINT, question))?;
                }
                self.console.line(&answer)?;
                self.answers.push(answer);
            }
            Err(error) => {
                let Misunderstood(reason) = error.downcast::<Misunderstood>()?;
                self.console.warn(&reason);
                self.refused.push(Refused { line: line.to_string(), reason });
            }
        }
        Ok(true)
    }
}
