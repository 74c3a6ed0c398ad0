//! `engram results`: the campaigns that the tables are made of, the tables, and the proof on hardware.

use std::fmt;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use engram_files::Kind;
use engram_memnet::tasks::TASKS;
use engram_results::campaign::{self, Proved};
use engram_results::crossbar::Crossbar;
use engram_results::memnet::{Memnet, Size, exported};
use engram_results::memo::Memo;
use engram_results::report::Planned;
use engram_results::{Campaign, Key, Observer, Options, Proving};
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::progress::Work;
use serde::Serialize;

use crate::arguments::backend::{BackendArguments, hardware};
use crate::arguments::output::Overwrite;
use crate::arguments::{by_name, up_to};
use crate::console::Console;

/// Networks by name; the names that they had before go on working.
fn tables_parser() -> impl TypedValueParser<Value = &'static str> {
    let values = [
        PossibleValue::new(Memnet::NAME).alias("memory").help("Memory networks, Q-MANN"),
        PossibleValue::new(Crossbar::NAME).alias("lstm").help("LSTMs on the crossbar"),
        PossibleValue::new(Memo::NAME).help("LSTMs and GRUs with fuzzy memoization"),
    ];
    PossibleValuesParser::new(values).map(|name| match name.as_str() {
        Crossbar::NAME | "lstm" => Crossbar::NAME,
        Memo::NAME => Memo::NAME,
        _ => Memnet::NAME,
    })
}

/// Where data, recipes, lines and models lie.
#[derive(Clone, Debug, clap::Args)]
pub struct PlaceArguments {
    /// Directory of the 1k files [default: as for `engram train`]. Without any, text is generated.
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data: Option<PathBuf>,
    /// Directory of the 10k files [default: en-10k beside those of 1k].
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data_10k: Option<PathBuf>,
    /// Use generated text; results on it are no bAbI scores.
    #[arg(long)]
    pub generated: bool,
    /// The folder of recipes, with a folder for each network.
    #[arg(long, value_name = "DIR", default_value = "recipes")]
    pub recipes: PathBuf,
    /// The folder of finished runs, a file of JSON lines a network [default: results].
    #[arg(long, value_name = "DIR", alias = "cells")]
    pub runs: Option<PathBuf>,
    /// The folder of trained models [default: build/results, or the folder that --runs lies in].
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,
}

impl PlaceArguments {
    /// The options of a campaign with these places.
    pub fn options(&self) -> Options {
        let beside =
            |runs: &PathBuf| runs.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_path_buf);
        let models = self.models.clone().or_else(|| self.runs.as_ref().and_then(beside));
        Options {
            sizes: Vec::new(),
            datasets: Vec::new(),
            variants: Vec::new(),
            tasks: Vec::new(),
            seeds: None,
            data: self.data.clone(),
            data_10k: self.data_10k.clone(),
            generated: self.generated,
            recipes: self.recipes.clone(),
            runs: self.runs.clone().unwrap_or("results".into()),
            models: models.unwrap_or("build/results".into()),
            out: PathBuf::from("docs/results"),
            jobs: 1,
        }
    }
}

/// The work besides campaigns.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum ResultsCommand {
    /// Do one run by itself, and print its line.
    #[command(after_help = "\
Example:
  engram results run crossbar/watch/trained-w4-c4/seed1 > line.jsonl

engram measures the run even if it is finished already, and prints its line: `engram results --gather` keeps the line. engram trains \
only models that --models does not have yet.")]
    Run {
        /// The key of the run, as `engram results --dry-run` lists it.
        key: Key,
        #[command(flatten)]
        places: PlaceArguments,
    },
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
  engram results --network crossbar --dry-run --json
  engram results run crossbar/watch/trained-w4-c4/seed1
  engram results --gather build/workflow/crossbar/lines.jsonl
  engram results --prove simulation --rows qmann --tasks 1 --questions 20 --preset ecp5-25f

A row is a recipe: recipes/memnet/1k/qmann.toml is the row qmann at 1k, and its first comment describes the row. A run is a row, a \
task and a seed. engram writes a finished run as a line of JSON into results/. So you may stop a campaign at any time: it goes on \
where it stopped. If a recipe or a text changes, engram trains its runs again. The report shows all lines, not only the runs that \
you chose.

For the LSTM (--network crossbar) the rows are the tables: four-bits (float, and 4 bits trained, after training and trained with \
noise), noise (4 bits under noise), tiles (rows of a tile), bits (of weights and converters). A set is a file of recipes, such as \
recipes/crossbar/watch.toml.

For fuzzy memoization (--network memo) the rows are networks: lstm or gru, 128 or 256 cells, 4 or 8 bits, for example \
lstm-128-4bit. The sets are those of the LSTM.

