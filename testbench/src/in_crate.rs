//! The in-crate simulation of a core: rust-hdl's kernels, driven directly.

use std::io;
use std::path::Path;

use engram_hdl::prelude::Cycle;
use engram_hdl::simulation::Bench;

use crate::simulated::{Core, Passed};

/// A core's byte stream, as a simulation drives it.
pub trait ByteStream {
    /// Offers a byte, or none, and says whether a byte of the core would be taken.
    fn offer(&mut self, byte: Option<u8>, takes: bool);

    /// Whether a byte that is offered is taken at the clock's edge.
    fn is_ready(&self) -> bool;

    /// The byte that the core offers.
    fn sent(&self) -> Option<u8>;
}

/// A core in the in-crate simulation.
pub struct InCrate<B> {
    bench: Bench<B>,
}

impl<B: Cycle> InCrate<B> {
    /// A core that has just been switched on.
    pub fn new(core: B) -> InCrate<B> {
        InCrate { bench: Bench::scrambled(core) }
    }

    /// The core, to look at its ports.
    pub fn block(&self) -> &B {
        &self.bench.block
    }

    /// Writes the waveform of every signal from now on to a VCD file. Slow.
    pub fn record(&mut self, path: &Path) -> io::Result<()> {
        self.bench.record(path)
    }
}

impl<B: Cycle + ByteStream> Core for InCrate<B> {
    fn name(&self) -> String {
        "the in-crate simulation".to_string()
    }

    fn settle(&mut self, byte: Option<u8>) -> io::Result<Passed> {
        self.bench.block.offer(byte, true);
        self.bench.settle();
        let core = &self.bench.block;
        Ok(Passed { taken: byte.is_some() && core.is_ready(), byte: core.sent() })
    }

    fn edge(&mut self) -> io::Result<()> {
        self.bench.tick()
    }

    fn cycles(&self) -> u64 {
        self.bench.cycles()
    }
}
