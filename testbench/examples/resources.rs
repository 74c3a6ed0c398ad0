//! The cells that each block takes by itself, as the table of `docs/hardware.md` has them.
//!
//! `cargo run --package engram-testbench --example resources`: every block of the ECP5-25F is synthesised for ECP5, every block
//! of the UP5K for iCE40, with the commands that make the bitstreams. Names of blocks as arguments leave out the others.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use engram_flow::board::Family;
use engram_flow::tool::{Tool, YOSYS};
use engram_flow::{Search, yosys};
use engram_hdl::emit::Design;
use engram_spec::crossbar;
use engram_spec::memnet::Geometry;
use engram_spec::memnet::geometry::{ECP5_25F, UP5K};
use engram_testbench::catalogue::{catalogue, crossbar_catalogue};

type Cells = BTreeMap<String, u64>;
type Error = Box<dyn std::error::Error + Send + Sync>;

/// A column of the table: its title, and whether a cell counts for it.
type Column = (&'static str, fn(&str) -> bool);

const ECP5: [Column; 6] = [
    ("LUT4", |cell| cell == "LUT4"),
    ("CCU2C", |cell| cell == "CCU2C"),
    ("FF", |cell| cell == "TRELLIS_FF"),
    ("DPR16X4", |cell| cell == "TRELLIS_DPR16X4"),
    ("DP16KD", |cell| cell == "DP16KD"),
    ("MULT18X18D", |cell| cell == "MULT18X18D"),
];
const ICE40: [Column; 6] = [
    ("LUT4", |cell| cell == "SB_LUT4"),
    ("CARRY", |cell| cell == "SB_CARRY"),
    ("DFF", |cell| cell.starts_with("SB_DFF")),
    ("RAM40", |cell| cell.starts_with("SB_RAM40")),
    ("SPRAM", |cell| cell == "SB_SPRAM256KA"),
    ("MAC16", |cell| cell == "SB_MAC16"),
];

/// Synthesises each design by itself, all in one run of Yosys: starting it takes longer than most blocks.
fn synthesise(tool: &Tool, designs: &[Design], family: Family) -> Result<Vec<Cells>, Error> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../target/resources-{family:?}"));
    fs::create_dir_all(&folder)?;
    let mut script = String::new();
    for design in designs {
        fs::write(folder.join(format!("{}.v", design.top)), &design.verilog)?;
        // The script of the bitstreams, with a file of statistics for each block.
        let one = yosys::script(family, &format!("{}.v", design.top), &design.top);
        script += &format!("design -reset\n{}\n", one.replace(yosys::STATISTICS, &format!("{}.json", design.top)));
    }
    fs::write(folder.join("blocks.ys"), script.replace("; ", "\n"))?;
    tool.run(["-q", "-s", "blocks.ys"], &folder, "blocks.log", Duration::from_secs(1800))?;
    let statistics = |design: &Design| fs::read_to_string(folder.join(format!("{}.json", design.top)));
    designs.iter().map(|design| Ok(yosys::cells(&statistics(design)?)?)).collect()
}

fn row(cells: &Cells, columns: &[Column]) -> String {
    let count = |counts: fn(&str) -> bool| cells.iter().filter(|(cell, _)| counts(cell)).map(|(_, n)| n).sum::<u64>();
    let shown = |count: u64| if count == 0 { String::new() } else { count.to_string() };
    columns.iter().map(|&(_, counts)| format!(" {} |", shown(count(counts)))).collect()
}

fn main() -> Result<(), Error> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let chosen = |design: &Design| wanted.is_empty() || wanted.contains(&design.top);
    let blocks = |size: Geometry, crossbar: crossbar::Geometry| -> Vec<Design> {
        [catalogue(&size), crossbar_catalogue(&crossbar)].concat().into_iter().filter(chosen).collect()
    };
    let ecp5 = blocks(ECP5_25F, crossbar::geometry::ECP5_25F);
    let ice40 = blocks(UP5K, crossbar::geometry::UP5K);
    let tool = Search::from_env().find(YOSYS)?;
    eprintln!("synthesising {} blocks for two families with Yosys {}", ecp5.len(), tool.description());
    let (left, right) = std::thread::scope(|scope| {
        let left = scope.spawn(|| synthesise(&tool, &ecp5, Family::Ecp5));
        let right = synthesise(&tool, &ice40, Family::Ice40);
        (left.join().expect("does not panic"), right)
    });
    let titles = ECP5.iter().chain(&ICE40).map(|(title, _)| format!(" {title} |"));
    println!("| block |{}", titles.collect::<String>());
    println!("|---|{}", "--:|".repeat(ECP5.len() + ICE40.len()));
    for (design, (left, right)) in ecp5.iter().zip(left?.iter().zip(&right?)) {
        println!("| {} |{}{}", design.top, row(left, &ECP5), row(right, &ICE40));
    }
    Ok(())
}
