//! Memory networks: float, quantisation-aware training, the bit-exact integer model.

pub mod energy;
pub mod evaluate;
pub mod examples;
pub mod integer;
pub mod model;
pub mod network;
mod optimise;
pub mod quantise;
pub mod recipe;
pub mod relaxation;
pub mod tensors;
pub mod train;

pub use evaluate::{EvaluateError, Evaluation, evaluate};
pub use integer::IntegerModel;
pub use model::{Model, ModelError};
pub use recipe::{Mode, Recipe};
pub use train::{Options, Progress, TrainError, train};
