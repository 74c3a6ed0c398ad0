//! The options of a campaign: what is wanted, and where everything lies.

use std::path::{Path, PathBuf};

use engram_session::backend::{Backend, BackendOptions};

use crate::memnet::variant::Size;

/// The runs that are wanted, and the places of data, recipes, runs and models.
#[derive(Clone, Debug)]
pub struct Options {
    /// The sizes of training text, of memory networks.
    pub sizes: Vec<Size>,
    /// The data sets of crossbar networks; all that have recipes where there are none.
    pub datasets: Vec<String>,
    /// The variants: recipes of memory networks, tables of the LSTM, networks of memoization; all where there are none.
    pub variants: Vec<String>,
    /// The tasks of memory networks; 1 to 20 where there are none.
    pub tasks: Vec<u8>,
    /// The seeds 1 to N; the campaign's own number where nothing is said.
    pub seeds: Option<u64>,
    /// The folder of official bAbI text of 1,000 questions a task.
    pub data: Option<PathBuf>,
    /// The folder of that of 10,000.
    pub data_10k: Option<PathBuf>,
    /// Whether text is generated although there is official text.
    pub generated: bool,
    /// The folder of recipes.
    pub recipes: PathBuf,
    /// The folder of finished runs: a file of JSON lines a network, and the proofs.
    pub runs: PathBuf,
    /// The folder of trained models.
    pub models: PathBuf,
    /// The folder of pictures; the documents lie beside it.
    pub out: PathBuf,
    /// Runs at the same time.
    pub jobs: usize,
}

impl Options {
    /// The file of a campaign's document.
    pub fn document(&self, name: &str) -> PathBuf {
        let folder = self.out.file_name().unwrap_or_default().to_string_lossy();
        self.out.with_file_name(format!("{folder}-{name}.md"))
    }

    /// The file of a campaign's runs.
    pub fn ledger(&self, name: &str) -> PathBuf {
        self.runs.join(format!("{name}.jsonl"))
    }

    /// The file of a campaign's proofs.
    pub fn proofs(&self, name: &str) -> PathBuf {
        self.ledger(&format!("proofs-{name}"))
    }

    /// The folder of official bAbI text of 1,000 questions a task: the one given, or the one that is found.
    pub fn babi(&self) -> Option<PathBuf> {
        if self.generated { None } else { engram_session::source::official(self.data.as_deref()) }
    }

    /// The folder of a campaign's models, by the name that it has there.
    pub fn models_of(&self, name: &str) -> PathBuf {
        self.models.join(Path::new(name)).join("models")
    }
}

/// The settings of a proof: the backend, and the questions that are put to it.
#[derive(Clone, Debug)]
pub struct Proving {
    /// The backend.
    pub backend: Backend,
    /// The backend's size and rate.
    pub options: BackendOptions,
    /// The most questions of a task, recordings, or symbols of a stream.
    pub limit: Option<usize>,
}

impl Proving {
    /// Whether the backend is a board, which does not say which hardware it has.
    pub fn is_board(&self) -> bool {
        matches!(self.backend, Backend::Port(_))
    }

    /// The backend's name in files and documents.
    pub fn name(&self) -> String {
        engram_session::backend::reported(&self.backend)
    }
}
