//! The options of a board and of what it computes, and files that go with it.

use std::ffi::OsStr;
use std::path::Path;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use engram_flow::Board;
use engram_flow::board::Sizes;
use engram_session::Failure;
use engram_session::crossbar::Remember;
use engram_session::hardware::{Hardware, Network, Organisation, USUAL_DATAPATH, buildable, crossbar_of};
use engram_spec::crossbar::memo::Predictor;
use engram_spec::memnet::{Addressing, Datapath, Weights};

use super::backend::{addressing_parser, weights_parser};
use super::by_name;

/// Boards by name, or by the path of a board.toml or of its folder.
#[derive(Clone, Copy, Debug)]
pub struct BoardParser;

impl TypedValueParser for BoardParser {
    type Value = Board;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Board, clap::Error> {
        let is_name = Board::names().any(|name| name == value);
        let path = Path::new(value);
        let is_path = path.components().count() > 1 || path.extension().is_some_and(|it| it == "toml") || path.exists();
        if is_path && !is_name {
            let wrong = |error| clap::Error::raw(clap::error::ErrorKind::ValueValidation, format!("{error}\n"));
            return Board::read(path).map_err(|error| wrong(error).with_cmd(command));
        }
        PossibleValuesParser::new(Board::names())
            .try_map(|name| Board::named(&name))
            .parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Board::names().map(PossibleValue::new)))
    }
}

/// Networks by name; the names that they had before go on working.
pub fn network_parser() -> impl TypedValueParser<Value = Network> {
    let values = [
        PossibleValue::new("memnet").alias("memory").help("A memory network, Q-MANN"),
        PossibleValue::new("crossbar").alias("lstm").help("The crossbar network"),
    ];
    PossibleValuesParser::new(values).map(|name| match name.as_str() {
        "crossbar" | "lstm" => Network::Crossbar,
        _ => Network::Memnet,
    })
}

/// The orders of predictor and lanes by name.
pub fn organisation_parser() -> impl TypedValueParser<Value = Organisation> {
    by_name(Organisation::ALL, |organisation| organisation.name())
}

/// The hardware of a device that is emitted or simulated.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct HardwareArguments {
    /// The network that the device computes: memory network, or crossbar network (which ignores addressing and weights).
    #[arg(long, value_name = "NETWORK", default_value = "memnet", value_parser = network_parser())]
    network: Network,
    /// The addressing of the memory.
    #[arg(long, default_value = USUAL_DATAPATH.addressing.name(), value_parser = addressing_parser())]
    addressing: Addressing,
    /// The kind of weights: codes, or signs, which need no multiplier.
    #[arg(long, default_value = USUAL_DATAPATH.weights.name(), value_parser = weights_parser())]
    weights: Weights,
    #[command(flatten)]
    memo: MemoArguments,
}

impl HardwareArguments {
    /// The hardware for a device of one of these sizes.
    pub fn hardware(&self, sizes: &Sizes) -> Result<Hardware, Failure> {
        let HardwareArguments { network, addressing, weights, memo } = *self;
        let memo = memo.predictor(network, sizes)?;
        Ok(Hardware { network, datapath: Datapath { addressing, weights }, memo })
    }
}

/// The fuzzy memoization of a crossbar network.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct MemoArguments {
    /// With --network crossbar: the hardware remembers columns whose signs hardly changed.
    #[arg(long)]
    pub memo: bool,
    /// Rows whose signs are compared in a cycle: 2, 4, 8 or 16 times the device's lanes [default: 128, of 8 lanes 16].
    #[arg(long, value_name = "ROWS", requires = "memo")]
    pub predictor_width: Option<u32>,
    /// Whether the predictor runs ahead of the lanes [default: pipelined].
    #[arg(long, value_name = "ORGANISATION", value_parser = organisation_parser(), requires = "memo")]
    pub organisation: Option<Organisation>,
}

impl MemoArguments {
    /// The predictor of a device of this size; `None` where nothing is remembered.
    pub fn predictor(&self, network: Network, sizes: &Sizes) -> Result<Option<Predictor>, Failure> {
        let array = match (self.memo, network) {
            (false, _) => return Ok(None),
            (true, Network::Memnet) => {
                return Err(Failure::Usage(
                    "--memo works with --network crossbar only: add it, or remove --memo".to_string(),
                ));
            }
            (true, Network::Crossbar) => crossbar_of(sizes)?,
        };
        let MemoArguments { predictor_width, organisation, .. } = *self;
        let predictor = Remember { memo: Some(true), predictor_width, organisation }.predictor(&array);
        buildable(&predictor, &array)?;
        Ok(Some(predictor))
    }
}
