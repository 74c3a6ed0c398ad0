//! The crossbar's core and board, as tests see them.

mod tracer;

pub use tracer::{CrossbarTracer, Glimpse, Taps};

use engram_crossbar::{IntegerModel, Memoization};
use engram_flow::compiled::CompiledModel;
use engram_hdl::crossbar::board::CrossbarBoard;
use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::crossbar::{LOGIT_BITS, TILE_BITS};
use engram_hdl::prelude::signed;
use engram_spec::Device;
use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{Crossbar, Geometry};

use crate::compiled::Compiled;
use crate::in_crate::InCrate;
use crate::network::{Network, pins};

pins!(CrossbarCore, CrossbarBoard);

impl Network for Crossbar {
    type Core = CrossbarCore;
    type Board = CrossbarBoard;
    type Taps = CrossbarTaps;
    type Tracer = CrossbarTracer;

    fn integer(geometry: &Geometry, memo: Option<Predictor>) -> Box<dyn Device<Crossbar>> {
        let model = IntegerModel::new(*geometry);
        let how = |predictor| Memoization { predictor, ..Memoization::default() };
        Box::new(memo.map(how).map_or(model.clone(), |how| model.memoizing(how)))
    }

    /// The core. It has its taps always.
    fn core(geometry: &Geometry, memo: Option<Predictor>, _: bool) -> CrossbarCore {
        CrossbarCore::new(geometry, memo)
    }

    fn starting(geometry: &Geometry, memo: Option<Predictor>, frame: &[u8], loaded: &CrossbarCore) -> CrossbarCore {
        let mut core = CrossbarCore::starting(geometry, memo, frame);
        core.copy_memories(loaded);
        core
    }

    fn around(core: CrossbarCore, cycles_per_bit: u32) -> CrossbarBoard {
        CrossbarBoard::around(core, cycles_per_bit)
    }

    fn taps(model: &CompiledModel, _: &Geometry, _: bool) -> Result<CrossbarTaps, engram_flow::Error> {
        CrossbarTaps::of(model)
    }

    fn tracer(_: &Geometry) -> CrossbarTracer {
        CrossbarTracer::default()
    }
}

/// The numbers of the ports through which a compiled core is looked into: of each value whether it is there, it, and its bits.
pub struct CrossbarTaps {
    /// With memoization: the verdict on a column, which is there where it is not 0.
    verdict: Option<usize>,
    sum: Tap,
    code: Tap,
    index: Tap,
    gate: Tap,
    candidate: Tap,
    cell: Tap,
    hidden: Tap,
    readout: Tap,
    logit: Tap,
}

struct Tap {
    valid: usize,
    value: usize,
    bits: u32,
}

impl CrossbarTaps {
    fn of(model: &CompiledModel) -> Result<CrossbarTaps, engram_flow::Error> {
        let tap = |valid: &str, value: &str, bits: usize| -> Result<Tap, engram_flow::Error> {
            let output = |name: &str| model.output(&format!("tap_{name}"));
            Ok(Tap { valid: output(&format!("{valid}_valid"))?, value: output(value)?, bits: bits as u32 })
        };
        Ok(CrossbarTaps {
            verdict: model.output("tap_verdict$0").ok(),
            sum: tap("sum", "sum", TILE_BITS)?,
            code: tap("code", "code", 8)?,
            // An index counts from 0 here: one bit more keeps it positive.
            index: tap("index", "index", 10)?,
            gate: tap("gate", "gate", 12)?,
            candidate: tap("candidate", "candidate", 12)?,
            cell: tap("cell", "cell", 16)?,
            hidden: tap("hidden", "hidden", 8)?,
            readout: tap("hidden", "readout", 8)?,
            logit: tap("logit", "logit", LOGIT_BITS)?,
        })
    }
}

impl Taps for InCrate<CrossbarCore> {
    fn remembers(&self) -> bool {
        !self.block().tap_verdict.is_empty()
    }

    fn glimpse(&self) -> Glimpse {
        let core = self.block();
        let verdict = core.tap_verdict.first().map(|tap| tap.val().to_u64() as i32);
        Glimpse {
            verdict: verdict.filter(|&verdict| verdict > 0),
            sum: core.tap_sum_valid.val().then(|| signed(core.tap_sum.val()) as i32),
            code: core.tap_code_valid.val().then(|| signed(core.tap_code.val()) as i32),
            index: core.tap_index_valid.val().then(|| core.tap_index.val().to_u64() as i32),
            gate: core.tap_gate_valid.val().then(|| signed(core.tap_gate.val()) as i32),
            candidate: core.tap_candidate_valid.val().then(|| signed(core.tap_candidate.val()) as i32),
            cell: core.tap_cell_valid.val().then(|| signed(core.tap_cell.val()) as i32),
            hidden: core.tap_hidden_valid.val().then(|| signed(core.tap_hidden.val()) as i32),
            readout: core.tap_hidden_valid.val().then(|| signed(core.tap_readout.val()) as i32),
            logit: core.tap_logit_valid.val().then(|| signed(core.tap_logit.val()) as i32),
        }
    }
}

impl Taps for Compiled<CrossbarTaps> {
    fn remembers(&self) -> bool {
        self.taps().verdict.is_some()
    }

    fn glimpse(&self) -> Glimpse {
        // One bit more keeps it positive.
        let verdict = self.taps().verdict.map(|tap| self.signed(tap, 3));
        let seen = |tap: &Tap| self.flag(tap.valid).then(|| self.signed(tap.value, tap.bits));
        let CrossbarTaps { sum, code, index, gate, candidate, cell, hidden, readout, logit, .. } = self.taps();
        Glimpse {
            verdict: verdict.filter(|&verdict| verdict > 0),
            sum: seen(sum),
            code: seen(code),
            index: seen(index),
            gate: seen(gate),
            candidate: seen(candidate),
            cell: seen(cell),
            hidden: seen(hidden),
            readout: seen(readout),
            logit: seen(logit),
        }
    }
}
