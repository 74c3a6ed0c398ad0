//! The line where no device is understood: what comes unasked, what comes back, and whether another rate helps.

use std::path::Path;
use std::time::{Duration, Instant};

use engram_link::{Decoder, LinkError, Options, Serial, Transport, codec};
use engram_spec::frame::Command;

use super::SelfTest;
use super::connection::recognise;
use super::report::Check;

/// How long a line is listened to before anything is asked.
const UNASKED: Duration = Duration::from_millis(150);
/// How long a device of another rate is waited for.
const OTHER_RATE: Duration = Duration::from_millis(150);
/// The most bytes that are looked at.
const BYTES: usize = 4096;
/// The most bytes that are shown.
const SHOWN: usize = 24;
/// Rates that adapters and boards have, bits a second.
const RATES: [u32; 9] = [115_200, 230_400, 460_800, 500_000, 921_600, 1_000_000, 1_500_000, 2_000_000, 3_000_000];

/// Bytes from a line.
pub(super) struct Heard(Vec<u8>);

/// The kind of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Nothing.
    Silence,
    /// The bytes that were sent.
    Echo,
    /// Frames of engram, all sound.
    Frames,
    /// Text that people read.
    Text,
    /// Anything else.
    Garbage,
}

impl Heard {
    /// Listens until the line is quiet for so long, or has said enough.
    fn listen(stream: &mut dyn Transport, quiet: Duration) -> Heard {
        let (mut bytes, start) = (Vec::new(), Instant::now());
        while bytes.len() < BYTES && start.elapsed() < 10 * quiet {
            match stream.receive(quiet) {
                Ok(Some(byte)) => bytes.push(byte),
                Ok(None) | Err(_) => break,
            }
        }
        Heard(bytes)
    }

    /// The kind of the bytes, where `sent` was sent before.
    pub(super) fn sort(&self, sent: &[u8]) -> Sort {
        let Heard(bytes) = self;
        if bytes.is_empty() {
            return Sort::Silence;
        }
        if !sent.is_empty() && bytes.starts_with(sent) {
            return Sort::Echo;
        }
        let mut decoder = Decoder::new();
        let frames: Vec<_> = bytes.iter().filter_map(|&byte| decoder.push(byte)).collect();
        if bytes.ends_with(&[0]) && !frames.is_empty() && frames.iter().all(Result::is_ok) {
            return Sort::Frames;
        }
        let readable = |&&byte: &&u8| (b' '..=b'~').contains(&byte) || b"\t\r\n".contains(&byte);
        let readable = bytes.iter().filter(readable).count();
        if bytes.len() >= 4 && readable * 10 >= bytes.len() * 9 { Sort::Text } else { Sort::Garbage }
    }

    /// The bytes as people read them.
    pub(super) fn shown(&self) -> String {
        let Heard(bytes) = self;
        let (first, rest) = bytes.split_at(bytes.len().min(SHOWN));
        let more = if rest.is_empty() { "" } else { " .." };
        match self.sort(&[]) {
            Sort::Text => format!("'{}'{more}", String::from_utf8_lossy(first).escape_debug()),
            _ => {
                let hexadecimal: Vec<String> = first.iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{}{more}", hexadecimal.join(" "))
            }
        }
    }
}

/// The bytes on a line before anything is asked.
pub(super) struct Unasked(Heard);

impl Unasked {
    /// Listens before anything is asked.
    pub(super) fn hear(stream: &mut dyn Transport) -> Unasked {
        Unasked(Heard::listen(stream, UNASKED))
    }

    /// The check that nothing came. Replies to a host that left without waiting for them are no fault.
    pub(super) fn check(&self) -> Check {
        let (Unasked(heard), expected) = (self, "no byte before a question");
        let found = || format!("{} bytes that nobody asked for: {}", heard.0.len(), heard.shown());
        match heard.sort(&[]) {
            Sort::Silence | Sort::Echo => Check::passed("quiet", "no byte before a question", expected),
            Sort::Frames => Check::passed("quiet", "late replies to the program before, and then silence", expected),
            Sort::Text => Check::failed(
                "quiet",
                found(),
                expected,
                "The text is of another program: of a second processor on the board that shares the line (hold it in reset), or of \
                 another bitstream. Load engram's bitstream with `engram program`, and check that this is the right port.",
            ),
            Sort::Garbage => Check::failed(
                "quiet",
                found(),
                expected,
                "Check that the bitstream on the board is engram's, that the wire from the board to uart_rx and uart_tx is not loose, \
                 and that grounds are connected.",
            ),
        }
    }
}

