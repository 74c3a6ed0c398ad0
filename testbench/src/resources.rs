//! The cells that synthesis makes of each block, as `testbench/resources.json` keeps them: numbers with a fingerprint of the Verilog
//! of which they were made, so that a test sees without Yosys which of them are stale.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::{fs, io};

use engram_flow::board::Family;
use engram_flow::yosys;
use engram_hdl::emit::Design;
use engram_spec::crossbar::geometry as crossbar;
use engram_spec::memnet::geometry as memnet;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalogue::{catalogue, crossbar_catalogue};

/// The families for which blocks are synthesised.
pub const FAMILIES: [Family; 2] = [Family::Ecp5, Family::Ice40];

/// The blocks of a family's device: of the ECP5-25F on ECP5, of the UP5K on iCE40.
pub fn designs(family: Family) -> Vec<Design> {
    match family {
        Family::Ecp5 => [catalogue(&memnet::ECP5_25F), crossbar_catalogue(&crossbar::ECP5_25F)].concat(),
        Family::Ice40 => [catalogue(&memnet::UP5K), crossbar_catalogue(&crossbar::UP5K)].concat(),
    }
}

/// The hash of all that decides what synthesis makes of a block, but for Yosys itself: the script and the Verilog.
pub fn fingerprint(family: Family, design: &Design) -> String {
    hash([&yosys::script(family, &format!("{}.v", design.top), &design.top), &design.verilog])
}

/// The hash of two texts, 16 hexadecimal digits.
pub(crate) fn hash(texts: [&str; 2]) -> String {
    let hash = texts.into_iter().fold(Sha256::new(), |hash, text| hash.chain_update(text)).finalize();
    hash[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The result of a block's synthesis.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Synthesis {
    /// The block's [`fingerprint`].
    pub fingerprint: String,
    /// The number of cells of each type.
    pub cells: BTreeMap<String, u64>,
}

/// The resources of all blocks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// The version of Yosys.
    pub yosys: String,
    /// The blocks of each family by name.
    pub blocks: BTreeMap<Family, BTreeMap<String, Synthesis>>,
}

/// A column of the table: a title, and the cells that count for it.
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

const fn columns(family: Family) -> &'static [Column] {
    match family {
        Family::Ecp5 => &ECP5,
        Family::Ice40 => &ICE40,
    }
}

impl Resources {
    /// The resources as they were when this crate was compiled.
    pub fn kept() -> &'static Resources {
        static KEPT: LazyLock<Resources> =
            LazyLock::new(|| serde_json::from_str(include_str!("../resources.json")).expect("resources.json is JSON"));
        &KEPT
    }

    /// The cells of a block that count for a column of the table, by its title; 0 where there is no such block or column.
    pub fn count(&self, family: Family, block: &str, title: &str) -> u64 {
        let counts = columns(family).iter().find(|(name, _)| *name == title).map(|(_, counts)| counts);
        let synthesis = self.blocks.get(&family).and_then(|blocks| blocks.get(block));
        let cells = synthesis.iter().flat_map(|synthesis| &synthesis.cells);
        cells.filter(|(cell, _)| counts.is_some_and(|counts| counts(cell))).map(|(_, count)| count).sum()
    }

    /// The file of the resources.
    pub fn path() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("resources.json")
    }

    /// Reads the file.
    pub fn read() -> io::Result<Resources> {
        Ok(serde_json::from_str(&fs::read_to_string(Resources::path())?)?)
    }

    /// Writes the file.
    pub fn write(&self) -> io::Result<()> {
        fs::write(Resources::path(), serde_json::to_string_pretty(self)? + "\n")
    }

    /// Whether the resources of a block are those of its Verilog as it is.
    pub fn is_fresh(&self, family: Family, design: &Design) -> bool {
        let kept = self.blocks.get(&family).and_then(|blocks| blocks.get(&design.top));
        kept.is_some_and(|kept| kept.fingerprint == fingerprint(family, design))
    }

    /// The table of `docs/hardware.md`, a row for each of the blocks; empty where a block has none of a cell.
    pub fn table(&self, blocks: &[Design]) -> String {
        let titles: String =
            FAMILIES.iter().flat_map(|&family| columns(family)).map(|(title, _)| format!(" {title} |")).collect();
        let mut table = format!("| block |{titles}\n|---|{}\n", "--:|".repeat(ECP5.len() + ICE40.len()));
        for block in blocks {
            table += &format!("| {} |", block.top);
            for family in FAMILIES {
                for (title, _) in columns(family) {
                    let count = self.count(family, &block.top, title);
                    table += &if count == 0 { "  |".to_string() } else { format!(" {count} |") };
                }
            }
            table += "\n";
        }
        table
    }
}
