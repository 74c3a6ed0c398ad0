//! Answers questions from the words alone, knowing nothing of how they were made.

use std::collections::{BTreeMap, VecDeque};

use engram_babi::Line;

const PLACES: [&str; 9] = ["bathroom", "bedroom", "cinema", "garden", "hallway", "kitchen", "office", "park", "school"];
const OBJECTS: [&str; 4] = ["apple", "football", "milk", "pajamas"];
const GETS: [&str; 4] = ["took", "got", "grabbed", "picked"];
const DROPS: [&str; 4] = ["left", "dropped", "discarded", "put"];
const GIVES: [&str; 3] = ["gave", "handed", "passed"];

type Words<'a> = Vec<&'a str>;

/// The answer to a question after some sentences; `None` where they do not tell.
pub fn answer(task: u8, sentences: &[&Line], question: &Line) -> Option<String> {
    let sentences: Vec<Words> = sentences.iter().map(|line| words(line)).collect();
    let question = words(question);
    match task {
        1 | 6 | 9..=13 => position(&sentences, &question),
        2 | 3 => thing(&sentences, &question),
        4 => neighbour(&sentences, &question),
        5 => gift(&sentences, &question),
        7 | 8 => carried(&sentences, &question),
        14 => before(&sentences, &question),
        15 => fear(&sentences, &question),
        16 => colour(&sentences, &question),
        17 => shapes(&sentences, &question),
        18 => size(&sentences, &question),
        19 => path(&sentences, &question),
        _ => motive(&sentences, &question),
    }
}

fn words(line: &Line) -> Words<'_> {
    line.words().iter().map(String::as_str).collect()
}

fn one_in<'a>(words: &[&'a str], list: &[&str]) -> Option<&'a str> {
    words.iter().copied().find(|word| list.contains(word))
}

fn last<'a>(words: &[&'a str]) -> &'a str {
    words[words.len() - 1]
}

/// Where everybody may be or is not, by the latest sentence about them.
fn position(sentences: &[Words], question: &[&str]) -> Option<String> {
    let mut places: BTreeMap<&str, (bool, Vec<&str>)> = BTreeMap::new();
    let mut subjects: Vec<&str> = Vec::new();
    for words in sentences {
        let Some(place) = words.iter().rposition(|word| PLACES.contains(word)) else { continue };
        if one_in(words, &["he", "she", "they"]).is_none() {
            subjects = if words[1] == "and" { vec![words[0], words[2]] } else { vec![words[0]] };
        }
        let there = one_in(words, &["not", "longer"]).is_none();
        let named = if words.contains(&"either") { vec![words[5], words[place]] } else { vec![words[place]] };
        subjects.iter().for_each(|person| drop(places.insert(person, (there, named.clone()))));
    }
    let person = if question[0] == "where" { last(question) } else { question[1] };
    let (there, named) = places.get(person)?;
    let contains = named.contains(&last(question));
    let answer = match (question[0], there, &named[..]) {
        ("where", true, [place]) => place,
        (_, true, [_]) if contains => "yes",
        (_, true, [_, _]) if contains => "maybe",
        (_, true, _) => "no",
        (_, false, _) if contains => "no",
        _ => return None,
    };
    Some(answer.to_string())
}

/// Where a thing is, or was before a place, by the places through which it went.
fn thing(sentences: &[Words], question: &[&str]) -> Option<String> {
    let mut people: BTreeMap<&str, &str> = BTreeMap::new();
    let mut holder = None;
    let mut places: Vec<&str> = Vec::new();
    for words in sentences {
        let (person, verb) = (words[0], words[1]);
        match one_in(words, &OBJECTS) {
            None => {
                people.insert(person, last(words));
                if holder == Some(person) {
                    places.push(last(words));
                }
            }
            Some(object) if !question.contains(&object) => {}
            Some(_) if GETS.contains(&verb) => holder = Some(person),
            Some(_) => {
                holder = None;
                // Where a part of the story does not tell who took it, it tells where it is left.
                places.extend(people.get(person).filter(|place| places.last() != Some(place)));
            }
        }
    }
    let place = match question {
        ["where", "is", ..] => places.last()?,
        _ => places[..places.iter().rposition(|place| *place == last(question))?].last()?,
    };
    Some(place.to_string())
}

