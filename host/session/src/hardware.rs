//! The hardware of a board: the network that it computes, and its Verilog.

use std::fmt;

use engram_flow::Board;
use engram_flow::board::Sizes;
use engram_hdl::emit::Design;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{self, Crossbar};
use engram_spec::memnet::{Addressing, Datapath, Memnet, Weights};
use engram_testbench::board_verilog;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::inside::Inside;

/// The board where nothing says another.
pub const USUAL_BOARD: &str = "ulx3s-25f";

/// The datapath of a memory network's device where nothing says another: that of the networks that `engram train` makes without
/// options.
pub const USUAL_DATAPATH: Datapath = Datapath { addressing: Addressing::Min, weights: Weights::Codes };

/// The network that a device computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Network {
    /// A memory network, Q-MANN.
    #[default]
    Memnet,
    /// The crossbar network.
    Crossbar,
}

impl Network {
    /// Both.
    pub const ALL: [Network; 2] = [Network::Memnet, Network::Crossbar];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Network::Memnet => "memnet",
            Network::Crossbar => "crossbar",
        }
    }
}

/// The order of predictor and lanes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Organisation {
    /// The predictor runs ahead of the lanes.
    #[default]
    Pipelined,
    /// Predictor and lanes take turns.
    Serial,
}

impl fmt::Display for Organisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Organisation {
    /// Both.
    pub const ALL: [Organisation; 2] = [Organisation::Pipelined, Organisation::Serial];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Organisation::Pipelined => "pipelined",
            Organisation::Serial => "serial",
        }
    }

    /// The organisation of a predictor.
    pub const fn found(predictor: &Predictor) -> Organisation {
        if predictor.queue == 1 { Organisation::Serial } else { Organisation::Pipelined }
    }

    /// A predictor that works so.
    pub fn of(self, predictor: Predictor) -> Predictor {
        match self {
            Organisation::Pipelined => predictor,
            Organisation::Serial => predictor.serial(),
        }
    }
}

/// Refuses a predictor that no device of this size can be built with.
pub fn buildable(predictor: &Predictor, geometry: &crossbar::Geometry) -> Result<(), Failure> {
    let (width, lanes) = (predictor.width, geometry.lanes);
    let text = || format!("--predictor-width is {width}, but must be 2, 4, 8 or 16 times the {lanes} lanes");
    predictor.words(geometry).map(drop).ok_or_else(|| Failure::Usage(text()))
}

/// The device that is built.
#[derive(Clone, Copy, Debug)]
pub struct Hardware {
    /// The network that it computes.
    pub network: Network,
    /// The datapath of a memory network.
    pub datapath: Datapath,
    /// The predictor of a crossbar network that remembers columns.
    pub memo: Option<Predictor>,
}

impl Hardware {
    /// A device without options.
    pub fn of(network: Network) -> Hardware {
        Hardware { network, datapath: USUAL_DATAPATH, memo: None }
    }

    /// The description of a device of one of these sizes.
    pub fn description(&self, sizes: &Sizes) -> Description {
        let preset = match (self.network, sizes.crossbar) {
            (Network::Crossbar, Some(crossbar)) => crossbar.name,
            _ => sizes.memnet.name,
        };
        let datapath = (self.network == Network::Memnet).then_some(self.datapath);
        Description {
            preset,
            network: self.network.name(),
            addressing: datapath.map(|datapath| datapath.addressing.name()),
            weights: datapath.map(|datapath| datapath.weights.name()),
            predictor_width: self.memo.map(|predictor| predictor.width),
            words: self.words(),
        }
    }

    /// The hardware in words.
    fn words(&self) -> String {
        match (self.network, self.memo) {
            (Network::Memnet, _) => format!("{}, {}", self.datapath.addressing.name(), self.datapath.weights.name()),
            (Network::Crossbar, None) => self.network.name().to_string(),
            (Network::Crossbar, Some(predictor)) => {
                let (width, organisation) = (predictor.width, Organisation::found(&predictor));
                format!("{}, memoization {width} wide, {organisation}", self.network.name())
            }
        }
    }
}

/// The hardware as commands report it.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// The name of its size.
    pub preset: &'static str,
    /// The network that it computes.
    pub network: &'static str,
    /// The addressing of a memory network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressing: Option<&'static str>,
    /// The kind of weights of a memory network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<&'static str>,
    /// Rows whose signs are compared in a cycle, where columns are remembered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predictor_width: Option<u32>,
    /// The options in words.
    #[serde(skip)]
    pub words: String,
}

/// The size of the crossbar.
pub fn crossbar_of(sizes: &Sizes) -> Result<crossbar::Geometry, Failure> {
    let missing = || Failure::Usage(format!("there is no crossbar of size '{}'", sizes.memnet.name));
    sizes.crossbar.ok_or_else(missing)
}

/// The top module of a device. Its serial port has bits of so many clock cycles.
pub fn top(hardware: &Hardware, sizes: &Sizes, cycles_per_bit: u32, inside: &Inside) -> Result<Design, Failure> {
    let Hardware { network, datapath, memo } = *hardware;
    Ok(match network {
        Network::Memnet => board_verilog::<Memnet>(&sizes.memnet, datapath, cycles_per_bit, inside.memnet()),
        Network::Crossbar => board_verilog::<Crossbar>(&crossbar_of(sizes)?, memo, cycles_per_bit, inside.crossbar()),
    })
}

/// The top module of a board.
pub fn design(board: &Board, hardware: &Hardware, inside: &Inside) -> Result<Design, Failure> {
    top(hardware, &board.sizes, board.cycles_per_bit(), inside)
}
