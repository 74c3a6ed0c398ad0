//! The trained models of the campaign in their folder, those of all tasks that trainings of one task start from, and the choices of
//! recipes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use engram_babi::DataSet;
use engram_memnet::tasks::TASKS;
use engram_memnet::{Choice, Fold, Model, Recipe, TrainError, choose, train};

use super::finished::{Finished, joint_key, start_key};
use super::plan::Run;
use super::texts::Texts;
use super::variant::Size;
use crate::files::write_whole;
use crate::trained::{self, Saved};

/// The models of a folder.
pub struct Models {
    starts: trained::Models<Model>,
    choices: trained::Models<Choice>,
}

/// The text that a model of all tasks learns.
#[derive(Clone, Copy, Debug)]
pub enum Whole {
    /// All training text, with a seed.
    All(u64),
    /// All but a fold of each task's.
    But(Fold),
}

impl Saved for Choice {
    fn load(path: &Path) -> Option<Choice> {
        serde_json::from_slice(&std::fs::read(path).ok()?).ok()
    }

    fn write(&self, path: &Path) -> anyhow::Result<()> {
        Ok(write_whole(path, &serde_json::to_string(self)?)?)
    }
}

impl Models {
    /// The models of a folder.
    pub fn new(folder: PathBuf) -> Models {
        Models { starts: trained::Models::new(folder.clone()), choices: trained::Models::new(folder) }
    }

    /// The file of a run's model.
    pub fn of(&self, run: &Finished) -> PathBuf {
        let Finished { size, variant, task, seed, key, .. } = run;
        self.starts.folder.join(size.name()).join(variant).join(format!("qa{task}-seed{seed}-{key}.safetensors"))
    }

    /// The file of the choice of a run's recipe.
    pub fn choice_file(&self, run: &Run) -> PathBuf {
        let Run { size, name, task, key, .. } = run;
        self.choices.folder.join(size.name()).join(name).join(format!("choice-qa{task}-{key}.json"))
    }

    /// The choice of a run's recipe, where it has been made.
    pub fn chosen(&self, run: &Run) -> Option<Choice> {
        if run.variant.recipes.candidates.is_empty() { None } else { Choice::load(&self.choice_file(run)) }
    }

    /// The choice of a run's recipe among its variant's candidates; none where the variant has no candidates. Made once for all
    /// seeds, and kept beside the models.
    pub fn choice(&self, run: &Run, data: &DataSet, texts: &Texts) -> anyhow::Result<Option<Arc<Choice>>> {
        if run.variant.recipes.candidates.is_empty() {
            return Ok(None);
        }
        let start = |recipe: &Recipe, fold| match self.start(run.size, recipe, Whole::But(fold), texts) {
            Err(error) if matches!(error.downcast_ref(), Some(TrainError::Diverged(_))) => Ok(None),
            made => made.map(Some),
        };
        let make = || {
            choose(
                std::slice::from_ref(data),
                &run.variant.recipes.candidates,
                run.variant.recipes.folds,
                &start,
                &|_, _| (),
            )
        };
        self.choices.get(&self.choice_file(run), true, make).map(Some)
    }

    /// The file of the network of all tasks that a run tests.
    pub fn joint_file(&self, run: &Run, texts: &Texts) -> anyhow::Result<PathBuf> {
        let Run { size, name, seed, variant, .. } = run;
        let file = format!("all-seed{seed}-{}.safetensors", joint_key(variant, texts.fingerprint(*size)?));
        Ok(self.starts.folder.join(size.name()).join(name).join(file))
    }

    /// The network of all tasks that a run tests: trained once for all tasks, and kept beside the models.
    pub fn joint(&self, run: &Run, texts: &Texts) -> anyhow::Result<Arc<Model>> {
        let Run { size, seed, variant, .. } = run;
        let make = || {
            let whole = Whole::All(*seed);
            let start =
                variant.recipes.start.as_ref().map(|recipe| self.start(*size, recipe, whole, texts)).transpose()?;
            Ok(train(&all_tasks(*size, texts)?, &variant.recipes.recipe, *seed, start.as_deref(), &|_| ())?)
        };
        self.starts.get(&self.joint_file(run, texts)?, true, make)
    }

    /// The file of a model of all tasks that trainings start from.
    pub fn start_file(&self, size: Size, recipe: &Recipe, whole: Whole, texts: &Texts) -> anyhow::Result<PathBuf> {
        let of = match whole {
            Whole::All(seed) => format!("seed{seed}"),
            Whole::But(Fold { number, of }) => format!("but{number}of{of}"),
        };
        let file = format!("all-{of}-{}.safetensors", start_key(recipe, size, texts.fingerprint(size)?));
        Ok(self.starts.folder.join(size.name()).join("start").join(file))
    }

    /// A model of all tasks that trainings start from: trained once, and kept beside the runs' models.
    pub fn start(&self, size: Size, recipe: &Recipe, whole: Whole, texts: &Texts) -> anyhow::Result<Arc<Model>> {
        let joint = || {
            let tasks = all_tasks(size, texts)?;
            let trained = match whole {
                Whole::All(seed) => train(&tasks, recipe, seed, None, &|_| ()),
                Whole::But(fold) => fold.start(&tasks, recipe),
            };
            trained.context("training on all tasks, which the variant starts from")
        };
        self.starts.get(&self.start_file(size, recipe, whole, texts)?, true, joint)
    }
}

/// The texts of all tasks.
fn all_tasks(size: Size, texts: &Texts) -> anyhow::Result<Vec<DataSet>> {
    (1..=TASKS).map(|task| Ok(texts.read(size, task)?.data)).collect()
}
