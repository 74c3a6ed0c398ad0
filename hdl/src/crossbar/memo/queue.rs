//! The queue between predictor and lanes: the signs of columns, and their verdicts.
//!
//! A slot is a column's from the predictor's begin with it to the lanes' end. Signs are read from the plane once: what the
//! predictor compared, the lanes compute with.

use crate::parts::memory::undefined;
use crate::prelude::*;

/// The queue.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Queue {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the predictor compares signs.
    pub compare: Signal<In, Bit>,
    /// Whether they are the last of a column.
    pub last: Signal<In, Bit>,
    /// The place of the column's first word.
    pub turn: Signal<In, Bits<4>>,
    /// The signs of the weights of each word, a cycle later.
    pub plane: Vec<Signal<In, Bits<16>>>,
    /// Whether there is a verdict on the next column.
    pub judged: Signal<In, Bit>,
    /// Whether that column is remembered.
    pub hit: Signal<In, Bit>,
    /// Whether the lanes begin with a word, or pass by a column.
    pub valid: Signal<In, Bit>,
    /// Whether the word is the last of its column.
    pub closing: Signal<In, Bit>,
    /// Whether the predictor may begin with a column.
    pub room: Signal<Out, Bit>,
    /// Whether the lanes' column is judged.
    pub ready: Signal<Out, Bit>,
    /// Whether the lanes' column is remembered.
    pub remembered: Signal<Out, Bit>,
    /// The signs of the word's weights, a bit a lane, two cycles after `valid`.
    pub signs: Signal<Out, Bits<16>>,
    _lanes: usize,
    _slots: usize,
    /// Words of signs of a slot.
    _length: usize,
    _cells: Vec<Vec<u16>>,
    _turns: Vec<usize>,
    _hits: Vec<bool>,
    /// Columns begun with, judged, and left by the lanes, modulo 32.
    _tail: usize,
    _judged: usize,
    _head: usize,
    _filling: usize,
    _taking: usize,
    _write: Option<usize>,
    _read: usize,
    _place: usize,
    _data: Vec<u16>,
    _shown: usize,
    _evaluation: Evaluation,
}

impl Queue {
    /// A queue of 1 or 16 slots, for columns of up to `most` words, which come so many at a time.
    pub fn new(lanes: usize, words: usize, most: usize, slots: usize) -> Queue {
        assert!(matches!(slots, 1 | 16) && words.is_power_of_two() && lanes <= 16);
        let length = most.div_ceil(words).next_power_of_two();
        Queue {
            plane: vec![Default::default(); words],
            _lanes: lanes,
            _slots: slots,
            _length: length,
            _cells: vec![vec![0; words]; slots * length],
            _turns: vec![0; slots],
            _hits: vec![false; slots],
            _data: vec![0; words],
            ..Default::default()
        }
    }
}

impl Leaf for Queue {
    fn step(&mut self) {
        let (slots, words) = (self._slots, self.plane.len());
        let head = self._head % slots;
        let written = self._write == Some(self._read);
        let cell = self._cells[self._read].iter();
        self._data = cell.map(|&word| undefined::read(word.into(), self._lanes, written) as u16).collect();
        self._shown = self._place;
        if self.valid.val() {
            self._read = head * self._length + self._taking / words % self._length;
            self._place = (self._turns[head] + self._taking) % words;
            self._taking = (self._taking + 1) % 32;
            if self.closing.val() {
                self._taking = 0;
                self._head = (self._head + 1) % 32;
            }
        }
        if let Some(cell) = self._write {
            self._cells[cell] = self.plane.iter().map(|signs| signs.val().to_u64() as u16).collect();
        }
        self._write = None;
        if self.compare.val() {
            let tail = self._tail % slots;
            self._write = Some(tail * self._length + self._filling % self._length);
            self._turns[tail] = index(self.turn.val()) % words;
            self._filling = (self._filling + 1) % 16;
            if self.last.val() {
                self._filling = 0;
                self._tail = (self._tail + 1) % 32;
            }
        }
        if self.judged.val() {
            self._hits[self._judged % slots] = self.hit.val();
            self._judged = (self._judged + 1) % 32;
        }
    }

