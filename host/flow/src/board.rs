//! The boards that a bitstream can be built for: a folder each of `constraints/`, embedded by `build.rs` so that the binary works
//! anywhere, and a user's own, whose board.toml is read at run time. A new folder with a board.toml is a new board; boards that share
//! a file of constraints find it beside their folders.

use std::path::Path;
use std::{fmt, fs};

use engram_spec::{crossbar, memnet};
use serde::{Deserialize, Serialize};

use crate::error::Error;

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

/// The content of `board.toml`, without the constraints themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    name: String,
    description: String,
    // Files of before there were two networks say `geometry`, and have the same size for both.
    #[serde(alias = "geometry")]
    memnet: String,
    crossbar: Option<String>,
    oscillator_mhz: f64,
    clock_mhz: f64,
    baud: u32,
    constraints: String,
    programmer: String,
    part: Part,
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
    /// The frequency at which the design runs, MHz. Equal to the oscillator's: no board needs a PLL.
    pub clock_mhz: f64,
    /// The serial line's rate, bits a second.
    pub baud: u32,
    /// The name of the constraints' file, ending in `.lpf` or `.pcf`.
    pub constraints_file: String,
    /// The constraints: pins of the ports of `engram_top`.
    pub constraints: String,
    /// The name that openFPGALoader has for it.
    pub programmer: String,
}

impl Board {
    /// The board of this name.
    pub fn named(name: &str) -> Result<Board, Error> {
        match BOARDS.iter().find(|(path, _)| folder_of(path) == name) {
            Some((_, description)) => Board::parse(name, description, |file| {
                let beside = [format!("{name}/{file}"), file.to_string()];
                let found = beside.iter().find_map(|path| CONSTRAINTS.iter().find(|(known, _)| known == path));
                found.map(|(_, text)| text.to_string())
            }),
            None => {
                Err(Error::UnknownBoard { found: name.to_string(), known: Board::names().map(String::from).collect() })
            }
        }
    }

    /// The board of a board.toml, or of a folder with one. Its constraints lie in that folder, or beside it.
    pub fn read(path: &Path) -> Result<Board, Error> {
        let path = path.canonicalize().map_err(Error::io("cannot find", path))?;
        let description = if path.is_dir() { path.join("board.toml") } else { path };
        let text = fs::read_to_string(&description).map_err(Error::io("cannot read", &description))?;
        let folder = description.parent().unwrap_or(Path::new("/"));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Board::parse(&name, &text, |file| {
            folder.ancestors().take(2).find_map(|at| fs::read_to_string(at.join(file)).ok())
        })
    }

    /// The names of all boards.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BOARDS.iter().map(|(path, _)| folder_of(path))
    }

    /// Clock cycles that a bit on the serial line lasts.
    pub fn cycles_per_bit(&self) -> u32 {
        (self.clock_mhz * 1e6 / f64::from(self.baud)).round() as u32
    }

    /// A board of a description: the text of a board.toml in the folder `folder`. `constraints` gives the text of the file of
    /// constraints that it names.
    pub fn parse(
        folder: &str,
        description: &str,
        constraints: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Board, Error> {
        let wrong = |reason: String| Error::Board { board: folder.to_string(), reason };
        let found: Description = toml::from_str(description).map_err(|error| wrong(error.to_string()))?;
        if found.name != folder {
            return Err(wrong(format!("the name is {:?}, but must be the folder's", found.name)));
        }
        let no_preset = |key: &str, name: &str| {
            wrong(format!("{key} {name:?} is not a preset: choose one such as up5k or ecp5-25f"))
        };
        let mut sizes = Sizes::named(&found.memnet).ok_or_else(|| no_preset("memnet", &found.memnet))?;
        if let Some(name) = &found.crossbar {
            sizes.crossbar = Some(crossbar::Geometry::named(name).ok_or_else(|| no_preset("crossbar", name))?);
        }
        let ending = match found.part.family {
            Family::Ecp5 => ".lpf",
            Family::Ice40 => ".pcf",
        };
        if !found.constraints.ends_with(ending) || found.constraints.contains(['/', '\\']) {
            return Err(wrong(format!(
                "the file of constraints is {:?}, but its name must end in {ending} and have no folder",
                found.constraints
            )));
        }
        let constraints = constraints(&found.constraints).ok_or_else(|| {
            wrong(format!(
                "the file of constraints {:?} is neither in the board's folder nor beside it",
                found.constraints
            ))
        })?;
        if found.part.family == Family::Ecp5 && found.part.speed.is_none() {
            return Err(wrong("the part has no speed grade: give an ecp5 speed 6, 7 or 8".to_string()));
        }
        let board = Board {
            name: found.name,
            description: found.description,
            part: found.part,
            sizes,
            oscillator_mhz: found.oscillator_mhz,
            clock_mhz: found.clock_mhz,
            baud: found.baud,
            constraints_file: found.constraints,
            constraints,
            programmer: found.programmer,
        };
        if board.clock_mhz != board.oscillator_mhz {
            return Err(wrong(format!("the clock is {} MHz, but must be the oscillator's frequency", board.clock_mhz)));
        }
        // A receiver samples the middle of the tenth bit: beyond 2% of error, both sides' together, it may miss it.
        let exact = board.clock_mhz * 1e6 / f64::from(board.baud);
        if !((4.0..255.5).contains(&exact) && (f64::from(board.cycles_per_bit()) / exact - 1.0).abs() < 0.01) {
            return Err(wrong(format!(
                "a bit of {} baud lasts {exact:.2} clock cycles, but must last a whole number from 4 to 255: choose another baud",
                board.baud
            )));
        }
        Ok(board)
    }
}

