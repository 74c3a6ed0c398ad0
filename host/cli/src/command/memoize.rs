//! `engram memoize`: thresholds of fuzzy memoization, found on training data and kept in the model's file.

use std::fmt;
use std::path::PathBuf;

use clap::builder::{RangedU64ValueParser, TypedValueParser};
use engram_babi::Parts;
use engram_crossbar::energy::Layer;
use engram_crossbar::memoized::{Memoized, memoized};
use engram_crossbar::{Labels, Memoization, Model, Programming, Thresholds, Tuned, tune};
use engram_files::Kind;
use engram_spec::crossbar::memo::{Counters, Denominator, Predictor};
use serde::Serialize;

use crate::arguments::by_name;
use crate::arguments::crossbar::data_files;
use crate::arguments::crossbar::points;
use crate::arguments::crossbar::set_parser;
use crate::arguments::memo::{PredictorArguments, switch_parser};
use crate::arguments::output::Overwrite;
use crate::arguments::source::SourceArguments;
use crate::console::{Console, GOOD, STRONG, percent, styled};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::crossbar::geometry_for;
use engram_session::crossbar::measured::nothing;
use engram_session::crossbar::savings::{percent_less, times_fewer};
use engram_session::crossbar::source::Set;
use engram_session::crossbar::test_data::{Wanted, find};
use engram_session::hardware::buildable;
use engram_session::model::Model as AnyModel;

/// The default loss in points, and the default number of steps that thresholds are found with.
const LOSS: f64 = 1.0;
const STEPS: usize = 50_000;

/// The arguments of `engram memoize`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram memoize vowels.safetensors --out vowels-memo.safetensors
  engram memoize vowels.safetensors --per-gate --loss 0.5 --out vowels-memo.safetensors
  engram eval vowels-memo.safetensors --counters --organisation serial

Fuzzy memoization (Silfa et al., MICRO 2019) skips a column of a gate if its signs changed little since it was computed. The \
agreement is the number of rows where weight and input have the same sign, less the others. The difference of two agreements is \
divided by the present one (current, as in the paper) or by the remembered one (remembered), or taken as it is (rows). The \
differences add up until the column is computed again.

engram chooses the thresholds that skip most while the error on the training data rises by --loss points at most, and then makes \
them smaller by a factor of sqrt 2. It prints the effect on the training part and on the test part. A file that --data names is \
training data as a whole: use `engram eval` to test the thresholds on other data.")]
pub struct Memoize {
    /// The file of a crossbar model of 1 to 8 bits.
    pub model: PathBuf,
    #[command(flatten)]
    pub source: SourceArguments,
    /// The task of stories [default: the model's].
    #[arg(long, value_name = "N")]
    pub task: Option<u8>,
    /// The data set [default: the model's].
    #[arg(long, value_name = "NAME", value_parser = set_parser())]
    pub set: Option<Set>,
    /// The points by which the error on training data may rise, 0 to 100.
    #[arg(long, value_name = "POINTS", default_value_t = LOSS, value_parser = points)]
    pub loss: f64,
    /// Find a threshold for each gate, instead of one for all.
    #[arg(long)]
    pub per_gate: bool,
    /// The denominator of the difference of signs [default: current; rows with --per-gate].
    #[arg(long, value_name = "DENOMINATOR", value_parser = denominator_parser())]
    pub denominator: Option<Denominator>,
    /// Compare each step alone: differences of successive steps do not add up.
    #[arg(long)]
    pub no_throttling: bool,
    /// Count an input of 0 as negative, so that only a symbol's own row is positive [default: on for symbols, off for
    /// recordings].
    #[arg(long, value_name = "on|off", value_parser = switch_parser())]
    pub blank: Option<bool>,
    /// The largest number of training steps that thresholds are found with: evenly chosen recordings, or the first symbols
    /// of a text.
    #[arg(long, value_name = "N", default_value_t = STEPS, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub steps: usize,
    /// The file of the model with its thresholds.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub overwrite: Overwrite,
    #[command(flatten)]
    pub predictor: PredictorArguments,
}

/// Denominators by name.
const DENOMINATORS: [(&str, Denominator); 3] =
    [("current", Denominator::Current), ("remembered", Denominator::Remembered), ("rows", Denominator::Rows)];

