//! The engine of the crossbar: everything between a step's codes and an answer.
//!
//! ```text
//!   octets --> CrossbarSequencer --> Walk --addresses--> WeightStore, lanes
//!                                     |                      | products
//!                                  operation             AdderTree
//!                                     |  stages              | a word's sum
//!                                     v                   TileSum ----------> Logit -> Maximum
//!                     ReadNoise ---------------------> Converter                (answers)
//!                     GateMemory, biases ------------> ColumnSum
//!                                                         | index
//!                                                      table of sigmoid and tanh
//!                                                         |
//!                                                       Cell --> code of h --> lanes
//! ```
//!
//! An operation issued in cycle t addresses the memories in t+1, its products are there in t+4, their sum in t+7, the tile's
//! in t+8, its code in t+12, the column's index in t+16, the gate in t+17. It travels beside its data through `stages`, of
//! which stage i is seen in t+1+i.
//!
//! The taps are how a trace looks into the Verilog.

// The methods that `LogicStruct` derives have no documentation.
#![allow(missing_docs)]

use engram_spec::crossbar::memo::Predictor;
use engram_spec::crossbar::{Geometry, gate};

use crate::crossbar::cell::{Cell, entries};
use crate::crossbar::column_sum::ColumnSum;
use crate::crossbar::converter::Converter;
use crate::crossbar::extents::Extents;
use crate::crossbar::gate_settings::GateMemory;
use crate::crossbar::lane::CrossbarLane;
use crate::crossbar::loader::Loader;
use crate::crossbar::logit::Logit;
use crate::crossbar::memo::{Memo, MemoSettings};
use crate::crossbar::read_noise::ReadNoise;
use crate::crossbar::sequencer::CrossbarSequencer;
use crate::crossbar::tile_sum::TileSum;
use crate::crossbar::walk::{Operation, Walk};
use crate::crossbar::weight_store::WeightStore;
use crate::crossbar::{BIAS_BITS, CHUNK_BITS, LOGIT_BITS, TILE_BITS, VECTOR_BITS, WORD_BITS};
use crate::parts::adder_tree::AdderTree;
use crate::parts::gather::LANE_BITS;
use crate::parts::maximum::Maximum;
use crate::parts::memory::{Table, WordMemory};
use crate::parts::register::Register;
use crate::prelude::*;

/// The settings of a program but those of its gates.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct EngineSettings {
    pub gru: Bit,
    pub hidden: Bits<8>,
    pub inputs: Bits<8>,
    pub classes: Bits<8>,
    pub tile: Bits<8>,
    pub dac_bits: Bits<4>,
    pub adc_bits: Bits<4>,
    pub seed: Bits<32>,
}

/// A setting of a gate to be stored, as [`GateMemory`] takes it.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct GateSetting {
    pub kind: Bits<4>,
    pub gate: Bits<2>,
    pub value: Bits<16>,
}

/// A byte of a row to be loaded, as [`Loader`] takes it.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct RowByte {
    pub load: Bit,
    pub octet: Bits<8>,
    pub region: Bit,
    pub row: Bits<16>,
    pub place: Bits<6>,
}

/// The addresses of a word's weights and rows.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Access {
    pub weights: Bits<WORD_BITS>,
    pub rows: Bits<VECTOR_BITS>,
}

/// A row that is stored.
#[derive(Copy, Clone, Debug, Default, PartialEq, LogicStruct)]
pub struct Store {
    pub write: Bit,
    pub lane: Bits<LANE_BITS>,
    pub address: Bits<VECTOR_BITS>,
    pub code: Bits<8>,
    pub readout: Bits<8>,
}

