//! The campaign of the crossbar network: every data set with a recipe, in the tables of bits, noise and tiles.
//!
//! A variant says what is trained or measured: the float network, what is trained from it with codes, what is only put into codes,
//! and a trained network under noise. The plan crosses the variants of the tables with data sets and seeds. Proofs put the test
//! sequences to the hardware.

pub(crate) mod aggregate;
mod campaign;
mod document;
mod efficiency;
mod finished;
mod noise;
pub(crate) mod plots;
mod prove;
mod variant;
mod verdict;
pub(crate) mod work;

pub use campaign::Crossbar;
