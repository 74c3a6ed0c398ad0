//! The hardware, in Rust-HDL: two networks on one link.
//!
//! A block is a file; `docs/hardware.md` has a page for each. What rust-hdl gives us is the [`prelude`]; a block is simulated by
//! [`simulation`] and emitted by [`emit`]. Both networks are made of [`parts`] and stand behind the same frames ([`mod@link`]):
//! the memory network is [`memnet`], the LSTM and GRU on a crossbar is [`crossbar`].

// Kernels are also hardware: their shape is what rust-hdl can translate, not what is shortest in Rust.
#![allow(clippy::collapsible_if, clippy::collapsible_else_if, clippy::collapsible_match, clippy::single_match)]

// The derives name this crate as its users do.
extern crate self as engram_hdl;

pub mod prelude;

pub mod crossbar;
pub mod emit;
pub mod link;
pub mod memnet;
pub mod parts;
pub mod simulation;
