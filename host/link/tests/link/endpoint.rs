//! The device's side, byte for byte: what the hardware's frame decoder is held against.

use crate::bench::{BAD_FRAME, Entry, Notebook, program};
use engram_link::codec::{Decoder, encode};
use engram_link::frames::{self, Item};
use engram_link::{Endpoint, payload};
use engram_spec::frame::{BRIEF, Command, Refusal};
use engram_spec::machine::Load;
use engram_spec::memnet::{Call, Identity, Memnet, Program, Reply, Status, Story};
use engram_spec::{Device, DeviceError};
use proptest::prelude::*;

fn empty() -> Endpoint<Memnet, Notebook> {
    Endpoint::new(Notebook::default()).unwrap()
}

fn loaded() -> Endpoint<Memnet, Notebook> {
    Endpoint::with_program(Notebook::default(), &program()).unwrap()
}

/// The frame of a request of one item.
fn alone(number: u8, command: u8, payload: &[u8]) -> Vec<u8> {
    encode(&frames::content(number, &[(command, payload.to_vec())]))
}

/// Sends one frame; gives the reply's number, refusal and payload.
fn answer(endpoint: &mut Endpoint<Memnet, Notebook>, frame: &[u8]) -> (u8, Option<Refusal>, Vec<u8>) {
    let reply = endpoint.push_all(frame).unwrap();
    let mut decoder = Decoder::new();
    let mut contents = reply.iter().filter_map(|&byte| decoder.push(byte));
    let content = contents.next().unwrap().unwrap();
    assert_eq!(contents.next(), None);
    let frames::Reply { number, payload, refused } = frames::Reply::of(&content).unwrap();
    (number, refused.map(|(_, refusal)| Refusal::from_id(refusal).unwrap()), payload.to_vec())
}

/// Sends one request; gives the reply's refusal and payload.
fn ask(
    endpoint: &mut Endpoint<Memnet, Notebook>,
    number: u8,
    command: u8,
    payload: &[u8],
) -> (Option<Refusal>, Vec<u8>) {
    let (replied, refusal, payload) = answer(endpoint, &alone(number, command, payload));
    assert_eq!(replied, number);
    (refusal, payload)
}

/// Sends one request behind an identify, so that its number is the next one; gives the reply's refusal and payload.
fn ask_next(endpoint: &mut Endpoint<Memnet, Notebook>, command: Command, payload: &[u8]) -> (Option<Refusal>, Vec<u8>) {
    ask(endpoint, 0, Command::Identify as u8, &[]);
    ask(endpoint, 1, command as u8, payload)
}

/// The refusal of a request.
fn refusal(endpoint: &mut Endpoint<Memnet, Notebook>, command: Command, payload: &[u8]) -> Option<Refusal> {
    ask_next(endpoint, command, payload).0
}

fn status(endpoint: &mut Endpoint<Memnet, Notebook>) -> Status {
    payload::to_status(&ask_next(endpoint, Command::Status, &[]).1).unwrap()
}

fn identity(endpoint: &mut Endpoint<Memnet, Notebook>) -> Identity {
    payload::to_identity(&ask(endpoint, 0, Command::Identify as u8, &[]).1).unwrap()
}

#[test]
fn bad_frames_are_answered_and_change_nothing() {
    let question = alone(1, 7, &[1]);
    let mut torn = question.clone();
    torn.remove(3);
    let mut changed = question.clone();
    changed[3] ^= 0x40;
    let too_long = encode(&[&[1, 7, 249][..], &[1; 249]].concat());
    for bad in [vec![1, 0], vec![2, 7, 0], vec![5, 7, 0], torn, changed, too_long, vec![9; 100_000], vec![255; 300]] {
        let mut endpoint = loaded();
        let sentence = alone(0, 6, &[1]);
        let before = endpoint.push_all(&sentence).unwrap();
        let bad = [bad.strip_suffix(&[0]).unwrap_or(&bad), &[0, 0, 0]].concat();
        assert_eq!(endpoint.push_all(&bad).unwrap(), BAD_FRAME);
        // The last number is remembered, and so is its reply.
        assert_eq!(endpoint.push_all(&sentence).unwrap(), before);
        let Status { progress: Story { sentences, .. }, bad_frames, repeats, .. } = status(&mut endpoint);
        assert_eq!((sentences, bad_frames, repeats), (1, 1, 1));
    }
}

