//! The campaign of the crossbar LSTM: every data set with a recipe, in the tables of bits, noise and tiles.
//!
//! A [`Row`](row::Row) says what is trained or measured: the float network, what is trained from it with codes, what is only
//! put into codes, and a trained network under noise. The [`plan`] crosses the rows of the tables with data [`set`]s and seeds. [`prove`] puts
//! the test sequences to the hardware.

pub mod aggregate;
pub mod campaign;
pub mod document;
pub mod efficiency;
pub mod ledger;
pub mod noise;
pub mod plan;
pub mod plots;
pub mod prove;
pub mod published;
pub mod row;
pub mod set;
pub mod verdict;
pub mod work;
