//! The arithmetic of lanes and softmax against the shared definitions, exhaustively where the inputs are few.

use engram_hdl::memnet::accumulator::{Accumulator, ReadCode};
use engram_hdl::memnet::aged_code::{AgedCode, DOUBLE, HALVE, KEEP};
use engram_hdl::memnet::broadcast::Broadcast;
use engram_hdl::memnet::multiplier::{Multiplier, X_BROADCAST, X_POSITION, Y_NORMALISED, Y_WEIGHT, by_sign};
use engram_hdl::memnet::score::Score;
use engram_hdl::memnet::sequencer::{BROADCAST_ALIGN, BROADCAST_STATE};
use engram_hdl::memnet::sign_product::SignProduct;
use engram_hdl::memnet::similarity::Similarity;
use engram_hdl::parts::adder_tree::AdderTree;
use engram_hdl::parts::gather::Gather;
use engram_hdl::parts::maximum::Maximum;
use engram_hdl::prelude::{bits_of, signed};
use engram_hdl::simulation::Bench;
use engram_spec::format::{graded_add, requantise};
use engram_spec::memnet::table::{CENTRE_UNIT, QUOTIENT_SHIFT, READ_GUARD, exponential_index, score};
use engram_spec::memnet::{Addressing, Weights};
use engram_testbench::block::Twin;
use rand::Rng;

use super::stimulus::{Compared, below, draw, random, twin};

/// All pairs of bytes; -128 among them, which no code is.
fn bytes() -> impl Iterator<Item = (i8, i8)> {
    (-128..=127).flat_map(|a| (-128..=127).map(move |b| (a, b)))
}

pub fn stimulate_similarity(twin: &mut Twin<Similarity>, addressing: Addressing) -> Compared {
    // A code is never -128, and the similarities are defined on codes.
    for (a, b) in bytes().filter(|&(a, b)| a != -128 && b != -128) {
        let block = twin.cycle(|block| {
            block.state.next = bits_of(a.into());
            block.slot.next = bits_of(b.into());
        })?;
        assert_eq!(signed(block.similarity.val()), i64::from(addressing.element(a, b)), "{addressing} {a} {b}");
    }
    twin.settle(|_| {}).map(|_| ())
}

#[test]
fn similarity_of_every_pair_of_codes() {
    for addressing in Addressing::ALL {
        let mut twin = twin(|| Similarity::new(addressing), &format!("similarity_{addressing}"));
        stimulate_similarity(&mut twin, addressing).unwrap();
    }
}

pub fn stimulate_aged_code(twin: &mut Twin<AgedCode>) -> Compared {
    for (scale, grade) in [(KEEP, 0), (HALVE, -1), (DOUBLE, 1)] {
        for (slot, age) in bytes() {
            let block = twin.cycle(|block| {
                block.slot.next = bits_of(slot.into());
                block.age.next = bits_of(age.into());
                block.scale.next = scale.into();
            })?;
            assert_eq!(signed(block.sum.val()), i64::from(graded_add(slot, age, grade)), "{slot} {age} {grade}");
        }
    }
    twin.settle(|_| {}).map(|_| ())
}

#[test]
fn aged_code_of_every_pair_of_bytes_in_every_scale() {
    stimulate_aged_code(&mut twin(AgedCode::default, "aged_code")).unwrap();
}

#[test]
fn multipliers_of_every_kind() {
    let kinds = [
        (false, Weights::Codes, "multiplier"),
        (true, Weights::Codes, "multiplier_of_logic"),
        (false, Weights::Signs, "multiplier_beside_signs"),
        (true, Weights::Signs, "multiplier_of_logic_beside_signs"),
    ];
    for (of_logic, weights, top) in kinds {
        let rng = &mut random(1);
        let mut twin = twin(|| Multiplier::new(of_logic, weights), top);
        for _ in 0..20_000 {
            let block = twin.cycle(|block| {
                block.x_select.next = draw(rng);
                block.y_select.next = draw(rng);
                block.broadcast.next = draw(rng);
                block.state.next = draw(rng);
                block.weight.next = draw(rng);
                block.position_load.next = rng.random();
                block.slot.next = draw(rng);
                block.normalised.next = draw(rng);
                block.read.next = draw(rng);
            });
            block.unwrap();
        }
        // Two cycles after its operands were selected, the product is theirs.
        let mut expected = [None; 2];
        for _ in 0..20_000 {
            let (x, y) = (draw::<16>(rng), draw::<16>(rng));
            let block = twin.settle(|block| {
                block.x_select.next = X_BROADCAST.into();
                block.y_select.next = Y_NORMALISED.into();
                block.broadcast.next = x;
                block.normalised.next = y;
            });
            let product = signed(block.unwrap().product.val());
            assert!(expected[1].is_none_or(|expected| expected == product), "{product}");
            expected = [Some(signed(x) * signed(y)), expected[0]];
            twin.edge();
        }
    }
}

