//! Tasks 2, 3, 7 and 8: where a thing is or was, told by who had it, and how much somebody carries.
//!
//! Fitted to the official text, where every one of these holds without exception: a recent taking, dropping or giving is
//! drawn, all equally likely, and its thing (2, 3) or its actor (7, 8) is asked about. A thing is asked about only where its
//! latest taking or dropping tells where it is.

use rand::seq::IndexedRandom;

use super::movement::{Action, Event, Handling, World};
use super::telling::{Plot, Question, Random, SENTENCES, Telling, recent, tell};
use super::wording::{HOUSE, OBJECTS, PEOPLE, PLACES, TERSE, Wording};
use crate::data::Story;

/// The subject of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Task 2: where a thing is.
    Where,
    /// Task 3: where a thing was before a place.
    Before,
    /// Task 7: how many things somebody carries. Things are also given.
    Count,
    /// Task 8: which things somebody carries.
    List,
}

struct Possession {
    asked: Asked,
    wording: Wording,
    world: World,
    /// The events so far, each with its line.
    events: Vec<(usize, Event)>,
}

/// A story.
pub fn story(asked: Asked, random: &mut Random) -> Story {
    let handling = if asked == Asked::Count { Handling::Give } else { Handling::Take };
    let wording = if asked == Asked::Before { TERSE } else { HOUSE };
    tell(Possession { asked, wording, world: World::new(handling, random), events: Vec::new() }, random)
}

impl Plot for Possession {
    fn go_on(&mut self, telling: &mut Telling, random: &mut Random) {
        for _ in 0..SENTENCES {
            let event = self.world.step(random);
            self.events.push((telling.say(&self.wording.sentence(&event, random)), event));
        }
    }

    fn question(&self, random: &mut Random) -> Option<Question> {
        let handlings =
            recent(&self.events).iter().filter_map(|(_, event)| Some((event.person, event.action.object()?)));
        match self.asked {
            Asked::Where => {
                let questions: Vec<Question> = handlings.filter_map(|(_, object)| self.place(object)).collect();
                questions.choose(random).cloned()
            }
            Asked::Before => {
                let objects: Vec<_> =
                    handlings.filter_map(|(_, object)| Some((object, self.earlier(object)?))).collect();
                objects.choose(random)?.1.choose(random).cloned()
            }
            Asked::Count | Asked::List => {
                let people: Vec<usize> = handlings.map(|(person, _)| person).collect();
                people.choose(random).map(|&person| self.carried(person))
            }
        }
    }
}

impl Possession {
    /// The latest taking or dropping of a thing, as an index of the events.
    fn handled(&self, object: usize) -> Option<usize> {
        self.events.iter().rposition(|(_, event)| event.action.object() == Some(object))
    }

    /// The moves of somebody among some events: line and place.
    fn moves(&self, person: usize, events: std::ops::Range<usize>) -> Vec<(usize, usize)> {
        let place = |&(line, event): &(usize, Event)| match event.action {
            Action::Move(place) if event.person == person => Some((line, place)),
            _ => None,
        };
        self.events[events].iter().filter_map(place).collect()
    }

    /// Where a thing is: where its holder moved since they took it, or where they had moved when they dropped it. `None`
    /// where no sentence tells.
    fn place(&self, object: usize) -> Option<Question> {
        let index = self.handled(object)?;
        let (line, Event { person, action }) = self.events[index];
        let events = if matches!(action, Action::Get(_)) { index..self.events.len() } else { 0..index };
        let &(moved, place) = self.moves(person, events).last()?;
        Some(Question::new(format!("where is the {}", OBJECTS[object]), PLACES[place], [line, moved]))
    }

    /// The questions about where a thing was before: for each move with it, about the latest coming to the same place,
    /// where a move with it came before. `None` where there are none.
    fn earlier(&self, object: usize) -> Option<Vec<Question>> {
        let index = self.handled(object)?;
        let (line, Event { person, action }) = self.events[index];
        let taken = self.events[..=index].iter().rposition(|(_, event)| event.action == Action::Get(object))?;
        let end = if matches!(action, Action::Get(_)) { self.events.len() } else { index };
        let moves = self.moves(person, taken..end);
        let question = |&(_, place): &(usize, usize)| {
            let latest = moves.iter().rposition(|&(_, other)| other == place)?;
            let (before_line, before) = moves[latest.checked_sub(1)?];
            let text = format!("where was the {} before the {}", OBJECTS[object], PLACES[place]);
            Some(Question::new(text, PLACES[before], [line, moves[latest].0, before_line]))
        };
        Some(moves.iter().filter_map(question).collect()).filter(|questions: &Vec<Question>| !questions.is_empty())
    }

    /// The question for all things that a person carries. The answer lists them in the order in which the person first
    /// had them, and so do the supporting lines.
    fn carried(&self, person: usize) -> Question {
        // Each thing that they ever had, with the lines that tell of it and whether they have it now.
        let mut things: Vec<(usize, Vec<usize>, bool)> = Vec::new();
        for &(line, event) in &self.events {
            let has = match event.action {
                Action::Give { to, .. } if to == person => true,
                Action::Get(_) if event.person == person => true,
                Action::Drop(_) | Action::Give { .. } if event.person == person => false,
                _ => continue,
            };
            let Some(object) = event.action.object() else { continue };
            match things.iter_mut().find(|(thing, ..)| *thing == object) {
                Some((_, lines, now)) => {
                    lines.push(line);
                    *now = has;
                }
                None => things.push((object, vec![line], has)),
            }
        }
        let mut supporting: Vec<usize> = things.iter().flat_map(|(_, lines, _)| lines.iter().copied()).collect();
        let carried: Vec<&str> = things.iter().filter(|(.., has)| *has).map(|&(object, ..)| OBJECTS[object]).collect();
        let name = PEOPLE[person];
        if self.asked == Asked::Count {
            supporting.sort_unstable();
            let number = ["none", "one", "two", "three"][carried.len()];
            return Question::new(format!("how many objects is {name} carrying"), number, supporting);
        }
        let list = if carried.is_empty() { "nothing".to_string() } else { carried.join(",") };
        Question::new(format!("what is {name} carrying"), list, supporting)
    }
}