`engram results run KEY` does one run and prints its line; --dry-run lists the keys, and --gather keeps printed lines. \
workflow/Snakefile does a campaign on several machines in this way.

--prove asks the hardware all test questions, with the models that --export chooses, and compares the word and the logit of each \
answer with the integer model's. For the LSTM it takes the test sequences of the tables, 4/4/4 without and with noise, seed 1. For \
memoization it takes those of its tables, with the thresholds and both organisations of the predictor, and also compares counters \
and cycles of every sequence. engram does not ask the same model and the same Verilog twice (except for the LSTM). If one answer \
differs, the exit code is 1, and engram shows the first layer that differs.")]
#[command(args_conflicts_with_subcommands = true)]
pub struct Results {
    #[command(subcommand)]
    pub command: Option<ResultsCommand>,
    /// The networks of the tables.
    #[arg(long, value_name = "NETWORK", default_value = Memnet::NAME, value_parser = tables_parser())]
    pub network: &'static str,
    /// The sizes of training text.
    #[arg(long, value_name = "SIZES", value_delimiter = ',', default_value = "1k,10k", value_parser = by_name(Size::ALL, |size| size.name()))]
    pub sizes: Vec<Size>,
    /// The data sets of crossbar networks to train with [default: all that have recipes].
    #[arg(long, value_name = "SETS", value_delimiter = ',')]
    pub sets: Vec<String>,
    /// The rows to train [default: all]: recipes; for the LSTM tables (four-bits, noise, tiles, bits), for memoization
    /// networks (lstm-128-4bit).
    #[arg(long, value_name = "ROWS", value_delimiter = ',')]
    pub rows: Vec<String>,
    /// The tasks to train [default: 1 to 20].
    #[arg(long, value_name = "TASKS", value_delimiter = ',', value_parser = clap::value_parser!(u8).range(1..=i64::from(TASKS)))]
    pub tasks: Vec<u8>,
    /// The number of seeds, 1 to N [default: 5; 3 for memory networks at 10k and for memoization, 2 for the LSTM's table of
    /// bits on text].
    #[arg(long, value_name = "N", value_parser = up_to(1_000, "more would not end in weeks"))]
    pub seeds: Option<usize>,
    #[command(flatten)]
    pub places: PlaceArguments,
    /// The folder of pictures; the report is DIR-memnet.md, DIR-crossbar.md or DIR-memo.md.
    #[arg(long, value_name = "DIR", default_value = "docs/results")]
    pub out: PathBuf,
    /// Runs at the same time [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = up_to(1_024, "each takes a thread"))]
    pub jobs: Option<usize>,
    /// List the keys of the runs to do, with their estimated time, and do none.
    #[arg(long, conflicts_with_all = ["only_report", "export"])]
    pub dry_run: bool,
    /// Write the report of the finished runs, and train nothing.
    #[arg(long)]
    pub only_report: bool,
    /// Keep the lines of these files, which `engram results run` printed, and do nothing else.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["dry_run", "only_report", "export", "prove"])]
    pub gather: Vec<PathBuf>,
    /// Ask a backend the test questions of each task, with the finished models of the rows qmann, fixed and binary, or of
    /// --rows, and train nothing: verilator, cxxrtl, netlist, simulation, or the path of a serial port.
    #[arg(long, value_name = "BACKEND", value_parser = hardware, conflicts_with_all = ["dry_run", "only_report", "export"])]
    pub prove: Option<Backend>,
    /// The largest number of questions of a task.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), requires = "prove")]
    pub questions: Option<u32>,
    #[command(flatten)]
    pub backend: BackendArguments,
    /// Copy the model of each task into a folder: row qmann at 10k, the seed that validation chooses.
    #[arg(long, value_name = "DIR")]
    pub export: Option<PathBuf>,
    #[command(flatten)]
    pub overwrite: Overwrite,
}

/// The number of lines that were kept.
#[derive(Debug, Serialize)]
struct Gathered {
    gathered: usize,
}

impl fmt::Display for Gathered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} lines are kept", self.gathered)
    }
}

/// Keeps the lines of a campaign, where there are any. Gives their number.
fn keep<C: Campaign>(found: Option<(C, Vec<C::Finished>)>) -> Result<usize, Failure> {
    let Some((campaign, lines)) = found else { return Ok(0) };
    campaign.ledger().keep(&lines)?;
    Ok(lines.len())
}

impl Observer for Console {
    fn note(&self, text: &str) {
        Console::note(self, text);
    }

    fn warn(&self, text: &str) {
        Console::warn(self, text);
    }

    fn bar(&self, count: usize, doing: &str, unit: &'static str) -> Work {
        Console::bar(self, count, doing, unit)
    }
}

