//! The trained models of the campaign in their folder, and those of all tasks that trainings of one task start from.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use engram_babi::DataSet;
use engram_memnet::tasks::TASKS;
use engram_memnet::{Model, train};

use super::finished::{Finished, start_key};
use super::texts::Texts;
use super::variant::Variant;
use crate::trained;

/// The models of a folder.
pub struct Models {
    starts: trained::Models<Model>,
}

impl Models {
    /// The models of a folder.
    pub fn new(folder: PathBuf) -> Models {
        Models { starts: trained::Models::new(folder) }
    }

    /// The file of a run's model.
    pub fn of(&self, run: &Finished) -> PathBuf {
        let Finished { size, variant, task, seed, key, .. } = run;
        self.starts.folder.join(size.name()).join(variant).join(format!("qa{task}-seed{seed}-{key}.safetensors"))
    }

    /// The file of the model of all tasks that a variant's training with a seed starts from, where it does.
    pub fn start_file(&self, variant: &Variant, seed: u64) -> Option<PathBuf> {
        let recipe = variant.start.as_ref()?;
        let file = format!("all-seed{seed}-{}.safetensors", start_key(recipe, variant.size));
        Some(self.starts.folder.join(variant.size.name()).join("start").join(file))
    }

    /// The model of all tasks that a variant's training with a seed starts from, where it does: trained once, and kept beside the
    /// runs' models.
    pub fn start(&self, variant: &Variant, seed: u64, texts: &Texts) -> anyhow::Result<Option<Arc<Model>>> {
        let (Some(recipe), Some(file)) = (&variant.start, self.start_file(variant, seed)) else { return Ok(None) };
        let joint = || {
            let read = |task| Ok(texts.read(variant.size, task)?.data);
            let tasks = (1..=TASKS).map(read).collect::<anyhow::Result<Vec<DataSet>>>()?;
            let trained = train(&tasks, recipe, seed, None, &|_| ());
            trained.context("training on all tasks, which the variant starts from")
        };
        self.starts.get(&file, true, joint).map(Some)
    }
}
