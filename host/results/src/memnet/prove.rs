//! Puts the test questions of every task to the hardware: of each variant the model that validation chooses, as `--export`
//! chooses it. What is asked already, of the same model and the same hardware, is not asked again.

use std::collections::HashMap;

use anyhow::Context;
use engram_memnet::Model;
use engram_session::memnet::agreement::Agreement;
use engram_session::progress::Work;
use engram_spec::memnet::{Datapath, Geometry, Memnet};
use engram_testbench::core_verilog;

use super::aggregate::chosen;
use super::export::not_at_hand;
use super::finished::{Finished, key};
use super::models::Models;
use super::proofs::{Hashes, Proof};
use super::texts::Texts;
use super::variant::Variant;
use crate::files::hash;
use crate::ledger::{Ledger, Line};
use crate::observer::Progress;
use crate::proofs::{Answered, Asking};
use crate::runner::Run;

/// The variants that are asked where nothing else is said.
pub const USUAL: [&str; 4] = ["qmann", "qmann-min", "fixed", "binary"];

/// Cycles that a simulation does in a second, about, and those of a question.
const QUESTIONS_A_SECOND: f64 = 1.0e6 / 400.0;

/// The hardware that is asked, and what is put to it.
pub struct Prover<'a> {
    pub asking: Asking<'a, Proof>,
    pub texts: &'a Texts,
    pub ledger: &'a Ledger<Finished>,
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

impl Prover<'_> {
    /// Asks the tasks of some variants that have finished runs, and keeps the proofs.
    pub fn run(&self, variants: &[&Variant], tasks: &[u8]) -> anyhow::Result<Answered<Proof>> {
        let (jobs, before) = self.plan(variants, tasks)?;
        let nothing = "no run of the variants and tasks is finished; train them with `engram results` without --prove";
        self.asking.run(&jobs, before, nothing, |job, progress| self.ask(job, progress))
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
                let backend = self.asking.proving.name();
                let covers =
                    |proof: &Proof| proof.backend == backend && proof.covers(&job.run, &job.hashes, job.questions);
                match self.asking.kept(covers) {
                    Some(proof) => proofs.push(proof),
                    None => jobs.push(job),
                }
            }
        }
        Ok((jobs, proofs))
    }

    fn job(&self, run: Finished, hardware: &mut HashMap<(&'static str, Datapath), String>) -> anyhow::Result<Job> {
        let model = Model::load(&self.models.of(&run)).with_context(|| not_at_hand(&run))?;
        let opening = self.asking.proving.options.opening(&model);
        let program = model.program(opening.geometry)?;
        let verilog = if self.asking.proving.is_board() {
            String::new()
        } else {
            let crc = hardware.entry((opening.geometry.name, opening.build));
            crc.or_insert_with(|| verilog_hash(&opening.geometry, opening.build)).clone()
        };
        let hashes = Hashes { program: format!("{:08x}", program.hash()), verilog };
        let questions = self.asking.proving.limit.unwrap_or(usize::MAX).min(run.test_questions);
        Ok(Job { run, model, hashes, questions })
    }

    fn ask(&self, job: &Job, progress: Progress) -> anyhow::Result<Proof> {
        let Finished { size, ref variant, task, seed, ref key, origin, .. } = job.run;
        let text = self.texts.read(size, task)?;
        let opening = self.asking.proving.options.opening(&job.model);
        let mut step = |count: usize| progress(count as f64 / job.questions.max(1) as f64);
        let (limit, backend) = (Some(job.questions), &self.asking.proving.backend);
        let found = Agreement::find(&job.model, &text.data.test, limit, backend, &opening, &Work::hidden(), &mut step)?;
        let Agreement { preset, evaluation, disagreements, first } = found;
        Ok(Proof {
            size,
            variant: variant.clone(),
            task,
            seed,
            key: key.clone(),
            backend: self.asking.proving.name(),
            origin,
            hashes: job.hashes.clone(),
            preset: preset.to_string(),
            questions: evaluation.questions(),
            disagreements,
            cycles_mean: (evaluation.mean_cycles() * 1e3).round() / 1e3,
            cycles_most: evaluation.most_cycles(),
            first_disagreement: first,
        })
    }
}

fn verilog_hash(geometry: &Geometry, datapath: Datapath) -> String {
    hash(&core_verilog::<Memnet>(geometry, datapath, false).verilog)
}
