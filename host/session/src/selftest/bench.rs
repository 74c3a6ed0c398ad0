//! A device on the bench: a program loaded, the integer model beside it, and one check after the other.

use std::time::{Duration, Instant};

use engram_link::{Driver, LinkError, Options, Transport};
use engram_spec::machine::{Identity, Load, Size, Status};
use engram_spec::{Device as _, DeviceError};

use super::SelfTest;
use super::advice;
use super::connection::{Connection, Port};
use super::network::Tested;
use super::report::{Check, Checks, Device, Report};
use crate::backend::Backend;

/// A device of a network, and what it is tested with.
pub(super) struct Bench<'a, 'b, M: Tested> {
    pub(super) driver: Driver<M, Box<dyn Transport>>,
    /// The integer model.
    pub(super) beside: M::Integer,
    pub(super) program: M::Program,
    pub(super) on: &'a Backend,
    pub(super) port: Option<Port>,
    pub(super) checks: &'a mut Checks<'b>,
    pub(super) options: Options,
    /// Frames that were sent damaged, and repeats, on purpose.
    pub(super) damaged: u16,
    pub(super) repeated: u16,
    /// Bytes a second while the program was loaded.
    loading: f64,
}

/// The error of the link in a device's error.
pub(super) fn of_link(error: DeviceError) -> LinkError {
    match error {
        DeviceError::Refused(refusal) => LinkError::Refused(refusal),
        DeviceError::Unreachable(error) => match error.downcast::<LinkError>() {
            Ok(error) => *error,
            Err(other) => LinkError::Program(other),
        },
    }
}

impl<'a, 'b, M: Tested> Bench<'a, 'b, M> {
    /// Tests the device behind a connection.
    pub(super) fn run(test: &'a SelfTest, connection: Connection, checks: &'a mut Checks<'b>, report: &mut Report) {
        let Connection { stream, options, port, .. } = connection;
        checks.begin("identity");
        let driver = match Driver::<M, _>::connect(stream, options) {
            Ok(driver) => driver,
            Err(error) => {
                let advice = advice::of(&error, &test.on);
                return checks.end(Check::failed("identity", advice.found, "a device of this version", advice.remedy));
            }
        };
        let identity = driver.identity();
        report.device = Some(device::<M>(&identity));
        checks.add(identified::<M>(&identity, test));
        let Identity { geometry, build, .. } = identity;
        let program = match &test.model {
            Some(model) => M::program_of(model, &geometry).map_err(|error| error.to_string()),
            None => {
                let built_in = M::layers(&geometry, build).pop().map(|layer| layer.program);
                built_in.ok_or_else(|| "the built-in network does not fit this device".to_string())
            }
        };
        let fitting = program.and_then(|program| match M::mismatch(build, &program) {
            None => Ok(program),
            Some((device, model)) => Err(format!("the device is built for {device}, the model for {model}")),
        });
        let program = match fitting {
            Ok(program) => program,
            Err(found) => {
                let remedy =
                    "Give --model a model that fits this device; without --model the self-test brings a network along.";
                return checks.end(Check::failed("model", found, "a model that fits the device", remedy));
            }
        };
        let beside = M::beside(&geometry, build);
        let (on, damaged, repeated, loading) = (&test.on, 0, 0, 0.0);
        let mut bench = Bench { driver, beside, program, on, port, checks, options, damaged, repeated, loading };
        bench.each(test, report);
        report.link = Some(bench.driver.counters().into());
    }

    /// Does the checks in their order, as far as the link carries. Where it breaks, its counts are what there is to see.
    fn each(&mut self, test: &SelfTest, report: &mut Report) {
        let before = self.status();
        let done = match &before {
            Ok(_) => self.body(test, report),
            Err(_) => Ok(()),
        };
        if let Some(error) = before.as_ref().err().or(done.as_ref().err()) {
            self.checks.broken(error, self.on);
        }
        self.line(before.ok());
    }

    fn body(&mut self, test: &SelfTest, report: &mut Report) -> Result<(), LinkError> {
        self.load()?;
        self.answers()?;
        M::more(self, test.model.as_ref())?;
        self.refusals()?;
        self.damaged_frames()?;
        self.repeats()?;
        report.counters = self.counters()?;
        report.times = Some(self.round_trips(test, self.loading)?);
        Ok(())
    }

    /// The device's counters.
    pub(super) fn status(&mut self) -> Result<Status<M>, LinkError> {
        self.driver.status().map_err(of_link)
    }

