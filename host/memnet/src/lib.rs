//! Memory networks: float, quantisation-aware training, the bit-exact integer model.
//!
//! [`train()`] makes a [`Model`] of a data set by a [`Recipe`]; [`Model::program`] gives the integers that a device is loaded
//! with; [`IntegerModel`] is the device in software, which defines the answers; [`evaluate()`] puts the questions of a data
//! set to any device. Training in mode qmann computes with the hardware's arithmetic, so that what it measures is what the
//! device answers.
//!
//! `examples/train.rs` trains, tests and saves a model; `examples/answer.rs` asks one of the repository.
//!
//! ```
//! use engram_babi::{DataSet, tokens};
//! use engram_memnet::{IntegerModel, Recipe, train};
//! use engram_spec::Device;
//! use engram_spec::memnet::{Requests, geometry::UP5K};
//!
//! let data = DataSet::generate(1, 200, 100, 1)?;
//! let recipe = Recipe { epochs: 10, ..Recipe::default() };
//! let model = train(std::slice::from_ref(&data), &recipe, 1, None, &|_| ())?;
//! let mut device = IntegerModel::new(UP5K, model.design.addressing);
//! device.load(&model.program(UP5K)?)?;
//! device.sentence(&model.vocabulary.encode(&tokens("Mary went to the garden."))?)?;
//! let answer = device.question(&model.vocabulary.encode(&tokens("Where is Mary?"))?)?;
//! assert!(model.vocabulary.word(answer.word).is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arithmetic;
pub mod calibrate;
pub mod choose;
pub mod design;
pub mod energy;
pub mod evaluate;
pub mod examples;
pub mod import;
pub mod integer;
mod kernels;
pub mod model;
pub mod network;
mod optimise;
pub mod profile;
pub mod quantise;
pub mod ranges;
pub mod recipe;
pub mod relaxation;
pub mod tasks;
pub mod tensors;
pub mod train;
mod usual;
pub mod values;

pub use choose::{Choice, Fold, choose};
pub use design::{Design, Mode, NetworkKind, StoredScores};
pub use engram_learn::{Diverged, FileError, Progress, RecipeError};
pub use engram_spec::memnet::Tying;
pub use evaluate::{EvaluateError, Evaluation, evaluate};
pub use integer::IntegerModel;
pub use model::{Model, ModelError};
pub use recipe::{Candidate, Recipe, Recipes};
pub use train::{TrainError, train};
