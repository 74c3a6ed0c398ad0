//! Puts the test sequences to the hardware: of each data set the networks of 4 bits, trained without noise and, programmed
//! and read with that noise, with it. Every answer is held against the integer model's, class and logit.

use std::fmt;
use std::path::PathBuf;

use engram_crossbar::{Model, Programming};
use serde::{Deserialize, Serialize};

use super::ledger::Ledger;
use super::row::{Change, Row, TRAINED_NOISE};
use super::set::Set;
use crate::console::Console;
use crate::results::hardware::{self, put};
use crate::results::models::Told;
use crate::results::runner::{Cell, Failed};
use engram_sequences::Questions;
use engram_session::Failure;
use engram_session::backend::{Backend, BackendOptions, reported};
use engram_session::crossbar::Paired;

/// The seed of the models that are asked.
const SEED: u64 = 1;

/// Cycles that a simulation does in a second, about, before anything has been asked.
const RATE: f64 = 1.0e6;

/// What came of the sequences of a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The data set.
    pub set: String,
    /// The network, by the name of its row.
    pub row: String,
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
    /// Those that are not the integer model's.
    pub disagreements: usize,
    /// Of a step, the mean.
    pub cycles_mean: f64,
    /// Of a step, at most.
    pub cycles_most: u32,
    /// Of a step, by the formula.
    pub cycles_formula: u32,
    /// Of an answer, at most.
    pub answer_cycles: u32,
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proof { set, row, preset, cycles_mean, cycles_formula, .. } = self;
        write!(f, "{set} {row} ({preset}, {cycles_mean:.1} cycles a step, {cycles_formula} by the formula)")
    }
}

impl hardware::Proof for Proof {
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
    set: &'a Set,
    row: Row,
    model: PathBuf,
    questions: Questions,
}

impl Cell for Job<'_> {
    fn name(&self) -> String {
        format!("{} {}", self.set.name, self.row)
    }

    /// A step of recordings and one of a symbol take about as long; an answer is a part of it.
    fn estimated_seconds(&self) -> f64 {
        let steps = match &self.questions {
            Questions::Recordings(recordings) => recordings.iter().map(|one| one.steps().len()).sum(),
            Questions::Symbols(symbols) => symbols.len(),
        };
        let hidden = self.set.recipes.quantised.hidden as f64;
        steps as f64 * 4.0 * hidden * (1.0 + hidden / 16.0) / RATE
    }
}

/// What is asked, and of what.
#[derive(Debug)]
pub struct Prover<'a> {
    pub backend: &'a Backend,
    pub arguments: &'a BackendOptions,
    /// The most recordings, or symbols of a stream.
    pub limit: Option<usize>,
    /// Networks at the same time.
    pub jobs: usize,
    pub ledger: &'a Ledger,
}

impl Prover<'_> {
    /// Asks the networks of some data sets that are trained.
    pub fn run(&self, console: &Console, sets: &[Set]) -> anyhow::Result<(Vec<Proof>, Vec<Failed>)> {
        let jobs: Vec<Job> = sets.iter().flat_map(|set| self.jobs_of(set)).collect();
        if jobs.is_empty() {
            let text =
                "no network of 4 bits is trained; train with `engram results --network crossbar --rows four-bits`";
            return Err(Failure::Input(text.to_string()).into());
        }
        hardware::prove(console, self.backend, &jobs, self.jobs, |job, told| self.ask(job, told))
    }

    fn jobs_of<'a>(&self, set: &'a Set) -> impl Iterator<Item = Job<'a>> {
        let [quiet, noise, _] = TRAINED_NOISE.map(|noise| Row::Trained(Change { noise, ..Change::FOUR_BITS }));
        let of = |row| {
            let questions = Questions::of(set.data.clone()).limited(self.limit);
            Job { set, row, model: self.ledger.model(set, row, SEED), questions }
        };
        [quiet, noise].map(of).into_iter().filter(|job| job.model.is_file())
    }

    fn ask(&self, job: &Job, told: Told) -> anyhow::Result<Proof> {
        let model = Model::load(&job.model)?;
        let noise = job.row.change().map(|change| change.noise).unwrap_or_default();
        let programming =
            Programming { weight_noise: noise.weights, weight_seed: 1, read_noise: noise.read, read_seed: 1 };
        let mut device = Paired::open(&model, self.backend, self.arguments, &programming)?;
        put(&mut device, &model, &job.questions, told)?;
        let program = model.program(device.geometry, &programming)?;
        Ok(Proof {
            set: job.set.name.clone(),
            row: job.row.to_string(),
            backend: reported(self.backend),
            preset: device.geometry.name.to_string(),
            noise_weights: noise.weights,
            noise_read: noise.read,
            answers: device.answers,
            disagreements: device.disagreements,
            cycles_mean: (device.cycles.mean() * 1e3).round() / 1e3,
            cycles_most: device.cycles.most,
            cycles_formula: hardware::step_cycles(&program, &job.questions),
            answer_cycles: device.cycles.answer,
        })
    }
}

/// Takes new proofs in the place of the old ones of the same networks on the same backend and size.
pub fn replace(old: &mut Vec<Proof>, new: Vec<Proof>) {
    let of = |proof: &Proof| (proof.set.clone(), proof.row.clone(), proof.backend.clone(), proof.preset.clone());
    old.retain(|proof| new.iter().all(|new| of(new) != of(proof)));
    old.extend(new);
}
