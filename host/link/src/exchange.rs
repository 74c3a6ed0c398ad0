//! Requests and their replies over a line that may lose and change bytes: numbers, a window, time-outs and repeats.

use std::io;
use std::time::{Duration, Instant};

use engram_spec::frame::{Command, RECEIVE_BYTES, Refusal, VERSION, WINDOW};

use crate::codec::{self, CRC_BYTES, DecodeError, Decoder};
use crate::error::LinkError;
use crate::frames::{self, Item};
use crate::transport::Transport;

/// Bytes that one try listens to at most, so that a line that babbles does not hold the host for ever.
const BYTES_PER_TRY: usize = 2048;

/// How long a driver waits, and how often it tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long the next byte of a reply is waited for: longer than the longest frame and the longest question take.
    pub timeout: Duration,
    /// How long the line is to be quiet, after something came damaged, before requests are repeated.
    pub quiet: Duration,
    /// How often a request is repeated.
    pub repeats: u32,
    /// Requests under way at a time, at most [`WINDOW`].
    pub window: usize,
}

impl Default for Options {
    /// 500 ms, 50 ms, three repeats, the whole window. At 1 Mbaud the longest frame takes 3 ms; USB adapters hold bytes back for up to
    /// 16 ms.
    fn default() -> Options {
        Options { timeout: Duration::from_millis(500), quiet: Duration::from_millis(50), repeats: 3, window: WINDOW }
    }
}

/// The traffic over the link since the driver was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Frames sent, repeats included.
    pub frames: u64,
    /// Frames that were repeats.
    pub repeats: u64,
    /// Replies that say that a request arrived damaged, or behind one that did.
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
    /// The number of the last request.
    number: u8,
    /// Whether nobody knows which number the device expects: a request was given up.
    unsure: bool,
    counters: Counters,
    last: Duration,
}

/// A request that is sent, may be sent again, and is waited for.
struct Pending<'a> {
    number: u8,
    items: &'a [Item],
    frame: Vec<u8>,
    /// Bytes that the device holds of it until it is carried out.
    held: usize,
}

/// A reply's outcome: the payloads, or how many items were carried out and why the next one was refused.
type Outcome = Result<Vec<u8>, (usize, Refusal)>;

/// The meaning of a frame from the device for a host that waits for a reply.
enum Received {
    Reply(Outcome),
    Late,
    BadRequest(&'static str),
    Damaged(String),
}

/// Why a try ended without a reply: in silence, or with the trouble in words.
enum Failure {
    Silence,
    Trouble(String),
}

/// Why an item, with its place, has no reply.
pub(crate) type ItemError = (usize, LinkError);

impl<T: Transport> Exchange<T> {
    /// A line whose next request has number 1. What has already arrived belongs to nobody and is dropped.
    pub(crate) fn new(transport: T, options: Options) -> Result<Exchange<T>, LinkError> {
        let (decoder, counters) = (Decoder::new(), Counters::default());
        let (number, unsure, last) = (0, false, Duration::ZERO);
        let mut line = Exchange { transport, options, decoder, number, unsure, counters, last };
        for _ in 0..BYTES_PER_TRY {
            if line.receive(Duration::ZERO)?.is_none() {
                break;
            }
        }
        Ok(line)
    }

    /// Sends a command alone, repeats it where needed, and gives the reply's payload, which has the command's length.
    pub(crate) fn request(&mut self, command: Command, payload: &[u8]) -> Result<Vec<u8>, LinkError> {
        let mut payloads = self.run(&[Item::new(command, payload)], &mut |_| {}).map_err(|(_, error)| error)?;
        Ok(payloads.pop().unwrap_or_default())
    }

