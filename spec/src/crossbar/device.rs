//! The crossbar as a machine: it takes a sequence step by step, and gives answers.

use std::borrow::Cow;

use crate::crossbar::geometry::{Geometry, PRESETS, ROW_BYTES, Region};
use crate::crossbar::memo::{self, Predictor, Tally};
use crate::crossbar::program::{Program, ProgramError, Settings};
use crate::frame::{Command, Refusal};
use crate::machine::{self, Answer, DeviceError, Load, Machine, Situation, Size};

/// The crossbar on the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossbar;

/// The identity of a crossbar device; its build is the predictor of its memoization, `None` where it has none.
pub type Identity = machine::Identity<Crossbar>;
/// The counters of a crossbar device.
pub type Status = machine::Status<Crossbar>;

/// The most steps that a device counts.
pub const STEPS_MAX: u32 = (1 << 24) - 1;

/// The steps of a sequence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Steps since `clear`, up to [`STEPS_MAX`].
    pub steps: u32,
}

/// A request of the crossbar's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call<'a> {
    /// A step with a DAC code for each input of the program ([`crate::crossbar::dac`]).
    Step(Cow<'a, [i8]>),
    /// A step with a symbol, one-hot: the DAC's largest code at its row, 0 elsewhere. Below the program's inputs.
    Symbol(u8),
    /// The class with the largest logit after the steps so far.
    Answer,
    /// The way columns are remembered from now on.
    Memoize(memo::Settings),
    /// A number of the [`Tally`], by its place.
    Tally(u8),
}

/// The reply to a [`Call`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The cycles of a step; 0 where the backend has no clock.
    Cycles(u32),
    /// The answer; `word` is the class, `cycles` are the readout's alone.
    Answer(Answer),
    /// The way columns are remembered is taken over.
    Memoizing,
    /// A number of the tally.
    Number(u32),
}

/// The requests of the crossbar as methods of its devices. Every backend gives the same bits, noise included.
pub trait Requests: machine::Device<Crossbar> {
    /// A step with a DAC code for each input ([`crate::crossbar::dac`]). Gives its cycles; 0 where the backend has no clock.
    /// Refused where the number of codes is not the program's.
    fn step(&mut self, codes: &[i8]) -> Result<u32, DeviceError> {
        self.call(Call::Step(codes.into())).map(cycles)
    }

    /// A step with a symbol, one-hot: the DAC's largest code at its row, 0 elsewhere. Refused beyond the program's inputs.
    fn symbol(&mut self, symbol: u8) -> Result<u32, DeviceError> {
        self.call(Call::Symbol(symbol)).map(cycles)
    }

    /// The class with the largest logit after the steps so far; the state stays. `word` is the class, `cycles` are the
    /// readout's alone. Refused before the first step of a sequence.
    fn answer(&mut self) -> Result<Answer, DeviceError> {
        match self.call(Call::Answer)? {
            Reply::Answer(answer) => Ok(answer),
            _ => unreachable!("an answer is a class"),
        }
    }

    /// Sets how columns are remembered, until a program is loaded: from then on nothing is. Columns that are remembered in the
    /// sequence so far stay. Refused where no program is loaded; as unknown where the device has no memoization.
    fn memoize(&mut self, settings: &memo::Settings) -> Result<(), DeviceError> {
        self.call(Call::Memoize(*settings)).map(|_| ())
    }

    /// The tally of memoization since `clear`. Refused as [`Requests::memoize`] is.
    fn tally(&mut self) -> Result<Tally, DeviceError> {
        let mut numbers = [0; Tally::NUMBERS];
        for (place, number) in numbers.iter_mut().enumerate() {
            *number = cycles(self.call(Call::Tally(place as u8))?);
        }
        Ok(Tally::from_numbers(numbers))
    }
}

impl<D: machine::Device<Crossbar> + ?Sized> Requests for D {}

/// The number in a reply that is one.
fn cycles(reply: Reply) -> u32 {
    match reply {
        Reply::Cycles(number) | Reply::Number(number) => number,
        Reply::Answer(_) | Reply::Memoizing => unreachable!("a step and a tally are numbers"),
    }
}

impl Size for Geometry {
    const PRESETS: &'static [Geometry] = &PRESETS;

    fn name(&self) -> &'static str {
        self.name
    }

    fn id(&self) -> u8 {
        self.id
    }

    /// Lanes, hidden, inputs, classes, multipliers.
    fn sizes(&self) -> [u8; 5] {
        let Geometry { lanes, hidden, inputs, classes, multipliers, .. } = *self;
        [lanes, hidden, inputs, classes, multipliers].map(|size| size as u8)
    }
}

impl Load for Program {
    type Geometry = Geometry;
    type Error = ProgramError;

    fn geometry(&self) -> Geometry {
        self.geometry
    }

    fn settings(&self) -> Vec<u8> {
        self.settings.to_bytes().to_vec()
    }

    /// The images of both regions in rows of 64 bytes.
    fn rows(&self) -> Vec<Vec<u8>> {
        let of_region = |region: Region| {
            let image = self.image(region);
            let payload =
                |(row, bytes): (usize, &[u8])| [&[region.id()], &(row as u16).to_le_bytes()[..], bytes].concat();
            image.chunks(ROW_BYTES).enumerate().map(payload).collect::<Vec<_>>()
        };
        Region::ALL.into_iter().flat_map(of_region).collect()
    }

    fn validate(&self) -> Result<(), ProgramError> {
        Program::validate(self)
    }
}

impl Machine for Crossbar {
    const NAME: &'static str = "a crossbar network";
    const SETTINGS_BYTES: usize = Settings::BYTES;
    const ROW_NUMBER_BYTES: usize = 2;

