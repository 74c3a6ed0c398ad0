//! The crossbar of LSTMs and GRUs in hardware, a file a block.
//!
//! P lanes lie along the rows of a column: lane j holds rows j, j + P, .. of the row vector and of every column's weights.
//! Columns follow one another, a word of P rows a cycle; every stage behind the lanes takes one value a cycle, so that nothing
//! but the words decides how long a step takes. [`engram_spec::crossbar`] is the function that all of it computes.
//!
//! From the bottom up: memories ([`weight_store`], [`gate_settings`]), arithmetic ([`row_product`], [`tile_sum`], [`read_noise`],
//! [`converter`], [`column_sum`], [`cell_update`], [`cell_output`], [`logit`]), a [`lane`] and a [`cell`], the walk over the columns
//! ([`extents`], [`walk`], [`sequencer`]), the [`loader`] of programs, memoization where a device has it ([`memo`]), and the
//! [`engine`] of them all. With the [`command_decoder`] and the link the engine is a [`core`], with a serial port a [`board`].

pub mod board;
pub mod cell;
pub mod cell_output;
pub mod cell_update;
pub mod column_sum;
pub mod command_decoder;
pub mod converter;
pub mod core;
pub mod engine;
pub mod extents;
pub mod gate_settings;
pub mod lane;
pub mod loader;
pub mod logit;
pub mod memo;
pub mod read_noise;
pub mod row_product;
pub mod sequencer;
pub mod tile_sum;
pub mod walk;
pub mod weight_store;

/// Bits of an address of the weight memory: up to 16384 words.
pub const WORD_BITS: usize = 14;
/// Bits of the number of a word of the row vector, of the inputs or of h.
pub const CHUNK_BITS: usize = 4;
/// Bits of an address of a lane's rows: which vector (2), which word.
pub const VECTOR_BITS: usize = 6;
/// Bits of an address of the biases.
pub const BIAS_BITS: usize = 10;
/// Bits of a tile's sum ([`engram_spec::crossbar::program::sums_suffice`]).
pub const TILE_BITS: usize = 24;
/// Bits of a conversion's noise.
pub const NOISE_BITS: usize = 18;
/// Bits of a logit.
pub const LOGIT_BITS: usize = 25;
