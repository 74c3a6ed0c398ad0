//! `engram data`: generated tasks as files, data sets in numbers, and sequences fetched.

use std::fmt;
use std::path::PathBuf;

use clap::builder::TypedValueParser;
use engram_babi::accept::{self, Acceptance, Measure};
use engram_babi::{BabiError, DataSet, Description, Part, Parts, reader};
use engram_memnet::tasks::TASKS;
use engram_sequences::{Cache, Workload};
use serde::Serialize;

use super::sequences;
use crate::arguments::output::Overwrite;
use crate::arguments::source::SourceArguments;
use crate::arguments::{by_name, up_to};
use crate::console::{Console, STRONG, styled};
use engram_session::Failure;
use engram_session::source::{self, QUESTIONS};

/// The number of generated questions in a comparison: enough for steady means.
const COMPARED: usize = 10_000;

/// The number of questions to generate: at least 1, for there must be something to learn and to test.
fn questions_parser() -> impl TypedValueParser<Value = usize> {
    up_to(1_000_000, "more would not fit the memory of most machines")
}

/// The arguments of `engram data`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("action").required(true))]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "\
Examples:
  engram data --task 1 --generate --out generated
  engram data --task 6 --generate --train-questions 10000 --seed 7 --out generated
  engram data --task 1 --describe --data ../shared/babi/en
  engram data --task 1 --compare --data ../shared/babi/en-10k
  engram data --compare
  engram data fetch
  engram data --describe --set japanese-vowels

engram can generate all twenty tasks. A file beside them says that they are generated; engram never takes them for official text.")]
pub struct Data {
    #[command(subcommand)]
    pub command: Option<DataCommand>,
    /// The bAbI task, 1 to 20; without it --compare compares all tasks of the folder.
    #[arg(long, value_name = "N", required_unless_present_any = ["compare", "set"])]
    pub task: Option<u8>,
    /// Write generated text with the official file names into --out.
    #[arg(long, group = "action", requires = "out")]
    pub generate: bool,
    /// Print the numbers of a data set: questions, words, lengths.
    #[arg(long, group = "action")]
    pub describe: bool,
    /// Measure the distance of generated from official text; exit code 1 if it is above the limit.
    #[arg(long, group = "action", conflicts_with = "generated")]
    pub compare: bool,
    /// The folder for generated files; engram creates it if it is missing.
    #[arg(long, value_name = "DIR", requires = "generate")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub overwrite: Overwrite,
    /// Generated training questions.
    #[arg(long, value_name = "N", default_value_t = QUESTIONS, value_parser = questions_parser())]
    pub train_questions: usize,
    /// Generated test questions.
    #[arg(long, value_name = "N", default_value_t = QUESTIONS, value_parser = questions_parser())]
    pub test_questions: usize,
    /// The seed of generated text.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The folder of bAbI files, for --describe and --compare [default: as for `engram train`; --compare prefers the
    /// folder en-10k beside it, if that has the task].
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data: Option<PathBuf>,
    /// Describe generated text.
    #[arg(long)]
    pub generated: bool,
    /// Fetched sequences, for --describe.
    #[arg(long, value_name = "NAME", value_parser = by_name(Workload::ALL, |workload| workload.name()))]
    #[arg(conflicts_with_all = ["task", "generate", "compare", "data", "generated"])]
    pub set: Option<Workload>,
}

/// The work that needs no task.
#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub enum DataCommand {
    /// Fetch the recordings and texts for crossbar networks: 22 MiB, once.
    #[command(after_help = sequences::FETCH_HELP)]
    Fetch,
}

/// The numbers of a data set, and the folder that it was written to.
#[derive(Debug, Serialize)]
struct DescribedText {
    #[serde(flatten)]
    description: Description,
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<PathBuf>,
}

impl fmt::Display for DescribedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Description { task, source, words, train, test } = &self.description;
        writeln!(f, "task {task}, {source}: {} words", styled(STRONG, words))?;
        let mut table = comfy_table::Table::new();
        table.load_preset(comfy_table::presets::NOTHING);
        table.set_header(["", "training", "test"]);
        let mut row = |name: &str, value: fn(&Part) -> usize| {
            table.add_row([name.to_string(), value(train).to_string(), value(test).to_string()]);
        };
        row("stories", |part| part.stories);
        row("questions", |part| part.questions);
        row("sentences", |part| part.sentences);
        row("words of the longest sentence", |part| part.longest_sentence);
        row("words of the longest question", |part| part.longest_question);
        row("sentences of the longest story", |part| part.longest_story);
        write!(f, "{}", table.trim_fmt())?;
        let answers: Vec<String> = train.answers.iter().map(|(answer, count)| format!("{answer} {count}")).collect();
        write!(f, "\n training answers: {}", answers.join(", "))?;
        self.out.iter().try_for_each(|out| write!(f, "\n written to {}", out.display()))
    }
}

/// A comparison with its verdict.
#[derive(Debug, Serialize)]
struct Comparison {
    #[serde(flatten)]
    acceptance: Acceptance,
    accepted: bool,
    /// Where the text is from that the generated text was compared with.
    source: String,
    #[serde(skip)]
    is_official: bool,
}

