//! Ports behind which no device of this version answers: each is named, and nothing further is tested.

use std::fs::{self, File, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

use engram_link::{Decoder, Serial, codec};
use engram_session::backend::Backend;
use engram_session::selftest::{Outcome, SelfTest};
use engram_spec::frame::{Command, VERSION};
use nix::fcntl::OFlag;
use nix::libc;

use crate::relay::{Relay, check, fails, run, sound};

fn unusable(relay: &Relay, check: &str, found: &str, remedy: &str) {
    let report = relay.report();
    fails(&report, &[check], found, remedy);
    assert_eq!(report.outcome(), Outcome::Unusable);
}

#[test]
fn a_port_that_is_not_there() {
    let relay = Relay::new(|_| sound());
    let test = SelfTest { on: Backend::Port("/dev/ttyENGRAM9".into()), ..relay.test() };
    let report = run(&test);
    fails(&report, &["port"], "there is no port '/dev/ttyENGRAM9'; this machine has", "Plug the board in");
    assert_eq!(report.outcome(), Outcome::Unusable);
    let report = run(&SelfTest { on: Backend::Port("/dev/null".into()), ..relay.test() });
    fails(&report, &["port"], "cannot be used as a serial port", "Name a terminal device such as /dev/ttyUSB0");
}

#[test]
fn a_port_that_another_program_holds() {
    let relay = Relay::new(|_| sound());
    let held = Serial::open(&relay.path, 1_000_000).unwrap();
    unusable(&relay, "port", "in use by another program", "`fuser -v /dev/pts/");
    drop(held);
    assert_eq!(relay.report().outcome(), Outcome::Passed);
}

#[test]
fn a_port_of_others() {
    let relay = Relay::new(|_| sound());
    fs::set_permissions(&relay.path, fs::Permissions::from_mode(0o000)).unwrap();
    match OpenOptions::new().read(true).open(&relay.path) {
        Ok(_) => eprintln!("skipped: this user may open everything"),
        Err(_) => unusable(&relay, "port", "no permission to open", "usermod -aG dialout"),
    }
}

#[test]
fn silence() {
    let relay = Relay::new(|_| |_: &[u8]| Vec::new());
    unusable(&relay, "identity", "is silent at 1000000 baud and at other usual rates", "Load the bitstream");
}

#[test]
fn an_echo() {
    let relay = Relay::new(|_| |bytes: &[u8]| bytes.to_vec());
    unusable(&relay, "identity", "sends back what it is sent", "transmit and receive are joined");
}

#[test]
fn garbage() {
    let relay = Relay::new(|_| |bytes: &[u8]| bytes.iter().map(|byte| (byte ^ 0x55) | 0x80).collect());
    unusable(&relay, "identity", "answers with garbage at 1000000 baud", "The rates of the two sides differ");
}

#[test]
fn the_text_of_another_program() {
    let relay = Relay::greeting(b"ets Jun  8 2016 00:22:57\r\n", |_| |_: &[u8]| b"unknown command\r\n".to_vec());
    let report = relay.report();
    fails(&report, &["quiet", "identity"], "nobody asked for: 'ets Jun  8 2016", "second processor");
    assert!(check(&report, "identity").found.contains("answers with text, 'unknown command"), "{report:#?}");
    assert_eq!(report.outcome(), Outcome::Unusable);
}

/// The rate that a host set on a terminal, bits a second.
fn rate(terminal: &File) -> u32 {
    // SAFETY: the kernel fills the structure that it is given, for a descriptor that is open.
    unsafe {
        let mut settings: libc::termios2 = std::mem::zeroed();
        assert_eq!(libc::ioctl(terminal.as_raw_fd(), libc::TCGETS2, &mut settings), 0);
        settings.c_ospeed
    }
}

/// The terminal keeps the rate that the host sets: at any other than its own the device sees and sends garbage.
#[test]
fn another_rate() {
    let relay = Relay::new(|path| {
        let terminal = OpenOptions::new().read(true).custom_flags(OFlag::O_NOCTTY.bits()).open(path).unwrap();
        let mut device = sound();
        move |bytes: &[u8]| {
            if rate(&terminal) == 460_800 { device(bytes) } else { vec![0xf8; bytes.len() / 2] }
        }
    });
    unusable(&relay, "identity", "no sound answer at 1000000 baud, but one at 460800 baud", "Give --baud 460800");
    assert_eq!(run(&SelfTest { baud: 460_800, ..relay.test() }).outcome(), Outcome::Passed);
}

#[test]
fn a_device_of_another_version() {
    let relay = Relay::new(|_| {
        let mut decoder = Decoder::new();
        move |bytes: &[u8]| {
            let frames = bytes.iter().filter_map(|&byte| decoder.push(byte));
            let reply = |content: Vec<u8>| match Command::from_id(content[1]) {
                Some(Command::Identify) => codec::encode(&[&[content[0], VERSION + 1][..], &[0; 13]].concat()),
                _ => codec::encode(&[content[0], 0, 2]),
            };
            frames.filter_map(Result::ok).flat_map(reply).collect::<Vec<u8>>()
        }
    });
    let found = format!("whose frames have version {}, and this engram speaks version {VERSION}", VERSION + 1);
    unusable(&relay, "identity", &found, "Build the bitstream with this engram");
}
