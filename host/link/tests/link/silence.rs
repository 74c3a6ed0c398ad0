//! Devices that do not answer, or answer what no device of ours would.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use crate::bench::{Notebook, program};
use engram_link::codec::encode;
use engram_link::{Driver, Endpoint, LinkError, Options, Transport};
use engram_spec::frame::{Refusal, VERSION};
use engram_spec::memnet::geometry::UP5K;
use engram_spec::memnet::{Addressing, Memnet, Program, Requests};
use engram_spec::{Device, DeviceError};

/// A device made of a function from the bytes of a burst to the bytes that come back.
struct Puppet<F> {
    reply: F,
    arrived: VecDeque<u8>,
}

impl<F: FnMut(&[u8]) -> Vec<u8>> Transport for Puppet<F> {
    fn name(&self) -> String {
        "/dev/puppet".to_string()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.arrived.extend((self.reply)(bytes));
        Ok(())
    }

    fn receive(&mut self, _: Duration) -> io::Result<Option<u8>> {
        Ok(self.arrived.pop_front())
    }
}

fn puppet<F: FnMut(&[u8]) -> Vec<u8>>(reply: F) -> Puppet<F> {
    Puppet { reply, arrived: VecDeque::new() }
}

fn connecting(reply: impl FnMut(&[u8]) -> Vec<u8>) -> LinkError {
    match Driver::<Memnet, _>::connect(puppet(reply), Options::default()) {
        Ok(_) => panic!("connected"),
        Err(error) => error,
    }
}

fn served(mut cut: impl FnMut(Vec<u8>) -> Vec<u8>) -> Driver<Memnet, impl Transport> {
    let mut endpoint = Endpoint::with_program(Notebook::default(), &program()).unwrap();
    let transport = puppet(move |bytes: &[u8]| cut(endpoint.push_all(bytes).unwrap()));
    Driver::connect(transport, Options::default()).unwrap()
}