    fn settle(&mut self) {
        self.room.next = (32 + self._tail - self._head) % 32 < self._slots;
        self.ready.next = self._judged != self._head;
        self.remembered.next = self._hits[self._head % self._slots];
        self.signs.next = u64::from(self._data[self._shown] & ((1u32 << self._lanes) - 1) as u16).into();
    }
    fn verilog(&self) -> String {
        let (words, lanes) = (self.plane.len(), self._lanes);
        let low = words.ilog2() as usize;
        // A slot's number and a word's in it, as far as there are several.
        let slot = |counter: &str| (self._slots > 1).then(|| format!("{counter}[3:0]"));
        let part = |counter: &str, from: usize| match self._length.ilog2() as usize {
            0 => None,
            bits => Some(format!("{counter}[{}:{from}]", from + bits - 1)),
        };
        let cell = |number: &str, counter: &str, from: usize| {
            let parts: Vec<String> = [slot(number), part(counter, from)].into_iter().flatten().collect();
            if parts.is_empty() { "1'b0".to_string() } else { format!("{{{}}}", parts.join(", ")) }
        };
        let of = |counter: &str| slot(counter).unwrap_or("1'b0".to_string());
        let bits = (self._cells.len().ilog2() as usize).max(1);
        let room = match self._slots {
            1 => "tail == head",
            _ => "~used[4]",
        };
        let planes: Vec<String> = (0..words).rev().map(|word| format!("plane${word}[{}:0]", lanes - 1)).collect();
        let chosen: String = (0..words)
            .map(|word| {
                format!("      {word}: signs = {{{}data[{}:{}]}};\n", pad(lanes), (word + 1) * lanes - 1, word * lanes)
            })
            .collect();
        format!(
            "(* no_rw_check *) reg [{width}:0] cells [0:{last_cell}];
reg [{turn_top}:0] turns [0:{last_slot}];
reg hits [0:{last_slot}];
reg [4:0] tail = 0;
reg [4:0] verdicts = 0;
reg [4:0] head = 0;
reg [3:0] filling = 0;
reg [4:0] taking = 0;
reg write = 0;
reg [{cell_top}:0] write_cell = 0;
reg [{cell_top}:0] read_cell = 0;
reg [{turn_top}:0] place = 0;
reg [{turn_top}:0] shown = 0;
reg [{width}:0] data;
wire [4:0] used = tail - head;
integer number;
initial for (number = 0; number <= {last_slot}; number = number + 1) begin
   turns[number] = 0;
   hits[number] = 0;
end
always @(*) begin
   room = {room};
   ready = verdicts != head;
   remembered = hits[{head}];
   case (shown)
{chosen}   endcase
end
always @(posedge clock) begin
   data <= cells[read_cell];
   shown <= place;
   if (valid) begin
      read_cell <= {reads};
      place <= turns[{head}] + taking[{turn_top}:0];
      taking <= closing ? 5'd0 : taking + 5'd1;
      if (closing) head <= head + 5'd1;
   end
   if (write) cells[write_cell] <= {{{planes}}};
   write <= compare;
   if (compare) begin
      write_cell <= {writes};
      turns[{tail}] <= turn[{turn_top}:0];
      filling <= last ? 4'd0 : filling + 4'd1;
      if (last) tail <= tail + 5'd1;
   end
   if (judged) begin
      hits[{verdict}] <= hit;
      verdicts <= verdicts + 5'd1;
   end
end",
            width = words * lanes - 1,
            last_cell = (1 << bits) - 1,
            turn_top = low - 1,
            last_slot = self._slots.max(2) - 1,
            cell_top = bits - 1,
            head = of("head"),
            tail = of("tail"),
            verdict = of("verdicts"),
            reads = cell("head", "taking", low),
            writes = cell("tail", "filling", 0),
            planes = planes.join(", "),
        )
    }
}

/// Zeros in front of a word of so many lanes, which has 16 bits.
fn pad(lanes: usize) -> String {
    if lanes < 16 { format!("{}'b0, ", 16 - lanes) } else { String::new() }
}
