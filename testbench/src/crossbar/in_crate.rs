//! The in-crate simulation of the crossbar device's core.

use std::io;

use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::prelude::signed;
use engram_hdl::simulation::Bench;
use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use crate::crossbar::tracer::{ArrayGlimpse, ArrayTaps};
use crate::simulated::{Core, Passed};

/// The core in the in-crate simulation.
pub struct InCrate {
    bench: Bench<CrossbarCore>,
}

impl InCrate {
    /// A core of this geometry, with memoization or without, just switched on.
    pub fn new(geometry: &Geometry, memo: Option<Predictor>) -> InCrate {
        InCrate { bench: Bench::scrambled(CrossbarCore::new(geometry, memo)) }
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

impl ArrayTaps for InCrate {
    fn remembers(&self) -> bool {
        !self.bench.block.tap_verdict.is_empty()
    }

    fn glimpse(&self) -> ArrayGlimpse {
        let core = &self.bench.block;
        let verdict = core.tap_verdict.first().map(|tap| tap.val().to_u64() as i32);
        ArrayGlimpse {
            verdict: verdict.filter(|&verdict| verdict > 0),
            sum: core.tap_sum_valid.val().then(|| signed(core.tap_sum.val()) as i32),
            code: core.tap_code_valid.val().then(|| signed(core.tap_code.val()) as i32),
            index: core.tap_index_valid.val().then(|| core.tap_index.val().to_u64() as i32),
            gate: core.tap_gate_valid.val().then(|| signed(core.tap_gate.val()) as i32),
            cell: core.tap_cell_valid.val().then(|| signed(core.tap_cell.val()) as i32),
            hidden: core.tap_hidden_valid.val().then(|| signed(core.tap_hidden.val()) as i32),
            readout: core.tap_hidden_valid.val().then(|| signed(core.tap_readout.val()) as i32),
            logit: core.tap_logit_valid.val().then(|| signed(core.tap_logit.val()) as i32),
        }
    }
}
