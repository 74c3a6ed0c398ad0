//! Contents that are put into the memories of a configuration, against a whole build with them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use engram_flow::build::{FILLED, Progress, Step, VERILOG, build};
use engram_flow::tool::YOSYS;
use engram_flow::{Board, BuildReport, Search, nextpnr, wrapper, yosys};

/// Memories of all widths of a block RAM, one of several of them, and one of 24 bits: words and bits of a word.
const SIZES: [(usize, usize); 7] = [(512, 16), (1024, 18), (2048, 8), (4096, 4), (8192, 3), (16384, 1), (512, 24)];

/// A design of these memories, one module each, the contents of which are those of `word` of memory and place: in the Verilog, or in files.
fn design(word: impl Fn(usize, usize) -> u64) -> (String, String, Vec<String>) {
    let mut text = String::from(
        "module engram_top(input wire clock, input wire reset, input wire uart_rx, output wire uart_tx, output reg led, output wire led_error);\n",
    );
    text += "   reg [13:0] place = 0;\n   always @(posedge clock) place <= {place[12:0], uart_rx};\n";
    let names: Vec<String> = (0..SIZES.len()).map(|number| format!("bit{number}")).collect();
    for (number, (words, _)) in SIZES.into_iter().enumerate() {
        let (bit, top) = (&names[number], words.ilog2() - 1);
        let _ =
            writeln!(text, "   wire {bit};\n   memory{number} memory{number}(clock, uart_rx, place[{top}:0], {bit});");
    }
    let _ = writeln!(text, "   assign uart_tx = {};", names.join(" ^ "));
    text += "   assign led_error = reset;\n   always @(posedge clock) led <= uart_tx;\nendmodule\n";
    let (mut lines, mut read, mut files) = (text.clone(), text, Vec::new());
    for (number, (words, bits)) in SIZES.into_iter().enumerate() {
        let (top, last) = (words.ilog2() - 1, bits - 1);
        let ports = format!("input wire clock, input wire write, input wire [{top}:0] place, output wire parity");
        let head = format!(
            "module memory{number}({ports});\n   reg [{last}:0] cells [0:{}];\n   reg [{last}:0] data;\n   initial begin\n",
            words - 1
        );
        let tail = "   end\n   always @(posedge clock) if (write) cells[place] <= data + 1; else data <= cells[place];
   assign parity = ^data;\nendmodule\n";
        let values: Vec<u64> = (0..words).map(|at| word(number, at) & ((1 << bits) - 1)).collect();
        let each: String =
            values.iter().enumerate().map(|(at, value)| format!("   cells[{at}] = {bits}'h{value:x};\n")).collect();
        lines += &format!("{head}{each}{tail}");
        read += &format!("{head}   $readmemh(\"words-{number}.hex\", cells);\n{tail}");
        files.push(values.iter().map(|value| format!("{value:x}\n")).collect());
    }
    (lines, read, files)
}

fn built(verilog: &str, out: &Path) -> Option<(BuildReport, Vec<Step>)> {
    let (board, mut ran) = (Board::named("ulx3s-12f").unwrap(), Vec::new());
    let mut progress = |event| {
        if let Progress::Started(step) = event {
            ran.push(step);
        }
    };
    match build(verilog, "engram_top", &board, out, &[1], &mut progress) {
        Err(error) if error.is_missing_tool() && std::env::var_os("ENGRAM_REQUIRE").is_none() => {
            eprintln!("skipped: {error}");
            None
        }
        report => Some((report.unwrap(), ran)),
    }
}

/// The configuration of a build in which synthesis has the contents, as the tools make it.
fn whole((_, verilog, files): &(String, String, Vec<String>), built: &Path, report: &BuildReport) -> String {
    let board = Board::named("ulx3s-12f").unwrap();
    let (search, folder) = (Search::from_env(), tempfile::TempDir::new().unwrap());
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write(VERILOG, &format!("{verilog}\n{}", wrapper::verilog(&board, "engram_top")));
    files.iter().enumerate().for_each(|(number, words)| write(&format!("words-{number}.hex"), words));
    fs::copy(built.join(&board.constraints_file), folder.path().join(&board.constraints_file)).unwrap();
    let (family, top) = (board.part.family, wrapper::TOP);
    yosys::synthesise(&search.find(YOSYS).unwrap(), folder.path(), VERILOG, top, family).unwrap();
    let router = search.find(nextpnr::router(family)).unwrap();
    nextpnr::place_and_route(&router, folder.path(), &board, top, report.needed_mhz, 1).unwrap();
    fs::read_to_string(folder.path().join(nextpnr::configuration(family))).unwrap()
}

#[test]
fn other_contents_take_seconds_and_give_the_configuration_of_a_whole_build() {
    let folder = tempfile::TempDir::new().unwrap();
    let first = design(|memory, place| (memory + place * 3) as u64);
    let Some((_, ran)) = built(&first.0, folder.path()) else { return };
    assert_eq!(ran, Step::ALL);
    // One memory of zeros, one of ones.
    let second = design(|memory, place| match memory {
        0 => 0,
        1 => u64::MAX,
        _ => ((place * place * (memory + 7)) >> 3) as u64,
    });
    let (report, ran) = built(&second.0, folder.path()).unwrap();
    assert_eq!(ran, [Step::Filling, Step::Packing]);
    assert!(fs::read_to_string(folder.path().join(VERILOG)).unwrap().starts_with(&second.0));
    let filled = fs::read_to_string(folder.path().join(FILLED)).unwrap();
    assert!(filled == whole(&second, folder.path(), &report), "the configurations differ");
    assert!(report.files.iter().any(|file| file.ends_with(FILLED)));
}
