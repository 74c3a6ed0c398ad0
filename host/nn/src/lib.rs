//! Memory networks: float, quantisation-aware training, the bit-exact integer model.

pub mod integer;
pub mod network;
pub mod quantise;
pub mod relaxation;
pub mod tensors;

pub use integer::IntegerModel;
