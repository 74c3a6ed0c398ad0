//! The judge: whether a column is remembered, as [`engram_spec::crossbar::memo::Settings::judge`] defines it.
//!
//! Latency: 5 cycles, a column every cycle: difference and denominator, the reciprocal, their product, the error, the comparison.
//! A difference of agreements is twice that of the rows in which signs differ.

use engram_spec::crossbar::memo::{ERROR_MAX, reciprocal};

use crate::crossbar::memo::disagreement::ROWS_BITS;
use crate::prelude::*;

/// Bits of an error, a drift and a threshold.
pub const DRIFT_BITS: usize = 12;

/// The judge.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Judge {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether there is a column.
    pub done: Signal<In, Bit>,
    /// The rows in which the column's signs differ.
    pub sum: Signal<In, Bits<ROWS_BITS>>,
    /// The rows in which they differed when the column was computed, of the entry.
    pub then: Signal<In, Bits<ROWS_BITS>>,
    /// The drift since the column was computed, of the entry.
    pub drift: Signal<In, Bits<DRIFT_BITS>>,
    /// The column's gate.
    pub gate: Signal<In, Bits<2>>,
    /// Whether there is nothing to compare with.
    pub alone: Signal<In, Bit>,
    /// I + H, the rows of a column.
    pub rows: Signal<In, Bits<ROWS_BITS>>,
    /// The number that a difference is divided by: 0 that of now, 1 the remembered one, 2 the rows.
    pub denominator: Signal<In, Bits<2>>,
    /// Whether errors add up.
    pub throttling: Signal<In, Bit>,
    /// The least drift that is no hit, of each gate.
    pub theta: Vec<Signal<In, Bits<DRIFT_BITS>>>,
    /// Whether there is a verdict.
    pub judged: Signal<Out, Bit>,
    /// Whether the column is remembered.
    pub hit: Signal<Out, Bit>,
    /// Whether there was nothing to compare with.
    pub forced: Signal<Out, Bit>,
    /// The column's gate.
    pub of_gate: Signal<Out, Bits<2>>,
    /// The rows that differ, of the entry from now on.
    pub kept: Signal<Out, Bits<ROWS_BITS>>,
    /// The drift, of the entry from now on.
    pub kept_drift: Signal<Out, Bits<DRIFT_BITS>>,
    _reciprocals: Vec<u64>,
    _columns: [Column; 4],
    /// The denominator's place in the table, its reciprocal, and the product with the difference; the error.
    _place: usize,
    _reciprocal: u64,
    _product: u64,
    _error: u64,
    _evaluation: Evaluation,
}

/// A column on its way.
#[derive(Clone, Copy, Debug, Default)]
struct Column {
    valid: bool,
    forced: bool,
    gate: u64,
    sum: u64,
    then: u64,
    drift: u64,
    difference: u64,
}

impl Judge {
    /// The judge of columns of up to so many rows.
    pub fn new(rows: usize) -> Judge {
        let entries = (rows + 1).next_power_of_two();
        assert!(rows < 1 << ROWS_BITS);
        Judge {
            theta: vec![Default::default(); 4],
            _reciprocals: (0..entries).map(|n| reciprocal(n as u16).into()).collect(),
            ..Default::default()
        }
    }
}

/// The denominator that is the number of rows.
const ROWS: u64 = 2;

