//! The blocks of the crossbar device: each beside its Verilog, and beside the definition of what it computes.

use engram_hdl::crossbar::cell::Cell;
use engram_hdl::crossbar::cell_output::CellOutput;
use engram_hdl::crossbar::cell_update::CellUpdate;
use engram_hdl::crossbar::column_sum::ColumnSum;
use engram_hdl::crossbar::converter::Converter;
use engram_hdl::crossbar::extents::Extents;
use engram_hdl::crossbar::gate_settings::GateMemory;
use engram_hdl::crossbar::lane::CrossbarLane;
use engram_hdl::crossbar::loader::Loader;
use engram_hdl::crossbar::logit::Logit;
use engram_hdl::crossbar::read_noise::ReadNoise;
use engram_hdl::crossbar::row_product::RowProduct;
use engram_hdl::crossbar::tile_sum::TileSum;
use engram_hdl::crossbar::walk::Walk;
use engram_hdl::crossbar::weight_store::WeightStore;
use engram_hdl::parts::memory::{Buffer, WordMemory};
use engram_hdl::prelude::{bits_of, signed};
use engram_spec::crossbar::gate::{self, Gate, Tables};
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F, PRESETS, ROW_BYTES, TINY, TINY_WIDE, UP5K};
use engram_spec::crossbar::{GateSettings, Noise, Region, cell, convert, gru, levels};
use engram_testbench::block::Twin;
use rand::Rng;

use super::stimulus::{Compared, below, draw, random, twin};

#[test]
fn word_memory_keeps_its_output_while_it_is_written() {
    let rng = &mut random(1);
    let mut twin = twin(|| WordMemory::<10, 24>::new(40), "word_memory");
    let (mut cells, mut shown) = ([0; 64], 0);
    for _ in 0..5_000 {
        // A memory of 40 words has 64: a power of two.
        let (address, write, value) = (rng.random_range(0..64usize), rng.random(), draw::<24>(rng));
        let block = twin.cycle(|block| {
            (block.address.next, block.write.next, block.write_data.next) = ((address as u64).into(), write, value);
        });
        match write {
            true => cells[address] = value.to_u64(),
            false => shown = cells[address],
        }
        assert_eq!(block.unwrap().data.val().to_u64(), shown);
    }
}

#[test]
fn buffer_reads_what_was_stored() {
    let rng = &mut random(2);
    let mut twin = twin(Buffer::<8, 16>::new, "buffer");
    let mut cells = [0; 256];
    for _ in 0..5_000 {
        let (write, place, value, address) = (rng.random(), below::<8>(rng, 9), draw::<16>(rng), below::<8>(rng, 9));
        let block = twin.cycle(|block| {
            (block.write.next, block.write_address.next, block.write_data.next) = (write, place, value);
            block.address.next = address;
        });
        assert_eq!(block.unwrap().data.val().to_u64(), cells[address.to_u64() as usize]);
        if write {
            cells[place.to_u64() as usize] = value.to_u64();
        }
    }
}

#[test]
fn row_product_of_each_width() {
    for (size, of_logic, top) in [
        (TINY, false, "four"),
        (TINY, true, "four_logic"),
        (TINY_WIDE, false, "eight"),
        (TINY_WIDE, true, "eight_logic"),
    ] {
        let rng = &mut random(3);
        let mut twin = twin(|| RowProduct::new(&size, of_logic), &format!("row_product_{top}"));
        let mut expected = 0;
        for _ in 0..10_000 {
            let (select, row, weight) = (draw::<2>(rng), draw::<16>(rng), draw::<8>(rng));
            let block = twin.cycle(|block| {
                (block.select.next, block.row.next, block.weight.next) = (select, row, weight);
            });
            assert_eq!(signed(block.unwrap().product.val()), expected);
            let [low, high] = (row.to_u64() as u16).to_le_bytes().map(|byte| i64::from(byte as i8));
            let x = [0, low, high, 0][select.to_u64() as usize];
            expected = x * i64::from(size.held(weight.to_u64() as u8));
        }
    }
}

