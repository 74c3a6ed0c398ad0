//! Two lanes and the 16-bit memories they share: weights, two slot memories, and u.
//!
//! With layer-wise tying the first slot memory is addressed (m) and the second is read (c). With adjacent tying the first one has
//! the even memories of the network and the second one the odd: from hop to hop they change places. The even lane's codes lie in the
//! low bytes. A write takes either what the lanes have computed or what is loaded over the link (weights and age words).

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::memnet::{Datapath, Geometry};

use crate::memnet::lane::{Lane, LaneControl};
use crate::memnet::memory::{FOLD_BITS, PLACE_BITS, ROW_BITS, SlotMemory, StateMemory, WeightMemory};
use crate::prelude::*;

/// The places at which all pairs read and write in a cycle.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct MemoryControl {
    /// The row of the weight memory.
    pub row: Bits<ROW_BITS>,
    /// The fold of the row.
    pub row_fold: Bits<FOLD_BITS>,
    /// The place of the slot, or with `load` of the age word, in the first slot memory.
    pub slot_a: Bits<PLACE_BITS>,
    /// The place of the slot's age word.
    pub age_a: Bits<PLACE_BITS>,
    /// The fold of both.
    pub fold_a: Bits<FOLD_BITS>,
    /// Whether the lanes' codes are stored in the first slot memory.
    pub write_a: Bit,
    /// The place of the slot, or with `load` of the age word, in the second slot memory.
    pub slot_c: Bits<PLACE_BITS>,
    /// The place of the slot's age word.
    pub age_c: Bits<PLACE_BITS>,
    /// The fold of both.
    pub fold_c: Bits<FOLD_BITS>,
    /// Whether the lanes' codes are stored in the second slot memory.
    pub write_c: Bit,
    /// Whether what is loaded is written, not what was computed.
    pub load: Bit,
    /// The bank of the present u.
    pub bank: Bit,
    /// The fold of u.
    pub state_fold: Bits<FOLD_BITS>,
    /// Whether the lanes' codes are stored as elements of the next u.
    pub write_state: Bit,
}

/// A pair of lanes with its memories.
#[derive(Clone, Debug, Default, Composite)]
pub struct Pair {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The operation of both lanes.
    pub control: Signal<In, LaneControl>,
    /// The places at which the memories read and write.
    pub memory: Signal<In, MemoryControl>,
    /// The number for all lanes, signed.
    pub broadcast: Signal<In, Bits<16>>,
    /// Whether codes are loaded into the weight memory.
    pub load_weights: Signal<In, Bit>,
    /// Whether codes are loaded as an age word of the first slot memory.
    pub load_age_a: Signal<In, Bit>,
    /// Whether codes are loaded as an age word of the second slot memory.
    pub load_age_c: Signal<In, Bit>,
    /// The even lane's code to be loaded.
    pub load_even: Signal<In, Bits<8>>,
    /// The odd lane's code to be loaded.
    pub load_odd: Signal<In, Bits<8>>,
    /// The even lane's term in the adder tree.
    pub term_even: Signal<Out, Bits<16>>,
    /// The odd lane's term in the adder tree.
    pub term_odd: Signal<Out, Bits<16>>,
    /// The even lane's element of u.
    pub state_even: Signal<Out, Bits<8>>,
    /// The odd lane's element of u.
    pub state_odd: Signal<Out, Bits<8>>,
    /// The even lane's code, for traces.
    pub code_even: Signal<Out, Bits<8>>,
    /// The odd lane's code, for traces.
    pub code_odd: Signal<Out, Bits<8>>,
    /// The even lane's element of o, for traces.
    pub read_even: Signal<Out, Bits<8>>,
    /// The odd lane's element of o, for traces.
    pub read_odd: Signal<Out, Bits<8>>,
    weights: WeightMemory,
    memory_a: SlotMemory,
    memory_c: SlotMemory,
    states: StateMemory,
    even: Lane,
    odd: Lane,
    _evaluation: Evaluation,
}

