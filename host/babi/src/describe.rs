//! The content of a data set, in numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::data::{DataSet, Line, Story};

/// The statistics of a data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The task's number.
    pub task: u8,
    /// The origin of the text: "official" and the directory, or "generated" and the seed.
    pub source: String,
    /// Different words, those of answers included.
    pub words: usize,
    /// The training text.
    pub train: Part,
    /// The test text.
    pub test: Part,
}

/// The statistics of the training or the test text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Stories.
    pub stories: usize,
    /// Questions in all stories.
    pub questions: usize,
    /// Sentences in all stories.
    pub sentences: usize,
    /// Words of the longest sentence.
    pub longest_sentence: usize,
    /// Words of the longest question.
    pub longest_question: usize,
    /// Sentences of the longest story: slots that hold every story.
    pub longest_story: usize,
    /// How often each answer is right.
    pub answers: BTreeMap<String, usize>,
}

impl DataSet {
    /// The statistics of the data set.
    pub fn describe(&self) -> Description {
        Description {
            task: self.task,
            source: self.source.to_string(),
            words: self.words().len(),
            train: part(&self.train),
            test: part(&self.test),
        }
    }
}

fn part(stories: &[Story]) -> Part {
    let mut part = Part { stories: stories.len(), ..Part::default() };
    for story in stories {
        for line in &story.lines {
            match line {
                Line::Sentence(words) => part.longest_sentence = part.longest_sentence.max(words.len()),
                Line::Question { words, answer, .. } => {
                    part.longest_question = part.longest_question.max(words.len());
                    *part.answers.entry(answer.clone()).or_default() += 1;
                }
            }
        }
        let sentences = story.lines.len() - story.questions();
        part.questions += story.questions();
        part.sentences += sentences;
        part.longest_story = part.longest_story.max(sentences);
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;

    #[test]
    fn a_small_data_set_is_described() {
        let text = b"1 Mary ran.\n2 Who ran?\tmary\t1\n3 John sat down.\n4 Who sat?\tjohn\t3\n1 Mary sat.";
        let train = crate::reader::stories(text).unwrap();
        let data = DataSet { task: 1, source: Source::Generated { seed: 4 }, train, test: Vec::new() };
        let description = data.describe();
        let json = serde_json::to_value(&description).unwrap();
        let expected = serde_json::json!({
            "task": 1, "source": "generated, seed 4", "words": 6,
            "train": {
                "stories": 2, "questions": 2, "sentences": 3, "longest_sentence": 3, "longest_question": 2,
                "longest_story": 2, "answers": {"john": 1, "mary": 1}
            },
            "test": {
                "stories": 0, "questions": 0, "sentences": 0, "longest_sentence": 0, "longest_question": 0,
                "longest_story": 0, "answers": {}
            }
        });
        assert_eq!(json, expected);
    }
}
