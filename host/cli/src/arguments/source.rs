//! The options that choose stories.

use std::path::PathBuf;

use engram_babi::{BabiError, DataSet, Parts};
use engram_crossbar::Model;
use engram_sequences::Data;
use engram_session::crossbar::source::Set;
use engram_session::crossbar::test_data::{Wanted, find};
use engram_session::source::{StorySource, official};

use crate::console::Console;

/// The source of stories.
#[derive(Clone, Debug, clap::Args)]
pub struct SourceArguments {
    /// Directory of bAbI files [default: the one that ENGRAM_BABI names, else ../shared/babi/en where it is there, else
    /// generated text]. Where a crossbar model is tested also a .ts file or a text.
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data: Option<PathBuf>,
    /// Use generated text, or made-up sequences; results on them are no bAbI scores and say nothing of real sequences.
    #[arg(long)]
    pub generated: bool,
    /// The seed of generated text.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub data_seed: u64,
}

impl SourceArguments {
    /// The text that is there, or generated text.
    pub fn new(generated: bool) -> SourceArguments {
        SourceArguments { data: None, generated, data_seed: 1 }
    }

    /// The files that stories may be read from.
    pub fn files(&self) -> Vec<PathBuf> {
        let Some(place) = official(self.data.as_deref()).filter(|_| !self.generated) else { return Vec::new() };
        match std::fs::read_dir(&place) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(_) => vec![place],
        }
    }

    /// The options as a session takes them.
    pub fn stories(&self) -> StorySource {
        StorySource { data: self.data.clone(), generated: self.generated, data_seed: self.data_seed }
    }

    /// Some parts of the sequences that a crossbar model was trained with, or of others that are given for it, in the model's
    /// numbers.
    pub fn sequences(
        &self,
        model: &Model,
        set: Option<Set>,
        task: Option<u8>,
        parts: Parts,
        console: &Console,
    ) -> anyhow::Result<Data> {
        find(model, Wanted { set, stories: &self.stories(), task, parts }, &|text| console.warn(text))
    }

    /// The stories of a task, with questions in each of some parts. Says on the console where text is generated without having
    /// been asked for, and what one should know of files.
    pub fn read(&self, task: u8, parts: Parts, console: &Console) -> Result<DataSet, BabiError> {
        self.stories().read(task, parts, &|text| console.warn(text))?.asking(parts)
    }
}
