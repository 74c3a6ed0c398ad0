//! Task 17: how two shapes lie to each other, each told to lie beside a third.
//!
//! The two lie at different sides of the third, which is the subject of two sentences of three. Eight questions about the two:
//! half are true, and of the directions that are (or are not), all are equally likely.

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::telling::{Question, Random, Telling, two_of};
use crate::data::Story;

/// The shapes as they are called.
const SHAPES: [&str; 6] = ["triangle", "pink rectangle", "red sphere", "blue square", "yellow square", "red square"];

/// The directions, with a step to each: rightward and upward.
const DIRECTIONS: [(&str, (i32, i32)); 4] =
    [("above", (0, 1)), ("to the right of", (1, 0)), ("below", (0, -1)), ("to the left of", (-1, 0))];

/// Questions of a story.
const QUESTIONS: usize = 8;

/// A story.
pub fn story(random: &mut Random) -> Story {
    let mut shapes = SHAPES;
    shapes.shuffle(random);
    let [middle, one, other, ..] = shapes;
    let directions = two_of(DIRECTIONS.len(), random);
    let names = [one, other];
    let mut telling = Telling::default();
    let lines = [0, 1].map(|index| {
        let (direction, shape) = (directions[index], names[index]);
        if random.random_ratio(2, 3) {
            let back = DIRECTIONS[(direction + 2) % DIRECTIONS.len()].0;
            telling.say(&format!("the {middle} is {back} the {shape}"))
        } else {
            telling.say(&format!("the {shape} is {} the {middle}", DIRECTIONS[direction].0))
        }
    });
    for _ in 0..QUESTIONS {
        let [asked, of] = two_of(names.len(), random);
        let holds = random.random_bool(0.5);
        let spots = [asked, of].map(|index| DIRECTIONS[directions[index]].1);
        let fitting = DIRECTIONS.iter().filter(|(_, step)| lies(spots, *step) == holds);
        let (word, _) = fitting.collect::<Vec<_>>().choose(random).copied().copied().unwrap_or_default();
        let text = format!("is the {} {word} the {}", names[asked], names[of]);
        telling.ask(Question::new(text, if holds { "yes" } else { "no" }, [lines[asked], lines[of]]));
    }
    telling.story()
}

/// Whether the first of two spots lies in a direction from the second: somewhere above, right of it, and so on.
fn lies([(x, y), (other_x, other_y)]: [(i32, i32); 2], (right, up): (i32, i32)) -> bool {
    (x - other_x) * right + (y - other_y) * up > 0
}
