//! From finished runs to the numbers of the tables: means and spreads over seeds.

use engram_crossbar::NoiseRecipe;

use super::finished::Figures;
use super::variant::{Change, Variant};
use crate::datasets::{self, Asked, Results, Score, Shape};
use crate::statistic::{Statistic, over};

type Finished = datasets::Finished<Figures>;

/// The results with a data set.
pub type DatasetResults = Results<Tables>;

/// The numbers of the tables of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Tables {
    /// The recipe's first comment.
    pub description: String,
    /// Rows of the crossbar.
    pub crossbar_rows: usize,
    /// Networks without noise.
    pub rows: Vec<VariantResults>,
    /// Networks under noise.
    pub noise: Vec<NoiseResults>,
}

/// A variant: its numbers over the seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantResults {
    /// The variant's name.
    pub variant: String,
    /// Test error in percent.
    pub error: Statistic,
    /// Cross-entropy of a test answer, in nats.
    pub nats: Statistic,
    /// Every seed.
    pub seeds: Vec<SeedResults>,
}

/// A seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeedResults {
    pub seed: u64,
    pub error_percent: f64,
    pub nats: f64,
}

/// A network under noise.
#[derive(Clone, Debug, PartialEq)]
pub struct NoiseResults {
    /// The variant's name.
    pub variant: String,
    /// Each noise.
    pub points: Vec<NoisePoint>,
}

/// The effect of a noise: the mean over programmings of each seed, then over the seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoisePoint {
    /// s_w.
    pub weights: f64,
    /// s_a.
    pub read: f64,
    /// Error in percent.
    pub error: Statistic,
    /// Cross-entropy in nats.
    pub nats: Statistic,
}

impl DatasetResults {
    /// The results of a variant.
    pub fn variant(&self, variant: Variant) -> Option<&VariantResults> {
        let name = variant.to_string();
        self.tables.rows.iter().find(|results| results.variant == name)
    }

    /// The float network that has been trained as long as those with codes, else the one that they begin with.
    pub fn float(&self) -> Option<&VariantResults> {
        self.variant(Variant::Trained(Change::FLOAT)).or_else(|| self.variant(Variant::Float))
    }

    /// The network of 4 bits that was trained with a noise, under noise.
    pub fn under_noise(&self, noise: NoiseRecipe) -> Option<&NoiseResults> {
        let name = Variant::UnderNoise(Change { noise, ..Change::FOUR_BITS }).to_string();
        self.tables.noise.iter().find(|results| results.variant == name)
    }

    /// The statistic of the tables of this data set: nats where every next symbol is asked for, else errors in percent.
    pub fn of(&self, error: &Statistic, nats: &Statistic) -> Statistic {
        if self.asked == Asked::Symbols { *nats } else { *error }
    }
}

impl NoiseResults {
    /// The point of a noise.
    pub fn at(&self, weights: f64, read: f64) -> Option<&NoisePoint> {
        self.points.iter().find(|point| (point.weights, point.read) == (weights, read))
    }
}

/// The numbers of the finished runs of a data set.
pub fn tables(shape: &Shape, runs: &[&Finished]) -> Tables {
    let mut seen: Vec<&str> = Vec::new();
    for run in runs {
        if !seen.contains(&run.variant.as_str()) {
            seen.push(&run.variant);
        }
    }
    let of = |name: &str| runs.iter().filter(|run| run.variant == name).copied().collect::<Vec<&Finished>>();
    let (noise, quiet): (Vec<&str>, Vec<&str>) =
        seen.into_iter().partition(|name| of(name).iter().any(|run| !run.measured.noise.is_empty()));
    Tables {
        description: shape.dataset.description.clone(),
        crossbar_rows: shape.crossbar_rows(),
        rows: quiet.into_iter().filter_map(|name| variant_results(name, &of(name))).collect(),
        noise: noise.into_iter().map(|name| noise_results(name, &of(name))).collect(),
    }
}

fn variant_results(name: &str, runs: &[&Finished]) -> Option<VariantResults> {
    let scores: Vec<Score> = runs.iter().map(|run| run.measured.test).collect();
    let (error, nats) = statistics(&scores)?;
    let seeds = runs.iter().map(|run| SeedResults {
        seed: run.seed,
        error_percent: run.measured.test.error_percent,
        nats: run.measured.test.nats,
    });
    Some(VariantResults { variant: name.to_string(), error, nats, seeds: seeds.collect() })
}

fn noise_results(name: &str, runs: &[&Finished]) -> NoiseResults {
    let points = runs[0].measured.noise.iter().filter_map(|one| {
        let (weights, read) = (one.weights, one.read);
        let same =
            |run: &&Finished| run.measured.noise.iter().find(|one| (one.weights, one.read) == (weights, read)).cloned();
        let seeds: Vec<Score> = runs.iter().filter_map(same).filter_map(|one| mean(&one.scores)).collect();
        let (error, nats) = statistics(&seeds)?;
        Some(NoisePoint { weights, read, error, nats })
    });
    NoiseResults { variant: name.to_string(), points: points.collect() }
}

fn statistics(scores: &[Score]) -> Option<(Statistic, Statistic)> {
    Some((over(scores, |score| score.error_percent)?, over(scores, |score| score.nats)?))
}

/// The mean over programmings.
fn mean(scores: &[Score]) -> Option<Score> {
    let (error, nats) = statistics(scores)?;
    Some(Score { targets: scores[0].targets, error_percent: error.mean, nats: nats.mean })
}

#[cfg(test)]
mod tests {
    use super::super::finished::UnderNoise;
    use super::*;

    fn line(variant: Variant, seed: u64, error_percent: f64) -> Finished {
        let test = Score { targets: 100, error_percent, nats: error_percent / 10.0 };
        Finished {
            key: String::new(),
            dataset: "vowels".into(),
            variant: variant.to_string(),
            seed,
            asked: Asked::Classes,
            inputs: 12,
            training_targets: 200,
            measured: Figures {
                test,
                validation_error_percent: 0.0,
                validation_nats: 0.0,
                epoch: 3,
                noise: Vec::new(),
            },
            cpu_seconds: 2.0,
            start_seconds: 0.0,
            work: 1.0,
        }
    }

    #[test]
    fn programmings_are_averaged_before_seeds() {
        let variant = Variant::UnderNoise(Change::FOUR_BITS);
        let noisy = |seed, errors: [f64; 2]| {
            let scores = errors.map(|error| line(variant, seed, error).measured.test).into();
            let quiet = UnderNoise { weights: 0.0, read: 0.0, scores: vec![line(variant, seed, 1.0).measured.test] };
            let noise = vec![quiet, UnderNoise { weights: 0.05, read: 0.5, scores }];
            let quiet = line(variant, seed, 1.0);
            Finished { measured: Figures { noise, ..quiet.measured.clone() }, ..quiet }
        };
        let runs = [noisy(1, [2.0, 4.0]), noisy(2, [6.0, 8.0])];
        let results = noise_results("under-noise-w4-c4", &runs.iter().collect::<Vec<_>>());
        let point = results.at(0.05, 0.5).unwrap();
        assert_eq!((point.error.mean, point.error.spread), (5.0, Some(2.8284)));
        assert_eq!(results.at(0.0, 0.0).unwrap().error.mean, 1.0);
        assert_eq!(results.at(0.2, 0.5), None);
    }
}
