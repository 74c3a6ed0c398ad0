//! How a proof came out, told.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

use super::prove::Proof;
use crate::console::{BAD, GOOD, styled};
use crate::failure::Failure;

/// How a proof came out.
#[derive(Debug, Serialize)]
pub struct Proved {
    pub proofs: Vec<Proof>,
    pub failed: Vec<String>,
    pub files: Vec<PathBuf>,
}

impl fmt::Display for Proved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for proof in &self.proofs {
            let Proof { set, row, preset, answers, disagreements, cycles_mean, cycles_formula, .. } = proof;
            let differ = match disagreements {
                0 => styled(GOOD, "the same every time".to_string()),
                count => styled(BAD, format!("{count} differ")),
            };
            writeln!(
                f,
                "{set} {row} ({preset}): {answers} answers, {differ}; {cycles_mean:.1} cycles a step, {cycles_formula} by the formula"
            )?;
        }
        let files = self.files.iter().map(|file| file.display().to_string());
        write!(f, "{}", files.collect::<Vec<_>>().join("\n"))
    }
}

impl Proved {
    /// Whether every answer agreed and every network could be asked.
    pub fn check(&self) -> anyhow::Result<()> {
        let sum = |count: fn(&Proof) -> usize| self.proofs.iter().map(count).sum::<usize>();
        let told = match (sum(|proof| proof.disagreements), self.failed.len()) {
            (0, 0) => return Ok(()),
            (0, failed) => format!("{failed} networks could not be asked; the others are kept and reported"),
            (count, _) => format!("{count} of {} answers differ from the integer model's", sum(|proof| proof.answers)),
        };
        Err(Failure::Check(told).into())
    }
}
