//! The arithmetic of a quantised network as training computes with it: grid values in f32, which give the integers' bits.

use engram_spec::memnet::Addressing;
use engram_spec::memnet::table::{self, CENTRE_UNIT, EXPONENTIAL_ENTRIES, SCORE_FRACTION, SCORE_MAX};

use crate::design::Design;
use crate::quantise::{Quantiser, nearest};

/// Quantisers and tables.
#[derive(Debug)]
pub(crate) struct Arithmetic {
    /// The quantisers of m, and of c and o.
    pub memory_a: Quantiser,
    pub memory_c: Quantiser,
    /// The quantisers of u_0 to u_K.
    pub states: Vec<Quantiser>,
    /// The quantisers of m with its age word, as each hop compares it.
    pub compared: Vec<Quantiser>,
    /// The quantisers of products, where arithmetic is conventional.
    pub products: Option<Products>,
    /// The units of a score code in a similarity of 1, and the centre of the scores in these units.
    score_units: f32,
    centre: f32,
    /// Whether similarities have a bound.
    bounded: bool,
    /// The step of an 8-bit code of c, whatever the word length.
    code_step: f32,
    exponentials: Vec<u32>,
    reciprocals: Vec<u32>,
}

/// The quantisers to which conventional arithmetic truncates its products and saturates their sums: the format of the
/// result.
#[derive(Debug)]
pub(crate) struct Products {
    /// The quantiser of scores, of the softmax's results and of logits, which have the controller's format.
    pub controller: Quantiser,
    pub memory_a: Quantiser,
    pub memory_c: Quantiser,
}

impl Arithmetic {
    /// The arithmetic of a quantised design.
    pub fn new(design: &Design) -> Arithmetic {
        let Design { formats, bits, shape, .. } = *design;
        let memory_a = Quantiser::graded(formats.memory_a, bits, 0);
        let memory_c = Quantiser::graded(formats.memory_c, bits, 0);
        let controller = Quantiser::graded(formats.controller, bits, 0);
        let state = |hop| Quantiser::graded(formats.controller, bits, design.grade(hop));
        let compared = |hop| Quantiser::graded(formats.memory_a, bits, design.grade(hop));
        Arithmetic {
            memory_a,
            memory_c,
            states: (0..=shape.hops).map(state).collect(),
            compared: (0..shape.hops).map(compared).collect(),
            products: design.mode.is_truncating().then_some(Products { controller, memory_a, memory_c }),
            score_units: (SCORE_FRACTION as f32 - f32::from(design.score_shift())).exp2(),
            centre: f32::from(design.centre()) * CENTRE_UNIT as f32,
            bounded: design.addressing != Addressing::Dot,
            code_step: formats.memory_c.step(),
            exponentials: table::exponential(),
            reciprocals: table::reciprocal(),
        }
    }

    /// Moves the centre of scores towards that of products, 0, where the addressing has this share of the similarity.
    pub fn blend(&mut self, share: f32) {
        self.centre = nearest(self.centre * share);
    }

    /// The score code of a similarity, as a real number.
    #[inline(always)]
    pub fn score(&self, similarity: f32) -> f32 {
        let (units, most) = ((SCORE_FRACTION as f32).exp2(), SCORE_MAX as f32);
        (nearest(similarity * self.score_units) - self.centre).clamp(-most - 1.0, most) / units
    }

    /// Whether no gradient passes a score. It passes one below the range of bounded similarities, where slots begin that no
    /// question has asked for yet.
    #[inline(always)]
    pub fn is_saturated(&self, score: f32) -> bool {
        let (units, most) = ((SCORE_FRACTION as f32).exp2(), SCORE_MAX as f32);
        let below = score < -most / units && !self.bounded;
        self.products.is_none() && (below || score >= most / units)
    }

    /// The one-pass softmax of the hardware: exponentials from the table, exact sums, one multiplication by a reciprocal.
    #[inline(always)]
    pub fn read(&self, scores: &[f32], weights: &mut [f32], aged_c: &[f32], products: &mut [i32], o: &mut [f32]) {
        let elements = o.len();
        let units = 1.0 / self.code_step;
        let offset = (EXPONENTIAL_ENTRIES / 2) as f32;
        let mut sum = 0;
        products.fill(0);
        for ((&score, weight), c) in scores.iter().zip(weights.iter_mut()).zip(aged_c.chunks_exact(elements)) {
            let e = self.exponentials[(score * (SCORE_FRACTION as f32).exp2() + offset) as usize];
            sum += e;
            *weight = e as f32;
            products.iter_mut().zip(c).for_each(|(product, &c)| *product += e as i32 * (c * units) as i32);
        }
        weights.iter_mut().for_each(|weight| *weight /= sum as f32);
        for (o, &product) in o.iter_mut().zip(products.iter()) {
            let code = table::weighted_mean(product.into(), sum, &self.reciprocals);
            // Words shorter than a code are rounded once more.
            *o = self.memory_c.apply(f32::from(code) * self.code_step);
        }
    }
}
