//! The cell: which there are; how an LSTM's gates update its state c, and what it shows of it as h. A GRU's are in
//! [`super::gru`].

use std::ops::Range;

use crate::crossbar::converter::code;
use crate::crossbar::gate::{Tables, limited};
use crate::crossbar::levels;
use crate::format::round_shift;

/// Fraction bits of c, which has 16 bits: its range is ±16.
pub const CELL_FRACTION: u32 = 11;
/// Fraction bits of h before it becomes a code.
pub const HIDDEN_FRACTION: u32 = 20;
/// The shift from c to an index of tanh.
pub const CELL_INDEX_SHIFT: u32 = 6;
/// The largest readout code of h.
pub const READOUT_LEVELS: i64 = 127;

/// The kind of a layer's cells, which a program's settings choose. Both kinds have four columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cell {
    /// Long short-term memory: this module.
    #[default]
    Lstm,
    /// Gated recurrent units: [`super::gru`].
    Gru,
}

impl Cell {
    /// The name on a command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Cell::Lstm => "lstm",
            Cell::Gru => "gru",
        }
    }

    /// The number of times that the columns of a cell read the words of x and of h: a GRU's nx and nh read them once together.
    pub const fn columns_of_words(self) -> usize {
        match self {
            Cell::Lstm => 4,
            Cell::Gru => 3,
        }
    }

    /// Cycles that a step takes longer than an LSTM's: the last cell's way from its gates to its code of h.
    pub const fn step_cycles(self) -> u32 {
        match self {
            Cell::Lstm => 0,
            Cell::Gru => 2,
        }
    }

    /// The rows that the columns of a gate (0 to 3) read, of `rows`, the first `inputs` of which are those of x.
    ///
    /// ```
    /// use engram_spec::crossbar::Cell;
    /// assert_eq!([1, 2, 3].map(|gate| Cell::Gru.reads(gate, 16, 48)), [0..48, 0..16, 16..48]);
    /// ```
    pub const fn reads(self, gate: usize, inputs: usize, rows: usize) -> Range<usize> {
        match (self, gate) {
            (Cell::Gru, 2) => 0..inputs,
            (Cell::Gru, 3) => inputs..rows,
            _ => 0..rows,
        }
    }
}

/// The new state, c' = f c + i g: `state` in units of 2^-11, the gates in units of 2^-10; rounded once, nearest-even, and
/// saturated to 16 bits.
pub const fn update(state: i16, input: i32, forget: i32, candidate: i32) -> i16 {
    let sum = round_shift(forget as i64 * state as i64 + 2 * input as i64 * candidate as i64, 10);
    if sum > i16::MAX as i64 {
        i16::MAX
    } else if sum < i16::MIN as i64 {
        i16::MIN
    } else {
        sum as i16
    }
}

/// The index of tanh for a state.
pub const fn index(state: i16) -> i32 {
    limited(state as i64, CELL_INDEX_SHIFT)
}

/// The output of a cell: h = o tanh(c), in units of 2^-20, ±2^20.
pub fn hidden(state: i16, output: i32, tables: &Tables) -> i32 {
    output * tables.tanh(index(state))
}

/// The DAC code of h for the next step, of `bits` bits.
pub const fn dac_code(hidden: i32, bits: u8) -> i8 {
    match bits {
        1 => code(hidden as i64, 1),
        _ => code(round_shift(hidden as i64 * levels(bits) as i64, HIDDEN_FRACTION), bits),
    }
}

/// The code of h for the readout, ±127.
pub const fn readout_code(hidden: i32) -> i8 {
    round_shift(hidden as i64 * READOUT_LEVELS, HIDDEN_FRACTION) as i8
}

/// Both codes of what a cell shows: that of the next step's rows, and that of the readout.
pub fn output(state: i16, output: i32, dac_bits: u8, tables: &Tables) -> (i8, i8) {
    let hidden = hidden(state, output, tables);
    (dac_code(hidden, dac_bits), readout_code(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_keeps_takes_in_and_saturates() {
        assert_eq!(update(2048, 0, 1024, 0), 2048);
        assert_eq!(update(0, 1024, 0, 1024), 2048, "1.0 times 1.0 is 1.0");
        assert_eq!(update(32767, 1024, 1024, 1024), i16::MAX);
        assert_eq!(update(-32768, 1024, 1024, -1024), i16::MIN);
        // 1.5 and 2.5 units: to even.
        assert_eq!((update(3, 0, 512, 0), update(5, 0, 512, 0)), (2, 2));
    }

    #[test]
    fn h_has_the_codes_of_its_widths() {
        let tables = Tables::default();
        assert_eq!(output(i16::MAX, 1024, 4, &tables), (7, 127));
        assert_eq!(output(i16::MIN, 1024, 4, &tables), (-7, -127));
        assert_eq!(output(0, 1024, 1, &tables), (1, 0));
        assert_eq!(output(-64, 1024, 1, &tables).0, -1);
        assert_eq!(output(-64, 1024, 8, &tables), (-4, -4));
        assert_eq!([i16::MIN, 31, 32, 33, 96, i16::MAX].map(index), [-256, 0, 0, 1, 2, 255]);
    }
}