    type Geometry = Geometry;
    type Build = Option<Predictor>;
    type Program = Program;
    type Progress = Sequence;
    type Call<'a> = Call<'a>;
    type Reply = Reply;

    fn build_bytes(geometry: &Geometry, memo: Option<Predictor>) -> [u8; 2] {
        [memo.map_or(0, |predictor| predictor.id()), geometry.weight_bits]
    }

    fn build(geometry: &Geometry, [memo, weight_bits]: [u8; 2]) -> Option<Option<Predictor>> {
        let memo = if memo == 0 { None } else { Some(Predictor::from_id(memo)?) };
        (weight_bits == geometry.weight_bits).then_some(memo)
    }

    fn mismatch(_: Option<Predictor>, _: &Program) -> Option<(String, String)> {
        None
    }

    fn progress_bytes(Sequence { steps }: Sequence) -> [u8; 3] {
        let [low, middle, high, _] = steps.to_le_bytes();
        [low, middle, high]
    }

    fn progress([low, middle, high]: [u8; 3]) -> Sequence {
        Sequence { steps: u32::from_le_bytes([low, middle, high, 0]) }
    }

    fn takes(geometry: &Geometry, _: Option<Predictor>, settings: &[u8]) -> bool {
        settings.try_into().is_ok_and(|bytes| Settings::from_bytes(bytes).check(geometry).is_ok())
    }

    fn region_rows(geometry: &Geometry, region: u8) -> Option<usize> {
        Region::from_id(region).map(|region| geometry.rows(region))
    }

    fn row_bytes(_: &Geometry) -> usize {
        ROW_BYTES
    }

    /// The numbers that the device reads, with codes as [`Geometry::held`] keeps them.
    fn program(geometry: &Geometry, _: Option<Predictor>, settings: &[u8], memory: &[Vec<u8>]) -> Program {
        let bytes = settings.try_into().expect("settings of a Begin request");
        Program::of_images(*geometry, Settings::from_bytes(bytes), &memory[0], &memory[1])
    }

    fn has(memo: Option<Predictor>, command: Command) -> bool {
        match command {
            Command::Step | Command::Symbol | Command::Answer => true,
            Command::Memoize | Command::Tally => memo.is_some(),
            _ => false,
        }
    }

    fn read<'a>(command: Command, payload: &'a [u8], now: &Situation<'_, Crossbar>) -> Result<Call<'a>, Refusal> {
        let lengths = match (command, now.program) {
            (Command::Step, Some(program)) => usize::from(program.settings.inputs)..=program.settings.inputs.into(),
            (Command::Step, None) => 1..=usize::MAX,
            (Command::Symbol | Command::Tally, _) => 1..=1,
            (Command::Memoize, _) => memo::Settings::BYTES..=memo::Settings::BYTES,
            _ => 0..=0,
        };
        if !lengths.contains(&payload.len()) {
            return Err(Refusal::BadLength);
        }
        let program = now.program.ok_or(Refusal::NotLoaded)?;
        match (command, payload) {
            (Command::Step, codes) => Ok(Call::Step(codes.iter().map(|&code| code as i8).collect())),
            (Command::Symbol, &[symbol]) if symbol < program.settings.inputs => Ok(Call::Symbol(symbol)),
            (Command::Symbol, _) => Err(Refusal::UnknownWord),
            (Command::Answer, _) if now.progress.steps == 0 => Err(Refusal::NoStory),
            (Command::Answer, _) => Ok(Call::Answer),
            (Command::Memoize, bytes) => {
                let settings = bytes.try_into().ok().and_then(memo::Settings::from_bytes);
                settings.map(Call::Memoize).ok_or(Refusal::WrongGeometry)
            }
            (Command::Tally, &[place]) if usize::from(place) < Tally::NUMBERS => Ok(Call::Tally(place)),
            (Command::Tally, _) => Err(Refusal::WrongGeometry),
            _ => Err(Refusal::UnknownCommand),
        }
    }

    fn request(call: &Call<'_>, geometry: &Geometry) -> (Command, Vec<u8>) {
        match call {
            Call::Step(codes) => {
                let sent = &codes[..codes.len().min(geometry.inputs + 1)];
                (Command::Step, sent.iter().map(|&code| code as u8).collect())
            }
            Call::Symbol(symbol) => (Command::Symbol, vec![*symbol]),
            Call::Answer => (Command::Answer, Vec::new()),
            Call::Memoize(settings) => (Command::Memoize, settings.to_bytes().to_vec()),
            Call::Tally(place) => (Command::Tally, vec![*place]),
        }
    }

    fn reply_bytes(reply: &Reply) -> Vec<u8> {
        match reply {
            Reply::Cycles(number) | Reply::Number(number) => number.to_le_bytes().to_vec(),
            Reply::Answer(answer) => machine::answer_bytes(answer),
            Reply::Memoizing => Vec::new(),
        }
    }

    fn reply(command: Command, payload: &[u8]) -> Option<Reply> {
        match command {
            Command::Step | Command::Symbol => machine::number(payload).map(Reply::Cycles),
            Command::Answer => machine::answer(payload).map(Reply::Answer),
            Command::Memoize => payload.is_empty().then_some(Reply::Memoizing),
            Command::Tally => machine::number(payload).map(Reply::Number),
            _ => None,
        }
    }

    fn after(Sequence { steps }: Sequence, call: &Call<'_>, _: &Program) -> Sequence {
        match call {
            Call::Step(_) | Call::Symbol(_) => Sequence { steps: (steps + 1).min(STEPS_MAX) },
            Call::Answer | Call::Memoize(_) | Call::Tally(_) => Sequence { steps },
        }
    }
}
