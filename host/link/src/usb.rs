//! A model of the USB serial chips that boards have, in modelled time: what a host and a board at its two sides see of it.
//!
//! A USB host moves packets at the boundaries of frames, as many as a frame has room for. The chip keeps what comes from the host until
//! the serial line has taken it, and refuses packets that its buffer has no room for. What comes from the line it holds back until a
//! packet is full, an event character has come, or the latency timer is out; the timer starts anew with each packet. What comes from the
//! line while the buffer is full is lost. FTDI application notes AN232B-04 and AN_157, data sheets DS_FT231X and DS_FT2232H.
//!
//! [`Usb`] is the chip alone. [`Modelled`](crate::Modelled) is a transport through it to an endpoint in software, in modelled time;
//! [`Usb::relay`] puts the chip between two transports, in real time.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::transport::Transport;

/// Bits of a byte on the line: start, data, stop.
const BITS: u32 = 10;
/// Bytes of status in each packet to the host.
const STATUS: usize = 2;

/// A kind of chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chip {
    /// The name, in small letters.
    pub name: &'static str,
    /// Bytes of a packet.
    pub packet: usize,
    /// The time from one frame to the next.
    pub frame: Duration,
    /// Packets of a direction that a frame has room for.
    pub packets: usize,
    /// Bytes that wait for the line.
    pub to_board: usize,
    /// Bytes that wait for the host.
    pub to_host: usize,
    /// The clock that rates are divided from, in eighths: a rate is this by a whole number of eighths, from 8 on.
    pub rate: u32,
}

/// The FT231X of the ULX3S: full speed, 512 bytes each way, 3 MHz by n + k/8.
pub const FT231X: Chip = Chip {
    name: "ft231x",
    packet: 64,
    frame: Duration::from_millis(1),
    packets: 19,
    to_board: 512,
    to_host: 512,
    rate: 3_000_000,
};

/// The FT2232H of the iCEBreaker: high speed, 4 KiB each way, 12 MHz by n + k/8.
pub const FT2232H: Chip = Chip {
    name: "ft2232h",
    packet: 512,
    frame: Duration::from_micros(125),
    packets: 13,
    to_board: 4096,
    to_host: 4096,
    rate: 12_000_000,
};

impl Chip {
    /// All chips.
    pub const ALL: [Chip; 2] = [FT231X, FT2232H];

    /// The rate that the chip has where `baud` is asked for: that of the nearest divisor.
    pub fn actual_baud(&self, baud: u32) -> f64 {
        let eighths = (8.0 * f64::from(self.rate) / f64::from(baud.max(1))).round().max(8.0);
        8.0 * f64::from(self.rate) / eighths
    }
}

/// A chip and how it is set up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// The chip.
    pub chip: Chip,
    /// The latency timer, 1 to 255 ms. Drivers set it to 16 ms unless they are told otherwise.
    pub latency: Duration,
    /// The event character: a byte from the line that has the chip send at once.
    pub event: Option<u8>,
    /// Bits a second on the line.
    pub baud: u32,
    /// The chance that a byte is lost, in each direction.
    pub loss: f64,
    /// The seed of the losses.
    pub seed: u64,
}

impl Settings {
    /// A chip as drivers set it up, without losses.
    pub fn of(chip: Chip, baud: u32) -> Settings {
        Settings { chip, latency: Duration::from_millis(16), event: None, baud, loss: 0.0, seed: 1 }
    }

    /// The time of a byte on the line.
    pub fn byte(&self) -> Duration {
        Duration::from_secs_f64(f64::from(BITS) / self.chip.actual_baud(self.baud))
    }
}

/// An error of a setting's text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("found '{found}', expected {expected}")]
pub struct SettingsError {
    found: String,
    expected: String,
}

impl FromStr for Settings {
    type Err = SettingsError;

