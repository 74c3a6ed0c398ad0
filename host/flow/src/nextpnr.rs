//! nextpnr: from a netlist to a configuration of the part, and its report of what that uses and how fast it is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::board::{Board, Family};
use crate::error::Error;
use crate::tool::{self, Kind, Tool};
use crate::{wrapper, yosys};

const LIMIT: Duration = Duration::from_secs(3600);

/// The file name of nextpnr's report.
pub const REPORT: &str = "report.json";
/// The log's file name.
pub const LOG: &str = "nextpnr.log";

/// The build of nextpnr for a family.
pub const fn router(family: Family) -> Kind {
    match family {
        Family::Ecp5 => tool::NEXTPNR_ECP5,
        Family::Ice40 => tool::NEXTPNR_ICE40,
    }
}

/// The configuration's file name.
pub const fn configuration(family: Family) -> &'static str {
    match family {
        Family::Ecp5 => "configuration.config",
        Family::Ice40 => "configuration.asc",
    }
}

/// The arguments that place and route [`yosys::NETLIST`] for a board, for a clock of `needed_mhz`, unless the file
/// of pins says how fast the oscillator is: then nextpnr derives the clock itself. Its result is the same either way. The same seed gives the same configuration. Timing that
/// is not met is not an error here: the report says it.
pub fn arguments(board: &Board, needed_mhz: f64, seed: u64) -> Vec<String> {
    let part = &board.part;
    let (constraints, output) = match part.family {
        Family::Ecp5 => ("--lpf", "--textcfg"),
        Family::Ice40 => ("--pcf", "--asc"),
    };
    let mut arguments = vec![format!("--{}", part.device)];
    let mut add = |option: &str, value: &str| arguments.extend([option.to_string(), value.to_string()]);
    add("--package", &part.package);
    part.speed.iter().for_each(|speed| add("--speed", speed));
    add("--json", yosys::NETLIST);
    add(constraints, &board.constraints_file);
    add(output, configuration(part.family));
    add("--report", REPORT);
    add("--freq", &format!("{needed_mhz:.3}"));
    add("--seed", &seed.to_string());
    arguments.push("--timing-allow-fail".to_string());
    arguments
}

/// Places and routes the netlist in `folder`, where the board's constraints lie too.
pub fn place_and_route(
    nextpnr: &Tool,
    folder: &Path,
    board: &Board,
    top: &str,
    needed_mhz: f64,
    seed: u64,
) -> Result<PlacedDesign, Error> {
    nextpnr.make(configuration(board.part.family), arguments(board, needed_mhz, seed), folder, LOG, LIMIT)?;
    let path = folder.join(REPORT);
    PlacedDesign::parse(&fs::read_to_string(&path).map_err(Error::io("cannot read", &path))?, top)
}

/// Cells of one type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// In the design.
    pub used: u64,
    /// On the part.
    pub available: u64,
}

/// The part of a path that lies in one block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The block: the names of the instances that lead to it, with dots between them, or the top module's name. A net that
    /// crosses a block's border may be counted on either side.
    pub block: String,
    /// Cells passed.
    pub cells: usize,
    /// Delay in these cells, ns.
    pub logic_ns: f64,
    /// Delay on the wires from these cells, ns.
    pub routing_ns: f64,
}

/// A placed and routed design, as nextpnr reports it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedDesign {
    /// The highest clock frequency of the slowest clock, MHz.
    pub fmax_mhz: f64,
    /// Cells by type.
    pub utilization: BTreeMap<String, Use>,
    /// The slowest path from one register to the next under that clock, from block to block.
    pub worst_path: Vec<Segment>,
}

#[derive(Deserialize)]
struct Raw {
    critical_paths: Vec<RawPath>,
    fmax: BTreeMap<String, RawFmax>,
    utilization: BTreeMap<String, Use>,
}

#[derive(Deserialize)]
struct RawFmax {
    achieved: f64,
}

#[derive(Deserialize)]
struct RawPath {
    from: String,
    to: String,
    path: Vec<RawStep>,
}

