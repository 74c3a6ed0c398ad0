//! `engram train`: a model of one task, or of sequences, by a recipe, the best of some restarts.

mod candidates;
mod chosen;
pub mod crossbar;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Instant;

use anyhow::Context;
use clap::builder::TypedValueParser;
use engram_babi::{DataSet, Parts, Story};
use engram_files::Kind;
use engram_learn::limits::{EPOCHS_MAX, RESTARTS_MAX};
use engram_memnet::model::Record;
use engram_memnet::tasks::TASKS;
use engram_memnet::{Mode, Model, NetworkKind, Progress, Recipe, Recipes, Tying, train};
use engram_spec::crossbar::Cell;
use engram_spec::memnet::{Addressing, Weights};
use serde::Serialize;

use self::candidates::Candidates;
use super::eval::guessing_note;
use crate::arguments::backend::addressing_parser;
use crate::arguments::by_name;
use crate::arguments::crossbar::{PrecisionArguments, SequenceArguments, cell_parser};
use crate::arguments::output::Overwrite;
use crate::arguments::source::SourceArguments;
use crate::arguments::{from_zero, up_to};
use crate::console::{Console, STRONG, percent, seconds_since, styled};
use engram_session::Failure;
use engram_session::guessing::Guessing;
use engram_session::measure::{UsageWho, processor_seconds};
use engram_session::memnet::planned::{smallest_board, usable};
use engram_session::memnet::test;
use engram_session::model::Model as AnyModel;
use engram_session::progress::Work;

/// The arguments of `engram train`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram train --generated --task 1 --out qa1.safetensors
  engram train --data ../shared/babi/en --task 6 --restarts 8 --out qa6.safetensors
  engram train --data ../shared/babi/en --task 1 --mode float --out float.safetensors
  engram train --generated --task 1 --recipe my.toml --out my.safetensors --json
  engram train --task 16 --mode float --tying adjacent --out qa16.safetensors
  engram train --task all --mode float --out all.safetensors
  engram train --task 2 --mode float --start all.safetensors --out qa2.safetensors
  engram train --set japanese-vowels --out vowels.safetensors
  engram train --set watch --rows 16 --noise-weights 0.05 --noise-read 0.5 --out watch.safetensors
  engram train --set japanese-vowels --cell gru --hidden 128 --out gru.safetensors
  engram train --set shakespeare --precision float --out float.safetensors
  engram train --set shakespeare --start float.safetensors --weight-bits 2 --out text.safetensors
  engram train --set babi --task 1 --generated --out stories.safetensors
  engram train --sequences TRAIN.ts --test TEST.ts --out own.safetensors

Without a recipe engram takes the one that is best over the tasks for the arithmetic and the addressing, and chooses the tying by two \
fifths of the training text, each answered by networks that learnt the rest (--tying leaves that out). A recipe is a TOML \
file. Keys that it does not have keep their defaults. The keys are the fields of `Recipe` in host/memnet, for \
example: mode = \"qmann\", elements = 32, hops = 3, epochs = 100, rate = 0.01, kappa = -2, tie_b = true. recipes/memnet has the \
recipe of each row of docs/results-memnet.md. If a recipe has a table `start`, engram first trains a model of all tasks by that table, \
unless you give a model with --start. If it has tables `candidate`, engram chooses one of them by cross-validation on the training text: each \
has a name, and the recipe's keys but those that it names itself. With `folds = 1` it asks them about one fifth of the text, not all five.

