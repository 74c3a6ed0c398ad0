//! The bitstreams of `engram run`, made beside everything else: no model goes into them.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use engram_flow::{Board, BuildReport};

use super::{All, BOARDS, caught, named, of, summary, timed};
use crate::command::build::build_board;
use crate::console::Console;
use engram_session::hardware::{Hardware, Network};
use engram_session::inside::Inside;
use engram_session::progress::Work;

/// Builds that are not finished, by the names of their steps.
type Doing = Mutex<Vec<(String, Arc<Work>)>>;

/// A bitstream to be made.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub network: Network,
    pub board: Board,
}

impl Job {
    /// The step's name.
    fn step(&self) -> String {
        format!("build{} {}", of(self.network), self.board.name)
    }
}

/// The outcome of a bitstream's build.
struct Built {
    job: Job,
    seconds: f64,
    outcome: anyhow::Result<(BuildReport, String)>,
}

/// Bitstreams that are being made.
pub(super) struct Builds {
    built: Receiver<Built>,
    /// The builds that are not finished yet, each with the spinner that shows its step.
    doing: Arc<Doing>,
    left: usize,
}

impl Builds {
    /// Makes bitstreams in folders of `out`, in this order, as many side by side as there are processors: a tool uses one.
    pub(super) fn start(out: &Path, jobs: Vec<Job>) -> Builds {
        let left = jobs.len();
        let waiting = Arc::new(Mutex::new(VecDeque::from(jobs)));
        let doing = Arc::new(Mutex::new(Vec::new()));
        let (done, built) = channel();
        for _ in 0..thread::available_parallelism().map_or(1, usize::from).min(left) {
            let (out, waiting, doing, done) = (out.to_path_buf(), waiting.clone(), doing.clone(), done.clone());
            thread::spawn(move || work(&out, &waiting, &doing, &done));
        }
        Builds { built, doing, left }
    }

    /// The builds that are finished, without waiting for any.
    fn done(&mut self) -> Vec<Built> {
        let built: Vec<Built> = self.built.try_iter().collect();
        self.left -= built.len();
        built
    }

    /// The next one that is done; `None` where all are.
    fn next(&mut self, console: &Console) -> Option<Built> {
        if self.left == 0 {
            return None;
        }
        let spinner = console.spinner("");
        loop {
            spinner.set_message(self.now());
            match self.built.recv_timeout(Duration::from_secs(1)) {
                Ok(built) => {
                    self.left -= 1;
                    spinner.finish();
                    return Some(built);
                }
                Err(RecvTimeoutError::Timeout) => (),
                Err(RecvTimeoutError::Disconnected) => {
                    self.left = 0;
                    return None;
                }
            }
        }
    }

    /// The builds that run now, in a line.
    fn now(&self) -> String {
        let doing = lock(&self.doing);
        doing.iter().map(|(step, doing)| format!("{step} ({})", doing.message())).collect::<Vec<_>>().join(", ")
    }
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Makes one bitstream after another, until none is waiting.
fn work(out: &Path, waiting: &Mutex<VecDeque<Job>>, doing: &Doing, done: &Sender<Built>) {
    loop {
        let Some(job) = lock(waiting).pop_front() else { return };
        let progress = Arc::new(Work::hidden());
        lock(doing).push((job.step(), progress.clone()));
        let out = out.join(named(job.network, &job.board));
        let (seconds, outcome) = timed(|| caught(|| bitstream(&job, &out, &progress)));
        lock(doing).retain(|(step, _)| *step != job.step());
        if done.send(Built { job, seconds, outcome }).is_err() {
            return;
        }
    }
}

/// Builds a board's bitstream, and says in a line how it came out.
fn bitstream(job: &Job, out: &Path, progress: &Work) -> anyhow::Result<(BuildReport, String)> {
    let report = build_board(&job.board, &Hardware::of(job.network), &Inside::Nothing, out, &[1], progress)?;
    report.check()?;
    let text = summary(&report.build);
    Ok((report.build, text))
}

impl All<'_> {
    /// Notes the bitstreams that are done, and goes on.
    pub(super) fn look_at_builds(&mut self) {
        let built = self.builds.as_mut().map(Builds::done).unwrap_or_default();
        built.into_iter().for_each(|built| self.note_build(built));
    }

    /// Waits for the bitstreams that are not done.
    pub(super) fn wait_for_builds(&mut self) {
        let Some(mut builds) = self.builds.take() else { return };
        while let Some(built) = builds.next(self.console) {
            self.note_build(built);
        }
        // As they were asked for, not as they were done.
        self.report.builds.sort_by_key(|build| BOARDS.iter().position(|board| *board == build.board));
    }

    fn note_build(&mut self, Built { job, seconds, outcome }: Built) {
        let Some(report) = self.done(job.step(), seconds, outcome) else { return };
        self.report.files.push(report.bitstream.clone());
        match job.network {
            Network::Memnet => self.report.builds.push(report),
            Network::Crossbar => self.report.lstm.builds.push(report),
        }
    }
}
