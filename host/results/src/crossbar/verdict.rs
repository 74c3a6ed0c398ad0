//! The goals that the LSTM of 4 bits was to reach, and whether it does.

use super::aggregate::DatasetResults;
use super::variant::{Change, TRAINED_NOISE, Variant};
use crate::datasets::Asked;

/// The most points of error that 4 bits, or noise, may cost.
const POINTS: f64 = 1.0;
/// The most percent of cross-entropy that 4 bits may cost.
const NATS_PERCENT: f64 = 3.0;

/// A mark, in words and numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// The goal.
    pub what: String,
    /// With which data.
    pub dataset: String,
    /// The network that it is compared with.
    pub against: String,
    /// The measured figure.
    pub found: String,
    pub difference: String,
    /// Whether it is reached.
    pub met: bool,
}

/// The goals of which the numbers are there.
pub fn marks(datasets: &[DatasetResults]) -> Vec<Mark> {
    let floats = [(Variant::Float, "float"), (Variant::Trained(Change::FLOAT), "float trained as long")];
    let quiet = floats
        .iter()
        .flat_map(|&(float, name)| datasets.iter().filter_map(move |dataset| four_bits(dataset, float, name)));
    quiet.chain(datasets.iter().filter_map(under_noise)).collect()
}

/// 4/4/4 trained, beside a float network.
fn four_bits(dataset: &DatasetResults, float: Variant, name: &str) -> Option<Mark> {
    let (float, trained) = (dataset.variant(float)?, dataset.variant(Variant::Trained(Change::FOUR_BITS))?);
    let mark = |what: String, against: String, found: String, difference: String, met: bool| Mark {
        what: format!("4/4/4 trained within {what} of {name}"),
        dataset: dataset.dataset.clone(),
        against,
        found,
        difference,
        met,
    };
    let percent = |value: f64| format!("{value:.1} %");
    match dataset.asked {
        Asked::Classes | Asked::Answers => {
            let points = trained.error.mean - float.error.mean;
            let what = format!("{POINTS} point");
            let found = percent(trained.error.mean);
            Some(mark(what, percent(float.error.mean), found, format!("{points:+.1} points"), points <= POINTS))
        }
        Asked::Symbols => {
            let more = 100.0 * (trained.nats.mean / float.nats.mean - 1.0);
            let nats = |value: f64| format!("{value:.3} nats");
            let (against, found) = (nats(float.nats.mean), nats(trained.nats.mean));
            Some(mark(
                format!("{NATS_PERCENT} % of the cross-entropy"),
                against,
                found,
                format!("{more:+.1} %"),
                more <= NATS_PERCENT,
            ))
        }
    }
}

/// Under 5 % and 0.5 LSB with that noise in training, beside 4/4/4 that was trained and measured without.
fn under_noise(dataset: &DatasetResults) -> Option<Mark> {
    let [none, some, _] = TRAINED_NOISE;
    let quiet = dataset.under_noise(none)?.at(0.0, 0.0)?.error.mean;
    let noisy = dataset.under_noise(some)?.at(some.weights, some.read)?.error.mean;
    Some(Mark {
        what: format!("noise of 5 % and 0.5 LSB costs 4/4/4 at most {POINTS} point, with noise in training"),
        dataset: dataset.dataset.clone(),
        against: format!("{quiet:.1} %"),
        found: format!("{noisy:.1} %"),
        difference: format!("{:+.1} points", noisy - quiet),
        met: noisy - quiet <= POINTS,
    })
}

#[cfg(test)]
mod tests {
    use super::super::aggregate::{NoisePoint, NoiseResults, Tables, VariantResults};
    use super::*;
    use crate::statistic::Statistic;

    fn results(asked: Asked, rows: [(Variant, f64); 2], noise: [f64; 2]) -> DatasetResults {
        let only = |mean| Statistic { mean, spread: None };
        let variant = |(variant, value): (Variant, f64)| VariantResults {
            variant: variant.to_string(),
            error: only(value),
            nats: only(value),
            seeds: Vec::new(),
        };
        let [none, some, _] = TRAINED_NOISE;
        let under = |(noise, value): (engram_crossbar::NoiseRecipe, f64)| NoiseResults {
            variant: Variant::UnderNoise(Change { noise, ..Change::FOUR_BITS }).to_string(),
            points: vec![NoisePoint {
                weights: noise.weights,
                read: noise.read,
                error: only(value),
                nats: only(value),
            }],
        };
        DatasetResults {
            dataset: "set".into(),
            asked,
            training_targets: 1,
            test_targets: 1,
            finished: 1,
            planned: 1,
            tables: Tables {
                description: String::new(),
                crossbar_rows: 64,
                rows: rows.map(variant).into(),
                noise: [(none, noise[0]), (some, noise[1])].map(under).into(),
            },
            cpu_seconds: 0.0,
        }
    }

    #[test]
    fn marks_are_judged_by_their_numbers() {
        let rows = |float, trained| [(Variant::Float, float), (Variant::Trained(Change::FOUR_BITS), trained)];
        let of = |asked, float, trained, noise| {
            let marks = marks(&[results(asked, rows(float, trained), noise)]);
            marks.into_iter().map(|mark| (mark.difference, mark.met)).collect::<Vec<_>>()
        };
        let told = |text: &str, met| (text.to_string(), met);
        let recordings = of(Asked::Classes, 4.0, 4.9, [4.9, 6.0]);
        assert_eq!(recordings, [told("+0.9 points", true), told("+1.1 points", false)]);
        let text = of(Asked::Symbols, 2.0, 2.1, [50.0, 50.5]);
        assert_eq!(text, [told("+5.0 %", false), told("+0.5 points", true)]);
        let answers = of(Asked::Answers, 2.0, 3.5, [50.0, 40.0]);
        assert_eq!(answers, [told("+1.5 points", false), told("-10.0 points", true)]);
    }
}
