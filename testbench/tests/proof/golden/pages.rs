//! The regions of the documents that code writes. A region stands between `<!-- KIND: ARGUMENTS -->` and `<!-- end -->`:
//!
//! - `ports: BLOCK..`: the ports of a block, or of several that share a section, from the emitted design and the fields' doc comments;
//! - `bundles: all`: the structures and enumerations that are types of ports;
//! - `resources: all`: the cells of each block, from `testbench/resources.json`;
//! - `bitstreams: NETWORK`: the figures of every board's bitstream, from `testbench/boards.json`;
//! - `cycles: WHAT`: a number of cycles ([`cycles`]);
//! - `checksum: TABLE`, `number: WHAT`, `geometries: NETWORK`: the checksum of a table of numbers, a number of the link, the sizes of
//!   a network's devices;
//! - `values: NETWORK`, `conversation: NETWORK`: what follows from the example of a network ([`super::conversations`]).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crc::Crc;
use engram_babi::DataSet;
use engram_hdl::emit::{Bundle, Design, Port, Way};
use engram_memnet::Model;
use engram_spec::crossbar::program::{SYMBOL_CYCLES, Settings};
use engram_spec::crossbar::{gate, memo};
use engram_spec::frame::VERSION;
use engram_spec::machine::Size;
use engram_spec::memnet::table;
use engram_spec::{crossbar, memnet};
use engram_testbench::boards::Boards;
use engram_testbench::resources::{FAMILIES, Resources, designs};
use expect_test::expect_file;

use super::{blocks, conversations};

/// The path of a file of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// A document's path and text.
pub fn document(name: &str) -> (PathBuf, String) {
    let path = path(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()));
    (path, text)
}

/// A document with its regions of this kind written anew.
fn renewed(document: &str, kind: &str, mut write: impl FnMut(&str) -> String) -> String {
    let opening = format!("<!-- {kind}: ");
    let mut parts = document.split(&opening);
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (arguments, rest) = part.split_once(" -->").expect("the end of a region's first line");
        let (_, after) =
            rest.split_once("<!-- end -->").unwrap_or_else(|| panic!("no end of region {kind}: {arguments}"));
        text += &format!("{opening}{arguments} -->{}<!-- end -->{after}", write(arguments));
    }
    text
}

/// The table of the ports of blocks that share a section.
fn ports(blocks: &[&Design]) -> String {
    let mut table = "\n| port | | bits | |\n|---|---|---|---|\n".to_string();
    let mut written = BTreeSet::new();
    let all: Vec<&Port> = blocks.iter().flat_map(|block| &block.ports).filter(|port| port.name != "clock").collect();
    for way in [Way::In, Way::Out] {
        for port in all.iter().filter(|port| port.way == way) {
            let (name, element) = port.name.split_once('$').map_or((&port.name[..], false), |(name, _)| (name, true));
            if !written.insert(name) {
                continue;
            }
            let having: Vec<&str> =
                blocks.iter().filter(|block| block.ports.contains(port)).map(|block| &block.top[..]).collect();
            let only = match having.len() == blocks.len() {
                true => String::new(),
                false => format!(" Of {} alone.", having.join(", ")),
            };
            let bundle = port.bundle.as_ref().map(|bundle| format!(", `{}`", bundle.name)).unwrap_or_default();
            let (way, each) = (if way == Way::In { "in" } else { "out" }, if element { " each" } else { "" });
            table += &format!("| `{name}` | {way} | {}{each}{bundle} | {}{only} |\n", port.width, port.about);
        }
    }
    table
}

