//! `engram build`: a board's bitstream, and the report of how it came out.

use std::fmt;
use std::path::{Path, PathBuf};

use comfy_table::{CellAlignment, Table, presets};
use engram_files::Kind;
use engram_flow::build::{Progress, build, in_the_way};
use engram_flow::nextpnr::Segment;
use engram_flow::{Board, BuildReport};
use engram_spec::memnet::{Addressing, Datapath, Weights};
use serde::Serialize;

use crate::arguments::backend::{addressing_parser, weights_parser};
use crate::arguments::hardware::{BoardParser, MemoArguments, network_parser};
use crate::arguments::output::Overwrite;
use crate::console::{BAD, Console, GOOD, STRONG, styled};
use engram_session::Failure;
use engram_session::hardware::{Description, Hardware, Network, USUAL_DATAPATH, design};
use engram_session::inside::Inside;
use engram_session::progress::Work;

/// The arguments of `engram build`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram build --board ulx3s-25f --out build/ulx3s-25f
  engram build --board icebreaker --addressing xnor --seeds 4 --out build/icebreaker
  engram build --board ulx3s-25f --model qa1.safetensors --out build/qa1 --json
  engram build --board ulx3s-25f --network crossbar --out build/ulx3s-25f-lstm
  engram build --board ulx3s-25f --network crossbar --memo --out build/ulx3s-25f-memo

One bitstream serves every model that fits and has its addressing and kind of weights: the serial line loads the weights. With \
--model the bitstream has one inside; another may still be loaded. \
engram builds nothing again if Verilog, constraints, tools and seed are the same. If the design is not a tenth faster \
than the board's clock, the exit code is 1.")]
pub struct Build {
    /// The board, by name or as the path of its board.toml.
    #[arg(long, value_parser = BoardParser)]
    pub board: Board,
    /// The folder for the bitstream, the report and the tools' own files.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub overwrite: Overwrite,
    /// The network that the device computes: a memory network, or the crossbar network.
    #[arg(long, value_name = "NETWORK", default_value = "memnet", value_parser = network_parser())]
    pub network: Network,
    /// The addressing of the memory [default: the model's, else min].
    #[arg(long, value_parser = addressing_parser())]
    pub addressing: Option<Addressing>,
    /// The kind of weights: codes, or signs, which need no multiplier [default: the model's, else codes].
    #[arg(long, value_parser = weights_parser())]
    pub weights: Option<Weights>,
    #[command(flatten)]
    pub memo: MemoArguments,
    /// The seed of place and route.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The number of seeds of place and route, from --seed on, tried side by side; the fastest result is kept.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100))]
    pub seeds: u64,
    /// A model that the bitstream has inside, so that the board answers from switch-on without a load (ECP5). It decides the hardware.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

/// The result of a build, for people and as JSON.
#[derive(Debug, Serialize)]
pub struct BuiltBoard {
    #[serde(flatten)]
    pub build: BuildReport,
    #[serde(flatten)]
    device: Description,
    /// The hash of the program inside; none without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<String>,
}

impl fmt::Display for BuiltBoard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BuildReport { board, part, meets_timing, seeds, median_fmax_mhz, worst_path, .. } = &self.build;
        let Description { preset, words, .. } = &self.device;
        let inside = if self.program.is_some() { ", with a model inside" } else { "" };
        writeln!(f, "{} ({part}), {preset}, {words}{inside}", styled(STRONG, board))?;
        let verdict = if *meets_timing { styled(GOOD, "met") } else { styled(BAD, "not met") };
        writeln!(f, "  timing {verdict}: {}", self.build.frequencies())?;
        if seeds.len() > 1 {
            let each: Vec<String> = seeds.iter().map(|(seed, fmax)| format!("{seed}: {fmax:.1}")).collect();
            writeln!(f, "  seeds, MHz: {}; median {median_fmax_mhz:.1}", each.join(", "))?;
        }
        writeln!(f, "{}", utilization(&self.build))?;
        writeln!(f, "  worst path, ns by block:")?;
        for segment in worst_path {
            let Segment { block, cells, logic_ns, routing_ns } = segment;
            writeln!(f, "    {logic_ns:>6.2} logic {routing_ns:>6.2} routing  {block} ({cells} cells)")?;
        }
        for (step, seconds) in &self.build.seconds {
            writeln!(f, "  {:<16} {seconds:>6.1} s", step.name())?;
        }
        if self.build.cached {
            writeln!(f, "  taken from the build that was there, with the same inputs")?;
        }
        self.build.notes.iter().try_for_each(|note| writeln!(f, "  passed over: {note}"))?;
        write!(f, "  bitstream        {}", self.build.bitstream.display())
    }
}

