//! The memory of the controller's state, in two banks.

use crate::memnet::memory::{FOLD_BITS, address};
use crate::prelude::*;

/// The elements of u that a pair of lanes holds, in two banks: the present u is read while the next one is written.
#[derive(Clone, Debug, Default, Leaf)]
pub struct StateMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The bank that is read; the other is written.
    pub bank: Signal<In, Bit>,
    /// The number of the element in each lane.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write, to the other bank.
    pub write: Signal<In, Bit>,
    /// The even lane's code to be written.
    pub write_even: Signal<In, Bits<8>>,
    /// The odd lane's code to be written.
    pub write_odd: Signal<In, Bits<8>>,
    /// The even lane's code.
    pub even: Signal<Out, Bits<8>>,
    /// The odd lane's code.
    pub odd: Signal<Out, Bits<8>>,
    _folds: usize,
    _cells: Vec<[u8; 2]>,
    _evaluation: Evaluation,
}

impl StateMemory {
    /// A memory of so many elements a lane, all zero.
    pub fn new(folds: usize) -> StateMemory {
        StateMemory { _folds: folds, _cells: vec![[0; 2]; 2 * folds], ..Default::default() }
    }
}

impl Leaf for StateMemory {
    fn step(&mut self) {
        let fold = index(self.fold.val()) % self._folds;
        let present = usize::from(self.bank.val());
        [self.even.next, self.odd.next] =
            self._cells[address(present, fold, self._folds)].map(|code| u64::from(code).into());
        if self.write.val() {
            self._cells[address(1 - present, fold, self._folds)] =
                [self.write_even.val().to_u64() as u8, self.write_odd.val().to_u64() as u8];
        }
    }
    fn verilog(&self) -> String {
        let fold = match self._folds {
            1 => String::new(),
            folds => format!(", fold[{}:0]", folds.ilog2() - 1),
        };
        // Only a folded one is deep enough for a block RAM to pay.
        let style = if self._folds == 1 { "" } else { "(* ram_style = \"block\" *) " };
        format!(
            "{style}reg [15:0] cells [0:{last}];
always @(posedge clock) begin
   {{odd, even}} <= cells[{{bank{fold}}}];
   if (write) cells[{{~bank{fold}}}] <= {{write_odd, write_even}};
end",
            last = self._cells.len() - 1,
        )
    }
}
