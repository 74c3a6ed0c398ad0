//! A sentence and a question allocate nothing: what the integer model needs is there when it is made.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use engram_memnet::IntegerModel;
use engram_spec::Device;
use engram_spec::memnet::geometry::UP5K;
use engram_spec::memnet::{Addressing, Program, Requests, Settings};

thread_local! {
    /// Allocations of this thread: the test harness has one of its own.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, counted.
struct Counting;

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_question_allocates_nothing() {
    let settings = Settings {
        hops: 3,
        words: 9,
        answers: 9,
        memory_a: 6,
        memory_c: 6,
        question: 6,
        slots: 20,
        ..Settings::default()
    };
    let mut device = IntegerModel::new(UP5K, Addressing::Hamming);
    device.load(&Program::zeroed(UP5K, Addressing::Hamming, settings)).unwrap();
    let mut ask = || {
        let before = ALLOCATIONS.get();
        device.clear().unwrap();
        for sentence in 0..2 * UP5K.slots {
            device.sentence(&[(sentence % 9) as u8; 5]).unwrap();
        }
        device.question(&[1, 2, 3]).unwrap();
        let allocations = ALLOCATIONS.get() - before;
        device.record(true);
        allocations
    };
    assert_eq!(ask(), 0);
    // What is recorded has to lie somewhere: the count does count.
    assert!(ask() > 0);
}
