//! Builds the bitstreams of all boards, of both networks, and writes their figures to `testbench/boards.json`, from which
//! `docs/boards.md` has its tables.
//!
//! `make boards`, or `cargo run --release --package engram-testbench --example boards -- [SEEDS] [BOARD ..]`: several seeds of place and
//! route each, the best one's bitstream in `build/boards/`. What was built of the same inputs is not built again, so a run that was
//! interrupted goes on where it was. Then `UPDATE_EXPECT=1 cargo test --package engram-testbench --test proof golden` writes the tables.

use std::path::PathBuf;

use engram_flow::build::Progress;
use engram_flow::{Board, build};
use engram_testbench::boards::{Boards, Built, NETWORKS, design, fingerprint};

type Error = Box<dyn std::error::Error>;

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).peekable();
    let seeds = arguments.next_if(|argument| argument.parse::<u64>().is_ok());
    let seeds: Vec<u64> = (1..=seeds.map_or(Ok(5), |seeds| seeds.parse())?).collect();
    let named: Vec<String> = arguments.collect();
    let named = if named.is_empty() { Board::names().map(String::from).collect() } else { named };
    let mut kept = Boards::read()?;
    for board in named {
        let board = Board::named(&board)?;
        for network in NETWORKS {
            let Some(design) = design(&board, network) else { continue };
            let folder =
                PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../build/boards/{}-{network}", board.name));
            let mut show = |progress: Progress| {
                if let Progress::Started(step) = progress {
                    eprintln!("{} {network}: {}", board.name, step.name());
                }
            };
            let report = build(&design.verilog, &design.top, &board, &folder, &seeds, &mut show)?;
            eprintln!("{} {network}: {}", board.name, report.frequencies());
            kept.set(&board.name, network, Built::of(fingerprint(&board, &design), &report));
            kept.write()?;
        }
    }
    Ok(())
}
