//! Models to keep: of each task, and of the network of all tasks, the one of the seed that validation chooses, at 10k.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use engram_memnet::Model;
use engram_memnet::tasks::TASKS;
use engram_session::Failure;

use super::aggregate::chosen;
use super::finished::Finished;
use super::models::Models;
use super::variant::Size;
use crate::ledger::Line;

/// The row whose models are exported, a file each task: the arithmetic and the addressing that `engram train` has as defaults.
const ROW: &str = "qmann-min";

/// The row of networks of all tasks, of which one is exported.
const ALL_TASKS: &str = "all";

/// The size of the text that exported models have learnt.
const SIZE: Size = Size::K10;

/// The file of a task's exported model.
fn file(task: u8) -> String {
    format!("qa{task}.safetensors")
}

/// The file of the exported network of all tasks.
fn file_of_all() -> String {
    format!("{ALL_TASKS}.safetensors")
}

/// The files that an export may write.
pub fn exported() -> Vec<String> {
    (1..=TASKS).map(file).chain([file_of_all()]).collect()
}

/// Copies the models to `qa1.safetensors` and so on, of the tasks that have one, and the network of all tasks to `all.safetensors`,
/// where there is one. Gives the files.
pub fn export(runs: &[Finished], models: &Models, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let of_row = |name: &'static str| runs.iter().filter(move |run| (run.variant.as_str(), run.size) == (name, SIZE));
    let tasks: BTreeSet<u8> = of_row(ROW).map(|run| run.task).collect();
    if tasks.is_empty() {
        let text =
            format!("no run of variant {ROW} at {SIZE} is finished; run `engram results --sizes {SIZE} --rows {ROW}`");
        return Err(Failure::Input(text).into());
    }
    let make = std::fs::create_dir_all(folder);
    make.map_err(|error| Failure::Input(format!("cannot make {}: {error}", folder.display())))?;
    let of_tasks = tasks.into_iter().map(|task| (file(task), chosen(of_row(ROW).filter(|run| run.task == task))));
    // The runs of a network of all tasks differ in the text of the test alone, so any of them has the model.
    let of_all = [(file_of_all(), chosen(of_row(ALL_TASKS)))];
    let mut files = Vec::new();
    for (name, run) in of_tasks.chain(of_all) {
        let Some(run) = run else { continue };
        // Read and written rather than copied: what is exported is whole.
        let model = Model::load(&models.of(run)).with_context(|| not_at_hand(run))?;
        let path = folder.join(name);
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
