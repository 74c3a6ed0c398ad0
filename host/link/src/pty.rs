//! A pseudo-terminal: a simulated board's side of a serial port. The host opens its path like that of any port.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};
use nix::{pty, unistd};

use crate::error::LinkError;
use crate::transport::Transport;

/// The board's side of a pseudo-terminal in raw mode.
///
/// Hosts may come and go. Like a UART without flow control it drops what no host takes: bytes for which the system's buffer
/// has no room.
#[derive(Debug)]
pub struct Pty {
    board: OwnedFd,
    // Held open, so that a host that leaves is not the end of the connection and the raw mode stays.
    _host: OwnedFd,
    path: PathBuf,
    arrived: VecDeque<u8>,
}

impl Pty {
    /// Makes a pseudo-terminal.
    pub fn open() -> Result<Pty, LinkError> {
        Pty::make().map_err(|errno| LinkError::Pty { source: errno.into() })
    }

    fn make() -> nix::Result<Pty> {
        let pair = pty::openpty(None, None)?;
        let mut mode = tcgetattr(&pair.slave)?;
        cfmakeraw(&mut mode);
        tcsetattr(&pair.slave, SetArg::TCSANOW, &mode)?;
        fcntl(&pair.master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
        let path = unistd::ttyname(&pair.slave)?;
        Ok(Pty { board: pair.master, _host: pair.slave, path, arrived: VecDeque::new() })
    }

    /// The path that a host opens.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn wait(&self, timeout: Duration) -> nix::Result<bool> {
        let mut waited = [PollFd::new(self.board.as_fd(), PollFlags::POLLIN)];
        // Rounded up, so that a time-out below a millisecond still waits.
        let milliseconds = timeout.as_nanos().div_ceil(1_000_000).min(i32::MAX as u128) as i32;
        poll(&mut waited, PollTimeout::try_from(milliseconds).unwrap_or(PollTimeout::MAX)).map(|ready| ready > 0)
    }
}

impl Transport for Pty {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match unistd::write(&self.board, bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(Errno::EAGAIN) => break,
                Err(Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>> {
        if self.arrived.is_empty() {
            let mut chunk = [0; 256];
            match self.wait(timeout).and_then(|ready| if ready { unistd::read(&self.board, &mut chunk) } else { Ok(0) })
            {
                Ok(count) => self.arrived.extend(&chunk[..count]),
                Err(Errno::EAGAIN | Errno::EINTR) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(self.arrived.pop_front())
    }
}
