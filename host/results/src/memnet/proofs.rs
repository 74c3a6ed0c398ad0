//! The hardware's answers beside the model's, as numbers: what was asked of a backend, task by task, and the sums.

use std::collections::BTreeSet;
use std::fmt;

use engram_memnet::train::VERSION;
use engram_session::Difference;
use serde::{Deserialize, Serialize};

use super::finished::Finished;
use super::texts::Origin;
use super::variant::{Size, place};
use crate::ledger::Line;
use crate::proofs;

/// The test questions of a task, put to a backend with a model of a row loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The size of the training text.
    pub size: Size,
    /// The row.
    pub variant: String,
    /// The task.
    pub task: u8,
    /// The seed that validation chose.
    pub seed: u64,
    /// The cell's key in the ledger.
    pub key: String,
    /// The backend: `verilator`, `cxxrtl`, `netlist`, `simulation` or `board`.
    #[serde(rename = "body")]
    pub backend: String,
    /// The origin of the text.
    pub origin: Origin,
    /// The hashes of the program and of the hardware.
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

/// The hashes of what was proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    /// The program's hash, as the device reports it: CRC-32, hexadecimal.
    pub program: String,
    /// CRC-64 of the core's Verilog, hexadecimal; empty of a board, which does not tell.
    pub verilog: String,
}

impl Proof {
    /// Whether it is of this model on this hardware, and of as many questions at least.
    pub fn covers(&self, run: &Finished, hashes: &Hashes, questions: usize) -> bool {
        let of = (self.size, &self.variant, self.task, self.seed, &self.key);
        (of, &self.hashes) == ((run.size, &run.variant, run.task, run.seed, &run.key), hashes)
            && self.questions >= questions
    }
}

impl Line for Proof {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        format!("memnet/{}/{}/qa{}/{}", self.size, self.variant, self.task, self.backend)
    }

    /// A proof of the hardware before is worth nothing.
    fn replaces(&self, old: &Proof) -> bool {
        let of = |proof: &Proof| (proof.size, proof.variant.clone(), proof.backend.clone(), proof.preset.clone());
        of(self) == of(old) && self.hashes.verilog != old.hashes.verilog
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:.1} cycles each)", self.name(), self.cycles_mean)
    }
}

impl proofs::Proof for Proof {
    const COMPARED: &str = "answers";

    fn compared(&self) -> usize {
        self.questions
    }

    fn differing(&self) -> usize {
        self.disagreements
    }
}

/// The backends of which there may be proofs, in the order of the document.
const BACKENDS: [&str; 5] = ["board", "netlist", "verilator", "cxxrtl", "simulation"];

/// All proofs, backend by backend.
pub fn by_backend(proofs: &[Proof]) -> Vec<BackendProofs> {
    let of = |backend: &&str| {
        let own: Vec<Proof> = proofs.iter().filter(|proof| proof.backend == **backend).cloned().collect();
        let generated = own.iter().all(|proof| proof.origin == Origin::Generated);
        let options = format!("{} --prove {backend}", if generated { " --generated" } else { "" });
        (!own.is_empty()).then(|| BackendProofs::new(backend.to_string(), &options, own))
    };
    BACKENDS.iter().filter_map(of).collect()
}

/// The sum over the tasks of a row, or over all.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RowSum {
    /// The size of the training text.
    pub size: Size,
    /// The row.
    #[serde(rename = "row")]
    pub variant: String,
    /// The sizes of the devices that were asked.
    pub presets: Vec<String>,
    /// The figures.
    #[serde(flatten)]
    pub sum: Sum,
}

/// All that was asked of a backend.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
        proofs.sort_by_key(|proof| (proof.size, place(&proof.variant), proof.task));
        let rows = proofs.chunk_by(|a, b| (a.size, &a.variant) == (b.size, &b.variant)).map(|proofs| {
            let presets: BTreeSet<String> = proofs.iter().map(|proof| proof.preset.clone()).collect();
            let presets = presets.into_iter().collect();
            RowSum { size: proofs[0].size, variant: proofs[0].variant.clone(), presets, sum: Sum::of(proofs.iter()) }
        });
        let rows: Vec<RowSum> = rows.collect();
        let sizes = distinct(rows.iter().map(|variant| variant.size.name()));
        let command = format!(
            "engram results --sizes {sizes} --rows {}{options}",
            distinct(rows.iter().map(|variant| &variant.variant[..]))
        );
        BackendProofs { backend, command, total: Sum::of(proofs.iter()), rows, proofs }
    }
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

    pub fn proof(variant: &str, task: u8, questions: usize) -> Proof {
        Proof {
            size: Size::K1,
            variant: variant.into(),
            task,
            seed: 2,
            key: "k".into(),
            backend: "verilator".into(),
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
        let order: Vec<_> = proofs.proofs.iter().map(|proof| (proof.variant.as_str(), proof.task)).collect();
        assert_eq!(order, [("qmann", 1), ("qmann", 3), ("binary", 2)]);
        let sum = Sum { tasks: 2, questions: 400, disagreements: 3, cycles_mean: 250.0, cycles_most: 3000 };
        assert_eq!((&proofs.rows[0].sum, &proofs.rows[0].presets[..]), (&sum, &["ecp5-25f".to_string()][..]));
        assert_eq!((proofs.total.tasks, proofs.total.questions, proofs.rows.len()), (3, 410, 2));
    }

    #[test]
    fn a_proof_of_other_hardware_takes_the_place_of_all_of_its_variant() {
        let hashes = Hashes { verilog: "78".into(), ..proof("", 1, 1).hashes };
        let changed = Proof { hashes, ..proof("qmann", 1, 7) };
        assert!(changed.replaces(&proof("qmann", 2, 5)));
        assert!(!changed.replaces(&proof("fixed", 2, 5)) && !proof("qmann", 1, 5).replaces(&proof("qmann", 2, 5)));
    }
}
