//! The checks of a self-test, and what they come to.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use engram_link::{Counters, LinkError};
use serde::Serialize;

use super::advice;
use crate::backend::Backend;
use crate::style::{BAD, FAINT, GOOD, STRONG, styled};

/// A check of a self-test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The check's name, the same in every run.
    pub name: &'static str,
    /// Whether the device passed.
    pub ok: bool,
    /// The finding, in words.
    pub found: String,
    /// The finding of a device in order, in words.
    pub expected: String,
    /// The advice on what to try; `None` where the device passed.
    #[serde(rename = "try")]
    pub remedy: Option<String>,
}

impl Check {
    /// A check that the device passed.
    pub(super) fn passed(name: &'static str, found: impl Into<String>, expected: impl Into<String>) -> Check {
        Check { name, ok: true, found: found.into(), expected: expected.into(), remedy: None }
    }

    /// A check that the device failed.
    pub(super) fn failed(
        name: &'static str,
        found: impl Into<String>,
        expected: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Check {
        Check { name, ok: false, found: found.into(), expected: expected.into(), remedy: Some(remedy.into()) }
    }
}

/// Columns of the longest name of a check.
const NAME: usize = 11;

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Check { name, ok, found, expected, remedy } = self;
        let mark = if *ok { styled(GOOD, "ok  ") } else { styled(BAD, "FAIL") };
        write!(f, "{mark}  {}  {found}", styled(STRONG, format!("{name:NAME$}")))?;
        if !ok {
            write!(f, "\n{:width$}expected: {expected}", "", width = NAME + 8)?;
        }
        remedy.iter().try_for_each(|remedy| write!(f, "\n{:width$}try: {remedy}", "", width = NAME + 8))
    }
}

/// An event of a self-test.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A check of this name has begun.
    Begun(&'static str),
    /// A check is done.
    Done(&'a Check),
}

/// The checks so far, and who is told of them.
pub(super) struct Checks<'a> {
    done: Vec<Check>,
    /// The check that has begun.
    begun: &'static str,
    /// Whether the device was found and answers as one.
    usable: bool,
    tell: &'a mut dyn FnMut(Event<'_>),
}

impl<'a> Checks<'a> {
    /// No check yet.
    pub(super) fn new(tell: &'a mut dyn FnMut(Event<'_>)) -> Checks<'a> {
        Checks { done: Vec::new(), begun: "port", usable: true, tell }
    }

    /// Begins a check.
    pub(super) fn begin(&mut self, name: &'static str) {
        self.begun = name;
        (self.tell)(Event::Begun(name));
    }

    /// Adds a check that is done.
    pub(super) fn add(&mut self, check: Check) {
        (self.tell)(Event::Done(&check));
        self.done.push(check);
    }

    /// Adds the check that has begun, which an error of the link broke off.
    pub(super) fn broken(&mut self, error: &LinkError, on: &Backend) {
        let advice = advice::of(error, on);
        self.add(Check::failed(self.begun, advice.found, "an answer", advice.remedy));
    }

    /// Adds a check that ends the self-test, because there is no device that could be tested.
    pub(super) fn end(&mut self, check: Check) {
        self.usable = false;
        self.add(check);
    }
}

/// The outcome of a self-test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The device passed every check.
    Passed,
    /// The device failed so many checks.
    Failed(usize),
    /// There is no device that could be tested: no port, no answer, or no device of this version.
    Unusable,
}

/// The device as it identifies itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Device {
    /// The network.
    pub network: &'static str,
    /// The name of its size.
    pub preset: &'static str,
    /// The sizes in the identity, by name.
    pub sizes: BTreeMap<&'static str, u8>,
    /// The rest of the build, in words.
    pub build: String,
    /// The version of its frames.
    pub version: u8,
    /// The hash of the program that it held before the self-test, in hexadecimal.
    pub loaded: Option<String>,
}

/// The times of a link.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Times {
    /// Bytes a second while the program was loaded.
    pub load_bytes_per_second: f64,
    /// Round trips that were measured.
    pub round_trips: usize,
    /// The shortest of them, milliseconds.
    pub min_ms: f64,
    /// The one in the middle.
    pub median_ms: f64,
    /// The longest.
    pub max_ms: f64,
    /// Requests a second, each sent when the one before was answered.
    pub requests_per_second: f64,
}

