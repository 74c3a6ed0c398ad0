//! The options of fuzzy memoization: whether columns are remembered, and by a predictor of which size.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_crossbar::{Memoization, Model, Programming};
use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use super::arguments::geometry_for;
use super::paired::Paired;
use crate::backend::{Backend, BackendArguments};
use crate::failure::Failure;
use crate::hardware::Organisation;

/// The predictor of fuzzy memoization.
#[derive(Clone, Debug, PartialEq, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Fuzzy memoization")]
pub struct PredictorArguments {
    /// Rows whose signs the predictor compares in a cycle: 2, 4, 8 or 16 times the device's lanes [default: 128, of 8 lanes
    /// 16; a board says its own].
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub predictor_width: Option<u32>,
}

impl PredictorArguments {
    /// The predictor of a device of this size.
    pub fn predictor(&self, geometry: &Geometry) -> Predictor {
        let usual = Predictor::of(geometry);
        Predictor { width: self.predictor_width.unwrap_or(usual.width), ..usual }
    }
}

/// Fuzzy memoization of a model that has thresholds.
#[derive(Clone, Debug, PartialEq, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Fuzzy memoization")]
pub struct RememberArguments {
    /// Whether columns are remembered, where the model has thresholds (`engram memoize`) [default: on].
    #[arg(long, value_name = "on|off", value_parser = switch_parser())]
    pub memo: Option<bool>,
    #[command(flatten)]
    pub predictor: PredictorArguments,
    /// Whether predictor and lanes take turns, or the predictor runs ahead [default: pipelined; a board says its own].
    #[arg(long, value_enum)]
    pub organisation: Option<Organisation>,
}

/// A model that no column can be remembered with.
pub fn no_thresholds() -> Failure {
    Failure::Usage("the model has no thresholds to remember columns by; `engram memoize` finds them".to_string())
}

/// A switch.
pub fn switch_parser() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["on", "off"]).map(|word| word == "on")
}

impl RememberArguments {
    /// Nothing said.
    pub fn none() -> RememberArguments {
        let predictor = PredictorArguments { predictor_width: None };
        RememberArguments { memo: None, predictor, organisation: None }
    }

    /// Opens a backend with a model, which remembers columns where the model has thresholds and nothing says otherwise.
    pub fn open(
        &self,
        model: &Model,
        backend: &Backend,
        arguments: &BackendArguments,
        programming: &Programming,
    ) -> anyhow::Result<Paired> {
        let memo = self.memoization(model, &geometry_for(model, arguments.preset, programming)?)?;
        let device = Paired::remembering(model, backend, arguments, programming, memo)?;
        device.predictor().iter().try_for_each(|found| self.allow(found))?;
        Ok(device)
    }

    /// Refuses a board's predictor that is not the one asked for.
    fn allow(&self, found: &Predictor) -> Result<(), Failure> {
        let board = (found.width, Organisation::found(found));
        let asked = (self.predictor.predictor_width.unwrap_or(board.0), self.organisation.unwrap_or(board.1));
        if asked == board {
            return Ok(());
        }
        let text = format!(
            "found --predictor-width {} and --organisation {}, and a board whose predictor is {} wide and {}; leave them out, or \
             build a board with them",
            asked.0, asked.1, board.0, board.1
        );
        Err(Failure::Usage(text))
    }

    /// The memoization of a model on a device of this size; `None` where it has no thresholds or is to compute every column.
    fn memoization(&self, model: &Model, geometry: &Geometry) -> Result<Option<Memoization>, Failure> {
        let settings = model.memoization.filter(|_| self.memo != Some(false));
        if model.memoization.is_none() && self.memo == Some(true) {
            return Err(no_thresholds());
        }
        let predictor = self.organisation.unwrap_or_default().of(self.predictor.predictor(geometry));
        Ok(settings.map(|settings| Memoization { settings, predictor, oracle: false }))
    }
}