/// A table of the cells in use.
fn utilization(build: &BuildReport) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(["  cell", "used", "of", "%"]);
    for (cell, cells) in build.utilization.iter().filter(|(_, cells)| cells.used > 0) {
        let share = 100.0 * cells.used as f64 / cells.available.max(1) as f64;
        let row = [format!("  {cell}"), cells.used.to_string(), cells.available.to_string(), format!("{share:.0}")];
        table.add_row(row);
    }
    for column in 1..4 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

impl Build {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        self.board.notes().iter().for_each(|note| console.warn(note));
        let inside = self.inside()?;
        let of = inside.hardware(Hardware::of(self.network));
        let memo = self.memo.predictor(of.network, &self.board.sizes)?;
        let hardware = Hardware { datapath: self.datapath(&inside)?, memo, ..of };
        self.overwrite.refuse(in_the_way(&self.out, &self.board, |file| {
            Kind::Verilog.is_own(file) || Kind::Constraints.is_own(file)
        }))?;
        let seeds: Vec<u64> = (0..self.seeds).map(|nth| self.seed.wrapping_add(nth)).collect();
        let work = console.spinner("");
        let report = build_board(&self.board, &hardware, &inside, &self.out, &seeds, &work)?;
        work.finish();
        console.report(&report)?;
        report.check()
    }

    /// The program of --model.
    fn inside(&self) -> anyhow::Result<Inside> {
        let Some(model) = &self.model else { return Ok(Inside::Nothing) };
        Inside::fits(&self.board)?;
        let inside = Inside::of(model, &self.board)?;
        if self.network == Network::Crossbar && inside.memnet().is_some() {
            let text = format!("{} is a memory network: remove --network crossbar", model.display());
            return Err(Failure::Usage(text).into());
        }
        Ok(inside)
    }

    fn datapath(&self, inside: &Inside) -> anyhow::Result<Datapath> {
        let asked = |or: Datapath| Datapath {
            addressing: self.addressing.unwrap_or(or.addressing),
            weights: self.weights.unwrap_or(or.weights),
        };
        let is_crossbar = self.network == Network::Crossbar || inside.crossbar().is_some();
        if is_crossbar && (self.addressing.is_some() || self.weights.is_some()) {
            let text = "--addressing and --weights belong to memory networks: remove them";
            return Err(Failure::Usage(text.to_string()).into());
        }
        let Some(program) = inside.memnet() else { return Ok(asked(USUAL_DATAPATH)) };
        let (asked, trained) = (asked(program.datapath), program.datapath);
        if asked != trained {
            let text = format!("{asked}, which was asked for, does not fit the model, which is for {trained}");
            return Err(Failure::Usage(text).into());
        }
        Ok(trained)
    }
}

/// Emits a board's Verilog and builds its bitstream. What is being done shows on `work`.
pub fn build_board(
    board: &Board,
    hardware: &Hardware,
    inside: &Inside,
    out: &Path,
    seeds: &[u64],
    work: &Work,
) -> anyhow::Result<BuiltBoard> {
    let show = |doing: &str| work.set_message(doing);
    show("emitting Verilog");
    let design = design(board, hardware, inside)?;
    let mut progress = |progress: Progress| {
        if let Progress::Started(step) = progress {
            show(step.name());
        }
    };
    let report = build(&design.verilog, &design.top, board, out, seeds, &mut progress)?;
    Ok(BuiltBoard { build: report, device: hardware.description(&board.sizes), program: inside.hash() })
}

impl BuiltBoard {
    /// Timing that is not met is a check that failed.
    pub fn check(&self) -> anyhow::Result<()> {
        let BuildReport { board, meets_timing, .. } = &self.build;
        if *meets_timing {
            return Ok(());
        }
        let text = format!(
            "the design is too slow on {board}: {}; try more seeds (`engram build --seeds 8`), or a lower clock_mhz in board.toml",
            self.build.frequencies()
        );
        Err(Failure::Check(text).into())
    }
}
