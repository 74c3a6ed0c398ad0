//! Every request of `docs/link.md` to the crossbar's device, within its range and beyond, in every state, with memoization and
//! without: the endpoint in software, the in-crate simulation and the Verilog give the same bytes, cycles included. The same of
//! the slots of a memory network, whose other requests `blocks` has.

use std::collections::BTreeMap;

use engram_hdl::crossbar::board::CrossbarBoard;
use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::memnet::board::TOP;
use engram_hdl::memnet::core::Core;
use engram_link::Endpoint;
use engram_link::codec::{Decoder, encode};
use engram_link::frames;
use engram_memnet::IntegerModel;
use engram_spec::crossbar::geometry::{ROW_BYTES, Region, TINY, TINY_WIDE};
use engram_spec::crossbar::memo::{self, Predictor, Tally};
use engram_spec::crossbar::program::{BITS_MAX, SHIFT_MAX};
use engram_spec::crossbar::{Crossbar, Geometry, Program, Settings};
use engram_spec::frame::{CONTENT_MAX, Command, Refusal};
use engram_spec::memnet;
use engram_testbench::block::Twin;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::blocks::exchange::{exchange, exchange_on_lines};
use super::blocks::requests::{content, load, numbered, on_the_line};
use super::blocks::stimulus::{self, random, twin};
use super::clocked::Clocked;
use super::crossbar::random_program;

/// A request without its number, and whether it is meant to be carried out where the state allows it.
fn with(command: Command, payload: &[u8]) -> Vec<u8> {
    [&[command as u8], payload].concat()
}

/// Requests within their ranges and beyond, each end of each range among them. None of them loads a program.
fn probes(program: &Program, rng: &mut ChaCha8Rng) -> Vec<Vec<u8>> {
    let geometry = program.geometry;
    let mut probes: Vec<Vec<u8>> = vec![vec![0], vec![6, 1], vec![7, 1], vec![14], vec![127, 1, 2], vec![255; 40]];
    // Every length that is wrong, next to the right one and far from it.
    let wrong_lengths = [
        (Command::Identify, vec![1, 2, 92]),
        (Command::Begin, vec![0, 1, Settings::BYTES - 1, Settings::BYTES + 1, 92]),
        (Command::Row, vec![0, 2 + ROW_BYTES, 4 + ROW_BYTES, 92]),
        (Command::Seal, vec![0, 3, 5, 92]),
        (Command::Clear, vec![1, 92]),
        (Command::Status, vec![1, 92]),
        (Command::Symbol, vec![0, 2, 92]),
        (Command::Answer, vec![1, 92]),
        (Command::Memoize, vec![0, memo::Settings::BYTES - 1, memo::Settings::BYTES + 1, 92]),
        (Command::Tally, vec![0, 2, 92]),
    ];
    for (command, lengths) in wrong_lengths {
        probes.extend(lengths.into_iter().map(|length| with(command, &vec![1; length])));
    }
    let inputs = usize::from(program.settings.inputs);
    for length in [0, 1, inputs - 1, inputs, inputs + 1, geometry.inputs, geometry.inputs + 1, 92] {
        let codes: Vec<u8> = (0..length).map(|_| rng.random()).collect();
        probes.push(with(Command::Step, &codes));
    }
    for symbol in [0, 1, inputs - 1, inputs, inputs + 1, 254, 255] {
        probes.push(with(Command::Symbol, &[symbol as u8]));
    }
    // Each setting below its least and above its most.
    let settings = program.settings.to_bytes();
    let mut beyond = |place: usize, value: usize| {
        let mut settings = settings;
        settings[place] = value as u8;
        probes.push(with(Command::Begin, &settings));
    };
    for (place, most) in [geometry.hidden, geometry.inputs, geometry.classes].into_iter().enumerate() {
        [0, most + 1, 255].into_iter().for_each(|value| beyond(place, value));
    }
    (1..geometry.lanes).chain([255]).for_each(|tile| beyond(3, tile));
    for place in [4, 5] {
        [0, usize::from(BITS_MAX) + 1, 255].into_iter().for_each(|value| beyond(place, value));
    }
    for gate in 0..4 {
        beyond(6 + 6 * gate, 0);
        [usize::from(SHIFT_MAX) + 1, 255].into_iter().for_each(|value| beyond(7 + 6 * gate, value));
    }
    // Rows that the geometry has, and rows and regions that it has not.
    let mut row = |region: u8, row: usize| {
        let bytes: Vec<u8> = (0..ROW_BYTES).map(|_| rng.random_range(0..8)).collect();
        probes.push(with(Command::Row, &[&[region], &(row as u16).to_le_bytes()[..], &bytes].concat()));
    };
    for region in Region::ALL {
        let rows = geometry.rows(region);
        [0, rows - 1, rows, rows + 1, 255, 256, 65535].into_iter().for_each(|number| row(region.id(), number));
    }
    [2, 3, 128, 255].into_iter().for_each(|region| row(region, 0));
    probes.extend([[0; 4], [255; 4]].map(|hash| with(Command::Seal, &hash)));
    // Ways to remember.
    for head in [0, 1, 2, 3, 4, 8, 14, 15, 16, 64, 255] {
        probes.push(with(Command::Memoize, &[&[head][..], &[1, 0, 2, 0, 3, 0, 4, 0]].concat()));
    }
    for theta in [0u16, 1, memo::ERROR_MAX, memo::ERROR_MAX + 1, 0x8000, 0xffff] {
        for gate in 0..4 {
            let mut bytes = [0; memo::Settings::BYTES];
            bytes[1 + 2 * gate..][..2].copy_from_slice(&theta.to_le_bytes());
            probes.push(with(Command::Memoize, &bytes));
        }
    }
    let places = [Tally::NUMBERS, Tally::NUMBERS + 1, 127, 128, 255];
    probes.extend((0..Tally::NUMBERS).chain(places).map(|place| with(Command::Tally, &[place as u8])));
    for command in [Command::Identify, Command::Status, Command::Answer, Command::Clear] {
        probes.push(with(command, &[]));
    }
    probes
}