#[test]
fn weight_store_of_each_preset() {
    for size in PRESETS {
        let rng = &mut random(4);
        let mut twin =
            twin(|| WeightStore::new(&size, false), &format!("weight_store_{}", size.name.replace('-', "_")));
        let banks = size.lanes * usize::from(size.weight_bits) / 16;
        for _ in 0..3_000 {
            let address = [0, 1, size.weight_depth - 1][rng.random_range(0..3)];
            twin.cycle(|block| {
                block.address.next = (address as u64).into();
                (block.write.next, block.bank.next, block.unit.next) = (rng.random(), below(rng, banks), draw(rng));
            })
            .unwrap();
        }
    }
}

#[test]
fn gate_memory_under_any_settings() {
    let rng = &mut random(5);
    let mut twin = twin(GateMemory::default, "gate_memory");
    for _ in 0..5_000 {
        twin.cycle(|block| {
            (block.write.next, block.gate.next, block.value.next) = (draw(rng), draw(rng), draw(rng));
            (block.convert.next, block.round.next, block.sum.next) = (draw(rng), draw(rng), draw(rng));
        })
        .unwrap();
    }
}

#[test]
fn tile_sum_and_logit_are_exact() {
    let rng = &mut random(6);
    let mut tiles = twin(TileSum::default, "tile_sum");
    let mut sum = 0;
    for _ in 0..5_000 {
        let (term, add, first) = (rng.random_range(-100_000..=100_000), rng.random(), rng.random_ratio(1, 5));
        let block = tiles.cycle(|block| {
            (block.term.next, block.add.next, block.first.next) = (bits_of(term), add, first);
        });
        if add {
            sum = if first { term } else { sum + term };
        }
        assert_eq!(signed(block.unwrap().sum.val()), sum);
    }
    let mut logits = twin(Logit::default, "logit");
    for _ in 0..2_000 {
        let (sum, bias) = (draw::<24>(rng), draw::<24>(rng));
        let block = logits.cycle(|block| (block.sum.next, block.bias.next) = (sum, bias)).unwrap();
        assert_eq!(signed(block.logit.val()), signed(sum) + signed(bias));
    }
}

pub fn stimulate_read_noise(twin: &mut Twin<ReadNoise>) -> Compared {
    let rng = &mut random(7);
    for _ in 0..10 {
        let seed = draw::<32>(rng);
        let mut noise = Noise::new(seed.to_u64() as u32);
        twin.cycle(|block| (block.clear.next, block.seed.next, block.draw.next) = (true, seed, false))?;
        // Byte sums of draws on their way.
        let mut sum: [Option<i32>; 2] = [None; 2];
        for _ in 0..300 {
            let (draws, factor) = (rng.random(), draw::<16>(rng));
            let block = twin.cycle(|block| {
                (block.clear.next, block.draw.next, block.factor.next) = (false, draws, factor);
            })?;
            if let Some(sum) = sum[1] {
                assert_eq!(signed(block.noise.val()), (i64::from(sum) * factor.to_u64() as i64) >> 8);
            }
            sum = [draws.then(|| noise.advance()), sum[0]];
        }
    }
    Ok(())
}

#[test]
fn read_noise_is_the_definitions() {
    stimulate_read_noise(&mut twin(ReadNoise::default, "read_noise")).unwrap();
}

pub fn stimulate_converter(twin: &mut Twin<Converter>) -> Compared {
    let rng = &mut random(8);
    // Any gate, and gates whose conversions are often ties.
    for (turn, bits) in [1, 2, 3, 4, 7, 8, 1, 4, 3, 4, 8].into_iter().enumerate() {
        let (mantissa, shift) = match turn {
            0..8 => (rng.random(), rng.random_range(0..=24)),
            _ => (rng.random_range(1..=3), rng.random_range(1..=4)),
        };
        let gate = GateSettings { mantissa, shift, ..Default::default() };
        // What the last sum lacks is its noise, which comes a cycle later.
        let mut before = None;
        let mut expected = [None; 3];
        for _ in 0..4_000 {
            let far = [3_000_000, 300, 3 << gate.shift.min(20)][rng.random_range(0..3)];
            let (sum, noise) =
                (rng.random_range(-far..=far), rng.random_range(-131_000..=131_000) * rng.random_range(0..2));
            let block = twin.cycle(|block| {
                block.sum.next = bits_of(sum.into());
                block.noise.next = bits_of(noise.into());
                block.mantissa.next = u64::from(gate.mantissa).into();
                block.shift.next = u64::from(gate.shift).into();
                block.bits.next = u64::from(bits).into();
            })?;
            let whole = before.map(|sum| convert(sum, &gate, noise, bits));
            if let Some(code) = expected[1] {
                assert_eq!(signed(block.code.val()), i64::from(code), "{bits} bits, {gate:?}");
            }
            before = Some(sum);
            expected = [whole, expected[0], expected[1]];
        }
    }
    Ok(())
}

