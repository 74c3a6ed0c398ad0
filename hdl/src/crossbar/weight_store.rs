//! The weight memory of the crossbar: words of P weights, in banks of 16 bits.
//!
//! With the signs in a plane of their own ([`crate::crossbar::memo::sign_plane`]) only the bits below them are stored here.
//!
//! A bank is a block RAM's width, or a 256-kbit memory's of the UP5K: four weights of 4 bits or two of 8. It has a single
//! port.

use engram_spec::crossbar::Geometry;

use crate::crossbar::WORD_BITS;
use crate::parts::memory::{contents, depth_check, within};
use crate::prelude::*;

/// Bits of a bank's number.
pub const BANK_BITS: usize = 5;

/// The weight memory of the crossbar.
#[derive(Clone, Debug, Default, Leaf)]
pub struct WeightStore {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The number of the word.
    pub address: Signal<In, Bits<WORD_BITS>>,
    /// Whether 16 bits of the word are stored; the outputs keep their values meanwhile.
    pub write: Signal<In, Bit>,
    /// The number of the 16 bits in the word.
    pub bank: Signal<In, Bits<BANK_BITS>>,
    /// The 16 bits to be stored.
    pub unit: Signal<In, Bits<16>>,
    /// A weight of each lane, one cycle later; one of 4 bits in the low half.
    pub weights: Vec<Signal<Out, Bits<8>>>,
    _bits: usize,
    /// Bits of a weight that are stored.
    _kept: usize,
    _depth: usize,
    _banks: Vec<Vec<u16>>,
    /// Whether the words are those of a program that the bitstream has inside.
    _inside: bool,
    _evaluation: Evaluation,
}

/// Weights in 16 bits.
fn weights_of_unit(size: &Geometry) -> usize {
    16 / usize::from(size.weight_bits)
}

impl WeightStore {
    /// The memory of a geometry, all zero; of whole weights or, `below` the sign, of the rest.
    pub fn new(size: &Geometry, below: bool) -> WeightStore {
        let banks = size.lanes / weights_of_unit(size);
        assert!(banks > 0 && banks <= 1 << BANK_BITS && size.weight_depth <= 1 << WORD_BITS);
        WeightStore {
            weights: vec![Default::default(); size.lanes],
            _bits: size.weight_bits.into(),
            _kept: usize::from(size.weight_bits) - usize::from(below),
            _depth: size.weight_depth,
            _banks: vec![vec![0; size.weight_depth]; banks],
            ..Default::default()
        }
    }

    /// Takes the words of a memory of the same size.
    pub fn copy_words(&mut self, from: &WeightStore) {
        self._banks.clone_from(&from._banks);
        self._inside = true;
    }

    /// The bits of 16 that are stored: of each weight those that are kept, one weight above the other.
    fn stored(&self, unit: u16) -> u64 {
        let (bits, kept) = (self._bits, self._kept);
        (0..16 / bits).map(|part| u64::from(unit >> (part * bits) & ((1 << kept) - 1)) << (part * kept)).sum()
    }
}

impl Leaf for WeightStore {
    fn step(&mut self) {
        let (place, bits, kept) =
            (within("weight store", index(self.address.val()), self._depth), self._bits, self._kept);
        if self.write.val() {
            if let Some(bank) = self._banks.get_mut(index(self.bank.val())) {
                bank[place] = self.unit.val().to_u64() as u16;
            }
            return;
        }
        let units = self._banks.iter().map(|bank| bank[place]);
        let weights = units.flat_map(|unit| (0..16 / bits).map(move |part| unit >> (part * bits) & ((1 << kept) - 1)));
        for (output, weight) in self.weights.iter_mut().zip(weights) {
            output.next = u64::from(weight).into();
        }
    }
    fn verilog(&self) -> String {
        let (bits, kept, last) = (self._bits, self._kept, self._depth - 1);
        let top = self._depth.next_power_of_two().ilog2() - 1;
        let parts = 16 / bits;
        let stored: Vec<String> =
            (0..parts).rev().map(|part| format!("unit[{}:{}]", part * bits + kept - 1, part * bits)).collect();
        let stored = if kept == bits { "unit".to_string() } else { format!("{{{}}}", stored.join(", ")) };
        let mut text = format!("wire [{top}:0] place = address[{top}:0];\n");
        text += &depth_check("weight store", "1'b1", "address", WORD_BITS, self._depth);
        for bank in 0..self._banks.len() {
            text += &format!(
                "reg [{width}:0] bank{bank} [0:{last}];
reg [{width}:0] word{bank};
always @(posedge clock) begin
   if (write) begin
      if (bank == {bank}) bank{bank}[place] <= {stored};
   end else word{bank} <= bank{bank}[place];
end{contents}\n",
                width = parts * kept - 1,
                contents = contents(
                    self._inside,
                    &format!("bank{bank}"),
                    parts * kept,
                    self._banks[bank].iter().map(|&unit| self.stored(unit))
                ),
            );
            for part in 0..parts {
                let (lane, low) = (bank * parts + part, part * kept);
                text += &format!("always @(*) weights${lane} = word{bank}[{}:{low}];\n", low + kept - 1);
            }
        }
        text
    }
}
