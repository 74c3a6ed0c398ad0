//! `engram serve`: the simulated board on a pseudo-terminal, for every program that speaks to the board.

use std::fmt;
use std::path::PathBuf;

use engram_flow::Board;
use engram_link::Pty;
use engram_testbench::board::SimulatedBoard;
use serde::Serialize;

use crate::arguments::backend::DatapathArguments;
use crate::arguments::by_name;
use crate::arguments::hardware::{BoardParser, MemoArguments, network_parser};
use crate::console::{Console, STRONG, styled};
use engram_session::hardware::{Hardware, Network, Organisation, USUAL_BOARD};
use engram_session::simulated_board::{Simulator, simulate};

/// The arguments of `engram serve`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram serve --board ulx3s-25f
  engram serve --board icebreaker --on cxxrtl --json
  engram serve --board ulx3s-25f --network crossbar
  engram serve --board ulx3s-25f --network crossbar --memo --organisation serial

engram prints the path of a serial port, and answers on it until you stop it with Ctrl-C. In another terminal:
  engram ask qa1.safetensors --on /dev/pts/4
With --memo the board skips columns by the thresholds of the model that you load, and counts the savings:
  engram eval vowels-memo.safetensors --on /dev/pts/4 --counters")]
pub struct Serve {
    /// The board, by name or as the path of its board.toml: engram simulates its top module with the serial line.
    #[arg(long, default_value = USUAL_BOARD, value_parser = BoardParser)]
    pub board: Board,
    /// The network that the board computes: memory network, or crossbar LSTM (which ignores addressing and weights).
    #[arg(long, value_name = "NETWORK", default_value = "memnet", value_parser = network_parser())]
    pub network: Network,
    #[command(flatten)]
    pub datapath: DatapathArguments,
    #[command(flatten)]
    pub memo: MemoArguments,
    /// The simulator [default: verilator, or else cxxrtl, or else simulation].
    #[arg(long, value_name = "SIMULATOR", value_parser = by_name(Simulator::ALL, |simulator| simulator.name()))]
    pub on: Option<Simulator>,
}

/// The path of the board's serial port.
#[derive(Debug, Serialize)]
struct Report {
    path: PathBuf,
    board: String,
    preset: &'static str,
    network: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    addressing: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weights: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    predictor_width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation: Option<Organisation>,
    simulator: Simulator,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", styled(STRONG, self.path.display()))
    }
}

impl Serve {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let memo = self.memo.predictor(self.network, &self.board.sizes)?;
        let hardware = Hardware { network: self.network, datapath: self.datapath.datapath(), memo };
        let spinner = console.spinner("simulating the board");
        let (simulator, lines) = simulate(self.on, &self.board, &hardware, &|text| console.warn(text))?;
        spinner.finish_and_clear();
        let mut pty = Pty::open()?;
        let (board, preset) = (self.board.name.clone(), hardware.preset(&self.board.sizes));
        console.note(format!("{board} ({preset}, {}) on {simulator}; interrupt to end", hardware.words()));
        console.report(&Report {
            path: pty.path().to_path_buf(),
            board,
            preset,
            network: self.network.name(),
            addressing: hardware.of_memory(hardware.datapath.addressing.name()),
            weights: hardware.of_memory(hardware.datapath.weights.name()),
            predictor_width: memo.map(|predictor| predictor.width),
            organisation: memo.map(|predictor| Organisation::found(&predictor)),
            simulator,
        })?;
        SimulatedBoard::new(lines, self.board.cycles_per_bit()).serve(&mut pty, || false)?;
        Ok(())
    }
}
