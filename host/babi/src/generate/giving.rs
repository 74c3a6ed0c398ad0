//! Task 5: who gave what to whom.
//!
//! A recent giving is drawn, and the latest giving of its thing is asked about: in a third of the cases what was given, in a
//! third who gave it, in a third who received it; the last two in two wordings each. What somebody gave to somebody is the
//! latest such thing, which the official text forgets in four of 2000 cases.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::movement::{Action, Event, Handling, World};
use super::telling::{Plot, Question, Random, SENTENCES, Telling, recent, tell};
use super::wording::{GIVERS, GIVING, OBJECTS};
use crate::data::Story;

struct Giving {
    world: World,
    /// The events so far, each with its line.
    events: Vec<(usize, Event)>,
}

/// Somebody gave something to somebody, by their indices.
#[derive(Clone, Copy)]
struct Gift {
    line: usize,
    from: usize,
    object: usize,
    to: usize,
}

/// A story.
pub fn story(random: &mut Random) -> Story {
    tell(Giving { world: World::new(Handling::Give, random), events: Vec::new() }, random)
}

impl Plot for Giving {
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random) {
        for _ in 0..SENTENCES {
            let event = self.world.step(random);
            self.events.push((telling.say(&GIVING.sentence(&event, random)), event));
        }
    }

    fn question(&self, random: &mut Random) -> Option<Question> {
        let gifts: Vec<Gift> = recent(&self.events).iter().filter_map(gift).collect();
        let object = gifts.choose(random)?.object;
        let latest = |matches: &dyn Fn(&Gift) -> bool| gifts.iter().rfind(|gift| matches(gift)).copied();
        let Gift { line, from, to, .. } = latest(&|gift| gift.object == object)?;
        let (giver, receiver, thing) = (GIVERS[from], GIVERS[to], OBJECTS[object]);
        let (text, answer) = match random.random_range(0..6) {
            0 | 1 => {
                // The same two may have gone on to give something else.
                let Gift { line, object, .. } = latest(&|gift| (gift.from, gift.to) == (from, to))?;
                return Some(Question::new(format!("what did {giver} give to {receiver}"), OBJECTS[object], [line]));
            }
            2 => (format!("who gave the {thing}"), giver),
            3 => (format!("who gave the {thing} to {receiver}"), giver),
            4 => (format!("who received the {thing}"), receiver),
            _ => (format!("who did {giver} give the {thing} to"), receiver),
        };
        Some(Question::new(text, answer, [line]))
    }
}

fn gift(&(line, event): &(usize, Event)) -> Option<Gift> {
    match event.action {
        Action::Give { object, to } => Some(Gift { line, from: event.person, object, to }),
        _ => None,
    }
}