/// The check of a device that did not answer as one: says whether it is silence, an echo, text or garbage, and tries other rates.
pub(super) fn silence_or_nonsense(mut serial: Serial, path: &Path, test: &SelfTest, error: &LinkError) -> Check {
    let sent = codec::encode(&[1, Command::Identify as u8]);
    // What is on its way from the requests before is not the answer to this one.
    Heard::listen(&mut serial, Duration::from_millis(50));
    let heard = match serial.send(&sent) {
        Ok(()) => Heard::listen(&mut serial, OTHER_RATE),
        Err(_) => Heard(Vec::new()),
    };
    drop(serial);
    let (sort, baud, port) = (heard.sort(&sent), test.baud, path.display());
    let failed =
        |found: String, remedy: String| Check::failed("identity", found, "a device that identifies itself", remedy);
    if sort == Sort::Echo {
        let found = format!("{port} sends back what it is sent");
        let remedy = "The line is an echo: transmit and receive are joined, or another program answers. Connect the adapter's TX with \
                      the pin uart_rx and its RX with uart_tx, and check that the bitstream on the board is engram's.";
        return failed(found, remedy.to_string());
    }
    if let Some(rate) = rate_that_answers(path, baud) {
        let found = format!("no sound answer at {baud} baud, but one at {rate} baud");
        let remedy = format!(
            "Give --baud {rate}. If the bitstream was built for {baud} baud, the board's clock is not the one in its board.toml."
        );
        return failed(found, remedy);
    }
    match sort {
        Sort::Silence | Sort::Echo => failed(
            format!("{port} is silent at {baud} baud and at other usual rates"),
            format!(
                "1. Load the bitstream: `engram program --board BOARD BITSTREAM`. An ECP5 forgets it at power-off, unless --flash wrote \
                 it. 2. Check that this is the board's serial port{}; the iCEBreaker has two, and the second one is it. 3. If the \
                 bitstream has another rate, give --baud. 4. With an adapter of your own: its TX goes to the pin uart_rx, its RX to \
                 uart_tx, and both need a common ground.",
                others(path)
            ),
        ),
        Sort::Text => failed(
            format!("{port} answers with text, {}", heard.shown()),
            "The text is of another program. Load engram's bitstream with `engram program`, and check that this is the right port."
                .to_string(),
        ),
        Sort::Frames => failed(
            format!("{port} answers an identify now and then only ({error})"),
            "The line loses or changes bytes: use a shorter cable and a USB port of the computer itself, and run the self-test again."
                .to_string(),
        ),
        Sort::Garbage => failed(
            format!("{port} answers with garbage at {baud} baud, {}, and no better at other usual rates", heard.shown()),
            "The rates of the two sides differ, or the line is disturbed. 1. Check that the board's oscillator has the frequency in its \
             board.toml: the rate comes from it. 2. Give --baud the rate of the bitstream. 3. Use a shorter cable. 4. Check that the \
             bitstream on the board is engram's."
                .to_string(),
        ),
    }
}

/// The first other rate at which a device identifies itself.
fn rate_that_answers(path: &Path, baud: u32) -> Option<u32> {
    let options = Options { timeout: OTHER_RATE, repeats: 0, ..Options::default() };
    let answers = |rate: &u32| {
        let mut serial = Serial::open(&path.to_string_lossy(), *rate).ok()?;
        // The device may be in the middle of a frame that the wrong rate began: a zero ends it.
        serial.send(&[0]).ok()?;
        Heard::listen(&mut serial, Duration::from_millis(10));
        // Any device that is understood will do, of whatever version.
        match recognise(&mut serial, options) {
            Ok(_) | Err(LinkError::Version { .. } | LinkError::UnknownGeometry { .. }) => Some(*rate),
            Err(_) => None,
        }
    };
    RATES.iter().filter(|rate| **rate != baud).find_map(answers)
}

/// The other ports of this machine, in words.
fn others(path: &Path) -> String {
    let others: Vec<String> = engram_link::ports().into_iter().filter(|port| Path::new(port) != path).collect();
    if others.is_empty() { String::new() } else { format!(" (there are also {})", others.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_is_sorted() {
        let sort = |bytes: &[u8], sent: &[u8]| Heard(bytes.to_vec()).sort(sent);
        let frame = codec::encode(&[1, 1]);
        assert_eq!(sort(&[], &frame), Sort::Silence);
        assert_eq!(sort(&frame, &frame), Sort::Echo);
        assert_eq!(sort(&frame, &[]), Sort::Frames);
        assert_eq!(sort(b"ets Jun  8 2016 00:22:57\r\n", &frame), Sort::Text);
        assert_eq!(sort(&[0x55, 0xff, 0x00, 0x81, 0xfe], &frame), Sort::Garbage);
        assert_eq!(Heard(b"boot:\n".to_vec()).shown(), "'boot:\\n'");
        assert_eq!(Heard(vec![0xff; 30]).shown(), format!("{} ..", vec!["ff"; 24].join(" ")));
    }
}
