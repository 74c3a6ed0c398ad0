//! A device that answers, or the line to it, with a fault of each kind: the check that fails and the advice name it.

use std::thread;
use std::time::Duration;

use engram_crossbar::{IntegerModel as CrossbarModel, Memoization};
use engram_link::{Decoder, Pty, codec};
use engram_memnet::IntegerModel;
use engram_session::backend::Backend;
use engram_session::selftest::{Outcome, SelfTest, Wanted};
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{self, Crossbar};
use engram_spec::machine::{Device, Identity, Machine, Status};
use engram_spec::memnet::geometry::TINY;
use engram_spec::memnet::{self, Addressing, Memnet};
use engram_spec::{Answer, DeviceError};

use crate::relay::{Relay, check, device, fails, run, sound};

/// A device that runs another program than it was given, or changes its replies.
struct Broken<D, P, R> {
    device: D,
    program: P,
    reply: R,
}

impl<M, D, P, R> Device<M> for Broken<D, P, R>
where
    M: Machine,
    D: Device<M>,
    P: FnMut(&mut M::Program),
    R: FnMut(M::Reply) -> M::Reply,
{
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        self.device.identify()
    }
    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        let mut changed = program.clone();
        (self.program)(&mut changed);
        self.device.load_with(&changed, progress)
    }
    fn clear(&mut self) -> Result<(), DeviceError> {
        self.device.clear()
    }
    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        self.device.call(call).map(&mut self.reply)
    }
    fn status(&mut self) -> Result<Status<M>, DeviceError> {
        self.device.status()
    }
}

/// A byte changes now and then, in one direction or in the other: the answers are right all the same.
#[test]
fn a_line_that_changes_bytes() {
    for (to_host, found) in [(true, "replies arrived damaged"), (false, "requests arrived damaged")] {
        let relay = Relay::new(move |_| {
            let (mut device, mut passed) = (sound(), 0);
            let mut disturb = move |bytes: &[u8]| -> Vec<u8> {
                let disturbed = bytes.iter().map(|&byte| {
                    passed += 1;
                    if passed % 701 == 0 && byte > 1 { byte ^ 0x01 } else { byte }
                });
                disturbed.collect()
            };
            move |bytes: &[u8]| if to_host { disturb(&device(bytes)) } else { device(&disturb(bytes)) }
        });
        let report = relay.report();
        assert!(check(&report, "answers").ok && check(&report, "load").ok, "{report:#?}");
        let line = check(&report, "line");
        assert!(!line.ok && line.found.contains(found), "{report:#?}");
        assert!(line.remedy.as_ref().unwrap().contains("shorter cable"), "{report:#?}");
        assert!(matches!(report.outcome(), Outcome::Failed(_)));
    }
}

#[test]
fn an_adapter_that_holds_bytes_back() {
    let relay = Relay::new(|_| {
        let mut device = device::<Crossbar, _>(CrossbarModel::new(crossbar::geometry::TINY));
        move |bytes: &[u8]| {
            thread::sleep(Duration::from_millis(15));
            device(bytes)
        }
    });
    let report = run(&SelfTest { round_trip: Some(Duration::from_millis(8)), ..relay.test() });
    fails(&report, &["round trip"], " ms (", "latency_timer");
    assert_eq!(report.outcome(), Outcome::Failed(1));
}

/// The device answers otherwise, by a fault in each of its parts in turn: the first part that differs is named.
#[test]
fn wrong_answers_of_a_memory_network() {
    type Fault = fn(&mut memnet::Program);
    let faults: [(Fault, &str); 4] = [
        (
            |program| program.h.iter_mut().step_by(5).for_each(|code| *code = 0),
            "the controller and the answer (B, position, H, W)",
        ),
        (
            |program| program.embeddings[2].iter_mut().for_each(|code| *code = -*code),
            "the reading of a sentence (C, T_C)",
        ),
        (
            |program| program.embeddings[0].iter_mut().for_each(|code| *code = -*code),
            "the similarities and the softmax (A, T_A)",
        ),
        (|program| program.settings.hops = 1, "several hops"),
    ];
    for (fault, part) in faults {
        let relay = Relay::new(move |_| {
            let model = IntegerModel::new(TINY, Addressing::Hamming);
            device::<Memnet, _>(Broken { device: model, program: fault, reply: |reply| reply })
        });
        let report = relay.report();
        fails(&report, &["answers"], "replies differ, first sequence", part);
        assert!(check(&report, "answers").remedy.as_ref().unwrap().contains("`meets_timing` must be true"));
        assert_eq!(report.outcome(), Outcome::Failed(1));
    }
}

#[test]
fn wrong_answers_of_a_crossbar() {
    type Fault = fn(&mut crossbar::Program);
    let faults: [(Fault, &str); 4] = [
        (
            |program| program.readout.iter_mut().for_each(|code| *code = -*code),
            "the gates' tables, the cells and the readout",
        ),
        (|program| program.columns.iter_mut().step_by(16).for_each(|code| *code = 0), "the columns' rows of x"),
        (|program| program.columns.iter_mut().skip(8).step_by(16).for_each(|code| *code = 0), "the columns' rows of h"),
        (|program| program.settings.tile = 0, "the sums of several tiles"),
    ];
    for (fault, part) in faults {
        let relay = Relay::new(move |_| {
            let model = CrossbarModel::new(crossbar::geometry::TINY);
            device::<Crossbar, _>(Broken { device: model, program: fault, reply: |reply| reply })
        });
        fails(&relay.report(), &["answers"], "replies differ, first sequence", part);
    }
}

