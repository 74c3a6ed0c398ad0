//! From finished cells to the numbers of the tables: means and spreads over seeds, and energy.

use engram_crossbar::energy::{Layer, Steps};
use engram_sequences::Data;
use engram_spec::crossbar::memo::{Counters, Denominator};
use engram_spec::crossbar::program::STEP_CYCLES;
use serde::{Deserialize, Serialize};

use super::ledger::{Finished, Ledger, Outcome, Tested};
use super::plan::Plan;
use super::proofs::Proof;
use super::row::Row;
use super::scheme::{CURVES, Scheme};
use crate::results::crossbar::aggregate::{Asked, asked};
use crate::results::crossbar::ledger::Score;
use crate::results::crossbar::set::Set;
use crate::results::statistic::{Statistic, rounded, statistic};

/// Lanes P of the devices that are counted for.
const LANES: usize = 16;

/// The results with a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetResults {
    /// The name of its recipes.
    pub set: String,
    /// What is asked.
    pub asked: Asked,
    /// Recordings, or symbols, that are trained with.
    pub training_targets: usize,
    /// Steps that thresholds are found with, and their answers.
    pub tuning_steps: usize,
    pub tuning_targets: usize,
    /// Steps that are tested, and their answers.
    pub test_steps: usize,
    pub test_targets: usize,
    /// Finished cells, and those that there are with the default seeds.
    pub finished: usize,
    pub planned: usize,
    /// The networks of which something is finished.
    pub rows: Vec<RowResults>,
    /// See [`Finished::picture`].
    pub picture: Vec<String>,
    /// Processor time of all cells.
    pub cpu_seconds: f64,
}

/// A network: its numbers over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowResults {
    /// The row's name.
    pub row: String,
    /// How many.
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// How many times fewer cycles a whole step takes with the predictor ahead: its inputs and what is behind its last column are
    /// alike with and without memoization.
    pub step: Statistic,
    /// How many times fewer cycles the lanes take: predictor and lanes in turns, the predictor ahead, and 1 / (1 - reuse).
    pub serial: Statistic,
    pub pipelined: Statistic,
    pub bound: Statistic,
    /// Energy; the oracle has none.
    pub energy: Option<EnergyResults>,
}

/// Energy of a step, in nanojoules.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnergyResults {
    pub without: Statistic,
    pub with: Statistic,
    /// Of this, what the predictor takes and what is remembered.
    pub predictor: Statistic,
    /// Percent saved.
    pub saved: Statistic,
}

/// A point of a curve on the test data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

impl SetResults {
    /// Whether a proof is of thresholds that are among these results.
    pub fn has(&self, proof: &Proof) -> bool {
        let row = self.rows.iter().find(|results| self.set == proof.set && results.row == proof.row);
        row.and_then(|row| row.scheme(proof.scheme)).is_some_and(|scheme| scheme.theta.contains(&proof.theta))
    }

    /// The results of a network.
    pub fn row(&self, row: Row) -> Option<&RowResults> {
        let name = row.to_string();
        self.rows.iter().find(|results| results.row == name)
    }
}

impl RowResults {
    /// The results of a scheme.
    pub fn scheme(&self, scheme: Scheme) -> Option<&SchemeResults> {
        self.schemes.iter().find(|results| results.scheme == scheme)
    }
}

/// The results of the finished cells of a set; `None` where there are none.
pub fn set_results(set: &Set, ledger: &Ledger) -> Option<SetResults> {
    let plan = Plan::new(std::slice::from_ref(set), &Row::all(), None, ledger);
    let cells = &plan.finished;
    let first = cells.first()?;
    let of = |row: Row| cells.iter().filter(|cell| cell.row == row.to_string()).collect::<Vec<&Finished>>();
    let rows = Row::all().into_iter().filter_map(|row| row_results(set, row, &of(row)));
    Some(SetResults {
        set: set.name.clone(),
        asked: asked(&set.data),
        training_targets: first.training_targets,
        tuning_steps: first.tuning_steps,
        tuning_targets: first.schemes.first()?.tuning.score.targets,
        test_steps: first.test_steps,
        test_targets: first.test.targets,
        finished: cells.len(),
        planned: cells.len() + plan.cells.len(),
        rows: rows.collect(),
        picture: cells.iter().find(|cell| !cell.picture.is_empty()).map_or(Vec::new(), |cell| cell.picture.clone()),
        cpu_seconds: rounded(cells.iter().map(|cell| cell.cpu_seconds).sum()),
    })
}

/// The mean and spread over cells.
fn over<T>(cells: &[T], of: impl Fn(&T) -> f64) -> Option<Statistic> {
    statistic(&cells.iter().map(of).collect::<Vec<f64>>())
}

