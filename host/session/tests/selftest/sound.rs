//! Devices in order pass every check, and the built-in networks use every part of a device.

use engram_crossbar::{IntegerModel as CrossbarModel, Memoization};
use engram_memnet::IntegerModel;
use engram_session::backend::Backend;
use engram_session::hardware::Network;
use engram_session::selftest::{Outcome, SelfTest, Wanted};
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{self, Crossbar};
use engram_spec::memnet::{self, Addressing, Datapath, Memnet};

use crate::relay::{Relay, check, device, fails, run};

#[test]
fn a_memory_network_passes() {
    let relay = Relay::new(|_| device::<Memnet, _>(IntegerModel::new(memnet::geometry::TINY, Addressing::Xnor)));
    let report = relay.report();
    assert_eq!(report.outcome(), Outcome::Passed, "{report:#?}");
    let names: Vec<&str> = report.checks.iter().map(|check| check.name).collect();
    let expected =
        ["port", "quiet", "identity", "load", "answers", "cycles", "counters", "refusals", "bad frames", "repeats"];
    assert_eq!(names, [&expected[..], &["round trip", "line"]].concat());
    let of = report.device.unwrap();
    assert_eq!((of.network, of.preset, of.loaded), ("memory network", "tiny", None));
    assert_eq!((of.sizes["slots"], report.counters["bad_frames"], report.counters["repeats"]), (8, 4, 1));
    let times = report.times.unwrap();
    assert!(times.min_ms <= times.median_ms && times.median_ms <= times.max_ms && times.load_bytes_per_second > 0.0);
    assert!(report.link.unwrap().frames > 100);
}

#[test]
fn a_crossbar_with_memoization_passes() {
    let relay = Relay::new(|_| {
        let predictor = Predictor::of(&crossbar::geometry::TINY_WIDE);
        let memo = Memoization { predictor, ..Memoization::default() };
        device::<Crossbar, _>(CrossbarModel::new(crossbar::geometry::TINY_WIDE).memoizing(memo))
    });
    let report = relay.report();
    assert_eq!(report.outcome(), Outcome::Passed, "{report:#?}");
    assert!(check(&report, "memoization").found.ends_with("8 numbers of the tally equal"), "{report:#?}");
    assert_eq!(report.device.as_ref().unwrap().network, "crossbar network");
    // A second self-test finds the program of the first.
    let again = relay.report();
    assert_eq!(again.outcome(), Outcome::Passed, "{again:#?}");
    assert!(again.device.unwrap().loaded.is_some());
}

#[test]
fn what_a_port_is_expected_to_have_is_compared() {
    let relay = Relay::new(|_| device::<Memnet, _>(IntegerModel::new(memnet::geometry::TINY, Addressing::Dot)));
    let mut test = relay.test();
    test.wanted.network = Some(Network::Crossbar);
    fails(&run(&test), &["identity"], "memory network tiny", "Load the bitstream that is wanted");
    test.wanted = Wanted { addressing: Some(Addressing::Hamming), ..Wanted::default() };
    let report = run(&test);
    fails(&report, &["identity"], "dot addressing", "Load the bitstream that is wanted");
    assert_eq!((check(&report, "identity").expected.as_str(), report.outcome()), ("hamming", Outcome::Failed(1)));
    test.wanted =
        Wanted { addressing: Some(Addressing::Dot), preset: Some(memnet::geometry::TINY), ..Wanted::default() };
    assert_eq!(run(&test).outcome(), Outcome::Passed);
}

/// The hardware in simulation passes with its clock cycles, in every build.
#[test]
fn simulated_hardware_passes() {
    let mut tests = Vec::new();
    for Datapath { addressing, weights } in Datapath::all() {
        let wanted = Wanted { addressing: Some(addressing), weights: Some(weights), ..Wanted::default() };
        tests.push(Wanted { network: Some(Network::Memnet), ..wanted });
    }
    let usual = Predictor::of(&crossbar::geometry::TINY);
    for memo in [None, Some(usual), Some(usual.serial())] {
        tests.push(Wanted { network: Some(Network::Crossbar), memo, ..Wanted::default() });
    }
    for wanted in tests {
        let wanted = Wanted { preset: Some(memnet::geometry::TINY), ..wanted };
        let (on, model) = (Backend::Simulation, None);
        let report = run(&SelfTest { on, wanted, baud: 1_000_000, timeout: None, round_trip: None, model });
        assert_eq!(report.outcome(), Outcome::Passed, "{wanted:?}: {report:#?}");
        assert!(check(&report, "cycles").found.contains("replies took what they should"), "{report:#?}");
    }
}
