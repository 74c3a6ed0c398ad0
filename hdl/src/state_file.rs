//! The elements of u that a lane holds, in two banks: the controller reads u_k from one while it writes u_k+1 to the other.
//!
//! | port | width | |
//! |---|---|---|
//! | `bank` | 1 | the bank that is read |
//! | `fold` | 2 | which element |
//! | `write`, `code` | 1, 8 | stores a code in the other bank |
//! | `state` | 8 | the element, combinationally |
//!
//! Latency: a write shows one cycle later, in the other bank.

use crate::leaf;
use crate::memory::FOLD_BITS;
use crate::prelude::*;

/// Two banks of a lane's elements of u.
#[derive(Clone, Debug, Default)]
pub struct StateFile {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The bank that is read.
    pub bank: Signal<In, Bit>,
    /// Which element.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write, to the other bank.
    pub write: Signal<In, Bit>,
    /// What to write.
    pub code: Signal<In, Bits<8>>,
    /// The element read.
    pub state: Signal<Out, Bits<8>>,
    _banks: [Vec<u8>; 2],
    _settled: bool,
    _changed: bool,
}

leaf!(StateFile { inputs: clock bank fold write code; outputs: state; });

impl StateFile {
    /// Two banks of so many elements, all zero.
    pub fn new(folds: usize) -> StateFile {
        StateFile { _banks: [vec![0; folds], vec![0; folds]], ..Default::default() }
    }
    fn place(&self) -> usize {
        index(self.fold.val()) % self._banks[0].len()
    }
}

impl Leaf for StateFile {
    fn step(&mut self) {
        let place = self.place();
        if self.write.val() {
            self._banks[usize::from(!self.bank.val())][place] = self.code.val().to_u64() as u8;
        }
    }
    fn settle(&mut self) {
        self.state.next = u64::from(self._banks[usize::from(self.bank.val())][self.place()]).into();
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
        let folds = self._banks[0].len();
        let place = |bank: &str| match folds {
            1 => bank.to_string(),
            _ => format!("{{{bank}, fold[{}:0]}}", folds.ilog2() - 1),
        };
        let initial: Vec<String> = (0..2 * folds).map(|cell| format!("initial cells[{cell}] = 0;")).collect();
        Verilog::Custom(format!(
            "reg [7:0] cells [0:{last}];
{initial}
always @(*) state = cells[{read}];
always @(posedge clock) if (write) cells[{write}] <= code;",
            last = 2 * folds - 1,
            initial = initial.join("\n"),
            read = place("bank"),
            write = place("~bank"),
        ))
    }
}
