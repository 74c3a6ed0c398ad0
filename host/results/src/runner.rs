//! The runs of a plan done side by side, in the plan's order, with the time that is left.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use engram_testbench::BackendError;
use indicatif::ProgressBar;
use rayon::ThreadPoolBuilder;

use crate::observer::{Observer, Progress};

/// Work that is done at once and kept when it is finished.
pub trait Run: Sync {
    /// The name, as a key of a campaign's run is; no two runs of a plan have the same.
    fn name(&self) -> String;

    /// Processor time in seconds, estimated from what is finished.
    fn estimated_seconds(&self) -> f64;

    /// The run whose model this one begins with, where that is a run of its own.
    fn after(&self) -> Option<String> {
        None
    }
}

/// A run that could not be done.
#[derive(Debug)]
pub struct Failed {
    /// The run's name.
    pub run: String,
    /// The reason.
    pub error: anyhow::Error,
}

/// The error of a tool that is missing, taken out of what failed: every run lacks it.
pub fn missing_tool(failed: &mut Vec<Failed>) -> Option<anyhow::Error> {
    let lacks = |error: &anyhow::Error| {
        error.chain().filter_map(|cause| cause.downcast_ref::<BackendError>()).any(BackendError::is_missing_tool)
    };
    let missing = failed.iter().position(|one| lacks(&one.error))?;
    Some(failed.swap_remove(missing).error)
}

/// Does every run, `jobs` at a time. A run that fails does not hold up the others. `finish` does a run in a thread of its
/// own, says which share is done, at most, and gives the result in words.
pub fn run<R: Run>(
    observer: &dyn Observer,
    runs: &[R],
    jobs: usize,
    finish: impl Fn(&R, Progress) -> anyhow::Result<String> + Sync,
) -> anyhow::Result<Vec<Failed>> {
    let (next, watch) = (AtomicUsize::new(0), Watch::new(observer, runs));
    let failed = Mutex::new(Vec::new());
    // A pool of one thread for each worker: restarts stay in the run's thread, so that its processor time is its own.
    let pools: Vec<_> = (0..jobs.clamp(1, runs.len().max(1)))
        .map(|_| ThreadPoolBuilder::new().num_threads(1).build())
        .collect::<Result<_, _>>()?;
    let worker = || {
        while let Some(run) = runs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let done = finish(run, &|share| watch.follow(run, share));
            watch.finished(run, done.as_deref().unwrap_or("failed"));
            if let Err(error) = done {
                let Ok(mut failed) = failed.lock() else { return };
                failed.push(Failed { run: run.name(), error });
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

/// The estimated processor time of some runs, in seconds.
pub fn seconds<R: Run>(runs: &[R]) -> f64 {
    runs.iter().map(Run::estimated_seconds).sum()
}

/// The processor time that finished work took, by group.
#[derive(Debug, Default)]
pub struct Rates<G> {
    /// Seconds, and the units of work that took them.
    rates: HashMap<G, (f64, f64)>,
}

impl<G: Eq + Hash> Rates<G> {
    /// Counts finished work to some groups.
    pub fn add(&mut self, groups: impl IntoIterator<Item = G>, seconds: f64, work: f64) {
        for group in groups {
            let rate = self.rates.entry(group).or_default();
            *rate = (rate.0 + seconds, rate.1 + work);
        }
    }

    /// Seconds of a unit of work: those of the first group of which something is finished, else `usual`.
    pub fn of(&self, groups: impl IntoIterator<Item = G>, usual: f64) -> f64 {
        let rate = groups.into_iter().find_map(|group| self.rates.get(&group));
        rate.map_or(usual, |(seconds, work)| seconds / work)
    }
}

/// An account of the work.
struct Watch<'a> {
    observer: &'a dyn Observer,
    bar: ProgressBar,
    start: Instant,
    /// Estimated seconds of all runs.
    all: f64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    finished: usize,
    /// Estimated seconds of the finished runs.
    done: f64,
    /// The progress of the running ones, by name.
    running: HashMap<String, f64>,
}

impl<'a> Watch<'a> {
    fn new<R: Run>(observer: &'a dyn Observer, runs: &[R]) -> Watch<'a> {
        let bar = observer.bar(runs.len() as u64, "runs");
        Watch { observer, bar, start: Instant::now(), all: seconds(runs), state: Mutex::default() }
    }

    fn follow(&self, run: &impl Run, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.insert(run.name(), share * run.estimated_seconds());
        self.bar.set_message(format!("{}; {}", self.left(&state), run.name()));
    }

    fn finished(&self, run: &impl Run, result: &str) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.remove(&run.name());
        state.done += run.estimated_seconds();
        state.finished += 1;
        self.bar.set_position(state.finished as u64);
        if self.bar.is_hidden() {
            let count = self.bar.length().unwrap_or(0);
            let left = self.left(&state);
            self.observer.note(&format!("{}: {result}; {} of {count}, {left}", run.name(), state.finished));
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
    use crate::observer::Quiet;

    #[test]
    fn times_have_two_units() {
        assert_eq!([0.4, 61.0, 7260.0].map(time), ["0 s", "1 min 1 s", "2 h 1 min"]);
    }

    struct Number(usize);

    impl Run for Number {
        fn name(&self) -> String {
            self.0.to_string()
        }

        fn estimated_seconds(&self) -> f64 {
            1.0
        }
    }

    #[test]
    fn every_run_is_done_once_and_a_failure_holds_up_none() {
        let (runs, done) = ((0..20).map(Number).collect::<Vec<_>>(), Mutex::new(Vec::new()));
        let failed = run(&Quiet, &runs, 3, |run, progress| {
            progress(0.5);
            done.lock().unwrap().push(run.0);
            anyhow::ensure!(run.0 != 7, "seven");
            Ok(String::new())
        });
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..20).collect::<Vec<_>>());
        assert_eq!(failed.unwrap().iter().map(|failed| failed.run.as_str()).collect::<Vec<_>>(), ["7"]);
    }
}
