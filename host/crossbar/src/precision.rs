//! The bits of a quantity: k-bit codes, signs, or real numbers.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// The most bits of a code.
pub const BITS_MAX: u8 = 8;

/// The precision of weights or of a converter, written as a number of bits or as `float`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// Codes of 1 to 8 bits: -L..L with L = 2^(k-1) - 1, for one bit -1 and +1.
    Bits(u8),
    /// Real numbers.
    #[default]
    Float,
}

impl Precision {
    /// The largest code L; `None` for real numbers.
    pub fn levels(self) -> Option<i32> {
        match self {
            Precision::Float => None,
            Precision::Bits(0 | 1) => Some(1),
            Precision::Bits(bits) => Some((1 << (bits - 1)) - 1),
        }
    }

    /// L as a factor: 1 for real numbers.
    pub(crate) fn scale(self) -> f32 {
        self.levels().map_or(1.0, |levels| levels as f32)
    }

    /// The bits; `None` for real numbers.
    pub fn bits(self) -> Option<u8> {
        match self {
            Precision::Bits(bits) => Some(bits),
            Precision::Float => None,
        }
    }

    /// The code nearest to a number that is given in steps: ties to even, clipped to -L..L; the sign (0 gives 1) for one
    /// bit; the number itself where it is real.
    #[inline(always)]
    pub(crate) fn code(self, steps: f32) -> f32 {
        match self {
            Precision::Float => steps,
            Precision::Bits(0 | 1) => sign(steps),
            Precision::Bits(_) => {
                let most = self.scale();
                steps.round_ties_even().clamp(-most, most)
            }
        }
    }
}

/// 1 or -1; 1 for 0.
#[inline(always)]
pub(crate) fn sign(x: f32) -> f32 {
    if x >= 0.0 { 1.0 } else { -1.0 }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Precision::Bits(bits) => write!(f, "{bits}"),
            Precision::Float => write!(f, "float"),
        }
    }
}

impl std::str::FromStr for Precision {
    type Err = String;

    fn from_str(text: &str) -> Result<Precision, String> {
        match (text, text.parse()) {
            ("float", _) => Ok(Precision::Float),
            (_, Ok(bits @ 1..=BITS_MAX)) => Ok(Precision::Bits(bits)),
            _ => Err(format!("found precision '{text}', expected 1 to {BITS_MAX} bits, or float")),
        }
    }
}

impl Serialize for Precision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Precision::Bits(bits) => serializer.serialize_u8(*bits),
            Precision::Float => serializer.serialize_str("float"),
        }
    }
}

impl<'de> Deserialize<'de> for Precision {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Precision, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Bits(i64),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Bits(bits) => bits.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_nearest_clipped_and_symmetric() {
        let codes = |precision: Precision| [-9.0, -2.5, -0.4, 0.0, 0.5, 1.5, 9.0].map(|x| precision.code(x));
        assert_eq!(codes(Precision::Bits(4)), [-7.0, -2.0, 0.0, 0.0, 0.0, 2.0, 7.0]);
        assert_eq!(codes(Precision::Bits(2)), [-1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
        assert_eq!(codes(Precision::Bits(1)), [-1.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0]);
        assert_eq!(codes(Precision::Float), [-9.0, -2.5, -0.4, 0.0, 0.5, 1.5, 9.0]);
        assert_eq!((Precision::Bits(8).levels(), Precision::Float.levels()), (Some(127), None));
    }

    #[test]
    fn precisions_are_written_as_bits_or_float() {
        let read = |text: &str| serde_json::from_str::<Precision>(text);
        assert_eq!(read("4").unwrap(), Precision::Bits(4));
        assert_eq!(read("\"float\"").unwrap(), Precision::Float);
        assert!(read("0").is_err() && read("9").is_err() && read("\"real\"").is_err() && read("-1").is_err());
        assert_eq!(serde_json::to_string(&[Precision::Bits(1), Precision::Float]).unwrap(), "[1,\"float\"]");
    }
}
