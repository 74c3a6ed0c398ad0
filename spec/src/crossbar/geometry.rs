//! The sizes of a crossbar device: lanes, hidden cells, inputs and classes, as compile-time presets chosen by name.

/// The size of a crossbar device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Geometry {
    /// The preset's name on the command line.
    pub name: &'static str,
    /// The number in an identify reply. No memory network's preset has it.
    pub id: u8,
    /// Lanes P, a power of two from 4: rows of a column that are multiplied in one cycle. Lane j holds the rows j, j + P, ..
    pub lanes: usize,
    /// The most hidden cells H.
    pub hidden: usize,
    /// The most inputs I: channels, or symbols.
    pub inputs: usize,
    /// The most classes V of the answer.
    pub classes: usize,
    /// Bits of a weight in the memory, 4 or 8: codes up to ±7 or ±127.
    pub weight_bits: u8,
    /// Words of P weights in the weight memory.
    pub weight_depth: usize,
    /// Lanes that have a multiplier of the device's own; the others build theirs of logic.
    pub multipliers: usize,
}

/// iCE40 UP5K: 8 lanes of 4 bits, whose weights lie in two of the four 256-kbit memories.
pub const UP5K: Geometry = Geometry {
    name: "up5k",
    id: 17,
    lanes: 8,
    hidden: 128,
    inputs: 64,
    classes: 64,
    weight_bits: 4,
    weight_depth: 16384,
    multipliers: 0,
};

/// ECP5-25F: 16 lanes of 4 bits.
pub const ECP5_25F: Geometry = Geometry {
    name: "ecp5-25f",
    id: 18,
    lanes: 16,
    hidden: 128,
    inputs: 64,
    classes: 64,
    weight_bits: 4,
    weight_depth: 6656,
    multipliers: 16,
};

/// ECP5-85F: 16 lanes of 8 bits, for weights with programming noise.
pub const ECP5_85F: Geometry = Geometry { name: "ecp5-85f", id: 19, weight_bits: 8, ..ECP5_25F };

/// A preset for tests: 4 lanes of 4 bits, 8 cells.
pub const TINY: Geometry = Geometry {
    name: "tiny",
    id: 20,
    lanes: 4,
    hidden: 8,
    inputs: 8,
    classes: 8,
    weight_bits: 4,
    weight_depth: 256,
    multipliers: 2,
};

/// The same with weights of 8 bits.
pub const TINY_WIDE: Geometry = Geometry { name: "tiny-wide", id: 21, weight_bits: 8, ..TINY };

/// Every preset.
pub const PRESETS: [Geometry; 5] = [UP5K, ECP5_25F, ECP5_85F, TINY, TINY_WIDE];

/// Where a program's numbers lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// The weights, a code a byte, of a memory of 4 bits two, the first in the low half: the columns one after another (cell by cell, gate
    /// by gate), each padded to words of P as the row vector is, without the words that it does not read
    /// ([`super::Cell::reads`]); then the readout's, a class after another, padded likewise.
    Weights,
    /// The biases, four bytes each, signed and little-endian: of the columns in the same order, then of the classes.
    Biases,
}

impl Region {
    /// All regions, in the order in which they are loaded.
    pub const ALL: [Region; 2] = [Region::Weights, Region::Biases];

    /// The number in a load frame.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// The region with this number.
    pub fn from_id(id: u8) -> Option<Region> {
        Region::ALL.into_iter().find(|region| region.id() == id)
    }
}

/// Bytes of a row of a load frame: 64 weights of 8 bits, 128 of 4 bits, or 16 biases.
pub const ROW_BYTES: usize = 64;

impl Geometry {
    /// The preset of this name.
    pub fn named(name: &str) -> Option<Geometry> {
        PRESETS.into_iter().find(|preset| preset.name == name)
    }

    /// The preset with this number in an identify reply.
    pub fn from_id(id: u8) -> Option<Geometry> {
        PRESETS.into_iter().find(|preset| preset.id == id)
    }

    /// Words of P that so many numbers fill.
    pub const fn chunks(&self, numbers: usize) -> usize {
        numbers.div_ceil(self.lanes)
    }

    /// Rows of a region that can be loaded.
    pub const fn rows(&self, region: Region) -> usize {
        match region {
            Region::Weights => self.weight_bytes(self.weight_depth * self.lanes).div_ceil(ROW_BYTES),
            Region::Biases => (4 * (4 * self.hidden + self.classes)).div_ceil(ROW_BYTES),
        }
    }

    /// Bytes of so many weights on the link.
    pub const fn weight_bytes(&self, weights: usize) -> usize {
        (weights * self.weight_bits as usize).div_ceil(8)
    }

    /// The weight at a place of the bytes that are loaded.
    pub const fn weight_at(&self, bytes: &[u8], place: usize) -> i8 {
        let bit = place * self.weight_bits as usize;
        self.held(bytes[bit / 8] >> (bit % 8))
    }

    /// The weight that a memory of this width keeps of a byte: its low bits, signed.
    pub const fn held(&self, byte: u8) -> i8 {
        let above = 8 - self.weight_bits as u32;
        ((byte << above) as i8) >> above
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memnet::geometry::PRESETS as MEMORY_NETWORKS;

    #[test]
    fn presets_are_consistent() {
        for preset in PRESETS {
            assert_eq!(Geometry::named(preset.name), Some(preset));
            assert_eq!(Geometry::from_id(preset.id), Some(preset));
            assert!(MEMORY_NETWORKS.iter().all(|other| other.id != preset.id));
            assert!(preset.lanes.is_power_of_two() && preset.lanes >= 4 && preset.multipliers <= preset.lanes);
            assert!(matches!(preset.weight_bits, 4 | 8));
            let chunks = preset.chunks(preset.inputs) + preset.chunks(preset.hidden);
            let words = 4 * preset.hidden * chunks + preset.classes * preset.chunks(preset.hidden);
            assert!(words <= preset.weight_depth, "{}: {words} words", preset.name);
            assert!(preset.rows(Region::Weights) <= 1 << 16 && preset.inputs + preset.hidden < 256);
        }
        assert_eq!(Geometry::named("none"), None);
        assert_eq!(Region::ALL.map(|region| Region::from_id(region.id())), Region::ALL.map(Some));
    }

    #[test]
    fn a_memory_of_four_bits_keeps_the_low_ones() {
        assert_eq!([7, 0xf9, 0x7f, 8].map(|byte| TINY.held(byte)), [7, -7, -1, -8]);
        assert!((0..=255u8).all(|byte| TINY_WIDE.held(byte) == byte as i8));
    }
}
