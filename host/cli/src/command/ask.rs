//! `engram ask`: a story told by a person or a file, and questions about it.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::PathBuf;

use engram_nn::Model;
use serde::Serialize;

use crate::body::{Body, BodyArguments};
use crate::console::{Console, FAINT, styled};
use crate::conversation::{Answered, Conversation, HELP, Misunderstood, Said};
use crate::failure::Failure;
use crate::session::Paired;

/// The most bytes of a --story: far more than any story has, so that an endless file ends in an error.
const STORY_BYTES: u64 = 16 << 20;

/// Whom to ask.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram ask qa1.safetensors
  engram ask qa1.safetensors --on /dev/ttyUSB0
  engram ask qa1.safetensors --story story.txt --question 'Where is Mary?' --json
  printf 'Mary went to the kitchen.\\nWhere is Mary?\\n' | engram ask qa1.safetensors

The bars are the shares of the memory that each hop reads, from the integer model: the same bits on every body.")]
pub struct Ask {
    /// A quantised model's file.
    pub model: PathBuf,
    /// The body: integer, simulation, verilator, cxxrtl, or a serial port's path.
    #[arg(long, value_name = "BODY", default_value = "integer")]
    pub on: Body,
    #[command(flatten)]
    pub body: BodyArguments,
    /// A file with a sentence, or a question, a line; bAbI files are of this kind.
    #[arg(long, value_name = "FILE")]
    pub story: Option<PathBuf>,
    /// A question, instead of lines from standard input; may be given again.
    #[arg(long, value_name = "TEXT")]
    pub question: Vec<String>,
}

/// All answers, for `--json`.
#[derive(Debug, Serialize)]
struct Report {
    body: String,
    preset: &'static str,
    addressing: &'static str,
    answers: Vec<Answered>,
    /// Lines of which nothing was sent, and why.
    refused: Vec<Refused>,
}

impl fmt::Display for Report {
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
        let model = Model::load(&self.model)?;
        let story = self.story_lines()?;
        let opening = console.spinner(format!("opening {}", self.on));
        let device = Paired::open(&model, &self.on, &self.body.opening(&model))?;
        opening.finish_and_clear();
        let interactive = self.question.is_empty() && io::stdin().is_terminal() && !console.is_json();
        let conversation = Conversation::new(&model, device);
        let mut listener = Listener { console, conversation, interactive, answers: Vec::new(), refused: Vec::new() };
        for line in story.iter().chain(&self.question) {
            if !listener.hear(line)? {
                return self.finish(listener, &model);
            }
        }
        if self.question.is_empty() {
            listener.listen()?;
        }
        self.finish(listener, &model)
    }

    fn story_lines(&self) -> Result<Vec<String>, Failure> {
        let Some(path) = &self.story else { return Ok(Vec::new()) };
        let mut text = Vec::new();
        let read = File::open(path).and_then(|file| file.take(STORY_BYTES + 1).read_to_end(&mut text));
        read.map_err(|error| Failure::Input(format!("{}: {error}", path.display())))?;
        if text.len() as u64 > STORY_BYTES {
            let most = STORY_BYTES >> 20;
            let text = format!("{} has more than {most} MiB; give a text file with a sentence a line", path.display());
            return Err(Failure::Input(text));
        }
        Ok(String::from_utf8_lossy(&text).lines().map(String::from).collect())
    }

    fn finish(&self, listener: Listener, model: &Model) -> anyhow::Result<()> {
        let Listener { console, conversation, interactive, answers, refused } = listener;
        let (lines, differing) = (refused.len(), answers.iter().filter(|answer| !answer.agrees).count());
        if console.is_json() {
            let (preset, addressing) = (conversation.geometry().name, model.design.addressing.name());
            console.report(&Report { body: self.on.to_string(), preset, addressing, answers, refused })?;
        }
        if differing > 0 {
            let text = format!("{differing} answers differ from the integer model's; `engram eval` finds the layer");
            return Err(Failure::Check(text).into());
        }
        if lines > 0 && !interactive {
            return Err(Failure::Input(format!("{lines} of the lines could not be understood")).into());
        }
        Ok(())
    }
}

/// Hears lines and shows what comes of them.
struct Listener<'a> {
    console: &'a Console,
    conversation: Conversation<'a>,
    /// Whether a person types and sees what they typed.
    interactive: bool,
    answers: Vec<Answered>,
    refused: Vec<Refused>,
}

impl Listener<'_> {
    /// Hears standard input to its end.
    fn listen(&mut self) -> anyhow::Result<()> {
        if self.interactive {
            self.console.note(styled(FAINT, HELP));
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
        match self.conversation.hear(line) {
            Ok(Said::Nothing) => {}
            Ok(Said::Goodbye) => return Ok(false),
            Ok(Said::Text(text)) => self.console.line(text)?,
            Ok(Said::Answer(answer)) => {
                if !self.interactive {
                    self.console.line(styled(FAINT, &answer.question))?;
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
