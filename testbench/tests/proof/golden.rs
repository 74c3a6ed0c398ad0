//! The Verilog of every block as it is committed, so that a change of the hardware is seen where it is reviewed; what Yosys
//! says of it; and whether the page about it still names every port.
//!
//! `UPDATE_EXPECT=1 cargo test --package engram-testbench --test proof golden` writes the files anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use engram_flow::tool::{Tool, YOSYS};
use engram_flow::{Error, Search};
use engram_hdl::emit::Design;
use engram_spec::crossbar;
use engram_spec::memnet::geometry;
use engram_testbench::catalogue::{catalogue, crossbar_catalogue};
use engram_testbench::may_be_left_out;
use expect_test::expect_file;

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

#[test]
fn verilog_is_as_committed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut named = BTreeSet::new();
    for design in blocks() {
        let file = format!("{}.v", design.top);
        expect_file![folder.join(&file)].assert_eq(&format!("{}\n", module(&design.verilog, &design.top)));
        named.insert(file);
    }
    let found = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(found.collect::<BTreeSet<_>>(), named, "a file for each block, and no other");
}

#[test]
fn the_page_has_a_section_for_every_block_with_all_its_ports() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/hardware.md");
    let page = fs::read_to_string(path).unwrap();
    for design in blocks() {
        let of_block = |section: &&str| {
            section.lines().next().is_some_and(|title| title.split(", ").any(|name| name == design.top))
        };
        let section = page.split("\n### ").find(of_block);
        // A line break may stand between a name and its width.
        let words = section.unwrap_or_else(|| panic!("no section for {}", design.top)).split_whitespace();
        let section = words.collect::<Vec<_>>().join(" ");
        for port in design.ports.iter().filter(|port| port.name != "clock") {
            let named = format!("`{}` {}", port.name.split('$').next().unwrap(), port.width);
            let mut places = section.match_indices(&named).map(|(place, _)| place + named.len());
            let whole = places.any(|end| !section[end..].starts_with(|next: char| next.is_ascii_digit()));
            assert!(whole, "the section of {} does not name {named}", design.top);
        }
        assert!(page.contains(&format!("\n| {} |", design.top)), "no resources of {}", design.top);
    }
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
