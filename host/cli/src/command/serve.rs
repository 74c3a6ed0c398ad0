//! `engram serve`: the simulated board on a pseudo-terminal, for every program that speaks to the board.

use std::fmt;
use std::path::PathBuf;

use engram_flow::Board;
use engram_link::Pty;
use engram_testbench::board::SimulatedBoard;
use serde::Serialize;

use crate::body::DatapathArguments;
use crate::console::{Console, STRONG, styled};
use crate::hardware::{Network, USUAL_BOARD, board_parser};
use crate::simulated_board::{Simulator, simulate};

/// Which board.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram serve --board ulx3s-25f
  engram serve --board icebreaker --on cxxrtl --json
  engram serve --board ulx3s-25f --network lstm

Prints the path of a serial port, then stays until it is interrupted. In another terminal:
  engram ask qa1.safetensors --on /dev/pts/4")]
pub struct Serve {
    /// The board whose top module is simulated, serial lines and all.
    #[arg(long, default_value = USUAL_BOARD, value_parser = board_parser())]
    pub board: Board,
    /// What the board computes: a memory network, or the crossbar LSTM, for which addressing and weights count nothing.
    #[arg(long, value_enum, default_value_t)]
    pub network: Network,
    #[command(flatten)]
    pub datapath: DatapathArguments,
    /// What simulates it [default: verilator, or else cxxrtl, or else simulation].
    #[arg(long, value_name = "SIMULATOR")]
    pub on: Option<Simulator>,
}

/// Where the board is.
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
    simulator: Simulator,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", styled(STRONG, self.path.display()))
    }
}

impl Serve {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let spinner = console.spinner("simulating the board");
        let datapath = self.datapath.datapath();
        let (simulator, lines) = simulate(self.on, &self.board, self.network, datapath, console)?;
        spinner.finish_and_clear();
        let mut pty = Pty::open()?;
        let (board, preset) = (self.board.name.clone(), self.board.geometry.name);
        let network = self.network.name();
        let of_memory = |name: &'static str| (self.network == Network::Memory).then_some(name);
        let (addressing, weights) = (of_memory(datapath.addressing.name()), of_memory(datapath.weights.name()));
        let what = addressing.map_or(network.to_string(), |_| datapath.to_string());
        console.note(format!("{board} ({preset}, {what}) on {simulator}; interrupt to end"));
        let path = pty.path().to_path_buf();
        console.report(&Report { path, board, preset, network, addressing, weights, simulator })?;
        SimulatedBoard::new(lines, self.board.cycles_per_bit()).serve(&mut pty, || false)?;
        Ok(())
    }
}
