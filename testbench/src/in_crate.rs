//! The in-crate simulation of a core: rust-hdl's kernels, driven directly.

use std::io;
use std::path::PathBuf;

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
    waves: Waves,
}

impl<B: Cycle> InCrate<B> {
    /// A core that has just been switched on.
    pub fn new(core: B) -> InCrate<B> {
        InCrate { bench: Bench::scrambled(core), waves: Waves::default() }
    }

    /// The core, to look at its ports.
    pub fn block(&self) -> &B {
        &self.bench.block
    }

    /// The file for the waveform of every signal from [`Core::begin_waves`] on. Slow.
    pub fn waves(&mut self, path: PathBuf) {
        self.waves.path = Some(path);
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
        if let Some(path) = self.waves.due() {
            self.bench.record(&path)?;
        }
        self.bench.tick()
    }

    fn cycles(&self) -> u64 {
        self.bench.cycles()
    }

    fn begin_waves(&mut self) {
        self.waves.begun = true;
    }
}

/// A VCD file that is begun on request: of the many cycles that load a model, waveforms show nothing that one looks for.
#[derive(Debug, Default)]
pub(crate) struct Waves {
    pub(crate) path: Option<PathBuf>,
    pub(crate) begun: bool,
}

impl Waves {
    /// The file, once, when it is to be begun.
    pub(crate) fn due(&mut self) -> Option<PathBuf> {
        if self.begun { self.path.take() } else { None }
    }
}