#[test]
fn the_longest_content_is_no_bad_frame() {
    let longest = ask(&mut loaded(), 0, Command::Question as u8, &[200; 248]);
    assert_eq!(longest, (Some(Refusal::TooLong), vec![]));
}

/// Each request deserves several refusals and gets that with the lowest number.
#[test]
fn refusals_are_checked_in_their_order() {
    use Command::*;
    let settings = program().settings.to_bytes();
    for id in (0..=255u8).filter(|id| Command::from_id(id & !BRIEF).is_none()) {
        assert_eq!(ask(&mut empty(), 0, id, &[1; 50]).0, Some(Refusal::UnknownCommand));
    }
    for (command, lengths) in [
        (Identify, 1..93),
        (Clear, 1..93),
        (Status, 1..93),
        (Begin, 0..14),
        (Begin, 15..93),
        (Row, 0..10),
        (Row, 11..93),
        (Seal, 0..4),
        (Seal, 5..93),
        (Sentence, 0..1),
        (Question, 0..1),
    ] {
        for length in lengths {
            let found = [empty(), loaded()].map(|mut endpoint| refusal(&mut endpoint, command, &vec![255; length]));
            assert_eq!(found, [Some(Refusal::BadLength); 2], "{command:?} of {length} bytes");
        }
    }
    let mut loading = loaded();
    assert_eq!(refusal(&mut loading, Begin, &settings), None);
    for mut endpoint in [empty(), loading] {
        for command in [Sentence, Question] {
            assert_eq!(refusal(&mut endpoint, command, &[255; 50]), Some(Refusal::NotLoaded));
        }
    }
    for mut endpoint in [empty(), loaded()] {
        assert_eq!(refusal(&mut endpoint, Row, &[255; 10]), Some(Refusal::NotLoaded));
        assert_eq!(refusal(&mut endpoint, Seal, &[255; 4]), Some(Refusal::NotLoaded));
    }
    for command in [Sentence, Question] {
        assert_eq!(refusal(&mut loaded(), command, &[255; 9]), Some(Refusal::TooLong));
        assert_eq!(refusal(&mut loaded(), command, &[19, 19, 19, 19, 19, 19, 19, 20]), Some(Refusal::UnknownWord));
    }
    assert_eq!(refusal(&mut loaded(), Question, &[19; 8]), Some(Refusal::NoStory));
}

#[test]
fn settings_out_of_range_are_refused_and_nothing_is_forgotten() {
    // hops, words, answers, memory_a, memory_c, question, score, centre, padding, align, controller, graded, adjacent, slots
    let most = [15, 24, 24, 15, 15, 15, 15, 255, 7, 14, 15, 0, 0, 8];
    let graded = [[15, 24, 24, 15, 15, 14, 15, 255, 7, 13, 14, 1, 0, 8], [15, 24, 1, 0, 0, 0, 0, 0, 0, 1, 2, 1, 0, 1]];
    let adjacent = [[3, 24, 24, 15, 15, 15, 15, 255, 7, 14, 15, 0, 1, 8], [4, 24, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4]];
    for good in [most, graded[0], graded[1], adjacent[0], adjacent[1]] {
        assert_eq!(refusal(&mut empty(), Command::Begin, &good), None);
    }
    let mut endpoint = loaded();
    refusal(&mut endpoint, Command::Sentence, &[1]);
    // Graded formats move shifts by one or two, so less is left for them; more memories have fewer slots.
    let narrower = [(5, 15), (9, 14), (10, 15), (11, 2)].map(|(place, value)| (graded[0], place, value));
    let narrower =
        narrower.into_iter().chain([(9, 0), (10, 1), (10, 0)].map(|(place, value)| (graded[1], place, value)));
    let narrower =
        narrower.chain([(0, 4), (12, 2), (11, 1), (13, 9), (0, 5)].map(|(place, value)| (adjacent[0], place, value)));
    let narrower = narrower.chain([(0, 5), (13, 5), (12, 255)].map(|(place, value)| (adjacent[1], place, value)));
    // Every centre is one.
    let places = (0..11).filter(|&place| place != 7);
    let ends = [(0, 0), (1, 0), (1, 23), (1, 255), (2, 0), (11, 1), (11, 255), (12, 1), (13, 0), (13, 9), (13, 255)];
    let beyond = places.map(|place| (place, most[place] + 1)).chain(ends);
    let beyond = beyond.map(|(place, value)| (most, place, value));
    for (mut settings, place, value) in beyond.chain(narrower) {
        settings[place] = value;
        assert_eq!(refusal(&mut endpoint, Command::Begin, &settings), Some(Refusal::WrongGeometry), "{settings:?}");
        assert_eq!(identity(&mut endpoint).loaded, Some(program().hash()));
    }
    assert_eq!(refusal(&mut endpoint, Command::Question, &[1]), None);
}

