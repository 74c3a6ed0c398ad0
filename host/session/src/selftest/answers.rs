//! Answers: the device's beside the integer model's, their cycles, and where they differ the first part of the device that does.

use std::collections::BTreeMap;

use engram_link::LinkError;
use engram_spec::Device;
use engram_spec::machine::Identity;

use super::advice;
use super::bench::{Bench, of_link};
use super::network::{Layer, Tested};
use super::report::Check;

/// How often a sequence with a wrong answer is asked again.
const AGAIN: usize = 3;

/// The replies to a sequence, and the cycles of each.
pub(super) struct Replies<M: Tested> {
    pub(super) replies: Vec<M::Reply>,
    pub(super) cycles: Vec<Option<u32>>,
}

/// Gives a device a sequence, from a `clear` on.
pub(super) fn play<M: Tested>(device: &mut impl Device<M>, sequence: &M::Sequence) -> Result<Replies<M>, LinkError> {
    device.clear().map_err(of_link)?;
    let mut given = Replies { replies: Vec::new(), cycles: Vec::new() };
    for call in M::calls(sequence) {
        let (reply, cycles) = M::split(device.call(call).map_err(of_link)?);
        given.replies.push(reply);
        given.cycles.push(cycles);
    }
    Ok(given)
}

/// A reply that is not the integer model's.
struct Wrong {
    /// The place of its sequence, and of it in the sequence.
    sequence: usize,
    request: usize,
    found: String,
    expected: String,
}

/// The sum of what the sequences of a program came to.
#[derive(Default)]
struct Compared {
    replies: usize,
    wrong: usize,
    first: Option<Wrong>,
    /// Replies with a time that is known, the sum of their cycles, and those of another time: the first with what was due.
    timed: usize,
    cycles: u64,
    mistimed: usize,
    first_mistimed: Option<(u32, u32)>,
}

impl Compared {
    /// Compares the replies to a sequence with the integer model's, and their cycles with those due.
    fn add<M: Tested>(&mut self, sequence: usize, found: Replies<M>, expected: Replies<M>, due: &[Option<u32>]) {
        for (request, (found, expected)) in found.replies.iter().zip(&expected.replies).enumerate() {
            self.replies += 1;
            if found != expected {
                self.wrong += 1;
                let [found, expected] = [found, expected].map(M::words);
                self.first.get_or_insert(Wrong { sequence, request, found, expected });
            }
        }
        for (found, due) in found.cycles.into_iter().zip(due) {
            let (Some(found), Some(due)) = (found, *due) else { continue };
            self.timed += 1;
            self.cycles += u64::from(found);
            if found != due {
                self.mistimed += 1;
                self.first_mistimed.get_or_insert((found, due));
            }
        }
    }

    /// Adds what the sequences of another program came to.
    fn also(&mut self, other: Compared) {
        self.replies += other.replies;
        self.wrong += other.wrong;
        self.timed += other.timed;
        self.cycles += other.cycles;
        self.mistimed += other.mistimed;
        self.first = self.first.take().or(other.first);
        self.first_mistimed = self.first_mistimed.or(other.first_mistimed);
    }
}

impl<M: Tested> Bench<'_, '_, M> {
    /// Puts sequences to both and compares them.
    fn compare(&mut self, program: &M::Program, sequences: &[M::Sequence]) -> Result<Compared, LinkError> {
        let (mut compared, build) = (Compared::default(), self.driver.identity().build);
        for (number, sequence) in sequences.iter().enumerate() {
            let found = play::<M>(&mut self.driver, sequence)?;
            let expected = play::<M>(&mut self.beside, sequence)?;
            let due = M::due(program, build, sequence, &expected.replies);
            compared.add(number, found, expected, &due);
        }
        Ok(compared)
    }

    /// Loads a program into the device and into the integer model beside it.
    fn load_both(&mut self, program: &M::Program) -> Result<(), LinkError> {
        self.driver.load_with(program, &mut |_, _| {})?;
        self.beside.load(program).map_err(of_link)
    }

