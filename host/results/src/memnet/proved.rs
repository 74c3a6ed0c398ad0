//! The outcome of a proof.

use std::fmt;
use std::path::PathBuf;

use comfy_table::{Table, presets};
use serde::Serialize;

use super::proofs::{BackendProofs, Proof, RowSum, Sum};
use crate::campaign;
use crate::proofs::check;
use engram_session::Difference;
use engram_session::style::{BAD, GOOD, styled};

/// The outcome of a proof.
#[derive(Debug, Serialize)]
pub struct Proved {
    /// Tasks that were not asked again.
    pub proved_before: usize,
    pub failed: Vec<String>,
    #[serde(flatten)]
    pub proofs: BackendProofs,
    pub files: Vec<PathBuf>,
}

impl fmt::Display for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proved { proved_before, failed, proofs, files } = self;
        let head = ["size", "variant", "preset", "tasks", "questions", "differ", "cycles, mean", "most"];
        let mut table = Table::new();
        table.load_preset(presets::NOTHING).set_header(head);
        for RowSum { size, variant, presets, sum } in &proofs.rows {
            let Sum { tasks, questions, disagreements, cycles_mean, cycles_most } = sum;
            let names = [size.to_string(), variant.clone(), presets.join(", ")];
            let counts = [tasks, questions, disagreements].map(ToString::to_string);
            table
                .add_row(names.into_iter().chain(counts).chain([format!("{cycles_mean:.1}"), cycles_most.to_string()]));
        }
        writeln!(f, "{}", table.trim_fmt())?;
        if let Some((proof, first)) = self.first_disagreement() {
            writeln!(f, "{} qa{}, {}:\n{first}", proof.variant, proof.task, proof.size)?;
        }
        let Sum { tasks, questions, disagreements, .. } = proofs.total;
        let differ = match disagreements {
            0 => styled(GOOD, "the same word and logit every time"),
            count => styled(BAD, format!("{count} answers differ")),
        };
        write!(
            f,
            "{questions} questions on {}: {differ}; {proved_before} of {tasks} tasks proved before",
            proofs.backend
        )?;
        failed.iter().try_for_each(|cell| write!(f, "\n  failed: {cell}"))?;
        files.iter().try_for_each(|file| write!(f, "\n  {}", file.display()))
    }
}

impl Proved {
    fn first_disagreement(&self) -> Option<(&Proof, &Difference)> {
        self.proofs.proofs.iter().find_map(|proof| Some((proof, proof.first_disagreement.as_ref()?)))
    }
}

impl campaign::Proved for Proved {
    fn check(&self) -> anyhow::Result<()> {
        check(&self.proofs.proofs, self.failed.len(), "tasks")
    }

    fn add_file(&mut self, file: PathBuf) {
        self.files.push(file);
    }
}