fn denominator_parser() -> impl TypedValueParser<Value = Denominator> {
    by_name(DENOMINATORS, |(name, _)| *name).map(|(_, denominator)| denominator)
}

/// The result of the command.
#[derive(Debug, Serialize)]
pub struct FoundThresholds {
    source: String,
    denominator: &'static str,
    /// Whether errors of consecutive steps add up, and whether an input of 0 counts as negative.
    throttling: bool,
    blank: bool,
    /// The thresholds of the gates: in units of 2^-8, or of signs (rows).
    theta: [u16; 4],
    train: Part,
    /// The test part; `null` if a file has none.
    pub test: Option<Part>,
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
    /// The share of the computations that were avoided: of the words of weights those not read.
    reuse: f64,
    /// The cycles of the lanes without memoization, divided by those with it.
    gain_serial: f64,
    gain_pipelined: f64,
    /// Percent of the columns' energy that is saved, by `engram_crossbar::energy`.
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

impl Part {
    /// In a line, of a device whose predictor runs ahead.
    pub fn in_a_line(&self) -> String {
        let Part { reuse, points_lost, gain_pipelined, energy_saved_percent, .. } = self;
        format!(
            "{:.0} % of the computations avoided, cycles {}, energy {}, {points_lost:+.1} points of error",
            100.0 * reuse,
            times_fewer(*gain_pipelined),
            percent_less(*energy_saved_percent)
        )
    }

    /// The costs that memoization raises, with the predictor running ahead as in devices; `None` if it raises none.
    fn dear(&self) -> Option<String> {
        let gain = self.gain_pipelined;
        let cycles = (gain > 0.0 && gain < 1.0).then(|| format!("cycles {}", times_fewer(gain)));
        let saved = self.energy_saved_percent;
        let energy = (saved < 0.0).then(|| format!("energy {}", percent_less(saved)));
        let all: Vec<String> = cycles.into_iter().chain(energy).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Part { targets, error_percent, points_lost, gain_serial, gain_pipelined, energy_saved_percent, .. } = self;
        let reuse = styled(STRONG, format!("{:>5.1} %", 100.0 * self.reuse));
        write!(f, "{reuse} reused, error {error_percent:.1} % of {targets} ({points_lost:+.1} points), ")?;
        let (serial, pipelined) = (times_fewer(*gain_serial), times_fewer(*gain_pipelined));
        write!(
            f,
            "cycles {serial} (serial) and {pipelined} (pipelined), energy {}",
            percent_less(*energy_saved_percent)
        )
    }
}

impl fmt::Display for FoundThresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let FoundThresholds { source, denominator, theta, train, test, out, .. } = self;
        let theta = theta.map(|theta| theta.to_string()).join(", ");
        writeln!(f, "{source}, denominator {denominator}, thresholds {theta}")?;
        writeln!(f, "  training  {train}")?;
        test.iter().try_for_each(|test| writeln!(f, "  test      {test}"))?;
        write!(f, "{}", styled(GOOD, out.display()))
    }
}

impl FoundThresholds {
    /// The warnings: thresholds that save nothing, or that raise a cost, and data too few for the loss.
    fn notes(&self, loss: f64) -> Vec<String> {
        let answers = self.train.targets;
        let points = 100.0 / answers.max(1) as f64;
        let few = (loss > 0.0 && points > loss).then(|| {
            format!(
                "the training data have {answers} answers only: each is {points:.1} points, more than --loss {loss}"
            )
        });
        let nothing = || format!("no threshold keeps the loss within --loss {loss}: memoization is off");
        let (part, of) = self.test.as_ref().map_or((&self.train, "training"), |test| (test, "test"));
        let dear = part.dear().map(|dear| format!("memoization costs more than it saves on the {of} data: {dear}"));
        let spent = if self.theta == [0; 4] { Some(nothing()) } else { dear };
        few.into_iter().chain(spent).collect()
    }
}

