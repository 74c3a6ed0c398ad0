//! From finished cells to the numbers of the tables: means and spreads over seeds.

use engram_crossbar::NoiseRecipe;
use engram_sequences::Data;
use serde::{Deserialize, Serialize};

use super::ledger::{Finished, Ledger, Score};
use super::plan::{Plan, crossbar_rows};
use super::row::{Change, Row, Table};
use super::set::Set;
use crate::results::statistic::{Statistic, rounded, statistic};

/// What is asked of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The class of a recording.
    Classes,
    /// Every next symbol of a stream.
    Symbols,
    /// The symbols behind a cue.
    Answers,
}

/// The results with a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetResults {
    /// The name of its recipes.
    pub set: String,
    /// What the recipes' first comment says.
    pub description: String,
    /// What is asked.
    pub asked: Asked,
    /// The recipes as they are written: of the float network, of those made from it.
    pub recipes: [String; 2],
    /// Recordings, or symbols, that are trained with.
    pub training_targets: usize,
    /// Answers that are tested, and that are measured under each noise.
    pub test_targets: usize,
    pub noise_targets: usize,
    /// Rows of the crossbar.
    pub crossbar_rows: usize,
    /// Finished cells, and those that there are with the default seeds.
    pub finished: usize,
    pub planned: usize,
    /// Networks without noise.
    pub rows: Vec<RowResults>,
    /// Networks under noise.
    pub noise: Vec<NoiseResults>,
    /// Processor time of all cells.
    pub cpu_seconds: f64,
}

/// A row: its numbers over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowResults {
    /// The row's name.
    pub row: String,
    /// Test error in percent.
    pub error: Statistic,
    /// Cross-entropy of a test answer, in nats.
    pub nats: Statistic,
    /// Every seed.
    pub seeds: Vec<SeedResults>,
}

/// A seed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedResults {
    pub seed: u64,
    pub error_percent: f64,
    pub nats: f64,
    pub epoch: usize,
    pub cpu_seconds: f64,
}

/// A network under noise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoiseResults {
    /// The row's name.
    pub row: String,
    /// Each noise.
    pub points: Vec<NoisePoint>,
}

/// What a noise does: the mean over programmings of each seed, then over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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

impl SetResults {
    /// The results of a row.
    pub fn row(&self, row: Row) -> Option<&RowResults> {
        let name = row.to_string();
        self.rows.iter().find(|results| results.row == name)
    }

    /// The float network that has been trained as long as those with codes, else the one that they begin with.
    pub fn float(&self) -> Option<&RowResults> {
        self.row(Row::Trained(Change::FLOAT)).or_else(|| self.row(Row::Float))
    }

    /// The network of 4 bits that was trained with a noise, under noise.
    pub fn under_noise(&self, noise: NoiseRecipe) -> Option<&NoiseResults> {
        let name = Row::UnderNoise(Change { noise, ..Change::FOUR_BITS }).to_string();
        self.noise.iter().find(|results| results.row == name)
    }

