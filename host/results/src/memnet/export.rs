//! Models to keep: of each task the one of the seed that validation chooses, of the variant `qmann` at 10k.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use engram_memnet::Model;
use engram_session::Failure;

use super::aggregate::chosen;
use super::finished::Finished;
use super::models::Models;
use super::variant::Size;
use crate::ledger::Line;

/// The variant and size whose models are exported.
const EXPORTED: (&str, Size) = ("qmann", Size::K10);

/// The file of a task's exported model.
pub fn exported(task: u8) -> String {
    format!("qa{task}.safetensors")
}

/// Copies the models to `qa1.safetensors` and so on, of the tasks that have one. Gives the files.
pub fn export(runs: &[Finished], models: &Models, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let (name, size) = EXPORTED;
    let runs: Vec<&Finished> = runs.iter().filter(|run| (run.variant.as_str(), run.size) == (name, size)).collect();
    let tasks: BTreeSet<u8> = runs.iter().map(|run| run.task).collect();
    if tasks.is_empty() {
        let text = format!(
            "no run of variant {name} at {size} is finished; run `engram results --sizes {size} --rows {name}`"
        );
        return Err(Failure::Input(text).into());
    }
    let make = std::fs::create_dir_all(folder);
    make.map_err(|error| Failure::Input(format!("cannot make {}: {error}", folder.display())))?;
    let mut files = Vec::new();
    for task in tasks {
        let Some(run) = chosen(runs.iter().copied().filter(|run| run.task == task)) else { continue };
        // Read and written rather than copied: what is exported is whole.
        let model = Model::load(&models.of(run)).with_context(|| not_at_hand(run))?;
        let path = folder.join(exported(task));
        model.save(&path)?;
        files.push(path);
    }
    Ok(files)
}

/// The remedy for a finished run whose model is not at hand.
pub fn not_at_hand(run: &Finished) -> String {
    let name = run.name();
    format!("the model of the finished run {name} cannot be read; `engram results run {name}` trains it again")
}
