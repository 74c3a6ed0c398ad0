//! Every block of the hardware, emitted on its own: what the golden Verilog, the checks by Yosys and the table of resources
//! go through.

use engram_hdl::crossbar::BIAS_BITS;
use engram_hdl::crossbar::board::CrossbarBoard;
use engram_hdl::crossbar::cell::{Cell, entries};
use engram_hdl::crossbar::cell_output::CellOutput;
use engram_hdl::crossbar::cell_update::CellUpdate;
use engram_hdl::crossbar::column_sum::ColumnSum;
use engram_hdl::crossbar::command_decoder;
use engram_hdl::crossbar::converter::Converter;
use engram_hdl::crossbar::core::CrossbarCore;
use engram_hdl::crossbar::engine::CrossbarEngine;
use engram_hdl::crossbar::extents::Extents;
use engram_hdl::crossbar::gate_settings::GateMemory;
use engram_hdl::crossbar::lane::CrossbarLane;
use engram_hdl::crossbar::loader::Loader;
use engram_hdl::crossbar::logit::Logit;
use engram_hdl::crossbar::memo::command_decoder::MemoCommandDecoder;
use engram_hdl::crossbar::memo::disagreement::Disagreement;
use engram_hdl::crossbar::memo::judge::Judge;
use engram_hdl::crossbar::memo::queue::Queue;
use engram_hdl::crossbar::memo::row_signs::RowSigns;
use engram_hdl::crossbar::memo::scan::Scan;
use engram_hdl::crossbar::memo::sign_plane::SignPlane;
use engram_hdl::crossbar::memo::tally::Tally;
use engram_hdl::crossbar::memo::{COLUMN_BITS, ENTRY_BITS, Memo};
use engram_hdl::crossbar::read_noise::ReadNoise;
use engram_hdl::crossbar::row_product::RowProduct;
use engram_hdl::crossbar::sequencer::CrossbarSequencer;
use engram_hdl::crossbar::tile_sum::TileSum;
use engram_hdl::crossbar::walk::Walk;
use engram_hdl::crossbar::weight_store::WeightStore;
use engram_hdl::emit::{Design, emit};
use engram_hdl::link::Link;
use engram_hdl::link::RING_BITS;
use engram_hdl::link::crc::{Crc16, Crc32};
use engram_hdl::link::frame_handler::FrameHandler;
use engram_hdl::link::receiver::FrameReceiver;
use engram_hdl::link::sender::FrameSender;
use engram_hdl::link::uart::{UartReceiver, UartTransmitter};
use engram_hdl::memnet::accumulator::{Accumulator, ReadCode};
use engram_hdl::memnet::aged_code::AgedCode;
use engram_hdl::memnet::board::Board;
use engram_hdl::memnet::broadcast::Broadcast;
use engram_hdl::memnet::command_decoder::CommandDecoder;
use engram_hdl::memnet::core::Core;
use engram_hdl::memnet::engine::MemnetEngine;
use engram_hdl::memnet::lane::Lane;
use engram_hdl::memnet::memory::{ExponentialMemory, SlotMemory, StateMemory, WeightMemory};
use engram_hdl::memnet::multiplier::Multiplier;
use engram_hdl::memnet::pair::Pair;
use engram_hdl::memnet::score::Score;
use engram_hdl::memnet::sequencer::Sequencer;
use engram_hdl::memnet::sign_product::SignProduct;
use engram_hdl::memnet::similarity::Similarity;
use engram_hdl::memnet::softmax::Softmax;
use engram_hdl::parts::adder_tree::{AdderTree, SUM_BITS};
use engram_hdl::parts::gather::Gather;
use engram_hdl::parts::maximum::Maximum;
use engram_hdl::parts::memory::{Buffer, Table, WordMemory};
use engram_hdl::parts::register::Register;
use engram_hdl::prelude::Bits;
use engram_spec::crossbar;
use engram_spec::crossbar::gate::{sigmoid, tanh};
use engram_spec::crossbar::memo::{Predictor, QUEUE};
use engram_spec::memnet::table::{RECIPROCAL_INDEX_BITS, SCORE_BITS, exponential, reciprocal};
use engram_spec::memnet::{Addressing, Datapath, Geometry, Weights};

/// Cycles of a serial bit in the catalogue: 1 Mbaud at 12 MHz.
pub const DIVIDER: u32 = 12;

