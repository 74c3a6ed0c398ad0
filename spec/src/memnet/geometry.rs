//! The sizes of a device: lanes, elements, slots and words, as compile-time presets chosen by name.

/// The size of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Geometry {
    /// The preset's name on the command line.
    pub name: &'static str,
    /// The number in an identify reply.
    pub id: u8,
    /// Lanes L: multiplier-accumulators that work side by side.
    pub lanes: usize,
    /// Elements E of every vector, a multiple of `lanes`. Models of fewer elements are padded with zeros.
    pub elements: usize,
    /// Slots of the memory: the most that a network may have. A power of two, because slots are a ring.
    pub slots: usize,
    /// Rows V of each embedding: words of the vocabulary.
    pub words: usize,
    /// Words of the longest sentence or question.
    pub positions: usize,
    /// 16-bit words of the weight memory that each pair of lanes has.
    pub weight_depth: usize,
    /// Multipliers of the device's own; the lanes beyond them build theirs of logic.
    pub multipliers: usize,
}

/// iCE40 UP5K: 8 lanes, each of which holds 4 elements of 32. Weights lie in the four 256-kbit memories.
pub const UP5K: Geometry = Geometry {
    name: "up5k",
    id: 1,
    lanes: 8,
    elements: 32,
    slots: 32,
    words: 192,
    positions: 16,
    weight_depth: 16384,
    multipliers: 8,
};

/// ECP5-25F: 32 lanes, 28 of which have a multiplier of the device's own.
pub const ECP5_25F: Geometry = Geometry {
    name: "ecp5-25f",
    id: 2,
    lanes: 32,
    elements: 32,
    slots: 64,
    words: 192,
    positions: 16,
    weight_depth: 1024,
    multipliers: 28,
};

/// ECP5-85F: 64 lanes.
pub const ECP5_85F: Geometry = Geometry {
    name: "ecp5-85f",
    id: 3,
    lanes: 64,
    elements: 64,
    slots: 64,
    words: 192,
    positions: 16,
    weight_depth: 1024,
    multipliers: 64,
};

/// A preset for tests: 4 lanes, 8 elements, 8 slots. Small enough to watch, folded so that nothing hides.
pub const TINY: Geometry = Geometry {
    name: "tiny",
    id: 4,
    lanes: 4,
    elements: 8,
    slots: 8,
    words: 24,
    positions: 8,
    weight_depth: 256,
    multipliers: 2,
};

/// Every preset.
pub const PRESETS: [Geometry; 4] = [UP5K, ECP5_25F, ECP5_85F, TINY];

/// Where a tensor lies: eight regions of rows of E codes.
///
/// The first six share the weight memory in this order; the age words lie beside the slots they are added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// A, V x E: words of sentences, for addressing.
    A,
    /// B, V x E: words of questions.
    B,
    /// C, V x E: words of sentences, for reading.
    C,
    /// W, V x E: the answer's weights.
    W,
    /// H transposed, E x E: row k holds what u_k adds to each element.
    H,
    /// Position weights, positions x E, Q1.6: row j multiplies word j of a sentence (64, that is 1.0, for a bag of words).
    Position,
    /// T_A, slots x E: the age words of addressing; row 0 is the newest sentence's.
    AgeA,
    /// T_C, slots x E: the age words of reading.
    AgeC,
}

impl Region {
    /// All regions, in the order in which they are loaded.
    pub const ALL: [Region; 8] =
        [Region::A, Region::B, Region::C, Region::W, Region::H, Region::Position, Region::AgeA, Region::AgeC];

    /// The number in a load frame.
    pub const fn id(self) -> u8 {
        self as u8
    }

    /// The region with this number.
    pub fn from_id(id: u8) -> Option<Region> {
        Region::ALL.into_iter().find(|region| region.id() == id)
    }
}

impl Geometry {
    /// The preset of this name.
    pub fn named(name: &str) -> Option<Geometry> {
        PRESETS.into_iter().find(|preset| preset.name == name)
    }

    /// The preset with this number in an identify reply.
    pub fn from_id(id: u8) -> Option<Geometry> {
        PRESETS.into_iter().find(|preset| preset.id == id)
    }

    /// Elements that each lane holds, E / L. Element e lies in lane e mod L at fold e / L.
    pub const fn folds(&self) -> usize {
        self.elements / self.lanes
    }

    /// Pairs of lanes; a pair shares its 16-bit memories.
    pub const fn pairs(&self) -> usize {
        self.lanes / 2
    }

    /// Rows of a region.
    pub const fn rows(&self, region: Region) -> usize {
        match region {
            Region::A | Region::B | Region::C | Region::W => self.words,
            Region::H => self.elements,
            Region::Position => self.positions,
            Region::AgeA | Region::AgeC => self.slots,
        }
    }

    /// The first row of a region within the memory it lies in: the weight memory, or (age words) behind the slots.
    pub const fn base(&self, region: Region) -> usize {
        match region {
            Region::A => 0,
            Region::B => self.words,
            Region::C => 2 * self.words,
            Region::W => 3 * self.words,
            Region::H => 4 * self.words,
            Region::Position => 4 * self.words + self.elements,
            Region::AgeA | Region::AgeC => self.slots,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_consistent() {
        for preset in PRESETS {
            assert_eq!(Geometry::named(preset.name), Some(preset));
            assert_eq!(Geometry::from_id(preset.id), Some(preset));
            assert_eq!(preset.elements % preset.lanes, 0);
            assert_eq!(preset.lanes % 2, 0);
            assert!(preset.slots.is_power_of_two() && preset.slots <= 64);
            assert!(preset.words <= 255 && preset.positions <= 16);
            // The widths of the hardware's row and fold numbers.
            assert!(preset.folds() <= 4 && preset.base(Region::Position) + preset.positions <= 1024);
            let rows = preset.base(Region::Position) + preset.positions;
            assert!(rows * preset.folds() <= preset.weight_depth, "{}", preset.name);
        }
        assert_eq!(Geometry::named("none"), None);
    }
}
