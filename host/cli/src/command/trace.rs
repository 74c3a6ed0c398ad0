//! `engram trace`: the named values of one question, where two backends or models part, and ranges against formats.

mod crossbar;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use engram_babi::{Line, Parts, Story};
use engram_files::{Kind, Pipe};
use engram_memnet::Model;
use serde::Serialize;

use self::crossbar::Sequence;
use super::eval::task_of;
use super::profile::profile;
use crate::arguments::backend::BackendArguments;
use crate::arguments::crossbar::NoiseArguments;
use crate::arguments::crossbar::set_parser;
use crate::arguments::from_zero;
use crate::arguments::memo::RememberArguments;
use crate::arguments::output::Overwrite;
use crate::arguments::refuse;
use crate::arguments::source::SourceArguments;
use crate::console::{BAD, Console, FAINT, GOOD, STRONG, styled};
use comfy_table::{CellAlignment, Table, presets};
use engram_babi::encoding::shown as visible;
use engram_memnet::values::Distance;
use engram_session::Failure;
use engram_session::backend::{Backend, Opening};
use engram_session::crossbar::source::Set;
use engram_session::memnet::parting::{Pair, Parting};
use engram_session::memnet::{Paired, no_question, replay};
use engram_session::model::Model as AnyModel;
use engram_session::progress::Work;
use engram_spec::{Answer, Trace as Values};

/// The arguments of `engram trace`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram trace qa1.safetensors --question 3
  engram trace qa1.safetensors --question 3 --on simulation --against integer
  engram trace qa1.safetensors --question 3 --on verilator --vcd question.vcd
  engram trace qa1.safetensors --question 3 --against float.safetensors --tolerance 0.1
  engram trace qa1.safetensors --profile --questions 200
  engram trace vowels.safetensors --sequence 3 --on verilator
  engram trace vowels.safetensors --profile --questions 20
  engram trace vowels-memo.safetensors --sequence 3

The values come in the order of the computation: m and c of each sentence; then, for each hop, u, the scores s, the exponentials e \
(newest sentence first) and o; at last the logits. docs/numerics.md defines them. The values of another model are compared as real \
numbers, whatever the modes of the two.

A profile compares the range of each tensor and value with its format. If a value uses a small part of its range, bits are \
wasted; if values are saturated or rounded, bits are lost. Scores s are shown from their centre: scores below the range are no \
loss, because their weights are almost 0. m+T_A and c+T_C are the memory with its age words.

For a crossbar model the values come step by step: the sums S of the tiles, their codes a, the table indices z, the gates, the \
cells, h, and its readout code r; at last the logits. On hardware engram prints the first difference from the integer model only. \
A model with thresholds (`engram memoize`) has memo before them: the columns that each gate skips. S and a are of the others.

The profile of a crossbar model has its weights, inputs x, the sums that the converters (ADC) get, the indices z, the gates, c and h. It \
says which part of the codes' range they use, how they are distributed from its one end to the other, which share is cut off \
at its ends, and of which share nothing is left but 0.")]
pub struct Trace {
    /// The file of a quantised model; with --profile or another model also of a float model.
    pub model: PathBuf,
    #[command(flatten)]
    pub source: SourceArguments,
    /// The task [default: the model's].
    #[arg(long, value_name = "N")]
    pub task: Option<u8>,
    /// The number of the test question, from 1; for a crossbar model, of the recording or the symbol.
    #[arg(long, visible_alias = "sequence", value_name = "N", default_value_t = 1)]
    pub question: usize,
    /// The backend: integer, simulation, verilator, cxxrtl or netlist.
    #[arg(long, value_name = "BACKEND", default_value = "integer")]
    pub on: Backend,
    /// Another backend: engram prints the first difference. Or the file of another model: engram prints the distance of
    /// each value. The exit code is 1 if something differs.
    #[arg(long, value_name = "BACKEND|FILE")]
    pub against: Option<Against>,
    /// The difference of two models' values that counts as equal [default: half a step of the coarser format].
    #[arg(long, value_name = "X", requires = "against", conflicts_with = "profile", value_parser = from_zero)]
    pub tolerance: Option<f64>,
    /// Compare ranges with formats on the test questions, or of a crossbar model with its codes on the test sequences.
    #[arg(long, conflicts_with_all = ["question", "on", "against", "vcd"])]
    pub profile: bool,
    /// The largest number of questions, recordings or symbols in a profile.
    #[arg(long, value_name = "N", requires = "profile", value_parser = clap::value_parser!(u32).range(1..))]
    pub questions: Option<u32>,
    /// Write the waveforms of a simulated backend to a VCD file.
    #[arg(long, value_name = "FILE")]
    pub vcd: Option<PathBuf>,
    #[command(flatten)]
    pub overwrite: Overwrite,
    #[command(flatten)]
    pub backend: BackendArguments,
    /// The data set for a crossbar model [default: the model's].
    #[arg(long, value_name = "NAME", value_parser = set_parser())]
    pub set: Option<Set>,
    #[command(flatten)]
    pub noise: NoiseArguments,
    #[command(flatten)]
    pub memo: RememberArguments,
}

