//! Data for crossbar networks: recordings with a class, and streams of symbols.
//!
//! A [`SequenceSet`] has [`Recording`]s (steps x channels of real numbers, with a class), a [`StreamSet`] has streams of
//! symbols of which the next is to be predicted. Both come split into training, validation and test. A [`Normaliser`],
//! fitted to training recordings, brings channels to [-1, 1], and is kept with a model; so is a [`Windowing`], which puts
//! successive steps side by side.
//!
//! ```
//! use engram_sequences::{Normaliser, synthetic::Waves};
//!
//! let set = Waves::default().generate()?;
//! let normaliser = Normaliser::fit(&set.train, Normaliser::COVERED)?;
//! let set = set.normalised(&normaliser)?;
//! assert!(set.test.iter().flat_map(|recording| recording.values()).all(|x| x.abs() <= 1.0));
//! # Ok::<(), engram_sequences::SequenceError>(())
//! ```

mod cache;
mod describe;
mod error;
mod fetch;
pub mod nearest;
mod normalise;
mod outside;
mod package;
mod pickle;
mod questions;
mod recording;
mod source;
mod stream;
pub mod synthetic;
pub mod text;
pub mod ts;
pub mod watch;
mod windowing;
pub mod words;
mod workload;

pub use cache::Cache;
pub use describe::{Description, Part};
pub use error::{Malformation, SequenceError};
pub use fetch::{Fetched, FetchedFile};
pub use normalise::Normaliser;
pub use outside::Outside;
pub use questions::{Questions, sample};
pub use recording::{Recording, SequenceSet};
pub use source::Source;
pub use stream::StreamSet;
pub use windowing::Windowing;
pub use workload::{Data, Workload};
