//! Does the cells of a plan side by side, in the plan's order, and says how long it will still take.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use indicatif::ProgressBar;
use rayon::ThreadPoolBuilder;

use crate::console::Console;
use crate::failure::exit_code;

/// What a campaign does at once and keeps when it is finished.
pub trait Cell: Sync {
    /// In words; no two cells of a plan have the same.
    fn name(&self) -> String;
    /// Processor time, estimated from what is finished.
    fn estimated_seconds(&self) -> f64;
}

/// A cell that could not be done.
#[derive(Debug)]
pub struct Failed {
    pub cell: String,
    pub error: anyhow::Error,
}

/// The error of a tool that is missing, taken out of what failed: what it is missing for, it is missing for of every cell.
pub fn missing_tool(failed: &mut Vec<Failed>) -> Option<anyhow::Error> {
    let missing = failed.iter().position(|one| exit_code(&one.error) == 4)?;
    Some(failed.swap_remove(missing).error)
}

/// Does every cell, `jobs` at a time. A cell that fails does not hold up the others. `finish` does a cell in a thread of its
/// own, tells the share that is done, at most, and gives the result in words.
pub fn run<C: Cell>(
    console: &Console,
    cells: &[C],
    jobs: usize,
    finish: impl Fn(&C, &(dyn Fn(f64) + Sync)) -> anyhow::Result<String> + Sync,
) -> anyhow::Result<Vec<Failed>> {
    let (next, watch) = (AtomicUsize::new(0), Watch::new(console, cells));
    let failed = Mutex::new(Vec::new());
    // A pool of one thread for each worker: restarts stay in the cell's thread, so that its processor time is its own.
    let pools: Vec<_> = (0..jobs.clamp(1, cells.len().max(1)))
        .map(|_| ThreadPoolBuilder::new().num_threads(1).build())
        .collect::<Result<_, _>>()?;
    let worker = || {
        while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            let done = finish(cell, &|share| watch.follow(cell, share));
            watch.finished(cell, done.as_deref().unwrap_or("failed"));
            if let Err(error) = done {
                let Ok(mut failed) = failed.lock() else { return };
                failed.push(Failed { cell: cell.name(), error });
            }
        }
    };
    std::thread::scope(|scope| {
        for pool in &pools {
            scope.spawn(|| pool.install(worker));
        }
    });
    watch.bar.finish_and_clear();
    Ok(failed.into_inner().unwrap_or_default())
}

/// The processor time of some cells.
pub fn seconds<C: Cell>(cells: &[C]) -> f64 {
    cells.iter().map(Cell::estimated_seconds).sum()
}

/// Follows the work.
struct Watch<'a> {
    console: &'a Console,
    bar: ProgressBar,
    start: Instant,
    /// Estimated seconds of all cells.
    all: f64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    finished: usize,
    /// Estimated seconds of the finished cells.
    done: f64,
    /// Of the running ones, by name.
    running: HashMap<String, f64>,
}

impl<'a> Watch<'a> {
    fn new<C: Cell>(console: &'a Console, cells: &[C]) -> Watch<'a> {
        let bar = console.bar(cells.len() as u64, "cells");
        Watch { console, bar, start: Instant::now(), all: seconds(cells), state: Mutex::default() }
    }

    fn follow(&self, cell: &impl Cell, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.insert(cell.name(), share * cell.estimated_seconds());
        self.bar.set_message(format!("{}; {}", self.left(&state), cell.name()));
    }

    fn finished(&self, cell: &impl Cell, result: &str) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.remove(&cell.name());
        state.done += cell.estimated_seconds();
        state.finished += 1;
        self.bar.set_position(state.finished as u64);
        if self.bar.is_hidden() {
            let count = self.bar.length().unwrap_or(0);
            let left = self.left(&state);
            self.console.note(format!("{}: {result}; {} of {count}, {left}", cell.name(), state.finished));
        }
    }

    /// The time that is left, if the rest goes as fast, measured by the estimates, as what is done.
    fn left(&self, state: &State) -> String {
        let done = state.done + state.running.values().sum::<f64>();
        if done <= 0.0 {
            return "time unknown".to_string();
        }
        format!("about {} left", time(self.start.elapsed().as_secs_f64() * (self.all - done).max(0.0) / done))
    }
}

/// A time in two units.
pub fn time(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match (whole / 3600, whole / 60 % 60, whole % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m, s) => format!("{m} min {s} s"),
        (h, m, _) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_two_units() {
        assert_eq!([0.4, 61.0, 7260.0].map(time), ["0 s", "1 min 1 s", "2 h 1 min"]);
    }

    struct Number(usize);

    impl Cell for Number {
        fn name(&self) -> String {
            self.0.to_string()
        }

        fn estimated_seconds(&self) -> f64 {
            1.0
        }
    }

    #[test]
    fn every_cell_is_done_once_and_a_failure_holds_up_none() {
        let (cells, done) = ((0..20).map(Number).collect::<Vec<_>>(), Mutex::new(Vec::new()));
        let failed = run(&Console::new(false), &cells, 3, |cell, progress| {
            progress(0.5);
            done.lock().unwrap().push(cell.0);
            anyhow::ensure!(cell.0 != 7, "seven");
            Ok(String::new())
        });
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..20).collect::<Vec<_>>());
        assert_eq!(failed.unwrap().iter().map(|failed| failed.cell.as_str()).collect::<Vec<_>>(), ["7"]);
    }
}
