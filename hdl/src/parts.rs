//! Blocks that both networks are made of: storage ([`register`], [`memory`]), and what crosses lanes ([`adder_tree`],
//! [`maximum`], [`gather`]).

pub mod adder_tree;
pub mod gather;
pub mod maximum;
pub mod memory;
pub mod register;
