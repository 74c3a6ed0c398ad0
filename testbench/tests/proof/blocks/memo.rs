//! The blocks of memoization: each beside its Verilog, and beside the definition of what it computes.

use engram_hdl::crossbar::memo::command_decoder::MemoCommandDecoder;
use engram_hdl::crossbar::memo::disagreement::Disagreement;
use engram_hdl::crossbar::memo::judge::Judge;
use engram_hdl::crossbar::memo::queue::Queue;
use engram_hdl::crossbar::memo::row_signs::RowSigns;
use engram_hdl::crossbar::memo::scan::Scan;
use engram_hdl::crossbar::memo::sign_plane::SignPlane;
use engram_hdl::crossbar::memo::tally::Tally;
use engram_hdl::crossbar::walk::Walk;
use engram_hdl::crossbar::weight_store::WeightStore;
use engram_hdl::link::frame_handler::Request;
use engram_hdl::prelude::{Bits, bits_of};
use engram_spec::crossbar::Geometry;
use engram_spec::crossbar::geometry::{ECP5_25F, ECP5_85F, ROW_BYTES, TINY, TINY_WIDE, UP5K};
use engram_spec::crossbar::memo::{Denominator, ERROR_MAX, Entry, Predictor, Settings, Verdict, agreement};
use engram_spec::frame::Command;
use engram_testbench::block::Twin;
use rand::Rng;

use super::stimulus::{Compared, below, draw, random, twin};

fn words_of(size: &Geometry) -> usize {
    Predictor::of(size).words(size).expect("the usual predictor")
}

/// Plane and store together hold every weight once, wherever reading begins.
#[test]
fn the_plane_and_the_store_below_it_hold_all_weights() {
    for size in [TINY, TINY_WIDE, UP5K, ECP5_85F] {
        let rng = &mut random(1);
        let (words, name) = (words_of(&size), size.name.replace('-', "_"));
        let mut plane = twin(|| SignPlane::new(&size, words), &format!("sign_plane_{name}"));
        let word = size.weight_bytes(size.lanes);
        let rows = 4 * words * word / ROW_BYTES.min(words * word);
        let mut weights = Vec::new();
        for row in 0..rows {
            for place in 0..ROW_BYTES {
                let octet = rng.random::<u8>();
                weights.push(octet);
                plane
                    .cycle(|block| {
                        (block.load.next, block.octet.next, block.region.next) = (true, u64::from(octet).into(), false);
                        (block.row.next, block.place.next) = ((row as u64).into(), (place as u64).into());
                    })
                    .unwrap();
                // What is no weight changes nothing.
                plane.cycle(|block| (block.region.next, block.octet.next) = (true, draw(rng))).unwrap();
            }
        }
        plane.cycle(|block| block.load.next = false).unwrap();
        let most = weights.len() / word - words;
        for _ in 0..500 {
            let address = rng.random_range(0..=most);
            let block = plane.cycle(|block| block.address.next = (address as u64).into()).unwrap();
            for word in address..address + words {
                let code = |lane: usize| size.weight_at(&weights, word * size.lanes + lane);
                let signs = (0..size.lanes).map(|lane| u64::from(code(lane) < 0) << lane).sum::<u64>();
                assert_eq!(block.signs[word % words].val().to_u64(), signs, "{name}, word {word}");
            }
        }
    }
    let rng = &mut random(2);
    for size in [TINY, TINY_WIDE] {
        let mut store = twin(|| WeightStore::new(&size, true), &format!("weight_store_below_{}", size.weight_bits));
        let units = 16 / usize::from(size.weight_bits);
        let mut unit = 0;
        for turn in 0..2_000 {
            let write = turn % 2 == 0;
            if write {
                unit = rng.random::<u16>();
            }
            let block = store.cycle(|block| {
                (block.address.next, block.bank.next) = (3u64.into(), 0u64.into());
                (block.write.next, block.unit.next) = (write, u64::from(unit).into());
            });
            let block = block.unwrap();
            if !write {
                let mask = (1 << (size.weight_bits - 1)) - 1;
                for lane in 0..units {
                    let weight = u64::from(unit >> (lane * usize::from(size.weight_bits)) & mask);
                    assert_eq!(block.weights[lane].val().to_u64(), weight);
                }
            }
        }
    }
}

