//! Sessions: a backend with a model loaded, and the integer model beside it.
//!
//! A [`Paired`](paired::Paired) opens a backend ([`backend`]), loads a model and compares every answer with the integer model's. On top of them stand agreement over test data ([`memnet::agreement`], [`crossbar::agreement`]), the place where two
//! backends or models part ([`memnet::parting`], [`crossbar::parting`]), and conversations ([`dialog`]): stories given and
//! questions asked, texts continued, recordings classified. [`source`] and [`crossbar::source`] say where a model's data come from.
//!
//! [`estimate`] says what a model will cost on a board.
//!
//! Everything that is shown to people has a `Display` here, with styles ([`style`]) that a console takes out where it cannot
//! show them. Long work gives signs of life ([`progress`]). Arguments and JSON are the command line's.

pub mod backend;
pub mod bars;
pub mod crossbar;
pub mod dialog;
pub mod difference;
pub mod estimate;
pub mod failure;
pub mod guessing;
pub mod hardware;
pub mod inside;
pub mod link_bench;
pub mod measure;
pub mod memnet;
pub mod model;
pub mod paired;
pub mod progress;
pub mod selftest;
pub mod simulated_board;
pub mod source;
pub mod style;

pub use difference::Difference;
pub use failure::Failure;
