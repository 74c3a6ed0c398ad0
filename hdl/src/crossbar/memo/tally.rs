//! The tally: what memoization came to since `clear`, eight numbers ([`engram_spec::crossbar::memo::Tally`]).
//!
//! | port | width | |
//! |---|---|---|
//! | `clear` | 1 | all are 0 |
//! | `judged`, `hit`, `forced`, `gate` | 1, 1, 1, 2 | a verdict |
//! | `compare` | 1 | the predictor compares signs |
//! | `walking`, `waiting` | 1, 1 | the lanes' walk is on; it waits for a verdict |
//! | `which`, `number` | 3, 32 | a number, two cycles after it was chosen |

use engram_spec::crossbar::memo;

use crate::leaf;
use crate::prelude::*;

/// The tally.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// All are 0.
    pub clear: Signal<In, Bit>,
    /// There is a verdict.
    pub judged: Signal<In, Bit>,
    /// The column is remembered.
    pub hit: Signal<In, Bit>,
    /// There was nothing to compare with.
    pub forced: Signal<In, Bit>,
    /// The column's gate.
    pub gate: Signal<In, Bits<2>>,
    /// Signs are compared.
    pub compare: Signal<In, Bit>,
    /// The walk is on.
    pub walking: Signal<In, Bit>,
    /// It waits.
    pub waiting: Signal<In, Bit>,
    /// Which number is wanted.
    pub which: Signal<In, Bits<3>>,
    /// It.
    pub number: Signal<Out, Bits<32>>,
    _events: [bool; NUMBERS],
    _numbers: [u32; NUMBERS],
    _settled: bool,
    _changed: bool,
}

const NUMBERS: usize = memo::Tally::NUMBERS;

leaf!(Tally { inputs: clock clear judged hit forced gate compare walking waiting which; outputs: number; });

impl Leaf for Tally {
    fn step(&mut self) {
        self.number.next = u64::from(self._numbers[index(self.which.val())]).into();
        for (number, &event) in self._numbers.iter_mut().zip(&self._events) {
            *number = if self.clear.val() { 0 } else { number.wrapping_add(event.into()) };
        }
        let hit = self.judged.val() && self.hit.val();
        let of = |gate: usize| hit && index(self.gate.val()) == gate;
        let forced = self.judged.val() && self.forced.val();
        let (compare, waiting, walking) = (self.compare.val(), self.waiting.val(), self.walking.val());
        self._events = [of(0), of(1), of(2), of(3), forced, compare, waiting, walking];
    }
}

impl Logic for Tally {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.number.connect();
    }
    fn hdl(&self) -> Verilog {
        let mut text = format!(
            "reg [{top}:0] events = 0;
wire remembered = judged & hit;
initial number = 0;
always @(posedge clock) events <= {{walking, waiting, compare, judged & forced, remembered & gate == 3, remembered & gate == 2, remembered & gate == 1, remembered & gate == 0}};\n",
            top = NUMBERS - 1,
        );
        for number in 0..NUMBERS {
            text += &format!(
                "reg [31:0] number{number} = 0;
always @(posedge clock) number{number} <= clear ? 32'd0 : number{number} + events[{number}];\n"
            );
        }
        let cases: String = (0..NUMBERS).map(|number| format!("   {number}: number <= number{number};\n")).collect();
        text += &format!("always @(posedge clock) case (which)\n{cases}endcase");
        Verilog::Custom(text)
    }
}
