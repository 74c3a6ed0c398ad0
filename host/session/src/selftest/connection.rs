//! The way to the device: the port is opened, listened to, and whoever is behind it is asked what it is.

use std::path::PathBuf;
use std::time::Duration;

use engram_link::{Driver, Endpoint, LinkError, Local, Options, Serial, Transport};
use engram_spec::crossbar::Crossbar;
use engram_spec::memnet::Memnet;

use super::SelfTest;
use super::advice;
use super::line::{Unasked, silence_or_nonsense};
use super::network::Tested;
use super::report::{Check, Checks};
use crate::backend::{Backend, Opening, cache, stream};
use crate::hardware::Network;
use crate::model::Model;

/// How long a simulated board may take for a reply, and for its first one.
const SIMULATED: Duration = Duration::from_secs(10);
const SIMULATED_FIRST: Duration = Duration::from_secs(2);

/// A serial port.
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub(super) path: PathBuf,
    /// Whether a program is behind it, whose speed says nothing of a board's.
    pub(super) pseudo: bool,
}

/// A stream of bytes behind which a device answers.
pub(super) struct Connection {
    pub(super) stream: Box<dyn Transport>,
    pub(super) options: Options,
    /// The network that the device computes.
    pub(super) network: Network,
    /// The port, where there is one.
    pub(super) port: Option<Port>,
}

impl Connection {
    /// Opens the backend and finds out which network it computes; `None` where a check that failed says why that cannot be.
    pub(super) fn open(test: &SelfTest, checks: &mut Checks<'_>) -> anyhow::Result<Option<Connection>> {
        match &test.on {
            Backend::Port(path) => Ok(Connection::open_port(test, path.clone(), checks)),
            _ => {
                let given = test.model.as_ref().map(|model| match model {
                    Model::Memnet(_) => Network::Memnet,
                    Model::Crossbar(_) => Network::Crossbar,
                });
                let network = test.wanted.network.or(given).unwrap_or_default();
                let stream = match network {
                    Network::Memnet => simulated::<Memnet>(test)?,
                    Network::Crossbar => simulated::<Crossbar>(test)?,
                };
                let usual = Options::default();
                let options = Options { timeout: test.timeout.unwrap_or(usual.timeout), ..usual };
                Ok(Some(Connection { stream, options, network, port: None }))
            }
        }
    }

    fn open_port(test: &SelfTest, path: PathBuf, checks: &mut Checks<'_>) -> Option<Connection> {
        checks.begin("port");
        let expected = "a serial port that this user may open, and that no other program holds";
        let mut serial = match Serial::open(&path.to_string_lossy(), test.baud) {
            Ok(serial) => serial,
            Err(error) => {
                let advice = advice::of(&error, &test.on);
                checks.end(Check::failed("port", advice.found, expected, advice.remedy));
                return None;
            }
        };
        let pseudo = serial.is_pseudo_terminal();
        let kind = if pseudo { "a pseudo-terminal, behind which is a program" } else { "a serial port" };
        let found = format!("{}, {kind}, open at {} baud", path.display(), test.baud);
        checks.add(Check::passed("port", found, expected));

        checks.begin("quiet");
        checks.add(Unasked::hear(&mut serial).check());

        checks.begin("identity");
        let usual = Options::default();
        let timeout = test.timeout.unwrap_or(if pseudo { SIMULATED } else { usual.timeout });
        let options = Options { timeout, ..usual };
        // Nothing is known of the device yet: it is not waited for as long as for a long answer.
        let first = Options { timeout: timeout.min(SIMULATED_FIRST), repeats: 1, ..options };
        match recognise(&mut serial, first) {
            Ok(network) => {
                let stream = Box::new(serial);
                Some(Connection { stream, options, network, port: Some(Port { path, pseudo }) })
            }
            Err(error @ (LinkError::Silent { .. } | LinkError::Nonsense { .. })) => {
                checks.end(silence_or_nonsense(serial, &path, test, &error));
                None
            }
            Err(error) => {
                let advice = advice::of(&error, &test.on);
                checks.end(Check::failed("identity", advice.found, "a device of this version", advice.remedy));
                None
            }
        }
    }
}

/// The network of the device behind a stream.
pub(super) fn recognise(stream: &mut dyn Transport, options: Options) -> Result<Network, LinkError> {
    match Driver::<Memnet, _>::connect(&mut *stream, options) {
        Ok(_) => Ok(Network::Memnet),
        Err(LinkError::Network { .. }) => Driver::<Crossbar, _>::connect(stream, options).map(|_| Network::Crossbar),
        Err(error) => Err(error),
    }
}

/// The stream to a device that is simulated in this process.
fn simulated<M: Tested>(test: &SelfTest) -> anyhow::Result<Box<dyn Transport>> {
    let (geometry, build) = M::simulated(test)?;
    let opening: Opening<M> = Opening { geometry, build, trace: false, vcd: None, baud: test.baud, cache: cache() };
    Ok(match stream::<M>(&test.on, &opening)? {
        Some(stream) => stream,
        None => Box::new(Local::new(Endpoint::new(M::beside(&geometry, build))?)),
    })
}
