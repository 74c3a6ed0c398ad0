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
        let mut model = Model::load(&models.of(run)).with_context(|| not_at_hand(run))?;
        if let Some(record) = &mut model.training {
            record.source = without_folder(&record.source);
        }
        let path = folder.join(name);
        model.save(&path)?;
        files.push(path);
    }
    Ok(files)
}

/// The source of a model's text without the folder in which it lay on one machine: `official /data/en-10k` is `official en-10k`.
fn without_folder(source: &str) -> String {
    let folder = source.split_once('/').map(|(kind, path)| (kind, Path::new(path).file_name()));
    match folder {
        Some((kind, Some(name))) => {
            let kind = kind.rsplit_once(' ').map_or("", |(kind, _)| kind);
            format!("{kind} {}", name.to_string_lossy()).trim().to_string()
        }
        _ => source.to_string(),
    }
}

/// The remedy for a finished run whose model is not at hand.
pub fn not_at_hand(run: &Finished) -> String {
    let name = run.name();
    format!("the model of the finished run {name} cannot be read; `engram results run {name}` trains it again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exported_model_names_no_folder_of_a_machine() {
        let cases = [
            ("official /data/babi/en-10k", "official en-10k"),
            ("official ../shared/babi/en-10k", "official en-10k"),
            ("text of /data/own", "text of own"),
            ("generated, seed 7", "generated, seed 7"),
        ];
        for (source, expected) in cases {
            assert_eq!(without_folder(source), expected);
        }
    }
}
