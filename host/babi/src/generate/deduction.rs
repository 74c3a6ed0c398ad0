//! Task 15: what somebody is afraid of, being an animal of a kind.
//!
//! Every kind is afraid of another. Sentences are drawn, all equally likely, until they are possible: a kind's fear, where it
//! is not told yet, or that somebody is of a kind, where the kind's fear is told and the somebody is new. Then four questions
//! about anybody.

use rand::Rng;

use super::telling::{Question, Random, Telling, other_than};
use crate::data::Story;

/// The kinds of animals: one, and many.
pub const KINDS: [(&str, &str); 4] = [("mouse", "mice"), ("sheep", "sheep"), ("wolf", "wolves"), ("cat", "cats")];
/// The animals.
pub const NAMES: [&str; 4] = ["gertrude", "winona", "jessica", "emily"];

/// Questions of a story.
const QUESTIONS: usize = 4;

/// A story.
pub fn story(random: &mut Random) -> Story {
    let mut telling = Telling::default();
    // What each kind is afraid of, and of which kind each animal is; each with its line.
    let mut fears: [Option<(usize, usize)>; KINDS.len()] = [None; KINDS.len()];
    let mut kinds: [Option<(usize, usize)>; NAMES.len()] = [None; NAMES.len()];
    while fears.contains(&None) || kinds.contains(&None) {
        let kind = random.random_range(0..KINDS.len());
        if random.random_bool(0.5) {
            if fears[kind].is_none() {
                let other = other_than(kind, KINDS.len(), random);
                let line = telling.say(&format!("{} are afraid of {}", KINDS[kind].1, KINDS[other].1));
                fears[kind] = Some((other, line));
            }
        } else {
            let name = random.random_range(0..NAMES.len());
            if kinds[name].is_none() && fears[kind].is_some() {
                kinds[name] = Some((kind, telling.say(&format!("{} is a {}", NAMES[name], KINDS[kind].0))));
            }
        }
    }
    let mut asked = 0;
    while asked < QUESTIONS {
        let name = random.random_range(0..NAMES.len());
        if let Some((kind, is)) = kinds[name]
            && let Some((other, afraid)) = fears[kind]
        {
            telling.ask(Question::new(format!("what is {} afraid of", NAMES[name]), KINDS[other].0, [is, afraid]));
            asked += 1;
        }
    }
    telling.story()
}