    /// Sends items in as few frames as hold them, several frames under way at a time, and gives the payload of each. `progress` gets the
    /// number of items done. An error has the item's place; of the items behind it some may have been carried out.
    pub(crate) fn run(&mut self, items: &[Item], progress: &mut dyn FnMut(usize)) -> Result<Vec<Vec<u8>>, ItemError> {
        let started = Instant::now();
        let result = self.synchronise(items).and_then(|()| self.send_all(items, progress));
        self.last = started.elapsed();
        result
    }

    /// After a request that was given up: has the device take up the numbers again. An identify does so by itself.
    fn synchronise(&mut self, items: &[Item]) -> Result<(), ItemError> {
        if self.unsure && items.first().is_some_and(|item| item.command != Command::Identify) {
            self.send_all(&[Item::new(Command::Identify, &[])], &mut |_| {})?;
        }
        Ok(())
    }

    fn send_all(&mut self, items: &[Item], progress: &mut dyn FnMut(usize)) -> Result<Vec<Vec<u8>>, ItemError> {
        let requests = requests(self.number, items);
        // Until all went well.
        self.unsure = true;
        let mut payloads = Vec::with_capacity(items.len());
        let (mut done, mut sent, mut items_done, mut tries) = (0, 0, 0, 0);
        // Requests before this one are sent one by one, because one of them went wrong.
        let mut slow_until = 0;
        let mut trouble = None;
        while done < requests.len() {
            while sent < requests.len() && self.has_room(&requests[done..sent], &requests[sent], sent < slow_until) {
                if sent == done && tries > 0 {
                    // The zero ends whatever the device still takes for a frame, should it have lost the last one's end.
                    self.send(&[0]).map_err(|error| (items_done, error))?;
                }
                if sent < slow_until {
                    self.counters.repeats += 1;
                }
                self.send(&requests[sent].frame).map_err(|error| (items_done, error))?;
                self.counters.frames += 1;
                if sent >= slow_until {
                    self.number = requests[sent].number;
                }
                sent += 1;
            }
            let last_try = tries == self.options.repeats;
            let request = &requests[done];
            match self.listen(&requests[done..sent], last_try).map_err(|error| (items_done, error))? {
                Ok(Ok(payload)) => {
                    payloads.extend(parts(request.items, &payload));
                    items_done += request.items.len();
                    progress(items_done);
                    done += 1;
                    (tries, trouble) = (0, None);
                }
                Ok(Err((before, refusal))) => {
                    // What is under way behind it may go wrong, and nobody listens.
                    self.unsure = self.number != request.number;
                    return Err((items_done + before, refusal.into()));
                }
                Err(failure) => {
                    if let Failure::Trouble(words) = failure {
                        trouble = Some(words);
                    }
                    let command = request.items.first().map_or(Command::Identify, |item| item.command);
                    if last_try {
                        let (port, tries) = (self.transport.name(), tries + 1);
                        let error = match trouble {
                            Some(trouble) => LinkError::Nonsense { port, command, tries, trouble },
                            None => LinkError::Silent { port, command, tries, timeout: self.options.timeout },
                        };
                        return Err((items_done, error));
                    }
                    tries += 1;
                    slow_until = slow_until.max(sent);
                    sent = done;
                }
            }
        }
        self.unsure = false;
        Ok(payloads)
    }

