//! How a proof of memoization came out, told.

use std::fmt;

use serde::Serialize;

use super::proofs::Proof;
use crate::results::hardware::Proved;

/// How a proof came out, what was proved before and what is not in hardware.
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
