//! `engram quantize`: a float model, or weights trained elsewhere, in a device's codes.

mod crossbar;

use std::fmt;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use comfy_table::{CellAlignment, Table, presets};
use engram_babi::{DataSet, Parts};
use engram_crossbar::is_recurrent;
use engram_files::Kind;
use engram_memnet::evaluate::evaluate_network;
use engram_memnet::examples::Examples;
use engram_memnet::import::{ImportOptions, import};
use engram_memnet::model::Stored;
use engram_memnet::network::Encoding;
use engram_memnet::profile::{self, Span};
use engram_memnet::values::Observer;
use engram_memnet::{FileError, Mode, Model, ModelError, NetworkKind, Recipe, StoredScores};
use engram_spec::Format;
use engram_spec::memnet::Addressing;
use engram_spec::memnet::table::centre_score;
use serde::Serialize;

use super::eval::guessing_note;
use super::train::mode_parser;
use crate::arguments::backend::addressing_parser;
use crate::arguments::crossbar::{PrecisionArguments, SequenceArguments};
use crate::arguments::output::Overwrite;
use crate::arguments::refuse;
use crate::arguments::source::SourceArguments;
use crate::console::{Console, STRONG, percent, styled};
use engram_session::Failure;
use engram_session::guessing::Guessing;
use engram_session::memnet::planned::unheld;
use engram_session::memnet::test;
use engram_session::model::Model as AnyModel;
use engram_session::source::{TEXT_MEBIBYTES, read_text};

/// The arguments of `engram quantize`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram quantize float.safetensors --task 1 --out qa1.safetensors
  engram quantize float.safetensors --task 1 --mode binary-conventional --out signs.safetensors
  engram quantize torch.safetensors --data ../shared/babi/en --task 1 --out qa1.safetensors
  engram quantize qa1.safetensors --slots 32 --out small.safetensors
  engram quantize torch.safetensors --task 1 --vocabulary words.txt --hops 2 --out qa1.safetensors
  engram quantize vowels-float.safetensors --precision 4 --rows 16 --out vowels.safetensors
  engram quantize lstm.safetensors --set japanese-vowels --out vowels.safetensors
  engram quantize gru.onnx --sequences TRAIN.ts --test TEST.ts --out own.safetensors

engram chooses the formats from the ranges of the values on the task's training questions, and rounds every number once. If the \
errors rise too much, train in the mode itself (`engram train --start`): training adapts to rounding. Weights from elsewhere are \
tensors A, B, C, W, T_A, T_C and, if there are such, H and position; or, with adjacent tying, E_0 to E_K and T_0 to T_K of K hops. \
'Weights from elsewhere' in docs/numerics.md describes them, with the lines of PyTorch that write them.

For a crossbar model the ranges come from the training part of its own data, or of --set, or from the file that --data names. engram \
moves each range as long as the loss on the training data falls, and says so where the error in codes jumps.

A recurrent network from elsewhere is the state dict of an nn.LSTM or nn.GRU and an nn.Linear in a .safetensors file, or an .onnx file; \
give the data that it was trained with (--set, --sequences or --text). 'Recurrent weights from elsewhere' in docs/numerics.md has the \
lines of PyTorch. Codes have 8 bits unless you ask for others; --precision float keeps real numbers, to train on with `engram train --start`.")]
pub struct Quantize {
    /// The file of a float model, a file of bare tensors, or an .onnx file of a recurrent network.
    #[arg(value_name = "FLOAT.safetensors")]
    pub model: PathBuf,
    #[command(flatten)]
    pub source: SourceArguments,
    /// The task whose training questions give the ranges [default: the model's].
    #[arg(long, value_name = "N")]
    pub task: Option<u8>,
    /// The file of the quantised model.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub overwrite: Overwrite,
    /// The arithmetic [default: fixed with dot addressing, else qmann].
    #[arg(long, value_parser = mode_parser())]
    pub mode: Option<Mode>,
    /// The addressing of the memory, as in the float training [default: the model's; for weights from elsewhere the
    /// mode's, else dot].
    #[arg(long, value_parser = addressing_parser())]
    pub addressing: Option<Addressing>,
    /// Grade the formats over the hops (needs bounded addressing).
    #[arg(long)]
    pub graded: bool,
    /// The number of sentences to remember, at most the model's; a model in codes keeps its other codes [default: the model's].
    #[arg(long, value_name = "N")]
    pub slots: Option<usize>,
    #[command(flatten)]
    pub unsaid: UnsaidArguments,
    #[command(flatten)]
    pub sequences: SequenceArguments,
    #[command(flatten)]
    pub precisions: PrecisionArguments,
}