#[test]
fn converter_converts_as_defined() {
    stimulate_converter(&mut twin(Converter::default, "converter")).unwrap();
}

pub fn stimulate_column_sum(twin: &mut Twin<ColumnSum>) -> Compared {
    let rng = &mut random(9);
    for turn in 0..1_200 {
        let codes: Vec<_> = (0..rng.random_range(1..=24)).map(|_| draw::<8>(rng)).collect();
        let sum: i64 = codes.iter().map(|&code| signed(code)).sum();
        // Anything, or what lies on a tie or beside one, at the table's ends above all.
        let mut scale = draw::<16>(rng);
        let mut bias = draw::<24>(rng);
        if turn % 2 == 0 {
            scale = below(rng, 1_000);
            let index = [-257, -256, 254, 255, rng.random_range(-256..=255)][rng.random_range(0..5)];
            let target = 128 * index + [0, 63, 64, 65][rng.random_range(0..4)];
            bias = bits_of(target - sum * scale.to_u64() as i64);
        }
        for (tile, code) in codes.into_iter().enumerate() {
            twin.cycle(|block| {
                (block.code.next, block.add.next, block.first.next) = (code, true, tile == 0);
                (block.scale.next, block.bias.next) = (scale, bias);
            })?;
        }
        for _ in 0..3 {
            twin.cycle(|block| block.add.next = false)?;
        }
        let z = sum * scale.to_u64() as i64 + signed(bias);
        assert_eq!(twin.block().index.val().to_u64() as i32 - 256, gate::index(z as i32));
    }
    Ok(())
}

#[test]
fn column_sum_gives_the_index_of_its_gate() {
    stimulate_column_sum(&mut twin(ColumnSum::default, "column_sum")).unwrap();
}

/// The columns of a GRU's cell as its unit takes them, z, r and the indices of nx and nh, and its state; the corners among them.
fn gru_columns(rng: &mut impl Rng) -> ([i32; 4], i16) {
    let mut one = |least: i32, most: i32| [0, most, least, rng.random_range(least..=most)][rng.random_range(0..4)];
    let columns = [one(0, 1024), one(0, 1024), one(-256, 255), one(-256, 255)];
    (columns, [0, 1 << 14, -(1 << 14), rng.random_range(-(1 << 14)..=1 << 14)][rng.random_range(0..4)])
}

/// Gates of a cell and its state; the corners among them.
fn gates(rng: &mut impl Rng) -> ([i32; 4], i16) {
    let mut one = |least: i32| [0, 1024, least, rng.random_range(least..=1024)][rng.random_range(0..4)];
    let gates = [one(0), one(0), one(-1024), one(0)];
    (gates, [0, i16::MAX, i16::MIN, rng.random(), rng.random()][rng.random_range(0..5)])
}

pub fn stimulate_cell_update(twin: &mut Twin<CellUpdate>) -> Compared {
    let rng = &mut random(10);
    for _ in 0..3_000 {
        let ([i, f, g, o], state) = gates(rng);
        let pause = rng.random_range(1..3);
        for (number, value) in [i, f, g, o].into_iter().enumerate() {
            for wait in 0..pause {
                twin.cycle(|block| {
                    block.gru.next = false;
                    (block.take.next, block.gate.next) = (wait == 0, (number as u64).into());
                    block.value.next = bits_of(value.into());
                    block.state.next = bits_of(state.into());
                })?;
            }
        }
        for _ in pause..5 {
            twin.cycle(|block| block.take.next = false)?;
        }
        let block = twin.block();
        let expected = cell::update(state, i, f, g);
        assert_eq!((block.done.val(), signed(block.updated.val())), (true, expected.into()));
        assert_eq!(block.shown.val().to_u64(), o as u64);
        twin.cycle(|_| {})?;
        assert_eq!(twin.block().index.val().to_u64() as i32 - 256, cell::index(expected));
    }
    stimulate_gru_update(twin, rng)
}

