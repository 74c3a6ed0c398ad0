//! Task 9: where somebody is or is no longer.
//!
//! Every sentence is a move to another place. Half of them say so, a quarter say where somebody is, a quarter where they no
//! longer are: after that, nobody but the world knows their place (measured: who is said to have left one place is next
//! said to have left another without exception, and is next said to be in the first in a fifth of the cases).

use rand::Rng;
use rand::seq::IndexedRandom;

use super::position::is_there;
use super::telling::{Plot, Question, Random, SENTENCES, Telling, other_than, recent, tell};
use super::wording::{PEOPLE, PLACES, moved};
use crate::data::Story;

/// A sentence's statement about a person.
#[derive(Clone, Copy)]
struct Said {
    line: usize,
    person: usize,
    place: usize,
    /// Whether they are there, or are not.
    there: bool,
}

struct Negation {
    /// Where everybody is.
    people: [usize; PEOPLE.len()],
    said: Vec<Said>,
}

/// A story.
pub fn story(random: &mut Random) -> Story {
    let people = std::array::from_fn(|_| random.random_range(0..PLACES.len()));
    tell(Negation { people, said: Vec::new() }, random)
}

impl Plot for Negation {
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random) {
        for _ in 0..SENTENCES {
            let person = random.random_range(0..PEOPLE.len());
            let before = self.people[person];
            let place = other_than(before, PLACES.len(), random);
            self.people[person] = place;
            let name = PEOPLE[person];
            let (text, place, there) = match random.random_range(0..8) {
                0..4 => (format!("{name} {}", moved(PLACES[place], random)), place, true),
                4 | 5 => (format!("{name} is in the {}", PLACES[place]), place, true),
                6 => (format!("{name} is not in the {}", PLACES[before]), before, false),
                _ => (format!("{name} is no longer in the {}", PLACES[before]), before, false),
            };
            self.said.push(Said { line: telling.say(&text), person, place, there });
        }
    }

    /// A question about a recent person. Where the last sentence says that the person is not in a place, the question
    /// names that place, because no sentence says where the person is instead.
    fn question(&self, random: &mut Random) -> Option<Question> {
        let recent = recent(&self.said);
        let person = recent.choose(random)?.person;
        let &Said { line, place, there, .. } = recent.iter().rfind(|said| said.person == person)?;
        let (text, answer) = if there {
            is_there(PEOPLE[person], place, &PLACES, random)
        } else {
            (format!("is {} in the {}", PEOPLE[person], PLACES[place]), "no")
        };
        Some(Question::new(text, answer, [line]))
    }
}
