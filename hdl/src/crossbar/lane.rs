//! A lane of the crossbar: its rows of the row vector, and their multiplier.
//!
//! | port | width | |
//! |---|---|---|
//! | `write`, `write_address`, `code`, `readout` | 1, 6, 8, 8 | stores a row: its DAC code, and for h the readout's |
//! | `address` | 6 | the row: vector (0 x, 2 and 3 the banks of h), word |
//! | `select` | 2 | one cycle later: which code is multiplied, as [`crate::crossbar::row_product`] says |
//! | `weight` | 8 | with `select` |
//! | `product` | 16 | signed, three cycles after the address |

use engram_spec::crossbar::Geometry;

use crate::composite;
use crate::crossbar::VECTOR_BITS;
use crate::crossbar::row_product::RowProduct;
use crate::parts::memory::Buffer;
use crate::prelude::*;

/// A lane of the crossbar.
#[derive(Clone, Debug, Default)]
pub struct CrossbarLane {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to store a row.
    pub write: Signal<In, Bit>,
    /// Where.
    pub write_address: Signal<In, Bits<VECTOR_BITS>>,
    /// Its DAC code.
    pub code: Signal<In, Bits<8>>,
    /// Its readout code.
    pub readout: Signal<In, Bits<8>>,
    /// Which row is read.
    pub address: Signal<In, Bits<VECTOR_BITS>>,
    /// Which of its codes is multiplied.
    pub select: Signal<In, Bits<2>>,
    /// By what.
    pub weight: Signal<In, Bits<8>>,
    /// The product.
    pub product: Signal<Out, Bits<16>>,
    rows: Buffer<VECTOR_BITS, 16>,
    multiplier: RowProduct,
    _settled: bool,
    _changed: bool,
}

composite!(CrossbarLane {
    inputs: clock write write_address code readout address select weight;
    outputs: product;
    locals: ;
    constants: ;
    parts: rows multiplier;
});

impl CrossbarLane {
    /// The lane of this number; those behind the device's multipliers build theirs of logic.
    pub fn new(size: &Geometry, number: usize) -> CrossbarLane {
        let multiplier = RowProduct::new(size, number >= size.multipliers);
        CrossbarLane { rows: Buffer::new(), multiplier, ..Default::default() }
    }
}

impl Logic for CrossbarLane {
    #[hdl_gen]
    fn update(&mut self) {
        self.rows.clock.next = self.clock.val();
        self.rows.write.next = self.write.val();
        self.rows.write_address.next = self.write_address.val();
        self.rows.write_data.next = (bit_cast::<16, 8>(self.readout.val()) << 8) | bit_cast::<16, 8>(self.code.val());
        self.rows.address.next = self.address.val();
        self.multiplier.clock.next = self.clock.val();
        self.multiplier.select.next = self.select.val();
        self.multiplier.row.next = self.rows.data.val();
        self.multiplier.weight.next = self.weight.val();
        self.product.next = self.multiplier.product.val();
    }
}
