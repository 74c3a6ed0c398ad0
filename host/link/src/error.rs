//! Everything that can go wrong on the way to a device and back.

use std::error::Error;
use std::io;
use std::time::Duration;

use engram_spec::DeviceError;
use engram_spec::frame::{Command, Refusal, VERSION};

/// Why the link gave no result.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The device understood and refused; nothing in it has changed.
    #[error("the device refused: {0}")]
    Refused(#[from] Refusal),
    /// Not a byte came back.
    #[error(
        "{port} is silent: no reply to '{command:?}' after {tries} tries of {timeout:?}; {}",
        remedy(.port, "check that the board has power and its bitstream, that this is its port, and that the baud rate is the design's (--baud 1000000 for designs of before)")
    )]
    Silent {
        /// The transport's name.
        port: String,
        /// The command of the request.
        command: Command,
        /// How often the request was sent.
        tries: u32,
        /// How long each try was waited for.
        timeout: Duration,
    },
    /// Bytes came back, but no reply to the request.
    #[error(
        "{port} did not answer '{command:?}' with a sound reply in {tries} tries ({trouble}): {}",
        remedy(.port, "check the baud rate (--baud 1000000 for designs of before), the wiring, and that the device at this port is an engram")
    )]
    Nonsense {
        /// The transport's name.
        port: String,
        /// The command of the request.
        command: Command,
        /// How often the request was sent.
        tries: u32,
        /// The fault of the last reply.
        trouble: String,
    },
    /// A reply's payload that means nothing.
    #[error(
        "the device sent {found:02x?} where {what} was expected: host and device disagree about the frames, build them from \
         one source"
    )]
    Payload {
        /// The payload that was expected.
        what: &'static str,
        /// The payload.
        found: Vec<u8>,
    },
    /// The device's frames are of another version.
    #[error(
        "the device speaks version {device} of the frames, this host version {VERSION}; build bitstream and host from one source"
    )]
    Version {
        /// The device's version.
        device: u8,
    },
    /// A geometry that is none of the presets, or a preset of other sizes.
    #[error(
        "the device has geometry {id} with sizes {sizes:?}, this host knows {known}; \
         build bitstream and host from one source"
    )]
    UnknownGeometry {
        /// The geometry's number.
        id: u8,
        /// The device's sizes.
        sizes: Vec<u8>,
        /// The presets this host knows.
        known: String,
    },
    /// The program was made for another geometry.
    #[error("the device is a '{device}', the program is made for a '{program}'; quantise it for '{device}'")]
    Geometry {
        /// The device's preset.
        device: &'static str,
        /// The program's preset.
        program: &'static str,
    },
    /// The program is made for another build: it addresses the memory in another way, or has weights of another kind.
    #[error(
        "the device is built for {device}, the program for {program}; use a bitstream and a model of one addressing and one \
         kind of weights"
    )]
    Build {
        /// The device's build.
        device: String,
        /// The program's build.
        program: String,
    },
    /// A program that no device can run.
    #[error("the program cannot be loaded: {0}")]
    Program(Box<dyn Error + Send + Sync>),
    /// The device computes another kind of network.
    #[error(
        "the device at this port is {device}, the program is for {program}; use the bitstream of the program's network"
    )]
    Network {
        /// The device's network.
        device: &'static str,
        /// The program's network.
        program: &'static str,
    },
    /// Columns are to be remembered by a device that cannot.
    #[error("the device at this port is built without memoization; build its bitstream with '--memo'")]
    NoMemoization,
    /// There is no such port.
    #[error("there is no port '{path}'; {}", present(.ports))]
    NoPort {
        /// The path that was asked for.
        path: String,
        /// The ports there are.
        ports: Vec<String>,
    },
    /// The port may not be opened by this user.
    #[error(
        "no permission to open '{path}'; add yourself to the group that owns it ('ls -l {path}' names it, often dialout or \
         uucp) and log in again"
    )]
    NoPermission {
        /// The port's path.
        path: String,
    },
    /// Another program has the port open.
    #[error("'{path}' is in use by another program; close it first ('fuser {path}' names it)")]
    Busy {
        /// The port's path.
        path: String,
    },
    /// The port could not be opened or set up.
    #[error("cannot use '{path}' as a serial port: {source}; expected a terminal device such as /dev/ttyUSB0")]
    Port {
        /// The port's path.
        path: String,
        /// The system's own error.
        source: io::Error,
    },
    /// The connection broke while it was used.
    #[error(
        "the connection over {port} broke: {source}; {}",
        remedy(.port, "check that the board is still plugged in, then open the port again")
    )]
    Lost {
        /// The transport's name.
        port: String,
        /// The system's own error.
        source: io::Error,
    },
    /// No pseudo-terminal could be made.
    #[error("cannot make a pseudo-terminal: {source}; check that /dev/ptmx exists and that devpts is mounted")]
    Pty {
        /// The system's own error.
        source: io::Error,
    },
}

/// The advice on a device at a port: that for a board, where the port may have one. A simulated core has a name, and no path.
fn remedy(port: &str, board: &'static str) -> &'static str {
    if port.starts_with("/dev/pts/") {
        "check that `engram serve` still runs, with the network that is asked for"
    } else if port.contains('/') || port.starts_with("COM") {
        board
    } else {
        "this is a simulated core, so its hardware or engram is at fault: `engram selftest` says what works"
    }
}

fn present(ports: &[String]) -> String {
    match ports {
        [] => "this machine has no serial port, so plug the board in".to_string(),
        ports => format!("this machine has {}", ports.join(", ")),
    }
}

impl From<LinkError> for DeviceError {
    /// A program that does not fit is refused, as by every backend; what is no refusal is unreachable.
    fn from(error: LinkError) -> DeviceError {
        match error {
            LinkError::Refused(refusal) => DeviceError::Refused(refusal),
            LinkError::Geometry { .. } | LinkError::Build { .. } | LinkError::Program(_) => {
                DeviceError::Refused(Refusal::WrongGeometry)
            }
            other => DeviceError::Unreachable(Box::new(other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_for_what_is_there() {
        let lost = |port: &str| {
            LinkError::Lost { port: port.to_string(), source: io::ErrorKind::BrokenPipe.into() }.to_string()
        };
        assert!(lost("/dev/ttyUSB0").contains("the board is still plugged in"));
        assert!(lost("/dev/pts/4").contains("`engram serve` still runs") && !lost("/dev/pts/4").contains("plugged"));
        let simulated = lost("the netlist in Verilator");
        assert!(simulated.contains("a simulated core") && !simulated.contains("plugged"), "{simulated}");
        let (command, timeout) = (Command::Identify, Duration::from_millis(500));
        let silent = |port: &str| LinkError::Silent { port: port.into(), command, tries: 3, timeout }.to_string();
        assert!(silent("COM3").contains("power") && !silent("the core in this program").contains("power"));
    }
}
