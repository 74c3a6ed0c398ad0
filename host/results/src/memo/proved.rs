//! The outcome of a proof of memoization.

use std::fmt;

use serde::Serialize;

use super::proofs::Proof;
use crate::campaign;
use crate::proofs::Proved;

/// The outcome of a proof, with what was proved before and what is not in hardware.
#[derive(Debug, Serialize)]
pub struct ProvedMemo {
    /// Networks with a scheme and an organisation that were not asked again.
    pub proved_before: usize,
    /// Networks, by row, that are finished and that no hardware holds.
    pub not_in_hardware: Vec<String>,
    #[serde(flatten)]
    pub proved: Proved<Proof>,
}

impl fmt::Display for ProvedMemo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ProvedMemo { proved_before, not_in_hardware, proved } = self;
        write!(f, "{proved}\n{proved_before} of {} proved before", proved.proofs.len())?;
        if !not_in_hardware.is_empty() {
            write!(f, "; not in hardware: {}", not_in_hardware.join(", "))?;
        }
        Ok(())
    }
}

impl campaign::Proved for ProvedMemo {
    fn check(&self) -> anyhow::Result<()> {
        campaign::Proved::check(&self.proved)
    }

    fn add_file(&mut self, file: std::path::PathBuf) {
        campaign::Proved::add_file(&mut self.proved, file);
    }
}
