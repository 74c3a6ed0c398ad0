//! The sizes of a model beside those that a device holds.

use engram_crossbar::program::sizes;
use engram_spec::{crossbar, memnet};
use serde::Serialize;

/// A size of a model, and the most that a device holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The name of the size.
    pub what: &'static str,
    /// The model's number.
    pub found: usize,
    /// The device's number.
    pub allowed: usize,
}

impl Limit {
    /// Whether the device holds it.
    pub fn holds(&self) -> bool {
        self.found <= self.allowed
    }
}

fn limit((what, found, allowed): (&'static str, usize, usize)) -> Limit {
    Limit { what, found, allowed }
}

/// The sizes of a memory network.
pub fn memnet(design: &engram_memnet::Design, geometry: &memnet::Geometry) -> Vec<Limit> {
    design.shape.sizes(geometry).map(limit).to_vec()
}

/// The sizes of a crossbar network, and the words of the device's lanes that its weights fill.
pub fn crossbar(design: &engram_crossbar::Design, geometry: &crossbar::Geometry) -> Vec<Limit> {
    let shape = design.shape;
    let chunks = geometry.chunks(shape.inputs) + geometry.chunks(shape.hidden);
    let words = design.cell.columns_of_words() * shape.hidden * chunks + shape.outputs * geometry.chunks(shape.hidden);
    let weights = ("words of weights", words, geometry.weight_depth);
    sizes(design, geometry).into_iter().chain([weights]).map(limit).collect()
}

#[cfg(test)]
mod tests {
    use engram_crossbar::{Design, Precision, Precisions, Shape, Tiling};
    use engram_spec::crossbar::geometry::{ECP5_25F, UP5K};
    use engram_spec::crossbar::{Cell, Program, Region, Settings};

    use super::*;

    #[test]
    fn words_of_weights_are_those_that_are_loaded() {
        for (cell, geometry) in [(Cell::Lstm, ECP5_25F), (Cell::Gru, ECP5_25F), (Cell::Gru, UP5K)] {
            let shape = Shape { inputs: 12, hidden: 20, outputs: 9 };
            let design = Design::new(shape, Precisions::alike(Precision::Bits(4)), Tiling::default());
            let found = crossbar(&Design { cell, ..design }, &geometry).pop().unwrap();
            let settings = Settings { cell, hidden: 20, inputs: 12, classes: 9, ..Settings::default() };
            // Rows of 64 bytes hold 128 weights: the image is padded to the last.
            let loaded = Program::zeroed(geometry, settings).image(Region::Weights).len() * 2;
            assert_eq!((found.found * geometry.lanes).next_multiple_of(128), loaded, "{cell:?} {}", geometry.name);
        }
    }
}
