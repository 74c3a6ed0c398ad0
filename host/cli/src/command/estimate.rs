//! `engram estimate`: the cost of a model on a board, before anything is built.

use std::fmt;
use std::path::PathBuf;

use comfy_table::{CellAlignment, Table, presets};
use engram_crossbar::{Labels, Programming, ProgrammingError};
use engram_flow::Board;
use engram_memnet::ModelError;
use engram_session::Failure;
use engram_session::estimate::{Limit, Power, Work, limits, work};
use engram_session::hardware::{Description, Hardware, Network, buildable, crossbar_of};
use engram_session::model::Model;
use engram_testbench::boards::Boards;
use engram_testbench::footprint::{self, Cells};
use serde::Serialize;

use crate::arguments::hardware::BoardParser;
use crate::arguments::memo::RememberArguments;
use crate::arguments::refuse;
use crate::console::{BAD, Console, GOOD, NOTE, STRONG, styled};

/// The sentences and the words of a question of the official tasks, on average.
const TYPICAL: work::Question = work::Question { sentences: 9, words: 5 };

/// The arguments of `engram estimate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram estimate qa1.safetensors --board ulx3s-25f
  engram estimate qa1.safetensors --board ulx3s-25f --sentences 12 --words 4 --json
  engram estimate vowels.safetensors --board icebreaker
  engram estimate vowels-memo.safetensors --board ulx3s-85f --organisation serial

Cycles are exact: the hardware takes as many. They are those of the device, from the last byte of a request to its answer; the \
serial line takes its own time (`engram bench link`). The cycles of a question depend on the sentences and its words: engram gives \
a question of 9 sentences and 5 words, the mean of the official tasks, and the largest that the model holds. With memoization the \
cycles of a step depend on the columns that are remembered: engram gives the most (none) and the least (all).

An operation is a multiplication or an addition of the model; what only pads it does not count. Cells are those of the bitstream where \
one was built of this design for this board (docs/boards.md), else those of a model, which is within 15 % of all bitstreams that \
were built. Energy is a range between assumptions, and each is named: no board was measured. If the model does not fit, the exit \
code is 3.")]
pub struct Estimate {
    /// The file of a quantised model.
    pub model: PathBuf,
    /// The board, by name or as the path of its board.toml.
    #[arg(long, value_parser = BoardParser)]
    pub board: Board,
    /// The sentences in the memory when a question is asked [default: 9, or the model's slots].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub sentences: Option<u16>,
    /// The words of the question [default: 5, or those of the longest that the model holds].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub words: Option<u16>,
    #[command(flatten)]
    pub memo: RememberArguments,
}

/// The cost of a piece of work at the board's clock.
#[derive(Debug, Serialize)]
struct Priced {
    #[serde(flatten)]
    work: Work,
    microseconds: f64,
    per_second: f64,
    /// 10^9 operations a second.
    gop_per_second: f64,
    /// The least and the most; none where no figure of the part is known.
    microjoules: Option<[f64; 2]>,
}

impl Priced {
    fn of(work: Work, clock_mhz: f64, power: Option<&Power>) -> Priced {
        let microseconds = f64::from(work.cycles) / clock_mhz;
        Priced {
            microseconds,
            per_second: 1e6 / microseconds,
            gop_per_second: work.operations as f64 / microseconds * 1e-3,
            microjoules: power.map(|power| power.microjoules(microseconds)),
            work,
        }
    }
}

/// Cells of one kind.
#[derive(Debug, Serialize)]
struct Use {
    cell: &'static str,
    used: u64,
    /// The part's; none where the part is not known.
    available: Option<u64>,
    percent: Option<f64>,
}

/// The result of the command.
#[derive(Debug, Serialize)]
struct Estimated {
    model: PathBuf,
    board: String,
    part: String,
    #[serde(flatten)]
    device: Description,
    clock_mhz: f64,
    fits: bool,
    /// The cells that may be too few, where the estimate is within its error of what the part has.
    #[serde(skip_serializing_if = "Option::is_none")]
    uncertain: Option<String>,
    /// The first thing that does not fit, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    limits: Vec<Limit>,
    /// Empty where the model does not fit the device.
    work: Vec<Priced>,
    /// `bitstream` where one was built of this design, else `model`.
    cells_from: &'static str,
    cells: Vec<Use>,
    power: Option<Power>,
}

