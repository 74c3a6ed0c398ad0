//! The hardware of a board: its Verilog, and the files that go with it.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_flow::Board;
use engram_hdl::emit::Design;
use engram_spec::{Datapath, Geometry, crossbar};
use engram_testbench::{crossbar::board_verilog, verilog};

use crate::failure::Failure;

/// The board where nothing says another.
pub const USUAL_BOARD: &str = "ulx3s-25f";

/// Boards by name.
pub fn board_parser() -> impl TypedValueParser<Value = Board> {
    PossibleValuesParser::new(Board::names()).try_map(|name| Board::named(&name))
}

/// What a device computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Network {
    /// A memory network, Q-MANN.
    #[default]
    Memory,
    /// The crossbar LSTM.
    Lstm,
}

impl Network {
    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Network::Memory => "memory",
            Network::Lstm => "lstm",
        }
    }
}

/// The top module of a device: of a memory network with the datapath, or of the crossbar LSTM, whose preset has the same
/// name. Its serial port has bits of so many clock cycles.
pub fn top(network: Network, preset: &Geometry, datapath: Datapath, cycles_per_bit: u32) -> Result<Design, Failure> {
    match (network, crossbar::Geometry::named(preset.name)) {
        (Network::Memory, _) => Ok(verilog(preset, datapath, cycles_per_bit)),
        (Network::Lstm, Some(preset)) => Ok(board_verilog(&preset, None, cycles_per_bit)),
        (Network::Lstm, None) => Err(Failure::Usage(format!("there is no crossbar LSTM of size '{}'", preset.name))),
    }
}

/// The top module of a board.
pub fn design(board: &Board, network: Network, datapath: Datapath) -> Result<Design, Failure> {
    top(network, &board.geometry, datapath, board.cycles_per_bit())
}

/// Writes a file into a folder, which is made where it is missing.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    written.map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))?;
    Ok(path)
}
