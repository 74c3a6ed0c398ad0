//! The in-crate simulation of the core: rust-hdl's kernels, driven directly.

use std::io;
use std::path::Path;

use engram_hdl::memnet::core::Core as Hardware;
use engram_hdl::prelude::signed;
use engram_hdl::simulation::Bench;
use engram_spec::memnet::{Datapath, Geometry};

use crate::simulated::{Core, Passed};
use crate::tracer::{Glimpse, Lanes, Taps};

/// The core in the in-crate simulation.
pub struct InCrate {
    bench: Bench<Hardware>,
}

impl InCrate {
    /// A core of this geometry and datapath, just switched on; with taps for traces or without.
    pub fn new(geometry: &Geometry, datapath: Datapath, taps: bool) -> InCrate {
        InCrate { bench: Bench::scrambled(Hardware::new(geometry, datapath, taps)) }
    }

    /// Writes the waveform of every signal from now on to a VCD file. Slow.
    pub fn record(&mut self, path: &Path) -> io::Result<()> {
        self.bench.record(path)
    }
}

impl Lanes for InCrate {
    fn code(&self, lane: usize) -> i8 {
        let core = &self.bench.block;
        let side = if lane.is_multiple_of(2) { &core.tap_code_even } else { &core.tap_code_odd };
        side.get(lane / 2).map_or(0, |code| signed(code.val()) as i8)
    }

    fn read(&self, lane: usize) -> i8 {
        let core = &self.bench.block;
        let side = if lane.is_multiple_of(2) { &core.tap_read_even } else { &core.tap_read_odd };
        side.get(lane / 2).map_or(0, |read| signed(read.val()) as i8)
    }
}

impl Core for InCrate {
    fn name(&self) -> String {
        "the in-crate simulation".to_string()
    }

    fn settle(&mut self, byte: Option<u8>) -> io::Result<Passed> {
        let core = &mut self.bench.block;
        core.rx_valid.next = byte.is_some();
        core.rx_data.next = u64::from(byte.unwrap_or_default()).into();
        core.tx_ready.next = true;
        self.bench.settle();
        let core = &self.bench.block;
        Ok(Passed {
            taken: byte.is_some() && core.rx_ready.val(),
            byte: core.tx_valid.val().then(|| core.tx_data.val().to_u64() as u8),
        })
    }

    fn edge(&mut self) -> io::Result<()> {
        self.bench.tick()
    }

    fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}

impl Taps for InCrate {
    fn glimpse(&self) -> Glimpse {
        let core = &self.bench.block;
        Glimpse {
            store: core.tap_store.val().then(|| core.tap_target.val() as u8),
            fold: core.tap_fold.val().to_u64() as usize,
            read: core.tap_read.val(),
            score: core.tap_score_valid.val().then(|| core.tap_score.val().to_u64() as u32),
            exponential: core.tap_exponential_valid.val().then(|| core.tap_exponential.val().to_u64() as u32),
            logit: core.tap_logit_valid.val().then(|| signed(core.tap_logit.val()) as i32),
        }
    }
}
