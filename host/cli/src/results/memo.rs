//! The campaign of fuzzy memoization: what thresholds that were found on training data save on test data, and what they cost.
//!
//! A [`Row`](row::Row) is a network: cells, how many, bits. Of each the [`scheme`]s are tuned and tested, with the data sets of
//! the crossbar LSTM and its recipes. The numbers come from the integer model's counters; energy is computed of them. [`prove`] has hardware count the same.

pub mod aggregate;
pub mod campaign;
pub mod document;
pub mod ledger;
pub mod marks;
pub mod picture;
pub mod plan;
pub mod proofs;
pub mod prove;
pub mod proved;
pub mod published;
pub mod row;
pub mod scheme;
pub mod work;
