//! A report as headings, texts, tables and figures; Markdown and HTML are two ways to write it.

use super::statistic::Statistic;

/// A part of the report. Texts may hold `code` between backticks.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; 1 is a report, 2 a chapter, 3 a part of it.
    Heading(u8, String),
    Text(String),
    Table(Table),
    Figure(Figure),
}

/// A table. The first column is text, the others are numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// How many rows at the end sum up the others.
    pub sums: usize,
    /// Whether the columns beside the first are text too.
    pub words: bool,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name of its file.
    pub file: String,
    pub svg: String,
    /// What it shows.
    pub caption: String,
}

/// What is put where there is no number.
pub const NONE: &str = "–";

/// An error in percent, as it is written.
pub fn percent(value: f64) -> String {
    format!("{value:.1}")
}

/// A mean with its spread, as it is written.
pub fn with_spread(statistic: &Statistic) -> String {
    match statistic.spread {
        Some(spread) => format!("{:.1} ± {spread:.1}", statistic.mean),
        None => percent(statistic.mean),
    }
}
