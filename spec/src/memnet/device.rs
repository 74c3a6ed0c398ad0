//! The memory network as a machine: it takes sentences and questions as word numbers, and gives answers.

use crate::frame::{Command, Refusal};
use crate::machine::{self, Answer, DeviceError, Load, Machine, Situation, Size};
use crate::memnet::datapath::{Datapath, Weights};
use crate::memnet::geometry::{Geometry, PRESETS, Region};
use crate::memnet::program::{Program, ProgramError, Settings};
use crate::memnet::similarity::Addressing;
use crate::memnet::tying::Tying;

/// The memory network on the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memnet;

/// The identity of a memory network's device; its build is the [`Datapath`].
pub type Identity = machine::Identity<Memnet>;
/// The counters of a memory network's device.
pub type Status = machine::Status<Memnet>;

/// The sentences of a story.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Sentences in the memory, the network's slots at most.
    pub sentences: u8,
    /// Sentences that fell out of the network's slots since `clear`, up to 65535.
    pub forgotten: u16,
}

/// A request of the memory network's own. Words are numbers of the vocabulary, 1 to `positions` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call<'a> {
    /// Adds a sentence to the story; the oldest falls out when the network's slots are full.
    Sentence(&'a [u8]),
    /// Asks a question about the story so far, which stays.
    Question(&'a [u8]),
}

/// The reply to a [`Call`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The sentences now in the memory.
    Sentences(u8),
    /// The answer to a question.
    Answer(Answer),
}

/// The requests of the memory network as methods of its devices.
pub trait Requests: machine::Device<Memnet> {
    /// Adds a sentence of 1 to `positions` words to the story; the oldest falls out when the network's slots are full.
    fn sentence(&mut self, words: &[u8]) -> Result<(), DeviceError> {
        self.call(Call::Sentence(words)).map(|_| ())
    }

    /// Asks a question of 1 to `positions` words about the story so far, which stays. Refused where there is none.
    fn question(&mut self, words: &[u8]) -> Result<Answer, DeviceError> {
        match self.call(Call::Question(words))? {
            Reply::Answer(answer) => Ok(answer),
            Reply::Sentences(_) => unreachable!("a question is answered"),
        }
    }
}

impl<D: machine::Device<Memnet> + ?Sized> Requests for D {}

impl Size for Geometry {
    const PRESETS: &'static [Geometry] = &PRESETS;

    fn name(&self) -> &'static str {
        self.name
    }

    fn id(&self) -> u8 {
        self.id
    }

    /// Lanes, elements, slots, words, positions.
    fn sizes(&self) -> [u8; 5] {
        let Geometry { lanes, elements, slots, words, positions, .. } = *self;
        [lanes, elements, slots, words, positions].map(|size| size as u8)
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

    fn rows(&self) -> Vec<Vec<u8>> {
        let payload = |(region, row): (Region, usize)| {
            let codes = self.row(region, row).into_iter().map(|code| code as u8);
            [region.id(), row as u8].into_iter().chain(codes).collect()
        };
        self.used_rows().map(payload).collect()
    }

    fn validate(&self) -> Result<(), ProgramError> {
        Program::validate(self)
    }
}

impl Machine for Memnet {
    const NAME: &'static str = "a memory network";
    const SETTINGS_BYTES: usize = Settings::BYTES;
    const ROW_NUMBER_BYTES: usize = 1;

    type Geometry = Geometry;
    type Build = Datapath;
    type Program = Program;
    type Progress = Story;
    type Call<'a> = Call<'a>;
    type Reply = Reply;

    fn build_bytes(_: &Geometry, Datapath { addressing, weights }: Datapath) -> [u8; 2] {
        [addressing.id(), weights.id()]
    }

    fn build(_: &Geometry, [addressing, weights]: [u8; 2]) -> Option<Datapath> {
        Some(Datapath { addressing: Addressing::from_id(addressing)?, weights: Weights::from_id(weights)? })
    }

    fn mismatch(build: Datapath, program: &Program) -> Option<(String, String)> {
        (build != program.datapath).then(|| (build.to_string(), program.datapath.to_string()))
    }

