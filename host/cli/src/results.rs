//! The campaigns that the tables are made of, kept cell by cell, and reported.
//!
//! Those of [`memory`] networks, of [`recurrent`] ones and of fuzzy memoization ([`memo`]) have rooms of their own: what a cell is, what the ledger keeps of it,
//! and what the report says. Beside them lies what they share: the [`runner`] does the cells that are not finished;
//! [`statistic`] has means and spreads; a report is a [`document`], with [`plots`], written as Markdown ([`markdown`]) and as a
//! page of HTML ([`page`]).

pub mod comment;
pub mod document;
pub mod files;
pub mod hardware;
pub mod markdown;
pub mod memo;
pub mod memory;
pub mod models;
pub mod page;
pub mod plots;
pub mod recurrent;
pub mod report;
pub mod runner;
pub mod statistic;
