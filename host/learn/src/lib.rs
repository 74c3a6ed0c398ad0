//! The parts that the trainers of all networks share. A network brings its forward and backward pass, its recipe and its tensors;
//! this crate brings the rest:
//!
//! - [`restarts`]: trainings from several initial weights at once, with early stopping; the best by validation wins.
//! - [`adam`]: the optimiser.
//! - [`limits`]: checks of the numbers of a recipe.
//! - [`mod@file`]: the file of a model: safetensors with metadata and a checksum, written whole or not at all.
//! - [`instructions`]: functions compiled for several sets of vector instructions, chosen by the processor at hand.

pub mod adam;
pub mod file;
pub mod instructions;
pub mod limits;
pub mod restarts;

pub use adam::Adam;
pub use file::FileError;
pub use instructions::Instructions;
pub use limits::RecipeError;
pub use restarts::{Diverged, Fitted, Progress, Schedule, Train, Validation};

/// The distance from 0 that the real number behind a binary weight may reach in training, in units of the weight's scale. A
/// number farther out could not come back to change its sign (BinaryConnect, Courbariaux et al., NIPS 2015).
pub const BINARY_RANGE: f32 = 2.0;
