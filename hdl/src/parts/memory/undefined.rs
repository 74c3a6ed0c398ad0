//! The value that a block RAM gives where none is defined: for a word that is written in the cycle in which it is read.
//!
//! Verilog simulators show the word as it was before, and so does a block that is simulated alone. A core that is simulated
//! as a whole shows the opposite of every bit: an answer that depended on such a read would differ from the integer model's.

use std::cell::Cell;

thread_local! {
    static SCRAMBLED: Cell<bool> = const { Cell::new(false) };
    static READS: Cell<u64> = const { Cell::new(0) };
}

/// Runs `work` with undefined reads scrambled, on this thread.
pub fn scrambled<T>(work: impl FnOnce() -> T) -> T {
    /// Puts things back, also where the work panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            SCRAMBLED.set(self.0);
        }
    }
    let _before = Before(SCRAMBLED.replace(true));
    work()
}

/// Undefined reads that were scrambled on this thread so far.
pub fn scrambled_reads() -> u64 {
    READS.get()
}

/// The value that is read where a word of so many bits was `before`, in a cycle in which it is `written` or not.
pub(crate) fn read(before: u64, bits: usize, written: bool) -> u64 {
    if !written || !SCRAMBLED.get() {
        return before;
    }
    READS.set(READS.get() + 1);
    !before & (u64::MAX >> (64 - bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_written_is_scrambled_and_only_within() {
        let before = scrambled_reads();
        assert_eq!(read(5, 8, true), 5);
        assert_eq!(scrambled(|| (read(5, 8, true), read(5, 8, false))), (0xfa, 5));
        assert_eq!(read(5, 8, true), 5);
        assert_eq!(scrambled_reads() - before, 1);
    }
}
