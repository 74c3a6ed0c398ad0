//! The tests are known to fail: an operator or a constant of the Verilog is changed, and the same stimuli find it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use engram_hdl::crossbar::cell_output::CellOutput;
use engram_hdl::crossbar::cell_update::CellUpdate;
use engram_hdl::crossbar::column_sum::ColumnSum;
use engram_hdl::crossbar::converter::Converter;
use engram_hdl::crossbar::memo::disagreement::Disagreement;
use engram_hdl::crossbar::memo::judge::Judge;
use engram_hdl::crossbar::memo::sign_plane::SignPlane;
use engram_hdl::crossbar::read_noise::ReadNoise;
use engram_hdl::crossbar::weight_store::WeightStore;
use engram_hdl::emit::emit;
use engram_hdl::link::receiver::FrameReceiver;
use engram_hdl::memnet::accumulator::Accumulator;
use engram_hdl::memnet::aged_code::AgedCode;
use engram_hdl::memnet::lane::Lane;
use engram_hdl::memnet::score::Score;
use engram_hdl::memnet::sign_product::SignProduct;
use engram_hdl::memnet::similarity::Similarity;
use engram_hdl::parts::maximum::Maximum;
use engram_hdl::prelude::Cycle;
use engram_hdl::simulation::Bench;
use engram_spec::crossbar::geometry::ECP5_25F;
use engram_spec::memnet::{Addressing, Datapath, Weights};
use engram_testbench::block::{Twin, compile};

use super::arithmetic::{
    stimulate_accumulator, stimulate_aged_code, stimulate_maximum, stimulate_score, stimulate_sign_product,
    stimulate_similarity,
};
use super::crossbar::{
    stimulate_cell_output, stimulate_cell_update, stimulate_column_sum, stimulate_converter, stimulate_read_noise,
};
use super::lanes::stimulate_lane;
use super::link::stimulate_frame_receiver;
use super::memo::{stimulate_disagreement, stimulate_judge};
use super::stimulus::Compared;

/// Replaces the first `from` in a block's Verilog by `to`; the stimuli must find that it differs from the block.
fn is_found<B: Cycle>(make: impl Fn() -> B, [from, to]: [&str; 2], stimulate: impl Fn(&mut Twin<B>) -> Compared) {
    let mut design = emit(make(), "mutant");
    let mutant = design.verilog.replacen(from, to, 1);
    assert!(mutant != design.verilog, "there is no {from:?} to be replaced");
    design.verilog = mutant;
    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let Some(model) = compile(design, &cache).unwrap() else { return };
    let difference = stimulate(&mut Twin::against(make(), "mutant", Some(model)));
    assert!(difference.is_err(), "nothing found that {from:?} became {to:?}");
}

#[test]
fn a_wrong_limit_is_found() {
    is_found(AgedCode::default, [" | (scaled[7:0] == 8'h80)", ""], stimulate_aged_code);
    is_found(AgedCode::default, ["&low", "low[0]"], stimulate_aged_code);
    is_found(Score::default, ["rounded > 511", "rounded > 512"], stimulate_score);
}

#[test]
fn a_wrong_bit_is_found() {
    let make = || Similarity::new(Addressing::Hamming);
    let stimulate = |twin: &mut Twin<_>| stimulate_similarity(twin, Addressing::Hamming);
    is_found(make, ["difference[8]", "difference[7]"], stimulate);
}

#[test]
fn a_wrong_rounding_is_found() {
    is_found(Accumulator::default, ["(lost | ", "("], stimulate_accumulator);
}

#[test]
fn a_wrong_comparison_is_found() {
    is_found(
        Maximum::<22>::default,
        ["$signed(logit) > $signed(best)", "$signed(logit) >= $signed(best)"],
        stimulate_maximum,
    );
    is_found(FrameReceiver::new, ["==", "!="], stimulate_frame_receiver);
}

