//! Styles of texts for people. A console takes them out where they cannot be shown.

use std::fmt::Display;

use anstyle::{AnsiColor, Style};

/// Names of things in results.
pub const STRONG: Style = Style::new().bold();
/// Details.
pub const FAINT: Style = Style::new().dimmed();
/// Success.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// Failure.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Notes to look at.
pub const NOTE: Style = AnsiColor::Yellow.on_default();

/// A text in a style.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}
