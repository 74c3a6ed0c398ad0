//! A lane: element j of every vector, with its similarity unit, its multiplier and its accumulator.
//!
//! ```text
//!  slot_a, age_a -> AgedCode --x--> Similarity <- state ---------> term
//!  slot_c, age_c -> AgedCode --x-.
//!  weight ----------------------+--> Multiplier -> product ------> term
//!  broadcast, state ------------'     ^   ^           |
//!                             read ---'   |           +-> Accumulator -> code
//!                                         '-- normalised <----'
//!                                                     '-> ReadCode -> read
//! ```
//!
//! One multiplier does every step: words (position x embedding), the weighted read (e_i x c_i), the division (sum x
//! reciprocal), the controller (u_k x H, or u x its diagonal) and the answer (u x W). At x the two slot memories change places in
//! every second hop of adjacent tying. Where the weights are signs, a [`SignProduct`] does words and
//! controller in its place; one of the two products is 0 in every cycle, so that OR joins them. [`LaneControl`] says which
//! step it is; each of its fields acts in the cycle in which the lane sees it.

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::memnet::{Datapath, Weights};

use crate::memnet::accumulator::{Accumulator, ReadCode};
use crate::memnet::aged_code::AgedCode;
use crate::memnet::multiplier::Multiplier;
use crate::memnet::sign_product::SignProduct;
use crate::memnet::similarity::Similarity;
use crate::prelude::*;

/// The operation of all lanes in a cycle.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct LaneControl {
    /// The multiplier's x, [`crate::memnet::multiplier`].
    pub x_select: Bits<2>,
    /// The multiplier's y.
    pub y_select: Bits<2>,
    /// Whether the weight is kept as the next word's position weight.
    pub position_load: Bit,
    /// Whether the sum becomes 0.
    pub clear: Bit,
    /// Whether the sum grows by the product.
    pub add: Bit,
    /// Whether the sum is halved.
    pub shift: Bit,
    /// Whether the product is taken as o.
    pub quotient_load: Bit,
    /// Whether the adder tree gets the product; else the similarity.
    pub term_product: Bit,
    /// The format in which slots are addressed, [`crate::memnet::aged_code`].
    pub scale: Bits<2>,
    /// Whether the second slot memory is addressed and the first one is read.
    pub swap: Bit,
}

/// A lane.
#[derive(Clone, Debug, Default, Composite)]
pub struct Lane {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The operation of all lanes in this cycle.
    pub control: Signal<In, LaneControl>,
    /// The number for all lanes, signed.
    pub broadcast: Signal<In, Bits<16>>,
    /// The code that was read from the weight memory.
    pub weight: Signal<In, Bits<8>>,
    /// The lane's element of u.
    pub state: Signal<In, Bits<8>>,
    /// The code of the first slot memory: m of the addressed slot.
    pub slot_a: Signal<In, Bits<8>>,
    /// The age word of that slot's age.
    pub age_a: Signal<In, Bits<8>>,
    /// The code of the second slot memory: c of the slot that is read.
    pub slot_c: Signal<In, Bits<8>>,
    /// The age word of that slot's age.
    pub age_c: Signal<In, Bits<8>>,
    /// The lane's term in the adder tree: the similarity, 2 cycles after the slot, or the product.
    pub term: Signal<Out, Bits<16>>,
    /// The sum as a code: m, c or u, to be stored.
    pub code: Signal<Out, Bits<8>>,
    /// The lane's element of o.
    pub read: Signal<Out, Bits<8>>,
    sum_product: Signal<Local, Bits<32>>,
    aged_a: AgedCode,
    aged_c: AgedCode,
    similarity: Similarity,
    multiplier: Multiplier,
    signs: Vec<SignProduct>,
    sum: Accumulator,
    quotient: ReadCode,
    _evaluation: Evaluation,
}

impl Lane {
    /// A lane of this datapath, with a multiplier of the device's own or of logic.
    pub fn new(datapath: Datapath, of_logic: bool) -> Lane {
        Lane {
            similarity: Similarity::new(datapath.addressing),
            multiplier: Multiplier::new(of_logic, datapath.weights),
            signs: vec![SignProduct::default(); usize::from(datapath.weights == Weights::Signs)],
            ..Default::default()
        }
    }
}

impl Logic for Lane {
    #[hdl_gen]
    fn update(&mut self) {
        self.aged_a.clock.next = self.clock.val();
        self.aged_a.slot.next = self.slot_a.val();
        self.aged_a.age.next = self.age_a.val();
        self.aged_a.scale.next = self.control.val().scale;
        self.aged_c.clock.next = self.clock.val();
        self.aged_c.slot.next = self.slot_c.val();
        self.aged_c.age.next = self.age_c.val();
        // Adjacent tying is not graded.
        self.aged_c.scale.next = bits::<2>(0);

        self.similarity.clock.next = self.clock.val();
        self.similarity.state.next = self.state.val();
        self.similarity.slot.next = self.aged_a.sum.val();
        if self.control.val().swap {
            self.similarity.slot.next = self.aged_c.sum.val();
        }

        self.multiplier.clock.next = self.clock.val();
        self.multiplier.x_select.next = self.control.val().x_select;
        self.multiplier.y_select.next = self.control.val().y_select;
        self.multiplier.broadcast.next = self.broadcast.val();
        self.multiplier.state.next = self.state.val();
        self.multiplier.weight.next = self.weight.val();
        self.multiplier.position_load.next = self.control.val().position_load;
        self.multiplier.slot.next = self.aged_c.sum.val();
        if self.control.val().swap {
            self.multiplier.slot.next = self.aged_a.sum.val();
        }
        self.multiplier.normalised.next = self.sum.normalised.val();
        self.multiplier.read.next = self.quotient.read.val();

        self.sum_product.next = self.multiplier.product.val();
        for i in 0..self.signs.len() {
            self.signs[i].clock.next = self.clock.val();
            self.signs[i].x_select.next = self.control.val().x_select;
            self.signs[i].y_select.next = self.control.val().y_select;
            self.signs[i].broadcast.next = bit_cast::<8, 16>(self.broadcast.val());
            self.signs[i].weight.next = self.weight.val();
            self.signs[i].position_load.next = self.control.val().position_load;
            self.sum_product.next = self.multiplier.product.val() | self.signs[i].product.val();
        }

        self.sum.clock.next = self.clock.val();
        self.sum.product.next = self.sum_product.val();
        self.sum.clear.next = self.control.val().clear;
        self.sum.add.next = self.control.val().add;
        self.sum.shift.next = self.control.val().shift;

        self.quotient.clock.next = self.clock.val();
        self.quotient.product.next = self.multiplier.product.val();
        self.quotient.load.next = self.control.val().quotient_load;

        self.term.next = self.similarity.similarity.val();
        if self.control.val().term_product {
            self.term.next = bit_cast::<16, 32>(self.multiplier.product.val());
        }
        self.code.next = self.sum.code.val();
        self.read.next = self.quotient.read.val();
    }
}
