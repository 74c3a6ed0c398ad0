//! The composites of the memory network: a lane, a pair, the softmax under any inputs, sequencer and engine as they are driven.

use engram_hdl::memnet::engine::{Load, MemnetEngine};
use engram_hdl::memnet::lane::{Lane, LaneControl};
use engram_hdl::memnet::pair::{MemoryControl, Pair};
use engram_hdl::memnet::sequencer::{Sequencer, SequencerSettings};
use engram_hdl::memnet::softmax::{NORMALISE_CYCLES, Softmax};
use engram_hdl::prelude::{bits_of, signed};
use engram_hdl::simulation::Bench;
use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::memnet::geometry::{ECP5_25F, Region, TINY};
use engram_spec::memnet::table::{
    QUOTIENT_GUARD, READ_GUARD, exponential, exponential_index, normalise, reciprocal, score,
};
use engram_spec::memnet::{Addressing, Datapath, Geometry, Program, Requests, Settings};
use engram_testbench::block::Twin;
use rand::Rng;

use super::stimulus::{Compared, below, draw, random, random_program, random_words, twin};

/// Any controls.
fn lane_control(rng: &mut impl Rng) -> LaneControl {
    LaneControl {
        x_select: draw(rng),
        y_select: draw(rng),
        position_load: rng.random_ratio(1, 4),
        clear: rng.random_ratio(1, 8),
        add: rng.random(),
        shift: rng.random(),
        quotient_load: rng.random_ratio(1, 4),
        term_product: rng.random(),
        scale: draw(rng),
        swap: rng.random(),
    }
}

pub fn set_lane(block: &mut Lane, rng: &mut impl Rng) {
    block.control.next = lane_control(rng);
    block.broadcast.next = draw(rng);
    block.weight.next = draw(rng);
    // Codes: never -128.
    block.state.next = bits_of(rng.random_range(-127..=127));
    block.slot_a.next = bits_of(rng.random_range(-127..=127));
    block.age_a.next = bits_of(rng.random_range(-127..=127));
    block.slot_c.next = bits_of(rng.random_range(-127..=127));
    block.age_c.next = bits_of(rng.random_range(-127..=127));
}

pub fn stimulate_lane(twin: &mut Twin<Lane>) -> Compared {
    let rng = &mut random(1);
    (0..10_000).try_for_each(|_| twin.cycle(|block| set_lane(block, rng)).map(|_| ()))
}

#[test]
fn lane_under_any_controls() {
    for (datapath, of_logic) in Datapath::all().zip([false, true, false, true, false, false]) {
        let top = format!("lane_{datapath}").replace('-', "_");
        stimulate_lane(&mut twin(|| Lane::new(datapath, of_logic), &top)).unwrap();
    }
}

#[test]
fn pair_under_any_controls() {
    let rng = &mut random(2);
    let mut twin = twin(|| Pair::new(&TINY, Datapath::default(), 1), "pair");
    for _ in 0..10_000 {
        let memory = MemoryControl {
            row: below(rng, 8),
            row_fold: below(rng, TINY.folds()),
            slot_a: below(rng, TINY.slot_rows),
            age_a: below(rng, TINY.slot_rows),
            fold_a: below(rng, TINY.folds()),
            write_a: rng.random_ratio(1, 4),
            slot_c: below(rng, TINY.slot_rows),
            age_c: below(rng, TINY.slot_rows),
            fold_c: below(rng, TINY.folds()),
            write_c: rng.random_ratio(1, 4),
            load: rng.random_ratio(1, 4),
            bank: rng.random(),
            state_fold: below(rng, TINY.folds()),
            write_state: rng.random_ratio(1, 4),
        };
        twin.cycle(|block| {
            block.control.next = lane_control(rng);
            block.memory.next = memory;
            block.broadcast.next = draw(rng);
            block.load_weights.next = rng.random_ratio(1, 4);
            block.load_age_a.next = rng.random_ratio(1, 8);
            block.load_age_c.next = rng.random_ratio(1, 8);
            block.load_even.next = bits_of(rng.random_range(-127..=127));
            block.load_odd.next = bits_of(rng.random_range(-127..=127));
        })
        .unwrap();
    }
}

