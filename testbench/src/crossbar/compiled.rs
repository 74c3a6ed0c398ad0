//! The emitted Verilog of the crossbar device's core, as it is or after synthesis, compiled.

use std::path::Path;

use engram_flow::compiled::CompiledModel;
use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::crossbar::{LOGIT_BITS, TILE_BITS};
use engram_hdl::emit::{Design, emit};
use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::memo::Predictor;

use crate::compiled::{Compiled, Form};
use crate::crossbar::tracer::{ArrayGlimpse, ArrayTaps};

/// Numbers of the ports through which the core is looked into: of each value whether it is there, it, and its bits.
pub struct Ports {
    /// With memoization: the verdict on a column, which is there where it is not 0.
    verdict: Option<usize>,
    sum: Tap,
    code: Tap,
    index: Tap,
    gate: Tap,
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

impl Ports {
    fn of(model: &CompiledModel) -> Result<Ports, engram_flow::Error> {
        let tap = |valid: &str, value: &str, bits: usize| -> Result<Tap, engram_flow::Error> {
            let output = |name: &str| model.output(&format!("tap_{name}"));
            Ok(Tap { valid: output(&format!("{valid}_valid"))?, value: output(value)?, bits: bits as u32 })
        };
        Ok(Ports {
            verdict: model.output("tap_verdict$0").ok(),
            sum: tap("sum", "sum", TILE_BITS)?,
            code: tap("code", "code", 8)?,
            // An index counts from 0 here: one bit more keeps it positive.
            index: tap("index", "index", 10)?,
            gate: tap("gate", "gate", 12)?,
            cell: tap("cell", "cell", 16)?,
            hidden: tap("hidden", "hidden", 8)?,
            readout: tap("hidden", "readout", 8)?,
            logit: tap("logit", "logit", LOGIT_BITS)?,
        })
    }
}

/// The Verilog of the core, with memoization or without.
pub fn verilog(geometry: &Geometry, memo: Option<Predictor>) -> Design {
    emit(CrossbarCore::new(geometry, memo), "engram_core")
}

/// A core of this geometry, with memoization or without, just switched on. Compiled models are kept in the folder `cache`.
pub fn open(
    form: Form,
    geometry: &Geometry,
    memo: Option<Predictor>,
    cache: &Path,
) -> Result<Compiled<Ports>, engram_flow::Error> {
    Compiled::of(form, verilog(geometry, memo), false, cache, Ports::of)
}

impl ArrayTaps for Compiled<Ports> {
    fn remembers(&self) -> bool {
        self.taps().verdict.is_some()
    }

    fn glimpse(&self) -> ArrayGlimpse {
        // One bit more keeps it positive.
        let verdict = self.taps().verdict.map(|tap| self.signed(tap, 3));
        let seen = |tap: &Tap| self.flag(tap.valid).then(|| self.signed(tap.value, tap.bits));
        let Ports { sum, code, index, gate, cell, hidden, readout, logit, .. } = self.taps();
        ArrayGlimpse {
            verdict: verdict.filter(|&verdict| verdict > 0),
            sum: seen(sum),
            code: seen(code),
            index: seen(index),
            gate: seen(gate),
            cell: seen(cell),
            hidden: seen(hidden),
            readout: seen(readout),
            logit: seen(logit),
        }
    }
}
