//! The converters at the crossbar's edges: DAC codes on its rows, ADC codes of its column sums, and the noise of a read.

use crate::crossbar::program::GateSettings;
use crate::format::round_shift;

/// The largest code of so many bits, L = 2^(bits - 1) - 1: codes are -L..=L. One bit has the codes -1 and 1.
///
/// ```
/// assert_eq!([1, 2, 4, 8].map(engram_spec::crossbar::levels), [1, 1, 7, 127]);
/// ```
pub const fn levels(bits: u8) -> i32 {
    if bits <= 1 { 1 } else { (1 << (bits - 1)) - 1 }
}

/// `value` as a code of so many bits: limited to ±L, or of one bit its sign, that of 0 being 1.
pub const fn code(value: i64, bits: u8) -> i8 {
    let most = levels(bits) as i64;
    match (bits, value) {
        (1, value) => {
            if value < 0 {
                -1
            } else {
                1
            }
        }
        (_, value) if value > most => most as i8,
        (_, value) if value < -most => -most as i8,
        (_, value) => value as i8,
    }
}

/// The DAC code of a real input in [-1, 1]: the nearest, ties to even, limited to ±L; of one bit the sign. NaN gives 0.
pub fn dac(value: f32, bits: u8) -> i8 {
    if value.is_nan() {
        return 0;
    }
    match bits {
        1 => code(if value < 0.0 { -1 } else { 1 }, 1),
        _ => code((f64::from(value) * f64::from(levels(bits))).round_ties_even() as i64, bits),
    }
}

/// The code that a converter of `bits` (1 to 8) gives for a tile's column sum under read noise ([`Noise::draw`]):
/// round((S m + N) / 2^s), limited to ±L. One bit is a comparator: the sign of S m + N, before it is rounded.
pub const fn convert(sum: i32, gate: &GateSettings, noise: i32, bits: u8) -> i8 {
    let scaled = sum as i64 * gate.mantissa as i64 + noise as i64;
    match bits {
        1 => code(scaled, 1),
        _ => code(round_shift(scaled, gate.shift as u32), bits),
    }
}

/// The read noise of the converters: xorshift32 (13, 17, 5), advanced once a conversion whether noise is wanted or not.
///
/// A conversion's noise is the sum of the new state's four bytes, less its mean 510, times the gate's factor over 256. The
/// byte sum has a deviation of 147.8, so noise of deviation s steps of a converter needs the factor
/// 256 s 2^shift / 147.8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    state: u32,
}

impl Noise {
    /// The generator at the start of a sequence. From seed 0 it never leaves 0, and every conversion has the same noise.
    pub const fn new(seed: u32) -> Noise {
        Noise { state: seed }
    }

    /// The sum of the next state's bytes less its mean: -510..=510.
    pub const fn advance(&mut self) -> i32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        let [b0, b1, b2, b3] = self.state.to_le_bytes();
        b0 as i32 + b1 as i32 + b2 as i32 + b3 as i32 - 510
    }

    /// The noise N of the next conversion, in units of S m, for a gate's noise factor: towards minus infinity.
    pub const fn draw(&mut self, factor: u16) -> i32 {
        (self.advance() * factor as i32) >> 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATE: GateSettings = GateSettings { mantissa: 3, shift: 4, noise: 0, scale: 0 };

    #[test]
    fn codes_are_limited_and_one_bit_is_the_sign() {
        assert_eq!([-300, -8, -7, 0, 7, 8].map(|value| code(value, 4)), [-7, -7, -7, 0, 7, 7]);
        assert_eq!([-2, 0, 2].map(|value| code(value, 1)), [-1, 1, 1]);
        assert_eq!([-2, 0, 2].map(|value| code(value, 2)), [-1, 0, 1]);
        assert_eq!([-128, 128].map(|value| code(value, 8)), [-127, 127]);
    }

    #[test]
    fn real_inputs_become_the_nearest_code() {
        assert_eq!([-1.5, -0.5, 0.0, 0.5, 1.0].map(|value| dac(value, 4)), [-7, -4, 0, 4, 7]);
        assert_eq!([-0.1, 0.0, -0.0, 0.1, f32::NAN].map(|value| dac(value, 1)), [-1, 1, 1, 1, 0]);
    }

    #[test]
    fn conversions_round_to_even_and_one_bit_compares() {
        // 3 S / 16: 8 gives 1.5, 24 gives 4.5.
        assert_eq!([8, 24, -8, 100].map(|sum| convert(sum, &GATE, 0, 4)), [2, 4, -2, 7]);
        assert_eq!([-1, 0].map(|sum| convert(sum, &GATE, 0, 1)), [-1, 1]);
        assert_eq!([2, 3].map(|noise| convert(-1, &GATE, noise, 1)), [-1, 1]);
    }

    #[test]
    fn noise_is_that_of_xorshift_with_the_deviation_that_is_said() {
        // Marsaglia, Xorshift RNGs (2003): from 2463534242 the first state is 723471715.
        let mut noise = Noise::new(2_463_534_242);
        noise.advance();
        assert_eq!(noise.state, 723_471_715);
        let draws: Vec<f64> = (0..100_000).map(|_| f64::from(noise.draw(256))).collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let deviation = (draws.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / 1e5).sqrt();
        assert!(mean.abs() < 2.0 && (deviation - 147.8).abs() < 1.0, "{mean} {deviation}");
        assert!((0..100_000).all(|_| noise.draw(0) == 0));
        // The extremes, and the rounding towards minus infinity.
        assert_eq!(Noise::new(0).draw(u16::MAX), (-510 * 65535) >> 8);
    }
}