#[test]
fn tables_of_ports_are_those_of_the_blocks() {
    let blocks = blocks();
    let (path, text) = document("docs/hardware.md");
    let mut named = BTreeSet::new();
    let text = renewed(&text, "ports", |names| {
        let section = names.split(' ').map(|name| {
            assert!(named.insert(name.to_string()), "{name} has two tables");
            blocks.iter().find(|block| block.top == name).unwrap_or_else(|| panic!("there is no block {name}"))
        });
        ports(&section.collect::<Vec<_>>())
    });
    let bundles: BTreeSet<&Bundle> =
        blocks.iter().flat_map(|block| &block.ports).filter_map(|port| port.bundle.as_ref()).collect();
    let names: BTreeMap<&str, usize> = bundles.iter().map(|bundle| (&bundle.name[..], 0)).collect();
    assert_eq!(names.len(), bundles.len(), "a name for each bundle: {bundles:?}");
    let text = renewed(&text, "bundles", |_| {
        let rows = bundles.iter().map(|Bundle { name, layout }| format!("| `{name}` | {layout} |\n"));
        format!("\n| type | fields from bit 0, or values |\n|---|---|\n{}", rows.collect::<String>())
    });
    expect_file![path].assert_eq(&text);
    let tops: BTreeSet<String> = blocks.into_iter().map(|block| block.top).collect();
    assert_eq!(named, tops, "a table of ports for each block");
    for port in tops.iter() {
        let titles = text.lines().filter_map(|line| line.strip_prefix("### ")).flat_map(|title| title.split(", "));
        assert!(titles.into_iter().any(|title| title == port), "a section for {port}");
    }
}

#[test]
fn resources_are_those_of_the_verilog() {
    let kept = Resources::read().unwrap();
    for family in FAMILIES {
        let blocks = designs(family);
        let stale: Vec<&str> =
            blocks.iter().filter(|block| !kept.is_fresh(family, block)).map(|block| &block.top[..]).collect();
        assert!(
            stale.is_empty(),
            "the resources of {stale:?} for {family:?} are those of older Verilog; renew them: \
             cargo run --release -p engram-testbench --example resources"
        );
        assert_eq!(kept.blocks[&family].len(), blocks.len(), "no resources of blocks that are no more");
    }
    let (path, text) = document("docs/hardware.md");
    let text = renewed(&text, "resources", |_| format!("\n{}", kept.table(&designs(FAMILIES[0]))));
    expect_file![path].assert_eq(&text);
}

/// A number of cycles in a document:
///
/// - `step INPUTS CELLS`, `symbol INPUTS CELLS`: of a step of an LSTM of this size on `ecp5-25f`;
/// - `questions SIZE ROW`: the mean of the questions of a row that were put to the compiled Verilog; `questions most`: the most of any;
/// - `question TASK PRESET mean|most`: of the test questions of generated text to the committed model of a task.
fn cycles(what: &str) -> String {
    let step = |inputs: &str, cells: &str| {
        let settings =
            Settings { inputs: inputs.parse().unwrap(), hidden: cells.parse().unwrap(), ..Settings::default() };
        crossbar::Program::zeroed(crossbar::geometry::ECP5_25F, settings).step_cycles()
    };
    match what.split(' ').collect::<Vec<_>>()[..] {
        ["step", inputs, cells] => step(inputs, cells).to_string(),
        ["symbol", inputs, cells] => (step(inputs, cells) + SYMBOL_CYCLES).to_string(),
        ["questions", "most"] => {
            let most = proofs().iter().filter_map(|proof| proof["cycles_most"].as_u64()).max();
            most.expect("a proof").to_string()
        }
        ["questions", size, variant] => {
            let of_variant = |proof: &serde_json::Value| proof["size"] == size && proof["variant"] == variant;
            let proofs = proofs().into_iter().filter(of_variant);
            let (sum, questions) = proofs.fold((0.0, 0.0), |(sum, questions), proof| {
                let [mean, asked] = ["cycles_mean", "questions"].map(|key| proof[key].as_f64().expect("a number"));
                (sum + mean * asked, questions + asked)
            });
            format!("{:.0}", sum / questions)
        }
        ["question", task, preset, which] => {
            let cycles = question_cycles(task.parse().unwrap(), preset);
            match which {
                "mean" => format!("{:.0}", f64::from(cycles.iter().sum::<u32>()) / cycles.len() as f64),
                _ => cycles.iter().max().unwrap().to_string(),
            }
        }
        _ => panic!("{what:?} is no number of cycles that code knows"),
    }
}

