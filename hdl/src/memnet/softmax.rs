//! The streaming softmax: scores become exponentials and their sum one slot after another, in a single pass.
//!
//! ```text
//! total -> Score -> index -> exponential table -> e_i --+--> out
//!                                                       v
//!                         hop_begin: 0, then + e_i --> sum --> reciprocal table -> out
//!                         align: 2 x, until its highest bit is set --> aligned
//! ```
//!
//! | port | width | |
//! |---|---|---|
//! | `total` | 22 | a slot's similarity sum |
//! | `shift` | 4 | to a score |
//! | `centre` | 8 | of the scores |
//! | `index` | 10 | score + 512, one cycle after `total` |
//! | `exponential` | 15 | e_i, two cycles after `total` |
//! | `exponential_valid` | 1 | adds e_i to the sum |
//! | `hop_begin` | 1 | clears the sum |
//! | `align` | 1 | doubles the sum, unless it is aligned |
//! | `aligned` | 1 | the sum's highest bit is set |
//! | `reciprocal` | 15 | of the aligned sum, one cycle after it is aligned |
//!
//! The sum is normalised bit by bit, as the weighted reads are: of the 17 cycles that takes, those in which the sum is not
//! yet aligned double the sum, the others halve the weighted reads. Together that is the shift by the sum's exponent.

use engram_spec::memnet::table::{
    self, EXPONENTIAL_MAX, QUOTIENT_GUARD, READ_GUARD, RECIPROCAL_INDEX_BITS, SCORE_BITS,
};

use crate::composite;
use crate::memnet::score::Score;
use crate::parts::memory::Table;
use crate::parts::register::Register;
use crate::prelude::*;

/// Bits of a similarity sum.
const TOTAL_BITS: usize = crate::parts::adder_tree::SUM_BITS;
/// Bits of the sum of the exponentials, of 64 slots.
const SUM_BITS: usize = 21;
const _: () = assert!(64 * EXPONENTIAL_MAX < 1 << SUM_BITS);
/// The cycles of a normalisation: with the sum aligned, its exponent is 20, and the weighted reads are shifted by
/// exponent - 3 ([`engram_spec::memnet::table::weighted_mean`]).
pub const NORMALISE_CYCLES: u64 = SUM_BITS as u64 - 1 - (QUOTIENT_GUARD - READ_GUARD) as u64;

/// The streaming softmax.
#[derive(Clone, Debug, Default)]
pub struct Softmax {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A slot's similarity sum.
    pub total: Signal<In, Bits<TOTAL_BITS>>,
    /// The shift to a score.
    pub shift: Signal<In, Bits<4>>,
    /// The centre of the scores.
    pub centre: Signal<In, Bits<8>>,
    /// Whether the exponential is a slot's.
    pub exponential_valid: Signal<In, Bit>,
    /// Clears the sum.
    pub hop_begin: Signal<In, Bit>,
    /// Doubles the sum, unless it is aligned.
    pub align: Signal<In, Bit>,
    /// The score's index.
    pub index: Signal<Out, Bits<10>>,
    /// The exponential.
    pub exponential: Signal<Out, Bits<15>>,
    /// The sum's highest bit is set.
    pub aligned: Signal<Out, Bit>,
    /// The reciprocal.
    pub reciprocal: Signal<Out, Bits<15>>,
    score: Score,
    exponentials: Table<{ SCORE_BITS as usize }>,
    sum: Register<Bits<SUM_BITS>>,
    reciprocals: Table<{ RECIPROCAL_INDEX_BITS as usize }>,
    _settled: bool,
    _changed: bool,
}

composite!(Softmax {
    inputs: clock total shift centre exponential_valid hop_begin align;
    outputs: index exponential aligned reciprocal;
    locals: ;
    constants: ;
    parts: score exponentials sum reciprocals;
});

impl Softmax {
    /// A softmax with its tables.
    pub fn new() -> Softmax {
        Softmax {
            exponentials: Table::new(table::exponential()),
            reciprocals: Table::new(table::reciprocal()),
            ..Default::default()
        }
    }
}

impl Logic for Softmax {
    #[hdl_gen]
    fn update(&mut self) {
        self.score.clock.next = self.clock.val();
        self.score.sum.next = self.total.val();
        self.score.shift.next = self.shift.val();
        self.score.centre.next = self.centre.val();
        self.exponentials.clock.next = self.clock.val();
        self.exponentials.address.next = self.score.index.val();

        dff_setup!(self, clock, sum);
        if self.exponential_valid.val() {
            self.sum.d.next = self.sum.q.val() + bit_cast::<SUM_BITS, 15>(self.exponentials.data.val());
        }
        if self.hop_begin.val() {
            self.sum.d.next = 0.into();
        }
        self.aligned.next = self.sum.q.val().get_bit(20);
        if self.align.val() & !self.aligned.val() {
            self.sum.d.next = self.sum.q.val() << 1;
        }
        self.reciprocals.clock.next = self.clock.val();
        self.reciprocals.address.next = self.sum.q.val().get_bits::<9>(11);

        self.index.next = self.score.index.val();
        self.exponential.next = self.exponentials.data.val();
        self.reciprocal.next = self.reciprocals.data.val();
    }
}
