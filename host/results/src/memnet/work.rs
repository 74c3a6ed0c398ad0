//! One run: a model trained, tested, and its energy counted.

use anyhow::Context;
use engram_memnet::energy::Operations;
use engram_memnet::{Model, train};
use engram_session::measure::{UsageWho, percent, processor_seconds};
use engram_session::memnet::test;

use super::finished::{Energy, Finished};
use super::models::{Models, Whole};
use super::plan::{Run, work};
use super::texts::{Text, Texts};
use crate::observer::Progress;
use crate::trained::Saved;

/// Does a run, and keeps its model. The calling thread has to be its own, whose processor time is the run's.
pub fn finish(run: &Run, texts: &Texts, models: &Models, progress: Progress) -> anyhow::Result<Finished> {
    let start = processor_seconds(UsageWho::RUSAGE_THREAD);
    let text = texts.read(run.size, run.task)?;
    if run.variant.recipes.joint {
        let model = models.joint(run, texts)?;
        let start_seconds = processor_seconds(UsageWho::RUSAGE_THREAD) - start;
        return tested(run, &text, models, (*model).clone(), start, start_seconds);
    }
    let choice = models.choice(run, &text.data, texts)?;
    let (recipe, start_recipe) = run.variant.recipes.chosen(choice.as_deref());
    let restarts = recipe.restarts.max(1) as f64;
    let start_model =
        start_recipe.map(|recipe| models.start(run.size, recipe, Whole::All(run.seed), texts)).transpose()?;
    let start_seconds = match (&choice, &start_model) {
        (None, None) => 0.0,
        _ => processor_seconds(UsageWho::RUSAGE_THREAD) - start,
    };
    let mut model = train(std::slice::from_ref(&text.data), recipe, run.seed, start_model.as_deref(), &|now| {
        let epochs = now.epoch as f64 / now.epochs.max(1) as f64;
        progress((now.restart as f64 + epochs) / restarts);
    })?;
    if let Some(record) = &mut model.training {
        record.choice = choice.as_deref().cloned();
    }
    tested(run, &text, models, model, start, start_seconds)
}

/// Tests a run's model and keeps it. The run began at `start`, in processor seconds, and spent `start_seconds` on what others use, too.
fn tested(
    run: &Run,
    text: &Text,
    models: &Models,
    model: Model,
    start: f64,
    start_seconds: f64,
) -> anyhow::Result<Finished> {
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
        choice: record.choice.clone(),
        work: work(&record.recipe, text),
        energy: energy(&model, text),
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

#[cfg(test)]
mod tests {
    use super::super::finished::tests::variant;
    use super::*;

    /// One network is trained for all tasks, and each run asks it the questions of its own.
    #[test]
    fn a_joint_network_is_trained_once() {
        let folder = tempfile::tempdir().unwrap();
        let (texts, models) = (Texts::default(), Models::new(folder.path().into()));
        let variant = variant("joint = true\nmode = \"float\"\nrestarts = 1\nepochs = 1\n");
        let mut made = Vec::new();
        let runs = [1, 6].map(|task| {
            let text = texts.read(variant.size, task).unwrap();
            let run = Run::new(&variant, &text, 1);
            let finished = finish(&run, &texts, &models, &|_| ()).unwrap();
            made.push(std::fs::metadata(models.joint_file(&run, &texts).unwrap()).unwrap().modified().unwrap());
            finished
        });
        let [one, six] = [&runs[0], &runs[1]].map(|run| Model::load(&models.of(run)).unwrap());
        assert_eq!(one, six);
        assert!(one.vocabulary.len() > 100 && one.task().is_none());
        assert_eq!(made[0], made[1], "the first of them trains it");
    }

    /// The recipe is chosen once for all seeds, and each run says how.
    #[test]
    fn runs_of_candidates_name_the_one_that_was_chosen() {
        let folder = tempfile::tempdir().unwrap();
        let (texts, models) = (Texts::default(), Models::new(folder.path().into()));
        let file = "mode = \"float\"\nrestarts = 1\nepochs = 3\n";
        let candidates = "[[candidate]]\nname = \"still\"\nrate = 1e-9\n[[candidate]]\nname = \"learns\"\nepochs = 4\n";
        let variant = variant(&format!("{file}{candidates}"));
        let text = texts.read(variant.size, 1).unwrap();
        let mut made = Vec::new();
        let runs = [1, 2].map(|seed| {
            let run = Run::new(&variant, &text, seed);
            let finished = finish(&run, &texts, &models, &|_| ()).unwrap();
            made.push(std::fs::metadata(models.choice_file(&run)).unwrap().modified().unwrap());
            finished
        });
        for run in &runs {
            let choice = run.choice.as_ref().unwrap();
            assert_eq!((choice.chosen.as_str(), choice.candidates.len(), run.epoch), ("learns", 2, 4));
            let model = Model::load(&models.of(run)).unwrap();
            assert_eq!(model.training.unwrap().choice, run.choice);
        }
        assert_eq!(runs[0].choice, runs[1].choice);
        assert_eq!(made[0], made[1], "chosen by the first");
    }
}
