//! What is done: a file for each finished cell, and its models, under names that say what they were made of.

use std::fmt;
use std::path::{Path, PathBuf};

use crc::{CRC_64_XZ, Crc};
use engram_spec::crossbar::Cell;
use engram_spec::crossbar::memo::{Counters, Predictor};
use serde::{Deserialize, Serialize};

use super::proofs::{Place, Proof};
use super::row::{Row, SYMBOLS};
use super::scheme::{CURVES, Scheme};
use super::work::{LOSS, TEST_STEPS, TUNING_STEPS};
use crate::results::crossbar::ledger::Score;
use crate::results::crossbar::set::Set;
use crate::results::files::{find_json, keep_json};
use engram_session::Failure;

/// Raised whenever training changes in a way that gives other networks for an old recipe.
const TRAINING: u32 = 2;

/// The same of what is measured of them.
const fn measuring(cell: Cell) -> u32 {
    match cell {
        Cell::Lstm => 5,
        Cell::Gru => 6,
    }
}

/// The integer model's counters, as they are kept.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Counters", deny_unknown_fields)]
struct CountersJson {
    columns: [u64; 4],
    hits: [u64; 4],
    forced: u64,
    words_not_read: u64,
    cycles_without: u64,
    predictor_cycles: u64,
    serial_cycles: u64,
    pipelined_cycles: u64,
    stall_cycles: u64,
}

/// What memoization came to on some data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// How well the questions were answered.
    pub score: Score,
    #[serde(with = "CountersJson")]
    pub counters: Counters,
}

/// A scheme with the thresholds that were found for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    pub scheme: Scheme,
    /// The thresholds of the gates.
    pub theta: [u16; 4],
    /// On the training data that they were found with: without memoization, and with it.
    pub tuning_without: Score,
    pub tuning: Outcome,
    /// On the test data.
    pub test: Outcome,
}

/// A point of a curve: one threshold on the test data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// The place of its denominator in [`CURVES`].
    pub curve: usize,
    pub theta: u16,
    pub test: Outcome,
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
    /// Steps that thresholds are found with, and that are tested.
    pub tuning_steps: usize,
    pub test_steps: usize,
    /// The test without memoization.
    pub test: Score,
    /// The schemes.
    pub schemes: Vec<Tested>,
    /// The curves.
    pub curves: Vec<Point>,
    /// Of one test recording, scheme `paper`: a line a step, of a digit a cell, whose bits are its four columns (1, 2, 4, 8),
    /// set where remembered. Kept of one network of recordings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub picture: Vec<String>,
    /// Processor time of training and measuring.
    pub cpu_seconds: f64,
    /// What the time was estimated by: see `plan`.
    pub work: f64,
}

impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "test error {:.1} %", self.test.error_percent)?;
        for Tested { scheme, test, .. } in &self.schemes {
            let lost = test.score.error_percent - self.test.error_percent;
            write!(f, ", {} {:.1} % reused {lost:+.1} points", scheme.name(), 100.0 * test.counters.reuse())?;
        }
        write!(f, ", {:.1} s", self.cpu_seconds)
    }
}

/// What decides a network, but its seed: the data, the recipes as they are written, the row.
fn model_key(set: &Set, name: &str) -> String {
    let [float, quantised] = &set.settings;
    hash(&format!("{TRAINING}\n{}\n{}\n{float}\n{quantised}\n{name}\n{SYMBOLS}", set.name, set.fingerprint))
}

/// What decides the outcome of a cell, but its seed: the network, and what is measured of it.
pub fn key(set: &Set, row: Row) -> String {
    let measured = (TUNING_STEPS, TEST_STEPS, LOSS, CURVES, Predictor::default());
    let name = row.to_string();
    hash(&format!("{}\n{}\n{measured:?}", model_key(set, &name), measuring(row.cell)))
}

/// A number that changes with the text, as names hold it.
pub fn hash(text: &str) -> String {
    format!("{:016x}", Crc::<u64>::new(&CRC_64_XZ).checksum(text.as_bytes()))
}

/// The folders of cells and models.
#[derive(Clone, Debug)]
pub struct Ledger {
    cells: PathBuf,
    models: PathBuf,
    proofs: PathBuf,
}

impl Ledger {
    /// A ledger in a folder; the models lie in the folder `models` beside it, what was put to hardware in `proofs`.
    pub fn new(cells: &Path) -> Ledger {
        let beside = |name| cells.with_file_name(name);
        Ledger { cells: cells.to_path_buf(), models: beside("models"), proofs: beside("proofs") }
    }

    /// Where the model of a row lies, or that of the float network of this name.
    pub fn model(&self, set: &Set, name: &str, seed: u64) -> PathBuf {
        let file = format!("seed{seed}-{}.safetensors", model_key(set, name));
        self.models.join(&set.name).join(name).join(file)
    }

    fn cell(&self, set: &Set, row: Row, seed: u64) -> PathBuf {
        self.cells.join(&set.name).join(row.to_string()).join(format!("seed{seed}-{}.json", key(set, row)))
    }

    /// A cell that is finished; a torn or foreign file is none.
    pub fn find(&self, set: &Set, row: Row, seed: u64) -> Option<Finished> {
        let cell: Finished = find_json(&self.cell(set, row, seed))?;
        let named = (cell.set.as_str(), cell.row.as_str(), cell.seed, cell.key.as_str());
        (named == (set.name.as_str(), row.to_string().as_str(), seed, key(set, row).as_str())).then_some(cell)
    }

    fn proof_file(&self, (set, row, seed, scheme, organisation, backend, preset): &Place) -> PathBuf {
        let scheme = scheme.name().replace(' ', "-");
        let file = format!("seed{seed}-{scheme}-{organisation}-{backend}-{preset}.json");
        self.proofs.join(set).join(row).join(file)
    }

    /// What was put to hardware of a network; a torn or foreign file is nothing.
    pub fn proof(&self, place: &Place) -> Option<Proof> {
        find_json(&self.proof_file(place)).filter(|proof: &Proof| proof.place() == *place)
    }

    /// Keeps a proof.
    pub fn keep_proof(&self, proof: &Proof) -> Result<(), Failure> {
        keep_json(&self.proof_file(&proof.place()), proof)
    }

    /// Keeps a finished cell.
    pub fn keep(&self, set: &Set, row: Row, cell: &Finished) -> Result<(), Failure> {
        keep_json(&self.cell(set, row, cell.seed), cell)
    }
}