impl Results {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if let Some(ResultsCommand::Run { key, places }) = &self.command {
            let options = places.options();
            let line = match key.network.as_str() {
                Memnet::NAME => campaign::one(&Memnet::new(&options, console)?, key, console)?,
                Crossbar::NAME => campaign::one(&Crossbar::new(&options, console)?, key, console)?,
                Memo::NAME => campaign::one(&Memo::new(&options, console)?, key, console)?,
                _ => return Err(key.unknown("one of memnet, crossbar or memo").into()),
            };
            return Ok(console.text(&(line + "\n"))?);
        }
        if !self.gather.is_empty() {
            return self.gather(console);
        }
        self.check()?;
        let options = self.options();
        if !self.dry_run {
            self.check_outputs(&options)?;
        }
        match self.network {
            Memnet::NAME => self.campaign(&Memnet::new(&options, console)?, &options, console),
            Crossbar::NAME => self.campaign(&Crossbar::new(&options, console)?, &options, console),
            _ => self.campaign(&Memo::new(&options, console)?, &options, console),
        }
    }

    /// Plans, proves, trains or reports, as the arguments say.
    fn campaign<C: Campaign>(&self, campaign: &C, options: &Options, console: &Console) -> anyhow::Result<()> {
        if self.dry_run {
            let work = console.spinner("planning the runs");
            let plan = campaign.plan()?;
            work.finish();
            return Ok(console.report(&Planned::new(&plan, C::key))?);
        }
        if let Some(backend) = &self.prove {
            let limit = self.questions.map(|questions| questions as usize);
            let proving = Proving { backend: backend.clone(), options: self.backend.options(), limit };
            let proved = campaign::prove(campaign, options, &proving, console)?;
            console.report(&proved)?;
            return proved.check();
        }
        let mut done = match self.only_report {
            true => engram_results::report::Done::default(),
            false => campaign::train(campaign, options.jobs, console)?,
        };
        let published = campaign::publish(campaign, options, &mut done);
        // Where nothing is finished because all runs failed, that is reported first.
        if done.failed.is_empty() {
            published?;
        }
        if let Some(folder) = &self.export {
            done.files.extend(campaign.export(folder)?);
        }
        console.report(&done)?;
        Ok(done.check()?)
    }

    /// Keeps lines, of whichever networks they are. All are checked before any is kept.
    fn gather(&self, console: &Console) -> anyhow::Result<()> {
        let (options, files) = (self.places.options(), &self.gather);
        let memnet = campaign::read_lines(|| Memnet::new(&options, console), files)?;
        let crossbar = campaign::read_lines(|| Crossbar::new(&options, console), files)?;
        let memo = campaign::read_lines(|| Memo::new(&options, console), files)?;
        let gathered = keep(memnet)? + keep(crossbar)? + keep(memo)?;
        if gathered == 0 {
            let text =
                "the files have no line of memnet, crossbar or memo: give files that `engram results run` printed";
            return Err(Failure::Input(text.to_string()).into());
        }
        Ok(console.report(&Gathered { gathered })?)
    }

    fn options(&self) -> Options {
        let processors = || std::thread::available_parallelism().map_or(1, usize::from);
        Options {
            sizes: self.sizes.clone(),
            datasets: self.sets.clone(),
            variants: self.rows.clone(),
            tasks: self.tasks.clone(),
            seeds: self.seeds.map(|seeds| seeds as u64),
            out: self.out.clone(),
            jobs: self.jobs.unwrap_or_else(processors),
            ..self.places.options()
        }
    }

    /// Checks before the work that its outputs may be written.
    fn check_outputs(&self, options: &Options) -> Result<(), Failure> {
        let document = options.document(self.network);
        let models = self.export.iter().flat_map(|folder| exported().into_iter().map(|name| folder.join(name)));
        let outputs = [(document, Kind::Document)].into_iter().chain(models.map(|model| (model, Kind::Model)));
        for (path, kind) in outputs {
            self.overwrite.check_in_new(&path, kind, &[options.ledger(self.network)])?;
        }
        Ok(())
    }

    /// Some options say something of one network, or of a backend, alone.
    fn check(&self) -> Result<(), Failure> {
        let memory = [
            ("--tasks", !self.tasks.is_empty()),
            ("--data-10k", self.places.data_10k.is_some()),
            ("--generated", self.places.generated),
            ("--export", self.export.is_some()),
        ];
        let found = match self.network {
            Memnet::NAME => (!self.sets.is_empty()).then_some(("--sets", "crossbar and memo")),
            _ => memory.into_iter().find(|(_, given)| *given).map(|(option, _)| (option, Memnet::NAME)),
        };
        if let Some((option, network)) = found {
            return Err(Failure::Usage(format!("{option} works with --network {network} only: remove one of them")));
        }
        if self.prove.is_some() && self.seeds.is_some() && self.network != Memo::NAME {
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
}