#[test]
fn a_load_is_what_was_received() {
    let mut endpoint = loaded();
    refusal(&mut endpoint, Command::Sentence, &[1]);
    let mut other = program();
    (other.settings.words, other.settings.answers) = (3, 3);
    other.h.rotate_left(1);
    assert_eq!(refusal(&mut endpoint, Command::Begin, &other.settings.to_bytes()), None);
    // Begin has forgotten everything.
    assert_eq!(identity(&mut endpoint).loaded, None);
    let Status { loaded, progress: Story { sentences, .. }, .. } = status(&mut endpoint);
    assert_eq!((loaded, sentences), (false, 0));
    assert_eq!(refusal(&mut endpoint, Command::Clear, &[]), None);
    for row in Load::rows(&other) {
        assert_eq!(refusal(&mut endpoint, Command::Row, &row), None);
    }
    // Rows that this geometry does not have leave no trace.
    for place in [[0, 24], [4, 0], [5, 8], [6, 8], [7, 8], [8, 8], [8, 255], [9, 0], [12, 0], [255, 0]] {
        let row = [&place[..], &[1; 8]].concat();
        assert_eq!(refusal(&mut endpoint, Command::Row, &row), Some(Refusal::WrongGeometry), "{place:?}");
    }
    assert_eq!(refusal(&mut endpoint, Command::Seal, &[0; 4]), Some(Refusal::WrongHash));
    assert_eq!(identity(&mut endpoint).loaded, None);
    assert_eq!(refusal(&mut endpoint, Command::Seal, &other.hash().to_le_bytes()), None);
    assert_eq!(identity(&mut endpoint).loaded, Some(other.hash()));
    assert_eq!(refusal(&mut endpoint, Command::Question, &[1]), Some(Refusal::NoStory));
    assert_eq!(refusal(&mut endpoint, Command::Sentence, &[3]), Some(Refusal::UnknownWord));
    // The rows of words 3 to 19 are those of the program before.
    let expected = Entry::Load(Box::new(Program { settings: other.settings, h: other.h, ..program() }));
    assert_eq!(endpoint.device_mut().journal.last(), Some(&expected));
}

#[test]
fn every_received_row_counts_for_the_hash_and_every_code_is_taken() {
    let mut endpoint = empty();
    let settings = program().settings.to_bytes();
    let row = [&[0, 23][..], &[0x80; 8]].concat();
    refusal(&mut endpoint, Command::Begin, &settings);
    for _ in 0..2 {
        assert_eq!(refusal(&mut endpoint, Command::Row, &row), None);
    }
    let hash = crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&[&settings[..], &row, &row].concat());
    assert_eq!(refusal(&mut endpoint, Command::Seal, &hash.to_le_bytes()), None);
    assert_eq!(identity(&mut endpoint).loaded, Some(hash));
}

