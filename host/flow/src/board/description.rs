//! A board's description: its board.toml read, and checked by line and column.

use std::collections::BTreeMap;
use std::ops::Range;

use engram_spec::{crossbar, memnet};
use serde::Deserialize;
use toml::Spanned;

use super::{Board, Family, Part, Programmer, Sizes};
use crate::adapter;
use crate::error::Error;
use crate::wrapper::Divisors;

/// The content of `board.toml`, without the constraints themselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    name: Spanned<String>,
    description: String,
    // Files of before there were two networks say `geometry`, and have the same size for both.
    #[serde(alias = "geometry")]
    memnet: Spanned<String>,
    crossbar: Option<Spanned<String>>,
    oscillator_mhz: Spanned<f64>,
    clock_mhz: Spanned<f64>,
    baud: Spanned<u32>,
    constraints: Spanned<String>,
    programmer: Option<String>,
    disk: Option<Spanned<String>>,
    adapter: Option<Spanned<String>>,
    #[serde(default)]
    led_active_low: bool,
    #[serde(default)]
    button_active_low: bool,
    tied: Option<Spanned<BTreeMap<String, u8>>>,
    part: Spanned<Part>,
}

/// A description with the file that it comes from, to say where it is wrong.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// The error of a reason, and of the place in the file that it is about.
    fn wrong(&self, span: Range<usize>, reason: impl Into<String>) -> Error {
        let before = &self.text[..span.start.min(self.text.len())];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Error::Board { file: self.file.to_string(), line, column, reason: reason.into() }
    }

    fn read(&self) -> Result<Description, Error> {
        toml::from_str(self.text).map_err(|error| {
            let span = error.span().unwrap_or(self.text.len()..self.text.len());
            let remedy = if error.message().starts_with("missing field") {
                ": add it; docs/howto/board.md says what each key means"
            } else {
                ""
            };
            self.wrong(span, format!("{}{remedy}", error.message().trim_end()))
        })
    }
}

