//! Questions to a crossbar model: it continues a text that a person types, and classifies recordings of a file.

use engram_babi::Parts;
use engram_crossbar::{Labels, Model};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::crossbar::Paired;
use engram_session::crossbar::continuation::{Continuation, Sampling};
use engram_session::crossbar::inputs::leading_to;
use engram_session::crossbar::recording::classify;
use engram_session::crossbar::test_data::{of_file, remap_to_model};

use super::{Answers, Ask, verdict};
use crate::arguments::source::SourceArguments;
use crate::console::Console;

/// The options that ask a crossbar model.
#[derive(Clone, Debug, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Crossbar networks")]
pub struct CrossbarArguments {
    /// Recordings to classify, for a model of recordings.
    #[arg(long, value_name = "FILE.ts", conflicts_with_all = ["story", "question"])]
    pub file: Option<std::path::PathBuf>,
    /// A recording to classify, counted from 1: of --file, or of the model's own test data.
    #[arg(long, value_name = "N", conflicts_with_all = ["story", "question"])]
    pub recording: Option<usize>,
    /// Characters, or words, by which a text is continued [default: 200].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub length: Option<u16>,
    /// How daring a continuation is: 0 takes the likeliest character every time, 1 as likely ones as in the text that was
    /// learnt [default: 0.6].
    #[arg(long, value_name = "T", value_parser = crate::arguments::from_zero)]
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

impl Ask {
    /// Asks a crossbar model, by what it takes.
    pub(super) fn ask_crossbar(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let CrossbarArguments { file, recording, length, temperature, seed } = &self.crossbar;
        let streams = length.is_some() || temperature.is_some() || seed.is_some();
        let asked = file.is_some() || recording.is_some();
        match &model.labels {
            Labels::Symbols { .. } if asked => {
                let text = "the model takes symbols; type text, or give --question 'To be', instead of recordings";
                Err(Failure::Usage(text.to_string()).into())
            }
            Labels::Classes { .. } if streams || !self.question.is_empty() || self.story.is_some() => {
                let text = "the model takes recordings; give --file FILE.ts or --recording N instead of text";
                Err(Failure::Usage(text.to_string()).into())
            }
            labels @ Labels::Classes { .. } if !asked => {
                let channels = labels.channels().unwrap_or(labels.inputs());
                let text = format!(
                    "the model takes recordings of {channels} channels; give --file FILE.ts, or --recording N of its own test data"
                );
                Err(Failure::Usage(text).into())
            }
            Labels::Classes { .. } => self.classify_recordings(model, console),
            Labels::Symbols { .. } => {
                let sampling = Sampling {
                    length: length.unwrap_or(200).into(),
                    temperature: temperature.unwrap_or(0.6),
                    seed: seed.unwrap_or(1),
                };
                let dialog = Continuation::new(model, self.open_crossbar(model, console)?, sampling, self.unknown());
                let wrong = || {
                    Failure::Input(
                        "the model learnt recordings: remove the options of texts, or give a model of a text"
                            .to_string(),
                    )
                };
                let dialog = dialog.ok_or_else(wrong)?;
                let preset = dialog.preset();
                self.converse(dialog, preset, None, console)
            }
        }
    }

    fn open_crossbar(&self, model: &Model, console: &Console) -> anyhow::Result<Paired> {
        let opening = console.spinner(format!("opening {}", self.on));
        let quiet = engram_crossbar::Programming::default();
        let device = self.memo.remember().open(model, &self.on, &self.backend.options(), &quiet, &opening)?;
        opening.finish();
        Ok(device)
    }

    /// Classifies recordings: those of the file, or one.
    fn classify_recordings(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let data = match &self.crossbar.file {
            Some(file) => remap_to_model(model, of_file(model, file, &|text| console.warn(text))?)?,
            None => SourceArguments::new(false).sequences(model, None, None, Parts::Test, console)?,
        };
        let questions = Questions::of(data);
        // Before a backend is opened, which may take minutes.
        if let Some(recording) = self.crossbar.recording {
            leading_to(model, &questions, recording)?;
        }
        let numbers = self.crossbar.recording.map_or(1..=questions.count(), |number| number..=number);
        let mut device = self.open_crossbar(model, console)?;
        let mut answers = Vec::new();
        for recording in numbers {
            let answer = classify(model, &mut device, &questions, recording)?;
            console.line(&answer)?;
            answers.push(answer);
        }
        let differing = answers.iter().filter(|answer| !answer.agrees).count();
        let preset = device.geometry.name;
        if console.is_json() {
            let backend = self.on.to_string();
            console.report(&Answers {
                backend,
                preset,
                addressing: None,
                answers,
                refused: Vec::new(),
                notes: Vec::new(),
            })?;
        }
        verdict(differing, 0)
    }
}
