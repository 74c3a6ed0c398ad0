//! The memories of a pair of lanes, two codes a word, and the byte buffer of the link.
//!
//! All reads are synchronous: data follow the address by one cycle, and are not defined before the first. The weight memory has a single port (a block RAM on
//! ECP5, the 256-kbit memory on UP5K) and keeps its output while it is written; a slot memory has a second port for the age
//! words (one true dual-port block RAM on ECP5, two block RAMs on UP5K).

use crate::leaf;
use crate::prelude::*;

/// Bits of a row number of the weight memory.
pub const ROW_BITS: usize = 10;
/// Bits of a fold number.
pub const FOLD_BITS: usize = 2;
/// Bits of a slot number or an age.
pub const SLOT_BITS: usize = 6;

/// Where a row's fold lies: the folds of a row follow one another.
fn address(row: usize, fold: usize, folds: usize) -> usize {
    row * folds + fold
}

/// The Verilog of [`address`].
fn address_text(row: &str, folds: usize) -> String {
    if folds == 1 { row.to_string() } else { format!("{row} * {folds} + fold") }
}

/// The weights of a pair of lanes: rows of the regions in the weight memory, a 16-bit word a fold.
///
/// | port | width | |
/// |---|---|---|
/// | `row`, `fold` | 10, 2 | address |
/// | `write`, `write_even`, `write_odd` | 1, 8, 8 | stores the codes of the even and the odd lane; the outputs keep their value |
/// | `even`, `odd` | 8 | the codes, one cycle later |
#[derive(Clone, Debug, Default)]
pub struct WeightMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The row.
    pub row: Signal<In, Bits<ROW_BITS>>,
    /// The fold.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// The even lane's code to write.
    pub write_even: Signal<In, Bits<8>>,
    /// The odd lane's code to write.
    pub write_odd: Signal<In, Bits<8>>,
    /// The even lane's code.
    pub even: Signal<Out, Bits<8>>,
    /// The odd lane's code.
    pub odd: Signal<Out, Bits<8>>,
    _folds: usize,
    _cells: Vec<[u8; 2]>,
    _settled: bool,
    _changed: bool,
}

leaf!(WeightMemory { inputs: clock row fold write write_even write_odd; outputs: even odd; });

impl WeightMemory {
    /// A memory of `depth` words, all zero.
    pub fn new(depth: usize, folds: usize) -> WeightMemory {
        WeightMemory { _folds: folds, _cells: vec![[0; 2]; depth], ..Default::default() }
    }
}

impl Leaf for WeightMemory {
    fn step(&mut self) {
        let depth = self._cells.len();
        let place = address(index(self.row.val()), index(self.fold.val()), self._folds) % depth;
        if self.write.val() {
            self._cells[place] = [self.write_even.val().to_u64() as u8, self.write_odd.val().to_u64() as u8];
        } else {
            [self.even.next, self.odd.next] = self._cells[place].map(|code| u64::from(code).into());
        }
    }
}

impl Logic for WeightMemory {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.even.connect();
        self.odd.connect();
    }
    fn hdl(&self) -> Verilog {
        let depth = self._cells.len();
        let address = address_text("row", self._folds);
        let bits = depth.ilog2();
        Verilog::Custom(format!(
            "reg [15:0] cells [0:{last}];
wire [{top}:0] address = {address};
always @(posedge clock) begin
   if (write) cells[address] <= {{write_odd, write_even}};
   else {{odd, even}} <= cells[address];
end",
            last = depth - 1,
            top = bits - 1,
        ))
    }
}