/// Cells of a GRU, one behind another as fast as they may come. The table of tanh stands beside the block.
fn stimulate_gru_update(twin: &mut Twin<CellUpdate>, rng: &mut impl Rng) -> Compared {
    let tables = Tables::default();
    let cells: Vec<([i32; 4], i16)> = (0..3_000).map(|_| gru_columns(rng)).collect();
    // In each cycle the gate that is taken, and the state in the cycle after the last.
    let mut schedule: Vec<Option<(usize, i32)>> = Vec::new();
    let mut states = Vec::new();
    for (columns, state) in &cells {
        for (gate, &value) in columns.iter().enumerate() {
            schedule.extend((0..[0, 0, 1, 3][rng.random_range(0..4)]).map(|_| None));
            schedule.push(Some((gate, value)));
        }
        states.push((schedule.len(), *state));
    }
    schedule.extend([None; 12]);
    let (mut entry, mut states, mut found, mut done) = (256, states.into_iter().peekable(), 0, 0);
    for (cycle, taken) in schedule.into_iter().enumerate() {
        let state = states.next_if(|(at, _)| *at == cycle).map_or(rng.random(), |(_, state)| state);
        let block = twin.settle(|block| {
            (block.gru.next, block.take.next) = (true, taken.is_some());
            let (gate, value) = taken.unwrap_or_default();
            (block.gate.next, block.value.next) = ((gate as u64).into(), bits_of(value.into()));
            block.state.next = bits_of(state.into());
            block.tanh.next = bits_of(tables.tanh(entry - 256).into());
        })?;
        entry = block.index.val().to_u64() as i32;
        let candidate = |[_, reset, nx, nh]: [i32; 4]| tables.tanh(gru::candidate(nx, reset, nh));
        if block.found.val() && cycle > 10 {
            assert_eq!(signed(block.candidate.val()), i64::from(candidate(cells[found].0)));
            found += 1;
        }
        if block.done.val() && cycle > 10 {
            let (columns, state) = cells[done];
            assert_eq!(signed(block.updated.val()), i64::from(gru::update(state, columns[0], candidate(columns))));
            done += 1;
        }
        twin.edge();
    }
    assert_eq!((found, done), (cells.len(), cells.len()));
    Ok(())
}

#[test]
fn cell_update_updates_as_defined() {
    stimulate_cell_update(&mut twin(CellUpdate::default, "cell_update")).unwrap();
}

pub fn stimulate_cell_output(twin: &mut Twin<CellOutput>) -> Compared {
    let rng = &mut random(11);
    for bits in 1..=8 {
        // What is on its way still has the bits of before.
        let mut expected = [None; 2];
        for _ in 0..3_000 {
            let ([_, _, tanh, output], _) = gates(rng);
            let (is_gru, (_, state)) = (rng.random(), gru_columns(rng));
            let block = twin.cycle(|block| {
                (block.gru.next, block.state.next) = (is_gru, bits_of(state.into()));
                block.tanh.next = bits_of(tanh.into());
                block.shown.next = (output as u64).into();
                block.bits.next = u64::from(bits).into();
            })?;
            if let Some(hidden) = expected[1] {
                assert_eq!(signed(block.code.val()), i64::from(cell::dac_code(hidden, bits)));
                assert_eq!(signed(block.readout.val()), i64::from(cell::readout_code(hidden)));
            }
            expected = [Some(if is_gru { gru::hidden(state) } else { tanh * output }), expected[0]];
        }
    }
    Ok(())
}

#[test]
fn cell_output_gives_both_codes() {
    stimulate_cell_output(&mut twin(CellOutput::default, "cell_output")).unwrap();
}

