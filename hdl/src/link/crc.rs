//! The two checksums: the CRC-16 of the frames, a byte at a time, and the CRC-32 of what was loaded, half a byte at a time.
//!
//! The sums are kept inverted, because registers start at zero and these checksums start with ones. As they are also sent
//! inverted, `sum` is the checksum itself. Both polynomials are those of `spec`: the CRC-16 is [`engram_spec::frame::CRC`], the
//! CRC-32 [`engram_spec::frame::LOAD_HASH`].

use engram_spec::frame::{CRC, LOAD_HASH};

use crate::prelude::*;

/// The CRC-16 of a frame.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Crc16 {
    /// The checksum so far; starts at 0.
    pub sum: Signal<In, Bits<16>>,
    /// The next byte.
    pub data: Signal<In, Bits<8>>,
    /// The checksum with that byte.
    pub next_sum: Signal<Out, Bits<16>>,
    _evaluation: Evaluation,
}

impl Leaf for Crc16 {
    fn settle(&mut self) {
        let mut crc = !(self.sum.val().to_u64() as u16) ^ ((self.data.val().to_u64() as u16) << 8);
        for _ in 0..8 {
            crc = (crc << 1) ^ if crc & 0x8000 != 0 { CRC.poly } else { 0 };
        }
        self.next_sum.next = u64::from(!crc).into();
    }
    fn verilog(&self) -> String {
        format!(
            "reg [15:0] crc;
integer k;
always @(*) begin
   crc = ~sum ^ {{data, 8'b0}};
   for (k = 0; k < 8; k = k + 1) crc = {{crc[14:0], 1'b0}} ^ (crc[15] ? 16'h{:04X} : 16'h0);
   next_sum = ~crc;
end",
            CRC.poly
        )
    }
}

/// The CRC-32 of a load, four bits at a time: half the logic, as each byte that is carried out takes two cycles.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Crc32 {
    /// The checksum so far; starts at 0.
    pub sum: Signal<In, Bits<32>>,
    /// The next four bits; the low ones of a byte come first.
    pub data: Signal<In, Bits<4>>,
    /// The checksum with them.
    pub next_sum: Signal<Out, Bits<32>>,
    _evaluation: Evaluation,
}

impl Leaf for Crc32 {
    fn settle(&mut self) {
        let mut crc = !(self.sum.val().to_u64() as u32) ^ self.data.val().to_u64() as u32;
        for _ in 0..4 {
            crc = (crc >> 1) ^ if crc & 1 != 0 { LOAD_HASH.poly.reverse_bits() } else { 0 };
        }
        self.next_sum.next = u64::from(!crc).into();
    }
    fn verilog(&self) -> String {
        // The CRC-32 is reflected: bits come in from the right.
        format!(
            "reg [31:0] crc;
integer k;
always @(*) begin
   crc = ~sum ^ {{28'b0, data}};
   for (k = 0; k < 4; k = k + 1) crc = {{1'b0, crc[31:1]}} ^ (crc[0] ? 32'h{:08X} : 32'h0);
   next_sum = ~crc;
end",
            LOAD_HASH.poly.reverse_bits()
        )
    }
}
