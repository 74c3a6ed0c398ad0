//! Tasks 1 and 6: where somebody is, told by the last sentence in which they moved.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::movement::{Action, Event, World};
use super::wording::{PEOPLE, PLACES, sentence, words};
use crate::data::{Line, Story};

/// Questions of a story, but for a last one that is cut short.
const QUESTIONS: usize = 5;
/// Sentences before each question.
const SENTENCES: usize = 2;
/// How many sentences back the move may lie whose person is asked about. (No supporting fact is further back.)
const WINDOW: usize = 5;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Task 1: where somebody is. Nobody takes or drops anything.
    WhereIs,
    /// Task 6: whether somebody is at a place.
    YesNo,
}

/// Stories with so many questions.
pub fn stories(task: Task, questions: usize, random: &mut impl Rng) -> Vec<Story> {
    let starts = (0..questions).step_by(QUESTIONS);
    starts.map(|start| story(task, QUESTIONS.min(questions - start), random)).collect()
}

fn story(task: Task, questions: usize, random: &mut impl Rng) -> Story {
    let mut world = World::new(task == Task::YesNo, random);
    let mut lines = Vec::new();
    let mut events: Vec<(usize, Event)> = Vec::new();
    let mut asked = 0;
    while asked < questions {
        for _ in 0..SENTENCES {
            let event = world.step(random);
            events.push((lines.len(), event));
            lines.push(Line::Sentence(sentence(&event, random)));
        }
        // Where nobody moved lately there is nothing to ask, and the story goes on.
        if let Some((line, person, place)) = subject(&events, random) {
            lines.push(question(task, line, person, place, random));
            asked += 1;
        }
    }
    Story { lines }
}

/// Who is asked about: whoever acts in a random one of the recent moves, with the line of their latest move and its place.
///
/// So somebody who moved twice lately is asked about twice as often as somebody who moved once.
fn subject(events: &[(usize, Event)], random: &mut impl Rng) -> Option<(usize, usize, usize)> {
    let moves: Vec<(usize, usize, usize)> = events[events.len().saturating_sub(WINDOW)..]
        .iter()
        .filter_map(|&(line, event)| match event.action {
            Action::Move(place) => Some((line, event.person, place)),
            Action::Get(_) | Action::Drop(_) => None,
        })
        .collect();
    let &(_, person, _) = moves.choose(random)?;
    moves.into_iter().rfind(|&(_, moved, _)| moved == person)
}

/// The question. A yes/no question names the true place or another one, each half of the time.
fn question(task: Task, line: usize, person: usize, place: usize, random: &mut impl Rng) -> Line {
    let name = PEOPLE[person];
    let (text, answer) = match task {
        Task::WhereIs => (format!("where is {name}"), PLACES[place]),
        Task::YesNo if random.random_bool(0.5) => (format!("is {name} in the {}", PLACES[place]), "yes"),
        Task::YesNo => {
            let other = (place + random.random_range(1..PLACES.len())) % PLACES.len();
            (format!("is {name} in the {}", PLACES[other]), "no")
        }
    };
    Line::Question { words: words(&text), answer: answer.to_string(), supporting: vec![line] }
}