#[test]
fn numbers_are_carried_out_in_their_order_and_once() {
    let mut endpoint = loaded();
    let sentence = Command::Sentence as u8;
    let out_of_order = (Some(Refusal::OutOfOrder), vec![]);
    // The first number is 0; any other waits for it.
    assert_eq!(ask(&mut endpoint, 5, sentence, &[1]), out_of_order);
    assert_eq!(ask(&mut endpoint, 255, sentence, &[1]), out_of_order);
    for number in 0..8 {
        assert_eq!(ask(&mut endpoint, number, sentence, &[1]), (None, vec![7.min(number + 1)]));
    }
    // The number alone makes a repeat, whatever else the frame says; the last seven are kept.
    for number in 1..8 {
        assert_eq!(ask(&mut endpoint, number, sentence, &[2]), (None, vec![7.min(number + 1)]));
        assert_eq!(ask(&mut endpoint, number, 99, &[]), (None, vec![7.min(number + 1)]));
    }
    assert_eq!(ask(&mut endpoint, 0, sentence, &[2]), out_of_order);
    assert_eq!(ask(&mut endpoint, 9, sentence, &[2]), out_of_order);
    // A refusal is kept like any reply.
    assert_eq!(ask(&mut endpoint, 8, sentence, &[77]), (Some(Refusal::UnknownWord), vec![]));
    assert_eq!(ask(&mut endpoint, 8, sentence, &[1]), (Some(Refusal::UnknownWord), vec![]));
    assert_eq!(ask(&mut endpoint, 9, 99, &[]), (Some(Refusal::UnknownCommand), vec![]));
    assert_eq!(ask(&mut endpoint, 9, sentence, &[1]), (Some(Refusal::UnknownCommand), vec![]));
    // An identify is always carried out, even where it is refused, and the numbers go on from its own.
    let identify = Command::Identify as u8;
    assert_eq!(ask(&mut endpoint, 254, identify, &[]).1.len(), 14);
    assert_eq!(ask(&mut endpoint, 9, sentence, &[3]), out_of_order);
    assert_eq!(ask(&mut endpoint, 255, sentence, &[3]), (None, vec![7]));
    assert_eq!(ask(&mut endpoint, 255, identify, &[1]), (Some(Refusal::BadLength), vec![]));
    assert_eq!(ask(&mut endpoint, 254, sentence, &[3]), out_of_order);
    assert_eq!(ask(&mut endpoint, 255, sentence, &[3]), (Some(Refusal::BadLength), vec![]));
    assert_eq!(ask(&mut endpoint, 0, sentence, &[3]), (None, vec![7]));
    let Status { progress: Story { sentences, forgotten }, repeats, .. } = status(&mut endpoint);
    assert_eq!((sentences, forgotten, repeats), (7, 3, 17));
}

/// Items are carried out in their turn, until one is refused; the reply has the payloads of those that ask for one.
#[test]
fn a_frame_has_several_items() {
    let mut endpoint = loaded();
    let item = |command: Command, payload: &[u8]| Item::new(command, payload);
    let (clear, status) = (item(Command::Clear, &[]), item(Command::Status, &[]));
    let sentence = |word: u8| item(Command::Sentence, &[word]);
    let question = item(Command::Question, &[4]);
    let send = |endpoint: &mut Endpoint<Memnet, Notebook>, number: u8, items: &[Item]| {
        let reply = endpoint.push_all(&encode(&frames::request(number, items))).unwrap();
        let mut decoder = Decoder::new();
        let content = reply.iter().find_map(|&byte| decoder.push(byte)).unwrap().unwrap();
        let frames::Reply { payload, refused, .. } = frames::Reply::of(&content).unwrap();
        (payload.to_vec(), refused.map(|(done, refusal)| (done, Refusal::from_id(refusal).unwrap())))
    };
    let story = [clear.clone(), sentence(1).brief(), sentence(2), question.clone(), status.clone()];
    let (payload, refused) = send(&mut endpoint, 0, &story);
    let logit = ((7 * 31 + 1) * 31 + 2) * 31 + 4i32;
    assert_eq!((payload.len(), refused), (1 + 9 + 9, None));
    assert_eq!((payload[0], &payload[2..6], payload[11]), (2, &logit.to_le_bytes()[..], 2));
    // Nothing behind a refused item is carried out, and what was carried out before stays.
    let (payload, refused) = send(&mut endpoint, 1, &[sentence(3).brief(), sentence(5), sentence(20), sentence(6)]);
    assert_eq!((&payload[..], refused), (&[4][..], Some((2, Refusal::UnknownWord))));
    // A repeat carries out nothing of it again.
    let (payload, refused) = send(&mut endpoint, 1, &[sentence(3)]);
    assert_eq!((&payload[..], refused), (&[4][..], Some((2, Refusal::UnknownWord))));
    // Replies end where they have no room.
    let (payload, refused) = send(&mut endpoint, 2, &vec![question.clone(); 6]);
    assert_eq!((payload.len(), refused), (5 * 9, Some((5, Refusal::ReplyFull))));
    let (payload, refused) = send(&mut endpoint, 3, &vec![question.clone().brief(); 60]);
    assert_eq!((payload.len(), refused), (0, None));
    // A payload that ends beyond the frame; an item without a length at the end, with and without a need for one.
    let raw = |endpoint: &mut Endpoint<Memnet, Notebook>, content: &[u8]| answer(endpoint, &encode(content)).1;
    assert_eq!(raw(&mut endpoint, &[4, 6, 3, 1, 1]), Some(Refusal::BadLength));
    assert_eq!(raw(&mut endpoint, &[5, 6, 1, 1, 5]), None);
    assert_eq!(raw(&mut endpoint, &[6, 6, 1, 1, 6]), Some(Refusal::BadLength));
    assert_eq!(raw(&mut endpoint, &[7, 6, 1, 1, 99, 200]), Some(Refusal::UnknownCommand));
    assert_eq!(raw(&mut endpoint, &[8, 5, 0, 6, 2, 1, 1]), None);
    let journal = &endpoint.device_mut().journal;
    assert_eq!(journal.iter().filter(|entry| matches!(entry, Entry::Sentence(_))).count(), 8);
    assert_eq!(journal.iter().filter(|entry| matches!(entry, Entry::Question(_))).count(), 1 + 5 + 60);
}

