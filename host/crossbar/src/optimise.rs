//! Updates: from gradients to weights, by Adam, with the gradient's norm clipped.

use engram_learn::adam::{Correction, Update};
use engram_learn::{Adam, for_processor};

use crate::tensors::{Shape, Tensors};

/// The state of the optimiser.
#[derive(Debug)]
pub(crate) struct Updates {
    adam: Adam,
    clip: f32,
    decay: f32,
}

impl Updates {
    pub(crate) fn new(shape: &Shape, clip: f64, decay: f64) -> Updates {
        let adam = Adam::new(Tensors::lengths(shape), Correction::Rate);
        Updates { adam, clip: clip as f32, decay: decay as f32 }
    }

    /// Changes the weights by a gradient, which is scaled down where its norm is above the most allowed. Weights decay, biases do not.
    pub(crate) fn apply(&mut self, weights: &mut Tensors, gradient: &Tensors, rate: f32) {
        let square: f32 = gradient.each().into_iter().map(|tensor| sum_of_squares(tensor)).sum();
        let scale = (self.clip / square.sqrt().max(self.clip)).min(1.0);
        let keep = 1.0 - rate * self.decay;
        // Weights and biases by turns.
        let tensors = weights.each_mut().into_iter().zip(gradient.each()).zip([keep, 1.0, keep, 1.0]);
        self.adam.apply(tensors.map(|((weights, gradient), keep)| Update { weights, gradient, scale, rate, keep }));
    }
}

for_processor! {
    /// The sum of squares, in 16 sums side by side.
    fn sum_of_squares(numbers: &[f32]) -> f32 {
        let mut sums = [0.0f32; 16];
        for block in numbers.chunks(16) {
            for (sum, x) in sums.iter_mut().zip(block) {
                *sum += x * x;
            }
        }
        sums.iter().sum()
    }
}
