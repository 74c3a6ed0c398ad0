//! Does the cells of a plan side by side, the longest first, and says how long it will still take.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use indicatif::ProgressBar;
use rayon::ThreadPoolBuilder;

use super::ledger::{Finished, Ledger};
use super::plan::{Cell, Plan};
use super::start::Starts;
use super::texts::Texts;
use super::work;
use crate::console::Console;

/// A cell that could not be done.
#[derive(Debug)]
pub struct Failed {
    pub cell: String,
    pub error: anyhow::Error,
}

/// Does every cell, `jobs` at a time. A cell that fails does not hold up the others.
pub fn run(console: &Console, plan: &Plan, jobs: usize, texts: &Texts, ledger: &Ledger) -> anyhow::Result<Vec<Failed>> {
    let (next, watch) = (AtomicUsize::new(0), Watch::new(console, plan));
    let (failed, starts) = (Mutex::new(Vec::new()), Starts::default());
    // A pool of one thread for each worker: restarts stay in the cell's thread, so that its processor time is its own.
    let pools: Vec<_> = (0..jobs.clamp(1, plan.cells.len().max(1)))
        .map(|_| ThreadPoolBuilder::new().num_threads(1).build())
        .collect::<Result<_, _>>()?;
    let worker = || {
        while let Some(cell) = plan.cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            match work::finish(cell, texts, ledger, &starts, &|share| watch.follow(cell, share)) {
                Ok(finished) => watch.finished(cell, Some(&finished)),
                Err(error) => {
                    watch.finished(cell, None);
                    let Ok(mut failed) = failed.lock() else { return };
                    failed.push(Failed { cell: name(cell), error });
                }
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

/// A cell in words.
pub fn name(cell: &Cell) -> String {
    let Cell { size, name, task, seed, .. } = cell;
    format!("{size} {name} qa{task} seed {seed}")
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
    /// Of the running ones, by cell: task and seed are not enough, so by name.
    running: std::collections::HashMap<String, f64>,
}

impl Watch<'_> {
    fn new<'a>(console: &'a Console, plan: &Plan) -> Watch<'a> {
        let bar = console.bar(plan.cells.len() as u64, "cells");
        Watch { console, bar, start: Instant::now(), all: plan.seconds(), state: Mutex::default() }
    }

    fn follow(&self, cell: &Cell, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.insert(name(cell), share * cell.estimated_seconds);
        self.bar.set_message(format!("{}; {}", self.left(&state), name(cell)));
    }

    fn finished(&self, cell: &Cell, finished: Option<&Finished>) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.remove(&name(cell));
        state.done += cell.estimated_seconds;
        state.finished += 1;
        self.bar.set_position(state.finished as u64);
        if !self.bar.is_hidden() {
            return;
        }
        let result = finished.map_or("failed".to_string(), |finished| {
            let Finished { test_error_percent: test, validation_error_percent: validation, cpu_seconds, .. } = finished;
            format!("test error {test:.1} %, validation {validation:.1} %, {cpu_seconds:.1} s")
        });
        let count = self.bar.length().unwrap_or(0);
        self.console.note(format!("{}: {result}; {} of {count}, {}", name(cell), state.finished, self.left(&state)));
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
}