fn row_results(set: &Set, row: Row, cells: &[&Finished]) -> Option<RowResults> {
    let scheme = |scheme: Scheme| {
        let tested = cells
            .iter()
            .filter_map(|cell| Some((cell.schemes.iter().find(|tested| tested.scheme == scheme)?, cell.test)));
        scheme_results(set, row, scheme, &tested.collect::<Vec<_>>())
    };
    let points = CURVES.iter().enumerate().flat_map(|(curve, (_, thresholds))| thresholds.map(|theta| (curve, theta)));
    let point = |(curve, theta)| {
        let same = |cell: &&&Finished| {
            cell.curves.iter().find(|point| (point.curve, point.theta) == (curve, theta)).map(|point| point.test)
        };
        let tests: Vec<Outcome> = cells.iter().filter_map(|cell| same(&cell)).collect();
        Some(CurvePoint {
            curve,
            theta,
            error: over(&tests, |test| test.score.error_percent)?,
            reuse: over(&tests, |test| 100.0 * test.counters.reuse())?,
            pipelined: over(&tests, |test| test.counters.pipelined_gain())?,
            saved: over(&tests, |test| 100.0 * energy(set, row, CURVES[curve].0, test).0.saved())?,
        })
    };
    Some(RowResults {
        row: row.to_string(),
        seeds: cells.len(),
        error: over(cells, |cell| cell.test.error_percent)?,
        nats: over(cells, |cell| cell.test.nats)?,
        schemes: Scheme::ALL.into_iter().filter_map(scheme).collect(),
        curves: points.filter_map(point).collect(),
    })
}

/// A scheme of some cells, each with its score without memoization.
fn scheme_results(set: &Set, row: Row, scheme: Scheme, cells: &[(&Tested, Score)]) -> Option<SchemeResults> {
    let counted = |of: fn(&Counters) -> f64| over(cells, |(tested, _)| of(&tested.test.counters));
    let steps: Vec<(Steps, f64)> =
        cells.iter().map(|(tested, _)| energy(set, row, scheme.denominator(), &tested.test)).collect();
    let nanojoules = |of: fn(&Steps) -> f64| over(&steps, |(steps, count)| of(steps) / count / 1e3);
    let energy = EnergyResults {
        without: nanojoules(|steps| steps.without.total())?,
        with: nanojoules(|steps| steps.with().total())?,
        predictor: nanojoules(|steps| steps.predicting.total())?,
        saved: over(&steps, |(steps, _)| 100.0 * steps.saved())?,
    };
    let gate = |gate: usize| {
        let remembered = |counters: &Counters| counters.hits[gate] as f64 / counters.columns[gate].max(1) as f64;
        over(cells, |(tested, _)| 100.0 * remembered(&tested.test.counters))
    };
    Some(SchemeResults {
        scheme,
        theta: cells.iter().map(|(tested, _)| tested.theta).collect(),
        tuning_lost: over(cells, |(tested, _)| {
            tested.tuning.score.error_percent - tested.tuning_without.error_percent
        })?,
        lost: over(cells, |(tested, without)| tested.test.score.error_percent - without.error_percent)?,
        nats_lost: over(cells, |(tested, without)| tested.test.score.nats - without.nats)?,
        reuse: counted(|counters| 100.0 * counters.reuse())?,
        forced: counted(|counters| 100.0 * counters.forced as f64 / columns(counters))?,
        gates: [gate(0)?, gate(1)?, gate(2)?, gate(3)?],
        step: over(cells, |(tested, _)| step_gain(set, row, &tested.test.counters))?,
        serial: counted(Counters::serial_gain)?,
        pipelined: counted(Counters::pipelined_gain)?,
        bound: counted(|counters| 1.0 / (1.0 - counters.reuse()).max(1.0 / columns(counters)))?,
        energy: (scheme != Scheme::Oracle).then_some(energy),
    })
}

fn columns(counters: &Counters) -> f64 {
    counters.columns.iter().sum::<u64>().max(1) as f64
}

/// Inputs of a step: channels, or symbols.
fn inputs(set: &Set) -> usize {
    match &set.data {
        Data::Recordings(data) => data.channels,
        Data::Symbols(data) => data.symbols(),
    }
}

/// Steps in which there were these counters.
fn steps(row: Row, counters: &Counters) -> f64 {
    columns(counters) / (4 * row.hidden) as f64
}

/// How many times fewer cycles whole steps take, with the predictor ahead.
fn step_gain(set: &Set, row: Row, counters: &Counters) -> f64 {
    let alike = steps(row, counters) * (inputs(set) as f64 + f64::from(STEP_CYCLES));
    (counters.cycles_without as f64 + alike) / (counters.pipelined_cycles as f64 + alike)
}

/// The energy of all steps, and how many there were.
fn energy(set: &Set, row: Row, denominator: Denominator, outcome: &Outcome) -> (Steps, f64) {
    let layer = Layer {
        cell: row.cell,
        inputs: inputs(set).next_multiple_of(LANES),
        hidden: row.hidden.next_multiple_of(LANES),
        weight_bits: row.bits,
        dac_bits: row.bits,
    };
    (layer.steps(&outcome.counters, denominator), steps(row, &outcome.counters))
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