A crossbar network (LSTM or GRU) learns sequences: first in real numbers, then in codes. Its recipe has the tables `float` and \
`quantised`; recipes/crossbar has the default for each data set. For --sequences engram chooses, by the training recordings alone, \
how many steps of a recording the network takes as one, and bits, unless you give a recipe; other numbers are those of \
recipes/recordings.toml. All data sets but babi are fetched once by `engram data fetch`.")]
pub struct Train {
    #[command(flatten)]
    pub source: SourceArguments,
    /// The bAbI task, 1 to 20, or `all` in one network [default with --set babi: 1].
    #[arg(long, value_name = "N", required_unless_present = "sequence_data")]
    pub task: Option<Tasks>,
    /// A model to start from, instead of random weights: a model of all tasks, or a float model before a quantised one.
    /// Words that the data and the model share keep their vectors. Use the seed of that model, so that it has not seen
    /// the questions that validate here. A crossbar model replaces the training in float.
    #[arg(long, value_name = "FILE")]
    pub start: Option<PathBuf>,
    /// The arithmetic to train for [default: the recipe's, else qmann].
    ///
    /// Hardware computes qmann (bounded addressing), fixed (the product as similarity) and binary (weights of one bit). The
    /// baselines are float, fixed-truncating and binary-conventional.
    #[arg(long, value_parser = mode_parser(), conflicts_with = "sequence_data")]
    pub mode: Option<Mode>,
    /// The addressing of the memory [default: the recipe's, else min with qmann, hamming with binary].
    ///
    /// hamming and xnor are the forms of the paper. min, the smaller magnitude, learns more of the tasks. All three are bounded and
    /// need no multiplier.
    #[arg(long, value_parser = addressing_parser(), conflicts_with = "sequence_data")]
    pub addressing: Option<Addressing>,
    /// The tensors that hops share [default: the recipe's, else the better of both by cross-validation].
    ///
    /// With layer-wise tying every hop has the same A, C and H. With adjacent tying the C of a hop is the A of the next, and there is
    /// no H. The hardware computes both, adjacent tying with up to 4 hops.
    #[arg(long, value_parser = by_name(Tying::ALL, |tying| tying.name()), conflicts_with = "sequence_data")]
    pub tying: Option<Tying>,
    /// The file of the trained model.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// The seed of everything random.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The number of trainings from different initial weights. The best by validation is kept, or by training where all text is
    /// learnt [default: the recipe's, else 2, and 4 for a baseline that truncates].
    #[arg(long, value_name = "N", value_parser = up_to(RESTARTS_MAX, "more would not end in days"))]
    pub restarts: Option<usize>,
    /// The number of passes over the training questions [default: the recipe's]. The recipe's other epochs keep their shares of it.
    #[arg(long, value_name = "N", value_parser = up_to(EPOCHS_MAX, "more would not end in days"))]
    pub epochs: Option<usize>,
    /// The file of a recipe.
    #[arg(long, value_name = "FILE.toml")]
    pub recipe: Option<PathBuf>,
    #[command(flatten)]
    pub overwrite: Overwrite,
    #[command(flatten)]
    pub sequences: SequenceArguments,
    #[command(flatten)]
    pub precisions: PrecisionArguments,
    /// The noise of weights in training, as a share of the largest: 0.05 is 5 %.
    #[arg(long, value_name = "SHARE", value_parser = from_zero, requires = "sequence_data")]
    pub noise_weights: Option<f64>,
    /// The noise of a column's sum in training, in steps of its converter.
    #[arg(long, value_name = "STEPS", value_parser = from_zero, requires = "sequence_data")]
    pub noise_read: Option<f64>,
    /// The kind of cell: lstm or gru [default: the recipe's].
    #[arg(long, value_name = "CELL", value_parser = cell_parser(), requires = "sequence_data")]
    pub cell: Option<Cell>,
    /// The number of cells [default: the recipe's].
    #[arg(long, value_name = "N", requires = "sequence_data", value_parser = up_to(1024, "the arithmetic has no room for more"))]
    pub hidden: Option<usize>,
}

/// The tasks to train on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tasks {
    /// A single task.
    One(u8),
    /// All twenty in one network.
    All,
}

impl FromStr for Tasks {
    type Err = String;

    fn from_str(text: &str) -> Result<Tasks, String> {
        match (text, text.parse::<u8>()) {
            ("all", _) => Ok(Tasks::All),
            (_, Ok(task)) => Ok(Tasks::One(task)),
            _ => Err("expected a task from 1 to 20, or all".to_string()),
        }
    }
}

impl fmt::Display for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Tasks::One(task) => write!(f, "task {task}"),
            Tasks::All => f.write_str("all tasks"),
        }
    }
}

