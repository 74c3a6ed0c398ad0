//! The device: takes sentences and questions as word numbers, gives answers. Four backends implement it: the integer model,
//! the in-crate simulation, the Verilated design and the board on a serial port.

use crate::machine::{Answer, DeviceError};
use crate::memnet::datapath::Datapath;
use crate::memnet::geometry::Geometry;
use crate::memnet::program::Program;
use crate::trace::Trace;

/// What a device says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The version of the frames, [`crate::frame::VERSION`].
    pub version: u8,
    /// Its size.
    pub geometry: Geometry,
    /// What its arithmetic is built for: a program must match.
    pub datapath: Datapath,
    /// The hash of the program it holds, [`Program::hash`]; `None` where none is loaded.
    pub loaded: Option<u32>,
}

/// A device's counters since it was switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether a program is loaded.
    pub loaded: bool,
    /// Sentences in the memory.
    pub sentences: u8,
    /// Sentences that fell out of the full memory since `clear`, up to 65535.
    pub forgotten: u16,
    /// Frames that were torn or corrupted, modulo 2^16.
    pub bad_frames: u16,
    /// Frames that were recognised as repeats, modulo 2^16.
    pub repeats: u16,
}

/// A memory network that answers questions. Every backend gives the same bits.
pub trait Device {
    /// What the device is and holds.
    fn identify(&mut self) -> Result<Identity, DeviceError>;

    /// Loads a program. The story is forgotten. Refused where geometry or datapath differ.
    fn load(&mut self, program: &Program) -> Result<(), DeviceError>;

    /// Forgets the story.
    fn clear(&mut self) -> Result<(), DeviceError>;

    /// Adds a sentence of 1 to `positions` words to the story; the oldest falls out when the memory is full.
    fn sentence(&mut self, words: &[u8]) -> Result<(), DeviceError>;

    /// Asks a question of 1 to `positions` words about the story so far, which stays. Refused where there is none.
    fn question(&mut self, words: &[u8]) -> Result<Answer, DeviceError>;

    /// The counters.
    fn status(&mut self) -> Result<Status, DeviceError>;

    /// Starts (or, with `false`, ends) recording intermediate values. Backends that cannot look inside ignore it.
    fn record(&mut self, _on: bool) {}

    /// The values recorded since the last call; `None` where the backend cannot look inside.
    fn trace(&mut self) -> Option<Trace> {
        None
    }
}
