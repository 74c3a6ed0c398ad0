//! The weights of a crossbar as its cells hold them: programmed with noise, some cells stuck, drifted with time, at the ends of
//! wires that have a resistance.
//!
//! A weight of w codes is the difference of the conductances of two cells, g+ = max(w, 0) and g- = max(-w, 0), in units in which L_w is
//! the largest; or of several such pairs side by side ([`crate::Tiling::cells`]).
//!
//! | | |
//! |---|---|
//! | noise | w + sigma n, n normal, sigma a share of L_w over the root of the pairs |
//! | stuck | each cell of each pair is stuck with a probability, at 0 or at L_w alike |
//! | drift | w (t / t_0)^-nu, nu normal for each weight and at least 0; [`DRIFT_START`], [`DRIFT`] |
//! | wires | w (1 - r sum_k min(i, k) \|w_k\| / (2 L_w)) at the i-th row of its tile from the converter, over the rows k of the tile |
//!
//! Drift is compensated by a global scale for each gate, sum \|w\| before over after, in the digital factor behind the converters (Le
//! Gallo et al., IEEE TED 2018). The drop along a wire is of first order, with every row at half of its largest voltage: r is the
//! resistance of the wire from cell to cell over that of a cell at L_w.

use std::f64::consts::TAU;
use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// t_0, seconds from programming until a cell's conductance is what was programmed.
pub const DRIFT_START: f64 = 20.0;
/// Mean and deviation of nu, of phase-change memory (an assumption: published devices lie from 0.03 to 0.1).
pub const DRIFT: [f64; 2] = [0.05, 0.01];

/// The state of the cells of a crossbar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Analog {
    /// The deviation of a weight of one pair of cells, as a share of L_w.
    pub noise: f64,
    /// The probability that a cell is stuck, 0 to 1.
    pub stuck: f64,
    /// Seconds since the cells were programmed; up to [`DRIFT_START`] without an effect.
    pub drift: f64,
    /// r, the resistance of the wire between two cells over that of a cell at L_w.
    pub wire: f64,
    /// The seed of noise, stuck cells and drift.
    pub seed: u64,
}

impl Default for Analog {
    /// Cells that hold the codes exactly.
    fn default() -> Analog {
        Analog { noise: 0.0, stuck: 0.0, drift: 0.0, wire: 0.0, seed: 1 }
    }
}

/// The columns of a crossbar: where a weight's row lies.
pub struct Columns<'a> {
    /// L_w, the largest code.
    pub levels: f64,
    /// Pairs of cells of a weight.
    pub pairs: usize,
    /// The place of each row of a column in the row vector, padding included.
    pub places: &'a [usize],
    /// Rows of a tile.
    pub tile: usize,
    /// The rows that the columns of each gate read. Elsewhere there are no cells, but each weight has its draws.
    pub reads: [Range<usize>; 4],
}

impl Analog {
    /// Whether the cells hold the codes exactly.
    pub fn is_exact(&self) -> bool {
        [self.noise, self.stuck, self.wire] == [0.0; 3] && self.drift <= DRIFT_START
    }

    /// The weights that the cells hold of these codes, column after column of as many rows as there are places, gates in turn; in codes.
    /// Gives the factor of each gate that makes up for drift.
    pub fn hold(&self, codes: &[i8], columns: &Columns) -> (Vec<f64>, [f64; 4]) {
        let mut weights: Vec<f64> = codes.iter().map(|&code| code.into()).collect();
        let rows = columns.places.len().max(1);
        if self.noise > 0.0 {
            let deviation = self.noise * columns.levels / (columns.pairs as f64).sqrt();
            let mut random = ChaCha8Rng::seed_from_u64(self.seed);
            weights.iter_mut().for_each(|weight| *weight += deviation * normal(&mut random));
        }
        if self.stuck > 0.0 {
            let mut random = ChaCha8Rng::seed_from_u64(self.seed + (1 << 32));
            for weight in &mut weights {
                let mut held = 0.0;
                for _ in 0..columns.pairs {
                    let mut cell = |conductance: f64| match random.random::<f64>() {
                        draw if draw < self.stuck / 2.0 => 0.0,
                        draw if draw < self.stuck => columns.levels,
                        _ => conductance,
                    };
                    held += cell(weight.max(0.0)) - cell((-*weight).max(0.0));
                }
                *weight = held / columns.pairs as f64;
            }
        }
        for (column, weights) in weights.chunks_exact_mut(rows).enumerate() {
            let Range { start, end } = columns.reads[column % 4];
            weights[..start].fill(0.0);
            weights[end..].fill(0.0);
        }
        let mut factors = [1.0; 4];
        if self.drift > DRIFT_START {
            let mut random = ChaCha8Rng::seed_from_u64(self.seed + (2 << 32));
            let elapsed = (self.drift / DRIFT_START).ln();
            let (mut before, mut after) = ([0.0; 4], [0.0; 4]);
            for (column, weights) in weights.chunks_exact_mut(rows).enumerate() {
                for weight in weights {
                    before[column % 4] += weight.abs();
                    let exponent = (DRIFT[0] + DRIFT[1] * normal(&mut random)).max(0.0);
                    *weight *= (-exponent * elapsed).exp();
                    after[column % 4] += weight.abs();
                }
            }
            for (gate, factor) in factors.iter_mut().enumerate() {
                *factor = if after[gate] > 0.0 { before[gate] / after[gate] } else { 1.0 };
            }
        }
        if self.wire > 0.0 {
            weights.chunks_exact_mut(rows).for_each(|column| self.drop_along(column, columns));
        }
        (weights, factors)
    }

