//! The serial port against a pseudo-terminal behind which an endpoint answers.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::bench::{Notebook, program};
use engram_link::codec::encode;
use engram_link::{Driver, Endpoint, LinkError, Options, Pty, Serial, Transport};
use engram_spec::memnet::{Memnet, Requests};
use engram_spec::{Device, DeviceError};

const BAUD: u32 = 1_000_000;

/// A board behind a pseudo-terminal, until it is dropped.
struct Board {
    path: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Board {
    fn new() -> Board {
        let mut pty = Pty::open().unwrap();
        let path = pty.path().display().to_string();
        let ended = Arc::new(AtomicBool::new(false));
        let flag = ended.clone();
        let mut endpoint = Endpoint::new(Notebook::default()).unwrap();
        let thread = thread::spawn(move || endpoint.serve(&mut pty, || flag.load(Ordering::Relaxed)).unwrap());
        Board { path, ended, thread: Some(thread) }
    }

    fn connect(&self) -> Driver<Memnet, Serial> {
        Driver::connect(Serial::open(&self.path, BAUD).unwrap(), Options::default()).unwrap()
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let joined = self.thread.take().map_or(Ok(()), JoinHandle::join);
        assert!(joined.is_ok() || thread::panicking());
    }
}

#[path = "../../examples/board.rs"]
mod example;

/// The example for users of the crate, with a board that holds no program.
#[test]
fn the_example_meets_a_board() {
    example::meet(&Board::new().path).unwrap();
}

#[test]
fn questions_go_over_a_pseudo_terminal() {
    let board = Board::new();
    let mut driver = board.connect();
    assert!(driver.ensure(&program(), &mut |_, _| {}).unwrap());
    let mut reference = Notebook::default();
    reference.load(&program()).unwrap();
    for word in 0..20 {
        // Every value that a terminal could take for itself, were it not raw, goes by within these frames.
        driver.sentence(&[word, 3, 4, 10, 13, 17, 19]).unwrap();
        reference.sentence(&[word, 3, 4, 10, 13, 17, 19]).unwrap();
        assert_eq!(driver.question(&[word]).unwrap(), reference.question(&[word]).unwrap());
        assert!(driver.last_exchange() > Duration::ZERO);
    }
    assert_eq!(driver.counters().repeats, 0);
    assert_eq!(driver.status().unwrap().progress.forgotten, 20 - u16::from(program().settings.slots));
}

#[test]
fn hosts_come_and_go() {
    let board = Board::new();
    board.connect().load(&program()).unwrap();
    for round in 0..3 {
        // One that leaves in mid-frame, and one that does not wait for its answer.
        let mut rude = Serial::open(&board.path, BAUD).unwrap();
        rude.send(&[9, 9, 9]).unwrap();
        drop(rude);
        let mut hasty = Serial::open(&board.path, BAUD).unwrap();
        hasty.send(&[0]).unwrap();
        hasty.send(&encode(&[1, 1])).unwrap();
        drop(hasty);
        let mut driver = board.connect();
        assert!(!driver.ensure(&program(), &mut |_, _| {}).unwrap(), "round {round}: the program is still there");
        driver.sentence(&[1]).unwrap();
        driver.question(&[2]).unwrap();
    }
}

#[test]
fn a_board_nobody_listens_to_does_not_block() {
    let mut pty = Pty::open().unwrap();
    for _ in 0..1000 {
        pty.send(&[0x55; 100]).unwrap();
    }
    assert_eq!(pty.receive(Duration::from_millis(1)).unwrap(), None);
}

#[test]
fn a_port_in_use_is_busy_and_free_again_afterwards() {
    let board = Board::new();
    let first = Serial::open(&board.path, BAUD).unwrap();
    let error = Serial::open(&board.path, BAUD).unwrap_err();
    assert!(matches!(error, LinkError::Busy { .. }), "{error}");
    assert!(error.to_string().contains(&board.path));
    drop(first);
    board.connect();
}

#[test]
fn a_port_that_does_not_exist_is_named_with_those_that_do() {
    let error = Serial::open("/dev/ttyENGRAM9", BAUD).unwrap_err();
    let LinkError::NoPort { path, ports } = &error else { panic!("{error}") };
    assert_eq!(path, "/dev/ttyENGRAM9");
    assert_eq!(*ports, engram_link::ports());
    assert!(error.to_string().starts_with("there is no port '/dev/ttyENGRAM9'; this machine has"), "{error}");
}

#[test]
fn a_port_of_others_is_refused_with_what_to_do() {
    let pty = Pty::open().unwrap();
    fs::set_permissions(pty.path(), fs::Permissions::from_mode(0o000)).unwrap();
    match Serial::open(&pty.path().display().to_string(), BAUD) {
        Ok(_) => eprintln!("skipped: this user may open everything"),
        Err(error) => assert!(error.to_string().contains("add yourself to the group"), "{error}"),
    }
}

#[test]
fn a_file_is_no_port() {
    let error = Serial::open("/dev/null", BAUD).unwrap_err();
    assert!(matches!(error, LinkError::Port { .. }), "{error}");
}

/// The board goes away after half an answer.
#[test]
fn a_board_unplugged_in_mid_answer_is_an_error_that_says_so() {
    let mut pty = Pty::open().unwrap();
    let path = pty.path().display().to_string();
    let board = thread::spawn(move || {
        let mut endpoint = Endpoint::with_program(Notebook::default(), &program()).unwrap();
        let mut answers = 0;
        while answers < 3 {
            let Some(byte) = pty.receive(Duration::from_secs(5)).unwrap() else { panic!("no host") };
            if let Some(reply) = endpoint.push(byte).unwrap() {
                answers += 1;
                pty.send(if answers < 3 { &reply } else { &reply[..4] }).unwrap();
            }
        }
    });
    let mut driver = Driver::connect(Serial::open(&path, BAUD).unwrap(), Options::default()).unwrap();
    driver.sentence(&[1, 2]).unwrap();
    let Err(DeviceError::Unreachable(error)) = driver.question(&[3]) else { panic!("an answer") };
    board.join().unwrap();
    assert!(matches!(error.downcast_ref(), Some(LinkError::Lost { port, .. }) if *port == path), "{error}");
    // The port is a pseudo-terminal, behind which no board is.
    assert!(error.to_string().contains("`engram serve` still runs"), "{error}");
}
