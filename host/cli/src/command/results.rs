//! `engram results`: the campaigns that the tables are made of, the tables, and the proof on hardware.

use std::path::PathBuf;

use crate::arguments::backend::{BackendArguments, hardware};
use crate::console::Console;
use crate::results::memnet::marks::TASKS;
use crate::results::memnet::row::Size;
use crate::results::{crossbar, memnet, memo};
use engram_session::Failure;
use engram_session::backend::Backend;

/// The networks that tables are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Tables {
    /// Memory networks, Q-MANN.
    #[default]
    #[value(alias = "memory")]
    Memnet,
    /// The crossbar LSTM.
    #[value(alias = "lstm")]
    Crossbar,
    /// LSTMs and GRUs with fuzzy memoization.
    Memo,
}

/// The arguments of `engram results`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram results
  engram results --sizes 1k --rows qmann,float --tasks 1,6,15 --seeds 3
  engram results --dry-run
  engram results --only-report --export models
  engram results --sizes 1k --prove verilator
  engram results --network crossbar
  engram results --network crossbar --rows four-bits,noise --sets watch --seeds 1
  engram results --network crossbar --prove verilator
  engram results --network memo --rows lstm-128-4bit --sets watch
  engram results --network memo --prove verilator --seeds 1
  engram results --prove simulation --rows qmann --tasks 1 --questions 20 --preset ecp5-25f

A row is a recipe: recipes/memnet/1k/qmann.toml is the row qmann at 1k, in the words of its first comment; rows named as
qmann-6bit is are drawn by word length. A cell is a row, a task and a seed. Every cell is kept
when it is finished, so the campaign may be interrupted at any time and goes on where it was; a changed recipe or a
changed text is trained anew. The report is of all that is finished, whatever was chosen to be trained.

Of the LSTM (--network crossbar) the rows are those of tables: four-bits (float, and 4 bits trained, after training and trained
with noise), noise (4 bits under noise), tiles (rows of a tile), bits (of weights and converters). A set is a file of
recipes, as recipes/crossbar/watch.toml is; the numbers are lstm.json in the folder of --out, the report is DIR-lstm.md.

Of fuzzy memoization (--network memo) the rows are networks: lstm or gru, 128 or 256 cells, 4 or 8 bits, as
lstm-128-4bit; the sets are those of the LSTM, the numbers memo.json, the report DIR-memo.md.

--prove asks the hardware all test questions, of the models that --export would choose, and holds each answer's word and
logit against the integer model's; of the LSTM the test sequences of the tables, of 4/4/4 without and with noise, seed 1; of
memoization those of its tables, with the thresholds found and both organisations of the predictor, and of every sequence the
counters and cycles too. What was asked of the same model and the same Verilog is not asked again (but of the LSTM). Any answer
that differs ends with exit code 1, and the first is shown by layer.")]
pub struct Results {
    /// The networks of the tables.
    #[arg(long, value_enum, default_value_t)]
    pub network: Tables,
    /// The sizes of training text.
    #[arg(long, value_name = "SIZES", value_delimiter = ',', default_value = "1k,10k")]
    pub sizes: Vec<Size>,
    /// The data sets of crossbar networks to train with [default: all that have recipes].
    #[arg(long, value_name = "SETS", value_delimiter = ',')]
    pub sets: Vec<String>,
    /// The rows to train: recipes [default: all], of the LSTM tables (four-bits, noise, tiles, bits), of
    /// memoization networks (lstm-128-4bit).
    #[arg(long, value_name = "ROWS", value_delimiter = ',')]
    pub rows: Vec<String>,
    /// The tasks to train [default: 1 to 20].
    #[arg(long, value_name = "TASKS", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=i64::from(TASKS)))]
    pub tasks: Vec<u8>,
    /// Seeds to train each with, 1 to N [default: 5; of memory networks 3 at 10k, of the LSTM 2 in the table of bits on text, of
    /// memoization 3].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Directory of the 1k files [default: as for `engram train`]. Without any, text is generated.
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data: Option<PathBuf>,
    /// Directory of the 10k files [default: en-10k beside those of 1k].
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data_10k: Option<PathBuf>,
    /// Use generated text; results on it are no bAbI scores.
    #[arg(long)]
    pub generated: bool,
    /// The folder of recipes, with a folder for each size.
    #[arg(long, value_name = "DIR", default_value = "recipes")]
    pub recipes: PathBuf,
    /// The folder of finished cells; their models lie in the folder `models` beside it [default: build/results/cells,
    /// build/results/lstm/cells, build/results/memo/cells].
    #[arg(long, value_name = "DIR")]
    pub cells: Option<PathBuf>,
    /// The folder of numbers and plots; the report is DIR.md.
    #[arg(long, value_name = "DIR", default_value = "docs/results")]
    pub out: PathBuf,
    /// Cells at the same time [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// List the cells that are to be trained, with their estimated time, and train none.
    #[arg(long, conflicts_with_all = ["only_report", "export"])]
    pub dry_run: bool,
    /// Make the report of what is finished, and train nothing.
    #[arg(long)]
    pub only_report: bool,
    /// Train nothing: put the test questions of each task to a backend, with the finished models of the rows qmann, fixed and
    /// binary, or of --rows: verilator, cxxrtl, netlist, simulation, or a serial port's path.
    #[arg(long, value_name = "BACKEND", value_parser = hardware, conflicts_with_all = ["dry_run", "only_report", "export"])]
    pub prove: Option<Backend>,
    /// The most questions of a task to put to the backend.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), requires = "prove")]
    pub questions: Option<u32>,
    #[command(flatten)]
    pub backend: BackendArguments,
    /// Copy the model of each task of the row qmann at 10k, of the seed that validation chooses, into a folder.
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
}

impl Results {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        self.check()?;
        match self.network {
            Tables::Memnet => memnet::campaign::Campaign::new(self, console)?.run(console),
            Tables::Crossbar => crossbar::campaign::Campaign::new(self)?.run(console),
            Tables::Memo => memo::campaign::Campaign::new(self)?.run(console),
        }
    }

    /// Some options say something of one network, or of a backend, alone.
    fn check(&self) -> Result<(), Failure> {
        let memory = [
            ("--tasks", !self.tasks.is_empty()),
            ("--data-10k", self.data_10k.is_some()),
            ("--generated", self.generated),
            ("--export", self.export.is_some()),
        ];
        let found = match self.network {
            Tables::Crossbar | Tables::Memo => {
                memory.into_iter().find(|(_, given)| *given).map(|(option, _)| (option, "memnet"))
            }
            Tables::Memnet => (!self.sets.is_empty()).then_some(("--sets", "crossbar and memo")),
        };
        if let Some((option, network)) = found {
            return Err(Failure::Usage(format!("{option} works with --network {network} only: remove one of them")));
        }
        if self.prove.is_some() && self.seeds.is_some() && self.network != Tables::Memo {
            let text = "--prove chooses the seed itself: remove --seeds, which it takes with --network memo only";
            return Err(Failure::Usage(text.to_string()));
        }
        match (self.prove.is_some(), self.backend.preset) {
            (false, Some(_)) => {
                Err(Failure::Usage("--preset works with --prove only: add --prove, or remove --preset".to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Cells at the same time.
    pub fn jobs(&self) -> usize {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.map_or_else(processors, usize::from)
    }
}
