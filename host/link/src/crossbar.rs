//! The host's side of a recurrent device: at the far end of a transport.

use std::time::Duration;

use engram_spec::crossbar::memo::{Settings, Tally};
use engram_spec::crossbar::{Device, Identity, Program, Status};
use engram_spec::frame::Command;
use engram_spec::{Answer, DeviceError};

use crate::error::LinkError;
use crate::exchange::{Counters, Exchange, Options};
use crate::payload;
use crate::transport::Transport;

/// A recurrent device at the far end of a transport.
///
/// A request whose reply does not come, or comes damaged, is repeated with the same number, so that the device executes
/// it once. Where all repeats fail nobody can know whether it was executed: after such an error begin the sequence again.
#[derive(Debug)]
pub struct CrossbarDriver<T> {
    exchange: Exchange<T>,
    identity: Identity,
}

impl<T: Transport> CrossbarDriver<T> {
    /// Meets the device at the far end: identifies it, which checks that it speaks this version of the frames and is a
    /// recurrent one.
    pub fn connect(transport: T, options: Options) -> Result<CrossbarDriver<T>, LinkError> {
        let mut exchange = Exchange::new(transport, options)?;
        let identity = payload::to_recurrent_identity(&exchange.request(Command::Identify, &[])?)?;
        Ok(CrossbarDriver { exchange, identity })
    }

    /// Makes sure that the device holds the program and begins a sequence. Loads it only where the device does not hold it
    /// yet; says whether it did. `progress` is told the rows loaded and their total, from (0, total) to (total, total).
    pub fn ensure(&mut self, program: &Program, progress: impl FnMut(usize, usize)) -> Result<bool, LinkError> {
        self.check(program)?;
        if self.identity.loaded == Some(program.hash()) {
            self.exchange.request(Command::Clear, &[])?;
            return Ok(false);
        }
        self.send_program(program, progress)?;
        Ok(true)
    }

    /// Loads the program, as [`Device::load`] does, with progress as in [`CrossbarDriver::ensure`] and with an error
    /// that names both sides where device and program do not match.
    pub fn load_with(&mut self, program: &Program, progress: impl FnMut(usize, usize)) -> Result<(), LinkError> {
        self.check(program)?;
        self.send_program(program, progress)
    }

    /// Asks the device what it is, and whether the program is made for it. Nothing in the device changes.
    fn check(&mut self, program: &Program) -> Result<(), LinkError> {
        program.validate()?;
        let geometry = self.ask_identity()?.geometry;
        if geometry != program.geometry {
            return Err(LinkError::Geometry { device: geometry.name, program: program.geometry.name });
        }
        Ok(())
    }

    fn send_program(&mut self, program: &Program, mut progress: impl FnMut(usize, usize)) -> Result<(), LinkError> {
        let rows = program.rows();
        self.exchange.request(Command::Begin, &program.settings.to_bytes())?;
        self.identity.loaded = None;
        for (done, row) in rows.iter().enumerate() {
            progress(done, rows.len());
            self.exchange.request(Command::Row, row)?;
        }
        let hash = program.hash();
        self.exchange.request(Command::Seal, &hash.to_le_bytes())?;
        self.identity.loaded = Some(hash);
        progress(rows.len(), rows.len());
        Ok(())
    }

    /// Whether there is memoization.
    fn check_memo(&self) -> Result<(), LinkError> {
        self.identity.memo.map(|_| ()).ok_or(LinkError::NoMemoization)
    }

    fn ask_identity(&mut self) -> Result<Identity, LinkError> {
        self.identity = payload::to_recurrent_identity(&self.exchange.request(Command::Identify, &[])?)?;
        Ok(self.identity)
    }

    /// What the device said of itself when it was last asked, or was last loaded.
    pub fn identity(&self) -> Identity {
        self.identity
    }

    /// What has gone over the link since the driver was made.
    pub fn counters(&self) -> Counters {
        self.exchange.counters()
    }

    /// How long the last exchange took, from the request's first byte to the reply's last, with all repeats.
    pub fn last_exchange(&self) -> Duration {
        self.exchange.last()
    }

    /// The transport, to look into a simulation for instance. Bytes sent past the driver are line noise to it.
    pub fn transport_mut(&mut self) -> &mut T {
        self.exchange.transport_mut()
    }

    /// Ends the driver and gives the transport back.
    pub fn into_transport(self) -> T {
        self.exchange.into_transport()
    }
}

impl<T: Transport> Device for CrossbarDriver<T> {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        Ok(self.ask_identity()?)
    }

    fn load(&mut self, program: &Program) -> Result<(), DeviceError> {
        Ok(self.load_with(program, |_, _| {})?)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.exchange.request(Command::Clear, &[])?;
        Ok(())
    }

    fn step(&mut self, codes: &[i8]) -> Result<u32, DeviceError> {
        // One too many is enough for the device to refuse, and always fits a frame.
        let sendable = &codes[..codes.len().min(self.identity.geometry.inputs + 1)];
        let bytes: Vec<u8> = sendable.iter().map(|&code| code as u8).collect();
        Ok(payload::to_cycles(&self.exchange.request(Command::Step, &bytes)?)?)
    }

    fn symbol(&mut self, symbol: u8) -> Result<u32, DeviceError> {
        Ok(payload::to_cycles(&self.exchange.request(Command::Symbol, &[symbol])?)?)
    }

    fn answer(&mut self) -> Result<Answer, DeviceError> {
        Ok(payload::to_answer(&self.exchange.request(Command::Answer, &[])?)?)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        Ok(payload::to_recurrent_status(&self.exchange.request(Command::Status, &[])?)?)
    }

    fn memoize(&mut self, settings: &Settings) -> Result<(), DeviceError> {
        self.check_memo()?;
        self.exchange.request(Command::Memoize, &settings.to_bytes())?;
        Ok(())
    }

    fn tally(&mut self) -> Result<Tally, DeviceError> {
        self.check_memo()?;
        let mut numbers = [0; Tally::NUMBERS];
        for (which, number) in numbers.iter_mut().enumerate() {
            *number = payload::to_cycles(&self.exchange.request(Command::Tally, &[which as u8])?)?;
        }
        Ok(Tally::from_numbers(numbers))
    }
}
