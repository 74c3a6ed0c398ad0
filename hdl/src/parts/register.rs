//! A register: one clock cycle of delay, zero at switch-on or a value of its own.
//!
//! Latency: 1 cycle.

use crate::prelude::*;

/// A register of any signal type.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Register<T: Synth> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The value that is taken at the rising edge.
    pub d: Signal<In, T>,
    /// The value that was taken.
    pub q: Signal<Out, T>,
    _start: T,
    _evaluation: Evaluation,
}

impl<T: Synth> Register<T> {
    /// A register that has this value at switch-on.
    pub fn starting(start: T) -> Register<T> {
        let mut register = Register { _start: start, ..Default::default() };
        register.q.next = start;
        register
    }
}

impl<T: Synth> Leaf for Register<T> {
    fn step(&mut self) {
        self.q.next = self.d.val();
    }
    fn verilog(&self) -> String {
        let start = self._start.verilog();
        format!("initial q = {start:x};\nalways @(posedge clock) q <= d;")
    }
}
