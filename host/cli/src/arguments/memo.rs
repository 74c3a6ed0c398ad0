//! The options of fuzzy memoization: whether columns are remembered, and by a predictor of which size.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_session::crossbar::Remember;
use engram_session::hardware::Organisation;

use super::hardware::organisation_parser;

/// The predictor of fuzzy memoization.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Fuzzy memoization")]
pub struct PredictorArguments {
    /// Rows whose signs the predictor compares in a cycle: 2, 4, 8 or 16 times the device's lanes [default: 128, of 8 lanes
    /// 16; a board says its own].
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..=512))]
    pub predictor_width: Option<u32>,
}

/// Fuzzy memoization of a model that has thresholds.
#[derive(Clone, Debug, Default, PartialEq, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Fuzzy memoization")]
pub struct RememberArguments {
    /// Whether columns are remembered, where the model has thresholds (`engram memoize`) [default: on].
    #[arg(long, value_name = "on|off", value_parser = switch_parser())]
    pub memo: Option<bool>,
    #[command(flatten)]
    pub predictor: PredictorArguments,
    /// Whether predictor and lanes take turns, or the predictor runs ahead [default: pipelined; a board says its own].
    #[arg(long, value_name = "ORGANISATION", value_parser = organisation_parser())]
    pub organisation: Option<Organisation>,
}

/// A switch.
pub fn switch_parser() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["on", "off"]).map(|word| word == "on")
}

impl PredictorArguments {
    /// The options as a session takes them.
    pub fn remember(&self) -> Remember {
        Remember { predictor_width: self.predictor_width, ..Remember::default() }
    }
}

impl RememberArguments {
    /// The options as a session takes them.
    pub fn remember(&self) -> Remember {
        Remember { memo: self.memo, organisation: self.organisation, ..self.predictor.remember() }
    }
}
