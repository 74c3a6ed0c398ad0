//! The hardware's answers beside the model's, as numbers: what was asked of a backend, task by task, and the sums.

use serde::{Deserialize, Serialize};

use super::ledger::Finished;
use super::row::{Size, place};
use super::texts::Origin;
use engram_session::Difference;

/// The test questions of a task, put to a backend with a model of a row loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The size of the training text.
    pub size: Size,
    /// The row.
    pub row: String,
    /// The task.
    pub task: u8,
    /// The seed that validation chose.
    pub seed: u64,
    /// The cell's key in the ledger.
    pub key: String,
    /// Where the text is from.
    pub origin: Origin,
    /// What was asked: the program's hash and the hardware's.
    #[serde(flatten)]
    pub hashes: Hashes,
    /// The size of the device.
    pub preset: String,
    /// Questions asked.
    pub questions: usize,
    /// Answers that differ from the integer model's in word or logit.
    pub disagreements: usize,
    /// Clock cycles of a question, the mean.
    pub cycles_mean: f64,
    /// The most cycles of a question.
    pub cycles_most: u32,
    /// The first answer that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_disagreement: Option<Difference>,
}

/// What a proof is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    /// The program's hash, as the device reports it: CRC-32, hexadecimal.
    pub program: String,
    /// CRC-64 of the core's Verilog, hexadecimal; empty of a board, which does not tell.
    pub verilog: String,
}

impl Proof {
    /// By what the ledger finds its cell.
    pub fn named(&self) -> (Size, &str, u8, u64, &str) {
        (self.size, &self.row, self.task, self.seed, &self.key)
    }

    /// Whether an older proof is worth nothing beside it: one of the same task, or of the hardware before.
    fn replaces(&self, old: &Proof) -> bool {
        let changed = self.preset == old.preset && self.hashes.verilog != old.hashes.verilog;
        (self.size, &self.row) == (old.size, &old.row) && (self.task == old.task || changed)
    }

    /// Whether it is of this model on this hardware, and of as many questions at least.
    pub fn covers(&self, cell: &Finished, hashes: &Hashes, questions: usize) -> bool {
        (self.named(), &self.hashes) == (cell.named(), hashes) && self.questions >= questions
    }
}

/// The sum over the tasks of a row, or over all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// Tasks asked.
    pub tasks: usize,
    /// Questions asked.
    pub questions: usize,
    /// Answers that differ.
    pub disagreements: usize,
    /// Clock cycles of a question, the mean over the questions.
    pub cycles_mean: f64,
    /// The most cycles of a question.
    pub cycles_most: u32,
}

impl Sum {
    fn of<'a>(proofs: impl Iterator<Item = &'a Proof> + Clone) -> Sum {
        let questions: usize = proofs.clone().map(|proof| proof.questions).sum();
        let cycles: f64 = proofs.clone().map(|proof| proof.cycles_mean * proof.questions as f64).sum();
        Sum {
            tasks: proofs.clone().count(),
            questions,
            disagreements: proofs.clone().map(|proof| proof.disagreements).sum(),
            cycles_mean: (cycles / questions.max(1) as f64 * 1e3).round() / 1e3,
            cycles_most: proofs.map(|proof| proof.cycles_most).max().unwrap_or(0),
        }
    }
}

/// A row's sum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowSum {
    /// The size of the training text.
    pub size: Size,
    /// The row.
    pub row: String,
    /// The sizes of the devices that were asked.
    pub presets: Vec<String>,
    /// The figures.
    #[serde(flatten)]
    pub sum: Sum,
}

/// All that was asked of a backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BackendProofs {
    /// The backend: `verilator`, `cxxrtl`, `netlist`, `simulation` or `board`.
    #[serde(rename = "body")]
    pub backend: String,
    /// The command that asks all of this.
    pub command: String,
    /// The sum over all.
    pub total: Sum,
    /// The sums over the tasks, in the order of the tables.
    pub rows: Vec<RowSum>,
    /// Every task of every row, in the same order.
    pub proofs: Vec<Proof>,
}

impl BackendProofs {
    /// Puts proofs in order and sums them up. `options` are those that they were asked with, but for sizes and rows.
    pub fn new(backend: String, options: &str, mut proofs: Vec<Proof>) -> BackendProofs {
        proofs.sort_by_key(|proof| (proof.size, place(&proof.row), proof.task));
        let rows = proofs.chunk_by(|a, b| (a.size, &a.row) == (b.size, &b.row)).map(|proofs| {
            let mut presets: Vec<String> = proofs.iter().map(|proof| proof.preset.clone()).collect();
            presets.sort();
            presets.dedup();
            RowSum { size: proofs[0].size, row: proofs[0].row.clone(), presets, sum: Sum::of(proofs.iter()) }
        });
        let rows: Vec<RowSum> = rows.collect();
        let sizes = distinct(rows.iter().map(|row| row.size.name()));
        let command =
            format!("engram results --sizes {sizes} --rows {}{options}", distinct(rows.iter().map(|row| &row.row[..])));
        BackendProofs { backend, command, total: Sum::of(proofs.iter()), rows, proofs }
    }
}

/// Adds proofs of before: of other tasks and rows, but not of another hardware in the place of this.
pub fn with_before(mut proofs: Vec<Proof>, mut before: Vec<Proof>) -> Vec<Proof> {
    before.retain(|old| !proofs.iter().any(|new| new.replaces(old)));
    proofs.extend(before);
    proofs
}

/// The different names, with commas.
fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut different: Vec<&str> = Vec::new();
    for name in names {
        if !different.contains(&name) {
            different.push(name);
        }
    }
    different.join(",")
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn proof(row: &str, task: u8, questions: usize) -> Proof {
        Proof {
            size: Size::K1,
            row: row.into(),
            task,
            seed: 2,
            key: "k".into(),
            origin: Origin::Official,
            hashes: Hashes { program: "1234abcd".into(), verilog: "56".into() },
            preset: "ecp5-25f".into(),
            questions,
            disagreements: 0,
            cycles_mean: 100.0 * f64::from(task),
            cycles_most: 1000 * u32::from(task),
            first_disagreement: None,
        }
    }

    #[test]
    fn sums_weigh_tasks_by_their_questions() {
        let wrong = Proof { disagreements: 3, ..proof("qmann", 1, 100) };
        let all = vec![proof("binary", 2, 10), proof("qmann", 3, 300), wrong];
        let proofs = BackendProofs::new("verilator".into(), " --prove verilator", all);
        assert_eq!(proofs.command, "engram results --sizes 1k --rows qmann,binary --prove verilator");
        let order: Vec<_> = proofs.proofs.iter().map(|proof| (proof.row.as_str(), proof.task)).collect();
        assert_eq!(order, [("qmann", 1), ("qmann", 3), ("binary", 2)]);
        let sum = Sum { tasks: 2, questions: 400, disagreements: 3, cycles_mean: 250.0, cycles_most: 3000 };
        assert_eq!((&proofs.rows[0].sum, &proofs.rows[0].presets[..]), (&sum, &["ecp5-25f".to_string()][..]));
        assert_eq!((proofs.total.tasks, proofs.total.questions, proofs.rows.len()), (3, 410, 2));
        let text = serde_json::to_string(&proofs).unwrap();
        assert_eq!(serde_json::from_str::<BackendProofs>(&text).unwrap(), proofs);
    }
}
