//! The recurrent device: takes a sequence step by step, gives answers. Four backends implement it: the integer model, the
//! in-crate simulation, the Verilated design and the board on a serial port.

use crate::crossbar::memo::{Predictor, Settings, Tally};
use crate::crossbar::{Geometry, Program};
use crate::frame::Refusal;
use crate::machine::{Answer, DeviceError};
use crate::trace::Trace;

/// What a recurrent device says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The version of the frames, [`crate::frame::VERSION`].
    pub version: u8,
    /// Its size.
    pub geometry: Geometry,
    /// What its memoization is built with; `None` where it has none.
    pub memo: Option<Predictor>,
    /// The hash of the program it holds, [`Program::hash`]; `None` where none is loaded.
    pub loaded: Option<u32>,
}

/// A recurrent device's counters since it was switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether a program is loaded.
    pub loaded: bool,
    /// Steps since `clear`, up to 2^24 - 1.
    pub steps: u32,
    /// Frames that were torn or corrupted, modulo 2^16.
    pub bad_frames: u16,
    /// Frames that were recognised as repeats, modulo 2^16.
    pub repeats: u16,
}

/// A recurrent network that takes sequences. Every backend gives the same bits, noise included.
pub trait Device {
    /// What the device is and holds.
    fn identify(&mut self) -> Result<Identity, DeviceError>;

    /// Loads a program, and begins a sequence. Refused where the geometry differs.
    fn load(&mut self, program: &Program) -> Result<(), DeviceError>;

    /// Begins a sequence: c and h are 0, the read noise starts from its seed.
    fn clear(&mut self) -> Result<(), DeviceError>;

    /// A step with a DAC code for each input ([`crate::crossbar::dac`]). Gives the cycles it took; 0 where the backend has no
    /// clock. Refused where their number is not the program's.
    fn step(&mut self, codes: &[i8]) -> Result<u32, DeviceError>;

    /// A step with a symbol, one-hot: the DAC's largest code at its row, 0 elsewhere. Refused beyond the program's inputs.
    fn symbol(&mut self, symbol: u8) -> Result<u32, DeviceError>;

    /// The class with the largest logit after the steps so far; the state stays. `word` is the class, `cycles` are the
    /// readout's alone. Refused before the first step of a sequence.
    fn answer(&mut self) -> Result<Answer, DeviceError>;

    /// The counters.
    fn status(&mut self) -> Result<Status, DeviceError>;

    /// How columns are remembered from now on, until a program is loaded: from then on nothing is. What was remembered in the
    /// sequence so far stays. Refused where no program is loaded; as unknown where the device has no memoization.
    fn memoize(&mut self, _settings: &Settings) -> Result<(), DeviceError> {
        Err(Refusal::UnknownCommand.into())
    }

    /// What memoization came to since `clear`. Refused as [`Device::memoize`] is.
    fn tally(&mut self) -> Result<Tally, DeviceError> {
        Err(Refusal::UnknownCommand.into())
    }

    /// Starts (or, with `false`, ends) recording intermediate values. Backends that cannot look inside ignore it.
    fn record(&mut self, _on: bool) {}

    /// The values recorded since the last call; `None` where the backend cannot look inside.
    fn trace(&mut self) -> Option<Trace> {
        None
    }
}
