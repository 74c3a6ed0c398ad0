//! Task 18: what fits into what, in two steps.
//!
//! A chocolate is the smallest, the box of chocolates next; the other containers have a random order. Five sentences compare
//! any two, either as "fits inside" or as "is bigger than". Where two of all the sentences can be put together, five questions
//! about random such pairs follow, else more sentences. Half of the answers are "yes". Of several sentences that say the same
//! the first supports the answer (official: four times of five).

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::telling::{Question, Random, Telling, two_of};
use crate::data::Story;

/// The things that are always smallest, in order.
const SMALL: [&str; 2] = ["chocolate", "box of chocolates"];
/// The other things.
const LARGE: [&str; 4] = ["box", "chest", "container", "suitcase"];

/// Sentences before the questions, and questions.
const ROUND: usize = 5;

/// Two things, as their ranks: the first fits inside the second.
type Fact = (usize, usize);

/// A story.
pub fn story(random: &mut Random) -> Story {
    let mut large = LARGE;
    large.shuffle(random);
    let things: Vec<&str> = SMALL.into_iter().chain(large).collect();
    let mut telling = Telling::default();
    let mut facts: Vec<Fact> = Vec::new();
    let chains = loop {
        for _ in 0..ROUND {
            let [one, other] = two_of(things.len(), random);
            let (inner, outer) = (one.min(other), one.max(other));
            facts.push((inner, outer));
            if random.random_bool(0.5) {
                telling.say(&format!("the {} fits inside the {}", things[inner], things[outer]));
            } else {
                telling.say(&format!("the {} is bigger than the {}", things[outer], things[inner]));
            }
        }
        let chains = chains(&facts);
        if !chains.is_empty() {
            break chains;
        }
    };
    for _ in 0..ROUND {
        if let Some(&chain) = chains.choose(random) {
            telling.ask(question(chain, &facts, &things, random));
        }
    }
    telling.story()
}

/// The pairs of sentences of which the second goes on where the first ends.
fn chains(facts: &[Fact]) -> Vec<(Fact, Fact)> {
    let on = |low: Fact| facts.iter().filter(move |high| high.0 == low.1).map(move |&high| (low, high));
    facts.iter().flat_map(|&low| on(low)).collect()
}

fn question((low, high): (Fact, Fact), facts: &[Fact], things: &[&str], random: &mut Random) -> Question {
    // A fact's index is its line: no question stands before the last sentence.
    let line = |fact: Fact| facts.iter().position(|&said| said == fact).unwrap_or_default();
    let (low_line, high_line) = (line(low), line(high));
    let (inner, outer) = (things[low.0], things[high.1]);
    let yes = random.random_bool(0.5);
    let (fits, into) = if yes { (inner, outer) } else { (outer, inner) };
    let text = if random.random_bool(0.5) {
        format!("does the {fits} fit in the {into}")
    } else {
        format!("is the {into} bigger than the {fits}")
    };
    if yes {
        Question::new(text, "yes", [high_line, low_line])
    } else {
        Question::new(text, "no", [low_line, high_line])
    }
}