/// The folder of a board.toml, which has the board's name.
fn folder_of(path: &'static str) -> &'static str {
    path.trim_end_matches("/board.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_board_is_described() {
        for name in Board::names() {
            let board = Board::named(name).unwrap();
            assert_eq!(f64::from(board.cycles_per_bit() * board.baud), board.clock_mhz * 1e6, "{name}: an exact rate");
            let clock = match board.part.family {
                Family::Ecp5 => format!("FREQUENCY PORT \"clock\" {:.1} MHZ;", board.clock_mhz),
                Family::Ice40 => format!("set_frequency clock {:.1}", board.clock_mhz),
            };
            assert!(board.constraints.contains(&clock), "{name}: {clock}");
            for port in ["clock", "uart_rx", "uart_tx", "led"] {
                let pin = match board.part.family {
                    Family::Ecp5 => format!("LOCATE COMP \"{port}\" SITE "),
                    Family::Ice40 => format!("set_io {port} "),
                };
                assert_eq!(board.constraints.matches(&pin).count(), 1, "{name}: {port}");
            }
        }
        let [small, large] = ["ulx3s-25f", "ulx3s-85f"].map(|name| Board::named(name).unwrap());
        assert_eq!(small.constraints, large.constraints, "one printed circuit, two parts");
        assert_eq!(small.part.to_string(), "ecp5 25k CABGA381 speed 6");
    }

    #[test]
    fn an_unknown_board_is_told_the_known_ones() {
        let error = Board::named("arty").unwrap_err().to_string();
        assert_eq!(error, "there is no board \"arty\": choose one of icebreaker, ulx3s-25f, ulx3s-85f");
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
        fs::write(root.path().join("icebreaker.pcf"), "beside").unwrap();
        assert_eq!(Board::read(&folder).unwrap().constraints, "beside");
        fs::write(folder.join("icebreaker.pcf"), &known.constraints).unwrap();
        let sizes = Sizes { memnet: memnet::geometry::UP5K, crossbar: Some(crossbar::geometry::TINY) };
        let expected = Board { name: "mine".to_string(), sizes, ..known.clone() };
        for path in [folder.clone(), folder.join("board.toml")] {
            assert_eq!(Board::read(&path).unwrap(), expected);
        }
        let before = mine.replace("memnet =", "geometry =").replace("\ncrossbar = \"tiny\"", "");
        fs::write(folder.join("board.toml"), before).unwrap();
        assert_eq!(Board::read(&folder).unwrap().sizes, known.sizes);
        assert!(Board::read(&root.path().join("none")).unwrap_err().to_string().contains("cannot find"));
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let (_, good) = BOARDS.iter().find(|(path, _)| path.starts_with("icebreaker/")).unwrap();
        let refused = |from: &str, to: &str| {
            assert!(good.contains(from));
            let known = |file: &str| (file == "icebreaker.pcf").then(String::new);
            Board::parse("icebreaker", &good.replace(from, to), known).unwrap_err().to_string()
        };
        assert!(refused("icebreaker.pcf", "other.pcf").contains("neither in the board's folder nor beside it"));
        assert!(refused("baud = 1_000_000", "baud = 5_000_000").contains("lasts 2.40 clock cycles"));
        assert!(refused("baud = 1_000_000", "baud = 0").contains("a bit of 0 baud"));
        assert!(refused("memnet = \"up5k\"", "memnet = \"up6k\"").contains("memnet \"up6k\" is not a preset"));
        assert!(refused("crossbar = \"up5k\"", "crossbar = \"up6k\"").contains("crossbar \"up6k\" is not a preset"));
        assert!(refused("icebreaker.pcf", "icebreaker.lpf").contains("must end in .pcf"));
        assert!(refused("clock_mhz = 12.0", "clock_mhz = 48.0").contains("the oscillator's"));
        assert!(refused("package", "packing").contains("packing"));
    }
}