/// Rows are stored as the engine does, while those of before are compared.
#[test]
fn row_signs_are_those_that_were_taken() {
    for size in [TINY, UP5K, ECP5_25F] {
        let rng = &mut random(3);
        let words = words_of(&size);
        let most = size.chunks(size.inputs) + size.chunks(size.hidden);
        let mut twin = twin(|| RowSigns::new(&size, words), &format!("row_signs_{}", size.lanes));
        let inputs = rng.random_range(1..=size.chunks(size.inputs));
        let all = inputs + size.chunks(size.hidden);
        let (mut stored, mut compared) = (vec![0u64; most], vec![0u64; most]);
        for _ in 0..4_000 {
            let (clear, take, write) = (rng.random_ratio(1, 50), rng.random_ratio(1, 10), rng.random());
            let (of_h, zero_is_minus, code) =
                (rng.random::<bool>(), rng.random::<bool>(), [-3i64, 0, 5][rng.random_range(0..3)]);
            let chunk = rng.random_range(0..if of_h { all - inputs } else { inputs });
            let lane = rng.random_range(0..size.lanes);
            let bank = if of_h { 32 + 16 * rng.random_range(0..2) } else { 0 };
            let (word, turn) = (words * rng.random_range(0..all.div_ceil(words)), rng.random_range(0..words));
            let block = twin.cycle(|block| {
                (block.clear.next, block.take.next, block.write.next) = (clear, take, write);
                (block.lane.next, block.address.next) = ((lane as u64).into(), ((bank + chunk) as u64).into());
                (block.code.next, block.zero_is_minus.next) = (bits_of(code), zero_is_minus);
                block.input_words.next = (inputs as u64).into();
                (block.word.next, block.turn.next) = ((word as u64).into(), (turn as u64).into());
                block.words.next = (all as u64).into();
            });
            let block = block.unwrap();
            for number in word..word + words {
                let place = (number + turn) % words;
                assert_eq!(block.present.val().get_bit(place), number < all);
                if let Some(&signs) = compared.get(number).filter(|_| number < all) {
                    assert_eq!(block.signs[place].val().to_u64(), signs);
                }
            }
            if take {
                compared.clone_from(&stored);
            }
            if clear {
                stored.fill(0);
            } else if write {
                let settings = Settings { zero_is_minus, ..Settings::default() };
                let word = &mut stored[if of_h { inputs + chunk } else { chunk }];
                let negative = settings.is_negative(code as i8, !of_h);
                *word = *word & !(1 << lane) | u64::from(negative) << lane;
            }
        }
    }
}

/// Columns of signs, with pauses between them; the sum is the definition's agreement.
pub fn stimulate_disagreement(twin: &mut Twin<Disagreement>, lanes: usize, words: usize) -> Compared {
    let rng = &mut random(4);
    let mut expected = std::collections::VecDeque::new();
    let mut pending: Option<Vec<(u64, u64)>> = None;
    for _ in 0..400 {
        let length = rng.random_range(1..=3);
        let (mut pairs, mut rows) = (Vec::new(), 0);
        for part in 0..length {
            let (real, wait) = (rng.random_range(1..=words), rng.random_ratio(1, 3));
            let signs: Vec<(u64, u64)> =
                (0..words).map(|_| (rng.random_range(0..1 << lanes), rng.random_range(0..1 << lanes))).collect();
            for _ in 0..=usize::from(wait && part == 0) {
                let compare = !(wait && part == 0) || pending.is_none();
                let shown = pending.take();
                let block = twin.settle(|block| {
                    (block.compare.next, block.first.next, block.last.next) = (compare, part == 0, part + 1 == length);
                    if let Some(shown) = shown {
                        for (place, (weight, row)) in shown.iter().enumerate().take(words) {
                            (block.weights[place].next, block.rows[place].next) = ((*weight).into(), (*row).into());
                        }
                        block.present.next = shown[words].0.into();
                    }
                })?;
                if block.done.val() {
                    assert_eq!(Some(block.sum.val().to_u64()), expected.pop_front());
                }
                twin.edge();
                if compare {
                    let mut shown = signs.clone();
                    shown.push(((1 << real) - 1, 0));
                    pending = Some(shown);
                    break;
                }
            }
            let bits = |value: u64| (0..lanes).map(move |lane| value >> lane & 1 == 1);
            pairs.extend(signs[..real].iter().flat_map(|&(weight, row)| bits(weight).zip(bits(row))));
            rows += real * lanes;
        }
        // a = rows - 2 differences.
        expected.push_back((rows as i64 - i64::from(agreement(pairs))) as u64 / 2);
    }
    Ok(())
}

