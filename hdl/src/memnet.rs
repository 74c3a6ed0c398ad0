//! The memory network in hardware: a column of lanes, a file a block.
//!
//! From the bottom up: [`memory`], arithmetic ([`aged_code`], [`similarity`], [`multiplier`], [`sign_product`], [`accumulator`],
//! [`score`], [`broadcast`]), a [`lane`] and a [`pair`] of them, the [`softmax`], the [`sequencer`], and the [`mod@column`] of them
//! all; with the [`orders`] and the link it is a [`core`], with a serial port a [`board`].

pub mod accumulator;
pub mod aged_code;
pub mod board;
pub mod broadcast;
pub mod column;
pub mod core;
pub mod lane;
pub mod memory;
pub mod multiplier;
pub mod orders;
pub mod pair;
pub mod score;
pub mod sequencer;
pub mod sign_product;
pub mod similarity;
pub mod softmax;
