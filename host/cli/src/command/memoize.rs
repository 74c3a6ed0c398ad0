//! `engram memoize`: thresholds of fuzzy memoization, found on training data and kept in the model's file.

use std::fmt;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_recurrent::energy::Layer;
use engram_recurrent::memoized::{Memoized, memoized};
use engram_recurrent::{Meaning, Memoization, Model, Programming, Thresholds, Tuned, tune};
use engram_spec::crossbar::memo::{Counters, Denominator, Predictor};
use serde::Serialize;

use super::train::writable;
use crate::console::{Console, GOOD, STRONG, percent, styled};
use crate::failure::Failure;
use crate::model::Model as AnyModel;
use crate::recurrent::arguments::{deviation, geometry_for};
use crate::recurrent::remembering::PredictorArguments;
use crate::recurrent::source::{Set, set_parser};
use crate::recurrent::test_data::{Questions, Wanted, find, name};
use crate::source::SourceArguments;

/// Points that thresholds may cost, and steps that they are found with, where nothing is said.
pub const LOSS: f64 = 1.0;
pub const STEPS: usize = 50_000;

/// Of which model, for which loss.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram memoize vowels.safetensors --out vowels-memo.safetensors
  engram memoize vowels.safetensors --per-gate --loss 0.5 --out vowels-memo.safetensors
  engram eval vowels-memo.safetensors --counters --organisation serial