    /// Loads the program into the device and into the integer model.
    pub(super) fn load(&mut self) -> Result<(), LinkError> {
        self.checks.begin("load");
        let (sent, start) = (self.driver.counters().bytes_sent, Instant::now());
        self.driver.load_with(&self.program, &mut |_, _| {})?;
        let (bytes, seconds) = (self.driver.counters().bytes_sent - sent, start.elapsed().as_secs_f64());
        self.loading = bytes as f64 / seconds.max(1e-9);
        self.beside.load(&self.program).map_err(of_link)?;
        let (held, hash) = (self.driver.identify().map_err(of_link)?.loaded, self.program.hash());
        let rows = self.program.rows().len();
        let text = |held: Option<u32>| held.map_or("no program".to_string(), |hash| format!("program {hash:08x}"));
        let (expected, rate) = (text(Some(hash)), self.loading / 1e3);
        let found = format!("{}, {rows} rows in {seconds:.2} s, {rate:.1} kB/s", text(held));
        self.checks.add(if held == Some(hash) {
            Check::passed("load", found, expected)
        } else {
            Check::failed(
                "load",
                found,
                expected,
                advice::computes(self.on, "the loading of rows (`loader`, the hash)"),
            )
        });
        Ok(())
    }

    /// Sends bytes past the driver, and gives the frames that come back: so many, or those until the time is out. `None` stands for
    /// a frame that is not sound.
    pub(super) fn exchange(&mut self, bytes: &[u8], frames: usize) -> Result<Vec<Option<Vec<u8>>>, LinkError> {
        let (port, timeout) = (self.driver.transport_mut().name(), self.options.timeout);
        let lost = |source| LinkError::Lost { port: port.clone(), source };
        let stream = self.driver.transport_mut();
        stream.send(bytes).map_err(lost)?;
        let (mut decoder, mut found, start) = (engram_link::Decoder::new(), Vec::new(), Instant::now());
        while found.len() < frames && start.elapsed() < 2 * timeout {
            match stream.receive(timeout).map_err(lost)? {
                Some(byte) => found.extend(decoder.push(byte).map(Result::ok)),
                None => break,
            }
        }
        // Where no frame is due, a short look is enough.
        while let Some(byte) = stream.receive(Duration::from_millis(20)).map_err(lost)? {
            found.extend(decoder.push(byte).map(Result::ok));
            if found.len() > frames + 8 {
                break;
            }
        }
        Ok(found)
    }

    /// The check of the line: nothing was lost or changed but on purpose.
    fn line(&mut self, before: Option<Status<M>>) {
        self.checks.begin("line");
        let expected = "no byte lost or changed";
        let counters = self.driver.counters();
        let [damaged, replies, silent, late] =
            [counters.bad_requests, counters.damaged_replies, counters.timeouts, counters.late_replies];
        let faults = [
            (damaged, "requests arrived damaged"),
            (replies, "replies arrived damaged"),
            (silent, "requests were not answered"),
            (late, "replies came late"),
        ];
        let mut faults: Vec<String> =
            faults.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        // The device's own count, which holds for the other direction; where it cannot be read the host's is all there is.
        if let (Some(before), Ok(now)) = (before, self.status()) {
            // They count modulo 2^16; fewer than were sent is for another check to say.
            let beyond = |now: u16, before: u16, sent: u16| now.wrapping_sub(before).wrapping_sub(sent) as i16;
            let frames = beyond(now.bad_frames, before.bad_frames, self.damaged);
            if frames > 0 && damaged == 0 {
                faults
                    .push(format!("the device counts {frames} damaged frames more than were sent damaged on purpose"));
            }
            let torn = now.framing_errors.wrapping_sub(before.framing_errors);
            if torn > 0 {
                faults.push(format!("the device counts {torn} bytes without a stop bit"));
            }
            let repeats = beyond(now.repeats, before.repeats, self.repeated);
            if repeats > 0 && faults.is_empty() {
                faults.push(format!("the device counts {repeats} repeats more than were sent"));
            }
        }
        let frames = counters.frames;
        self.checks.add(if faults.is_empty() {
            Check::passed("line", format!("no byte lost or changed in {frames} frames"), expected)
        } else {
            Check::failed("line", format!("of {frames} frames: {}", faults.join(", ")), expected, advice::LINE)
        });
    }
}

/// The device as a report has it.
fn device<M: Tested>(identity: &Identity<M>) -> Device {
    Device {
        network: M::NAME.trim_start_matches("a "),
        preset: identity.geometry.name(),
        sizes: M::SIZES.into_iter().zip(identity.geometry.sizes()).collect(),
        build: M::built(identity.build),
        version: identity.version,
        loaded: identity.loaded.map(|hash| format!("{hash:08x}")),
    }
}

/// The check of a device's identity.
fn identified<M: Tested>(identity: &Identity<M>, test: &SelfTest) -> Check {
    let Device { network, preset, build, version, loaded, .. } = device::<M>(identity);
    let sizes = M::SIZES.iter().zip(identity.geometry.sizes()).map(|(name, size)| format!("{size} {name}"));
    let sizes: Vec<String> = sizes.collect();
    let loaded = loaded.map_or("nothing loaded".to_string(), |hash| format!("program {hash} loaded"));
    let found = format!("{network} {preset} ({}), {build}, frames version {version}, {loaded}", sizes.join(", "));
    match M::unwanted(identity, test) {
        None => Check::passed("identity", found, "a device of this version"),
        Some((_, expected)) => Check::failed(
            "identity",
            found,
            expected,
            "Load the bitstream that is wanted with `engram program`, or leave out the options that say what the device is.",
        ),
    }
}