impl Comparison {
    /// A note where the text is not the official one.
    fn note(&self) -> Option<String> {
        let text = || format!("{} is not the official text: its SHA-256 is another", self.source);
        (!self.is_official).then(text)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.acceptance, styled(STRONG, verdict(self.accepted)))
    }
}

/// A comparison of all tasks.
#[derive(Debug, Serialize)]
struct Comparisons {
    tasks: Vec<Comparison>,
    /// Tasks without official text.
    absent: Vec<u8>,
    accepted: bool,
}

impl fmt::Display for Comparisons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        table.load_preset(comfy_table::presets::NOTHING);
        let measures = Measure::ALL.map(Measure::name);
        table.set_header([&["task", "words"], &measures[..], &["vocabulary", ""]].concat());
        for Comparison { acceptance, accepted, .. } in &self.tasks {
            let distances = acceptance.distances.iter().map(|distance| {
                let limit = accept::TOLERANCE * distance.official;
                format!("{:.4} of {limit:.4}{}", distance.generated, if distance.accepted { "" } else { " too far" })
            });
            let equal = acceptance.missing.is_empty() && acceptance.added.is_empty();
            let [vocabulary, verdict] =
                [if equal { "equal" } else { "differs" }, verdict(*accepted)].map(str::to_string);
            let numbers = [acceptance.task.to_string(), acceptance.words.to_string()];
            table.add_row(numbers.into_iter().chain(distances).chain([vocabulary, verdict]));
        }
        writeln!(f, "Total-variation distances of generated and official training text, and what is accepted:")?;
        writeln!(f, "{}", table.trim_fmt())?;
        if !self.absent.is_empty() {
            let absent: Vec<String> = self.absent.iter().map(u8::to_string).collect();
            writeln!(f, "no official text of task {}", absent.join(", "))?;
        }
        write!(f, "{}", styled(STRONG, verdict(self.accepted)))
    }
}

fn verdict(accepted: bool) -> &'static str {
    if accepted { "near enough" } else { "not near enough" }
}

impl Data {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if let Some(DataCommand::Fetch) = self.command {
            return sequences::fetch(&Cache::standard()?, console);
        }
        if let Some(workload) = self.set {
            return sequences::describe(workload, &Cache::standard()?, console);
        }
        let Some(task) = self.task else { return self.compare_all(console) };
        if self.compare {
            let comparison = self.compare(task)?;
            console.report(&comparison)?;
            comparison.note().iter().for_each(|note| console.warn(note));
            return checked(comparison.accepted);
        }
        let data = if self.generate {
            let work = console.spinner("generating");
            let data = DataSet::generate(task, self.train_questions, self.test_questions, self.seed)?;
            work.finish();
            data
        } else {
            let source = SourceArguments { data: self.data.clone(), generated: self.generated, data_seed: self.seed };
            source.stories().read(task, Parts::Both, &|text| console.warn(text))?
        };
        if let Some(out) = &self.out {
            self.overwrite.refuse(data.in_the_way(out)?)?;
            data.write(out)?;
        }
        Ok(console.report(&DescribedText { description: data.describe(), out: self.out.clone() })?)
    }

    /// The official text to compare with: where no folder is given, the largest there is.
    fn official(&self, task: u8) -> anyhow::Result<DataSet> {
        let absent = || Failure::Input("--compare needs official text: give --data or set ENGRAM_BABI".to_string());
        let directory = source::official(self.data.as_deref()).ok_or_else(absent)?;
        let larger = directory.with_file_name("en-10k");
        let beside = self.data.is_none() && reader::present(&larger).contains(&task);
        let data = DataSet::read(if beside { &larger } else { &directory }, task)?;
        if let engram_babi::Source::Generated { .. } = data.source {
            return Err(absent().into());
        }
        Ok(data)
    }

    fn compare(&self, task: u8) -> anyhow::Result<Comparison> {
        let official = self.official(task)?;
        let questions = self.train_questions.max(COMPARED);
        let generated = DataSet::generate(task, questions, self.test_questions, self.seed)?;
        let acceptance = accept::compare(&generated, &official)?;
        let accepted = acceptance.accepted();
        let is_official = matches!(official.source, engram_babi::Source::Official(_));
        Ok(Comparison { acceptance, accepted, source: official.source.to_string(), is_official })
    }

    fn compare_all(&self, console: &Console) -> anyhow::Result<()> {
        let (mut tasks, mut absent) = (Vec::new(), Vec::new());
        for task in 1..=TASKS {
            match self.compare(task) {
                Ok(comparison) => tasks.push(comparison),
                // A folder may lack a task, as the usual copy of en-10k does, but not all.
                Err(error) if lacks_only_this(&error) => absent.push(task),
                Err(error) => return Err(error),
            }
        }
        let accepted = tasks.iter().all(|comparison| comparison.accepted);
        let note = tasks.iter().find_map(Comparison::note);
        console.report(&Comparisons { tasks, absent, accepted })?;
        note.iter().for_each(|note| console.warn(note));
        checked(accepted)
    }
}

fn lacks_only_this(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(BabiError::NoSuchTask { present, .. }) if !present.is_empty())
}

fn checked(accepted: bool) -> anyhow::Result<()> {
    let refused = || Failure::Check("the generated text differs from the official text by more than the limit".into());
    if accepted { Ok(()) } else { Err(refused().into()) }
}
