//! The memory of the exponentials of a hop.

use crate::memnet::memory::SLOT_BITS;
use crate::parts::memory::undefined;
use crate::prelude::*;

/// The exponentials of a hop, by age, for the folds beyond the first.
#[derive(Clone, Debug, Default, Leaf)]
pub struct ExponentialMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The slot's age.
    pub age: Signal<In, Bits<SLOT_BITS>>,
    /// Whether to store an exponential.
    pub write: Signal<In, Bit>,
    /// The exponential to be stored.
    pub exponential: Signal<In, Bits<15>>,
    /// The exponential that was read.
    pub recalled: Signal<Out, Bits<15>>,
    _cells: Vec<u16>,
    _evaluation: Evaluation,
}

impl ExponentialMemory {
    /// A memory of zeros.
    pub fn new() -> ExponentialMemory {
        ExponentialMemory { _cells: vec![0; 1 << SLOT_BITS], ..Default::default() }
    }
}

impl Leaf for ExponentialMemory {
    fn step(&mut self) {
        let age = index(self.age.val());
        self.recalled.next = undefined::read(self._cells[age].into(), 15, self.write.val()).into();
        if self.write.val() {
            self._cells[age] = self.exponential.val().to_u64() as u16;
        }
    }
    fn verilog(&self) -> String {
        "(* no_rw_check *) reg [14:0] cells [0:63];
always @(posedge clock) begin
   recalled <= cells[age];
   if (write) cells[age] <= exponential;
end"
        .into()
    }
}
