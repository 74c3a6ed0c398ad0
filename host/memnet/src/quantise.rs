//! Number formats of a network's tensors, and quantisation as the training sees it: real numbers that lie on a format's grid.
//!
//! A code times 2^-f is exact in f32, and so are all sums of products that the hardware's accumulators hold (below 2^24).
//! So the training computes with grid values in f32 and still gets the integers' bits.

use engram_spec::Format;
use engram_spec::memnet::program::{ALIGN_MAX, POSITION_FRACTION, SHIFT_MAX};
use engram_spec::memnet::table::SCORE_FRACTION;
use engram_spec::memnet::{Addressing, Settings, Tying};
use serde::{Deserialize, Serialize};

use crate::design::WORD;
use crate::tensors::Tensors;

/// The largest shift of u to the left: with adjacent tying, where a code multiplies it.
const DIAGONAL_MAX: u8 = 6;

/// The format of every tensor of a network. The age words have those of the memories they are added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formats {
    /// The format of A.
    #[serde(with = "text")]
    pub a: Format,
    /// The format of B.
    #[serde(with = "text")]
    pub b: Format,
    /// The format of C.
    #[serde(with = "text")]
    pub c: Format,
    /// The format of W.
    #[serde(with = "text")]
    pub w: Format,
    /// The format of H.
    #[serde(with = "text")]
    pub h: Format,
    /// The format of m and T_A.
    #[serde(with = "text")]
    pub memory_a: Format,
    /// The format of c, T_C and o.
    #[serde(with = "text")]
    pub memory_c: Format,
    /// The format of u; that of m where addressing is bounded.
    #[serde(with = "text")]
    pub controller: Format,
}

impl Default for Formats {
    /// The formats of the default recipe: Q3.4 for C and c, Q2.5 for all else.
    fn default() -> Formats {
        let format = |fraction| Format::with_fraction(fraction).unwrap_or(Format::holding(1.0));
        let (fine, coarse) = (format(5), format(4));
        Formats { a: fine, b: fine, c: coarse, w: fine, h: fine, memory_a: fine, memory_c: coarse, controller: fine }
    }
}

/// Formats that no device can compute with.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FormatsError {
    /// A shift that follows from the formats is outside the hardware's range.
    #[error(
        "formats ask for a shift '{shift}' of {found}, expected 0 to {most}: choose formats closer to each other (the shift 'score' is -kappa where addressing is bounded)"
    )]
    Shift {
        /// The field of [`Settings`].
        shift: &'static str,
        /// The shift's value.
        found: i32,
        /// The most the hardware can do.
        most: i32,
    },
    /// Bounded addressing compares codes of different meaning.
    #[error("{addressing} addressing compares codes, found {memory} for m and {controller} for u, expected one format")]
    Compared {
        /// The addressing.
        addressing: Addressing,
        /// The format of m.
        memory: Format,
        /// The format of u.
        controller: Format,
    },
}

impl Formats {
    /// The settings of a program that follow from the formats, from kappa where addressing is bounded, and else from the power of
    /// two by which products are divided: the shifts.
    ///
    /// With adjacent tying u + o is shifted by the fraction bits that o has beyond u, so that its sum loses none.
    pub fn settings(
        &self,
        addressing: Addressing,
        kappa: i32,
        divided: u8,
        tying: Tying,
    ) -> Result<Settings, FormatsError> {
        if addressing != Addressing::Dot && self.memory_a != self.controller {
            let (memory, controller) = (self.memory_a, self.controller);
            return Err(FormatsError::Compared { addressing, memory, controller });
        }
        let fraction = |format: Format| format.fraction() as i32;
        let product = fraction(self.controller) + fraction(self.memory_a);
        let score = match addressing {
            Addressing::Dot => product - SCORE_FRACTION as i32 + i32::from(divided),
            Addressing::Hamming | Addressing::Xnor | Addressing::Min => -kappa,
        };
        let position = POSITION_FRACTION as i32;
        let limited = |shift, found: i32, most: u8| {
            let in_range = (0..=i32::from(most)).contains(&found);
            if in_range { Ok(found as u8) } else { Err(FormatsError::Shift { shift, found, most: most.into() }) }
        };
        let (controller, most) = match tying {
            Tying::LayerWise => (fraction(self.h), SHIFT_MAX),
            Tying::Adjacent => ((fraction(self.memory_c) - fraction(self.controller)).max(0), DIAGONAL_MAX),
        };
        let align = controller + fraction(self.controller) - fraction(self.memory_c);
        Ok(Settings {
            memory_a: limited("memory_a", position + fraction(self.a) - fraction(self.memory_a), SHIFT_MAX)?,
            memory_c: limited("memory_c", position + fraction(self.c) - fraction(self.memory_c), SHIFT_MAX)?,
            question: limited("question", position + fraction(self.b) - fraction(self.controller), SHIFT_MAX)?,
            score: limited("score", score, SHIFT_MAX)?,
            align: limited("align", align, ALIGN_MAX)?,
            controller: limited("controller", controller, most)?,
            ..Settings::default()
        })
    }