/// How a training came out.
#[derive(Debug, Serialize)]
pub struct MemnetTraining {
    /// The task; `null` where there were all.
    task: Option<u8>,
    #[serde(flatten)]
    kind: NetworkKind,
    source: String,
    /// The choice among the candidates of the recipe, where it has some.
    #[serde(skip_serializing_if = "Option::is_none")]
    choice: Option<Candidates>,
    /// Epochs at most.
    epochs: usize,
    restarts: usize,
    seed: u64,
    train_error_percent: f64,
    /// None where all training text was learnt.
    validation_error_percent: Option<f64>,
    /// In the model's own arithmetic; that of a quantised model is the device's.
    pub test_error_percent: f64,
    /// The error of the most frequent answer to every question.
    guessing_error_percent: f64,
    /// A note where the test's answers are no better than guessed.
    #[serde(skip)]
    note: Option<String>,
    test_questions: usize,
    seconds: f64,
    cpu_seconds: f64,
    out: PathBuf,
}

impl MemnetTraining {
    /// In a line: what was learnt from what, and how well.
    pub fn in_a_line(&self) -> String {
        let task = self.task.map_or(Tasks::All, Tasks::One);
        format!("{task}, {}: test error {:.1} %", self.source, self.test_error_percent)
    }
}

impl fmt::Display for MemnetTraining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MemnetTraining { kind, source, seconds, cpu_seconds, .. } = self;
        let task = self.task.map_or(Tasks::All, Tasks::One);
        writeln!(f, "{task}, {kind}, {source}")?;
        if let Some(choice) = &self.choice {
            write!(f, "{choice}")?;
        }
        writeln!(f, "  training error    {:>6.1} %", self.train_error_percent)?;
        if let Some(error) = self.validation_error_percent {
            writeln!(f, "  validation error  {error:>6.1} %")?;
        }
        let test = format!("{:>6.1} %", self.test_error_percent);
        writeln!(f, "  test error        {} of {} questions", styled(STRONG, test), self.test_questions)?;
        write!(f, "{} after {seconds:.1} s ({cpu_seconds:.1} s of processor time)", self.out.display())
    }
}

