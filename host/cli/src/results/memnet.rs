//! The campaign of memory networks: every row of the tables, trained on every task with several seeds.
//!
//! A [`Row`](row::Row) is a recipe. The [`plan`] crosses rows with tasks and seeds; the cells that the [`ledger`] does not
//! hold yet are done; [`aggregate`] makes the numbers of the report of what the ledger holds, and [`inside`]
//! those that need the trained models. [`prove`] puts the test questions to the hardware, and [`proofs`] are what came of it.
//! The numbers are kept as JSON ([`published`]), and of them alone come the [`document`](mod@document) and its [`plots`].

pub mod aggregate;
pub mod campaign;
pub mod document;
pub mod export;
pub mod inside;
pub mod ledger;
pub mod marks;
pub mod plan;
pub mod plots;
pub mod proofs;
pub mod prove;
pub mod proved;
pub mod published;
pub mod row;
pub mod start;
pub mod texts;
pub mod work;
