//! The memory of the exponentials of a hop.

use crate::leaf;
use crate::memnet::memory::SLOT_BITS;
use crate::parts::memory::undefined;
use crate::prelude::*;

/// The exponentials of a hop, by age, for the folds beyond the first.
///
/// | port | width | |
/// |---|---|---|
/// | `age` | 6 | address of both ports |
/// | `write`, `exponential` | 1, 15 | stores e_i |
/// | `recalled` | 15 | e_i, one cycle later |
#[derive(Clone, Debug, Default)]
pub struct ExponentialMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The slot's age.
    pub age: Signal<In, Bits<SLOT_BITS>>,
    /// Whether to store.
    pub write: Signal<In, Bit>,
    /// The exponential to store.
    pub exponential: Signal<In, Bits<15>>,
    /// The exponential read.
    pub recalled: Signal<Out, Bits<15>>,
    _cells: Vec<u16>,
    _settled: bool,
    _changed: bool,
}

leaf!(ExponentialMemory { inputs: clock age write exponential; outputs: recalled; });

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
}

impl Logic for ExponentialMemory {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.recalled.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "(* no_rw_check *) reg [14:0] cells [0:63];
always @(posedge clock) begin
   recalled <= cells[age];
   if (write) cells[age] <= exponential;
end"
            .into(),
        )
    }
}