/// The facts that a file of bare tensors does not contain.
#[derive(Debug, Default, PartialEq, clap::Args)]
#[command(next_help_heading = "Weights from elsewhere")]
pub struct UnsaidArguments {
    /// The words, one a line in the order of the rows [default: the data set's, in ascending order].
    #[arg(long, value_name = "FILE")]
    vocabulary: Option<PathBuf>,
    /// Hops [default: with tensors E_0 to E_K K, else 3].
    #[arg(long, value_name = "N")]
    hops: Option<usize>,
    /// The encoding of sentences if there is no tensor `position` [default: position].
    #[arg(long, value_parser = encoding_parser())]
    encoding: Option<Encoding>,
    /// The range R of bounded similarities: a power of two from 1 to 128 [default: 4].
    #[arg(long, value_name = "R", value_parser = range)]
    range: Option<Format>,
    /// The scale of bounded similarities, 2^kappa [default: -2].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    kappa: Option<i32>,
    /// The normalisation of recordings before a recurrent network: none, data (mean and deviation of each channel of the training
    /// recordings), or a JSON file {"mean": [..], "deviation": [..]} [default: the one that the file was exported with, else of none and data the one that fits the training data better].
    #[arg(long, value_name = "WHICH")]
    normalisation: Option<String>,
}

impl UnsaidArguments {
    /// Whether there are facts of a memory network.
    fn of_memory(&self) -> bool {
        *self != UnsaidArguments { normalisation: self.normalisation.clone(), ..UnsaidArguments::default() }
    }
}

fn encoding_parser() -> impl TypedValueParser<Value = Encoding> {
    PossibleValuesParser::new(["position", "bag-of-words"]).map(|name| match name.as_str() {
        "position" => Encoding::Position,
        _ => Encoding::BagOfWords,
    })
}

/// The format of a range R = 2^i.
fn range(text: &str) -> Result<Format, String> {
    let integer = text.parse::<u32>().ok().filter(|range| range.is_power_of_two()).map(u32::ilog2);
    let format = integer.and_then(|integer| Format::with_fraction(7u32.checked_sub(integer)?));
    format.ok_or_else(|| "expected a power of two from 1 to 128".to_string())
}

/// The rise of the share of wrong answers from which quantisation is told to lose much.
const LOSS: f64 = 0.02;

/// The share of values beyond their format from which they are named.
const BEYOND: f64 = 0.01;

/// Questions that are looked at for values beyond their formats.
const LOOKED_AT: usize = 200;

/// The words for a loss: how much, which values lie beyond their formats, and what to do.
fn lossy(float: &Model, model: &Model, training: &Examples, [before, after]: [f64; 2], file: &Path) -> String {
    let spans = profile::values(&mut Observer::against(float, model.design), training, Some(LOOKED_AT));
    let share = |span: &Span| span.saturated as f64 / span.values.max(1) as f64;
    let beyond = spans.iter().filter(|span| share(span) > BEYOND);
    let named = beyond.map(|span| format!("{} ({:.0} % of its values)", span.name, 100.0 * share(span)));
    let named: Vec<String> = named.collect();
    let cause = match named[..] {
        [] => "no value lies beyond its format, so rounding loses them".to_string(),
        _ => format!("beyond their formats lie {}", named.join(", ")),
    };
    format!(
        "codes answer {:.1} % of the test questions wrongly, real numbers {:.1} %: {cause}. Train on in codes: engram train \
         --start {} --mode {}, with the task and data of the model",
        100.0 * after,
        100.0 * before,
        file.display(),
        model.design.mode
    )
}

/// The mode of a float model's addressing in codes.
pub fn usual_mode(float: &Model) -> Mode {
    if float.design.addressing == Addressing::Dot { Mode::Fixed } else { Mode::Qmann }
}

