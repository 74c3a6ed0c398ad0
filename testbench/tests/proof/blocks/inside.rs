//! The parts of the crossbar's core in their place: while the core carries out a session in the in-crate simulation, the Verilog of
//! each part, compiled by itself, gets the inputs that the part has there, and shows the same outputs in every cycle.

use std::collections::{BTreeMap, BTreeSet};

use engram_flow::compiled::CompiledModel;
use engram_hdl::crossbar::command_decoder::CommandDecoder;
use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::crossbar::engine::CrossbarEngine;
use engram_hdl::crossbar::memo::Memo;
use engram_hdl::crossbar::sequencer::CrossbarSequencer;
use engram_hdl::emit::{Design, emit};
use engram_hdl::link::Link;
use engram_hdl::simulation::Bench;
use engram_link::codec::encode;
use engram_spec::crossbar::geometry::{TINY, TINY_WIDE};
use engram_spec::crossbar::memo::{self, Predictor};
use engram_spec::crossbar::{Geometry, Program};
use engram_spec::frame::Command;
use engram_testbench::block::{Ports, compare, compile};
use engram_testbench::in_crate::ByteStream;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use super::requests::{content, load};
use super::stimulus::random;
use crate::backends::cache;
use crate::crossbar::random_program;

/// A part of a core: its path of names, and its Verilog.
fn parts(geometry: &Geometry, memo: Option<Predictor>) -> Vec<(Vec<&'static str>, Design)> {
    let mut parts = vec![
        (vec!["link"], emit(Link::new(), "link_inside")),
        (vec!["decoder"], emit(CommandDecoder::new(geometry, memo), "crossbar_command_decoder_inside")),
        (vec!["engine"], emit(CrossbarEngine::new(geometry, memo), "crossbar_engine_inside")),
        (vec!["engine", "sequencer"], emit(CrossbarSequencer::new(geometry), "crossbar_sequencer_inside")),
    ];
    parts
        .extend(memo.map(|predictor| (vec!["engine", "memo$0"], emit(Memo::new(geometry, &predictor), "memo_inside"))));
    parts
}

/// The frames of a session: a load, then steps, symbols, answers, and ways to remember.
fn session(program: &Program, memo: bool, rng: &mut ChaCha8Rng) -> Vec<Vec<u8>> {
    let with = |command: Command, payload: &[u8]| [&[command as u8], payload].concat();
    let inputs = program.settings.inputs;
    let mut requests = vec![with(Command::Identify, &[])];
    requests.extend(load(program));
    let way = memo::Settings { theta: [300; 4], throttling: true, ..memo::Settings::default() };
    requests.extend(memo.then(|| with(Command::Memoize, &way.to_bytes())));
    // Inputs that hardly change, so that columns are remembered.
    let mut codes: Vec<u8> = (0..inputs).map(|_| rng.random_range(0..8)).collect();
    for step in 0..6 {
        codes[step % usize::from(inputs)] = rng.random_range(0..8);
        requests.push(with(Command::Step, &codes));
    }
    requests.extend([with(Command::Symbol, &[0]), with(Command::Symbol, &[inputs]), with(Command::Answer, &[])]);
    requests.extend((0..8).filter(|_| memo).map(|place| with(Command::Tally, &[place])));
    requests.extend([Command::Status, Command::Clear, Command::Identify].map(|command| with(command, &[])));
    let numbered = (0u8..).zip(requests).map(|(number, request)| encode(&content(number, &request)));
    numbered.collect()
}

fn parts_play_as_their_verilog(geometry: Geometry, memo: Option<Predictor>) {
    let rng = &mut random(44);
    let mut bench = Bench::new(CrossbarCore::new(&geometry, memo));
    let mut models: Vec<(Vec<String>, CompiledModel)> = Vec::new();
    for (path, design) in parts(&geometry, memo) {
        let Some(model) = compile(design, &cache()).expect("the compiler takes the Verilog") else { return };
        models.push((path.into_iter().map(str::to_string).collect(), model));
    }
    let mut ports: BTreeMap<Vec<String>, Ports> =
        models.iter().map(|(path, _)| (path.clone(), Ports::default())).collect();
    // The values that each output had: an output that never moves was not tested.
    let mut values: BTreeMap<(Vec<String>, String), BTreeSet<u64>> = BTreeMap::new();
    let programs: Vec<Program> = (0..3).map(|_| random_program(rng, geometry)).collect();
    let mut frames: Vec<_> = programs.iter().flat_map(|program| session(program, memo.is_some(), rng)).collect();
    // And once more without waiting, so that the receiver has no room now and then.
    frames.push(frames.concat());
    for frame in frames {
        let mut outgoing = frame.iter().copied().peekable();
        let (mut ended, mut after) = (false, 0);
        while !ended || after < 20 {
            bench.block.offer(outgoing.peek().copied(), true);
            bench.settle();
            Ports::read(&bench.block, &mut ports);
            for (path, model) in &mut models {
                let found = ports[path].clone();
                for (name, &value) in &found.outputs {
                    values.entry((path.clone(), name.clone())).or_default().insert(value);
                }
                compare(model, found, &path.join("."), bench.cycles())
                    .unwrap_or_else(|difference| panic!("{difference}"));
                model.tick().expect("the Verilog does not stop itself");
            }
            if bench.block.is_ready() {
                outgoing.next();
            }
            ended |= bench.block.sent() == Some(0) && outgoing.peek().is_none();
            after += u32::from(ended);
            bench.tick().expect("nothing is written, so nothing fails");
            assert!(bench.cycles() < 200_000, "no reply");
        }
    }
    let still: Vec<_> = values.iter().filter(|(_, values)| values.len() < 2).map(|(output, _)| output).collect();
    assert!(still.is_empty(), "outputs that never moved: {still:?}");
}

#[test]
fn parts_of_the_core_play_as_their_verilog() {
    parts_play_as_their_verilog(TINY_WIDE, None);
}

#[test]
fn parts_of_the_core_with_memoization_play_as_their_verilog() {
    parts_play_as_their_verilog(TINY, Some(Predictor::of(&TINY)));
}
