//! The cells of the campaign: table x set x row x seed, with the time that each will take.

use std::collections::{HashMap, HashSet};

use engram_crossbar::Recipe;
use engram_sequences::{Data, Recording};
use serde::Serialize;

use super::ledger::{Finished, Ledger};
use super::row::{Row, Table};
use super::set::Set;
use super::work::{NOISE, PROGRAMMINGS};
use crate::results::runner;

/// Processor seconds of a unit of work, before any cell has said better: measured on one core with AVX-512.
const SECONDS: f64 = 4.0e-11;

/// Seeds that every row is trained with where nothing else is said.
const SEEDS: u64 = 5;

/// The same of the table of bits with a stream, which takes the longest.
const SEEDS_STREAM_BITS: u64 = 2;

/// A training or a measurement with one seed.
#[derive(Clone, Debug, Serialize)]
pub struct Cell<'a> {
    #[serde(skip)]
    pub set: &'a Set,
    #[serde(rename = "set")]
    pub name: &'a str,
    #[serde(serialize_with = "row_name")]
    pub row: Row,
    pub seed: u64,
    /// Multiplications at most, about.
    #[serde(skip)]
    pub work: f64,
    /// Processor time, estimated from what is finished.
    pub estimated_seconds: f64,
}

fn row_name<S: serde::Serializer>(row: &Row, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(row)
}

impl runner::Cell for Cell<'_> {
    fn name(&self) -> String {
        format!("{} {} seed {}", self.name, self.row, self.seed)
    }

    fn estimated_seconds(&self) -> f64 {
        self.estimated_seconds
    }
}

/// What is to be done and what is done already.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// The cells to do, in the order of the tables.
    pub cells: Vec<Cell<'a>>,
    /// Those that the ledger holds.
    pub finished: Vec<Finished>,
}

impl<'a> Plan<'a> {
    /// Crosses tables, sets and the seeds 1 to `seeds`, or as many as the table has by default. The models that a cell needs come with it.
    pub fn new(sets: &'a [Set], tables: &[Table], seeds: Option<u64>, ledger: &Ledger) -> Plan<'a> {
        let (mut plan, mut seen) = (Plan::default(), HashSet::new());
        for table in Table::ALL.into_iter().filter(|table| tables.contains(table)) {
            for set in sets {
                for row in rows(set, table) {
                    for seed in 1..=seeds.unwrap_or(default_seeds(set, table)) {
                        // First what it begins with: other cells may be waiting for the same.
                        for row in [Row::Float, row.model(), row] {
                            if seen.insert((&set.name, row.to_string(), seed)) {
                                plan.add(set, row, seed, ledger);
                            }
                        }
                    }
                }
            }
        }
        plan.estimate();
        plan
    }

    fn add(&mut self, set: &'a Set, row: Row, seed: u64, ledger: &Ledger) {
        match ledger.find(set, row, seed) {
            Some(finished) => self.finished.push(finished),
            None => {
                let work = work(set, row);
                self.cells.push(Cell { set, name: &set.name, row, seed, work, estimated_seconds: 0.0 });
            }
        }
    }

    /// Estimates the time by the finished cells of the same set and kind, else by those of the kind.
    fn estimate(&mut self) {
        let mut rates: HashMap<(Option<&str>, &str), (f64, f64)> = HashMap::new();
        for cell in &self.finished {
            let kind = cell.row.split("-w").next().unwrap_or_default();
            for set in [None, Some(cell.set.as_str())] {
                let (seconds, work) = rates.entry((set, kind)).or_default();
                *seconds += cell.cpu_seconds;
                *work += cell.work;
            }
        }
        for cell in &mut self.cells {
            let kind = cell.row.kind();
            let rate = rates.get(&(Some(cell.name), kind)).or_else(|| rates.get(&(None, kind)));
            cell.estimated_seconds = cell.work * rate.map_or(SECONDS, |(seconds, work)| seconds / work);
        }
    }
}

fn default_seeds(set: &Set, table: Table) -> u64 {
    match (&set.data, table) {
        (Data::Symbols(_), Table::Bits) => SEEDS_STREAM_BITS,
        _ => SEEDS,
    }
}

/// The rows of a table that say something of a set: tiles of more rows than it has are the one tile.
pub fn rows(set: &Set, table: Table) -> Vec<Row> {
    let several = |row: &Row| row.change().is_none_or(|change| change.rows < crossbar_rows(set));
    table.rows().into_iter().filter(several).collect()
}

/// The rows of a set's crossbar: those of x, padded, and those of h.
pub fn crossbar_rows(set: &Set) -> usize {
    let recipe = &set.recipes.quantised;
    inputs(&set.data).next_multiple_of(recipe.tiling.lanes.max(1)) + recipe.hidden
}

fn inputs(data: &Data) -> usize {
    match data {
        Data::Recordings(set) => set.channels,
        Data::Symbols(set) => set.symbols(),
    }
}

/// The steps of training and test data, and the multiplications of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    pub training: f64,
    pub test: f64,
    pub step: f64,
}

/// Those of a set with a recipe.
pub fn sizes(set: &Set, recipe: &Recipe) -> Sizes {
    let hidden = recipe.hidden as f64;
    let (training, test, step) = match &set.data {
        Data::Recordings(data) => {
            let steps = |part: &[Recording]| part.iter().map(Recording::len).sum::<usize>() as f64;
            (steps(&data.train), steps(&data.test), 4.0 * hidden * (data.channels as f64 + hidden))
        }
        Data::Symbols(data) => {
            let (training, _) = recipe.limited(data.train.len(), data.validation.len());
            let symbols = data.symbols() as f64;
            (training as f64, data.test.len() as f64, 4.0 * hidden * (1.0 + hidden) + hidden * symbols)
        }
    };
    Sizes { training, test, step }
}

/// Multiplications: forward, and where something is learnt twice as many backward, in all of its epochs; then the test.
fn work(set: &Set, row: Row) -> f64 {
    let recipe = if row == Row::Float { &set.recipes.float } else { &set.recipes.quantised };
    let Sizes { training, test, step } = sizes(set, recipe);
    let steps = match row {
        Row::Float | Row::Trained(_) => 3.0 * training * (recipe.epochs * recipe.restarts) as f64 + test,
        Row::After(_) => test,
        Row::UnderNoise(_) => test * (1 + PROGRAMMINGS * (NOISE.len() - 1)) as f64,
    };
    steps * step
}
