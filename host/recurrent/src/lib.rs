//! Recurrent networks on a crossbar: float and quantisation-aware training, the bit-exact integer model.

mod activation;
pub mod batch;
mod cell;
mod crossbar;
pub mod design;
mod matrix;
pub mod network;
mod noise;
pub mod precision;
mod processor;
pub mod tensors;

pub use batch::{Batch, Inputs};
pub use design::{Converter, Design, Precisions, Tiling};
pub use network::{Loss, Network, State, Workspace};
pub use precision::Precision;
pub use tensors::{Shape, Tensors};
