//! `engram selftest`: a device on the bench, the first thing to do with a real board.

use std::path::PathBuf;
use std::time::Duration;

use engram_flow::board::Sizes;
use engram_spec::memnet::{Addressing, Weights, geometry};

use crate::arguments::backend::{BackendArguments, addressing_parser, weights_parser};
use crate::arguments::hardware::{MemoArguments, network_parser};
use crate::console::Console;
use engram_session::Failure;
use engram_session::backend::Backend;
use engram_session::hardware::Network;
use engram_session::model::Model;
use engram_session::selftest::{Event, Outcome, SelfTest, Wanted};

/// The arguments of `engram selftest`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  engram selftest --on /dev/ttyUSB0
  engram selftest --on /dev/ttyUSB0 --network crossbar --json
  engram selftest --on /dev/ttyUSB0 --model qa1.safetensors
  engram selftest --on simulation
  engram selftest --on verilator --preset up5k --network crossbar --memo

The self-test asks the device what it is, loads a network that this program brings along, and compares answers, cycles and counters \
with the integer model's. It sends damaged frames and requests that must be refused, and measures round trips. A check that fails says \
what was found, what was expected, and what to try. Afterwards the device holds the network of the self-test: `ask` and `eval` load \
their own.

On a port the options --network, --preset, --addressing, --weights and --memo say what is expected; without them any device of engram \
passes. Elsewhere they choose the device that is simulated.

Exit codes: 0 all checks passed, 1 a check failed, 3 there is no device to test on the port.")]
pub struct Selftest {
    /// The device: the path of a serial port, or simulation, verilator, cxxrtl, netlist, integer.
    #[arg(long, value_name = "BACKEND")]
    pub on: Backend,
    #[command(flatten)]
    pub backend: BackendArguments,
    /// The network of the device.
    #[arg(long, value_name = "NETWORK", value_parser = network_parser())]
    pub network: Option<Network>,
    /// The addressing of a memory network.
    #[arg(long, value_parser = addressing_parser())]
    pub addressing: Option<Addressing>,
    /// The kind of weights of a memory network.
    #[arg(long, value_parser = weights_parser())]
    pub weights: Option<Weights>,
    #[command(flatten)]
    pub memo: MemoArguments,
    /// A model of your own in place of the network that the self-test brings along.
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// How long a reply is waited for [default: 500 ms; 10 s for a simulated board behind a port].
    #[arg(long, value_name = "MS", value_parser = milliseconds)]
    pub timeout: Option<Duration>,
    /// The most that a round trip may take, in the middle of them [default: 8 ms and the time of the bytes; of a simulation any].
    #[arg(long, value_name = "MS", value_parser = milliseconds)]
    pub round_trip: Option<Duration>,
}

/// A time of 1 ms to an hour.
fn milliseconds(text: &str) -> Result<Duration, String> {
    let number = text.parse().ok().filter(|number: &f64| (1.0..=3.6e6).contains(number));
    number.map(|number| Duration::from_secs_f64(number / 1e3)).ok_or("expected milliseconds, from 1".to_string())
}

impl Selftest {
    pub fn run(&self, console: &Console) -> anyhow::Result<()> {
        let sizes = |preset: engram_spec::memnet::Geometry| Sizes::named(preset.name);
        let sizes = self.backend.preset.or(Some(geometry::ECP5_25F)).and_then(sizes);
        let memo = match sizes {
            Some(sizes) => self.memo.predictor(self.network.unwrap_or_default(), &sizes)?,
            None => None,
        };
        let wanted = Wanted {
            network: self.network,
            preset: self.backend.preset,
            addressing: self.addressing,
            weights: self.weights,
            memo,
        };
        let test = SelfTest {
            on: self.on.clone(),
            wanted,
            baud: self.backend.baud,
            timeout: self.timeout,
            round_trip: self.round_trip,
            model: self.model.as_ref().map(|path| Model::load(path)).transpose()?,
        };
        let spinner = console.spinner(format!("opening {}", self.on));
        let mut closed = Ok(());
        let report = test.run(&mut |event| match event {
            Event::Begun(name) => spinner.set_message(name),
            // With JSON the checks are in the object, and the lines a sign of life.
            Event::Done(check) => spinner.suspend(|| match console.is_json() {
                true => console.note(check),
                false => closed = console.line(check),
            }),
        })?;
        spinner.finish();
        closed?;
        console.report(&report)?;
        match report.outcome() {
            Outcome::Passed => Ok(()),
            Outcome::Failed(count) => {
                Err(Failure::Check(format!("{count} of {} checks failed", report.checks.len())).into())
            }
            Outcome::Unusable => Err(Failure::Input(format!("there is no device to test on {}", self.on)).into()),
        }
    }
}
