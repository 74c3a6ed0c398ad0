//! The campaign of memory networks: every variant of the tables, trained on every task with several seeds.
//!
//! A variant is a recipe. The plan crosses variants with tasks and seeds. Of finished runs the numbers of the tables are made; what
//! goes on inside of trained models, and what hardware answered, has lines of its own.

mod aggregate;
mod campaign;
mod document;
mod export;
mod finished;
mod inside;
mod literature;
mod models;
mod plan;
mod plots;
mod proofs;
mod prove;
mod proved;
mod texts;
pub(crate) mod variant;
mod work;

pub use campaign::Memnet;
pub use export::exported;
pub use variant::Size;
