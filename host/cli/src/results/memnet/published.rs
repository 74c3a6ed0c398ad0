//! The numbers of the report as files: `1k.json`, `10k.json`, `similarity.json`, `attention.json` and `proof-verilator.json`
//! (and those of other backends) in one folder. The report is made of them alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engram_spec::memnet::Addressing;
use serde::Serialize;

use super::aggregate::SizeResults;
use super::inside::{Attention, Similarities};
use super::proofs::{BackendProofs, Proof, with_before};
use super::row::Size;
use crate::results::files::{keep_json, read_published, write_whole};
use engram_session::Failure;

/// What is published.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The results by size, smallest first; without those of which nothing is known.
    pub sizes: Vec<SizeResults>,
    /// The similarities by task.
    pub similarity: Vec<Similarities>,
    /// A story of each task.
    pub attention: Vec<Attention>,
    /// What was asked of each backend.
    pub proofs: Vec<BackendProofs>,
}

/// The backends of which there may be proofs, in the order of the report.
const BODIES: [&str; 5] = ["board", "netlist", "verilator", "cxxrtl", "simulation"];

/// The file of a backend's proofs.
fn proof_file(folder: &Path, backend: &str) -> PathBuf {
    folder.join(format!("proof-{backend}.json"))
}

impl Published {
    /// Reads a folder. Files that are not there are left out.
    pub fn read(folder: &Path) -> Result<Published, Failure> {
        let mut sizes = Vec::new();
        for size in Size::ALL {
            sizes.extend(read_published::<SizeResults>(&folder.join(format!("{size}.json")))?);
        }
        let similarity = read_published(&folder.join("similarity.json"))?.unwrap_or_default();
        let attention = read_published(&folder.join("attention.json"))?.unwrap_or_default();
        let mut proofs = Vec::new();
        for backend in BODIES {
            proofs.extend(read_published::<BackendProofs>(&proof_file(folder, backend))?);
        }
        Ok(Published { sizes, similarity, attention, proofs })
    }

    /// Takes new results of a size in the place of the old.
    pub fn replace(&mut self, results: SizeResults) {
        self.sizes.retain(|old| old.size != results.size);
        self.sizes.push(results);
        self.sizes.sort_by_key(|results| results.size);
    }

    /// Takes what was seen inside of the models of a size in the place of the old.
    pub fn look_inside(&mut self, size: Size, similarity: Vec<Similarities>, attention: Vec<Attention>) {
        self.similarity.retain(|old| old.size != size);
        self.similarity.extend(similarity);
        keep_largest(&mut self.similarity, |one| ((one.task, way(&one.addressing)), one.size));
        self.attention.retain(|old| old.size != size);
        self.attention.extend(attention);
        keep_largest(&mut self.attention, |one| (one.task, one.size));
    }

    /// Takes new proofs of a backend in the place of the old, and writes them. Gives the file. `options` are those of
    /// [`BackendProofs::new`].
    pub fn prove(
        &mut self,
        folder: &Path,
        backend: String,
        options: &str,
        proofs: Vec<Proof>,
    ) -> Result<PathBuf, Failure> {
        let before = self.proofs.extract_if(.., |old| old.backend == backend).flat_map(|old| old.proofs).collect();
        let path = proof_file(folder, &backend);
        let proofs = BackendProofs::new(backend, options, with_before(proofs, before));
        keep_json(&path, &proofs)?;
        self.proofs.push(proofs);
        self.proofs.sort_by_key(|proofs| BODIES.iter().position(|&one| one == proofs.backend));
        Ok(path)
    }

    /// Writes a folder.
    pub fn write(&self, folder: &Path) -> Result<(), Failure> {
        for results in &self.sizes {
            keep_json(&folder.join(format!("{}.json", results.size)), results)?;
        }
        write_lines(&folder.join("similarity.json"), &self.similarity)?;
        write_lines(&folder.join("attention.json"), &self.attention)
    }
}

/// Writes a list with a line for each of its items, which are long.
fn write_lines<T: Serialize>(path: &Path, items: &[T]) -> Result<(), Failure> {
    let lines: Result<Vec<String>, _> = items.iter().map(serde_json::to_string).collect();
    let lines = lines.map_err(|error| Failure::Output(error.into()))?;
    write_whole(path, &format!("[\n{}\n]\n", lines.join(",\n")))
}

/// The place of a way of addressing.
fn way(name: &str) -> usize {
    Addressing::ALL.iter().position(|way| way.name() == name).unwrap_or(Addressing::ALL.len())
}

/// Keeps of each task (and way of addressing) what is of the largest size, in their order.
fn keep_largest<T, K: Ord + Clone>(items: &mut Vec<T>, of: impl Fn(&T) -> (K, Size)) {
    let mut largest: BTreeMap<K, Size> = BTreeMap::new();
    for (key, size) in items.iter().map(&of) {
        let most = largest.entry(key).or_insert(size);
        *most = size.max(*most);
    }
    items.retain(|item| largest.get(&of(item).0) == Some(&of(item).1));
    items.sort_by_key(|item| of(item).0);
}

#[cfg(test)]
mod tests {
    use super::super::proofs::Hashes;
    use super::super::proofs::tests::proof;
    use super::*;

    #[test]
    fn each_task_is_seen_at_its_largest_size() {
        let mut items = vec![(2, Size::K1), (1, Size::K10), (1, Size::K1), (1, Size::K10)];
        keep_largest(&mut items, |&item| item);
        assert_eq!(items, [(1, Size::K10), (1, Size::K10), (2, Size::K1)]);
    }

    #[test]
    fn proofs_are_added_to_those_of_before() {
        let folder = tempfile::tempdir().unwrap();
        let sums = |proofs| BackendProofs::new("verilator".into(), " --prove verilator", proofs);
        let mut published = Published::default();
        let mut prove =
            |proofs| published.prove(folder.path(), "verilator".into(), " --prove verilator", proofs).unwrap();
        prove(vec![proof("qmann", 1, 5), proof("qmann", 2, 5)]);
        prove(vec![proof("qmann", 2, 9), proof("fixed", 1, 5)]);
        let read = || Published::read(folder.path()).unwrap().proofs;
        assert_eq!(read(), [sums(vec![proof("qmann", 1, 5), proof("qmann", 2, 9), proof("fixed", 1, 5)])]);
        let other = Hashes { verilog: "78".into(), ..proof("", 1, 1).hashes };
        let changed = Proof { hashes: other, ..proof("qmann", 1, 7) };
        prove(vec![changed.clone()]);
        assert_eq!(read(), [sums(vec![changed, proof("fixed", 1, 5)])], "the hardware of before is gone");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let seen = Similarities {
            size: Size::K1,
            row: "qmann".into(),
            task: 3,
            addressing: "dot".into(),
            count: 3,
            low: -0.5,
            width: 0.25,
            bins: vec![1, 2],
            bound: 8.0,
            least: -0.5,
            greatest: 0.0,
            above_percent: 0.0,
        };
        let mut published = Published::default();
        published.look_inside(Size::K1, vec![seen], Vec::new());
        published.write(folder.path()).unwrap();
        let read = Published::read(folder.path()).unwrap();
        assert_eq!((read.similarity, read.attention.len()), (published.similarity, 0));
        std::fs::write(folder.path().join("10k.json"), "{").unwrap();
        assert!(Published::read(folder.path()).unwrap_err().to_string().contains("10k.json"));
    }
}
