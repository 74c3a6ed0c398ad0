//! openFPGALoader: from a bitstream to a board that runs it.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::adapter::{self, Adapter};
use crate::bitstream;
use crate::board::{Board, Programmer};
use crate::disk;
use crate::error::{Error, Fitting};
use crate::search::Search;
use crate::tool::{OPEN_FPGA_LOADER, Tool};

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

/// The choice of one board among several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// The serial number of its adapter.
    pub serial: Option<String>,
    /// The bus of its adapter and the device on it.
    pub place: Option<[u32; 2]>,
}

impl Choice {
    /// Whether nothing is chosen.
    fn is_open(&self) -> bool {
        *self == Choice::default()
    }

    /// The arguments by which openFPGALoader is told.
    fn arguments(&self) -> Vec<OsString> {
        let serial = self.serial.iter().flat_map(|serial| ["--ftdi-serial".into(), serial.into()]);
        let place =
            self.place.iter().flat_map(|[bus, device]| ["--busdev-num".into(), format!("{bus}:{device}").into()]);
        serial.chain(place).collect()
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let serial = self.serial.iter().map(|serial| format!("--serial {serial}"));
        let place = self.place.iter().map(|[bus, device]| format!("--busdev-num {bus}:{device}"));
        f.write_str(&serial.chain(place).collect::<Vec<String>>().join(" "))
    }
}

/// Loads a bitstream into the board that is connected over USB. A bitstream for another FPGA is refused before anything is sent, as
/// are several boards of which none is chosen.
pub fn program(search: &Search, board: &Board, bitstream: &Path, target: Target, choice: &Choice) -> Result<(), Error> {
    let bitstream = bitstream.canonicalize().map_err(Error::io("cannot read the bitstream", bitstream))?;
    check(board, &bitstream)?;
    let named = match &board.programmer {
        Programmer::Disk(label) => {
            if !choice.is_open() {
                return Err(Error::NoChoice { board: board.name.clone(), label: label.clone() });
            }
            return disk::copy(&bitstream, &board.name, label);
        }
        Programmer::OpenFpgaLoader(named) => named,
    };
    let loader = search.find(OPEN_FPGA_LOADER)?;
    let folder = bitstream.parent().unwrap_or(Path::new("/"));
    if choice.is_open() {
        let adapters = adapters(&loader, board)?;
        if adapters.len() > 1 {
            return Err(Error::SeveralBoards { board: board.name.clone(), adapters });
        }
    }
    let flash = (target == Target::Flash).then(|| "--write-flash".into());
    let arguments = ["--board".into(), named.into()].into_iter().chain(choice.arguments()).chain(flash);
    match loader.run(arguments.chain([bitstream.clone().into_os_string()]), folder, LOG, LIMIT) {
        Err(Error::Failed { tool, outcome, log, tail }) => {
            let text = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            let name = board.name.clone();
            if let Some([found, hardware]) = mismatch(&text) {
                let fitting = Fitting::Read(boards_with(&hardware));
                return Err(Error::OtherFpga { path: bitstream, bitstream: found, board: name, hardware, fitting });
            }
            Err(match (no_board(&text), choice.is_open()) {
                (false, _) => Error::Failed { tool, outcome, log, tail },
                (true, true) => Error::NoBoard { board: name, log },
                (true, false) => {
                    let adapters = adapters(&loader, board)?;
                    Error::NoSuchBoard { board: name, chosen: choice.to_string(), adapters, log }
                }
            })
        }
        outcome => outcome,
    }
}

/// Checks that a bitstream is for the FPGA of a board. Files of other kinds, such as .svf, are openFPGALoader's to judge.
fn check(board: &Board, path: &Path) -> Result<(), Error> {
    let bytes = fs::read(path).map_err(Error::io("cannot read the bitstream", path))?;
    let is_bitstream = path.extension().is_some_and(|ending| ending == "bit" || ending == "bin");
    let Some(found) = bitstream::Target::read(&bytes) else {
        return if is_bitstream { Err(Error::NoBitstream { path: path.to_path_buf() }) } else { Ok(()) };
    };
    match bitstream::Target::of(&board.part) {
        Some(hardware) if hardware != found => Err(Error::OtherFpga {
            path: path.to_path_buf(),
            bitstream: found,
            board: board.name.clone(),
            hardware,
            fitting: Fitting::Described(boards_with(&found)),
        }),
        _ => Ok(()),
    }
}

/// The boards that have this FPGA.
fn boards_with(target: &bitstream::Target) -> Vec<String> {
    let boards = Board::names().filter_map(|name| Board::named(name).ok());
    boards.filter(|board| bitstream::Target::of(&board.part).as_ref() == Some(target)).map(|board| board.name).collect()
}