/// The proofs of the twenty tasks, a line each.
fn proofs() -> Vec<serde_json::Value> {
    let lines = document("results/proofs-memnet.jsonl").1;
    lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

/// The cycles of each test question of a task, as `engram eval models/qaTASK.safetensors --generated` asks them. For a device of
/// fewer slots than the model, `engram quantize --slots` gives it as many.
fn question_cycles(task: u8, preset: &str) -> Vec<u32> {
    let model = Model::load(&path(&format!("models/qa{task}.safetensors"))).unwrap();
    let geometry = memnet::Geometry::named(preset).unwrap();
    let slots = model.design.shape.slots.min(geometry.slots);
    let program = model.with_slots(slots).and_then(|model| model.program(geometry)).unwrap();
    let mut cycles = Vec::new();
    for story in DataSet::generate(task, 1000, 1000, 1).unwrap().test {
        let mut sentences = 0;
        for line in story.lines {
            match line.is_question() {
                true => cycles.push(program.answer_cycles(line.words().len(), sentences)),
                false => sentences = (sentences + 1).min(program.settings.slots.into()),
            }
        }
    }
    cycles
}

/// The CRC-32 of a table of numbers, 16 bits each.
fn checksum(name: &str) -> String {
    let bytes: Vec<u8> = match name {
        "exponential" => table::exponential().iter().flat_map(|&entry| (entry as u16).to_le_bytes()).collect(),
        "reciprocal" => table::reciprocal().iter().flat_map(|&entry| (entry as u16).to_le_bytes()).collect(),
        "sigmoid" => gate::sigmoid().iter().flat_map(|&entry| (entry as i16).to_le_bytes()).collect(),
        "tanh" => gate::tanh().iter().flat_map(|&entry| (entry as i16).to_le_bytes()).collect(),
        "R" => (1..=memo::ROWS_MAX).flat_map(|n| memo::reciprocal(n).to_le_bytes()).collect(),
        _ => panic!("there is no table {name}"),
    };
    Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes).to_string()
}

/// The table of a network's geometries: the numbers of an identity, and what else a host may ask.
fn geometries(network: &str) -> String {
    fn rows<G: Size>(network: &str, names: &str, more: impl Fn(&G) -> String) -> String {
        let header = format!("\n| {network} | geometry | {names} |\n");
        let columns = header.matches('|').count() - 1;
        let row = |size: &G| {
            let numbers = size.sizes().map(|size| size.to_string()).join(" | ");
            format!("| {} | {} | {numbers} |{}\n", size.name(), size.id(), more(size))
        };
        format!("{header}|---{}|\n{}", "|--:".repeat(columns - 1), G::PRESETS.iter().map(row).collect::<String>())
    }
    match network {
        "memnet" => rows::<memnet::Geometry>("memory network", "lanes | elements | slots | words | positions", |_| {
            String::new()
        }),
        _ => {
            let names =
                "lanes | hidden | inputs | classes | multipliers | bits of a weight | rows of weights | rows of biases";
            rows::<crossbar::Geometry>("crossbar", names, |size| {
                let [weights, biases] = crossbar::Region::ALL.map(|region| size.rows(region));
                format!(" {} | {weights} | {biases} |", size.weight_bits)
            })
        }
    }
}

/// A number of the link.
fn number(what: &str) -> String {
    match what {
        "version" => VERSION.to_string(),
        _ => panic!("{what:?} is no number of the link"),
    }
}

/// The writer of a region, from its arguments.
type Write = fn(&str) -> String;

/// The kinds of regions that stand in the pages of numerics and link, with their writers.
const KINDS: [(&str, Write); 5] = [
    ("checksum", checksum),
    ("number", number),
    ("geometries", geometries),
    ("values", conversations::values),
    ("conversation", conversations::conversation),
];

#[test]
fn numbers_and_examples_in_documents_are_those_of_code() {
    for name in ["docs/numerics.md", "docs/link.md"] {
        let (path, text) = document(name);
        let text = KINDS.into_iter().fold(text, |text, (kind, write)| renewed(&text, kind, write));
        expect_file![path].assert_eq(&text);
    }
}

#[test]
fn bitstreams_in_documents_are_those_that_were_built() {
    let (path, text) = document("docs/boards.md");
    let boards = Boards::read().expect("testbench/boards.json is read");
    expect_file![path].assert_eq(&renewed(&text, "bitstreams", |network| boards.table(network)));
}

#[test]
fn cycles_in_documents_are_those_of_the_programs() {
    for name in ["README.md", "docs/figures.md", "docs/hardware.md"] {
        let (path, text) = document(name);
        expect_file![path].assert_eq(&renewed(&text, "cycles", cycles));
    }
}
