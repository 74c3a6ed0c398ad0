//! Registers and memories: what is written is read, when it is said to be.

use engram_hdl::link::RING_BITS;
use engram_hdl::memnet::memory::{ExponentialMemory, SlotMemory, StateMemory, WeightMemory};
use engram_hdl::parts::memory::{Buffer, Table};
use engram_hdl::parts::register::Register;
use engram_hdl::prelude::Bits;
use engram_spec::memnet::geometry::{ECP5_25F, TINY, UP5K};
use engram_spec::memnet::table::{RECIPROCAL_INDEX_BITS, SCORE_BITS, exponential, reciprocal};
use rand::Rng;

use super::stimulus::{below, draw, random, twin};

#[test]
fn register_holds_for_a_cycle() {
    let rng = &mut random(1);
    let mut twin = twin(Register::<Bits<22>>::default, "register");
    assert_eq!(twin.settle(|_| {}).unwrap().q.val().to_u64(), 0);
    for _ in 0..1_000 {
        let value = draw(rng);
        assert_eq!(twin.cycle(|block| block.d.next = value).unwrap().q.val(), value);
    }
}

#[test]
fn weight_memory_of_each_fold() {
    for (size, top) in [(TINY, "tiny"), (ECP5_25F, "ecp5"), (UP5K, "up5k")] {
        let rng = &mut random(3);
        let folds = size.folds();
        let mut twin = twin(|| WeightMemory::new(size.weight_depth, folds), &format!("weight_memory_{top}"));
        let mut cells = std::collections::HashMap::new();
        let mut shown = (0, 0);
        for _ in 0..10_000 {
            // Few rows, so that what was written is also read; the last one among them.
            let row = [0, 1, 2, size.weight_depth / folds - 1][rng.random_range(0..4)].min(1023);
            let (fold, write) = (rng.random_range(0..folds), rng.random());
            let (even, odd) = (draw::<8>(rng), draw::<8>(rng));
            let block = twin.cycle(|block| {
                (block.row.next, block.fold.next) = ((row as u64).into(), (fold as u64).into());
                (block.write.next, block.write_even.next, block.write_odd.next) = (write, even, odd);
            });
            if write {
                cells.insert((row, fold), (even.to_u64(), odd.to_u64()));
            } else {
                shown = cells.get(&(row, fold)).copied().unwrap_or_default();
            }
            let block = block.unwrap();
            assert_eq!((block.even.val().to_u64(), block.odd.val().to_u64()), shown);
        }
    }
}

#[test]
fn slot_memory_of_each_fold() {
    for (slots, folds) in [(8, 2), (256, 1), (32, 4)] {
        let rng = &mut random(4);
        let mut twin = twin(|| SlotMemory::new(slots, folds), &format!("slot_memory_{slots}_{folds}"));
        let mut cells = vec![(0, 0); 2 * slots * folds];
        for _ in 0..10_000 {
            let (aged, write) = (rng.random::<bool>(), rng.random::<bool>());
            let (slot, fold, age) =
                (rng.random_range(0..slots), rng.random_range(0..folds), rng.random_range(0..slots));
            let (even, odd) = (draw::<8>(rng), draw::<8>(rng));
            let block = twin.cycle(|block| {
                (block.aged.next, block.slot.next) = (aged, (slot as u64).into());
                (block.fold.next, block.age.next) = ((fold as u64).into(), (age as u64).into());
                (block.write.next, block.write_even.next, block.write_odd.next) = (write, even, odd);
            });
            let block = block.unwrap();
            let place = (slot + if aged { slots } else { 0 }) * folds + fold;
            let shown = (block.slot_even.val().to_u64(), block.slot_odd.val().to_u64());
            let age_shown = (block.age_even.val().to_u64(), block.age_odd.val().to_u64());
            assert_eq!((shown, age_shown), (cells[place], cells[(slots + age) * folds + fold]));
            if write {
                cells[place] = (even.to_u64(), odd.to_u64());
            }
        }
    }
}

#[test]
fn byte_buffer_reads_what_was_there() {
    let rng = &mut random(5);
    let mut twin = twin(Buffer::<RING_BITS, 8>::new, "byte_buffer");
    let mut cells = [0; 512];
    for _ in 0..10_000 {
        let (write, place, byte, address) = (rng.random(), draw::<9>(rng), draw::<8>(rng), draw::<9>(rng));
        let block = twin.cycle(|block| {
            (block.write.next, block.write_address.next, block.write_data.next) = (write, place, byte);
            block.address.next = address;
        });
        assert_eq!(block.unwrap().data.val().to_u64(), cells[address.to_u64() as usize]);
        if write {
            cells[place.to_u64() as usize] = byte.to_u64();
        }
    }
}

#[test]
fn exponential_memory_recalls() {
    let rng = &mut random(6);
    let mut twin = twin(ExponentialMemory::new, "exponential_memory");
    let mut cells = [0; 64];
    for _ in 0..5_000 {
        let (age, write, exponential) = (below::<6>(rng, 64), rng.random(), draw::<15>(rng));
        let block = twin.cycle(|block| {
            (block.age.next, block.write.next, block.exponential.next) = (age, write, exponential);
        });
        let cell = &mut cells[age.to_u64() as usize];
        assert_eq!(block.unwrap().recalled.val().to_u64(), *cell);
        if write {
            *cell = exponential.to_u64();
        }
    }
}

fn table_holds_every_entry<const A: usize>(entries: Vec<u32>, top: &str) {
    let mut twin = twin(|| Table::<A>::new(entries.clone()), top);
    for (address, &entry) in entries.iter().enumerate() {
        let block = twin.cycle(|block| block.address.next = (address as u64).into()).unwrap();
        assert_eq!(block.data.val().to_u64(), u64::from(entry));
    }
    twin.settle(|_| {}).unwrap();
}

#[test]
fn tables_hold_every_entry() {
    table_holds_every_entry::<{ SCORE_BITS as usize }>(exponential(), "exponential_table");
    table_holds_every_entry::<{ RECIPROCAL_INDEX_BITS as usize }>(reciprocal(), "reciprocal_table");
}

#[test]
fn state_memory_of_each_fold() {
    for folds in [1, 2, 4] {
        let rng = &mut random(7);
        let mut twin = twin(|| StateMemory::new(folds), &format!("state_memory_{folds}"));
        let mut banks = [[(0, 0); 4]; 2];
        for _ in 0..5_000 {
            let (bank, fold, write) = (rng.random::<bool>(), rng.random_range(0..folds), rng.random::<bool>());
            let (even, odd) = (draw::<8>(rng), draw::<8>(rng));
            let block = twin.cycle(|block| {
                (block.bank.next, block.fold.next) = (bank, (fold as u64).into());
                (block.write.next, block.write_even.next, block.write_odd.next) = (write, even, odd);
            });
            let block = block.unwrap();
            assert_eq!((block.even.val().to_u64(), block.odd.val().to_u64()), banks[usize::from(bank)][fold]);
            if write {
                banks[usize::from(!bank)][fold] = (even.to_u64(), odd.to_u64());
            }
        }
    }
}
