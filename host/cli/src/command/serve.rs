//! `engram serve`: the simulated board on a pseudo-terminal, for every program that speaks to the board.

use std::fmt;
use std::path::PathBuf;

use engram_flow::Board;
use engram_link::Pty;
use engram_testbench::board::SimulatedBoard;
use serde::Serialize;

use crate::body::DatapathArguments;
use crate::console::{Console, STRONG, styled};
use crate::hardware::{USUAL_BOARD, board_parser};
use crate::simulated_board::{Simulator, simulate};

/// Which board.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram serve --board ulx3s-25f
  engram serve --board icebreaker --on cxxrtl --json

Prints the path of a serial port, then stays until it is interrupted. In another terminal:
  engram ask qa1.safetensors --on /dev/pts/4")]
pub struct Serve {
    /// The board whose top module is simulated, serial lines and all.
    #[arg(long, default_value = USUAL_BOARD, value_parser = board_parser())]
    pub board: Board,
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
    addressing: &'static str,
    weights: &'static str,
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
        let (simulator, lines) = simulate(self.on, &self.board, datapath, console)?;
        spinner.finish_and_clear();
        let mut pty = Pty::open()?;
        let (board, preset) = (self.board.name.clone(), self.board.geometry.name);
        console.note(format!("{board} ({preset}, {datapath}) on {simulator}; interrupt to end"));
        let (addressing, weights) = (datapath.addressing.name(), datapath.weights.name());
        console.report(&Report { path: pty.path().to_path_buf(), board, preset, addressing, weights, simulator })?;
        SimulatedBoard::new(lines, self.board.cycles_per_bit()).serve(&mut pty, || false)?;
        Ok(())
    }
}
