//! The memory network's core and board, as tests see them.

mod tracer;

pub use tracer::{Glimpse, Lanes, MemnetTracer, Taps};

use engram_flow::compiled::CompiledModel;
use engram_hdl::memnet::board::Board;
use engram_hdl::memnet::core::Core;
use engram_hdl::prelude::signed;
use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::memnet::{Datapath, Geometry, Memnet};

use crate::compiled::Compiled;
use crate::in_crate::InCrate;
use crate::network::{Network, pins};

pins!(Core, Board);

impl Network for Memnet {
    type Core = Core;
    type Board = Board;
    type Taps = MemnetTaps;
    type Tracer = MemnetTracer;

    fn integer(geometry: &Geometry, datapath: Datapath) -> Box<dyn Device<Memnet>> {
        Box::new(IntegerModel::new(*geometry, datapath))
    }

    fn core(geometry: &Geometry, datapath: Datapath, taps: bool) -> Core {
        Core::new(geometry, datapath, taps)
    }

    fn starting(geometry: &Geometry, datapath: Datapath, frame: &[u8], loaded: &Core) -> Core {
        let mut core = Core::starting(geometry, datapath, false, frame);
        core.copy_memories(loaded);
        core
    }

    fn around(core: Core, cycles_per_bit: u32) -> Board {
        Board::around(core, cycles_per_bit)
    }

    fn taps(model: &CompiledModel, geometry: &Geometry, taps: bool) -> Result<MemnetTaps, engram_flow::Error> {
        MemnetTaps::of(model, if taps { geometry.lanes } else { 0 })
    }

    fn tracer(geometry: &Geometry) -> MemnetTracer {
        MemnetTracer::new(geometry)
    }
}

/// The numbers of the ports through which a compiled core is looked into.
pub struct MemnetTaps {
    store: usize,
    target: usize,
    memory: usize,
    fold: usize,
    read: usize,
    score_valid: usize,
    score: usize,
    exponential_valid: usize,
    exponential: usize,
    logit_valid: usize,
    logit: usize,
    code: Vec<usize>,
    read_code: Vec<usize>,
}

impl MemnetTaps {
    fn of(model: &CompiledModel, lanes: usize) -> Result<MemnetTaps, engram_flow::Error> {
        let each_lane = |name: &str| -> Result<Vec<usize>, engram_flow::Error> {
            let side = |lane: usize| if lane.is_multiple_of(2) { "even" } else { "odd" };
            (0..lanes).map(|lane| model.output(&format!("{name}_{}${}", side(lane), lane / 2))).collect()
        };
        Ok(MemnetTaps {
            store: model.output("tap_store")?,
            target: model.output("tap_target")?,
            memory: model.output("tap_memory")?,
            fold: model.output("tap_fold")?,
            read: model.output("tap_read")?,
            score_valid: model.output("tap_score_valid")?,
            score: model.output("tap_score")?,
            exponential_valid: model.output("tap_exponential_valid")?,
            exponential: model.output("tap_exponential")?,
            logit_valid: model.output("tap_logit_valid")?,
            logit: model.output("tap_logit")?,
            code: each_lane("tap_code")?,
            read_code: each_lane("tap_read")?,
        })
    }
}

impl Lanes for InCrate<Core> {
    fn code(&self, lane: usize) -> i8 {
        let core = self.block();
        let side = if lane.is_multiple_of(2) { &core.tap_code_even } else { &core.tap_code_odd };
        side.get(lane / 2).map_or(0, |code| signed(code.val()) as i8)
    }

    fn read(&self, lane: usize) -> i8 {
        let core = self.block();
        let side = if lane.is_multiple_of(2) { &core.tap_read_even } else { &core.tap_read_odd };
        side.get(lane / 2).map_or(0, |read| signed(read.val()) as i8)
    }
}

impl Taps for InCrate<Core> {
    fn glimpse(&self) -> Glimpse {
        let core = self.block();
        Glimpse {
            store: core.tap_store.val().then(|| core.tap_target.val() as u8),
            memory: core.tap_memory.val().to_u64() as u8,
            fold: core.tap_fold.val().to_u64() as usize,
            read: core.tap_read.val(),
            score: core.tap_score_valid.val().then(|| core.tap_score.val().to_u64() as u32),
            exponential: core.tap_exponential_valid.val().then(|| core.tap_exponential.val().to_u64() as u32),
            logit: core.tap_logit_valid.val().then(|| signed(core.tap_logit.val()) as i32),
        }
    }
}

impl Lanes for Compiled<MemnetTaps> {
    fn code(&self, lane: usize) -> i8 {
        self.taps().code.get(lane).map_or(0, |&port| self.output(port) as u8 as i8)
    }

    fn read(&self, lane: usize) -> i8 {
        self.taps().read_code.get(lane).map_or(0, |&port| self.output(port) as u8 as i8)
    }
}

impl Taps for Compiled<MemnetTaps> {
    fn glimpse(&self) -> Glimpse {
        let taps = self.taps();
        Glimpse {
            store: self.when(taps.store, taps.target).map(|target| target as u8),
            memory: self.output(taps.memory) as u8,
            fold: self.output(taps.fold) as usize,
            read: self.flag(taps.read),
            score: self.when(taps.score_valid, taps.score).map(|score| score as u32),
            exponential: self.when(taps.exponential_valid, taps.exponential).map(|value| value as u32),
            logit: self.flag(taps.logit_valid).then(|| self.signed(taps.logit, 22)),
        }
    }
}
