//! The runs of a plan done side by side, in the plan's order, with the time that is left.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use engram_session::progress::Work;
use engram_testbench::BackendError;
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
    watch.work.finish();
    Ok(failed.into_inner().unwrap_or_default())
}

/// The estimated processor time of some runs, in seconds.
pub fn seconds<R: Run>(runs: &[R]) -> f64 {
    runs.iter().map(Run::estimated_seconds).sum()
}

/// An account of the work.
struct Watch<'a> {
    observer: &'a dyn Observer,
    work: Work,
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
        let work = observer.bar(runs.len(), "results", "run");
        Watch { observer, work, all: seconds(runs), state: Mutex::default() }
    }

    fn follow(&self, run: &impl Run, share: f64) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.insert(run.name(), share * run.estimated_seconds());
        self.show(&state);
        self.work.set_message(run.name());
    }

    fn finished(&self, run: &impl Run, result: &str) {
        let Ok(mut state) = self.state.lock() else { return };
        state.running.remove(&run.name());
        state.done += run.estimated_seconds();
        state.finished += 1;
        self.work.set_position(state.finished as u64);
        self.show(&state);
        if self.work.is_hidden() {
            let (count, left) = (self.work.count(), self.work.left().unwrap_or_default());
            self.observer.note(&format!("{}: {result}; {} of {count}, {left}", run.name(), state.finished));
        }
    }

    /// Shows the share of the estimated time that is done: runs are not alike.
    fn show(&self, state: &State) {
        let done = state.done + state.running.values().sum::<f64>();
        self.work.set_share(if self.all > 0.0 { (done / self.all).min(1.0) } else { 0.0 });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observer::Quiet;

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
