//! The numbers of the report as a file, `memo.json`. The report is made of it alone.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::aggregate::SetResults;
use super::proofs::Proof;
use crate::results::files::{keep_json, read_published};
use engram_session::Failure;

/// What is published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The data sets of which something is finished.
    pub sets: Vec<SetResults>,
    /// What was put to hardware.
    #[serde(default)]
    pub proofs: Vec<Proof>,
}

impl Published {
    fn file(folder: &Path) -> PathBuf {
        folder.join("memo.json")
    }

    /// Reads a folder; nothing where the file is not there.
    pub fn read(folder: &Path) -> Result<Published, Failure> {
        Ok(read_published(&Self::file(folder))?.unwrap_or_default())
    }

    /// Takes new results of sets in the place of the old. A proof of thresholds that the results no longer have is none of theirs.
    pub fn replace(&mut self, results: Vec<SetResults>) {
        for results in results {
            match self.sets.iter_mut().find(|old| old.set == results.set) {
                Some(old) => *old = results,
                None => self.sets.push(results),
            }
        }
        let Published { sets, proofs } = self;
        proofs.retain(|proof| sets.iter().any(|set| set.has(proof)));
    }

    /// Writes a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        keep_json(&Self::file(folder), self)
    }
}
