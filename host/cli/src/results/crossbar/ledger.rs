//! What is done: a file for each finished cell, and its model, under a name that says what it was made of. So finished
//! work is never repeated, and what a change has made stale is not taken for finished.

use std::fmt;
use std::path::{Path, PathBuf};

use crc::{CRC_64_XZ, Crc};
use serde::{Deserialize, Serialize};

use super::row::Row;
use super::set::Set;
use super::work::NOISE;
use crate::results::files::{find_json, keep_json};
use engram_session::Failure;

/// Raised whenever training or the integer model changes in a way that gives other results for an old recipe.
const TRAINING: u32 = 1;

/// How well a network did.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Recordings, or symbols of a stream.
    pub targets: usize,
    /// Those answered wrongly, in percent.
    pub error_percent: f64,
    /// The mean cross-entropy, in nats.
    pub nats: f64,
}

/// A network under noise: as often programmed as there are scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnderNoise {
    /// s_w: the deviation of a weight, as a share of its range.
    pub weights: f64,
    /// s_a: the deviation of a read, in steps of the converter.
    pub read: f64,
    /// How it did, programming by programming.
    pub scores: Vec<Score>,
}

/// A finished cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished {
    /// Of what it was made: see [`key`].
    pub key: String,
    /// The data set.
    pub set: String,
    /// The row, by its name.
    pub row: String,
    /// The seed.
    pub seed: u64,
    /// What the model was trained on: recordings, or symbols.
    pub training_targets: usize,
    /// How it did on the test data, without noise.
    pub test: Score,
    /// The share of the validation targets answered wrongly, in percent, and their cross-entropy, when it was trained.
    pub validation_error_percent: f64,
    pub validation_nats: f64,
    /// Epochs that the model was trained for.
    pub epoch: usize,
    /// Under noise, where that was measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<UnderNoise>,
    /// Processor time of training and testing.
    pub cpu_seconds: f64,
    /// What the time was estimated by: see `plan`.
    pub work: f64,
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { error_percent, nats, .. } = self.test;
        write!(f, "test error {error_percent:.1} %, {nats:.3} nats, {:.1} s", self.cpu_seconds)
    }
}

/// What decides the outcome of a cell, but its seed: the data, the recipes as they are written, the row.
pub fn key(set: &Set, row: Row) -> String {
    let [float, quantised] = &set.settings;
    let mut made_of = format!("{TRAINING}\n{}\n{}\n{float}\n{row}", set.name, set.fingerprint);
    if let Row::Trained(_) | Row::UnderNoise(_) = row {
        made_of += &format!("\n{quantised}");
    }
    if let Row::UnderNoise(_) = row {
        made_of += &format!("\n{NOISE:?}");
    }
    format!("{:016x}", Crc::<u64>::new(&CRC_64_XZ).checksum(made_of.as_bytes()))
}

/// The folders of cells and models.
#[derive(Clone, Debug)]
pub struct Ledger {
    cells: PathBuf,
    models: PathBuf,
}

impl Ledger {
    /// A ledger in a folder; the models lie in the folder `models` beside it.
    pub fn new(cells: &Path) -> Ledger {
        Ledger { cells: cells.to_path_buf(), models: cells.with_file_name("models") }
    }

    fn file(folder: &Path, set: &Set, row: Row, seed: u64, kind: &str) -> PathBuf {
        folder.join(&set.name).join(row.to_string()).join(format!("seed{seed}-{}.{kind}", key(set, row)))
    }

    /// Where the model of a row lies.
    pub fn model(&self, set: &Set, row: Row, seed: u64) -> PathBuf {
        Self::file(&self.models, set, row.model(), seed, "safetensors")
    }

    /// A cell that is finished; a torn or foreign file is none.
    pub fn find(&self, set: &Set, row: Row, seed: u64) -> Option<Finished> {
        let cell: Finished = find_json(&Self::file(&self.cells, set, row, seed, "json"))?;
        let named = (cell.set.as_str(), cell.row.as_str(), cell.seed, cell.key.as_str());
        (named == (set.name.as_str(), row.to_string().as_str(), seed, key(set, row).as_str())).then_some(cell)
    }

    /// Keeps a finished cell.
    pub fn keep(&self, set: &Set, row: Row, cell: &Finished) -> Result<(), Failure> {
        keep_json(&Self::file(&self.cells, set, row, cell.seed, "json"), cell)
    }
}
