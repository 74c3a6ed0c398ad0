//! The campaigns behind the published tables.
//!
//! A [`Campaign`] plans runs (a network trained and measured with a data set and a seed), finishes them, and makes a document of
//! all that is finished. There are three: memory networks ([`memnet`]), the crossbar network ([`crossbar`]) and fuzzy memoization
//! ([`memo`]). A finished run is a line of JSON in a file of its network, its [`ledger`]; documents, pages and pictures are made of
//! lines alone, and trained models are needed only to put them to hardware, to export them and to look inside.
//!
//! The [`runner`] does the runs that are not finished, several at a time. A [`document`] has tables and plots, and is written as
//! Markdown and as a page of HTML ([`page`]).

pub mod campaign;
pub mod crossbar;
mod datasets;
pub mod document;
mod estimate;
pub mod files;
pub mod ledger;
mod markdown;
pub mod memnet;
pub mod memo;
pub mod observer;
pub mod options;
pub mod page;
mod plots;
mod proofs;
mod recipes;
pub mod report;
pub mod runner;
mod statistic;
mod trained;

pub use campaign::{Campaign, Key, Plan};
pub use observer::Observer;
pub use options::{Options, Proving};
