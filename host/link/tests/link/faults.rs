//! Driver against endpoint over a line that drops, changes, doubles, cuts and delays bytes.

use crate::bench::{Entry, Faults, Line, Notebook, program};
use engram_link::{Driver, LinkError, Options, Transport};
use engram_spec::frame::Refusal;
use engram_spec::machine::Order;
use engram_spec::memnet::{Call, Memnet, Requests};
use engram_spec::{Device, DeviceError};

const CLEAN: Faults = Faults { drop: 0.0, corrupt: 0.0, duplicate: 0.0, truncate: 0.0, delay: 0.0 };

fn every_kind(chance: f64) -> Faults {
    Faults { drop: chance, corrupt: chance, duplicate: chance, truncate: 4.0 * chance, delay: chance / 4.0 }
}

fn loaded(seed: u64, repeats: u32) -> Driver<Memnet, Line> {
    let options = Options { repeats, ..Options::default() };
    let mut driver = Driver::connect(Line::new(seed, CLEAN, CLEAN), options).unwrap();
    driver.load(&program()).unwrap();
    driver
}

/// Four words that no other request of a test has.
fn words(serial: u32) -> Vec<u8> {
    [0, 1, 2, 3].map(|digit| (serial / 20u32.pow(digit) % 20) as u8).to_vec()
}

fn was_unreachable<A>(result: Result<A, DeviceError>) -> bool {
    match result {
        Ok(_) => false,
        Err(DeviceError::Unreachable(_)) => true,
        Err(refused) => panic!("{refused}"),
    }
}

#[test]
fn a_clean_line_needs_no_repeat() {
    let mut driver = loaded(1, 3);
    let mut told = Vec::new();
    driver.load_with(&program(), &mut |done, total| told.push((done, total))).unwrap();
    assert_eq!(told, [0, 20, 40, 60, 80, 100, 110].map(|done| (done, 110)));
    assert_eq!(driver.identity().loaded, Some(program().hash()));
    for serial in 0..300 {
        driver.sentence(&words(serial)).unwrap();
        driver.question(&words(serial)).unwrap();
    }
    let counters = driver.counters();
    assert_eq!((counters.repeats, counters.timeouts, counters.late_replies), (0, 0, 0));
    assert_eq!((counters.bad_requests, counters.damaged_replies), (0, 0));
    // Identify; twice identify, begin, rows in frames of 20, seal; the rest.
    assert_eq!(counters.frames, 1 + 2 * (110u64.div_ceil(20) + 3) + 600);
    assert_eq!(counters.bytes_received, driver.transport_mut().delivered);
    let status = driver.status().unwrap();
    assert_eq!((status.loaded, status.progress.sentences, status.progress.forgotten), (true, 7, 293));
    assert_eq!((status.bad_frames, status.repeats), (0, 0));
}

/// Whatever happens on the line, a request is executed once and answered as if nothing had happened, or there is an error
/// and it was executed once at most.
#[test]
fn every_question_is_executed_once_and_answered_right_or_is_an_error() {
    let (mut answered, mut failed, mut repeats) = ([0; 3], [0; 3], [0; 3]);
    for seed in 0..300 {
        let mut driver = loaded(seed, 3);
        let mut reference = Notebook::default();
        reference.load(&program()).unwrap();
        let level = seed as usize % 3;
        let faults = every_kind([0.002, 0.01, 0.03][level]);
        driver.transport_mut().set_faults(faults, faults);
        for serial in 0..40 {
            let words = words(serial);
            let lost = if serial % 2 == 0 {
                let lost = was_unreachable(driver.sentence(&words));
                reference.sentence(&words).unwrap();
                lost
            } else {
                let answer = driver.question(&words);
                let expected = reference.question(&words).unwrap();
                answered[level] += u32::from(answer.as_ref().is_ok_and(|answer| *answer == expected));
                assert!(answer.as_ref().map_or(true, |answer| *answer == expected), "seed {seed}: {answer:?}");
                was_unreachable(answer)
            };
            let journal = &driver.transport_mut().endpoint.device_mut().journal;
            let entry = if serial % 2 == 0 { Entry::Sentence(words.clone()) } else { Entry::Question(words.clone()) };
            let executed = journal.iter().filter(|&other| *other == entry).count();
            assert!(executed == 1 || (lost && executed == 0), "seed {seed}, request {serial}: {executed} times");
            if lost {
                failed[level] += 1;
                start_again(&mut driver, &mut reference);
                driver.transport_mut().set_faults(faults, faults);
            }
        }
        // What was still on the way when an error was given has arrived by now.
        driver.transport_mut().set_faults(CLEAN, CLEAN);
        driver.status().unwrap();
        let journal = driver.transport_mut().endpoint.device_mut().journal.clone();
        for (place, entry) in journal.iter().enumerate().filter(|(_, entry)| **entry != Entry::Clear) {
            assert!(!journal[place + 1..].contains(entry), "seed {seed}: {entry:?} was executed twice");
        }
        repeats[level] += driver.counters().repeats;
    }
    eprintln!(
        "of 2000 questions each {answered:?} were answered; of 4000 requests {failed:?} failed; repeats: {repeats:?}"
    );
    assert!(answered[0] > 1980 && answered[1] > 1500 && answered[2] > 200, "{answered:?}");
    assert!(failed[2] > 1000 && repeats[0] > 500, "{failed:?}, {repeats:?}");
}

