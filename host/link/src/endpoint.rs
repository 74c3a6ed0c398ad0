//! The device's side of the link in software: bytes in, bytes out, exactly as the hardware does it.
//!
//! What is refused, remembered and counted is decided here, from the frames alone; the backend behind it only computes. So
//! the replies to a stream of bytes are the same whatever backend is behind it, but for its answers.

use std::collections::VecDeque;
use std::time::Duration;

use crc::{Crc, Digest};
use engram_spec::DeviceError;
use engram_spec::frame::{BRIEF, Command, LOAD_HASH, REPLY_BEFORE, Refusal, VERSION, WINDOW};
use engram_spec::machine::{Device, Identity, Load, Machine, Situation, Status};

use crate::codec::{self, Decoder};
use crate::error::LinkError;
use crate::payload;
use crate::transport::Transport;

static HASH: Crc<u32> = Crc::<u32>::new(&LOAD_HASH);

/// How often [`Endpoint::serve`] looks whether it is to end.
const LOOK: Duration = Duration::from_millis(20);

/// A program in the memories.
struct Held<P> {
    program: P,
    /// The hash of the load, which is another than the program's where rows came in another order.
    hash: u32,
}

/// The state of the memories.
enum Holding<P> {
    /// Nothing yet.
    Nothing,
    /// A load that began and is not sealed: its settings, and the hash of the bytes received so far.
    Load { settings: Vec<u8>, hash: Digest<'static, u32> },
    /// A program.
    Program(Held<P>),
}

/// The requests of a network `M` carried out on a device in software.
pub struct Endpoint<M: Machine, D> {
    device: D,
    decoder: Decoder,
    /// Geometry and build of the device; the program is in `holding`.
    identity: Identity<M>,
    holding: Holding<M::Program>,
    /// The rows received, a list for each region; rows stay until they are overwritten, as in the hardware's memories.
    memory: Vec<Vec<u8>>,
    progress: M::Progress,
    bad_frames: u16,
    repeats: u16,
    /// The number of the next request.
    next_number: u8,
    /// The last replies, [`WINDOW`] at most, the last one first.
    replies: VecDeque<Vec<u8>>,
}

impl<M: Machine, D: Device<M>> Endpoint<M, D> {
    /// An endpoint that is freshly switched on: whatever the device holds, a program must be loaded over the link first.
    pub fn new(mut device: D) -> Result<Endpoint<M, D>, DeviceError> {
        let identity = Identity { version: VERSION, loaded: None, ..device.identify()? };
        let geometry = &identity.geometry;
        let region = |rows: usize| vec![0; rows * M::row_bytes(geometry)];
        let memory = (0..=u8::MAX).map_while(|region| M::region_rows(geometry, region)).map(region).collect();
        Ok(Endpoint {
            device,
            decoder: Decoder::new(),
            identity,
            holding: Holding::Nothing,
            memory,
            progress: M::Progress::default(),
            bad_frames: 0,
            repeats: 0,
            next_number: 0,
            replies: VecDeque::new(),
        })
    }

    /// An endpoint whose device holds the program when it is switched on, as one whose bitstream brings the weights along.
    pub fn with_program(mut device: D, program: &M::Program) -> Result<Endpoint<M, D>, DeviceError> {
        device.load(program)?;
        let mut endpoint = Endpoint::new(device)?;
        for row in program.rows() {
            store::<M>(&endpoint.identity.geometry, &program.settings(), &mut endpoint.memory, &row)?;
        }
        endpoint.holding = Holding::Program(Held { program: program.clone(), hash: program.hash() });
        Ok(endpoint)
    }

    /// The device behind the endpoint, to look into it. The endpoint does not see changes that are made to it here.
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
                Ok(Some(codec::encode(&[0, 0, Refusal::BadFrame as u8])))
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

    /// Answers an intact request: carries it out, sends its reply again, or refuses it because another should have come.
    fn answer(&mut self, content: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let (number, mut rest) = (content[0], &content[1..]);
        let before = usize::from(self.next_number.wrapping_sub(number));
        if rest[0] & !BRIEF == Command::Identify as u8 {
            self.replies.clear();
        } else if let Some(reply) = before.checked_sub(1).and_then(|before| self.replies.get(before)) {
            self.repeats = self.repeats.wrapping_add(1);
            return Ok(reply.clone());
        } else if before != 0 {
            return Ok(codec::encode(&[number, 0, Refusal::OutOfOrder as u8]));
        }
        let mut reply = vec![number];
        let (mut done, mut refused) = (0, None);
        while !rest.is_empty() && refused.is_none() {
            let full = reply.len() > REPLY_BEFORE;
            match if full { Err(Refusal::ReplyFull.into()) } else { self.item(&mut rest) } {
                Ok(payload) => {
                    reply.extend(payload);
                    done += 1;
                }
                Err(DeviceError::Refused(refusal)) => refused = Some(refusal),
                Err(failure) => return Err(failure),
            }
        }
        reply.extend(refused.map(|_| done));
        reply.push(refused.map_or(0, |refusal| refusal as u8));
        self.next_number = number.wrapping_add(1);
        self.replies.truncate(WINDOW - 1);
        self.replies.push_front(codec::encode(&reply));
        Ok(self.replies[0].clone())
    }

