//! The self-test of a device, the first thing to do with a real board: what is there, whether it computes rightly, and how fast the
//! line to it is.
//!
//! A [`SelfTest`] opens a backend and asks it what it is. Then it loads a network that lies in this program (or a model that is
//! given), puts sequences of requests to it and to the integer model, reads every counter, sends damaged frames and requests that
//! must be refused, and measures round trips. The result is a [`Report`]: a [`Check`] for each of these, with the number that was
//! found, the one that was expected, and what to try where the two differ.

mod advice;
mod answers;
mod bench;
mod connection;
mod crossbar;
mod line;
mod memnet;
mod network;
mod refusals;
mod report;
mod round_trips;

use std::time::Duration;

use engram_spec::crossbar::Crossbar;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::memnet::{Addressing, Geometry, Memnet, Weights};

pub use report::{Check, Device, Event, LinkCounts, Outcome, Report, Times};

use crate::backend::Backend;
use crate::hardware::Network;
use crate::model::Model;
use bench::Bench;
use connection::Connection;
use report::Checks;

/// The device to test, and with what.
#[derive(Debug)]
pub struct SelfTest {
    /// The backend.
    pub on: Backend,
    /// The device that is simulated, or that a port is expected to have.
    pub wanted: Wanted,
    /// The rate of a port, bits a second.
    pub baud: u32,
    /// How long a reply is waited for; `None` for what is usual.
    pub timeout: Option<Duration>,
    /// The most that the middle one of the round trips may take; `None` for what a USB adapter takes without holding bytes back.
    pub round_trip: Option<Duration>,
    /// A model of one's own in place of the built-in network.
    pub model: Option<Model>,
}

/// The hardware of a device, as far as anything is said about it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// The network.
    pub network: Option<Network>,
    /// The size.
    pub preset: Option<Geometry>,
    /// The addressing of a memory network.
    pub addressing: Option<Addressing>,
    /// The weights of a memory network.
    pub weights: Option<Weights>,
    /// The predictor of a crossbar that remembers columns.
    pub memo: Option<Predictor>,
}

impl SelfTest {
    /// Tests the device. `tell` learns of each check when it begins and when it is done. Whatever is wrong with the device is in the
    /// report; an error is a tool that is missing, or a request that makes no sense.
    pub fn run(&self, tell: &mut dyn FnMut(Event<'_>)) -> anyhow::Result<Report> {
        let mut checks = Checks::new(tell);
        let mut report = Report::new(self.on.to_string());
        if let Some(connection) = Connection::open(self, &mut checks)? {
            match connection.network {
                Network::Memnet => Bench::<Memnet>::run(self, connection, &mut checks, &mut report),
                Network::Crossbar => Bench::<Crossbar>::run(self, connection, &mut checks, &mut report),
            }
        }
        Ok(report.with(checks))
    }
}
