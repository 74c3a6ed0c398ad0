//! A finished run of a crossbar network: what it was made of, and what was measured.

use std::fmt;

use anyhow::Context;
use engram_crossbar::train::VERSION;
use engram_session::measure::{UsageWho, processor_seconds};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::asked::{Asked, Score};
use super::{Models, Run, Variant, run_name};
use crate::campaign::{self, is_stale};
use crate::ledger::Line;
use crate::observer::Progress;

/// The figures that a campaign measures; displayed in a few words.
pub trait Measured: Clone + Serialize + DeserializeOwned + Send + fmt::Display {
    /// The name of the campaign.
    const CAMPAIGN: &'static str;

    /// The score of the network on the test data.
    fn test(&self) -> Score;
}

/// A finished run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished<M> {
    /// The hash of what it was made of: see [`Variant::key`].
    pub key: String,
    /// The data set.
    pub dataset: String,
    /// The variant, by its name.
    pub variant: String,
    /// The seed.
    pub seed: u64,
    /// The question that is asked of the network.
    pub asked: Asked,
    /// Inputs of the network: channels, or symbols.
    pub inputs: usize,
    /// Recordings, or symbols, that the model was trained on.
    pub training_targets: usize,
    /// The figures of the campaign.
    #[serde(flatten)]
    pub measured: M,
    /// Processor time of training and measuring, in seconds.
    pub cpu_seconds: f64,
    /// The seconds of it in which models were made that the run begins with, because they were missing.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub start_seconds: f64,
    /// Multiplications, about, by which the time was estimated.
    pub work: f64,
}

fn is_nothing(seconds: &f64) -> bool {
    *seconds == 0.0
}

impl<M: Measured> fmt::Display for Finished<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:.1} s", self.measured, self.cpu_seconds)
    }
}

impl<M: Measured> Line for Finished<M> {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        run_name(M::CAMPAIGN, &self.dataset, &self.variant, self.seed)
    }

    fn replaces(&self, old: &Finished<M>) -> bool {
        is_stale(self, old)
    }
}

impl<M: Measured> campaign::Finished for Finished<M> {
    fn key(&self) -> &str {
        &self.key
    }

    fn cpu_seconds(&self) -> f64 {
        self.cpu_seconds
    }
}

/// Does a run. The calling thread has to be its own, whose processor time is the run's.
pub fn finish<V: Variant>(run: &Run<V>, models: &Models, progress: Progress) -> anyhow::Result<Finished<V::Measured>> {
    let start = processor_seconds(UsageWho::RUSAGE_THREAD);
    let data = &run.dataset.loaded()?.data;
    let missing = !run.variant.file(run.dataset, run.seed, models)?.is_file();
    if missing {
        run.variant.prepare(run.dataset, run.seed, models)?;
    }
    let start_seconds = if missing { processor_seconds(UsageWho::RUSAGE_THREAD) - start } else { 0.0 };
    let model = run.variant.train(run.dataset, run.seed, models, progress)?;
    let record = model.training.as_ref().context("a trained model without a record")?;
    let measured = V::measure(run, &model, progress)?;
    Ok(Finished {
        key: run.key.clone(),
        dataset: run.dataset.name.clone(),
        variant: run.variant.to_string(),
        seed: run.seed,
        asked: Asked::of(data),
        inputs: data.inputs(),
        training_targets: record.training_targets,
        measured,
        cpu_seconds: processor_seconds(UsageWho::RUSAGE_THREAD) - start,
        start_seconds,
        work: run.work,
    })
}
