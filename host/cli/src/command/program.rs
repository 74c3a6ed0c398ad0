//! `engram program`: a bitstream onto a board.

use std::fmt;
use std::path::PathBuf;

use engram_flow::open_fpga_loader::{Target, program};
use engram_flow::{Board, Search};
use serde::Serialize;

use crate::arguments::hardware::BoardParser;
use crate::console::Console;

/// The arguments of `engram program`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram program --board ulx3s-25f build/ulx3s-25f/bitstream.bit
  engram program --board icebreaker build/icebreaker/bitstream.bin")]
pub struct Program {
    /// The board, connected over USB.
    #[arg(long, value_parser = BoardParser)]
    pub board: Board,
    /// Write to the flash, so that the board starts with the bitstream. Without --flash an ECP5 forgets it at power-off.
    #[arg(long)]
    pub flash: bool,
    /// The bitstream's file.
    pub bitstream: PathBuf,
}

/// The board that was programmed, and with which file.
#[derive(Debug, Serialize)]
struct ProgrammedBoard {
    board: String,
    bitstream: PathBuf,
    flash: bool,
}

impl fmt::Display for ProgrammedBoard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.flash { "the flash of the" } else { "the" };
        write!(f, "{} is on {place} {}", self.bitstream.display(), self.board)
    }
}

impl Program {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let target = if self.flash { Target::Flash } else { Target::Volatile };
        let spinner = console.spinner(format!("programming the {}", self.board.name));
        program(&Search::from_env(), &self.board, &self.bitstream, target)?;
        spinner.finish_and_clear();
        let (board, bitstream) = (self.board.name.clone(), self.bitstream.clone());
        Ok(console.report(&ProgrammedBoard { board, bitstream, flash: self.flash })?)
    }
}
