//! The loader: bytes of a row frame become words of the weight memory and biases.
//!
//! Latency: 1 cycle from the last byte of a unit, which has two: two weights of 8 bits, or four of 4. Of a bias the three low bytes are
//! taken.

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::geometry::ROW_BYTES;

use crate::crossbar::weight_store::BANK_BITS;
use crate::crossbar::{BIAS_BITS, WORD_BITS};
use crate::prelude::*;

/// The loader.
#[derive(Clone, Debug, Default, Leaf)]
pub struct Loader {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether there is a byte of a row.
    pub load: Signal<In, Bit>,
    /// The byte.
    pub octet: Signal<In, Bits<8>>,
    /// Whether the row is one of biases, not of weights.
    pub region: Signal<In, Bit>,
    /// The number of the row.
    pub row: Signal<In, Bits<16>>,
    /// The place of the byte in the row.
    pub place: Signal<In, Bits<6>>,
    /// Whether 16 bits of a word of weights are written.
    pub write: Signal<Out, Bit>,
    /// The number of the word.
    pub address: Signal<Out, Bits<WORD_BITS>>,
    /// The number of the 16 bits in the word.
    pub bank: Signal<Out, Bits<BANK_BITS>>,
    /// The 16 bits.
    pub unit: Signal<Out, Bits<16>>,
    /// Whether a bias is written.
    pub write_bias: Signal<Out, Bit>,
    /// The number of the bias.
    pub bias_address: Signal<Out, Bits<BIAS_BITS>>,
    /// The bias, signed.
    pub bias: Signal<Out, Bits<24>>,
    /// Bytes of a word of weights.
    _bytes: usize,
    _gathered: u32,
    _evaluation: Evaluation,
}

impl Loader {
    /// The loader of a geometry.
    pub fn new(size: &Geometry) -> Loader {
        assert!(4 * size.hidden + size.classes <= 1 << BIAS_BITS);
        Loader { _bytes: size.weight_bytes(size.lanes), ..Default::default() }
    }
}

impl Leaf for Loader {
    fn step(&mut self) {
        (self.write.next, self.write_bias.next) = (false, false);
        if !self.load.val() {
            return;
        }
        self._gathered = self._gathered >> 8 | (self.octet.val().to_u64() as u32) << 24;
        let place = index(self.row.val()) * ROW_BYTES + index(self.place.val());
        self.unit.next = u64::from(self._gathered >> 16).into();
        self.bias.next = u64::from(self._gathered & 0xff_ffff).into();
        self.address.next = ((place as u64 / self._bytes as u64) & ((1 << WORD_BITS) - 1)).into();
        self.bank.next = ((place % self._bytes / 2) as u64).into();
        self.bias_address.next = ((place as u64 / 4) & ((1 << BIAS_BITS) - 1)).into();
        self.write.next = !self.region.val() && place % 2 == 1;
        self.write_bias.next = self.region.val() && place % 4 == 3;
    }
    fn verilog(&self) -> String {
        let word = self._bytes.ilog2();
        let bank = match word - 1 {
            0 => "5'd0".to_string(),
            bits => format!("{{{}'d0, whole[{}:1]}}", 5 - bits, word - 1),
        };
        format!(
            "reg [31:0] gathered = 0;
wire [31:0] next = {{octet, gathered[31:8]}};
wire [21:0] whole = {{row, place}};
initial {{write, write_bias}} = 0;
always @(posedge clock) begin
   write <= load & ~region & place[0];
   write_bias <= load & region & (&place[1:0]);
   if (load) begin
      gathered <= next;
      unit <= next[31:16];
      bias <= next[23:0];
      address <= whole[{high}:{word}];
      bank <= {bank};
      bias_address <= whole[11:2];
   end
end",
            high = word as usize + WORD_BITS - 1,
        )
    }
}
