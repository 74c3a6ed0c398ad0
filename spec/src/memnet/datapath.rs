//! The datapath: what a device's arithmetic is built for, chosen when it is built, so that a program must match it.

use std::fmt;
use std::str::FromStr;

use crate::format::CODE_MAX;
use crate::memnet::geometry::Region;
use crate::memnet::similarity::Addressing;

/// The kind of the weights A, B, C and H. W, the position weights and the age words are codes in either case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weights {
    /// 8-bit codes.
    #[default]
    Codes,
    /// -1, 0 or +1: embedding and controller add and subtract, and need no multiplier. What a sign is worth lies in the
    /// shifts, so the function computed is that of codes.
    Signs,
}

impl Weights {
    /// Both kinds.
    pub const ALL: [Weights; 2] = [Weights::Codes, Weights::Signs];

    /// The name on the command line and in model files.
    pub const fn name(self) -> &'static str {
        match self {
            Weights::Codes => "codes",
            Weights::Signs => "signs",
        }
    }

    /// The number in an identify reply.
    pub const fn id(self) -> u8 {
        match self {
            Weights::Codes => 0,
            Weights::Signs => 1,
        }
    }

    /// The kind with this number in an identify reply.
    pub fn from_id(id: u8) -> Option<Weights> {
        Weights::ALL.into_iter().find(|weights| weights.id() == id)
    }

    /// Whether a region holds signs.
    pub const fn is_signed(self, region: Region) -> bool {
        match (self, region) {
            (Weights::Signs, Region::Embedding(number)) => number < 3,
            (Weights::Signs, Region::H) => true,
            _ => false,
        }
    }

    /// The largest magnitude of a code in a region.
    pub const fn largest(self, region: Region) -> i8 {
        if self.is_signed(region) { 1 } else { CODE_MAX as i8 }
    }

    /// The weight that a device keeps of a byte that is loaded into a region. Of a sign, the highest bit says whether it
    /// is negative and the lowest whether it is not 0. No host sends the code -128; it counts as -127 here.
    ///
    /// ```
    /// use engram_spec::memnet::{Weights, geometry::Region};
    /// assert_eq!([0x00, 0x01, 0xff, 0x82].map(|byte| Weights::Signs.held(Region::A, byte)), [0, 1, -1, 0]);
    /// ```
    pub const fn held(self, region: Region, byte: u8) -> i8 {
        match (self.is_signed(region), byte as i8) {
            (true, code) if code & 1 == 0 => 0,
            (true, code) => code.signum(),
            (false, i8::MIN) => -(CODE_MAX as i8),
            (false, code) => code,
        }
    }
}

impl fmt::Display for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no kind of weights.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("'{0}' is no kind of weights: choose codes or signs")]
pub struct WeightsError(String);

impl FromStr for Weights {
    type Err = WeightsError;

    fn from_str(text: &str) -> Result<Weights, WeightsError> {
        let named = Weights::ALL.into_iter().find(|weights| weights.name() == text);
        named.ok_or_else(|| WeightsError(text.to_string()))
    }
}

/// How a device addresses its memory, and what its weights are. An addressing alone is one with codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Datapath {
    /// How a slot is compared with the controller's state.
    pub addressing: Addressing,
    /// The kind of A, B, C and H.
    pub weights: Weights,
}

impl Datapath {
    /// Every datapath.
    pub fn all() -> impl Iterator<Item = Datapath> {
        let with = |weights| Addressing::ALL.map(|addressing| Datapath { addressing, weights });
        Weights::ALL.into_iter().flat_map(with)
    }
}

impl From<Addressing> for Datapath {
    fn from(addressing: Addressing) -> Datapath {
        Datapath { addressing, weights: Weights::Codes }
    }
}

impl fmt::Display for Datapath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.weights {
            Weights::Codes => self.addressing.fmt(f),
            Weights::Signs => write!(f, "{}-{}", self.addressing, self.weights),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_distinct() {
        for weights in Weights::ALL {
            assert_eq!(weights.name().parse(), Ok(weights));
            assert_eq!(Weights::from_id(weights.id()), Some(weights));
        }
        assert!("ternary".parse::<Weights>().is_err());
        assert_eq!(Weights::from_id(2), None);
        let names: Vec<String> = Datapath::all().map(|datapath| datapath.to_string()).collect();
        assert_eq!(names, ["hamming", "xnor", "min", "dot", "hamming-signs", "xnor-signs", "min-signs", "dot-signs"]);
    }

    #[test]
    fn what_a_program_may_hold_is_held_as_it_is() {
        for weights in Weights::ALL {
            for region in Region::ALL {
                let most = weights.largest(region);
                assert!((-most..=most).all(|code| weights.held(region, code as u8) == code), "{weights} {region:?}");
                assert!((0..=255).all(|byte| (-most..=most).contains(&weights.held(region, byte))));
            }
        }
        assert_eq!((Weights::Signs.largest(Region::H), Weights::Signs.largest(Region::W)), (1, 127));
    }
}