/// The other side of a comparison.
#[derive(Clone, Debug)]
pub enum Against {
    /// Another backend with the same model.
    Backend(Backend),
    /// Another model.
    Model(PathBuf),
}

impl FromStr for Against {
    type Err = String;

    fn from_str(text: &str) -> Result<Against, String> {
        // A port is no regular file.
        if text.ends_with(".safetensors") || Path::new(text).is_file() {
            return Ok(Against::Model(text.into()));
        }
        text.parse().map(Against::Backend).map_err(|_| {
            format!(
                "'{text}' is neither the file of a model nor a backend: name a file that is there, or choose integer, simulation, \
                 verilator, cxxrtl or netlist"
            )
        })
    }
}

/// A named vector.
#[derive(Debug, Serialize)]
struct Entry {
    /// As in `s[1]`: the scores of the hop after the first.
    name: String,
    values: Vec<i32>,
}

impl From<engram_spec::trace::Entry> for Entry {
    fn from(entry: engram_spec::trace::Entry) -> Entry {
        Entry { name: format!("{}[{}]", entry.quantity.name(), entry.index), values: entry.values }
    }
}

/// The values of a question or a sequence on one backend, or the first difference between two.
#[derive(Debug, Serialize)]
struct Traced {
    source: String,
    #[serde(flatten)]
    asked: Asked,
    expected: String,
    answer: String,
    logit: i32,
    #[serde(rename = "body")]
    backend: String,
    against: Option<String>,
    preset: &'static str,
    /// Where the two backends part first; `null` where they do not, or where there is one.
    difference: Option<String>,
    trace: Vec<Entry>,
}

/// The question or sequence that was asked, and what only its network has.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Asked {
    /// A question to a memory network.
    Question {
        task: u8,
        question: usize,
        text: String,
        cycles: u32,
        /// The file of waveforms.
        vcd: Option<PathBuf>,
    },
    /// A sequence for a crossbar network.
    Sequence(Sequence),
}

impl fmt::Display for Traced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Traced { asked, answer, logit, expected, backend, preset, .. } = self;
        let (asked_for, text) = match asked {
            Asked::Question { question, text, .. } => (format!("question {question}"), format!("{text} ")),
            Asked::Sequence(Sequence { sequence, steps, .. }) => {
                (format!("sequence {sequence} ({steps} steps)"), String::new())
            }
        };
        let head = styled(FAINT, format!("{asked_for} on {backend} ({preset})"));
        writeln!(
            f,
            "{head}: {text}{} (logit {logit}; right is {})",
            styled(STRONG, visible(answer)),
            visible(expected)
        )?;
        if let Asked::Sequence(sequence) = asked {
            sequence.summary().iter().try_for_each(|summary| writeln!(f, "{summary}"))?;
        }
        match (&self.against, &self.difference) {
            (Some(against), Some(difference)) => {
                write!(f, "{}", styled(BAD, format!("differs from {against} first at {difference}")))?;
            }
            (Some(against), None) => {
                let values: usize = self.trace.iter().map(|entry| entry.values.len()).sum();
                write!(f, "{}", styled(GOOD, format!("equal to {against} in all {values} values")))?;
            }
            (None, _) => {
                let lines: Vec<String> = match asked {
                    Asked::Question { .. } => self.trace.iter().map(Entry::to_string).collect(),
                    Asked::Sequence(sequence) => sequence.lines(&self.trace),
                };
                write!(f, "{}", lines.join("\n"))?;
            }
        }
        match asked {
            Asked::Question { vcd: Some(vcd), .. } => write!(f, "\nwaveforms in {}", vcd.display()),
            _ => Ok(()),
        }
    }
}

