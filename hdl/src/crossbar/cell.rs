//! The cell unit: the states of all cells, their update and what they show, cell after cell.
//!
//! ```text
//!  gates -> CellUpdate <-- c -- states
//!             | c', index ------->'
//!             '--> table of tanh -> CellOutput -> code, readout
//! ```
//!
//! Latency: as above; a gate every cycle.

use engram_spec::crossbar::gate;

use crate::crossbar::cell_output::CellOutput;
use crate::crossbar::cell_update::CellUpdate;
use crate::parts::memory::{Buffer, Table};
use crate::parts::register::Register;
use crate::prelude::*;

/// The entries of a table of gates as 15 bits, of which the low 12 are a signed value.
pub fn entries(values: Vec<i32>) -> Vec<u32> {
    values.into_iter().map(|value| value as u32 & 0x7fff).collect()
}

/// The cell unit.
#[derive(Clone, Debug, Default, Composite)]
pub struct Cell {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether the cells are GRUs, not an LSTM's.
    pub gru: Signal<In, Bit>,
    /// Whether the next gates are those of cell 0.
    pub restart: Signal<In, Bit>,
    /// Whether all states are 0.
    pub fresh: Signal<In, Bit>,
    /// Whether there is a gate's value.
    pub take: Signal<In, Bit>,
    /// The gate of the value, in the order i, f, g, o, or z, r, nx, nh.
    pub gate: Signal<In, Bits<2>>,
    /// The value, signed: in units of 2^-10, of nx and nh the index, in units of 2^-5.
    pub value: Signal<In, Bits<12>>,
    /// Bits of the DAC code, 1 to 8.
    pub bits: Signal<In, Bits<4>>,
    /// The DAC code of h of the cell.
    pub code: Signal<Out, Bits<8>>,
    /// The readout code of h of the cell.
    pub readout: Signal<Out, Bits<8>>,
    /// Whether the codes are there, ten cycles after o was taken, twelve after nh.
    pub shown: Signal<Out, Bit>,
    /// The cell's new state, c or of a GRU h, signed.
    pub updated: Signal<Out, Bits<16>>,
    /// Whether the new state is there, five cycles after o was taken, nine after nh.
    pub done: Signal<Out, Bit>,
    /// n of a GRU, signed, in units of 2^-10.
    pub candidate: Signal<Out, Bits<12>>,
    /// Whether n is there, six cycles after nh was taken.
    pub found: Signal<Out, Bit>,

    update: CellUpdate,
    states: Buffer<8, 16>,
    lookup: Table<9>,
    showing: CellOutput,
    number: Register<Bits<8>>,
    reading: Register<Bits<8>>,
    output: Vec<Register<Bits<11>>>,
    under_way: Vec<Register<Bit>>,
    _evaluation: Evaluation,
}

impl Cell {
    /// The cell unit with its table.
    pub fn new() -> Cell {
        Cell {
            states: Buffer::new(),
            lookup: Table::new(entries(gate::tanh())),
            output: vec![Default::default(); 3],
            under_way: vec![Default::default(); 5],
            ..Default::default()
        }
    }
}

impl Logic for Cell {
    #[hdl_gen]
    fn update(&mut self) {
        dff_setup!(self, clock, number, reading);
        if self.update.done.val() {
            self.number.d.next = self.number.q.val() + 1;
        }
        // The next cell's gates may come before this one is updated.
        if self.take.val() & (self.gate.val() == bits::<2>(3)) {
            self.reading.d.next = self.reading.q.val() + 1;
        }
        if self.restart.val() {
            self.number.d.next = 0.into();
            self.reading.d.next = 0.into();
        }
        self.update.clock.next = self.clock.val();
        self.update.gru.next = self.gru.val();
        self.update.tanh.next = bit_cast::<12, 15>(self.lookup.data.val());
        self.update.take.next = self.take.val();
        self.update.gate.next = self.gate.val();
        self.update.value.next = self.value.val();
        self.update.state.next = self.states.data.val();
        if self.fresh.val() {
            self.update.state.next = bits::<16>(0);
        }
        self.states.clock.next = self.clock.val();
        self.states.address.next = self.reading.q.val();
        self.states.write_address.next = self.number.q.val();
        self.states.write.next = self.update.done.val();
        self.states.write_data.next = self.update.updated.val();

        self.lookup.clock.next = self.clock.val();
        self.lookup.address.next = self.update.index.val();
        self.showing.clock.next = self.clock.val();
        self.showing.gru.next = self.gru.val();
        self.showing.state.next = self.update.updated.val();
        self.showing.tanh.next = bit_cast::<12, 15>(self.lookup.data.val());
        // o waits for tanh(c), but no longer than until the next cell's may come.
        self.output[0].clock.next = self.clock.val();
        self.output[0].d.next = self.update.shown.val();
        self.output[1].clock.next = self.clock.val();
        self.output[1].d.next = self.output[0].q.val();
        self.output[2].clock.next = self.clock.val();
        self.output[2].d.next = self.output[1].q.val();
        self.showing.shown.next = self.output[2].q.val();
        self.showing.bits.next = self.bits.val();

        self.under_way[0].clock.next = self.clock.val();
        self.under_way[0].d.next = self.update.done.val();
        for i in 0..4 {
            self.under_way[i + 1].clock.next = self.clock.val();
            self.under_way[i + 1].d.next = self.under_way[i].q.val();
        }
        self.code.next = self.showing.code.val();
        self.readout.next = self.showing.readout.val();
        self.shown.next = self.under_way[4].q.val();
        if self.gru.val() {
            self.shown.next = self.under_way[2].q.val();
        }
        self.updated.next = self.update.updated.val();
        self.done.next = self.update.done.val();
        self.candidate.next = self.update.candidate.val();
        self.found.next = self.update.found.val();
    }
}
