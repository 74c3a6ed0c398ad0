//! The hardware's answers and counters beside the integer model's, as numbers: network by network, and summed over seeds.

use std::fmt;

use engram_crossbar::train::VERSION;
use engram_spec::crossbar::Cell;
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F, Geometry};
use serde::{Deserialize, Serialize};

use super::scheme::Scheme;
use super::variant::Variant;
use crate::ledger::Line;
use crate::proofs;
use engram_session::crossbar::counters::Counted;
use engram_session::hardware::Organisation;

/// The test questions of a data set, put to a backend that remembers columns by a scheme's thresholds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proof {
    /// The data set.
    #[serde(rename = "set")]
    pub dataset: String,
    /// The network, by the name of its row, and its seed.
    #[serde(rename = "row")]
    pub variant: String,
    pub seed: u64,
    /// The scheme, and the thresholds of the gates.
    pub scheme: Scheme,
    pub theta: [u16; 4],
    /// The hash of the program, the settings of memoization and the hardware's Verilog.
    pub key: String,
    /// The backend.
    #[serde(rename = "body")]
    pub backend: String,
    /// The size of the device, and the rows whose signs its predictor compares in a cycle.
    pub preset: String,
    pub predictor_width: u32,
    /// Answers that were given: one for each recording, one for each symbol of a stream.
    pub answers: usize,
    /// The answers that are not the integer model's.
    pub disagreements: usize,
    /// Sequences whose counters and cycles were compared.
    pub sequences: usize,
    /// The counters of all of them, and of how many sequences they differ.
    pub counted: Counted,
    /// Clock cycles of a step: the mean, and by the formula without memoization.
    pub cycles_mean: f64,
    pub cycles_without: u32,
}

/// The place of a proof; there is one of each.
pub type Place<'a> = (&'a str, &'a str, u64, Scheme, Organisation, &'a str, &'a str);

impl Proof {
    /// The proof's place.
    pub fn place(&self) -> Place<'_> {
        let organisation = self.counted.organisation;
        (&self.dataset, &self.variant, self.seed, self.scheme, organisation, &self.backend, &self.preset)
    }

    /// The same of all seeds.
    fn seedless(&self) -> [String; 6] {
        let (dataset, variant, _, scheme, organisation, backend, preset) = self.place();
        [dataset, variant, scheme.name(), &organisation.to_string(), backend, preset].map(String::from)
    }
}

impl fmt::Display for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Proof { dataset, variant, seed, scheme, preset, cycles_mean, cycles_without, counted, .. } = self;
        let (scheme, organisation) = (scheme.name(), counted.organisation);
        write!(
            f,
            "{dataset} {variant} seed {seed} {scheme} {organisation} ({preset}, {cycles_mean:.1} cycles a step, "
        )?;
        write!(f, "{cycles_without} without)")
    }
}

impl Line for Proof {
    const TRAINER: u32 = VERSION;

    fn name(&self) -> String {
        let (dataset, variant, seed, scheme, organisation, backend, preset) = self.place();
        let scheme = scheme.name().replace(' ', "-");
        format!("memo/{dataset}/{variant}/seed{seed}/{scheme}/{organisation}/{backend}/{preset}")
    }

    fn replaces(&self, _: &Proof) -> bool {
        false
    }
}

impl proofs::Proof for Proof {
    const COMPARED: &str = "answers and sequences' counters";

    fn compared(&self) -> usize {
        self.answers + self.sequences
    }

    fn differing(&self) -> usize {
        self.disagreements + self.counted.differences
    }
}

/// The usual device that holds a network; `None` where there is no such hardware.
pub fn device(variant: Variant) -> Option<Geometry> {
    let holds = |device: &Geometry| variant.hidden <= device.hidden && variant.bits <= device.weight_bits;
    [ECP5_25F, ECP5_85F].into_iter().find(|device| variant.cell == Cell::Lstm && holds(device))
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

/// Puts proofs in the order of the tables: those of a network lie together.
pub fn sort(proofs: &mut [Proof]) {
    proofs.sort_by_cached_key(|proof| (proof.seedless(), proof.seed));
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
