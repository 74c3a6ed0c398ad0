//! Noise for training: many numbers of a nearly normal distribution, from a seed.

use engram_learn::for_processor;

/// Generators side by side.
const LANES: usize = 16;

/// The standard deviation of the sum of four evenly distributed bytes.
const DEVIATION: f32 = 147.800_31;

/// A source of numbers of mean 0 and deviation 1: the sums of a xorshift generator's four bytes (Marsaglia, 2003), as the
/// device makes its read noise.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    states: [u32; LANES],
}

impl Source {
    /// A source that starts from a seed.
    pub(crate) fn new(seed: u64) -> Source {
        let mut mixed = seed;
        let states = std::array::from_fn(|_| {
            // splitmix64 (Steele et al., OOPSLA 2014), so that near seeds give unlike states.
            mixed = mixed.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) as u32).max(1)
        });
        Source { states }
    }

    /// Adds noise of a deviation to every number.
    #[inline(always)]
    pub(crate) fn add(&mut self, numbers: &mut [f32], deviation: f32) {
        let factor = deviation / DEVIATION;
        for block in numbers.chunks_mut(LANES) {
            let mut drawn = [0.0; LANES];
            for (state, drawn) in self.states.iter_mut().zip(&mut drawn) {
                let mut x = *state;
                x ^= x << 13;
                x ^= x >> 17;
                x ^= x << 5;
                *state = x;
                let pairs = (x & 0x00ff_00ff) + (x >> 8 & 0x00ff_00ff);
                *drawn = ((pairs & 0xffff) + (pairs >> 16)) as i32 as f32 - 510.0;
            }
            for (number, drawn) in block.iter_mut().zip(&drawn) {
                *number += factor * drawn;
            }
        }
    }
}

for_processor! {
    /// Adds noise of a deviation to every number.
    pub(crate) fn add_noise(source: &mut Source, numbers: &mut [f32], deviation: f32) {
        source.add(numbers, deviation);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_has_the_mean_and_deviation_asked_for_and_repeats() {
        let draw = |seed| {
            let mut numbers = vec![0.0; 100_000];
            Source::new(seed).add(&mut numbers, 2.0);
            numbers
        };
        let numbers = draw(1);
        let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
        let square = numbers.iter().map(|x| x * x).sum::<f32>() / numbers.len() as f32;
        assert!(mean.abs() < 0.03 && (square.sqrt() - 2.0).abs() < 0.03, "mean {mean}, square {square}");
        assert!(numbers == draw(1) && numbers != draw(2));
    }
}
