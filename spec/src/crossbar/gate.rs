//! The gates: their order, and the tables of sigmoid and tanh that they look z up in.

use crate::format::round_shift;

/// A gate of a cell. A cell's columns lie in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gate {
    /// i, how much of g the cell takes in.
    Input,
    /// f, how much of itself the cell keeps.
    Forget,
    /// g, what the cell takes in; through tanh, the others through sigmoid.
    Candidate,
    /// o, how much of itself the cell shows.
    Output,
}

impl Gate {
    /// The gates in their order.
    pub const ALL: [Gate; 4] = [Gate::Input, Gate::Forget, Gate::Candidate, Gate::Output];

    /// The name in formulas.
    pub const fn name(self) -> &'static str {
        match self {
            Gate::Input => "i",
            Gate::Forget => "f",
            Gate::Candidate => "g",
            Gate::Output => "o",
        }
    }

    /// The gate's value at an index, in units of 2^-10.
    pub fn at(self, index: i32, tables: &Tables) -> i32 {
        match self {
            Gate::Candidate => tables.tanh(index),
            _ => tables.sigmoid(index),
        }
    }
}

/// Fraction bits of z.
pub const COLUMN_FRACTION: u32 = 12;
/// Fraction bits of an index: one step of a table is 2^-5, its range ±8.
pub const INDEX_FRACTION: u32 = 5;
/// Entries of a table.
pub const ENTRIES: usize = 512;
/// Fraction bits of an entry: 1.0 is 1024.
pub const GATE_FRACTION: u32 = 10;
/// The shift from z to an index.
pub const INDEX_SHIFT: u32 = COLUMN_FRACTION - INDEX_FRACTION;

/// `value` / 2^`shift`, nearest-even, as an index of a table, -256..=255.
pub const fn limited(value: i64, shift: u32) -> i32 {
    let rounded = round_shift(value, shift);
    if rounded > 255 {
        255
    } else if rounded < -256 {
        -256
    } else {
        rounded as i32
    }
}

/// A column's sum z, in units of 2^-12, as an index of a table.
pub const fn index(z: i32) -> i32 {
    limited(z as i64, INDEX_SHIFT)
}

fn table(function: impl Fn(f64) -> f64) -> Vec<i32> {
    let one = f64::from(1u32 << GATE_FRACTION);
    let step = f64::from(1u32 << INDEX_FRACTION);
    (-256..256).map(|index| (one * function(f64::from(index) / step)).round() as i32).collect()
}

/// The sigmoid's entries for the indices -256..=255: round(1024 / (1 + exp(-index / 32))), 0..=1024.
pub fn sigmoid() -> Vec<i32> {
    table(|x| 1.0 / (1.0 + (-x).exp()))
}

/// The entries of tanh for the indices -256..=255: round(1024 tanh(index / 32)), ±1024.
pub fn tanh() -> Vec<i32> {
    table(f64::tanh)
}

/// Both tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    sigmoid: Vec<i32>,
    tanh: Vec<i32>,
}

impl Default for Tables {
    fn default() -> Tables {
        Tables { sigmoid: sigmoid(), tanh: tanh() }
    }
}

impl Tables {
    /// The sigmoid at an index of -256..=255 (others are limited), in units of 2^-10.
    pub fn sigmoid(&self, index: i32) -> i32 {
        self.sigmoid[(index.clamp(-256, 255) + 256) as usize]
    }

    /// tanh at an index of -256..=255 (others are limited), in units of 2^-10.
    pub fn tanh(&self, index: i32) -> i32 {
        self.tanh[(index.clamp(-256, 255) + 256) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tables are made with the machine's exp and tanh; this is what they are on every machine.
    #[test]
    fn the_tables_are_these() {
        let sum = |entries: Vec<i32>| {
            let bytes: Vec<u8> = entries.iter().flat_map(|entry| (*entry as i16).to_le_bytes()).collect();
            crc::Crc::<u32>::new(&crc::CRC_32_ISO_HDLC).checksum(&bytes)
        };
        assert_eq!((sigmoid().len(), tanh().len()), (ENTRIES, ENTRIES));
        assert_eq!((sum(sigmoid()), sum(tanh())), (1_008_930_511, 2_183_490_692));
    }

    /// No entry is so near to a half that another machine's exp could round it otherwise.
    #[test]
    fn no_entry_is_a_matter_of_taste() {
        for index in (-256..256).filter(|&index| index != 0) {
            let x = f64::from(index) / 32.0;
            for exact in [1024.0 / (1.0 + (-x).exp()), 1024.0 * x.tanh()] {
                assert!((exact - exact.floor() - 0.5).abs() > 1e-9, "{index}");
            }
        }
    }

    #[test]
    fn tables_are_odd_and_monotonic() {
        let tables = Tables::default();
        assert_eq!((tables.sigmoid(0), tables.tanh(0), tables.sigmoid(-256), tables.tanh(255)), (512, 0, 0, 1024));
        for index in -255..=255 {
            assert_eq!(tables.tanh(-index), -tables.tanh(index));
            assert_eq!(tables.sigmoid(-index), 1024 - tables.sigmoid(index));
            assert!(tables.tanh(index) >= tables.tanh(index - 1) && tables.sigmoid(index) >= tables.sigmoid(index - 1));
        }
        assert_eq!([i32::MIN, -64, 64, 192, 1 << 20].map(index), [-256, 0, 0, 2, 255]);
    }
}