#[test]
fn softmax_streams() {
    let rng = &mut random(3);
    let mut twin = twin(Softmax::new, "softmax");
    let (exponentials, reciprocals) = (exponential(), reciprocal());
    for _ in 0..300 {
        let shift = rng.random_range(0..16);
        let centre: u8 = if rng.random() { 0 } else { rng.random() };
        let totals: Vec<_> = (0..rng.random_range(1..=64)).map(|_| draw::<22>(rng)).collect();
        twin.cycle(|block| {
            (block.hop_begin.next, block.exponential_valid.next) = (true, false);
            block.shift.next = u64::from(shift).into();
            block.centre.next = u64::from(centre).into();
        })
        .unwrap();
        let entry = |total: usize| exponentials[exponential_index(score(signed(totals[total]), shift, centre))];
        for cycle in 0..totals.len() + 2 {
            let block = twin.settle(|block| {
                block.hop_begin.next = false;
                block.total.next = totals.get(cycle).copied().unwrap_or_default();
                block.exponential_valid.next = cycle >= 2;
            });
            let found = block.unwrap().exponential.val().to_u64();
            assert!(cycle < 2 || found == u64::from(entry(cycle - 2)));
            twin.edge();
        }
        // Each cycle either doubles the sum or, where it is aligned, would halve the weighted reads.
        twin.cycle(|block| block.exponential_valid.next = false).unwrap();
        let mut halvings = 0;
        for _ in 0..NORMALISE_CYCLES {
            halvings += u32::from(twin.settle(|block| block.align.next = true).unwrap().aligned.val());
            twin.edge();
        }
        let block = twin.cycle(|block| block.align.next = false).unwrap();
        let (exponent, index) = normalise((0..totals.len()).map(entry).sum());
        assert_eq!(halvings, exponent - (QUOTIENT_GUARD - READ_GUARD));
        assert_eq!(block.reciprocal.val().to_u64(), u64::from(reciprocals[index]));
    }
}

pub fn sequencer_settings(geometry: &Geometry, settings: &Settings) -> SequencerSettings {
    SequencerSettings {
        hops: u64::from(settings.hops).into(),
        answers: u64::from(settings.answers).into(),
        memory_a: u64::from(settings.memory_a).into(),
        memory_c: u64::from(settings.memory_c).into(),
        question: u64::from(settings.question).into(),
        controller: u64::from(settings.controller).into(),
        graded: settings.graded == 1,
        adjacent: settings.adjacent == 1,
        slots: u64::from(settings.slots).into(),
        ring: (geometry.ring(settings.memories()) as u64).into(),
    }
}

#[test]
fn sequencer_takes_the_cycles_it_says() {
    let rng = &mut random(4);
    let mut twin = twin(|| Sequencer::new(&TINY), "sequencer");
    let (f, e) = (TINY.folds() as u64, TINY.elements as u64);
    let (mut stored, mut kept) = (0, random_program(rng, TINY, Addressing::Hamming).settings);
    for _ in 0..150 {
        let settings = random_program(rng, TINY, Addressing::Hamming).settings;
        let answers = u64::from(settings.answers);
        let length = rng.random_range(1..=TINY.positions as u64);
        for _ in 0..rng.random_range(0..4) {
            // Between the requests, rows are loaded.
            twin.cycle(|block| {
                (block.start.next, block.load.next, block.clear.next) = (false, rng.random(), false);
                (block.load_row.next, block.load_fold.next) = (draw(rng), below(rng, TINY.folds()));
            })
            .unwrap();
        }
        let forget = rng.random_ratio(1, 20);
        twin.cycle(|block| (block.load.next, block.clear.next) = (false, forget)).unwrap();
        // Slots and tying are others only where the story is cleared.
        (stored, kept) = if forget { (0, settings) } else { (stored, kept) };
        let Settings { hops, adjacent, slots, .. } = kept;
        let settings = Settings { hops, adjacent, slots, ..settings };
        let question = stored > 0 && rng.random();
        twin.settle(|block| {
            block.settings.next = sequencer_settings(&TINY, &settings);
            (block.clear.next, block.start.next, block.question.next) = (false, true, question);
            block.last_position.next = (length - 1).into();
        })
        .unwrap();
        let mut cycles = 0;
        loop {
            twin.edge();
            cycles += 1;
            let block = twin.settle(|block| {
                block.start.next = false;
                (block.word.next, block.aligned.next) = (draw(rng), rng.random());
            });
            let block = block.unwrap();
            if !block.busy.val() || block.done.val() {
                break;
            }
        }
        let least = |shift: u32| u64::from(shift).max(1);
        let words_read = |shift: u32| f * (2 * length + 5 + least(shift));
        if question {
            let broadcast = if settings.adjacent == 1 { 0 } else { e };
            let passes = stored * f + 15 + (f - 1) * (stored + 5);
            let controller = |hop| f * (broadcast + 26 + least(settings.controller_shift(hop)));
            let passes: u64 = (0..settings.hops).map(|hop| passes + controller(hop)).sum();
            let expected = words_read(settings.question_shift()) + passes + answers * f + 11;
            // The cycle of `start` counts too.
            assert_eq!(cycles + 1, expected, "{settings:?} {length} words, {stored} sentences");
            twin.edge();
        } else {
            let all: u64 = (0..settings.memories()).map(|memory| words_read(settings.memory_shift(memory))).sum();
            assert_eq!(cycles, all + 1);
            stored = (stored + 1).min(slots.into());
        }
        assert_eq!(twin.settle(|_| {}).unwrap().sentences.val().to_u64(), stored);
    }
}

