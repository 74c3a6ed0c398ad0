//! The runs of the campaign: network x data set x seed, the most telling first, and their work.

use engram_sequences::Data;

use super::variant::{BITS, HIDDEN, Variant};
use super::work::{TEST_STEPS, TUNING_STEPS};
use crate::crossbar::dataset::Dataset;
use crate::crossbar::finished::Asked;
use crate::crossbar::plan::{Shape, Sizes, sizes};

/// Default seeds of the networks whose goals are checked; all others have one, for they take
/// most of the time.
const SEEDS: u64 = 3;

/// The seeds of a network with a data set, where nothing else is said.
pub fn default_seeds(asked: Asked, variant: Variant) -> u64 {
    let marked = asked == Asked::Classes && variant.hidden == HIDDEN[0];
    if marked { SEEDS } else { 1 }
}

/// Passes over the tuning data, about: thresholds alike, by gate, and the oracle's.
const ATTEMPTS: f64 = 100.0;

/// Passes over the test data: without, three schemes, the curves.
const TESTS: f64 = 20.0;

/// Crosses networks, data sets and the seeds 1 to `seeds`: of each kind of cells first the recordings, whose goals are checked, with
/// one seed after the other.
pub fn wanted<'a>(shapes: &[Shape<'a>], seeds: Option<u64>) -> Vec<(&'a Dataset, Variant, u64)> {
    let mut wanted = Vec::new();
    let (recordings, streams): (Vec<&Shape>, Vec<&Shape>) =
        shapes.iter().partition(|shape| shape.asked == Asked::Classes);
    let all = Variant::all();
    for variants in all.chunk_by(|one, other| (one.cell, one.hidden) == (other.cell, other.hidden)) {
        for shapes in [&recordings, &streams] {
            for seed in 1..=seeds.unwrap_or(SEEDS) {
                for shape in shapes {
                    let of_seed = |&&variant: &&Variant| seed <= seeds.unwrap_or(default_seeds(shape.asked, variant));
                    wanted.extend(variants.iter().filter(of_seed).map(|&variant| (shape.dataset, variant, seed)));
                }
            }
        }
    }
    wanted
}

/// Multiplications: of training, forward and twice as many backward, the float network shared with others; of measuring.
pub fn work(dataset: &Dataset, variant: Variant, data: &Data) -> f64 {
    let recipes = variant.recipes(dataset, Asked::of(data));
    let Sizes { training, step, .. } = sizes(data, &recipes.quantised);
    let epochs = [recipes.float, recipes.quantised].map(|recipe| (recipe.epochs * recipe.restarts) as f64);
    let trained = 3.0 * training * (epochs[0] / BITS.len() as f64 + epochs[1]);
    let measured = ATTEMPTS * training.min(TUNING_STEPS as f64) + TESTS * TEST_STEPS as f64;
    (trained + measured) * step
}
