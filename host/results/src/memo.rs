//! The campaign of fuzzy memoization: what thresholds that were found on training data save on test data, and what they cost.
//!
//! A variant is a network: cells, how many, bits. Of each the schemes are tuned and tested, with the data sets of the crossbar network
//! and its recipes. The numbers come from the integer model's counters; energy is computed of them. Proofs have hardware count the
//! same.

mod aggregate;
mod campaign;
mod document;
mod finished;
mod marks;
mod picture;
mod proofs;
mod prove;
mod scheme;
mod variant;
mod work;

pub use campaign::Memo;