impl Train {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        self.overwrite.check(&self.out, Kind::Model, &self.inputs())?;
        let task = match self.task {
            Some(Tasks::One(task)) => Some(task),
            Some(Tasks::All) if self.sequences.set.is_some() => {
                return Err(Failure::Usage("--set babi learns one task: choose one with --task".to_string()).into());
            }
            Some(Tasks::All) | None => None,
        };
        if let Some(source) = self.sequences.source(&self.source, task)? {
            let report = self.train_crossbar(&source, console)?;
            console.report(&report)?;
            report.test.note.iter().for_each(|note| console.warn(note));
            return Ok(());
        }
        if self.precisions != PrecisionArguments::default() {
            let text = "precisions and rows belong to crossbar networks: give --set, --sequences or --text with them";
            return Err(Failure::Usage(text.to_string()).into());
        }
        let tasks = self.task.ok_or_else(|| Failure::Usage("give --task, or --set for sequences".to_string()))?;
        let report = self.train(tasks, console)?;
        console.report(&report)?;
        report.note.iter().for_each(|note| console.warn(note));
        Ok(())
    }

    /// The files that the training reads.
    fn inputs(&self) -> Vec<PathBuf> {
        let named = [&self.start, &self.recipe].into_iter().flatten().cloned();
        named.chain(self.sequences.files()).chain(self.source.files()).collect()
    }

    /// Trains, saves and tests a model of memory.
    pub fn train(&self, tasks: Tasks, console: &Console) -> anyhow::Result<MemnetTraining> {
        let (start, cpu_start) = (Instant::now(), processor_seconds(UsageWho::RUSAGE_SELF));
        let given = self.start.as_deref().map(AnyModel::load_memnet).transpose()?;
        let recipes = self.read_recipes(tasks, given.as_ref())?;
        let is_adjacent = given.as_ref().is_some_and(|model| model.design.shape.tying == Tying::Adjacent);
        if is_adjacent && recipes.recipe.mode.weights() == Weights::Signs {
            let text = format!(
                "the model of --start has adjacent tying, which no network of {} has: start from a model of layer-wise tying",
                recipes.recipe.mode
            );
            return Err(Failure::Input(text).into());
        }
        if let (true, Tasks::One(task)) = (recipes.joint, tasks) {
            let text = format!("found task {task} with a recipe of one network for all tasks, expected --task all");
            return Err(Failure::Usage(text).into());
        }
        let data = self.read(tasks, console)?;
        let choice = self.choose_candidate(&recipes, &data, console)?;
        let (recipe, start_recipe) = recipes.chosen(choice.as_ref());
        let start_model = match (given, start_recipe) {
            (Some(start), _) => {
                let knows = |record: &Record| {
                    record.recipe.validation < recipe.validation || record.seed != self.seed && recipe.validation > 0.0
                };
                if start.training.as_ref().is_some_and(knows) {
                    console.warn(
                        "the model of --start may have learnt stories that validate, so the validation error is too good: train both \
                         with the same seed and validation",
                    );
                }
                Some(start)
            }
            (None, Some(start)) => {
                // The model of all tasks takes long: what follows it is checked first.
                usable(&data, recipe, None)?;
                recipes.check_starts().map_err(|error| Failure::Input(error.to_string()))?;
                Some(self.fit(&self.read(Tasks::All, console)?, start, None, console)?)
            }
            (None, None) => None,
        };
        let mut model = self.fit(&data, recipe, start_model.as_ref(), console)?;
        if choice.is_some() && self.recipe.is_none() {
            smallest_board(&model.design, &self.out).iter().for_each(|note| console.warn(note));
        }
        if let Some(record) = &mut model.training {
            record.choice = choice.clone();
        }
        let restarts = recipe.restarts;
        model.save(&self.out)?;
        let record = model.training.as_ref().context("a trained model without a record")?;
        let stories: Vec<Story> = data.into_iter().flat_map(|task| task.test).collect();
        let work = console.spinner("testing");
        let test = test(&model, &stories)?;
        work.finish();
        let right = test.predictions.iter().map(|prediction| prediction.right.into());
        let guessing = Guessing::of(right).context("a test without questions")?;
        Ok(MemnetTraining {
            task: record.task,
            kind: model.design.kind(),
            source: record.source.clone(),
            choice: choice.as_ref().map(Candidates::from),
            epochs: recipe.epochs,
            restarts,
            seed: self.seed,
            train_error_percent: percent(record.training_error.into()),
            validation_error_percent: record.validation_error.map(|error| percent(error.into())),
            test_error_percent: percent(test.error()),
            guessing_error_percent: guessing.error_percent(),
            note: guessing_note(&model, &guessing, test.error()),
            test_questions: test.questions(),
            seconds: seconds_since(start),
            cpu_seconds: ((processor_seconds(UsageWho::RUSAGE_SELF) - cpu_start) * 1e3).round() / 1e3,
            out: self.out.clone(),
        })
    }

    /// Reads the texts of some tasks.
    fn read(&self, tasks: Tasks, console: &Console) -> anyhow::Result<Vec<DataSet>> {
        let tasks = match tasks {
            Tasks::One(task) => task..=task,
            Tasks::All => 1..=TASKS,
        };
        Ok(tasks.map(|task| self.source.read(task, Parts::Both, console)).collect::<Result<_, _>>()?)
    }

    /// Trains on the texts of some tasks.
    fn fit(
        &self,
        data: &[DataSet],
        recipe: &Recipe,
        start: Option<&Model>,
        console: &Console,
    ) -> anyhow::Result<Model> {
        usable(data, recipe, start)?.iter().for_each(|note| console.warn(note));
        let display = Display::new(console, "training", recipe.restarts, recipe.epochs);
        let model = train(data, recipe, self.seed, start, &|progress| {
            let Progress { restart, epoch, loss, validation_error, .. } = progress;
            display.show(restart, epoch, loss, Some(validation_error).filter(|_| recipe.validation > 0.0));
        })?;
        display.work.finish();
        Ok(model)
    }

    /// The first given option in which candidates differ: it would make them one.
    fn option_that_differs(&self, recipes: &Recipes) -> Option<&'static str> {
        let values = |of: fn(&Recipe) -> String| {
            recipes.candidates.iter().map(|candidate| of(&candidate.recipe)).collect::<BTreeSet<String>>()
        };
        let options = [
            ("mode", self.mode.is_some(), values(|recipe| recipe.mode.to_string())),
            ("addressing", self.addressing.is_some(), values(|recipe| recipe.addressing().to_string())),
            ("tying", self.tying.is_some(), values(|recipe| recipe.tying.to_string())),
            ("restarts", self.restarts.is_some(), values(|recipe| recipe.restarts.to_string())),
            ("epochs", self.epochs.is_some(), values(|recipe| recipe.epochs.to_string())),
        ];
        options.into_iter().find(|(_, given, values)| *given && values.len() > 1).map(|(name, ..)| name)
    }

    /// The recipes of the file, or the usual ones, with the options in their place. The usual ones have the size and the tying of the
    /// model of `--start`; one network for all tasks takes too long to train it twice.
    fn read_recipes(&self, tasks: Tasks, start: Option<&Model>) -> anyhow::Result<Recipes> {
        let mut recipes = match &self.recipe {
            Some(path) => read_recipes(path)?,
            None => {
                let mode = self.mode.unwrap_or_default();
                match start.map(|model| &model.design.shape) {
                    Some(shape) => {
                        let recipe = Recipe::usual_from(mode, self.addressing, shape);
                        Recipes { recipe, ..Recipes::default() }
                    }
                    None => {
                        let known = (tasks == Tasks::All).then(Tying::default);
                        Recipes::usual(mode, self.addressing, self.tying.or(known))
                    }
                }
            }
        };
        if let Some(name) = self.option_that_differs(&recipes).filter(|_| self.recipe.is_some()) {
            let text = format!(
                "found --{name}, in which the candidates of the recipe differ, expected an option that they share: leave it \
                 out, or give a recipe without candidates"
            );
            return Err(Failure::Usage(text).into());
        }
        let candidates = recipes.candidates.iter_mut().map(|candidate| &mut candidate.recipe);
        for recipe in candidates.chain([&mut recipes.recipe]) {
            recipe.mode = self.mode.unwrap_or(recipe.mode);
            recipe.addressing = self.addressing.or(recipe.addressing);
            recipe.tying = self.tying.unwrap_or(recipe.tying);
            recipe.restarts = self.restarts.unwrap_or(recipe.restarts);
            *recipe = self.epochs.map_or(*recipe, |epochs| recipe.over(epochs));
        }
        // What begins a training has the tying of the training.
        let starts = recipes.candidates.iter_mut().filter_map(|candidate| candidate.start.as_mut());
        for start in starts.chain(recipes.start.as_mut()) {
            start.tying = self.tying.unwrap_or(start.tying);
        }
        Ok(recipes)
    }
}

