//! The host's side: a device at the far end of a transport.

use std::time::Duration;

use engram_spec::frame::Command;
use engram_spec::memnet::{Device, Identity, Program, Status};
use engram_spec::{Answer, DeviceError};

use crate::error::LinkError;
use crate::exchange::{Counters, Exchange, Options};
use crate::payload;
use crate::transport::Transport;

/// A device at the far end of a transport.
///
/// A request whose reply does not come, or comes damaged, is repeated with the same number, so that the device executes
/// it once. Where all repeats fail nobody can know whether it was executed: after such an error `clear` the story or load
/// again.
#[derive(Debug)]
pub struct Driver<T> {
    exchange: Exchange<T>,
    identity: Identity,
}

impl<T: Transport> Driver<T> {
    /// Meets the device at the far end: identifies it, which checks that it speaks this version of the frames.
    pub fn connect(transport: T, options: Options) -> Result<Driver<T>, LinkError> {
        let mut exchange = Exchange::new(transport, options)?;
        let identity = payload::to_identity(&exchange.request(Command::Identify, &[])?)?;
        Ok(Driver { exchange, identity })
    }

    /// Makes sure that the device holds the program and no story. Loads it only where the device does not hold it yet;
    /// says whether it did. `progress` is told the rows loaded and their total, from (0, total) to (total, total).
    pub fn ensure(&mut self, program: &Program, progress: impl FnMut(usize, usize)) -> Result<bool, LinkError> {
        self.check(program)?;
        if self.identity.loaded == Some(program.hash()) {
            self.exchange.request(Command::Clear, &[])?;
            return Ok(false);
        }
        self.send_program(program, progress)?;
        Ok(true)
    }

    /// Loads the program, as [`Device::load`] does, with progress as in [`Driver::ensure`] and with errors that name both
    /// sides where device and program do not match.
    pub fn load_with(&mut self, program: &Program, progress: impl FnMut(usize, usize)) -> Result<(), LinkError> {
        self.check(program)?;
        self.send_program(program, progress)
    }

    /// Asks the device what it is, and whether the program is made for it. Nothing in the device changes.
    fn check(&mut self, program: &Program) -> Result<(), LinkError> {
        program.validate()?;
        let Identity { geometry, datapath, .. } = self.ask_identity()?;
        if geometry != program.geometry {
            return Err(LinkError::Geometry { device: geometry.name, program: program.geometry.name });
        }
        if datapath != program.datapath {
            return Err(LinkError::Datapath { device: datapath, program: program.datapath });
        }
        Ok(())
    }

    fn send_program(&mut self, program: &Program, mut progress: impl FnMut(usize, usize)) -> Result<(), LinkError> {
        let total = program.rows().count();
        self.exchange.request(Command::Begin, &program.settings.to_bytes())?;
        self.identity.loaded = None;
        for (done, (region, row)) in program.rows().enumerate() {
            progress(done, total);
            let mut content = vec![region.id(), row as u8];
            content.extend(program.row(region, row).into_iter().map(|code| code as u8));
            self.exchange.request(Command::Row, &content)?;
        }
        let hash = program.hash();
        self.exchange.request(Command::Seal, &hash.to_le_bytes())?;
        self.identity.loaded = Some(hash);
        progress(total, total);
        Ok(())
    }

    fn ask_identity(&mut self) -> Result<Identity, LinkError> {
        self.identity = payload::to_identity(&self.exchange.request(Command::Identify, &[])?)?;
        Ok(self.identity)
    }

    /// The words that are sent: one too many is enough for the device to refuse, and always fits a frame.
    fn sendable<'a>(&self, words: &'a [u8]) -> &'a [u8] {
        &words[..words.len().min(self.identity.geometry.positions + 1)]
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

impl<T: Transport> Device for Driver<T> {
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

    fn sentence(&mut self, words: &[u8]) -> Result<(), DeviceError> {
        self.exchange.request(Command::Sentence, self.sendable(words))?;
        Ok(())
    }

    fn question(&mut self, words: &[u8]) -> Result<Answer, DeviceError> {
        let reply = self.exchange.request(Command::Question, self.sendable(words))?;
        Ok(payload::to_answer(&reply)?)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        Ok(payload::to_status(&self.exchange.request(Command::Status, &[])?)?)
    }
}
