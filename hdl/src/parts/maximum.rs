//! The running maximum over the logits: the answer is the first word with the largest.
//!
//! Latency: 1 cycle.

use crate::prelude::*;

/// The running maximum over logits of `L` bits.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Maximum<const L: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a new answer begins.
    pub clear: Signal<In, Bit>,
    /// Whether there is a logit: the next word's.
    pub valid: Signal<In, Bit>,
    /// The logit, signed.
    pub logit: Signal<In, Bits<L>>,
    /// The word with the largest logit so far, the lowest number among equals.
    pub word: Signal<Out, Bits<8>>,
    /// The largest logit so far, signed.
    pub best: Signal<Out, Bits<L>>,
    _count: u64,
    _evaluation: Evaluation,
}

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
    fn verilog(&self) -> String {
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
        .into()
    }
}
