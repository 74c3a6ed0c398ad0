//! A network that is measured: its cells, how many, and its bits.

use std::fmt;

use crate::datasets::{Asked, Dataset};
use engram_crossbar::{NoiseRecipe, Precision, Precisions, Recipe, Recipes};
use engram_spec::crossbar::Cell;

/// Hidden cells. The larger number is the most that a program's settings say.
pub const HIDDEN: [usize; 2] = [128, 256];

/// Bits of weights and converters alike.
pub const BITS: [u8; 2] = [4, 8];

/// The most symbols of a stream that are trained with.
pub const SYMBOLS: usize = 200_000;

/// Read noise in training with codes of recordings, in steps of the converter: networks that bear it bear columns of a step before
/// better, and lose on others more nearly what they lose on those that they have learnt.
pub const READ_NOISE: f64 = 0.5;

/// A network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    pub cell: Cell,
    pub hidden: usize,
    pub bits: u8,
}

impl Variant {
    /// All networks, in the order in which they are worked for.
    pub fn all() -> Vec<Variant> {
        let sizes = HIDDEN.into_iter().flat_map(|hidden| [Cell::Lstm, Cell::Gru].map(|cell| (hidden, cell)));
        sizes.flat_map(|(hidden, cell)| BITS.map(|bits| Variant { cell, hidden, bits })).collect()
    }

    /// The name of the float network that it begins with.
    pub fn float(&self) -> String {
        format!("{}-{}-float", self.cell.name(), self.hidden)
    }

    /// The recipes of a set with cells, their number and bits in place of its own.
    pub fn recipes(&self, dataset: &Dataset, asked: Asked) -> Recipes {
        let of = |recipe: &Recipe| {
            let limit = if recipe.limit == 0 { SYMBOLS } else { recipe.limit.min(SYMBOLS) };
            Recipe { cell: self.cell, hidden: self.hidden, limit, ..*recipe }
        };
        let quantised = of(&dataset.recipes.quantised);
        let read = if asked == Asked::Classes { READ_NOISE } else { quantised.noise.read };
        let precisions = Precisions::alike(Precision::Bits(self.bits));
        let noise = NoiseRecipe { read, ..quantised.noise };
        Recipes { float: of(&dataset.recipes.float), quantised: Recipe { precisions, noise, ..quantised } }
    }
}

/// The name of a variant, in files and reports: `lstm-128-4bit`.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}bit", self.cell.name(), self.hidden, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datasets::tests::waves;

    #[test]
    fn rows_put_their_own_in_place_of_a_recipes() {
        let names: Vec<String> = Variant::all().iter().map(Variant::to_string).collect();
        assert_eq!((names.len(), names[0].as_str(), names[7].as_str()), (8, "lstm-128-4bit", "gru-256-8bit"));
        let dataset = waves();
        let variant = Variant { cell: Cell::Gru, hidden: 12, bits: 8 };
        let Recipes { float, quantised } = variant.recipes(&dataset, Asked::Classes);
        assert_eq!((float.cell, float.hidden, float.epochs, float.precisions), (Cell::Gru, 12, 3, Precisions::FLOAT));
        assert_eq!((quantised.precisions.adc, quantised.limit), (Precision::Bits(8), SYMBOLS));
        assert_eq!((quantised.noise.read, variant.float().as_str()), (READ_NOISE, "gru-12-float"));
        assert_eq!(float.noise.read, 0.0);
    }
}