    /// The formats of a network whose hops share tensors so. With adjacent tying B has that of A and W that of C, all memories
    /// have that of m, and H's is of no account.
    pub fn tied(self, tying: Tying) -> Formats {
        match tying {
            Tying::LayerWise => self,
            Tying::Adjacent => {
                let Formats { a, c, memory_a, .. } = self;
                Formats { b: a, w: c, h: Format::holding(0.0), memory_c: memory_a, ..self }
            }
        }
    }

    /// The formats in the order of [`Tensors::each`].
    pub fn each(&self) -> [Format; 8] {
        [self.a, self.b, self.c, self.w, self.h, self.memory_a, self.memory_c, position_format()]
    }

    /// The codes nearest to real tensors.
    pub fn encode(&self, tensors: &Tensors<f32>) -> Tensors<i8> {
        tensors.convert(self.each(), |format, &value| format.encode(value))
    }

    /// The real numbers that codes stand for.
    pub fn decode(&self, tensors: &Tensors<i8>) -> Tensors<f32> {
        tensors.convert(self.each(), |format, &code| format.decode(code))
    }
}

/// The format of position weights, Q1.6.
pub fn position_format() -> Format {
    Format::with_fraction(POSITION_FRACTION).unwrap_or(Format::holding(1.0))
}

/// Rounds real numbers to a format's grid and saturates them, as storing a code does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantiser {
    units: f32,
    step: f32,
    limit: f32,
    /// The largest magnitude; a value that has it counts as saturated, and no gradient passes it.
    pub largest: f32,
}

/// Adding and subtracting 3 2^22 rounds |x| < 2^21 to the nearest integer, ties to even, in two vector instructions.
const ROUNDER: f32 = 12_582_912.0;

/// The nearest integer, ties to even, of |x| < 2^21. Never gives a negative zero.
#[inline(always)]
pub fn nearest(x: f32) -> f32 {
    (x + ROUNDER) - ROUNDER
}

impl Quantiser {
    /// The quantiser of a format's 8-bit codes.
    pub fn of(format: Format) -> Quantiser {
        Quantiser::graded(format, WORD, 0)
    }

    /// The quantiser of words of `bits` bits, 2 to 8, with the range of a format, and `grade` more fraction bits and fewer
    /// integer bits than it.
    pub fn graded(format: Format, bits: u32, grade: i32) -> Quantiser {
        let fraction = format.fraction() as i32 - (WORD - bits) as i32 + grade;
        let (step, limit) = ((-fraction as f32).exp2(), ((1 << (bits - 1)) - 1) as f32);
        Quantiser { units: 1.0 / step, step, limit, largest: limit * step }
    }

    /// The grid value nearest to `x`, ties to even, saturated.
    #[inline(always)]
    pub fn apply(&self, x: f32) -> f32 {
        // The limits are integers, so saturating first does not change the result, and keeps the rounding in its range.
        nearest((x * self.units).clamp(-self.limit, self.limit)) * self.step
    }

    /// The grid value next to `x` towards zero, saturated: conventional fixed point.
    #[inline(always)]
    pub fn truncate(&self, x: f32) -> f32 {
        ((x * self.units).clamp(-self.limit, self.limit) as i32) as f32 * self.step
    }

    /// The grid's step, 2^-f.
    pub fn step(&self) -> f32 {
        self.step
    }

    /// `x` limited to the largest magnitude; for sums of grid values, which need no rounding.
    #[inline(always)]
    pub fn saturate(&self, x: f32) -> f32 {
        x.clamp(-self.largest, self.largest)
    }

