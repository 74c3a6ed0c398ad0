//! A register: one clock cycle of delay, zero at switch-on.
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
    _evaluation: Evaluation,
}

impl<T: Synth> Leaf for Register<T> {
    fn step(&mut self) {
        self.q.next = self.d.val();
    }
    fn verilog(&self) -> String {
        let zero = T::default().verilog();
        format!("initial q = {zero:x};\nalways @(posedge clock) q <= d;")
    }
}