impl Leaf for Judge {
    fn step(&mut self) {
        let most = u64::from(ERROR_MAX);
        let (by_rows, throttling) = (self.denominator.val().to_u64() == ROWS, self.throttling.val());
        let [first, second, third, fourth] = self._columns;

        let drift = if throttling { most.min(fourth.drift + self._error) } else { self._error };
        let hit = !fourth.forced && drift < self.theta[fourth.gate as usize].val().to_u64();
        self.judged.next = fourth.valid;
        self.hit.next = hit;
        self.forced.next = fourth.forced;
        self.of_gate.next = fourth.gate.into();
        self.kept.next = if hit { fourth.then } else { fourth.sum }.into();
        self.kept_drift.next = if hit { drift } else { 0 }.into();

        self._error = most.min(if by_rows { third.difference } else { self._product >> 8 });
        self._product = second.difference * self._reciprocal;
        self._reciprocal = self._reciprocals[self._place];

        let (sum, then) = (self.sum.val().to_u64(), self.then.val().to_u64());
        let related = if self.denominator.val().to_u64() == 0 { sum } else { then };
        let number = self.rows.val().to_u64().abs_diff(2 * related);
        self._place = number as usize % self._reciprocals.len();
        let column = Column {
            valid: self.done.val(),
            forced: self.alone.val() || (number == 0 && !by_rows),
            gate: self.gate.val().to_u64(),
            sum,
            then,
            drift: self.drift.val().to_u64(),
            difference: 2 * sum.abs_diff(then),
        };
        self._columns = [column, first, second, third];
    }
    fn verilog(&self) -> String {
        let entry = |(place, value): (usize, &u64)| format!("   reciprocals[{place}] = {value};\n");
        let entries: String = self._reciprocals.iter().enumerate().map(entry).collect();
        let mut text = format!(
            "reg [15:0] reciprocals [0:{last}];
initial begin
{entries}end
wire signed [10:0] related = {{1'b0, denominator == 0 ? sum : then, 1'b0}};
wire signed [10:0] over = $signed({{2'b0, rows}}) - related;
wire [10:0] number = over[10] ? -over : over;
wire [9:0] apart = {{1'b0, sum}} - {{1'b0, then}};
wire [9:0] distance = apart[9] ? -apart : apart;
wire by_rows = denominator == {ROWS};
reg [{top}:0] place = 0;
reg [15:0] factor = 0;
reg [25:0] product = 0;
reg [11:0] error = 0;
wire [17:0] scaled = product[25:8];\n",
            last = self._reciprocals.len() - 1,
            top = self._reciprocals.len().ilog2() - 1,
        );
        for stage in 1..=4 {
            text += &format!(
                "reg valid{stage} = 0;
reg forced{stage} = 0;
reg [1:0] gate{stage} = 0;
reg [8:0] sum{stage} = 0;
reg [8:0] then{stage} = 0;
reg [11:0] drift{stage} = 0;
reg [9:0] difference{stage} = 0;\n"
            );
        }
        let onward = |stage: usize| {
            let names = ["valid", "forced", "gate", "sum", "then", "drift", "difference"];
            names.map(|name| format!("   {name}{} <= {name}{stage};\n", stage + 1)).concat()
        };
        text += &format!(
            "wire [12:0] added = {{1'b0, drift4}} + {{1'b0, error}};
wire [11:0] drifted = !throttling ? error : added[12] ? 12'd{ERROR_MAX} : added[11:0];
reg [11:0] limit;
wire remembered = ~forced4 & (drifted < limit);
always @(*) case (gate4)
   0: limit = theta$0;
   1: limit = theta$1;
   2: limit = theta$2;
   default: limit = theta$3;
endcase
initial {{judged, hit, forced, of_gate, kept, kept_drift}} = 0;
always @(posedge clock) begin
   valid1 <= done;
   forced1 <= alone | (number == 0 & ~by_rows);
   gate1 <= gate;
   sum1 <= sum;
   then1 <= then;
   drift1 <= drift;
   difference1 <= {{distance[8:0], 1'b0}};
   place <= number[{top}:0];
{}{}{}   factor <= reciprocals[place];
   product <= difference2 * factor;
   error <= by_rows ? {{2'b0, difference3}} : (|scaled[17:12]) ? 12'd{ERROR_MAX} : scaled[11:0];
   judged <= valid4;
   hit <= remembered;
   forced <= forced4;
   of_gate <= gate4;
   kept <= remembered ? then4 : sum4;
   kept_drift <= remembered ? drifted : 12'd0;
end",
            onward(1),
            onward(2),
            onward(3),
            top = self._reciprocals.len().ilog2() - 1,
        );
        text
    }
}