/// The same of orders, of which several frames are under way at a time: they are carried out in their order, each once, and the replies are
/// right, or there is an error.
#[test]
fn orders_are_carried_out_once_and_in_their_order() {
    let (mut whole, mut broken, mut repeats) = ([0; 3], [0; 3], 0);
    for seed in 0..300 {
        let mut driver = loaded(seed, 3);
        let mut reference = Notebook::default();
        reference.load(&program()).unwrap();
        let level = seed as usize % 3;
        let faults = every_kind([0.0005, 0.002, 0.01][level]);
        driver.transport_mut().set_faults(faults, faults);
        let all: Vec<Vec<u8>> = (0..150).map(words).collect();
        let orders: Vec<Order<'_, Memnet>> = all
            .iter()
            .enumerate()
            .map(|(place, words)| match place % 5 {
                0 | 2 => Order::Tell(Call::Sentence(words)),
                1 => Order::Call(Call::Sentence(words)),
                _ => Order::Call(Call::Question(words)),
            })
            .collect();
        let replies = driver.try_run(&orders);
        let expected = reference.run(&orders).unwrap();
        let journal = driver.transport_mut().endpoint.device_mut().journal.clone();
        match replies {
            Ok(replies) => {
                assert_eq!(replies, expected, "seed {seed}");
                assert_eq!(journal, reference.journal, "seed {seed}");
                whole[level] += 1;
            }
            Err(error) => {
                assert!(matches!(error, LinkError::Silent { .. } | LinkError::Nonsense { .. }), "{error}");
                assert_eq!(journal[..], reference.journal[..journal.len()], "seed {seed}");
                broken[level] += 1;
                driver.transport_mut().set_faults(CLEAN, CLEAN);
                while was_unreachable(driver.clear()) {}
                driver.sentence(&[19]).unwrap();
            }
        }
        repeats += driver.counters().repeats;
    }
    eprintln!("of 100 each {whole:?} were whole, {broken:?} were not; repeats: {repeats}");
    assert!(whole[0] > 60 && broken[2] > 20 && repeats > 500, "{whole:?} {broken:?} {repeats}");
}

/// Clears the story on both sides and tells one sentence, so that there is something to ask about.
fn start_again(driver: &mut Driver<Memnet, Line>, reference: &mut Notebook) {
    driver.transport_mut().set_faults(CLEAN, CLEAN);
    // Seconds of delayed bytes may still be on the way; they end.
    while was_unreachable(driver.clear()) {}
    driver.sentence(&[19, 19, 19]).unwrap();
    // The journal's entries are to be told apart.
    driver.transport_mut().endpoint.device_mut().journal.retain(|entry| *entry != Entry::Sentence(vec![19, 19, 19]));
    reference.clear().unwrap();
    reference.sentence(&[19, 19, 19]).unwrap();
}