impl Board {
    /// A board of a description: the text of a board.toml, `file` in messages. `constraints` gives the text of the file of
    /// constraints that it names. An error says the line and the column.
    pub fn parse(
        file: &str,
        description: &str,
        constraints: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Board, Error> {
        let source = Source { file, text: description };
        let found = source.read()?;
        let sizes = sizes(&source, &found)?;
        let part = found.part.get_ref();
        let ending = match part.family {
            Family::Ecp5 => ".lpf",
            Family::Ice40 => ".pcf",
        };
        let named = found.constraints.get_ref();
        if !named.ends_with(ending) || named.contains(['/', '\\']) {
            let text =
                format!("the file of constraints is {named:?}, but its name must end in {ending} and have no folder");
            return Err(source.wrong(found.constraints.span(), text));
        }
        let pins = constraints(named).ok_or_else(|| {
            let text = format!(
                "the file of constraints {named:?} is neither in the board's folder nor beside it: write it there"
            );
            source.wrong(found.constraints.span(), text)
        })?;
        let tied = found.tied.as_ref().map(Spanned::get_ref).into_iter().flatten();
        let tied: BTreeMap<String, u8> = tied.map(|(port, level)| (port.clone(), *level)).collect();
        if let (Some((port, level)), Some(table)) = (tied.iter().find(|(_, level)| **level > 1), &found.tied) {
            let text = format!("the pin {port} is tied to {level}, but must be tied to 0 or 1");
            return Err(source.wrong(table.span(), text));
        }
        if let Some(port) =
            PORTS.into_iter().chain(tied.keys().map(String::as_str)).find(|port| !has_pin(part.family, &pins, port))
        {
            let example = match part.family {
                Family::Ecp5 => format!("LOCATE COMP \"{port}\" SITE \"..\";"),
                Family::Ice40 => format!("set_io {port} .."),
            };
            let text = format!("{named:?} has no pin for the port {port}: add the line `{example}`");
            return Err(source.wrong(found.constraints.span(), text));
        }
        if part.family == Family::Ecp5 && part.speed.is_none() {
            return Err(source.wrong(found.part.span(), "the part has no speed grade: add `speed = \"6\"`, or 7 or 8"));
        }
        if found.name.get_ref().is_empty() {
            return Err(source.wrong(found.name.span(), "the name is empty: give the board one"));
        }
        let adapter = found.adapter.as_ref().map(|text| {
            let wrong =
                || format!("the adapter is {:?}, but must be vendor and product such as \"0403:6015\"", text.get_ref());
            adapter::id(text.get_ref()).ok_or_else(|| source.wrong(text.span(), wrong()))
        });
        let programmer = match (found.programmer, &found.disk) {
            (Some(name), None) => Programmer::OpenFpgaLoader(name),
            (None, Some(label)) => Programmer::Disk(label.get_ref().clone()),
            (None, None) => {
                let text = "the board has no way to take a bitstream: add `programmer = \"..\"`, its name in openFPGALoader, or \
                            `disk = \"..\"`, the label of the USB disk that takes one";
                return Err(source.wrong(found.name.span(), text));
            }
            (Some(_), Some(label)) => {
                return Err(source.wrong(label.span(), "the board has a programmer and a disk: leave one of them out"));
            }
        };
        let board = Board {
            name: found.name.get_ref().clone(),
            description: found.description,
            part: part.clone(),
            sizes,
            oscillator_mhz: *found.oscillator_mhz.get_ref(),
            clock_mhz: *found.clock_mhz.get_ref(),
            baud: *found.baud.get_ref(),
            constraints_file: named.clone(),
            constraints: pins,
            led_active_low: found.led_active_low,
            button_active_low: found.button_active_low,
            tied: tied.iter().map(|(port, level)| (port.clone(), *level == 1)).collect(),
            programmer,
            adapter: adapter.transpose()?,
        };
        let (clock, oscillator) = (board.clock_mhz, board.oscillator_mhz);
        if clock != oscillator && Divisors::of(board.part.family, oscillator, clock).is_none() {
            let text = format!(
                "the clock is {clock} MHz, but must be the oscillator's frequency, or one that a PLL makes of it exactly: write \
                 {oscillator:?}, or a simple multiple"
            );
            return Err(source.wrong(found.clock_mhz.span(), text));
        }
        // A receiver samples the middle of the tenth bit: beyond 2% of error, both sides' together, it may miss it.
        let exact = board.clock_mhz * 1e6 / f64::from(board.baud);
        if !((4.0..255.5).contains(&exact) && (f64::from(board.cycles_per_bit()) / exact - 1.0).abs() < 0.01) {
            let text = format!(
                "a bit of {} baud lasts {exact:.2} clock cycles, but must last a whole number from 4 to 255: choose another baud",
                board.baud
            );
            return Err(source.wrong(found.baud.span(), text));
        }
        Ok(board)
    }
}

/// The presets that a description names.
fn sizes(source: &Source<'_>, found: &Description) -> Result<Sizes, Error> {
    let no_preset = |key: &str, name: &Spanned<String>, known: Vec<&str>| {
        let text = format!("{key} {:?} is not a preset: choose one of {}", name.get_ref(), known.join(", "));
        source.wrong(name.span(), text)
    };
    let known = || memnet::geometry::PRESETS.iter().map(|preset| preset.name).collect();
    let mut sizes = Sizes::named(found.memnet.get_ref()).ok_or_else(|| no_preset("memnet", &found.memnet, known()))?;
    if let Some(name) = &found.crossbar {
        let known = || crossbar::geometry::PRESETS.iter().map(|preset| preset.name).collect();
        let named = crossbar::Geometry::named(name.get_ref());
        sizes.crossbar = Some(named.ok_or_else(|| no_preset("crossbar", name, known()))?);
    }
    Ok(sizes)
}

/// The ports of `engram_top`.
pub(super) const PORTS: [&str; 4] = ["clock", "uart_rx", "uart_tx", "led"];

/// Whether a file of constraints gives a port a pin.
pub(super) fn has_pin(family: Family, constraints: &str, port: &str) -> bool {
    let line = |line: &str| match family {
        Family::Ecp5 => {
            let line = line.split(['#', ';']).next().unwrap_or_default().to_uppercase();
            let words: Vec<&str> = line.split_whitespace().collect();
            words.starts_with(&["LOCATE", "COMP"])
                && words.get(2).is_some_and(|name| name.trim_matches('"') == port.to_uppercase())
        }
        Family::Ice40 => {
            let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
            words.next() == Some("set_io") && words.any(|word| word == port)
        }
    };
    constraints.lines().any(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::{BOARDS, folder_of};

    /// A wrong description of the icebreaker: the error's text.
    fn refused(from: &str, to: &str) -> String {
        let (path, good) = BOARDS.iter().find(|(path, _)| path.starts_with("icebreaker/")).unwrap();
        assert!(good.contains(from));
        let pins = Board::named("icebreaker").unwrap().constraints;
        let known = |file: &str| (file == "icebreaker.pcf").then_some(pins);
        Board::parse(path, &good.replace(from, to), known).unwrap_err().to_string()
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        assert!(refused("icebreaker.pcf", "other.pcf").contains("neither in the board's folder nor beside it"));
        assert!(refused("baud = 3_000_000", "baud = 6_000_000").contains("lasts 3.00 clock cycles"));
        assert!(refused("baud = 3_000_000", "baud = 0").contains("a bit of 0 baud"));
        assert!(refused("icebreaker.pcf", "icebreaker.lpf").contains("must end in .pcf"));
        assert!(refused("clock_mhz = 18.0", "clock_mhz = 13.7").contains("a PLL makes of it exactly: write 12.0"));
        assert!(refused("0403:6010", "FTDI").contains("must be vendor and product such as \"0403:6015\""));
        assert!(refused("programmer =", "disk = \"iCELink\"\nprogrammer =").contains("a programmer and a disk"));
        assert!(refused("programmer = \"ice40_generic\"", "").contains("no way to take a bitstream"));
        assert!(refused("name = \"icebreaker\"", "name = \"\"").contains("the name is empty"));
    }

    /// An error says the file, the line, the column and what to write.
    #[test]
    fn wrong_descriptions_are_pointed_at() {
        let preset = refused("memnet = \"up5k\"", "memnet = \"up6k\"");
        assert_eq!(
            preset,
            "icebreaker/board.toml, line 5, column 10: memnet \"up6k\" is not a preset: choose one of up5k, ecp5-25f, ecp5-85f, tiny"
        );
        let crossbar = refused("crossbar = \"up5k\"", "crossbar = \"up6k\"");
        assert!(
            crossbar.starts_with("icebreaker/board.toml, line 6, column 12: crossbar \"up6k\" is not a preset"),
            "{crossbar}"
        );
        let unknown = refused("package", "packing");
        assert!(unknown.contains("line 21, column 1: unknown field `packing`, expected one of"), "{unknown}");
        let missing = refused("baud = 3_000_000", "");
        assert!(missing.contains("missing field `baud`: add it; docs/howto/board.md"), "{missing}");
        let torn = refused("baud = 3_000_000", "baud = ");
        assert!(torn.contains("icebreaker/board.toml, line 11, column 8"), "{torn}");
        let kind = refused("baud = 3_000_000", "baud = \"fast\"");
        assert!(kind.contains("line 11, column 8: invalid type: string \"fast\", expected u32"), "{kind}");
    }

    #[test]
    fn a_port_without_a_pin_is_missed() {
        let text = |name: &str, from: &str, to: &str| {
            let board = Board::named(name).unwrap();
            let (path, toml) = BOARDS.iter().find(|(path, _)| folder_of(path) == name).unwrap();
            assert!(board.constraints.contains(from));
            Board::parse(path, toml, |_| Some(board.constraints.replace(from, to))).unwrap_err().to_string()
        };
        let pins = text("icebreaker", "set_io uart_tx 9", "# set_io uart_tx 9");
        assert!(
            pins.ends_with("\"icebreaker.pcf\" has no pin for the port uart_tx: add the line `set_io uart_tx ..`"),
            "{pins}"
        );
        let pins = text("ulx3s-12f", "LOCATE COMP \"led\"", "LOCATE COMP \"lamp\"");
        assert!(
            pins.ends_with("has no pin for the port led: add the line `LOCATE COMP \"led\" SITE \"..\";`"),
            "{pins}"
        );
    }
}