impl fmt::Display for Estimated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Estimated { model, board, part, device, clock_mhz, limits, cells_from, .. } = self;
        writeln!(f, "{} on {}", model.display(), styled(STRONG, board))?;
        writeln!(f, "  {part}, {}, {}, {clock_mhz} MHz", device.preset, device.words)?;
        match &self.remedy {
            None if self.cells.iter().all(|used| used.available.is_none()) => {
                writeln!(f, "  the sizes {}; the cells of the part are not known", styled(GOOD, "fit"))?;
            }
            None => match &self.uncertain {
                Some(uncertain) => writeln!(f, "  {}: {uncertain}", styled(NOTE, "may fit"))?,
                None => writeln!(f, "  {}", styled(GOOD, "fits"))?,
            },
            Some(remedy) => writeln!(f, "  {}: {remedy}", styled(BAD, "does not fit"))?,
        }
        let mut sizes = table(["  size", "model", "device"]);
        for limit @ Limit { what, found, allowed } in limits {
            let found = if limit.holds() { found.to_string() } else { format!("{found} !") };
            sizes.add_row([format!("  {what}"), found, allowed.to_string()]);
        }
        writeln!(f, "{}", aligned(sizes))?;
        if !self.work.is_empty() {
            let mut work = table(["  work", "cycles", "us", "a second", "GOP/s", "uJ"]);
            work.add_rows(self.work.iter().map(Priced::row));
            writeln!(f, "{}", aligned(work))?;
        }
        let mut cells = table(["  cell", "used", "of", "%"]);
        let unknown = || "?".to_string();
        for Use { cell, used, available, percent } in &self.cells {
            let available = available.map_or_else(unknown, |available| available.to_string());
            let percent = percent.map_or_else(unknown, |percent| format!("{percent:.0}"));
            cells.add_row([format!("  {}", cell.replace('_', " ")), used.to_string(), available, percent]);
        }
        writeln!(f, "{}", aligned(cells))?;
        let from = match *cells_from {
            "bitstream" => "of the bitstream that was built of this design",
            _ => "by the model of cells, within 15 % of the bitstreams that were built",
        };
        write!(f, "  cells: {from}")?;
        let Some(Power { milliwatts: [least, most], assumptions }) = &self.power else {
            return write!(f, "\n  power: no figure of this part is known");
        };
        write!(f, "\n  power: {least:.1} to {most:.1} mW, assumed, not measured")?;
        assumptions.iter().try_for_each(|assumption| write!(f, "\n    {assumption}"))
    }
}

impl Priced {
    /// The row of the table for people.
    fn row(&self) -> [String; 6] {
        let Priced { work, microseconds, per_second, gop_per_second, microjoules } = self;
        let mut name = work.what.replace('_', " ");
        if let (Some(sentences), Some(words)) = (work.sentences, work.words) {
            name = format!("{name}, {sentences} sentences, {words} words");
        }
        let cycles = match work.least_cycles {
            None => work.cycles.to_string(),
            Some(least) => format!("{least} to {}", work.cycles),
        };
        let energy = microjoules.map_or("?".to_string(), |[least, most]| format!("{least:.3} to {most:.3}"));
        [
            format!("  {name}"),
            cycles,
            format!("{microseconds:.2}"),
            format!("{per_second:.0}"),
            format!("{gop_per_second:.3}"),
            energy,
        ]
    }
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(header);
    table
}

