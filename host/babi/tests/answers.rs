//! The answers of the generated text are right: a solver that reads the words alone comes to the same ones, from the whole
//! story and from the supporting facts. It does so for the official text as well, which shows that the solver is right.

mod solver;

use std::path::Path;

use engram_babi::{DataSet, Line, Story};
use proptest::prelude::*;

/// The questions of some stories.
fn questions(stories: &[Story]) -> impl Iterator<Item = Asked<'_>> {
    let lines = stories.iter().flat_map(|story| (0..story.lines.len()).map(move |index| (&story.lines, index)));
    lines.filter_map(|(lines, index)| {
        let question = &lines[index];
        let Line::Question { answer, supporting, .. } = question else { return None };
        let story = lines[..index].iter().filter(|line| !line.is_question()).collect();
        let mut facts = supporting.clone();
        facts.sort_unstable();
        let supporting = facts.into_iter().map(|fact| &lines[fact]).collect();
        Some(Asked { story, supporting, question, answer })
    })
}

/// A question with its answer, the sentences before it, and its supporting facts in the order of the story.
#[derive(Debug)]
struct Asked<'a> {
    story: Vec<&'a Line>,
    supporting: Vec<&'a Line>,
    question: &'a Line,
    answer: &'a str,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn generated_answers_are_right(seed in any::<u64>(), task in 1u8..=20) {
        let data = DataSet::generate(task, 40, 1, seed).unwrap();
        for asked in questions(&data.train) {
            // Task 3's supporting facts do not tell since when somebody had the thing.
            for sentences in [&asked.story, if task == 3 { &asked.story } else { &asked.supporting }] {
                let solved = solver::answer(task, sentences, asked.question);
                prop_assert_eq!(solved.as_deref(), Some(asked.answer), "task {}: {:?} {:#?}", task, sentences, asked);
            }
        }
    }
}

/// In rare cases the official text has two answers: in task 5 somebody gave the same person two things, in task 16 two
/// animals of a kind have different colours. Nowhere else does the solver differ.
#[test]
fn official_answers_are_the_solvers() {
    let root = std::env::var_os("ENGRAM_BABI")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/babi"), Into::into);
    for task in 1..=20 {
        let Ok(data) = DataSet::read(root.join("en"), task) else {
            eprintln!("skipped: no bAbI task {task} in {}; set ENGRAM_BABI", root.display());
            continue;
        };
        let differs =
            |asked: &Asked| solver::answer(task, &asked.story, asked.question).as_deref() != Some(asked.answer);
        let different: Vec<_> = questions(&data.train).chain(questions(&data.test)).filter(differs).collect();
        let allowed = if matches!(task, 5 | 16) { 20 } else { 0 };
        assert!(different.len() <= allowed, "task {task}: {} of 2000, as {:?}", different.len(), different[0]);
    }
}