    /// The checks of answers, cycles and of the counts that go with them.
    pub(super) fn answers(&mut self) -> Result<(), LinkError> {
        self.checks.begin("answers");
        let (program, sequences) = (self.program.clone(), M::sequences(&self.program));
        let mut compared = self.compare(&program, &sequences)?;
        let (mut played, mut part) = (sequences.len(), None);
        let Identity { geometry, build, .. } = self.driver.identity();
        if compared.first.is_none()
            && let Some(Layer { name, program, sequences }) = M::other(&geometry, build)
        {
            self.load_both(&program)?;
            let other = self.compare(&program, &sequences)?;
            part = other.first.is_some().then_some(name);
            played += sequences.len();
            compared.also(other);
            let own = self.program.clone();
            self.load_both(&own)?;
        }
        let expected = "the integer model's replies, bit for bit";
        let Compared { replies, wrong, timed, cycles, mistimed, .. } = compared;
        match compared.first {
            None => {
                let found = format!("{replies} replies to {played} sequences, all equal");
                self.checks.add(Check::passed("answers", found, expected));
            }
            Some(first) => {
                let Wrong { sequence, request, ref found, expected: ref right } = first;
                let (sequence_number, request_number) = (sequence + 1, request + 1);
                let found = format!(
                    "{wrong} of {replies} replies differ, first sequence {sequence_number}, request {request_number}: {found}, \
                     where the integer model has {right}"
                );
                let remedy = match part {
                    Some(part) => advice::computes(self.on, part),
                    None => self.explain(&sequences[sequence])?,
                };
                self.checks.add(Check::failed("answers", found, expected, remedy));
            }
        }
        if timed > 0 {
            self.cycles([timed, mistimed], cycles, compared.first_mistimed);
        }
        self.progress(&sequences)
    }

    /// Finds out what is wrong where a reply to this sequence is: whether it is steady, and the first part of the device that
    /// differs. Gives the advice.
    fn explain(&mut self, sequence: &M::Sequence) -> Result<String, LinkError> {
        let first = play::<M>(&mut self.driver, sequence)?;
        for _ in 0..AGAIN {
            if play::<M>(&mut self.driver, sequence)?.replies != first.replies {
                return Ok(advice::UNSTEADY.to_string());
            }
        }
        let part = self.first_part_that_differs()?;
        // What follows is tested with the program again.
        let own = self.program.clone();
        self.load_both(&own)?;
        Ok(advice::computes(self.on, part))
    }

    /// The first part of the device that computes otherwise, by programs in which more and more does anything.
    fn first_part_that_differs(&mut self) -> Result<&'static str, LinkError> {
        let Identity { geometry, build, .. } = self.driver.identity();
        for Layer { name, program, sequences } in M::layers(&geometry, build) {
            self.load_both(&program)?;
            if self.compare(&program, &sequences)?.wrong > 0 {
                return Ok(name);
            }
        }
        Ok("a part of its memories that the built-in network does not use")
    }

    fn cycles(&mut self, [timed, mistimed]: [usize; 2], cycles: u64, first: Option<(u32, u32)>) {
        let expected = "the cycles that the hardware takes by its description";
        let mean = cycles as f64 / timed as f64;
        self.checks.add(match first {
            _ if cycles == 0 => Check::passed("cycles", "none: this backend has no clock", expected),
            None => Check::passed("cycles", format!("{timed} replies took what they should, {mean:.1} cycles each"), expected),
            Some((found, due)) => Check::failed(
                "cycles",
                format!("{mistimed} of {timed} replies took others, the first {found} in place of {due}"),
                expected,
                "The hardware is of another version than this engram. Build the bitstream with this engram, and load it.",
            ),
        });
    }

    /// The check that the device counts its sequence as the integer model does.
    fn progress(&mut self, sequences: &[M::Sequence]) -> Result<(), LinkError> {
        self.checks.begin("counters");
        if let Some(sequence) = sequences.last() {
            play::<M>(&mut self.driver, sequence)?;
            play::<M>(&mut self.beside, sequence)?;
        }
        let (found, expected) = (self.status()?, self.beside.status().map_err(of_link)?);
        let words = |counts: Vec<(&str, u64)>| {
            counts.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<String>>().join(", ")
        };
        let [counts, due] = [found.progress, expected.progress].map(|progress| words(M::counts(progress)));
        self.checks.add(if found.loaded && counts == due {
            Check::passed("counters", counts, due)
        } else {
            let loaded = if found.loaded { "" } else { " and no program" };
            let remedy = advice::computes(self.on, "its counters (`command_decoder`)");
            Check::failed("counters", format!("{counts}{loaded}"), due, remedy)
        });
        Ok(())
    }

    /// Every counter of the device, by name.
    pub(super) fn counters(&mut self) -> Result<BTreeMap<&'static str, u64>, LinkError> {
        let status = self.status()?;
        let own = [
            ("bad_frames", status.bad_frames.into()),
            ("repeats", status.repeats.into()),
            ("framing_errors", status.framing_errors.into()),
        ];
        Ok(M::counts(status.progress).into_iter().chain(own).collect())
    }
}