/// The table with numbers to the right.
fn aligned(mut table: Table) -> Table {
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// The error of the model of logic, which a test keeps within it.
const ERROR: f64 = 0.15;

/// A model on a device: what it is, what it holds, and its work.
struct Placed {
    hardware: Hardware,
    cells: Cells,
    /// Products that the lanes make in a cycle.
    products: usize,
    limits: Vec<Limit>,
    /// The work, or the reason why the device does not hold the model.
    work: Result<Vec<Work>, anyhow::Error>,
}

impl Estimate {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        self.board.notes().iter().for_each(|note| console.warn(note));
        let Board { name, part, sizes, clock_mhz, .. } = &self.board;
        let placed = match Model::load(&self.model)? {
            Model::Memnet(model) => self.memnet(&model)?,
            Model::Crossbar(model) => self.crossbar(&model)?,
        };
        let Placed { hardware, cells, products, limits, work } = placed;
        let built = self.built(&hardware);
        let cells_from = if built.is_some() { "bitstream" } else { "model" };
        let cells = built.unwrap_or(cells);
        let available = Cells::of_part(part);
        let uses = uses(&cells, available.as_ref());
        // The figures of a bitstream are no estimate.
        let margin = if built.is_some() { 1.0 } else { 1.0 + ERROR };
        let error = match &work {
            Err(error) => Some(error.to_string()),
            Ok(_) => uses.iter().find_map(|used| beyond(used, name, &hardware, margin)),
        };
        let close = |used: &&Use| used.available.is_some_and(|available| used.used > available);
        let uncertain = uses.iter().find(close).filter(|_| error.is_none()).map(uncertain);
        let power = Power::of(part, *clock_mhz, &cells, products);
        let work = work.unwrap_or_default();
        console.report(&Estimated {
            model: self.model.clone(),
            board: name.clone(),
            part: part.to_string(),
            device: hardware.description(sizes),
            clock_mhz: *clock_mhz,
            fits: error.is_none(),
            uncertain,
            remedy: error.clone(),
            limits,
            work: work.into_iter().map(|work| Priced::of(work, *clock_mhz, power.as_ref())).collect(),
            cells_from,
            cells: uses,
            power,
        })?;
        error.map_or(Ok(()), |error| Err(Failure::Input(error).into()))
    }

    /// The cells of the bitstream that was built of a design for this board.
    fn built(&self, hardware: &Hardware) -> Option<Cells> {
        let usual = Hardware::of(hardware.network);
        if hardware.datapath != usual.datapath || hardware.memo.is_some() {
            return None;
        }
        // A board.toml may have the name of another board.
        let known = Board::named(&self.board.name).is_ok_and(|known| known == self.board);
        let built = known.then(|| Boards::kept().fresh(&self.board, hardware.network.name()))?;
        Some(Cells::of_built(built?, self.board.part.family))
    }

    fn memnet(&self, model: &engram_memnet::Model) -> anyhow::Result<Placed> {
        let memo = [("--memo, --predictor-width or --organisation", self.memo != RememberArguments::default())];
        refuse(&memo, "a crossbar network", "a memory network")?;
        let (design, geometry) = (&model.design, self.board.sizes.memnet);
        let question = self.question(design.shape.slots, design.shape.positions)?;
        let program = match model.program(geometry) {
            Err(error @ ModelError::TooLarge { .. }) => Err(error.into()),
            program => Ok(program?),
        };
        Ok(Placed {
            hardware: Hardware { datapath: design.datapath(), ..Hardware::of(Network::Memnet) },
            cells: footprint::memnet(self.board.part.family, &geometry, design.datapath()),
            products: geometry.lanes,
            limits: limits::memnet(design, &geometry),
            work: program.map(|program| work::memnet(design, &program, question)),
        })
    }

    /// The question that is asked for, or a typical one that the model holds.
    fn question(&self, slots: usize, positions: usize) -> Result<work::Question, Failure> {
        let number = |option, asked: Option<u16>, usual: usize, most: usize, what| match asked.map(usize::from) {
            None => Ok(usual.min(most)),
            Some(asked) if asked <= most => Ok(asked),
            Some(asked) => {
                Err(Failure::Usage(format!("found {option} {asked}, expected 1 to {most}: the model holds {what}")))
            }
        };
        Ok(work::Question {
            sentences: number("--sentences", self.sentences, TYPICAL.sentences, slots, format!("{slots} sentences"))?,
            words: number(
                "--words",
                self.words,
                TYPICAL.words,
                positions,
                format!("questions of {positions} words at most"),
            )?,
        })
    }

    fn crossbar(&self, model: &engram_crossbar::Model) -> anyhow::Result<Placed> {
        let question = [("--sentences", self.sentences.is_some()), ("--words", self.words.is_some())];
        refuse(&question, "a memory network", "a crossbar network")?;
        let (design, geometry) = (&model.design, crossbar_of(&self.board.sizes)?);
        let memo = self.memo.remember().memoization(model, &geometry)?.map(|how| how.predictor);
        memo.iter().try_for_each(|predictor| buildable(predictor, &geometry))?;
        let by_symbols = matches!(model.labels, Labels::Symbols { .. });
        let program = match model.program(geometry, &Programming::default()) {
            Err(error @ (ProgrammingError::TooLarge { .. } | ProgrammingError::Lanes { .. })) => Err(error.into()),
            program => Ok(program?),
        };
        Ok(Placed {
            hardware: Hardware { memo, ..Hardware::of(Network::Crossbar) },
            cells: footprint::crossbar(self.board.part.family, &geometry, memo),
            products: geometry.lanes,
            limits: limits::crossbar(design, &geometry),
            work: program.map(|program| work::crossbar(&program, by_symbols, memo)),
        })
    }
}

/// The use of each kind of cell that the device or the part has.
fn uses(cells: &Cells, available: Option<&Cells>) -> Vec<Use> {
    let of_part = |place: usize| available.map(|part| part.each()[place].1);
    let kinds = cells.each().into_iter().enumerate().map(|(place, (cell, used))| (cell, used, of_part(place)));
    let there = kinds.filter(|&(_, used, available)| used > 0 || available.is_some_and(|available| available > 0));
    there
        .map(|(cell, used, available)| {
            let percent = available.map(|available| (1000.0 * used as f64 / available.max(1) as f64).round() / 10.0);
            Use { cell, used, available, percent }
        })
        .collect()
}

/// A note on a kind of cell of which the part may have too few.
fn uncertain(used: &Use) -> String {
    let Use { cell, used, available, .. } = used;
    let (cell, available, percent) = (name_of(cell), available.unwrap_or(0), (100.0 * ERROR).round());
    format!(
        "the estimate of {used} {cell} is within its error, {percent} %, of the {available} that the part has; `engram build` tells"
    )
}

/// The name of a kind of cell in a sentence.
fn name_of(cell: &str) -> String {
    if cell == "logic" { "cells of logic".to_string() } else { cell.replace('_', " ") }
}

/// The error of a kind of cell of which the part has too few: of logic, which is estimated, by more than the error of the estimate.
fn beyond(used: &Use, board: &str, hardware: &Hardware, margin: f64) -> Option<String> {
    let Use { cell, used, available, .. } = *used;
    let margin = if cell == "logic" { margin } else { 1.0 };
    let available = available.filter(|&available| used as f64 > available as f64 * margin)?;
    let remedy = match hardware.memo {
        Some(_) => "choose --memo off, or a board with a larger part",
        None => "choose a board with a larger part, or a smaller preset in board.toml",
    };
    let cell = name_of(cell);
    Some(format!("the device takes {used} {cell}, and the part of {board} has {available}: {remedy}"))
}