/// The engine of the crossbar.
#[derive(Clone, Debug, Default, Composite)]
pub struct CrossbarEngine {
    /// The clock.
    pub clock: Signal<In, Clock>,
    /// The program's settings, but those of its gates.
    pub settings: Signal<In, EngineSettings>,
    /// A setting of a gate, to be stored.
    pub gate_setting: Signal<In, GateSetting>,
    /// A byte of a row, to be loaded.
    pub row_byte: Signal<In, RowByte>,
    /// Whether a step or an answer begins. Only while not busy.
    pub start: Signal<In, Bit>,
    /// Whether an answer begins, not a step.
    pub answer: Signal<In, Bit>,
    /// Whether the step's input is a symbol.
    pub symbol: Signal<In, Bit>,
    /// The byte of the payload that was asked for with `position` a cycle before.
    pub octet: Signal<In, Bits<8>>,
    /// Whether a sequence begins.
    pub clear: Signal<In, Bit>,
    /// The settings of memoization.
    pub memo_settings: Vec<Signal<In, MemoSettings>>,
    /// The number of the tally that is asked for.
    pub memo_which: Vec<Signal<In, Bits<3>>>,

    /// Whether a step or an answer is under way.
    pub busy: Signal<Out, Bit>,
    /// The number of the byte of the payload that is needed.
    pub position: Signal<Out, Bits<8>>,
    /// Steps since `clear`.
    pub steps: Signal<Out, Bits<24>>,
    /// The answer: a class.
    pub answered: Signal<Out, Bits<8>>,
    /// The answer's logit, signed.
    pub logit: Signal<Out, Bits<LOGIT_BITS>>,

    /// Whether there is a tile's sum in this cycle.
    pub tap_sum_valid: Signal<Out, Bit>,
    /// The tile's sum, signed.
    pub tap_sum: Signal<Out, Bits<TILE_BITS>>,
    /// Whether there is a converter's code in this cycle.
    pub tap_code_valid: Signal<Out, Bit>,
    /// The code, signed.
    pub tap_code: Signal<Out, Bits<8>>,
    /// Whether there is a column's index in this cycle.
    pub tap_index_valid: Signal<Out, Bit>,
    /// The index + 256; its gate is there in the next cycle.
    pub tap_index: Signal<Out, Bits<9>>,
    /// Whether there is a gate in this cycle.
    pub tap_gate_valid: Signal<Out, Bit>,
    /// The gate, signed, in units of 2^-10; of a GRU's nx and nh the index, in units of 2^-5.
    pub tap_gate: Signal<Out, Bits<12>>,
    /// Whether there is a GRU's candidate in this cycle.
    pub tap_candidate_valid: Signal<Out, Bit>,
    /// The candidate n, signed, in units of 2^-10.
    pub tap_candidate: Signal<Out, Bits<12>>,
    /// Whether there is a cell's new state in this cycle.
    pub tap_cell_valid: Signal<Out, Bit>,
    /// The state, c or of a GRU h, signed.
    pub tap_cell: Signal<Out, Bits<16>>,
    /// Whether there is h of a cell in this cycle.
    pub tap_hidden_valid: Signal<Out, Bit>,
    /// The DAC code of h.
    pub tap_hidden: Signal<Out, Bits<8>>,
    /// The readout code of h.
    pub tap_readout: Signal<Out, Bits<8>>,
    /// Whether there is a logit in this cycle.
    pub tap_logit_valid: Signal<Out, Bit>,
    /// The logit, signed.
    pub tap_logit: Signal<Out, Bits<LOGIT_BITS>>,
    /// The number of the tally.
    pub memo_number: Vec<Signal<Out, Bits<32>>>,
    /// The verdict on a column: 1 missed, 2 remembered, 3 forced; 0 where there is none in this cycle.
    pub tap_verdict: Vec<Signal<Out, Bits<2>>>,

