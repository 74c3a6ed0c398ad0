//! The signs of the row vector, as the predictor compares them.
//!
//! Rows are stored while those of before are compared: every sign is kept twice.

use engram_spec::crossbar::Geometry;

use crate::crossbar::VECTOR_BITS;
use crate::parts::gather::LANE_BITS;
use crate::prelude::*;

/// The signs of the row vector.
#[derive(Clone, Debug, Default, Leaf)]
pub struct RowSigns {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// Whether a sequence begins: no row is negative.
    pub clear: Signal<In, Bit>,
    /// Whether a row is stored.
    pub write: Signal<In, Bit>,
    /// The lane in which the row is stored.
    pub lane: Signal<In, Bits<LANE_BITS>>,
    /// The address of the row in its lane.
    pub address: Signal<In, Bits<VECTOR_BITS>>,
    /// The DAC code of the row.
    pub code: Signal<In, Bits<8>>,
    /// Whether an input's code 0 counts as negative.
    pub zero_is_minus: Signal<In, Bit>,
    /// Words of x, behind which those of h lie.
    pub input_words: Signal<In, Bits<5>>,
    /// Whether a step begins: the rows that were stored are compared from now on.
    pub take: Signal<In, Bit>,
    /// The number of the first word that is compared.
    pub word: Signal<In, Bits<5>>,
    /// The place of the first word.
    pub turn: Signal<In, Bits<4>>,
    /// The number of the word behind the last that is compared.
    pub words: Signal<In, Bits<5>>,
    /// The signs of each word, one cycle later: word w in place (w + turn) mod K.
    pub signs: Vec<Signal<Out, Bits<16>>>,
    /// Whether there is a word, a bit a place.
    pub present: Signal<Out, Bits<16>>,
    _lanes: usize,
    _stored: Vec<u16>,
    _compared: Vec<u16>,
    _evaluation: Evaluation,
}

impl RowSigns {
    /// The signs of a geometry's rows, compared so many words at a time.
    pub fn new(size: &Geometry, words: usize) -> RowSigns {
        let most = size.chunks(size.inputs) + size.chunks(size.hidden);
        assert!(words.is_power_of_two() && words > 1 && words <= 16 && most < 32 && size.lanes <= 16);
        RowSigns {
            signs: vec![Default::default(); words],
            _lanes: size.lanes,
            _stored: vec![0; most],
            _compared: vec![0; most],
            ..Default::default()
        }
    }
}

impl Leaf for RowSigns {
    fn step(&mut self) {
        let (places, most) = (self.signs.len(), self._stored.len());
        let (first, turn, words) = (index(self.word.val()), index(self.turn.val()), index(self.words.val()));
        let mut present = 0u64;
        for place in 0..places {
            let word = (first + (places + place - turn % places) % places) % 32;
            present |= u64::from(word < words) << place;
            self.signs[place].next = u64::from(self._compared.get(word).copied().unwrap_or(0)).into();
        }
        self.present.next = present.into();
        if self.take.val() {
            self._compared.clone_from(&self._stored);
        }
        if self.clear.val() {
            self._stored.fill(0);
        } else if self.write.val() {
            let (address, lane) = (index(self.address.val()), index(self.lane.val()) % self._lanes);
            let (chunk, input) = (address % 16, address < 32);
            let word = if input { chunk } else { (chunk + index(self.input_words.val())) % 32 };
            let code = signed(self.code.val());
            let negative = code < 0 || (code == 0 && input && self.zero_is_minus.val());
            if word < most {
                self._stored[word] = self._stored[word] & !(1 << lane) | u16::from(negative) << lane;
            }
        }
    }
    fn verilog(&self) -> String {
        let (places, most, lanes) = (self.signs.len(), self._stored.len(), self._lanes);
        let (low, last, turns) = (lanes.ilog2() - 1, lanes - 1, places.ilog2() - 1);
        let mut text = format!(
            "wire [4:0] target = address[5] ? {{1'b0, address[3:0]}} + input_words : {{1'b0, address[3:0]}};
wire negative = code[7] | (~address[5] & zero_is_minus & (code == 0));
wire [{low}:0] bit_place = lane[{low}:0];
initial present = 0;\n"
        );
        for word in 0..most {
            text += &format!(
                "reg [{last}:0] stored{word} = 0;
reg [{last}:0] compared{word} = 0;
always @(posedge clock) begin
   if (take) compared{word} <= stored{word};
   if (clear) stored{word} <= 0;
   else if (write & (target == {word})) stored{word}[bit_place] <= negative;
end\n"
            );
        }
        for place in 0..places {
            let cases: String =
                (0..most).map(|word| format!("      {word}: signs${place} <= compared{word};\n")).collect();
            text += &format!(
                "wire [{turns}:0] ahead{place} = {place} - turn[{turns}:0];
wire [4:0] number{place} = word + ahead{place};
initial signs${place} = 0;
always @(posedge clock) begin
   present[{place}] <= number{place} < words;
   case (number{place})
{cases}      default: signs${place} <= 0;
   endcase
end\n"
            );
        }
        text
    }
}
