//! Task 16: which colour an animal has, like another of its kind.
//!
//! Kinds are random, but the one asked about has one, three or four others of its kind (the official text never has two).
//! Sentences are drawn, all equally likely, until they are possible: an animal's kind, where it is not told yet, or its
//! colour, where its kind is told. The animal whose colour stays untold is asked about. The animals of its kind have all the
//! same colour, so that there is one right answer; in the official text they need not, and the latest told counts.

use rand::Rng;
use rand::seq::IndexedRandom;

use super::telling::{Question, Random, Telling};
use crate::data::Story;

/// The kinds.
pub const KINDS: [&str; 4] = ["frog", "lion", "rhino", "swan"];
/// The colours.
pub const COLOURS: [&str; 4] = ["gray", "green", "white", "yellow"];
/// The animals.
pub const NAMES: [&str; 5] = ["bernhard", "brian", "greg", "julius", "lily"];

/// A sentence about an animal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sentence {
    Kind(usize),
    Colour(usize),
}

/// A story: nine sentences and a question.
pub fn story(random: &mut Random) -> Story {
    let (sentences, kinds, asked) = loop {
        let sentences = sentences(random);
        let kinds: [usize; NAMES.len()] = std::array::from_fn(|_| random.random_range(0..KINDS.len()));
        let uncoloured = |&name: &usize| !sentences.contains(&Sentence::Colour(name));
        let Some(asked) = (0..NAMES.len()).find(uncoloured) else { continue };
        let same = kinds.iter().filter(|&&kind| kind == kinds[asked]).count();
        if matches!(same, 2 | 4 | 5) {
            break (sentences, kinds, asked);
        }
    };
    let kind_colour = random.random_range(0..COLOURS.len());
    let mut telling = Telling::default();
    let mut told: [Option<usize>; NAMES.len()] = [None; NAMES.len()];
    let mut like = None;
    for sentence in sentences {
        match sentence {
            Sentence::Kind(name) => {
                told[name] = Some(telling.say(&format!("{} is a {}", NAMES[name], KINDS[kinds[name]])));
            }
            Sentence::Colour(name) => {
                let alike = kinds[name] == kinds[asked];
                let colour =
                    if alike { COLOURS[kind_colour] } else { COLOURS.choose(random).copied().unwrap_or_default() };
                let line = telling.say(&format!("{} is {colour}", NAMES[name]));
                like = if alike { Some((name, line)) } else { like };
            }
        }
    }
    if let Some((name, colour_line)) = like
        && let (Some(kind_line), Some(own_line)) = (told[name], told[asked])
    {
        let supporting = [own_line, kind_line, colour_line];
        telling.ask(Question::new(format!("what color is {}", NAMES[asked]), COLOURS[kind_colour], supporting));
    }
    telling.story()
}

/// The sentences of a story in their order: the kind of every animal, and the colour of every animal but one.
fn sentences(random: &mut Random) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    while sentences.len() < 2 * NAMES.len() - 1 {
        let name = random.random_range(0..NAMES.len());
        let is_told = |sentence| sentences.contains(&sentence);
        let coloured = sentences.iter().filter(|sentence| matches!(sentence, Sentence::Colour(_))).count();
        if random.random_bool(0.5) {
            if !is_told(Sentence::Kind(name)) {
                sentences.push(Sentence::Kind(name));
            }
        } else if is_told(Sentence::Kind(name)) && !is_told(Sentence::Colour(name)) && coloured + 1 < NAMES.len() {
            sentences.push(Sentence::Colour(name));
        }
    }
    sentences
}