impl Memoize {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let report = self.find(console)?;
        console.report(&report)?;
        report.notes(self.loss).iter().for_each(|note| console.warn(note));
        Ok(())
    }

    /// Finds the thresholds and keeps the model with them.
    pub fn find(&self, console: &Console) -> anyhow::Result<FoundThresholds> {
        let inputs: Vec<PathBuf> = [self.model.clone()].into_iter().chain(self.source.files()).collect();
        self.overwrite.check(&self.out, Kind::Model, &inputs)?;
        let mut model = AnyModel::load_crossbar(&self.model)?;
        self.overwrite.check(&self.out, Kind::Model, &data_files(&model))?;
        let stories = self.source.stories();
        let wanted = Wanted { set: self.set, stories: &stories, task: self.task, parts: Parts::Both };
        let data = find(&model, wanted, &|text| console.warn(text))?;
        // A file has no parts; what thresholds were found with is no test of them.
        let (training, test) = match wanted.file() {
            Some(_) => (Questions::test(&data, self.steps), None),
            None => (Questions::training(&data, self.steps), Some(Questions::of(data.clone()))),
        };
        if let Some(test) = test.as_ref().filter(|test| test.count() == 0) {
            return Err(nothing(test).into());
        }
        if training.count() == 0 {
            return Err(Failure::Input(format!("{}: found no training data; give --set", data.name())).into());
        }
        let programming = Programming::default();
        let geometry = geometry_for(&model, None, &programming)?;
        let predictor = self.predictor.remember().predictor(&geometry);
        buildable(&predictor, &geometry)?;
        let program = model.program(geometry, &programming)?;
        let start = self.start(&model, predictor);
        let spinner = console.spinner("finding thresholds");
        let which = if self.per_gate { Thresholds::PerGate } else { Thresholds::Alike };
        let Tuned { how, without, with } = tune(&model, &program, &training, start, which, self.loss / 100.0)?;
        let layer = Layer::of(&model.design);
        let saved = |counters: &Counters| layer.steps(counters, how.settings.denominator).saved();
        let train_part = Part::of(&training, without, with, saved(&with.counters));
        let tested = |test: Questions| -> anyhow::Result<Part> {
            let ask = |how| memoized(&model, &program, &test, how);
            let (without, with) = (ask(None)?, ask(Some(how))?);
            Ok(Part::of(&test, without, with, saved(&with.counters)))
        };
        let test_part = test.map(tested).transpose()?;
        spinner.finish();
        model.memoization = Some(how.settings);
        model.save(&self.out)?;
        let named = DENOMINATORS.iter().find(|known| known.1 == how.settings.denominator);
        Ok(FoundThresholds {
            source: data.name().to_string(),
            denominator: named.map_or("", |known| known.0),
            throttling: how.settings.throttling,
            blank: how.settings.zero_is_minus,
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
        how.settings.throttling = !self.no_throttling;
        how.settings.zero_is_minus = self.blank.unwrap_or(matches!(model.labels, Labels::Symbols { .. }));
        how
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(targets: usize, gain_pipelined: f64, energy_saved_percent: f64, theta: u16) -> FoundThresholds {
        let train = Part {
            targets,
            steps: 100,
            error_percent_without: 10.0,
            error_percent: 10.0,
            points_lost: 0.0,
            reuse: 0.4,
            gain_serial: 0.4,
            gain_pipelined,
            energy_saved_percent,
        };
        FoundThresholds {
            source: "some.ts".to_string(),
            denominator: "current",
            throttling: true,
            blank: false,
            theta: [theta; 4],
            train,
            test: None,
            out: PathBuf::from("out.safetensors"),
        }
    }

    #[test]
    fn a_cost_that_rises_is_named_so() {
        let dear = report(1000, 0.5, -13.0, 9);
        let notes = dear.notes(1.0);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].ends_with("training data: cycles 2.00 times as many, energy 13 % more"), "{notes:?}");
        let text = dear.train.to_string();
        assert!(
            text.contains("2.50 times as many (serial) and 2.00 times as many (pipelined), energy 13 % more"),
            "{text}"
        );
        assert!(report(1000, 1.1, 19.0, 9).notes(1.0).is_empty());
        assert!(report(1000, 0.5, -13.0, 0).notes(1.0)[0].contains("memoization is off"));
    }

    #[test]
    fn a_loss_below_one_answer_is_noted() {
        let notes = |loss| report(12, 1.1, 19.0, 9).notes(loss);
        assert_eq!(notes(1.0), ["the training data have 12 answers only: each is 8.3 points, more than --loss 1"]);
        assert!(notes(10.0).is_empty() && notes(0.0).is_empty());
    }
}
