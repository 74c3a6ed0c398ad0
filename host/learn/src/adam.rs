//! Adam (Kingma and Ba, ICLR 2015), with moments 0.9 and 0.999, and weight decay as in AdamW (Loshchilov and Hutter, 2019).

use crate::for_processor;

const FIRST_MOMENT: f32 = 0.9;
const SECOND_MOMENT: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// The factor that corrects the bias of the first moment. The two differ in rounding only, which decides a model's bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// The running mean is corrected.
    Mean,
    /// The learning rate is corrected.
    Rate,
}

/// The running means of each number's gradient and of its square.
#[derive(Debug)]
struct Moments {
    mean: Vec<f32>,
    square: Vec<f32>,
}

/// The state of the optimiser.
#[derive(Debug)]
pub struct Adam {
    correction: Correction,
    /// One pair of moments a tensor.
    moments: Vec<Moments>,
    updates: i32,
}

/// The update of one tensor.
#[derive(Debug)]
pub struct Update<'a> {
    /// The weights.
    pub weights: &'a mut [f32],
    /// The gradient, as many numbers.
    pub gradient: &'a [f32],
    /// The factor of the gradient, 1 where it is not clipped.
    pub scale: f32,
    /// The learning rate.
    pub rate: f32,
    /// The factor of the weights before the update: 1 without weight decay.
    pub keep: f32,
}

impl Adam {
    /// Moments of 0 for tensors of these lengths.
    pub fn new(lengths: impl IntoIterator<Item = usize>, correction: Correction) -> Adam {
        let zeros = |length| Moments { mean: vec![0.0; length], square: vec![0.0; length] };
        Adam { correction, moments: lengths.into_iter().map(zeros).collect(), updates: 0 }
    }

    /// Updates all tensors once, in the order of their lengths in [`Adam::new`].
    pub fn apply<'a>(&mut self, tensors: impl IntoIterator<Item = Update<'a>>) {
        self.updates += 1;
        let first = 1.0 - FIRST_MOMENT.powi(self.updates);
        let second = 1.0 / (1.0 - SECOND_MOMENT.powi(self.updates));
        for (Update { weights, gradient, scale, rate, keep }, moments) in tensors.into_iter().zip(&mut self.moments) {
            let (mean, rate) = match self.correction {
                Correction::Mean => (1.0 / first, rate),
                Correction::Rate => (1.0, rate / first),
            };
            update(weights, gradient, moments, Factors { gradient: scale, mean, square: second, rate, keep });
        }
    }
}

/// The factors of an update.
#[derive(Clone, Copy)]
struct Factors {
    gradient: f32,
    mean: f32,
    square: f32,
    rate: f32,
    keep: f32,
}

for_processor! {
    /// Updates one tensor.
    fn update(weights: &mut [f32], gradient: &[f32], moments: &mut Moments, factors: Factors) {
        let moments = moments.mean.iter_mut().zip(&mut moments.square);
        for ((weight, g), (mean, square)) in weights.iter_mut().zip(gradient).zip(moments) {
            let g = g * factors.gradient;
            *mean += (1.0 - FIRST_MOMENT) * (g - *mean);
            *square += (1.0 - SECOND_MOMENT) * (g * g - *square);
            let deviation = (*square * factors.square).sqrt() + EPSILON;
            *weight = factors.keep * *weight - factors.rate * (*mean * factors.mean) / deviation;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two updates of one weight, the numbers from the definition in f64.
    #[test]
    fn weights_follow_the_definition() {
        for correction in [Correction::Mean, Correction::Rate] {
            let mut adam = Adam::new([1, 2], correction);
            let (mut one, mut two) = ([0.5f32], [1.0f32, -1.0]);
            let (mut expected, mut mean, mut square) = (0.5f64, 0.0, 0.0);
            for (update, gradient) in [0.3f32, -0.8].into_iter().enumerate() {
                adam.apply([
                    Update { weights: &mut one, gradient: &[gradient], scale: 0.5, rate: 0.1, keep: 0.99 },
                    Update { weights: &mut two, gradient: &[0.0; 2], scale: 1.0, rate: 0.1, keep: 1.0 },
                ]);
                let g = 0.5 * f64::from(gradient);
                mean = 0.9 * mean + 0.1 * g;
                square = 0.999 * square + 0.001 * g * g;
                let unbiased = |moment: f64, decay: f64| moment / (1.0 - decay.powi(update as i32 + 1));
                expected = 0.99 * expected - 0.1 * unbiased(mean, 0.9) / unbiased(square, 0.999).sqrt();
                assert!((f64::from(one[0]) - expected).abs() < 1e-4, "{correction:?}: {} and {expected}", one[0]);
            }
            assert_eq!(two, [1.0, -1.0], "without a gradient nothing moves");
        }
    }
}