fn read_recipes(path: &Path) -> Result<Recipes, Failure> {
    let wrong = |what: String| Failure::Input(format!("{}: {what}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    text.parse::<Recipes>()
        .map_err(|error| wrong(format!("the file is no recipe ({error}); see `engram train --help`")))
}

/// Modes by name.
pub fn mode_parser() -> impl TypedValueParser<Value = Mode> {
    by_name(Mode::ALL, |mode| mode.name())
}

/// The progress of all restarts as one.
struct Display {
    work: Work,
    /// The epochs done and the best validation error of each restart.
    restarts: Mutex<HashMap<usize, (usize, f64)>>,
}

impl Display {
    fn new(console: &Console, doing: &str, restarts: usize, epochs: usize) -> Display {
        Display { work: console.bar(restarts * epochs, doing, "epoch"), restarts: Mutex::default() }
    }

    /// Shows an epoch; `validation_error` where there is something to validate with.
    fn show(&self, restart: usize, epoch: usize, loss: f64, validation_error: Option<f64>) {
        let Ok(mut restarts) = self.restarts.lock() else { return };
        let restart = restarts.entry(restart).or_insert((0, f64::INFINITY));
        *restart = (epoch, restart.1.min(validation_error.unwrap_or(f64::INFINITY)));
        let best = restarts.values().map(|&(_, error)| error).fold(f64::INFINITY, f64::min);
        self.work.set_position(restarts.values().map(|&(epoch, _)| epoch as u64).sum());
        let best =
            if best.is_finite() { format!(", best validation error {:.1} %", 100.0 * best) } else { String::new() };
        self.work.set_message(format!("loss {loss:.3}{best}"));
    }
}