    /// Whether one request more may be under way.
    fn has_room(&self, under_way: &[Pending<'_>], next: &Pending<'_>, slowly: bool) -> bool {
        let window = if slowly { 1 } else { self.options.window.clamp(1, WINDOW) };
        let held: usize = under_way.iter().map(|request| request.held).sum();
        under_way.is_empty() || under_way.len() < window && held + next.held < RECEIVE_BYTES
    }

    /// Listens for the reply to the first request. After trouble the try goes on until the line is quiet, because the reply may still be
    /// on its way, and those to the requests behind come first; the last try is given all the time there is.
    fn listen(&mut self, under_way: &[Pending<'_>], last: bool) -> Result<Result<Outcome, Failure>, LinkError> {
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
            match received(frame, under_way) {
                Received::Reply(outcome) => return Ok(Ok(outcome)),
                Received::Late => self.counters.late_replies += 1,
                Received::BadRequest(words) => {
                    self.counters.bad_requests += 1;
                    failure = Failure::Trouble(words.to_string());
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

/// The requests of some items, with the numbers that follow the last one.
fn requests(last_number: u8, items: &[Item]) -> Vec<Pending<'_>> {
    let (mut requests, mut number, mut rest) = (Vec::new(), last_number, items);
    while !rest.is_empty() {
        let (items, behind) = rest.split_at(frames::fitting(rest));
        number = number.wrapping_add(1);
        let content = frames::request(number, items);
        let held = content.len() + CRC_BYTES + 1;
        requests.push(Pending { number, items, frame: codec::encode(&content), held });
        rest = behind;
    }
    requests
}

/// The payload of each item in a reply to all of them.
fn parts(items: &[Item], payload: &[u8]) -> Vec<Vec<u8>> {
    // An identity of another version may have any length; it is alone.
    if let [_] = items {
        return vec![payload.to_vec()];
    }
    let mut rest = payload;
    let part = |item: &Item| {
        let (part, behind) = rest.split_at(item.reply_bytes());
        rest = behind;
        part.to_vec()
    };
    items.iter().map(part).collect()
}

/// The meaning of a frame from the device for a host that has these requests under way, and waits for the reply to the first.
fn received(frame: Result<Vec<u8>, DecodeError>, under_way: &[Pending<'_>]) -> Received {
    let content = match frame {
        Ok(content) => content,
        Err(error) => return Received::Damaged(error.to_string()),
    };
    let nonsense = || Received::Damaged(format!("a reply that makes no sense, {content:02x?}"));
    let Some(first) = under_way.first() else { return Received::Late };
    let identifies = matches!(first.items, [Item { command: Command::Identify, .. }]);
    if identifies && frames::earlier_version(&content).is_some() && content[0] == first.number {
        return Received::Reply(Ok(content[2..].to_vec()));
    }
    let Some(frames::Reply { number, payload, refused }) = frames::Reply::of(&content) else { return nonsense() };
    let refused = match refused.map(|(done, refusal)| (done, Refusal::from_id(refusal))) {
        None => None,
        Some((done, Some(refusal))) => Some((done, refusal)),
        Some((_, None)) => return nonsense(),
    };
    match refused {
        Some((0, Refusal::BadFrame)) if number == 0 && payload.is_empty() => {
            return Received::BadRequest("the device received a request damaged");
        }
        Some((_, Refusal::BadFrame)) => return nonsense(),
        _ => {}
    }
    let Some(place) = under_way.iter().position(|request| request.number == number) else { return Received::Late };
    if refused.is_some_and(|(_, refusal)| refusal == Refusal::OutOfOrder) {
        return Received::BadRequest(
            "the device expected an earlier request first: that was lost, or the device was restarted",
        );
    }
    if place > 0 {
        return Received::Damaged("the reply to an earlier request was lost".to_string());
    }
    let carried_out = refused.map_or(first.items.len(), |(done, _)| done);
    let Some(carried_out) = first.items.get(..carried_out) else { return nonsense() };
    let expected: usize = carried_out.iter().map(Item::reply_bytes).sum();
    if payload.len() != expected && !(identifies && refused.is_none() && is_foreign(payload)) {
        return nonsense();
    }
    match refused {
        None => Received::Reply(Ok(payload.to_vec())),
        Some((done, refusal)) if done < first.items.len() => Received::Reply(Err((done, refusal))),
        Some(_) => nonsense(),
    }
}

/// Whether a payload may be an identity of another version: it has a length that no other reply has, because a reply to the host before,
/// which left without waiting for it, is no identity.
fn is_foreign(payload: &[u8]) -> bool {
    let foreign = payload.first().is_some_and(|&version| version != VERSION);
    foreign && !Command::ALL.iter().any(|command| payload.len() == command.reply_bytes())
}