    chunk: Signal<Local, Bits<VECTOR_BITS>>,
    access: Signal<Local, Access>,
    store: Signal<Local, Store>,
    select: Signal<Local, Bits<2>>,
    converts: Signal<Local, Bit>,
    summed: Signal<Local, Bit>,
    adds: Signal<Local, Bit>,
    indexed: Signal<Local, Bit>,
    taken: Signal<Local, Bit>,
    rated: Signal<Local, Bit>,
    value: Signal<Local, Bits<12>>,
    next_bias: Signal<Local, Bit>,
    columns: Signal<Local, Bits<BIAS_BITS>>,
    index: Signal<Local, Bits<9>>,
    sign_place: Constant<Bits<8>>,
    extents: Extents,
    sequencer: CrossbarSequencer,
    walk: Walk,
    loader: Loader,
    gates: GateMemory,
    accesses: Register<Access>,
    stores: Register<Store>,
    stages: Vec<Register<Operation>>,
    weights: WeightStore,
    lanes: Vec<CrossbarLane>,
    tree: AdderTree,
    tile: TileSum,
    noise: ReadNoise,
    converter: Converter,
    column: ColumnSum,
    biases: WordMemory<BIAS_BITS, 24>,
    bias: Register<Bits<BIAS_BITS>>,
    lookup: Table<10>,
    parts: Register<Bits<9>>,
    cells: Cell,
    logits: Logit,
    maximum: Maximum<LOGIT_BITS>,
    memo: Vec<Memo>,
    _evaluation: Evaluation,
}

impl CrossbarEngine {
    /// The engine of a geometry, with memoization or without.
    pub fn new(size: &Geometry, memo: Option<Predictor>) -> CrossbarEngine {
        let with = usize::from(memo.is_some());
        let sigmoid_and_tanh = [gate::sigmoid(), gate::tanh()].concat();
        CrossbarEngine {
            extents: Extents::new(size),
            sequencer: CrossbarSequencer::new(size),
            loader: Loader::new(size),
            stages: vec![Default::default(); 17],
            weights: WeightStore::new(size, memo.is_some()),
            lanes: (0..size.lanes).map(|lane| CrossbarLane::new(size, lane)).collect(),
            tree: AdderTree::new(size.lanes),
            biases: WordMemory::new(4 * size.hidden + size.classes),
            lookup: Table::new(entries(sigmoid_and_tanh)),
            cells: Cell::new(),
            memo: memo.map(|predictor| Memo::new(size, &predictor)).into_iter().collect(),
            sign_place: Constant::new((1u64 << (size.weight_bits - 1)).into()),
            memo_settings: vec![Default::default(); with],
            memo_which: vec![Default::default(); with],
            memo_number: vec![Default::default(); with],
            tap_verdict: vec![Default::default(); with],
            ..Default::default()
        }
    }

    /// Takes the weights and biases of another engine of this kind.
    pub fn copy_memories(&mut self, from: &CrossbarEngine) {
        self.weights.copy_words(&from.weights);
        self.biases.copy_words(&from.biases);
        self.memo.iter_mut().zip(&from.memo).for_each(|(memo, from)| memo.copy_plane(from));
    }
}

