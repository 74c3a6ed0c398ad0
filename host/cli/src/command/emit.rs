//! `engram emit`: the Verilog of a device, and a board's constraints.

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use engram_files::Kind;
use engram_flow::Board;
use engram_flow::board::Sizes;
use engram_flow::build::VERILOG;
use engram_hdl::link::uart::DIVIDER_BITS;
use engram_spec::crossbar;
use engram_spec::memnet::Geometry;
use serde::Serialize;

use crate::arguments::backend::preset_parser;
use crate::arguments::from_zero;
use crate::arguments::hardware::{BoardParser, HardwareArguments};
use crate::arguments::output::Overwrite;
use crate::console::{Console, STRONG, styled};
use engram_session::Failure;
use engram_session::hardware::{Description, design, top};
use engram_session::inside::Inside;

/// The arguments of `engram emit`.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("size").required(true).args(["board", "preset"]))]
#[command(after_help = "\
Examples:
  engram emit --board ulx3s-25f --out build/verilog
  engram emit --board icebreaker --network crossbar --out build/verilog
  engram emit --board ulx3s-25f --network crossbar --memo --out build/verilog
  engram emit --preset up5k --clock-mhz 24 --baud 2000000 --addressing xnor --out build/verilog")]
pub struct Emit {
    /// The board, by name or as the path of its board.toml: writes Verilog and constraints.
    #[arg(long, value_parser = BoardParser)]
    pub board: Option<Board>,
    /// A size, for a board that engram does not know: writes Verilog only.
    #[arg(long, value_name = "PRESET", value_parser = preset_parser())]
    pub preset: Option<Geometry>,
    #[command(flatten)]
    pub hardware: HardwareArguments,
    /// The frequency of the clock, with --preset.
    #[arg(long, value_name = "MHZ", default_value_t = 25.0, value_parser = from_zero, conflicts_with = "board")]
    pub clock_mhz: f64,
    /// Bits a second on the serial line, with --preset.
    #[arg(long, value_name = "RATE", default_value_t = 1_000_000, conflicts_with = "board")]
    pub baud: u32,
    /// The folder to write to; engram creates it if it is missing.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub overwrite: Overwrite,
}

/// The files that were written.
#[derive(Debug, Serialize)]
struct EmittedDevice {
    board: Option<String>,
    #[serde(flatten)]
    device: Description,
    top: String,
    clock_mhz: f64,
    baud: u32,
    verilog_lines: usize,
    files: Vec<PathBuf>,
}

impl fmt::Display for EmittedDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EmittedDevice { device: Description { preset, words, .. }, top, clock_mhz, baud, verilog_lines, .. } = self;
        write!(f, "{} ({preset}, {words}): {verilog_lines} lines of Verilog, ", styled(STRONG, top))?;
        write!(f, "{clock_mhz} MHz, {baud} baud")?;
        self.files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

/// Removes the constraints of other boards that an earlier call wrote into the folder, if they are as it wrote them: they belong to no
/// Verilog there any more.
fn remove_constraints(folder: &Path, written: &[PathBuf]) -> Result<(), Failure> {
    for board in Board::names().filter_map(|name| Board::named(name).ok()) {
        let path = folder.join(&board.constraints_file);
        let stale = Kind::Constraints.marked(&board.constraints_file, &board.constraints);
        if !written.contains(&path) && fs::read(&path).is_ok_and(|bytes| bytes == stale.as_bytes()) {
            let failed = |error| Failure::Input(format!("cannot remove {}: {error}", path.display()));
            fs::remove_file(&path).map_err(failed)?;
        }
    }
    Ok(())
}

impl Emit {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let sizes = match (&self.board, self.preset) {
            (Some(board), _) => board.sizes,
            (None, Some(memnet)) => Sizes { memnet, crossbar: crossbar::Geometry::named(memnet.name) },
            (None, None) => return Err(Failure::Usage("give --board or --preset".to_string()).into()),
        };
        self.board.iter().flat_map(Board::notes).for_each(|note| console.warn(note));
        let emitting = console.spinner("emitting Verilog");
        let hardware = self.hardware.hardware(&sizes)?;
        let design = match &self.board {
            Some(board) => design(board, &hardware, &Inside::Nothing)?,
            None => top(&hardware, &sizes, self.cycles_per_bit()?, &Inside::Nothing)?,
        };
        let mut files = vec![self.overwrite.write(&self.out, VERILOG, Kind::Verilog, &design.verilog)?];
        if let Some(board) = &self.board {
            files.push(self.overwrite.write(
                &self.out,
                &board.constraints_file,
                Kind::Constraints,
                &board.constraints,
            )?);
        }
        remove_constraints(&self.out, &files)?;
        emitting.finish();
        let line = self.board.as_ref().map(|board| (board.clock_mhz, board.baud));
        let (clock_mhz, baud) = line.unwrap_or((self.clock_mhz, self.baud));
        Ok(console.report(&EmittedDevice {
            board: self.board.as_ref().map(|board| board.name.clone()),
            device: hardware.description(&sizes),
            top: design.top,
            clock_mhz,
            baud,
            verilog_lines: design.verilog.lines().count(),
            files,
        })?)
    }

    /// The clock cycles of a bit on the serial line, with --preset.
    fn cycles_per_bit(&self) -> Result<u32, Failure> {
        let exact = self.clock_mhz * 1e6 / f64::from(self.baud);
        let (cycles, most) = (exact.round(), (1_u32 << DIVIDER_BITS) - 1);
        // A receiver samples the middle of the tenth bit: beyond 2% of error, both sides' together, it may miss it.
        if (4.0..=f64::from(most)).contains(&cycles) && (cycles / exact - 1.0).abs() <= 0.01 {
            return Ok(cycles as u32);
        }
        Err(Failure::Usage(format!(
            "a bit lasts {exact:.2} clock cycles, but must last a whole number from 4 to {most}, within 1 %: change \
             --baud or --clock-mhz"
        )))
    }
}