    fn progress_bytes(Story { sentences, forgotten }: Story) -> [u8; 3] {
        let [low, high] = forgotten.to_le_bytes();
        [sentences, low, high]
    }

    fn progress([sentences, low, high]: [u8; 3]) -> Story {
        Story { sentences, forgotten: u16::from_le_bytes([low, high]) }
    }

    fn takes(geometry: &Geometry, build: Datapath, settings: &[u8]) -> bool {
        settings.try_into().is_ok_and(|bytes| Settings::from_bytes(bytes).check(geometry, build).is_ok())
    }

    fn region_rows(geometry: &Geometry, region: u8) -> Option<usize> {
        Region::from_id(region).map(|region| geometry.rows(region))
    }

    fn has_row(geometry: &Geometry, settings: &[u8], region: u8, row: usize) -> bool {
        let settings = Settings::from_bytes(settings.try_into().unwrap_or_default());
        Region::from_id(region).is_some_and(|region| row < settings.rows(geometry, region))
    }

    fn row_bytes(geometry: &Geometry) -> usize {
        geometry.elements
    }

    /// The rows as the device holds them, with codes as [`Weights::held`] keeps them: a row of H is a column of `h`, or its
    /// diagonal.
    fn program(geometry: &Geometry, build: Datapath, settings: &[u8], memory: &[Vec<u8>]) -> Program {
        let settings = Settings::from_bytes(settings.try_into().unwrap_or_default());
        let mut program = Program::zeroed(*geometry, build, settings);
        for region in Region::ALL {
            let held = memory[usize::from(region.id())].iter().map(|&byte| build.weights.held(region, byte));
            *program.tensor_mut(region) = held.collect();
        }
        let (elements, rows) = (geometry.elements, std::mem::take(&mut program.h));
        let code = |e: usize, k: usize| match settings.tying() {
            Tying::LayerWise => rows[k * elements + e],
            Tying::Adjacent => rows[k] * i8::from(e == k),
        };
        program.h = (0..elements * elements).map(|at| code(at / elements, at % elements)).collect();
        program
    }

    fn has(_: Datapath, command: Command) -> bool {
        matches!(command, Command::Sentence | Command::Question)
    }

    fn read<'a>(command: Command, words: &'a [u8], now: &Situation<'_, Memnet>) -> Result<Call<'a>, Refusal> {
        if words.is_empty() {
            return Err(Refusal::BadLength);
        }
        let program = now.program.ok_or(Refusal::NotLoaded)?;
        if words.len() > now.geometry.positions {
            return Err(Refusal::TooLong);
        }
        if words.iter().any(|&word| word >= program.settings.words) {
            return Err(Refusal::UnknownWord);
        }
        match command {
            Command::Sentence => Ok(Call::Sentence(words)),
            Command::Question if now.progress.sentences == 0 => Err(Refusal::NoStory),
            Command::Question => Ok(Call::Question(words)),
            _ => Err(Refusal::UnknownCommand),
        }
    }

    fn request(call: &Call<'_>, geometry: &Geometry) -> (Command, Vec<u8>) {
        let sent = |words: &[u8]| words[..words.len().min(geometry.positions + 1)].to_vec();
        match call {
            Call::Sentence(words) => (Command::Sentence, sent(words)),
            Call::Question(words) => (Command::Question, sent(words)),
        }
    }

    fn reply_bytes(reply: &Reply) -> Vec<u8> {
        match reply {
            Reply::Sentences(sentences) => vec![*sentences],
            Reply::Answer(answer) => machine::answer_bytes(answer),
        }
    }

    fn reply(command: Command, payload: &[u8]) -> Option<Reply> {
        match (command, payload) {
            (Command::Sentence, &[sentences]) => Some(Reply::Sentences(sentences)),
            (Command::Question, _) => machine::answer(payload).map(Reply::Answer),
            _ => None,
        }
    }

    fn after(Story { sentences, forgotten }: Story, call: &Call<'_>, program: &Program) -> Story {
        match call {
            Call::Sentence(_) if sentences < program.settings.slots => Story { sentences: sentences + 1, forgotten },
            Call::Sentence(_) => Story { sentences, forgotten: forgotten.saturating_add(1) },
            Call::Question(_) => Story { sentences, forgotten },
        }
    }
}
