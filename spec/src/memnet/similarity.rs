//! The similarity of two 8-bit codes, by which a slot of the memory is addressed (Q-MANN, Park et al., AAAI 2018).
//!
//! Each function gives the contribution of one element; a slot's score is the exact sum over the elements. The sign of
//! a code is its sign bit, so that of 0 is positive.

use std::fmt;
use std::str::FromStr;

/// How a slot of the memory is compared with the controller's state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Addressing {
    /// Bounded: a signed L1 similarity. Needs no multiplier.
    #[default]
    Hamming,
    /// Bounded: matching magnitude bits, weighted by 2^k. Needs no multiplier.
    Xnor,
    /// Bounded: the smaller of the two magnitudes. Needs no multiplier.
    Min,
    /// Unbounded: the product, as in conventional memory networks.
    Dot,
}

impl Addressing {
    /// All ways of addressing.
    pub const ALL: [Addressing; 4] = [Addressing::Hamming, Addressing::Xnor, Addressing::Min, Addressing::Dot];

    /// The name on the command line and in model files.
    pub const fn name(self) -> &'static str {
        match self {
            Addressing::Hamming => "hamming",
            Addressing::Xnor => "xnor",
            Addressing::Min => "min",
            Addressing::Dot => "dot",
        }
    }

    /// The number in an identify reply.
    pub const fn id(self) -> u8 {
        match self {
            Addressing::Hamming => 0,
            Addressing::Xnor => 1,
            Addressing::Dot => 2,
            Addressing::Min => 3,
        }
    }

    /// The addressing with this number in an identify reply.
    pub fn from_id(id: u8) -> Option<Addressing> {
        Addressing::ALL.into_iter().find(|addressing| addressing.id() == id)
    }

    /// The contribution of one element: within ±127² for `dot`, within ±127 for all others.
    pub const fn element(self, a: i8, b: i8) -> i32 {
        match self {
            Addressing::Hamming => hamming(a, b),
            Addressing::Xnor => xnor(a, b),
            Addressing::Min => min(a, b),
            Addressing::Dot => a as i32 * b as i32,
        }
    }

    /// Whether two zeros are alike, 127, where a product is 0. The elements that pad a network are zeros.
    pub const fn is_one_of_zeros(self) -> bool {
        self.element(0, 0) != 0
    }

    /// The largest magnitude of one element's contribution.
    pub const fn bound(self) -> i32 {
        match self {
            Addressing::Hamming | Addressing::Xnor | Addressing::Min => 127,
            Addressing::Dot => 127 * 127,
        }
    }
}

impl fmt::Display for Addressing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no addressing.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is no addressing: choose hamming, xnor, min or dot")]
pub struct AddressingError(String);

impl FromStr for Addressing {
    type Err = AddressingError;

    fn from_str(text: &str) -> Result<Addressing, AddressingError> {
        let named = Addressing::ALL.into_iter().find(|addressing| addressing.name() == text);
        named.ok_or_else(|| AddressingError(text.to_string()))
    }
}

const fn signed_by(a: i8, b: i8, magnitude: i32) -> i32 {
    if (a < 0) == (b < 0) { magnitude } else { -magnitude }
}

/// sgn(a) sgn(b) (127 - min(|a - b|, 127)), in units of 2^-7: the paper's s(a, b) before its factor 2^kappa.
///
/// The paper's quantiser of |a - b| / 2^i holds seven bits, so the distance saturates at 127: opposite signs far apart
/// give 0, and the sum over E elements stays within ±127 E.
pub const fn hamming(a: i8, b: i8) -> i32 {
    let distance = (a as i32 - b as i32).abs();
    signed_by(a, b, 127 - if distance > 127 { 127 } else { distance })
}

/// sgn(a) sgn(b) sum_k 2^k XNOR(|a|_k, |b|_k) over the seven magnitude bits, in units of 2^-7.
pub const fn xnor(a: i8, b: i8) -> i32 {
    let differing = (a as i32).abs() ^ (b as i32).abs();
    signed_by(a, b, 127 - differing)
}

/// sgn(a) sgn(b) min(|a|, |b|), in units of 2^-7: of the product it keeps the sign and the growth with both magnitudes, and
/// where one of them is 0 it is 0.
pub const fn min(a: i8, b: i8) -> i32 {
    let (x, y) = ((a as i32).abs(), (b as i32).abs());
    signed_by(a, b, if x < y { x } else { y })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::graded_add;

    fn codes() -> impl Iterator<Item = (i8, i8)> {
        (-127..=127i8).flat_map(|a| (-127..=127i8).map(move |b| (a, b)))
    }

    #[test]
    fn every_similarity_is_symmetric_and_bounded() {
        for addressing in Addressing::ALL {
            for (a, b) in codes() {
                let s = addressing.element(a, b);
                assert_eq!(s, addressing.element(b, a));
                assert!(s.abs() <= addressing.bound(), "{addressing} {a} {b} {s}");
            }
        }
    }

    /// The formula of the paper's code, in real numbers: sgn sgn (1 - 2^-7 - floor7(|a - b| / 2^i)).
    #[test]
    fn hamming_is_the_formula_in_real_numbers() {
        for (a, b) in codes() {
            let sign = if (a < 0) == (b < 0) { 1.0 } else { -1.0 };
            let distance = (f64::from(a) - f64::from(b)).abs() / 128.0;
            let seven_bits = ((distance * 128.0).floor() / 128.0).min(127.0 / 128.0);
            let s = sign * (1.0 - 1.0 / 128.0 - seven_bits);
            assert_eq!(f64::from(hamming(a, b)), s * 128.0);
        }
    }

    /// The sum over the bits, bit by bit.
    #[test]
    fn xnor_is_the_weighted_sum_of_matching_bits() {
        for (a, b) in codes() {
            let (x, y) = (a.unsigned_abs(), b.unsigned_abs());
            let sum: i32 = (0..7).map(|k| if (x >> k) & 1 == (y >> k) & 1 { 1 << k } else { 0 }).sum();
            assert_eq!(xnor(a, b), signed_by(a, b, sum));
        }
    }

    /// min = (|a + b| - |a - b|) / 2, so it is continuous: a step of one code changes it by one at most, also through 0.
    #[test]
    fn min_is_half_of_what_sum_and_difference_differ_by() {
        for (a, b) in codes() {
            let (x, y) = (i32::from(a), i32::from(b));
            assert_eq!(2 * min(a, b), (x + y).abs() - (x - y).abs());
            assert!(a == 127 || (min(a + 1, b) - min(a, b)).abs() <= 1);
        }
    }

    /// Why networks are padded as they are: a pair of zeros adds the same number to the score of every slot, in every grade.
    #[test]
    fn a_pair_of_zeros_has_one_similarity() {
        for addressing in Addressing::ALL {
            let expected = if addressing.is_one_of_zeros() { 127 } else { 0 };
            for grade in -1..=1 {
                assert_eq!(addressing.element(0, graded_add(0, 0, grade)), expected);
            }
        }
    }

    #[test]
    fn names_and_numbers_are_distinct() {
        for addressing in Addressing::ALL {
            assert_eq!(addressing.name().parse(), Ok(addressing));
            assert_eq!(Addressing::from_id(addressing.id()), Some(addressing));
        }
        assert!("cosine".parse::<Addressing>().is_err());
        assert_eq!(Addressing::from_id(4), None);
    }
}
