//! The loader: bytes of a row frame become words of the weight memory and biases.
//!
//! Latency: 1 cycle from the last byte of a unit. Of a weight of 4 bits the byte's low half is taken, of a bias its three
//! low bytes.

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::geometry::ROW_BYTES;

use crate::crossbar::weight_store::{BANK_BITS, weights_of_unit};
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
    _weights: usize,
    _lanes: usize,
    _gathered: u32,
    _evaluation: Evaluation,
}

impl Loader {
    /// The loader of a geometry.
    pub fn new(size: &Geometry) -> Loader {
        assert!(4 * size.hidden + size.classes <= 1 << BIAS_BITS);
        Loader { _weights: weights_of_unit(size), _lanes: size.lanes, ..Default::default() }
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
        let nibbles = (self._gathered & 0x0f0f_0f0f).to_le_bytes();
        let unit = match self._weights {
            4 => nibbles.into_iter().rev().fold(0, |unit, nibble| unit << 4 | u64::from(nibble)),
            _ => (self._gathered >> 16).into(),
        };
        self.unit.next = unit.into();
        self.bias.next = u64::from(self._gathered & 0xff_ffff).into();
        self.address.next = ((place as u64 / self._lanes as u64) & ((1 << WORD_BITS) - 1)).into();
        self.bank.next = ((place % self._lanes / self._weights) as u64).into();
        self.bias_address.next = ((place as u64 / 4) & ((1 << BIAS_BITS) - 1)).into();
        self.write.next = !self.region.val() && place % self._weights == self._weights - 1;
        self.write_bias.next = self.region.val() && place % 4 == 3;
    }
    fn verilog(&self) -> String {
        let (lanes, weights) = (self._lanes.ilog2(), self._weights.ilog2());
        let unit = match self._weights {
            4 => "{next[27:24], next[19:16], next[11:8], next[3:0]}",
            _ => "next[31:16]",
        };
        let bank = match lanes - weights {
            0 => "5'd0".to_string(),
            bits => format!("{{{}'d0, whole[{}:{weights}]}}", 5 - bits, lanes - 1),
        };
        format!(
            "reg [31:0] gathered = 0;
wire [31:0] next = {{octet, gathered[31:8]}};
wire [21:0] whole = {{row, place}};
initial {{write, write_bias}} = 0;
always @(posedge clock) begin
   write <= load & ~region & (&place[{top}:0]);
   write_bias <= load & region & (&place[1:0]);
   if (load) begin
      gathered <= next;
      unit <= {unit};
      bias <= next[23:0];
      address <= whole[{high}:{lanes}];
      bank <= {bank};
      bias_address <= whole[11:2];
   end
end",
            top = weights - 1,
            high = lanes as usize + WORD_BITS - 1,
        )
    }
}
