//! The slot memory of a pair of lanes, which has a port of its own for age words.

use crate::memnet::memory::{FOLD_BITS, PLACE_BITS, address, address_text};
use crate::parts::memory::{contents, undefined, within};
use crate::prelude::*;

/// Slots of a pair of lanes with the age words that belong to them: m and T_A, or c and T_C; with adjacent tying every second
/// memory of the network, side by side.
///
/// A read in the cycle in which the same word is written is not defined on the device (the old word here); the
/// sequencer never reads what it is writing.
#[derive(Clone, Debug, Default, Leaf)]
pub struct SlotMemory {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the first port addresses the age words.
    pub aged: Signal<In, Bit>,
    /// The place of the slot, or with `aged` of the age word, of the first port.
    pub slot: Signal<In, Bits<PLACE_BITS>>,
    /// The fold of both ports.
    pub fold: Signal<In, Bits<FOLD_BITS>>,
    /// Whether the first port writes.
    pub write: Signal<In, Bit>,
    /// The even lane's code to be written.
    pub write_even: Signal<In, Bits<8>>,
    /// The odd lane's code to be written.
    pub write_odd: Signal<In, Bits<8>>,
    /// The place of the age word of the second port.
    pub age: Signal<In, Bits<PLACE_BITS>>,
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
    /// Whether the words are those of a program that the bitstream has inside.
    _inside: bool,
    _evaluation: Evaluation,
}

impl SlotMemory {
    /// A memory of so many slots, a power of two, and as many age words, all zero.
    pub fn new(slots: usize, folds: usize) -> SlotMemory {
        SlotMemory { _slots: slots, _folds: folds, _cells: vec![[0; 2]; 2 * slots * folds], ..Default::default() }
    }

    /// Takes the words of a memory of the same depth.
    pub fn copy_words(&mut self, from: &SlotMemory) {
        self._cells.clone_from(&from._cells);
        self._inside = true;
    }
}

impl Leaf for SlotMemory {
    fn step(&mut self) {
        let (slots, folds) = (self._slots, self._folds);
        let fold = index(self.fold.val());
        let write = self.write.val();
        // The bits above those of a place are not wired.
        let place = address(index(self.slot.val()) % slots + if self.aged.val() { slots } else { 0 }, fold, folds);
        let age = address(index(self.age.val()) % slots + slots, fold, folds);
        let [place, age] = [place, age].map(|place| within("slot memory", place, self._cells.len()));
        let shown =
            |at: usize| self._cells[at].map(|code| undefined::read(code.into(), 8, write && at == place).into());
        [self.age_even.next, self.age_odd.next] = shown(age);
        [self.slot_even.next, self.slot_odd.next] = shown(place);
        if write {
            self._cells[place] = [self.write_even.val().to_u64() as u8, self.write_odd.val().to_u64() as u8];
        }
    }
    fn verilog(&self) -> String {
        let top = self._slots.ilog2() - 1;
        let row = address_text(&format!("{{aged, slot[{top}:0]}}"), self._folds);
        let age = address_text(&format!("{{1'b1, age[{top}:0]}}"), self._folds);
        let depth = self._cells.len();
        format!(
            "(* no_rw_check, ram_style = \"block\" *) reg [15:0] cells [0:{last}];
wire [{bits}:0] place = {row};
wire [{bits}:0] age_place = {age};
always @(posedge clock) begin
   if (write) cells[place] <= {{write_odd, write_even}};
   {{slot_odd, slot_even}} <= cells[place];
end
always @(posedge clock) {{age_odd, age_even}} <= cells[age_place];{contents}",
            last = depth - 1,
            bits = depth.ilog2() - 1,
            contents = contents(
                self._inside,
                "cells",
                16,
                self._cells.iter().map(|&[even, odd]| u64::from(odd) << 8 | u64::from(even))
            ),
        )
    }
}
