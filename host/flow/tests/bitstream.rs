//! A small design through the real tools, to a bitstream for both families. Skipped, with a note, where they are not
//! installed.

use std::fs;
use std::path::Path;

use engram_flow::bitstream::Target;
use engram_flow::build::{Progress, REPORT, Step, build, build_with};
use engram_flow::{Board, BuildReport, Error, Search};

const VERILOG: &str = include_str!("top.v");

fn run(verilog: &str, board: &str, out: &Path, seed: u64) -> (Result<BuildReport, Error>, Vec<Progress>) {
    let mut progress = Vec::new();
    let board = Board::named(board).unwrap();
    let report = build(verilog, "engram_top", &board, out, &[seed], &mut |event| progress.push(event));
    (report, progress)
}

/// The report of a build that has to succeed; `None` where the tools are missing.
fn built(out: &Path, board: &str, seed: u64) -> Option<(BuildReport, Vec<Progress>)> {
    match run(VERILOG, board, out, seed) {
        (Err(error), _) if error.is_missing_tool() => {
            eprintln!("skipped: {error}");
            None
        }
        (report, progress) => Some((report.unwrap(), progress)),
    }
}

fn check(board: &str, multiplier: &str, magic: &[u8]) {
    let folder = tempfile::TempDir::new().unwrap();
    let Some((report, progress)) = built(folder.path(), board, 1) else { return };
    assert_eq!(progress.len(), 6);
    assert!(report.meets_timing && report.fmax_mhz > 1.1 * report.clock_mhz && !report.cached);
    assert_eq!((report.utilization[multiplier].used, report.tools.len(), report.seconds.len()), (1, 3, 3));
    assert!(report.worst_path.iter().any(|segment| segment.block == "lane$0.mac"), "{:?}", report.worst_path);
    let delay: f64 = report.worst_path.iter().map(|segment| segment.logic_ns + segment.routing_ns).sum();
    assert!((1e3 / delay - report.fmax_mhz).abs() < 0.1);
    let bits = fs::read(&report.bitstream).unwrap();
    assert!(bits.windows(magic.len()).take(200).any(|bytes| bytes == magic), "the preamble of a bitstream");
    assert_eq!(Target::read(&bits), Target::of(&Board::named(board).unwrap().part), "the FPGA that it is for");
    assert!(report.files.iter().all(|file| file.is_file()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), report.files.len() + 1, "outputs and their report only");

    // The same inputs: nothing is run, the report says so.
    let (again, progress) = built(folder.path(), board, 1).unwrap();
    assert_eq!(progress, [Step::Synthesis, Step::PlaceAndRoute, Step::Packing].map(Progress::Cached));
    assert_eq!(again, BuildReport { cached: true, ..report.clone() });

    // Another seed: the netlist is kept, the rest is made again.
    let (reseeded, progress) = built(folder.path(), board, 2).unwrap();
    assert_eq!(progress[0], Progress::Cached(Step::Synthesis));
    assert_eq!(progress[1], Progress::Started(Step::PlaceAndRoute));
    assert!(!reseeded.cached && reseeded.inputs != report.inputs);
    // And back: the same seed gives the same bitstream.
    built(folder.path(), board, 1).unwrap();
    assert_eq!(fs::read(&report.bitstream).unwrap(), bits);

    // Verilog that is wrong: the error shows why, the log lies where it says, what was built stays.
    let broken = VERILOG.replace("endmodule", "endmodul");
    match run(&broken, board, folder.path(), 1).0.unwrap_err() {
        Error::Failed { tool: "yosys", log, tail, .. } => {
            assert!(tail.contains("syntax error"), "{tail}");
            assert!(fs::read_to_string(log).unwrap().contains("syntax error"));
        }
        other => panic!("{other}"),
    }
    assert_eq!(fs::read(&report.bitstream).unwrap(), bits);
    assert!(folder.path().join(REPORT).is_file());
}

