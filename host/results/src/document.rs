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

impl Block {
    /// A heading of a chapter.
    pub fn chapter(text: impl Into<String>) -> Block {
        Block::Heading(2, text.into())
    }

    /// A paragraph.
    pub fn text(text: impl Into<String>) -> Block {
        Block::Text(text.into())
    }

    /// A picture in a file of this name.
    pub fn figure(file: impl Into<String>, svg: String, caption: impl Into<String>) -> Block {
        Block::Figure(Figure { file: file.into(), svg, caption: caption.into() })
    }
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

/// The column of a table: its head, and what a row has there.
pub type Column<'a, T> = (&'a str, &'a dyn Fn(&T) -> String);

impl Table {
    /// A table of numbers.
    pub fn new<H: Into<String>>(
        head: impl IntoIterator<Item = H>,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Table {
        Table { head: head.into_iter().map(Into::into).collect(), rows: rows.into_iter().collect(), ..Table::default() }
    }

    /// A table of numbers with a row for each thing, of which every column says something.
    pub fn of<T>(things: impl IntoIterator<Item = T>, columns: &[Column<T>]) -> Table {
        let row = |thing: T| columns.iter().map(|(_, cell)| cell(&thing)).collect();
        Table::new(columns.iter().map(|(head, _)| *head), things.into_iter().map(row))
    }

    /// The same table, of words.
    pub fn of_words(self) -> Table {
        Table { words: true, ..self }
    }
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

/// A name as `code`.
pub fn code(name: impl std::fmt::Display) -> String {
    format!("`{name}`")
}

/// A text, or the dash in its place.
pub fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| NONE.to_string())
}

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

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The table that has a column with this head.
    pub fn table<'a>(blocks: &'a [Block], head: &str) -> &'a Table {
        let tables = blocks.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
        tables.into_iter().find(|table| table.head.iter().any(|cell| cell == head)).unwrap()
    }
}
