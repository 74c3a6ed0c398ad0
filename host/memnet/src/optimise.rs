//! Updates: from gradients to weights, by stochastic gradient descent or Adam.

use engram_learn::Adam;
use engram_learn::adam::{Correction, Update};

use crate::recipe::{Optimiser, Recipe};
use crate::tensors::{Shape, Tensors};

/// The state of an optimiser.
#[derive(Debug)]
pub(crate) struct Updates {
    recipe: Recipe,
    adam: Adam,
}

impl Updates {
    pub(crate) fn new(recipe: &Recipe, shape: &Shape) -> Updates {
        let lengths = Tensors::<f32>::zeroed(shape).each().map(Vec::len);
        Updates { recipe: *recipe, adam: Adam::new(lengths, Correction::Mean) }
    }

    /// Clips the gradient and changes the weights by it. The gradients of tied tensors are added, the tensors kept equal.
    pub(crate) fn apply(&mut self, weights: &mut Tensors<f32>, gradient: &mut Tensors<f32>, rate: f32) {
        let recipe = &self.recipe;
        tie_gradients(recipe, gradient);
        gradient.each_mut().into_iter().for_each(|tensor| clip_rows(tensor, recipe.elements, recipe.clip as f32));
        let controller = rate * recipe.controller_rate as f32;
        let rates = Tensors::<f32>::NAMES.map(|name| if name == "H" { controller } else { rate });
        let tensors = weights.each_mut().into_iter().zip(gradient.each()).zip(rates);
        match recipe.optimiser {
            Optimiser::Sgd => tensors.for_each(|((weights, gradient), rate)| {
                weights.iter_mut().zip(gradient).for_each(|(w, &g)| *w -= rate * g);
            }),
            Optimiser::Adam => self.adam.apply(tensors.map(|((weights, gradient), rate)| Update {
                weights,
                gradient,
                scale: 1.0,
                rate,
                keep: 1.0,
            })),
        }
        tie(recipe, weights);
    }
}

/// Scales a tensor's gradient so that the L2 norms of its rows sum to `most` at most, as the authors' code of Q-MANN does.
fn clip_rows(gradient: &mut [f32], elements: usize, most: f32) {
    let norm = |row: &[f32]| row.iter().map(|x| x * x).sum::<f32>().sqrt();
    let sum: f32 = gradient.chunks_exact(elements).map(norm).sum();
    if sum > most {
        gradient.iter_mut().for_each(|x| *x *= most / sum);
    }
}

fn tie_gradients(recipe: &Recipe, gradient: &mut Tensors<f32>) {
    let add = |sum: &mut [f32], other: &mut [f32]| {
        sum.iter_mut().zip(other.iter()).for_each(|(sum, x)| *sum += x);
        other.fill(0.0);
    };
    if recipe.keeps_b() {
        add(&mut gradient.a, &mut gradient.b);
    }
    if recipe.keeps_w() {
        add(&mut gradient.c, &mut gradient.w);
    }
}

/// Makes tied tensors equal.
pub(crate) fn tie(recipe: &Recipe, weights: &mut Tensors<f32>) {
    if recipe.keeps_b() {
        weights.b.copy_from_slice(&weights.a);
    }
    if recipe.keeps_w() {
        weights.w.copy_from_slice(&weights.c);
    }
}