impl Traced {
    /// Prints the values; a difference of two backends is a check that failed.
    fn report(self, console: &Console) -> anyhow::Result<()> {
        console.report(&self)?;
        match (self.against, self.difference) {
            (Some(against), Some(difference)) => {
                let text = format!("{} differs from {against} first at {difference}", self.backend);
                Err(Failure::Check(text).into())
            }
            _ => Ok(()),
        }
    }
}

/// The values of a backend, where it shows them.
fn shown(backend: &Backend, values: Option<Values>) -> Result<Values, Failure> {
    values.ok_or_else(|| hidden(backend))
}

/// The error of a backend that does not show its values.
fn hidden(backend: &Backend) -> Failure {
    Failure::Input(format!("{backend} does not show its values: choose a simulated backend"))
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        self.values.iter().try_for_each(|value| write!(f, " {value}"))
    }
}

/// The distances of two models' values, for people.
#[derive(Serialize)]
struct Parted<'a>(&'a Parting);

impl fmt::Display for Parted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new();
        table.load_preset(presets::NOTHING);
        table.set_header(["", "largest difference", "tolerance", ""]);
        for Distance { name, largest, tolerance, first } in &self.0.distances {
            let beyond = first.map_or("", |_| "beyond");
            table.add_row([name.clone(), format!("{largest:.5}"), format!("{tolerance:.5}"), beyond.to_string()]);
        }
        table.column_iter_mut().skip(1).take(2).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
        writeln!(f, "question {}: {} against {}\n{table}", self.0.question, self.0.model, self.0.against.display())?;
        match &self.0.difference {
            Some(difference) => write!(f, "{}", styled(BAD, format!("they part first at {difference}"))),
            None => write!(f, "{}", styled(GOOD, "they part nowhere")),
        }
    }
}

