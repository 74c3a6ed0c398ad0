//! Ranges found from data: those of codes for which the squared error of rounding is least.

use engram_learn::for_processor;

use crate::cell::reads;
use crate::design::{Converter, Design};
use crate::precision::Precision;
use crate::tensors::{GATES, Tensors};

/// Candidates of a range: each is this much smaller than the one before.
const RATIO: f32 = 0.917_004; // 2^(-1/8)

/// The number of candidates: down to 1/64 of the largest magnitude.
const CANDIDATES: usize = 48;

/// The most numbers that a range is chosen by.
const SAMPLE: usize = 4096;

/// The step of codes that represents numbers with the least squared error, that of noise of so many steps included; `None`
/// for real numbers, and where there is nothing but zeros. The more noise, the smaller the step: more is clipped, but noise,
/// which grows with the step, is less.
pub(crate) fn best_step(numbers: &[f32], precision: Precision, noise: f64) -> Option<f32> {
    let every = numbers.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<f32> = numbers.iter().copied().step_by(every).collect();
    let largest = sample.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    if precision == Precision::Float || largest <= 0.0 || !largest.is_finite() {
        return None;
    }
    let steps = (0..CANDIDATES).map(|place| largest * RATIO.powi(place as i32) / precision.scale());
    let noise = noise as f32 * noise as f32 * sample.len() as f32;
    let errors = steps.map(|step| (squared_error(&sample, step, precision) + noise * step * step, step));
    errors.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, step)| step)
}

for_processor! {
    /// The squared error of numbers as codes of a step, in 16 sums side by side.
    fn squared_error(numbers: &[f32], step: f32, precision: Precision) -> f32 {
        let mut sums = [0.0f32; 16];
        for block in numbers.chunks(16) {
            for (sum, x) in sums.iter_mut().zip(block) {
                let error = x - step * precision.code(x / step);
                *sum += error * error;
            }
        }
        sums.iter().sum()
    }
}

/// Finds the ranges of a design's weights, for those of the crossbar with noise of a deviation as a share of the range.
pub(crate) fn weights(design: &mut Design, tensors: &Tensors, noise: f64) {
    let precision = design.precisions.weights;
    for gate in 0..GATES {
        let numbers = of_gate(design, tensors, gate);
        let largest = numbers.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        design.ranges[gate] = best_step(&numbers, precision, noise * f64::from(precision.scale()))
            .map_or(largest, |step| step * precision.scale())
            .max(f32::MIN_POSITIVE);
    }
    if let Some(step) = best_step(&tensors.out, precision, 0.0) {
        design.readout_range = step * precision.scale();
    }
}

/// The coarsest step of which all numbers are multiples within the codes; `None` where there is none, or nothing but zeros.
fn grid(numbers: &[f32], precision: Precision) -> Option<f32> {
    let largest = numbers.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let levels = precision.levels().filter(|_| largest > 0.0 && largest.is_finite())?;
    let is_multiple = |x: &f32, step: f32| {
        let steps = x / step;
        (steps - precision.code(steps)).abs() < 1e-3
    };
    let steps = (1..=levels).map(|most| largest / most as f32);
    steps.into_iter().find(|&step| numbers.iter().all(|x| is_multiple(x, step)))
}

/// The weights of a gate that its columns read.
fn of_gate(design: &Design, tensors: &Tensors, gate: usize) -> Vec<f32> {
    let rows = tensors.w.chunks_exact(design.shape.hidden).skip(gate).step_by(GATES).enumerate();
    let read = rows.filter(|(row, _)| reads(design.cell, &design.shape, gate, *row));
    read.flat_map(|(_, block)| block).copied().collect()
}

/// The gates, and the readout, whose weights are codes as they are: all multiples of a step. They keep them whatever the squared error of
/// other ranges: the design gets the ranges of these steps.
pub(crate) fn keep_codes(design: &mut Design, tensors: &Tensors) -> Kept {
    let precision = design.precisions.weights;
    let mut kept = Kept::default();
    for gate in 0..GATES {
        if let Some(step) = grid(&of_gate(design, tensors, gate), precision) {
            (design.ranges[gate], kept.gates[gate]) = (step * precision.scale(), true);
        }
    }
    if let Some(step) = grid(&tensors.out, precision) {
        (design.readout_range, kept.readout) = (step * precision.scale(), true);
    }
    kept
}

/// The parts of a network whose weights are codes as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) gates: [bool; GATES],
    pub(crate) readout: bool,
}

/// Finds the gains of a design's converters from the sums of its gates' columns, with noise of so many steps.
pub(crate) fn converters(design: &mut Design, sums: &[Vec<f32>; GATES], noise: f64) {
    for (converter, sums) in design.converters.iter_mut().zip(sums) {
        if let Some(step) = best_step(sums, design.precisions.adc, noise) {
            *converter = Converter::nearest(1.0 / step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_step_is_better_than_those_beside_it() {
        let numbers: Vec<f32> = (0..4000).map(|n| ((n as f32) * 0.37).sin().powi(3) * 5.0).collect();
        for bits in 1..=8 {
            let precision = Precision::Bits(bits);
            let error =
                |step: f32| -> f32 { numbers.iter().map(|x| (x - step * precision.code(x / step)).powi(2)).sum() };
            let best = best_step(&numbers, precision, 0.0).unwrap();
            assert!(error(best) < error(best * 1.5) && error(best) < error(best / 1.5), "{bits} bits: {best}");
        }
        let [quiet, noisy] = [0.0, 1.0].map(|noise| best_step(&numbers, Precision::Bits(4), noise).unwrap());
        assert!(noisy < 0.9 * quiet, "{noisy} with noise, {quiet} without");
        assert_eq!(best_step(&[0.0; 3], Precision::Bits(4), 0.0), None);
        assert_eq!(best_step(&numbers, Precision::Float, 0.0), None);
    }

    #[test]
    fn numbers_that_are_codes_are_known_by_their_step() {
        let codes = |step: f32, codes: &[i32]| codes.iter().map(|&code| code as f32 * step).collect::<Vec<f32>>();
        let found = |numbers: &[f32], bits| grid(numbers, Precision::Bits(bits));
        for step in [0.031, 0.7, 1.3e-4] {
            let numbers = codes(step, &[-7, 0, 3, 1, 5]);
            let same = |found: Option<f32>| (found.unwrap() / step - 1.0).abs() < 1e-5;
            assert!(same(found(&numbers, 4)) && same(found(&numbers, 8)));
            assert_eq!(found(&numbers, 3), None, "codes up to 3");
            // The largest code need not be there.
            assert!(same(found(&codes(step, &[5, 3, -2]), 4)));
            assert!(same(found(&codes(step, &[-127, 3, 64]), 8)));
        }
        assert_eq!(found(&[0.5, 0.5, -0.5], 1), Some(0.5));
        assert_eq!(found(&[0.5, 0.3111, -0.2273], 4), None);
        assert_eq!(found(&[0.0; 4], 4), None);
        assert_eq!(grid(&[0.5, 0.25], Precision::Float), None);
    }
}
