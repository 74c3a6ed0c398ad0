//! Questions to a crossbar model: it continues a text that a person types, and classifies recordings of a file.

use std::fmt;

use engram_crossbar::{Meaning, Model};
use engram_sequences::Data;
use engram_spec::Device;
use engram_spec::crossbar::Requests;
use serde::Serialize;

use super::{Ask, Report, verdict};
use crate::console::{BAD, Console, FAINT, STRONG, styled};
use crate::crossbar::continuation::{Continuation, Sampling};
use crate::crossbar::inputs::{leading_to, name};
use crate::crossbar::paired::Paired;
use crate::crossbar::remembered::{Remembered, cost};
use crate::crossbar::shares::{Share, draw, shares};
use crate::crossbar::test_data::{Questions, Wanted, find, of_file, own};
use crate::failure::Failure;
use crate::source::SourceArguments;

/// The options that ask a crossbar model.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Crossbar networks")]
pub struct CrossbarArguments {
    /// Recordings to classify, for a model of recordings.
    #[arg(long, value_name = "FILE.ts", conflicts_with_all = ["story", "question"])]
    pub file: Option<std::path::PathBuf>,
    /// A recording to tell, counted from 1: of --file, or of the model's own test data.
    #[arg(long, value_name = "N", conflicts_with_all = ["story", "question"])]
    pub recording: Option<usize>,
    /// Characters, or words, by which a text is continued [default: 200].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub length: Option<u16>,
    /// How daring a continuation is: 0 takes the likeliest character every time, 1 as likely ones as in the text that was
    /// learnt [default: 0.6].
    #[arg(long, value_name = "T", value_parser = crate::crossbar::arguments::deviation)]
    pub temperature: Option<f64>,
    /// The seed of continuations [default: 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

impl CrossbarArguments {
    /// The options of a crossbar network by name, and whether each is given.
    pub fn given(&self) -> [(&'static str, bool); 5] {
        let CrossbarArguments { file, recording, length, temperature, seed } = self;
        [
            ("--file", file.is_some()),
            ("--recording", recording.is_some()),
            ("--length", length.is_some()),
            ("--temperature", temperature.is_some()),
            ("--seed", seed.is_some()),
        ]
    }
}

/// A recording that was told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Told {
    /// Counted from 1.
    pub recording: usize,
    /// The class that was answered.
    pub answer: String,
    /// The answer's logit, exact.
    pub logit: i32,
    /// The next likely one.
    pub runner_up: Option<String>,
    /// The class that the data say.
    pub right: String,
    /// Of all steps and the answer; 0 where the backend has no clock.
    pub cycles: u64,
    /// Whether class and logit, and the counters where columns are remembered, are the integer model's.
    pub agrees: bool,
    /// The share of computations that memoization avoided, by gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memo: Option<Remembered>,
    /// The most likely classes.
    pub likely: Vec<Share>,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Told { recording, answer, right, cycles, .. } = self;
        write!(f, "{} {}", styled(FAINT, format!("recording {recording}:")), styled(STRONG, answer))?;
        if let Some(runner_up) = &self.runner_up {
            write!(f, "  {}", styled(FAINT, format!("(next likely: {runner_up})")))?;
        }
        if right != answer {
            write!(f, "  {}", styled(BAD, format!("wrong: the data say {right}")))?;
        }
        write!(f, "{}\n{}", cost(*cycles, self.memo.as_ref()), draw(&self.likely))
    }
}

impl Ask {
    /// Asks a crossbar model, by what it takes.
    pub(super) fn ask_recurrent(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let CrossbarArguments { file, recording, length, temperature, seed } = &self.recurrent;
        let streams = length.is_some() || temperature.is_some() || seed.is_some();
        let asked = file.is_some() || recording.is_some();
        match &model.meaning {
            Meaning::Symbols { .. } if asked => {
                let text = "the model takes symbols; type text, or give --question 'To be', instead of recordings";
                Err(Failure::Usage(text.to_string()).into())
            }
            Meaning::Classes { .. } if streams || !self.question.is_empty() || self.story.is_some() => {
                let text = "the model takes recordings; give --file FILE.ts or --recording N instead of text";
                Err(Failure::Usage(text.to_string()).into())
            }
            Meaning::Classes { normaliser, .. } if !asked => {
                let channels = normaliser.channels();
                let text = format!(
                    "the model takes recordings of {channels} channels; give --file FILE.ts, or --recording N of its own test data"
                );
                Err(Failure::Usage(text).into())
            }
            Meaning::Classes { .. } => self.tell_recordings(model, console),
            Meaning::Symbols { .. } => {
                let sampling = Sampling {
                    length: length.unwrap_or(200).into(),
                    temperature: temperature.unwrap_or(0.6),
                    seed: seed.unwrap_or(1),
                };
                let partner = Continuation::new(model, self.open_recurrent(model, console)?, sampling);
                let wrong = || {
                    Failure::Input(
                        "the model learnt recordings: remove the options of texts, or give a model of a text"
                            .to_string(),
                    )
                };
                let partner = partner.ok_or_else(wrong)?;
                let preset = partner.preset();
                self.converse(partner, preset, None, console)
            }
        }
    }

    fn open_recurrent(&self, model: &Model, console: &Console) -> anyhow::Result<Paired> {
        let opening = console.spinner(format!("opening {}", self.on));
        let quiet = engram_crossbar::Programming::default();
        let device = self.memo.open(model, &self.on, &self.backend, &quiet)?;
        opening.finish_and_clear();
        Ok(device)
    }

    /// Classifies recordings: those of the file, or one.
    fn tell_recordings(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let stories = SourceArguments { data: None, generated: false, data_seed: 1 };
        let data: Data = match &self.recurrent.file {
            Some(file) => own(model, of_file(file)?)?,
            None => find(model, Wanted { set: None, stories: &stories, task: None }, console)?,
        };
        let questions = Questions::of(data);
        let numbers = self.recurrent.recording.map_or(1..=questions.count(), |number| number..=number);
        let mut device = self.open_recurrent(model, console)?;
        let mut answers = Vec::new();
        for recording in numbers {
            let told = told(model, &mut device, &questions, recording)?;
            console.line(&told)?;
            answers.push(told);
        }
        let differing = answers.iter().filter(|told| !told.agrees).count();
        let preset = device.geometry.name;
        if console.is_json() {
            let backend = self.on.to_string();
            console.report(&Report { backend, preset, addressing: None, answers, refused: Vec::new() })?;
        }
        verdict(differing, 0)
    }
}

/// Classifies a recording.
pub fn told(model: &Model, device: &mut Paired, questions: &Questions, recording: usize) -> anyhow::Result<Told> {
    let (inputs, right) = leading_to(model, questions, recording)?;
    let before = device.differing();
    device.clear()?;
    let mut cycles = 0;
    for input in &inputs {
        cycles += u64::from(input.give(device)?);
    }
    let answer = device.answer()?;
    device.compare_counters()?;
    let likely = shares(&device.beside, model);
    let answered = name(model, answer.word.into());
    Ok(Told {
        recording,
        runner_up: likely.iter().map(|share| share.answer.clone()).find(|other| *other != answered),
        answer: answered,
        logit: answer.logit,
        right: name(model, right),
        cycles: cycles + u64::from(answer.cycles),
        agrees: device.differing() == before,
        memo: device.take_remembered(),
        likely,
    })
}
