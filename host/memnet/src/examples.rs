//! Stories as the network learns from them: words as numbers, and for each question the sentences before it.

use std::ops::Range;

use engram_babi::{Line, Story, UnknownWord, Vocabulary};

/// A question of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The story so far: indices of sentences.
    pub sentences: Range<usize>,
    /// The question's words.
    pub words: Vec<u8>,
    /// The word that answers it.
    pub answer: u8,
}

/// Stories in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examples {
    /// The sentences of all stories, one after the other.
    pub sentences: Vec<Vec<u8>>,
    /// The questions of all stories.
    pub questions: Vec<Question>,
}

impl Examples {
    /// Encodes stories.
    pub fn encode<'a>(
        stories: impl IntoIterator<Item = &'a Story>,
        vocabulary: &Vocabulary,
    ) -> Result<Examples, UnknownWord> {
        let mut examples = Examples::default();
        for story in stories {
            let start = examples.sentences.len();
            for line in &story.lines {
                match line {
                    Line::Sentence(words) => examples.sentences.push(vocabulary.encode(words)?),
                    Line::Question { words, answer, .. } => examples.questions.push(Question {
                        sentences: start..examples.sentences.len(),
                        words: vocabulary.encode(words)?,
                        answer: number(answer, vocabulary)?,
                    }),
                }
            }
        }
        Ok(examples)
    }

    /// The latest sentences before a question, `slots` at most.
    pub fn story(&self, question: &Question, slots: usize) -> &[Vec<u8>] {
        let Range { start, end } = question.sentences;
        &self.sentences[start.max(end.saturating_sub(slots))..end]
    }
}

/// The number of a word.
pub(crate) fn number(word: &str, vocabulary: &Vocabulary) -> Result<u8, UnknownWord> {
    Ok(vocabulary.encode(&[word.to_string()])?[0])
}
