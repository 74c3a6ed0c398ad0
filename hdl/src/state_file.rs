//! The elements of u that a lane holds: those of the present u, and those of the next while the controller makes it.
//!
//! | port | width | |
//! |---|---|---|
//! | `fold` | 2 | which element |
//! | `write`, `code` | 1, 8 | stores a code of the next u |
//! | `commit` | 1 | the next u becomes the present one, with the code that is written in the same cycle |
//! | `state` | 8 | the element of the present u, combinationally |
//!
//! Latency: 1 cycle.

use crate::leaf;
use crate::memory::FOLD_BITS;
use crate::prelude::*;

/// A lane's elements of u.
#[derive(Clone, Debug, Default)]
pub struct StateFile {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Which element.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write, to the next u.
    pub write: Signal<In, Bit>,
    /// What to write.
    pub code: Signal<In, Bits<8>>,
    /// Makes the next u the present one.
    pub commit: Signal<In, Bit>,
    /// The element read.
    pub state: Signal<Out, Bits<8>>,
    _present: Vec<u8>,
    _coming: Vec<u8>,
    _settled: bool,
    _changed: bool,
}

leaf!(StateFile { inputs: clock fold write code commit; outputs: state; });

impl StateFile {
    /// So many elements, all zero.
    pub fn new(folds: usize) -> StateFile {
        StateFile { _present: vec![0; folds], _coming: vec![0; folds], ..Default::default() }
    }
    fn place(&self) -> usize {
        index(self.fold.val()) % self._present.len()
    }
}

impl Leaf for StateFile {
    fn step(&mut self) {
        let place = self.place();
        if self.write.val() {
            self._coming[place] = self.code.val().to_u64() as u8;
        }
        if self.commit.val() {
            self._present.clone_from(&self._coming);
        }
    }
    fn settle(&mut self) {
        self.state.next = u64::from(self._present[self.place()]).into();
    }
}

impl Logic for StateFile {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
        self.settle();
    }
    fn connect(&mut self) {
        self.state.connect();
    }
    fn hdl(&self) -> Verilog {
        let folds = self._present.len();
        // The last fold is committed in the cycle in which it is written, so it needs no register of its own.
        let mut text = String::new();
        for fold in 0..folds {
            let written = if folds == 1 { "write".to_string() } else { format!("(write & (fold == {fold}))") };
            text += &format!(
                "reg [7:0] present{fold} = 0;
reg [7:0] coming{fold} = 0;
wire [7:0] newest{fold} = {written} ? code : coming{fold};
always @(posedge clock) begin
   coming{fold} <= newest{fold};
   if (commit) present{fold} <= newest{fold};
end
"
            );
        }
        let cases: String = (1..folds).map(|fold| format!("      {fold}: state = present{fold};\n")).collect();
        Verilog::Custom(format!(
            "{text}always @(*) begin
   case (fold)
{cases}      default: state = present0;
   endcase
end"
        ))
    }
}
