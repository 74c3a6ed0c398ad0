//! `engram program`: a bitstream onto a board.

use std::fmt;
use std::path::PathBuf;

use engram_flow::open_fpga_loader::{Choice, Target, program};
use engram_flow::udev_rules;
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
  engram program --udev-rules

A bitstream for another FPGA is refused before anything is sent. If several boards are plugged in, engram lists them with the option \
that chooses each. Afterwards `engram selftest --on PORT` tests the board.

--udev-rules prints what gives every user at the machine the boards' adapters, and their serial ports a short latency. Put it in place with
`engram program --udev-rules | sudo tee /etc/udev/rules.d/60-engram.rules && sudo udevadm control --reload`, then plug the board in again.")]
pub struct Program {
    /// The board, connected over USB.
    #[arg(long, value_parser = BoardParser, required_unless_present = "udev_rules")]
    pub board: Option<Board>,
    /// Write to the flash, so that the board starts with the bitstream. Without --flash an ECP5 forgets it at power-off.
    #[arg(long)]
    pub flash: bool,
    /// The serial number of the board's USB adapter, where several are plugged in.
    #[arg(long, value_name = "SERIAL")]
    pub serial: Option<String>,
    /// The USB bus of the board's adapter and its device on it, where several are plugged in.
    #[arg(long, visible_alias = "bus", value_name = "BUS:DEVICE", value_parser = place, conflicts_with = "serial")]
    pub busdev_num: Option<[u32; 2]>,
    /// Print the udev rules of the boards' adapters, of --board alone where it is given, and program nothing.
    #[arg(long, conflicts_with_all = ["flash", "serial", "busdev_num", "bitstream"])]
    pub udev_rules: bool,
    /// The bitstream's file.
    #[arg(required_unless_present = "udev_rules")]
    pub bitstream: Option<PathBuf>,
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

/// The rules by which Linux gives users the boards' adapters.
#[derive(Debug, Serialize)]
struct UdevRules {
    rules: String,
}

impl fmt::Display for UdevRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.rules.trim_end())
    }
}

impl Program {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let (Some(board), Some(bitstream)) = (&self.board, &self.bitstream) else {
            let named = Board::names().filter_map(|name| Board::named(name).ok());
            let boards: Vec<Board> = self.board.clone().map_or_else(|| named.collect(), |board| vec![board]);
            return Ok(console.report(&UdevRules { rules: udev_rules(&boards) })?);
        };
        let target = if self.flash { Target::Flash } else { Target::Volatile };
        let spinner = console.spinner(format!("programming the {}", board.name));
        let choice = Choice { serial: self.serial.clone(), place: self.busdev_num };
        program(&Search::from_env(), board, bitstream, target, &choice)?;
        spinner.finish();
        let (board, bitstream) = (board.name.clone(), bitstream.clone());
        Ok(console.report(&ProgrammedBoard { board, bitstream, flash: self.flash })?)
    }
}
