//! A delay line: a value some cycles later, for controls that act at a later stage of the pipeline.
//!
//! | port | width | |
//! |---|---|---|
//! | `d` | N | |
//! | `q` | N | d, the given number of cycles later; zero before |
//!
//! Latency: as given, at least 1 cycle.

use std::collections::VecDeque;

use crate::leaf;
use crate::prelude::*;

/// A delay line of `N` bits, `N` at most 32.
#[derive(Clone, Debug, Default)]
pub struct Delay<const N: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The value.
    pub d: Signal<In, Bits<N>>,
    /// The value some cycles ago.
    pub q: Signal<Out, Bits<N>>,
    _stages: VecDeque<Bits<N>>,
    _settled: bool,
    _changed: bool,
}

leaf!([const N: usize] Delay<N> { inputs: clock d; outputs: q; });

impl<const N: usize> Delay<N> {
    /// A delay of so many cycles, at least 1.
    pub fn new(cycles: usize) -> Delay<N> {
        assert!(cycles > 0);
        Delay { _stages: vec![Default::default(); cycles - 1].into(), ..Default::default() }
    }
}

impl<const N: usize> Leaf for Delay<N> {
    fn step(&mut self) {
        self._stages.push_back(self.d.val());
        self.q.next = self._stages.pop_front().unwrap_or_default();
    }
}

impl<const N: usize> Logic for Delay<N> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.q.connect();
    }
    fn hdl(&self) -> Verilog {
        let stages = self._stages.len();
        let name = |stage: usize| if stage == stages { "q".to_string() } else { format!("stage{stage}") };
        let source = |stage: usize| if stage == 0 { "d".to_string() } else { name(stage - 1) };
        let declare = |stage: usize| format!("reg [{}:0] stage{stage} = 0;\n", N - 1);
        let assign = |stage: usize| format!("   {} <= {};\n", name(stage), source(stage));
        let declarations: String = (0..stages).map(declare).collect();
        let assignments: String = (0..=stages).map(assign).collect();
        Verilog::Custom(format!("{declarations}initial q = 0;\nalways @(posedge clock) begin\n{assignments}end"))
    }
}
