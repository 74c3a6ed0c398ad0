//! `engram ask`: a story from a person or a file, and questions about it; a text to continue, recordings to classify.

pub mod crossbar;

use std::fmt;
use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;

use engram_babi::encoding::{decode, shown};
use engram_memnet::Model;
use serde::Serialize;

use self::crossbar::CrossbarArguments;
use crate::arguments::backend::BackendArguments;
use crate::arguments::memo::RememberArguments;
use crate::arguments::{by_name, refuse};
use crate::console::{Console, FAINT, styled};
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::dialog::{Dialog, Misunderstood, Outcome, Reply, Unknown};
use engram_session::memnet::Paired;
use engram_session::memnet::conversation::Conversation as StoryDialog;
use engram_session::model::Model as AnyModel;
use engram_session::source::read_text;

/// The most MiB of a --story: far more than any story has, so that an endless file ends in an error.
const STORY_MEBIBYTES: u64 = 16;

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
    /// The fate of a line with words or characters that the model does not know: `refuse` sends nothing of it, `skip` sends
    /// the rest and says what was left out.
    #[arg(long, value_name = "refuse|skip", default_value = "refuse", value_parser = by_name(Unknown::ALL, |unknown| unknown.name()))]
    pub unknown: Unknown,
    /// The same as `--unknown skip`.
    #[arg(long, conflicts_with = "unknown")]
    pub skip_unknown: bool,
    #[command(flatten)]
    pub crossbar: CrossbarArguments,
    #[command(flatten)]
    pub memo: RememberArguments,
}

/// All answers, for `--json`.
#[derive(Debug, Serialize)]
struct Answers<R> {
    #[serde(rename = "body")]
    backend: String,
    preset: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    addressing: Option<&'static str>,
    answers: Vec<R>,
    /// The lines that were not sent, and why.
    refused: Vec<Refused>,
    /// Notes on the lines that were sent: words that were left out, sentences that were forgotten.
    notes: Vec<String>,
}

impl<R> fmt::Display for Answers<R> {
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
    fn unknown(&self) -> Unknown {
        if self.skip_unknown { Unknown::Skip } else { self.unknown }
    }

    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        match AnyModel::load(&self.model)? {
            AnyModel::Memnet(model) => self.ask_memory(&model, console),
            AnyModel::Crossbar(model) => self.ask_crossbar(&model, console),
        }
    }

    fn ask_memory(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let memo = ("memoization", self.memo != RememberArguments::default());
        refuse(&[self.crossbar.given().as_slice(), &[memo]].concat(), "a crossbar network", "a memory network")?;
        let opening = console.spinner(format!("opening {}", self.on));
        let device = Paired::open(model, &self.on, &self.backend.options().opening(model), &opening)?;
        opening.finish();
        let dialog = StoryDialog::new(model, device, self.unknown());
        let preset = dialog.geometry().name;
        self.converse(dialog, preset, Some(model.design.addressing.name()), console)
    }

    /// Gives a dialog the story's lines, then the questions or standard input, and reports the outcomes.
    fn converse<P: Dialog>(
        &self,
        dialog: P,
        preset: &'static str,
        addressing: Option<&'static str>,
        console: &Console,
    ) -> anyhow::Result<()> {
        let story = self.story.as_ref().map_or(Ok(String::new()), |path| read_text(path, STORY_MEBIBYTES))?;
        let interactive = self.question.is_empty() && io::stdin().is_terminal() && !console.is_json();
        let (answers, refused, notes) = (Vec::new(), Vec::new(), Vec::new());
        let mut conversation = Conversation { console, dialog, interactive, lines: 0, answers, refused, notes };
        let mut goes_on = true;
        for line in story.lines().chain(self.question.iter().map(String::as_str)) {
            goes_on = goes_on && conversation.take(line)?;
        }
        if goes_on && self.question.is_empty() {
            conversation.read_input()?;
        }
        let Conversation { lines, answers, refused, notes, .. } = conversation;
        if lines == 0 && !interactive {
            let text = "there was no line to take: give --question, a --story with lines, or lines on standard input";
            return Err(Failure::Input(text.to_string()).into());
        }
        let (lines, differing) = (refused.len(), answers.iter().filter(|answer| !answer.agrees()).count());
        if console.is_json() {
            console.report(&Answers { backend: self.on.to_string(), preset, addressing, answers, refused, notes })?;
        }
        verdict(differing, if interactive { 0 } else { lines })
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

/// A dialog whose lines and answers are shown.
struct Conversation<'a, P: Dialog> {
    console: &'a Console,
    dialog: P,
    /// Whether a person types and sees what they typed.
    interactive: bool,
    /// Lines that were not empty.
    lines: usize,
    answers: Vec<P::Reply>,
    refused: Vec<Refused>,
    notes: Vec<String>,
}

impl<P: Dialog> Conversation<'_, P> {
    /// Reads standard input to its end.
    fn read_input(&mut self) -> anyhow::Result<()> {
        if self.interactive {
            self.console.note(styled(FAINT, self.dialog.help()));
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
            let goes_on = match decode(&line) {
                Ok(line) => self.take(line.trim_end())?,
                Err(fault) => {
                    self.refuse(shown(&String::from_utf8_lossy(&line)), fault.to_string());
                    true
                }
            };
            if !goes_on {
                return Ok(());
            }
        }
    }

    /// Keeps a line of which nothing was sent, and says why.
    fn refuse(&mut self, line: String, reason: String) {
        self.lines += 1;
        self.console.warn(&reason);
        self.refused.push(Refused { line, reason });
    }

    /// Takes a line, and shows its outcome; `false` where the user wants to leave.
    fn take(&mut self, line: &str) -> anyhow::Result<bool> {
        let outcome = self.dialog.take(line);
        for note in self.dialog.take_notes() {
            self.console.warn(&note);
            self.notes.push(note);
        }
        self.lines += usize::from(!line.trim().is_empty() && outcome.is_ok());
        match outcome {
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
                self.refuse(line.to_string(), reason);
            }
        }
        Ok(true)
    }
}