    /// A chip's name, then settings behind commas: `ft231x,latency=1,event=0,baud=3000000,loss=0.001,seed=2`.
    fn from_str(text: &str) -> Result<Settings, SettingsError> {
        let wrong = |found: &str, expected: &str| SettingsError { found: found.into(), expected: expected.into() };
        let mut parts = text.split(',');
        let name = parts.next().unwrap_or_default();
        let chip = Chip::ALL.into_iter().find(|chip| chip.name == name);
        let names = Chip::ALL.map(|chip| chip.name).join(" or ");
        let mut settings = Settings::of(chip.ok_or_else(|| wrong(name, &format!("a chip, {names}")))?, FT231X.rate);
        for part in parts {
            let expected = "latency=1 to 255, event=0 to 255, baud=BITS, loss=0 to 0.5 or seed=N";
            let (key, value) = part.split_once('=').ok_or_else(|| wrong(part, expected))?;
            let whole = |least: u64, most: u64| {
                value
                    .parse::<u64>()
                    .ok()
                    .filter(|number| (least..=most).contains(number))
                    .ok_or_else(|| wrong(part, expected))
            };
            match key {
                "latency" => settings.latency = Duration::from_millis(whole(1, 255)?),
                "event" => settings.event = Some(whole(0, 255)? as u8),
                "baud" => settings.baud = whole(300, chip.map_or(0, |chip| chip.rate.into()))? as u32,
                "seed" => settings.seed = whole(0, u64::MAX)?,
                "loss" => {
                    let loss = value.parse::<f64>().ok().filter(|loss| (0.0..=0.5).contains(loss));
                    settings.loss = loss.ok_or_else(|| wrong(part, expected))?;
                }
                _ => return Err(wrong(part, expected)),
            }
        }
        Ok(settings)
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { chip, latency, event, baud, loss, .. } = self;
        write!(f, "{}, latency {} ms, {baud} baud", chip.name, latency.as_millis())?;
        event.map_or(Ok(()), |event| write!(f, ", event character {event}"))?;
        if *loss > 0.0 { write!(f, ", loss {loss}") } else { Ok(()) }
    }
}

/// A byte that comes out of the chip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Out {
    /// A byte whose stop bit has passed on the line to the board.
    Board(u8),
    /// A byte that the host has.
    Host(u8),
}

/// A chip in modelled time, from 0 on.
#[derive(Debug)]
pub struct Usb {
    settings: Settings,
    random: ChaCha8Rng,
    now: Duration,
    /// Bytes that the host has given to its system.
    written: VecDeque<u8>,
    /// Bytes that wait for the line, and when the one on the line will have passed.
    to_board: VecDeque<u8>,
    passes: Option<Duration>,
    /// Bytes that wait for the host; whether an event character is among them; when the latency timer last started.
    to_host: VecDeque<u8>,
    event: bool,
    timer: Duration,
    /// The last boundary at which packets were moved.
    last_frame: Option<Duration>,
    /// Bytes that the host has received and not taken.
    received: VecDeque<u8>,
    /// Bytes that came from the line while there was no room.
    overrun: u64,
}

impl Usb {
    /// A chip with nothing under way.
    pub fn new(settings: Settings) -> Usb {
        Usb {
            settings,
            random: ChaCha8Rng::seed_from_u64(settings.seed),
            now: Duration::ZERO,
            written: VecDeque::new(),
            to_board: VecDeque::new(),
            passes: None,
            to_host: VecDeque::new(),
            event: false,
            timer: Duration::ZERO,
            last_frame: None,
            received: VecDeque::new(),
            overrun: 0,
        }
    }

    /// The time.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Bytes from the board that were lost because the chip's buffer was full.
    pub fn overrun(&self) -> u64 {
        self.overrun
    }

    /// The host writes bytes now.
    pub fn write(&mut self, bytes: &[u8]) {
        self.written.extend(bytes);
    }

    /// A byte has come on the line from the board now.
    pub fn arrive(&mut self, byte: u8) {
        if self.is_lost() {
            return;
        }
        if self.to_host.len() == self.settings.chip.to_host {
            self.overrun += 1;
            return;
        }
        self.event |= self.settings.event == Some(byte);
        self.to_host.push_back(byte);
    }

