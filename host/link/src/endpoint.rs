//! The device's side of the link in software: bytes in, bytes out, exactly as the hardware does it.
//!
//! What is refused, remembered and counted is decided here, from the frames alone; the backend behind it only computes. So
//! the replies to a stream of bytes are the same whatever backend is behind it, but for its answers.

use std::time::Duration;

use crc::{Crc, Digest};
use engram_spec::frame::{Command, Refusal, VERSION};
use engram_spec::memnet::geometry::Region;
use engram_spec::memnet::{Device, Identity, Program, Settings, Status};
use engram_spec::{Answer, DeviceError};

use crate::codec::{self, Decoder};
use crate::error::LinkError;
use crate::payload;
use crate::transport::Transport;

static HASH: Crc<u32> = Crc::<u32>::new(&crc::CRC_32_ISO_HDLC);

/// How often [`Endpoint::serve`] looks whether it is to end.
const LOOK: Duration = Duration::from_millis(20);

/// What is in the memories.
enum Holding {
    /// Nothing yet.
    Nothing,
    /// A load that began and is not sealed, with the hash of what was received so far.
    Load(Digest<'static, u32>),
    /// A program with this hash.
    Program(u32),
}

/// Executes frames on a device.
pub struct Endpoint<D> {
    device: D,
    decoder: Decoder,
    /// Geometry and datapath of the device; what it holds is in `holding`.
    identity: Identity,
    holding: Holding,
    /// The settings and rows received; rows stay until they are overwritten, as in the hardware's memories.
    memory: Program,
    sentences: u8,
    forgotten: u16,
    bad_frames: u16,
    repeats: u16,
    /// The number that would be a repeat; 0 for none.
    last_number: u8,
    last_reply: Vec<u8>,
}

impl<D: Device> Endpoint<D> {
    /// An endpoint that is freshly switched on: whatever the device holds, a program must be loaded over the link first.
    pub fn new(mut device: D) -> Result<Endpoint<D>, DeviceError> {
        let identity = Identity { version: VERSION, loaded: None, ..device.identify()? };
        Ok(Endpoint {
            device,
            decoder: Decoder::new(),
            identity,
            holding: Holding::Nothing,
            memory: Program::zeroed(identity.geometry, identity.datapath, Settings::default()),
            sentences: 0,
            forgotten: 0,
            bad_frames: 0,
            repeats: 0,
            last_number: 0,
            last_reply: Vec::new(),
        })
    }

    /// An endpoint whose device holds the program when it is switched on, as one whose bitstream brings the weights along.
    pub fn with_program(mut device: D, program: &Program) -> Result<Endpoint<D>, DeviceError> {
        device.load(program)?;
        let mut endpoint = Endpoint::new(device)?;
        endpoint.memory = program.clone();
        endpoint.holding = Holding::Program(program.hash());
        Ok(endpoint)
    }

    /// The device behind the endpoint, to look into it. What is done to it here the endpoint does not know.
    pub fn device_mut(&mut self) -> &mut D {
        &mut self.device
    }

    /// Takes a byte; gives the reply's frame where the byte completed a request's. An error is the device's own failure
    /// (not a refusal, which is a reply); the request then stays unanswered and may be repeated.
    pub fn push(&mut self, byte: u8) -> Result<Option<Vec<u8>>, DeviceError> {
        match self.decoder.push(byte) {
            None => Ok(None),
            Some(Err(_)) => {
                self.bad_frames = self.bad_frames.wrapping_add(1);
                Ok(Some(codec::encode(&[0, Refusal::BadFrame as u8])))
            }
            Some(Ok(content)) => self.answer(&content).map(Some),
        }
    }

    /// Takes bytes; gives all bytes that come back.
    pub fn push_all(&mut self, bytes: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let mut replies = Vec::new();
        for &byte in bytes {
            replies.extend(self.push(byte)?.unwrap_or_default());
        }
        Ok(replies)
    }

    /// Serves the device on a transport until `ended` says so; it is asked between bytes, every 20 ms at least.
    pub fn serve(
        &mut self,
        transport: &mut impl Transport,
        mut ended: impl FnMut() -> bool,
    ) -> Result<(), DeviceError> {
        let port = transport.name();
        let broke = |source| LinkError::Lost { port: port.clone(), source };
        while !ended() {
            if let Some(byte) = transport.receive(LOOK).map_err(broke)?
                && let Some(reply) = self.push(byte)?
            {
                transport.send(&reply).map_err(broke)?;
            }
        }
        Ok(())
    }

    /// Answers an intact request: sends the last reply again, or executes.
    fn answer(&mut self, content: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let (number, id, received) = (content[0], content[1], &content[2..]);
        let command = Command::from_id(id);
        let identify = command == Some(Command::Identify);
        if number != 0 && number == self.last_number && !identify {
            self.repeats = self.repeats.wrapping_add(1);
            return Ok(self.last_reply.clone());
        }
        let mut reply = vec![number, 0];
        match command.ok_or(Refusal::UnknownCommand.into()).and_then(|command| self.execute(command, received)) {
            Ok(payload) => reply.extend(payload),
            Err(DeviceError::Refused(refusal)) => reply[1] = refusal as u8,
            Err(failure) => return Err(failure),
        }
        self.last_number = if identify { 0 } else { number };
        self.last_reply = codec::encode(&reply);
        Ok(self.last_reply.clone())
    }

