//! A small deterministic device, and a line between host and device whose faults are drawn from a seed.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use engram_link::{Endpoint, Transport};
use engram_spec::frame::VERSION;
use engram_spec::machine::Device;
use engram_spec::memnet::geometry::TINY;
use engram_spec::memnet::{Addressing, Call, Identity, Memnet, Program, Reply, Settings, Status};
use engram_spec::{Answer, DeviceError};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A call that a notebook received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Load(Box<Program>),
    Clear,
    Sentence(Vec<u8>),
    Question(Vec<u8>),
}

/// A device that writes down what it is told, and answers with a number made of its whole story and the question. It
/// insists on requests that a device can execute: all refusing is the endpoint's.
#[derive(Default)]
pub struct Notebook {
    pub journal: Vec<Entry>,
    program: Option<Program>,
    story: Vec<Vec<u8>>,
}

impl Notebook {
    fn sentence(&mut self, words: &[u8]) -> u8 {
        self.check(words);
        self.journal.push(Entry::Sentence(words.to_vec()));
        self.story.push(words.to_vec());
        let slots = self.program.as_ref().expect("a program is loaded").settings.slots;
        let forgotten = self.story.len().saturating_sub(slots.into());
        self.story.drain(..forgotten);
        self.story.len() as u8
    }

    fn question(&mut self, words: &[u8]) -> Answer {
        self.check(words);
        assert!(!self.story.is_empty());
        self.journal.push(Entry::Question(words.to_vec()));
        let words_so_far = self.story.concat().into_iter().chain(words.iter().copied());
        let sum = words_so_far.fold(7i32, |sum, word| sum.wrapping_mul(31).wrapping_add(i32::from(word)));
        let vocabulary = i32::from(self.program.as_ref().expect("a program is loaded").settings.words);
        let word = sum.rem_euclid(vocabulary) as u8;
        Answer { word, logit: sum, cycles: (10 * self.story.len() + words.len()) as u32 }
    }

    fn check(&self, words: &[u8]) {
        let program = self.program.as_ref().expect("a program is loaded");
        assert!((1..=TINY.positions).contains(&words.len()) && words.iter().all(|&word| word < program.settings.words));
    }
}

impl Device<Memnet> for Notebook {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        let loaded = self.program.as_ref().map(Program::hash);
        Ok(Identity { version: VERSION, geometry: TINY, build: Addressing::Hamming.into(), loaded })
    }

    fn load_with(&mut self, program: &Program, _: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.journal.push(Entry::Load(Box::new(program.clone())));
        self.program = Some(program.clone());
        self.story.clear();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.journal.push(Entry::Clear);
        self.story.clear();
        Ok(())
    }

    fn call(&mut self, call: Call<'_>) -> Result<Reply, DeviceError> {
        match call {
            Call::Sentence(words) => Ok(Reply::Sentences(self.sentence(words))),
            Call::Question(words) => Ok(Reply::Answer(self.question(words))),
        }
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        unreachable!("the endpoint counts itself")
    }
}

/// A program for [`TINY`] in which no two rows are alike.
pub fn program() -> Program {
    let settings = Settings {
        hops: 2,
        words: 20,
        answers: 20,
        memory_a: 6,
        memory_c: 6,
        question: 6,
        score: 3,
        centre: 0,
        padding: 0,
        align: 5,
        controller: 5,
        graded: 0,
        adjacent: 0,
        slots: 7,
    };
    let mut program = Program::zeroed(TINY, Addressing::Hamming, settings);
    let count = |tensor: &mut Vec<i8>, from: i32| {
        for (index, code) in tensor.iter_mut().enumerate() {
            *code = ((index as i32 * 37 + from) % 255 - 127) as i8;
        }
    };
    count(&mut program.h, 5);
    count(&mut program.position, 11);
    // Rows beyond the vocabulary and the network's slots are not loaded, so they stay zero on both sides.
    for (tensor, from) in program.embeddings[..4].iter_mut().zip(1..) {
        count(tensor, from);
        tensor[20 * 8..].fill(0);
    }
    for (tensor, from) in program.ages[..2].iter_mut().zip([17, 23]) {
        count(tensor, from);
        tensor[7 * 8..].fill(0);
    }
    program
}

