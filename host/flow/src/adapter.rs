//! USB adapters that a board may be behind, as openFPGALoader lists them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::time::Duration;

use engram_files::Work;

use crate::board::Board;
use crate::error::Error;
use crate::tool::Tool;

/// A USB adapter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// The bus, and the device on it, as `--busdev-num` takes them.
    pub place: [u32; 2],
    /// The numbers of vendor and product.
    pub id: [u16; 2],
    /// Kind, manufacturer, serial number and product, as the adapter says them.
    pub description: String,
}

impl fmt::Display for Adapter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Adapter { place: [bus, device], description, .. } = self;
        write!(f, "--busdev-num {bus}:{device}   {description}")
    }
}

/// The numbers of vendor and product in a text such as `0403:6015`.
pub fn id(text: &str) -> Option<[u16; 2]> {
    let (vendor, product) = text.split_once(':')?;
    let number = |text: &str| u16::from_str_radix(text.trim_start_matches("0x"), 16).ok();
    Some([number(vendor)?, number(product)?])
}

const LIMIT: Duration = Duration::from_secs(20);

/// The adapters that are plugged in. Versions of openFPGALoader that cannot list them give none.
pub fn scan(loader: &Tool) -> Result<Vec<Adapter>, Error> {
    let work = Work::temporary().map_err(Error::io("cannot create a folder in", &std::env::temp_dir()))?;
    let log = "scan.log";
    match loader.run(["--scan-usb"], work.path(), log, LIMIT) {
        Ok(()) => {}
        Err(Error::Failed { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    }
    let text = fs::read(work.path().join(log)).map_err(Error::io("cannot read", work.path()))?;
    Ok(String::from_utf8_lossy(&text).lines().filter_map(listed).collect())
}

/// The adapter of a line: bus, device, vendor and product, then the description.
fn listed(line: &str) -> Option<Adapter> {
    // Colours of a terminal stand before and behind the words.
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_string();
    let line = parts.fold(first, |line, part| line + part.split_once('m').map_or(part, |(_, text)| text));
    let mut words = line.split_whitespace();
    let place = [words.next()?.parse().ok()?, words.next()?.parse().ok()?];
    let id = id(words.next()?)?;
    Some(Adapter { place, id, description: words.collect::<Vec<&str>>().join(" ") })
}

/// The rules by which Linux' udev gives everyone who sits at the machine the USB adapters of some boards, and their serial ports a
/// latency of 1 ms, as a file of /etc/udev/rules.d.
pub fn udev_rules(boards: &[Board]) -> String {
    let mut adapters: BTreeMap<[u16; 2], Vec<&str>> = BTreeMap::new();
    for board in boards {
        if let Some(adapter) = board.adapter {
            adapters.entry(adapter).or_default().push(&board.name);
        }
    }
    let rule = |(&[vendor, product], names): (&[u16; 2], &Vec<&str>)| {
        format!(
            "# {}\nSUBSYSTEM==\"usb\", ATTR{{idVendor}}==\"{vendor:04x}\", ATTR{{idProduct}}==\"{product:04x}\", MODE=\"0660\", \
             TAG+=\"uaccess\"\nSUBSYSTEM==\"tty\", ATTRS{{idVendor}}==\"{vendor:04x}\", ATTRS{{idProduct}}==\"{product:04x}\", \
             MODE=\"0660\", TAG+=\"uaccess\"\n",
            names.join(", ")
        )
    };
    let rules: String = adapters.iter().map(rule).collect();
    format!("{rules}# FTDI adapters hand bytes on after 1 ms, not 16.\nACTION==\"add\", SUBSYSTEM==\"usb-serial\", DRIVER==\"ftdi_sio\", ATTR{{latency_timer}}=\"1\"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list that version 0.12 prints.
    #[test]
    fn adapters_are_read_from_the_list() {
        let text = "found 5 USB device\n\
                    Bus device vid:pid       probe type      manufacturer serial               product\n\
                    \u{1b}[0m001 012    0x0403:0x6015 ft231X          FER-RADIONA-EMARD D00084               ULX3S FPGA 25K v3.0.8\u{1b}[0m\n\
                    001 013    0x0403:0x6010 FTDI2232        1BitSquared  ib3UKQ2N             iCEBreaker V1.0e\n";
        let adapters: Vec<Adapter> = text.lines().filter_map(listed).collect();
        let places: Vec<[u32; 2]> = adapters.iter().map(|adapter| adapter.place).collect();
        assert_eq!((places, adapters[0].id), (vec![[1, 12], [1, 13]], [0x0403, 0x6015]));
        let shown = adapters[0].to_string();
        assert_eq!(shown, "--busdev-num 1:12   ft231X FER-RADIONA-EMARD D00084 ULX3S FPGA 25K v3.0.8");
        assert_eq!((id("0403:6010"), id("0403"), id("0403:xyz")), (Some([0x403, 0x6010]), None, None));
    }
}
