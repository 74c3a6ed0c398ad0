//! The sizes of a data set that decide which runs there are, and their work.

use engram_crossbar::Recipe;
use engram_sequences::{Data, Recording};

use super::asked::Asked;
use super::dataset::Dataset;

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
}

/// The steps of training and test data, and the multiplications of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Steps to train with.
    pub training: f64,
    /// Steps to test with.
    pub test: f64,
    /// Multiplications of a step, and what takes as long as some.
    pub step: f64,
}

/// Multiplications that take as long as the rest of a gate's work: its table, its converter.
const REST_OF_A_GATE: f64 = 24.0;

/// Sequences that fill the processor's vectors.
const FULL: f64 = 8.0;

/// Multiplications of a training with a recipe, forward and twice as many backward, in all of its epochs. Batches of a few
/// sequences leave a part of the processor idle.
pub fn training(data: &Data, recipe: &Recipe) -> f64 {
    let Sizes { training, step, .. } = sizes(data, recipe);
    let idle = (FULL / recipe.batch.max(1) as f64).max(1.0).sqrt();
    3.0 * training * step * idle * (recipe.epochs * recipe.restarts) as f64
}

/// The sizes of data with a recipe.
pub fn sizes(data: &Data, recipe: &Recipe) -> Sizes {
    let hidden = recipe.hidden as f64;
    let gates = |inputs: f64| 4.0 * hidden * (inputs + hidden + REST_OF_A_GATE);
    let (training, test, step) = match data {
        Data::Recordings(data) => {
            let steps = |part: &[Recording]| part.iter().map(Recording::len).sum::<usize>() as f64;
            (steps(&data.train), steps(&data.test), gates(data.channels as f64))
        }
        Data::Symbols(data) => {
            let (training, _) = recipe.limited(data.train.len(), data.validation.len());
            let symbols = data.symbols() as f64;
            (training as f64, data.test.len() as f64, gates(1.0) + hidden * symbols)
        }
    };
    Sizes { training, test, step }
}