/// Whole steps of cells, whose gates come as fast as they may.
#[test]
fn cell_unit_keeps_every_cells_state() {
    let rng = &mut random(12);
    let tables = Tables::default();
    let mut twin = twin(Cell::new, "cell_unit");
    let (cells, bits) = (7, 4);
    let mut states = vec![0i16; cells];
    for step in 0..80 {
        let mut expected = Vec::new();
        let mut seen = Vec::new();
        let (fresh, is_gru) = (step % 10 == 0, step % 20 >= 10);
        if fresh {
            states.fill(0);
        }
        let mut queue: std::collections::VecDeque<(u64, i32)> = Default::default();
        for state in &mut states {
            let (columns, _) = if is_gru { gru_columns(rng) } else { gates(rng) };
            queue.extend(columns.into_iter().enumerate().map(|(gate, value)| (gate as u64, value)));
            let [first, second, third, last] = columns;
            if is_gru {
                *state = gru::update(*state, first, tables.tanh(gru::candidate(third, second, last)));
                let hidden = gru::hidden(*state);
                expected.push((cell::dac_code(hidden, bits), cell::readout_code(hidden)));
            } else {
                *state = cell::update(*state, first, second, third);
                expected.push(cell::output(*state, last, bits, &tables));
            }
        }
        let pause = rng.random_range(1..=3);
        for cycle in 0..(4 * pause * cells + 20) {
            let next = if cycle > 0 && cycle % pause == 0 { queue.pop_front() } else { None };
            let block = twin.settle(|block| {
                (block.restart.next, block.fresh.next, block.take.next) = (cycle == 0, fresh, next.is_some());
                block.gru.next = is_gru;
                let (gate, value) = next.unwrap_or_default();
                (block.gate.next, block.value.next) = (gate.into(), bits_of(value.into()));
                block.bits.next = u64::from(bits).into();
            });
            let block = block.unwrap();
            if block.shown.val() {
                seen.push((signed(block.code.val()) as i8, signed(block.readout.val()) as i8));
            }
            twin.edge();
        }
        assert_eq!(seen, expected, "step {step}");
    }
}

#[test]
fn extents_of_each_preset() {
    for size in [TINY, UP5K, ECP5_25F] {
        let rng = &mut random(13);
        let mut twin = twin(|| Extents::new(&size), &format!("extents_{}", size.lanes));
        for _ in 0..2_000 {
            let [hidden, inputs, classes] =
                [size.hidden, size.inputs, size.classes].map(|most| rng.random_range(1..=most));
            let tile = rng.random_range(0..=24) * size.lanes % 256;
            let bits = rng.random_range(1..=8u8);
            let block = twin.cycle(|block| {
                block.hidden.next = (hidden as u64).into();
                block.inputs.next = (inputs as u64).into();
                block.classes.next = (classes as u64).into();
                block.tile.next = (tile as u64).into();
                block.dac_bits.next = u64::from(bits).into();
            });
            let block = block.unwrap();
            assert_eq!(block.last_hidden.val().to_u64() as usize + 1, size.chunks(hidden));
            assert_eq!(block.last_input.val().to_u64() as usize + 1, size.chunks(inputs));
            assert_eq!(block.last_within.val().to_u64() as usize, (tile / size.lanes).wrapping_sub(1) % 32);
            let last = [block.last_cell.val(), block.last_row.val(), block.last_class.val()];
            assert_eq!(last.map(|last| last.to_u64() as usize + 1), [hidden, inputs, classes]);
            assert_eq!(block.largest.val().to_u64() as i32, levels(bits));
        }
    }
}

/// Walks of any sizes: what is issued in which order.
#[test]
fn walk_goes_over_every_word_once() {
    let rng = &mut random(14);
    let mut twin = twin(Walk::default, "walk");
    for _ in 0..60 {
        let [cells, inputs, hidden, classes, within] = [5, 4, 3, 6, 4].map(|most| rng.random_range(1..=most));
        let (fresh, is_gru) = (rng.random(), rng.random());
        for answer in [false, true] {
            twin.cycle(|block| {
                block.gru.next = is_gru;
                (block.start.next, block.answer.next, block.fresh.next) = (true, answer, fresh);
                block.last_cell.next = (cells - 1u64).into();
                block.last_class.next = (classes - 1u64).into();
                block.last_input.next = (inputs - 1u64).into();
                block.last_hidden.next = (hidden - 1u64).into();
                block.last_within.next = (within - 1u64).into();
                (block.ready.next, block.remembered.next) = (true, false);
            })
            .unwrap();
            let words = |of: u64, is_hidden: bool| (0..of).map(move |chunk| (is_hidden, chunk));
            let column = |gate: u64| -> Vec<(bool, u64)> {
                match (answer, is_gru, gate) {
                    (true, ..) | (_, true, 3) => words(hidden, true).collect(),
                    (_, true, 2) => words(inputs, false).collect(),
                    _ => words(inputs, false).chain(words(hidden, true)).collect(),
                }
            };
            let columns = if answer { classes } else { 4 * cells };
            let words_of_cell = if is_gru { 3 } else { 4 } * (inputs + hidden);
            let mut address = if answer { cells * words_of_cell } else { 0 };
            for number in 0..columns {
                let column = column(number % 4);
                // The row vector's words before the column's first: tiles are cut from its begin.
                let before = if is_gru && !answer && number % 4 == 3 { inputs } else { 0 };
                for (place, &(is_hidden, chunk)) in column.iter().enumerate() {
                    let block = twin.settle(|block| block.start.next = false).unwrap();
                    let operation = block.operation.val();
                    let (place, last) = (place as u64, column.len() as u64 - 1);
                    assert!(operation.valid && block.busy.val());
                    assert_eq!((block.hidden.val(), block.chunk.val().to_u64()), (is_hidden, chunk));
                    assert_eq!(block.address.val().to_u64(), address);
                    assert_eq!((operation.answer, operation.closing), (answer, place == last));
                    assert_eq!(operation.blank, is_hidden && fresh);
                    if answer {
                        assert_eq!((operation.first, operation.last), (place == 0, place == last));
                    } else {
                        assert_eq!(operation.gate.to_u64(), number % Gate::ALL.len() as u64);
                        let word = before + place;
                        assert_eq!(operation.first, word % within == 0 || place == 0);
                        assert_eq!(operation.last, word % within == within - 1 || place == last);
                        assert_eq!(operation.opening, word / within == before / within);
                    }
                    address += 1;
                    twin.edge();
                }
            }
            let block = twin.settle(|_| {}).unwrap();
            assert!(!block.operation.val().valid && !block.busy.val());
        }
    }
}

