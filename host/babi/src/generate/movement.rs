//! The engine of the movement tasks: people who move between places, take things, drop them and give them to each other.
//!
//! Fitted to tasks 1, 2, 3 and 6, and for giving to 5 and 7. Somebody, a kind of action and a place are drawn, all equally likely, until they are
//! possible: nobody moves to where they are, takes what is not there, or drops what they do not have. So somebody who can
//! take or drop something acts more often (in task 3, where everything is known: 2.2 times as often as somebody who can
//! only move; this gives 11:5), and moves in 5 of 11 cases (measured: 0.46). Giving is drawn 10/3 times as often as dropping
//! (measured where both are possible: 3.4 in task 5, 3.8 in task 7); what is given is the first of their things, and who
//! receives it the first of those who are there (without exception). Everybody and everything is somewhere from
//! the start, though no sentence says where.

use rand::Rng;

use super::wording::{OBJECTS, PEOPLE, PLACES};

/// An action of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Goes to a place, by its index.
    Move(usize),
    /// Takes a thing, by its index, that lies where they are.
    Get(usize),
    /// Lays down a thing that they hold.
    Drop(usize),
    /// Gives a thing that they hold to somebody, by index, who is where they are.
    Give {
        /// The thing.
        object: usize,
        /// The person who receives it.
        to: usize,
    },
}

impl Action {
    /// The thing that is taken, dropped or given.
    pub fn object(self) -> Option<usize> {
        match self {
            Action::Move(_) => None,
            Action::Get(object) | Action::Drop(object) | Action::Give { object, .. } => Some(object),
        }
    }
}

/// The actions of people besides moving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handling {
    /// Nothing.
    None,
    /// People take things and drop them.
    Take,
    /// People take things, drop them and give them to each other.
    Give,
}

/// Somebody, by index, does something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The person who acts.
    pub person: usize,
    /// The action.
    pub action: Action,
}

/// Where a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holding {
    At(usize),
    By(usize),
}

/// Where everybody and everything is.
#[derive(Clone, Debug)]
pub struct World {
    people: [usize; PEOPLE.len()],
    objects: [Holding; OBJECTS.len()],
    handling: Handling,
}

impl World {
    /// Everybody and everything at a random place.
    pub fn new(handling: Handling, random: &mut impl Rng) -> World {
        World {
            people: std::array::from_fn(|_| random.random_range(0..PLACES.len())),
            objects: std::array::from_fn(|_| Holding::At(random.random_range(0..PLACES.len()))),
            handling,
        }
    }

    /// The next thing that happens.
    pub fn step(&mut self, random: &mut impl Rng) -> Event {
        loop {
            let person = random.random_range(0..PEOPLE.len());
            let kind = match self.handling {
                Handling::None => random.random_range(0..1),
                Handling::Take => random.random_range(0..3),
                // Three numbers for each of the others, ten for giving.
                Handling::Give => random.random_range(0..19) / 3,
            };
            let action = match kind {
                0 => Some(Action::Move(random.random_range(0..PLACES.len()))),
                1 => self.one(Holding::At(self.people[person]), random).map(Action::Get),
                2 => self.one(Holding::By(person), random).map(Action::Drop),
                _ => self.gift(person),
            };
            if let Some(action) = action.filter(|&action| action != Action::Move(self.people[person])) {
                let event = Event { person, action };
                self.apply(event);
                return event;
            }
        }
    }

    /// A random thing among those that are there, or that a person holds; `None` where there is none.
    fn one(&self, holding: Holding, random: &mut impl Rng) -> Option<usize> {
        let there: Vec<usize> = (0..OBJECTS.len()).filter(|&object| self.objects[object] == holding).collect();
        if there.is_empty() { None } else { Some(there[random.random_range(0..there.len())]) }
    }

    /// The first of the things that somebody holds, for the first of those who are there; `None` where there is none.
    fn gift(&self, person: usize) -> Option<Action> {
        let object = self.objects.iter().position(|&holding| holding == Holding::By(person))?;
        let there = |&other: &usize| other != person && self.people[other] == self.people[person];
        let to = (0..PEOPLE.len()).find(there)?;
        Some(Action::Give { object, to })
    }

    fn apply(&mut self, event: Event) {
        match event.action {
            Action::Move(place) => self.people[event.person] = place,
            Action::Get(object) => self.objects[object] = Holding::By(event.person),
            Action::Drop(object) => self.objects[object] = Holding::At(self.people[event.person]),
            Action::Give { object, to } => self.objects[object] = Holding::By(to),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    /// How often somebody acts and moves, by whether they hold something and whether something lies where they are, is
    /// what task 3's official text shows: 11:5 and 17:5 times as often, and 5 of 11 and 5 of 17 cases.
    #[test]
    fn who_can_do_more_does_more() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let mut world = World::new(Handling::Take, &mut random);
        // For 0, 1 and 2 ways to handle things: chances to act, where everybody had a share of the whole; acts; moves.
        let (mut shares, mut acts, mut moves) = ([0.0; 3], [0; 3], [0; 3]);
        for _ in 0..100_000 {
            let ways = |person: usize| {
                let can = |holding| usize::from(world.objects.contains(&holding));
                can(Holding::By(person)) + can(Holding::At(world.people[person]))
            };
            let ways: [usize; PEOPLE.len()] = std::array::from_fn(ways);
            let weights = ways.map(|ways| 5.0 + 6.0 * ways as f64);
            let Event { person, action } = world.step(&mut random);
            (0..PEOPLE.len()).for_each(|person| shares[ways[person]] += weights[person] / weights.iter().sum::<f64>());
            acts[ways[person]] += 1;
            moves[ways[person]] += usize::from(matches!(action, Action::Move(_)));
        }
        for ways in 0..3 {
            let (acts, moves) = (f64::from(acts[ways]), moves[ways] as f64);
            assert!((acts / shares[ways] - 1.0).abs() < 0.03, "{ways}: {acts} {}", shares[ways]);
            assert!((moves / acts - 5.0 / (5.0 + 6.0 * ways as f64)).abs() < 0.02, "{ways}: {moves} of {acts}");
        }
    }
}
