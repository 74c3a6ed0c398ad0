//! Fixed-point formats chosen at run time, and the one definition each of rounding and saturation.
//!
//! A value is stored as an 8-bit two's complement *code*; a [`Format`] Q(i.f) with one sign bit, i integer and f fraction
//! bits, i + f = 7, says what it means: value = code / 2^f. Codes are symmetric: they saturate at ±127, and -128 never
//! occurs (so a code always has a magnitude of 7 bits, which the `xnor` similarity needs). Products and sums are exact in
//! wide accumulators; only storing a value rounds, once, to the nearest code with ties to even, and saturates.

use std::fmt;
use std::str::FromStr;

/// The largest magnitude of a code.
pub const CODE_MAX: i32 = 127;

/// Magnitude bits of a code (its width is one more, for the sign).
pub const MAGNITUDE_BITS: u32 = 7;

/// The fixed-point format Q(i.f) of a tensor: code / 2^f, with i + f = 7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Format {
    fraction: u8,
}

impl Format {
    /// The format with `fraction` fraction bits and 7 - `fraction` integer bits; `None` above 7.
    pub const fn with_fraction(fraction: u32) -> Option<Format> {
        if fraction <= MAGNITUDE_BITS { Some(Format { fraction: fraction as u8 }) } else { None }
    }

    /// The format with the most fraction bits whose range still holds ±`magnitude` (Q7.0 when none does).
    ///
    /// ```
    /// use engram_spec::Format;
    /// assert_eq!(Format::holding(0.9).to_string(), "Q0.7");
    /// assert_eq!(Format::holding(3.5).to_string(), "Q2.5");
    /// ```
    pub fn holding(magnitude: f32) -> Format {
        (0..=MAGNITUDE_BITS)
            .rev()
            .filter_map(Format::with_fraction)
            .find(|format| magnitude <= format.largest())
            .unwrap_or(Format { fraction: 0 })
    }

    /// Fraction bits f.
    pub const fn fraction(self) -> u32 {
        self.fraction as u32
    }

    /// Integer bits i = 7 - f.
    pub const fn integer(self) -> u32 {
        MAGNITUDE_BITS - self.fraction as u32
    }

    /// The real value of one unit of the code, 2^-f.
    pub fn step(self) -> f32 {
        (-(self.fraction as f32)).exp2()
    }

    /// The largest real value, 127 / 2^f.
    pub fn largest(self) -> f32 {
        CODE_MAX as f32 * self.step()
    }

    /// The code nearest to a real value, ties to even, saturated at ±127. NaN gives 0.
    pub fn encode(self, value: f32) -> i8 {
        // Scaling by a power of two is exact, so this is the only rounding.
        let scaled = value * (self.fraction as f32).exp2();
        scaled.round_ties_even().clamp(-(CODE_MAX as f32), CODE_MAX as f32) as i8
    }

    /// The real value of a code. Exact.
    pub fn decode(self, code: i8) -> f32 {
        f32::from(code) * self.step()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Q{}.{}", self.integer(), self.fraction())
    }
}

/// A text that is no format.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is no format: write Qi.f with i + f = 7, as in Q2.5")]
pub struct FormatError(String);

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(text: &str) -> Result<Format, FormatError> {
        let parts = text.strip_prefix('Q').and_then(|rest| rest.split_once('.'));
        let bits = parts.and_then(|(i, f)| Some((i.parse::<u32>().ok()?, f.parse::<u32>().ok()?)));
        match bits {
            Some((i, f)) if i.checked_add(f) == Some(MAGNITUDE_BITS) => Ok(Format { fraction: f as u8 }),
            _ => Err(FormatError(text.to_string())),
        }
    }
}

/// `value` / 2^`shift`, rounded to the nearest integer, ties to even. `shift` is at most 62.
///
/// ```
/// use engram_spec::format::round_shift;
/// assert_eq!([5, 6, 7, 10, -6, -10].map(|x| round_shift(x, 2)), [1, 2, 2, 2, -2, -2]);
/// ```
pub const fn round_shift(value: i64, shift: u32) -> i64 {
    if shift == 0 {
        return value;
    }
    let floor = value >> shift;
    let rest = value - (floor << shift);
    let half = 1i64 << (shift - 1);
    if rest > half || (rest == half && floor & 1 == 1) { floor + 1 } else { floor }
}

