//! The description of a recipe: the words that its file begins with.

/// The comment that a recipe's file begins with, on one line; empty without one.
pub fn first_comment(text: &str) -> String {
    let comment = text.lines().map_while(|line| line.strip_prefix('#'));
    comment.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}