/// The cycles of an attention pass over `n` slots that `docs/hardware.md` draws, F = 1.
#[test]
fn the_attention_pass_is_as_drawn() {
    let mut bench = Bench::new(Sequencer::new(&ECP5_25F));
    bench.block.settings.next = SequencerSettings {
        hops: 1u64.into(),
        answers: 2u64.into(),
        slots: 64u64.into(),
        ring: 64u64.into(),
        ..Default::default()
    };
    let n = 12;
    for _ in 0..n {
        bench.block.start.next = true;
        bench.tick().unwrap();
        bench.block.start.next = false;
        while bench.block.busy.val() {
            bench.tick().unwrap();
        }
    }
    (bench.block.start.next, bench.block.question.next) = (true, true);
    let mut shown: [Vec<u64>; 3] = Default::default();
    let mut issued = None;
    while shown[2].len() < n {
        bench.settle();
        let (cycle, block) = (bench.cycles(), &bench.block);
        if let Some(first) = issued {
            let marks = [block.score_valid.val(), block.exponential_valid.val(), block.control.val().add];
            for (cycles, _) in shown.iter_mut().zip(marks).filter(|&(_, mark)| mark) {
                cycles.push(cycle - first);
            }
        }
        // The first slot is issued in the next cycle.
        issued = issued.or(block.hop_begin.val().then_some(cycle + 1));
        bench.tick().unwrap();
        bench.block.start.next = false;
        assert!(cycle < 2_000, "the pass does not end");
    }
    // A score is there in E, its exponential in R, its weighted read is added in +, a slot a cycle.
    assert_eq!(shown, [9, 10, 15].map(|first| (first..first + n as u64).collect::<Vec<_>>()));
}

/// Loads a program through the engine's port, two codes a cycle.
fn load_engine(twin: &mut Twin<MemnetEngine>, program: &Program) -> Compared {
    let (size, memories, adjacent) = (program.geometry, program.settings.memories(), program.settings.adjacent == 1);
    for (region, row) in program.used_rows() {
        let codes = program.row(region, row);
        let age = if let Region::Age(memory) = region { Some(usize::from(memory)) } else { None };
        let place = match age {
            Some(memory) => size.bank(memory, memories) + row,
            None if region == Region::H && adjacent => size.diagonal(),
            None => size.base(region) + row,
        };
        for (fold, pair) in (0..size.folds()).flat_map(|fold| (0..size.pairs()).map(move |pair| (fold, pair))) {
            let even = fold * size.lanes + 2 * pair;
            let code = |lane: usize| bits_of(codes[lane].into());
            twin.cycle(|block| block.load.next = Load { keep: true, code: code(even), ..Load::default() })?;
            twin.cycle(|block| {
                block.load.next = Load {
                    keep: false,
                    weights: age.is_none(),
                    age_a: age.is_some_and(|memory| memory % 2 == 0),
                    age_c: age.is_some_and(|memory| memory % 2 == 1),
                    pair: (pair as u64).into(),
                    row: (place as u64).into(),
                    fold: (fold as u64).into(),
                    code: code(even + 1),
                };
            })?;
        }
    }
    // What is loaded waits in a register for a cycle.
    twin.cycle(|block| block.load.next = Load::default())?;
    twin.cycle(|block| (block.clear.next, block.start.next) = (true, false))?;
    twin.cycle(|block| block.clear.next = false).map(|_| ())
}

/// Has the engine take in a sentence or answer a question.
fn run_engine(twin: &mut Twin<MemnetEngine>, words: &[u8], question: bool) -> Compared {
    twin.cycle(|block| {
        (block.start.next, block.question.next) = (true, question);
        block.last_position.next = (words.len() as u64 - 1).into();
    })?;
    let mut position = 0;
    while twin.block().busy.val() {
        let block = twin.settle(|block| {
            block.start.next = false;
            block.word.next = u64::from(words.get(position).copied().unwrap_or_default()).into();
        })?;
        position = block.position.val().to_u64() as usize;
        twin.edge();
    }
    Ok(())
}

#[test]
fn engine_answers_as_the_integer_model() {
    for datapath in Datapath::all() {
        let rng = &mut random(5);
        let top = format!("memnet_engine_{datapath}").replace('-', "_");
        let mut twin = twin(|| MemnetEngine::new(&TINY, datapath, true), &top);
        let model = &mut IntegerModel::new(TINY, datapath);
        for _ in 0..2 {
            let program = random_program(rng, TINY, datapath);
            model.load(&program).unwrap();
            twin.settle(|block| {
                block.settings.next = sequencer_settings(&TINY, &program.settings);
                block.score.next = u64::from(program.settings.score).into();
                block.centre.next = u64::from(program.settings.centre).into();
                block.align.next = u64::from(program.settings.align).into();
                block.padding.next = u64::from(program.settings.padding).into();
            })
            .unwrap();
            load_engine(&mut twin, &program).unwrap();
            for step in 0..20 {
                let words = random_words(rng, &program);
                let question = step > 0 && rng.random();
                run_engine(&mut twin, &words, question).unwrap();
                if question {
                    let answer = model.question(&words).unwrap();
                    let block = twin.settle(|_| {}).unwrap();
                    assert_eq!(block.answer.val().to_u64(), u64::from(answer.word));
                    assert_eq!(signed(block.logit.val()), i64::from(answer.logit));
                } else {
                    model.sentence(&words).unwrap();
                }
            }
        }
    }
}
