//! Tasks 1 and 6: where somebody is, told by the last sentence in which they moved.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::movement::{Action, Event, Handling, World};
use super::telling::{Plot, Question, Random, SENTENCES, Telling, other_than, recent, tell};
use super::wording::{HOUSE, PEOPLE, PLACES};
use crate::data::Story;

/// The subject of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Task 1: where somebody is. Nobody takes or drops anything.
    WhereIs,
    /// Task 6: whether somebody is at a place.
    YesNo,
}

struct Position {
    asked: Asked,
    world: World,
    /// The events so far, each with its line.
    events: Vec<(usize, Event)>,
}

/// A story.
pub fn story(asked: Asked, random: &mut Random) -> Story {
    let handling = if asked == Asked::YesNo { Handling::Take } else { Handling::None };
    tell(Position { asked, world: World::new(handling, random), events: Vec::new() }, random)
}

impl Plot for Position {
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random) {
        for _ in 0..SENTENCES {
            let event = self.world.step(random);
            self.events.push((telling.say(&HOUSE.sentence(&event, random)), event));
        }
    }

    /// Whoever acts in a random one of the recent moves is asked about: somebody who moved twice lately twice as often as
    /// somebody who moved once.
    fn question(&self, random: &mut Random) -> Option<Question> {
        let place = |&(line, event): &(usize, Event)| match event.action {
            Action::Move(place) => Some((line, event.person, place)),
            _ => None,
        };
        let moves: Vec<_> = recent(&self.events).iter().filter_map(place).collect();
        let &(_, person, _) = moves.choose(random)?;
        let (line, _, place) = moves.into_iter().rfind(|&(_, moved, _)| moved == person)?;
        let (text, answer) = match self.asked {
            Asked::WhereIs => (format!("where is {}", PEOPLE[person]), PLACES[place]),
            Asked::YesNo => is_there(PEOPLE[person], place, &PLACES, random),
        };
        Some(Question::new(text, answer, [line]))
    }
}

/// Whether somebody is at a place: the true one or another, each half of the time.
pub fn is_there(name: &str, place: usize, places: &[&str], random: &mut Random) -> (String, &'static str) {
    let (asked, answer) =
        if random.random_bool(0.5) { (place, "yes") } else { (other_than(place, places.len(), random), "no") };
    (format!("is {name} in the {}", places[asked]), answer)
}
