//! Generates tasks: text of the same kind as the official files, fitted to them.
//!
//! Facebook's public simulator did not make the official files, so what happens and what is asked was measured in them:
//! - Tasks 1 and 6: two things happen, then a question is asked, until there are five questions (`position`).
//! - What happens: somebody moves, takes or drops (`movement`); how it is worded: `wording`.
//!
//! [`crate::accept`] measures how near the generated text is to the official one. Results on generated text are results on
//! generated text, not bAbI scores: [`Source`](crate::Source) says so wherever they are shown.

mod movement;
mod position;
pub(crate) mod wording;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::data::Story;
use crate::error::BabiError;
use crate::names;
use position::Task;

/// The tasks that can be generated.
pub const TASKS: [u8; 2] = [1, 6];

/// Training and test stories of a task, with so many questions.
pub(crate) fn stories(
    task: u8,
    train_questions: usize,
    test_questions: usize,
    seed: u64,
) -> Result<(Vec<Story>, Vec<Story>), BabiError> {
    let kind = match task {
        1 => Task::WhereIs,
        6 => Task::YesNo,
        _ if names::tasks().any(|known| known == task) => return Err(BabiError::NotGenerated(task)),
        _ => return Err(BabiError::UnknownTask(task)),
    };
    let part = |questions, stream| {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        // A stream each: the test text stays the same however long the training text is.
        random.set_stream(stream);
        position::stories(kind, questions, &mut random)
    };
    Ok((part(train_questions, 0), part(test_questions, 1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DataSet, Line};
    use crate::writer;
    use proptest::prelude::*;
    use std::collections::HashMap;

    /// The text of a seed never changes: results that name it can be repeated.
    #[test]
    fn a_seed_gives_the_same_text_for_ever() {
        let (train, test) = stories(6, 5, 1, 39).unwrap();
        let expected = "\
1 Daniel grabbed the football there.\n\
2 Sandra took the milk there.\n\
3 Mary travelled to the kitchen.\n\
4 Sandra went to the office.\n\
5 Is Mary in the kitchen? \tyes\t3\n\
6 Mary moved to the bathroom.\n\
7 John went to the bathroom.\n\
8 Is John in the hallway? \tno\t7\n\
9 Daniel dropped the football there.\n\
10 Sandra dropped the milk.\n\
11 Is Sandra in the office? \tyes\t4\n\
12 Daniel travelled to the kitchen.\n\
13 Sandra went back to the bathroom.\n\
14 Is Daniel in the kitchen? \tyes\t12\n\
15 Sandra moved to the office.\n\
16 Daniel went back to the garden.\n\
17 Is Sandra in the hallway? \tno\t15\n";
        assert_eq!(writer::text(6, &train), expected);
        assert_ne!(writer::text(6, &test), writer::text(6, &stories(6, 1, 0, 39).unwrap().0));
        assert_eq!(stories(6, 200, 1, 39).unwrap().1, test);
        assert_ne!(stories(6, 5, 1, 40).unwrap().0, train);
    }

    #[test]
    fn other_tasks_are_refused() {
        assert!(matches!(DataSet::generate(2, 1, 1, 1), Err(BabiError::NotGenerated(2))));
        assert!(matches!(DataSet::generate(0, 1, 1, 1), Err(BabiError::UnknownTask(0))));
        assert!(matches!(DataSet::generate(21, 1, 1, 1), Err(BabiError::UnknownTask(21))));
    }

    /// Follows a story by its words alone; what is known of people and things must never contradict it.
    fn check(story: &Story) -> Result<(), TestCaseError> {
        let mut place: HashMap<&str, (&str, usize)> = HashMap::new();
        let mut holder: HashMap<&str, &str> = HashMap::new();
        for (index, line) in story.lines.iter().enumerate() {
            let words: Vec<&str> = line.words().iter().map(String::as_str).collect();
            let (first, last) = (words[0], words[words.len() - 1]);
            match line {
                Line::Sentence(_) if wording::PLACES.contains(&last) => {
                    let before = place.insert(first, (last, index));
                    prop_assert!(before.is_none_or(|(place, _)| place != last), "moved to where they were");
                }
                Line::Sentence(_) => {
                    let object = *words.iter().find(|word| wording::OBJECTS.contains(word)).unwrap();
                    if wording::GETS.iter().any(|get| get.starts_with(words[1])) {
                        prop_assert_eq!(holder.insert(object, first), None, "took what was held");
                    } else {
                        prop_assert_eq!(holder.remove(object), Some(first), "dropped what was not held");
                    }
                }
                Line::Question { answer, supporting, .. } => {
                    let person = if first == "where" { last } else { words[1] };
                    let (place, moved) = place[person];
                    let expected = if first == "where" {
                        place
                    } else if place == last {
                        "yes"
                    } else {
                        "no"
                    };
                    prop_assert_eq!(answer.as_str(), expected);
                    prop_assert_eq!(supporting, &vec![moved]);
                }
            }
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn every_story_makes_sense(seed in any::<u64>(), task in prop::sample::select(&TASKS[..]), questions in 1usize..40) {
            let (train, _) = stories(task, questions, 0, seed).unwrap();
            prop_assert_eq!(train.iter().map(Story::questions).sum::<usize>(), questions);
            train.iter().try_for_each(check)?;
        }
    }
}
