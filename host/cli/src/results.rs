//! The campaigns that the tables are made of, kept cell by cell, and reported.
//!
//! Those of [`memnet`], of the [`crossbar`] and of fuzzy memoization ([`memo`]) have rooms of their own: what a cell is, what the ledger keeps of it,
//! and what the report says. Beside them lies what they share: the [`runner`] does the cells that are not finished;
//! [`statistic`] has means and spreads; a report is a [`document`], with [`plots`], written as Markdown ([`markdown`]) and as a
//! page of HTML ([`page`]).

pub mod comment;
pub mod crossbar;
pub mod document;
pub mod files;
pub mod hardware;
pub mod markdown;
pub mod memnet;
pub mod memo;
pub mod models;
pub mod page;
pub mod plots;
pub mod report;
pub mod runner;
pub mod statistic;