/// The result of the command.
#[derive(Debug, Serialize)]
struct MemnetQuantisation {
    task: u8,
    source: String,
    #[serde(flatten)]
    kind: NetworkKind,
    graded: bool,
    /// Each tensor's range, format, and how many of its values were saturated and rounded.
    tensors: Vec<Span>,
    /// The scores that are stored, where products have no bound: divided by 2^shift, around a centre in units of 2^-3.
    scores: Option<StoredScores>,
    test_questions: usize,
    /// Of the model that was given, which is in real numbers, unless only its slots are others.
    float_error_percent: f64,
    /// The name of the model that was given, for people.
    #[serde(skip)]
    given: &'static str,
    /// In codes: the device's.
    error_percent: f64,
    /// The error of the most frequent answer to every question.
    guessing_error_percent: f64,
    out: PathBuf,
}

impl fmt::Display for MemnetQuantisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MemnetQuantisation { task, kind, source, test_questions, .. } = self;
        writeln!(f, "task {task}, {kind}, {source}")?;
        writeln!(f, "{}", table(&self.tensors))?;
        if let Some(StoredScores { shift, centre }) = self.scores {
            let (divisor, centre) = (1u32 << shift, centre_score(centre));
            writeln!(f, "  scores are divided by {divisor} and stored as {:.1} to {:.1}", centre - 4.0, centre + 4.0)?;
        }
        writeln!(
            f,
            "  {}  {:>6.1} % of {test_questions} test questions answered wrongly",
            self.given, self.float_error_percent
        )?;
        writeln!(f, "  in codes     {}", styled(STRONG, format!("{:>6.1} %", self.error_percent)))?;
        write!(f, "{}", self.out.display())
    }
}

/// Ranges against formats.
pub fn table(spans: &[Span]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    table.set_header(["", "min", "max", "format", "holds", "used %", "values", "saturated %", "rounded %"]);
    for span in spans {
        let number = |value: f32| format!("{value:.4}");
        let share = |count: usize| format!("{:.2}", 100.0 * count as f64 / span.values.max(1) as f64);
        let stored = |text: String| if span.format.is_some() { text } else { "-".to_string() };
        table.add_row([
            span.name.clone(),
            number(span.min),
            number(span.max),
            span.format.clone().unwrap_or_else(|| "-".to_string()),
            span.largest.map_or_else(|| "-".to_string(), number),
            span.used.map_or_else(|| "-".to_string(), |used| format!("{:.0}", 100.0 * used)),
            span.values.to_string(),
            stored(share(span.saturated)),
            stored(share(span.rounded)),
        ]);
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// Whether there is no such file, or the system does not give it.
fn is_unreadable(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ModelError::File(FileError::Io { .. })))
}

