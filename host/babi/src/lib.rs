//! The bAbI text: reader, and generator of the tasks.
//!
//! A [`DataSet`] is one task's training and test stories. It is read from the official files ([`DataSet::read`]) or
//! generated ([`DataSet::generate`]) by an engine that is fitted to them, and says of itself which of the two it is, or that
//! it is other text. A
//! [`Vocabulary`] turns its words into the numbers that models and devices work with.
//!
//! The tasks are those of Weston et al., "Towards AI-Complete Question Answering: A Set of Prerequisite Toy Tasks", 2015.
//!
//! ```
//! use engram_babi::{DataSet, Vocabulary, tokens};
//!
//! let data = DataSet::generate(1, 1000, 1000, 7)?;
//! let (vocabulary, _) = Vocabulary::of([&data])?;
//! assert_eq!(data.source.to_string(), "generated, seed 7");
//! assert_eq!(vocabulary.len(), 19);
//! let question = vocabulary.encode(&tokens("Where is Mary?"))?;
//! assert_eq!(question.len(), 3);
//! # Ok::<(), engram_babi::BabiError>(())
//! ```

pub mod accept;
mod data;
mod describe;
pub mod encoding;
mod error;
pub mod generate;
mod names;
mod official;
pub mod reader;
mod spellings;
mod text;
mod vocabulary;
pub mod writer;

pub use data::{DataSet, Line, Parts, Source, Story};
pub use describe::{Description, Part};
pub use error::{BabiError, Malformation, UnknownWord};
pub use text::{is_question, tokens};
pub use vocabulary::Vocabulary;
