//! From finished runs to the numbers of the tables: means and spreads over seeds, and energy.

use engram_crossbar::energy::{Layer, Steps};
use engram_spec::crossbar::memo::{Counters, Denominator};
use engram_spec::crossbar::program::STEP_CYCLES;

use super::finished::{Figures, Outcome, Tested};
use super::proofs::Proof;
use super::scheme::{CURVES, Scheme};
use super::variant::Variant;
use crate::datasets::{self, Results, Score, Shape};
use crate::statistic::{Statistic, over};

type Finished = datasets::Finished<Figures>;

/// Lanes P of the devices that are counted for.
const LANES: usize = 16;

/// The results with a data set.
pub type DatasetResults = Results<Tables>;

/// The numbers of the tables of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    /// Steps that thresholds are found with, and their answers.
    pub tuning_steps: usize,
    pub tuning_targets: usize,
    /// Steps that are tested.
    pub test_steps: usize,
    /// The networks of which something is finished.
    pub rows: Vec<VariantResults>,
    /// See [`Figures::picture`].
    pub picture: Vec<String>,
}

/// A network: its numbers over the seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantResults {
    /// The variant's name.
    pub variant: String,
    /// The number of seeds.
    pub seeds: usize,
    /// Test error in percent without memoization.
    pub error: Statistic,
    /// Cross-entropy of a test answer without, in nats.
    pub nats: Statistic,
    /// The schemes.
    pub schemes: Vec<SchemeResults>,
    /// The curves.
    pub curves: Vec<CurvePoint>,
}

/// A scheme on the test data, with thresholds found on training data.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemeResults {
    pub scheme: Scheme,
    /// The thresholds of the gates, seed by seed.
    pub theta: Vec<[u16; 4]>,
    /// Points of error lost on the data that they were found with, and on the test data.
    pub tuning_lost: Statistic,
    pub lost: Statistic,
    /// Cross-entropy of a test answer that is lost, in nats.
    pub nats_lost: Statistic,
    /// Percent of the computations that were avoided, and of the columns that were computed because there was nothing to compare
    /// with.
    pub reuse: Statistic,
    pub forced: Statistic,
    /// Percent of the columns of each gate that were remembered.
    pub gates: [Statistic; 4],
    /// The factor by which a whole step takes fewer cycles with the predictor ahead: its inputs and what is behind its
    /// last column are alike with and without memoization.
    pub step: Statistic,
    /// The factor by which the lanes take fewer cycles: predictor and lanes in turns, the predictor ahead, and 1 / (1 - reuse).
    pub serial: Statistic,
    pub pipelined: Statistic,
    pub bound: Statistic,
    /// Energy; the oracle has none.
    pub energy: Option<EnergyResults>,
}

/// Energy of a step, in nanojoules.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnergyResults {
    pub without: Statistic,
    pub with: Statistic,
    /// The parts of this that the predictor takes and that is remembered.
    pub predictor: Statistic,
    /// Percent saved.
    pub saved: Statistic,
}

/// A point of a curve on the test data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// The place of its denominator in [`CURVES`].
    pub curve: usize,
    pub theta: u16,
    /// Error and reuse in percent, how many times fewer cycles (pipelined), percent of the energy saved.
    pub error: Statistic,
    pub reuse: Statistic,
    pub pipelined: Statistic,
    pub saved: Statistic,
}

impl DatasetResults {
    /// Whether a proof is of thresholds that are among these results.
    pub fn has(&self, proof: &Proof) -> bool {
        let variant =
            self.tables.rows.iter().find(|results| self.dataset == proof.dataset && results.variant == proof.variant);
        variant
            .and_then(|variant| variant.scheme(proof.scheme))
            .is_some_and(|scheme| scheme.theta.contains(&proof.theta))
    }

    /// The results of a network.
    pub fn variant(&self, variant: Variant) -> Option<&VariantResults> {
        let name = variant.to_string();
        self.tables.rows.iter().find(|results| results.variant == name)
    }
}

impl VariantResults {
    /// The results of a scheme.
    pub fn scheme(&self, scheme: Scheme) -> Option<&SchemeResults> {
        self.schemes.iter().find(|results| results.scheme == scheme)
    }
}

/// The numbers of the finished runs of a data set.
pub fn tables(shape: &Shape, runs: &[&Finished]) -> Option<Tables> {
    let first = &runs.first()?.measured;
    let of = |variant: Variant| {
        let name = variant.to_string();
        runs.iter().filter(|run| run.variant == name).map(|run| &run.measured).collect::<Vec<&Figures>>()
    };
    let rows = Variant::all().into_iter().filter_map(|variant| variant_results(shape.inputs, variant, &of(variant)));
    Some(Tables {
        tuning_steps: first.tuning_steps,
        tuning_targets: first.schemes.first()?.tuning.score.targets,
        test_steps: first.test_steps,
        rows: rows.collect(),
        picture: runs
            .iter()
            .map(|run| &run.measured.picture)
            .find(|picture| !picture.is_empty())
            .cloned()
            .unwrap_or_default(),
    })
}