    /// Executes a command or refuses it, with the checks in the order of the refusals' numbers.
    fn execute(&mut self, command: Command, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        if !self.has_length(command, received.len()) {
            return Err(Refusal::BadLength.into());
        }
        match command {
            Command::Identify => Ok(payload::of_identity(&self.identity())),
            Command::Begin => self.begin(received),
            Command::Row => self.row(received),
            Command::Seal => self.seal(received),
            Command::Clear => self.clear(),
            Command::Sentence => self.sentence(received),
            Command::Question => self.question(received).map(|answer| payload::of_answer(&answer)),
            Command::Status => Ok(payload::of_status(&self.status())),
            // A recurrent device's.
            Command::Step | Command::Symbol | Command::Answer | Command::Memoize | Command::Tally => {
                Err(Refusal::UnknownCommand.into())
            }
        }
    }

    fn has_length(&self, command: Command, length: usize) -> bool {
        match command {
            Command::Identify | Command::Clear | Command::Status => length == 0,
            Command::Begin => length == Settings::BYTES,
            Command::Row => length == 2 + self.identity.geometry.elements,
            Command::Seal => length == 4,
            Command::Sentence | Command::Question => length > 0,
            Command::Step | Command::Symbol | Command::Answer | Command::Memoize | Command::Tally => true,
        }
    }

    fn identity(&self) -> Identity {
        let loaded = if let Holding::Program(hash) = self.holding { Some(hash) } else { None };
        Identity { loaded, ..self.identity }
    }

    fn status(&self) -> Status {
        let Endpoint { sentences, forgotten, bad_frames, repeats, .. } = *self;
        Status { loaded: self.identity().loaded.is_some(), sentences, forgotten, bad_frames, repeats }
    }

    fn begin(&mut self, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let bytes = received.try_into().map_err(|_| Refusal::BadLength)?;
        let settings = Settings::from_bytes(bytes);
        let Identity { geometry, datapath, .. } = self.identity;
        Program::zeroed(geometry, datapath, settings).validate().map_err(|_| Refusal::WrongGeometry)?;
        self.memory.settings = settings;
        self.forget_story();
        let mut hash = HASH.digest();
        hash.update(received);
        self.holding = Holding::Load(hash);
        Ok(Vec::new())
    }

    fn row(&mut self, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Holding::Load(hash) = &mut self.holding else { return Err(Refusal::NotLoaded.into()) };
        let (region, row, codes) = (received[0], usize::from(received[1]), &received[2..]);
        let known = Region::ALL.into_iter().find(|known| known.id() == region);
        let region = known.filter(|&region| row < self.identity.geometry.rows(region)).ok_or(Refusal::WrongGeometry)?;
        hash.update(received);
        store(&mut self.memory, region, row, codes);
        Ok(Vec::new())
    }

    fn seal(&mut self, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Holding::Load(hash) = &self.holding else { return Err(Refusal::NotLoaded.into()) };
        let hash = hash.clone().finalize();
        if hash.to_le_bytes() != received {
            return Err(Refusal::WrongHash.into());
        }
        self.device.load(&self.memory)?;
        self.holding = Holding::Program(hash);
        Ok(Vec::new())
    }

    fn clear(&mut self) -> Result<Vec<u8>, DeviceError> {
        if matches!(self.holding, Holding::Program(_)) {
            self.device.clear()?;
        }
        self.forget_story();
        Ok(Vec::new())
    }

    fn forget_story(&mut self) {
        self.sentences = 0;
        self.forgotten = 0;
    }

    fn sentence(&mut self, words: &[u8]) -> Result<Vec<u8>, DeviceError> {
        self.check(words)?;
        self.device.sentence(words)?;
        if usize::from(self.sentences) < self.identity.geometry.slots {
            self.sentences += 1;
        } else {
            self.forgotten = self.forgotten.saturating_add(1);
        }
        Ok(vec![self.sentences])
    }

    fn question(&mut self, words: &[u8]) -> Result<Answer, DeviceError> {
        self.check(words)?;
        if self.sentences == 0 {
            return Err(Refusal::NoStory.into());
        }
        self.device.question(words)
    }

    fn check(&self, words: &[u8]) -> Result<(), Refusal> {
        if !matches!(self.holding, Holding::Program(_)) {
            return Err(Refusal::NotLoaded);
        }
        if words.len() > self.identity.geometry.positions {
            return Err(Refusal::TooLong);
        }
        if words.iter().any(|&word| word >= self.memory.settings.words) {
            return Err(Refusal::UnknownWord);
        }
        Ok(())
    }
}

/// Stores a row as the device holds it: a row of H is a column of `h`. Codes that no program may hold and no host sends, a
/// device takes without looking, as [`engram_spec::memnet::Weights::held`] says.
fn store(program: &mut Program, region: Region, row: usize, codes: &[u8]) {
    let tensor = match region {
        Region::A => &mut program.a,
        Region::B => &mut program.b,
        Region::C => &mut program.c,
        Region::W => &mut program.w,
        Region::H => &mut program.h,
        Region::Position => &mut program.position,
        Region::AgeA => &mut program.age_a,
        Region::AgeC => &mut program.age_c,
    };
    let (elements, weights) = (program.geometry.elements, program.datapath.weights);
    for (element, &code) in codes.iter().enumerate() {
        let place = if region == Region::H { element * elements + row } else { row * elements + element };
        tensor[place] = weights.held(region, code);
    }
}
