//! The bitstreams of all boards, as `testbench/boards.json` keeps their figures: with a fingerprint of what they were made of, so
//! that a page says which of them are of an earlier design.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, io};

use engram_flow::board::Family;
use engram_flow::nextpnr::Use;
use engram_flow::{Board, BuildReport};
use engram_hdl::emit::Design;
use engram_spec::crossbar::Crossbar;
use engram_spec::memnet::{Addressing, Memnet};
use serde::{Deserialize, Serialize};

use crate::board_verilog;
use crate::resources::hash;

/// The networks by name.
pub const NETWORKS: [&str; 2] = ["memnet", "crossbar"];

/// The design of a network on a board: what `engram build` makes without options; `None` where the board has no such network.
pub fn design(board: &Board, network: &str) -> Option<Design> {
    let cycles_per_bit = board.cycles_per_bit();
    match network {
        "memnet" => Some(board_verilog::<Memnet>(&board.sizes.memnet, Addressing::Min.into(), cycles_per_bit, None)),
        _ => Some(board_verilog::<Crossbar>(board.sizes.crossbar.as_ref()?, None, cycles_per_bit, None)),
    }
}

/// The hash of all that decides what becomes of a design on a board, but for the tools.
pub fn fingerprint(board: &Board, design: &Design) -> String {
    let Board { part, constraints, oscillator_mhz, clock_mhz, .. } = board;
    hash([&format!("{part} {oscillator_mhz} {clock_mhz} {constraints}"), &design.verilog])
}

/// The figures of a bitstream.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Built {
    /// The [`fingerprint`] of the design and the board.
    pub fingerprint: String,
    /// The part.
    pub part: String,
    /// The frequency at which the design runs, MHz.
    pub clock_mhz: f64,
    /// The frequency that timing has to reach, MHz.
    pub needed_mhz: f64,
    /// The highest frequency of each seed, MHz.
    pub seeds: BTreeMap<u64, f64>,
    /// The median of them, MHz.
    pub median_mhz: f64,
    /// The largest of them, MHz.
    pub best_mhz: f64,
    /// Cells of the part by type.
    pub utilization: BTreeMap<String, Use>,
    /// The version of each tool.
    pub tools: BTreeMap<String, String>,
}

impl Built {
    /// The figures of a build's report.
    pub fn of(fingerprint: String, report: &BuildReport) -> Built {
        let BuildReport { part, clock_mhz, needed_mhz, seeds, median_fmax_mhz, fmax_mhz, utilization, tools, .. } =
            report.clone();
        let utilization = utilization.into_iter().filter(|(_, cells)| cells.used > 0).collect();
        let (median_mhz, best_mhz) = (median_fmax_mhz, fmax_mhz);
        Built { fingerprint, part, clock_mhz, needed_mhz, seeds, median_mhz, best_mhz, utilization, tools }
    }
}

/// The figures of all bitstreams that were made.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Boards(BTreeMap<String, BTreeMap<String, Built>>);

impl Boards {
    /// The figures as they were when this crate was compiled.
    pub fn kept() -> &'static Boards {
        static KEPT: LazyLock<Boards> =
            LazyLock::new(|| serde_json::from_str(include_str!("../boards.json")).expect("boards.json is JSON"));
        &KEPT
    }

    /// The figures of a network on a board, of whatever design; `None` where its bitstream was not built.
    pub fn of(&self, board: &str, network: &str) -> Option<&Built> {
        self.0.get(board)?.get(network)
    }

    /// The figures of a network on a board, where its bitstream was built of today's design.
    pub fn fresh(&self, board: &Board, network: &str) -> Option<&Built> {
        let built = self.of(&board.name, network)?;
        let is_fresh = design(board, network).is_some_and(|design| fingerprint(board, &design) == built.fingerprint);
        is_fresh.then_some(built)
    }

    /// The file of the figures.
    pub fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("boards.json")
    }

    /// Reads the file; without one there are no figures.
    pub fn read() -> io::Result<Boards> {
        match fs::read_to_string(Boards::path()) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Boards::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes the file.
    pub fn write(&self) -> io::Result<()> {
        fs::write(Boards::path(), serde_json::to_string_pretty(self)? + "\n")
    }

    /// Adds the figures of a network on a board, or takes them in the place of earlier ones.
    pub fn set(&mut self, board: &str, network: &str, built: Built) {
        self.0.entry(board.to_string()).or_default().insert(network.to_string(), built);
    }

    /// The table of a network, a row for each board whose bitstream was built.
    pub fn table(&self, network: &str) -> String {
        let titles = "board | clock, MHz | needed | median of seeds | best | logic | block memories | multipliers |";
        let mut table = format!("\n| {titles}\n|---|--:|--:|--:|--:|--:|--:|--:|\n");
        for name in Board::names() {
            let Ok(board) = Board::named(name) else { continue };
            let Some(built) = self.of(name, network) else { continue };
            let earlier = if self.fresh(&board, network).is_some() { "" } else { ", of an earlier design" };
            let Built { clock_mhz, needed_mhz, seeds, median_mhz, best_mhz, .. } = built;
            let [logic, memories, multipliers] = cells(board.part.family).map(|cell| used(built, cell));
            table += &format!(
                "| `{name}`{earlier} | {clock_mhz} | {needed_mhz:.1} | {median_mhz:.1} of {} | {best_mhz:.1} | {logic} | {memories} | {multipliers} |\n",
                seeds.len()
            );
        }
        table
    }
}

/// The names that nextpnr has for a family's logic, block memories and multipliers.
const fn cells(family: Family) -> [&'static str; 3] {
    match family {
        Family::Ecp5 => ["TRELLIS_COMB", "DP16KD", "MULT18X18D"],
        Family::Ice40 => ["ICESTORM_LC", "ICESTORM_RAM", "ICESTORM_DSP"],
    }
}

/// The cells in use of those that there are.
fn used(built: &Built, cell: &str) -> String {
    built.utilization.get(cell).map_or("0".to_string(), |Use { used, available }| format!("{used} of {available}"))
}
