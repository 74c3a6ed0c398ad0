//! openFPGALoader: from a bitstream to a board that runs it.

use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::board::Board;
use crate::error::Error;
use crate::search::Search;
use crate::tool::OPEN_FPGA_LOADER;

const LIMIT: Duration = Duration::from_secs(300);
/// The log's file name; it lies beside the bitstream.
pub const LOG: &str = "program.log";

/// Where a bitstream goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The FPGA itself, until it loses power. A board whose FPGA is reached only through its flash (iCE40) takes it there.
    Volatile,
    /// The board's flash, from which the FPGA starts.
    Flash,
}

/// Loads a bitstream into the board that is connected over USB.
pub fn program(search: &Search, board: &Board, bitstream: &Path, target: Target) -> Result<(), Error> {
    let bitstream = bitstream.canonicalize().map_err(Error::io("cannot read the bitstream", bitstream))?;
    let loader = search.find(OPEN_FPGA_LOADER)?;
    let flash = (target == Target::Flash).then(|| "--write-flash".into());
    let arguments = ["--board".into(), board.programmer.clone().into()].into_iter().chain(flash);
    let folder = bitstream.parent().unwrap_or(Path::new("/"));
    match loader.run(arguments.chain([bitstream.clone().into_os_string()]), folder, LOG, LIMIT) {
        Err(Error::Failed { log, .. }) if no_board(&fs::read_to_string(&log).unwrap_or_default()) => {
            Err(Error::NoBoard { board: board.name.clone(), log })
        }
        outcome => outcome,
    }
}

/// Whether openFPGALoader says that it found no board, or not the right to open it.
fn no_board(log: &str) -> bool {
    ["unable to open ftdi device", "Failed to claim cable", "device not found"].iter().any(|text| log.contains(text))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::tool::tests::script;

    #[test]
    fn boards_are_programmed_and_missed() {
        let root = tempfile::TempDir::new().unwrap();
        let (path, bitstream) = (root.path().join("path"), root.path().join("bitstream.bit"));
        fs::create_dir_all(&path).unwrap();
        fs::write(&bitstream, "bits").unwrap();
        let search = Search::on(&path);
        let board = Board::named("ulx3s-25f").unwrap();
        let load = |target| program(&search, &board, &bitstream, target);
        assert!(load(Target::Volatile).unwrap_err().is_missing_tool());

        let script = |backend: &str| {
            let version = "[ \"$1\" = -V ] && echo openFPGALoader v0.10.0 && exit";
            script(&path, "openFPGALoader", &format!("{version}\n{backend}"));
        };
        let log = || fs::read_to_string(root.path().join(LOG)).unwrap();
        script("echo \"$@\"");
        load(Target::Flash).unwrap();
        let place = bitstream.canonicalize().unwrap();
        assert_eq!(log(), format!("--board ulx3s --write-flash {}\n", place.display()));
        load(Target::Volatile).unwrap();
        assert_eq!(log(), format!("--board ulx3s {}\n", place.display()));

        // What version 0.10.0 prints where nothing is connected.
        script(
            "echo 'unable to open ftdi device: -3 (device not found)'; echo 'JTAG init failed with: unable to open ftdi device'; exit 1",
        );
        let error = load(Target::Volatile).unwrap_err();
        assert!(matches!(&error, Error::NoBoard { board, .. } if board == "ulx3s-25f"), "{error}");
        script("echo 'wrong bitstream'; exit 1");
        assert!(matches!(load(Target::Volatile), Err(Error::Failed { .. })));
        assert!(matches!(program(&search, &board, Path::new("none"), Target::Flash), Err(Error::Io { .. })));
    }
}