#[derive(Deserialize)]
struct RawStep {
    delay: f64,
    from: RawPlace,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct RawPlace {
    cell: String,
}

impl PlacedDesign {
    /// Reads nextpnr's `--report`; `top` names the block of cells that lie in no other.
    pub fn parse(json: &str, top: &str) -> Result<PlacedDesign, Error> {
        let wrong = |reason| Error::Report { tool: "nextpnr", reason };
        let raw: Raw = serde_json::from_str(json).map_err(|error| wrong(format!("--report: {error}")))?;
        let slowest = raw.fmax.iter().min_by(|a, b| a.1.achieved.total_cmp(&b.1.achieved));
        let (clock, fmax) =
            slowest.ok_or_else(|| wrong("it lists no clock: does the design have registers?".to_string()))?;
        let delay = |path: &RawPath| path.path.iter().map(|step| step.delay).sum::<f64>();
        let inside = |end: &str| end.split_once(' ').is_some_and(|(_, name)| name == clock);
        let paths = raw.critical_paths.iter().filter(|path| inside(&path.from) && inside(&path.to));
        let worst = paths.max_by(|a, b| delay(a).total_cmp(&delay(b)));
        let worst_path = worst.map_or_else(Vec::new, |path| segments(&path.path, top));
        Ok(PlacedDesign { fmax_mhz: fmax.achieved, utilization: raw.utilization, worst_path })
    }
}

/// Joins the steps of a path that lie in the same block.
fn segments(steps: &[RawStep], top: &str) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut cell = "";
    for step in steps {
        // A cell that nextpnr added, such as the first of a carry chain, belongs where the path comes from.
        let own = !step.from.cell.starts_with('$');
        let block = if own { block(&step.from.cell, top) } else { segments.last().map_or(top, |last| &last.block) };
        if segments.last().is_none_or(|last| last.block != block) {
            segments.push(Segment { block: block.to_string(), cells: 0, logic_ns: 0.0, routing_ns: 0.0 });
        }
        let Some(segment) = segments.last_mut() else { continue };
        segment.cells += usize::from(cell != step.from.cell);
        cell = &step.from.cell;
        match step.kind.as_str() {
            "routing" => segment.routing_ns += step.delay,
            _ => segment.logic_ns += step.delay,
        }
    }
    segments
}

/// The block of a cell of the flattened netlist: its name without the last part, where `memory.0.1` is one part.
fn block<'a>(cell: &'a str, top: &'a str) -> &'a str {
    // What a board has around the design is no part of the names.
    let cell = cell.strip_prefix(wrapper::INSTANCE).and_then(|rest| rest.strip_prefix('.')).unwrap_or(cell);
    let parent = |name: &'a str| name.rsplit_once('.').map(|(parent, _)| parent);
    let is_number = |name: &str| name.rsplit('.').next().is_some_and(|part| part.bytes().all(|c| c.is_ascii_digit()));
    let mut block = parent(cell);
    if block.is_some_and(is_number) {
        while block.is_some_and(is_number) {
            block = block.and_then(parent);
        }
        block = block.and_then(parent);
    }
    block.unwrap_or(top)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(report: &PlacedDesign) -> f64 {
        report.worst_path.iter().map(|segment| segment.logic_ns + segment.routing_ns).sum()
    }

    #[test]
    fn reports_of_both_families_are_read() {
        let ecp5 = PlacedDesign::parse(include_str!("../tests/reports/nextpnr-ecp5.json"), "engram_top").unwrap();
        assert_eq!(ecp5.fmax_mhz, 117.73015594482422);
        assert_eq!(ecp5.utilization["MULT18X18D"], Use { used: 1, available: 28 });
        assert!((1e3 / total(&ecp5) - ecp5.fmax_mhz).abs() < 0.01, "the worst path is what bounds the clock");
        let blocks: Vec<_> = ecp5.worst_path.iter().map(|segment| segment.block.as_str()).collect();
        assert_eq!(blocks, ["lane$0.mac", "engram_top", "lane$0.mac", "engram_top"]);

        let ice40 = PlacedDesign::parse(include_str!("../tests/reports/nextpnr-ice40.json"), "engram_top").unwrap();
        assert_eq!(ice40.fmax_mhz, 104.00416564941406);
        assert_eq!(ice40.utilization["ICESTORM_DSP"], Use { used: 1, available: 8 });
        assert!((1e3 / total(&ice40) - ice40.fmax_mhz).abs() < 0.01);
        assert_eq!(ice40.worst_path[1].block, "lane$0.mac", "behind the start of the carry chain");
    }

    #[test]
    fn what_is_no_report_is_refused() {
        assert!(PlacedDesign::parse("{}", "top").unwrap_err().to_string().contains("missing field"));
        let no_clock = r#"{"critical_paths": [], "fmax": {}, "utilization": {}}"#;
        assert!(PlacedDesign::parse(no_clock, "top").unwrap_err().to_string().contains("no clock"));
    }

    #[test]
    fn cells_lie_in_the_block_they_are_named_after() {
        assert_eq!(block("lanes$3.mac.acc_TRELLIS_FF_Q_3", "top"), "lanes$3.mac");
        assert_eq!(block("led_SB_DFF_Q", "top"), "top");
        assert_eq!(block("lanes$3.weights.0.1", "top"), "lanes$3");
        assert_eq!(block("lanes$3.states.cells.0.1_DO_2_CCU2C_A0", "top"), "lanes$3.states");
        assert_eq!(block("weights.0.1", "top"), "top");
        assert_eq!(block("lanes$3", "top"), "top");
        assert_eq!(block("a.b2", "top"), "a");
    }

    #[test]
    fn arguments_name_the_part() {
        let arguments = |name| arguments(&Board::named(name).unwrap(), 66.0, 7).join(" ");
        assert_eq!(
            arguments("ulx3s-85f"),
            "--85k --package CABGA381 --speed 6 --json netlist.json --lpf ulx3s.lpf --textcfg configuration.config \
             --report report.json --freq 66.000 --seed 7 --timing-allow-fail"
        );
        assert!(arguments("icebreaker").starts_with("--up5k --package sg48 --json netlist.json --pcf icebreaker.pcf"));
    }
}
