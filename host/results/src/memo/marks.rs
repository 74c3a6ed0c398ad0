//! The goals that memoization was to reach with recordings, and whether it does; with texts it need not, but the table says
//! so.

use super::aggregate::{DatasetResults, SchemeResults, VariantResults};
use super::scheme::Scheme;
use super::variant::Variant;
use crate::datasets::Asked;
use crate::statistic::Statistic;

/// Percent of the computations that are avoided, at least.
pub const REUSE: f64 = 26.7;
/// Percent of the energy that is saved, at least.
pub const ENERGY: f64 = 21.0;
/// The factor by which a step takes fewer cycles, at least, with the predictor ahead of the lanes.
pub const GAIN: f64 = 1.4;
/// Points of test error that are lost, at most.
pub const LOST: f64 = 1.0;
/// With how many data sets of recordings, at least.
pub const SETS: usize = 2;

/// The goals of a network with a scheme and a data set, and whether it reaches them.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The network.
    pub variant: Variant,
    pub scheme: Scheme,
    /// The data set, and whether it is of recordings.
    pub dataset: String,
    pub recordings: bool,
    /// Reuse, energy saved, gain.
    pub found: [f64; 3],
    /// Points lost.
    pub lost: Statistic,
    /// The number of seeds.
    pub seeds: usize,
    /// The goals that are not reached, and why; empty where all are.
    pub lacks: Vec<String>,
}

/// The goals of which the numbers are there: network by network, scheme by scheme.
pub fn marks(datasets: &[DatasetResults]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for variant in Variant::all() {
        for scheme in [Scheme::Paper, Scheme::PerGate] {
            marks.extend(datasets.iter().filter_map(|dataset| mark(dataset, variant, scheme)));
        }
    }
    marks
}

fn mark(dataset: &DatasetResults, variant: Variant, scheme: Scheme) -> Option<Mark> {
    let network = dataset.variant(variant)?;
    let results = network.scheme(scheme)?;
    let energy = results.energy?.saved.mean;
    let (reuse, gain, lost) = (results.reuse.mean, results.step.mean, results.lost.mean);
    let lacks = [
        (reuse < REUSE).then(|| oracle(network)),
        (energy < ENERGY).then(|| predictor(results)),
        (gain < GAIN).then(|| format!("cycles: 1 / (1 - reuse) is {:.2}", results.bound.mean)),
        (lost > LOST).then(|| format!("points: {:+.1} on the data of its tuning", results.tuning_lost.mean)),
    ];
    let lacks = lacks.into_iter().flatten().collect();
    Some(Mark {
        variant,
        scheme,
        dataset: dataset.dataset.clone(),
        recordings: dataset.asked == Asked::Classes,
        found: [reuse, energy, gain],
        lost: results.lost,
        seeds: network.seeds,
        lacks,
    })
}

fn oracle(network: &VariantResults) -> String {
    let oracle = network.scheme(Scheme::Oracle);
    oracle.map_or("reuse".to_string(), |oracle| format!("reuse: the oracle's is {:.0} %", oracle.reuse.mean))
}

fn predictor(results: &SchemeResults) -> String {
    let share = results.energy.map_or(0.0, |energy| 100.0 * energy.predictor.mean / energy.without.mean);
    format!("energy: the prediction costs {share:.0} % of a step")
}

/// A network with a scheme over all data sets of recordings.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The network.
    pub variant: Variant,
    pub scheme: Scheme,
    /// Data sets with which all goals are met, and those that were measured.
    pub met: usize,
    pub measured: usize,
}

/// The verdicts of the networks of which enough is finished.
pub fn verdicts(marks: &[Mark]) -> Vec<Verdict> {
    let groups = marks.chunk_by(|one, other| (one.variant, one.scheme) == (other.variant, other.scheme));
    let verdict = |group: &[Mark]| {
        let recordings = || group.iter().filter(|mark| mark.recordings);
        Verdict {
            variant: group[0].variant,
            scheme: group[0].scheme,
            met: recordings().filter(|mark| mark.lacks.is_empty()).count(),
            measured: recordings().count(),
        }
    };
    groups.map(verdict).filter(|verdict| verdict.measured >= SETS).collect()
}

#[cfg(test)]
mod tests {
    use super::super::aggregate::{EnergyResults, Tables};
    use super::*;

    fn results(name: &str, asked: Asked, reuse: f64, lost: f64) -> DatasetResults {
        let of = |mean| Statistic { mean, spread: None };
        let energy = EnergyResults { without: of(100.0), with: of(70.0), predictor: of(20.0), saved: of(30.0) };
        let scheme = |scheme| SchemeResults {
            scheme,
            theta: vec![[8; 4]],
            tuning_lost: of(0.5),
            lost: of(lost),
            nats_lost: of(0.0),
            step: of(1.5),
            reuse: of(reuse),
            forced: of(1.0),
            gates: [of(reuse); 4],
            serial: of(1.1),
            pipelined: of(1.5),
            bound: of(1.6),
            energy: (scheme != Scheme::Oracle).then_some(energy),
        };
        let variant = VariantResults {
            variant: Variant::all()[0].to_string(),
            seeds: 1,
            error: of(5.0),
            nats: of(0.1),
            schemes: Scheme::ALL.map(scheme).into(),
            curves: Vec::new(),
        };
        DatasetResults {
            dataset: name.into(),
            asked,
            training_targets: 1,
            test_targets: 1,
            finished: 1,
            planned: 1,
            tables: Tables {
                tuning_steps: 1,
                tuning_targets: 1,
                test_steps: 1,
                rows: vec![variant],
                picture: Vec::new(),
            },
            cpu_seconds: 0.0,
        }
    }

    #[test]
    fn marks_are_met_with_two_sets_of_recordings() {
        let good = results("a", Asked::Classes, 30.0, 1.0);
        let bad = results("b", Asked::Classes, 20.0, 1.1);
        let text = results("c", Asked::Symbols, 30.0, 0.0);
        let of = |datasets: &[DatasetResults]| {
            verdicts(&marks(datasets)).iter().map(|verdict| verdict.met).collect::<Vec<_>>()
        };
        assert_eq!(of(&[good.clone(), text.clone()]), Vec::<usize>::new(), "a text is no recording");
        assert_eq!(of(&[good.clone(), good.clone()]), [2, 2]);
        let lacking = marks(&[good, bad, text]);
        assert_eq!(lacking.len(), 6);
        assert_eq!(lacking.iter().map(|mark| mark.recordings).collect::<Vec<_>>()[..3], [true, true, false]);
        assert_eq!(lacking[1].lacks, ["reuse: the oracle's is 20 %", "points: +0.5 on the data of its tuning"]);
        assert_eq!(verdicts(&lacking)[0].met, 1);
    }
}