#[test]
fn disagreement_is_that_of_the_definition() {
    for (size, words) in [(TINY, 2), (ECP5_25F, 8)] {
        let mut twin = twin(|| Disagreement::new(size.lanes, words), &format!("disagreement_{words}"));
        stimulate_disagreement(&mut twin, size.lanes, words).unwrap();
    }
}

/// Columns of every kind: the verdicts are the definition's.
pub fn stimulate_judge(twin: &mut Twin<Judge>, rows: u64) -> Compared {
    let rng = &mut random(5);
    for turn in 0..120 {
        let denominator = [Denominator::Current, Denominator::Remembered, Denominator::Rows][turn % 3];
        let mut theta =
            || [0, 1, rng.random_range(0..300), rng.random_range(0..=ERROR_MAX), ERROR_MAX][rng.random_range(0..5)];
        let theta = [theta(), theta(), theta(), theta()];
        let settings = Settings { denominator, throttling: rng.random(), zero_is_minus: false, theta };
        let real = rng.random_range(1..=rows);
        let mut expected = std::collections::VecDeque::new();
        for cycle in 0..120 {
            let (done, alone, gate) =
                (cycle < 114 && rng.random(), rng.random_ratio(1, 8), rng.random_range(0..4usize));
            let sum = [rng.random_range(0..=real), real / 2][rng.random_range(0..2)];
            let near = sum.saturating_add_signed(rng.random_range(-3..=3)).min(real);
            let then = [near, near, rng.random_range(0..=real)][rng.random_range(0..3)];
            let drift = [0, rng.random_range(0..200), rng.random_range(0..=ERROR_MAX)][rng.random_range(0..3)];
            let block = twin.settle(|block| {
                (block.done.next, block.alone.next, block.gate.next) = (done, alone, (gate as u64).into());
                (block.sum.next, block.then.next, block.drift.next) =
                    (sum.into(), then.into(), u64::from(drift).into());
                (block.rows.next, block.throttling.next) = (real.into(), settings.throttling);
                block.denominator.next = (denominator as u64).into();
                theta.into_iter().zip(&mut block.theta).for_each(|(theta, port)| port.next = u64::from(theta).into());
            })?;
            if block.judged.val() {
                let (gate, verdict, sum, then): (usize, Verdict, u64, u64) = expected.pop_front().expect("a column");
                assert_eq!(block.of_gate.val().to_u64(), gate as u64);
                assert_eq!(
                    (block.hit.val(), block.forced.val()),
                    (matches!(verdict, Verdict::Hit(_)), verdict == Verdict::Forced)
                );
                let kept = (block.kept.val().to_u64(), block.kept_drift.val().to_u64());
                assert_eq!(kept, if let Verdict::Hit(drift) = verdict { (then, drift.into()) } else { (sum, 0) });
            }
            twin.edge();
            if done {
                let agreement = |differ: u64| real as i16 - 2 * differ as i16;
                let entry = Entry { valid: !alone, index: 0, agreement: agreement(then), drift };
                expected.push_back((gate, settings.judge(gate, &entry, agreement(sum)), sum, then));
            }
        }
        assert!(expected.is_empty(), "a verdict takes five cycles");
    }
    Ok(())
}

#[test]
fn judge_judges_as_defined() {
    for (rows, top) in [(16, "judge"), (192, "judge_of_192")] {
        stimulate_judge(&mut twin(|| Judge::new(rows), top), rows as u64).unwrap();
    }
}

