//! A network as a machine on the link: how a host loads it, calls it and is refused. Driver, endpoint and simulated devices are
//! written once, over [`Machine`]; [`crate::memnet::Memnet`] and [`crate::crossbar::Crossbar`] are the machines.

use std::error::Error;
use std::fmt;

use crate::frame::{Command, LOAD_HASH, Refusal};
use crate::trace::Trace;
use crate::{crossbar, memnet};

/// An answer, with its cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The word (or class) with the largest logit, the lowest number among equals.
    pub word: u8,
    /// The word's logit, exact: sum W u, in units of 2^-(f(W) + f(u)).
    pub logit: i32,
    /// Cycles from the last byte of the request to the answer; 0 where the backend has no clock.
    pub cycles: u32,
}

/// Why a device gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The device understood and refused; nothing in it has changed.
    #[error("the device refused: {0}")]
    Refused(#[from] Refusal),
    /// The device could not be reached, or its reply makes no sense.
    #[error(transparent)]
    Unreachable(Box<dyn Error + Send + Sync>),
}

/// The size of a device: one of a network's presets.
pub trait Size: Copy + fmt::Debug + PartialEq + Eq + 'static {
    /// Every preset.
    const PRESETS: &'static [Self];

    /// The preset's name on the command line.
    fn name(&self) -> &'static str;

    /// The preset's number in an identify reply; no two presets have the same, of whatever network.
    fn id(&self) -> u8;

    /// The sizes in an identify reply.
    fn sizes(&self) -> [u8; 5];
}

/// A program as the link carries it: settings, then rows.
pub trait Load: Clone + fmt::Debug + PartialEq + 'static {
    /// The size of the device that the program is made for.
    type Geometry;
    /// The error of a program that no device can run.
    type Error: Error + Send + Sync + 'static;

    /// The size of the device that the program is made for.
    fn geometry(&self) -> Self::Geometry;

    /// The payload of the Begin request.
    fn settings(&self) -> Vec<u8>;

    /// The payloads of the Row requests, in their order: region, row, bytes.
    fn rows(&self) -> Vec<Vec<u8>>;

    /// Checks settings, lengths and numbers.
    fn validate(&self) -> Result<(), Self::Error>;

    /// The hash of the loaded program: CRC-32 (ISO-HDLC) over the payloads of the load in their order. A device computes the same
    /// of what it receives.
    fn hash(&self) -> u32 {
        let crc = crc::Crc::<u32>::new(&LOAD_HASH);
        let mut digest = crc.digest();
        digest.update(&self.settings());
        self.rows().iter().for_each(|row| digest.update(row));
        digest.finalize()
    }
}

/// A device as far as an own request of its network depends on it: see [`Machine::read`].
#[derive(Debug)]
pub struct Situation<'a, M: Machine> {
    /// The size.
    pub geometry: &'a M::Geometry,
    /// The program; `None` where none is loaded.
    pub program: Option<&'a M::Program>,
    /// The progress since `clear`.
    pub progress: M::Progress,
}

