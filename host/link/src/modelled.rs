//! A transport through a modelled USB chip to an endpoint in software, in modelled time: how fast a board answers a host, whatever the
//! machine on which this is computed.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use engram_spec::machine::{Device, Machine};

use crate::codec::CRC_BYTES;
use crate::endpoint::Endpoint;
use crate::transport::Transport;
use crate::usb::{Out, Usb};

/// A device that knows how many clock cycles the hardware needs.
pub trait Spends {
    /// The cycles of the engine since this was last asked.
    fn spent(&mut self) -> u64;
}

/// Cycles of a frame besides those of the engine: the frame handler's, 12 and twice the content.
fn handling(bytes: usize) -> u64 {
    12 + 2 * bytes as u64
}

/// The transport to a board behind a modelled chip.
pub struct Modelled<M: Machine, D> {
    usb: Usb,
    endpoint: Endpoint<M, D>,
    /// The time of a clock cycle in nanoseconds, and that of a byte on the line.
    cycle: f64,
    byte: Duration,
    /// Bytes of the frame that comes.
    bytes: usize,
    /// When the board has carried out what came, and when its line is free.
    free: Duration,
    line_free: Duration,
    /// Bytes on the line from the board, with the times at which they have passed.
    line: VecDeque<(Duration, u8)>,
    engine: Duration,
}

impl<M: Machine, D: Device<M> + Spends> Modelled<M, D> {
    /// The transport to this endpoint, on a board of this clock whose line takes so long for a byte.
    pub fn new(usb: Usb, endpoint: Endpoint<M, D>, clock_hz: f64, byte: Duration) -> Modelled<M, D> {
        Modelled {
            usb,
            endpoint,
            cycle: 1e9 / clock_hz,
            byte,
            bytes: 0,
            free: Duration::ZERO,
            line_free: Duration::ZERO,
            line: VecDeque::new(),
            engine: Duration::ZERO,
        }
    }

    /// The time that has passed.
    pub fn now(&self) -> Duration {
        self.usb.now()
    }

    /// The time in which the engine computed.
    pub fn engine(&self) -> Duration {
        self.engine
    }

    /// The chip.
    pub fn usb(&self) -> &Usb {
        &self.usb
    }

    fn cycles(&self, cycles: u64) -> Duration {
        Duration::from_nanos((cycles as f64 * self.cycle) as u64)
    }

    /// A byte has come to the board.
    fn board(&mut self, byte: u8) -> io::Result<()> {
        self.bytes += 1;
        let Some(reply) = self.endpoint.push(byte).map_err(io::Error::other)? else { return Ok(()) };
        let spent = self.endpoint.device_mut().spent();
        let engine = self.cycles(spent);
        self.engine += engine;
        let content = self.bytes.saturating_sub(CRC_BYTES);
        self.bytes = 0;
        self.free = self.free.max(self.usb.now()) + engine + self.cycles(handling(content));
        self.line_free = self.line_free.max(self.free);
        for byte in reply {
            self.line_free += self.byte;
            self.line.push_back((self.line_free, byte));
        }
        Ok(())
    }
}

impl<M: Machine, D: Device<M> + Spends> Transport for Modelled<M, D> {
    fn name(&self) -> String {
        "the modelled board".to_string()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.usb.write(bytes);
        Ok(())
    }

    fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>> {
        let deadline = self.usb.now() + timeout;
        loop {
            let next = self.line.front().map(|&(at, _)| at);
            match self.usb.step(next.map_or(deadline, |at| at.min(deadline))) {
                Some(Out::Host(byte)) => return Ok(Some(byte)),
                Some(Out::Board(byte)) => self.board(byte)?,
                None => match self.line.pop_front_if(|&mut (at, _)| at <= self.usb.now()) {
                    Some((_, byte)) => self.usb.arrive(byte),
                    None => return Ok(None),
                },
            }
        }
    }
}