A column of a gate is not computed again while the signs of its weights and inputs hardly agree otherwise than when it was
(fuzzy memoization, Silfa et al., MICRO 2019). The difference is related to the agreement of now (current, the paper's), to
that remembered, or taken as it is (rows), and adds up until the column is computed. The thresholds are the largest reuse at
which the error on the training part of the model's own data, or of --set, or on the file that --data names, rises by --loss
points at most, less a step of sqrt 2; what that comes to on the test part is told beside it.")]
pub struct Memoize {
    /// A recurrent model's file, of 1 to 8 bits.
    pub model: PathBuf,
    #[command(flatten)]
    pub source: SourceArguments,
    /// The task of stories, where it is not the one that the model was trained on.
    #[arg(long, value_name = "N")]
    pub task: Option<u8>,
    /// Sequences by name, where they are not those that the model was trained with.
    #[arg(long, value_name = "NAME", value_parser = set_parser())]
    pub set: Option<Set>,
    /// Points by which the error on training data may rise.
    #[arg(long, value_name = "POINTS", default_value_t = LOSS, value_parser = deviation)]
    pub loss: f64,
    /// A threshold for each gate, in place of one for all.
    #[arg(long)]
    pub per_gate: bool,
    /// What the difference of signs is related to [default: current; rows with --per-gate].
    #[arg(long, value_name = "DENOMINATOR", value_parser = denominator_parser())]
    pub denominator: Option<Denominator>,
    /// The most steps of training data that thresholds are found with, evenly taken from all of it.
    #[arg(long, value_name = "N", default_value_t = STEPS)]
    pub steps: usize,
    #[command(flatten)]
    pub predictor: PredictorArguments,
    /// The file of the model with its thresholds.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Denominators by name.
const DENOMINATORS: [(&str, Denominator); 3] =
    [("current", Denominator::Current), ("remembered", Denominator::Remembered), ("rows", Denominator::Rows)];

fn denominator_parser() -> impl TypedValueParser<Value = Denominator> {
    let parser = PossibleValuesParser::new(DENOMINATORS.map(|(name, _)| name));
    parser.map(|name| DENOMINATORS.into_iter().find(|known| known.0 == name).map_or(Denominator::Current, |it| it.1))
}

/// How it came out.
#[derive(Debug, Serialize)]
pub struct Report {
    source: String,
    denominator: &'static str,
    /// The thresholds of the gates: in units of 2^-8, or of signs (rows).
    theta: [u16; 4],
    train: Part,
    pub test: Part,
    out: PathBuf,
}

/// A part of the data, without memoization and with it.
#[derive(Debug, Serialize)]
pub struct Part {
    targets: usize,
    steps: usize,
    error_percent_without: f64,
    error_percent: f64,
    points_lost: f64,
    /// The share of the columns that were remembered.
    reuse: f64,
    /// How many times fewer cycles the lanes take.
    gain_serial: f64,
    gain_pipelined: f64,
    /// Percent of the columns' energy that is saved, by `engram_recurrent::energy`.
    energy_saved_percent: f64,
}

impl Part {
    fn of(questions: &Questions, without: Memoized, with: Memoized, saved: f64) -> Part {
        let round = |value: f64| (value * 1e4).round() / 1e4;
        let (before, after) = (percent(without.loss.error()), percent(with.loss.error()));
        Part {
            targets: with.loss.targets,
            steps: questions.steps(),
            error_percent_without: before,
            error_percent: after,
            points_lost: round(after - before),
            reuse: round(with.counters.reuse()),
            gain_serial: round(with.counters.serial_gain()),
            gain_pipelined: round(with.counters.pipelined_gain()),
            energy_saved_percent: percent(saved),
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part { targets, error_percent, points_lost, gain_serial, gain_pipelined, energy_saved_percent, .. } = self;
        let reuse = styled(STRONG, format!("{:>5.1} %", 100.0 * self.reuse));
        write!(f, "{reuse} reused, error {error_percent:.1} % of {targets} ({points_lost:+.1} points), ")?;
        write!(f, "cycles {gain_serial:.2} (serial) and {gain_pipelined:.2} (pipelined) times fewer, ")?;
        write!(f, "energy {energy_saved_percent:.0} % less")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report { source, denominator, theta, train, test, out } = self;
        let theta = theta.map(|theta| theta.to_string()).join(", ");
        writeln!(f, "{source}, denominator {denominator}, thresholds {theta}")?;
        writeln!(f, "  training  {train}")?;
        writeln!(f, "  test      {test}")?;
        write!(f, "{}", styled(GOOD, out.display()))
    }
}

impl Memoize {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        Ok(console.report(&self.find(console)?)?)
    }

    /// Finds the thresholds and keeps the model with them.
    pub fn find(&self, console: &Console) -> anyhow::Result<Report> {
        writable(&self.out)?;
        let AnyModel::Recurrent(mut model) = AnyModel::load(&self.model)? else {
            let text = format!("{}: found a memory network, expected a recurrent model", self.model.display());
            return Err(Failure::Input(text).into());
        };
        let wanted = Wanted { set: self.set, stories: &self.source, task: self.task };
        let data = find(&model, wanted, console)?;
        let (training, test) = (Questions::training(&data, self.steps), Questions::of(data.clone()));
        if training.count() == 0 {
            return Err(Failure::Input(format!("{}: found no training data; give --set", name(&data))).into());
        }
        let spinner = console.spinner("finding thresholds");
        let programming = Programming::default();
        let geometry = geometry_for(&model, None, &programming)?;
        let program = model.program(geometry, &programming)?;
        let start = self.start(&model, self.predictor.predictor(&geometry));
        let which = if self.per_gate { Thresholds::PerGate } else { Thresholds::Alike };
        let Tuned { how, without, with } = tune(&model, &program, training.asked(), start, which, self.loss / 100.0)?;
        let ask = |how| memoized(&model, &program, test.asked(), how);
        let (test_without, test_with) = (ask(None)?, ask(Some(how))?);
        spinner.finish_and_clear();
        let layer = Layer::of(&model.design);
        let saved = |counters: &Counters| layer.steps(counters, how.settings.denominator).saved();
        let train_part = Part::of(&training, without, with, saved(&with.counters));
        let test_part = Part::of(&test, test_without, test_with, saved(&test_with.counters));
        model.memoization = Some(how.settings);
        model.save(&self.out)?;
        let named = DENOMINATORS.iter().find(|known| known.1 == how.settings.denominator);
        Ok(Report {
            source: name(&data).to_string(),
            denominator: named.map_or("", |known| known.0),
            theta: how.settings.theta,
            train: train_part,
            test: test_part,
            out: self.out.clone(),
        })
    }

    /// The memoization whose thresholds are looked for.
    fn start(&self, model: &Model, predictor: Predictor) -> Memoization {
        let usual = if self.per_gate { Denominator::Rows } else { Denominator::Current };
        let mut how = Memoization { predictor, ..Memoization::default() };
        how.settings.denominator = self.denominator.unwrap_or(usual);
        how.settings.throttling = true;
        how.settings.blank = matches!(model.meaning, Meaning::Symbols { .. });
        how
    }
}
