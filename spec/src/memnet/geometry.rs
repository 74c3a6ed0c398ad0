//! The sizes of a device: lanes, elements, slots and words, as compile-time presets chosen by name.

use crate::memnet::tying::MEMORIES_MAX;

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
    /// Slots of each of the two slot memories, which the memories of a network share: a power of two, `slots` or more.
    pub slot_rows: usize,
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
    slot_rows: 32,
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
    slot_rows: 256,
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
    slot_rows: 256,
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
    slot_rows: 16,
    words: 24,
    positions: 8,
    weight_depth: 512,
    multipliers: 2,
};

/// Every preset.
pub const PRESETS: [Geometry; 4] = [UP5K, ECP5_25F, ECP5_85F, TINY];

/// The place of a tensor: twelve regions of rows of E codes.
///
/// Embeddings, H and position weights share the weight memory; the age words lie beside the slots they are added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// An embedding, V x E. With layer-wise tying 0 is A (words of sentences, for addressing), 1 is B (words of questions), 2
    /// is C (words of sentences, for reading) and 3 is W (the answer's weights); with adjacent tying they are E_0 to E_K.
    Embedding(u8),
    /// H transposed, E x E: row k has what u_k adds to each element. With adjacent tying one row, what an element of u is
    /// multiplied by: the diagonal of H.
    H,
    /// Position weights, positions x E, Q1.6: row j multiplies word j of a sentence (64, that is 1.0, for a bag of words).
    Position,
    /// Age words of a memory, slots x E; row 0 is the newest sentence's. With layer-wise tying 0 is T_A and 1 is T_C, with
    /// adjacent tying they are T_0 to T_K.
    Age(u8),
}

impl Region {
    /// A of layer-wise tying.
    pub const A: Region = Region::Embedding(0);
    /// B of layer-wise tying.
    pub const B: Region = Region::Embedding(1);
    /// C of layer-wise tying.
    pub const C: Region = Region::Embedding(2);
    /// W of layer-wise tying.
    pub const W: Region = Region::Embedding(3);
    /// T_A of layer-wise tying.
    pub const AGE_A: Region = Region::Age(0);
    /// T_C of layer-wise tying.
    pub const AGE_C: Region = Region::Age(1);

    /// All regions, in the order in which they are loaded and numbered.
    pub const ALL: [Region; 12] = [
        Region::Embedding(0),
        Region::Embedding(1),
        Region::Embedding(2),
        Region::Embedding(3),
        Region::Embedding(4),
        Region::H,
        Region::Position,
        Region::Age(0),
        Region::Age(1),
        Region::Age(2),
        Region::Age(3),
        Region::Age(4),
    ];

    /// The number in a load frame.
    pub const fn id(self) -> u8 {
        match self {
            Region::Embedding(number) => number,
            Region::H => 5,
            Region::Position => 6,
            Region::Age(memory) => 7 + memory,
        }
    }

    /// The region with this number.
    pub fn from_id(id: u8) -> Option<Region> {
        Region::ALL.get(usize::from(id)).copied()
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

    /// The most rows that a region has with any settings.
    pub const fn rows(&self, region: Region) -> usize {
        match region {
            Region::Embedding(_) => self.words,
            Region::H => self.elements,
            Region::Position => self.positions,
            Region::Age(_) => self.slots,
        }
    }

    /// The slots of a network of so many memories: the two slot memories take turns in holding them, each a power of two of
    /// them side by side.
    pub const fn ring(&self, memories: usize) -> usize {
        let ring = self.slot_rows / memories.div_ceil(2).next_power_of_two();
        if ring < self.slots { ring } else { self.slots }
    }

    /// The first row of a memory's slots, and of its age words behind all slots, within the slot memory that holds it: the
    /// first slot memory has the even memories of a network.
    pub const fn bank(&self, memory: usize, memories: usize) -> usize {
        memory / 2 * self.ring(memories)
    }

    /// The first row of an embedding, of H or of the position weights within the weight memory. H takes the room of the fifth
    /// embedding; the row that stands for it with adjacent tying lies behind all others ([`Geometry::diagonal`]).
    pub const fn base(&self, region: Region) -> usize {
        match region {
            Region::Embedding(number) => number as usize * self.words,
            Region::H => (MEMORIES_MAX - 1) * self.words,
            Region::Position => MEMORIES_MAX * self.words,
            Region::Age(_) => 0,
        }
    }

    /// The row of the weight memory that stands for H with adjacent tying.
    pub const fn diagonal(&self) -> usize {
        self.base(Region::Position) + self.positions
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
            assert!(preset.folds() <= 4 && preset.diagonal() < 1024);
            assert!((preset.diagonal() + 1) * preset.folds() <= preset.weight_depth, "{}", preset.name);
            assert!(preset.elements <= preset.words, "H has the room of an embedding");
        }
        assert_eq!(Geometry::named("none"), None);
    }

    #[test]
    fn regions_are_numbered_in_their_order() {
        for (id, region) in (0..).zip(Region::ALL) {
            assert_eq!((region.id(), Region::from_id(id)), (id, Some(region)));
        }
        assert_eq!(Region::from_id(12), None);
    }

    /// The slots of all memories fit, none over another.
    #[test]
    fn memories_lie_side_by_side() {
        for (preset, rings) in [(UP5K, [32, 16, 16, 8]), (ECP5_25F, [64; 4]), (ECP5_85F, [64; 4]), (TINY, [8, 8, 8, 4])]
        {
            assert!(preset.slot_rows.is_power_of_two() && preset.slot_rows >= preset.slots);
            for (memories, ring) in (2..=MEMORIES_MAX).zip(rings) {
                assert_eq!(preset.ring(memories), ring, "{} with {memories} memories", preset.name);
                for memory in 0..memories {
                    let bank = preset.bank(memory, memories);
                    assert_eq!(bank, memory / 2 * ring);
                    assert!(bank + ring <= preset.slot_rows);
                }
            }
        }
    }
}
