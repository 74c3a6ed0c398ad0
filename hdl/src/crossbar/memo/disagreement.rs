//! In how many rows a column's signs differ from those of the row vector.
//!
//! The agreement of the definition ([`engram_spec::crossbar::memo`]) is the number of rows, less twice this: padding has no
//! sign and differs nowhere. Latency: 5 cycles, signs every cycle: differences, counts of a word, their sum, that of the column.

use crate::prelude::*;

/// Bits of a number of rows.
pub const ROWS_BITS: usize = 9;

/// In how many rows signs differ.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Disagreement {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The signs of a word of weights, a bit a lane.
    pub weights: Vec<Signal<In, Bits<16>>>,
    /// The signs of a word of rows, a bit a lane.
    pub rows: Vec<Signal<In, Bits<16>>>,
    /// Whether there is such a word, a bit a place.
    pub present: Signal<In, Bits<16>>,
    /// Whether there are signs in the next cycle.
    pub compare: Signal<In, Bit>,
    /// Whether they are the first of a column.
    pub first: Signal<In, Bit>,
    /// Whether they are the last of a column.
    pub last: Signal<In, Bit>,
    /// The rows in which the column's signs differ, five cycles after `compare` with `last`.
    pub sum: Signal<Out, Bits<ROWS_BITS>>,
    /// Whether a column is done.
    pub done: Signal<Out, Bit>,
    _lanes: usize,
    /// Compare, first, last as they come along.
    _flags: [[bool; 3]; 4],
    _differences: Vec<u16>,
    _counts: u64,
    _total: u64,
    _evaluation: Evaluation,
}

impl Disagreement {
    /// Of so many words of so many lanes at a time.
    pub fn new(lanes: usize, words: usize) -> Disagreement {
        assert!(lanes <= 16 && words <= 16);
        Disagreement {
            weights: vec![Default::default(); words],
            rows: vec![Default::default(); words],
            _lanes: lanes,
            _differences: vec![0; words],
            ..Default::default()
        }
    }
}

impl Leaf for Disagreement {
    fn step(&mut self) {
        let [compared, first, last] = self._flags[3];
        if compared {
            let before = if first { 0 } else { self.sum.val().to_u64() };
            self.sum.next = ((before + self._total) % (1 << ROWS_BITS)).into();
        }
        self.done.next = compared && last;
        self._total = self._counts;
        self._counts = self._differences.iter().map(|word| u64::from(word.count_ones())).sum();
        let mask = ((1u32 << self._lanes) - 1) as u16;
        for (place, (weights, rows)) in self.weights.iter().zip(&self.rows).enumerate() {
            let differ = (weights.val().to_u64() ^ rows.val().to_u64()) as u16 & mask;
            self._differences[place] = if self.present.val().get_bit(place) { differ } else { 0 };
        }
        let [one, two, three, _] = self._flags;
        self._flags = [[self.compare.val(), self.first.val(), self.last.val()], one, two, three];
    }
    fn verilog(&self) -> String {
        let (words, last) = (self.weights.len(), self._lanes - 1);
        let mut text = "reg [3:0] comparing = 0;
reg [3:0] opening = 0;
reg [3:0] closing = 0;
reg [8:0] total = 0;
wire [8:0] before = opening[3] ? 9'd0 : sum;
initial sum = 0;
initial done = 0;\n"
            .to_string();
        for word in 0..words {
            let bits: Vec<String> = (0..self._lanes).map(|lane| format!("{{4'b0, differ{word}[{lane}]}}")).collect();
            text += &format!(
                "reg [{last}:0] differ{word} = 0;
reg [4:0] count{word} = 0;
always @(posedge clock) begin
   differ{word} <= present[{word}] ? weights${word}[{last}:0] ^ rows${word}[{last}:0] : 0;
   count{word} <= {};
end\n",
                bits.join(" + ")
            );
        }
        let counts: Vec<String> = (0..words).map(|word| format!("{{4'b0, count{word}}}")).collect();
        text += &format!(
            "always @(posedge clock) begin
   comparing <= {{comparing[2:0], compare}};
   opening <= {{opening[2:0], first}};
   closing <= {{closing[2:0], last}};
   total <= {};
   if (comparing[3]) sum <= before + total;
   done <= comparing[3] & closing[3];
end",
            counts.join(" + ")
        );
        text
    }
}