/// A network as link, testbench and session see it.
///
/// Identify, Begin, Row, Seal, Clear and Status are common to all networks; a network adds [calls](Machine::Call), each a request
/// of its own.
pub trait Machine: Copy + fmt::Debug + PartialEq + Eq + 'static {
    /// The network with its article, for messages: "a memory network".
    const NAME: &'static str;
    /// Bytes of the Begin request's payload.
    const SETTINGS_BYTES: usize;
    /// Bytes of a row's number in a Row request, 1 or 2, little-endian.
    const ROW_NUMBER_BYTES: usize;

    /// The size of a device.
    type Geometry: Size;
    /// The part of a device's identity that its size does not say: a datapath, a predictor.
    type Build: Copy + fmt::Debug + PartialEq + Eq + 'static;
    /// The integers that are loaded.
    type Program: Load<Geometry = Self::Geometry>;
    /// The counts since `clear`: sentences, or steps.
    type Progress: Copy + fmt::Debug + Default + PartialEq + Eq + 'static;
    /// A request of the network's own.
    type Call<'a>: Clone + fmt::Debug;
    /// The reply to a call.
    type Reply: fmt::Debug + PartialEq;

    /// The build in the two bytes that an identify reply has for it.
    fn build_bytes(geometry: &Self::Geometry, build: Self::Build) -> [u8; 2];

    /// The build in an identify reply; `None` where the bytes mean none of this geometry.
    fn build(geometry: &Self::Geometry, bytes: [u8; 2]) -> Option<Self::Build>;

    /// The device's build and that which a program needs, in words; `None` where the program can be loaded.
    fn mismatch(build: Self::Build, program: &Self::Program) -> Option<(String, String)>;

    /// The progress in the three bytes that a status reply has for it.
    fn progress_bytes(progress: Self::Progress) -> [u8; 3];

    /// The progress in a status reply.
    fn progress(bytes: [u8; 3]) -> Self::Progress;

    /// Whether a device takes these settings, [`Machine::SETTINGS_BYTES`] bytes.
    fn takes(geometry: &Self::Geometry, build: Self::Build, settings: &[u8]) -> bool;

    /// The most rows that the region with this number has; `None` where there is no such region.
    fn region_rows(geometry: &Self::Geometry, region: u8) -> Option<usize>;

    /// Whether a region has a row, with these settings.
    fn has_row(geometry: &Self::Geometry, _settings: &[u8], region: u8, row: usize) -> bool {
        Self::region_rows(geometry, region).is_some_and(|rows| row < rows)
    }

    /// Bytes of a row.
    fn row_bytes(geometry: &Self::Geometry) -> usize;

    /// The program that a device runs whose memory holds these bytes, a list for each region, row after row.
    fn program(geometry: &Self::Geometry, build: Self::Build, settings: &[u8], memory: &[Vec<u8>]) -> Self::Program;

    /// Whether a device has the command, where the command is the network's own.
    fn has(build: Self::Build, command: Command) -> bool;

    /// The call in a request that the device has. Refused in the order of the refusals' numbers.
    fn read<'a>(command: Command, payload: &'a [u8], now: &Situation<'_, Self>) -> Result<Self::Call<'a>, Refusal>;

    /// The request of a call. Where a list is too long for the geometry, one number too many is sent: the device refuses, and the
    /// request fits a frame.
    fn request(call: &Self::Call<'_>, geometry: &Self::Geometry) -> (Command, Vec<u8>);

    /// The payload of a reply.
    fn reply_bytes(reply: &Self::Reply) -> Vec<u8>;

    /// The reply to a command in a payload; `None` where the payload is none.
    fn reply(command: Command, payload: &[u8]) -> Option<Self::Reply>;

    /// The progress after a call was carried out; `program` is the loaded one.
    fn after(progress: Self::Progress, call: &Self::Call<'_>, program: &Self::Program) -> Self::Progress;
}

/// The network that a preset's number belongs to, with its article; `None` for a number of no preset.
pub fn network_of(id: u8) -> Option<&'static str> {
    fn has<M: Machine>(id: u8) -> Option<&'static str> {
        M::Geometry::PRESETS.iter().any(|preset| preset.id() == id).then_some(M::NAME)
    }
    has::<memnet::Memnet>(id).or_else(|| has::<crossbar::Crossbar>(id))
}

/// The identity of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<M: Machine> {
    /// The version of the frames, [`crate::frame::VERSION`].
    pub version: u8,
    /// The size.
    pub geometry: M::Geometry,
    /// The build: a program must match.
    pub build: M::Build,
    /// The hash of the program that the device holds, [`Load::hash`]; `None` where none is loaded.
    pub loaded: Option<u32>,
}