/// The chance of each fault, per byte; of `truncate`, per burst of bytes.
#[derive(Clone, Copy, Default)]
pub struct Faults {
    pub drop: f64,
    pub corrupt: f64,
    pub duplicate: f64,
    pub truncate: f64,
    /// By up to two seconds, with all that is behind it.
    pub delay: f64,
}

/// The reply to a frame that arrived damaged.
pub const BAD_FRAME: [u8; 7] = [0x01, 0x01, 0x04, 0x01, 0x23, 0x42, 0x00];

/// Microseconds a byte takes at 1 Mbaud.
const BYTE: u64 = 10;

/// A direction of the line: bytes with their time of arrival.
struct Way {
    faults: Faults,
    on_the_way: VecDeque<(u64, u8)>,
    last: u64,
}

impl Way {
    fn send(&mut self, bytes: &[u8], now: u64, random: &mut ChaCha8Rng) {
        let Faults { drop, corrupt, duplicate, truncate, delay } = self.faults;
        let cut = if random.random_bool(truncate) { random.random_range(0..bytes.len()) } else { bytes.len() };
        for &byte in &bytes[..cut] {
            let late = if random.random_bool(delay) { random.random_range(0..2_000_000) } else { 0 };
            self.last = self.last.max(now) + BYTE + late;
            let byte = if random.random_bool(corrupt) { random.random() } else { byte };
            let copies = if random.random_bool(drop) { 0 } else { 1 + usize::from(random.random_bool(duplicate)) };
            self.on_the_way.extend(std::iter::repeat_n((self.last, byte), copies));
        }
    }

    fn next(&self) -> u64 {
        self.on_the_way.front().map_or(u64::MAX, |&(arrival, _)| arrival)
    }
}

/// An endpoint at the far end of a faulty line, in simulated time.
pub struct Line {
    pub endpoint: Endpoint<Memnet, Notebook>,
    random: ChaCha8Rng,
    to_device: Way,
    to_host: Way,
    /// Microseconds since the line was made.
    pub now: u64,
    /// Microseconds from an intact request to its reply.
    pub thinks: u64,
    pub delivered: u64,
}

impl Line {
    pub fn new(seed: u64, to_device: Faults, to_host: Faults) -> Line {
        let way = |faults| Way { faults, on_the_way: VecDeque::new(), last: 0 };
        Line {
            endpoint: Endpoint::new(Notebook::default()).unwrap(),
            random: ChaCha8Rng::seed_from_u64(seed),
            to_device: way(to_device),
            to_host: way(to_host),
            now: 0,
            thinks: 0,
            delivered: 0,
        }
    }

    pub fn set_faults(&mut self, to_device: Faults, to_host: Faults) {
        (self.to_device.faults, self.to_host.faults) = (to_device, to_host);
    }

    /// The device takes the byte that arrives next.
    fn step_device(&mut self) {
        let Some((arrival, byte)) = self.to_device.on_the_way.pop_front() else { return };
        if let Some(reply) = self.endpoint.push(byte).unwrap() {
            let spoken = if reply == BAD_FRAME { arrival } else { arrival + self.thinks };
            self.to_host.send(&reply, spoken, &mut self.random);
        }
    }
}

impl Transport for Line {
    fn name(&self) -> String {
        "a faulty line".to_string()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to_device.send(bytes, self.now, &mut self.random);
        Ok(())
    }

    fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>> {
        let deadline = self.now + timeout.as_micros() as u64;
        while self.to_device.next() <= deadline.min(self.to_host.next()) {
            self.step_device();
        }
        if self.to_host.next() > deadline {
            self.now = deadline;
            return Ok(None);
        }
        let arrived = self.to_host.on_the_way.pop_front();
        self.now = self.now.max(arrived.map_or(0, |(arrival, _)| arrival));
        self.delivered += 1;
        Ok(arrived.map(|(_, byte)| byte))
    }
}
