//! A register: one clock cycle of delay, zero at switch-on.
//!
//! | port | width | |
//! |---|---|---|
//! | `d` | T | taken at the rising edge |
//! | `q` | T | the value before |
//!
//! Latency: 1 cycle.

use crate::leaf;
use crate::prelude::*;

/// A register of any signal type.
#[derive(Clone, Debug, Default)]
pub struct Register<T: Synth> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The next value.
    pub d: Signal<In, T>,
    /// The present value.
    pub q: Signal<Out, T>,
    _settled: bool,
    _changed: bool,
}

leaf!([T: Synth] Register<T> { inputs: clock d; outputs: q; });

impl<T: Synth> Leaf for Register<T> {
    fn step(&mut self) {
        self.q.next = self.d.val();
    }
}

impl<T: Synth> Logic for Register<T> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.q.connect();
    }
    fn hdl(&self) -> Verilog {
        let zero = T::default().verilog();
        Verilog::Custom(format!("initial q = {zero:x};\nalways @(posedge clock) q <= d;"))
    }
}
