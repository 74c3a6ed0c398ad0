//! One request and its reply over a line that may lose and change bytes: numbers, time-outs and repeats.

use std::io;
use std::time::{Duration, Instant};

use engram_spec::frame::{Command, Refusal, VERSION};

use crate::codec::{self, DecodeError, Decoder};
use crate::error::LinkError;
use crate::transport::Transport;

/// Bytes that one try listens to at most, so that a line that babbles does not hold the host for ever.
const BYTES_PER_TRY: usize = 1024;

/// How long a driver waits, and how often it tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long the next byte of a reply is waited for: longer than the longest frame and the longest question take.
    pub timeout: Duration,
    /// How long the line is to be quiet, after something came damaged, before the request is repeated.
    pub quiet: Duration,
    /// How often a request is repeated.
    pub repeats: u32,
}

impl Default for Options {
    /// 500 ms, 50 ms, three repeats. At 1 Mbaud the longest frame takes 1 ms; USB adapters hold bytes back for up to 16 ms.
    fn default() -> Options {
        Options { timeout: Duration::from_millis(500), quiet: Duration::from_millis(50), repeats: 3 }
    }
}

/// The traffic over the link since the driver was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames sent, repeats included.
    pub frames: u64,
    /// Frames that were repeats.
    pub repeats: u64,
    /// Replies that say that a request arrived damaged.
    pub bad_requests: u64,
    /// Replies that arrived damaged themselves, or are no reply to the request.
    pub damaged_replies: u64,
    /// Sound replies to earlier requests; they were skipped.
    pub late_replies: u64,
    /// Tries that nothing answered.
    pub timeouts: u64,
    /// Bytes sent.
    pub bytes_sent: u64,
    /// Bytes received.
    pub bytes_received: u64,
}

/// A line on which requests are sent and replies awaited.
#[derive(Debug)]
pub(crate) struct Exchange<T> {
    transport: T,
    options: Options,
    decoder: Decoder,
    number: u8,
    counters: Counters,
    last: Duration,
}

/// A reply's outcome: its payload, or why the device refused.
type Reply = Result<Vec<u8>, Refusal>;

/// The meaning of a frame from the device for a host that waits for a reply.
enum Received {
    Reply(Reply),
    Late,
    BadRequest,
    Damaged(String),
}

/// Why a try ended without a reply: in silence, or with the trouble in words.
enum Failure {
    Silence,
    Trouble(String),
}

impl<T: Transport> Exchange<T> {
    /// A line whose next request has number 1. What has already arrived belongs to nobody and is dropped.
    pub(crate) fn new(transport: T, options: Options) -> Result<Exchange<T>, LinkError> {
        let (decoder, counters) = (Decoder::new(), Counters::default());
        let mut line = Exchange { transport, options, decoder, number: 0, counters, last: Duration::ZERO };
        for _ in 0..BYTES_PER_TRY {
            if line.receive(Duration::ZERO)?.is_none() {
                break;
            }
        }
        Ok(line)
    }

    /// Sends a request, repeats it where needed, and gives the reply's payload, which has the command's length.
    pub(crate) fn request(&mut self, command: Command, payload: &[u8]) -> Result<Vec<u8>, LinkError> {
        let started = Instant::now();
        self.number = self.number % u8::MAX + 1;
        let mut content = vec![self.number, command as u8];
        content.extend(payload);
        let result = self.try_often(command, &codec::encode(&content));
        self.last = started.elapsed();
        Ok(result??)
    }

    fn try_often(&mut self, command: Command, frame: &[u8]) -> Result<Reply, LinkError> {
        let repeats = self.options.repeats;
        let mut trouble = None;
        for repeat in 0..=repeats {
            if repeat > 0 {
                // The zero ends whatever the device still takes for a frame, should it have lost the last one's end.
                self.send(&[0])?;
                self.counters.repeats += 1;
            }
            self.send(frame)?;
            self.counters.frames += 1;
            match self.listen(command, repeat == repeats)? {
                Ok(reply) => return Ok(reply),
                Err(Failure::Silence) => {}
                Err(Failure::Trouble(words)) => trouble = Some(words),
            }
        }
        let (port, tries) = (self.transport.name(), repeats + 1);
        Err(match trouble {
            Some(trouble) => LinkError::Nonsense { port, command, tries, trouble },
            None => LinkError::Silent { port, command, tries, timeout: self.options.timeout },
        })
    }

