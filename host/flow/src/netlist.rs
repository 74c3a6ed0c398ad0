//! A design after synthesis: its netlist of an iCE40's cells, as Verilog again, with the models of these cells that come
//! with Yosys. Simulated like any other design, it shows what synthesis has made of the function.
//!
//! Only of iCE40: for the block RAMs and multipliers of ECP5 Yosys has no models.

use std::fs;
use std::path::Path;

use crate::board::Family;
use crate::cache::cached;
use crate::compiled::Design;
use crate::error::Error;
use crate::fingerprint::fingerprint;
use crate::search::Search;
use crate::tool::YOSYS;
use crate::yosys;

const OUTPUT: &str = "gates.v";
const CELLS: &str = "ice40/cells_sim.v";
/// Verilator 5.006 knows no values of inputs that are left open, and Yosys leaves none open.
const HEAD: &str = "`define NO_ICE40_DEFAULT_ASSIGNMENTS\n";

/// The netlist of a design, with the same ports. It is synthesised as for a bitstream, or taken from the folder `cache` where
/// the same one was synthesised before.
pub fn netlist(search: &Search, design: &Design, cache: &Path) -> Result<Design, Error> {
    let tool = search.find(YOSYS)?;
    // Nets of one bit: a carry chain in a bus would be taken for a loop by a simulator.
    let script = format!(
        "read_verilog design.v; {} -top {}; splitnets; opt_clean -purge; write_verilog -noattr {OUTPUT}",
        yosys::synthesis(Family::Ice40),
        design.top
    );
    let key = fingerprint(&[&design.verilog, &script, &tool.description()]);
    let path = cached(cache, &key, ".v", OUTPUT, |folder| {
        let verilog = folder.join("design.v");
        fs::write(&verilog, &design.verilog).map_err(Error::io("cannot write", &verilog))?;
        tool.make(OUTPUT, ["-p", &script], folder, yosys::LOG, yosys::LIMIT)
    })?;
    let cells = yosys::shared(&tool, CELLS)?;
    let read = |path: &Path| fs::read_to_string(path).map_err(Error::io("cannot read", path));
    Ok(Design { verilog: [HEAD, &read(&cells)?, &read(&path)?].concat(), ..design.clone() })
}