/// The adapters that the board may be behind.
fn adapters(loader: &Tool, board: &Board) -> Result<Vec<Adapter>, Error> {
    let adapters = adapter::scan(loader)?;
    Ok(adapters.into_iter().filter(|adapter| board.adapter.is_none_or(|id| id == adapter.id)).collect())
}

/// The FPGA that a bitstream is for and the one that is there, where openFPGALoader says that they differ.
fn mismatch(log: &str) -> Option<[bitstream::Target; 2]> {
    let number = |before: &str| {
        let digits = log.split_once(before)?.1;
        let end = digits.find(|c: char| !c.is_ascii_hexdigit()).unwrap_or(digits.len());
        u32::from_str_radix(&digits[..end], 16).ok().map(bitstream::Target::Ecp5)
    };
    Some([number("bitstream has 0x")?, number("hardware requires 0x")?])
}

/// Whether openFPGALoader says that it found no board, or not the right to open it.
fn no_board(log: &str) -> bool {
    ["unable to open ftdi device", "Failed to claim cable", "device not found"].iter().any(|text| log.contains(text))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::bitstream::tests::{of_ecp5, of_ice40};
    use crate::tool::tests::script;
    use tempfile::TempDir;

    /// A bitstream in a folder, and a folder for a programmer.
    struct Desk {
        root: TempDir,
        search: Search,
    }

    impl Desk {
        fn new(bitstream: &[u8]) -> Desk {
            let root = TempDir::new().unwrap();
            let path = root.path().join("path");
            fs::create_dir_all(&path).unwrap();
            fs::write(root.path().join("bitstream.bit"), bitstream).unwrap();
            Desk { search: Search::on(&path), root }
        }

        /// A programmer that lists adapters and does something else with all but that.
        fn programmer(&self, adapters: &str, does: &str) {
            let version = "[ \"$1\" = -V ] && echo openFPGALoader v0.12.0 && exit";
            let scan = format!("[ \"$1\" = --scan-usb ] && printf '{adapters}' && exit");
            script(&self.root.path().join("path"), "openFPGALoader", &format!("{version}\n{scan}\n{does}"));
        }

        fn program(&self, board: &str, target: Target, choice: &Choice) -> Result<(), Error> {
            let board = Board::named(board).unwrap();
            program(&self.search, &board, &self.root.path().join("bitstream.bit"), target, choice)
        }

        fn log(&self) -> String {
            fs::read_to_string(self.root.path().join(LOG)).unwrap()
        }

        fn place(&self) -> String {
            self.root.path().join("bitstream.bit").canonicalize().unwrap().display().to_string()
        }
    }

    const ULX3S: &str = "001 012    0x0403:0x6015 ft231X          FER-RADIONA-EMARD D00084 ULX3S FPGA 25K v3.0.8\\n";
    const OTHER: &str = "003 004    0x0403:0x6015 ft231X          FER-RADIONA-EMARD D00091 ULX3S FPGA 85K v3.0.8\\n";
    const ICEBREAKER: &str = "001 013    0x0403:0x6010 FTDI2232        1BitSquared  ib3UKQ2N iCEBreaker V1.0e\\n";

    #[test]
    fn boards_are_programmed_and_missed() {
        let desk = Desk::new(&of_ecp5(0x4111_1043));
        let load = |target| desk.program("ulx3s-25f", target, &Choice::default());
        assert!(load(Target::Volatile).unwrap_err().is_missing_tool());
        desk.programmer("", "echo \"$@\"");
        load(Target::Flash).unwrap();
        assert_eq!(desk.log(), format!("--board ulx3s --write-flash {}\n", desk.place()));
        load(Target::Volatile).unwrap();
        assert_eq!(desk.log(), format!("--board ulx3s {}\n", desk.place()));

        // What version 0.10.0 prints where nothing is connected.
        let nothing = "echo 'unable to open ftdi device: -3 (device not found)'; echo 'JTAG init failed with: unable to open ftdi device'; exit 1";
        desk.programmer("", nothing);
        let error = load(Target::Volatile).unwrap_err();
        assert!(matches!(&error, Error::NoBoard { board, .. } if board == "ulx3s-25f"), "{error}");
        desk.programmer("", "echo 'wrong bitstream'; exit 1");
        assert!(matches!(load(Target::Volatile), Err(Error::Failed { .. })));
        let board = Board::named("ulx3s-25f").unwrap();
        let none = program(&desk.search, &board, Path::new("none"), Target::Flash, &Choice::default());
        assert!(matches!(none, Err(Error::Io { .. })));
    }

    #[test]
    fn one_of_several_boards_is_chosen() {
        let desk = Desk::new(&of_ecp5(0x4111_1043));
        let load = |choice: &Choice| desk.program("ulx3s-25f", Target::Volatile, choice);
        let open = Choice::default();
        desk.programmer(&[ULX3S, OTHER].concat(), "echo \"$@\"");
        let text = load(&open).unwrap_err().to_string();
        assert!(
            text.starts_with("2 adapters are plugged in that the ulx3s-25f may be behind: choose one with\n"),
            "{text}"
        );
        assert!(text.contains("  --busdev-num 1:12   ft231X FER-RADIONA-EMARD D00084"), "{text}");
        assert!(text.contains("  --busdev-num 3:4   ft231X FER-RADIONA-EMARD D00091"), "{text}");
        load(&Choice { place: Some([3, 4]), ..Choice::default() }).unwrap();
        assert_eq!(desk.log(), format!("--board ulx3s --busdev-num 3:4 {}\n", desk.place()));
        let serial = Choice { serial: Some("D00091".to_string()), ..Choice::default() };
        load(&serial).unwrap();
        assert_eq!(desk.log(), format!("--board ulx3s --ftdi-serial D00091 {}\n", desk.place()));
        // An adapter of another kind is no second board, and a programmer that cannot list them no fault.
        desk.programmer(&[ULX3S, ICEBREAKER].concat(), "echo \"$@\"");
        load(&open).unwrap();
        desk.programmer("", "[ \"$1\" = --scan-usb ] && echo 'unknown option' && exit 1; echo \"$@\"");
        load(&open).unwrap();
        // The chosen one is not there.
        desk.programmer(ULX3S, "echo 'unable to open ftdi device: -3 (device not found)'; exit 1");
        let text = load(&serial).unwrap_err().to_string();
        assert!(text.starts_with("the programmer found no ulx3s-25f with --serial D00091: there are\n"), "{text}");
        assert!(text.contains("--busdev-num 1:12"), "{text}");
    }

    #[test]
    fn a_bitstream_for_another_fpga_is_not_sent() {
        let desk = Desk::new(&of_ecp5(0x4111_3043));
        desk.programmer("", "echo sent; exit 1");
        let load = |board| desk.program(board, Target::Volatile, &Choice::default()).unwrap_err().to_string();
        let text = load("ulx3s-25f");
        let expected = "is for an LFE5U-85F (idcode 0x41113043), but the board ulx3s-25f has an LFE5U-25F (idcode 0x41111043): build it \
                        with `engram build --board ulx3s-25f`, or give --board orangecrab-85f or --board ulx3s-85f";
        assert!(text.ends_with(expected), "{text}");
        assert!(load("icebreaker").contains("but the board icebreaker has an iCE40 UP5K"), "{text}");
        fs::write(desk.root.path().join("bitstream.bit"), of_ice40([872, 272])).unwrap();
        assert!(load("icebreaker").contains("is for an iCE40 LP8K, but the board icebreaker has an iCE40 UP5K"));
        fs::write(desk.root.path().join("bitstream.bit"), "{}").unwrap();
        assert!(load("icebreaker").contains("is no bitstream of an ECP5 or an iCE40"));
        assert!(!desk.root.path().join(LOG).exists(), "nothing was sent");
    }

    /// Versions 0.10 to 1.1 print so where the FPGA on the board is another.
    #[test]
    fn a_board_with_another_fpga_is_named() {
        let desk = Desk::new(&of_ecp5(0x4111_1043));
        let load = |hardware: &str| {
            let does = format!(
                "echo \"mismatch between target's idcode and bitstream idcode\"; printf '\\tbitstream has 0x41111043 hardware \
                 requires {hardware}\\n'; exit 1"
            );
            desk.programmer("", &does);
            desk.program("ulx3s-25f", Target::Volatile, &Choice::default()).unwrap_err().to_string()
        };
        let text = load("0x21111043");
        assert!(
            text.contains("is for an LFE5U-25F (idcode 0x41111043), but the board ulx3s-25f has an LFE5U-12F"),
            "{text}"
        );
        assert!(text.ends_with("build and program with --board ulx3s-12f"), "{text}");
        let text = load("0x10408043");
        assert!(
            text.ends_with(
                "has an FPGA with idcode 0x10408043: if the board is right, its idcode was read wrongly: use a shorter \
                                cable, and program it again"
            ),
            "{text}"
        );
    }
}