    /// Applies the quantiser to every value.
    #[inline(always)]
    pub fn apply_all(&self, values: &mut [f32]) {
        values.iter_mut().for_each(|value| *value = self.apply(*value));
    }
}

/// A serde form for types that print and parse, as formats do.
pub(crate) mod text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// Optional values as the text that they print and parse; for serde.
pub(crate) mod optional_text {
    use std::fmt::Display;
    use std::str::FromStr;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A quantiser on real numbers is the encoding and decoding of the format, which spec defines.
        #[test]
        fn quantisers_are_encoders(value in -300.0f32..300.0, fraction in 0u32..8) {
            let format = Format::with_fraction(fraction).unwrap();
            let quantised = Quantiser::of(format).apply(value);
            prop_assert_eq!(quantised, format.decode(format.encode(value)));
            prop_assert!(quantised != 0.0 || quantised.is_sign_positive());
        }
    }

    proptest! {
        /// Shorter words keep the range; the values of 8-bit words on their grid are their own.
        #[test]
        fn shorter_words_lose_the_last_bits(value in -300.0f32..300.0, fraction in 0u32..8, bits in 2u32..=8) {
            let format = Format::with_fraction(fraction).unwrap();
            let quantiser = Quantiser::graded(format, bits, 0);
            let short = quantiser.apply(value);
            prop_assert_eq!(Quantiser::of(format).apply(short), short);
            prop_assert_eq!(f32::from(format.encode(short)) % (1 << (8 - bits)) as f32, 0.0);
            prop_assert!((short - value).abs() <= quantiser.step() / 2.0 || short.abs() == quantiser.largest);
            let towards_zero = quantiser.truncate(value);
            prop_assert!(towards_zero.abs() <= value.abs() && quantiser.apply(towards_zero) == towards_zero);
            prop_assert!(value.abs() - towards_zero.abs() < quantiser.step() || towards_zero.abs() == quantiser.largest);
        }
    }

    #[test]
    fn formats_beyond_the_shifts_are_refused() {
        let format = |text: &str| text.parse::<Format>().unwrap();
        let q = format("Q2.5");
        let good = Formats { a: q, b: q, c: q, w: q, h: q, memory_a: q, memory_c: q, controller: q };
        let settings = good.settings(Addressing::Hamming, -3, 0, Tying::LayerWise).unwrap();
        assert_eq!((settings.memory_a, settings.score, settings.align, settings.controller), (6, 3, 5, 5));
        assert_eq!(good.settings(Addressing::Dot, -3, 0, Tying::LayerWise).unwrap().score, 3);
        let bad = Formats { memory_a: format("Q0.7"), ..good };
        assert!(matches!(
            bad.settings(Addressing::Hamming, -3, 0, Tying::LayerWise),
            Err(FormatsError::Compared { .. })
        ));
        let bad = Formats { h: format("Q7.0"), memory_c: format("Q0.7"), ..good };
        let error = bad.settings(Addressing::Dot, -3, 0, Tying::LayerWise).unwrap_err();
        assert_eq!(error, FormatsError::Shift { shift: "align", found: -2, most: 14 });
    }

    /// u + o 2^(f_u - f_o), rounded once: the shift is as small as it can be.
    #[test]
    fn adjacent_tying_loses_no_bit_of_the_sum() {
        let format = |text: &str| text.parse::<Format>().unwrap();
        let with = |u: &str, m: &str, addressing| {
            let formats = Formats { controller: format(u), memory_a: format(m), ..Formats::default() };
            formats.tied(Tying::Adjacent).settings(addressing, -1, 0, Tying::Adjacent)
        };
        let shifts = |settings: Result<Settings, FormatsError>| settings.map(|found| (found.controller, found.align));
        assert_eq!(shifts(with("Q2.5", "Q2.5", Addressing::Hamming)), Ok((0, 0)));
        assert_eq!(shifts(with("Q3.4", "Q1.6", Addressing::Dot)), Ok((2, 0)));
        assert_eq!(shifts(with("Q1.6", "Q3.4", Addressing::Dot)), Ok((0, 2)));
        let most = FormatsError::Shift { shift: "controller", found: 7, most: 6 };
        assert_eq!(shifts(with("Q7.0", "Q0.7", Addressing::Dot)), Err(most));
    }
}
