//! A lane of the crossbar: its rows of the row vector, and their multiplier.

use engram_spec::crossbar::Geometry;

use crate::crossbar::VECTOR_BITS;
use crate::crossbar::row_product::RowProduct;
use crate::parts::memory::Buffer;
use crate::prelude::*;

/// A lane of the crossbar.
#[derive(Clone, Debug, Default, Composite)]
pub struct CrossbarLane {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a row is stored.
    pub write: Signal<In, Bit>,
    /// The address of the row to be stored.
    pub write_address: Signal<In, Bits<VECTOR_BITS>>,
    /// The DAC code of the row to be stored.
    pub code: Signal<In, Bits<8>>,
    /// The readout code of the row to be stored; of h only.
    pub readout: Signal<In, Bits<8>>,
    /// The row that is read: in the upper two bits the vector (0 x, 2 and 3 the banks of h), in the lower four the
    /// word.
    pub address: Signal<In, Bits<VECTOR_BITS>>,
    /// The code that is multiplied, one cycle after the address: 0 nothing, 1 the DAC code, 2 the readout's.
    pub select: Signal<In, Bits<2>>,
    /// The weight, one cycle after the address.
    pub weight: Signal<In, Bits<8>>,
    /// The product, signed, three cycles after the address.
    pub product: Signal<Out, Bits<16>>,
    rows: Buffer<VECTOR_BITS, 16>,
    multiplier: RowProduct,
    _evaluation: Evaluation,
}

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
