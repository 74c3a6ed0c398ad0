//! The ranges that a network's values have on a data set, and the formats that hold them.

use engram_spec::Format;
use engram_spec::memnet::{Addressing, Tying, Weights};

use crate::design::Design;
use crate::examples::Examples;
use crate::network::{Network, Query, Workspace};
use crate::quantise::Formats;
use crate::tensors::Tensors;

/// The share of a tensor's values that its format holds; the few beyond it saturate, and all others are finer for it.
const HELD: f64 = 0.999;

/// Questions that are looked at.
const QUESTIONS: usize = 1000;

/// The magnitude that [`HELD`] of a tensor's values do not exceed.
fn held(values: &mut [f32]) -> f32 {
    if values.is_empty() {
        return 0.0;
    }
    values.iter_mut().for_each(|value| *value = value.abs());
    let place = ((values.len() - 1) as f64 * HELD).round() as usize;
    *values.select_nth_unstable_by(place, f32::total_cmp).1
}

/// The magnitudes of a network's values: what each of [`Formats`] has to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ranges {
    /// The magnitude of A.
    pub a: f32,
    /// The magnitude of B.
    pub b: f32,
    /// The magnitude of C.
    pub c: f32,
    /// The magnitude of W.
    pub w: f32,
    /// The magnitude of H.
    pub h: f32,
    /// The magnitude of m, with its age words.
    pub memory_a: f32,
    /// The magnitude of c, with its age words.
    pub memory_c: f32,
    /// The magnitude of u_0 to u_K.
    pub controller: f32,
    /// The mean magnitudes of A, B, C and H: the scales of binary weights.
    pub means: [f32; 4],
}

/// The mean magnitude of a tensor.
fn mean(values: &[f32]) -> f32 {
    values.iter().map(|value| value.abs()).sum::<f32>() / values.len().max(1) as f32
}

/// The format whose code 1 is nearest to a magnitude.
fn scale(magnitude: f32) -> Format {
    let fraction = (-magnitude.max(f32::MIN_POSITIVE).log2()).round().clamp(0.0, 7.0);
    Format::with_fraction(fraction as u32).unwrap_or(Format::holding(0.0))
}

impl Ranges {
    /// The ranges of a network of real numbers on some questions, a thousand at most.
    pub fn of(design: &Design, tensors: &Tensors<f32>, examples: &Examples) -> Ranges {
        let (network, mut work) = (Network::smooth(design), Workspace::new(&design.shape));
        let [mut memory_a, mut memory_c, mut controller] = [const { Vec::<f32>::new() }; 3];
        let every = examples.questions.len().div_ceil(QUESTIONS).max(1);
        for question in examples.questions.iter().step_by(every) {
            let sentences = examples.story(question, design.shape.slots);
            let ages: Vec<usize> = (0..sentences.len()).rev().collect();
            network.forward(tensors, &Query { sentences, ages: &ages, question: &question.words }, &mut work);
            memory_a.extend(work.aged(&design.shape, 0, sentences.len()));
            for memory in 1..design.shape.memories() {
                memory_c.extend(work.aged(&design.shape, memory, sentences.len()));
            }
            controller.extend(work.states());
        }
        let weights = |tensor: &Vec<f32>| held(&mut tensor.clone());
        Ranges {
            a: weights(&tensors.a),
            b: weights(&tensors.b),
            c: weights(&tensors.c),
            w: weights(&tensors.w),
            h: weights(&tensors.h),
            memory_a: held(&mut memory_a),
            memory_c: held(&mut memory_c),
            controller: held(&mut controller),
            means: [&tensors.a, &tensors.b, &tensors.c, &tensors.h].map(|tensor| mean(tensor)),
        }
    }

    /// The finest formats that hold these ranges, for a design. m and u of a bounded addressing keep the format that the
    /// design has: the similarity is relative to its range R, so another one would be another function.
    pub fn formats(&self, design: &Design) -> Formats {
        let (compared, tying) = (design.formats.memory_a, design.shape.tying);
        // With adjacent tying hops compare what others read: the memories have one format.
        let memory_a = if tying == Tying::Adjacent { self.memory_a.max(self.memory_c) } else { self.memory_a };
        let (memory_a, controller) = match design.addressing {
            Addressing::Dot => (Format::holding(memory_a), Format::holding(self.controller)),
            Addressing::Hamming | Addressing::Xnor | Addressing::Min => (compared, compared),
        };
        let [memory_c, w] = [self.memory_c, self.w].map(Format::holding);
        let [a, b, c, h] = match design.mode.weights() {
            Weights::Codes => [self.a, self.b, self.c, self.h].map(Format::holding),
            Weights::Signs => self.means.map(scale),
        };
        Formats { a, b, c, w, h, memory_a, memory_c, controller }.tied(tying)
    }
}
