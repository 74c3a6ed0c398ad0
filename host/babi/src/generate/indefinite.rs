//! Task 10: where somebody is, or in which of two places.
//!
//! Every sentence is a move to another place. Half of them say so, a quarter say where somebody is, a quarter that they are
//! either there or in another place. (In a sixth of those the official text names one place twice, "either in the park or
//! the park", and calls it "maybe"; here the two differ.)

use rand::Rng;
use rand::seq::IndexedRandom;

use super::position::is_there;
use super::telling::{Plot, Question, Random, SENTENCES, Telling, other_than, recent, tell};
use super::wording::{TOWN, TOWNSPEOPLE, moved};
use crate::data::Story;

/// A sentence's statement about a person.
#[derive(Clone, Copy)]
struct Said {
    line: usize,
    person: usize,
    place: usize,
    /// Where else they may be.
    or: Option<usize>,
}

struct Indefinite {
    /// Where everybody is.
    people: [usize; TOWNSPEOPLE.len()],
    said: Vec<Said>,
}

/// A story.
pub fn story(random: &mut Random) -> Story {
    let people = std::array::from_fn(|_| random.random_range(0..TOWN.len()));
    tell(Indefinite { people, said: Vec::new() }, random)
}

impl Plot for Indefinite {
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random) {
        for _ in 0..SENTENCES {
            let person = random.random_range(0..TOWNSPEOPLE.len());
            let place = other_than(self.people[person], TOWN.len(), random);
            self.people[person] = place;
            let name = TOWNSPEOPLE[person];
            let (text, or) = match random.random_range(0..4) {
                0 | 1 => (format!("{name} {}", moved(TOWN[place], random)), None),
                2 => (format!("{name} is in the {}", TOWN[place]), None),
                _ => {
                    let other = other_than(place, TOWN.len(), random);
                    let (one, two) = if random.random_bool(0.5) { (place, other) } else { (other, place) };
                    (format!("{name} is either in the {} or the {}", TOWN[one], TOWN[two]), Some(other))
                }
            };
            self.said.push(Said { line: telling.say(&text), person, place, or });
        }
    }

    fn question(&self, random: &mut Random) -> Option<Question> {
        let recent = recent(&self.said);
        let person = recent.choose(random)?.person;
        let &Said { line, place, or, .. } = recent.iter().rfind(|said| said.person == person)?;
        let (text, answer) = is_there(TOWNSPEOPLE[person], place, &TOWN, random);
        let maybe = or.is_some_and(|or| answer == "yes" || text.ends_with(TOWN[or]));
        Some(Question::new(text, if maybe { "maybe" } else { answer }, [line]))
    }
}
