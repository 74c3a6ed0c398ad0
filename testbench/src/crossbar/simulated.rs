//! A simulated crossbar core as a recurrent device: driven by the same frames as the board.

use engram_link::{CrossbarDriver, LinkError, Options};
use engram_spec::crossbar::memo::{Settings, Tally};
use engram_spec::crossbar::{Device, Identity, Program, Status};
use engram_spec::{Answer, DeviceError, Trace};

use crate::crossbar::tracer::{ArrayTaps, ArrayTracer};
use crate::simulated::{Core, Stream};

/// A simulated core, driven as the board is.
pub struct SimulatedArray<C: Core + ArrayTaps> {
    driver: CrossbarDriver<Stream<C, ArrayTracer>>,
}

impl<C: Core + ArrayTaps> SimulatedArray<C> {
    /// Connects to a core that has just been switched on.
    pub fn new(core: C) -> Result<SimulatedArray<C>, LinkError> {
        Ok(SimulatedArray { driver: CrossbarDriver::connect(Stream::new(core), Options::default())? })
    }

    /// Clock cycles simulated so far.
    pub fn cycles(&mut self) -> u64 {
        self.driver.transport_mut().core.cycles()
    }

    /// Tells the tracer, where there is one, what has been done.
    fn tell(&mut self, what: impl Fn(&mut ArrayTracer)) {
        if let Some(tracer) = &mut self.driver.transport_mut().tracer {
            what(tracer);
        }
    }
}

impl<C: Core + ArrayTaps> Device for SimulatedArray<C> {
    fn identify(&mut self) -> Result<Identity, DeviceError> {
        Device::identify(&mut self.driver)
    }

    fn load(&mut self, program: &Program) -> Result<(), DeviceError> {
        self.driver.load(program)?;
        self.tell(ArrayTracer::begin_sequence);
        Ok(())
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.driver.clear()?;
        self.tell(ArrayTracer::begin_sequence);
        Ok(())
    }

    fn step(&mut self, codes: &[i8]) -> Result<u32, DeviceError> {
        let cycles = self.driver.step(codes)?;
        self.tell(ArrayTracer::end_step);
        Ok(cycles)
    }

    fn symbol(&mut self, symbol: u8) -> Result<u32, DeviceError> {
        let cycles = self.driver.symbol(symbol)?;
        self.tell(ArrayTracer::end_step);
        Ok(cycles)
    }

    fn answer(&mut self) -> Result<Answer, DeviceError> {
        let answer = self.driver.answer()?;
        self.tell(ArrayTracer::end_answer);
        Ok(answer)
    }

    fn status(&mut self) -> Result<Status, DeviceError> {
        self.driver.status()
    }

    fn memoize(&mut self, settings: &Settings) -> Result<(), DeviceError> {
        self.driver.memoize(settings)
    }

    fn tally(&mut self) -> Result<Tally, DeviceError> {
        self.driver.tally()
    }

    fn record(&mut self, on: bool) {
        self.driver.transport_mut().tracer = on.then(ArrayTracer::default);
    }

    fn trace(&mut self) -> Option<Trace> {
        self.driver.transport_mut().tracer.as_mut().map(ArrayTracer::take)
    }
}