    /// What the tables of this set are of: nats where every next symbol is asked for, else errors in percent.
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

/// The results of the finished cells of a set; `None` where there are none.
pub fn set_results(set: &Set, ledger: &Ledger) -> Option<SetResults> {
    let plan = Plan::new(std::slice::from_ref(set), &Table::ALL, None, ledger);
    let cells = &plan.finished;
    let first = cells.first()?;
    let noisy = cells.iter().find(|cell| !cell.noise.is_empty());
    let mut seen: Vec<&str> = Vec::new();
    for cell in cells {
        if !seen.contains(&cell.row.as_str()) {
            seen.push(&cell.row);
        }
    }
    let of = |name: &str| cells.iter().filter(|cell| cell.row == name).collect::<Vec<&Finished>>();
    let (noise, quiet): (Vec<&str>, Vec<&str>) =
        seen.into_iter().partition(|name| of(name).iter().any(|cell| !cell.noise.is_empty()));
    Some(SetResults {
        set: set.name.clone(),
        description: set.description.clone(),
        asked: asked(&set.data),
        recipes: set.settings.clone(),
        training_targets: first.training_targets,
        test_targets: cells.iter().map(|cell| cell.test.targets).max()?,
        noise_targets: noisy.map_or(0, |cell| cell.test.targets),
        crossbar_rows: crossbar_rows(set),
        finished: cells.len(),
        planned: cells.len() + plan.cells.len(),
        rows: quiet.into_iter().filter_map(|name| row_results(name, &of(name))).collect(),
        noise: noise.into_iter().map(|name| noise_results(name, &of(name))).collect(),
        cpu_seconds: rounded(cells.iter().map(|cell| cell.cpu_seconds).sum()),
    })
}

/// What is asked of a network with such data.
pub fn asked(data: &Data) -> Asked {
    match data {
        Data::Recordings(_) => Asked::Classes,
        Data::Symbols(stream) if stream.cue.is_some() => Asked::Answers,
        Data::Symbols(_) => Asked::Symbols,
    }
}

fn row_results(name: &str, cells: &[&Finished]) -> Option<RowResults> {
    let scores: Vec<Score> = cells.iter().map(|cell| cell.test).collect();
    let (error, nats) = statistics(&scores)?;
    let seeds = cells.iter().map(|cell| SeedResults {
        seed: cell.seed,
        error_percent: cell.test.error_percent,
        nats: cell.test.nats,
        epoch: cell.epoch,
        cpu_seconds: rounded(cell.cpu_seconds),
    });
    Some(RowResults { row: name.to_string(), error, nats, seeds: seeds.collect() })
}

fn noise_results(name: &str, cells: &[&Finished]) -> NoiseResults {
    let points = cells[0].noise.iter().filter_map(|one| {
        let (weights, read) = (one.weights, one.read);
        let same = |cell: &&Finished| cell.noise.iter().find(|one| (one.weights, one.read) == (weights, read)).cloned();
        let seeds: Vec<Score> = cells.iter().filter_map(same).filter_map(|one| mean(&one.scores)).collect();
        let (error, nats) = statistics(&seeds)?;
        Some(NoisePoint { weights, read, error, nats })
    });
    NoiseResults { row: name.to_string(), points: points.collect() }
}

fn statistics(scores: &[Score]) -> Option<(Statistic, Statistic)> {
    let of = |part: fn(&Score) -> f64| statistic(&scores.iter().map(part).collect::<Vec<f64>>());
    Some((of(|score| score.error_percent)?, of(|score| score.nats)?))
}

/// The mean over programmings.
fn mean(scores: &[Score]) -> Option<Score> {
    let (error, nats) = statistics(scores)?;
    Some(Score { targets: scores[0].targets, error_percent: error.mean, nats: nats.mean })
}

#[cfg(test)]
pub mod tests {
    use super::super::ledger::UnderNoise;
    use super::*;

    pub fn cell(row: Row, seed: u64, error_percent: f64) -> Finished {
        let test = Score { targets: 100, error_percent, nats: error_percent / 10.0 };
        Finished {
            key: String::new(),
            set: "vowels".into(),
            row: row.to_string(),
            seed,
            training_targets: 200,
            test,
            validation_error_percent: 0.0,
            validation_nats: 0.0,
            epoch: 3,
            noise: Vec::new(),
            cpu_seconds: 2.0,
            work: 1.0,
        }
    }

    #[test]
    fn programmings_are_averaged_before_seeds() {
        let row = Row::UnderNoise(Change::FOUR_BITS);
        let noisy = |seed, errors: [f64; 2]| {
            let scores = errors.map(|error| cell(row, seed, error).test).into();
            let quiet = UnderNoise { weights: 0.0, read: 0.0, scores: vec![cell(row, seed, 1.0).test] };
            let noise = vec![quiet, UnderNoise { weights: 0.05, read: 0.5, scores }];
            Finished { noise, ..cell(row, seed, 1.0) }
        };
        let cells = [noisy(1, [2.0, 4.0]), noisy(2, [6.0, 8.0])];
        let results = noise_results("under-noise-w4-c4", &cells.iter().collect::<Vec<_>>());
        let point = results.at(0.05, 0.5).unwrap();
        assert_eq!((point.error.mean, point.error.spread), (5.0, Some(2.8284)));
        assert_eq!(results.at(0.0, 0.0).unwrap().error.mean, 1.0);
        assert_eq!(results.at(0.2, 0.5), None);
    }
}
