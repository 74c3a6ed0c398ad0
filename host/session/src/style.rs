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

/// All styles.
const STYLES: [Style; 5] = [STRONG, FAINT, GOOD, BAD, NOTE];

/// A text in a style.
pub fn styled(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// A text as a terminal may get it. Words of files, of models and of devices may hold what a terminal obeys: all control
/// characters but ends of lines and tabs are escaped, and what turns the direction of writing; the styles above stay.
pub fn printable(text: &str) -> String {
    let styles: Vec<String> =
        STYLES.iter().flat_map(|style| [style.render().to_string(), style.render_reset().to_string()]).collect();
    let mut printable = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // The longest: a style may begin as another does.
        let own = styles.iter().filter(|style| rest.starts_with(style.as_str())).max_by_key(|style| style.len());
        let taken = own.map_or(c.len_utf8(), String::len);
        match c {
            _ if own.is_some() => printable.push_str(&rest[..taken]),
            '\n' | '\t' => printable.push(c),
            c if c.is_control() || turns(c) => printable.extend(c.escape_unicode()),
            c => printable.push(c),
        }
        rest = &rest[taken..];
    }
    printable
}

/// Whether a character turns the direction of what is written behind it.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        let foreign = "a\u{1b}[2J\u{1b}]0;title\u{7}b\r\u{9b}c\u{202e}d";
        let expected = "a\\u{1b}[2J\\u{1b}]0;title\\u{7}b\\u{d}\\u{9b}c\\u{202e}d";
        assert_eq!(printable(foreign), expected);
        assert_eq!(printable("two\nlines,\ta tab, Zoë, 東京"), "two\nlines,\ta tab, Zoë, 東京");
        assert_eq!(printable(""), "");
    }

    #[test]
    fn styles_stay() {
        for style in STYLES {
            let text = styled(style, "word");
            assert_eq!(printable(&text), text);
        }
        let inside = styled(BAD, "a\u{1b}[5mb");
        assert_eq!(printable(&inside), styled(BAD, "a\\u{1b}[5mb"));
    }
}
