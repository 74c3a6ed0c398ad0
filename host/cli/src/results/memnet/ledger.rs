//! What is done: a file for each finished cell, and its model, under a name that says what it was made of. So finished
//! work is never repeated, and what a change has made stale is not taken for finished.

use std::fmt;
use std::path::{Path, PathBuf};

use crc::{CRC_64_XZ, Crc};
use engram_memnet::Recipe;
use serde::{Deserialize, Serialize};

use super::proofs::Proof;
use super::row::{Row, Size};
use super::texts::Origin;
use crate::results::files::{find_json, keep_json};
use engram_session::Failure;

/// Raised whenever training or the integer model changes in a way that gives other results for an old recipe.
pub const TRAINING: u32 = 2;

/// A finished cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    /// Of what it was made: see [`key`].
    pub key: String,
    /// The size of the training text.
    pub size: Size,
    /// The row.
    pub row: String,
    /// The bAbI task.
    pub task: u8,
    /// The seed.
    pub seed: u64,
    /// Where the text is from.
    pub origin: Origin,
    /// Test questions.
    pub test_questions: usize,
    /// Errors in percent of the questions.
    pub test_error_percent: f64,
    pub validation_error_percent: f64,
    pub train_error_percent: f64,
    /// Epochs that the model was trained for.
    pub epoch: usize,
    /// The restart that was chosen by validation, from 0.
    pub restart: usize,
    /// Processor time of training and testing.
    pub cpu_seconds: f64,
    /// What the time was estimated by: see `plan`.
    pub work: f64,
    /// Energy of a question, in picojoules, the mean over the test questions.
    pub energy: Energy,
}

/// Energy in picojoules.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Energy {
    /// Of the arithmetic, by the paper's count.
    pub paper: f64,
    /// Of the arithmetic, every addition at its width.
    pub arithmetic: f64,
    /// Of the memory reads.
    pub memory: f64,
}

/// What decides the outcome of a cell, but its seed: the recipe, the text, and the program's training.
pub fn key(row: &Row, task: u8, fingerprint: u64) -> String {
    let Row { size, settings, .. } = row;
    let made_of = format!("{TRAINING}\n{size}\n{task}\n{fingerprint}\n{settings}");
    format!("{:016x}", Crc::<u64>::new(&CRC_64_XZ).checksum(made_of.as_bytes()))
}

/// What decides a model of all tasks that trainings start from, but its seed. The texts are those of the size.
pub fn start_key(recipe: &Recipe, size: Size) -> String {
    let made_of = format!("{TRAINING}\n{size}\n{recipe:?}");
    format!("{:016x}", Crc::<u64>::new(&CRC_64_XZ).checksum(made_of.as_bytes()))
}

/// The folders of cells and models.
#[derive(Clone, Debug)]
pub struct Ledger {
    cells: PathBuf,
    models: PathBuf,
    proofs: PathBuf,
}

impl Ledger {
    /// A ledger in a folder; the models lie in the folder `models` beside it, the proofs in the folder `proofs`.
    pub fn new(cells: &Path) -> Ledger {
        let beside = |name: &str| cells.with_file_name(name);
        Ledger { cells: cells.to_path_buf(), models: beside("models"), proofs: beside("proofs") }
    }

    fn file(folder: &Path, (size, row, task, seed, key): (Size, &str, u8, u64, &str), kind: &str) -> PathBuf {
        folder.join(size.name()).join(row).join(format!("qa{task}-seed{seed}-{key}.{kind}"))
    }

    /// Where the model of a cell lies.
    pub fn model(&self, cell: (Size, &str, u8, u64, &str)) -> PathBuf {
        Self::file(&self.models, cell, "safetensors")
    }

    /// Where a model that trainings start from lies.
    pub fn start(&self, size: Size, seed: u64, key: &str) -> PathBuf {
        self.models.join(size.name()).join("start").join(format!("all-seed{seed}-{key}.safetensors"))
    }

    /// A cell that is finished; a torn or foreign file is none.
    pub fn find(&self, row: &Row, task: u8, seed: u64, key: &str) -> Option<Finished> {
        let cell: Finished = find_json(&Self::file(&self.cells, (row.size, &row.name, task, seed, key), "json"))?;
        let named = (cell.size, cell.row.as_str(), cell.task, cell.seed, cell.key.as_str());
        let whole = named == (row.size, row.name.as_str(), task, seed, key) && self.model(named).is_file();
        whole.then_some(cell)
    }

