//! The runs of the campaign: table x data set x variant x seed, and their work.

use std::collections::HashSet;

use engram_crossbar::Recipe;
use engram_sequences::{Data, Recording};

use super::dataset::Dataset;
use super::finished::Asked;
use super::variant::{Table, Variant};
use super::work::{NOISE, PROGRAMMINGS};

/// Seeds that every variant is trained with where nothing else is said.
const SEEDS: u64 = 5;

/// The same of the table of bits with a stream, which takes the longest.
const SEEDS_STREAM_BITS: u64 = 2;

/// A data set and what of its data decides which runs there are.
#[derive(Clone, Copy, Debug)]
pub struct Shape<'a> {
    /// The data set.
    pub dataset: &'a Dataset,
    /// The question that is asked of a network.
    pub asked: Asked,
    /// Inputs of a network.
    pub inputs: usize,
}

impl<'a> Shape<'a> {
    /// The shape of data that are read.
    pub fn of(dataset: &'a Dataset) -> anyhow::Result<Shape<'a>> {
        let data = &dataset.loaded()?.data;
        Ok(Shape { dataset, asked: Asked::of(data), inputs: data.inputs() })
    }

    /// The rows of the crossbar: those of x, padded, and those of h.
    pub fn crossbar_rows(&self) -> usize {
        let recipe = &self.dataset.recipes.quantised;
        self.inputs.next_multiple_of(recipe.tiling.lanes.max(1)) + recipe.hidden
    }

    /// The variants of a table that say something of the data set: tiles of more rows than it has are the one tile.
    fn variants(&self, table: Table) -> Vec<Variant> {
        let several = |variant: &Variant| variant.change().is_none_or(|change| change.rows < self.crossbar_rows());
        table.variants().into_iter().filter(several).collect()
    }

    fn default_seeds(&self, table: Table) -> u64 {
        let stream = self.asked != Asked::Classes;
        if stream && table == Table::Bits { SEEDS_STREAM_BITS } else { SEEDS }
    }
}

/// Crosses tables, data sets and the seeds 1 to `seeds`, or as many as the table has by default. The networks that a run begins
/// with come before it.
pub fn wanted<'a>(shapes: &[Shape<'a>], tables: &[Table], seeds: Option<u64>) -> Vec<(&'a Dataset, Variant, u64)> {
    let (mut wanted, mut seen) = (Vec::new(), HashSet::new());
    for table in Table::ALL.into_iter().filter(|table| tables.contains(table)) {
        for shape in shapes {
            for variant in shape.variants(table) {
                for seed in 1..=seeds.unwrap_or(shape.default_seeds(table)) {
                    // First what it begins with: other runs may be waiting for the same.
                    for variant in [Variant::Float, variant.model(), variant] {
                        if seen.insert((&shape.dataset.name, variant.to_string(), seed)) {
                            wanted.push((shape.dataset, variant, seed));
                        }
                    }
                }
            }
        }
    }
    wanted
}

/// The steps of training and test data, and the multiplications of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Steps to train with.
    pub training: f64,
    /// Steps to test with.
    pub test: f64,
    /// Multiplications of a step.
    pub step: f64,
}

/// The sizes of data with a recipe.
pub fn sizes(data: &Data, recipe: &Recipe) -> Sizes {
    let hidden = recipe.hidden as f64;
    let (training, test, step) = match data {
        Data::Recordings(data) => {
            let steps = |part: &[Recording]| part.iter().map(Recording::len).sum::<usize>() as f64;
            (steps(&data.train), steps(&data.test), 4.0 * hidden * (data.channels as f64 + hidden))
        }
        Data::Symbols(data) => {
            let (training, _) = recipe.limited(data.train.len(), data.validation.len());
            let symbols = data.symbols() as f64;
            (training as f64, data.test.len() as f64, 4.0 * hidden * (1.0 + hidden) + hidden * symbols)
        }
    };
    Sizes { training, test, step }
}

/// Multiplications: forward, and where something is learnt twice as many backward, in all of its epochs; then the test.
pub fn work(dataset: &Dataset, variant: Variant, data: &Data) -> f64 {
    let recipe = if variant == Variant::Float { &dataset.recipes.float } else { &dataset.recipes.quantised };
    let Sizes { training, test, step } = sizes(data, recipe);
    let steps = match variant {
        Variant::Float | Variant::Trained(_) => 3.0 * training * (recipe.epochs * recipe.restarts) as f64 + test,
        Variant::After(_) => test,
        Variant::UnderNoise(_) => test * (1 + PROGRAMMINGS * (NOISE.len() - 1)) as f64,
    };
    steps * step
}