fn variant_results(inputs: usize, variant: Variant, runs: &[&Figures]) -> Option<VariantResults> {
    let scheme = |scheme: Scheme| {
        let tested =
            runs.iter().filter_map(|run| Some((run.schemes.iter().find(|tested| tested.scheme == scheme)?, run.test)));
        scheme_results(inputs, variant, scheme, &tested.collect::<Vec<_>>())
    };
    let points = CURVES.iter().enumerate().flat_map(|(curve, (_, thresholds))| thresholds.map(|theta| (curve, theta)));
    let point = |(curve, theta)| {
        let same = |run: &&&Figures| {
            run.curves.iter().find(|point| (point.curve, point.theta) == (curve, theta)).map(|point| point.test)
        };
        let tests: Vec<Outcome> = runs.iter().filter_map(|run| same(&run)).collect();
        Some(CurvePoint {
            curve,
            theta,
            error: over(&tests, |test| test.score.error_percent)?,
            reuse: over(&tests, |test| 100.0 * test.counters.reuse())?,
            pipelined: over(&tests, |test| test.counters.pipelined_gain())?,
            saved: over(&tests, |test| 100.0 * energy(inputs, variant, CURVES[curve].0, test).0.saved())?,
        })
    };
    Some(VariantResults {
        variant: variant.to_string(),
        seeds: runs.len(),
        error: over(runs, |run| run.test.error_percent)?,
        nats: over(runs, |run| run.test.nats)?,
        schemes: Scheme::ALL.into_iter().filter_map(scheme).collect(),
        curves: points.filter_map(point).collect(),
    })
}

/// A scheme of some runs, each with its score without memoization.
fn scheme_results(inputs: usize, variant: Variant, scheme: Scheme, runs: &[(&Tested, Score)]) -> Option<SchemeResults> {
    let counted = |of: fn(&Counters) -> f64| over(runs, |(tested, _)| of(&tested.test.counters));
    let steps: Vec<(Steps, f64)> =
        runs.iter().map(|(tested, _)| energy(inputs, variant, scheme.denominator(), &tested.test)).collect();
    let nanojoules = |of: fn(&Steps) -> f64| over(&steps, |(steps, count)| of(steps) / count / 1e3);
    let energy = EnergyResults {
        without: nanojoules(|steps| steps.without.total())?,
        with: nanojoules(|steps| steps.with().total())?,
        predictor: nanojoules(|steps| steps.predicting.total())?,
        saved: over(&steps, |(steps, _)| 100.0 * steps.saved())?,
    };
    let gate = |gate: usize| {
        let remembered = |counters: &Counters| counters.hits[gate] as f64 / counters.columns[gate].max(1) as f64;
        over(runs, |(tested, _)| 100.0 * remembered(&tested.test.counters))
    };
    Some(SchemeResults {
        scheme,
        theta: runs.iter().map(|(tested, _)| tested.theta).collect(),
        tuning_lost: over(runs, |(tested, _)| tested.tuning.score.error_percent - tested.tuning_without.error_percent)?,
        lost: over(runs, |(tested, without)| tested.test.score.error_percent - without.error_percent)?,
        nats_lost: over(runs, |(tested, without)| tested.test.score.nats - without.nats)?,
        reuse: counted(|counters| 100.0 * counters.reuse())?,
        forced: counted(|counters| 100.0 * counters.forced as f64 / columns(counters))?,
        gates: [gate(0)?, gate(1)?, gate(2)?, gate(3)?],
        step: over(runs, |(tested, _)| step_gain(inputs, variant, &tested.test.counters))?,
        serial: counted(Counters::serial_gain)?,
        pipelined: counted(Counters::pipelined_gain)?,
        bound: counted(|counters| 1.0 / (1.0 - counters.reuse()).max(1.0 / columns(counters)))?,
        energy: (scheme != Scheme::Oracle).then_some(energy),
    })
}

fn columns(counters: &Counters) -> f64 {
    counters.columns.iter().sum::<u64>().max(1) as f64
}

/// Steps in which there were these counters.
fn steps(variant: Variant, counters: &Counters) -> f64 {
    columns(counters) / (4 * variant.hidden) as f64
}

/// The factor by which whole steps take fewer cycles, with the predictor ahead.
fn step_gain(inputs: usize, variant: Variant, counters: &Counters) -> f64 {
    let alike = steps(variant, counters) * (inputs as f64 + f64::from(STEP_CYCLES + variant.cell.step_cycles()));
    (counters.cycles_without as f64 + alike) / (counters.pipelined_cycles as f64 + alike)
}

/// The energy of all steps, and how many there were.
fn energy(inputs: usize, variant: Variant, denominator: Denominator, outcome: &Outcome) -> (Steps, f64) {
    let layer = Layer {
        cell: variant.cell,
        inputs: inputs.next_multiple_of(LANES),
        hidden: variant.hidden.next_multiple_of(LANES),
        weight_bits: variant.bits,
        dac_bits: variant.bits,
    };
    (layer.steps(&outcome.counters, denominator), steps(variant, &outcome.counters))
}

#[cfg(test)]
mod tests {
    use engram_crossbar::efficiency::{ADD_ENERGY, MULTIPLY_ENERGY, SRAM_ENERGY};
    use engram_crossbar::energy::ADD_NARROW;
    use engram_memnet::energy::picojoules;

    #[test]
    fn energies_are_those_of_the_memory_networks() {
        let here = [MULTIPLY_ENERGY.value, ADD_ENERGY.value, ADD_NARROW, SRAM_ENERGY.value / 8.0];
        let there = [picojoules::MULTIPLY_I8, picojoules::ADD_I32, picojoules::ADD_I8, picojoules::READ_BYTE];
        assert_eq!(here, there);
    }
}
