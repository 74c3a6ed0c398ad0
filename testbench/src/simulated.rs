//! A simulated core as a device: the frames of the link as a stream of bytes, without serial lines.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use engram_link::{Driver, LinkError, Options, Transport};
use engram_spec::machine::{Identity, Order, Status};
use engram_spec::{Device, DeviceError, Trace};

use crate::network::{Network, Tracer};

/// Microseconds of waiting that a clock cycle counts for: 500 ms are 50,000 cycles, more than any answer takes.
const MICROSECONDS_PER_CYCLE: u64 = 10;

/// The bytes that passed in a cycle.
#[derive(Clone, Copy, Debug, Default)]
pub struct Passed {
    /// Whether the core took the byte offered.
    pub taken: bool,
    /// A byte from the core.
    pub byte: Option<u8>,
}

/// A core that is simulated cycle by cycle.
pub trait Core {
    /// The simulator's name, for messages.
    fn name(&self) -> String;

    /// Offers a byte where there is one, and settles: what the core shows then is that of this cycle, before the clock's
    /// edge.
    fn settle(&mut self, byte: Option<u8>) -> io::Result<Passed>;

    /// The clock's edge.
    fn edge(&mut self) -> io::Result<()>;

    /// Sends bytes and gives those that came back until a frame ended, or until nothing passed for `idle` cycles.
    ///
    /// A core that can do many cycles in one call does better than this.
    fn exchange(&mut self, bytes: &mut VecDeque<u8>, idle: u64) -> io::Result<Vec<u8>>
    where
        Self: Sized,
    {
        exchange_by_cycle(self, bytes, idle, None::<&mut Blind>)
    }

    /// Cycles simulated so far.
    fn cycles(&self) -> u64;

    /// Writes waveforms from the next cycle on, where a file was given for them.
    fn begin_waves(&mut self) {}
}

/// Looks at a core in every cycle.
pub trait Watch<C> {
    /// Sees a core that has settled.
    fn see(&mut self, core: &C);
}

/// A watch that sees nothing.
struct Blind;

impl<C> Watch<C> for Blind {
    fn see(&mut self, _core: &C) {}
}

/// [`Core::exchange`], cycle by cycle, with a tracer that sees every one.
fn exchange_by_cycle<C: Core, W: Watch<C>>(
    core: &mut C,
    bytes: &mut VecDeque<u8>,
    idle: u64,
    mut tracer: Option<&mut W>,
) -> io::Result<Vec<u8>> {
    let mut received = Vec::new();
    let mut quiet = 0;
    while quiet < idle {
        let passed = core.settle(bytes.front().copied())?;
        if let Some(tracer) = &mut tracer {
            tracer.see(core);
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

/// The byte stream of a simulated core, with a tracer of its kind.
pub struct Stream<C, W> {
    pub(crate) core: C,
    pub(crate) tracer: Option<W>,
    outgoing: VecDeque<u8>,
    incoming: VecDeque<u8>,
}

impl<C, W> Stream<C, W> {
    /// The stream of a core that has just been switched on.
    pub fn new(core: C) -> Stream<C, W> {
        Stream { core, tracer: None, outgoing: VecDeque::new(), incoming: VecDeque::new() }
    }
}

impl<C: Core, W: Watch<C>> Transport for Stream<C, W> {
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

/// A simulated core of a network, driven as the board is.
pub struct Simulated<M: Network, C> {
    driver: Driver<M, Stream<C, M::Tracer>>,
}

impl<M: Network, C: Core> Simulated<M, C>
where
    M::Tracer: Watch<C>,
{
    /// Connects to a core that has just been switched on.
    pub fn new(core: C) -> Result<Simulated<M, C>, LinkError> {
        Ok(Simulated { driver: Driver::connect(Stream::new(core), Options::default())? })
    }

    /// Clock cycles simulated so far.
    pub fn cycles(&mut self) -> u64 {
        self.driver.transport_mut().core.cycles()
    }

    /// The core.
    pub fn core(&mut self) -> &C {
        &self.driver.transport_mut().core
    }

    fn tracer(&mut self) -> Option<&mut M::Tracer> {
        self.driver.transport_mut().tracer.as_mut()
    }
}

impl<M: Network, C: Core> Device<M> for Simulated<M, C>
where
    M::Tracer: Watch<C>,
{
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        self.driver.identify()
    }

    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.driver.load_with(program, progress)?;
        self.tracer().into_iter().for_each(M::Tracer::cleared);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.driver.clear()?;
        self.tracer().into_iter().for_each(M::Tracer::cleared);
        Ok(())
    }

    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        let reply = self.driver.try_call(&call)?;
        self.tracer().into_iter().for_each(|tracer| tracer.called(&call));
        Ok(reply)
    }

    fn run(&mut self, orders: &[Order<'_, M>]) -> Result<Vec<Option<M::Reply>>, DeviceError> {
        if self.tracer().is_none() {
            return self.driver.run(orders);
        }
        // What is traced is waited for.
        orders.iter().map(|order| self.order(order)).collect()
    }

    fn status(&mut self) -> Result<Status<M>, DeviceError> {
        self.driver.status()
    }

    fn record(&mut self, on: bool) {
        let geometry = self.driver.identity().geometry;
        let stream = self.driver.transport_mut();
        stream.tracer = on.then(|| M::tracer(&geometry));
        if on {
            stream.core.begin_waves();
        }
    }

    fn trace(&mut self) -> Option<Trace> {
        self.tracer().map(M::Tracer::take)
    }
}