    /// The drop along the wire of a column, tile by tile.
    fn drop_along(&self, column: &mut [f64], columns: &Columns) {
        let share: Vec<f64> = column.iter().map(|weight| weight.abs() / (2.0 * columns.levels)).collect();
        for (weight, &place) in column.iter_mut().zip(columns.places) {
            let number = |place: usize| (place % columns.tile + 1) as f64;
            let along =
                columns.places.iter().zip(&share).filter(|(other, _)| *other / columns.tile == place / columns.tile);
            let drop: f64 = along.map(|(&other, share)| number(place).min(number(other)) * share).sum();
            *weight *= (1.0 - self.wire * drop).max(0.0);
        }
    }
}

/// A normal number, of two draws.
fn normal(random: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - random.random::<f64>()).ln()).sqrt();
    radius * (TAU * random.random::<f64>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns =
        Columns { levels: 7.0, pairs: 1, places: &[0, 1, 2, 3, 16], tile: 8, reads: [const { 0..5 }; 4] };

    fn held(analog: Analog, codes: &[i8]) -> Vec<f64> {
        analog.hold(codes, &COLUMNS).0
    }

    #[test]
    fn cells_without_faults_hold_the_codes() {
        let codes = [7, -7, 0, 3, -1];
        assert_eq!(held(Analog::default(), &codes), [7.0, -7.0, 0.0, 3.0, -1.0]);
        assert!(Analog { seed: 5, drift: DRIFT_START, ..Analog::default() }.is_exact());
        for faulty in [
            Analog { noise: 0.1, ..Analog::default() },
            Analog { stuck: 0.1, ..Analog::default() },
            Analog { drift: 21.0, ..Analog::default() },
            Analog { wire: 1e-4, ..Analog::default() },
        ] {
            assert!(!faulty.is_exact() && held(faulty, &[7; 5000]) != vec![7.0; 5000], "{faulty:?}");
            assert_eq!(held(faulty, &[7, -7, 0, 3, -1]), held(faulty, &[7, -7, 0, 3, -1]), "the same seed");
        }
    }

    #[test]
    fn a_share_of_the_cells_is_stuck_at_either_end() {
        let weights = held(Analog { stuck: 0.2, ..Analog::default() }, &[3; 50_000]);
        let share = |value: f64| weights.iter().filter(|&&weight| weight == value).count() as f64 / 50_000.0;
        // g+ is 3, g- is 0: each stuck at 0 with a tenth, at 7 with a tenth.
        let expected = [(3.0, 0.8 * 0.9), (0.0, 0.1 * 0.9 + 0.01), (7.0, 0.1 * 0.9), (-4.0, 0.8 * 0.1), (-7.0, 0.01)];
        for (value, expected) in expected {
            assert!((share(value) - expected).abs() < 0.01, "{value}: {} of {expected}", share(value));
        }
        // With more pairs a cell counts for less.
        let pairs = Columns { pairs: 4, ..COLUMNS };
        let several = Analog { stuck: 0.2, ..Analog::default() }.hold(&[3; 5000], &pairs).0;
        assert!(several.iter().any(|weight| weight.fract() != 0.0));
    }

    #[test]
    fn drift_is_made_up_for_in_the_mean() {
        let day = Analog { drift: 86_400.0, ..Analog::default() };
        let (weights, factors) = day.hold(&[5; 40_000], &COLUMNS);
        let mean = weights.iter().sum::<f64>() / 40_000.0;
        let expected = 5.0 * (86_400.0_f64 / DRIFT_START).powf(-DRIFT[0]);
        assert!((mean - expected).abs() < 0.05 && (mean * factors[0] - 5.0).abs() < 0.05, "{mean} {factors:?}");
        assert_eq!(day.hold(&[0; 40], &COLUMNS).1, [1.0; 4]);
    }

    #[test]
    fn the_drop_along_a_wire_grows_from_the_converter() {
        let weights = held(Analog { wire: 0.01, ..Analog::default() }, &[7, 7, 7, 7, 7]);
        // Rows 1 to 4 of a tile, at half a voltage: sums 4, 7, 9 and 10 halves. The last row is alone in its tile.
        let expected = [4.0, 7.0, 9.0, 10.0, 1.0].map(|sum| 7.0 * (1.0 - 0.01 * sum / 2.0));
        assert!(weights.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12), "{weights:?}");
        assert_eq!(held(Analog { wire: 1.0, ..Analog::default() }, &[7; 5])[3], 0.0, "no weight changes its sign");
    }
}