/// The scan goes over the words of all columns in their order, whenever there is room.
#[test]
fn scan_compares_every_word_once() {
    for words in [2, 4, 8] {
        let rng = &mut random(6);
        let mut twin = twin(|| Scan::new(words), &format!("scan_{words}"));
        for _ in 0..60 {
            let [cells, inputs, hidden, classes] = [5, 4, 8, 6].map(|most| rng.random_range(1..=most));
            let is_gru = rng.random();
            for answer in [false, true] {
                let mut start = true;
                let columns = if answer { classes } else { 4 * cells };
                let words_of_cell = if is_gru { 3 } else { 4 } * (inputs + hidden);
                let mut base = if answer { cells * words_of_cell } else { 0 };
                let (mut column, mut word, mut taken) = (0, 0, 0);
                for _ in 0..columns * (inputs + hidden + 2) * 3 + 20 {
                    let room = rng.random_ratio(2, 3);
                    let (first, length) = match (answer, is_gru, column % 4) {
                        (true, ..) => (0, hidden),
                        (_, true, 2) => (0, inputs),
                        (_, true, 3) => (inputs, hidden),
                        _ => (0, inputs + hidden),
                    };
                    let block = twin.settle(|block| {
                        block.gru.next = is_gru;
                        (block.start.next, block.answer.next, block.room.next) = (start, answer, room);
                        (block.last_cell.next, block.last_class.next) = ((cells - 1).into(), (classes - 1).into());
                        (block.last_input.next, block.last_hidden.next) = ((inputs - 1).into(), (hidden - 1).into());
                    });
                    let block = block.unwrap();
                    start = false;
                    taken += u64::from(block.take.val());
                    if block.compare.val() {
                        assert!(column < columns && taken == 1 && (room || word > 0));
                        assert_eq!(block.address.val().to_u64(), base + word);
                        let (at, end) = (block.word.val().to_u64(), block.words.val().to_u64());
                        assert_eq!((at, end), (first + word, first + length));
                        assert_eq!(block.first.val(), word == 0);
                        assert_eq!(block.last.val(), word + words as u64 >= length);
                        word += words as u64;
                        if word >= length {
                            (column, word, base) = (column + 1, 0, base + length);
                        }
                    }
                    twin.edge();
                }
                assert_eq!((column, taken), (columns, 1));
            }
        }
    }
}

/// Columns go through the queue in order, with their verdicts and the signs of every word; never more than it has slots.
#[test]
fn queue_keeps_signs_and_verdicts_in_order() {
    for (size, slots) in [(TINY, 16), (TINY, 1), (ECP5_25F, 16)] {
        let rng = &mut random(7);
        let words = words_of(&size);
        let most = size.chunks(size.inputs) + size.chunks(size.hidden);
        let mut twin = twin(|| Queue::new(size.lanes, words, most, slots), &format!("queue_{}_{slots}", size.lanes));
        let length = rng.random_range(2..=most);
        // Of the columns in the queue: their signs, and the verdict where there is one.
        let mut columns = std::collections::VecDeque::<(Vec<u64>, Option<bool>)>::new();
        let (mut part, mut turn, mut taking, mut plane) = (0, 0, 0, None::<Vec<u64>>);
        let mut shown = [None; 2];
        let (mut full, mut hits) = (0, 0);
        for _ in 0..8_000 {
            let can = part > 0 || columns.len() < slots;
            let compare = can && rng.random_ratio(3, 4);
            let last = (part + 1) * words >= length;
            // The last column is judged when its signs were all there a while ago.
            let whole = columns.len() - usize::from(part > 0);
            let judges = columns.iter().position(|(_, verdict)| verdict.is_none()).filter(|&place| place < whole);
            let (judged, hit) = (judges.is_some() && plane.is_none() && rng.random(), rng.random_ratio(1, 3));
            let now = plane.take();
            let block = twin.settle(|block| {
                (block.compare.next, block.last.next, block.turn.next) = (compare, last, (turn as u64).into());
                (block.judged.next, block.hit.next, block.valid.next) = (judged, hit, false);
                for (place, signs) in now.iter().flatten().enumerate() {
                    block.plane[place].next = (*signs).into();
                }
            });
            let block = block.unwrap();
            full += u64::from(!block.room.val());
            assert_eq!(block.room.val(), columns.len() - usize::from(part > 0) < slots);
            let verdict = columns.front().and_then(|(_, verdict)| *verdict);
            assert_eq!(block.ready.val(), verdict.is_some());
            if let Some(signs) = shown[1] {
                assert_eq!(block.signs.val().to_u64(), signs);
            }
            let takes = verdict.filter(|_| rng.random_ratio(3, 4));
            shown = [None, shown[0]];
            if let Some(remembered) = takes {
                assert_eq!(block.remembered.val(), remembered);
                let closing = remembered || taking + 1 == length;
                twin.settle(|block| (block.valid.next, block.closing.next) = (true, closing)).unwrap();
                shown[0] = (!remembered).then(|| columns[0].0[taking]);
                taking = if closing { 0 } else { taking + 1 };
                hits += u64::from(remembered);
            }
            twin.edge();
            if let Some(place) = judges.filter(|_| judged) {
                columns[place].1 = Some(hit);
            }
            if compare {
                if part == 0 {
                    columns.push_back((Vec::new(), None));
                }
                let signs: Vec<u64> = (0..words).map(|_| rng.random_range(0..1 << size.lanes)).collect();
                let column = columns.back_mut().unwrap();
                for word in part * words..length.min((part + 1) * words) {
                    column.0.push(signs[(turn + word) % words]);
                }
                plane = Some(signs);
                part = if last { 0 } else { part + 1 };
                if last {
                    turn = (turn + length) % words;
                }
            }
            if takes.is_some() && taking == 0 {
                columns.pop_front();
            }
        }
        assert!(full > 100 && hits > 100, "{full} {hits}");
    }
}

