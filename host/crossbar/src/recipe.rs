//! The recipe of a training: every number that decides the outcome, recorded in the model.

use engram_sequences::{Normaliser, Windowing};
use engram_spec::crossbar::Cell;
use serde::{Deserialize, Serialize};

use crate::design::{CellJson, Precisions, Tiling, is_lstm};

/// Noise that is injected in training, so that a network learns to bear it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoiseRecipe {
    /// s_w: the deviation of a crossbar's weight of one pair of cells, as a share of the range of its gate; drawn anew for each
    /// update.
    pub weights: f64,
    /// s_a: the deviation of a column's sum before conversion, in steps of the converter.
    pub read: f64,
}

impl NoiseRecipe {
    /// The deviation of a weight of several pairs of cells.
    pub(crate) fn of_weights(&self, tiling: &Tiling) -> f64 {
        self.weights / (tiling.cells as f64).sqrt()
    }
}

/// A recipe. The default stands for each field that a file does not name.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// The kind of the cells, `lstm` or `gru`.
    #[serde(with = "CellJson", skip_serializing_if = "is_lstm")]
    pub cell: Cell,
    /// Hidden elements H.
    pub hidden: usize,
    /// Trainings from different initial weights; the best by validation is kept.
    pub restarts: usize,
    /// Passes over the training data.
    pub epochs: usize,
    /// The epochs at the start in real arithmetic, where weights start at random.
    pub float_epochs: usize,
    /// Sequences, or places of a stream, that are learnt from side by side between two updates.
    pub batch: usize,
    /// Steps of a stream between two updates, through which gradients go back.
    pub unroll: usize,
    /// The first so many symbols of a stream are trained with, and an eighth as many validated with; 0 for all of them.
    pub limit: usize,
    /// Whether of a stream only the answers behind its cue are learnt, where it has one, and not every next symbol.
    pub answers_only: bool,
    /// The learning rate of Adam at the start; it goes down to 0 as half a cosine.
    pub rate: f64,
    /// The share of the learning rate by which weights (not biases) shrink in an update (AdamW, Loshchilov and Hutter, 2019).
    pub decay: f64,
    /// The most that the L2 norm of an update's gradient may be.
    pub clip: f64,
    /// The deviation of noise that is added to the values of sequences in training.
    pub input_noise: f64,
    /// The deviation of an offset that is drawn for each channel of each sequence in training: sensors that are worn otherwise.
    pub input_offset: f64,
    /// The share of the values of each channel that its range holds.
    pub covered: f64,
    /// The steps of a recording that the network takes as one.
    #[serde(skip_serializing_if = "Windowing::is_none")]
    pub windowing: Windowing,
    /// The step in which training recordings of a class are held out for validation, every nth, where a data set holds
    /// none out itself. With 0 none is: all are trained with, and validated with.
    pub hold_out: usize,
    /// Epochs without a better validation after which training stops.
    pub patience: usize,
    /// Whether the weights of the best validation are kept, or those of the last epoch.
    pub keep_best: bool,
    /// The precisions of weights and converters.
    pub precisions: Precisions,
    /// The tiles.
    pub tiling: Tiling,
    /// Noise in training.
    pub noise: NoiseRecipe,
}

/// The recipes of a workload: a float network, and what is trained from it with fewer bits (`recipes/crossbar`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipes {
    /// The recipe of the float network, from random weights.
    pub float: Recipe,
    /// The recipe of the network of codes, from the float model. Its precisions, tiles and noise are those of the
    /// workload's mark; a table over bits or noise puts others in their place.
    pub quantised: Recipe,
}

impl Recipe {
    /// The numbers of symbols that are used of a training and a validation stream of these lengths.
    pub fn limited(&self, training: usize, validation: usize) -> (usize, usize) {
        match self.limit {
            0 => (training, validation),
            limit => (training.min(limit), validation.min(limit.div_ceil(8))),
        }
    }
}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            cell: Cell::Lstm,
            hidden: 64,
            restarts: 1,
            epochs: 60,
            float_epochs: 0,
            batch: 16,
            unroll: 64,
            limit: 0,
            answers_only: false,
            rate: 0.003,
            decay: 0.0,
            clip: 1.0,
            input_noise: 0.0,
            input_offset: 0.0,
            covered: Normaliser::COVERED,
            windowing: Windowing::NONE,
            hold_out: 5,
            patience: 1000,
            keep_best: true,
            precisions: Precisions::FLOAT,
            tiling: Tiling::default(),
            noise: NoiseRecipe::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::precision::Precision;

    #[test]
    fn what_a_recipe_leaves_out_is_the_default() {
        let text = "epochs = 5\n[precisions]\nweights = 4\nadc = \"float\"\n[noise]\nread = 0.5\n";
        let recipe: Recipe = toml::from_str(text).unwrap();
        let precisions = Precisions { weights: Precision::Bits(4), ..Precisions::FLOAT };
        let noise = NoiseRecipe { read: 0.5, weights: 0.0 };
        assert_eq!(recipe, Recipe { epochs: 5, precisions, noise, ..Recipe::default() });
        assert_eq!(toml::from_str::<Recipe>(&toml::to_string(&recipe).unwrap()).unwrap(), recipe);
        assert!(toml::from_str::<Recipe>("epoch = 5").is_err());
        assert!(!toml::to_string(&recipe).unwrap().contains("windowing"));
        let windows: Recipe = toml::from_str("[windowing]\nwindow = 4\nstride = 2").unwrap();
        assert_eq!(windows.windowing, Windowing { pool: 1, window: 4, stride: 2 });
    }
}
