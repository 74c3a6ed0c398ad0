//! The sign plane: the signs of all weights, of which the predictor reads those of several words a cycle.
//!
//! The weight memory beside it holds what is left of the weights: nothing is stored twice. Words lie in K banks by the low bits
//! of their address, so that K neighbours are read from wherever they begin. A bank has a single port. Behind the last word
//! follows the first: neighbours are read there, too, and nothing looks at them.

use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::geometry::ROW_BYTES;

use crate::crossbar::WORD_BITS;
use crate::parts::memory::{contents, depth_check, within};
use crate::prelude::*;

/// The sign plane.
#[derive(Clone, Debug, Default, Leaf)]
pub struct SignPlane {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether there is a byte of a row.
    pub load: Signal<In, Bit>,
    /// The byte: a weight, or two of 4 bits.
    pub octet: Signal<In, Bits<8>>,
    /// Whether the row is one of biases, which have no signs here.
    pub region: Signal<In, Bit>,
    /// The number of the row.
    pub row: Signal<In, Bits<16>>,
    /// The place of the byte in the row.
    pub place: Signal<In, Bits<6>>,
    /// The address of the first word that is read.
    pub address: Signal<In, Bits<WORD_BITS>>,
    /// The signs of each word, a bit a lane, one cycle later: word a in place a mod K.
    pub signs: Vec<Signal<Out, Bits<16>>>,
    _lanes: usize,
    /// Bits of a weight.
    _bits: usize,
    _gathered: u64,
    _write: bool,
    _written: usize,
    _banks: Vec<Vec<u16>>,
    /// Whether the signs are those of a program that the bitstream has inside.
    _inside: bool,
    _evaluation: Evaluation,
}

impl SignPlane {
    /// The plane of a geometry, whose words are read so many at a time.
    pub fn new(size: &Geometry, words: usize) -> SignPlane {
        assert!(words.is_power_of_two() && words > 1 && size.lanes <= 16);
        SignPlane {
            signs: vec![Default::default(); words],
            _lanes: size.lanes,
            _bits: size.weight_bits.into(),
            _banks: vec![vec![0; size.weight_depth.div_ceil(words)]; words],
            ..Default::default()
        }
    }

    /// Takes the signs of a plane of the same size.
    pub fn copy_words(&mut self, from: &SignPlane) {
        self._banks.clone_from(&from._banks);
        self._inside = true;
    }
}

impl Leaf for SignPlane {
    fn step(&mut self) {
        let (words, depth) = (self._banks.len(), self._banks[0].len());
        if self._write {
            let bank = self._written % words;
            self._banks[bank][within("sign plane", self._written / words, depth)] = self._gathered as u16;
        } else {
            let first = within("sign plane", index(self.address.val()), depth * words);
            for (number, bank) in self._banks.iter().enumerate() {
                let row = first / words + usize::from(number < first % words);
                self.signs[number].next = u64::from(bank[if row == depth { 0 } else { row }]).into();
            }
        }
        let (place, word) = (index(self.row.val()) * ROW_BYTES + index(self.place.val()), self._lanes * self._bits / 8);
        let loading = self.load.val() && !self.region.val();
        self._write = loading && place % word == word - 1;
        if loading {
            for top in (self._bits - 1..8).step_by(self._bits) {
                let sign = self.octet.val().to_u64() >> top & 1;
                self._gathered = self._gathered >> 1 | sign << (self._lanes - 1);
            }
            self._written = place / word % (1 << WORD_BITS);
        }
    }
    fn verilog(&self) -> String {
        let (words, depth, lanes) = (self._banks.len(), self._banks[0].len(), self._lanes);
        let (low, width) = (words.ilog2(), depth.next_power_of_two().ilog2().max(1));
        let (group, last) = ((lanes * self._bits / 8).ilog2(), lanes - 1);
        let signs = if self._bits == 4 { "octet[7], octet[3]" } else { "octet[7]" };
        let mut text = format!(
            "reg [{last}:0] gathered = 0;
reg write = 0;
reg [{word}:0] written = 0;
wire [21:0] whole = {{row, place}};
wire [{word}:0] onward = address + {words};
always @(posedge clock) begin
   write <= load & ~region & (&place[{top}:0]);
   if (load & ~region) begin
      gathered <= {{{signs}, gathered[{last}:{new}]}};
      written <= whole[{high}:{group}];
   end
end\n",
            word = WORD_BITS - 1,
            top = group - 1,
            new = 8 / self._bits,
            high = group as usize + WORD_BITS - 1,
        );
        let (from, to) = (low, low + width - 1);
        let mut next_row = format!("onward[{to}:{from}]");
        if depth != 1 << width {
            text += &format!("wire [{}:0] next_row = {next_row} == {depth} ? 0 : {next_row};\n", width - 1);
            next_row = "next_row".to_string();
        }
        for bank in 0..words {
            text += &format!(
                "reg [{last}:0] bank{bank} [0:{most}];
reg [{last}:0] word{bank};
wire [{top}:0] place{bank} = write ? written[{to}:{from}] : {bank} < address[{below}:0] ? {next_row} : address[{to}:{from}];
always @(posedge clock) begin
   if (write) begin
      if (written[{below}:0] == {bank}) bank{bank}[place{bank}] <= gathered;
   end else word{bank} <= bank{bank}[place{bank}];
end{contents}
always @(*) signs${bank} = word{bank};\n",
                contents = contents(self._inside, &format!("bank{bank}"), lanes, self._banks[bank].iter().map(|&signs| signs.into())),
                most = depth - 1,
                top = width - 1,
                below = low - 1,
            );
        }
        for (used, address) in [("write", "written"), ("~write", "address")] {
            text += &depth_check("sign plane", used, address, WORD_BITS, depth * words);
        }
        text
    }
}
