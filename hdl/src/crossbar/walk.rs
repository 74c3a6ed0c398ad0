//! The walk over the columns: which word meets which weights, a word a cycle.
//!
//! A step walks over the columns, cell by cell, gate by gate, each over the words of x and then of h (of a GRU nx over those of x
//! alone, nh over those of h); an answer walks over the classes, each over the words of h. The weights lie in the order of the
//! walk, so their address is a counter.
//!
//! Latency: begins in the cycle after `start`. A column that is passed by takes a cycle, and has an operation without words.

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use crate::crossbar::extents::WITHIN_BITS;
use crate::crossbar::{CHUNK_BITS, WORD_BITS};
use crate::parts::register::Register;
use crate::prelude::*;

/// A word of rows on its way through the pipeline.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Operation {
    /// Whether there is a word.
    pub valid: Bit,
    /// Whether the word is the first of its tile.
    pub first: Bit,
    /// Whether the word is the last of its tile.
    pub last: Bit,
    /// Whether the word is of the first tile of its column.
    pub opening: Bit,
    /// Whether the word is the last of its column, or class. Where it is not the last of a tile the column is remembered: a
    /// remembered column has no words.
    pub closing: Bit,
    /// Whether the word is a class's.
    pub answer: Bit,
    /// The column's gate.
    pub gate: Bits<2>,
    /// Whether its rows count as 0: h before the first step, or no word.
    pub blank: Bit,
}

/// The walk over the columns.
#[derive(Clone, Debug, Default, Composite)]
pub struct Walk {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a walk begins.
    pub start: Signal<In, Bit>,
    /// Whether the walk goes over the classes, not the columns.
    pub answer: Signal<In, Bit>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// Whether there is no h yet: its rows count as 0.
    pub fresh: Signal<In, Bit>,
    /// The number of the last cell.
    pub last_cell: Signal<In, Bits<8>>,
    /// The number of the last class.
    pub last_class: Signal<In, Bits<8>>,
    /// The number of the last word of x.
    pub last_input: Signal<In, Bits<CHUNK_BITS>>,
    /// The number of the last word of h.
    pub last_hidden: Signal<In, Bits<CHUNK_BITS>>,
    /// The number of the last word of a tile.
    pub last_within: Signal<In, Bits<WITHIN_BITS>>,
    /// Whether the next column may be walked over.
    pub ready: Signal<In, Bit>,
    /// Whether the next column is passed by.
    pub remembered: Signal<In, Bit>,
    /// The operation of this cycle.
    pub operation: Signal<Out, Operation>,
    /// Whether its word is one of h, not of x.
    pub hidden: Signal<Out, Bit>,
    /// The number of its word.
    pub chunk: Signal<Out, Bits<CHUNK_BITS>>,
    /// The address of its weights.
    pub address: Signal<Out, Bits<WORD_BITS>>,
    /// Whether the walk is under way.
    pub busy: Signal<Out, Bit>,

    word: Signal<Local, Operation>,
    moves: Signal<Local, Bit>,
    words_of_x: Signal<Local, Bits<WORD_BITS>>,
    words_of_h: Signal<Local, Bits<WORD_BITS>>,
    words: Signal<Local, Bits<WORD_BITS>>,
    of_x: Signal<Local, Bit>,
    of_h: Signal<Local, Bit>,
    crosses: Signal<Local, Bit>,
    ahead: Signal<Local, Bits<WITHIN_BITS>>,
    column_ends: Signal<Local, Bit>,
    tile_ends: Signal<Local, Bit>,
    last_unit: Signal<Local, Bits<8>>,
    onward: Signal<Local, Bits<WORD_BITS>>,
    walking: Register<Bit>,
    classes: Register<Bit>,
    unit: Register<Bits<8>>,
    gate: Register<Bits<2>>,
    opened: Register<Bit>,
    of_hidden: Register<Bit>,
    place: Register<Bits<CHUNK_BITS>>,
    within: Register<Bits<WITHIN_BITS>>,
    crossing: Register<Bits<WITHIN_BITS>>,
    weights: Register<Bits<WORD_BITS>>,
    base: Register<Bits<WORD_BITS>>,
    _evaluation: Evaluation,
}

