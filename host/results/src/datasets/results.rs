//! From finished runs to the results with a data set, of which documents are made.

use super::{Finished, Measured, Variant};
use crate::datasets::Asked;
use crate::datasets::Dataset;
use crate::datasets::Shape;
use crate::document::{Block, NONE};
use crate::statistic::rounded;

/// The results with a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Results<T> {
    /// The name of its recipes.
    pub dataset: String,
    /// The question that is asked.
    pub asked: Asked,
    /// Recordings, or symbols, that are trained with.
    pub training_targets: usize,
    /// Answers that are tested.
    pub test_targets: usize,
    /// Finished runs, and those that there are with the default seeds.
    pub finished: usize,
    pub planned: usize,
    /// The numbers of the campaign's tables.
    pub tables: T,
    /// Processor time of all runs.
    pub cpu_seconds: f64,
}

/// The results of the finished runs of a data set; `None` where there are none.
pub fn results<V: Variant>(dataset: &Dataset, lines: &[Finished<V::Measured>]) -> Option<Results<V::Tables>> {
    let of_this = || lines.iter().filter(|line| line.dataset == dataset.name);
    let first = of_this().next()?;
    let shape = Shape { dataset, asked: first.asked, inputs: first.inputs };
    let planned = V::wanted(&[shape], &V::rows(), None);
    let find = |&(_, variant, seed): &(&Dataset, V, u64)| {
        let name = variant.to_string();
        of_this().find(|line| (&line.variant, line.seed) == (&name, seed))
    };
    let runs: Vec<&Finished<V::Measured>> = planned.iter().filter_map(find).collect();
    let first = runs.first()?;
    Some(Results {
        dataset: dataset.name.clone(),
        asked: first.asked,
        training_targets: first.training_targets,
        test_targets: runs.iter().map(|run| run.measured.test().targets).max()?,
        finished: runs.len(),
        planned: planned.len(),
        tables: V::tables(&shape, &runs)?,
        cpu_seconds: rounded(runs.iter().map(|run| run.cpu_seconds).sum()),
    })
}

/// The number of runs that are not finished, of the campaign of a network.
pub fn missing<T>(network: &str, datasets: &[Results<T>]) -> Option<Block> {
    let missing: usize = datasets.iter().map(|dataset| dataset.planned - dataset.finished).sum();
    let text = format!(
        "{missing} runs are not finished. The tables below show the others, and {NONE} where there is none. `engram \
        results --network {network}` goes on with them."
    );
    (missing > 0).then_some(Block::Text(text))
}
