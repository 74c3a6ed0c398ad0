//! The streaming softmax: scores become exponentials and their sum one slot after another, in a single pass.
//!
//! ```text
//! total -> Score -> index -> exponential table -> e_i --+--> out
//!                                                       v
//!                         hop_begin: 0, then + e_i --> sum --> reciprocal table -> out
//!                         align: 2 x, until its highest bit is set --> aligned
//! ```
//!
//! The sum is normalised bit by bit, as the weighted reads are: of the 17 cycles that takes, those in which the sum is not
//! yet aligned double the sum, the others halve the weighted reads. Together that is the shift by the sum's exponent.

use engram_spec::memnet::table::{
    self, EXPONENTIAL_MAX, QUOTIENT_GUARD, READ_GUARD, RECIPROCAL_INDEX_BITS, SCORE_BITS,
};

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
#[derive(Clone, Debug, Default, Composite)]
pub struct Softmax {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A slot's similarity sum, signed.
    pub total: Signal<In, Bits<TOTAL_BITS>>,
    /// The shift to a score.
    pub shift: Signal<In, Bits<4>>,
    /// The centre of the scores, in units of 16.
    pub centre: Signal<In, Bits<8>>,
    /// Whether the exponential is a slot's, and joins the sum.
    pub exponential_valid: Signal<In, Bit>,
    /// Whether the sum is cleared.
    pub hop_begin: Signal<In, Bit>,
    /// Whether the sum is doubled, unless it is aligned.
    pub align: Signal<In, Bit>,
    /// The score + 512, one cycle after `total`.
    pub index: Signal<Out, Bits<10>>,
    /// e_i, two cycles after `total`.
    pub exponential: Signal<Out, Bits<15>>,
    /// Whether the sum's highest bit is set.
    pub aligned: Signal<Out, Bit>,
    /// The reciprocal of the aligned sum, one cycle after it is aligned.
    pub reciprocal: Signal<Out, Bits<15>>,
    score: Score,
    exponentials: Table<{ SCORE_BITS as usize }>,
    sum: Register<Bits<SUM_BITS>>,
    reciprocals: Table<{ RECIPROCAL_INDEX_BITS as usize }>,
    _evaluation: Evaluation,
}

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