impl Trace {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let model = match AnyModel::load(&self.model)? {
            AnyModel::Memnet(model) => model,
            AnyModel::Crossbar(model) => return self.run_crossbar(&model, console),
        };
        let memo = self.memo != RememberArguments::default();
        let noise = self.noise != NoiseArguments::none();
        let crossbar = [("--set", self.set.is_some()), ("noise", noise), ("memoization", memo)];
        refuse(&crossbar, "a crossbar network", "a memory network")?;
        let backend = match &self.against {
            _ if self.profile => return self.profile(&model, console),
            Some(Against::Model(other)) => return self.parting(&model, console, other),
            Some(Against::Backend(backend)) => Some(backend),
            None => None,
        };
        self.trace(console, &model, backend)?.report(console)
    }

    fn profile(&self, model: &Model, console: &Console) -> anyhow::Result<()> {
        let task = task_of(model, self.task, &self.model)?;
        // The formats of a float model are found with training questions.
        let parts = if model.design.mode.is_quantised() { Parts::Test } else { Parts::Both };
        let data = self.source.read(task, parts, console)?;
        let limit = self.questions.map(|questions| questions as usize);
        let work = console.spinner("looking at ranges");
        let profile = profile(model, task, &data, limit)?;
        work.finish();
        Ok(console.report(&profile)?)
    }

    fn parting(&self, model: &Model, console: &Console, against: &Path) -> anyhow::Result<()> {
        let task = task_of(model, self.task, &self.model)?;
        let data = self.source.read(task, Parts::Test, console)?;
        let tolerance = self.tolerance.map(|tolerance| tolerance as f32);
        let pair = Pair { model, against, question: self.question, tolerance };
        let work = console.spinner("comparing the models");
        let parting = pair.compare(task, &data)?;
        work.finish();
        console.report(&Parted(&parting))?;
        let text = |difference| format!("the models part first at {difference}");
        parting.difference.map_or(Ok(()), |difference| Err(Failure::Check(text(difference)).into()))
    }

    fn trace(&self, console: &Console, model: &Model, against: Option<&Backend>) -> anyhow::Result<Traced> {
        if self.vcd.is_some() && matches!(self.on, Backend::Integer | Backend::Port(_)) {
            let text = format!("{} has no waveforms; give --on simulation, verilator, cxxrtl or netlist", self.on);
            return Err(Failure::Usage(text).into());
        }
        let inputs: Vec<PathBuf> = [self.model.clone()].into_iter().chain(self.source.files()).collect();
        let check = |path| self.overwrite.check(path, Kind::Waveforms, &inputs);
        self.vcd.as_deref().map(check).transpose()?;
        let task = task_of(model, self.task, &self.model)?;
        let data = self.source.read(task, Parts::Test, console)?;
        self.check(&data.test)?;
        let spinner = console.spinner(match &self.vcd {
            Some(vcd) => format!("asking, with waveforms in {}", vcd.display()),
            None => "asking".to_string(),
        });
        let unwritten = |error| {
            let path = self.vcd.as_deref().unwrap_or(Path::new("the file"));
            Failure::Input(format!("cannot write waveforms to {}: {error}", path.display()))
        };
        let waves = self.vcd.as_deref().map(|path| Pipe::new(path, &Kind::Waveforms.mark("waveforms")));
        let waves = waves.transpose().map_err(unwritten)?;
        let pipe = waves.as_ref().map(|waves| waves.path().to_path_buf());
        let (preset, answer, left) = self.ask(model, &data.test, &self.on, pipe, &spinner)?;
        waves.map(Pipe::finish).transpose().map_err(unwritten)?;
        let right = against.map(|backend| self.ask(model, &data.test, backend, None, &spinner)).transpose()?;
        spinner.finish();
        let (text, expected) = question(&data.test, self.question);
        let (question, cycles, vcd) = (self.question, answer.cycles, self.vcd.clone());
        Ok(Traced {
            source: data.source.to_string(),
            asked: Asked::Question { task, question, text, cycles, vcd },
            expected,
            answer: model.vocabulary.word(answer.word).unwrap_or("?").to_string(),
            logit: answer.logit,
            backend: self.on.to_string(),
            against: against.map(Backend::to_string),
            preset,
            difference: right.and_then(|(_, _, right)| left.parting(&right)).map(|parting| parting.to_string()),
            trace: left.entries.into_iter().map(Entry::from).collect(),
        })
    }

    /// Checks before a backend is opened, which may take minutes, that there is the question, and that the backends show values.
    fn check(&self, stories: &[Story]) -> Result<(), Failure> {
        let questions: usize = stories.iter().map(Story::questions).sum();
        if !(1..=questions).contains(&self.question) {
            return Err(no_question(self.question, questions));
        }
        self.check_shown()
    }

    /// Checks that the backends show their values: a board does not.
    fn check_shown(&self) -> Result<(), Failure> {
        let against = match &self.against {
            Some(Against::Backend(backend)) => Some(backend),
            _ => None,
        };
        match [Some(&self.on), against].into_iter().flatten().find(|backend| matches!(backend, Backend::Port(_))) {
            Some(port) => Err(hidden(port)),
            None => Ok(()),
        }
    }

    /// The size of a backend, its answer to the question, and its values.
    fn ask(
        &self,
        model: &Model,
        stories: &[Story],
        backend: &Backend,
        vcd: Option<PathBuf>,
        work: &Work,
    ) -> anyhow::Result<(&'static str, Answer, Values)> {
        let opening = Opening { trace: true, vcd, ..self.backend.options().opening(model) };
        let mut device = Paired::open(model, backend, &opening, work)?;
        let (answer, traces) = replay(model, &mut device, stories, self.question)?;
        Ok((device.geometry.name, answer, shown(backend, traces.backend)?))
    }
}

/// The words of a question, and the right answer.
fn question(stories: &[Story], number: usize) -> (String, String) {
    let lines = stories.iter().flat_map(|story| &story.lines);
    match lines.filter(|line| line.is_question()).nth(number - 1) {
        Some(Line::Question { words, answer, .. }) => (format!("{}?", words.join(" ")), answer.clone()),
        _ => Default::default(),
    }
}