    /// The finished cells of a row and task, whatever their seed, in the order of the seeds.
    pub fn seeds(&self, row: &Row, task: u8, key: &str) -> Vec<Finished> {
        let folder = std::fs::read_dir(self.cells.join(row.size.name()).join(&row.name));
        let names = folder.into_iter().flatten().flatten().map(|entry| entry.file_name());
        let (before, after) = (format!("qa{task}-seed"), format!("-{key}.json"));
        let seed = |name: &str| name.strip_prefix(&before)?.strip_suffix(&after)?.parse().ok();
        let mut seeds: Vec<u64> = names.filter_map(|name| seed(name.to_str()?)).collect();
        seeds.sort_unstable();
        seeds.into_iter().filter_map(|seed| self.find(row, task, seed, key)).collect()
    }

    /// What a backend answered with the model of a cell; a torn or foreign file is none.
    pub fn proof(&self, backend: &str, cell: (Size, &str, u8, u64, &str)) -> Option<Proof> {
        find_json(&Self::file(&self.proofs.join(backend), cell, "json"))
    }

    /// Keeps what a backend answered.
    pub fn keep_proof(&self, backend: &str, proof: &Proof) -> Result<(), Failure> {
        keep_json(&Self::file(&self.proofs.join(backend), proof.named(), "json"), proof)
    }

    /// Keeps a finished cell.
    pub fn keep(&self, cell: &Finished) -> Result<(), Failure> {
        let named = (cell.size, cell.row.as_str(), cell.task, cell.seed, cell.key.as_str());
        keep_json(&Self::file(&self.cells, named, "json"), cell)
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finished { test_error_percent: test, validation_error_percent: validation, cpu_seconds, .. } = self;
        write!(f, "test error {test:.1} %, validation {validation:.1} %, {cpu_seconds:.1} s")
    }
}

impl Finished {
    /// By what the ledger finds the cell's model.
    pub fn named(&self) -> (Size, &str, u8, u64, &str) {
        (self.size, &self.row, self.task, self.seed, &self.key)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn row(text: &str) -> Row {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("memnet/1k")).unwrap();
        std::fs::write(folder.path().join("memnet/1k/qmann.toml"), text).unwrap();
        Row::read_all(folder.path(), Size::K1).unwrap().remove(0)
    }

    /// Keeps a cell, and a file in the place of its model.
    pub fn keep_whole(ledger: &Ledger, cell: &Finished) {
        let model = ledger.model(cell.named());
        std::fs::create_dir_all(model.parent().unwrap()).unwrap();
        std::fs::write(model, "").unwrap();
        ledger.keep(cell).unwrap();
    }

    pub fn cell(task: u8, seed: u64, test_error_percent: f64) -> Finished {
        Finished {
            key: "k".into(),
            size: Size::K1,
            row: "qmann".into(),
            task,
            seed,
            origin: Origin::Official,
            test_questions: 1000,
            test_error_percent,
            validation_error_percent: test_error_percent / 2.0,
            train_error_percent: 0.0,
            epoch: 10,
            restart: 0,
            cpu_seconds: 3.0,
            work: 6.0,
            energy: Energy { paper: 500.0, arithmetic: 1000.0, memory: 4000.0 },
        }
    }

    #[test]
    fn the_key_follows_recipe_task_and_text() {
        let (one, other) = (row("epochs = 2"), row("epochs = 3"));
        let all = [key(&one, 1, 5), key(&other, 1, 5), key(&one, 2, 5), key(&one, 1, 6)];
        assert!((1..4).all(|i| !all[i..].contains(&all[i - 1])), "{all:?}");
        assert_eq!(all[0], key(&row("# A comment does not count.\nepochs  =  2"), 1, 5));
    }

    #[test]
    fn whole_cells_are_found_and_torn_or_foreign_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(&folder.path().join("cells"));
        let row = row("");
        assert_eq!((ledger.find(&row, 1, 2, "k"), ledger.seeds(&row, 1, "k")), (None, vec![]));
        for seed in [10, 2] {
            keep_whole(&ledger, &cell(1, seed, 3.5));
        }
        assert_eq!(ledger.find(&row, 1, 2, "k"), Some(cell(1, 2, 3.5)));
        assert_eq!(ledger.seeds(&row, 1, "k"), [cell(1, 2, 3.5), cell(1, 10, 3.5)]);
        assert_eq!(ledger.find(&row, 1, 2, "other"), None);
        let model = ledger.model(cell(1, 10, 3.5).named());
        std::fs::remove_file(&model).unwrap();
        assert_eq!(ledger.find(&row, 1, 10, "k"), None, "a cell without its model is trained again");
        std::fs::write(&model, "").unwrap();
        let path = folder.path().join("cells/1k/qmann/qa1-seed2-k.json");
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert_eq!(ledger.seeds(&row, 1, "k"), [cell(1, 10, 3.5)]);
        std::fs::write(&path, whole.replace("\"seed\": 2", "\"seed\": 3")).unwrap();
        assert_eq!(ledger.find(&row, 1, 2, "k"), None);
    }
}
