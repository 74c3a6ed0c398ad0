//! Sessions of requests, as a host sends them and as it never would.

use engram_link::codec::encode;
use engram_link::frames;
use engram_spec::frame::{BRIEF, CONTENT_MAX, Command};
use engram_spec::machine::Load;
use engram_spec::memnet::{Program, Settings};
use rand::Rng;

use super::stimulus::random_words;

/// The contents of the frames that load a program, without their sequence numbers and checksums.
pub fn load(program: &impl Load) -> Vec<Vec<u8>> {
    let with = |command: Command, payload: &[u8]| [&[command as u8], payload].concat();
    let rows = program.rows().into_iter().map(|row| with(Command::Row, &row));
    let seal = with(Command::Seal, &program.hash().to_le_bytes());
    std::iter::once(with(Command::Begin, &program.settings())).chain(rows).chain([seal]).collect()
}

/// A request about a story, or one that is to be refused.
fn request(rng: &mut impl Rng, program: &Program) -> Vec<u8> {
    let with = |command: Command, payload: &[u8]| [&[command as u8], payload].concat();
    let words = random_words(rng, program);
    match rng.random_range(0..20) {
        0..=6 => with(Command::Sentence, &words),
        7..=10 => with(Command::Question, &words),
        11 => with(Command::Status, &[]),
        12 => with(Command::Identify, &[]),
        13 => with(Command::Clear, &[]),
        // No such command; a wrong length; too many words; a word beyond the vocabulary.
        14 => vec![[0, 9, 127, 255][rng.random_range(0..4)]],
        15 => with(Command::Status, &[1]),
        16 => with(Command::Sentence, &vec![0; program.geometry.positions + 1]),
        17 => with(Command::Sentence, &[0, program.settings.words]),
        // A row where no load has begun; settings that no device has.
        18 => with(Command::Row, &vec![1; 2 + program.geometry.elements]),
        _ => {
            let mut settings = program.settings.to_bytes();
            settings[rng.random_range(0..Settings::BYTES)] = 255;
            with(Command::Begin, &settings)
        }
    }
}

/// The content of a frame with one request.
pub fn content(number: u8, request: &[u8]) -> Vec<u8> {
    frames::content(number, &[(request[0], request[1..].to_vec())])
}

/// Contents with sequence numbers that have these requests as items, one or several in a frame, some without a reply of their own. Between
/// them are repeats of the last requests, and requests whose turn it is not.
pub fn numbered(rng: &mut impl Rng, requests: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let (mut contents, mut number) = (Vec::new(), rng.random::<u8>());
    let mut requests = requests.into_iter().peekable();
    while let Some(first) = requests.next() {
        let mut items = vec![first];
        let most = if rng.random_ratio(1, 3) { 6 } else { 1 };
        let fits = |items: &[Vec<u8>], next: &Vec<u8>| {
            items.iter().map(Vec::len).sum::<usize>() + next.len() + items.len() + 4 <= CONTENT_MAX
        };
        while items.len() < most && requests.peek().is_some_and(|next| fits(&items, next)) {
            items.extend(requests.next());
        }
        let item = |request: &Vec<u8>, rng: &mut dyn rand::RngCore| {
            let brief = if rng.random_ratio(1, 4) { BRIEF } else { 0 };
            (request[0] | brief, request[1..].to_vec())
        };
        let items: Vec<(u8, Vec<u8>)> = items.iter().map(|request| item(request, rng)).collect();
        contents.push(frames::content(number, &items));
        if rng.random_ratio(1, 8) {
            let away = if rng.random() { rng.random_range(0..10) } else { rng.random() };
            contents.push(frames::content(number.wrapping_sub(away), &items));
            if items[0].0 & !BRIEF == Command::Identify as u8 {
                // The numbers go on from there.
                number = number.wrapping_sub(away);
            }
        }
        number = number.wrapping_add(1);
    }
    contents
}

/// Contents with sequence numbers: a load, then `requests` others. Without checksums.
pub fn session(rng: &mut impl Rng, program: &Program, requests: usize) -> Vec<Vec<u8>> {
    let requests: Vec<_> = (0..requests).map(|_| request(rng, program)).collect();
    let identify = vec![Command::Identify as u8];
    numbered(rng, std::iter::once(identify).chain(load(program)).chain(requests).collect())
}

/// The frame of a content, now and then damaged on its way, but with a zero at its end.
pub fn on_the_line(rng: &mut impl Rng, content: &[u8]) -> Vec<u8> {
    let mut frame = encode(content);
    if rng.random_ratio(1, 8) {
        let place = rng.random_range(0..frame.len() - 1);
        match rng.random_range(0..4) {
            0 => frame[place] ^= 1 << rng.random_range(0..8),
            1 => drop(frame.remove(place)),
            2 => frame.insert(place, rng.random()),
            // A run of noise, longer than any frame.
            _ => frame.splice(0..0, (0..260).map(|_| rng.random_range(1..=255))).for_each(drop),
        }
    }
    frame
}
