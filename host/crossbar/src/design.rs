//! The function of a network, beside its weights: size, precisions, the tiles of the crossbar, and the ranges found for
//! it.

use std::ops::Range;

use engram_spec::crossbar::Cell;
use serde::{Deserialize, Serialize};

use crate::precision::Precision;
use crate::tensors::{GATES, Shape};

/// Bits of a converter's mantissa.
pub const MANTISSA_MAX: u16 = 255;

/// The largest shift of a converter.
pub const SHIFT_MAX: u8 = 24;

/// The gain of an analog-to-digital converter, codes per unit of a tile's sum: m / 2^s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Converter {
    /// m, 1 to 255.
    pub mantissa: u16,
    /// s, 0 to 24.
    pub shift: u8,
}

impl Converter {
    /// The gain of one code a unit.
    pub const UNIT: Converter = Converter { mantissa: 1, shift: 0 };

    /// The gain nearest to a real one, within what m and s can say.
    pub fn nearest(gain: f32) -> Converter {
        let mut shift = 0;
        while shift < SHIFT_MAX && f64::from(gain) * f64::from(1u32 << (shift + 1)) <= f64::from(MANTISSA_MAX) {
            shift += 1;
        }
        let mantissa = (f64::from(gain) * f64::from(1u32 << shift)).round().clamp(1.0, f64::from(MANTISSA_MAX));
        Converter { mantissa: mantissa as u16, shift }
    }

    /// m / 2^s.
    pub fn gain(self) -> f32 {
        f32::from(self.mantissa) / (1u32 << self.shift.min(SHIFT_MAX)) as f32
    }
}

/// The layout of the weights on the crossbar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tiling {
    /// Rows of a tile; 0 where one tile holds them all. Each tile's column sums are converted by themselves.
    pub rows: usize,
    /// The rows of x are padded to a multiple of this, before those of h follow: the lanes of the device, or a multiple.
    pub lanes: usize,
    /// Pairs of cells that make a weight; with noise a weight of n pairs deviates by 1 / sqrt(n) as much.
    pub cells: usize,
}

impl Default for Tiling {
    fn default() -> Tiling {
        Tiling { rows: 0, lanes: 16, cells: 1 }
    }
}

/// A tile's rows of x and of h.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Rows of x.
    pub inputs: Range<usize>,
    /// Rows of h.
    pub hidden: Range<usize>,
}

impl Tiling {
    /// The tiles of a network, in order.
    pub fn tiles(&self, shape: &Shape) -> Vec<Tile> {
        let padded = shape.inputs.next_multiple_of(self.lanes.max(1));
        let all = padded + shape.hidden;
        let rows = if self.rows == 0 { all } else { self.rows };
        let tile = |start: usize| {
            let end = (start + rows).min(all);
            let within = |row: usize, first: usize, count: usize| row.clamp(first, first + count) - first;
            Tile {
                inputs: within(start, 0, shape.inputs)..within(end, 0, shape.inputs),
                hidden: within(start, padded, shape.hidden)..within(end, padded, shape.hidden),
            }
        };
        (0..all).step_by(rows.max(1)).map(tile).collect()
    }

    /// Finds of each tile whether a gate's columns read any of its rows, those of padding included.
    pub(crate) fn reads(&self, cell: Cell, shape: &Shape) -> Vec<[bool; GATES]> {
        let padded = shape.inputs.next_multiple_of(self.lanes.max(1));
        let all = padded + shape.hidden;
        let rows = if self.rows == 0 { all } else { self.rows };
        let overlaps = |start: usize, gate: usize| {
            let reads = cell.reads(gate, padded, all);
            start < reads.end && start + rows > reads.start
        };
        (0..all).step_by(rows.max(1)).map(|start| [0, 1, 2, 3].map(|gate| overlaps(start, gate))).collect()
    }
}

/// The precisions of a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Precisions {
    /// The precision of the weights.
    pub weights: Precision,
    /// The precision of the digital-to-analog converters of x and h.
    pub dac: Precision,
    /// The precision of the analog-to-digital converters of the columns' sums.
    pub adc: Precision,
}

impl Precisions {
    /// Real numbers throughout.
    pub const FLOAT: Precisions = Precisions::alike(Precision::Float);

    /// Precisions that are the same everywhere.
    pub const fn alike(precision: Precision) -> Precisions {
        Precisions { weights: precision, dac: precision, adc: precision }
    }

    /// Whether a device can have them: none is real.
    pub fn is_device(&self) -> bool {
        [self.weights, self.dac, self.adc].iter().all(|precision| *precision != Precision::Float)
    }
}

/// The cell as files and recipes name it.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Cell", rename_all = "lowercase")]
pub(crate) enum CellJson {
    Lstm,
    Gru,
}

/// LSTMs are not written down: files and recipes without a cell are theirs.
pub(crate) fn is_lstm(cell: &Cell) -> bool {
    *cell == Cell::Lstm
}

/// A network's function, but its weights.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    /// The kind of the cells.
    #[serde(default, with = "CellJson", skip_serializing_if = "is_lstm")]
    pub cell: Cell,
    /// The size.
    pub shape: Shape,
    /// The precisions.
    pub precisions: Precisions,
    /// The tiles.
    pub tiling: Tiling,
    /// r_g: the weight that the largest code of a gate stands for.
    pub ranges: [f32; GATES],
    /// r_out: the same of the readout.
    pub readout_range: f32,
    /// The converters of the gates' columns.
    pub converters: [Converter; GATES],
}

