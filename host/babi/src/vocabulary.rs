//! Words as numbers: sorted, so that a data set has one vocabulary on every machine; answers first, so that they are few numbers.

use std::collections::BTreeSet;

use crate::data::DataSet;
use crate::error::{BabiError, UnknownWord};

/// The most words a vocabulary can have: a word is a byte on the link.
pub const WORDS_MAX: usize = 255;

/// The words of a data set, numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vocabulary {
    words: Vec<String>,
    /// The numbers in the order of the words, because [`Vocabulary::from_words`] takes any order.
    sorted: Vec<u8>,
}

impl Vocabulary {
    /// All words of the sentences, questions and answers of one data set or several, training and test: in ascending order those
    /// that training stories answer with, then in ascending order the others. Gives the number of the former, too.
    pub fn of<'a>(data: impl IntoIterator<Item = &'a DataSet>) -> Result<(Vocabulary, usize), BabiError> {
        let (mut words, mut answers) = (BTreeSet::new(), BTreeSet::new());
        for data in data {
            words.extend(data.words());
            answers.extend(data.answers());
        }
        let others = words.difference(&answers);
        let vocabulary = Vocabulary::from_words(answers.iter().chain(others).map(|word| word.to_string()).collect())?;
        Ok((vocabulary, answers.len()))
    }

    /// The vocabulary in which word i has the number i, as a model's file keeps it.
    pub fn from_words(words: Vec<String>) -> Result<Vocabulary, BabiError> {
        if words.len() > WORDS_MAX {
            return Err(BabiError::TooManyWords(words.len()));
        }
        let mut sorted: Vec<u8> = (0..words.len() as u8).collect();
        sorted.sort_by_key(|&number| &words[usize::from(number)]);
        let twice = sorted.windows(2).find(|pair| words[usize::from(pair[0])] == words[usize::from(pair[1])]);
        match twice {
            Some(pair) => Err(BabiError::RepeatedWord(words[usize::from(pair[0])].clone())),
            None => Ok(Vocabulary { words, sorted }),
        }
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words in the order of their numbers.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The number of a word.
    pub fn number(&self, word: &str) -> Option<u8> {
        let place = self.sorted.binary_search_by_key(&word, |&number| &self.words[usize::from(number)]).ok()?;
        Some(self.sorted[place])
    }

    /// The word with a number.
    pub fn word(&self, number: u8) -> Option<&str> {
        self.words.get(usize::from(number)).map(String::as_str)
    }

    /// The numbers of some words, or the first word that is not known.
    pub fn encode(&self, words: &[String]) -> Result<Vec<u8>, UnknownWord> {
        words.iter().map(|word| self.number(word).ok_or_else(|| self.unknown(word))).collect()
    }

    /// The error for a word, with the known words that differ from it in at most a third of the letters of the shorter of
    /// the two: in none of two letters, in one of three.
    fn unknown(&self, word: &str) -> UnknownWord {
        let letters = |word: &str| word.chars().count();
        let near = |known: &str| letters(word).min(letters(known)) / 3;
        let distances = self.words.iter().map(|known| (strsim::damerau_levenshtein(word, known), known));
        let mut nearest: Vec<_> = distances.filter(|&(distance, known)| distance <= near(known)).collect();
        nearest.sort();
        let nearest = nearest.into_iter().take(3).map(|(_, known)| known.clone()).collect();
        UnknownWord { word: word.to_string(), nearest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::text::tokens;

    #[test]
    fn words_of_a_data_set_are_numbered_in_order() {
        let (vocabulary, answers) = Vocabulary::of([&DataSet::generate(1, 500, 500, 1).unwrap()]).unwrap();
        let (first, others) = vocabulary.words().split_at(answers);
        assert!(first.is_sorted() && others.is_sorted());
        assert_eq!(first, ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"]);
        assert_eq!((vocabulary.len(), vocabulary.is_empty()), (19, false));
        for (number, word) in (0u8..).zip(vocabulary.words()) {
            assert_eq!(vocabulary.number(word), Some(number));
            assert_eq!(vocabulary.word(number), Some(word.as_str()));
        }
        assert_eq!((vocabulary.word(19), vocabulary.number("milk")), (None, None));
    }

    #[test]
    fn answers_and_questions_count() {
        let train = crate::reader::stories(b"1 b a.\n2 c?\td,e\t1").unwrap();
        let test = crate::reader::stories(b"1 b f.").unwrap();
        let data = DataSet { task: 8, source: Source::Generated { seed: 0 }, train, test };
        let (vocabulary, answers) = Vocabulary::of([&data]).unwrap();
        assert_eq!((vocabulary.words(), answers), (&["d,e", "a", "b", "c", "f"].map(String::from)[..], 1));
    }

    #[test]
    fn an_unknown_word_is_named_with_its_neighbours() {
        let vocabulary = Vocabulary::from_words(tokens("mary where is kitchen garden gardens")).unwrap();
        assert_eq!(vocabulary.encode(&tokens("where is Mary?")).unwrap(), [1, 2, 0]);
        let unknown = vocabulary.encode(&tokens("Where is the gadren?")).unwrap_err();
        assert_eq!(unknown.word, "the");
        let unknown = vocabulary.encode(&tokens("gadren")).unwrap_err();
        assert_eq!(unknown.nearest, ["garden", "gardens"]);
        assert_eq!(unknown.to_string(), "the vocabulary has no word 'gadren'; its closest words: garden, gardens");
        assert!(vocabulary.encode(&tokens("xylophone")).unwrap_err().nearest.is_empty());
        // As many letters differ as are alike: no neighbour.
        let vocabulary = Vocabulary::from_words(tokens("to do dogs")).unwrap();
        let nearest = |word: &str| vocabulary.encode(&tokens(word)).unwrap_err().nearest;
        assert_eq!((nearest("dog"), nearest("tod"), nearest("t")), (vec!["dogs".to_string()], vec![], vec![]));
    }

    #[test]
    fn a_vocabulary_fits_a_byte_and_has_no_word_twice() {
        let words = |count: usize| (0..count).map(|index| format!("w{index}")).collect::<Vec<_>>();
        let largest = Vocabulary::from_words(words(255)).unwrap();
        assert_eq!(largest.number("w254"), Some(254));
        assert!(matches!(Vocabulary::from_words(words(256)), Err(BabiError::TooManyWords(256))));
        let twice = Vocabulary::from_words(tokens("b a b")).unwrap_err();
        assert!(matches!(twice, BabiError::RepeatedWord(word) if word == "b"));
    }
}
