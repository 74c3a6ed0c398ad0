//! The words of the movement tasks: who, where and what, and how it is said.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::movement::{Action, Event};

/// The people.
pub const PEOPLE: [&str; 4] = ["mary", "john", "daniel", "sandra"];
/// The places.
pub const PLACES: [&str; 6] = ["bathroom", "bedroom", "garden", "hallway", "kitchen", "office"];
/// The things.
pub const OBJECTS: [&str; 3] = ["apple", "football", "milk"];

/// How a move is said, all equally often.
pub const MOVES: [&str; 5] = ["went to", "went back to", "journeyed to", "travelled to", "moved to"];
/// How taking is said, all equally often.
pub const GETS: [&str; 4] = ["took", "got", "grabbed", "picked up"];
/// How dropping is said, all equally often.
pub const DROPS: [&str; 4] = ["left", "dropped", "discarded", "put down"];
/// How often a dropping ends with "there" (task 6, 10k: 486 of 2357). Taking always does.
const DROP_THERE: f64 = 0.2;

/// The sentence for an event.
pub fn sentence(event: &Event, random: &mut impl Rng) -> Vec<String> {
    let (verbs, thing, there): (&[&str], _, _) = match event.action {
        Action::Move(place) => (&MOVES, PLACES[place], false),
        Action::Get(object) => (&GETS, OBJECTS[object], true),
        Action::Drop(object) => (&DROPS, OBJECTS[object], random.random_bool(DROP_THERE)),
    };
    let verb = verbs.choose(random).copied().unwrap_or_default();
    let ending = if there { " there" } else { "" };
    words(&format!("{} {verb} the {thing}{ending}", PEOPLE[event.person]))
}

/// The words of a sentence that is already lower-cased and without its mark.
pub fn words(text: &str) -> Vec<String> {
    text.split(' ').map(String::from).collect()
}
