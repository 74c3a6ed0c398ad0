//! The options that choose stories.

use std::path::PathBuf;

use engram_babi::{BabiError, DataSet};
use engram_session::source::StorySource;

use crate::console::Console;

/// The stories that are wanted.
#[derive(Clone, Debug, clap::Args)]
pub struct SourceArguments {
    /// Directory of bAbI files. Without it: what ENGRAM_BABI names, else ../shared/babi/en where it is there, else
    /// generated text. Where a recurrent model is tested also a .ts file or a text.
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

    /// The options as a session takes them.
    pub fn stories(&self) -> StorySource {
        StorySource { data: self.data.clone(), generated: self.generated, data_seed: self.data_seed }
    }

    /// The training and test stories of a task. Says on the console where text is generated without having been asked for.
    pub fn read(&self, task: u8, console: &Console) -> Result<DataSet, BabiError> {
        self.stories().read(task, &|text| console.warn(text))
    }
}