/// The slots of a pair of lanes (m or c) with the age words that belong to them (T_A or T_C).
///
/// | port | width | |
/// |---|---|---|
/// | `aged`, `slot`, `fold` | 1, 6, 2 | address of the first port: a slot, or with `aged` an age word |
/// | `write`, `write_even`, `write_odd` | 1, 8, 8 | stores codes there |
/// | `age` | 6 | address of the second port: the age word, same fold |
/// | `slot_even`, `slot_odd` | 8 | the slot's codes, one cycle later |
/// | `age_even`, `age_odd` | 8 | the age word's codes, one cycle later |
///
/// What is read in the cycle in which the same word is written is not defined on the device (the old word here); the
/// sequencer never reads what it is writing.
#[derive(Clone, Debug, Default)]
pub struct SlotMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the first port addresses the age words.
    pub aged: Signal<In, Bit>,
    /// The slot, or the age with `aged`.
    pub slot: Signal<In, Bits<SLOT_BITS>>,
    /// The fold of both ports.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// The even lane's code to write.
    pub write_even: Signal<In, Bits<8>>,
    /// The odd lane's code to write.
    pub write_odd: Signal<In, Bits<8>>,
    /// The age of the second port.
    pub age: Signal<In, Bits<SLOT_BITS>>,
    /// The slot's code of the even lane.
    pub slot_even: Signal<Out, Bits<8>>,
    /// The slot's code of the odd lane.
    pub slot_odd: Signal<Out, Bits<8>>,
    /// The age word's code of the even lane.
    pub age_even: Signal<Out, Bits<8>>,
    /// The age word's code of the odd lane.
    pub age_odd: Signal<Out, Bits<8>>,
    _slots: usize,
    _folds: usize,
    _cells: Vec<[u8; 2]>,
    _settled: bool,
    _changed: bool,
}

leaf!(SlotMemory { inputs: clock aged slot fold write write_even write_odd age; outputs: slot_even slot_odd age_even age_odd; });

impl SlotMemory {
    /// A memory of `slots` slots and as many age words, all zero.
    pub fn new(slots: usize, folds: usize) -> SlotMemory {
        SlotMemory { _slots: slots, _folds: folds, _cells: vec![[0; 2]; 2 * slots * folds], ..Default::default() }
    }
}

impl Leaf for SlotMemory {
    fn step(&mut self) {
        let (slots, folds) = (self._slots, self._folds);
        let fold = index(self.fold.val());
        let row = index(self.slot.val()) % slots + if self.aged.val() { slots } else { 0 };
        let place = address(row, fold, folds) % self._cells.len();
        let age = address(index(self.age.val()) % slots + slots, fold, folds) % self._cells.len();
        [self.age_even.next, self.age_odd.next] = self._cells[age].map(|code| u64::from(code).into());
        [self.slot_even.next, self.slot_odd.next] = self._cells[place].map(|code| u64::from(code).into());
        if self.write.val() {
            self._cells[place] = [self.write_even.val().to_u64() as u8, self.write_odd.val().to_u64() as u8];
        }
    }
}

impl Logic for SlotMemory {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.slot_even.connect();
        self.slot_odd.connect();
        self.age_even.connect();
        self.age_odd.connect();
    }
    fn hdl(&self) -> Verilog {
        let top = self._slots.ilog2() - 1;
        let row = address_text(&format!("{{aged, slot[{top}:0]}}"), self._folds);
        let age = address_text(&format!("{{1'b1, age[{top}:0]}}"), self._folds);
        let depth = self._cells.len();
        Verilog::Custom(format!(
            "(* no_rw_check, ram_style = \"block\" *) reg [15:0] cells [0:{last}];
wire [{bits}:0] place = {row};
wire [{bits}:0] age_place = {age};
always @(posedge clock) begin
   if (write) cells[place] <= {{write_odd, write_even}};
   {{slot_odd, slot_even}} <= cells[place];
end
always @(posedge clock) {{age_odd, age_even}} <= cells[age_place];",
            last = depth - 1,
            bits = depth.ilog2() - 1,
        ))
    }
}

/// Bits of an address of the byte buffer.
pub const BYTE_BITS: usize = 7;

/// A buffer of 128 bytes with one write and one read port, for the content of a frame.
///
/// | port | width | |
/// |---|---|---|
/// | `write`, `write_address`, `write_data` | 1, 7, 8 | stores a byte |
/// | `address` | 7 | |
/// | `data` | 8 | the byte, one cycle later; what was there before where it is being written |
#[derive(Clone, Debug, Default)]
pub struct ByteBuffer {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Bits<BYTE_BITS>>,
    /// What to write.
    pub write_data: Signal<In, Bits<8>>,
    /// Where to read.
    pub address: Signal<In, Bits<BYTE_BITS>>,
    /// What was read.
    pub data: Signal<Out, Bits<8>>,
    _cells: Vec<u8>,
    _settled: bool,
    _changed: bool,
}

leaf!(ByteBuffer { inputs: clock write write_address write_data address; outputs: data; });