#[test]
fn tally_counts_what_it_is_told() {
    let rng = &mut random(8);
    let mut twin = twin(Tally::default, "tally");
    let mut numbers = [0u64; 8];
    let mut late = [false; 8];
    for cycle in 0..5_000 {
        let clear = cycle % 1_000 == 0;
        let flags: [bool; 6] = std::array::from_fn(|_| rng.random());
        let [judged, hit, forced, compare, walking, waiting] = flags;
        let (gate, which) = (rng.random_range(0..4usize), below::<3>(rng, 8));
        let block = twin.cycle(|block| {
            (block.clear.next, block.judged.next, block.hit.next, block.forced.next) = (clear, judged, hit, forced);
            (block.compare.next, block.walking.next, block.waiting.next) = (compare, walking, waiting);
            (block.gate.next, block.which.next) = ((gate as u64).into(), which);
        });
        assert_eq!(block.unwrap().number.val().to_u64(), numbers[which.to_u64() as usize]);
        for (number, event) in numbers.iter_mut().zip(late) {
            *number = if clear { 0 } else { *number + u64::from(event) };
        }
        late = [judged && hit; 8];
        (0..4).for_each(|of| late[of] &= of == gate);
        (late[4], late[5], late[6], late[7]) = (judged && forced, compare, waiting, walking);
    }
}

