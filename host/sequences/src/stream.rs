//! Streams of symbols, of which a network predicts the next: characters of a text, words of stories.

use crate::error::SequenceError;
use crate::outside::Outside;
use crate::source::Source;

/// A stream of symbols, split by position into what is trained with, what decisions are taken by, and what is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSet {
    /// The name of the data.
    pub name: String,
    /// The source of the data; `None` where nothing finds them again.
    pub source: Option<Source>,
    /// The text of each symbol: a character or a word.
    pub alphabet: Vec<String>,
    /// The text between two symbols when they are written: nothing between characters, a space between words.
    pub separator: &'static str,
    /// The symbol with which something begins that has nothing to do with what stands before it, as a story does: a
    /// network's state may be cleared before it.
    pub boundary: Option<u16>,
    /// The symbol behind which an answer stands that what was before decides, as behind a question mark.
    pub cue: Option<u16>,
    /// The characters that have no symbol of their own.
    pub outside: Outside,
    /// Symbols to train with, as indices into the alphabet.
    pub train: Vec<u16>,
    /// Symbols to choose by.
    pub validation: Vec<u16>,
    /// Symbols to report by.
    pub test: Vec<u16>,
}

impl StreamSet {
    /// How many different symbols there are.
    pub fn symbols(&self) -> usize {
        self.alphabet.len()
    }

    /// The text of some symbols.
    pub fn decode(&self, symbols: &[u16]) -> Result<String, SequenceError> {
        let named = |&symbol: &u16| {
            let name = self.alphabet.get(usize::from(symbol)).map(String::as_str);
            name.ok_or_else(|| SequenceError::UnknownSymbol(symbol.to_string()))
        };
        Ok(symbols.iter().map(named).collect::<Result<Vec<_>, _>>()?.join(self.separator))
    }

    /// The symbol of a character or word.
    pub fn symbol(&self, name: &str) -> Result<u16, SequenceError> {
        let index = self.alphabet.iter().position(|symbol| symbol == name);
        let index = index.and_then(|index| u16::try_from(index).ok());
        index.ok_or_else(|| SequenceError::UnknownSymbol(name.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_have_names() {
        let words = ["the", "cat"].map(String::from).to_vec();
        let (train, validation, test) = (vec![0, 1, 0], vec![], vec![]);
        let (name, source, separator) = (String::new(), None, " ");
        let (boundary, cue, outside) = (None, None, Outside::default());
        let set =
            StreamSet { name, source, alphabet: words, separator, boundary, cue, outside, train, validation, test };
        assert_eq!(set.decode(&set.train).unwrap(), "the cat the");
        assert_eq!(set.symbol("cat").unwrap(), 1);
        assert!(set.symbol("dog").is_err() && set.decode(&[2]).is_err());
    }
}