impl Times {
    /// The times of some round trips, of which there is one at least.
    pub(super) fn of(mut trips: Vec<Duration>, load_bytes_per_second: f64) -> Times {
        trips.sort();
        let ms = |trip: Duration| (trip.as_secs_f64() * 1e6).round() / 1e3;
        let all: Duration = trips.iter().sum();
        Times {
            load_bytes_per_second: load_bytes_per_second.round(),
            round_trips: trips.len(),
            min_ms: ms(trips[0]),
            median_ms: ms(trips[trips.len() / 2]),
            max_ms: ms(trips[trips.len() - 1]),
            requests_per_second: (trips.len() as f64 / all.as_secs_f64().max(1e-9)).round(),
        }
    }
}

/// The counts of the host's end of the link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkCounts {
    /// Frames sent, repeats included.
    pub frames: u64,
    /// Frames that were repeats.
    pub repeats: u64,
    /// Requests that the device received damaged.
    pub damaged_requests: u64,
    /// Replies that arrived damaged.
    pub damaged_replies: u64,
    /// Replies to earlier requests.
    pub late_replies: u64,
    /// Tries that nothing answered.
    pub timeouts: u64,
    /// Bytes sent.
    pub bytes_sent: u64,
    /// Bytes received.
    pub bytes_received: u64,
}

impl From<Counters> for LinkCounts {
    fn from(counters: Counters) -> LinkCounts {
        LinkCounts {
            frames: counters.frames,
            repeats: counters.repeats,
            damaged_requests: counters.bad_requests,
            damaged_replies: counters.damaged_replies,
            late_replies: counters.late_replies,
            timeouts: counters.timeouts,
            bytes_sent: counters.bytes_sent,
            bytes_received: counters.bytes_received,
        }
    }
}

/// The result of a self-test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The backend's name.
    #[serde(rename = "body")]
    pub on: String,
    /// Whether the device passed every check.
    pub ok: bool,
    /// The device; `None` where none answered.
    pub device: Option<Device>,
    /// The checks, in their order.
    pub checks: Vec<Check>,
    /// The device's counters at the end, by name; empty where it did not come to that.
    pub counters: BTreeMap<&'static str, u64>,
    /// The times; `None` where it did not come to that.
    pub times: Option<Times>,
    /// The counts of the link; `None` where no device answered.
    pub link: Option<LinkCounts>,
    #[serde(skip)]
    usable: bool,
}

impl Report {
    /// A report of nothing yet.
    pub(super) fn new(on: String) -> Report {
        let (checks, counters) = (Vec::new(), BTreeMap::new());
        Report { on, ok: false, device: None, checks, counters, times: None, link: None, usable: true }
    }

    /// The report with the checks.
    pub(super) fn with(self, checks: Checks<'_>) -> Report {
        let Checks { done, usable, .. } = checks;
        Report { ok: done.iter().all(|check| check.ok), checks: done, usable, ..self }
    }

    /// The outcome of the checks.
    pub fn outcome(&self) -> Outcome {
        match self.checks.iter().filter(|check| !check.ok).count() {
            _ if !self.usable => Outcome::Unusable,
            0 => Outcome::Passed,
            failed => Outcome::Failed(failed),
        }
    }
}

impl fmt::Display for Report {
    /// The summary: people have seen each check when it was done.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(LinkCounts { frames, bytes_sent, bytes_received, .. }) = &self.link {
            let text = format!("{frames} frames, {bytes_sent} bytes sent, {bytes_received} received");
            writeln!(f, "{}", styled(FAINT, text))?;
        }
        let failed: Vec<&str> = self.checks.iter().filter(|check| !check.ok).map(|check| check.name).collect();
        match failed.as_slice() {
            [] => write!(f, "{}", styled(GOOD, format!("all {} checks passed on {}", self.checks.len(), self.on))),
            failed => write!(f, "{}", styled(BAD, format!("failed: {}", failed.join(", ")))),
        }
    }
}
