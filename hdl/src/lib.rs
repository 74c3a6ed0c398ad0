//! The hardware, in Rust-HDL: a column of lanes and its link.
//!
//! A block is a file; `docs/hardware.md` has a page for each. From the bottom up: what rust-hdl gives us ([`prelude`]),
//! how a block is simulated ([`simulation`]) and emitted ([`emit`]), storage ([`register`], [`memory`]), arithmetic
//! ([`aged_code`], [`similarity`], [`multiplier`], [`sign_product`], [`accumulator`], [`adder_tree`], [`score`], [`maximum`], [`gather`],
//! [`broadcast`]), a [`lane`] and a [`pair`] of them, the [`softmax`], the [`sequencer`], and the [`mod@column`] of them all;
//! around it the frames ([`crc`], [`frame_receiver`], [`requests`], [`frame_sender`], which are the [`mod@link`]) and the
//! [`orders`], which make a [`core`], and the serial port ([`uart`]), which makes a [`board`]. The [`crossbar`] LSTM is a second
//! device on the same link.

// Kernels are also hardware: their shape is what rust-hdl can translate, not what is shortest in Rust.
#![allow(clippy::collapsible_if, clippy::collapsible_else_if, clippy::collapsible_match, clippy::single_match)]

pub mod prelude;

pub mod accumulator;
pub mod adder_tree;
pub mod aged_code;
pub mod board;
pub mod broadcast;
pub mod column;
pub mod core;
pub mod crc;
pub mod crossbar;
pub mod emit;
pub mod frame_receiver;
pub mod frame_sender;
pub mod gather;
pub mod lane;
pub mod link;
pub mod maximum;
pub mod memory;
pub mod multiplier;
pub mod orders;
pub mod pair;
pub mod register;
pub mod requests;
pub mod score;
pub mod sequencer;
pub mod sign_product;
pub mod similarity;
pub mod simulation;
pub mod softmax;
pub mod uart;
