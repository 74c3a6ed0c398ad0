//! Task 14: where somebody was before, told out of order.
//!
//! Each of four people moves once at each of four times, in turn as chance has it. Two moves at a time are told (more, where
//! before that there is nothing to ask), never in the place where they happened: shuffled by Sattolo's algorithm, so that
//! two always change places.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::telling::{QUESTIONS, Question, Random, SENTENCES, Telling, other_than, recent};
use super::wording::{TOWN, TOWNSPEOPLE, moved};
use crate::data::Story;

/// The times in order.
const TIMES: [&str; 4] = ["yesterday", "this morning", "this afternoon", "this evening"];

/// Somebody moved to a place. Their moves are in the order of the [`TIMES`].
struct Move {
    person: usize,
    place: usize,
    /// The time, by its index.
    time: usize,
    /// The line that tells of the move; 0 before there is one.
    line: usize,
}

/// A story.
pub fn story(random: &mut Random) -> Story {
    let mut telling = Telling::default();
    let mut moves: Vec<Move> = Vec::new();
    for _ in 0..QUESTIONS {
        let told = moves.len();
        let (before, after) = loop {
            (0..SENTENCES).for_each(|_| happen(&mut moves, random));
            if let Some(asked) = asked(&moves, random) {
                break asked;
            }
        };
        say(&mut moves[told..], &mut telling, random);
        let (before, after) = (&moves[before], &moves[after]);
        let text = format!("where was {} before the {}", TOWNSPEOPLE[after.person], TOWN[after.place]);
        telling.ask(Question::new(text, TOWN[before.place], [after.line, before.line]));
    }
    telling.story()
}

/// The next move of somebody who has not yet moved at all times, to another place.
fn happen(moves: &mut Vec<Move>, random: &mut Random) {
    loop {
        let person = random.random_range(0..TOWNSPEOPLE.len());
        let mut theirs = moves.iter().filter(|done| done.person == person);
        let time = theirs.clone().count();
        if time < TIMES.len() {
            let place = match theirs.next_back() {
                Some(last) => other_than(last.place, TOWN.len(), random),
                None => random.random_range(0..TOWN.len()),
            };
            return moves.push(Move { person, place, time, line: 0 });
        }
    }
}

/// The move that is asked about and the same person's move before it, as indices: (before, after). A recent move is drawn
/// at random; the question is about the person's latest arrival at its place. `None` where no person moved twice.
fn asked(moves: &[Move], random: &mut Random) -> Option<(usize, usize)> {
    let pair = |drawn: &Move| {
        let of = |index: &usize| moves[*index].person == drawn.person;
        let after = (0..moves.len()).filter(of).rfind(|&index| moves[index].place == drawn.place)?;
        let before = (0..after).rfind(of)?;
        Some((before, after))
    };
    let pairs: Vec<(usize, usize)> = recent(moves).iter().filter_map(pair).collect();
    pairs.choose(random).copied()
}

/// Tells some moves in another order.
fn say(moves: &mut [Move], telling: &mut Telling, random: &mut Random) {
    let mut order: Vec<usize> = (0..moves.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, random.random_range(0..last));
    }
    for index in order {
        let Move { person, place, time, .. } = moves[index];
        let (what, when) = (format!("{} {}", TOWNSPEOPLE[person], moved(TOWN[place], random)), TIMES[time]);
        let text = if random.random_bool(0.5) { format!("{when} {what}") } else { format!("{what} {when}") };
        moves[index].line = telling.say(&text);
    }
}