    /// Listens for the reply. After trouble the try goes on until the line is quiet, because the reply may still be on its
    /// way and a device need not listen while it speaks; the last try is given all the time there is.
    fn listen(&mut self, command: Command, last: bool) -> Result<Result<Reply, Failure>, LinkError> {
        let mut failure = Failure::Silence;
        for _ in 0..BYTES_PER_TRY {
            let patient = last || matches!(failure, Failure::Silence);
            let Some(byte) = self.receive(if patient { self.options.timeout } else { self.options.quiet })? else {
                // Half a reply that nothing followed is not the next one's beginning.
                self.decoder = Decoder::new();
                self.counters.timeouts += u64::from(matches!(failure, Failure::Silence));
                return Ok(Err(failure));
            };
            self.counters.bytes_received += 1;
            let Some(frame) = self.decoder.push(byte) else { continue };
            match received(frame, self.number, command) {
                Received::Reply(reply) => return Ok(Ok(reply)),
                Received::Late => self.counters.late_replies += 1,
                Received::BadRequest => {
                    self.counters.bad_requests += 1;
                    failure = Failure::Trouble("the device received the request damaged".to_string());
                }
                Received::Damaged(words) => {
                    self.counters.damaged_replies += 1;
                    failure = Failure::Trouble(words);
                }
            }
        }
        Ok(Err(Failure::Trouble(format!("{BYTES_PER_TRY} bytes without a reply among them"))))
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        self.counters.bytes_sent += bytes.len() as u64;
        self.transport.send(bytes).map_err(|source| self.lost(source))
    }

    fn receive(&mut self, timeout: Duration) -> Result<Option<u8>, LinkError> {
        self.transport.receive(timeout).map_err(|source| self.lost(source))
    }

    fn lost(&self, source: io::Error) -> LinkError {
        LinkError::Lost { port: self.transport.name(), source }
    }

    pub(crate) fn counters(&self) -> Counters {
        self.counters
    }

    pub(crate) fn last(&self) -> Duration {
        self.last
    }

    pub(crate) fn transport_mut(&mut self) -> &mut T {
        &mut self.transport
    }

    pub(crate) fn into_transport(self) -> T {
        self.transport
    }
}

fn received(frame: Result<Vec<u8>, DecodeError>, number: u8, command: Command) -> Received {
    let content = match frame {
        Ok(content) => content,
        Err(error) => return Received::Damaged(error.to_string()),
    };
    let (refusal, payload) = (Refusal::from_id(content[1]), &content[2..]);
    match content[0] {
        0 if refusal == Some(Refusal::BadFrame) => Received::BadRequest,
        0 => Received::Damaged(format!("a reply that makes no sense, {content:02x?}")),
        other if other != number => Received::Late,
        _ => match refusal {
            None if content[1] == 0 && expected(command, payload) => Received::Reply(Ok(payload.to_vec())),
            Some(refusal) if refusal != Refusal::BadFrame && payload.is_empty() => Received::Reply(Err(refusal)),
            _ => Received::Damaged(format!("a reply that makes no sense, {content:02x?}")),
        },
    }
}

/// Whether a payload has the length of the command's reply. An identity of another version may have any that no other reply
/// has: a reply to the host before, which left without waiting for it, is no identity.
fn expected(command: Command, payload: &[u8]) -> bool {
    let has_length_of = |command: &Command| payload.len() == command.reply_bytes();
    let foreign = command == Command::Identify && payload.first().is_some_and(|&version| version != VERSION);
    has_length_of(&command) || foreign && !Command::ALL.iter().any(has_length_of)
}
