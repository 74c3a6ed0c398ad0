//! Puts the test sequences to the hardware: of each data set the networks of 4 bits, trained without noise and, programmed
//! and read with that noise, with it. Every answer is held against the integer model's, class and logit.

use std::fmt;
use std::path::PathBuf;

use engram_crossbar::train::VERSION;
use engram_crossbar::{Analog, Model, Programming};
use engram_sequences::Questions;
use engram_session::crossbar::Paired;
use engram_session::progress::Work;
use serde::{Deserialize, Serialize};

use super::variant::{Change, TRAINED_NOISE, Variant};
use super::work::file;
use crate::datasets::{Dataset, Models};
use crate::ledger::Line;
use crate::observer::Progress;
use crate::proofs::{self, Answered, Asking, put};
use crate::runner::Run;

/// The seed of the models that are asked.
const SEED: u64 = 1;

/// Cycles that a simulation does in a second, about, before anything has been asked.
const RATE: f64 = 1.0e6;

/// The outcome of the sequences of a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The data set.
    #[serde(rename = "set")]
    pub dataset: String,
    /// The network, by the name of its row.
    #[serde(rename = "row")]
    pub variant: String,
    /// The backend.
    #[serde(rename = "body")]
    pub backend: String,
    /// The size of the device.
    pub preset: String,
    /// Noise of weights, as a share of their range.
    pub noise_weights: f64,
    /// Noise of reads, in steps of the converter.
    pub noise_read: f64,
    /// Answers that were given: one for each recording, one for each symbol of a stream.
    pub answers: usize,
    /// The answers that are not the integer model's.
    pub disagreements: usize,
    /// The mean cycles of a step.
    pub cycles_mean: f64,
    /// The cycles of the longest step.
    pub cycles_most: u32,
    /// The cycles of a step by the formula.
    pub cycles_formula: u32,
    /// The cycles of the longest answer.
    pub answer_cycles: u32,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proof { dataset, variant, preset, cycles_mean, cycles_formula, .. } = self;
        write!(f, "{dataset} {variant} ({preset}, {cycles_mean:.1} cycles a step, {cycles_formula} by the formula)")
    }
}

impl Line for Proof {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        let Proof { dataset, variant, backend, preset, .. } = self;
        format!("crossbar/{dataset}/{variant}/{backend}/{preset}")
    }

    fn replaces(&self, _: &Proof) -> bool {
        false
    }
}

impl proofs::Proof for Proof {
    const COMPARED: &str = "answers";

    fn compared(&self) -> usize {
        self.answers
    }

    fn differing(&self) -> usize {
        self.disagreements
    }
}

/// A network to ask.
struct Job<'a> {
    dataset: &'a Dataset,
    variant: Variant,
    model: PathBuf,
    questions: Questions,
}

impl Run for Job<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.dataset.name, self.variant)
    }

    /// A step of recordings and one of a symbol take about as long; an answer is a part of it.
    fn estimated_seconds(&self) -> f64 {
        let hidden = self.dataset.recipes.quantised.hidden as f64;
        self.questions.steps() as f64 * 4.0 * hidden * (1.0 + hidden / 16.0) / RATE
    }
}

/// The hardware that is asked, and the models that are.
pub struct Prover<'a> {
    pub asking: Asking<'a, Proof>,
    pub models: &'a Models,
}

impl Prover<'_> {
    /// Asks the networks of some data sets that are trained.
    pub fn run(&self, datasets: &[&Dataset]) -> anyhow::Result<Answered<Proof>> {
        let mut jobs = Vec::new();
        for dataset in datasets {
            jobs.extend(self.jobs_of(dataset)?);
        }
        let nothing = "found no trained network of 4 bits; `engram results --network crossbar --rows four-bits` trains them, \
                       `engram results run KEY` one whose model is not at hand";
        self.asking.run(&jobs, Vec::new(), nothing, |job, progress| self.ask(job, progress))
    }

    fn jobs_of<'a>(&self, dataset: &'a Dataset) -> anyhow::Result<Vec<Job<'a>>> {
        let [quiet, noise, _] = TRAINED_NOISE.map(|noise| Variant::Trained(Change { noise, ..Change::FOUR_BITS }));
        let mut jobs = Vec::new();
        for variant in [quiet, noise] {
            let questions = Questions::of(dataset.loaded()?.data.clone()).limited(self.asking.proving.limit);
            let model = file(self.models, dataset, variant, SEED)?;
            jobs.extend(model.is_file().then_some(Job { dataset, variant, model, questions }));
        }
        Ok(jobs)
    }

    fn ask(&self, job: &Job, progress: Progress) -> anyhow::Result<Proof> {
        let model = Model::load(&job.model)?;
        let noise = job.variant.change().map(|change| change.noise).unwrap_or_default();
        let programming = Programming {
            cells: Analog { noise: noise.weights, ..Analog::default() },
            read_noise: noise.read,
            read_seed: 1,
        };
        let mut device = Paired::open(
            &model,
            &self.asking.proving.backend,
            &self.asking.proving.options,
            &programming,
            &Work::hidden(),
        )?;
        put(&mut device, &model, &job.questions, progress)?;
        let program = model.program(device.geometry, &programming)?;
        Ok(Proof {
            dataset: job.dataset.name.clone(),
            variant: job.variant.to_string(),
            backend: self.asking.proving.name(),
            preset: device.geometry.name.to_string(),
            noise_weights: noise.weights,
            noise_read: noise.read,
            answers: device.answers,
            disagreements: device.disagreements,
            cycles_mean: (device.cycles.mean() * 1e3).round() / 1e3,
            cycles_most: device.cycles.most,
            cycles_formula: proofs::step_cycles(&program, &job.questions),
            answer_cycles: device.cycles.answer,
        })
    }
}
