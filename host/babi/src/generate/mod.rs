//! Generates tasks: text of the same kind as the official files, fitted to them.
//!
//! Facebook's public simulator did not make the official files, so what happens and what is asked was measured in them. Most
//! tasks have one rhythm: two things happen, then a question is asked about one of the last five, until there are five
//! questions (`telling`). Who moves, takes, drops and gives is one engine (`movement`), how it is worded another file
//! (`wording`), and each kind of question a third; the tasks that have a world of their own are a file each.
//!
//! [`crate::accept`] measures how near the generated text is to the official one. Results on generated text are results on
//! generated text, not bAbI scores: [`Source`] says so wherever they are shown.

mod coreference;
pub(crate) mod deduction;
mod giving;
mod indefinite;
pub(crate) mod induction;
mod map;
pub(crate) mod motivation;
mod movement;
mod negation;
mod path;
mod position;
mod possession;
mod shapes;
mod size;
mod telling;
mod time;
pub(crate) mod wording;

use rand::SeedableRng;

use crate::data::{DataSet, Line, Source, Story};
use crate::error::BabiError;
use crate::names;
use telling::Random;

impl DataSet {
    /// Generates a task with so many questions. Training and test text are independent; the same arguments give the
    /// same text on every machine.
    pub fn generate(task: u8, train_questions: usize, test_questions: usize, seed: u64) -> Result<DataSet, BabiError> {
        let (train, test) = stories(task, train_questions, test_questions, seed)?;
        Ok(DataSet { task, source: Source::Generated { seed }, train, test })
    }
}

/// Training and test stories of a task, with so many questions.
pub(crate) fn stories(
    task: u8,
    train_questions: usize,
    test_questions: usize,
    seed: u64,
) -> Result<(Vec<Story>, Vec<Story>), BabiError> {
    if !names::tasks().any(|known| known == task) {
        return Err(BabiError::UnknownTask(task));
    }
    let part = |questions, stream| {
        let mut random = Random::seed_from_u64(seed);
        // A stream each: the test text stays the same however long the training text is.
        random.set_stream(stream);
        part(task, questions, &mut random)
    };
    Ok((part(train_questions, 0), part(test_questions, 1)))
}

/// Stories with so many questions; the last is cut short where it has more.
fn part(task: u8, mut questions: usize, random: &mut Random) -> Vec<Story> {
    let mut stories = Vec::new();
    while questions > 0 {
        let mut story = story(task, random);
        let last = story.lines.iter().enumerate().filter(|(_, line)| line.is_question()).nth(questions - 1);
        if let Some((index, _)) = last {
            story.lines.truncate(index + 1);
        }
        questions -= story.lines.iter().filter(|line| Line::is_question(line)).count();
        stories.push(story);
    }
    stories
}

/// A story of one of the twenty tasks.
fn story(task: u8, random: &mut Random) -> Story {
    use {coreference::Who, position::Asked as Position, possession::Asked as Possession};
    match task {
        1 => position::story(Position::WhereIs, random),
        2 => possession::story(Possession::Where, random),
        3 => possession::story(Possession::Before, random),
        4 => map::story(random),
        5 => giving::story(random),
        6 => position::story(Position::YesNo, random),
        7 => possession::story(Possession::Count, random),
        8 => possession::story(Possession::List, random),
        9 => negation::story(random),
        10 => indefinite::story(random),
        11 => coreference::story(Who::OnePronoun, random),
        12 => coreference::story(Who::Two, random),
        13 => coreference::story(Who::TwoPronoun, random),
        14 => time::story(random),
        15 => deduction::story(random),
        16 => induction::story(random),
        17 => shapes::story(random),
        18 => size::story(random),
        19 => path::story(random),
        _ => motivation::story(random),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DataSet;
    use crate::writer;
    use proptest::prelude::*;

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

    /// The generator repeats itself in all tasks: a checksum (FNV-1a) over some stories.
    #[test]
    fn every_task_stays_the_same() {
        let sum = |task| {
            let text = writer::text(task, &stories(task, 100, 0, 39).unwrap().0);
            text.bytes().fold(0x811c_9dc5u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
        };
        let sums: Vec<u32> = names::tasks().map(sum).collect();
        let expected = [
            2616185091, 4198384286, 2534967126, 3087508855, 3412484678, 2973631622, 1876502084, 3443881489, 1616893844,
            2448811365, 711444625, 3302669242, 1559776999, 1984344835, 701665170, 4294803601, 1961239886, 4084759749,
            1333591136, 3604676674,
        ];
        assert_eq!(sums, expected);
    }

    #[test]
    fn other_tasks_are_refused() {
        assert!(matches!(DataSet::generate(0, 1, 1, 1), Err(BabiError::UnknownTask(0))));
        assert!(matches!(DataSet::generate(21, 1, 1, 1), Err(BabiError::UnknownTask(21))));
    }

    proptest! {
        #[test]
        fn there_are_as_many_questions_as_asked_for(seed in any::<u64>(), task in 1u8..=20, questions in 0usize..40) {
            let (train, test) = stories(task, questions, 1, seed).unwrap();
            let count = |stories: &[Story]| stories.iter().map(Story::questions).sum::<usize>();
            prop_assert_eq!((count(&train), count(&test)), (questions, 1));
            prop_assert!(train.iter().all(|story| story.lines.last().is_some_and(Line::is_question)));
        }
    }
}
