//! Plain text as a stream of characters: an alphabet, which is learnt from the text, and what stands for other characters.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::error::SequenceError;
use crate::outside::Outside;
use crate::stream::StreamSet;

/// The alphabet of Shakespeare, and of models that were trained before alphabets were learnt: 64 characters.
pub const ALPHABET: &str = "\n !',-.:;?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]abcdefghijklmnopqrstuvwxyz";

/// The symbol of a learnt alphabet that stands for all other characters.
pub const OTHER: char = char::REPLACEMENT_CHARACTER;

/// The most of a text that may be outside of an alphabet: beyond it, an error counts what nobody wrote.
const OUTSIDE_MOST: f64 = 0.1;

/// A text has as many parts: the last is for the test, the last but one for validation.
const PARTS: usize = 20;

/// The fewest characters of a text: the test asks for one at least, from the one before it.
const CHARACTERS_MIN: usize = 2 * PARTS;

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

/// The characters that a network knows, a symbol each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alphabet {
    characters: Vec<char>,
    symbols: HashMap<char, u16>,
}

impl Alphabet {
    /// [`ALPHABET`], into which other characters are folded.
    pub fn folding() -> Alphabet {
        Alphabet::new(ALPHABET.chars().collect())
    }

    /// The most frequent characters of a text in ascending order, and [`OTHER`] behind them: at most `most` symbols. Control
    /// characters but line ends and tabs are none of them, for nobody could read them.
    pub fn learnt(text: &str, most: usize) -> Alphabet {
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        text.chars().filter(|&c| is_readable(c)).for_each(|c| *counts.entry(c).or_default() += 1);
        let mut frequent: Vec<(char, usize)> = counts.into_iter().collect();
        frequent.sort_by_key(|&(c, count)| (Reverse(count), c));
        let mut characters: Vec<char> = frequent.into_iter().map(|(c, _)| c).take(most.saturating_sub(1)).collect();
        characters.sort_unstable();
        characters.push(OTHER);
        Alphabet::new(characters)
    }

    /// The alphabet of a model's symbols; `None` where they are no characters.
    pub fn of(symbols: &[String]) -> Option<Alphabet> {
        let character = |symbol: &String| {
            let mut characters = symbol.chars();
            characters.next().filter(|_| characters.next().is_none())
        };
        symbols.iter().map(character).collect::<Option<Vec<char>>>().map(Alphabet::new)
    }

    fn new(characters: Vec<char>) -> Alphabet {
        let symbols = characters.iter().copied().zip(0..).collect();
        Alphabet { characters, symbols }
    }

    /// The symbol of a character of the alphabet.
    pub fn symbol(&self, character: char) -> Option<u16> {
        self.symbols.get(&character).copied()
    }

    /// Whether other characters are folded into this alphabet.
    pub fn folds(&self) -> bool {
        self.characters.iter().copied().eq(ALPHABET.chars())
    }

    /// The symbols of a text, and the characters that are outside. An alphabet that neither folds nor has [`OTHER`] takes its
    /// own characters only.
    ///
    /// # Errors
    /// More of the text is outside than an error could be measured with.
    pub fn read(&self, text: &str) -> Result<(Vec<u16>, Outside), SequenceError> {
        let folds = self.folds();
        let other = self.symbol(OTHER);
        let mut symbols = Vec::with_capacity(text.len());
        let stand_in = other.map(|_| OTHER);
        let mut outside = Outside { known: self.characters.len(), stand_in, ..Outside::default() };
        for c in text.chars() {
            let own = self.symbol(c).filter(|_| c != OTHER);
            let stand_in = || if folds { fold(c).and_then(|c| self.symbol(c)) } else { other };
            let Some(symbol) = own.or_else(stand_in) else {
                if folds {
                    continue;
                }
                return Err(SequenceError::UnknownSymbol(c.to_string()));
            };
            if own.is_none() {
                *outside.counts.entry(c).or_default() += 1;
            }
            symbols.push(symbol);
        }
        outside.characters = symbols.len();
        if outside.share() > OUTSIDE_MOST {
            return Err(SequenceError::ManyOutside { outside, most: 100.0 * OUTSIDE_MOST });
        }
        Ok((symbols, outside))
    }
}