#[test]
fn crossbar_lane_under_any_controls() {
    let rng = &mut random(15);
    for (size, number) in [(TINY, 0), (TINY, 3), (ECP5_85F, 0)] {
        let mut twin = twin(|| CrossbarLane::new(&size, number), &format!("crossbar_lane_{}_{number}", size.lanes));
        for _ in 0..4_000 {
            twin.cycle(|block| {
                block.write.next = rng.random();
                // Never where is read in the same cycle.
                block.write_address.next = below(rng, 32);
                block.address.next = (32 + rng.random_range(0..32u64)).into();
                if rng.random() {
                    std::mem::swap(&mut block.write_address.next, &mut block.address.next);
                }
                (block.code.next, block.readout.next) = (draw(rng), draw(rng));
                (block.select.next, block.weight.next) = (draw(rng), draw(rng));
            })
            .unwrap();
        }
    }
}

/// Rows of bytes, as they come, fill the memories as the geometry says.
#[test]
fn loader_puts_every_number_in_its_place() {
    for size in PRESETS {
        let rng = &mut random(16);
        let mut twin = twin(|| Loader::new(&size), &format!("loader_{}", size.name.replace('-', "_")));
        let word = size.weight_bytes(size.lanes);
        for _ in 0..60 {
            let (region, row) = (rng.random::<bool>(), rng.random_range(0..size.rows(Region::Weights)));
            let bytes: Vec<u8> = (0..ROW_BYTES).map(|_| rng.random()).collect();
            for (place, &byte) in bytes.iter().enumerate() {
                let block = twin.cycle(|block| {
                    (block.load.next, block.octet.next) = (true, u64::from(byte).into());
                    (block.region.next, block.row.next) = (region, (row as u64).into());
                    block.place.next = (place as u64).into();
                });
                let block = block.unwrap();
                let (write, bias) = (!region && place % 2 == 1, region && place % 4 == 3);
                assert_eq!((block.write.val(), block.write_bias.val()), (write, bias));
                let whole = row * ROW_BYTES + place;
                if write {
                    assert_eq!(block.address.val().to_u64() as usize, whole / word % (1 << 14));
                    assert_eq!(block.bank.val().to_u64() as usize, whole % word / 2);
                    let unit = u16::from_le_bytes([bytes[place - 1], bytes[place]]);
                    assert_eq!(block.unit.val().to_u64(), u64::from(unit));
                }
                if bias {
                    assert_eq!(block.bias_address.val().to_u64() as usize, whole / 4 % 1024);
                    let three = u32::from_le_bytes([bytes[place - 3], bytes[place - 2], bytes[place - 1], 0]);
                    assert_eq!(block.bias.val().to_u64(), u64::from(three));
                }
                // A pause between bytes, as the requests make it.
                if rng.random() {
                    let block = twin.cycle(|block| block.load.next = false).unwrap();
                    assert!(!block.write.val() && !block.write_bias.val());
                }
            }
        }
    }
}
