//! The boards that a bitstream can be built for: a folder each of `constraints/`, embedded by `build.rs` so that the binary works
//! anywhere, and a user's own, whose board.toml is read at run time. A new folder with a board.toml is a new board; boards that share
//! a file of constraints find it beside their folders.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fmt, fs};

use engram_spec::{crossbar, memnet};
use serde::{Deserialize, Serialize};

use crate::error::Error;

mod description;

include!(concat!(env!("OUT_DIR"), "/boards.rs"));

/// The family of an FPGA: decides which tools make its bitstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Lattice ECP5: nextpnr-ecp5 and ecppack, constraints in an .lpf.
    Ecp5,
    /// Lattice iCE40: nextpnr-ice40 and icepack, constraints in a .pcf.
    Ice40,
}

/// An FPGA as nextpnr names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The part's family.
    pub family: Family,
    /// The device, as in `25k` or `up5k`.
    pub device: String,
    /// The package, as in `CABGA381`.
    pub package: String,
    /// The speed grade, where the family has several.
    pub speed: Option<String>,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let family = match self.family {
            Family::Ecp5 => "ecp5",
            Family::Ice40 => "ice40",
        };
        write!(f, "{family} {} {}", self.device, self.package)?;
        self.speed.iter().try_for_each(|speed| write!(f, " speed {speed}"))
    }
}

/// The presets of one device, a size for each network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// The memory network's.
    pub memnet: memnet::Geometry,
    /// The crossbar's, where there is one.
    pub crossbar: Option<crossbar::Geometry>,
}

impl Sizes {
    /// The presets of this name.
    pub fn named(name: &str) -> Option<Sizes> {
        Some(Sizes { memnet: memnet::Geometry::named(name)?, crossbar: crossbar::Geometry::named(name) })
    }
}

/// The way in which a board takes a bitstream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Programmer {
    /// By openFPGALoader, which has this name for the board.
    OpenFpgaLoader(String),
    /// By a copy to the USB disk of this label, which the board's debugger shows.
    Disk(String),
}

/// A board.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The name on the command line, and of its folder in `constraints/`.
    pub name: String,
    /// A description for people, in a line.
    pub description: String,
    /// The board's FPGA.
    pub part: Part,
    /// The sizes of the devices that fit its FPGA.
    pub sizes: Sizes,
    /// The oscillator on the pin of the port `clock`, MHz.
    pub oscillator_mhz: f64,
    /// The frequency at which the design runs, MHz: the oscillator's, or one that a PLL makes of it.
    pub clock_mhz: f64,
    /// The serial line's rate, bits a second.
    pub baud: u32,
    /// The name of the constraints' file, ending in `.lpf` or `.pcf`.
    pub constraints_file: String,
    /// The constraints: pins of the ports of `engram_top`.
    pub constraints: String,
    /// Whether a zero lights the LEDs.
    pub led_active_low: bool,
    /// Whether the button gives a zero while it is pressed.
    pub button_active_low: bool,
    /// Pins that have a level, by the names of their ports.
    pub tied: BTreeMap<String, bool>,
    /// The way in which it takes a bitstream.
    pub programmer: Programmer,
    /// The numbers of vendor and product of its USB adapter; `None` where any adapter may be its own.
    pub adapter: Option<[u16; 2]>,
}

impl Board {
    /// The board of this name.
    pub fn named(name: &str) -> Result<Board, Error> {
        match BOARDS.iter().find(|(path, _)| folder_of(path) == name) {
            Some((path, description)) => Board::parse(path, description, |file| {
                let beside = [format!("{name}/{file}"), file.to_string()];
                let found = beside.iter().find_map(|path| CONSTRAINTS.iter().find(|(known, _)| known == path));
                found.map(|(_, text)| text.to_string())
            }),
            None => {
                Err(Error::UnknownBoard { found: name.to_string(), known: Board::names().map(String::from).collect() })
            }
        }
    }

    /// The board of a file such as board.toml, or of a folder with one. Its constraints lie in that folder, or beside it.
    pub fn read(path: &Path) -> Result<Board, Error> {
        let found = path.canonicalize().map_err(Error::io("cannot find", path))?;
        let (description, shown) = if found.is_dir() {
            (found.join("board.toml"), path.join("board.toml"))
        } else {
            (found, path.to_path_buf())
        };
        let text = fs::read_to_string(&description).map_err(Error::io("cannot read", &shown))?;
        let folder = description.parent().unwrap_or(Path::new("/"));
        Board::parse(&shown.display().to_string(), &text, |file| {
            folder.ancestors().take(2).find_map(|at| fs::read_to_string(at.join(file)).ok())
        })
    }

    /// The names of all boards.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BOARDS.iter().map(|(path, _)| folder_of(path))
    }

    /// Whether a port has a pin.
    pub fn has_pin(&self, port: &str) -> bool {
        description::has_pin(self.part.family, &self.constraints, port)
    }

    /// Clock cycles that a bit on the serial line lasts.
    pub fn cycles_per_bit(&self) -> u32 {
        (self.clock_mhz * 1e6 / f64::from(self.baud)).round() as u32
    }

    /// Notes on what is worth knowing before the board is built for, such as a preset that is too small for most models.
    pub fn notes(&self) -> Vec<String> {
        let Sizes { memnet, crossbar } = &self.sizes;
        let presets = [("memnet", Some(memnet.name)), ("crossbar", crossbar.map(|crossbar| crossbar.name))];
        let note = |(key, preset): (&str, Option<&str>)| {
            preset.filter(|preset| FOR_TESTS.contains(preset)).map(|preset| {
                format!(
                    "the board {} has the preset {preset} for {key}, which is made for tests and holds hardly any model: choose \
                     up5k, ecp5-25f or ecp5-85f for real ones",
                    self.name
                )
            })
        };
        presets.into_iter().filter_map(note).collect()
    }
}