/// Where the weights are signs, every product is the multiplier's or the sign product's, and the other is 0.
pub fn stimulate_sign_product(twin: &mut Twin<SignProduct>) -> Compared {
    let rng = &mut random(11);
    let mut multiplier = Bench::new(Multiplier::new(false, Weights::Signs));
    let (mut position, mut expected) = (0, [None; 2]);
    for _ in 0..30_000 {
        // Weights of the tensors, and position weights, are codes.
        let (sign, code, x) = (rng.random_range(-1..=1), rng.random_range(-127..=127), rng.random_range(-127..=127));
        let position_load = rng.random_ratio(1, 4);
        let (x_select, y_select) = (rng.random_range(0..3), rng.random_range(0..4));
        let weight = if position_load || !by_sign(x_select, y_select) { code } else { sign };
        let asked = by_sign(x_select, y_select) && !position_load;
        let block = twin.settle(|block| {
            (block.x_select.next, block.y_select.next) = (x_select.into(), y_select.into());
            (block.broadcast.next, block.weight.next) = (bits_of(x), bits_of(weight));
            block.position_load.next = position_load;
        })?;
        let beside = &mut multiplier.block;
        (beside.x_select.next, beside.y_select.next) = (x_select.into(), y_select.into());
        (beside.weight.next, beside.broadcast.next, beside.state.next) = (bits_of(weight), draw(rng), draw(rng));
        (beside.slot.next, beside.normalised.next, beside.read.next) = (draw(rng), draw(rng), draw(rng));
        let (ours, theirs) = (signed(block.product.val()), signed(beside.product.val()));
        assert!(ours == 0 || theirs == 0, "{ours} {theirs}");
        assert!(expected[1].is_none_or(|expected| expected == ours), "{ours}");
        let operand = if x_select == X_POSITION { position } else { x };
        // What comes with a position weight, nobody asks for.
        expected = [(asked || y_select != Y_WEIGHT).then_some(if asked { sign * operand } else { 0 }), expected[0]];
        position = if position_load { weight } else { position };
        twin.edge();
        multiplier.tick().expect("nothing is written");
    }
    Ok(())
}

#[test]
fn sign_product_takes_the_place_of_the_multiplier() {
    stimulate_sign_product(&mut twin(SignProduct::default, "sign_product")).unwrap();
}

pub fn stimulate_accumulator(twin: &mut Twin<Accumulator>) -> Compared {
    let rng = &mut random(2);
    for _ in 0..20_000 {
        twin.cycle(|block| {
            block.product.next = draw(rng);
            block.clear.next = rng.random_ratio(1, 20);
            block.add.next = rng.random_ratio(1, 3);
            block.shift.next = rng.random();
        })?;
    }
    for _ in 0..3_000 {
        let (shift, terms) = (rng.random_range(0..=15), rng.random_range(1..20));
        let spread = 1 << rng.random_range(1..24);
        let terms: Vec<i64> = (0..terms).map(|_| rng.random_range(-spread..=spread)).collect();
        let order = |clear, add, shift| {
            move |block: &mut Accumulator| (block.clear.next, block.add.next, block.shift.next) = (clear, add, shift)
        };
        twin.cycle(order(true, false, false))?;
        for &term in &terms {
            twin.settle(order(false, true, false))?;
            twin.cycle(|block| block.product.next = bits_of(term))?;
        }
        for _ in 0..shift {
            twin.cycle(order(false, false, true))?;
        }
        let sum: i64 = terms.iter().sum();
        let block = twin.settle(order(false, false, false))?;
        assert_eq!(signed(block.code.val()), i64::from(requantise(sum, shift)), "{sum} / 2^{shift}");
        assert_eq!(signed(block.normalised.val()), i64::from(((sum << READ_GUARD) >> shift) as i16));
    }
    Ok(())
}

#[test]
fn accumulator_rounds_once() {
    stimulate_accumulator(&mut twin(Accumulator::default, "accumulator")).unwrap();
}

#[test]
fn read_code_is_requantised() {
    let rng = &mut random(3);
    let mut twin = twin(ReadCode::default, "read_code");
    let unit = 1i64 << QUOTIENT_SHIFT;
    let near_ties = (-260..=260).flat_map(|half: i64| (-2..=2).map(move |by| half * unit / 2 + by));
    let products: Vec<i64> = near_ties.chain((0..30_000).map(|_| signed(draw::<32>(rng)))).collect();
    let mut kept = 0;
    for product in products {
        let load = rng.random_ratio(3, 4);
        let block = twin.cycle(|block| {
            block.product.next = bits_of(product);
            block.load.next = load;
        });
        kept = if load { requantise(product, QUOTIENT_SHIFT).into() } else { kept };
        assert_eq!(signed(block.unwrap().read.val()), kept, "{product}");
    }
    twin.settle(|_| {}).unwrap();
}