impl Pair {
    /// The pair of lanes 2 `number` and 2 `number` + 1 of this geometry.
    pub fn new(geometry: &Geometry, datapath: Datapath, number: usize) -> Pair {
        let folds = geometry.folds();
        let lane = |lane: usize| Lane::new(datapath, lane >= geometry.multipliers);
        Pair {
            weights: WeightMemory::new(geometry.weight_depth, folds),
            memory_a: SlotMemory::new(geometry.slot_rows, folds),
            memory_c: SlotMemory::new(geometry.slot_rows, folds),
            states: StateMemory::new(folds),
            even: lane(2 * number),
            odd: lane(2 * number + 1),
            ..Default::default()
        }
    }

    /// Takes the weights and age words of another pair of this kind.
    pub fn copy_memories(&mut self, from: &Pair) {
        self.weights.copy_words(&from.weights);
        self.memory_a.copy_words(&from.memory_a);
        self.memory_c.copy_words(&from.memory_c);
    }
}

impl Logic for Pair {
    #[hdl_gen]
    fn update(&mut self) {
        self.weights.clock.next = self.clock.val();
        self.weights.row.next = self.memory.val().row;
        self.weights.fold.next = self.memory.val().row_fold;
        self.weights.write.next = self.load_weights.val();
        self.weights.write_even.next = self.load_even.val();
        self.weights.write_odd.next = self.load_odd.val();

        self.memory_a.clock.next = self.clock.val();
        self.memory_a.aged.next = self.memory.val().load;
        self.memory_a.slot.next = self.memory.val().slot_a;
        self.memory_a.age.next = self.memory.val().age_a;
        self.memory_a.fold.next = self.memory.val().fold_a;
        self.memory_a.write.next = self.memory.val().write_a | self.load_age_a.val();
        self.memory_a.write_even.next = self.even.code.val();
        self.memory_a.write_odd.next = self.odd.code.val();

        self.memory_c.clock.next = self.clock.val();
        self.memory_c.aged.next = self.memory.val().load;
        self.memory_c.slot.next = self.memory.val().slot_c;
        self.memory_c.age.next = self.memory.val().age_c;
        self.memory_c.fold.next = self.memory.val().fold_c;
        self.memory_c.write.next = self.memory.val().write_c | self.load_age_c.val();
        self.memory_c.write_even.next = self.even.code.val();
        self.memory_c.write_odd.next = self.odd.code.val();

        if self.memory.val().load {
            self.memory_a.write_even.next = self.load_even.val();
            self.memory_a.write_odd.next = self.load_odd.val();
            self.memory_c.write_even.next = self.load_even.val();
            self.memory_c.write_odd.next = self.load_odd.val();
        }

        self.states.clock.next = self.clock.val();
        self.states.bank.next = self.memory.val().bank;
        self.states.fold.next = self.memory.val().state_fold;
        self.states.write.next = self.memory.val().write_state;
        self.states.write_even.next = self.even.code.val();
        self.states.write_odd.next = self.odd.code.val();

        self.even.clock.next = self.clock.val();
        self.even.state.next = self.states.even.val();
        self.odd.state.next = self.states.odd.val();
        self.even.control.next = self.control.val();
        self.even.broadcast.next = self.broadcast.val();
        self.even.weight.next = self.weights.even.val();
        self.even.slot_a.next = self.memory_a.slot_even.val();
        self.even.age_a.next = self.memory_a.age_even.val();
        self.even.slot_c.next = self.memory_c.slot_even.val();
        self.even.age_c.next = self.memory_c.age_even.val();

        self.odd.clock.next = self.clock.val();
        self.odd.control.next = self.control.val();
        self.odd.broadcast.next = self.broadcast.val();
        self.odd.weight.next = self.weights.odd.val();
        self.odd.slot_a.next = self.memory_a.slot_odd.val();
        self.odd.age_a.next = self.memory_a.age_odd.val();
        self.odd.slot_c.next = self.memory_c.slot_odd.val();
        self.odd.age_c.next = self.memory_c.age_odd.val();

        self.term_even.next = self.even.term.val();
        self.term_odd.next = self.odd.term.val();
        self.state_even.next = self.states.even.val();
        self.state_odd.next = self.states.odd.val();
        self.code_even.next = self.even.code.val();
        self.code_odd.next = self.odd.code.val();
        self.read_even.next = self.even.read.val();
        self.read_odd.next = self.odd.read.val();
    }
}