/// The states of a device, and the requests that lead to each from any other.
fn states(program: &Program) -> [(&'static str, Vec<Vec<u8>>); 5] {
    let loading: Vec<Vec<u8>> = load(program).into_iter().take(3).collect();
    let sealed = load(program);
    let step = with(Command::Step, &vec![3; program.settings.inputs.into()]);
    let way = memo::Settings { theta: [300; 4], ..memo::Settings::default() };
    let remembering = [with(Command::Memoize, &way.to_bytes()), step.clone(), step.clone()];
    [
        ("empty", vec![]),
        ("loading", loading),
        ("loaded", sealed.clone()),
        ("in a sequence", [&sealed[..], &[step]].concat()),
        ("remembering", [&sealed[..], &remembering].concat()),
    ]
}

/// The endpoint, and the core beside its Verilog.
struct Both {
    endpoint: Endpoint<Crossbar, Clocked<Crossbar>>,
    core: Twin<CrossbarCore>,
    number: u8,
    /// Replies by command and refusal; 0 is a command carried out.
    seen: BTreeMap<(u8, u8), usize>,
}

impl Both {
    fn new(geometry: Geometry, memo: Option<Predictor>, top: &str) -> Both {
        let endpoint = Endpoint::new(Clocked::new(geometry, memo)).expect("a model identifies itself");
        let core = twin(|| CrossbarCore::new(&geometry, memo), top);
        Both { endpoint, core, number: 0, seen: BTreeMap::new() }
    }

    /// Sends bytes to both; gives the replies, which are the same.
    fn bytes(&mut self, bytes: &[u8], rng: &mut ChaCha8Rng, context: &str) -> Vec<u8> {
        let expected = self.endpoint.push_all(bytes).expect("a model does not break");
        let received = exchange(&mut self.core, bytes, expected.len(), rng);
        assert_eq!(received, expected, "{context}: to {bytes:02x?}");
        received
    }

    /// Sends a request with the next number to both; gives the refusal, 0 for none.
    fn request(&mut self, request: &[u8], rng: &mut ChaCha8Rng, context: &str) -> u8 {
        let frame = encode(&content(self.number, request));
        self.number = self.number.wrapping_add(1);
        let reply = self.bytes(&frame, rng, context);
        let mut decoder = Decoder::new();
        let content = reply.iter().find_map(|&byte| decoder.push(byte)).expect("a reply").expect("a sound reply");
        let refusal = content[content.len() - 1];
        *self.seen.entry((request[0], refusal)).or_default() += 1;
        refusal
    }
}

/// Whether a request that was carried out leads out of its state.
fn leads_away(command: u8) -> bool {
    use Command::{Begin, Clear, Memoize, Row, Seal, Step, Symbol};
    [Begin, Row, Seal, Clear, Step, Symbol, Memoize].into_iter().any(|away| away as u8 == command)
}

fn every_request_in_every_state(geometry: Geometry, memo: Option<Predictor>, top: &str) {
    let rng = &mut random(41);
    let mut both = Both::new(geometry, memo, top);
    // Settings in the middle of their ranges, so that there is room at both ends.
    let program = loop {
        let program = random_program(rng, geometry);
        let Settings { inputs, hidden, .. } = program.settings;
        if usize::from(inputs) + 1 < geometry.inputs && inputs > 2 && hidden > 2 {
            break program;
        }
    };
    for (state, requests) in states(&program) {
        let mut there = false;
        for probe in probes(&program, rng) {
            if !there {
                for request in &requests {
                    both.request(request, rng, state);
                }
            }
            let refusal = both.request(&probe, rng, state);
            there = refusal != 0 || !leads_away(probe[0]);
        }
        // Nothing of what was refused has changed anything.
        for command in [Command::Identify, Command::Status] {
            both.request(&with(command, &[]), rng, state);
        }
    }
    let refused = |refusal: Refusal| {
        both.seen.iter().filter(|((_, found), _)| *found == refusal as u8).map(|(_, count)| count).sum::<usize>()
    };
    let kinds = [
        Refusal::UnknownCommand,
        Refusal::BadLength,
        Refusal::NotLoaded,
        Refusal::UnknownWord,
        Refusal::WrongGeometry,
        Refusal::WrongHash,
        Refusal::NoStory,
    ];
    let counts = kinds.map(|kind| (kind as u8, refused(kind)));
    let sent: usize = both.seen.values().sum();
    println!("{top}: {sent} requests; refusals by number {counts:?}");
    assert!(counts.iter().all(|&(_, count)| count > 0), "{counts:?}");
    let own = Command::ALL.into_iter().filter(|&command| <Crossbar as engram_spec::Machine>::has(memo, command));
    let common = [Command::Identify, Command::Begin, Command::Row, Command::Seal, Command::Clear, Command::Status];
    for command in own.chain(common) {
        assert!(both.seen.contains_key(&(command as u8, 0)), "{command:?} was never carried out");
    }
}

#[test]
fn every_request_in_every_state_has_the_endpoints_reply() {
    every_request_in_every_state(TINY, None, "crossbar_core");
}

#[test]
fn every_request_in_every_state_has_the_endpoints_reply_with_memoization() {
    every_request_in_every_state(TINY, Some(Predictor::of(&TINY)), "crossbar_core_with_memo");
}

/// Sessions as a host sends them and as it never would, over a line that damages frames, with repeats.
fn sessions(geometry: Geometry, memo: Option<Predictor>, top: &str) {
    let rng = &mut random(42);
    let mut both = Both::new(geometry, memo, top);
    for _ in 0..2 {
        let program = random_program(rng, geometry);
        let probes = probes(&program, rng);
        let inputs = program.settings.inputs;
        let steps = |rng: &mut ChaCha8Rng| match rng.random_range(0..6) {
            0 => with(Command::Symbol, &[rng.random_range(0..inputs)]),
            1 => with(Command::Answer, &[]),
            2 => probes[rng.random_range(0..probes.len())].clone(),
            _ => with(Command::Step, &(0..inputs).map(|_| rng.random()).collect::<Vec<u8>>()),
        };
        let requests: Vec<_> = load(&program).into_iter().chain((0..60).map(|_| steps(rng))).collect();
        let identify = with(Command::Identify, &[]);
        for content in numbered(rng, std::iter::once(identify).chain(requests).collect()) {
            assert!(content.len() + 2 <= CONTENT_MAX + 1);
            // A frame that was damaged is repeated, as a host does.
            for frame in [on_the_line(rng, &content), encode(&content)] {
                both.bytes(&frame, rng, "session");
            }
        }
    }
}

#[test]
fn sessions_over_a_bad_line_have_the_endpoints_replies() {
    sessions(TINY_WIDE, None, "crossbar_core_wide");
}

#[test]
fn sessions_over_a_bad_line_have_the_endpoints_replies_with_memoization() {
    sessions(TINY, Some(Predictor::of(&TINY).serial()), "crossbar_core_serial");
}

/// A memory network has the slots of its settings, from 1 to all of the device's. Numbers beyond are refused, and so are the
/// settings of version 3 of the frames, which had no slots; neither changes anything.
#[test]
fn a_memory_network_has_the_slots_of_its_settings() {
    let rng = &mut random(46);
    let (size, datapath) = (memnet::geometry::TINY, memnet::Datapath::default());
    let mut core = twin(|| Core::new(&size, datapath, false), "core");
    let mut endpoint = Endpoint::new(IntegerModel::new(size, datapath)).expect("a model identifies itself");
    let mut program = stimulus::random_program(rng, size, datapath);
    let mut number = 0u8;
    // Refusal and payload of the reply.
    let mut request = |request: &[u8], rng: &mut ChaCha8Rng| -> (u8, Vec<u8>) {
        let frame = encode(&content(number, request));
        number = number.wrapping_add(1);
        let expected = endpoint.push_all(&frame).expect("a model does not break");
        assert_eq!(exchange(&mut core, &frame, expected.len(), rng), expected, "to {request:02x?}");
        let mut decoder = Decoder::new();
        let content = expected.iter().find_map(|&byte| decoder.push(byte)).expect("a reply").expect("a sound reply");
        let reply = frames::Reply::of(&content).expect("a reply");
        (reply.refused.map_or(0, |(_, refusal)| refusal), reply.payload.to_vec())
    };
    let most = size.slots as u8;
    for slots in [most, 1, 5, most - 1] {
        program.settings.slots = slots;
        for content in load(&program) {
            assert_eq!(request(&content, rng).0, 0);
        }
        for told in 1..=most + 3 {
            let (refusal, sentences) = request(&with(Command::Sentence, &[0, 1]), rng);
            assert_eq!((refusal, &sentences[..]), (0, &[told.min(slots)][..]));
        }
        let status = with(Command::Status, &[]);
        let forgotten = most + 3 - slots;
        let before = request(&status, rng);
        assert_eq!(before.1[..4], [1, slots, forgotten, 0]);
        for beyond in [0, most + 1, 127, 128 | slots, 255] {
            let settings = memnet::Settings { slots: beyond, ..program.settings };
            let refusal = request(&with(Command::Begin, &settings.to_bytes()), rng).0;
            assert_eq!(refusal, Refusal::WrongGeometry as u8, "{beyond} slots");
        }
        let earlier = &program.settings.to_bytes()[..11];
        assert_eq!(request(&with(Command::Begin, earlier), rng).0, Refusal::BadLength as u8);
        assert_eq!(request(&status, rng), before);
    }
}

/// The board, bit by bit on its serial lines.
#[test]
fn crossbar_board_answers_on_its_serial_lines() {
    const BIT: u32 = 4;
    let rng = &mut random(43);
    let mut board = twin(|| CrossbarBoard::new(&TINY, None, BIT), TOP);
    let mut endpoint = Endpoint::<Crossbar, _>::new(Clocked::new(TINY, None)).unwrap();
    let program = random_program(rng, TINY);
    let step = with(Command::Step, &vec![1; program.settings.inputs.into()]);
    let rest = [step.clone(), step, with(Command::Answer, &[]), with(Command::Tally, &[0]), with(Command::Status, &[])];
    for (number, request) in load(&program).into_iter().chain(rest).enumerate() {
        let frame = encode(&content(number as u8, &request));
        let expected = endpoint.push_all(&frame).unwrap();
        assert_eq!(exchange_on_lines(&mut board, &frame, expected.len(), BIT), expected, "to {request:02x?}");
    }
    assert!(board.block().led.val(), "lit, because a program is loaded");
}