/// A program that arrives over a bad line is the program, bit for bit, or there is an error.
#[test]
fn a_load_over_a_bad_line_is_whole_or_an_error() {
    let mut whole = 0;
    for seed in 0..30 {
        let faults = every_kind(0.0003);
        let Ok(mut driver) = Driver::<Memnet, _>::connect(Line::new(seed, faults, faults), Options::default()) else {
            continue;
        };
        let result = driver.ensure(&program(), &mut |_, _| {});
        let journal = &driver.transport_mut().endpoint.device_mut().journal;
        match result {
            Ok(loaded) => {
                assert!(loaded);
                assert_eq!(*journal, [Entry::Load(Box::new(program()))]);
                whole += 1;
            }
            Err(error) => {
                assert!(matches!(error, LinkError::Silent { .. } | LinkError::Nonsense { .. }), "{error}");
                assert!(journal.len() <= 1);
            }
        }
    }
    assert!(whole > 20, "{whole}");
}

#[test]
fn lost_replies_are_repeats_that_both_sides_count() {
    let mut driver = loaded(5, 20);
    driver.transport_mut().set_faults(CLEAN, every_kind(0.01));
    for serial in 0..200 {
        driver.sentence(&words(serial)).unwrap();
    }
    driver.transport_mut().set_faults(CLEAN, CLEAN);
    let status = driver.status().unwrap();
    let counters = driver.counters();
    assert!(counters.repeats > 20 && counters.timeouts > 0 && counters.damaged_replies > 0, "{counters:?}");
    // A repeat that comes while the device speaks is not heard; here the driver waits for silence first.
    assert_eq!((u64::from(status.repeats), status.bad_frames), (counters.repeats, 0));
    assert_eq!(driver.transport_mut().endpoint.device_mut().journal.len(), 201);
    assert_eq!(counters.bytes_received, driver.transport_mut().delivered);
}

#[test]
fn damaged_requests_are_bad_frames_that_both_sides_count() {
    let mut driver = loaded(6, 20);
    driver.transport_mut().set_faults(every_kind(0.01), CLEAN);
    for serial in 0..200 {
        driver.sentence(&words(serial)).unwrap();
    }
    driver.transport_mut().set_faults(CLEAN, CLEAN);
    let status = driver.status().unwrap();
    let counters = driver.counters();
    assert!(counters.repeats > 20 && counters.bad_requests > 20, "{counters:?}");
    assert_eq!((u64::from(status.bad_frames), counters.damaged_replies), (counters.bad_requests, 0));
    assert_eq!(driver.transport_mut().endpoint.device_mut().journal.len(), 201);
    assert_eq!(counters.bytes_received, driver.transport_mut().delivered);
}

/// Noise that the device answers with BadFrame costs no try while the true reply is still being worked out.
#[test]
fn the_last_try_waits_for_a_slow_reply_behind_an_earlier_bad_frame() {
    let mut driver = loaded(8, 0);
    driver.sentence(&[1]).unwrap();
    let line = driver.transport_mut();
    line.send(&[5, 7, 0]).unwrap();
    (line.now, line.thinks) = (line.now + 10_000, 300_000);
    driver.question(&[2]).unwrap();
    assert_eq!((driver.counters().bad_requests, driver.counters().repeats), (1, 0));
}

#[test]
fn refusals_come_through_and_change_nothing() {
    let mut driver = loaded(7, 3);
    let refused = |result: Result<(), DeviceError>, expected: Refusal| match result {
        Err(DeviceError::Refused(refusal)) => assert_eq!(refusal, expected),
        other => panic!("{other:?}, expected {expected:?}"),
    };
    refused(driver.question(&[1]).map(drop), Refusal::NoStory);
    refused(driver.sentence(&[]), Refusal::BadLength);
    refused(driver.sentence(&[0; 9]), Refusal::TooLong);
    refused(driver.sentence(&[0; 1000]), Refusal::TooLong);
    refused(driver.sentence(&[20]), Refusal::UnknownWord);
    refused(driver.question(&[255; 3]).map(drop), Refusal::UnknownWord);
    assert_eq!(driver.status().unwrap().progress.sentences, 0);
    assert_eq!(driver.counters().repeats, 0);
}
