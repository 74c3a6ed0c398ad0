//! The memory network in hardware: lanes side by side, a file a block.
//!
//! From the bottom up: [`memory`], arithmetic ([`aged_code`], [`similarity`], [`multiplier`], [`sign_product`], [`accumulator`],
//! [`score`], [`broadcast`]), a [`lane`] and a [`pair`] of them, the [`softmax`], the [`sequencer`], and the [`engine`] of them
//! all. With the [`command_decoder`] and the link the engine is a [`core`], with a serial port a [`board`].

pub mod accumulator;
pub mod aged_code;
pub mod board;
pub mod broadcast;
pub mod command_decoder;
pub mod core;
pub mod engine;
pub mod lane;
pub mod memory;
pub mod multiplier;
pub mod pair;
pub mod score;
pub mod sequencer;
pub mod sign_product;
pub mod similarity;
pub mod softmax;
