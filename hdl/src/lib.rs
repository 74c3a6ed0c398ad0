//! The hardware, in Rust-HDL: a column of lanes and its link.
