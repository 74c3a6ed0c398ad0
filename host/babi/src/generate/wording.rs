//! The words of the movement tasks: who, where and what, and how it is said.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::movement::{Action, Event};

/// The people of the house: tasks 1 to 3, 6 to 9 and 11 to 13.
pub const PEOPLE: [&str; 4] = ["mary", "john", "daniel", "sandra"];
/// The people who give things to each other: task 5.
pub const GIVERS: [&str; 4] = ["mary", "fred", "bill", "jeff"];
/// The people of the town: tasks 10 and 14.
pub const TOWNSPEOPLE: [&str; 4] = ["bill", "fred", "julie", "mary"];
/// The places of the house.
pub const PLACES: [&str; 6] = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"];
/// The places of the town.
pub const TOWN: [&str; 6] = ["bedroom", "cinema", "kitchen", "office", "park", "school"];
/// The things.
pub const OBJECTS: [&str; 3] = ["apple", "football", "milk"];

/// How a move is said, all equally often.
pub const MOVES: [&str; 5] = ["went to", "went back to", "journeyed to", "travelled to", "moved to"];
/// How taking is said, all equally often.
pub const GETS: [&str; 4] = ["took", "got", "grabbed", "picked up"];
/// How dropping is said, all equally often.
pub const DROPS: [&str; 4] = ["left", "dropped", "discarded", "put down"];
/// How giving is said, all equally often.
const GIVES: [&str; 3] = ["gave", "handed", "passed"];
/// How often a dropping ends with "there" (task 6, 10k: 486 of 2357), and in task 3 a taking (527 of 2780).
const THERE: f64 = 0.2;

/// The names of the people, and the words for their actions.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The people's names.
    pub people: [&'static str; 4],
    /// How often taking ends with "there".
    get_there: f64,
}

/// The people of the house.
pub const HOUSE: Wording = Wording { people: PEOPLE, get_there: 1.0 };
/// Task 3: the same people; their sentences do not always say that they take a thing "there".
pub const TERSE: Wording = Wording { people: PEOPLE, get_there: THERE };
/// The people of task 5.
pub const GIVING: Wording = Wording { people: GIVERS, get_there: 1.0 };

impl Wording {
    /// The sentence for an event.
    pub fn sentence(&self, event: &Event, random: &mut impl Rng) -> String {
        let name = self.people[event.person];
        let (verbs, thing, ending): (&[&str], _, _) = match event.action {
            Action::Move(place) => (&MOVES, PLACES[place], String::new()),
            Action::Get(object) => (&GETS, OBJECTS[object], there(self.get_there, random)),
            Action::Drop(object) => (&DROPS, OBJECTS[object], there(THERE, random)),
            Action::Give { object, to } => (&GIVES, OBJECTS[object], format!(" to {}", self.people[to])),
        };
        format!("{name} {} the {thing}{ending}", one_of(verbs, random))
    }
}

fn there(chance: f64, random: &mut impl Rng) -> String {
    if random.random_bool(chance) { " there".to_string() } else { String::new() }
}

/// A random word of the list, each equally often.
pub fn one_of<'a>(words: &[&'a str], random: &mut impl Rng) -> &'a str {
    words.choose(random).copied().unwrap_or_default()
}

/// How somebody moved to a place.
pub fn moved(place: &str, random: &mut impl Rng) -> String {
    format!("{} the {place}", one_of(&MOVES, random))
}

/// The words of a sentence that is already lower-cased and without its mark.
pub fn words(text: &str) -> Vec<String> {
    text.split(' ').map(String::from).collect()
}
