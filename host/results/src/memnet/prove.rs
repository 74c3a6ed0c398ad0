//! Puts the test questions of every task to the hardware: of each variant the model that validation chooses, as `--export`
//! chooses it. What is asked already, of the same model and the same hardware, is not asked again.

use std::collections::HashMap;

use anyhow::Context;
use crc::{CRC_64_XZ, Crc};
use engram_memnet::Model;
use engram_session::Failure;
use engram_session::memnet::agreement::Agreement;
use engram_spec::memnet::{Datapath, Geometry, Memnet};
use engram_testbench::core_verilog;

use super::aggregate::chosen;
use super::export::not_at_hand;
use super::finished::{Finished, Models, key};
use super::proofs::{Hashes, Proof};
use super::texts::Texts;
use super::variant::Variant;
use crate::ledger::{Ledger, Line};
use crate::observer::{Observer, Progress};
use crate::options::Proving;
use crate::proofs;
use crate::runner::{Failed, Run};

/// The variants that are asked where nothing else is said.
pub const USUAL: [&str; 3] = ["qmann", "fixed", "binary"];

/// Cycles that a simulation does in a second, about, and those of a question.
const QUESTIONS_A_SECOND: f64 = 1.0e6 / 400.0;

/// The settings of a proof.
pub struct Prover<'a> {
    pub proving: &'a Proving,
    /// Tasks at the same time.
    pub jobs: usize,
    pub texts: &'a Texts,
    pub ledger: &'a Ledger<Finished>,
    pub proofs: &'a Ledger<Proof>,
    pub models: &'a Models,
}

/// A task to ask.
struct Job {
    run: Finished,
    model: Model,
    hashes: Hashes,
    questions: usize,
}

impl Run for Job {
    fn name(&self) -> String {
        self.run.name()
    }

    fn estimated_seconds(&self) -> f64 {
        self.questions as f64 / QUESTIONS_A_SECOND
    }
}

/// The outcome.
#[derive(Debug, Default)]
pub struct Proven {
    /// The number of tasks that were asked before.
    pub before: usize,
    pub proofs: Vec<Proof>,
    pub failed: Vec<Failed>,
}

impl Prover<'_> {
    /// Asks the tasks of some variants that have finished runs, and keeps the proofs.
    pub fn run(&self, observer: &dyn Observer, variants: &[&Variant], tasks: &[u8]) -> anyhow::Result<Proven> {
        let (jobs, before) = self.plan(variants, tasks)?;
        let (asked, failed) =
            proofs::prove(observer, self.proving, &jobs, self.jobs, |job, progress| self.ask(job, progress))?;
        Ok(Proven { before: before.len(), proofs: [before, asked].concat(), failed })
    }

    /// The tasks to ask, and the proofs that the ledger holds of the others.
    fn plan(&self, variants: &[&Variant], tasks: &[u8]) -> anyhow::Result<(Vec<Job>, Vec<Proof>)> {
        let (mut jobs, mut proofs, mut hardware) = (Vec::new(), Vec::new(), HashMap::new());
        let lines = self.ledger.all();
        for variant in variants {
            for &task in tasks {
                let text = self.texts.read(variant.size, task)?;
                let key = key(variant, task, text.fingerprint());
                let Some(run) = chosen(lines.iter().filter(|line| line.key == key)) else { continue };
                let job = self.job(run.clone(), &mut hardware).with_context(|| run.name())?;
                match self.kept(&job) {
                    Some(proof) => proofs.push(proof),
                    None => jobs.push(job),
                }
            }
        }
        if jobs.is_empty() && proofs.is_empty() {
            let text = "no run of the variants and tasks is finished; train them with `engram results` without --prove";
            return Err(Failure::Input(text.to_string()).into());
        }
        Ok((jobs, proofs))
    }

    fn job(&self, run: Finished, hardware: &mut HashMap<(&'static str, Datapath), String>) -> anyhow::Result<Job> {
        let model = Model::load(&self.models.of(&run)).with_context(|| not_at_hand(&run))?;
        let opening = self.proving.options.opening(&model);
        let program = model.program(opening.geometry)?;
        let verilog = if self.proving.is_board() {
            String::new()
        } else {
            let crc = hardware.entry((opening.geometry.name, opening.build));
            crc.or_insert_with(|| verilog_hash(&opening.geometry, opening.build)).clone()
        };
        let hashes = Hashes { program: format!("{:08x}", program.hash()), verilog };
        let questions = self.proving.limit.unwrap_or(usize::MAX).min(run.test_questions);
        Ok(Job { run, model, hashes, questions })
    }

    /// The proof that the ledger holds of a task, where it was asked of the same model and hardware. A board does not say which
    /// hardware it has.
    fn kept(&self, job: &Job) -> Option<Proof> {
        let backend = self.proving.name();
        let covers = |proof: &Proof| proof.backend == backend && proof.covers(&job.run, &job.hashes, job.questions);
        self.proofs.find(covers).filter(|_| !self.proving.is_board())
    }

    fn ask(&self, job: &Job, progress: Progress) -> anyhow::Result<Proof> {
        let Finished { size, ref variant, task, seed, ref key, origin, .. } = job.run;
        let text = self.texts.read(size, task)?;
        let opening = self.proving.options.opening(&job.model);
        let mut step = |count: usize| progress(count as f64 / job.questions.max(1) as f64);
        let (limit, backend) = (Some(job.questions), &self.proving.backend);
        let found = Agreement::find(&job.model, &text.data.test, limit, backend, &opening, &mut step)?;
        let Agreement { preset, evaluation, disagreements, first } = found;
        let proof = Proof {
            size,
            variant: variant.clone(),
            task,
            seed,
            key: key.clone(),
            backend: self.proving.name(),
            origin,
            hashes: job.hashes.clone(),
            preset: preset.to_string(),
            questions: evaluation.questions(),
            disagreements,
            cycles_mean: (evaluation.mean_cycles() * 1e3).round() / 1e3,
            cycles_most: evaluation.most_cycles(),
            first_disagreement: first,
        };
        self.proofs.keep(std::slice::from_ref(&proof))?;
        Ok(proof)
    }
}

fn verilog_hash(geometry: &Geometry, datapath: Datapath) -> String {
    let verilog = core_verilog::<Memnet>(geometry, datapath, false).verilog;
    format!("{:016x}", Crc::<u64>::new(&CRC_64_XZ).checksum(verilog.as_bytes()))
}
