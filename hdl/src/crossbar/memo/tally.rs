//! The tally: what memoization came to since `clear`, eight numbers ([`engram_spec::crossbar::memo::Tally`]).

use engram_spec::crossbar::memo;

use crate::prelude::*;

/// The tally.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Tally {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether all numbers become 0.
    pub clear: Signal<In, Bit>,
    /// Whether there is a verdict.
    pub judged: Signal<In, Bit>,
    /// Whether the column is remembered.
    pub hit: Signal<In, Bit>,
    /// Whether there was nothing to compare with.
    pub forced: Signal<In, Bit>,
    /// The column's gate.
    pub gate: Signal<In, Bits<2>>,
    /// Whether the predictor compares signs.
    pub compare: Signal<In, Bit>,
    /// Whether the lanes' walk is under way.
    pub walking: Signal<In, Bit>,
    /// Whether the walk waits for a verdict.
    pub waiting: Signal<In, Bit>,
    /// The number that is asked for.
    pub which: Signal<In, Bits<3>>,
    /// The number, two cycles after it was asked for.
    pub number: Signal<Out, Bits<32>>,
    _events: [bool; NUMBERS],
    _numbers: [u32; NUMBERS],
    _evaluation: Evaluation,
}

const NUMBERS: usize = memo::Tally::NUMBERS;

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
    fn verilog(&self) -> String {
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
        text
    }
}