/// Every block of a device of this geometry with bounded addressing and codes for weights, from the leaves up, each named
/// as its file or kind; and the blocks that are others where the weights are signs.
pub fn catalogue(geometry: &Geometry) -> Vec<Design> {
    let datapath = Datapath::default();
    let signs = Datapath { weights: Weights::Signs, ..datapath };
    let folds = geometry.folds();
    vec![
        emit(Register::<Bits<SUM_BITS>>::default(), "register"),
        emit(WeightMemory::new(geometry.weight_depth, folds), "weight_memory"),
        emit(SlotMemory::new(geometry.slots, folds), "slot_memory"),
        emit(StateMemory::new(folds), "state_memory"),
        emit(Buffer::<RING_BITS, 8>::new(), "byte_buffer"),
        emit(ExponentialMemory::new(), "exponential_memory"),
        emit(Table::<{ SCORE_BITS as usize }>::new(exponential()), "exponential_table"),
        emit(Table::<{ RECIPROCAL_INDEX_BITS as usize }>::new(reciprocal()), "reciprocal_table"),
        emit(AgedCode::default(), "aged_code"),
        emit(Similarity::new(Addressing::Hamming), "similarity_hamming"),
        emit(Similarity::new(Addressing::Xnor), "similarity_xnor"),
        emit(Similarity::new(Addressing::Min), "similarity_min"),
        emit(Similarity::new(Addressing::Dot), "similarity_dot"),
        emit(Multiplier::new(false, Weights::Codes), "multiplier"),
        emit(Multiplier::new(true, Weights::Codes), "multiplier_of_logic"),
        emit(Multiplier::new(false, Weights::Signs), "multiplier_beside_signs"),
        emit(SignProduct::default(), "sign_product"),
        emit(Accumulator::default(), "accumulator"),
        emit(ReadCode::default(), "read_code"),
        emit(AdderTree::new(geometry.lanes), "adder_tree"),
        emit(Gather::new(geometry.lanes), "gather"),
        emit(Broadcast::default(), "broadcast"),
        emit(Score::default(), "score"),
        emit(Maximum::<SUM_BITS>::default(), "maximum"),
        emit(Crc16::default(), "crc16"),
        emit(Crc32::default(), "crc32"),
        emit(Softmax::new(), "softmax"),
        emit(Lane::new(datapath, false), "lane"),
        emit(Lane::new(signs, false), "lane_of_signs"),
        emit(Pair::new(geometry, datapath, 0), "pair"),
        emit(Sequencer::new(geometry), "sequencer"),
        emit(MemnetEngine::new(geometry, datapath, false), "memnet_engine"),
        emit(FrameReceiver::new(), "frame_receiver"),
        emit(FrameHandler::new(false), "frame_handler"),
        emit(FrameSender::new(), "frame_sender"),
        emit(Link::new(), "link"),
        emit(CommandDecoder::new(geometry, datapath), "memnet_command_decoder"),
        emit(UartReceiver::new(DIVIDER), "uart_receiver"),
        emit(UartTransmitter::new(DIVIDER), "uart_transmitter"),
        emit(Core::new(geometry, datapath, false), "core"),
        emit(Board::new(geometry, datapath, DIVIDER), "board"),
    ]
}

/// Every block of the crossbar device of this geometry that the memory network does not have, from the leaves up; then those that
/// a device with memoization has beside them or in their place.
pub fn crossbar_catalogue(geometry: &crossbar::Geometry) -> Vec<Design> {
    let tables = [sigmoid(), tanh()].concat();
    let predictor = Predictor::of(geometry);
    let (with, words) = (Some(predictor), predictor.words(geometry).expect("the usual predictor"));
    let most = geometry.chunks(geometry.inputs) + geometry.chunks(geometry.hidden);
    vec![
        emit(WordMemory::<BIAS_BITS, 24>::new(4 * geometry.hidden + geometry.classes), "bias_memory"),
        emit(Buffer::<8, 16>::new(), "cell_states"),
        emit(Table::<10>::new(entries(tables)), "gate_table"),
        emit(WeightStore::new(geometry, false), "weight_store"),
        emit(GateMemory::default(), "gate_memory"),
        emit(RowProduct::new(geometry, false), "row_product"),
        emit(RowProduct::new(geometry, true), "row_product_of_logic"),
        emit(TileSum::default(), "tile_sum"),
        emit(ReadNoise::default(), "read_noise"),
        emit(Converter::default(), "converter"),
        emit(ColumnSum::default(), "column_sum"),
        emit(CellUpdate::default(), "cell_update"),
        emit(CellOutput::default(), "cell_output"),
        emit(Logit::default(), "logit"),
        emit(CrossbarLane::new(geometry, geometry.lanes), "crossbar_lane"),
        emit(Cell::new(), "cell_unit"),
        emit(Extents::new(geometry), "extents"),
        emit(Walk::default(), "walk"),
        emit(CrossbarSequencer::new(geometry), "crossbar_sequencer"),
        emit(Loader::new(geometry), "loader"),
        emit(CrossbarEngine::new(geometry, None), "crossbar_engine"),
        emit(command_decoder::CommandDecoder::new(geometry, None), "crossbar_command_decoder"),
        emit(CrossbarCore::new(geometry, None), "crossbar_core"),
        emit(CrossbarBoard::new(geometry, None, DIVIDER), "crossbar_board"),
        emit(WeightStore::new(geometry, true), "weight_store_below_signs"),
        emit(Scan::new(words), "scan"),
        emit(RowSigns::new(geometry, words), "row_signs"),
        emit(SignPlane::new(geometry, words), "sign_plane"),
        emit(Disagreement::new(geometry.lanes, words), "disagreement"),
        emit(Buffer::<COLUMN_BITS, ENTRY_BITS>::new(), "entries"),
        emit(Judge::new(geometry.inputs + geometry.hidden), "judge"),
        emit(Queue::new(geometry.lanes, words, most, QUEUE as usize), "queue"),
        emit(Queue::new(geometry.lanes, words, most, 1), "queue_of_one"),
        emit(Buffer::<COLUMN_BITS, 9>::new(), "indices"),
        emit(Tally::default(), "tally"),
        emit(Memo::new(geometry, &predictor), "memo"),
        emit(MemoCommandDecoder::new(), "memo_command_decoder"),
        emit(CrossbarEngine::new(geometry, with), "crossbar_engine_with_memo"),
        emit(command_decoder::CommandDecoder::new(geometry, with), "crossbar_command_decoder_with_memo"),
        emit(CrossbarCore::new(geometry, with), "crossbar_core_with_memo"),
        emit(CrossbarBoard::new(geometry, with, DIVIDER), "crossbar_board_with_memo"),
    ]
}
