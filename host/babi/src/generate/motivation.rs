//! Task 20: where somebody will go and why they did what they did, by what they feel.
//!
//! Each of four people feels something, goes where there is help, and takes the thing that helps, unless somebody took it
//! before. Whose turn it is, is random. Every sentence is followed by a question about it.

use rand::Rng;

use super::telling::{Question, Random, Telling};
use super::wording::{GETS, moved, one_of};
use crate::data::Story;

/// The people.
pub const PEOPLE: [&str; 4] = ["antoine", "jason", "sumit", "yann"];

/// A feeling, the place that a person goes to because of it, and the thing that the person takes there.
const MOTIVES: [(&str, &str, &str); 4] = [
    ("bored", "garden", "football"),
    ("hungry", "kitchen", "apple"),
    ("thirsty", "kitchen", "milk"),
    ("tired", "bedroom", "pajamas"),
];

/// How far somebody is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Content,
    /// Feels something, by its index; with the line that says so.
    Feels(usize, usize),
    /// Went where there is help, for the same.
    There(usize, usize),
    Done,
}

/// A story.
pub fn story(random: &mut Random) -> Story {
    let mut telling = Telling::default();
    let mut people = [Stage::Content; PEOPLE.len()];
    let mut taken = [false; MOTIVES.len()];
    let waits = |stage: Stage, taken: &[bool]| match stage {
        Stage::There(motive, _) => !taken[motive],
        Stage::Done => false,
        Stage::Content | Stage::Feels(..) => true,
    };
    while people.iter().any(|&stage| waits(stage, &taken)) {
        let person = random.random_range(0..PEOPLE.len());
        let name = PEOPLE[person];
        if !waits(people[person], &taken) {
            continue;
        }
        people[person] = match people[person] {
            Stage::Content => {
                let motive = random.random_range(0..MOTIVES.len());
                let (feeling, place, _) = MOTIVES[motive];
                let line = telling.say(&format!("{name} is {feeling}"));
                telling.ask(Question::new(format!("where will {name} go"), place, [line]));
                Stage::Feels(motive, line)
            }
            Stage::Feels(motive, line) => {
                let (feeling, place, _) = MOTIVES[motive];
                telling.say(&format!("{name} {}", moved(place, random)));
                telling.ask(Question::new(format!("why did {name} go to the {place}"), feeling, [line]));
                Stage::There(motive, line)
            }
            Stage::There(motive, line) => {
                let (feeling, _, thing) = MOTIVES[motive];
                telling.say(&format!("{name} {} the {thing} there", one_of(&GETS, random)));
                telling.ask(Question::new(format!("why did {name} get the {thing}"), feeling, [line]));
                taken[motive] = true;
                Stage::Done
            }
            Stage::Done => Stage::Done,
        };
    }
    telling.story()
}
