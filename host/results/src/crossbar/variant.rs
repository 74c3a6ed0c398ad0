//! The variants of a crossbar network in the tables: how a model is made, or what is measured of one.

use std::fmt;

use crate::datasets::{Asked, Shape};
use engram_crossbar::{NoiseRecipe, Precision, Precisions, Recipe, Tiling};

/// The precisions of the tables over bits.
pub const PRECISIONS: [Precision; 6] = [
    Precision::Bits(1),
    Precision::Bits(2),
    Precision::Bits(3),
    Precision::Bits(4),
    Precision::Bits(8),
    Precision::Float,
];

/// The noise that networks are trained with: weights in shares of their range, reads in steps of the converter.
pub const TRAINED_NOISE: [NoiseRecipe; 3] = [
    NoiseRecipe { weights: 0.0, read: 0.0 },
    NoiseRecipe { weights: 0.05, read: 0.5 },
    NoiseRecipe { weights: 0.1, read: 1.0 },
];

/// The rows of a tile that are tried beside one tile of all rows.
pub const TILE_ROWS: [usize; 3] = [16, 32, 64];

/// Seeds that every variant is trained with where nothing else is said.
const SEEDS: u64 = 5;

/// The same of the table of bits with a stream, which takes the longest.
const SEEDS_STREAM_BITS: u64 = 2;

/// The tables, in the order in which they are worked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Float, float trained on, and 4 bits: trained, after training, trained with noise.
    FourBits,
    /// Trained networks under noise.
    Noise,
    /// Rows of a tile.
    Tiles,
    /// Bits of weights and of converters.
    Bits,
}

impl Table {
    /// All tables.
    pub const ALL: [Table; 4] = [Table::FourBits, Table::Noise, Table::Tiles, Table::Bits];

    /// The variants of a table.
    pub fn variants(self) -> Vec<Variant> {
        let [_, noise, _] = TRAINED_NOISE;
        match self {
            Table::FourBits => {
                let noisy = Variant::Trained(Change { noise, ..Change::FOUR_BITS });
                vec![
                    Variant::Float,
                    Variant::Trained(Change::FLOAT),
                    Variant::Trained(Change::FOUR_BITS),
                    Variant::After(Change::FOUR_BITS),
                    noisy,
                ]
            }
            Table::Noise => {
                TRAINED_NOISE.map(|noise| Variant::UnderNoise(Change { noise, ..Change::FOUR_BITS })).into()
            }
            Table::Tiles => TILE_ROWS.map(|rows| Variant::Trained(Change { rows, ..Change::FOUR_BITS })).into(),
            Table::Bits => {
                let pairs = PRECISIONS.iter().flat_map(|&weights| PRECISIONS.map(|converters| (weights, converters)));
                let of = |(weights, converters)| Change { weights, converters, ..Change::FOUR_BITS };
                // Real numbers throughout are in the first table.
                let changes: Vec<Change> = pairs.map(of).filter(|change| !change.is_float()).collect();
                changes
                    .iter()
                    .map(|&change| Variant::After(change))
                    .chain(changes.iter().map(|&change| Variant::Trained(change)))
                    .collect()
            }
        }
    }

    /// The variants that say something of a data set: tiles of more rows than it has are the one tile.
    pub fn variants_of(self, shape: &Shape) -> Vec<Variant> {
        let several = |variant: &Variant| variant.change().is_none_or(|change| change.rows < shape.crossbar_rows());
        self.variants().into_iter().filter(several).collect()
    }

    /// The number of seeds where nothing else is said.
    pub fn default_seeds(self, asked: Asked) -> u64 {
        if asked != Asked::Classes && self == Table::Bits { SEEDS_STREAM_BITS } else { SEEDS }
    }
}

/// The name on the command line.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Table::FourBits => "four-bits",
            Table::Noise => "noise",
            Table::Tiles => "tiles",
            Table::Bits => "bits",
        })
    }
}

/// A variant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Variant {
    /// In real arithmetic, from random weights.
    Float,
    /// Trained with codes, from the float network of the same seed.
    Trained(Change),
    /// The float network of the same seed, put into codes without training.
    After(Change),
    /// The trained network, measured under noise.
    UnderNoise(Change),
}

/// The settings that a table puts in the place of a recipe's own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// The precision of the weights.
    pub weights: Precision,
    /// The precision of the converters, to analog and to digital.
    pub converters: Precision,
    /// Rows of a tile; 0 for one tile.
    pub rows: usize,
    /// Noise in training.
    pub noise: NoiseRecipe,
}

impl Change {
    /// Weights and converters of 4 bits, one tile, no noise.
    pub const FOUR_BITS: Change = Change {
        weights: Precision::Bits(4),
        converters: Precision::Bits(4),
        rows: 0,
        noise: NoiseRecipe { weights: 0.0, read: 0.0 },
    };

    /// Real numbers throughout: a float network that is trained as long as those with codes.
    pub const FLOAT: Change = Change { weights: Precision::Float, converters: Precision::Float, ..Change::FOUR_BITS };

    /// Whether nothing is in codes.
    pub fn is_float(&self) -> bool {
        (self.weights, self.converters) == (Precision::Float, Precision::Float)
    }

    /// The precisions of the change.
    pub fn precisions(&self) -> Precisions {
        Precisions { weights: self.weights, dac: self.converters, adc: self.converters }
    }

    /// A recipe with this change.
    pub fn of(&self, recipe: &Recipe) -> Recipe {
        let tiling = Tiling { rows: self.rows, ..recipe.tiling };
        Recipe { precisions: self.precisions(), tiling, noise: self.noise, ..*recipe }
    }
}

impl Variant {
    /// The row that makes the model that this one needs, or is.
    pub fn model(self) -> Variant {
        match self {
            Variant::UnderNoise(change) => Variant::Trained(change),
            made => made,
        }
    }

    /// The change of the recipe.
    pub fn change(self) -> Option<Change> {
        match self {
            Variant::Float => None,
            Variant::Trained(change) | Variant::After(change) | Variant::UnderNoise(change) => Some(change),
        }
    }
}

/// The name of a variant, in files and reports: `trained-w4-c4`, `trained-w4-c4-rows16`, `under-noise-w4-c4-noise5-0.5`.
impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Variant::Float => "float",
            Variant::Trained(_) => "trained",
            Variant::After(_) => "after",
            Variant::UnderNoise(_) => "under-noise",
        })?;
        let Some(Change { weights, converters, rows, noise }) = self.change() else { return Ok(()) };
        write!(f, "-w{weights}-c{converters}")?;
        if rows > 0 {
            write!(f, "-rows{rows}")?;
        }
        match noise {
            NoiseRecipe { weights: 0.0, read: 0.0 } => Ok(()),
            NoiseRecipe { weights, read } => write!(f, "-noise{}-{read}", 100.0 * weights),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_all_tables_have_names_of_their_own() {
        let rows: Vec<Variant> = Table::ALL.iter().flat_map(|table| table.variants()).collect();
        let mut names: Vec<String> = rows.iter().map(Variant::to_string).collect();
        for name in
            ["float", "trained-w4-c4-rows16", "trained-w4-c4-noise5-0.5", "under-noise-w4-c4", "after-w1-cfloat"]
        {
            assert!(names.contains(&name.to_string()), "{name}");
        }
        // The grid has 35 pairs, trained and after; 4/4 of both stands in the first table too.
        assert_eq!(names.len(), 5 + 3 + 3 + 70);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 81 - 2);
    }
}
