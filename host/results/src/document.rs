//! A report as headings, texts, tables and figures; Markdown and HTML are two ways to write it.

use super::statistic::Statistic;

/// A part of the report. Texts may hold `code` between backticks.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading; 1 is a report, 2 a chapter, 3 a part of it.
    Heading(u8, String),
    /// A paragraph.
    Text(String),
    /// A table.
    Table(Table),
    /// A picture.
    Figure(Figure),
}

/// A table. The first column is text, the others are numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The heads of the columns.
    pub head: Vec<String>,
    /// The rows, a text a column.
    pub rows: Vec<Vec<String>>,
    /// The number of rows at the end that sum up the others.
    pub sums: usize,
    /// Whether the columns beside the first are text too.
    pub words: bool,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The name of its file.
    pub file: String,
    /// The drawing.
    pub svg: String,
    /// The text below it.
    pub caption: String,
}

/// The text where there is no number.
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