impl Logic for CrossbarEngine {
    #[hdl_gen]
    fn update(&mut self) {
        self.extents.clock.next = self.clock.val();
        self.extents.hidden.next = self.settings.val().hidden;
        self.extents.inputs.next = self.settings.val().inputs;
        self.extents.classes.next = self.settings.val().classes;
        self.extents.tile.next = self.settings.val().tile;
        self.extents.dac_bits.next = self.settings.val().dac_bits;

        self.sequencer.clock.next = self.clock.val();
        self.sequencer.start.next = self.start.val();
        self.sequencer.answer.next = self.answer.val();
        self.sequencer.gru.next = self.settings.val().gru;
        self.sequencer.symbol.next = self.symbol.val();
        self.sequencer.clear.next = self.clear.val();
        self.sequencer.octet.next = self.octet.val();
        self.sequencer.largest.next = self.extents.largest.val();
        self.sequencer.last_row.next = self.extents.last_row.val();
        self.sequencer.walking.next = self.walk.busy.val();
        self.sequencer.shown.next = self.cells.shown.val();
        self.sequencer.code.next = self.cells.code.val();

        self.walk.clock.next = self.clock.val();
        self.walk.start.next = self.sequencer.walk.val();
        self.walk.answer.next = self.answer.val();
        self.walk.gru.next = self.settings.val().gru;
        self.walk.fresh.next = self.sequencer.fresh.val();
        self.walk.last_cell.next = self.extents.last_cell.val();
        self.walk.last_class.next = self.extents.last_class.val();
        self.walk.last_input.next = self.extents.last_input.val();
        self.walk.last_hidden.next = self.extents.last_hidden.val();
        self.walk.last_within.next = self.extents.last_within.val();
        self.walk.ready.next = true;
        self.walk.remembered.next = false;

        self.loader.clock.next = self.clock.val();
        self.loader.load.next = self.row_byte.val().load;
        self.loader.octet.next = self.row_byte.val().octet;
        self.loader.region.next = self.row_byte.val().region;
        self.loader.row.next = self.row_byte.val().row;
        self.loader.place.next = self.row_byte.val().place;

        // The operation beside its data.
        self.stages[0].clock.next = self.clock.val();
        self.stages[0].d.next = self.walk.operation.val();
        for i in 0..16 {
            self.stages[i + 1].clock.next = self.clock.val();
            self.stages[i + 1].d.next = self.stages[i].q.val();
        }

        // Addresses, and what is stored, come to the lanes from registers.
        self.chunk.next = bit_cast::<VECTOR_BITS, CHUNK_BITS>(self.walk.chunk.val());
        self.access.next.weights = self.walk.address.val();
        self.access.next.rows = self.chunk.val();
        if self.walk.hidden.val() {
            self.access.next.rows = self.chunk.val() | bits::<VECTOR_BITS>(32);
            if self.sequencer.bank.val() {
                self.access.next.rows = self.chunk.val() | bits::<VECTOR_BITS>(48);
            }
        }
        self.accesses.clock.next = self.clock.val();
        self.accesses.d.next = self.access.val();
        self.store.next.write = self.sequencer.write.val();
        self.store.next.lane = self.sequencer.write_lane.val();
        self.store.next.address = self.sequencer.write_address.val();
        self.store.next.code = self.sequencer.write_code.val();
        self.store.next.readout = self.cells.readout.val();
        self.stores.clock.next = self.clock.val();
        self.stores.d.next = self.store.val();

        self.weights.clock.next = self.clock.val();
        self.weights.address.next = self.accesses.q.val().weights;
        if self.loader.write.val() {
            self.weights.address.next = self.loader.address.val();
        }
        self.weights.write.next = self.loader.write.val();
        self.weights.bank.next = self.loader.bank.val();
        self.weights.unit.next = self.loader.unit.val();

        self.select.next = bits::<2>(0);
        if self.stages[1].q.val().valid & !self.stages[1].q.val().blank {
            self.select.next = bits::<2>(1);
            if self.stages[1].q.val().answer {
                self.select.next = bits::<2>(2);
            }
        }
        for i in 0..self.lanes.len() {
            self.lanes[i].clock.next = self.clock.val();
            self.lanes[i].write.next = self.stores.q.val().write & (self.stores.q.val().lane == i.to_bits());
            self.lanes[i].write_address.next = self.stores.q.val().address;
            self.lanes[i].code.next = self.stores.q.val().code;
            self.lanes[i].readout.next = self.stores.q.val().readout;
            self.lanes[i].address.next = self.accesses.q.val().rows;
            self.lanes[i].select.next = self.select.val();
            self.lanes[i].weight.next = self.weights.weights[i].val();
            self.tree.terms[i].next = self.lanes[i].product.val();
        }
        self.tree.clock.next = self.clock.val();
        self.tile.clock.next = self.clock.val();
        self.tile.term.next = self.tree.sum.val();
        self.tile.add.next = self.stages[6].q.val().valid;
        self.tile.first.next = self.stages[6].q.val().first;

        // Where an operation has its effect: its tile's sum, code, its column's index, gate; its class's logit.
        self.summed.next = self.stages[7].q.val().valid & self.stages[7].q.val().last & !self.stages[7].q.val().answer;
        self.adds.next = self.stages[11].q.val().valid & self.stages[11].q.val().last & !self.stages[11].q.val().answer;
        self.indexed.next =
            self.stages[15].q.val().valid & self.stages[15].q.val().closing & !self.stages[15].q.val().answer;
        self.taken.next =
            self.stages[16].q.val().valid & self.stages[16].q.val().closing & !self.stages[16].q.val().answer;
        self.rated.next = self.stages[8].q.val().valid & self.stages[8].q.val().closing & self.stages[8].q.val().answer;

        // A conversion draws its noise while its tile is still being summed.
        self.converts.next =
            self.stages[5].q.val().valid & self.stages[5].q.val().last & !self.stages[5].q.val().answer;
        self.noise.clock.next = self.clock.val();
        self.noise.clear.next = self.clear.val();
        self.noise.seed.next = self.settings.val().seed;
        self.noise.draw.next = self.converts.val();
        self.noise.factor.next = self.gates.noise.val();

        self.gates.clock.next = self.clock.val();
        self.gates.write.next = self.gate_setting.val().kind;
        self.gates.gate.next = self.gate_setting.val().gate;
        self.gates.value.next = self.gate_setting.val().value;
        self.gates.convert.next = self.stages[6].q.val().gate;
        self.gates.round.next = self.stages[8].q.val().gate;
        self.gates.sum.next = self.stages[11].q.val().gate;

        self.converter.clock.next = self.clock.val();
        self.converter.sum.next = self.tile.sum.val();
        self.converter.mantissa.next = self.gates.mantissa.val();
        self.converter.noise.next = self.noise.noise.val();
        self.converter.shift.next = self.gates.shift.val();
        self.converter.bits.next = self.settings.val().adc_bits;

        self.column.clock.next = self.clock.val();
        self.column.code.next = self.converter.code.val();
        self.column.add.next = self.adds.val();
        self.column.first.next = self.stages[11].q.val().opening;
        self.column.scale.next = self.gates.scale.val();
        self.column.bias.next = self.biases.data.val();

        // The biases lie in the order of the walk too; the classes' behind the columns', of which there are 4 H.
        self.columns.next = bit_cast::<BIAS_BITS, 8>(self.settings.val().hidden) << 2;
        self.next_bias.next =
            self.stages[12].q.val().valid & self.stages[12].q.val().closing & !self.stages[12].q.val().answer;
        if self.stages[6].q.val().valid & self.stages[6].q.val().closing & self.stages[6].q.val().answer {
            self.next_bias.next = true;
        }
        dff_setup!(self, clock, bias);
        if self.next_bias.val() {
            self.bias.d.next = self.bias.q.val() + 1;
        }
        if self.sequencer.walk.val() {
            self.bias.d.next = 0.into();
            if self.answer.val() {
                self.bias.d.next = self.columns.val();
            }
        }
        self.biases.clock.next = self.clock.val();
        self.biases.address.next = self.bias.q.val();
        if self.loader.write_bias.val() {
            self.biases.address.next = self.loader.bias_address.val();
        }
        self.biases.write.next = self.loader.write_bias.val();
        self.biases.write_data.next = self.loader.bias.val();

        self.index.next = self.column.index.val();
        // With memoization the walk asks it, signs of weights and indices come from it.
        for i in 0..self.memo.len() {
            self.memo[i].clock.next = self.clock.val();
            self.memo[i].clear.next = self.clear.val();
            self.memo[i].settings.next = self.memo_settings[i].val();
            self.memo[i].gru.next = self.settings.val().gru;
            self.memo[i].hidden.next = self.settings.val().hidden;
            self.memo[i].inputs.next = self.settings.val().inputs;
            self.memo[i].last_cell.next = self.extents.last_cell.val();
            self.memo[i].last_class.next = self.extents.last_class.val();
            self.memo[i].last_input.next = self.extents.last_input.val();
            self.memo[i].last_hidden.next = self.extents.last_hidden.val();
            self.memo[i].start.next = self.sequencer.walk.val();
            self.memo[i].answer.next = self.answer.val();
            self.memo[i].fresh.next = self.sequencer.fresh.val();
            self.memo[i].store.next = self.stores.q.val();
            self.memo[i].row_byte.next = self.row_byte.val();
            self.memo[i].token.next = self.walk.operation.val();
            self.memo[i].walking.next = self.walk.busy.val();
            self.memo[i].fetched.next = self.stages[14].q.val();
            self.memo[i].closed.next = self.stages[15].q.val();
            self.memo[i].index.next = self.column.index.val();
            self.memo[i].which.next = self.memo_which[i].val();
            self.memo_number[i].next = self.memo[i].number.val();
            self.tap_verdict[i].next = self.memo[i].verdict.val();
            self.walk.ready.next = self.memo[i].ready.val();
            self.walk.remembered.next = self.memo[i].remembered.val();
            self.index.next = self.memo[i].recalled.val();
            for j in 0..self.lanes.len() {
                if self.memo[i].signs.val().get_bit(j) {
                    self.lanes[j].weight.next = self.weights.weights[j].val() | self.sign_place.val();
                }
            }
        }

        // Sigmoid in the lower half of the table, tanh in the upper.
        self.lookup.clock.next = self.clock.val();
        self.lookup.address.next = bit_cast::<10, 9>(self.index.val());
        if self.stages[15].q.val().gate == bits::<2>(2) {
            self.lookup.address.next = bit_cast::<10, 9>(self.index.val()) | bits::<10>(512);
        }
        self.cells.clock.next = self.clock.val();
        self.cells.gru.next = self.settings.val().gru;
        self.cells.restart.next = self.sequencer.walk.val();
        self.cells.fresh.next = self.sequencer.fresh.val();
        self.cells.take.next = self.taken.val();
        self.cells.gate.next = self.stages[16].q.val().gate;
        // The parts of a GRU's candidate are looked up together, later.
        self.parts.clock.next = self.clock.val();
        self.parts.d.next = self.index.val();
        self.value.next = bit_cast::<12, 15>(self.lookup.data.val());
        if self.settings.val().gru & (self.stages[16].q.val().gate > bits::<2>(1)) {
            self.value.next = bit_cast::<12, 9>(self.parts.q.val()) - 256;
        }
        self.cells.value.next = self.value.val();
        self.cells.bits.next = self.settings.val().dac_bits;

        self.logits.clock.next = self.clock.val();
        self.logits.sum.next = self.tile.sum.val();
        self.logits.bias.next = self.biases.data.val();
        self.maximum.clock.next = self.clock.val();
        self.maximum.clear.next = self.sequencer.walk.val();
        self.maximum.valid.next = self.rated.val();
        self.maximum.logit.next = self.logits.logit.val();

        self.busy.next = self.sequencer.busy.val();
        self.position.next = self.sequencer.position.val();
        self.steps.next = self.sequencer.steps.val();
        self.answered.next = self.maximum.word.val();
        self.logit.next = self.maximum.best.val();

        self.tap_sum_valid.next = self.summed.val();
        self.tap_sum.next = self.tile.sum.val();
        self.tap_code_valid.next = self.adds.val();
        self.tap_code.next = self.converter.code.val();
        self.tap_index_valid.next = self.indexed.val();
        self.tap_index.next = self.index.val();
        self.tap_gate_valid.next = self.taken.val();
        self.tap_gate.next = self.value.val();
        self.tap_candidate_valid.next = self.cells.found.val();
        self.tap_candidate.next = self.cells.candidate.val();
        self.tap_cell_valid.next = self.cells.done.val();
        self.tap_cell.next = self.cells.updated.val();
        self.tap_hidden_valid.next = self.cells.shown.val();
        self.tap_hidden.next = self.cells.code.val();
        self.tap_readout.next = self.cells.readout.val();
        self.tap_logit_valid.next = self.rated.val();
        self.tap_logit.next = self.logits.logit.val();
    }
}
