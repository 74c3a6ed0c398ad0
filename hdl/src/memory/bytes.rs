//! The byte buffer of the link.

use crate::leaf;
use crate::prelude::*;

/// Bits of an address of the byte buffer.
pub const BYTE_BITS: usize = 7;

/// A buffer of 128 bytes with one write and one read port, for the content of a frame.
///
/// | port | width | |
/// |---|---|---|
/// | `write`, `write_address`, `write_data` | 1, 7, 8 | stores a byte |
/// | `address` | 7 | |
/// | `data` | 8 | the byte, one cycle later; what was there before where it is being written |
#[derive(Clone, Debug, Default)]
pub struct ByteBuffer {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether to write.
    pub write: Signal<In, Bit>,
    /// Where to write.
    pub write_address: Signal<In, Bits<BYTE_BITS>>,
    /// What to write.
    pub write_data: Signal<In, Bits<8>>,
    /// Where to read.
    pub address: Signal<In, Bits<BYTE_BITS>>,
    /// What was read.
    pub data: Signal<Out, Bits<8>>,
    _cells: Vec<u8>,
    _settled: bool,
    _changed: bool,
}

leaf!(ByteBuffer { inputs: clock write write_address write_data address; outputs: data; });

impl ByteBuffer {
    /// A buffer of zeros.
    pub fn new() -> ByteBuffer {
        ByteBuffer { _cells: vec![0; 1 << BYTE_BITS], ..Default::default() }
    }
}

impl Leaf for ByteBuffer {
    fn step(&mut self) {
        self.data.next = u64::from(self._cells[index(self.address.val())]).into();
        if self.write.val() {
            self._cells[index(self.write_address.val())] = self.write_data.val().to_u64() as u8;
        }
    }
}

impl Logic for ByteBuffer {
    fn update(&mut self) {
        if self.clock.pos_edge() {
            self.step();
        }
    }
    fn connect(&mut self) {
        self.data.connect();
    }
    fn hdl(&self) -> Verilog {
        Verilog::Custom(
            "reg [7:0] cells [0:127];
always @(posedge clock) begin
   data <= cells[address];
   if (write) cells[write_address] <= write_data;
end"
            .into(),
        )
    }
}