#[test]
fn the_counters_stop_or_wrap_as_they_are_said_to() {
    let mut endpoint = loaded();
    let slots = program().settings.slots;
    for _ in 0..65536 + usize::from(slots) + 1 {
        refusal(&mut endpoint, Command::Sentence, &[1]);
    }
    for _ in 0..65536 + 3 {
        assert_eq!(endpoint.push_all(&[1, 0]).unwrap(), BAD_FRAME);
    }
    let Status { progress: Story { sentences, forgotten }, bad_frames, .. } = status(&mut endpoint);
    assert_eq!((sentences, forgotten, bad_frames), (slots, 65535, 3));
    refusal(&mut endpoint, Command::Clear, &[]);
    let Status { progress: Story { sentences, forgotten }, bad_frames, .. } = status(&mut endpoint);
    assert_eq!((sentences, forgotten, bad_frames), (0, 0, 3));
}

/// A device that breaks leaves its request unanswered.
#[test]
fn a_failing_device_is_an_error_and_not_an_answer() {
    struct Broken(Notebook);
    impl Device<Memnet> for Broken {
        fn identify(&mut self) -> Result<Identity, DeviceError> {
            self.0.identify()
        }
        fn load_with(&mut self, program: &Program, _: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
            self.0.load(program)
        }
        fn clear(&mut self) -> Result<(), DeviceError> {
            self.0.clear()
        }
        fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
            match call {
                Call::Sentence(_) => Err(DeviceError::Unreachable("it broke".into())),
                question => self.0.call(question),
            }
        }
        fn status(&mut self) -> Result<Status, DeviceError> {
            self.0.status()
        }
    }
    let mut endpoint = Endpoint::with_program(Broken(Notebook::default()), &program()).unwrap();
    let error = endpoint.push_all(&alone(0, 6, &[1])).unwrap_err();
    assert_eq!(error.to_string(), "it broke");
    // Nothing was stored, so there is nothing to ask about.
    let refused = encode(&[0, 0, Refusal::NoStory as u8]);
    assert_eq!(endpoint.push_all(&alone(0, 7, &[1])).unwrap(), refused);
}

proptest! {
    /// Every frame in any stream of bytes has its reply, in order: a bad one BadFrame, an intact one its own number.
    #[test]
    fn every_frame_has_one_reply(
        noise in prop::collection::vec(
            prop_oneof![
                2 => prop::collection::vec(any::<u8>(), 0..20),
                3 => (0u8..12, 0u8..10, prop::collection::vec(0u8..24, 0..12))
                    .prop_map(|(number, command, payload)| alone(number, command, &payload)),
            ],
            0..30,
        ),
    ) {
        let mut endpoint = loaded();
        let stream = [noise.concat(), vec![0]].concat();
        let replies = endpoint.push_all(&stream).unwrap();
        let (mut requests, mut answers) = (Decoder::new(), Decoder::new());
        let received: Vec<_> = stream.iter().filter_map(|&byte| requests.push(byte)).collect();
        let sent: Vec<_> = replies.iter().filter_map(|&byte| answers.push(byte)).collect();
        prop_assert_eq!(received.len(), sent.len());
        for (request, reply) in received.iter().zip(&sent) {
            let reply = frames::Reply::of(reply.as_ref().unwrap()).unwrap();
            prop_assert_eq!(reply.number, request.as_ref().map_or(0, |request| request[0]));
            prop_assert_eq!(reply.refused == Some((0, Refusal::BadFrame as u8)), request.is_err());
        }
        let bad = received.iter().filter(|request| request.is_err()).count();
        prop_assert_eq!(usize::from(status(&mut endpoint).bad_frames), bad);
    }
}