#[test]
fn answers_that_change_from_time_to_time() {
    let relay = Relay::new(|_| {
        let mut asked = 0;
        let reply = move |reply| {
            asked += 1;
            match reply {
                memnet::Reply::Answer(answer) if asked % 3 == 0 => {
                    memnet::Reply::Answer(Answer { logit: answer.logit + asked, ..answer })
                }
                reply => reply,
            }
        };
        let model = IntegerModel::new(TINY, Addressing::Hamming);
        device::<Memnet, _>(Broken { device: model, program: |_: &mut memnet::Program| (), reply })
    });
    fails(&relay.report(), &["answers"], "replies differ", "the design is too slow for the clock");
}

#[test]
fn cycles_of_another_hardware() {
    let relay = Relay::new(|_| {
        let reply = |reply| match reply {
            memnet::Reply::Answer(answer) => memnet::Reply::Answer(Answer { cycles: 300, ..answer }),
            reply => reply,
        };
        let model = IntegerModel::new(TINY, Addressing::Hamming);
        device::<Memnet, _>(Broken { device: model, program: |_: &mut memnet::Program| (), reply })
    });
    fails(&relay.report(), &["cycles"], "replies took others, the first 300 in place of", "of another version");
}

#[test]
fn a_tally_that_is_wrong() {
    let relay = Relay::new(|_| {
        let geometry = crossbar::geometry::TINY;
        let memo = Memoization { predictor: Predictor::of(&geometry), ..Memoization::default() };
        let reply = |reply| match reply {
            crossbar::Reply::Number(number) => crossbar::Reply::Number(number + 1),
            reply => reply,
        };
        let model = CrossbarModel::new(geometry).memoizing(memo);
        device::<Crossbar, _>(Broken { device: model, program: |_: &mut crossbar::Program| (), reply })
    });
    fails(&relay.report(), &["memoization"], "hits of i in place of", "memoization (`memo`)");
}

/// A device that takes damaged frames for nothing, and one that carries out repeats.
#[test]
fn a_link_that_keeps_no_count() {
    let relay = Relay::new(|_| {
        let (mut device, mut decoder) = (sound(), Decoder::new());
        // Sound frames only come through.
        move |bytes: &[u8]| {
            let frames: Vec<_> = bytes.iter().filter_map(|&byte| decoder.push(byte)).collect();
            frames
                .into_iter()
                .filter_map(Result::ok)
                .flat_map(|content| device(&codec::encode(&content)))
                .collect::<Vec<u8>>()
        }
    });
    let report = relay.report();
    fails(&report, &["bad frames"], "the device counted 0 damaged frames, of 4", "the link (`frame_handler`)");
    let relay = Relay::new(|_| {
        let (mut device, mut decoder, mut number) = (sound(), Decoder::new(), 255u8);
        // A request with a number of its own is never a repeat.
        let mut renumbered = move |content: Vec<u8>| -> Vec<u8> {
            number = number.wrapping_add(1);
            let reply = device(&codec::encode(&[&[number], &content[1..]].concat()));
            let mut back = Decoder::new();
            let frames = reply.iter().filter_map(|&byte| back.push(byte)).filter_map(Result::ok);
            frames.flat_map(|reply| codec::encode(&[&content[..1], &reply[1..]].concat())).collect()
        };
        move |bytes: &[u8]| {
            let mut replies = Vec::new();
            for frame in bytes.iter().filter_map(|&byte| decoder.push(byte)) {
                replies.extend(match frame {
                    Ok(content) => renumbered(content),
                    Err(_) => codec::encode(&[0, 0, 1]),
                });
            }
            replies
        }
    });
    let report = relay.report();
    assert!(check(&report, "repeats").found.contains("carried out again: 2 in place of 1"), "{report:#?}");
}

#[test]
fn a_device_that_falls_silent() {
    let relay = Relay::new(|_| {
        let (mut device, mut requests) = (sound(), 0);
        move |bytes: &[u8]| {
            requests += 1;
            if requests > 120 { Vec::new() } else { device(bytes) }
        }
    });
    let report = relay.report();
    fails(&report, &["answers", "line"], "silence: no reply to '", "The device answered before");
}

#[test]
fn a_board_that_is_unplugged() {
    let mut pty = Pty::open().unwrap();
    let on = Backend::Port(pty.path().into());
    let board = thread::spawn(move || {
        use engram_link::Transport;
        let (mut device, mut requests) = (sound(), 0);
        while requests < 4 {
            let Some(byte) = pty.receive(Duration::from_secs(5)).unwrap() else { panic!("no host") };
            let reply = device(&[byte]);
            requests += usize::from(!reply.is_empty());
            pty.send(&reply).unwrap();
        }
    });
    let wanted = Wanted::default();
    let report = run(&SelfTest { on, wanted, baud: 1_000_000, timeout: None, round_trip: None, model: None });
    board.join().unwrap();
    fails(&report, &["load"], "the connection broke", "still plugged in");
}