#[test]
fn adder_tree_of_each_size() {
    for lanes in [2, 4, 8, 16, 32, 64] {
        let rng = &mut random(4);
        let mut twin = twin(|| AdderTree::new(lanes), &format!("adder_tree_{lanes}"));
        let mut expected = [None; 3];
        for _ in 0..3_000 {
            let terms: Vec<_> = (0..lanes).map(|_| draw::<16>(rng)).collect();
            let block = twin.settle(|block| {
                block.terms.iter_mut().zip(&terms).for_each(|(input, &term)| input.next = term);
            });
            let sum = signed(block.unwrap().sum.val());
            assert!(expected[2].is_none_or(|expected: i64| expected == sum), "{lanes} lanes");
            expected = [Some(terms.iter().map(|&term| signed(term)).sum()), expected[0], expected[1]];
            twin.edge();
        }
    }
}

#[test]
fn gather_selects() {
    let rng = &mut random(5);
    let mut twin = twin(|| Gather::new(8), "gather");
    for _ in 0..5_000 {
        let block = twin.settle(|block| {
            block.states.iter_mut().for_each(|state| state.next = draw(rng));
            block.lane.next = below(rng, 8);
        });
        let block = block.unwrap();
        assert_eq!(block.state.val(), block.states[block.lane.val().to_u64() as usize].val());
    }
}

pub fn stimulate_score(twin: &mut Twin<Score>) -> Compared {
    let rng = &mut random(6);
    for shift in 0..16u32 {
        let centre = [0, rng.random()][usize::from(rng.random::<bool>())];
        let middle = (i64::from(centre) * i64::from(CENTRE_UNIT)) << shift;
        // Every boundary of rounding up to where scores saturate, and beyond; then anything.
        let unit = 1i64 << shift;
        let boundaries = (-1030..=1030).flat_map(|half: i64| (-1..=1).map(move |by| middle + half * unit / 2 + by));
        let anything: Vec<i64> = (0..2_000).map(|_| signed(draw::<22>(rng))).collect();
        for sum in boundaries.chain(anything).filter(|sum| (-(1 << 21)..1 << 21).contains(sum)) {
            let block = twin.cycle(|block| {
                block.sum.next = bits_of(sum);
                block.shift.next = u64::from(shift).into();
                block.centre.next = u64::from(centre).into();
            })?;
            let expected = exponential_index(score(sum, shift, centre));
            assert_eq!(block.index.val().to_u64(), expected as u64, "{sum} / 2^{shift} about {centre}");
        }
    }
    twin.settle(|_| {}).map(|_| ())
}

#[test]
fn score_of_sums_by_every_shift() {
    stimulate_score(&mut twin(Score::default, "score")).unwrap();
}

pub fn stimulate_maximum(twin: &mut Twin<Maximum<22>>) -> Compared {
    let rng = &mut random(8);
    for _ in 0..2_000 {
        twin.cycle(|block| (block.clear.next, block.valid.next) = (true, rng.random()))?;
        let mut logits = Vec::new();
        for _ in 0..rng.random_range(1..12) {
            let (logit, valid) = (draw::<22>(rng), rng.random_ratio(3, 4));
            logits.extend(valid.then_some(signed(logit)));
            twin.cycle(|block| (block.clear.next, block.valid.next, block.logit.next) = (false, valid, logit))?;
        }
        if let Some(&best) = logits.iter().max() {
            let first = logits.iter().position(|&logit| logit == best);
            let block = twin.settle(|block| block.valid.next = false)?;
            assert_eq!(signed(block.best.val()), best);
            assert_eq!(Some(block.word.val().to_u64() as usize), first, "{logits:?}");
        }
    }
    Ok(())
}

#[test]
fn maximum_is_the_first_of_the_largest() {
    stimulate_maximum(&mut twin(Maximum::<22>::default, "maximum")).unwrap();
}

#[test]
fn broadcast_numbers() {
    let rng = &mut random(9);
    let mut twin = twin(Broadcast::default, "broadcast");
    for _ in 0..20_000 {
        let block = twin.cycle(|block| {
            block.select.next = draw(rng);
            block.state.next = draw(rng);
            block.exponential_valid.next = rng.random();
            block.exponential.next = draw(rng);
            block.recall.next = rng.random();
            block.recalled.next = draw(rng);
            block.reciprocal.next = draw(rng);
            block.align.next = draw(rng);
        });
        let block = block.unwrap();
        let expected = match block.select.val().to_u64() {
            BROADCAST_STATE => signed(block.state.val()),
            BROADCAST_ALIGN => i64::from(1i16.wrapping_shl(block.align.val().to_u64() as u32)),
            _ => continue,
        };
        assert_eq!(signed(block.number.val()), expected);
    }
    // An exponential arrives three cycles after it was valid, or two after it was recalled.
    for recall in [false, true] {
        let exponential = draw::<15>(rng);
        twin.cycle(|block| {
            block.select.next = 1u64.into();
            block.exponential_valid.next = !recall;
            block.exponential.next = exponential;
            block.recall.next = false;
        })
        .unwrap();
        twin.cycle(|block| {
            block.exponential_valid.next = false;
            block.recall.next = recall;
            block.recalled.next = exponential;
        })
        .unwrap();
        let block = twin.cycle(|block| block.recall.next = false).unwrap();
        assert_eq!(block.number.val().to_u64(), exponential.to_u64(), "recall {recall}");
    }
}