fn opposite(direction: &str) -> &'static str {
    match direction {
        "north" => "south",
        "south" => "north",
        "east" => "west",
        _ => "east",
    }
}

/// The neighbours that sentences state, in both directions: place, direction, of which place.
fn beside<'a>(sentences: &[Words<'a>]) -> Vec<(&'a str, &'a str, &'a str)> {
    let told = sentences.iter().map(|words| (words[1], words[3], last(words)));
    told.flat_map(|(one, direction, other)| [(one, direction, other), (other, opposite(direction), one)]).collect()
}

fn neighbour(sentences: &[Words], question: &[&str]) -> Option<String> {
    let turned = last(question) == "of";
    let (direction, of) = if turned { (opposite(question[4]), question[3]) } else { (question[2], last(question)) };
    let beside = beside(sentences);
    let mut found = beside.iter().filter(|(_, lies, other)| *lies == direction && *other == of);
    let (place, ..) = found.next()?;
    found.all(|(other, ..)| other == place).then(|| place.to_string())
}

/// The latest giving that fits.
fn gift(sentences: &[Words], question: &[&str]) -> Option<String> {
    let gifts = sentences.iter().filter(|words| GIVES.contains(&words[1]));
    let mut gifts = gifts.map(|words| (words[0], words[3], last(words)));
    let mut found = |fits: &dyn Fn(&(&str, &str, &str)) -> bool| gifts.rfind(|gift| fits(gift));
    let answer = match question {
        ["what", "did", giver, "give", "to", receiver] => found(&|gift| gift.0 == *giver && gift.2 == *receiver)?.1,
        ["who", "gave", "the", thing, "to", receiver] => found(&|gift| gift.1 == *thing && gift.2 == *receiver)?.0,
        ["who", "gave", "the", thing] => found(&|gift| gift.1 == *thing)?.0,
        ["who", "received", "the", thing] => found(&|gift| gift.1 == *thing)?.2,
        ["who", "did", giver, "give", "the", thing, "to"] => found(&|gift| gift.0 == *giver && gift.1 == *thing)?.2,
        _ => return None,
    };
    Some(answer.to_string())
}

/// The things that a person has, in the order in which the person first had them.
fn carried(sentences: &[Words], question: &[&str]) -> Option<String> {
    let person = question[question.len() - 2];
    let mut things: Vec<(&str, bool)> = Vec::new();
    for words in sentences {
        let Some(object) = one_in(words, &OBJECTS) else { continue };
        let has = if GIVES.contains(&words[1]) && last(words) == person {
            true
        } else if words[0] == person {
            GETS.contains(&words[1])
        } else {
            continue;
        };
        assert!(GETS.contains(&words[1]) || DROPS.contains(&words[1]) || GIVES.contains(&words[1]));
        match things.iter_mut().find(|(thing, _)| *thing == object) {
            Some((_, now)) => *now = has,
            None => things.push((object, has)),
        }
    }
    let now: Vec<&str> = things.into_iter().filter(|(_, has)| *has).map(|(thing, _)| thing).collect();
    Some(match (question[0], now.len()) {
        ("how", number) => ["none", "one", "two", "three"][number].to_string(),
        (_, 0) => "nothing".to_string(),
        _ => now.join(","),
    })
}

/// Where somebody was before, by the times that are told.
fn before(sentences: &[Words], question: &[&str]) -> Option<String> {
    let mut places: BTreeMap<usize, &str> = BTreeMap::new();
    for words in sentences.iter().filter(|words| words.contains(&question[2])) {
        let time = ["yesterday", "morning", "afternoon", "evening"].iter().position(|time| words.contains(time))?;
        places.insert(time, one_in(words, &PLACES)?);
    }
    let (time, _) = places.iter().rfind(|(_, place)| **place == last(question))?;
    places.range(..time).next_back().map(|(_, place)| place.to_string())
}

fn fear(sentences: &[Words], question: &[&str]) -> Option<String> {
    let singular = |many| match many {
        "mice" => "mouse",
        "wolves" => "wolf",
        "cats" => "cat",
        other => other,
    };
    let kind = last(sentences.iter().find(|words| words[0] == question[2])?);
    let fear = sentences.iter().find(|words| words[1] == "are" && singular(words[0]) == kind)?;
    Some(singular(last(fear)).to_string())
}