#[test]
fn without_tools_nothing_is_left_behind() {
    let folder = tempfile::TempDir::new().unwrap();
    let board = Board::named("icebreaker").unwrap();
    let nowhere = Search::on(folder.path());
    let mut progress = |event| panic!("{event:?} without tools");
    let error = build_with(&nowhere, VERILOG, "engram_top", &board, folder.path(), &[1], &mut progress).unwrap_err();
    assert!(error.is_missing_tool());
    assert_eq!(error.to_string(), "engram cannot find yosys: install it with `make tools`");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn ecp5() {
    check("ulx3s-25f", "MULT18X18D", &[0xFF, 0xFF, 0xBD, 0xB3]);
}

#[test]
fn ice40() {
    check("icebreaker", "ICESTORM_DSP", &[0x7E, 0xAA, 0x99, 0x7E]);
}

/// Several seeds: the fastest one's bitstream is kept, and it is the one that this seed gives alone.
#[test]
fn of_several_seeds_the_fastest_is_kept() {
    let folder = tempfile::TempDir::new().unwrap();
    let board = Board::named("icebreaker").unwrap();
    let with = |seeds: &[u64]| build(VERILOG, "engram_top", &board, folder.path(), seeds, &mut |_| ());
    let report = match with(&[1, 2, 3]) {
        Err(error) if error.is_missing_tool() => return eprintln!("skipped: {error}"),
        report => report.unwrap(),
    };
    let bits = fs::read(&report.bitstream).unwrap();
    assert_eq!(report.seeds.keys().copied().collect::<Vec<_>>(), [1, 2, 3]);
    let best = report.seeds.values().copied().fold(0.0, f64::max);
    assert!(report.fmax_mhz == best && report.seeds[&report.seed] == best && report.median_fmax_mhz <= best);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), report.files.len() + 1, "outputs and their report only");
    let again = with(&[1, 2, 3]).unwrap();
    assert_eq!(again, BuildReport { cached: true, ..report.clone() });
    let alone = with(&[report.seed]).unwrap();
    assert!(!alone.cached && alone.seeds.len() == 1 && alone.fmax_mhz == best);
    assert_eq!(fs::read(&alone.bitstream).unwrap(), bits);
}

/// A clock that a PLL makes: the bitstream is built, and timing is that of the design's clock.
#[test]
fn a_clock_from_a_pll() {
    for (name, clock_mhz) in [("ulx3s-25f", 75.0), ("icebreaker", 18.0)] {
        let folder = tempfile::TempDir::new().unwrap();
        let board = Board { clock_mhz, ..Board::named(name).unwrap() };
        let report = match build(VERILOG, "engram_top", &board, folder.path(), &[1], &mut |_| ()) {
            Err(error) if error.is_missing_tool() => return eprintln!("skipped: {error}"),
            report => report.unwrap(),
        };
        assert!(report.clock_mhz == clock_mhz && report.fmax_mhz > 20.0, "{name}: {report:?}");
        let pll = ["EHXPLLL", "ICESTORM_PLL"].map(|cell| report.utilization.get(cell).map_or(0, |cells| cells.used));
        assert_eq!(pll.iter().sum::<u64>(), 1, "{name}: {:?}", report.utilization);
        assert!(report.worst_path.iter().any(|segment| segment.block == "lane$0.mac"), "{:?}", report.worst_path);
    }
}

/// Every board's pins are pins of its part, as nextpnr knows it.
#[test]
fn every_file_of_pins_fits_its_part() {
    let mut seen = Vec::new();
    for board in Board::names().map(|name| Board::named(name).unwrap()) {
        if seen.contains(&board.constraints_file) {
            continue;
        }
        seen.push(board.constraints_file.clone());
        let folder = tempfile::TempDir::new().unwrap();
        match build(VERILOG, "engram_top", &board, folder.path(), &[1], &mut |_| ()) {
            Err(error) if error.is_missing_tool() => return eprintln!("skipped: {error}"),
            report => assert!(report.unwrap().meets_timing, "{}", board.name),
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");
}
