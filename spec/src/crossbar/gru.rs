//! The gated recurrent unit (Cho et al., EMNLP 2014) in the form whose reset gate follows the product with h: a cell's four columns
//! are z (update), r (reset), nx (the candidate's part from x) and nh (its part from h), in this order.
//!
//! z and r read all rows of the row vector, nx those of x and nh those of h ([`super::Cell::reads`]): the weights elsewhere are
//! 0, they are not read, and a tile without rows to read is not converted. Of every column there is an index of 9 bits.
//!
//! | | |
//! |---|---|
//! | gates | z, r = sigmoid at their indices |
//! | candidate | n = tanh at [`candidate`], nx + r nh |
//! | state | h' = n + z (h - n), [`update`] |
//!
//! h has 16 bits, in units of 2^-14. From [`hidden`] it has the codes of an LSTM's.

use crate::crossbar::cell::HIDDEN_FRACTION;
use crate::crossbar::gate::{GATE_FRACTION, limited};
use crate::format::round_shift;

/// Fraction bits of h.
pub const STATE_FRACTION: u32 = 14;

/// The names of a cell's columns in formulas.
pub const COLUMNS: [&str; 4] = ["z", "r", "nx", "nh"];

/// The index of tanh for the candidate: those of nx and nh, and r in units of 2^-10; rounded once, nearest-even.
pub const fn candidate(nx: i32, reset: i32, nh: i32) -> i32 {
    limited(((nx as i64) << GATE_FRACTION) + reset as i64 * nh as i64, GATE_FRACTION)
}

/// The new state: h in units of 2^-14, z and n in units of 2^-10; rounded once, nearest-even. It lies between n and h, in ±2^14.
pub const fn update(state: i16, keep: i32, candidate: i32) -> i16 {
    let candidate = (candidate as i64) << (STATE_FRACTION - GATE_FRACTION);
    round_shift((candidate << GATE_FRACTION) + keep as i64 * (state as i64 - candidate), GATE_FRACTION) as i16
}

/// The output of a cell, in the units of 2^-20 of [`super::cell::dac_code`] and [`super::cell::readout_code`].
pub const fn hidden(state: i16) -> i32 {
    (state as i32) << (HIDDEN_FRACTION - STATE_FRACTION)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crossbar::cell::{dac_code, readout_code};

    #[test]
    fn a_cell_keeps_or_takes_the_candidate() {
        assert_eq!(update(-5000, 1024, 700), -5000);
        assert_eq!(update(-5000, 0, 700), 700 * 16);
        assert_eq!(update(16384, 512, -1024), 0);
        // 1.5 and 2.5 units: to even.
        assert_eq!((update(3, 512, 0), update(5, 512, 0)), (2, 2));
        for state in [-16384, -1, 0, 77, 16384] {
            for keep in [0, 1, 511, 1023, 1024] {
                for candidate in [-1024, -3, 0, 1024] {
                    let next = update(state, keep, candidate);
                    let (least, most) = (state.min(16 * candidate as i16), state.max(16 * candidate as i16));
                    assert!((least..=most).contains(&next), "{state} {keep} {candidate}: {next}");
                }
            }
        }
    }

    #[test]
    fn the_reset_gate_scales_the_part_of_h() {
        assert_eq!([0, 512, 1024].map(|reset| candidate(10, reset, -40)), [10, -10, -30]);
        assert_eq!([candidate(200, 1024, 200), candidate(-200, 1024, -200)], [255, -256]);
        // 10.5 and 11.5: to even.
        assert_eq!([candidate(10, 512, 1), candidate(11, 512, 1)], [10, 12]);
    }

    #[test]
    fn h_has_the_codes_of_an_lstm() {
        assert_eq!([16384, -16384, 8192].map(|state| dac_code(hidden(state), 4)), [7, -7, 4]);
        assert_eq!([16384, -16384, 64].map(|state| readout_code(hidden(state))), [127, -127, 0]);
        assert_eq!([0, -1].map(|state| dac_code(hidden(state), 1)), [1, -1]);
    }
}