#[test]
fn a_silent_device_is_named_with_what_to_check() {
    let error = connecting(|_| Vec::new());
    assert!(matches!(error, LinkError::Silent { tries: 4, .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.starts_with("/dev/puppet is silent: no reply to 'Identify' after 4 tries of 500ms"), "{text}");
    assert!(text.contains("power") && text.contains("baud rate"), "{text}");
}

/// The device falls silent after any number of an answer's bytes, once (a repeat helps) or for good (an error).
#[test]
fn silence_in_mid_answer_is_repeated_and_then_an_error() {
    for kept in 0..14 {
        for silences in [1, 3, 4] {
            let mut remaining = 0;
            let armed = std::rc::Rc::new(std::cell::Cell::new(false));
            let trigger = armed.clone();
            let mut driver = served(move |mut reply| {
                if trigger.take() {
                    remaining = silences;
                }
                if remaining > 0 && !reply.is_empty() {
                    remaining -= 1;
                    reply.truncate(kept);
                }
                reply
            });
            driver.sentence(&[1, 2]).unwrap();
            armed.set(true);
            let answer = driver.question(&[3]);
            let counters = driver.counters();
            if silences == 4 {
                assert!(matches!(answer, Err(DeviceError::Unreachable(_))));
            } else {
                assert_eq!(answer.unwrap().logit, ((7 * 31 + 1) * 31 + 2) * 31 + 3);
            }
            assert_eq!(counters.repeats, silences.min(3), "{kept} bytes");
            // The first frame after a torn answer is the torn one's end.
            driver.clear().unwrap();
        }
    }
}

#[test]
fn the_first_request_after_a_failure_is_sound() {
    let mut broken = 0;
    let mut driver = served(move |reply| {
        broken += usize::from(!reply.is_empty());
        if (3..7).contains(&broken) { reply[..reply.len() / 2].to_vec() } else { reply }
    });
    driver.sentence(&[1]).unwrap();
    assert!(driver.sentence(&[2]).is_err());
    driver.clear().unwrap();
    driver.sentence(&[3]).unwrap();
    assert_eq!(driver.question(&[4]).unwrap().logit, (7 * 31 + 3) * 31 + 4);
}

/// The zero at a request's end is lost: the zero before the repeat ends the frame, and it is executed once.
#[test]
fn a_lost_end_of_a_frame_costs_one_repeat() {
    let mut endpoint = Endpoint::with_program(Notebook::default(), &program()).unwrap();
    let mut frames = 0;
    let transport = puppet(move |bytes: &[u8]| {
        frames += 1;
        let lost = usize::from(frames == 2);
        endpoint.push_all(&bytes[..bytes.len() - lost]).unwrap()
    });
    let mut driver = Driver::connect(transport, Options::default()).unwrap();
    driver.sentence(&[1]).unwrap();
    assert_eq!((driver.counters().repeats, driver.counters().bad_requests), (1, 0));
    let status = driver.status().unwrap();
    assert_eq!((status.progress.sentences, status.repeats, status.bad_frames), (1, 1, 0));
}

#[test]
fn nonsense_is_an_error_and_never_endless() {
    let bad_frames = connecting(|_| encode(&[0, 0, Refusal::BadFrame as u8]));
    assert!(bad_frames.to_string().contains("the device received a request damaged"), "{bad_frames}");
    let echo = connecting(|bytes| bytes.to_vec());
    assert!(matches!(echo, LinkError::Nonsense { tries: 4, .. }), "{echo}");
    let babble = connecting(|_| vec![0x55; 100_000]);
    assert!(babble.to_string().contains("2048 bytes without a reply"), "{babble}");
    let late = connecting(|_| encode(&[200, 0]).repeat(1000));
    assert!(matches!(late, LinkError::Nonsense { .. }), "{late}");
    let impossible = connecting(|bytes| match bytes {
        [0] => Vec::new(),
        _ => encode(&[1, 0, 77]),
    });
    assert!(impossible.to_string().contains("makes no sense, [01, 00, 4d]"), "{impossible}");
}

#[test]
fn another_version_is_told_apart_whatever_its_length() {
    for length in [2, 13, 14, 40] {
        let error = connecting(|_| encode(&[vec![1], vec![VERSION + 1; length], vec![0]].concat()));
        assert!(matches!(error, LinkError::Version { device } if device == VERSION + 1), "{error}");
    }
    // Earlier versions had the refusal behind the number.
    for earlier in 1..VERSION {
        let error = connecting(|_| encode(&[vec![1, 0], vec![earlier; 14]].concat()));
        assert!(matches!(error, LinkError::Version { device } if device == earlier), "{error}");
    }
}

#[test]
fn a_program_for_another_device_is_not_sent() {
    let mut driver = served(|reply| reply);
    let settings = program().settings;
    let other = Program::zeroed(UP5K, Addressing::Hamming, settings);
    let error = driver.ensure(&other, &mut |_, _| {}).unwrap_err().to_string();
    assert_eq!(error, "the device is a 'tiny', the program is made for a 'up5k'; quantise it for 'tiny'");
    assert!(matches!(driver.load(&other), Err(DeviceError::Refused(Refusal::WrongGeometry))));
    let other = Program { datapath: Addressing::Xnor.into(), ..program() };
    let error = driver.load_with(&other, &mut |_, _| {}).unwrap_err().to_string();
    assert!(error.starts_with("the device is built for hamming, the program for xnor"), "{error}");
    let mut invalid = program();
    invalid.h[5] = -128;
    assert!(matches!(driver.load_with(&invalid, &mut |_, _| {}), Err(LinkError::Program(_))));
    assert_eq!(driver.identify().unwrap().loaded, Some(program().hash()));
}

#[test]
fn a_program_that_is_there_is_not_sent_again() {
    let mut driver = served(|reply| reply);
    driver.sentence(&[1]).unwrap();
    let before = driver.counters().frames;
    assert!(!driver.ensure(&program(), &mut |_, _| panic!("nothing is loaded")).unwrap());
    assert_eq!(driver.counters().frames, before + 2);
    assert_eq!(driver.status().unwrap().progress.sentences, 0);
    let mut other = program();
    other.embeddings[3][0] ^= 1;
    assert!(driver.ensure(&other, &mut |_, _| {}).unwrap());
    assert_eq!(driver.identify().unwrap().loaded, Some(other.hash()));
}
