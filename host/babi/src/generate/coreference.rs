//! Tasks 11, 12 and 13: people who move alone or in twos, named or as "he", "she" and "they".
//!
//! Two moves, then a question about somebody who moved recently. In 11 and 13 the second move is that of the same people.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::telling::{Plot, Question, Random, SENTENCES, Telling, recent, tell, two_of};
use super::wording::{PEOPLE, PLACES, moved, one_of};
use crate::data::Story;

/// How a sentence about the same people begins, all equally often.
const NEXT: [&str; 4] = ["afterwards", "then", "after that", "following that"];

/// The people who move, and the words for the second move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Task 11: somebody, then the same as "he" or "she".
    OnePronoun,
    /// Task 12: two people, then any two.
    Two,
    /// Task 13: two people, then the same as "they".
    TwoPronoun,
}

/// Somebody moved.
#[derive(Clone)]
struct Clause {
    person: usize,
    place: usize,
    /// The lines that tell it: where a pronoun does, the line that it refers to as well.
    lines: Vec<usize>,
}

struct Coreference {
    who: Who,
    /// Where everybody is known to be.
    people: [Option<usize>; PEOPLE.len()],
    clauses: Vec<Clause>,
}

/// A story.
pub fn story(who: Who, random: &mut Random) -> Story {
    tell(Coreference { who, people: [None; PEOPLE.len()], clauses: Vec::new() }, random)
}

impl Plot for Coreference {
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random) {
        if self.who == Who::Two {
            for _ in 0..SENTENCES {
                self.named(telling, random);
            }
        } else {
            let (people, line) = self.named(telling, random);
            let pronoun = match people[..] {
                [one] => ["she", "he", "he", "she"][one],
                _ => "they",
            };
            let place = self.other_place(&people, random);
            let next = one_of(&NEXT, random);
            let second = telling.say(&format!("{next} {pronoun} {}", moved(PLACES[place], random)));
            self.record(&people, place, &[line, second]);
        }
    }

    fn question(&self, random: &mut Random) -> Option<Question> {
        let person = recent(&self.clauses).choose(random)?.person;
        let latest = self.clauses.iter().rfind(|clause| clause.person == person)?;
        Some(Question::new(format!("where is {}", PEOPLE[person]), PLACES[latest.place], latest.lines.clone()))
    }
}

impl Coreference {
    /// A move of people who are named. Returns who, and the line.
    fn named(&mut self, telling: &mut Telling, random: &mut Random) -> (Vec<usize>, usize) {
        let people = match self.who {
            Who::OnePronoun => vec![random.random_range(0..PEOPLE.len())],
            Who::Two | Who::TwoPronoun => two_of(PEOPLE.len(), random).to_vec(),
        };
        let place = self.other_place(&people, random);
        let names: Vec<&str> = people.iter().map(|&person| PEOPLE[person]).collect();
        let line = telling.say(&format!("{} {}", names.join(" and "), moved(PLACES[place], random)));
        self.record(&people, place, &[line]);
        (people, line)
    }

    /// A place where none of them is known to be.
    fn other_place(&self, people: &[usize], random: &mut Random) -> usize {
        loop {
            let place = random.random_range(0..PLACES.len());
            if people.iter().all(|&person| self.people[person] != Some(place)) {
                return place;
            }
        }
    }

    fn record(&mut self, people: &[usize], place: usize, lines: &[usize]) {
        for &person in people {
            self.people[person] = Some(place);
            self.clauses.push(Clause { person, place, lines: lines.to_vec() });
        }
    }
}
