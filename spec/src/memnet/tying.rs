//! The tensors that the hops of a memory network share (MemN2N, Sukhbaatar et al., NIPS 2015, section 2.2).

use std::fmt;
use std::str::FromStr;

use crate::memnet::program::HOPS_MAX;

/// The most memories of a network: K + 1 of adjacent tying with four hops.
pub const MEMORIES_MAX: usize = 5;

/// The tensors that hops share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tying {
    /// Every hop addresses one memory, of A, and reads another, of C: u_(k+1) = H u_k + o_k.
    #[default]
    LayerWise,
    /// K hops have K + 1 memories, of E_0 to E_K: hop k addresses the k-th and reads the next. B is E_0, W is E_K, and there is
    /// no H: u_(k+1) = u_k + o_k.
    Adjacent,
}

impl Tying {
    /// All tyings.
    pub const ALL: [Tying; 2] = [Tying::LayerWise, Tying::Adjacent];

    /// The name on the command line, in recipes and in model files.
    pub const fn name(self) -> &'static str {
        match self {
            Tying::LayerWise => "layer-wise",
            Tying::Adjacent => "adjacent",
        }
    }

    /// Whether this is the tying of files that name none.
    pub fn is_layer_wise(&self) -> bool {
        *self == Tying::LayerWise
    }

    /// The number of memories of a network of `hops` hops, each with words and age words of its own.
    pub const fn memories(self, hops: usize) -> usize {
        match self {
            Tying::LayerWise => 2,
            Tying::Adjacent => hops + 1,
        }
    }

    /// The most hops that a device can do.
    pub const fn most_hops(self) -> u8 {
        match self {
            Tying::LayerWise => HOPS_MAX,
            Tying::Adjacent => MEMORIES_MAX as u8 - 1,
        }
    }

    /// The memory that a hop addresses.
    pub const fn addressed(self, hop: usize) -> usize {
        match self {
            Tying::LayerWise => 0,
            Tying::Adjacent => hop,
        }
    }

    /// The memory that a hop reads.
    pub const fn read(self, hop: usize) -> usize {
        self.addressed(hop) + 1
    }

    /// The embedding of a memory's words, by its number on a device: 0 is A, 1 is B, 2 is C and 3 is W, or E_0 to E_K.
    pub const fn embedding(self, memory: usize) -> usize {
        match self {
            Tying::LayerWise => 2 * memory,
            Tying::Adjacent => memory,
        }
    }

    /// The embedding of a question's words.
    pub const fn question(self) -> usize {
        match self {
            Tying::LayerWise => 1,
            Tying::Adjacent => 0,
        }
    }

    /// The embedding that weighs the answers of a network of `hops` hops.
    pub const fn answer(self, hops: usize) -> usize {
        match self {
            Tying::LayerWise => 3,
            Tying::Adjacent => hops,
        }
    }
}

impl fmt::Display for Tying {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no tying.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("found tying '{0}', expected layer-wise or adjacent")]
pub struct TyingError(String);

impl FromStr for Tying {
    type Err = TyingError;

    fn from_str(text: &str) -> Result<Tying, TyingError> {
        let named = Tying::ALL.into_iter().find(|tying| tying.name() == text);
        named.ok_or_else(|| TyingError(text.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_tyings() {
        assert!(Tying::ALL.into_iter().all(|tying| tying.name().parse() == Ok(tying)));
        assert!("random".parse::<Tying>().is_err());
    }

    #[test]
    fn what_a_hop_reads_the_next_one_addresses() {
        for hop in 0..4 {
            assert_eq!(Tying::Adjacent.read(hop), Tying::Adjacent.addressed(hop + 1));
            assert_eq!((Tying::LayerWise.addressed(hop), Tying::LayerWise.read(hop)), (0, 1));
        }
        assert_eq!(Tying::Adjacent.memories(4), MEMORIES_MAX);
        let layer_wise = [Tying::LayerWise.embedding(0), Tying::LayerWise.question(), Tying::LayerWise.embedding(1)];
        assert_eq!((layer_wise, Tying::LayerWise.answer(3)), ([0, 1, 2], 3));
    }
}
