//! How text becomes words: the one definition for files and for what a person types.

use crate::encoding::compose;

/// Words with which a question begins; no sentence of the tasks does.
const QUESTION_WORDS: [&str; 9] = ["where", "is", "what", "who", "how", "why", "does", "which", "when"];

/// Whether a character ends a sentence, or stands behind its end.
pub(crate) fn ends_sentence(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | '?' | '!')
}

/// The words of a text: lower-cased, their characters composed, without the mark that ends the text.
///
/// ```
/// assert_eq!(engram_babi::tokens("Where is Mary? "), ["where", "is", "mary"]);
/// assert_eq!(engram_babi::tokens("Zoe\u{308}"), ["zo\u{eb}"]);
/// ```
pub fn tokens(text: &str) -> Vec<String> {
    compose(text).trim_end_matches(ends_sentence).split_whitespace().map(str::to_lowercase).collect()
}

/// Whether a typed text is a question: it ends with a question mark, or begins with a question word.
///
/// ```
/// use engram_babi::is_question;
/// assert!(is_question("Where is Mary?") && is_question("where is mary") && !is_question("Mary is in the garden."));
/// ```
pub fn is_question(text: &str) -> bool {
    let begins = |first: &String| QUESTION_WORDS.contains(&first.as_str());
    text.trim_end().ends_with('?') || tokens(text).first().is_some_and(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bare_and_lower_cased() {
        assert_eq!(tokens("  Mary went\tback to the Garden . "), ["mary", "went", "back", "to", "the", "garden"]);
        assert_eq!(tokens("Really?!"), ["really"]);
        assert!(tokens(" ?").is_empty() && tokens("").is_empty());
    }

    #[test]
    fn questions_are_told_from_sentences() {
        for question in ["Is John here", "john?", "What is Mary carrying? ", "?"] {
            assert!(is_question(question), "{question}");
        }
        for sentence in ["John is in the kitchen.", "This is it", "", "Island."] {
            assert!(!is_question(sentence), "{sentence}");
        }
    }
}
