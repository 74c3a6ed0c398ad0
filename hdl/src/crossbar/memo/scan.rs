//! The scan: which signs the predictor compares, a word of P_b a cycle, column after column as the lanes will walk, of a GRU's nx the
//! words of x and of nh those of h.
//!
//! Latency: begins three cycles after `start`; waits between columns only.

use crate::crossbar::{CHUNK_BITS, WORD_BITS};
use crate::prelude::*;

/// The scan.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Scan {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a walk begins.
    pub start: Signal<In, Bit>,
    /// Whether the walk goes over the classes, not the columns.
    pub answer: Signal<In, Bit>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// The number of the last cell.
    pub last_cell: Signal<In, Bits<8>>,
    /// The number of the last class.
    pub last_class: Signal<In, Bits<8>>,
    /// The number of the last word of x.
    pub last_input: Signal<In, Bits<CHUNK_BITS>>,
    /// The number of the last word of h.
    pub last_hidden: Signal<In, Bits<CHUNK_BITS>>,
    /// Whether there is a place for a column in the queue.
    pub room: Signal<In, Bit>,
    /// Whether the row vector's signs are all there.
    pub take: Signal<Out, Bit>,
    /// Whether signs are compared.
    pub compare: Signal<Out, Bit>,
    /// Whether they are the first of a column.
    pub first: Signal<Out, Bit>,
    /// Whether they are the last of a column.
    pub last: Signal<Out, Bit>,
    /// The address of the first of the K words of weights.
    pub address: Signal<Out, Bits<WORD_BITS>>,
    /// The number of that word in the row vector.
    pub word: Signal<Out, Bits<5>>,
    /// The number of the word behind the column's last in the row vector.
    pub words: Signal<Out, Bits<5>>,
    /// Words of x.
    pub input_words: Signal<Out, Bits<5>>,
    _stride: usize,
    _begins: [bool; 2],
    _scanning: bool,
    _classes: bool,
    _column: usize,
    _word: usize,
    _base: usize,
    _address: usize,
    _class_base: usize,
    _evaluation: Evaluation,
}

impl Scan {
    /// The scan of so many words at a time.
    pub fn new(words: usize) -> Scan {
        assert!(words.is_power_of_two() && words > 1 && words <= 16);
        Scan { _stride: words, ..Default::default() }
    }

    /// The first word of the row vector that the column reads, and the number of its words.
    fn reads(&self) -> (usize, usize) {
        let (inputs, hidden) = (index(self.last_input.val()) + 1, index(self.last_hidden.val()) + 1);
        match (self._classes, self.gru.val(), self._column % 4) {
            (true, ..) => (0, hidden),
            (_, true, 2) => (0, inputs),
            (_, true, 3) => (inputs, hidden),
            _ => (0, (inputs + hidden) % 32),
        }
    }

    fn words(&self) -> usize {
        self.reads().1
    }

    fn is_last(&self) -> bool {
        self._word + self._stride >= self.words()
    }
}

impl Leaf for Scan {
    fn step(&mut self) {
        if self._scanning && (self._word != 0 || self.room.val()) {
            if self.is_last() {
                let end = match self._classes {
                    true => index(self.last_class.val()),
                    false => 4 * index(self.last_cell.val()) + 3,
                };
                self._base = (self._base + self.words()) % (1 << WORD_BITS);
                (self._word, self._address) = (0, self._base);
                if self._column == end {
                    // Behind the last column there may be no word.
                    (self._scanning, self._address) = (false, 0);
                    if !self._classes {
                        self._class_base = self._base;
                    }
                }
                self._column = (self._column + 1) % 1024;
            } else {
                self._word += self._stride;
                self._address = (self._address + self._stride) % (1 << WORD_BITS);
            }
        }
        let [first, second] = self._begins;
        self._scanning |= second;
        self._begins = [self.start.val(), first];
        if self.start.val() {
            self._classes = self.answer.val();
            self._base = if self._classes { self._class_base } else { 0 };
            (self._column, self._word, self._address) = (0, 0, self._base);
        }
    }

    fn settle(&mut self) {
        self.take.next = self._begins[1];
        self.compare.next = self._scanning && (self._word != 0 || self.room.val());
        self.first.next = self._word == 0;
        self.last.next = self.is_last();
        self.address.next = (self._address as u64).into();
        let (first, words) = self.reads();
        self.word.next = ((first + self._word) as u64 % 32).into();
        self.words.next = ((first + words) as u64 % 32).into();
        self.input_words.next = (index(self.last_input.val()) as u64 + 1).into();
    }
    fn verilog(&self) -> String {
        format!(
            "reg [1:0] begins = 0;
reg scanning = 0;
reg classes = 0;
reg [9:0] column = 0;
reg [4:0] at = 0;
reg [13:0] base = 0;
reg [13:0] place = 0;
reg [13:0] class_base = 0;
wire [4:0] of_inputs = {{1'b0, last_input}} + 5'd1;
wire [4:0] of_hidden = {{1'b0, last_hidden}} + 5'd1;
wire of_x = gru & ~classes & (column[1:0] == 2);
wire of_h = gru & ~classes & (column[1:0] == 3);
wire [4:0] all = of_inputs + of_hidden;
wire [4:0] length = classes | of_h ? of_hidden : of_x ? of_inputs : all;
wire [5:0] onward = {{1'b0, at}} + 6'd{stride};
wire ends = onward >= {{1'b0, length}};
wire go = scanning & (at != 0 | room);
wire [13:0] next_base = base + length;
wire [9:0] last_column = classes ? {{2'b0, last_class}} : {{last_cell, 2'b11}};
always @(*) begin
   take = begins[1];
   compare = go;
   first = at == 0;
   last = ends;
   address = place;
   word = of_h ? at + of_inputs : at;
   words = of_h ? all : length;
   input_words = of_inputs;
end
always @(posedge clock) begin
   begins <= {{begins[0], start}};
   if (go) begin
      if (ends) begin
         at <= 0;
         base <= next_base;
         place <= next_base;
         column <= column + 10'd1;
         if (column == last_column) begin
            scanning <= 0;
            place <= 0;
            if (!classes) class_base <= next_base;
         end
      end else begin
         at <= onward[4:0];
         place <= place + 14'd{stride};
      end
   end
   if (begins[1]) scanning <= 1;
   if (start) begin
      classes <= answer;
      column <= 0;
      at <= 0;
      base <= answer ? class_base : 14'd0;
      place <= answer ? class_base : 14'd0;
   end
end",
            stride = self._stride,
        )
    }
}
