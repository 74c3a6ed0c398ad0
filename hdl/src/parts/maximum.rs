//! The running maximum over the logits: the answer is the first word with the largest.
//!
//! | port | width | |
//! |---|---|---|
//! | `clear` | 1 | begins a new answer |
//! | `valid`, `logit` | 1, L | the next word's logit, signed |
//! | `word` | 8 | the word with the largest logit so far, the lowest number among equals |
//! | `best` | L | its logit |
//!
//! Latency: 1 cycle.

use crate::leaf;
use crate::prelude::*;

/// The running maximum over logits of `L` bits.
#[derive(Clone, Debug, Default)]
pub struct Maximum<const L: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Begins a new answer.
    pub clear: Signal<In, Bit>,
    /// Whether there is a logit.
    pub valid: Signal<In, Bit>,
    /// The logit.
    pub logit: Signal<In, Bits<L>>,
    /// The best word.
    pub word: Signal<Out, Bits<8>>,
    /// The best logit.
    pub best: Signal<Out, Bits<L>>,
    _count: u64,
    _settled: bool,
    _changed: bool,
}

leaf!([const L: usize] Maximum<L> { inputs: clock clear valid logit; outputs: word best; });

impl<const L: usize> Leaf for Maximum<L> {
    fn step(&mut self) {
        if self.clear.val() {
            self._count = 0;
        } else if self.valid.val() {
            if self._count == 0 || signed(self.logit.val()) > signed(self.best.val()) {
                self.best.next = self.logit.val();
                self.word.next = self._count.into();
            }
            self._count = (self._count + 1) & 255;
        }
    }
}

impl<const L: usize> Logic for Maximum<L> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.word.connect();
        self.best.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "reg [7:0] count = 0;
initial {word, best} = 0;
always @(posedge clock) begin
   if (clear) count <= 0;
   else if (valid) begin
      if (count == 0 || $signed(logit) > $signed(best)) begin
         best <= logit;
         word <= count;
      end
      count <= count + 1;
   end
end"
            .into(),
        )
    }
}