/// The colour of the latest of the same kind.
fn colour(sentences: &[Words], question: &[&str]) -> Option<String> {
    let kind = |name: &str| sentences.iter().find(|words| words[0] == name && words[2] == "a").map(|words| words[3]);
    let own = kind(last(question))?;
    let alike = sentences.iter().rfind(|words| words[2] != "a" && kind(words[0]) == Some(own))?;
    Some(last(alike).to_string())
}

/// A sentence about shapes, or a question: the shape, the direction, and from which.
fn relation(words: &[&str]) -> (String, (i32, i32), String) {
    let directions = [("above", (0, 1)), ("below", (0, -1)), ("left", (-1, 0)), ("right", (1, 0))];
    let name = |words: &[&str]| {
        words
            .iter()
            .filter(|word| !["the", "is", "to", "of"].contains(word))
            .fold(String::new(), |name, word| name + " " + word)
    };
    let at = words.iter().position(|word| directions.iter().any(|(direction, _)| direction == word)).unwrap();
    let (_, step) = directions.into_iter().find(|(direction, _)| *direction == words[at]).unwrap();
    (name(&words[..at]), step, name(&words[at + 1..]))
}

fn shapes(sentences: &[Words], question: &[&str]) -> Option<String> {
    let facts: Vec<_> = sentences.iter().map(|words| relation(words)).collect();
    let (one, (right, up), other) = relation(question);
    let mut spots = BTreeMap::from([(facts.first()?.0.clone(), (0, 0))]);
    for _ in 0..facts.len() {
        for (one, (right, up), other) in &facts {
            if let Some(&(x, y)) = spots.get(other) {
                spots.insert(one.clone(), (x + right, y + up));
            } else if let Some(&(x, y)) = spots.get(one) {
                spots.insert(other.clone(), (x - right, y - up));
            }
        }
    }
    let (here, there) = (spots.get(&one)?, spots.get(&other)?);
    let lies = (here.0 - there.0) * right + (here.1 - there.1) * up > 0;
    Some(if lies { "yes" } else { "no" }.to_string())
}

/// The smaller and the larger thing that a sentence or a question names.
fn sizes(words: &[&str]) -> (String, String) {
    let text = words.join(" ");
    let text = text.trim_start_matches("is ").trim_start_matches("does ");
    let (one, rest) = text.split_once(" fit").or(text.split_once(" is bigger")).or(text.split_once(" bigger")).unwrap();
    let other = &rest[rest.find("the ").unwrap()..];
    let (one, other) = (one.to_string(), other.to_string());
    if text.contains("bigger") { (other, one) } else { (one, other) }
}

fn size(sentences: &[Words], question: &[&str]) -> Option<String> {
    let facts: Vec<_> = sentences.iter().map(|words| sizes(words)).collect();
    let fits = |inner: &String, outer: &String| {
        let mut known = vec![inner];
        for _ in 0..facts.len() {
            let more: Vec<_> =
                facts.iter().filter(|(small, _)| known.contains(&small)).map(|(_, large)| large).collect();
            known.extend(more);
            known.sort();
            known.dedup();
        }
        known.contains(&outer)
    };
    let (inner, outer) = sizes(question);
    match (fits(&inner, &outer), fits(&outer, &inner)) {
        (true, false) => Some("yes".to_string()),
        (false, true) => Some("no".to_string()),
        _ => None,
    }
}

fn path(sentences: &[Words], question: &[&str]) -> Option<String> {
    let beside = beside(sentences);
    let mut waiting = VecDeque::from([(question[6], Vec::new())]);
    let mut seen = vec![question[6]];
    while let Some((place, way)) = waiting.pop_front() {
        if place == last(question) {
            return Some(way.join(","));
        }
        for (next, direction, _) in beside.iter().filter(|(_, _, of)| *of == place) {
            if !seen.contains(next) {
                seen.push(next);
                waiting.push_back((next, [way.clone(), vec![&direction[..1]]].concat()));
            }
        }
    }
    None
}

fn motive(sentences: &[Words], question: &[&str]) -> Option<String> {
    let feeling = last(sentences.iter().find(|words| words[0] == question[2] && words[1] == "is")?);
    let place = match feeling {
        "bored" => "garden",
        "tired" => "bedroom",
        _ => "kitchen",
    };
    Some(if question[0] == "where" { place } else { feeling }.to_string())
}