/// Whether a character can be a symbol that people read.
fn is_readable(c: char) -> bool {
    matches!(c, '\n' | '\t') || !c.is_control() && c != OTHER
}

/// A text in an alphabet: of every twenty parts the first eighteen to train with, one for validation, one for the test, in
/// the order of the text.
pub fn stream(name: impl Into<String>, text: &str, alphabet: &Alphabet) -> Result<StreamSet, SequenceError> {
    let (mut train, outside) = alphabet.read(text)?;
    if train.len() < CHARACTERS_MIN {
        return Err(SequenceError::ShortText { found: train.len(), expected: CHARACTERS_MIN });
    }
    let part = train.len() / PARTS;
    let test = train.split_off(train.len() - part);
    let validation = train.split_off(train.len() - part);
    let (name, alphabet) = (name.into(), alphabet.characters.iter().map(char::to_string).collect());
    let (source, separator, boundary, cue) = (None, "", None, None);
    Ok(StreamSet { name, source, alphabet, separator, boundary, cue, outside, train, validation, test })
}

/// A text in an alphabet of at most `most` symbols that is learnt from its training part.
pub fn learnt(name: impl Into<String>, text: &str, most: usize) -> Result<StreamSet, SequenceError> {
    let characters = text.chars().count();
    let held_out = 2 * (characters / PARTS);
    let end = text.char_indices().nth(characters - held_out).map_or(text.len(), |(place, _)| place);
    stream(name, text, &Alphabet::learnt(&text[..end], most))
}