/// Settings at and beyond the ends of their ranges; numbers of the tally; the other commands leave all as it is.
#[test]
fn memo_command_decoder_takes_the_settings_that_a_device_may_have() {
    let rng = &mut random(9);
    let mut twin = twin(MemoCommandDecoder::new, "memo_command_decoder");
    let mut taken = 0;
    for _ in 0..2_000 {
        let mut bytes = [rng.random_range(0..18u8), 0, 0, 0, 0, 0, 0, 0, 0];
        bytes[1..].fill_with(|| [0, 15, 255, rng.random_range(0..16)][rng.random_range(0..4)]);
        let fair = [2, 4, 6, 8].into_iter().filter(|_| rng.random_ratio(9, 10));
        fair.for_each(|place: usize| bytes[place] &= 15);
        let expected = Settings::from_bytes(&bytes);
        let before = twin.block().settings.val();
        let mut wrong = false;
        for (committing, ordinal) in
            [false, true].into_iter().flat_map(|commit| (0..9).map(move |place| (commit, place)))
        {
            if committing && wrong {
                break;
            }
            let request = Request {
                command: (Command::Memoize as u64).into(),
                octet: u64::from(bytes[ordinal]).into(),
                ordinal: (ordinal as u64).into(),
                checking: !committing,
                committing,
                ..Request::default()
            };
            let block = twin.settle(|block| (block.request.next, block.number.next) = (request, draw(rng))).unwrap();
            assert!(block.known.val() && block.commits.val() && block.expected.val().to_u64() == 9);
            wrong |= !committing && block.wrong.val();
            twin.edge();
        }
        assert_eq!(wrong, expected.is_none(), "{bytes:?}");
        let kept = twin.settle(|block| block.request.next = Request::default()).unwrap().settings.val();
        match expected {
            None => assert_eq!(kept, before),
            Some(Settings { denominator, throttling, zero_is_minus, theta }) => {
                taken += 1;
                assert_eq!(kept.denominator, Bits::from(denominator as u64));
                assert_eq!((kept.throttling, kept.zero_is_minus), (throttling, zero_is_minus));
                let found = [kept.theta_input, kept.theta_forget, kept.theta_candidate, kept.theta_output];
                assert_eq!(found.map(|theta| theta.to_u64() as u16), theta);
            }
        }
        // Any number of the tally, and its reply.
        let (which, number, cursor) = (rng.random_range(0..10u64), draw::<32>(rng), rng.random_range(0..4usize));
        let request = Request {
            command: (Command::Tally as u64).into(),
            octet: which.into(),
            checking: true,
            cursor: (cursor as u64).into(),
            ..Request::default()
        };
        let block = twin.cycle(|block| (block.request.next, block.number.next) = (request, number)).unwrap();
        assert_eq!((block.wrong.val(), block.reply_bytes.val().to_u64()), (which > 7, 4));
        assert_eq!(block.reply.val().to_u64(), number.to_u64() >> (8 * cursor) & 255);
        assert_eq!(block.which.val().to_u64(), which & 7);
        let begin = Request { command: (Command::Begin as u64).into(), committing: rng.random(), ..Request::default() };
        let block = twin.cycle(|block| block.request.next = begin).unwrap();
        assert!(!block.known.val());
        assert!(!begin.committing || block.settings.val() == Default::default());
    }
    assert!(taken > 400, "{taken}");
}

/// Columns that are passed by take a cycle and no word; a walk waits where it must.
#[test]
fn walk_passes_by_what_is_remembered() {
    let rng = &mut random(10);
    let mut twin = twin(Walk::default, "walk_with_verdicts");
    for _ in 0..60 {
        let [cells, inputs, hidden] = [5, 4, 3].map(|most| rng.random_range(1..=most));
        let (is_gru, mut base): (bool, u64) = (rng.random(), 0);
        twin.cycle(|block| {
            block.gru.next = is_gru;
            (block.start.next, block.answer.next, block.ready.next) = (true, false, false);
            block.last_cell.next = (cells - 1u64).into();
            block.last_input.next = (inputs - 1u64).into();
            block.last_hidden.next = (hidden - 1u64).into();
            block.last_within.next = 31u64.into();
        })
        .unwrap();
        for column in 0..4 * cells {
            let length = match (is_gru, column % 4) {
                (true, 2) => inputs,
                (true, 3) => hidden,
                _ => inputs + hidden,
            };
            let remembered = rng.random();
            for word in 0..if remembered { 1 } else { length } {
                while rng.random_ratio(1, 3) {
                    let block = twin.settle(|block| (block.start.next, block.ready.next) = (false, false)).unwrap();
                    assert!(!block.operation.val().valid && block.busy.val());
                    twin.edge();
                }
                let block = twin.settle(|block| {
                    (block.start.next, block.ready.next, block.remembered.next) = (false, true, remembered);
                });
                let block = block.unwrap();
                let operation = block.operation.val();
                assert_eq!(block.address.val().to_u64(), base + word);
                assert!(operation.valid && operation.gate.to_u64() == column % 4);
                let closing = remembered || word + 1 == length;
                assert_eq!((operation.closing, operation.last), (closing, closing && !remembered));
                assert_eq!(operation.blank, remembered);
                twin.edge();
            }
            base += length;
        }
        assert!(!twin.settle(|_| {}).unwrap().busy.val());
    }
}
