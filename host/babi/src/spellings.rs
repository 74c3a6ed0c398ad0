//! Words that a text spells in more than one way: engram reads words in lower case, so they become one.

use std::collections::{BTreeMap, HashMap};

use crate::text::ends_sentence;

/// The spellings of the words of a text. The first word of a sentence does not count: its capital says nothing.
#[derive(Debug, Default)]
pub(crate) struct Spellings {
    /// The spelling that came first, by the lower-cased word.
    first: HashMap<String, String>,
    /// Another spelling of some of these words.
    other: BTreeMap<String, String>,
}

/// The most words that a note names.
const NAMED: usize = 3;

impl Spellings {
    /// Adds the text of a line behind its number.
    pub fn add(&mut self, line: &str) {
        let mut fields = line.split('\t');
        let words = fields.next().unwrap_or_default().trim_end_matches(ends_sentence).split_whitespace().skip(1);
        for word in words.chain(fields.next().map(str::trim)) {
            self.word(word);
        }
    }

    fn word(&mut self, word: &str) {
        // Most words are lower-cased, and were seen before.
        if self.first.get(word).is_some_and(|first| first == word) {
            return;
        }
        let lower = word.to_lowercase();
        match self.first.get(&lower) {
            None => _ = self.first.insert(lower, word.to_string()),
            Some(first) if first == word => {}
            Some(_) => _ = self.other.entry(lower).or_insert_with(|| word.to_string()),
        }
    }

    /// The spellings of two texts.
    pub fn and(mut self, other: Spellings) -> Spellings {
        other.first.values().chain(other.other.values()).for_each(|word| self.word(word));
        self
    }

    /// A note where words have more spellings than one.
    pub fn note(&self) -> Option<String> {
        let pairs = self.other.iter().map(|(lower, other)| format!("'{}' and '{other}'", self.first[lower]));
        let pairs: Vec<String> = pairs.take(NAMED).collect();
        let more = match self.other.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let text = || format!("engram reads words in lower case, so these are one word: {}{more}", pairs.join(", "));
        (!pairs.is_empty()).then(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_differ_in_case_are_noted() {
        let of = |lines: &[&str]| {
            let mut spellings = Spellings::default();
            lines.iter().for_each(|line| spellings.add(line));
            spellings
        };
        assert_eq!(of(&["The dog saw Mary.", "Mary saw the dog.", "Who saw Mary?\tdog\t1"]).note(), None);
        let two = of(&["Give us the Apple.", "The US has the apple.", "Who?\tUs\t1"]);
        let note = two.note().unwrap();
        assert!(note.ends_with("'Apple' and 'apple', 'us' and 'US'"), "{note}");
        let both = of(&["The apple."]).and(of(&["The Apple."])).note().unwrap();
        assert!(both.ends_with("'apple' and 'Apple'"), "{both}");
        let many = of(&["x a b c d", "x A B C D"]).note().unwrap();
        assert!(many.ends_with("'c' and 'C', and 1 more"), "{many}");
    }
}