impl ByteBuffer {
    /// A buffer of zeros.
    pub fn new() -> ByteBuffer {
        ByteBuffer { _cells: vec![0; 1 << BYTE_BITS], ..Default::default() }
    }
}

impl Leaf for ByteBuffer {
    fn step(&mut self) {
        self.data.next = u64::from(self._cells[index(self.address.val())]).into();
        if self.write.val() {
            self._cells[index(self.write_address.val())] = self.write_data.val().to_u64() as u8;
        }
    }
}

impl Logic for ByteBuffer {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.data.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "reg [7:0] cells [0:127];
always @(posedge clock) begin
   data <= cells[address];
   if (write) cells[write_address] <= write_data;
end"
            .into(),
        )
    }
}

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
        self.recalled.next = u64::from(self._cells[age]).into();
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

/// The elements of u that a pair of lanes holds, in two banks: the present u is read while the next one is written.
///
/// | port | width | |
/// |---|---|---|
/// | `bank` | 1 | the bank of the present u |
/// | `fold` | 2 | which element |
/// | `write`, `write_even`, `write_odd` | 1, 8, 8 | stores codes of the next u, in the other bank |
/// | `even`, `odd` | 8 | the codes of the present u, one cycle later |
#[derive(Clone, Debug, Default)]
pub struct StateMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The bank that is read.
    pub bank: Signal<In, Bit>,
    /// Which element.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether to write, to the other bank.
    pub write: Signal<In, Bit>,
    /// The even lane's code to write.
    pub write_even: Signal<In, Bits<8>>,
    /// The odd lane's code to write.
    pub write_odd: Signal<In, Bits<8>>,
    /// The even lane's code.
    pub even: Signal<Out, Bits<8>>,
    /// The odd lane's code.
    pub odd: Signal<Out, Bits<8>>,
    _folds: usize,
    _cells: Vec<[u8; 2]>,
    _settled: bool,
    _changed: bool,
}

leaf!(StateMemory { inputs: clock bank fold write write_even write_odd; outputs: even odd; });

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
}

impl Logic for StateMemory {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.even.connect();
        self.odd.connect();
    }
    fn hdl(&self) -> Verilog {
        let fold = match self._folds {
            1 => String::new(),
            folds => format!(", fold[{}:0]", folds.ilog2() - 1),
        };
        // Only a folded one is deep enough for a block RAM to pay.
        let style = if self._folds == 1 { "" } else { "(* ram_style = \"block\" *) " };
        Verilog::Custom(format!(
            "{style}reg [15:0] cells [0:{last}];
always @(posedge clock) begin
   {{odd, even}} <= cells[{{bank{fold}}}];
   if (write) cells[{{~bank{fold}}}] <= {{write_odd, write_even}};
end",
            last = self._cells.len() - 1,
        ))
    }
}

/// A table of 2^`A` constants of 15 bits in block RAM.
///
/// | port | width | |
/// |---|---|---|
/// | `address` | A | |
/// | `data` | 15 | the entry, one cycle later |
#[derive(Clone, Debug, Default)]
pub struct Table<const A: usize> {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The entry's number.
    pub address: Signal<In, Bits<A>>,
    /// The entry.
    pub data: Signal<Out, Bits<15>>,
    _entries: Vec<u32>,
    _settled: bool,
    _changed: bool,
}

leaf!([const A: usize] Table<A> { inputs: clock address; outputs: data; });

impl<const A: usize> Table<A> {
    /// The table of these entries, each below 2^15.
    pub fn new(entries: Vec<u32>) -> Table<A> {
        assert!(entries.len() == 1 << A && entries.iter().all(|&entry| entry < 1 << 15));
        Table { _entries: entries, ..Default::default() }
    }
}

impl<const A: usize> Leaf for Table<A> {
    fn step(&mut self) {
        self.data.next = u64::from(self._entries[index(self.address.val())]).into();
    }
}

impl<const A: usize> Logic for Table<A> {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.data.connect();
    }
    fn hdl(&self) -> Verilog {
        let entry = |(place, value): (usize, &u32)| format!("   cells[{place}] = {value};\n");
        let entries: String = self._entries.iter().enumerate().map(entry).collect();
        Verilog::Custom(format!(
            "(* rom_style = \"block\" *) reg [14:0] cells [0:{last}];
initial begin
{entries}end
always @(posedge clock) data <= cells[address];",
            last = self._entries.len() - 1,
        ))
    }
}
