//! The cells of the campaign: network x set x seed, the most telling first, with the time that each will take.

use std::collections::HashMap;

use engram_sequences::Data;
use serde::Serialize;

use super::ledger::{Finished, Ledger};
use super::row::{HIDDEN, Row};
use super::work::{TEST_STEPS, TUNING_STEPS};
use crate::results::crossbar::plan::{Sizes, sizes};
use crate::results::crossbar::set::Set;
use crate::results::runner;

/// Processor seconds of a unit of work, before any cell has said better: measured on one core with AVX-512.
const SECONDS: f64 = 1.0e-10;

/// Seeds that the networks whose marks are told are trained with where nothing else is said; all others have one, for they take
/// most of the time.
const SEEDS: u64 = 3;

/// The seeds of a network with a set, where nothing else is said.
pub fn default_seeds(set: &Set, row: Row) -> u64 {
    let marked = matches!(set.data, Data::Recordings(_)) && row.hidden == HIDDEN[0];
    if marked { SEEDS } else { 1 }
}

/// How often the tuning data are gone through, about: thresholds alike, by gate, and the oracle's.
const ATTEMPTS: f64 = 100.0;

/// How often the test data are: without, three schemes, the curves.
const TESTS: f64 = 20.0;

/// A network with one seed, trained and measured.
#[derive(Clone, Debug, Serialize)]
pub struct Cell<'a> {
    #[serde(skip)]
    pub set: &'a Set,
    #[serde(rename = "set")]
    pub name: &'a str,
    #[serde(serialize_with = "row_name")]
    pub row: Row,
    pub seed: u64,
    /// Multiplications, about.
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
    /// The cells to do.
    pub cells: Vec<Cell<'a>>,
    /// Those that the ledger holds.
    pub finished: Vec<Finished>,
}

impl<'a> Plan<'a> {
    /// Crosses networks, sets and the seeds 1 to `seeds`: of each kind of cells first the recordings, whose marks are told, with
    /// one seed after the other.
    pub fn new(sets: &'a [Set], rows: &[Row], seeds: Option<u64>, ledger: &Ledger) -> Plan<'a> {
        let mut plan = Plan::default();
        let (recordings, streams): (Vec<&Set>, Vec<&Set>) =
            sets.iter().partition(|set| matches!(set.data, Data::Recordings(_)));
        let all = Row::all();
        for rows in all.chunk_by(|one, other| (one.cell, one.hidden) == (other.cell, other.hidden)) {
            for sets in [&recordings, &streams] {
                for seed in 1..=seeds.unwrap_or(SEEDS) {
                    let cells = sets.iter().flat_map(|set| rows.iter().map(move |row| (*set, *row)));
                    let wanted = cells.filter(|&(set, row)| seed <= seeds.unwrap_or(default_seeds(set, row)));
                    wanted.for_each(|(set, row)| plan.add(set, row, seed, ledger));
                }
            }
        }
        plan.cells.retain(|cell| rows.contains(&cell.row));
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

    /// Estimates the time by the finished cells of the same set, else by all of them.
    fn estimate(&mut self) {
        let mut rates: HashMap<Option<&str>, (f64, f64)> = HashMap::new();
        for cell in &self.finished {
            for set in [None, Some(cell.set.as_str())] {
                let (seconds, work) = rates.entry(set).or_default();
                *seconds += cell.cpu_seconds;
                *work += cell.work;
            }
        }
        for cell in &mut self.cells {
            let rate = rates.get(&Some(cell.name)).or_else(|| rates.get(&None));
            cell.estimated_seconds = cell.work * rate.map_or(SECONDS, |(seconds, work)| seconds / work);
        }
    }
}

/// Multiplications: of training, forward and twice as many backward, the float network shared with others; of measuring.
fn work(set: &Set, row: Row) -> f64 {
    let recipes = row.recipes(set);
    let Sizes { training, step, .. } = sizes(set, &recipes.quantised);
    let epochs = [recipes.float, recipes.quantised].map(|recipe| (recipe.epochs * recipe.restarts) as f64);
    let trained = 3.0 * training * (epochs[0] / super::row::BITS.len() as f64 + epochs[1]);
    let measured = ATTEMPTS * training.min(TUNING_STEPS as f64) + TESTS * TEST_STEPS as f64;
    (trained + measured) * step
}
