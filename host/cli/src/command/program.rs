//! `engram program`: a bitstream onto a board.

use std::fmt;
use std::path::PathBuf;

use engram_flow::open_fpga_loader::{Choice, Target, program};
use engram_flow::{Board, Search};
use serde::Serialize;

use crate::arguments::hardware::BoardParser;
use crate::console::Console;

/// The arguments of `engram program`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram program --board ulx3s-25f build/ulx3s-25f/bitstream.bit
  engram program --board icebreaker build/icebreaker/bitstream.bin
  engram program --board ulx3s-25f --serial D00084 build/ulx3s-25f/bitstream.bit

A bitstream for another FPGA is refused before anything is sent. If several boards are plugged in, engram lists them with the option \
that chooses each. Afterwards `engram selftest --on PORT` tests the board.")]
pub struct Program {
    /// The board, connected over USB.
    #[arg(long, value_parser = BoardParser)]
    pub board: Board,
    /// Write to the flash, so that the board starts with the bitstream. Without --flash an ECP5 forgets it at power-off.
    #[arg(long)]
    pub flash: bool,
    /// The serial number of the board's USB adapter, where several are plugged in.
    #[arg(long, value_name = "SERIAL")]
    pub serial: Option<String>,
    /// The USB bus of the board's adapter and its device on it, where several are plugged in.
    #[arg(long, value_name = "BUS:DEVICE", value_parser = place, conflicts_with = "serial")]
    pub busdev_num: Option<[u32; 2]>,
    /// The bitstream's file.
    pub bitstream: PathBuf,
}

/// The bus and the device in a text such as `1:12`.
fn place(text: &str) -> Result<[u32; 2], String> {
    let number = |text: &str| text.parse::<u32>().ok();
    let place = text.split_once(':').and_then(|(bus, device)| Some([number(bus)?, number(device)?]));
    place.ok_or("expected the bus and the device with a colon between them, such as 1:12".to_string())
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
        let choice = Choice { serial: self.serial.clone(), place: self.busdev_num };
        program(&Search::from_env(), &self.board, &self.bitstream, target, &choice)?;
        spinner.finish();
        let (board, bitstream) = (self.board.name.clone(), self.bitstream.clone());
        Ok(console.report(&ProgrammedBoard { board, bitstream, flash: self.flash })?)
    }
}