/// A text that is for the test as a whole, of a network that knows an alphabet.
pub fn test(name: impl Into<String>, text: &str, alphabet: &Alphabet) -> Result<StreamSet, SequenceError> {
    let (test, outside) = alphabet.read(text)?;
    if test.len() < 2 {
        return Err(SequenceError::ShortText { found: test.len(), expected: 2 });
    }
    let (name, alphabet) = (name.into(), alphabet.characters.iter().map(char::to_string).collect());
    let (source, separator, boundary, cue) = (None, "", None, None);
    let (train, validation) = (test.clone(), Vec::new());
    Ok(StreamSet { name, source, alphabet, separator, boundary, cue, outside, train, validation, test })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_character_has_one_of_64_symbols_where_they_are_folded() {
        // Rare characters among so many others that they may be there.
        let text = (0u8..=255).map(char::from).collect::<String>() + &"to be ".repeat(500);
        let set = stream("all", &text, &Alphabet::folding()).unwrap();
        assert_eq!(set.symbols(), 64);
        let mut characters: Vec<char> = ALPHABET.chars().collect();
        characters.dedup();
        assert!(characters.is_sorted() && characters.len() == 64);
        // The carriage return is left out.
        assert_eq!(set.train.len() + set.validation.len() + set.test.len(), 3255);
        assert_eq!((set.outside.count(), set.outside.stand_in), (255 - 64, None));
    }

    #[test]
    fn rare_characters_are_folded() {
        let folded: String = "He said:\r\n\t\"12 (or 3) {é}\"".chars().filter_map(fold).collect();
        assert_eq!(folded, "He said:\n '-- [or -] [-]'");
    }

    #[test]
    fn parts_follow_one_another() {
        let text: String = ('a'..='z').chain('a'..='n').collect();
        let set = stream("letters", &text, &Alphabet::folding()).unwrap();
        let parts = [&set.train, &set.validation, &set.test].map(|part| set.decode(part).unwrap());
        assert_eq!(parts, [&text[..36], &text[36..38], &text[38..]]);
        let short = stream("short", &text[1..], &Alphabet::folding()).unwrap_err();
        assert!(short.to_string().contains("has 39 characters, but must have at least 40"), "{short}");
    }

    #[test]
    fn an_alphabet_is_learnt_from_the_training_part() {
        let text = format!("{}{}", "в чащах юга жил бы цитрус? да!\t\n".repeat(30), "но Ё".repeat(2));
        let set = learnt("russian", &text, 64).unwrap();
        assert!(set.symbols() < 64 && set.alphabet.last() == Some(&OTHER.to_string()), "{:?}", set.alphabet);
        assert!(set.alphabet.contains(&"\t".to_string()) && !set.alphabet.contains(&"Ё".to_string()));
        assert_eq!(set.decode(&set.test).unwrap().matches(OTHER).count(), 6, "н, о and Ё");
        assert_eq!(set.outside.examples(), [('Ё', 2), ('н', 2), ('о', 2)]);
        let note = set.outside.note().unwrap();
        let expected = format!("are none of the {} that the network knows: 'Ё' 2, 'н' 2, 'о' 2; ", set.symbols());
        assert!(note.contains(&expected) && note.ends_with("'\u{fffd}' stands for them"), "{note}");
        let all = learnt("all", &"abc".repeat(20), 64).unwrap();
        assert_eq!((all.alphabet.concat().as_str(), all.outside.note()), ("abc\u{fffd}", None));
    }

    #[test]
    fn the_most_frequent_characters_have_symbols() {
        let text = "aaaabbbbccd\u{7}".repeat(9);
        assert_eq!(Alphabet::learnt(&text, 3).characters, ['a', 'b', OTHER]);
        assert_eq!(Alphabet::learnt(&text, 9).characters, ['a', 'b', 'c', 'd', OTHER], "no control characters");
        let alphabet = Alphabet::of(&["a", "\u{fffd}"].map(String::from)).unwrap();
        assert_eq!((alphabet.symbol('a'), alphabet.symbol('b'), alphabet.folds()), (Some(0), None, false));
        assert_eq!(Alphabet::of(&["a".to_string(), "where".to_string()]), None);
        assert!(Alphabet::of(&ALPHABET.chars().map(String::from).collect::<Vec<_>>()).unwrap().folds());
    }

    /// Of 20,000 characters of a script without an alphabet most would be one and the same symbol.
    #[test]
    fn a_text_that_is_mostly_outside_is_refused_with_numbers() {
        let chinese: String = (0..20_000u32).filter_map(|n| char::from_u32(0x4e00 + n * n % 3001)).collect();
        for refused in [learnt("chinese", &chinese, 64), stream("chinese", &chinese, &Alphabet::folding())] {
            let message = refused.unwrap_err().to_string();
            assert!(message.contains("% of the text's 20000 characters are none of the 64"), "{message}");
            assert!(message.contains("more than 10 %: give a text of fewer different characters"), "{message}");
        }
    }

    #[test]
    fn a_test_text_may_have_other_characters() {
        let alphabet = Alphabet::learnt("abcabc", 64);
        let set = test("test", &format!("{}é", "abc".repeat(10)), &alphabet).unwrap();
        assert_eq!((set.test.len(), set.outside.count()), (31, 1));
        assert!(test("test", "a", &alphabet).is_err() && test("test", "xyz", &alphabet).is_err());
        let own = Alphabet::of(&["a".to_string()]).unwrap();
        assert!(matches!(test("test", "ab", &own), Err(SequenceError::UnknownSymbol(b)) if b == "b"));
    }

    proptest! {
        #[test]
        fn a_text_comes_back_but_for_what_is_outside(text in "[a-e\n]{40,200}[f-h]{0,3}") {
            let set = learnt("any", &text, 64).unwrap();
            let all = [set.train.as_slice(), &set.validation, &set.test].concat();
            let known = |c| if set.outside.counts.contains_key(&c) { OTHER } else { c };
            prop_assert_eq!(set.decode(&all).unwrap(), text.chars().map(known).collect::<String>());
        }
    }
}