/// The counters of a device since it was switched on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Status<M: Machine> {
    /// Whether a program is loaded.
    pub loaded: bool,
    /// The counts since `clear`.
    pub progress: M::Progress,
    /// Frames that were torn or corrupted, modulo 2^16.
    pub bad_frames: u16,
    /// Frames that were recognised as repeats, modulo 2^16.
    pub repeats: u16,
    /// Bytes without a stop bit, modulo 2^8: of a wrong baud rate, or a disturbed line. Where there is no serial port, 0.
    pub framing_errors: u8,
}

/// An order to a device, one of several that are given at once.
#[derive(Clone, Debug)]
pub enum Order<'a, M: Machine> {
    /// Forget the story, or begin a sequence.
    Clear,
    /// A request of the network's own, with its reply.
    Call(M::Call<'a>),
    /// The same, whose reply nobody needs.
    Tell(M::Call<'a>),
}

/// A device that runs a network. Every backend gives the same bits.
pub trait Device<M: Machine> {
    /// The identity and the program that is held.
    fn identify(&mut self) -> Result<Identity<M>, DeviceError>;

    /// Loads a program and clears. Refused where geometry or build differ.
    fn load(&mut self, program: &M::Program) -> Result<(), DeviceError> {
        self.load_with(program, &mut |_, _| {})
    }

    /// Loads a program as [`Device::load`] does. `progress` gets the rows loaded and their total, from (0, total) to (total,
    /// total).
    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError>;

    /// Makes sure that the device holds the program, and clears. Loads it only where the device does not hold it; says whether
    /// it did.
    fn ensure(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<bool, DeviceError> {
        let absent = self.identify()?.loaded != Some(program.hash());
        if absent {
            self.load_with(program, progress)?
        } else {
            self.clear()?
        }
        Ok(absent)
    }

    /// Forgets the story, or begins a sequence.
    fn clear(&mut self) -> Result<(), DeviceError>;

    /// Carries out a request of the network's own.
    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError>;

    /// Carries out orders in their turn; gives the replies to calls, and `None` for other orders. A device behind a line does not wait
    /// for each. Of the orders behind one that failed, some may have been carried out.
    fn run(&mut self, orders: &[Order<'_, M>]) -> Result<Vec<Option<M::Reply>>, DeviceError> {
        orders.iter().map(|order| self.order(order)).collect()
    }

    /// Carries out one order, and waits for it; gives the reply to a call.
    fn order(&mut self, order: &Order<'_, M>) -> Result<Option<M::Reply>, DeviceError> {
        match order {
            Order::Clear => self.clear().map(|()| None),
            Order::Call(call) => self.call(call.clone()).map(Some),
            Order::Tell(call) => self.call(call.clone()).map(|_| None),
        }
    }

    /// The counters.
    fn status(&mut self) -> Result<Status<M>, DeviceError>;

    /// Starts (or, with `false`, ends) recording intermediate values. Backends that cannot look inside ignore it.
    fn record(&mut self, _on: bool) {}

    /// The values recorded since the last call; `None` where the backend cannot look inside.
    fn trace(&mut self) -> Option<Trace> {
        None
    }
}

/// The answer in the payload of a reply: word (1), logit (4, two's complement), cycles (4).
pub(crate) fn answer(payload: &[u8]) -> Option<Answer> {
    let (&word, numbers) = payload.split_first()?;
    let (logit, cycles) = numbers.split_first_chunk()?;
    Some(Answer { word, logit: i32::from_le_bytes(*logit), cycles: number(cycles)? })
}

/// The payload of a reply with an answer.
pub(crate) fn answer_bytes(answer: &Answer) -> Vec<u8> {
    [&[answer.word][..], &answer.logit.to_le_bytes(), &answer.cycles.to_le_bytes()].concat()
}

/// A number of four bytes in a payload, little-endian.
pub(crate) fn number(payload: &[u8]) -> Option<u32> {
    payload.try_into().ok().map(u32::from_le_bytes)
}
