//! The Verilog of every block as it is committed, so that a change of the hardware is seen where it is reviewed; what Yosys
//! says of it; and the parts of the documents that code writes ([`pages`]).
//!
//! A file holds a module without what says nothing: connections of ports to signals of the same name, and the numbers of a table,
//! of which it has the checksum. Of a variant of another block it holds the difference.
//!
//! `UPDATE_EXPECT=1 cargo test --package engram-testbench --test proof golden` writes the files anew.

mod conversations;
mod examples;
mod pages;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crc::Crc;
use engram_flow::tool::{Tool, YOSYS};
use engram_flow::{Error, Search};
use engram_hdl::emit::Design;
use engram_spec::crossbar;
use engram_spec::memnet::geometry;
use engram_testbench::catalogue::{catalogue, crossbar_catalogue};
use engram_testbench::may_be_left_out;
use expect_test::expect_file;
use similar::TextDiff;

/// Every block of both kinds of device.
fn blocks() -> Vec<Design> {
    [catalogue(&geometry::TINY), crossbar_catalogue(&crossbar::geometry::TINY)].concat()
}

/// A module's own text within a design's: that of its parts stands in files of their own.
fn module<'a>(verilog: &'a str, top: &str) -> &'a str {
    let begin = verilog.find(&format!("module {top}(")).expect("the top module");
    let end = begin + verilog[begin..].find("endmodule").expect("its end") + "endmodule".len();
    &verilog[begin..end]
}

/// A module's text without what says nothing.
fn condensed(module: &str) -> String {
    let (mut text, mut lines) = (String::new(), module.lines().peekable());
    while let Some(line) = lines.next() {
        let instance = line.trim_end().strip_suffix('(').filter(|head| !head.starts_with("module"));
        if let Some(name) = instance.and_then(|head| head.split(' ').next_back()) {
            let ports: Vec<&str> = std::iter::from_fn(|| lines.next_if(|line| line.trim() != ");")).collect();
            let is_plain = |port: &&str| {
                let port = port.trim().trim_end_matches(',');
                port.split_once('(').is_some_and(|(port, signal)| signal == format!("{name}${})", &port[1..]))
            };
            match ports.iter().all(is_plain) {
                true => text += &format!("{line}..);\n"),
                false => text += &format!("{line}\n{}\n    );\n", ports.join("\n")),
            }
            lines.next();
            continue;
        }
        let mut entries: Vec<u16> = entry(line).into_iter().collect();
        while let Some(entry) = entries.last().and_then(|_| lines.peek()).and_then(|line| entry(line)) {
            entries.push(entry);
            lines.next();
        }
        if entries.is_empty() {
            text += &format!("{line}\n");
        } else {
            let bytes: Vec<u8> = entries.iter().flat_map(|entry| entry.to_le_bytes()).collect();
            let sum = Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes);
            text += &format!("       // {} entries; CRC-32 of them, 16 bits each: {sum}\n", entries.len());
        }
    }
    text
}

/// The number that a line of a table stores.
fn entry(line: &str) -> Option<u16> {
    line.trim().strip_prefix("cells[")?.split_once("] = ")?.1.strip_suffix(';')?.parse().ok()
}

/// The block of which another is a variant, as their names say, where a difference is shorter than the text.
fn base<'a>(design: &Design, texts: &'a BTreeMap<String, String>) -> Option<(&'a str, String)> {
    let named = texts.keys().filter(|base| design.top.starts_with(&format!("{base}_")));
    let base = named.max_by_key(|base| base.len())?;
    // The variant's own name is no difference.
    let text = texts[&design.top].replace(&design.top, base);
    let diff = TextDiff::from_lines(&texts[base], &text).unified_diff().context_radius(1).to_string();
    (2 * diff.lines().count() < text.lines().count()).then_some((base, diff))
}

#[test]
fn verilog_is_as_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let designs = blocks();
    let texts = designs.iter().map(|design| (design.top.clone(), condensed(module(&design.verilog, &design.top))));
    let texts: BTreeMap<String, String> = texts.collect();
    let mut named = BTreeSet::new();
    for design in &designs {
        let (file, text) = match base(design, &texts) {
            Some((base, diff)) => (format!("{}.diff", design.top), format!("--- {base}\n+++ {}\n{diff}", design.top)),
            None => (format!("{}.v", design.top), texts[&design.top].clone()),
        };
        expect_file![folder.join(&file)].assert_eq(&text);
        named.insert(file);
    }
    let found = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(found.collect::<BTreeSet<_>>(), named, "a file for each block, and no other");
}

#[test]
fn condensing_leaves_what_says_something() {
    let module = "module m(a);\n    m$b b(\n        .clock(b$clock),\n        .d(b$d)\n    );\n    m$c c(\n        .d(b$d)\n    );\n\
                  initial begin\n       cells[0] = 258;\n       cells[1] = 3;\n    end\nendmodule";
    let sum = Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&[2, 1, 3, 0]);
    let expected = format!(
        "module m(a);\n    m$b b(..);\n    m$c c(\n        .d(b$d)\n    );\ninitial begin\n       // 2 entries; CRC-32 of them, 16 \
         bits each: {sum}\n    end\nendmodule\n"
    );
    assert_eq!(condensed(module), expected);
}

/// Has Yosys look for latches, combinational loops and nets without a driver or with several, in all designs in one run.
fn check(yosys: &Tool, designs: &[Design], name: &str) -> Result<(), Error> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("yosys-{name}"));
    fs::create_dir_all(&folder).unwrap();
    let mut script = String::new();
    for Design { top, verilog, .. } in designs {
        fs::write(folder.join(format!("{top}.v")), verilog).unwrap();
        script += &format!(
            "design -reset\nread_verilog {top}.v\nhierarchy -check -top {top}\nproc\n\
             select -assert-none t:$dlatch t:$adlatch t:$sr\nflatten\ncheck -assert\n"
        );
    }
    fs::write(folder.join("check.ys"), script).unwrap();
    yosys.run(["-q", "-s", "check.ys"], &folder, "check.log", Duration::from_secs(600))
}

#[test]
fn yosys_finds_no_latch_no_loop_and_no_net_without_a_driver() {
    let yosys = match Search::from_env().find(YOSYS) {
        Ok(yosys) => yosys,
        Err(error) if may_be_left_out(&error) => return eprintln!("not checked: {error}"),
        Err(error) => panic!("{error}"),
    };
    let designs = blocks();
    check(&yosys, &designs, "catalogue").unwrap();
    // What it is there to find, it finds.
    let faults = [
        ("gather", "default: state = states$0;", "", "latch"),
        ("crc16", "~sum ^", "~next_sum ^", "loop"),
        ("lane", "sum$clear = ", "//", "driver"),
    ];
    for (top, from, to, name) in faults {
        let mut design = designs.iter().find(|design| design.top == top).unwrap().clone();
        assert!(design.verilog.contains(from), "there is no {from:?} in {top}");
        design.verilog = design.verilog.replacen(from, to, 1);
        assert!(check(&yosys, &[design], name).is_err(), "no {name} was found in {top}");
    }
}
