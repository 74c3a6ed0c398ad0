//! Task 4: three rooms in a row, and which is north, south, east or west of which.

use rand::Rng;
use rand::seq::SliceRandom;

use super::telling::{Question, Random, Telling};
use super::wording::PLACES;
use crate::data::Story;

/// A direction of the compass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Direction {
    /// The word for the place.
    pub name: &'static str,
    /// A step to it: eastward and northward.
    pub step: (i32, i32),
}

/// All four; a direction and its opposite are two apart.
pub const DIRECTIONS: [Direction; 4] = [
    Direction { name: "north", step: (0, 1) },
    Direction { name: "east", step: (1, 0) },
    Direction { name: "south", step: (0, -1) },
    Direction { name: "west", step: (-1, 0) },
];

/// The opposite of a direction, both as indices of [`DIRECTIONS`].
pub fn opposite(direction: usize) -> usize {
    (direction + 2) % DIRECTIONS.len()
}

/// The sentence that a place lies in a direction from another.
pub fn lies(place: &str, direction: usize, of: &str) -> String {
    format!("the {place} is {} of the {of}", DIRECTIONS[direction].name)
}

/// A story: the middle room and both others, then a question about one of the two. The middle room is the subject in a third
/// of the sentences. The question repeats the sentence's direction, or turns it.
pub fn story(random: &mut Random) -> Story {
    let mut places = PLACES;
    places.shuffle(random);
    let [middle, one, other, ..] = places;
    let direction = random.random_range(0..DIRECTIONS.len());
    let mut telling = Telling::default();
    let facts = [(one, direction), (other, opposite(direction))].map(|(end, direction)| {
        if random.random_ratio(1, 3) { (middle, opposite(direction), end) } else { (end, direction, middle) }
    });
    let lines = facts.map(|(place, direction, of)| telling.say(&lies(place, direction, of)));
    let asked = random.random_range(0..facts.len());
    let (place, direction, of) = facts[asked];
    let text = if random.random_bool(0.5) {
        format!("what is {} of the {of}", DIRECTIONS[direction].name)
    } else {
        format!("what is the {of} {} of", DIRECTIONS[opposite(direction)].name)
    };
    telling.ask(Question::new(text, place, [lines[asked]]));
    telling.story()
}
