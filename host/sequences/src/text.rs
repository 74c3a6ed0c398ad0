//! Plain text as a stream of characters.

use crate::stream::StreamSet;

/// The characters that have a symbol: 64, so that a device with 64 inputs can take them, one row each.
pub const ALPHABET: &str = "\n !',-.:;?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz";

/// The character of [`ALPHABET`] that stands for any other: `'` for `"`, square brackets for round and curly ones, a space
/// for a tab and its like, `-` for digits and all that is rarer. None for a carriage return, which is left out.
pub fn fold(character: char) -> Option<char> {
    match character {
        '\r' => None,
        known if ALPHABET.contains(known) => Some(known),
        '"' | '`' | '‘' | '’' | '“' | '”' => Some('\''),
        '(' | '{' => Some('['),
        ')' | '}' => Some(']'),
        blank if blank.is_whitespace() => Some(' '),
        _ => Some('-'),
    }
}

/// A text's characters, folded: of every twenty parts the first eighteen to train with, one for validation, one for the
/// test, in the order of the text.
pub fn stream(name: impl Into<String>, text: &str) -> StreamSet {
    let alphabet: Vec<char> = ALPHABET.chars().collect();
    let symbol = |c| alphabet.iter().position(|&known| known == c).and_then(|index| u16::try_from(index).ok());
    let mut train: Vec<u16> = text.chars().filter_map(fold).filter_map(symbol).collect();
    let part = train.len() / 20;
    let test = train.split_off(train.len() - part);
    let validation = train.split_off(train.len() - part);
    let (name, alphabet) = (name.into(), alphabet.iter().map(char::to_string).collect());
    StreamSet { name, source: None, alphabet, separator: "", boundary: None, cue: None, train, validation, test }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_character_has_one_of_64_symbols() {
        let set = stream("all", &(0u8..=255).map(char::from).collect::<String>());
        assert_eq!(set.symbols(), 64);
        let mut characters: Vec<char> = ALPHABET.chars().collect();
        characters.dedup();
        assert!(characters.is_sorted() && characters.len() == 64);
        assert_eq!(set.train.len() + set.validation.len() + set.test.len(), 255);
    }

    #[test]
    fn rare_characters_are_folded() {
        let folded: String = "He said:\r\n\t\"12 (or 3) {é}\"".chars().filter_map(fold).collect();
        assert_eq!(folded, "He said:\n '-- [or -] [-]'");
    }

    #[test]
    fn parts_follow_one_another() {
        let text: String = ('a'..='z').chain('a'..='n').collect();
        let set = stream("letters", &text);
        let parts = [&set.train, &set.validation, &set.test].map(|part| set.decode(part).unwrap());
        assert_eq!(parts, [&text[..36], &text[36..38], &text[38..]]);
    }

    proptest! {
        #[test]
        fn any_text_has_symbols(text in ".{0,200}") {
            let set = stream("any", &text);
            let all = [set.train.as_slice(), &set.validation, &set.test].concat();
            let folded: String = text.chars().filter_map(fold).collect();
            prop_assert_eq!(set.decode(&all).unwrap(), folded);
        }
    }
}
