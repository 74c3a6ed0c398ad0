//! The hardware's answers and counters beside the integer model's, as numbers: network by network, and summed over seeds.

use std::fmt;

use engram_spec::crossbar::Cell;
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F, Geometry};
use serde::{Deserialize, Serialize};

use super::row::Row;
use super::scheme::Scheme;
use crate::results::hardware;
use engram_session::crossbar::counters::Counted;
use engram_session::hardware::Organisation;

/// The test questions of a data set, put to a backend that remembers columns by a scheme's thresholds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The data set.
    pub set: String,
    /// The network, by the name of its row, and its seed.
    pub row: String,
    pub seed: u64,
    /// How columns are remembered, and the thresholds of the gates.
    pub scheme: Scheme,
    pub theta: [u16; 4],
    /// Of what it is: a hash of the program, the settings of memoization and the hardware's Verilog.
    pub key: String,
    /// The backend.
    #[serde(rename = "body")]
    pub backend: String,
    /// The size of the device, and the rows whose signs its predictor compares in a cycle.
    pub preset: String,
    pub predictor_width: u32,
    /// Answers that were given: one for each recording, one for each symbol of a stream.
    pub answers: usize,
    /// Those that are not the integer model's.
    pub disagreements: usize,
    /// Sequences whose counters and cycles were compared.
    pub sequences: usize,
    /// The counters of all of them, and of how many sequences they differ.
    pub counted: Counted,
    /// Clock cycles of a step: the mean, and by the formula without memoization.
    pub cycles_mean: f64,
    pub cycles_without: u32,
}

/// What a proof is of; there is one of each.
pub type Place<'a> = (&'a str, &'a str, u64, Scheme, Organisation, &'a str, &'a str);

impl Proof {
    /// What it is of.
    pub fn place(&self) -> Place<'_> {
        let organisation = self.counted.organisation;
        (&self.set, &self.row, self.seed, self.scheme, organisation, &self.backend, &self.preset)
    }

    /// The same of all seeds.
    fn seedless(&self) -> [String; 6] {
        let (set, row, _, scheme, organisation, backend, preset) = self.place();
        [set, row, scheme.name(), &organisation.to_string(), backend, preset].map(String::from)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proof { set, row, seed, scheme, preset, cycles_mean, cycles_without, counted, .. } = self;
        let (scheme, organisation) = (scheme.name(), counted.organisation);
        write!(f, "{set} {row} seed {seed} {scheme} {organisation} ({preset}, {cycles_mean:.1} cycles a step, ")?;
        write!(f, "{cycles_without} without)")
    }
}

impl hardware::Proof for Proof {
    const COMPARED: &str = "answers and sequences' counters";

    fn compared(&self) -> usize {
        self.answers + self.sequences
    }

    fn differing(&self) -> usize {
        self.disagreements + self.counted.differences
    }
}

/// The usual device that holds a network; `None` where there is no such hardware.
pub fn device(row: Row) -> Option<Geometry> {
    let holds = |device: &Geometry| row.hidden <= device.hidden && row.bits <= device.weight_bits;
    [ECP5_25F, ECP5_85F].into_iter().find(|device| row.cell == Cell::Lstm && holds(device))
}

/// The proofs of a network and scheme on a device, all seeds together.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum<'a> {
    /// One of them.
    pub first: &'a Proof,
    pub seeds: usize,
    pub answers: usize,
    pub disagreements: usize,
    pub sequences: usize,
    pub differences: usize,
    /// Percent of the columns that were remembered.
    pub reuse: f64,
    /// Clock cycles of a step, the mean over all steps.
    pub cycles_mean: f64,
}

/// Takes new proofs in the place of the old ones of the same networks on the same hardware. Those of a network lie together.
pub fn replace(old: &mut Vec<Proof>, new: Vec<Proof>) {
    old.retain(|proof| new.iter().all(|new| new.place() != proof.place()));
    old.extend(new);
    old.sort_by_cached_key(|proof| (proof.seedless(), proof.seed));
}

/// The sums over the seeds of networks that lie together.
pub fn sums(proofs: &[Proof]) -> Vec<Sum<'_>> {
    proofs.chunk_by(|one, other| one.seedless() == other.seedless()).map(sum).collect()
}

fn sum(group: &[Proof]) -> Sum<'_> {
    let all = |of: fn(&Proof) -> usize| group.iter().map(of).sum();
    let columns = |of: fn(&Counted) -> u64| group.iter().map(|proof| of(&proof.counted)).sum::<u64>() as f64;
    // Every step wants as many columns.
    let cycles: f64 = group.iter().map(|proof| proof.cycles_mean * proof.counted.columns as f64).sum();
    let wanted = columns(|counted| counted.columns).max(1.0);
    Sum {
        first: &group[0],
        seeds: group.len(),
        answers: all(|proof| proof.answers),
        disagreements: all(|proof| proof.disagreements),
        sequences: all(|proof| proof.sequences),
        differences: all(|proof| proof.counted.differences),
        reuse: 100.0 * columns(|counted| counted.hits) / wanted,
        cycles_mean: cycles / wanted,
    }
}
