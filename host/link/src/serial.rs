//! A serial port, or a pseudo-terminal's path, as a transport.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use nix::fcntl::FlockArg;
use serialport::{ClearBuffer, SerialPort, TTYPort};

use crate::error::LinkError;
use crate::latency;
use crate::transport::Transport;

/// How long a write may wait for room in the system's buffer.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);

/// An open serial port: 8 data bits, no parity, 1 stop bit, no flow control.
#[derive(Debug)]
pub struct Serial {
    path: String,
    port: TTYPort,
    terminal: bool,
    low_latency: bool,
    arrived: VecDeque<u8>,
}

/// The paths of this machine's serial ports, in order.
pub fn ports() -> Vec<String> {
    let ports = serialport::available_ports().unwrap_or_default();
    let mut paths: Vec<String> = ports.into_iter().map(|port| port.port_name).collect();
    paths.sort();
    paths
}

impl Serial {
    /// Opens the port for this process alone, at a baud rate (bits a second; a pseudo-terminal has none and takes any), and
    /// drops what had arrived before. Asks the driver for low latency, without which FTDI chips hold bytes back for 16 ms.
    pub fn open(path: &str, baud: u32) -> Result<Serial, LinkError> {
        // The kernel's exclusive mark outlives us on a pseudo-terminal, whose other side stays open, and would lock out the
        // next host; a file lock goes with its file.
        let terminal = std::fs::canonicalize(path).is_ok_and(|path| path.starts_with("/dev/pts"));
        let opened = serialport::new(path, baud).timeout(WRITE_TIMEOUT).exclusive(!terminal).open_native();
        let port = opened.map_err(|error| opening(path, error))?;
        if terminal {
            lock(&port).map_err(|_| LinkError::Busy { path: path.to_string() })?;
        }
        port.clear(ClearBuffer::Input).map_err(|error| opening(path, error))?;
        let low_latency = latency::lower(&port).is_ok();
        Ok(Serial { path: path.to_string(), port, terminal, low_latency, arrived: VecDeque::new() })
    }

    /// Whether the driver took the wish for low latency. A port without it works, and may be slow.
    pub fn has_low_latency(&self) -> bool {
        self.low_latency
    }

    /// Whether it is a pseudo-terminal: behind one is a program, such as a simulated board, which may be slow.
    pub fn is_pseudo_terminal(&self) -> bool {
        self.terminal
    }
}

// `nix::fcntl::Flock` wants to own the file, which the port does.
#[allow(deprecated)]
fn lock(port: &TTYPort) -> nix::Result<()> {
    nix::fcntl::flock(port.as_raw_fd(), FlockArg::LockExclusiveNonblock)
}

fn opening(path: &str, error: serialport::Error) -> LinkError {
    let path = path.to_string();
    match error.kind() {
        serialport::ErrorKind::Io(ErrorKind::NotFound) => LinkError::NoPort { path, ports: ports() },
        serialport::ErrorKind::Io(ErrorKind::PermissionDenied) => LinkError::NoPermission { path },
        serialport::ErrorKind::NoDevice => LinkError::Busy { path },
        _ => LinkError::Port { path, source: error.into() },
    }
}

impl Transport for Serial {
    fn name(&self) -> String {
        self.path.clone()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.port.set_timeout(WRITE_TIMEOUT)?;
        self.port.write_all(bytes)
    }

    fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>> {
        let started = Instant::now();
        while self.arrived.is_empty() {
            self.port.set_timeout(timeout.saturating_sub(started.elapsed()))?;
            let mut chunk = [0; 256];
            match self.port.read(&mut chunk) {
                // A terminal that can be read and has nothing to say is one whose other side hung up.
                Ok(0) => return Err(ErrorKind::BrokenPipe.into()),
                Ok(count) => self.arrived.extend(&chunk[..count]),
                Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => break,
                // A signal says nothing of the line: the rest of the time is waited.
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.arrived.pop_front())
    }
}
