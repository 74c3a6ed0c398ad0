//! `engram trace`: the named values of one question, and where two bodies part.

use std::fmt;
use std::path::PathBuf;

use engram_babi::{Line, Story};
use engram_nn::Model;
use serde::Serialize;

use super::eval::task_of;
use crate::body::{Body, BodyArguments, Opening};
use crate::console::{BAD, Console, FAINT, GOOD, STRONG, styled};
use crate::failure::Failure;
use crate::session::{Paired, Replay, replay};
use crate::source::SourceArguments;

/// Of which question, on which body.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram trace qa1.safetensors --question 3
  engram trace qa1.safetensors --question 3 --on simulation --against integer
  engram trace qa1.safetensors --question 3 --on verilator --vcd question.vcd

Values are printed in the order in which they come about: m and c of each sentence, then of each hop u, the scores s, the
exponentials e (newest sentence first) and o, at last the logits. docs/numerics.md says what they are.")]
pub struct Trace {
    /// A quantised model's file.
    pub model: PathBuf,
    #[command(flatten)]
    pub source: SourceArguments,
    /// The task, where it is not the one the model was trained on.
    #[arg(long, value_name = "N")]
    pub task: Option<u8>,
    /// The test question, counted from 1.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub question: usize,
    /// The body: integer, simulation, verilator or cxxrtl.
    #[arg(long, value_name = "BODY", default_value = "integer")]
    pub on: Body,
    /// Another body: only the first difference is printed, and any ends with exit code 1.
    #[arg(long, value_name = "BODY")]
    pub against: Option<Body>,
    /// Write the waveforms of a simulated body to a VCD file.
    #[arg(long, value_name = "FILE")]
    pub vcd: Option<PathBuf>,
    #[command(flatten)]
    pub body: BodyArguments,
}

/// One named vector.
#[derive(Debug, Serialize)]
struct Entry {
    /// As in `s[1]`: the scores of the hop after the first.
    name: String,
    values: Vec<i32>,
}

/// What one body made of the question, or where two parted.
#[derive(Debug, Serialize)]
struct Report {
    task: u8,
    source: String,
    question: usize,
    text: String,
    expected: String,
    answer: String,
    logit: i32,
    cycles: u32,
    body: String,
    against: Option<String>,
    preset: &'static str,
    /// Where the two bodies part first; `null` where they do not, or where there is one.
    difference: Option<String>,
    vcd: Option<PathBuf>,
    trace: Vec<Entry>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { question, text, answer, logit, expected, body, preset, .. } = self;
        let head = format!("question {question} on {body} ({preset})");
        writeln!(f, "{}: {text} {} (logit {logit}; right is {expected})", styled(FAINT, head), styled(STRONG, answer))?;
        match (&self.against, &self.difference) {
            (Some(against), Some(difference)) => {
                write!(f, "{}", styled(BAD, format!("differs from {against} first at {difference}")))?;
            }
            (Some(against), None) => {
                let values: usize = self.trace.iter().map(|entry| entry.values.len()).sum();
                write!(f, "{}", styled(GOOD, format!("equal to {against} in all {values} values")))?;
            }
            (None, _) => {
                let lines: Vec<String> = self.trace.iter().map(Entry::to_string).collect();
                write!(f, "{}", lines.join("\n"))?;
            }
        }
        self.vcd.iter().try_for_each(|vcd| write!(f, "\nwaveforms in {}", vcd.display()))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        self.values.iter().try_for_each(|value| write!(f, " {value}"))
    }
}

impl Trace {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let report = self.trace(console)?;
        console.report(&report)?;
        match (&report.against, report.difference) {
            (Some(against), Some(difference)) => {
                let text = format!("{} differs from {against} first at {difference}", self.on);
                Err(Failure::Check(text).into())
            }
            _ => Ok(()),
        }
    }

    fn trace(&self, console: &Console) -> anyhow::Result<Report> {
        if self.vcd.is_some() && matches!(self.on, Body::Integer | Body::Port(_)) {
            let text = format!("{} has no waveforms; give --on simulation, verilator or cxxrtl", self.on);
            return Err(Failure::Usage(text).into());
        }
        let model = Model::load(&self.model)?;
        let task = task_of(&model, self.task, &self.model)?;
        let data = self.source.read(task, console)?;
        let spinner = console.spinner("asking");
        let left = self.ask(&model, &data.test, &self.on, self.vcd.clone())?;
        let right = self.against.as_ref().map(|body| self.ask(&model, &data.test, body, None)).transpose()?;
        spinner.finish_and_clear();
        let (text, expected) = question(&data.test, self.question);
        let difference = right.and_then(|right| left.trace.parting(&right.trace)).map(|parting| parting.to_string());
        let entry = |entry: engram_spec::trace::Entry| Entry {
            name: format!("{}[{}]", entry.quantity.name(), entry.index),
            values: entry.values,
        };
        Ok(Report {
            task,
            source: data.source.to_string(),
            question: self.question,
            text,
            expected,
            answer: model.vocabulary.word(left.replay.answer.word).unwrap_or("?").to_string(),
            logit: left.replay.answer.logit,
            cycles: left.replay.answer.cycles,
            body: self.on.to_string(),
            against: self.against.as_ref().map(Body::to_string),
            preset: left.preset,
            difference,
            vcd: self.vcd.clone(),
            trace: left.trace.entries.into_iter().map(entry).collect(),
        })
    }

    fn ask(&self, model: &Model, stories: &[Story], body: &Body, vcd: Option<PathBuf>) -> anyhow::Result<Asked> {
        let opening = Opening { trace: true, vcd, ..self.body.opening(model) };
        let mut device = Paired::open(model, body, &opening)?;
        let mut replay = replay(model, &mut device, stories, self.question)?;
        let cannot = || Failure::Input(format!("{body} cannot be looked into; give a simulated body"));
        let trace = replay.trace.take().ok_or_else(cannot)?;
        Ok(Asked { preset: device.identity.geometry.name, replay, trace })
    }
}

/// A body's values of the question.
struct Asked {
    preset: &'static str,
    replay: Replay,
    trace: engram_spec::Trace,
}

/// The words of a question, and the right answer.
fn question(stories: &[Story], number: usize) -> (String, String) {
    let lines = stories.iter().flat_map(|story| &story.lines);
    match lines.filter(|line| line.is_question()).nth(number - 1) {
        Some(Line::Question { words, answer, .. }) => (format!("{}?", words.join(" ")), answer.clone()),
        _ => Default::default(),
    }
}
