//! The hardware of a board: its Verilog, and the files that go with it.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use engram_flow::Board;
use engram_hdl::emit::Design;
use engram_spec::Datapath;
use engram_testbench::verilog;

use crate::failure::Failure;

/// The board where nothing says another.
pub const USUAL_BOARD: &str = "ulx3s-25f";

/// Boards by name.
pub fn board_parser() -> impl TypedValueParser<Value = Board> {
    PossibleValuesParser::new(Board::names()).try_map(|name| Board::named(&name))
}

/// The top module of a board.
pub fn design(board: &Board, datapath: Datapath) -> Design {
    verilog(&board.geometry, datapath, board.cycles_per_bit())
}

/// Writes a file into a folder, which is made where it is missing.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    written.map_err(|error| Failure::Input(format!("cannot write {}: {error}", path.display())))?;
    Ok(path)
}
