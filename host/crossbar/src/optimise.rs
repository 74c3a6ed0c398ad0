//! Updates: from gradients to weights, by Adam (Kingma and Ba, ICLR 2015).

use crate::processor::for_processor;
use crate::tensors::{Shape, Tensors};

const FIRST_MOMENT: f32 = 0.9;
const SECOND_MOMENT: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// The running means of the gradient and of its square.
#[derive(Debug)]
pub(crate) struct Adam {
    mean: Tensors,
    square: Tensors,
    updates: i32,
    clip: f32,
    decay: f32,
}

impl Adam {
    pub(crate) fn new(shape: &Shape, clip: f64, decay: f64) -> Adam {
        let (mean, square) = (Tensors::zeroed(shape), Tensors::zeroed(shape));
        Adam { mean, square, updates: 0, clip: clip as f32, decay: decay as f32 }
    }

    /// Changes the weights by a gradient, which is scaled down where its norm is above the most allowed.
    pub(crate) fn apply(&mut self, weights: &mut Tensors, gradient: &Tensors, rate: f32) {
        self.updates += 1;
        let square: f32 = gradient.each().into_iter().map(|tensor| sum_of_squares(tensor)).sum();
        let scale = (self.clip / square.sqrt().max(self.clip)).min(1.0);
        let first = rate / (1.0 - FIRST_MOMENT.powi(self.updates));
        let second = 1.0 / (1.0 - SECOND_MOMENT.powi(self.updates));
        let moments = self.mean.each_mut().into_iter().zip(self.square.each_mut());
        let tensors = weights.each_mut().into_iter().zip(gradient.each()).zip(moments);
        for (place, ((weights, gradient), (mean, square))) in tensors.enumerate() {
            // Weights and biases by turns.
            let keep = if place % 2 == 0 { 1.0 - rate * self.decay } else { 1.0 };
            let scales = Scales { gradient: scale, first, second, keep };
            update(weights, gradient, mean, square, scales);
        }
    }
}

/// The factors of an update.
#[derive(Clone, Copy)]
struct Scales {
    gradient: f32,
    /// The rate over the bias of the first moment, and one over that of the second.
    first: f32,
    second: f32,
    /// What is kept of a weight that decays.
    keep: f32,
}

for_processor! {
    /// One tensor's update.
    fn update(weights: &mut [f32], gradient: &[f32], mean: &mut [f32], square: &mut [f32], scales: Scales) {
        for (((weight, g), mean), square) in weights.iter_mut().zip(gradient).zip(mean).zip(square) {
            let g = g * scales.gradient;
            *mean += (1.0 - FIRST_MOMENT) * (g - *mean);
            *square += (1.0 - SECOND_MOMENT) * (g * g - *square);
            *weight = scales.keep * *weight - scales.first * *mean / ((*square * scales.second).sqrt() + EPSILON);
        }
    }
}

for_processor! {
    /// In 16 sums side by side.
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
