//! Recurrent networks on a crossbar: float and quantisation-aware training, the bit-exact integer model.

mod activation;
pub mod batch;
mod calibrate;
mod cell;
mod crossbar;
pub mod design;
pub mod evaluate;
pub mod file;
pub mod integer;
mod material;
mod matrix;
pub mod model;
pub mod network;
mod noise;
mod optimise;
pub mod precision;
mod processor;
pub mod program;
pub mod recipe;
pub mod tensors;
pub mod train;

pub use batch::{Batch, Inputs};
pub use design::{Converter, Design, DesignError, Precisions, Tiling};
pub use file::FileError;
pub use integer::IntegerModel;
pub use model::{Meaning, Model, Record};
pub use network::{Loss, Network, State, Workspace};
pub use precision::Precision;
pub use program::{Programming, ProgrammingError};
pub use recipe::Recipe;
pub use tensors::{Shape, Tensors};
pub use train::{Progress, TrainError, quantise, train};
