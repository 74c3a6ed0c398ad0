//! `engram data`: generated tasks as files, and data sets in numbers.

use std::fmt;
use std::path::PathBuf;

use clap::builder::RangedU64ValueParser;
use engram_babi::accept::{self, Acceptance};
use engram_babi::{BabiError, DataSet, Description, Part};
use serde::Serialize;

use crate::console::{Console, STRONG, styled};
use crate::failure::Failure;
use crate::source::{QUESTIONS, SourceArguments};

/// Questions that are generated for a comparison: enough for steady means.
const COMPARED: usize = 10_000;

/// How many questions to generate: without any there is nothing to learn or to test.
fn questions_parser() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..)
}

/// What to do with which data.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("action").required(true))]
#[command(after_help = "\
Examples:
  engram data --task 1 --generate --out generated
  engram data --task 6 --generate --train-questions 10000 --seed 7 --out generated
  engram data --task 1 --describe --data ../shared/babi/en
  engram data --task 1 --compare --data ../shared/babi/en-10k

Tasks 1 and 6 can be generated. Generated files are marked as such, and never taken for the official ones.")]
pub struct Data {
    /// The bAbI task, 1 to 20.
    #[arg(long, value_name = "N")]
    pub task: u8,
    /// Write generated text with the official file names into --out.
    #[arg(long, group = "action", requires = "out")]
    pub generate: bool,
    /// Describe a data set in numbers.
    #[arg(long, group = "action")]
    pub describe: bool,
    /// Measure how near generated text is to the official one; exit code 1 where it is not near enough.
    #[arg(long, group = "action", conflicts_with = "generated")]
    pub compare: bool,
    /// The folder for generated files; made where it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Generated training questions.
    #[arg(long, value_name = "N", default_value_t = QUESTIONS, value_parser = questions_parser())]
    pub train_questions: usize,
    /// Generated test questions.
    #[arg(long, value_name = "N", default_value_t = QUESTIONS, value_parser = questions_parser())]
    pub test_questions: usize,
    /// The seed of generated text.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Directory of bAbI files, for --describe and --compare [default: as for `engram train`].
    #[arg(long, value_name = "DIR", conflicts_with = "generated")]
    pub data: Option<PathBuf>,
    /// Describe generated text.
    #[arg(long)]
    pub generated: bool,
}

/// A data set in numbers, and where it was written.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(flatten)]
    description: Description,
    #[serde(skip_serializing_if = "Option::is_none")]
    out: Option<PathBuf>,
}

impl fmt::Display for Report {
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
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.accepted { "near enough" } else { "not near enough" };
        write!(f, "{}\n{}", self.acceptance, styled(STRONG, verdict))
    }
}

impl Data {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if self.compare {
            return self.compare(console);
        }
        let data = if self.generate {
            DataSet::generate(self.task, self.train_questions, self.test_questions, self.seed)?
        } else {
            self.read(console)?
        };
        if let Some(out) = &self.out {
            data.write(out)?;
        }
        Ok(console.report(&Report { description: data.describe(), out: self.out.clone() })?)
    }

    fn read(&self, console: &Console) -> Result<DataSet, BabiError> {
        let source = SourceArguments { data: self.data.clone(), generated: self.generated, data_seed: self.seed };
        source.read(self.task, console)
    }

    fn compare(&self, console: &Console) -> anyhow::Result<()> {
        let official = self.read(console)?;
        if let engram_babi::Source::Generated { .. } = official.source {
            let text = "--compare needs official text: give --data or set ENGRAM_BABI".to_string();
            return Err(Failure::Input(text).into());
        }
        let questions = self.train_questions.max(COMPARED);
        let generated = DataSet::generate(self.task, questions, self.test_questions, self.seed)?;
        let acceptance = accept::compare(&generated, &official)?;
        let accepted = acceptance.accepted();
        console.report(&Comparison { acceptance, accepted })?;
        let refused = || Failure::Check("generated text is further from the official text than is accepted".into());
        if accepted { Ok(()) } else { Err(refused().into()) }
    }
}