    /// Goes on to the next byte that comes out, or to `limit` where none does before.
    pub fn step(&mut self, limit: Duration) -> Option<Out> {
        loop {
            if let Some(byte) = self.received.pop_front() {
                return Some(Out::Host(byte));
            }
            let frame = self.next_frame();
            let (at, passes) = match (self.passes, frame) {
                (Some(passes), frame) if frame.is_none_or(|frame| passes <= frame) => (passes, true),
                (_, Some(frame)) => (frame, false),
                _ => (Duration::MAX, false),
            };
            if at > limit {
                self.now = self.now.max(limit);
                return None;
            }
            self.now = at;
            if !passes {
                self.frame();
                continue;
            }
            let byte = self.to_board.pop_front();
            self.passes = (!self.to_board.is_empty()).then(|| at + self.settings.byte());
            if let Some(byte) = byte.filter(|_| !self.is_lost()) {
                return Some(Out::Board(byte));
            }
        }
    }

    fn is_lost(&mut self) -> bool {
        self.settings.loss > 0.0 && self.random.random_bool(self.settings.loss)
    }

    /// The next boundary of frames at which there is something to be moved.
    fn next_frame(&self) -> Option<Duration> {
        let Chip { packet, frame, to_board, .. } = self.settings.chip;
        // The first boundary from a time on that has not been.
        let boundary = |time: Duration| {
            let frames = time.as_nanos().div_ceil(frame.as_nanos());
            let next = Duration::from_nanos((frames * frame.as_nanos()) as u64);
            self.last_frame.map_or(next, |last| next.max(last + frame))
        };
        let first = self.written.len().min(packet);
        let out = (first > 0 && self.to_board.len() + first <= to_board).then(|| boundary(self.now));
        let full = self.event || self.to_host.len() >= packet - STATUS;
        let back = match self.to_host.is_empty() {
            true => None,
            false if full => Some(boundary(self.now)),
            false => {
                // Where nothing waited when the timer was out, a packet without bytes has started it anew.
                let latency = self.settings.latency.as_nanos();
                let periods = ((self.now - self.timer).as_nanos() / latency + 1) as u32;
                Some(boundary((self.timer + periods * self.settings.latency).max(self.now)))
            }
        };
        [out, back].into_iter().flatten().min()
    }

    /// The host moves packets, at a boundary.
    fn frame(&mut self) {
        let Chip { packet, packets, to_board, .. } = self.settings.chip;
        self.last_frame = Some(self.now);
        for _ in 0..packets {
            let bytes = self.written.len().min(packet);
            if bytes == 0 || self.to_board.len() + bytes > to_board {
                break;
            }
            self.to_board.extend(self.written.drain(..bytes));
        }
        if self.passes.is_none() && !self.to_board.is_empty() {
            self.passes = Some(self.now + self.settings.byte());
        }
        let mut due = self.now - self.timer >= self.settings.latency;
        for _ in 0..packets {
            let full = self.to_host.len() >= packet - STATUS;
            if self.to_host.is_empty() || !(full || due || self.event) {
                break;
            }
            let bytes = self.to_host.len().min(packet - STATUS);
            self.received.extend(self.to_host.drain(..bytes));
            (self.event, due, self.timer) = (self.event && !self.to_host.is_empty(), false, self.now);
        }
        if due {
            // A packet without bytes.
            self.timer = self.now;
        }
    }

    /// Puts the chip between a host and a board, in real time, until `ended` says so; it is asked every millisecond.
    pub fn relay(
        mut self,
        host: &mut impl Transport,
        board: &mut impl Transport,
        mut ended: impl FnMut() -> bool,
    ) -> io::Result<()> {
        let start = Instant::now();
        while !ended() {
            let mut bytes = Vec::new();
            while let Some(byte) = host.receive(Duration::ZERO)? {
                bytes.push(byte);
            }
            self.write(&bytes);
            let (mut to_board, mut to_host) = (Vec::new(), Vec::new());
            while let Some(out) = self.step(start.elapsed()) {
                match out {
                    Out::Board(byte) => to_board.push(byte),
                    Out::Host(byte) => to_host.push(byte),
                }
            }
            if !to_board.is_empty() {
                board.send(&to_board)?;
            }
            if !to_host.is_empty() {
                host.send(&to_host)?;
            }
            // A board in software answers while it is waited for.
            let mut wait = Duration::from_micros(300);
            while let Some(byte) = board.receive(wait)? {
                self.arrive(byte);
                wait = Duration::ZERO;
            }
        }
        Ok(())
    }
}
