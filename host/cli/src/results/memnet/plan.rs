//! The cells of the campaign: row x task x seed, with the time that each will take.

use std::collections::HashMap;

use engram_babi::BabiError;
use engram_memnet::Recipe;
use serde::Serialize;

use super::ledger::{Finished, Ledger, key};
use super::row::{Row, Size};
use super::texts::{Text, Texts};
use crate::results::runner;

/// Processor seconds of a unit of work, before any cell has said better: measured on one core with AVX-512.
const SECONDS: f64 = 3.0e-10;

/// A training with one seed.
#[derive(Clone, Debug, Serialize)]
pub struct Cell<'a> {
    #[serde(skip)]
    pub row: &'a Row,
    pub size: Size,
    #[serde(rename = "row")]
    pub name: &'a str,
    pub task: u8,
    pub seed: u64,
    #[serde(skip)]
    pub key: String,
    /// Multiplications at most, about.
    #[serde(skip)]
    pub work: f64,
    /// Processor time, estimated from what is finished.
    pub estimated_seconds: f64,
}

impl runner::Cell for Cell<'_> {
    fn name(&self) -> String {
        let Cell { size, name, task, seed, .. } = self;
        format!("{size} {name} qa{task} seed {seed}")
    }

    fn estimated_seconds(&self) -> f64 {
        self.estimated_seconds
    }
}

/// What is to be done and what is done already.
#[derive(Debug, Default)]
pub struct Plan<'a> {
    /// The cells to do, the longest first.
    pub cells: Vec<Cell<'a>>,
    /// Those that the ledger holds.
    pub finished: Vec<Finished>,
}

impl<'a> Plan<'a> {
    /// Crosses rows, tasks and the seeds 1 to `seeds`, or as many as the size has by default.
    pub fn new(
        rows: &'a [Row],
        tasks: &[u8],
        seeds: Option<u64>,
        texts: &Texts,
        ledger: &Ledger,
    ) -> Result<Plan<'a>, BabiError> {
        let mut plan = Plan::default();
        for size in Size::ALL {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.size == size).collect();
            for &task in tasks.iter().filter(|_| !rows.is_empty()) {
                let text = texts.read(size, task)?;
                let seeds = seeds.unwrap_or(size.seeds());
                rows.iter().for_each(|row| plan.add(row, &text, seeds, ledger));
            }
        }
        plan.estimate();
        plan.cells.sort_by(|a, b| b.estimated_seconds.total_cmp(&a.estimated_seconds));
        Ok(plan)
    }

    fn add(&mut self, row: &'a Row, text: &Text, seeds: u64, ledger: &Ledger) {
        let task = text.data.task;
        let (key, work) = (key(row, task, text.fingerprint()), work(&row.recipe, text));
        for seed in 1..=seeds {
            match ledger.find(row, task, seed, &key) {
                Some(finished) => self.finished.push(finished),
                None => self.cells.push(Cell {
                    row,
                    size: row.size,
                    name: &row.name,
                    task,
                    seed,
                    key: key.clone(),
                    work,
                    estimated_seconds: 0.0,
                }),
            }
        }
    }

    /// Estimates the time by the finished cells of the same row, else of all rows.
    fn estimate(&mut self) {
        let mut rates: HashMap<Option<(Size, &str)>, (f64, f64)> = HashMap::new();
        for cell in &self.finished {
            for group in [None, Some((cell.size, cell.row.as_str()))] {
                let (seconds, work) = rates.entry(group).or_default();
                *seconds += cell.cpu_seconds;
                *work += cell.work;
            }
        }
        for cell in &mut self.cells {
            let rate = rates.get(&Some((cell.size, cell.name))).or_else(|| rates.get(&None));
            cell.estimated_seconds = cell.work * rate.map_or(SECONDS, |(seconds, work)| seconds / work);
        }
    }
}

/// Multiplications of a training that uses all of its epochs: forward, and twice as many backward.
fn work(recipe: &Recipe, text: &Text) -> f64 {
    let stories = &text.data.train;
    let questions: usize = stories.iter().map(|story| story.questions()).sum();
    let lines: usize = stories.iter().map(|story| story.lines.len() * story.questions()).sum();
    // A question stands in the middle of its story, on the whole.
    let sentences = (lines as f64 / questions.max(1) as f64 / 2.0).clamp(1.0, recipe.slots as f64);
    let (elements, hops) = (recipe.elements as f64, recipe.hops as f64);
    let vectors = hops * (2.0 * sentences + elements) + 12.0 * sentences + text.data.words().len() as f64;
    3.0 * vectors * elements * (questions * recipe.epochs * recipe.restarts) as f64
}

#[cfg(test)]
mod tests {
    use super::super::ledger::tests::{cell, keep_whole, row};
    use super::*;

    #[test]
    fn cells_are_crossed_and_finished_ones_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(&folder.path().join("cells"));
        let (texts, rows) = (Texts::default(), [row("epochs = 2")]);
        let plan = Plan::new(&rows, &[1, 6], Some(3), &texts, &ledger).unwrap();
        assert_eq!((plan.cells.len(), plan.finished.len()), (6, 0));
        assert!(plan.cells.windows(2).all(|pair| pair[0].estimated_seconds >= pair[1].estimated_seconds));
        let first = &plan.cells[0];
        let done = Finished { key: first.key.clone(), seed: 2, work: first.work, ..cell(first.task, 2, 1.0) };
        keep_whole(&ledger, &done);
        let again = Plan::new(&rows, &[1, 6], Some(3), &texts, &ledger).unwrap();
        assert_eq!((again.cells.len(), &again.finished[..]), (5, &[done][..]));
        // The finished cell took 3 seconds; its task's other seeds are expected to take as long.
        let same = again.cells.iter().find(|cell| cell.task == again.finished[0].task).unwrap();
        assert!((same.estimated_seconds - 3.0).abs() < 1e-9);
        let changed = [row("epochs = 3")];
        assert_eq!(Plan::new(&changed, &[1, 6], Some(3), &texts, &ledger).unwrap().cells.len(), 6);
    }
}
