//! Devices whose bitstreams have a program inside: they answer from switch-on, without a load, as a device into which a host loaded it.

use engram_link::Endpoint;
use engram_link::codec::encode;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{self, Crossbar};
use engram_spec::frame::{Command, Refusal};
use engram_spec::machine::Load;
use engram_spec::memnet::{self, Addressing, Datapath, Memnet};
use engram_testbench::network::board;

use super::blocks::exchange::exchange_on_lines;
use super::blocks::requests::{content, load};
use super::blocks::stimulus::{random, twin};
use super::clocked::{Clocked, Timed};
use super::crossbar::random_program as crossbar_program;
use super::memnet::{SIGNS, random_program};

/// Clock cycles of a bit on the serial lines.
const BIT: u32 = 4;

/// A request without its number.
fn with(command: Command, payload: &[u8]) -> Vec<u8> {
    [&[command as u8], payload].concat()
}

/// A board with a program inside and its Verilog, bit by bit on their serial lines, give the bytes of an endpoint to which the program was
/// sent, cycles included; then another program takes the first one's place.
fn answers_from_switch_on<M: Timed<Geometry: Copy>>(
    build: M::Build,
    [inside, other]: [&M::Program; 2],
    asked: &[Vec<u8>],
    name: &str,
) {
    let geometry = inside.geometry();
    let mut device = twin(|| board::<M>(&geometry, build, BIT, Some(inside)), name);
    let mut endpoint = Endpoint::<M, _>::new(Clocked::new(geometry, build)).expect("a model identifies itself");
    for (number, request) in load(inside).into_iter().enumerate() {
        endpoint.push_all(&encode(&content(number as u8, &request))).expect("a model does not break");
    }
    // What it says at switch-on: the first request, of number 0, was carried out.
    let said = encode(&[0, 0]);
    assert_eq!(exchange_on_lines(&mut device, &[], said.len(), BIT), said, "{name}");
    // An identify is taken whatever its number is, and the requests behind it follow. Status tells counters.
    let begin = [with(Command::Identify, &[])];
    let last = [with(Command::Identify, &[]), with(Command::Status, &[])];
    let requests = [&begin, asked, &load(other), asked, &last].concat();
    for (number, request) in requests.into_iter().enumerate() {
        let frame = encode(&content(number as u8, &request));
        let expected = endpoint.push_all(&frame).expect("a model does not break");
        let received = exchange_on_lines(&mut device, &frame, expected.len(), BIT);
        assert_eq!(received, expected, "{name}: to {request:02x?}");
    }
}

#[test]
fn a_memory_network_answers_from_switch_on() {
    let rng = &mut random(51);
    for datapath in [Datapath::from(Addressing::Min), SIGNS] {
        let geometry = memnet::geometry::TINY;
        let [inside, other] = [(); 2].map(|()| random_program(rng, geometry, datapath));
        let story =
            [0u8, 1].map(|word| with(Command::Sentence, &[word % inside.settings.words.min(other.settings.words), 0]));
        let asked = [&[with(Command::Clear, &[])], &story[..], &[with(Command::Question, &[0])]].concat();
        answers_from_switch_on::<Memnet>(datapath, [&inside, &other], &asked, "board_with_a_memory_network");
    }
}

#[test]
fn a_crossbar_network_answers_from_switch_on() {
    let rng = &mut random(52);
    let geometry = crossbar::geometry::TINY;
    for memo in [None, Some(Predictor::of(&geometry))] {
        // Both take as many inputs, so that one step is right for both.
        let inside = crossbar_program(rng, geometry);
        let other = loop {
            let other = crossbar_program(rng, geometry);
            if other.settings.inputs == inside.settings.inputs {
                break other;
            }
        };
        let step = with(Command::Step, &vec![5; inside.settings.inputs.into()]);
        let asked = [with(Command::Clear, &[]), step.clone(), step, with(Command::Answer, &[])];
        answers_from_switch_on::<Crossbar>(memo, [&inside, &other], &asked, "board_with_a_crossbar_network");
    }
}

/// A frame of this command and hash would make any memory a program: only a device with a program inside takes it, and a host that sends
/// none of another length is told so.
#[test]
fn other_devices_adopt_nothing() {
    let geometry = memnet::geometry::TINY;
    let mut endpoint = Endpoint::<Memnet, _>::new(Clocked::new(geometry, Datapath::default())).unwrap();
    let adopt = with(Command::Adopt, &[0; 4]);
    let mut device = twin(|| board::<Memnet>(&geometry, Datapath::default(), BIT, None), "board_without_a_program");
    let frame = encode(&content(0, &adopt));
    let expected = endpoint.push_all(&frame).unwrap();
    assert_eq!(exchange_on_lines(&mut device, &frame, expected.len(), BIT), expected);
    assert_eq!(expected, encode(&[0, 0, Refusal::UnknownCommand as u8]));
}