/// The presets that are made for tests: hardly any model fits.
const FOR_TESTS: [&str; 2] = [memnet::geometry::TINY.name, crossbar::geometry::TINY_WIDE.name];

/// The folder of a board.toml, which has the board's name.
fn folder_of(path: &'static str) -> &'static str {
    path.trim_end_matches("/board.toml")
}

#[cfg(test)]
mod tests {
    use super::description::PORTS;
    use super::*;
    use crate::wrapper;

    #[test]
    fn every_board_is_described() {
        for name in Board::names() {
            let board = Board::named(name).unwrap();
            assert_eq!(f64::from(board.cycles_per_bit() * board.baud), board.clock_mhz * 1e6, "{name}: an exact rate");
            let clock = match board.part.family {
                Family::Ecp5 => format!("FREQUENCY PORT \"clock\" {:.1} MHZ;", board.oscillator_mhz),
                Family::Ice40 => format!("set_frequency clock {:.1}", board.oscillator_mhz),
            };
            assert!(board.constraints.contains(&clock), "{name}: {clock}");
            for port in PORTS.into_iter().chain(board.tied.keys().map(String::as_str)) {
                let pin = match board.part.family {
                    Family::Ecp5 => format!("LOCATE COMP \"{port}\" SITE "),
                    Family::Ice40 => format!("set_io {port} "),
                };
                assert_eq!(board.constraints.matches(&pin).count(), 1, "{name}: {port}");
            }
            // The lamps and buttons that a board has.
            let more = wrapper::OPTIONAL.map(|port| board.has_pin(port));
            let expected = match name {
                _ if name.starts_with("ulx3s") => [true; 3],
                "icebreaker" | "icesugar" => [false, true, false],
                "colorlight-i5" | "colorlight-i9" => [false; 3],
                _ => [false, true, true],
            };
            assert_eq!(more, expected, "{name}");
        }
        let [small, .., large] =
            ["ulx3s-25f", "ulx3s-12f", "ulx3s-45f", "ulx3s-85f"].map(|name| Board::named(name).unwrap());
        assert_eq!(small.constraints, large.constraints, "one printed circuit, four parts");
        assert_eq!(small.part.to_string(), "ecp5 25k CABGA381 speed 6");
    }

    #[test]
    fn an_unknown_board_is_told_the_known_ones() {
        let error = Board::named("arty").unwrap_err().to_string();
        assert_eq!(
            error,
            "there is no board \"arty\": choose one of colorlight-i5, colorlight-i9, icebreaker, icesugar, icesugar-pro, orangecrab-25f, orangecrab-85f, ulx3s-12f, ulx3s-25f, ulx3s-45f, ulx3s-85f"
        );
    }

    /// A board of one's own, as a file and as a folder, with its constraints in the folder or beside it; and a board.toml from
    /// before the crossbar had a size of its own.
    #[test]
    fn a_board_of_ones_own_is_read() {
        let (_, toml) = BOARDS.iter().find(|(path, _)| path.starts_with("icebreaker/")).unwrap();
        let (root, known) = (tempfile::tempdir().unwrap(), Board::named("icebreaker").unwrap());
        let folder = root.path().join("mine");
        fs::create_dir(&folder).unwrap();
        let mine = toml
            .replace("name = \"icebreaker\"", "name = \"mine\"")
            .replace("\ncrossbar = \"up5k\"", "\ncrossbar = \"tiny\"");
        fs::write(folder.join("board.toml"), &mine).unwrap();
        assert!(Board::read(&folder).unwrap_err().to_string().contains("neither in the board's folder nor beside it"));
        let beside = format!("# beside\n{}", known.constraints);
        fs::write(root.path().join("icebreaker.pcf"), &beside).unwrap();
        assert_eq!(Board::read(&folder).unwrap().constraints, beside);
        fs::write(folder.join("icebreaker.pcf"), &known.constraints).unwrap();
        let sizes = Sizes { memnet: memnet::geometry::UP5K, crossbar: Some(crossbar::geometry::TINY) };
        let expected = Board { name: "mine".to_string(), sizes, ..known.clone() };
        for path in [folder.clone(), folder.join("board.toml")] {
            assert_eq!(Board::read(&path).unwrap(), expected);
        }
        // A file of another name, in a folder of another name.
        fs::write(folder.join("other.toml"), &mine).unwrap();
        assert_eq!(Board::read(&folder.join("other.toml")).unwrap(), expected);
        let before = mine.replace("memnet =", "geometry =").replace("\ncrossbar = \"tiny\"", "");
        fs::write(folder.join("board.toml"), before).unwrap();
        assert_eq!(Board::read(&folder).unwrap().sizes, known.sizes);
        assert!(Board::read(&root.path().join("none")).unwrap_err().to_string().contains("cannot find"));
    }

    /// A preset for tests passes, and a note says what it is.
    #[test]
    fn a_preset_for_tests_is_noted() {
        let (path, good) = BOARDS.iter().find(|(path, _)| path.starts_with("icebreaker/")).unwrap();
        let pins = Board::named("icebreaker").unwrap().constraints;
        let toml = good.replace("crossbar = \"up5k\"", "crossbar = \"tiny-wide\"");
        let notes = Board::parse(path, &toml, |_| Some(pins)).unwrap().notes();
        assert_eq!(notes.len(), 1);
        assert!(
            notes[0].starts_with("the board icebreaker has the preset tiny-wide for crossbar, which is made for tests")
        );
        assert!(Board::names().all(|name| Board::named(name).unwrap().notes().is_empty()));
    }
}