/// `value` limited to a code, ±127.
pub const fn saturate(value: i64) -> i8 {
    if value > CODE_MAX as i64 {
        CODE_MAX as i8
    } else if value < -(CODE_MAX as i64) {
        -(CODE_MAX as i8)
    } else {
        value as i8
    }
}

/// Stores an exact accumulator as a code: one nearest-even rounding, then one saturation.
pub const fn requantise(accumulator: i64, shift: u32) -> i8 {
    saturate(round_shift(accumulator, shift))
}

/// The sum of two codes of one format, saturated. No rounding.
pub const fn saturating_add(a: i8, b: i8) -> i8 {
    graded_add(a, b, 0)
}

/// The sum of two codes of one format as a code with `grade` more fraction bits: -1 (rounded, to nearest-even), 0 or 1
/// (both saturated).
///
/// ```
/// use engram_spec::format::graded_add;
/// assert_eq!([-1, 0, 1].map(|grade| graded_add(100, 51, grade)), [76, 127, 127]);
/// assert_eq!([-1, 0, 1].map(|grade| graded_add(20, -53, grade)), [-16, -33, -66]);
/// ```
pub const fn graded_add(a: i8, b: i8, grade: i32) -> i8 {
    let sum = a as i64 + b as i64;
    if grade < 0 { requantise(sum, 1) } else { saturate(sum << grade) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixed::types::extra::{U0, U5, U13};
    use fixed::{FixedI8, FixedI32, FixedI64};
    use proptest::prelude::*;

    #[test]
    fn formats_print_and_parse() {
        for f in 0..=7 {
            let format = Format::with_fraction(f).unwrap();
            assert_eq!(format.to_string().parse(), Ok(format));
            assert_eq!(format.integer() + format.fraction(), 7);
        }
        assert_eq!(Format::with_fraction(8), None);
        for wrong in ["", "Q", "Q2", "2.5", "Q2.6", "Q-1.8", "Q99999999999.1", "Q4294967295.8"] {
            assert!(wrong.parse::<Format>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_code_survives_decoding_and_encoding() {
        for f in 0..=7 {
            let format = Format::with_fraction(f).unwrap();
            for code in -127..=127i8 {
                assert_eq!(format.encode(format.decode(code)), code);
            }
        }
    }

    proptest! {
        /// `fixed` is the oracle for rounding: nearest, ties to even, through its own narrowing.
        #[test]
        fn rounding_is_that_of_fixed(value in -(1i64 << 45)..(1i64 << 45)) {
            let oracle = FixedI64::<U13>::from_bits(value).round_ties_even();
            prop_assert_eq!(round_shift(value, 13), oracle.to_num::<i64>());
        }

        /// Encoding a real number is `fixed`'s conversion from float, but for the code -128.
        #[test]
        fn encoding_is_that_of_fixed(value in -6.0f32..6.0) {
            let oracle = FixedI8::<U5>::saturating_from_num(value).to_bits().max(-127);
            prop_assert_eq!(Format::with_fraction(5).unwrap().encode(value), oracle);
        }

        /// A dot product in a wide accumulator, stored once, against exact arithmetic in `fixed`.
        #[test]
        fn wide_accumulation_is_that_of_fixed(pairs in prop::collection::vec((-127i8..=127, -127i8..=127), 1..64)) {
            let ours: i64 = pairs.iter().map(|&(a, b)| i64::from(a) * i64::from(b)).sum();
            let exact = pairs.iter().fold(FixedI32::<U0>::ZERO, |sum, &(a, b)| {
                sum + FixedI32::<U0>::from_num(i32::from(a) * i32::from(b))
            });
            // Q2.5 times Q2.5 has ten fraction bits; stored as Q2.5 it loses five.
            let wide = FixedI64::<U5>::from_bits(exact.to_num::<i64>());
            let stored = wide.round_ties_even().to_num::<i64>().clamp(-127, 127);
            prop_assert_eq!(i64::from(requantise(ours, 5)), stored);
        }

        /// The bounds of the error: half a step when in range.
        #[test]
        fn encoding_errs_by_half_a_step_at_most(value in -3.9f32..3.9) {
            let format = Format::with_fraction(5).unwrap();
            prop_assert!((format.decode(format.encode(value)) - value).abs() <= format.step() / 2.0);
        }
    }
}
