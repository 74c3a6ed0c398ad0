//! The plain scheduling: a block that rust-hdl itself simulates, through its clock signal, does what it does on our bench.

use engram_hdl::link::receiver::FrameReceiver;
use engram_hdl::memnet::core::Core;
use engram_hdl::memnet::lane::Lane;
use engram_hdl::memnet::softmax::Softmax;
use engram_hdl::prelude::{Clock, Cycle, In, Signal, check_all};
use engram_hdl::simulation::Bench;
use engram_link::codec::encode;
use engram_spec::frame::Command;
use engram_spec::memnet::Datapath;
use engram_spec::memnet::geometry::TINY;
use engram_testbench::block::Ports;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rust_hdl::core::simulate::simulate;

use super::lanes::set_lane;
use super::stimulus::{draw, random};

/// Runs a block on the bench and another the plain way. `stimulus` sets the inputs of a cycle from what it remembers, of
/// which each block has its own.
fn alike<B: Cycle, M: Clone>(
    make: impl Fn() -> B,
    clock: impl Fn(&mut B) -> &mut Signal<In, Clock>,
    cycles: usize,
    memory: M,
    stimulus: impl Fn(&mut B, &mut M),
) {
    let mut bench = Bench::new(make());
    let mut plain = make();
    plain.connect_all();
    check_all(&plain).unwrap();
    let (mut ours, mut theirs) = (memory.clone(), memory);
    let mut seen = std::collections::HashSet::new();
    for cycle in 0..cycles {
        stimulus(&mut bench.block, &mut ours);
        stimulus(&mut plain, &mut theirs);
        bench.settle();
        clock(&mut plain).next = false.into();
        assert!(simulate(&mut plain, 100), "settles");
        let ports = Ports::of(&bench.block);
        assert_eq!(ports, Ports::of(&plain), "cycle {cycle}");
        seen.insert(ports.outputs.into_values().collect::<Vec<_>>());
        bench.tick().unwrap();
        clock(&mut plain).next = true.into();
        assert!(simulate(&mut plain, 100), "settles");
    }
    assert!(seen.len() > 10, "the outputs move");
}

#[test]
fn a_lane_driven_the_plain_way() {
    let make = || Lane::new(Datapath::default(), false);
    alike(make, |block| &mut block.clock, 3_000, random(1), set_lane);
}

#[test]
fn a_softmax_driven_the_plain_way() {
    let stimulus = |block: &mut Softmax, rng: &mut ChaCha8Rng| {
        (block.total.next, block.shift.next) = (draw(rng), draw(rng));
        (block.exponential_valid.next, block.hop_begin.next) = (rng.random(), rng.random_ratio(1, 30));
        block.align.next = rng.random_ratio(1, 4);
    };
    alike(Softmax::new, |block| &mut block.clock, 3_000, random(2), stimulus);
}

#[test]
fn a_frame_receiver_driven_the_plain_way() {
    let stimulus = |block: &mut FrameReceiver, rng: &mut ChaCha8Rng| {
        (block.valid.next, block.data.next) = (rng.random(), u64::from(rng.random_range(0..6u8)).into());
        block.address.next = draw(rng);
        if rng.random_ratio(1, 20) {
            block.first.next = draw(rng);
        }
    };
    alike(FrameReceiver::new, |block| &mut block.clock, 3_000, random(3), stimulus);
}

#[test]
fn a_core_driven_the_plain_way() {
    let frames = [vec![1, Command::Identify as u8], vec![2, Command::Status as u8], vec![3, 99]];
    let bytes: Vec<u8> = frames.iter().flat_map(|content| encode(content)).collect();
    let stimulus = |block: &mut Core, sent: &mut usize| {
        // The byte on offer was taken in the last cycle.
        if block.rx_valid.next && block.rx_ready.val() {
            *sent += 1;
        }
        block.rx_valid.next = *sent < bytes.len();
        block.rx_data.next = u64::from(bytes.get(*sent).copied().unwrap_or_default()).into();
        block.tx_ready.next = true;
    };
    let make = || Core::new(&TINY, Datapath::default(), true);
    alike(make, |block| &mut block.clock, 700, 0, stimulus);
}
