//! A device behind a pseudo-terminal, and a relay between the two that does to the bytes what a test wants.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use engram_link::{Endpoint, Pty, Transport};
use engram_memnet::IntegerModel;
use engram_session::backend::Backend;
use engram_session::selftest::{Check, Event, Outcome, Report, SelfTest, Wanted};
use engram_spec::machine::{Device, Machine};
use engram_spec::memnet::geometry::TINY;
use engram_spec::memnet::{Addressing, Memnet};

/// The far end of a line: takes the bytes that came, and gives those that go back.
pub trait FarEnd: Send + 'static {
    fn take(&mut self, bytes: &[u8]) -> Vec<u8>;
}

impl<F: FnMut(&[u8]) -> Vec<u8> + Send + 'static> FarEnd for F {
    fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        self(bytes)
    }
}

/// The far end that is a device in order.
pub fn device<M, D>(device: D) -> impl FnMut(&[u8]) -> Vec<u8>
where
    M: Machine,
    D: Device<M>,
{
    let mut endpoint = Endpoint::new(device).unwrap();
    move |bytes| endpoint.push_all(bytes).unwrap()
}

/// The far end that is a memory network in order, of the smallest size.
pub fn sound() -> impl FnMut(&[u8]) -> Vec<u8> {
    device::<Memnet, _>(IntegerModel::new(TINY, Addressing::Hamming))
}

/// A far end behind a pseudo-terminal, until it is dropped.
pub struct Relay {
    pub path: String,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    /// Makes the far end in its own thread, where devices that cannot be sent to another one live.
    pub fn new<E: FarEnd>(far_end: impl FnOnce(&str) -> E + Send + 'static) -> Relay {
        Relay::greeting(b"", far_end)
    }

    /// The same with bytes that come before anything is asked, again and again until something is.
    pub fn greeting<E: FarEnd>(greeting: &'static [u8], far_end: impl FnOnce(&str) -> E + Send + 'static) -> Relay {
        let mut pty = Pty::open().unwrap();
        let path = pty.path().display().to_string();
        let ended = Arc::new(AtomicBool::new(false));
        let (end, place) = (ended.clone(), path.clone());
        let thread = thread::spawn(move || {
            let (mut far_end, mut asked) = (far_end(&place), false);
            while !end.load(Ordering::Relaxed) {
                let mut bytes = Vec::new();
                let mut wait = Duration::from_millis(10);
                while let Some(byte) = pty.receive(wait).unwrap() {
                    bytes.push(byte);
                    wait = Duration::ZERO;
                }
                asked |= !bytes.is_empty();
                if !bytes.is_empty() {
                    pty.send(&far_end.take(&bytes)).unwrap();
                } else if !asked {
                    pty.send(greeting).unwrap();
                }
            }
        });
        Relay { path, ended, thread: Some(thread) }
    }

    /// The self-test of this device, with short times.
    pub fn test(&self) -> SelfTest {
        SelfTest {
            on: Backend::Port(self.path.clone().into()),
            wanted: Wanted::default(),
            baud: 1_000_000,
            timeout: Some(Duration::from_millis(200)),
            round_trip: None,
            model: None,
        }
    }

    /// The report on this device.
    pub fn report(&self) -> Report {
        run(&self.test())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let joined = self.thread.take().map_or(Ok(()), JoinHandle::join);
        assert!(joined.is_ok() || thread::panicking());
    }
}

/// Runs a self-test, which tells of each check as it is done.
pub fn run(test: &SelfTest) -> Report {
    let (mut begun, mut done) = (Vec::new(), Vec::new());
    let report = test.run(&mut |event| match event {
        Event::Begun(name) => begun.push(name),
        Event::Done(check) => done.push(check.clone()),
    });
    let report = report.unwrap();
    assert_eq!(report.checks, done);
    assert!(report.checks.iter().all(|check| check.ok == check.remedy.is_none()), "{report}");
    report
}

/// The check of this name.
pub fn check<'a>(report: &'a Report, name: &str) -> &'a Check {
    report.checks.iter().find(|check| check.name == name).unwrap_or_else(|| panic!("no check {name}: {report:?}"))
}

/// Asserts that the checks that failed are these, and what the first of them says.
pub fn fails(report: &Report, names: &[&str], found: &str, remedy: &str) {
    let failed: Vec<&Check> = report.checks.iter().filter(|check| !check.ok).collect();
    assert_eq!(failed.iter().map(|check| check.name).collect::<Vec<_>>(), names, "{report:#?}");
    assert!(failed[0].found.contains(found), "{} does not say: {found}", failed[0].found);
    let text = failed[0].remedy.as_deref().unwrap();
    assert!(text.contains(remedy), "{text} does not say: {remedy}");
    assert!(!report.ok && report.outcome() != Outcome::Passed);
}
