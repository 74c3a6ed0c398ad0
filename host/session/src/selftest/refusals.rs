//! Requests that must be refused, damaged frames and repeats: the device says so, nothing in it changes, and it goes on.

use engram_link::frames::{self, Item};
use engram_link::{LinkError, codec};
use engram_spec::Device as _;
use engram_spec::frame::{CONTENT_MAX, Command, Refusal};

use super::advice;
use super::bench::{Bench, of_link};
use super::network::Tested;
use super::report::Check;

/// The number of a request that the device expects behind an identify past the driver.
const NEXT: u8 = 78;
/// A command that no device has.
const NO_COMMAND: u8 = 200;

/// A frame that no device takes, with a name.
fn damaged() -> [(&'static str, Vec<u8>); 4] {
    let mut changed = codec::encode(&[1, Command::Status as u8, 7, 7]);
    changed[3] ^= 0x10;
    let long = codec::encode(&[1; CONTENT_MAX]);
    [
        ("a wrong CRC", changed),
        ("a torn frame", vec![0x05, 0x07, 0x00]),
        ("a frame that is too short", vec![0x01, 0x00]),
        ("a frame that is too long", long),
    ]
}

impl<M: Tested> Bench<'_, '_, M> {
    /// Requests that are sound and must be refused.
    pub(super) fn refusals(&mut self) -> Result<(), LinkError> {
        self.checks.begin("refusals");
        self.driver.clear().map_err(of_link)?;
        let before = self.status()?;
        let mut wrong = Vec::new();
        let program = self.program.clone();
        let calls = M::refused(&program);
        let all = calls.len();
        for (name, call, refusal) in calls {
            match self.driver.try_call(&call) {
                Err(LinkError::Refused(found)) if found == refusal => {}
                Err(LinkError::Refused(found)) => wrong.push(format!("{name}: {found:?} in place of {refusal:?}")),
                Err(error) => return Err(error),
                Ok(_) => wrong.push(format!("{name}: carried out, in place of {refusal:?}")),
            }
        }
        let raw = [
            ("an unknown command", frames::content(NEXT, &[(NO_COMMAND, vec![])]), Refusal::UnknownCommand),
            ("a payload too many", frames::content(NEXT, &[(Command::Clear as u8, vec![1])]), Refusal::BadLength),
            (
                "a number out of order",
                frames::content(NEXT + 1, &[(Command::Clear as u8, vec![])]),
                Refusal::OutOfOrder,
            ),
        ];
        let all = all + raw.len();
        for (name, content, refusal) in raw {
            self.identify_past_the_driver()?;
            let found = self.exchange(&codec::encode(&content), 1)?;
            if found != [Some(vec![content[0], 0, refusal as u8])] {
                wrong.push(format!("{name}: {found:02x?} in place of {refusal:?}"));
            }
        }
        self.driver.identify().map_err(of_link)?;
        if self.status()?.progress != before.progress {
            wrong.push("a refused request changed the counters".to_string());
        }
        self.judge("refusals", all, wrong, "requests refused, and nothing changed");
        Ok(())
    }

    /// Frames that arrive damaged.
    pub(super) fn damaged_frames(&mut self) -> Result<(), LinkError> {
        self.checks.begin("bad frames");
        let (before, frames, mut wrong) = (self.status()?, damaged(), Vec::new());
        for (name, frame) in &frames {
            self.damaged += 1;
            let found = self.exchange(frame, 1)?;
            if found != [Some(vec![0, 0, Refusal::BadFrame as u8])] {
                wrong.push(format!("{name}: {found:02x?} in place of BadFrame"));
            }
        }
        let found = self.exchange(&[0, 0], 0)?;
        if !found.is_empty() {
            wrong.push(format!("empty frames: {found:02x?} in place of silence"));
        }
        let after = self.status()?;
        let counted = after.bad_frames.wrapping_sub(before.bad_frames);
        if usize::from(counted) != frames.len() {
            wrong.push(format!("the device counted {counted} damaged frames, of {}", frames.len()));
        }
        if after.progress != before.progress || !after.loaded {
            wrong.push("a damaged frame changed the device".to_string());
        }
        self.judge("bad frames", frames.len(), wrong, "damaged frames found out and counted, and the device goes on");
        Ok(())
    }

    /// A request that is sent twice with one number.
    pub(super) fn repeats(&mut self) -> Result<(), LinkError> {
        self.checks.begin("repeats");
        self.driver.clear().map_err(of_link)?;
        let before = self.status()?;
        self.identify_past_the_driver()?;
        let (command, payload) = M::counted();
        let frame = codec::encode(&frames::request(NEXT, &[Item::new(command, &payload)]));
        let (first, second) = (self.exchange(&frame, 1)?, self.exchange(&frame, 1)?);
        self.repeated += 1;
        self.driver.identify().map_err(of_link)?;
        let after = self.status()?;
        let mut wrong = Vec::new();
        if first != second || first.len() != 1 {
            wrong.push(format!("the replies {first:02x?} and {second:02x?}"));
        }
        let counts = |progress| M::counts(progress).first().map_or(0, |(_, count)| *count);
        let (due, found) = (counts(before.progress) + 1, counts(after.progress));
        if found != due {
            wrong.push(format!("a repeat was carried out again: {found} in place of {due}"));
        }
        if after.repeats.wrapping_sub(before.repeats) != 1 {
            wrong.push("the repeat was not counted".to_string());
        }
        self.judge("repeats", 1, wrong, "repeat answered again, carried out once");
        Ok(())
    }

    /// Has the device expect [`NEXT`]. The driver identifies the device before it goes on.
    fn identify_past_the_driver(&mut self) -> Result<(), LinkError> {
        let identify = frames::request(NEXT - 1, &[Item::new(Command::Identify, &[])]);
        self.exchange(&codec::encode(&identify), 1).map(drop)
    }

    fn judge(&mut self, name: &'static str, all: usize, wrong: Vec<String>, expected: &str) {
        let expected = format!("{all} {expected}");
        self.checks.add(if wrong.is_empty() {
            Check::passed(name, expected.clone(), expected)
        } else {
            Check::failed(name, wrong.join("; "), expected, advice::computes(self.on, "the link (`frame_handler`)"))
        });
    }
}