#[test]
fn a_wrong_sign_is_found() {
    is_found(SignProduct::default, ["{8{weight[7]}}", "{8{weight[6]}}"], stimulate_sign_product);
    let signs = Datapath { weights: Weights::Signs, ..Datapath::default() };
    is_found(|| Lane::new(signs, false), ["(y_select == 0) & ", ""], stimulate_lane);
}

#[test]
fn a_wrong_wire_is_found() {
    is_found(
        || Lane::new(Addressing::Xnor.into(), false),
        ["sum$product = sum_product", "sum$product = 1"],
        stimulate_lane,
    );
}

#[test]
fn a_converter_that_rounds_ties_up_is_found() {
    is_found(Converter::default, ["(whole[0] | (|(scaled & below)))", "1'b1"], stimulate_converter);
}

#[test]
fn noise_from_a_wrong_shift_is_found() {
    is_found(ReadNoise::default, ["left >> 17", "left >> 16"], stimulate_read_noise);
}

#[test]
fn a_column_whose_scale_is_signed_is_found() {
    is_found(ColumnSum::default, ["scale[15] ?", "1'b0 ?"], stimulate_column_sum);
}

#[test]
fn a_column_that_rounds_ties_up_or_wraps_is_found() {
    is_found(ColumnSum::default, ["(z[7] | (|z[5:0]))", "1'b1"], stimulate_column_sum);
    is_found(ColumnSum::default, ["rounded > 255", "rounded > 256"], stimulate_column_sum);
}

#[test]
fn a_cell_that_wraps_is_found() {
    is_found(CellUpdate::default, ["rounded > 32767 ? 16'h7fff :", ""], stimulate_cell_update);
}

#[test]
fn a_code_of_one_bit_that_is_rounded_is_found() {
    is_found(CellOutput::default, ["one_bit <= steps == 0", "one_bit <= 0"], stimulate_cell_output);
}

#[test]
fn a_verdict_at_the_threshold_is_found() {
    is_found(|| Judge::new(16), ["drifted < limit", "drifted <= limit"], |twin| stimulate_judge(twin, 16));
}

#[test]
fn a_drift_that_wraps_is_found() {
    is_found(|| Judge::new(16), ["added[12] ? 12'd4095 :", ""], |twin| stimulate_judge(twin, 16));
}

#[test]
fn signs_of_a_word_that_is_none_are_found() {
    let stimulate = |twin: &mut _| stimulate_disagreement(twin, 4, 2);
    is_found(|| Disagreement::new(4, 2), ["present[1] ?", "1'b1 ?"], stimulate);
}

/// The in-crate memory panics, its Verilog stops itself; both take the last word.
fn finds_an_address_behind_the_last_word<B: Cycle>(make: impl Fn() -> B, depth: u64, set: fn(&mut B, u64)) {
    let ticks = |address: u64| {
        let mut bench = Bench::new(make());
        set(&mut bench.block, address);
        catch_unwind(AssertUnwindSafe(|| bench.tick().unwrap()))
    };
    ticks(depth - 1).unwrap();
    let message = ticks(depth).unwrap_err().downcast::<String>().unwrap();
    assert!(message.contains(&format!("{depth} words is addressed at {depth}")), "{message}");

    let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    let Some(mut model) = compile(emit(make(), "addressed"), &cache).unwrap() else { return };
    let address = model.input("address").unwrap();
    model.set(address, depth - 1);
    model.tick().unwrap();
    model.set(address, depth);
    assert!(matches!(model.tick().unwrap_err(), engram_flow::Error::Stopped { .. }));
}

#[test]
fn an_address_behind_the_last_word_is_found() {
    let depth = ECP5_25F.weight_depth as u64;
    let store = || WeightStore::new(&ECP5_25F, false);
    finds_an_address_behind_the_last_word(store, depth, |block, address| block.address.next = address.into());
    let plane = || SignPlane::new(&ECP5_25F, 4);
    finds_an_address_behind_the_last_word(plane, depth, |block, address| block.address.next = address.into());
}
