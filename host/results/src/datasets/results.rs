//! From finished runs to the results with a data set, of which documents are made.

use std::path::Path;

use engram_session::Failure;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Finished, Measured, Variant};
use crate::datasets::Asked;
use crate::datasets::Dataset;
use crate::datasets::Shape;
use crate::document::{Block, NONE};
use crate::files::read_published;
use crate::statistic::rounded;

/// The results with a data set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Results<T> {
    /// The name of its recipes.
    #[serde(alias = "set")]
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
    #[serde(flatten)]
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

/// The means of data sets whose runs are not all lines yet, published in a file beside these. They stand in a document until the
/// lines are complete; then this and the file go.
#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Published<T> {
    sets: Vec<Results<T>>,
}

/// The results of a data set: its own where all runs are finished, else those that were published in a file, where there are some.
pub fn complete<T: DeserializeOwned>(
    own: Option<Results<T>>,
    name: &str,
    file: &Path,
) -> Result<Option<Results<T>>, Failure> {
    let whole = own.as_ref().is_some_and(|own| own.finished == own.planned);
    if whole {
        return Ok(own);
    }
    let published = read_published::<Published<T>>(file)?.map(|published| published.sets);
    Ok(published.into_iter().flatten().find(|results| results.dataset == name).or(own))
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
