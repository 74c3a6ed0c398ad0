//! A simulated core as a device: the frames of the link as a stream of bytes, without serial lines.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use engram_link::{Driver, LinkError, Options, Transport};
use engram_spec::{Answer, Device, DeviceError, Geometry, Identity, Program, Status, Trace};

use crate::tracer::{Glimpse, Lanes, Tracer};

/// Microseconds of waiting that a clock cycle counts for: 500 ms are 50,000 cycles, more than any answer takes.
const MICROSECONDS_PER_CYCLE: u64 = 10;

/// What passed in a cycle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Passed {
    /// Whether the core took the byte offered.
    pub taken: bool,
    /// A byte from the core.
    pub byte: Option<u8>,
}

/// A core that is simulated cycle by cycle.
pub trait Core: Lanes {
    /// What simulates it, for messages.
    fn name(&self) -> String;

    /// Offers a byte where there is one, and shows what the core shows in this cycle, before the clock's edge.
    fn settle(&mut self, byte: Option<u8>) -> (Passed, Glimpse);

    /// The clock's edge.
    fn edge(&mut self) -> io::Result<()>;

    /// Sends bytes and gives those that came back until a frame ended, or until nothing passed for `idle` cycles.
    ///
    /// A core that can do many cycles in one call does better than this.
    fn exchange(&mut self, bytes: &mut VecDeque<u8>, idle: u64) -> io::Result<Vec<u8>>
    where
        Self: Sized,
    {
        exchange_by_cycle(self, bytes, idle, None)
    }

    /// Cycles simulated so far.
    fn cycles(&self) -> u64;
}

/// [`Core::exchange`], cycle by cycle, with a tracer that sees every one.
fn exchange_by_cycle<C: Core>(
    core: &mut C,
    bytes: &mut VecDeque<u8>,
    idle: u64,
    mut tracer: Option<&mut Tracer>,
) -> io::Result<Vec<u8>> {
    let mut received = Vec::new();
    let mut quiet = 0;
    while quiet < idle {
        let (passed, glimpse) = core.settle(bytes.front().copied());
        if let Some(tracer) = &mut tracer {
            tracer.see(glimpse, core);
        }
        core.edge()?;
        quiet += 1;
        if passed.taken {
            bytes.pop_front();
            quiet = 0;
        }
        if let Some(byte) = passed.byte {
            received.push(byte);
            quiet = 0;
            if byte == 0 && bytes.is_empty() {
                break;
            }
        }
    }
    Ok(received)
}

/// The byte stream of a simulated core.
pub struct Stream<C> {
    core: C,
    outgoing: VecDeque<u8>,
    incoming: VecDeque<u8>,
    tracer: Option<Tracer>,
}

impl<C: Core> Transport for Stream<C> {
    fn name(&self) -> String {
        self.core.name()
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.outgoing.extend(bytes);
        Ok(())
    }

    fn receive(&mut self, timeout: Duration) -> io::Result<Option<u8>> {
        if self.incoming.is_empty() && !timeout.is_zero() {
            let idle = (timeout.as_micros() as u64 / MICROSECONDS_PER_CYCLE).max(1);
            let received = match &mut self.tracer {
                Some(tracer) => exchange_by_cycle(&mut self.core, &mut self.outgoing, idle, Some(tracer)),
                None => self.core.exchange(&mut self.outgoing, idle),
            };
            self.incoming.extend(received?);
        }
        Ok(self.incoming.pop_front())
    }
}

/// A simulated core, driven as the board is.
pub struct Simulated<C: Core> {
    driver: Driver<Stream<C>>,
    geometry: Geometry,
}

impl<C: Core> Simulated<C> {
    /// Connects to a core that has just been switched on.
    pub fn new(core: C, geometry: Geometry) -> Result<Simulated<C>, LinkError> {
        let stream = Stream { core, outgoing: VecDeque::new(), incoming: VecDeque::new(), tracer: None };
        Ok(Simulated { driver: Driver::connect(stream, Options::default())?, geometry })
    }

    /// Clock cycles simulated so far.
    pub fn cycles(&mut self) -> u64 {
        self.driver.transport_mut().core.cycles()
    }

    fn forget_story(&mut self) {
        if let Some(tracer) = &mut self.driver.transport_mut().tracer {
            tracer.forget_story();
        }
    }
}

impl<C: Core> Device for Simulated<C> {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        Device::identify(&mut self.driver)
    }

    fn load(&mut self, program: &Program) -> Result<(), DeviceError> {
        self.driver.load(program)?;
        self.forget_story();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.driver.clear()?;
        self.forget_story();
        Ok(())
    }

    fn sentence(&mut self, words: &[u8]) -> Result<(), DeviceError> {
        self.driver.sentence(words)
    }

    fn question(&mut self, words: &[u8]) -> Result<Answer, DeviceError> {
        self.driver.question(words)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        self.driver.status()
    }

    fn record(&mut self, on: bool) {
        let geometry = self.geometry;
        self.driver.transport_mut().tracer = on.then(|| Tracer::new(&geometry));
    }

    fn trace(&mut self) -> Option<Trace> {
        self.driver.transport_mut().tracer.as_mut().map(Tracer::take)
    }
}
