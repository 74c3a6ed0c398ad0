//! Task 19: six rooms, and the way from one to another two steps away.
//!
//! Three rooms lie on the way; each of the others lies beside one of them, all free sides equally likely. The rooms then
//! speak up in random order, again and again: each tells of one of its neighbours of which nothing is told yet. (Measured:
//! where the way's two sentences stand, and which room is whose subject. In 7% of the official stories two rooms lie at the
//! same spot of the plane; here none do.)

use rand::Rng;
use rand::seq::{IndexedRandom, SliceRandom};

use super::map::{DIRECTIONS, lies, opposite};
use super::telling::{Question, Random, Telling, other_than};
use super::wording::PLACES;
use crate::data::Story;

/// Rooms on the way.
const WAY: usize = 3;

/// A room and the room that lies in a direction from it, all as indices.
#[derive(Clone, Copy)]
struct Beside {
    room: usize,
    direction: usize,
    of: usize,
}

/// A story: five sentences and a question.
pub fn story(random: &mut Random) -> Story {
    let mut places = PLACES;
    places.shuffle(random);
    let map = map(random);
    let mut telling = Telling::default();
    let lines = say(&map, &places, &mut telling, random);
    let way: Vec<&str> = map[..WAY - 1].iter().map(|beside| &DIRECTIONS[beside.direction].name[..1]).collect();
    let text = format!("how do you go from the {} to the {}", places[0], places[WAY - 1]);
    telling.ask(Question::new(text, way.join(","), &lines[..WAY - 1]));
    telling.story()
}

/// Where the rooms lie: the way's first, from room 0 to room 2.
fn map(random: &mut Random) -> Vec<Beside> {
    loop {
        let first = random.random_range(0..DIRECTIONS.len());
        // Any direction but back.
        let second = other_than(opposite(first), DIRECTIONS.len(), random);
        let way = [Beside { room: 1, direction: first, of: 0 }, Beside { room: 2, direction: second, of: 1 }];
        let taken = [(0, first), (1, opposite(first)), (1, second), (2, opposite(second))];
        let sides = (0..WAY).flat_map(|room| (0..DIRECTIONS.len()).map(move |direction| (room, direction)));
        let free: Vec<(usize, usize)> = sides.filter(|side| !taken.contains(side)).collect();
        let beside = free.choose_multiple(random, PLACES.len() - WAY).zip(WAY..);
        let map: Vec<Beside> =
            way.into_iter().chain(beside.map(|(&(of, direction), room)| Beside { room, direction, of })).collect();
        if all_apart(&map) {
            return map;
        }
    }
}

/// Whether every room has a spot of its own.
fn all_apart(map: &[Beside]) -> bool {
    let mut spots = vec![(0, 0)];
    for &Beside { direction, of, .. } in map {
        let ((x, y), (right, up)) = (spots[of], DIRECTIONS[direction].step);
        spots.push((x + right, y + up));
    }
    (1..spots.len()).all(|index| !spots[..index].contains(&spots[index]))
}

/// Tells the map. Returns the line of each of its parts.
fn say(map: &[Beside], places: &[&str], telling: &mut Telling, random: &mut Random) -> Vec<usize> {
    let mut lines: Vec<Option<usize>> = vec![None; map.len()];
    while lines.contains(&None) {
        let mut rooms: Vec<usize> = (0..places.len()).collect();
        rooms.shuffle(random);
        for room in rooms {
            let of_it = |&index: &usize| lines[index].is_none() && (map[index].room == room || map[index].of == room);
            let untold: Vec<usize> = (0..map.len()).filter(of_it).collect();
            let Some(&index) = untold.choose(random) else { continue };
            let beside = map[index];
            let text = if beside.room == room {
                lies(places[room], beside.direction, places[beside.of])
            } else {
                lies(places[room], opposite(beside.direction), places[beside.room])
            };
            lines[index] = Some(telling.say(&text));
        }
    }
    lines.into_iter().flatten().collect()
}