impl Logic for Walk {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(
            self, clock, walking, classes, unit, gate, opened, of_hidden, place, within, crossing, weights, base
        );
        self.moves.next = self.walking.q.val() & self.ready.val();
        // The columns that read words of x alone, or of h alone.
        self.of_x.next = self.gru.val() & !self.classes.q.val() & (self.gate.q.val() == bits::<2>(2));
        self.of_h.next = self.gru.val() & !self.classes.q.val() & (self.gate.q.val() == bits::<2>(3));
        self.crosses.next = !self.of_hidden.q.val() & (self.place.q.val() == self.last_input.val());
        self.column_ends.next = self.remembered.val()
            | (self.of_hidden.q.val() & (self.place.q.val() == self.last_hidden.val()))
            | (self.of_x.val() & self.crosses.val());
        self.tile_ends.next =
            self.column_ends.val() | ((self.within.q.val() == self.last_within.val()) & !self.classes.q.val());
        self.ahead.next = self.within.q.val() + 1;
        if self.within.q.val() == self.last_within.val() {
            self.ahead.next = bits::<WITHIN_BITS>(0);
        }
        self.last_unit.next = self.last_cell.val();
        if self.classes.q.val() {
            self.last_unit.next = self.last_class.val();
        }
        self.words_of_x.next = bit_cast::<WORD_BITS, CHUNK_BITS>(self.last_input.val()) + 1;
        self.words_of_h.next = bit_cast::<WORD_BITS, CHUNK_BITS>(self.last_hidden.val()) + 1;
        self.words.next = self.words_of_x.val() + self.words_of_h.val();
        if self.of_x.val() {
            self.words.next = self.words_of_x.val();
        }
        if self.of_h.val() {
            self.words.next = self.words_of_h.val();
        }
        self.onward.next = self.weights.q.val() + 1;
        if self.remembered.val() {
            self.onward.next = self.weights.q.val() + self.words.val();
        }

        self.word.next.valid = self.moves.val();
        // The words of h alone may begin within a tile.
        self.word.next.first = (self.within.q.val() == bits::<WITHIN_BITS>(0))
            | (self.of_h.val() & (self.place.q.val() == bits::<CHUNK_BITS>(0)));
        self.word.next.last = self.tile_ends.val() & !self.remembered.val();
        self.word.next.opening = !self.opened.q.val();
        self.word.next.closing = self.column_ends.val();
        self.word.next.answer = self.classes.q.val();
        self.word.next.gate = self.gate.q.val();
        self.word.next.blank = self.remembered.val() | (self.of_hidden.q.val() & self.fresh.val());

        if self.moves.val() {
            self.weights.d.next = self.onward.val();
            self.place.d.next = self.place.q.val() + 1;
            self.within.d.next = self.within.q.val() + 1;
            if self.tile_ends.val() {
                self.within.d.next = 0.into();
                self.opened.d.next = true;
            }
            if self.crosses.val() & !self.remembered.val() {
                self.place.d.next = 0.into();
                self.of_hidden.d.next = true;
                // Where within a tile h begins.
                self.crossing.d.next = self.ahead.val();
            }
            if self.column_ends.val() {
                self.place.d.next = 0.into();
                self.of_hidden.d.next = self.classes.q.val() | self.of_x.val();
                if self.of_x.val() {
                    self.within.d.next = self.crossing.q.val();
                }
                self.opened.d.next = false;
                self.gate.d.next = self.gate.q.val() + 1;
                if self.classes.q.val() | (self.gate.q.val() == bits::<2>(3)) {
                    self.gate.d.next = 0.into();
                    self.unit.d.next = self.unit.q.val() + 1;
                    if self.unit.q.val() == self.last_unit.val() {
                        self.walking.d.next = false;
                        // Behind the last word of the memory there is none.
                        self.weights.d.next = 0.into();
                        // Behind the columns' weights lie the classes'.
                        if !self.classes.q.val() {
                            self.base.d.next = self.onward.val();
                        }
                    }
                }
            }
        }
        if self.start.val() {
            self.walking.d.next = true;
            self.classes.d.next = self.answer.val();
            self.unit.d.next = 0.into();
            self.gate.d.next = 0.into();
            self.opened.d.next = false;
            self.of_hidden.d.next = self.answer.val();
            self.place.d.next = 0.into();
            self.within.d.next = 0.into();
            self.weights.d.next = 0.into();
            if self.answer.val() {
                self.weights.d.next = self.base.q.val();
            }
        }
        self.operation.next = self.word.val();
        self.hidden.next = self.of_hidden.q.val();
        self.chunk.next = self.place.q.val();
        self.address.next = self.weights.q.val();
        self.busy.next = self.walking.q.val();
    }
}
