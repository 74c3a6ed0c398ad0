//! One run: a model trained, tested, and its energy counted.

use anyhow::Context;
use engram_memnet::Model;
use engram_memnet::energy::Operations;
use engram_session::measure::{UsageWho, percent, processor_seconds};
use engram_session::memnet::test;

use super::finished::{Energy, Finished};
use super::models::Models;
use super::plan::Run;
use super::texts::{Text, Texts};
use crate::observer::Progress;
use crate::trained::Saved;

/// Does a run, and keeps its model. The calling thread has to be its own, whose processor time is the run's.
pub fn finish(run: &Run, texts: &Texts, models: &Models, progress: Progress) -> anyhow::Result<Finished> {
    let start = processor_seconds(UsageWho::RUSAGE_THREAD);
    let text = texts.read(run.size, run.task)?;
    let restarts = run.variant.recipe.restarts.max(1) as f64;
    let start_model = models.start(run.variant, run.seed, texts)?;
    let start_seconds = match start_model {
        Some(_) => processor_seconds(UsageWho::RUSAGE_THREAD) - start,
        None => 0.0,
    };
    let model = run.variant.fit(&text.data, run.seed, start_model.as_deref(), &|now| {
        let epochs = now.epoch as f64 / now.epochs.max(1) as f64;
        progress((now.restart as f64 + epochs) / restarts);
    })?;
    let test = test(&model, &text.data.test)?;
    let record = model.training.as_ref().context("a trained model without a record")?;
    let finished = Finished {
        key: run.key.clone(),
        size: run.size,
        variant: run.name.to_string(),
        task: run.task,
        seed: run.seed,
        origin: text.origin,
        test_questions: test.questions(),
        test_error_percent: percent(test.error()),
        validation_error_percent: record.validation_error.map(|error| percent(error.into())),
        train_error_percent: percent(record.training_error.into()),
        epoch: record.epoch,
        restart: record.restart,
        cpu_seconds: processor_seconds(UsageWho::RUSAGE_THREAD) - start,
        start_seconds,
        work: run.work,
        energy: energy(&model, &text),
    };
    Saved::save(&model, &models.of(&finished))?;
    Ok(finished)
}

/// The mean energy of the test questions, each with its own words and as many sentences as the memory holds of it.
fn energy(model: &Model, text: &Text) -> Energy {
    let lengths = text.test_lengths();
    let one = |&(words, sentences): &(usize, usize)| {
        let operations = Operations::of_question(&model.design, words, sentences.min(model.design.shape.slots));
        operations.energy(model.design.mode)
    };
    let counted: Vec<_> = lengths.iter().map(one).collect();
    let mean = |part: fn(&engram_memnet::energy::Energy) -> f64| {
        counted.iter().map(part).sum::<f64>() / counted.len().max(1) as f64
    };
    Energy { paper: mean(|one| one.paper), arithmetic: mean(|one| one.arithmetic), memory: mean(|one| one.memory) }
}