impl Quantize {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        if self.mode == Some(Mode::Float) {
            let text = "--mode float has no codes: choose a quantised mode, such as qmann";
            return Err(Failure::Usage(text.to_string()).into());
        }
        self.overwrite.check(&self.out, Kind::Model, &self.inputs())?;
        let own_task = match AnyModel::load(&self.model) {
            Ok(AnyModel::Crossbar(model)) => {
                let memory = [
                    ("--mode", self.mode.is_some()),
                    ("--addressing", self.addressing.is_some()),
                    ("--graded", self.graded),
                    ("--slots", self.slots.is_some()),
                    ("weights from elsewhere", self.unsaid != UnsaidArguments::default()),
                ];
                refuse(&memory, "a memory network", "a crossbar network")?;
                return self.run_crossbar(&model, console);
            }
            Ok(AnyModel::Memnet(model)) => model.task(),
            Err(error) if is_unreadable(&error) => return Err(error),
            Err(_) if is_recurrent(&self.model) => {
                let memory = [
                    ("--mode", self.mode.is_some()),
                    ("--addressing", self.addressing.is_some()),
                    ("--graded", self.graded),
                    ("--slots", self.slots.is_some()),
                    ("vocabulary, hops, encoding, range or kappa", self.unsaid.of_memory()),
                ];
                refuse(&memory, "a memory network", "a recurrent network")?;
                return self.run_import(console);
            }
            Err(_) => None,
        };
        let crossbar = [
            ("--set, --sequences or --text", self.sequences.given()),
            ("precisions", self.precisions != PrecisionArguments::default()),
            ("--normalisation", self.unsaid.normalisation.is_some()),
        ];
        refuse(&crossbar, "a crossbar network", "a memory network")?;
        let task = self.task.or(own_task);
        let task = task.ok_or_else(|| Failure::Usage("give the --task that the model is for".to_string()))?;
        let data = self.source.read(task, Parts::Both, console)?;
        let given = self.read(&data)?;
        let work = console.spinner("finding formats");
        let before = evaluate_network(&given, &data.test, None, &mut |_| ())?;
        let mode = self.mode.unwrap_or_else(|| usual_mode(&given));
        let cut = match self.slots {
            Some(slots) => given.with_slots(slots)?,
            None => given,
        };
        let (tensors, in_codes) = (cut.network().1, matches!(cut.weights, Stored::Codes(_)));
        let only_cut = in_codes && self.slots.is_some() && self.mode.is_none() && !self.graded;
        let training = Examples::encode(&data.train, &cut.vocabulary)?;
        let model = if only_cut { cut.clone() } else { cut.quantised(mode, self.graded, &training)? }.for_task(task);
        if let Some(name) = cut.blank().or(model.blank()) {
            let text = format!(
                "{}: the tensor {name} has only zeros, or numbers that become 0 in codes, so every answer would be the same: give \
                 a trained model",
                self.model.display()
            );
            return Err(Failure::Input(text).into());
        }
        let after = test(&model, &data.test)?;
        work.finish();
        model.save(&self.out)?;
        if !in_codes && after.error() > before.error() + LOSS {
            console.warn(lossy(&cut, &model, &training, [before.error(), after.error()], &self.model));
        }
        unheld(&model.design).iter().for_each(|note| console.warn(note));
        let right = after.predictions.iter().map(|prediction| prediction.right.into());
        let guessing = Guessing::of(right).ok_or_else(|| Failure::Input("no question was asked".to_string()))?;
        console.report(&MemnetQuantisation {
            task,
            source: data.source.to_string(),
            kind: model.design.kind(),
            graded: self.graded,
            tensors: profile::tensors(&model.design, &tensors),
            scores: model.design.scores,
            test_questions: after.questions(),
            float_error_percent: percent(before.error()),
            given: if in_codes { "model before" } else { "float model " },
            error_percent: percent(after.error()),
            guessing_error_percent: guessing.error_percent(),
            out: self.out.clone(),
        })?;
        guessing_note(&model, &guessing, after.error()).iter().for_each(|note| console.warn(note));
        Ok(())
    }

    /// The files that are read.
    fn inputs(&self) -> Vec<PathBuf> {
        let named = [Some(&self.model), self.unsaid.vocabulary.as_ref()].into_iter().flatten().cloned();
        let scales = self.unsaid.normalisation.iter().filter(|which| !["none", "data"].contains(&which.as_str()));
        named.chain(scales.map(PathBuf::from)).chain(self.sequences.files()).chain(self.source.files()).collect()
    }

    /// A float model, ours or from elsewhere.
    fn read(&self, data: &DataSet) -> anyhow::Result<Model> {
        let model = match Model::load(&self.model) {
            Err(ModelError::File(FileError::Foreign { key: "engram", .. })) => {
                return Ok(import(&self.model, &self.unsaid()?, data)?);
            }
            model => model?,
        };
        if self.unsaid != UnsaidArguments::default() {
            let text =
                "a model of engram contains its vocabulary, hops, encoding, range and kappa: remove these options";
            return Err(Failure::Usage(text.to_string()).into());
        }
        let (found, trained) = (self.addressing, model.design.addressing);
        if let Some(found) = found.filter(|&found| found != trained) {
            let text = format!(
                "the model was trained with {trained} addressing: remove --addressing, or train a float model with {found}"
            );
            return Err(Failure::Input(text).into());
        }
        Ok(model)
    }

    fn unsaid(&self) -> Result<ImportOptions, Failure> {
        let usual = Recipe::default();
        let UnsaidArguments { vocabulary, hops, encoding, range, kappa, normalisation: _ } = &self.unsaid;
        let words = vocabulary.as_ref().map(|path| read_text(path, TEXT_MEBIBYTES)).transpose()?;
        let words = words.map(|text| text.lines().map(|line| line.trim().to_string()).collect());
        let stands_for = self.mode.map_or(Addressing::Dot, Mode::addressing);
        Ok(ImportOptions {
            addressing: self.addressing.unwrap_or(stands_for),
            compared: range.unwrap_or(Format::holding(3.0)),
            kappa: kappa.unwrap_or(usual.kappa),
            hops: *hops,
            encoding: *encoding,
            words,
        })
    }
}
