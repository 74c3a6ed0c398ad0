//! The characters of a text that have no symbol of their own.

use std::collections::BTreeMap;
use std::fmt;

use engram_babi::encoding::shown;

/// The characters that a note shows.
const SHOWN: usize = 5;

/// The characters of a text outside of an alphabet, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outside {
    /// All characters of the text.
    pub characters: usize,
    /// The characters that the alphabet has.
    pub known: usize,
    /// How often each character outside stands in the text.
    pub counts: BTreeMap<char, usize>,
    /// The text that stands for them: a symbol for all, or the nearest of the alphabet where there is none.
    pub stand_in: Option<char>,
}

impl Outside {
    /// How many characters of the text are outside.
    pub fn count(&self) -> usize {
        self.counts.values().sum()
    }

    /// The share of the text's characters that are outside, 0 to 1.
    pub fn share(&self) -> f64 {
        self.count() as f64 / self.characters.max(1) as f64
    }

    /// The characters outside and how often each occurs, the most frequent first.
    pub fn examples(&self) -> Vec<(char, usize)> {
        let mut all: Vec<(char, usize)> = self.counts.iter().map(|(&c, &count)| (c, count)).collect();
        all.sort_by_key(|&(c, count)| (std::cmp::Reverse(count), c));
        all
    }

    /// A note where characters are outside.
    pub fn note(&self) -> Option<String> {
        (self.count() > 0).then(|| self.to_string())
    }
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outside { characters, known, counts, stand_in } = self;
        let named = |(c, count): (char, usize)| format!("'{}' {count}", shown(c.encode_utf8(&mut [0; 4])));
        let examples: Vec<String> = self.examples().into_iter().take(SHOWN).map(named).collect();
        let share = 100.0 * self.share();
        write!(
            f,
            "{share:.2} % of the text's {characters} characters are none of the {known} that the network knows: "
        )?;
        write!(f, "{}", examples.join(", "))?;
        if counts.len() > SHOWN {
            write!(f, " and {} others", counts.len() - SHOWN)?;
        }
        match stand_in {
            Some(stand_in) => write!(f, "; '{stand_in}' stands for them"),
            None => f.write_str("; the nearest known character stands for each"),
        }
    }
}
