//! The streaming softmax: scores become exponentials and their sum one slot after another, in a single pass.
//!
//! ```text
//! total -> Score -> index -> exponential table -> e_i --+--> out
//!                                                       v
//!                        hop_begin: 0, then + e_i --> sum -> Normaliser -> shifts
//!                                                                    '---> reciprocal table -> out
//! ```
//!
//! | port | width | |
//! |---|---|---|
//! | `total` | 22 | a slot's similarity sum |
//! | `shift` | 4 | to a score |
//! | `index` | 10 | score + 512, one cycle after `total` |
//! | `exponential` | 15 | e_i, two cycles after `total` |
//! | `exponential_valid` | 1 | adds e_i to the sum |
//! | `hop_begin` | 1 | clears the sum |
//! | `shifts` | 5 | by how much the weighted reads are shifted, two cycles after the last e_i |
//! | `reciprocal` | 15 | of the normalised sum, three cycles after the last e_i |

use engram_spec::table;

use crate::adder_tree::SUM_BITS;
use crate::composite;
use crate::memory::Table;
use crate::normaliser::Normaliser;
use crate::prelude::*;
use crate::register::Register;
use crate::score::Score;

/// The streaming softmax.
#[derive(Clone, Debug)]
pub struct Softmax {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// A slot's similarity sum.
    pub total: Signal<In, Bits<SUM_BITS>>,
    /// The shift to a score.
    pub shift: Signal<In, Bits<4>>,
    /// Whether the exponential is a slot's.
    pub exponential_valid: Signal<In, Bit>,
    /// Clears the sum.
    pub hop_begin: Signal<In, Bit>,
    /// The score's index.
    pub index: Signal<Out, Bits<10>>,
    /// The exponential.
    pub exponential: Signal<Out, Bits<15>>,
    /// Shifts of the weighted reads.
    pub shifts: Signal<Out, Bits<5>>,
    /// The reciprocal.
    pub reciprocal: Signal<Out, Bits<15>>,
    score: Score,
    exponentials: Table,
    sum: Register<Bits<SUM_BITS>>,
    normaliser: Normaliser,
    reciprocals: Table,
    _settled: bool,
    _changed: bool,
}

composite!(Softmax {
    inputs: clock total shift exponential_valid hop_begin;
    outputs: index exponential shifts reciprocal;
    locals: ;
    constants: ;
    parts: score exponentials sum normaliser reciprocals;
});

impl Default for Softmax {
    fn default() -> Softmax {
        Softmax {
            clock: Default::default(),
            total: Default::default(),
            shift: Default::default(),
            exponential_valid: Default::default(),
            hop_begin: Default::default(),
            index: Default::default(),
            exponential: Default::default(),
            shifts: Default::default(),
            reciprocal: Default::default(),
            score: Default::default(),
            exponentials: Table::new(table::exponential()),
            sum: Default::default(),
            normaliser: Default::default(),
            reciprocals: Table::new(table::reciprocal()),
            _settled: false,
            _changed: false,
        }
    }
}

impl Logic for Softmax {
    #[hdl_gen]
    fn update(&mut self) {
        self.score.clock.next = self.clock.val();
        self.score.sum.next = self.total.val();
        self.score.shift.next = self.shift.val();
        self.exponentials.clock.next = self.clock.val();
        self.exponentials.address.next = self.score.index.val();

        dff_setup!(self, clock, sum);
        if self.exponential_valid.val() {
            self.sum.d.next = self.sum.q.val() + bit_cast::<SUM_BITS, 15>(self.exponentials.data.val());
        }
        if self.hop_begin.val() {
            self.sum.d.next = 0.into();
        }
        self.normaliser.clock.next = self.clock.val();
        self.normaliser.sum.next = self.sum.q.val();
        self.reciprocals.clock.next = self.clock.val();
        self.reciprocals.address.next = self.normaliser.index.val();

        self.index.next = self.score.index.val();
        self.exponential.next = self.exponentials.data.val();
        self.shifts.next = self.normaliser.shifts.val();
        self.reciprocal.next = self.reciprocals.data.val();
    }
}