/// An error of a design that cannot be computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// Rows of a tile that the lanes of a device do not divide.
    #[error("found {found} rows a tile, expected a multiple of the {lanes} lanes: choose {near}, or 0 for one tile")]
    Rows {
        /// The rows.
        found: usize,
        /// The lanes.
        lanes: usize,
        /// The next multiple.
        near: usize,
    },
    /// A number out of its range.
    #[error("found {found} {what}, expected {expected}")]
    Number {
        /// The thing that the number counts.
        what: &'static str,
        /// The number.
        found: usize,
        /// The numbers that are possible.
        expected: &'static str,
    },
    /// Ranges that are none.
    #[error("found the ranges or gains {found}, expected finite numbers above 0, mantissas of 1 to 255, shifts to 24")]
    Range {
        /// The ranges.
        found: String,
    },
}

impl Design {
    /// The weight that a code 1 of a gate stands for; 1 where weights are real.
    pub fn weight_step(&self, gate: usize) -> f32 {
        self.step(self.ranges[gate])
    }

    /// The weight that a code 1 of the readout stands for; 1 where weights are real.
    pub fn readout_step(&self) -> f32 {
        self.step(self.readout_range)
    }

    fn step(&self, range: f32) -> f32 {
        match self.precisions.weights {
            Precision::Float => 1.0,
            precision => range / precision.scale(),
        }
    }

    /// Whether the sizes can be computed with.
    pub fn check(&self) -> Result<(), DesignError> {
        let Shape { inputs, hidden, outputs } = self.shape;
        let Tiling { rows, lanes, cells } = self.tiling;
        let bits = |precision: Precision| usize::from(precision.bits().unwrap_or(1));
        let precisions = self.precisions;
        let numbers = [
            ("inputs", inputs, 1..=4096, "1 to 4096"),
            ("hidden elements", hidden, 1..=1024, "1 to 1024"),
            ("outputs", outputs, 1..=4096, "1 to 4096"),
            ("lanes", lanes, 1..=256, "1 to 256"),
            ("pairs of cells a weight", cells, 1..=64, "1 to 64"),
            ("rows a tile", rows, 0..=8192, "0 (one tile) to 8192"),
            ("bits of the weights", bits(precisions.weights), 1..=8, "1 to 8"),
            ("bits of the digital-to-analog converters", bits(precisions.dac), 1..=8, "1 to 8"),
            ("bits of the analog-to-digital converters", bits(precisions.adc), 1..=8, "1 to 8"),
        ];
        let mut ranges = self.ranges.into_iter().chain([self.readout_range]);
        match numbers.into_iter().find(|(_, found, range, _)| !range.contains(found)) {
            Some((what, found, _, expected)) => Err(DesignError::Number { what, found, expected }),
            None if !ranges.all(|range| range.is_finite() && range > 0.0) => {
                Err(DesignError::Range { found: format!("{:?} and {}", self.ranges, self.readout_range) })
            }
            None if !self
                .converters
                .iter()
                .all(|c| (1..=MANTISSA_MAX).contains(&c.mantissa) && c.shift <= SHIFT_MAX) =>
            {
                Err(DesignError::Range { found: format!("{:?}", self.converters) })
            }
            None if lanes > 0 && !rows.is_multiple_of(lanes) => {
                Err(DesignError::Rows { found: rows, lanes, near: rows.next_multiple_of(lanes) })
            }
            None => Ok(()),
        }
    }

    /// A design of an LSTM whose ranges are yet to be found.
    pub fn new(shape: Shape, precisions: Precisions, tiling: Tiling) -> Design {
        let (ranges, converters) = ([1.0; GATES], [Converter::UNIT; GATES]);
        Design { cell: Cell::Lstm, shape, precisions, tiling, ranges, readout_range: 1.0, converters }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converters_come_near_every_gain() {
        for gain in [3e-5, 0.001, 0.0123, 0.5, 1.0, 1.7, 99.0, 255.0] {
            let converter = Converter::nearest(gain);
            assert!((converter.gain() / gain - 1.0).abs() < 1.0 / 256.0, "{gain}: {converter:?}");
        }
        assert_eq!(Converter::nearest(1.0), Converter { mantissa: 128, shift: 7 });
        assert_eq!(Converter::nearest(1e9).mantissa, MANTISSA_MAX);
        assert_eq!(Converter::nearest(0.0), Converter { mantissa: 1, shift: SHIFT_MAX });
    }

    #[test]
    fn tiles_cut_the_padded_rows() {
        let shape = Shape { inputs: 6, hidden: 20, outputs: 2 };
        let tiling = Tiling { rows: 16, lanes: 8, cells: 1 };
        let tiles = tiling.tiles(&shape);
        let expected = [(0..6, 0..8), (6..6, 8..20)].map(|(inputs, hidden)| Tile { inputs, hidden });
        assert_eq!(tiles, expected);
        assert_eq!(Tiling { rows: 0, ..tiling }.tiles(&shape), [Tile { inputs: 0..6, hidden: 0..20 }]);
        assert_eq!(tiling.reads(Cell::Lstm, &shape), [[true; 4]; 2]);
        // The second tile has no rows of x.
        assert_eq!(tiling.reads(Cell::Gru, &shape), [[true; 4], [true, true, false, true]]);
        assert_eq!(Tiling { rows: 8, ..tiling }.reads(Cell::Gru, &shape)[0], [true, true, true, false]);
    }
}
