//! Updates: from gradients to weights, by stochastic gradient descent or Adam.

use crate::recipe::{Optimiser, Recipe};
use crate::tensors::{Shape, Tensors};

const FIRST_MOMENT: f32 = 0.9;
const SECOND_MOMENT: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// The state of an optimiser.
#[derive(Debug)]
pub(crate) struct Updates {
    recipe: Recipe,
    /// Of each tensor its running means of the gradient and of its square.
    moments: Tensors<(f32, f32)>,
    updates: i32,
}

impl Updates {
    pub(crate) fn new(recipe: &Recipe, shape: &Shape) -> Updates {
        Updates { recipe: *recipe, moments: Tensors::zeroed(shape), updates: 0 }
    }

    /// Clips the gradient and changes the weights by it. The gradients of tied tensors are added, the tensors kept equal.
    #[inline(always)]
    pub(crate) fn apply(&mut self, weights: &mut Tensors<f32>, gradient: &mut Tensors<f32>, rate: f32) {
        tie_gradients(&self.recipe, gradient);
        self.updates += 1;
        let tensors = weights.each_mut().into_iter().zip(gradient.each_mut()).zip(self.moments.each_mut());
        for (((weights, gradient), moments), name) in tensors.zip(Tensors::<f32>::NAMES) {
            clip_rows(gradient, self.recipe.elements, self.recipe.clip as f32);
            let rate = if name == "H" { rate * self.recipe.controller_rate as f32 } else { rate };
            match self.recipe.optimiser {
                Optimiser::Sgd => weights.iter_mut().zip(gradient).for_each(|(w, &mut g)| *w -= rate * g),
                Optimiser::Adam => adam(weights, gradient, moments, rate, self.updates),
            }
        }
        tie(&self.recipe, weights);
    }
}

#[inline(always)]
fn adam(weights: &mut [f32], gradient: &[f32], moments: &mut [(f32, f32)], rate: f32, updates: i32) {
    let first = 1.0 / (1.0 - FIRST_MOMENT.powi(updates));
    let second = 1.0 / (1.0 - SECOND_MOMENT.powi(updates));
    for ((weight, &g), (mean, square)) in weights.iter_mut().zip(gradient).zip(moments) {
        *mean += (1.0 - FIRST_MOMENT) * (g - *mean);
        *square += (1.0 - SECOND_MOMENT) * (g * g - *square);
        *weight -= rate * (*mean * first) / ((*square * second).sqrt() + EPSILON);
    }
}

/// Scales a tensor's gradient so that the L2 norms of its rows sum to `most` at most, as the authors' code of Q-MANN does.
#[inline(always)]
fn clip_rows(gradient: &mut [f32], elements: usize, most: f32) {
    let norm = |row: &[f32]| row.iter().map(|x| x * x).sum::<f32>().sqrt();
    let sum: f32 = gradient.chunks_exact(elements).map(norm).sum();
    if sum > most {
        gradient.iter_mut().for_each(|x| *x *= most / sum);
    }
}

#[inline(always)]
fn tie_gradients(recipe: &Recipe, gradient: &mut Tensors<f32>) {
    let add = |sum: &mut [f32], other: &mut [f32]| {
        sum.iter_mut().zip(other.iter()).for_each(|(sum, x)| *sum += x);
        other.fill(0.0);
    };
    if recipe.tie_b {
        add(&mut gradient.a, &mut gradient.b);
    }
    if recipe.tie_w {
        add(&mut gradient.c, &mut gradient.w);
    }
}

/// Makes tied tensors equal.
pub(crate) fn tie(recipe: &Recipe, weights: &mut Tensors<f32>) {
    if recipe.tie_b {
        weights.b.copy_from_slice(&weights.a);
    }
    if recipe.tie_w {
        weights.w.copy_from_slice(&weights.c);
    }
}