    /// Carries out the first item of the rest of a frame, and takes it off. Gives what the reply has of it.
    fn item(&mut self, rest: &mut &[u8]) -> Result<Vec<u8>, DeviceError> {
        let (&head, after) = rest.split_first().ok_or(Refusal::BadLength)?;
        let command = Command::from_id(head & !BRIEF).filter(|&command| self.knows(command));
        let command = command.ok_or(Refusal::UnknownCommand)?;
        let (length, after) = after.split_first().map_or((0, after), |(&length, after)| (usize::from(length), after));
        let (payload, after) = after.split_at_checked(length).ok_or(Refusal::BadLength)?;
        *rest = after;
        let reply = self.execute(command, payload)?;
        Ok(if head & BRIEF == 0 { reply } else { Vec::new() })
    }

    /// Whether the device has a command.
    fn knows(&self, command: Command) -> bool {
        let common = [Command::Identify, Command::Begin, Command::Row, Command::Seal, Command::Clear, Command::Status];
        common.contains(&command) || M::has(self.identity.build, command)
    }

    /// Executes a command or refuses it, with the checks in the order of the refusals' numbers.
    fn execute(&mut self, command: Command, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let length = match command {
            Command::Identify | Command::Clear | Command::Status => 0,
            Command::Begin => M::SETTINGS_BYTES,
            Command::Row => 1 + M::ROW_NUMBER_BYTES + M::row_bytes(&self.identity.geometry),
            Command::Seal => 4,
            _ => return self.call(command, received),
        };
        if received.len() != length {
            return Err(Refusal::BadLength.into());
        }
        match command {
            Command::Identify => Ok(payload::of_identity(&self.identity())),
            Command::Begin => self.begin(received),
            Command::Row => self.row(received),
            Command::Seal => self.seal(received),
            Command::Clear => self.clear(),
            _ => Ok(payload::of_status(&self.status())),
        }
    }

    fn identity(&self) -> Identity<M> {
        let loaded = if let Holding::Program(program) = &self.holding { Some(program.hash) } else { None };
        Identity { loaded, ..self.identity }
    }

    fn status(&self) -> Status<M> {
        let Endpoint { progress, bad_frames, repeats, .. } = *self;
        let loaded = matches!(self.holding, Holding::Program(_));
        Status { loaded, progress, bad_frames, repeats, framing_errors: 0 }
    }

    fn begin(&mut self, settings: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Identity { geometry, build, .. } = self.identity;
        if !M::takes(&geometry, build, settings) {
            return Err(Refusal::WrongGeometry.into());
        }
        self.progress = M::Progress::default();
        let mut hash = HASH.digest();
        hash.update(settings);
        self.holding = Holding::Load { settings: settings.to_vec(), hash };
        Ok(Vec::new())
    }

    fn row(&mut self, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Holding::Load { settings, hash } = &mut self.holding else { return Err(Refusal::NotLoaded.into()) };
        store::<M>(&self.identity.geometry, settings, &mut self.memory, received)?;
        hash.update(received);
        Ok(Vec::new())
    }

    fn seal(&mut self, received: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Holding::Load { settings, hash } = &self.holding else { return Err(Refusal::NotLoaded.into()) };
        let hash = hash.clone().finalize();
        if hash.to_le_bytes() != received {
            return Err(Refusal::WrongHash.into());
        }
        let Identity { geometry, build, .. } = self.identity;
        let program = M::program(&geometry, build, settings, &self.memory);
        self.device.load(&program)?;
        self.holding = Holding::Program(Held { program, hash });
        Ok(Vec::new())
    }

    fn clear(&mut self) -> Result<Vec<u8>, DeviceError> {
        if matches!(self.holding, Holding::Program(_)) {
            self.device.clear()?;
        }
        self.progress = M::Progress::default();
        Ok(Vec::new())
    }

    fn call(&mut self, command: Command, payload: &[u8]) -> Result<Vec<u8>, DeviceError> {
        let Identity { geometry, .. } = self.identity;
        let program = if let Holding::Program(held) = &self.holding { Some(&held.program) } else { None };
        let call = M::read(command, payload, &Situation { geometry: &geometry, program, progress: self.progress })?;
        let after = M::after(self.progress, &call, program.ok_or(Refusal::NotLoaded)?);
        let reply = self.device.call(call)?;
        self.progress = after;
        Ok(M::reply_bytes(&reply))
    }
}

/// Stores a row, the payload of a Row request: region, row, bytes. Codes that no program may hold and no host sends, a device
/// takes without looking.
fn store<M: Machine>(
    geometry: &M::Geometry,
    settings: &[u8],
    memory: &mut [Vec<u8>],
    received: &[u8],
) -> Result<(), Refusal> {
    let (head, bytes) = received.split_at(1 + M::ROW_NUMBER_BYTES);
    let row = head[1..].iter().rev().fold(0, |row, &byte| row << 8 | usize::from(byte));
    if !M::has_row(geometry, settings, head[0], row) {
        return Err(Refusal::WrongGeometry);
    }
    memory[usize::from(head[0])][row * bytes.len()..][..bytes.len()].copy_from_slice(bytes);
    Ok(())
}
