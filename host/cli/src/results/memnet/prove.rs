//! Puts the test questions of every task to the hardware: of each row the model that validation chooses, as `--export`
//! chooses it. What is asked already, of the same model and the same hardware, is not asked again.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;
use crc::{CRC_64_XZ, Crc};
use engram_memnet::Model;
use engram_spec::memnet::{Datapath, Geometry, Memnet};
use engram_testbench::core_verilog;
use indicatif::ProgressBar;

use super::aggregate::chosen;
use super::ledger::{Finished, Ledger, key};
use super::proofs::{Hashes, Proof};
use super::row::Row;
use super::texts::Texts;
use crate::console::Console;
use crate::results::runner::{Failed, missing_tool};
use engram_session::Failure;
use engram_session::backend::{Backend, BackendOptions, reported};
use engram_session::memnet::agreement::Agreement;

/// The rows that are asked where nothing else is said.
pub const ROWS: [&str; 3] = ["qmann", "fixed", "binary"];

/// What is asked, and of what.
#[derive(Debug)]
pub struct Prover<'a> {
    pub backend: &'a Backend,
    pub arguments: &'a BackendOptions,
    /// The most questions of a task.
    pub limit: Option<usize>,
    /// Tasks at the same time.
    pub jobs: usize,
    pub texts: &'a Texts,
    pub ledger: &'a Ledger,
}

/// A task to ask.
struct Job {
    cell: Finished,
    model: Model,
    hashes: Hashes,
    questions: usize,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Proven {
    /// How many were asked before.
    pub before: usize,
    pub proofs: Vec<Proof>,
    pub failed: Vec<Failed>,
}

impl Prover<'_> {
    /// Asks the tasks of some rows that have finished cells, and keeps the proofs of those that agree.
    pub fn run(&self, console: &Console, rows: &[Row], tasks: &[u8]) -> anyhow::Result<Proven> {
        let (jobs, proofs) = self.plan(rows, tasks)?;
        let bar = console.bar(jobs.iter().map(|job| job.questions as u64).sum(), "asking");
        let (next, proven) =
            (AtomicUsize::new(0), Mutex::new(Proven { before: proofs.len(), proofs, ..Proven::default() }));
        let worker = || {
            while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                let asked = self.ask(job, &bar);
                if bar.is_hidden() {
                    console.note(format!("{}: {}", name(&job.cell), told(&asked)));
                }
                let Ok(mut proven) = proven.lock() else { return };
                match asked {
                    Ok(proof) => proven.proofs.push(proof),
                    Err(error) => proven.failed.push(Failed { cell: name(&job.cell), error }),
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.workers(jobs.len()) {
                scope.spawn(worker);
            }
        });
        bar.finish_and_clear();
        let mut proven = proven.into_inner().unwrap_or_else(PoisonError::into_inner);
        match missing_tool(&mut proven.failed) {
            Some(error) => Err(error),
            None => Ok(proven),
        }
    }

    /// A serial port is held by one device at a time.
    fn workers(&self, jobs: usize) -> usize {
        if self.is_board() { 1 } else { self.jobs.clamp(1, jobs.max(1)) }
    }

    fn is_board(&self) -> bool {
        matches!(self.backend, Backend::Port(_))
    }

    /// The backend's name in files.
    pub fn backend_name(&self) -> String {
        reported(self.backend)
    }

    /// The tasks to ask, and the proofs that the ledger holds of the others.
    fn plan(&self, rows: &[Row], tasks: &[u8]) -> anyhow::Result<(Vec<Job>, Vec<Proof>)> {
        let (mut jobs, mut proofs, mut hardware) = (Vec::new(), Vec::new(), HashMap::new());
        for row in rows {
            for &task in tasks {
                let text = self.texts.read(row.size, task)?;
                let cells = self.ledger.seeds(row, task, &key(row, task, text.fingerprint()));
                let Some(cell) = chosen(cells.iter()) else { continue };
                let job = self.job(cell.clone(), &mut hardware).with_context(|| name(cell))?;
                match self.kept(&job) {
                    Some(proof) => proofs.push(proof),
                    None => jobs.push(job),
                }
            }
        }
        if jobs.is_empty() && proofs.is_empty() {
            let text = "no cell of the rows and tasks is finished; train them with `engram results` without --prove";
            return Err(Failure::Input(text.to_string()).into());
        }
        Ok((jobs, proofs))
    }

    fn job(&self, cell: Finished, hardware: &mut HashMap<(&'static str, Datapath), String>) -> anyhow::Result<Job> {
        let model = Model::load(&self.ledger.model(cell.named()))?;
        let opening = self.arguments.opening(&model);
        let program = model.program(opening.geometry)?;
        let verilog = if self.is_board() {
            String::new()
        } else {
            let crc = hardware.entry((opening.geometry.name, opening.build));
            crc.or_insert_with(|| verilog_hash(&opening.geometry, opening.build)).clone()
        };
        let hashes = Hashes { program: format!("{:08x}", program.hash()), verilog };
        let questions = self.limit.unwrap_or(usize::MAX).min(cell.test_questions);
        Ok(Job { cell, model, hashes, questions })
    }

    /// What the ledger holds of a task, where it was asked of the same model and hardware. A board does not tell which
    /// hardware it has.
    fn kept(&self, job: &Job) -> Option<Proof> {
        let proof = self.ledger.proof(&self.backend_name(), job.cell.named())?;
        (!self.is_board() && proof.covers(&job.cell, &job.hashes, job.questions)).then_some(proof)
    }

    fn ask(&self, job: &Job, bar: &ProgressBar) -> anyhow::Result<Proof> {
        let Finished { size, ref row, task, seed, ref key, origin, .. } = job.cell;
        let text = self.texts.read(size, task)?;
        let opening = self.arguments.opening(&job.model);
        let mut step = |count: usize| bar.inc(count.min(1) as u64);
        let limit = Some(job.questions);
        let found = Agreement::find(&job.model, &text.data.test, limit, self.backend, &opening, &mut step)?;
        let Agreement { preset, evaluation, disagreements, first } = found;
        let proof = Proof {
            size,
            row: row.clone(),
            task,
            seed,
            key: key.clone(),
            origin,
            hashes: job.hashes.clone(),
            preset: preset.to_string(),
            questions: evaluation.questions(),
            disagreements,
            cycles_mean: (evaluation.mean_cycles() * 1e3).round() / 1e3,
            cycles_most: evaluation.most_cycles(),
            first_disagreement: first,
        };
        // What differs is asked again the next time.
        if disagreements == 0 {
            self.ledger.keep_proof(&self.backend_name(), &proof)?;
        }
        Ok(proof)
    }
}

fn verilog_hash(geometry: &Geometry, datapath: Datapath) -> String {
    let verilog = core_verilog::<Memnet>(geometry, datapath, false).verilog;
    format!("{:016x}", Crc::<u64>::new(&CRC_64_XZ).checksum(verilog.as_bytes()))
}

/// A row and task in words.
fn name(cell: &Finished) -> String {
    let Finished { size, row, task, seed, .. } = cell;
    format!("{size} {row} qa{task} seed {seed}")
}

fn told(asked: &anyhow::Result<Proof>) -> String {
    match asked {
        Ok(Proof { questions, disagreements, cycles_mean, .. }) => {
            format!("{questions} questions, {disagreements} answers differ, {cycles_mean:.1} cycles each")
        }
        Err(_) => "failed".to_string(),
    }
}
