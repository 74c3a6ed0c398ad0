//! The integer model with a clock: its replies have the cycles that the hardware takes.

use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::program::SYMBOL_CYCLES;
use engram_spec::crossbar::{self, Crossbar, Requests};
use engram_spec::frame::Refusal;
use engram_spec::machine::{Device, DeviceError, Identity, Status};
use engram_spec::memnet::{self, Memnet};
use engram_testbench::Network;

/// The integer model of a device, with a clock.
pub struct Clocked<M: Network> {
    model: Box<dyn Device<M>>,
    build: M::Build,
    program: Option<M::Program>,
}

impl<M: Network> Clocked<M> {
    /// A device of this size and build, with nothing loaded.
    pub fn new(geometry: M::Geometry, build: M::Build) -> Clocked<M> {
        Clocked { model: M::integer(&geometry, build), build, program: None }
    }
}

/// A network whose cycles are known.
pub trait Timed: Network {
    /// Carries out a call, and puts the cycles into the reply.
    fn timed(
        device: &mut Clocked<Self>,
        program: &Self::Program,
        call: Self::Call<'_>,
    ) -> Result<Self::Reply, DeviceError>;
}

impl Timed for Memnet {
    fn timed(
        device: &mut Clocked<Memnet>,
        program: &memnet::Program,
        call: memnet::Call<'_>,
    ) -> Result<memnet::Reply, DeviceError> {
        let sentences = device.model.status()?.progress.sentences.into();
        Ok(match (device.model.call(call)?, call) {
            (memnet::Reply::Answer(mut answer), memnet::Call::Question(words)) => {
                answer.cycles = program.answer_cycles(words.len(), sentences);
                memnet::Reply::Answer(answer)
            }
            (reply, _) => reply,
        })
    }
}

/// Cycles of the walks so far.
fn walked(device: &mut Clocked<Crossbar>) -> Result<u32, DeviceError> {
    device.build.map_or(Ok(0), |_: Predictor| Ok(device.model.tally()?.cycles))
}

impl Timed for Crossbar {
    fn timed(
        device: &mut Clocked<Crossbar>,
        program: &crossbar::Program,
        call: crossbar::Call<'_>,
    ) -> Result<crossbar::Reply, DeviceError> {
        let more = if matches!(call, crossbar::Call::Symbol(_)) { SYMBOL_CYCLES } else { 0 };
        let before = walked(device)?;
        Ok(match device.model.call(call)? {
            crossbar::Reply::Cycles(_) => {
                let walked = walked(device)?.wrapping_sub(before);
                let without = program.step_cycles();
                let cycles = device.build.map_or(without, |memo| memo.step_cycles(program, walked));
                crossbar::Reply::Cycles(cycles + more)
            }
            crossbar::Reply::Answer(mut answer) => {
                let without = program.answer_cycles();
                answer.cycles = device.build.map_or(without, |memo| memo.answer_cycles(program));
                crossbar::Reply::Answer(answer)
            }
            reply => reply,
        })
    }
}

impl<M: Timed> Device<M> for Clocked<M> {
    fn identify(&mut self) -> Result<Identity<M>, DeviceError> {
        self.model.identify()
    }

    fn load_with(&mut self, program: &M::Program, progress: &mut dyn FnMut(usize, usize)) -> Result<(), DeviceError> {
        self.program = Some(program.clone());
        self.model.load_with(program, progress)
    }

    fn clear(&mut self) -> Result<(), DeviceError> {
        self.model.clear()
    }

    fn call(&mut self, call: M::Call<'_>) -> Result<M::Reply, DeviceError> {
        let program = self.program.clone().ok_or(Refusal::NotLoaded)?;
        M::timed(self, &program, call)
    }

    fn status(&mut self) -> Result<Status<M>, DeviceError> {
        self.model.status()
    }
}
