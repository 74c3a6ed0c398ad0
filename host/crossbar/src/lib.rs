//! Recurrent networks on a crossbar: float and quantisation-aware training, the bit-exact integer model.
//!
//! The system is that of Ma et al., "Non-Volatile Memory Array Based Quantization- and Noise-Resilient LSTM Neural Networks"
//! (ICRC 2019, arXiv 2002.10636), in the integers of [`engram_spec::crossbar`]. [`train()`] makes a [`Model`] of recordings or
//! of a stream of symbols by a [`Recipe`], in f32 or with weights and converters of 1 to 8 bits, noise injected where the
//! recipe says so; [`quantise()`] only finds the ranges of a trained model's codes. [`Model::program`] gives the integers that
//! a device is loaded with, programming noise included; [`IntegerModel`] is the device in software, which defines the
//! answers. Training with a device's precisions computes forward what the device computes, so that what it measures is what
//! the device answers. A recipe's cells are LSTMs, or GRUs in software.
//!
//! [`IntegerModel::memoizing`] computes only the columns whose signs changed (Silfa et al., MICRO 2019); [`tune()`] finds the
//! thresholds that a loss allows, [`energy`] what a step costs with and without.
//!
//! `examples/classify.rs` trains a network for a crossbar of 4 bits and classifies recordings.
//!
//! ```
//! use engram_crossbar::{IntegerModel, Precision, Precisions, Programming, Recipe, evaluate, train};
//! use engram_sequences::{Data, synthetic::Waves};
//! use engram_spec::Device;
//! use engram_spec::crossbar::{Requests, geometry::ECP5_25F};
//!
//! let set = Waves::default().generate()?;
//! let (data, test) = (Data::Recordings(set.clone()), &set.test);
//! let float = Recipe { hidden: 16, epochs: 10, ..Recipe::default() };
//! let start = train(&data, &float, 1, None, &|_| ())?;
//! let four_bits = Recipe { epochs: 5, precisions: Precisions::alike(Precision::Bits(4)), ..float };
//! let model = train(&data, &four_bits, 1, Some(&start), &|_| ())?;
//! let mut device = IntegerModel::new(ECP5_25F);
//! device.load(&model.program(ECP5_25F, &Programming::default())?)?;
//! let answers = evaluate::recordings_on(&mut device, &model, test, |_, _| ())?;
//! let wrong = answers.iter().filter(|answer| answer.answer != answer.right).count();
//! assert_eq!(wrong, evaluate::recordings(&model, test)?.wrong);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod activation;
pub mod analog;
pub mod batch;
mod calibrate;
mod cell;
pub mod choose;
mod column;
pub mod design;
pub mod efficiency;
pub mod energy;
pub mod evaluate;
pub mod export;
pub mod file;
pub mod import;
pub mod integer;
mod layers;
mod material;
mod matrix;
mod memo;
pub mod memoized;
pub mod model;
pub mod network;
mod noise;
mod optimise;
pub mod precision;
pub mod profile;
pub mod program;
pub mod recipe;
pub mod refine;
pub mod tensors;
pub mod train;
pub mod tune;

pub use analog::Analog;
pub use batch::{Batch, Inputs};
pub use choose::{Candidate, Choice, Open, choose};
pub use design::{Converter, Design, DesignError, Precisions, Tiling};
pub use engram_learn::{Diverged, FileError, Progress, RecipeError};
pub use export::{Form, export};
pub use import::{ImportError, Normalisation, import, is_onnx, is_recurrent};
pub use integer::IntegerModel;
pub use memo::Memoization;
pub use model::{Labels, Model, Record};
pub use network::{Loss, Network, State, Workspace};
pub use precision::Precision;
pub use program::{Coarsened, Programming, ProgrammingError};
pub use recipe::{NoiseRecipe, Recipe, Recipes};
pub use refine::refine;
pub use tensors::{Shape, Tensors};
pub use train::{TrainError, quantise, train};
pub use tune::{Thresholds, Tuned, tune};
