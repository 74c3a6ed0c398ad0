//! The campaign: every row of the tables, trained on every task with several seeds; kept cell by cell, and reported.
//!
//! A [`Row`](row::Row) is a recipe. The [`plan`] crosses rows with tasks and seeds; the [`runner`] does the cells that the
//! [`ledger`] does not hold yet; [`aggregate`] makes the numbers of the report of what the ledger holds, and [`inside`]
//! those that need the trained models. [`prove`] puts the test questions to the hardware, and [`proofs`] are what came of it.
//! The numbers are kept as JSON ([`published`]), and of them alone come the
//! [`document`] and its [`plots`], written as Markdown ([`markdown`]) and as a page of HTML ([`page`]).

pub mod aggregate;
pub mod document;
pub mod export;
pub mod files;
pub mod inside;
pub mod ledger;
pub mod markdown;
pub mod marks;
pub mod page;
pub mod plan;
pub mod plots;
pub mod proofs;
pub mod prove;
pub mod published;
pub mod row;
pub mod runner;
pub mod start;
pub mod texts;
pub mod work;
